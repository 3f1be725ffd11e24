"""Asks for a domain's records, has the rules judge them, and adds up one result."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dnscheck import rules
from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim_keyless
from dnscheck.rules.host import state
from dnscheck.together import together
from dnscheck.verdicts import Result

MOST_VALUES, MOST_CHARACTERS = 50, 4_096  # of what is kept and shown of one answer
BAD = (RecordVerdict.WRONG, RecordVerdict.MISSING)


NO_SUCH_DOMAIN = Finding(
    "dns.no-such-domain",
    Severity.ERROR,
    "{domain} does not exist in the DNS",
    "The servers of the level above say that there is no such name.",
    "Check the spelling. If it is right, the registration may have lapsed, or the name servers at "
    "the registrar may be missing.",
)
_POLICY = re.compile(r"v=(?:spf1|dmarc1)\b", re.IGNORECASE)


@dataclass(frozen=True)
class RecordResult:
    """What was seen at one required record. `observed` holds the published values as text."""

    record: RequiredRecord
    verdict: RecordVerdict
    observed: tuple[str, ...]
    findings: tuple[Finding, ...]
    answer: Answer


@dataclass(frozen=True)
class DomainResult:
    """What one look says of a domain; `findings` are those of the domain as a whole.

    `rests_on` are all answers that went into the verdicts of the records: as long as these stay the
    same, so do the verdicts.
    """

    domain: str
    result: Result
    records: tuple[RecordResult, ...]
    findings: tuple[Finding, ...] = ()
    rests_on: tuple[Answer, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether not one of the records could be asked for."""
        return bool(self.records) and not any(seen.answer.definitive for seen in self.records)


async def diagnose(domain: str, records: Sequence[RequiredRecord], ask: Ask) -> DomainResult:
    """Ask for all records at once, judge each, and add up."""
    heard: dict[tuple[str, str], Answer] = {}

    async def listen(name: str, type: str) -> Answer:
        heard[name, type] = answer = await ask(name, type)
        return answer

    apex, alone = await together(
        ask(domain, "SOA"), together(*(_judged(record, listen) for record in records))
    )
    judgements = [Judgement(seen.verdict, seen.findings) for seen in alone]
    results = [
        replace(seen, verdict=told.verdict, findings=told.findings)
        for seen, told in zip(alone, dkim_keyless.together(records, judgements), strict=True)
    ]
    # A server may deny a name at which it has records.
    has_some = any(seen.answer.status is Status.FOUND for seen in results)
    gone = apex.status is Status.NO_NAME and not has_some
    findings = (state(NO_SUCH_DOMAIN, domain=domain),) if gone else ()
    rests_on = tuple(heard.values())
    return DomainResult(domain, _added_up(results), tuple(results), findings, rests_on)


async def _judged(record: RequiredRecord, ask: Ask) -> RecordResult:
    answer = await ask(record.name, record.type)
    judgement = await rules.judge(record, answer, ask)
    if record.optional and judgement.verdict is RecordVerdict.MISSING:
        judgement = replace(judgement, findings=())  # nobody misses it
    observed = tuple(_shown(answer))
    return RecordResult(record, judgement.verdict, observed, judgement.findings, answer)


def _shown(answer: Answer) -> list[str]:
    """Return the values in one order, whatever the server's; policies are never left out."""
    texts = sorted(
        value.text[:MOST_CHARACTERS]
        if value.preference is None
        else f"{value.preference} {value.text}"
        for value in answer.values
    )
    return sorted(texts, key=lambda text: not _POLICY.match(text))[:MOST_VALUES]


def _added_up(results: Sequence[RecordResult]) -> Result:
    """Return bad if a required record is certainly bad, else unknown if one could not be asked.

    Without any required record nothing was proven, so the domain is not good either.
    """
    verdicts = {seen.verdict for seen in results if seen.record.required}
    if not verdicts:
        return Result.UNKNOWN
    if verdicts.intersection(BAD):
        return Result.BAD
    return Result.UNKNOWN if RecordVerdict.UNKNOWN in verdicts else Result.GOOD


def fingerprint(result: DomainResult) -> str:
    """Return a short text that is equal for equal results, whatever the TTLs and the order."""
    told = {
        "domain": sorted(finding.code for finding in result.findings),
        "records": [
            [
                seen.record.name,
                seen.record.type,
                seen.record.value,
                seen.verdict.value,
                sorted(seen.observed),
                # What a record not yet published would cost depends on third parties' servers.
                sorted(f.code for f in seen.findings if not f.code.startswith("spf.forecast-")),
            ]
            for seen in result.records
        ],
    }
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=32).hexdigest()


def as_json(result: DomainResult, verdict: str, questions: int) -> dict[str, Any]:
    """Return the shape that other programs rely on: keys are added, never changed."""
    return {
        "domain": result.domain,
        "verdict": verdict,
        "records": [
            {
                "purpose": seen.record.purpose.value,
                "name": seen.record.name,
                "type": seen.record.type,
                "required": seen.record.required,
                "expected": seen.record.value,
                "verdict": seen.verdict.value,
                "observed": list(seen.observed),
                "findings": [finding.as_json() for finding in seen.findings],
            }
            for seen in result.records
        ],
        "findings": [finding.as_json() for finding in result.findings],
        "questions": questions,
    }
