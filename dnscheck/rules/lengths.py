"""Names that are too long for the DNS: no record can be published there, and none is asked for."""

from dataclasses import replace

from dnscheck.findings import Finding, Judgement, RecordVerdict, Severity
from dnscheck.names import LONGEST_LABEL, LONGEST_NAME
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import state

NAME_TOO_LONG = Finding(
    "host.name-too-long",
    Severity.ERROR,
    "The name of a record is too long for the DNS: {name}",
    "{what} A part between two dots may have 63 characters and a whole name 253 (RFC 1035 section "
    "2.3.4), so nobody can publish this record.",
    "In the provider's console choose a shorter selector or name if you can, and enter it here; "
    "otherwise send from a shorter domain or subdomain.",
)
TARGET_TOO_LONG = Finding(
    "host.target-too-long",
    Severity.ERROR,
    "The {type} record at {name} is to point to a name that is too long for the DNS",
    "{what} A part between two dots may have 63 characters and a whole name 253 (RFC 1035 section "
    "2.3.4), so no form accepts it.",
    "Copy the target from the provider's console again and correct it here. If it is the same, "
    "send from a shorter domain, or ask the provider for a shorter target.",
)


def judged(expected: RequiredRecord) -> Judgement | None:
    """Return that a record is missing because it cannot be there, or None if it can."""
    target = expected.value.strip().rstrip(".") if expected.type in ("CNAME", "MX") else ""
    for finding, name in ((NAME_TOO_LONG, expected.name), (TARGET_TOO_LONG, target)):
        if what := _what(name):
            found = state(
                finding, evidence=(name,), name=expected.name, type=expected.type, what=what
            )
            severity = Severity.ERROR if expected.required else Severity.INFO
            return Judgement(RecordVerdict.MISSING, (replace(found, severity=severity),))
    return None


def _what(name: str) -> str:
    """Return what is too long about a name in a sentence, or nothing."""
    label = max(name.split("."), key=len)
    if len(label) > LONGEST_LABEL:
        return f"The part that begins with “{label[:16]}” has {len(label)} characters."
    return f"It has {len(name)} characters." if len(name) > LONGEST_NAME else ""
