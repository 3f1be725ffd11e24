"""The tags of a DKIM record beside its key: what they allow and forbid (RFC 6376 section 3.6.1)."""

from dnscheck.findings import Finding, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.dkim_key import WantedKey
from dnscheck.rules.dkim_pasted import TAG_NAMES
from dnscheck.rules.dkim_tags import TagList, read, shown
from smtp import providers

VERSION_WANTED = Finding(
    "dkim.version-wanted",
    Severity.ERROR,
    "The DKIM record at {name} does not begin with v=DKIM1",
    "Receivers can do without, but {provider} does not accept the record then.",
    "Change the TXT record at {name} to the value shown, which begins with v=DKIM1.",
)
KEY_TYPE = Finding(
    "dkim.key-type",
    Severity.ERROR,
    "The DKIM record at {name} names the wrong kind of key",
    "Its tag k means {published_kind}, and the key is of the kind {kind}, so receivers ignore it. "
    "Where k is left out, it means rsa.",
    "Change the TXT record at {name} to the value shown.",
)
HASH = Finding(
    "dkim.hash",
    Severity.ERROR,
    "The DKIM record at {name} does not allow SHA-256",
    "Its tag h allows only {hashes}, and signatures are made with sha256 (RFC 8301 section 3.1), "
    "so none of them can be valid.",
    "At {name}, save the value shown, in which the tag h allows sha256 or is left out.",
)
SERVICE = Finding(
    "dkim.service",
    Severity.ERROR,
    "The DKIM key at {name} is not meant for mail",
    "Its tag s allows only {services}, so receivers of mail ignore the key.",
    "At {name}, save the value shown, in which the tag s allows email or is left out.",
)
TEST_MODE = Finding(
    "dkim.test-mode",
    Severity.WARNING,
    "The DKIM key at {name} is in test mode",
    "With t=y receivers may treat signed mail as if it were not signed.",
    "At {place}, save the value shown, without y in the tag t.",
)
GRANULARITY = Finding(
    "dkim.granularity",
    Severity.WARNING,
    "The DKIM record at {name} has the obsolete tag g",
    "It once restricted a key to some senders. Today it means nothing, but old receivers still go "
    "by it and refuse other signatures.",
    "At {place}, save the value shown, without the tag g.",
)
EMPTY_TAG = Finding(
    "dkim.empty-tag",
    Severity.WARNING,
    "There are two semicolons in a row in the DKIM record at {name}",
    "Between two semicolons stands a tag. Some receivers discard a record with nothing there.",
    "At {place}, save the value shown.",
)
STRICT = Finding(
    "dkim.strict",
    Severity.INFO,
    "The DKIM key at {name} is not for subdomains",
    "With t=s a signature counts only if its tags d and i both name {domain}. One that names a "
    "sender at a subdomain of it in tag i fails.",
    "Nothing needs to be done, unless such mail is sent; then take s out of the tag t.",
)


def objections(
    expected: RequiredRecord, tags: TagList, wanted: WantedKey
) -> tuple[list[Finding], dict[str, str]]:
    """Return what is wrong or worth a word about the tags beside the key, and the words for it."""
    asked_for, flags = read(expected.value), tags.listed("t")
    kind = wanted.decoded.key.kind if wanted.decoded else asked_for.get("k", "rsa").lower()
    asking = [providers.get(slug) for slug in expected.providers]
    strict = [provider.name for provider in asking if provider.dkim_version]
    has_version = "v" in tags.names
    said = (
        (TAG_NAMES, has_version and tags.pairs[0] != ("v", "DKIM1")),
        (VERSION_WANTED, strict and not has_version),
        (KEY_TYPE, tags.get("k", "rsa").lower() != kind),
        (HASH, "sha256" not in tags.listed("h", "sha256")),
        (SERVICE, not {"email", "*"}.intersection(tags.listed("s", "*"))),
        (TEST_MODE, "y" in flags),
        (GRANULARITY, tags.get("g", "*") != "*"),
        (EMPTY_TAG, tags.gaps),
        (STRICT, "s" in flags and "s" not in asked_for.listed("t")),
    )
    words = {
        "provider": strict[0] if strict else "",
        "published_kind": shown(tags.get("k", "rsa")) or "nothing",
        "kind": kind,
        "hashes": shown(tags.get("h")) or "nothing",
        "services": shown(tags.get("s")) or "nothing",
        "domain": expected.name.partition("._domainkey.")[2] or expected.name,
    }
    return [finding for finding, applies in said if applies], words
