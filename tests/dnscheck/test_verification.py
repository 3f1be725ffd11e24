"""Checking a domain: claims, history, silence, confirmation, and what dead workers leave."""

import datetime as dt
from typing import Any

import pytest

from dnscheck import verification
from dnscheck.acknowledging import acknowledge, found_in
from dnscheck.answers import Reason
from dnscheck.models import Check, RecordCheck, SendingDomain
from dnscheck.reopening import FOREVER, evidence_of
from dnscheck.verdicts import Verdict
from dnscheck.watching import timetable
from tests.factories import make_domain, make_user
from tests.fakes import NOW, Bell, Clock, FakeDns

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "shop.example"
GOOD = {(NAME, "TXT"): ("v=spf1 ip4:192.0.2.1 ~all",)}
RECIPE = (("generic", {"mechanism": "ip4:192.0.2.1"}),)


def domain(**fields: Any) -> SendingDomain:
    """Make a due domain that needs one SPF record."""
    return make_domain(
        name=NAME, recipes=RECIPE, next_check_at=NOW, created_at=NOW, verdict_since=NOW, **fields
    )


def check(row: SendingDomain, clock: Clock, dns: FakeDns) -> SendingDomain:
    """Run one check that must be ours, and return the row after it."""
    SendingDomain.objects.filter(pk=row.pk).update(next_check_at=clock.now)
    assert verification.verify_domain(row.pk, clock=clock, make_resolver=lambda: dns)
    return SendingDomain.objects.get(pk=row.pk)


def test_a_good_domain_is_verified_and_history_grows_with_changes_only() -> None:
    """Ten equal checks leave one row; a change leaves the second."""
    row, clock = domain(), Clock()
    for _ in range(10):
        row = check(row, clock, FakeDns(dict(GOOD)))
        clock.forward(hours=1)
    assert row.verdict == Verdict.VERIFIED
    assert Check.objects.count() == 1
    assert RecordCheck.objects.get().verdict == "ok"
    row = check(row, clock, FakeDns())
    assert row.verdict == Verdict.AT_RISK
    assert [c.result for c in Check.objects.all()] == ["bad", "good"]


def test_a_second_bad_check_confirmed_at_the_zone_makes_failing() -> None:
    """At risk first, failing five minutes later, verified again with one good answer."""
    row, clock = domain(), Clock()
    row = check(row, clock, FakeDns(dict(GOOD)))
    row = check(row, clock, FakeDns())
    clock.forward(minutes=4)
    assert check(row, clock, FakeDns()).verdict == Verdict.AT_RISK
    clock.forward(minutes=1)
    assert check(row, clock, FakeDns()).verdict == Verdict.FAILING
    row = check(row, clock, FakeDns(dict(GOOD)))
    assert (row.verdict, row.bad_since, row.failure_streak) == (Verdict.VERIFIED, None, 0)


@pytest.mark.parametrize("others", [FakeDns(dict(GOOD)), FakeDns(default=Reason.TIMEOUT)])
def test_without_confirmation_nothing_fails(others: FakeDns) -> None:
    """A resolver that alone says missing does not make a domain failing."""
    row, clock = domain(), Clock()
    row = check(row, clock, FakeDns(dict(GOOD)))
    for _ in range(5):
        row = check(row, clock, FakeDns(others=others))
        clock.forward(minutes=10)
    assert row.verdict == Verdict.AT_RISK


@pytest.mark.parametrize("reason", list(Reason))
def test_silence_keeps_the_verdict(reason: Reason) -> None:
    """Whatever stops us from asking, a verified domain stays verified, for days."""
    row, clock = domain(), Clock()
    row = check(row, clock, FakeDns(dict(GOOD)))
    since = row.verdict_since
    for _ in range(5):
        row = check(row, clock, FakeDns(default=reason))
        clock.forward(days=1)
    assert (row.verdict, row.verdict_since) == (Verdict.VERIFIED, since)
    assert row.unknown_since == NOW
    assert RecordCheck.objects.filter(verdict="missing").count() == 0


def test_a_domain_in_hand_is_nobody_elses() -> None:
    """A second message finds nothing to do while a worker holds the claim."""
    row, clock = domain(), Clock()
    token = SendingDomain.objects.claim(row.pk, NOW, dt.timedelta(seconds=30))
    assert token
    dns = FakeDns()
    assert not verification.verify_domain(row.pk, clock=clock, make_resolver=lambda: dns)
    assert dns.questions == 0


def test_a_worker_that_lost_its_claim_writes_nothing() -> None:
    """The holder of the newer token alone writes the result."""
    row, times = domain(), iter([NOW, NOW])

    def clock() -> dt.datetime:
        """Give the time; by the end of the check somebody else holds the claim."""
        now = next(times)
        SendingDomain.objects.exclude(claim_token="").update(claim_token="another")
        return now

    assert not verification.verify_domain(row.pk, clock=clock, make_resolver=FakeDns)
    row.refresh_from_db()
    assert (row.verdict, row.last_checked_at) == (Verdict.PENDING, None)
    assert Check.objects.count() == 0


def test_the_sweep_rings_once_for_what_is_due() -> None:
    """Due and not announced lately; neither what is in hand nor what is due later."""
    due = domain()
    later = make_domain(next_check_at=NOW + dt.timedelta(seconds=1))
    held = make_domain(next_check_at=NOW, claimed_until=NOW + dt.timedelta(seconds=9))
    bell = Bell()
    assert timetable.sweep(ring=bell, now=NOW) == 1
    assert timetable.sweep(ring=bell, now=NOW + dt.timedelta(milliseconds=500)) == 0
    timetable.sweep(ring=bell, now=NOW + dt.timedelta(minutes=1))
    assert bell.rung[0] == due.pk
    assert sorted(bell.rung[1:]) == sorted([due.pk, later.pk, held.pk])


def test_a_row_that_breaks_its_worker_is_put_off() -> None:
    """After five claims without a result it stands aside for an hour, and the others go on."""
    row, other = domain(), make_domain(next_check_at=NOW)
    now = NOW
    for _ in range(timetable.MAX_TRIES):
        assert SendingDomain.objects.claim(row.pk, now, dt.timedelta(seconds=30))
        now += dt.timedelta(seconds=31)
    bell = Bell()
    timetable.sweep(ring=bell, now=now)
    assert bell.rung == [other.pk]
    timetable.sweep(ring=bell, now=now + dt.timedelta(hours=1))
    assert row.pk in bell.rung


def test_asking_for_a_check_survives_a_broker_that_is_down() -> None:
    """The row is due; the bell is only a bell."""
    row = domain(verdict=Verdict.VERIFIED)
    SendingDomain.objects.update(next_check_at=NOW + dt.timedelta(days=1))
    verification.check_soon(row, ring=Bell(broken=True), now=NOW)
    bell = Bell()
    timetable.sweep(ring=bell, now=NOW + dt.timedelta(minutes=1))
    assert bell.rung == [row.pk]


def test_a_change_during_a_check_is_checked_again() -> None:
    """A check that began before the change writes nothing, and the domain stays due."""
    row, times = domain(), iter([NOW, NOW])

    def clock() -> dt.datetime:
        """Give the time; by the end of the check somebody has changed something."""
        now = next(times)
        if SendingDomain.objects.exclude(claim_token="").exists():
            verification.check_soon(row, ring=Bell(), now=now)
        return now

    assert not verification.verify_domain(row.pk, clock=clock, make_resolver=FakeDns)
    row.refresh_from_db()
    assert (row.last_checked_at, row.next_check_at, row.claimed_until) == (None, NOW, None)


def test_what_proves_nothing_does_not_stay_verified() -> None:
    """Without any required record a verified domain is pending again; the history has it once."""
    row, clock = domain(), Clock()
    row = check(row, clock, FakeDns(dict(GOOD)))
    row.recipes.all().delete()
    clock.forward(hours=1)
    row = check(row, clock, FakeDns(dict(GOOD)))
    assert (row.verdict, row.verdict_since) == (Verdict.PENDING, clock.now)
    clock.forward(days=1)
    check(row, clock, FakeDns(dict(GOOD)))
    told = [(moment.verdict, moment.records.count()) for moment in Check.objects.all()]
    assert told == [("pending", 0), ("verified", 1)]


def test_a_check_that_sees_something_else_ends_the_calm() -> None:
    """All that was wrong was acknowledged, and now something else is wrong."""
    row, clock = domain(), Clock()
    row = check(row, clock, FakeDns({(NAME, "TXT"): ("v=spf1 -all",)}))
    person = make_user()
    for key, findings in found_in(row.checks.first()).items():
        evidence = evidence_of(findings)
        assert acknowledge(
            row, key, evidence, reason="Known.", until=None, by=person, now=clock.now
        )
    row.refresh_from_db()
    assert row.acknowledged_until == FOREVER
    clock.forward(hours=1)
    row = check(row, clock, FakeDns({(NAME, "TXT"): ("v=spf1 mx -all",)}))
    assert row.acknowledged_until is None


def test_a_clock_that_was_ahead_strands_no_domain() -> None:
    """What was put off by a year, claimed or announced in the future, is due now."""
    year = dt.timedelta(days=365)
    put_off = domain(claimed_until=NOW + year, announced_until=NOW + year)
    SendingDomain.objects.update(next_check_at=NOW + year)
    bell = Bell()
    timetable.sweep(ring=bell, now=NOW)
    assert bell.rung == [put_off.pk]
    assert verification.verify_domain(
        put_off.pk, clock=Clock(), make_resolver=lambda: FakeDns(dict(GOOD))
    )


def test_a_broker_that_is_down_does_not_end_the_sweep() -> None:
    """Every due domain is announced, and the next sweep announces it again."""
    domain()
    make_domain(next_check_at=NOW)
    assert timetable.sweep(ring=Bell(broken=True), now=NOW) == 2
    assert timetable.sweep(ring=Bell(), now=NOW + dt.timedelta(minutes=1)) == 2


def test_what_befell_one_domain_is_looked_for_at_those_beside_it() -> None:
    """The tenant's domains at the same name servers are due at once; nobody else's are."""
    row, clock = domain(operator="dns.example"), Clock()
    later = NOW + dt.timedelta(minutes=50)
    beside: dict[str, Any] = {"verdict": Verdict.VERIFIED.value, "next_check_at": later}
    same = make_domain(row.tenant, operator="dns.example", **beside)
    make_domain(row.tenant, operator="else.example", **beside)
    make_domain(operator="dns.example", **beside)
    check(row, clock, FakeDns(dict(GOOD)))
    check(row, clock, FakeDns())
    due = SendingDomain.objects.due(clock.now).exclude(pk=row.pk)
    assert list(due) == [same]
