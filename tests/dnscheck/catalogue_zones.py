"""Whole looks at domains: zones on the lab's name server, asked by the real resolver.

A domain's own records are written by whoever needs them; what the records of a provider lead to
is made here, so that a right zone is right to its last link.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import dns.name

from config.lab.nameserver import NameServer, Zone
from config.lab.zones import KEY, SERIAL, Inputs, txt
from dnscheck.findings import Finding
from dnscheck.names import organizational_domain
from dnscheck.records import Recipe, RequiredRecord, required_records
from dnscheck.resolver import Resolver
from dnscheck.survey import Survey, survey
from tests.dnscheck import golden
from tests.dnscheck.rounds import Looked, look_in_rounds

HEAD = SERIAL.format(about="made for a test") + "@ NS ns1.lab.example.\n"
# Whatever no other zone has does not exist.
ROOT = {".": "", "example": "", "lab.example": "ns1 A 127.0.0.1\n"}

AT_ONCE = 4  # domains looked at over sockets, so that no question waits long

Recipes = tuple[tuple[str, Inputs], ...]
Row = Sequence[str]  # need, type, absolute name, value: as golden files write a record


@dataclass(frozen=True)
class Case:
    """A domain to look at, and who sends for it."""

    domain: str
    recipes: Recipes

    @property
    def records(self) -> tuple[RequiredRecord, ...]:
        """What the domain needs."""
        return required_records(self.domain, [Recipe(*recipe) for recipe in self.recipes])


class StillServer(NameServer):
    """The lab's name server for zones that nobody edits: each file is read once."""

    @cached_property
    def _still(self) -> dict[str, Zone]:
        return {str(zone.data.origin).lower(): zone for zone in self._read()}

    def _zone_of(self, name: dns.name.Name) -> Zone | None:
        labels = str(name).lower().split(".")
        above = (".".join(labels[start:]) or "." for start in range(len(labels)))
        return next((self._still[zone] for zone in above if zone in self._still), None)


def serving(folder: Path, zones: Mapping[str, str]) -> StillServer:
    """Return a server of these zones and of those above them; it only answers to `respond`.

    `zones` are texts by origin, to which the start of a zone file is added. The first line of one
    may be a mood of its servers.
    """
    for origin, text in {**ROOT, **zones}.items():
        first = text.partition("\n")[0] if text.startswith("; mood:") else ""
        (folder / f"{origin}.zone").write_text(f"{first}\n{HEAD}{text}", encoding="utf-8")
    return StillServer(folder)


def looked_at(folder: Path, cases: Iterable[Case], zones: Mapping[str, str]) -> dict[str, Looked]:
    """Look at each domain of these zones once, and return what was seen by domain."""
    server = serving(folder, zones)
    return {
        case.domain: look_in_rounds(server, server, case.domain, case.records) for case in cases
    }


def looked_at_over_sockets(
    folder: Path, cases: Sequence[Case], zones: Mapping[str, str]
) -> dict[str, Survey]:
    """Look at each domain once, with the zones on a real name server, and return what was seen."""

    async def one(case: Case, port: int, turn: asyncio.Semaphore) -> Survey:
        async with turn:
            asking = Resolver([("127.0.0.1", port)], question_seconds=2, domain_seconds=20)
            return await survey(case.domain, case.records, asking)

    async def every(port: int) -> list[Survey]:
        turn = asyncio.Semaphore(AT_ONCE)
        return await asyncio.gather(*(one(case, port, turn) for case in cases))

    with serving(folder, zones) as server:
        return {seen.result.domain: seen for seen in asyncio.run(every(server.port))}


def told(seen: Survey) -> list[Finding]:
    """Return all findings of one look, those of the records first."""
    of_records = [finding for record in seen.result.records for finding in record.findings]
    return [*of_records, *seen.result.findings]


def as_published(rows: Iterable[Row], size: int = 200) -> str:
    """Return records as zone-file text with absolute names."""
    lines = []
    for _, kind, name, value in rows:
        if kind == "TXT":
            lines.append(txt(f"{name}.", value, size))
        else:
            lines.append(f"{name}. {kind} {value}.\n")
    return "".join(lines)


def provider_side(rows: Iterable[Row], own: Iterable[str] = ()) -> dict[str, str]:
    """Return the zones with all that records lead to, by origin, but for the domains' own."""
    lines: dict[str, set[str]] = {}
    for row in rows:
        for host, line in _targets(row):
            origin = organizational_domain(host.removeprefix("*._report._dmarc."))
            if origin not in own:
                lines.setdefault(origin, set()).add(line)
    return {origin: "".join(sorted(found)) for origin, found in lines.items()}


def _targets(row: Row) -> Iterator[tuple[str, str]]:
    """Yield each host a record leads to, with a line of zone file about it."""
    _, kind, name, value = row
    if kind == "CNAME" and "._domainkey." in name:
        yield value, txt(f"{value}.", f"v=DKIM1; k=rsa; p={KEY}")
    elif kind == "CNAME":
        yield value, f"{value}. A 192.0.2.80\n"
        yield value, txt(f"{value}.", "v=spf1 ip4:192.0.2.0/24 ~all")
    elif kind == "MX":
        host = value.rpartition(" ")[2]
        yield host, f"{host}. A 192.0.2.25\n"
    for host in re.findall(r"(?:include:|redirect=)(\S+)", value):
        yield host, txt(f"{host}.", "v=spf1 ip4:192.0.2.0/24 ~all")
    for host in re.findall(r" a:(\S+)", value):
        yield host, f"{host}. A 192.0.2.1\n"
    for host in re.findall(r"mailto:[^@\s]+@([\w.-]+)", value):
        yield host, f"{host}. A 192.0.2.25\n"
        yield host, txt(f"*._report._dmarc.{host}.", "v=DMARC1")


def golden_case(slug: str, number: int, domain: str) -> tuple[Inputs, list[Row]]:
    """Return inputs and records of a golden case, moved from the golden domain to another one.

    For a domain with a subdomain's number of labels, the subdomain's records are taken.
    """
    case = _read(slug)["cases"][number]
    place = golden.DOMAINS[organizational_domain(domain) != domain]

    def moved(text: str) -> str:
        dashes = domain.replace(".", "-")
        return text.replace(place, domain).replace(place.replace(".", "-"), dashes)

    inputs = {name: moved(value) for name, value in case["inputs"].items()}
    return inputs, [[*row[:2], *map(moved, row[2:])] for row in case[place]]


@cache
def _read(slug: str) -> dict[str, Any]:
    return golden.read(slug)
