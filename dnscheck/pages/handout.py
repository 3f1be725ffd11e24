"""Page: a domain's records as its DNS host wants them typed, and as other tools want them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dnscheck import exports, hosts
from dnscheck.conflicts import conflicts
from dnscheck.desired import desired
from dnscheck.findings import Action, Edit, RecordVerdict
from dnscheck.hosts import DnsHost, Recognised
from dnscheck.hosts.wording import Typed, typed
from dnscheck.models import RecordCheck, SendingDomain
from dnscheck.names import organizational_domain, spelt
from dnscheck.pages.budgets import Budget, budgets_of
from dnscheck.pages.comparison import Comparison, comparison_of
from dnscheck.records import RequiredRecord
from dnscheck.report import printable
from dnscheck.spf.forecast import LIMIT
from dnscheck.spf.terms import lookup_of
from smtp.providers.base import Match, Provider, Purpose

MOST_SIGHTS = 100  # rows that are looked through
_MX = re.compile(r"(\d{1,5}) (\S+)")


@dataclass(frozen=True)
class Place:
    """Where a domain's records are entered: the zone, and the host that serves it.

    `is_known` says that the zone was seen in the DNS; else it is what is usual. `is_chosen` says
    that a person named the host.
    """

    zone: str
    servers: tuple[str, ...]
    host: DnsHost
    recognised: Recognised
    is_known: bool
    is_chosen: bool

    def typed(self, name: str, type: str, value: str, priority: int | None) -> Typed:
        """Return a record as the host wants it."""
        return typed(
            self.host, zone=self.zone, name=name, type=type, value=value, priority=priority
        )

    def told(self, finding: Mapping[str, Any]) -> dict[str, Any]:
        """Return a finding with each of its edits as the host wants it, under `typed`.

        `compared` marks what an edit changes in a value, and is nothing if it only adds or deletes.
        A name that was saved in letters beyond ASCII is in these letters, to be found by them.
        """
        spelled = [{**edit, "name": printable(spelt(edit["name"]))} for edit in finding["edits"]]
        edits = [
            {**edit, "typed": self._typed_edit(edit), "compared": _compared(edit)}
            for edit in spelled
        ]
        return {**finding, "edits": edits}

    def _typed_edit(self, edit: Mapping[str, str]) -> Typed:
        value, priority = edit["to"] or edit["from"], None
        if edit["type"] == "MX" and (parts := _MX.fullmatch(value)):
            priority, value = int(parts[1]), parts[2]
        return self.typed(edit["name"], edit["type"], value, priority)


def _compared(edit: Mapping[str, str]) -> Comparison | None:
    before, after = edit["from"], edit["to"]
    return comparison_of(edit["type"], after, before) if before and after else None


def place_of(domain: SendingDomain) -> Place:
    """Return where a domain's records are entered, as far as that is known."""
    recognised = hosts.recognise(domain.name_servers)
    alone = recognised.hosts[0] if len(recognised.hosts) == 1 else hosts.GENERIC
    return Place(
        zone=domain.zone or organizational_domain(domain.name),
        servers=tuple(domain.name_servers),
        host=hosts.get(domain.dns_host) if domain.dns_host in dict(hosts.choices()) else alone,
        recognised=recognised,
        is_known=bool(domain.zone),
        is_chosen=bool(domain.dns_host),
    )


def wanted_value(
    record: RequiredRecord, seen: RecordCheck | None, sight: RecordCheck | None
) -> str:
    """Return the value to have at a record, empty for none, given what was seen there.

    `seen` is the last check's row of this very record. While there is none, or nothing could be
    asked, `sight` tells what was published when it was last seen, whatever was wanted then.
    """
    if seen is None or seen.verdict == RecordVerdict.UNKNOWN:
        return desired(record, "", sight.observed if sight else (), ())
    edits = [Edit.from_json(edit) for finding in seen.findings for edit in finding["edits"]]
    return desired(record, seen.verdict, seen.observed, edits)


@dataclass(frozen=True)
class Known:
    """What was seen of a domain: at the last check, and last for certain (`sights_of`)."""

    seen: dict[tuple[str, str, str], RecordCheck] = field(default_factory=dict)
    sights: dict[tuple[str, str, str], RecordCheck] = field(default_factory=dict)


def export_of(
    domain: SendingDomain, records: Sequence[RequiredRecord], known: Known | None = None
) -> exports.Export:
    """Return a domain's records for other tools, each with the value to have in the end.

    What is known of it is looked up unless it is at hand.
    """
    known = known or Known(_last_seen(domain), sights_of(domain))
    seen, sights = known.seen, known.sights
    final = []
    for record in records:
        value = wanted_value(record, seen.get(key_of(record)), sights.get(sight_key(record)))
        final += [replace(record, value=value)] if value else []
    cautions = (
        *_to_delete(seen.values()),
        *_over(domain),
        *(finding.title for finding in conflicts(records).values()),
    )
    return exports.Export(place_of(domain).zone, domain.name, tuple(final), cautions=cautions)


def _to_delete(rows: Iterable[RecordCheck]) -> Iterator[str]:
    """Yield what is in the way of the records, so that adding them is not enough."""
    edits = [edit for row in rows for finding in row.findings for edit in finding["edits"]]
    deleted = [edit for edit in edits if edit["action"] == Action.DELETE]
    for told in dict.fromkeys((edit["type"], edit["name"], edit["from"]) for edit in deleted):
        yield "Delete the {} record at {} that says: {}".format(*told)


def _over(domain: SendingDomain) -> Iterator[str]:
    for budget in budgets_of(domain):
        if budget.cost.lookups > LIMIT:
            yield (
                f"The SPF record at {budget.name} takes {budget.cost.lookups} DNS look-ups; "
                f"receivers stop after {LIMIT}. Drop an include nobody needs before you publish it."
            )


def key_of(record: RequiredRecord) -> tuple[str, str, str]:
    """Return what a row of a check has in common with the record it is of."""
    return record.name, record.type, record.value


def sight_key(record: RequiredRecord) -> tuple[str, str, str]:
    """Return under what an earlier sight of a record's name is found."""
    return record.name, record.type, record.purpose.value


def sights_of(domain: SendingDomain) -> dict[tuple[str, str, str], RecordCheck]:
    """Return what was last seen for certain where SPF and DMARC records are wanted."""
    rows = RecordCheck.objects.filter(
        parent__domain=domain, purpose__in=(Purpose.SPF, Purpose.DMARC)
    ).exclude(verdict=RecordVerdict.UNKNOWN)
    last = rows.order_by("-pk")[:MOST_SIGHTS]
    return {(row.name, row.type, row.purpose): row for row in reversed(last)}


def _last_seen(domain: SendingDomain) -> dict[tuple[str, str, str], RecordCheck]:
    """Return the rows of the last check of a domain, by what they are of."""
    check = domain.checks.first()
    rows = check.records.all() if check else ()
    return {(row.name, row.type, row.expected): row for row in rows}


@dataclass(frozen=True)
class Outlook:
    """What a provider would add to an SPF record, before the provider is added.

    `now` is what the record costs without it, as the last check found, or nothing.
    """

    name: str
    mechanisms: tuple[str, ...]
    now: Budget | None

    @property
    def least(self) -> int:
        """How many look-ups there would be at least: one for each include, more behind it."""
        own = sum(lookup_of(mechanism) is not None for mechanism in self.mechanisms)
        return own + (self.now.cost.lookups if self.now else 0)

    @property
    def limit(self) -> int:
        """How many look-ups receivers make."""
        return LIMIT


def outlooks_of(domain: SendingDomain, page: Provider) -> list[Outlook]:
    """Return what a provider would add to the SPF record of the domain itself."""
    now = next((budget for budget in budgets_of(domain) if budget.name == domain.name), None)
    known = [step.term for step in now.cost.steps] if now else []
    wanted = [
        mechanism
        for record in page.recipe_for({})
        if record.match is Match.SPF and record.host == "@"
        for mechanism in record.mechanisms
        if "{" not in mechanism and mechanism not in known
    ]
    return [Outlook(domain.name, tuple(wanted), now)] if wanted else []


def as_json(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return what surrounds a check, for other programs: zone and host, SPF's cost, alignment.

    `columns` are those of `Survey`, or of a domain's row.
    """
    zone, servers = columns.get("zone", ""), columns.get("name_servers", [])
    place = {
        "name": zone,
        "name_servers": servers,
        "dns_hosts": [host.slug for host in hosts.recognise(servers).hosts],
    }
    return {
        "zone": place if zone else None,
        "spf": columns["spf_forecasts"],
        "alignment": columns["outlooks"],
    }
