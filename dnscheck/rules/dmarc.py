"""DMARC: one policy that can be read (RFC 9989; older receivers follow RFC 7489).

Which policy it is stays the domain's own choice: the expected value is a suggestion.
"""

import re
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.dmarc import (
    MEANT,
    POLICIES,
    REPORTS,
    are_uris,
    is_plain,
    is_record,
    parted,
    tags,
)
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord, publishable
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


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at `_dmarc`: any single valid policy will do."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    policies = _policies(answer)
    if len(policies) > 1:
        edits = edits_to(expected, answer, policies, publishable(expected, policies))
        return verdict_of(state(TWO_RECORDS, edits=edits, evidence=policies, name=expected.name))
    if policies:
        return _one(expected, answer, policies[0])
    for text in answer.texts:
        if MEANT.match(text):
            return _unreadable(expected, answer, text)
    return await _none(expected, answer, ask)


def _policies(answer: Answer) -> list[str]:
    return [text for text in answer.texts if is_record(text)]


def _one(expected: RequiredRecord, answer: Answer, text: str) -> Judgement:
    """Judge the only record that begins right. Every finding shows the value that mends all."""
    if not is_plain(text):
        return _unreadable(expected, answer, text)
    better = parted(text)
    findings = [SEMICOLON] if better != text else []
    found = tags(better) or {}
    policy = found.get("p")
    if policy is None:
        findings.append(NO_POLICY)
    elif policy.lower() not in POLICIES:
        findings.append(BAD_POLICY)
    if not all(are_uris(found.get(name, "")) for name in REPORTS):
        findings.append(RUA_SCHEME)
    edits = edits_to(expected, answer, (text,), publishable(expected, [text]))
    words = {"name": expected.name}
    return verdict_of(*(state(item, edits=edits, evidence=(text,), **words) for item in findings))


def _unreadable(expected: RequiredRecord, answer: Answer, text: str) -> Judgement:
    """Judge a record that was meant to be DMARC and is not read as one."""
    if re.search(r"\\[^x]", text):
        finding = ESCAPED_SEMICOLONS
    elif '"' in text or "'" in text:
        finding = QUOTES_INSIDE
    elif re.match(r"[vV]\s*=\s*DMARC1[\s,]", text):
        finding = SEMICOLON
    else:
        finding = VERSION
    edits = edits_to(expected, answer, (text,), publishable(expected, [text]))
    return verdict_of(state(finding, edits=edits, evidence=(text,), name=expected.name))


async def _none(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge a name without any policy: look one label up, then at the parents' policies."""
    label, domain = split_label(expected.name)
    apex = await ask(domain, "TXT") if label else answer
    for text in _policies(apex):
        edits = (
            Edit(Action.DELETE, domain, "TXT", before=text),
            *edits_to(expected, answer, (), publishable(expected, [text])),
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
