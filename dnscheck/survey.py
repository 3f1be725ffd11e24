"""Everything one look at a domain brings up: the diagnosis, its zone, and what SPF would cost."""

from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from dnscheck import alignment, voluntary
from dnscheck.answers import Asker
from dnscheck.conflicts import with_conflicts
from dnscheck.desired import desired
from dnscheck.diagnosis import (
    NO_SUCH_DOMAIN,
    DomainResult,
    RecordResult,
    diagnose,
    fingerprint,
)
from dnscheck.findings import Finding, RecordVerdict, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules.dmarc_policy import Policy, demand, policy_for
from dnscheck.rules.from_domain import way_back
from dnscheck.rules.host import state
from dnscheck.rules.places import RAW_UNICODE
from dnscheck.spf import advice
from dnscheck.spf.forecast import Forecast, forecast
from dnscheck.standpoints import ask_ahead, is_right_everywhere, only_here, with_standpoints
from dnscheck.standpoints.holders import held_elsewhere
from dnscheck.together import together
from dnscheck.verdicts import Result
from dnscheck.zone import Zone, find_zone
from smtp.providers.base import Match
from tenants.cover import Sender, packed

MOST_SERVERS = 20  # of a zone that are kept
INCOMPLETE = Finding(
    "recipe.incomplete",
    Severity.ERROR,
    "Some of the records that are needed cannot be told yet",
    "There is no value for: {what}. Without it the domain cannot be called verified.",
    "Enter it below, at the provider.",
)
NEW_SUBDOMAIN = Finding(
    "dns.new-subdomain",
    Severity.INFO,
    "Nothing is published at {domain} or under it yet",
    "That is normal for a new subdomain of {zone}.",
    "Add the records below. If there should be something already, check the spelling.",
)


@dataclass(frozen=True)
class Survey:
    """A diagnosis with what surrounds it.

    `zone` is None when it could not be found or asked for. `forecasts` tell, by name, what each
    SPF record costs once it is as it should be, `outlooks` what DMARC will say of each provider.
    `policy` is as of `policy_for`.
    """

    result: DomainResult
    zone: Zone | None
    forecasts: dict[str, Forecast]
    outlooks: tuple[alignment.ProviderOutlook, ...]
    policy: Policy | None

    @property
    def columns(self) -> dict[str, Any]:
        """The plain values that a domain's row keeps. A zone not found is not forgotten."""
        values: dict[str, Any] = {
            "spf_forecasts": {name: cost.as_json() for name, cost in self.forecasts.items()},
            "outlooks": [asdict(outlook) for outlook in self.outlooks],
            "senders": packed(
                Sender(one.provider, one.setting, one.passes) for one in self.outlooks
            ),
            "dmarc_policy": demand(self.policy),
        }
        if self.zone is not None:
            servers = list(self.zone.servers)[:MOST_SERVERS]
            operator = organizational_domain(servers[0]) if servers else ""
            values |= {"zone": self.zone.name, "name_servers": servers, "operator": operator}
        return values


async def survey(
    domain: str,
    records: Sequence[RequiredRecord],
    asker: Asker,
    *,
    dns_host: str = "",
    ahead: bool = True,
) -> Survey:
    """Diagnose a domain, then look at its zone and at what its SPF records lead to.

    `dns_host` is the slug of the DNS host that a person named, if one did. Each question is a round
    trip away: what will be asked anyway sets out with the first ones, unless nobody waits for this
    domain and there is nothing to be gained by going `ahead`.
    """
    ask = asker.ask
    result, zone, policy, (way, unasked, beside), _ = await together(
        diagnose(domain, records, ask),
        find_zone(domain, ask),
        policy_for(domain, ask),
        together(
            way_back(domain, records, ask),
            alignment.unasked(domain, records, ask),
            voluntary.findings(domain, ask),
        ),
        together(*(_ahead(domain, records, asker) if ahead else ())),
    )
    spf = [seen for seen in result.records if seen.record.match is Match.SPF]
    result, costs = await together(
        with_standpoints(result, zone, asker),
        together(*(forecast(_wanted(seen), seen.record.name, ask) for seen in spf)),
    )
    forecasts = {seen.record.name: cost for seen, cost in zip(spf, costs, strict=True)}
    told = tuple(_with_advice(seen, forecasts) for seen in result.records)
    findings = (
        *_in_zone(result, zone, dns_host),
        *way,
        *unasked,
        *alignment.findings(domain, result.records, policy),
        *_beside(beside, result.records),
    )
    outlooks = alignment.outlook(domain, result.records, policy)
    result = with_conflicts(replace(result, records=told, findings=findings))
    return Survey(result, zone, forecasts, outlooks, policy)


def _ahead(
    domain: str, records: Sequence[RequiredRecord], asker: Asker
) -> Iterator[Awaitable[object]]:
    yield ask_ahead(domain, records, asker)
    for record in records:
        if record.match is Match.SPF:
            yield forecast(record.value, record.name, asker.ask)


async def survey_sparing(
    name: str,
    records: Sequence[RequiredRecord],
    asker: Asker,
    *,
    known: str = "",
    dns_host: str = "",
) -> Survey:
    """Survey a domain, and ask servers of its zone only if something may not be right.

    `known` is the fingerprint of the last check. What it saw at these servers is not gone because
    nobody asked: only the first look, or one that says the same, does without them.
    """
    seen = await survey(name, records, only_here(asker), dns_host=dns_host, ahead=False)
    if is_right_everywhere(seen.result) and known in ("", fingerprint(seen.result)):
        return seen
    return await survey(name, records, asker, dns_host=dns_host, ahead=False)


def _in_zone(result: DomainResult, zone: Zone | None, dns_host: str) -> Iterator[Finding]:
    """Yield what is said of the domain as a whole, now that its zone is known."""
    if zone is None:
        yield from result.findings
        return
    if result.result is Result.BAD:
        yield from held_elsewhere(zone, dns_host)
    codes = {finding.code for seen in result.records for finding in seen.findings}
    for finding in result.findings:
        if RAW_UNICODE.code in codes and finding.code == NO_SUCH_DOMAIN.code:
            continue  # there is something, under a name that nobody asks for
        is_inside = zone.name != result.domain
        yield _new_subdomain(result.domain, zone, finding) if is_inside else finding


def _beside(findings: Sequence[Finding], records: Sequence[RecordResult]) -> Iterator[Finding]:
    """Yield what is said of records nobody demands, but where a demanded one needs an edit."""
    edited = {seen.record.name for seen in records if seen.verdict is not RecordVerdict.OK}
    for finding in findings:
        if edited.isdisjoint(edit.name for edit in finding.edits):
            yield finding


def incomplete(what: str) -> Finding:
    """Return that not everything required is known, so that nothing can be called verified."""
    return state(INCOMPLETE, what=what)


def _new_subdomain(domain: str, zone: Zone, finding: Finding) -> Finding:
    """Return what it means that a name inside an existing zone does not exist: not yet."""
    if finding.code != NO_SUCH_DOMAIN.code:
        return finding
    return state(NEW_SUBDOMAIN, domain=domain, zone=zone.name)


def _wanted(seen: RecordResult) -> str:
    edits = [edit for finding in seen.findings for edit in finding.edits]
    return desired(seen.record, seen.verdict, seen.observed, edits)


def _with_advice(seen: RecordResult, forecasts: dict[str, Forecast]) -> RecordResult:
    """Return a record's result with what the forecast warns of, if it is an SPF record."""
    cost = forecasts.get(seen.record.name)
    if cost is None or seen.record.match is not Match.SPF:
        return seen
    further = advice.findings(
        cost,
        seen.record.name,
        is_published=cost.record in seen.observed,
        told={finding.code for finding in seen.findings},
    )
    return replace(seen, findings=(*seen.findings, *further))
