"""The tag p of a DKIM record: whether it holds the key wanted, and what is odd about it.

Keys are compared as octets: one key in two forms is one key.
"""

from dataclasses import dataclass

from dnscheck.findings import Finding, Severity
from dnscheck.rules.dkim_tags import TagList, has_line_break, is_folded, read, without_blanks
from smtp.providers.keys import FEWEST_BITS, Decoded, Form, decode

REVOKED = Finding(
    "dkim.revoked",
    Severity.ERROR,
    "The DKIM key at {name} is revoked",
    "Its tag p is empty, which says that the key must not be used any more.",
    "Change the TXT record at {name} to the value shown.",
)
TRUNCATED = Finding(
    "dkim.truncated",
    Severity.ERROR,
    "The DKIM key at {name} is cut short",
    "Only {length} of the key's {whole} characters are there. {lost}",
    "Change the TXT record at {name} to the whole value shown. If the form takes only 255 "
    "characters, type it as two quoted parts of that one record.",
)
END_LOST = (
    "Often a form kept just the first 255, or the page it was copied from showed only a part."
)
BEGINNING_LOST = (
    "Its beginning is missing: a long key comes in two parts, and only the second was saved."
)
MIDDLE_ONLY = "Its beginning and its end are missing."
CASE = Finding(
    "dkim.case",
    Severity.ERROR,
    "Capital and small letters of the DKIM key at {name} were changed",
    "The key has the right letters, but not in the right case, and that makes it another key.",
    "Change the TXT record at {name} to the value shown, copied and not typed.",
)
UNREADABLE = Finding(
    "dkim.unreadable",
    Severity.ERROR,
    "What stands behind p= at {name} is no key",
    "Receivers cannot decode it. {cause}",
    "Change the TXT record at {name} to the value shown.",
)
KEY_DIFFERS = Finding(
    "dkim.key-differs",
    Severity.ERROR,
    "Another DKIM key is published at {name}",
    "Signatures are checked with the published key, which ends in {published}; the provider signs "
    "with the one that ends in {given}. It may be an old key, or that of another account, "
    "selector or provider.",
    "Change the TXT record at {name} to the value shown. If the published key is the newer "
    "one, correct the key given here instead.",
)
WEAK = Finding(
    "dkim.weak-key",
    Severity.ERROR,
    "The DKIM key at {name} is too short to be trusted",
    "Receivers must ignore RSA keys with fewer than 1024 bits (RFC 8301 section 3.2).",
    "Have the provider make a key of 2048 bits, give that one here, and publish it.",
)
WRAPPED = Finding(
    "dkim.ed25519-wrapped",
    Severity.ERROR,
    "The Ed25519 key at {name} is wrapped as in a file",
    "In DNS stands the bare key of 44 characters (RFC 8463 section 4.2). Receivers cannot use it "
    "with the wrapping around it.",
    "Change the TXT record at {name} to the value shown.",
)
PKCS1 = Finding(
    "dkim.pkcs1",
    Severity.WARNING,
    "The DKIM key at {name} is in an unusual form",
    "It is the right key, but without the header that public keys in DNS have (PKCS #1 in place "
    "of SubjectPublicKeyInfo). Some receivers cannot read it.",
    "At {place}, change the TXT record to the value shown. It is the same key.",
)
PADDING = Finding(
    "dkim.padding",
    Severity.WARNING,
    "The signs = at the end of the DKIM key at {name} are not those of the key",
    "Most receivers do not look at them, but some cannot decode a key with too few or too many.",
    "At {place}, change the TXT record to the value shown, to its last character.",
)
WHITE_SPACE = Finding(
    "dkim.white-space",
    Severity.INFO,
    "There are blanks inside the DKIM key at {name}",
    "Receivers ignore them, as they must (RFC 6376 section 3.6.1). A provider's own check may not.",
    "Nothing needs to be done. If the provider does not accept the record, save the key at {place} "
    "without blanks.",
)
LINE_BREAKS = Finding(
    "dkim.line-breaks",
    Severity.WARNING,
    "There are line breaks inside the DKIM record at {name}",
    "They were copied along from a window or a file. Some receivers cannot read such a record.",
    "At {place}, save the value shown, as one line.",
)
FOLDED = Finding(
    "dkim.folded",
    Severity.INFO,
    "The DKIM record at {name} is folded over several lines",
    "Receivers take a line break with a blank behind it for a blank (RFC 6376 section 3.2). A "
    "provider's own check may not.",
    "Nothing needs to be done. If the provider does not accept the record, save it at {place} as "
    "one line.",
)
ED25519 = Finding(
    "dkim.ed25519",
    Severity.INFO,
    "The DKIM key at {name} is an Ed25519 key",
    "Not every receiver can check such signatures yet, so mail should be signed with an RSA key "
    "as well.",
    "See in the provider's console that there is an RSA selector too. Here nothing is wrong.",
)

SHORTEST_PART = 16  # characters of base64 that are taken for a part of the key
_END = 16  # characters by which two keys can be told apart: the last eight are often the same


@dataclass(frozen=True)
class WantedKey:
    """The key a provider gave: its base64 without blanks, and decoded if that is possible."""

    text: str
    decoded: Decoded | None

    def is_in(self, tags: TagList) -> bool:
        """Whether tag p holds the key, in whatever form."""
        return "p" in tags.names and self.is_same(without_blanks(tags.get("p")))

    def is_same(self, published: str) -> bool:
        """Whether a base64 text without blanks is this key, whatever its padding."""
        if published.rstrip("=") == self.text.rstrip("="):
            return True
        decoded = decoded_or_none(published)
        return bool(self.decoded and decoded and self.decoded.published == decoded.published)

    def is_part(self, text: str) -> bool:
        """Whether a text holds the key, or is a piece of it, long enough not to be chance."""
        part = without_blanks(text)
        has_key = bool(self.text) and self.text in part
        return len(part) >= SHORTEST_PART and (has_key or part in self.text)


def wanted_key(value: str) -> WantedKey:
    """Return the key in the value of a DKIM record, or in a bare key."""
    text = without_blanks(read(value).get("p", value))
    return WantedKey(text, decoded_or_none(text))


def decoded_or_none(text: str) -> Decoded | None:
    """Return the key in base64, whatever its padding, or None if it is none."""
    try:
        return decode(_padded(text))
    except ValueError:
        return None


def _padded(text: str) -> str:
    """Return base64 with as many signs = at its end as it needs (RFC 4648 section 4)."""
    bare = text.rstrip("=")
    return bare + "=" * (-len(bare) % 4)


def written(value: str, wanted: WantedKey) -> str:
    """Return the record value with its key as it belongs in DNS."""
    published = wanted.decoded.published if wanted.decoded else wanted.text
    given = read(value).get("p", value)
    return value.replace(given, published) if given else value


def mismatch(published: str, wanted: WantedKey) -> tuple[Finding, dict[str, str]]:
    """Return what is wrong with a key that is not the one wanted, and the words for it."""
    if not published:
        return REVOKED, {}
    piece = published.rstrip(".*")  # an abbreviated display ends in dots
    if piece != wanted.text and (lost := _lost(piece, wanted.text)):
        words = {"length": str(len(piece)), "whole": str(len(wanted.text)), "lost": lost}
        return TRUNCATED, words
    if published.lower() == wanted.text.lower():
        return CASE, {}
    try:
        decode(_padded(published))
    except ValueError as cause:
        return UNREADABLE, {"cause": str(cause)}
    return KEY_DIFFERS, {"published": published[-_END:], "given": wanted.text[-_END:]}


def _lost(piece: str, whole: str) -> str:
    """Return what a piece of a key lacks; nothing for what is no piece but by chance."""
    if whole.startswith(piece):
        return END_LOST
    if len(piece) < SHORTEST_PART or piece not in whole:
        return ""
    return BEGINNING_LOST if whole.endswith(piece) else MIDDLE_ONLY


def remarks(text: str, tags: TagList) -> list[Finding]:
    """Return what is to be said of the right key in a published text."""
    raw = tags.get("p")
    published = without_blanks(raw)
    decoded = decoded_or_none(published)
    if decoded is None:
        return []
    is_rsa, broken = decoded.key.kind == "rsa", has_line_break(text)
    said = (
        (WRAPPED, not is_rsa and decoded.form is Form.SPKI),
        (WEAK, is_rsa and decoded.key.bits < FEWEST_BITS),
        (PKCS1, decoded.form is Form.PKCS1),
        (PADDING, published != _padded(published)),
        (LINE_BREAKS, broken and not is_folded(text)),
        (FOLDED, broken and is_folded(text)),
        (WHITE_SPACE, published != raw and not broken),
        (ED25519, not is_rsa),
    )
    return [finding for finding, applies in said if applies]
