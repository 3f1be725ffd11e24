"""The same records from two standpoints: the resolver, and each of the zone's own name servers.

What differs tells where a change is on its way, and which server is behind or of no use. It moves
no verdict: that is about what a resolver sees, as receivers do.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from dnscheck import rules
from dnscheck.answers import Answer, Ask, Asker, Status
from dnscheck.diagnosis import DomainResult, RecordResult
from dnscheck.findings import Finding, Judgement, RecordVerdict
from dnscheck.records import RequiredRecord
from dnscheck.standpoints.records import View, compare, is_other_zone
from dnscheck.standpoints.servers import Answers, dnssec, parent_differs, useless
from dnscheck.zone import Zone, find_zone
from smtp.providers.base import Match

MOST_RECORDS = 5  # of a domain that the zone's own servers are asked for


async def ask_ahead(domain: str, records: Sequence[RequiredRecord], asker: Asker) -> None:
    """Ask the zone's own servers for what is not there, while that is judged.

    It only fills the memory of the one who asks, so that `with_standpoints` need not wait.
    """
    wanted = [record for record in records if not record.optional]
    wanted.sort(key=lambda record: not record.required)
    zone, answers = await asyncio.gather(
        find_zone(domain, asker.ask),
        asyncio.gather(*(asker.ask(record.name, record.type) for record in wanted)),
    )
    asked = zip(wanted, answers, strict=True)
    absent = [record for record, answer in asked if not _seems_there(record, answer)]
    if absent:
        questions = [(record.name, record.type) for record in absent[:MOST_RECORDS]]
        questions.append((zone.name if zone else domain, "SOA"))
        further = (_asked(name, type, asker) for name, type in questions)
        await asyncio.gather(_parent(zone, asker), *further)


def _seems_there(record: RequiredRecord, answer: Answer) -> bool:
    """Whether a record seems to be at its name, by its text alone; its judge knows better."""
    if record.match is Match.DMARC:
        return answer.status is Status.FOUND
    if record.match is Match.SPF:
        parts = record.mechanisms
    elif record.match is Match.DKIM_KEY:
        parts = (record.value.rpartition("p=")[2].rstrip("; "),)
    else:
        return record.value in answer.texts
    return any(all(part in text for part in parts) for text in answer.texts)


async def with_standpoints(result: DomainResult, zone: Zone | None, asker: Asker) -> DomainResult:
    """Return the result with what the zone's own servers say of records that are not right.

    Nothing is asked about a domain that is fine.
    """
    doubtful = worth_asking(result.records)
    if not doubtful:
        return result
    name = zone.name if zone else result.domain
    (start, starts, parent), answered = await asyncio.gather(
        asyncio.gather(asker.ask(name, "SOA"), _asked(name, "SOA", asker), _parent(zone, asker)),
        asyncio.gather(*(_asked(seen.record.name, seen.record.type, asker) for seen in doubtful)),
    )
    is_other = is_other_zone(start, (answer for given in starts.values() for answer in given))
    told = {}
    for seen, answers in zip(doubtful, answered, strict=True):
        here = View(seen.answer, Judgement(seen.verdict, seen.findings))
        there = await _judged(seen.record, answers, asker.ask)
        told[seen.record] = compare(seen.record, here, there, is_other_zone=is_other)
    records = tuple(
        replace(seen, findings=told.get(seen.record, seen.findings)) for seen in result.records
    )
    at_resolver = [seen.answer for seen in doubtful]
    findings = (
        *result.findings,
        *dnssec(result.domain, at_resolver),
        *useless(name, [starts, *answered], at_resolver),
        *parent,
    )
    return replace(result, records=records, findings=findings)


def worth_asking(records: Sequence[RecordResult]) -> list[RecordResult]:
    """Return the records to look at from elsewhere: those that are not right, the required first.

    A right one is among them if the resolver answered as its zone's own server: what it holds
    may be known to nobody else.
    """
    doubtful = [
        seen
        for seen in records
        if not seen.record.optional
        and (seen.verdict is not RecordVerdict.OK or "AA" in seen.answer.flags)
    ]
    doubtful.sort(key=lambda seen: (seen.verdict is RecordVerdict.OK, not seen.record.required))
    return doubtful[:MOST_RECORDS]


async def _parent(zone: Zone | None, asker: Asker) -> tuple[Finding, ...]:
    return parent_differs(zone, await asker.delegation(zone.name)) if zone else ()


async def _asked(name: str, type: str, asker: Asker) -> Answers:
    """Ask all name servers of the zone a name is in, each of their addresses by itself."""

    async def at(asks: Sequence[Ask]) -> tuple[Answer, ...]:
        return tuple(await asyncio.gather(*(ask(name, type) for ask in asks)))

    servers = await asker.each_authority(name)
    answered = await asyncio.gather(*map(at, servers.values()))
    return dict(zip(servers, answered, strict=True))


async def _judged(
    record: RequiredRecord, answers: Answers, ask: Ask
) -> dict[str, tuple[View, ...]]:
    return {
        host: tuple([View(answer, await rules.judge(record, answer, ask)) for answer in given])
        for host, given in answers.items()
    }
