"""Which due domains are rung for: all of them, but silent name servers take only their share."""

import datetime as dt

import pytest

from dnscheck import verification
from dnscheck.answers import Reason
from dnscheck.models import PAUSE, TRIPS, Circuit, SendingDomain
from dnscheck.watching import timetable
from tests.factories import make_domain, make_tenant
from tests.fakes import NOW, Bell, Clock, FakeDns

pytestmark = pytest.mark.django_db(transaction=True)

RECIPE = (("generic", {"mechanism": "ip4:192.0.2.1"}),)
SILENT = FakeDns(default=Reason.TIMEOUT)


def domains(count: int, operator: str, due: dt.datetime = NOW) -> list[SendingDomain]:
    """Make due domains whose name servers are run by somebody."""
    tenant = make_tenant()
    return [
        make_domain(tenant, recipes=RECIPE, operator=operator, next_check_at=due)
        for _ in range(count)
    ]


def check(row: SendingDomain, clock: Clock, dns: FakeDns) -> bool:
    """Check one domain as a worker does."""
    return verification.verify_domain(row.pk, clock=clock, make_resolver=lambda: dns)


def test_silent_name_servers_do_not_hold_up_the_domains_of_others() -> None:
    """Fifty due domains of a dead provider wait; those of others are rung for at once."""
    dead = domains(50, "dead.example", NOW - dt.timedelta(hours=1))
    well, clock, bell = domains(5, "well.example"), Clock(), Bell()
    for row in dead[:TRIPS]:
        assert check(row, clock, SILENT)
    timetable.sweep(ring=bell, now=clock.now)
    assert set(bell.rung) == {row.pk for row in well}
    assert not check(dead[-1], clock, SILENT), "rung for before the pause began"
    last = SendingDomain.objects.get(pk=dead[-1].pk)
    assert (last.claim_token, last.tries, last.next_check_at) == ("", 0, dead[-1].next_check_at)


def test_after_the_pause_a_few_are_tried_and_one_answer_opens_the_way() -> None:
    """At most a share at a time while there is doubt; with an answer all are rung for."""
    dead, clock = domains(10, "dead.example"), Clock()
    for row in dead[:TRIPS]:
        check(row, clock, SILENT)
    clock.now += PAUSE
    first, second = Bell(), Bell()
    timetable.sweep(ring=first, now=clock.now)
    timetable.sweep(ring=second, now=clock.now)
    assert len(first.rung) == timetable.SHARE
    assert second.rung == []
    row = SendingDomain.objects.get(pk=first.rung[0])
    check(row, clock, FakeDns({(row.name, "TXT"): ("v=spf1 ip4:192.0.2.1 ~all",)}))
    assert not Circuit.objects.exists()
    timetable.sweep(ring=second, now=clock.now)
    assert len(second.rung) == len(dead) - TRIPS - timetable.SHARE


def test_domains_that_could_not_be_asked_leave_room_for_others() -> None:
    """A provider of many is silent: their domains take a share, however long they are due."""
    tenant, early = make_tenant(), NOW - dt.timedelta(hours=1)
    for _ in range(timetable.SLOW_SHARE + 30):
        make_domain(tenant, next_check_at=early, unknown_since=early)
    well, bell, again = domains(5, "well.example"), Bell(), Bell()
    timetable.sweep(ring=bell, now=NOW)
    timetable.sweep(ring=again, now=NOW)
    assert len(bell.rung) == timetable.SLOW_SHARE + len(well)
    assert {row.pk for row in well} <= set(bell.rung)
    assert again.rung == []


def test_one_domain_alone_trips_nothing() -> None:
    """However often one broken domain is checked, those beside it are not held up."""
    rows, clock, bell = domains(3, "big.example"), Clock(), Bell()
    for _ in range(10):
        SendingDomain.objects.filter(pk=rows[0].pk).update(next_check_at=clock.now)
        assert check(rows[0], clock, SILENT)
        clock.forward(minutes=1)
    timetable.sweep(ring=bell, now=clock.now)
    assert {row.pk for row in rows[1:]} <= set(bell.rung)


def test_who_looks_at_a_domain_does_not_wait_for_the_pause() -> None:
    """A person asked: the domain is checked although its name servers rest."""
    rows, clock = domains(TRIPS + 1, "dead.example"), Clock()
    for row in rows[:TRIPS]:
        check(row, clock, SILENT)
    verification.check_soon(rows[-1], ring=Bell(), now=clock.now)
    assert check(rows[-1], clock, SILENT)


def test_the_pause_grows_and_a_clock_that_was_ahead_does_not_prolong_it() -> None:
    """One minute first, ten at most; a pause written a year ahead is no pause."""
    pauses = []
    for domain in range(1, TRIPS + 8):
        Circuit.objects.note_silence("dead.example", domain, NOW)
        until = Circuit.objects.get().open_until
        pauses.append((until - NOW).total_seconds() / 60 if until else 0)
    assert pauses == [0, 0, 0, 1, 2, 4, 8, 10, 10, 10, 10]
    Circuit.objects.update(open_until=NOW + dt.timedelta(days=365))
    assert not Circuit.objects.resting(NOW).exists()


def test_a_silent_provider_of_nobody_is_not_counted() -> None:
    """A domain whose name servers were never found has no operator to blame."""
    (row,) = domains(1, "")
    check(row, Clock(), SILENT)
    assert not Circuit.objects.exists()
