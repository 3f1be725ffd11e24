"""DMARC tag by tag: what receivers cannot read in a record, and what the tags bring about.

RFC 9989 sections 4.7 and 4.8; where receivers that follow RFC 7489 differ, the finding says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dnscheck.dmarc import (
    HOLDS,
    INHERITED,
    OBSOLETE,
    POLICIES,
    REPORTS,
    addresses_in,
    as_uri,
    closed,
    has_other_parts,
    is_valid,
    joined,
    lacking_equals,
    parted,
    repeated,
    tags,
    with_equals,
)
from dnscheck.findings import Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.rules import dmarc_addresses

SEMICOLON = Finding(
    "dmarc.semicolon",
    Severity.ERROR,
    "A semicolon is missing in the DMARC record at {name}",
    "Tags are separated by semicolons. Without one, two tags are read as one.",
    "Change the TXT record at {name} to the value shown.",
)
EQUALS_SIGN = Finding(
    "dmarc.equals-sign",
    Severity.ERROR,
    "An equals sign is missing in the DMARC record at {name}",
    "A tag is a name, an equals sign and a value, such as p=none. With a colon or a blank in place "
    "of the sign, receivers skip {tags}.",
    "Change the TXT record at {name} to the value shown.",
)
OTHER_PARTS = Finding(
    "dmarc.no-tag",
    Severity.WARNING,
    "The DMARC record at {name} holds something that is no tag",
    "Between two semicolons stands a name, an equals sign and a value, such as p=none. Some "
    "receivers skip anything else, and some ignore the whole record.",
    "Change the TXT record at {name} to the value shown, which leaves that out.",
)
DUPLICATE = Finding(
    "dmarc.duplicate-tag",
    Severity.WARNING,
    "The DMARC record at {name} says something twice",
    "A tag may stand there once, and this record repeats {tags}. Some receivers take the first, "
    "some the last, and some ignore the whole record.",
    "Change the TXT record at {name} to the value shown, and see that it says what you mean.",
)
NO_POLICY = Finding(
    "dmarc.no-policy",
    Severity.ERROR,
    "The DMARC record at {name} names no policy",
    "There is no address for reports either, so receivers act as if there were no record (RFC 9989 "
    "section 4.10.1).",
    "Change the TXT record at {name} to the value shown, or choose quarantine or reject.",
)
READ_AS_NONE = (
    "RFC 9989 reads this as p=none, because there is an address for reports; older receivers may "
    "ignore the record."
)
BAD_POLICY = Finding(
    "dmarc.bad-policy",
    Severity.ERROR,
    "The policy of the DMARC record at {name} is not one of the three",
    "There must be none, quarantine or reject behind {tags}. With anything else receivers act as "
    "if the policy were none, or ignore the record.",
    "Change the TXT record at {name} to the value shown. If that is not the policy you mean, put "
    "another of the three there.",
)
BAD_VALUE = Finding(
    "dmarc.bad-value",
    Severity.WARNING,
    "The DMARC record at {name} has a value that receivers do not know",
    "They act as if {tags} were not there.",
    "Change the TXT record at {name} to the value shown, which leaves that out.",
)
REGISTRY = Finding(
    "dmarc.registry-flag",
    Severity.WARNING,
    "The DMARC record at {name} says that the domain is a registry",
    "psd=y is for domains such as co.uk. With it, newer receivers take every subdomain for "
    "somebody else's, so that a return path or key there no longer counts for this domain.",
    "Change the TXT record at {name} to the value shown, without psd=y.",
)
SAMPLED = Finding(
    "dmarc.percentage",
    Severity.WARNING,
    "Newer receivers apply the DMARC policy at {name} to all mail",
    "RFC 9989 dropped the tag pct. Only older receivers still let {tags} of a hundred mails be "
    "treated by the policy.",
    "Change the TXT record at {name} to the value shown: with t=y, newer receivers hold back one "
    "step. If the policy is meant for all mail, take pct out instead.",
)
WEAK_SUBDOMAINS = Finding(
    "dmarc.weak-subdomains",
    Severity.INFO,
    "The DMARC policy at {name} is weaker for subdomains",
    "With {tags}, mail that forges a subdomain is treated more gently than mail that forges the "
    "domain itself.",
    "Nothing needs to be done if that is meant. If not, save the record at {name} without {tags}.",
)
TEST_MODE = Finding(
    "dmarc.test-mode",
    Severity.INFO,
    "The DMARC policy at {name} is on trial",
    "With t=y, newer receivers act one step more gently than the policy says. Older receivers do "
    "not know the tag and apply the policy in full.",
    "Nothing needs to be done. Take t=y out once all your mail passes.",
)
OBSOLETE_TAGS = Finding(
    "dmarc.obsolete-tags",
    Severity.INFO,
    "The DMARC record at {name} has parts that are no longer used",
    "RFC 9989 dropped {tags}. Newer receivers skip that.",
    "Nothing needs to be done. Leave that out when you change the record next time.",
)
WEAK_EXISTING = (
    "With {tags}, mail that forges a subdomain which exists is treated more gently than mail that "
    "forges the domain itself. For other subdomains np holds, where receivers know that tag."
)
WEAK_NOT_EXISTING = (
    "With {tags}, mail that forges a subdomain which does not exist is treated more gently than "
    "mail that forges the domain itself. Any such name can be made up."
)
NO_REPORTS = Finding(
    "dmarc.no-reports",
    Severity.INFO,
    "The DMARC record at {name} asks neither for action nor for reports",
    "With p=none forged mail is delivered, and without rua nobody tells you of it.",
    "Add a mailbox of yours for the daily reports, such as rua=mailto:dmarc@{domain}.",
)
Said = Iterator[tuple[Finding, str]]  # a finding, and what fills its {tags}


def slips(text: str) -> Said:
    """Yield what is written wrong in a record that begins right; `mended` puts all of it right."""
    whole = parted(text)
    holds_two = "v" in repeated(whole)  # then that is what is wrong, if the policy can be read
    if whole != text and not (holds_two and _is_read(text)):
        yield SEMICOLON, ""
    if names := lacking_equals(whole):
        is_breaking = "p" in names
        severity = Severity.ERROR if is_breaking else Severity.WARNING
        yield replace(EQUALS_SIGN, severity=severity), _listed(names)
    text = with_equals(whole)
    if has_other_parts(joined(closed(text))):
        yield OTHER_PARTS, ""
    if names := repeated(text):
        yield DUPLICATE, _listed(names)
    yield from _values(tags(text) or {})
    yield from ((finding, "") for finding in dmarc_addresses.slips(text))


def _is_read(text: str) -> bool:
    found = tags(text) or {}
    return all(is_valid(name, found[name]) for name in INHERITED if name in found)


def _values(found: Mapping[str, str]) -> Said:
    """Yield what is wrong with the values of the tags, but for addresses."""
    if "p" not in found:
        reports = map(as_uri, addresses_in(found.get("rua", "")))
        mild = replace(NO_POLICY, severity=Severity.WARNING, why=READ_AS_NONE)
        yield mild if any(reports) else NO_POLICY, ""
    bad = [name for name, value in found.items() if not is_valid(name, value)]
    if names := [name for name in bad if name in INHERITED]:
        yield BAD_POLICY, _listed(names)
    is_registry = found.get("psd", "").lower() == "y"
    if names := [name for name in bad if name in HOLDS and (name != "psd" or not is_registry)]:
        yield BAD_VALUE, _listed(names)
    if is_registry:
        yield REGISTRY, ""


def remarks(found: Mapping[str, str], domain: str, shown: Mapping[str, str]) -> Said:
    """Yield what the tags of a readable record bring about, for the mail of its domain.

    `shown` holds the tags of the record as it is shown to the admin: what it says itself is not
    remarked upon.
    """
    yield from _milder(found, domain)
    if is_sampled(found):
        yield SAMPLED, str(int(found["pct"]))
    elif _strictest(found) and found.get("t", "").lower() == "y":
        yield TEST_MODE, ""
    if found == shown:
        return
    if dropped := _dropped(found):
        yield OBSOLETE_TAGS, _listed(dropped)
    if dmarc_addresses.goes_nowhere(found):
        yield dmarc_addresses.NO_MAIL, ""
    if found.get("p", "none").lower() == "none" and not addresses_in(found.get("rua", "")):
        yield NO_REPORTS, ""


def is_sampled(found: Mapping[str, str]) -> bool:
    """Whether a record relies on a percentage, which newer receivers no longer know."""
    share = found.get("pct", "")
    is_part = share.isdecimal() and int(share) < 100
    return is_part and _strictest(found) > 0 and found.get("t", "").lower() != "y"


def still_testing(text: str) -> str:
    """Return a record that asks newer receivers to act one step more gently."""
    return re.sub(r"(?i);\s*t\s*=[^;]*", "", text).rstrip("; ") + "; t=y"


def _strictest(found: Mapping[str, str]) -> int:
    """Return the strictest policy of a record, 0 being none."""
    words = [found.get(name, "").lower() for name in INHERITED]
    return max((POLICIES.index(word) for word in words if word in POLICIES), default=0)


def _milder(found: Mapping[str, str], domain: str) -> Said:
    """Yield that the policies for subdomains are milder than the one for the domain.

    They count at an organizational domain only (RFC 9989 section 4.7).
    """
    if domain != organizational_domain(domain) and found.get("psd", "").lower() != "n":
        return
    rank = {word: number for number, word in enumerate(POLICIES)}
    own = rank.get(found.get("p", "").lower(), 0)
    milder = [
        name for name in ("sp", "np") if name in found and rank.get(found[name].lower(), own) < own
    ]
    shown = _listed([f"{name}={found[name]}" for name in milder])
    if milder == ["np"]:
        yield replace(WEAK_SUBDOMAINS, why=WEAK_NOT_EXISTING), shown
    elif milder == ["sp"] and "np" in found:
        yield replace(WEAK_SUBDOMAINS, why=WEAK_EXISTING), shown
    elif milder:
        yield WEAK_SUBDOMAINS, shown


def _dropped(found: Mapping[str, str]) -> list[str]:
    """Return what RFC 9989 dropped and nothing else is said of: tags, and limits of size.

    A percentage of 100 by itself means what newer receivers do anyway.
    """
    addresses = ",".join(found.get(name, "") for name in REPORTS)
    limits = ["the size limit behind an address"] if "!" in addresses else []
    names = [
        name for name in OBSOLETE if name in found and (name != "pct" or not is_sampled(found))
    ]
    return [] if [*names, *limits] == ["pct"] and found["pct"] == "100" else [*names, *limits]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
