"""DMARC: one policy that can be read (RFC 9989; older receivers follow RFC 7489).

Which policy it is stays the domain's own choice: the expected value is a suggestion.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.dmarc import (
    MEANT,
    addresses_in,
    is_mailbox,
    is_plain,
    is_record,
    is_zone_file_line,
    mended,
    tags,
)
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules import dmarc_absent, dmarc_alias
from dnscheck.rules.around import WILDCARD
from dnscheck.rules.dmarc_addresses import NO_MAIL
from dnscheck.rules.dmarc_reports import destinations
from dnscheck.rules.dmarc_tags import (
    NO_REPORTS,
    SAMPLED,
    SEMICOLON,
    is_sampled,
    remarks,
    slips,
    still_testing,
)
from dnscheck.rules.host import (
    AREAS,
    WORDS,
    could_not_ask,
    edits_to,
    split_label,
    state,
    verdict_of,
)
from dnscheck.rules.wildcards import is_wildcard

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
ZONE_FILE_TEXT = Finding(
    "dmarc.zone-file-text",
    Severity.ERROR,
    "A whole zone-file line is published at {name}",
    "Name and type of the line became part of the value, so receivers do not take it for a policy.",
    "Change the TXT record at {name} to the value shown, which is what follows the type.",
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
UNRELATED = Finding(
    "dmarc.unrelated-text",
    Severity.WARNING,
    "Something else stands beside the DMARC record at {name}",
    "Only the policy belongs at this name. Receivers skip other text, but the checks of some "
    "providers then refuse the record.",
    "At {name}, delete the TXT records listed. A token of some service belongs at the name that "
    "the service shows.",
)
SHOWN = "Change the TXT record at {name} to the value shown, which asks for reports by mail."


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at `_dmarc`: any single valid policy will do."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    policies = [text for text in answer.texts if is_record(text)]
    if policies:
        judgement = await _some(expected, answer, policies, ask)
        return await _unless_wildcard(expected, answer, policies, judgement, ask)
    wanted = publishable(expected, [])
    if host := dmarc_alias.named_in(answer.texts):
        return verdict_of(await dmarc_alias.as_text(expected, answer, host, wanted, ask))
    for text in answer.texts:
        if MEANT.match(text):
            return _unreadable(expected, answer, text)
    return await dmarc_absent.judge(expected, answer, ask)


async def _some(
    expected: RequiredRecord, answer: Answer, policies: list[str], ask: Ask
) -> Judgement:
    """Judge what begins as a policy does, where it stands."""
    place, there = dmarc_alias.standing(expected, answer)
    if len(policies) > 1:
        edits = edits_to(place, there, policies, publishable(expected, policies))
        return verdict_of(state(TWO_RECORDS, edits=edits, evidence=policies, name=place.name))
    if not is_plain(policies[0]):
        return _unreadable(place, there, policies[0])
    domain = split_label(expected.name)[1]
    return await _one(place, there, policies[0], domain, ask)


async def _one(
    expected: RequiredRecord, answer: Answer, text: str, domain: str, ask: Ask
) -> Judgement:
    """Judge the only policy of a domain. Every edit shows the value that mends all."""
    found = tags(mended(text)) or {}
    after = publishable(expected, [text])
    after = still_testing(after) if is_sampled(found) else after
    edits = edits_to(expected, answer, (text,), after)
    words = {"name": expected.name, "domain": domain}
    said = [
        state(finding, edits=edits, evidence=(text,), tags=named, **words)
        for finding, named in slips(text)
    ]
    for finding, named in remarks(found, domain, tags(expected.value) or {}):
        if finding is NO_REPORTS and answer.chain:
            continue  # said of the policy of others
        asks = finding in (NO_REPORTS, NO_MAIL) and _has_mailbox(after)
        shown = edits if asks or finding is SAMPLED else ()
        told = replace(finding, fix=SHOWN) if asks else finding
        said.append(state(told, edits=shown, evidence=(text,), tags=named, **words))
    around = _around(expected, answer, text, edits)
    return verdict_of(*said, *around, *await destinations(expected.name, domain, found, ask))


def _has_mailbox(text: str) -> bool:
    return any(map(is_mailbox, addresses_in((tags(text) or {}).get("rua", ""))))


def _around(
    expected: RequiredRecord, answer: Answer, text: str, edits: tuple[Edit, ...]
) -> Iterator[Finding]:
    """Yield what is wrong around a single record: a policy of others, or other text beside it."""
    name, others = expected.name, [other for other in answer.texts if other != text]
    if answer.chain and not (tags(text) or {}).get("rua"):
        yield dmarc_alias.of_others(expected, answer, text, edits)
    elif others and not answer.chain:
        deleted = (Edit(Action.DELETE, name, "TXT", before=other) for other in others)
        yield state(UNRELATED, edits=(*edits, *deleted), evidence=others, name=name)


async def _unless_wildcard(
    expected: RequiredRecord,
    answer: Answer,
    policies: Iterable[str],
    judgement: Judgement,
    ask: Ask,
) -> Judgement:
    """Return a judgement, unless it asks for edits of a record that only a wildcard makes up.

    Then a record of the name's own is what helps. The policy of a wildcard that is an alias is
    somebody else's, and an accident.
    """
    is_at_odds = any(
        finding.edits or finding.code == dmarc_alias.FAR.code for finding in judgement.findings
    )
    is_bad = judgement.verdict is not RecordVerdict.OK  # then `around` looks at it
    if is_bad or not is_at_odds or not await is_wildcard(answer, ask):
        return judgement
    order = list(Severity)
    worst = min((finding.severity for finding in judgement.findings), key=order.index)
    after = publishable(expected, [] if answer.chain else list(policies))
    area = AREAS[expected.match]
    found = state(
        replace(WILDCARD, severity=Severity.WARNING if answer.chain else worst),
        edits=(Edit(Action.ADD, expected.name, expected.type, after=after),),
        evidence=(*answer.chain, *answer.texts),
        name=expected.name,
        type=expected.type,
        what=WORDS[area],
        without=expected.without,
    )
    return replace(judgement, findings=(found,))


def _unreadable(expected: RequiredRecord, answer: Answer, text: str) -> Judgement:
    """Judge a record that was meant to be DMARC and is not read as one."""
    if is_zone_file_line(text):
        finding = ZONE_FILE_TEXT
    elif re.search(r"\\[^x]", text):
        finding = ESCAPED_SEMICOLONS
    elif '"' in text or "'" in text:
        finding = QUOTES_INSIDE
    elif re.match(r"[vV]\s*=\s*DMARC1[\s,]", text):
        finding = SEMICOLON
    else:
        finding = VERSION
    edits = edits_to(expected, answer, (text,), publishable(expected, [text]))
    return verdict_of(state(finding, edits=edits, evidence=(text,), name=expected.name))
