"""What every server answers for each record of a domain: its resolvers, and all of its zone's own.

It moves no verdict. Of a server that says nothing nothing is known: it never counts as a server
without the record.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import Any, Self

from dnscheck import rules
from dnscheck.answers import Answer, Ask, NameServer, Reason, Status, TouringAsker
from dnscheck.desired import of_its_kind
from dnscheck.findings import Judgement, RecordVerdict
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim_keyless
from dnscheck.rules.host import typed, wanted_text
from dnscheck.standpoints.records import View
from dnscheck.together import together

MOST_RECORDS = 20
LONGEST_TEXT = 400  # characters of what one server answers for one record
LONGEST_WANTED = 4_096
SERIALS = 1 << 32  # RFC 1982: serial numbers go in a circle
# Who says this to the first question has nothing to say to the others.
NOBODY_THERE = (Reason.TIMEOUT, Reason.UNREACHABLE, Reason.REFUSED, Reason.LAME, Reason.BUDGET)


class Says(StrEnum):
    """What one server answers for one record."""

    SAME = "same"  # as wanted; of the zone itself, as its other servers
    OTHER = "other"
    ABSENT = "absent"
    UNSURE = "unsure"  # it answers, and whether that is right could not be found out
    NOTHING = "nothing"  # could not ask


@dataclass(frozen=True)
class Cell:
    """One answer. `ttl` is in seconds, of a resolver what was left; `why` a `Reason` or empty."""

    says: str
    text: str = ""
    ttl: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Column:
    """What the servers are asked for: a record with its purpose, or the zone's own without one."""

    name: str
    type: str
    purpose: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class Line:
    """What one server says, by the columns; of one that says nothing, `why`.

    That is a `Reason` or a `Barred`. A resolver has no `host`.
    """

    host: str
    address: str
    named: str = ""
    why: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Sights:
    """All that was seen. Without a `zone` its servers could not be found."""

    zone: str
    columns: tuple[Column, ...]
    resolvers: tuple[Line, ...]
    servers: tuple[Line, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild what `as_json` returned."""
        return cls(
            zone=data["zone"],
            columns=tuple(Column(**column) for column in data["columns"]),
            resolvers=tuple(map(_line, data["resolvers"])),
            servers=tuple(map(_line, data["servers"])),
        )


def _line(data: Mapping[str, Any]) -> Line:
    return Line(**{**data, "cells": tuple(Cell(**cell) for cell in data["cells"])})


@dataclass(frozen=True)
class _Heard:
    """What one server said: of the zone, and of each record with what its judge says."""

    start: Answer
    servers: Answer | None = None
    views: tuple[View, ...] = ()


def asked_for(records: Iterable[RequiredRecord]) -> tuple[RequiredRecord, ...]:
    """Return the records that servers are asked for: the required first, and none optional."""
    wanted = [record for record in records if not record.optional]
    wanted.sort(key=lambda record: not record.required)
    return tuple(wanted[:MOST_RECORDS])


def columns_of(records: Iterable[RequiredRecord]) -> tuple[Column, ...]:
    """Return what is wanted of these records."""
    return tuple(
        Column(
            record.name,
            record.type,
            record.purpose.value,
            _cut(wanted_text(record), LONGEST_WANTED),
        )
        for record in asked_for(records)
    )


async def tour(domain: str, records: Iterable[RequiredRecord], asker: TouringAsker) -> Sights:
    """Ask every server for these records, all at once, and tell what each says."""
    wanted = asked_for(records)
    resolvers = asker.each_resolver()
    of_domain = [(domain, "SOA"), (domain, "NS"), *((each.name, each.type) for each in wanted)]
    known, _ = await together(
        asker.every_server(domain),
        together(*(ask(*each) for ask in resolvers.values() for each in of_domain)),  # ahead
    )
    zone, servers = (known.zone, known.servers) if known else ("", ())
    if not _is_ours(zone, domain):
        zone, servers = "", ()
    told = [server.ask for server in servers if server.ask is not None]
    heard = await together(
        *(_heard(ask, zone or domain, wanted, asker) for ask in (*resolvers.values(), *told))
    )
    here, there = heard[: len(resolvers)], iter(heard[len(resolvers) :])
    lines = [_server_line(server, wanted, there) for server in servers]
    every = _compared([*map(_resolver_line, resolvers, here, [wanted] * len(here)), *lines])
    columns = (Column(zone or domain, "SOA"), Column(zone or domain, "NS"), *columns_of(wanted))
    return Sights(zone, columns, tuple(every[: len(here)]), tuple(every[len(here) :]))


def _is_ours(zone: str, domain: str) -> bool:
    """Whether a zone is one that was registered: of a domain that lapsed it is the level above."""
    top = organizational_domain(domain)
    return zone == top or zone.endswith(f".{top}")


async def _heard(
    ask: Ask, zone: str, records: Sequence[RequiredRecord], asker: TouringAsker
) -> _Heard:
    """Ask one server. One that is not there is asked for nothing but the start of the zone."""
    start = await ask(zone, "SOA")
    if start.reason in NOBODY_THERE:
        return _Heard(start)
    servers, answers = await together(
        ask(zone, "NS"), together(*(ask(record.name, record.type) for record in records))
    )
    alone = await together(
        *(rules.judge(*pair, asker.ask) for pair in zip(records, answers, strict=True))
    )
    judgements: list[Judgement] = dkim_keyless.together(records, alone)
    return _Heard(start, servers, tuple(map(View, answers, judgements)))


def _resolver_line(address: str, heard: _Heard, records: Sequence[RequiredRecord]) -> Line:
    return _filled(Line("", address), heard, records)


def _server_line(
    server: NameServer, records: Sequence[RequiredRecord], heard: Iterable[_Heard]
) -> Line:
    """Return the line of one server; the next that was `heard` is its own if it was asked."""
    line = Line(server.host, server.address, server.named)
    if server.ask is None:
        return replace(line, why=server.barred.value if server.barred else "")
    return _filled(line, next(iter(heard)), records)


def _filled(line: Line, heard: _Heard, records: Sequence[RequiredRecord]) -> Line:
    if heard.servers is None:
        return replace(line, why=heard.start.reason.value if heard.start.reason else "")
    of_zone = (_of_zone(heard.start, _serial), _of_zone(heard.servers, _hosts))
    return replace(line, cells=(*of_zone, *map(_of_record, records, heard.views)))


def _of_zone(answer: Answer, told: Callable[[Answer], str]) -> Cell:
    if answer.reason is not None:
        return Cell(Says.NOTHING, why=answer.reason.value)
    if answer.status is not Status.FOUND or answer.chain:
        return Cell(Says.ABSENT, ttl=answer.ttl)
    return Cell(Says.SAME, _cut(told(answer), LONGEST_TEXT), answer.ttl)


def _serial(start: Answer) -> str:
    """Return the serial number of an SOA record, the third of its fields (RFC 1035 3.3.13)."""
    return start.texts[0].split()[2]


def _hosts(servers: Answer) -> str:
    return " ".join(sorted(servers.texts))


def _of_record(record: RequiredRecord, view: View) -> Cell:
    answer, verdict = view.answer, view.judgement.verdict
    if answer.reason is not None:
        return Cell(Says.NOTHING, why=answer.reason.value)
    if verdict is RecordVerdict.OK:
        return Cell(Says.SAME, ttl=answer.ttl)
    if verdict is RecordVerdict.UNKNOWN:
        return Cell(Says.UNSURE, _published(record, answer), answer.ttl)
    text = "" if verdict is RecordVerdict.MISSING else _published(record, answer)
    return Cell(Says.OTHER if text else Says.ABSENT, text, answer.ttl)


def _published(record: RequiredRecord, answer: Answer) -> str:
    """Return what an answer has in place of a record, with the alias that led to it."""
    texts = sorted(map(typed, answer.values))
    told = " | ".join(of_its_kind(record, texts) or texts)
    if answer.chain and record.type != "CNAME":
        told = f"CNAME {answer.chain[0]} {told}".rstrip()
    return _cut(told, LONGEST_TEXT)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _compared(lines: Sequence[Line]) -> list[Line]:
    """Say of the zone's start and servers who has something else than the others.

    The newest serial number counts, and the name servers that most of the zone's own servers name.
    """
    told = [line for line in lines if line.cells]
    serials = [line.cells[0].text for line in told if line.cells[0].text.isdecimal()]
    own = [line for line in told if line.host] or told
    named = Counter(line.cells[1].text for line in own if line.cells[1].text).most_common(1)
    usual = reduce(_newer, serials, ""), named[0][0] if named else ""
    return [replace(line, cells=_marked(line.cells, usual)) for line in lines]


def _newer(one: str, other: str) -> str:
    if not one:
        return other
    return other if 0 < (int(other) - int(one)) % SERIALS < SERIALS // 2 else one


def _marked(cells: tuple[Cell, ...], usual: tuple[str, str]) -> tuple[Cell, ...]:
    of_zone = (
        replace(cell, says=Says.OTHER) if cell.says == Says.SAME and cell.text != wanted else cell
        for cell, wanted in zip(cells, usual, strict=False)
    )
    return (*of_zone, *cells[2:])
