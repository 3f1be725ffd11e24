"""Checking very many domains together: the same is seen and written as by one check at a time."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import dns.flags
import dns.rcode
import pytest
from django.forms import model_to_dict
from django.test import override_settings

from dnscheck import verification
from dnscheck.management.commands.verify_domains import Command
from dnscheck.models import Basis, Check, Circuit, RecordCheck, SendingDomain
from dnscheck.watching import bulk, wire
from dnscheck.watching.bulk import Report, verify
from tenants.cover import packed
from tenants.models import Notice, Tenant
from tests.dnscheck.raw_dns import Query, RawDns, answer, asked, told
from tests.factories import make_domain, make_tenant
from tests.fakes import NOW, Clock

pytestmark = pytest.mark.django_db(transaction=True)

INCLUDED = "_spf.sender.example"
RECIPE = (("generic", {"mechanism": f"include:{INCLUDED}"}),)
RIGHT = (f'"v=spf1 include:{INCLUDED} ~all"', '"token"')
NAMES = ("right", "none", "wrong", "late", "dead", "large", "two")
AA, RD = dns.flags.AA, dns.flags.RD


@dataclass
class Dns:
    """A resolver, and the servers of all zones; `here` only the resolver has seen."""

    records: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    here: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    dead: str = "dead.example"
    queries: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, query: Query, tcp: bool) -> Iterable[bytes]:
        """Answer a query."""
        name, kind = asked(query)
        self.queries.append((name, kind))
        if name == self.dead or name.endswith("." + self.dead):
            return [answer(query, rcode=dns.rcode.SERVFAIL)]
        if not query.flags & RD:
            return [told(query, self.records, AA)]
        octets = told(query, {**self.records, **self.here})
        return [octets if tcp or len(octets) <= 1232 else answer(query, flags=dns.flags.TC)]


def zone(name: str, *texts: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the records of a zone whose servers are those of all."""
    return {
        (name, "SOA"): ("ns.lab.example. h.example. 1 2 3 4 300",),
        (name, "NS"): ("ns.lab.example.",),
        (name, "A"): ("192.0.2.1",),
        **({(name, "TXT"): texts} if texts else {}),
    }


def world_of(names: Iterable[str]) -> Dns:
    """Return a DNS in which each of the domains is as its name says."""
    large = tuple(f'"{letter * 250}"' for letter in "abcdef")
    texts = {"right": RIGHT, "wrong": ('"v=spf1 -all"',), "late": RIGHT}
    texts |= {"large": (RIGHT[0], *large), "two": (RIGHT[0], '"v=spf1 ~all"')}
    dns = Dns({("ns.lab.example", "A"): ("127.0.0.1",), ("example", "NS"): ("ns.lab.example.",)})
    dns.records |= {(INCLUDED, "TXT"): ('"v=spf1 ip4:192.0.2.0/24 -all"',)}
    dns.records |= {("example", "SOA"): ("ns.lab.example. h.example. 1 2 3 4 300",)}
    for name in names:
        dns.records |= zone(f"{name}.example", *texts.get(name, ()))
    return dns


@pytest.fixture
def world() -> Iterator[tuple[Dns, RawDns]]:
    """Return a DNS and its server, which the settings name."""
    dns = world_of(NAMES)
    with RawDns(dns) as server:
        place = f"127.0.0.1:{server.server[1]}"
        with override_settings(
            DNS_SERVERS=[place], DNS_QUESTION_SECONDS=0.5, DNS_DOMAIN_SECONDS=3.0
        ):
            yield dns, server


World = tuple[Dns, RawDns]


def domains(tenant: Tenant, names: Iterable[str] = NAMES) -> list[SendingDomain]:
    """Make domains that are due."""
    return [
        make_domain(
            tenant,
            f"{name}.example",
            RECIPE,
            next_check_at=NOW,
            created_at=NOW,
            verdict_since=NOW,
        )
        for name in names
    ]


def one_by_one(tenant: Tenant, clock: Clock) -> None:
    """Check the domains of a tenant as the worker does."""
    for pk in SendingDomain.objects.filter(tenant=tenant).values_list("pk", flat=True):
        SendingDomain.objects.filter(pk=pk).update(next_check_at=clock.now)
        assert verification.verify_domain(pk, clock=clock)


def together(tenant: Tenant, clock: Clock) -> Report:
    """Check them together."""
    SendingDomain.objects.filter(tenant=tenant).update(next_check_at=clock.now, compare_until=None)
    SendingDomain.objects.exclude(tenant=tenant).update(
        next_check_at=clock.now + dt.timedelta(days=1)
    )
    return verify(clock=clock)


def meant(answers: bytes) -> list[tuple[bytes, bytes]]:
    """Return the questions a verdict rests on, with what was said, in whatever order."""
    parts = wire.parts(answers)
    return [(entry[0], entry[3]) for part in parts for entry in wire.entries(part, None)]


def written(tenant: Tenant) -> dict[str, Any]:
    """Return all that is known of the domains of a tenant, but for what is each row's own."""
    own = {"id", "tenant", "next_check_at", "domain", "parent", "questions", "ttl"}

    def plain(row: Any) -> dict[str, Any]:
        values = {name: getattr(row, name) for name in (f.name for f in row._meta.fields)}
        return {name: value for name, value in values.items() if name not in own}

    rows = SendingDomain.objects.filter(tenant=tenant).order_by("name")
    records = RecordCheck.objects.filter(parent__domain__tenant=tenant).order_by("pk")
    return {
        "rows": [plain(row) for row in rows],
        "checks": {row.name: [plain(check) for check in row.checks.order_by("pk")] for row in rows},
        "records": sorted(json.dumps(plain(row)) for row in records),
        "bases": sorted(
            (basis.domain.name, bytes(basis.expected), meant(bytes(basis.answers)))
            for basis in Basis.objects.filter(domain__tenant=tenant).select_related("domain")
        ),
        "notices": sorted(
            (notice.topic, notice.subject, notice.cause, notice.title, str(notice.changes))
            for notice in Notice.objects.filter(tenant=tenant)
        ),
    }


def test_it_writes_what_one_check_at_a_time_writes(world: World) -> None:
    """Row, history, basis and notices, from the first check to failing and back again."""
    dns, clock = world[0], Clock()
    alone, many = make_tenant("Alone"), make_tenant("Many")
    domains(alone)
    domains(many)

    def both() -> None:
        one_by_one(alone, clock)
        assert together(many, clock).domains == len(NAMES)
        assert written(many) == written(alone)

    both()
    verdicts = dict(SendingDomain.objects.filter(tenant=many).values_list("name", "verdict"))
    assert verdicts["right.example"] == verdicts["large.example"] == "verified"
    assert verdicts["none.example"] == verdicts["dead.example"] == "pending"
    dns.records |= zone("right.example", '"v=spf1 -all"')
    dns.here[("late.example", "TXT")] = ('"v=spf1 -all"',)  # and its own servers know better
    for minutes in (10, 10):
        clock.forward(minutes=minutes)
        both()
    verdicts = dict(SendingDomain.objects.filter(tenant=many).values_list("name", "verdict"))
    assert (verdicts["right.example"], verdicts["late.example"]) == ("failing", "at_risk")
    dns.records |= zone("right.example", *RIGHT)
    dns.here.clear()
    clock.forward(minutes=10)
    both()
    assert Notice.objects.filter(tenant=many, topic="domain.failing").count() == 1


def test_what_domains_share_is_asked_once_and_servers_only_of_what_is_wrong(world: World) -> None:
    """A provider's record is asked for once in a run; nobody asks the servers of a right zone."""
    dns, names = world[0], [f"n{number}" for number in range(12)]
    for name in names:
        dns.records |= zone(f"{name}.example", *RIGHT)
    domains(make_tenant(), names)
    report = verify(clock=Clock())
    assert (report.domains, report.good, report.bad, report.unknown) == (12, 12, 0, 0)
    assert dns.queries.count((INCLUDED, "TXT")) == 1
    assert dns.queries.count(("n1.example", "SOA")) == 1
    dns.queries.clear()
    domains(make_tenant(), ["none"])
    assert verify(clock=Clock()).bad == 1
    assert dns.queries.count(("none.example", "SOA")) == 2  # of the resolver, and of the server


def test_only_what_is_due_is_checked_unless_all_are_wanted(world: World) -> None:
    """At most so many, none that somebody holds, and none that broke its worker before."""
    tenant, clock = make_tenant(), Clock()
    rows = domains(tenant, ["right", "none", "wrong", "two", "late"])
    held, broken, later, lost = rows[:4]
    lease = {"claim_token": "another", "claimed_until": NOW + dt.timedelta(seconds=30)}
    SendingDomain.objects.filter(pk=held.pk).update(**lease)
    SendingDomain.objects.filter(pk=broken.pk).update(tries=2)
    SendingDomain.objects.filter(pk=later.pk).update(next_check_at=NOW + dt.timedelta(hours=1))
    ended = {**lease, "claimed_until": NOW - dt.timedelta(seconds=1), "tries": 1}
    SendingDomain.objects.filter(pk=lost.pk).update(**ended)  # by a run that was killed
    assert bulk.waiting(NOW) == 2
    assert verify(clock=clock, limit=1).domains == 1
    assert verify(clock=clock).domains == 1
    assert verify(clock=clock).domains == 0
    assert verify(clock=clock, everything=True).domains == 3
    assert SendingDomain.objects.get(pk=held.pk).claim_token == "another"


def test_what_somebody_else_took_meanwhile_is_left_to_them(world: World) -> None:
    """A claim that is lost loses only its own domain."""
    rows = domains(make_tenant(), ["right", "two"])
    times = count()

    def clock() -> dt.datetime:
        if next(times) == 1:  # when both were claimed
            SendingDomain.objects.filter(pk=rows[0].pk).update(claim_token="another")
        return NOW

    assert verify(clock=clock).domains == 1
    taken, kept = (SendingDomain.objects.get(pk=row.pk) for row in rows)
    assert (taken.claim_token, taken.last_checked_at) == ("another", None)
    assert (kept.claim_token, kept.last_checked_at) == ("", NOW)
    assert Check.objects.get().domain_id == kept.pk


def test_a_run_that_is_stopped_gives_back_what_it_held(world: World) -> None:
    """Nothing waits for the end of a lease, and nothing counts as tried."""
    domains(make_tenant(), ["right", "two"])
    times = count()

    def clock() -> dt.datetime:
        if next(times) == 1:
            raise KeyboardInterrupt
        return NOW

    with pytest.raises(KeyboardInterrupt):
        verify(clock=clock)
    rows = SendingDomain.objects.values_list("claim_token", "claimed_until", "tries")
    assert set(rows) == {("", None, 0)}
    assert verify(clock=Clock()).domains == 2


def test_what_breaks_a_check_stops_no_other(world: World) -> None:
    """It counts as tried, so that it is soon left to a check of it alone."""
    broken, fine = domains(make_tenant(), ["right", "two"])
    times = count()

    def clock() -> dt.datetime:
        if next(times) == 3:  # the first time while domains are looked at
            raise LookupError
        return NOW

    report = verify(clock=clock)
    assert (report.domains, report.unknown, report.done) == (2, 1, 2)
    tried = SendingDomain.objects.order_by("tries").values_list("tries", "claim_token")
    assert list(tried) == [(0, ""), (1, "")]
    assert {broken.pk, fine.pk} == set(SendingDomain.objects.values_list("pk", flat=True))


def test_nothing_required_and_resting_servers_are_passed_over(world: World) -> None:
    """The one is put off, the other is given back as it was."""
    tenant = make_tenant()
    before: dict[str, Any] = {"senders": "+postmark:", "dmarc_policy": "reject"}
    bare = make_domain(tenant, "bare.example", next_check_at=NOW, verdict="verified", **before)
    resting = domains(tenant, ["right"])[0]
    SendingDomain.objects.filter(pk=resting.pk).update(operator="lab.example")
    until = NOW + dt.timedelta(minutes=1)
    Circuit.objects.create(operator="lab.example", since=NOW, failures=9, open_until=until)
    report = verify(clock=Clock())
    assert (report.domains, report.passed, report.done) == (2, 2, 2)
    bare.refresh_from_db()
    assert (bare.verdict, bare.claim_token) == ("pending", "")
    assert (bare.senders, bare.dmarc_policy) == (packed([]), "")
    given = model_to_dict(SendingDomain.objects.get(pk=resting.pk))
    assert (given["verdict"], given["next_check_at"]) == ("pending", NOW)


def test_silence_is_noted_and_an_answer_forgets_it(world: World) -> None:
    """Circuits see the same as with one check at a time."""
    tenant, clock = make_tenant(), Clock()
    domains(tenant, ["dead", "right"])
    SendingDomain.objects.update(operator="lab.example")
    Circuit.objects.create(operator="other.example", since=NOW, failures=1)
    verify(clock=clock)
    assert set(Circuit.objects.values_list("operator", flat=True)) <= {
        "lab.example",
        "other.example",
    }


def test_a_resolver_that_cannot_be_asked_moves_nothing() -> None:
    """Nobody listens there: all is unknown, and nobody waits for long."""
    domains(make_tenant(), ["right", "none"])
    with (
        RawDns(lambda _query, _tcp: []) as server,
        override_settings(
            DNS_SERVERS=[f"127.0.0.1:{server.server[1]}"],
            DNS_QUESTION_SECONDS=0.05,
            DNS_DOMAIN_SECONDS=0.3,
        ),
    ):
        report = verify(clock=Clock())
    assert (report.domains, report.unknown) == (2, 2)
    assert set(SendingDomain.objects.values_list("verdict", flat=True)) == {"pending"}


def test_the_command_tells_what_it_did(world: World, capsys: Any) -> None:
    """In sentences or as one object; the exit status says the worst."""
    tenant = make_tenant()
    domains(tenant, ["right"])
    Command().run_from_argv(["manage.py", "verify_domains"])
    assert "1 right" in capsys.readouterr().out
    domains(tenant, ["none"])
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "verify_domains", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (end.value.code, told["domains"], told["bad"]) == (1, 1, 1)


def test_the_command_refuses_in_a_sentence(capsys: Any) -> None:
    """A resolver that is none is bad usage."""
    with override_settings(DNS_SERVERS=["nowhere"]), pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "verify_domains"])
    assert end.value.code == 64
    assert "nowhere" in capsys.readouterr().err


def test_what_servers_said_before_is_not_gone_because_nobody_asked_them(
    world: World, tenant: Tenant
) -> None:
    """A domain that is right, but for a name server without an address: no change is seen."""
    dns, _ = world
    dns.records["right.example", "NS"] = ("ns.lab.example.", "gone.lab.example.")
    (row,) = domains(tenant, ["right"])
    clock = Clock()
    one_by_one(tenant, clock)
    assert Check.objects.get().findings, "the server without an address is told of"
    clock.forward(hours=1)
    assert together(tenant, clock).good == 1
    assert Check.objects.count() == 1
    row.refresh_from_db()
    assert row.last_checked_at == clock.now
