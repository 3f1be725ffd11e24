"""The same zone from two standpoints: the resolver, and each of the zone's own name servers.

What differs tells where a change is on its way, and which server is behind or of no use. It moves
no verdict: that is about what a resolver sees, as receivers do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dnscheck import rules
from dnscheck.answers import Answer, Ask, Asker, Reason, Status, Value
from dnscheck.diagnosis import DomainResult, RecordResult
from dnscheck.findings import Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.dkim_keyless import KEYLESS
from dnscheck.standpoints.records import View, compare, is_other_zone
from dnscheck.standpoints.servers import Answers, dnssec, parent_differs, useless
from dnscheck.standpoints.signatures import without_key
from dnscheck.together import together
from dnscheck.verdicts import Result
from dnscheck.zone import Zone, find_zone
from smtp.providers.base import Match

MOST_RECORDS = 5  # of a domain that the zone's own servers are asked for

Views = Mapping[str, tuple[View, ...]]  # by host name, one for each of its addresses


async def ask_ahead(domain: str, records: Sequence[RequiredRecord], asker: Asker) -> None:
    """Ask the zone's own servers while the diagnosis goes on: of the zone, and what is not right.

    It only fills the memory of the one who asks, so that `with_standpoints` need not wait.
    """
    labels = domain.split(".")
    levels = [".".join(labels[start:]) for start in range(len(labels))]
    policies = (record for record in records if record.match is Match.DMARC)
    await together(
        _of_zone_ahead(domain, asker),
        _of_records_ahead(domain, records, asker),
        *(asker.ask(level, "NS") for level in levels),
        # What a policy leads to is several steps away, so it is judged as if it were there.
        *(rules.judge(record, _as_wanted(record), asker.ask) for record in policies),
    )


def _as_wanted(record: RequiredRecord) -> Answer:
    return Answer(record.name, record.type, Status.FOUND, (Value(record.value, (record.value,)),))


async def _of_zone_ahead(domain: str, asker: Asker) -> None:
    await _of_zone(domain, await find_zone(domain, asker.ask), asker)


async def _of_records_ahead(domain: str, records: Sequence[RequiredRecord], asker: Asker) -> None:
    wanted = [record for record in records if not record.optional]
    wanted.sort(key=lambda record: not record.required)
    zone, answers = await together(
        find_zone(domain, asker.ask),
        together(*(asker.ask(record.name, record.type) for record in wanted)),
    )
    if not await _is_served(domain, zone, asker):
        return
    asked = list(zip(wanted, answers, strict=True))
    absent = [record for record, answer in asked if not _seems_there(record, answer)]
    await together(
        *(_at_servers(record, asker) for record in absent[:MOST_RECORDS]),
        *(_of_wrong(*pair, asker) for pair in asked if _seems_there(*pair)),
    )


async def _of_wrong(record: RequiredRecord, answer: Answer, asker: Asker) -> None:
    """Ask for a record that is there, as soon as its judge objects to it."""
    judgement = await rules.judge(record, answer, asker.ask)
    if judgement.verdict is not RecordVerdict.OK:
        await _at_servers(record, asker)


def _seems_there(record: RequiredRecord, answer: Answer) -> bool:
    """Whether a record seems to be at its name, by its text alone."""
    if record.match is Match.DMARC:
        return answer.status is Status.FOUND
    if record.match is Match.SPF:
        parts = record.mechanisms
    elif record.match is Match.DKIM_KEY:
        parts = (record.value.rpartition("p=")[2].rstrip("; "),)
    else:
        return record.value in answer.texts
    return any(all(part in text for part in parts) for text in answer.texts)


class _OnlyHere:
    """Asks the resolver alone, as if nobody knew the servers of any zone."""

    def __init__(self, asker: Asker) -> None:
        self._asker, self.ask = asker, asker.ask

    @property
    def questions(self) -> int:
        return self._asker.questions

    async def authorities(self, _name: str) -> None:
        return None

    async def each_authority(self, _name: str) -> dict[str, tuple[Ask, ...]]:
        return {}

    async def delegation(self, zone: str) -> Answer:
        return Answer(zone, "NS", Status.UNKNOWN, reason=Reason.UNREACHABLE)


def only_here(asker: Asker) -> Asker:
    """Return who asks the resolver alone, and none of a zone's own servers."""
    return _OnlyHere(asker)


def is_right_everywhere(result: DomainResult) -> bool:
    """Whether nothing seen at the resolver is a reason to ask the zone's own servers."""
    findings = [*result.findings, *(found for seen in result.records for found in seen.findings)]
    is_calm = all(finding.severity is Severity.INFO for finding in findings)
    return result.result is Result.GOOD and is_calm and not worth_asking(result.records)


async def with_standpoints(result: DomainResult, zone: Zone | None, asker: Asker) -> DomainResult:
    """Return the result with what the zone's own servers say of records that are not right.

    The servers themselves are looked at always: one that fails is not seen in the records.
    """
    doubtful = worth_asking(result.records)
    if not await _is_served(result.domain, zone, asker):
        return result
    (start, starts, above), views = await together(
        _of_zone(result.domain, zone, asker),
        together(*(_at_servers(seen.record, asker) for seen in doubtful)),
    )
    is_other = is_other_zone(start, (answer for given in starts.values() for answer in given))
    told = {}
    for seen, there in zip(doubtful, views, strict=True):
        here = View(seen.answer, Judgement(seen.verdict, seen.findings))
        told[seen.record] = compare(seen.record, here, there, is_other_zone=is_other)
    records = tuple(
        replace(seen, findings=told.get(seen.record, seen.findings)) for seen in result.records
    )
    at_resolver = [seen.answer for seen in result.records]
    findings = (
        *result.findings,
        *dnssec(result.domain, [start, *at_resolver]),
        *useless(start.name, [starts, *map(_answers, views)], at_resolver),
        *above,
    )
    return replace(result, records=records, findings=findings)


def worth_asking(records: Sequence[RecordResult]) -> list[RecordResult]:
    """Return the records to look at from elsewhere: those that are not right, the required first.

    A right one is among them if the resolver answered as its zone's own server: what it holds
    may be known to nobody else. Of an alias that is wrong because of what it leads to, the zone's
    servers know no more.
    """
    doubtful = [
        seen
        for seen in records
        if not seen.record.optional
        and KEYLESS.code not in {finding.code for finding in seen.findings}
        and (seen.verdict is not RecordVerdict.OK or "AA" in seen.answer.flags)
    ]
    doubtful.sort(key=lambda seen: (seen.verdict is RecordVerdict.OK, not seen.record.required))
    return doubtful[:MOST_RECORDS]


async def _is_served(domain: str, zone: Zone | None, asker: Asker) -> bool:
    """Whether there is anybody to ask: of a domain that does not exist only the level above."""
    return zone is not None or (await asker.ask(domain, "SOA")).status is not Status.NO_NAME


async def _of_zone(
    domain: str, zone: Zone | None, asker: Asker
) -> tuple[Answer, Answers, tuple[Finding, ...]]:
    """Return the start of the zone at the resolver, at each server, and what the level above says.

    A zone that could not be found is looked for from the domain.
    """
    name = zone.name if zone else domain
    if not await _is_served(domain, zone, asker):
        return await asker.ask(name, "SOA"), {}, ()
    return await together(asker.ask(name, "SOA"), _asked(name, "SOA", asker), _above(zone, asker))


async def _above(zone: Zone | None, asker: Asker) -> tuple[Finding, ...]:
    """Compare what the level above says of a zone with what is in it."""
    if zone is None:
        return ()
    parent, signed = await together(_parent(zone, asker), _signed(zone, asker))
    return (*parent, *signed)


async def _signed(zone: Zone, asker: Asker) -> tuple[Finding, ...]:
    signers = await asker.ask(zone.name, "DS")
    if signers.status is not Status.FOUND:
        return ()
    return without_key(zone.name, signers, await asker.ask(zone.name, "DNSKEY"))


async def _parent(zone: Zone, asker: Asker) -> tuple[Finding, ...]:
    """Say whether the level above names other servers than the zone.

    A resolver may remember servers of the past, so a difference is told only if the zone's own
    servers show it.
    """
    above = await asker.delegation(zone.name)
    if not parent_differs(zone, above):
        return ()
    asked = await _asked(zone.name, "NS", asker)
    told = {text for given in asked.values() for answer in given for text in answer.texts}
    return parent_differs(replace(zone, servers=tuple(sorted(told))), above)


async def _asked(name: str, type: str, asker: Asker) -> Answers:
    """Ask all name servers of the zone a name is in, each of their addresses by itself."""

    async def at(asks: Sequence[Ask]) -> tuple[Answer, ...]:
        return await together(*(ask(name, type) for ask in asks))

    servers = await asker.each_authority(name)
    answered = await together(*map(at, servers.values()))
    return dict(zip(servers, answered, strict=True))


async def _at_servers(record: RequiredRecord, asker: Asker) -> Views:
    """Return what each server has of a record, and what its judge says of that."""

    async def view(answer: Answer) -> View:
        return View(answer, await rules.judge(record, answer, asker.ask))

    async def views(given: Sequence[Answer]) -> tuple[View, ...]:
        return await together(*map(view, given))

    answered = await _asked(record.name, record.type, asker)
    judged = await together(*map(views, answered.values()))
    return dict(zip(answered, judged, strict=True))


def _answers(views: Views) -> Answers:
    return {host: tuple(view.answer for view in given) for host, given in views.items()}
