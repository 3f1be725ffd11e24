"""DMARC: one policy that can be read (RFC 9989; older receivers follow RFC 7489).

Which policy it is stays the domain's own choice: the expected value is a suggestion.
"""

import re
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import (
    could_not_ask,
    edits_to,
    missing,
    split_label,
    state,
    verdict_of,
    zones,
)

TWO_RECORDS = Finding(
    "dmarc.two-records",
    Severity.ERROR,
    "There are several DMARC records at {name}",
    "Receivers that find more than one use none of them.",
    "At {name}, keep the record with the value shown and delete the others.",
)
VERSION = Finding(
    "dmarc.version",
    Severity.ERROR,
    "The DMARC record at {name} is not read as one",
    "It must begin with v=DMARC1, in exactly these letters, and hold only plain characters. "
    "Receivers ignore any other record.",
    "Change the TXT record at {name} to the value shown.",
)
SEMICOLON = Finding(
    "dmarc.semicolon",
    Severity.ERROR,
    "A semicolon is missing in the DMARC record at {name}",
    "Tags are separated by semicolons. Without one, two tags are read as one.",
    "Change the TXT record at {name} to the value shown.",
)
ESCAPED_SEMICOLONS = Finding(
    "dmarc.escaped-semicolons",
    Severity.ERROR,
    "The DMARC record at {name} contains backslashes",
    "Backslashes belong in zone files only. Typed into a form they become part of the "
    "value, and its tags cannot be read.",
    "Save the value at {name} again without backslashes.",
)
QUOTES_INSIDE = Finding(
    "dmarc.quotes-inside",
    Severity.ERROR,
    "Quotation marks are part of the DMARC record at {name}",
    "The DNS host adds the quotation marks a zone file needs; the ones typed became part of the "
    "value, and its tags cannot be read.",
    "Save the value at {name} again without quotation marks.",
)
NO_POLICY = Finding(
    "dmarc.no-policy",
    Severity.WARNING,
    "The DMARC record at {name} names no policy",
    "RFC 9989 reads this as p=none; older receivers may ignore the record.",
    "Change the TXT record at {name} to the value shown, or choose quarantine or reject.",
)
BAD_POLICY = Finding(
    "dmarc.bad-policy",
    Severity.ERROR,
    "The policy of the DMARC record at {name} is not one of the three",
    "The tag p must be none, quarantine or reject.",
    "Change the TXT record at {name} to the value shown, or choose quarantine or reject.",
)
RUA_SCHEME = Finding(
    "dmarc.rua-scheme",
    Severity.WARNING,
    "An address for DMARC reports at {name} lacks mailto:",
    "Every address in rua and ruf is a URI. Without mailto: no report is sent there.",
    "Change the TXT record at {name} to the value shown.",
)
AT_APEX = Finding(
    "dmarc.at-apex",
    Severity.ERROR,
    "The DMARC record is at {apex} instead of {name}",
    "Receivers look for it only at the name that begins with _dmarc.",
    "Delete the TXT record that begins with v=DMARC1 at {apex} and add it at {name}.",
)
INHERITED = Finding(
    "dmarc.inherited",
    Severity.INFO,
    "The DMARC policy of {parent} applies",
    "{name} has no DMARC record of its own, so receivers use the one at {parent}.",
    "Nothing needs to be done. Add a record at {name} only if it should differ.",
)

POLICIES = ("none", "quarantine", "reject")
STARTS_RIGHT = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)")
MEANT = re.compile(
    r"(?:\\x[0-9a-f]{2}|[^a-z0-9])*(v\W{0,3}=?\W{0,3})?dmarc|\s*p\s*=\s*(none|quarantine|reject)\b",
    re.I,
)
URI = re.compile(r"mailto:|[a-z][a-z0-9+.-]*://", re.I)
NOT_PLAIN = re.compile(r"\\x[0-9a-f]{2}|[\\\"']", re.I)  # what a pasted value brings along
LOST_SEMICOLON = re.compile(
    r"(?<![;\s,])[\s,]+(?=(?:p|sp|np|adkim|aspf|rua|ruf|fo|ri|rf|pct|t|psd)\s*=)", re.I
)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at `_dmarc`: any single valid policy will do."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    policies = _policies(answer)
    if len(policies) > 1:
        readable = [text for text in policies if _one(expected, answer, text).findings == ()]
        kept = expected.value if expected.value in policies or not readable else readable[0]
        edits = edits_to(expected, answer, policies, kept)
        return verdict_of(state(TWO_RECORDS, edits=edits, evidence=policies, name=expected.name))
    if policies:
        return _one(expected, answer, policies[0])
    for text in answer.texts:
        if MEANT.match(text):
            return _unreadable(expected, answer, text)
    return await _none(expected, answer, ask)


def _policies(answer: Answer) -> list[str]:
    return [text for text in answer.texts if STARTS_RIGHT.match(text)]


def _tags(text: str) -> dict[str, str]:
    """Return the tags, names in lower case; the first of a kind counts."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags


def _one(expected: RequiredRecord, answer: Answer, text: str) -> Judgement:
    """Judge the only record that begins right."""
    if '"' in text or "\\" in text:
        return _unreadable(expected, answer, text)
    tags, findings, mended = _tags(text), list[Finding](), text
    if any(LOST_SEMICOLON.search(value) for value in tags.values()):
        findings.append(SEMICOLON)
        mended = LOST_SEMICOLON.sub("; ", mended)
        tags = _tags(mended)
    policy = tags.get("p")
    if policy is None:
        findings.append(NO_POLICY)
        mended = STARTS_RIGHT.sub("v=DMARC1; p=none;", mended, count=1)
    elif policy.lower() not in POLICIES:
        findings.append(BAD_POLICY)
        mended = re.sub(r"(;\s*p\s*=)[^;]*", r"\1none", mended, count=1, flags=re.I)
    if any(not _are_uris(tags[name]) for name in ("rua", "ruf") if name in tags):
        findings.append(RUA_SCHEME)
        mended = re.sub(r"(;\s*ru[af]\s*=)([^;]*)", _with_scheme, mended, flags=re.I)
    edits = edits_to(expected, answer, (text,), mended)
    words = {"name": expected.name}
    return verdict_of(*(state(item, edits=edits, evidence=(text,), **words) for item in findings))


def _are_uris(addresses: str) -> bool:
    parts = [part.strip() for part in addresses.split(",")]
    return all(URI.match(part) for part in parts if part)


def _with_scheme(tag: re.Match[str]) -> str:
    """Return a rua or ruf tag in which every address begins with mailto:."""
    parts = [part.strip() for part in tag[2].split(",") if part.strip()]
    return tag[1] + ",".join(part if URI.match(part) else f"mailto:{part}" for part in parts)


def _unreadable(expected: RequiredRecord, answer: Answer, text: str) -> Judgement:
    """Judge a record that was meant to be DMARC and is not read as one."""
    plain = NOT_PLAIN.sub("", text).strip()
    rest = re.sub(r"(?i)^[^a-z0-9]*(v\W{0,3}=?\W{0,3})?dmarc\s*1?[\s,;:]*", "", plain)
    rest = re.sub(r"(?i);?\s*v\s*=\s*dmarc1\s*$|;\s*v\s*=\s*dmarc1\s*(?=;)", "", rest)
    mended = LOST_SEMICOLON.sub("; ", f"v=DMARC1; {rest}").rstrip()
    if re.search(r"\\[^x]", text):
        finding = ESCAPED_SEMICOLONS
    elif '"' in text or "'" in text:
        finding = QUOTES_INSIDE
    elif re.match(r"[vV]\s*=\s*DMARC1[\s,]", text):
        finding = SEMICOLON
    else:
        finding = VERSION
    after = mended if _tags(mended).get("p", "").lower() in POLICIES else expected.value
    edits = edits_to(expected, answer, (text,), after)
    return verdict_of(state(finding, edits=edits, evidence=(text,), name=expected.name))


async def _none(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge a name without any policy: look one label up, then at the parents' policies."""
    label, domain = split_label(expected.name)
    apex = await ask(domain, "TXT") if label else answer
    for text in _policies(apex):
        valid = _one(expected, answer, text).verdict is RecordVerdict.OK
        edits = (
            Edit(Action.DELETE, domain, "TXT", before=text),
            *edits_to(expected, answer, (), text if valid else expected.value),
        )
        found = state(AT_APEX, edits=edits, evidence=(text,), name=expected.name, apex=domain)
        if not expected.required:
            found = replace(found, severity=Severity.INFO)
        return Judgement(RecordVerdict.MISSING, (found,))
    verdict = await missing(
        expected, answer, ask, lambda other: bool(_policies(other)), levels=False
    )
    if verdict.findings[0].code != "dmarc.missing":
        return verdict  # it was meant to be there and is in the wrong place
    # RFC 9989 section 4.10: the policy of a domain further up applies to a name without its own.
    for parent in zones(domain)[1:3]:
        above = await ask(f"_dmarc.{parent}", "TXT")
        if len(_policies(above)) == 1:
            inherited = state(
                INHERITED, evidence=above.texts, name=expected.name, parent=f"_dmarc.{parent}"
            )
            if not expected.required:
                return Judgement(RecordVerdict.OK, (inherited,))
            return replace(verdict, findings=(*verdict.findings, inherited))
    return verdict
