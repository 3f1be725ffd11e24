"""Examining a pasted message: claims, dead workers, what is kept and for how long."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from config.tasks import sweep as timetable
from dnscheck import examination
from dnscheck.models import ReceivedMail
from dnscheck.received.reading import Connection
from tests.factories import make_user
from tests.fakes import NOW, Bell, Clock, FakeDns

pytestmark = pytest.mark.django_db(transaction=True)

MAIL = (
    b"Return-Path: <b@shop.example>\r\n"
    b"Received: from a.example ([192.0.2.1]) by mx.home.example\r\n"
    b"From: news@shop.example\r\nSubject: caf\xe9\r\n\r\nA secret\r\n"
)
DNS = {
    ("shop.example", "TXT"): ("v=spf1 ip4:192.0.2.1 -all",),
    ("_dmarc.shop.example", "TXT"): ("v=DMARC1; p=reject",),
}


def paste(bell: Callable[[int], Any] = Bell(), **given: str) -> ReceivedMail:  # noqa: B008
    """Paste the message as somebody."""
    return examination.paste(MAIL, Connection(**given), user=make_user(), ring=bell, now=NOW)


def run(row: ReceivedMail, clock: Clock, dns: FakeDns | None = None) -> bool:
    """Let a worker take up a message."""
    world = dns or FakeDns(dict(DNS))
    return examination.run(row.pk, clock=clock, make_resolver=lambda: world)


def stored(row: ReceivedMail) -> ReceivedMail:
    """Return the row as it is now."""
    return ReceivedMail.objects.get(pk=row.pk)


def test_a_message_is_encrypted_until_it_was_examined_and_then_gone() -> None:
    """The worker reads it to the letter; afterwards there is a report in its place."""
    bell = Bell()
    row = paste(bell)
    assert bell.rung == [row.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT source FROM dnscheck_receivedmail")
        assert b"secret" not in bytes(cursor.fetchone()[0])
    assert run(row, Clock())
    after = stored(row)
    assert (after.source, after.examined_at) == ("", NOW)
    assert after.report is not None
    assert after.report["dmarc"]["through"] == ["SPF"]
    assert r"caf\xe9" in after.report["reading"]["subject"]
    assert "secret" not in str(after.report)


def test_a_message_has_one_worker() -> None:
    """A second bell finds nothing to do, while it is examined and afterwards."""
    row, clock = paste(), Clock()
    assert ReceivedMail.objects.claim(row.pk, NOW, dt.timedelta(seconds=30))
    dns = FakeDns()
    assert not run(row, clock, dns)
    clock.forward(seconds=30)
    assert run(row, clock)
    assert not run(row, clock, dns)
    assert dns.questions == 0


def test_a_killed_worker_loses_nothing() -> None:
    """The sweep rings again once the lease is over, and the message is still there."""
    row, bell, clock = paste(), Bell(), Clock()
    assert ReceivedMail.objects.claim(row.pk, NOW, dt.timedelta(seconds=30))
    assert examination.sweep(ring=bell, now=clock.forward(seconds=29)) == 0
    assert examination.sweep(ring=bell, now=clock.forward(seconds=1)) == 1
    assert bell.rung == [row.pk]
    assert run(row, clock)
    assert stored(row).report is not None


def test_a_worker_that_lost_its_claim_writes_nothing() -> None:
    """Somebody else holds the newer token by the time it is done."""
    row, times = paste(), iter([NOW, NOW])

    def clock() -> dt.datetime:
        """Give the time; by the end somebody else holds the claim."""
        ReceivedMail.objects.exclude(claim_token="").update(claim_token="another")
        return next(times)

    assert not examination.run(row.pk, clock=clock, make_resolver=FakeDns)
    assert stored(row).examined_at is None


def test_what_breaks_its_worker_is_given_up() -> None:
    """After three tries the message is forgotten, and so it is after an hour."""
    broken, old = paste(), paste()
    clock = Clock()
    for _ in range(examination.MAX_TRIES):
        assert ReceivedMail.objects.claim(broken.pk, clock(), dt.timedelta(seconds=1))
        clock.forward(seconds=1)
    examination.sweep(ring=Bell(), now=clock())
    assert (stored(broken).examined_at, stored(broken).source) == (clock(), "")
    assert stored(old).examined_at is None
    examination.sweep(ring=Bell(), now=clock.forward(hours=1))
    assert (stored(old).examined_at, stored(old).source) == (clock(), "")


def test_a_report_is_kept_for_a_day() -> None:
    """The sweep deletes what is older."""
    row, clock = paste(), Clock()
    run(row, clock)
    examination.sweep(ring=Bell(), now=clock.forward(hours=24))
    assert stored(row)
    examination.sweep(ring=Bell(), now=clock.forward(seconds=1))
    assert not ReceivedMail.objects.exists()


def test_a_correction_is_examined_without_the_message() -> None:
    """Hours later SPF is evaluated anew for what the person entered."""
    row, clock, bell = paste(), Clock(), Bell()
    run(row, clock)
    clock.forward(hours=5)
    examination.again(row, Connection(ip="192.0.2.9"), ring=bell, now=clock())
    assert bell.rung == [row.pk]
    examination.sweep(ring=Bell(), now=clock())
    assert run(row, clock)
    report = stored(row).report
    assert report is not None
    assert (report["spf"]["result"], report["dmarc"]["result"]) == ("fail", "fail")


def test_a_key_that_is_gone_ends_the_examination() -> None:
    """What no key opens cannot be read; that is told, and not tried for ever."""
    row = paste()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dnscheck_receivedmail SET source = %s", [b"sealed with another key"])
    assert run(row, Clock())
    assert (stored(row).report, stored(row).examined_at) == (None, NOW)


def test_nobody_fills_the_queue() -> None:
    """A few messages of one person may wait."""
    user = make_user()
    for _ in range(examination.MOST_WAITING):
        examination.paste(MAIL, Connection(), user=user, ring=Bell(), now=NOW)
    with pytest.raises(examination.TooManyWaiting):
        examination.paste(MAIL, Connection(), user=user, ring=Bell(), now=NOW)
    examination.paste(MAIL, Connection(), user=make_user(), ring=Bell(), now=NOW)


def test_a_broker_that_is_down_delays_only() -> None:
    """The message is pasted all the same, and the sweep goes on."""
    row = paste(Bell(broken=True))
    later = NOW + dt.timedelta(minutes=1)
    assert examination.sweep(ring=Bell(broken=True), now=later) == 1
    assert stored(row).examined_at is None


def test_the_timetable_looks_after_pasted_messages() -> None:
    """Its one task sweeps them too."""
    long_ago = NOW - dt.timedelta(days=900)
    examination.paste(MAIL, Connection(), user=make_user(), ring=Bell(), now=long_ago)
    timetable()
    assert not ReceivedMail.objects.exists()
