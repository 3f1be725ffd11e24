"""How the portal is doing: queues, resolvers that are tried, and name servers that are silent."""

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from config.lab.nameserver import NameServer
from config.lab.zones import write_zones
from dnscheck.models import Circuit, Upstream, Work
from dnscheck.pages import operation
from dnscheck.watching import upkeep
from tenants.models import Notice
from tests.factories import make_attempt, make_domain, make_tenant
from tests.fakes import NOW, Clock

pytestmark = pytest.mark.django_db

PAGE = "/operation/"


def test_a_resolver_is_tried_once_a_minute_and_its_silence_told_once(
    tmp_path: Path, settings: Settings
) -> None:
    """Twice in a minute is once; five minutes of silence are one notice, the answer another."""
    write_zones(tmp_path)
    lab, clock = NameServer(tmp_path).start(), Clock()
    settings.DNS_SERVERS = [f"127.0.0.1:{lab.port}"]
    assert (upkeep.try_resolvers(clock=clock), upkeep.try_resolvers(clock=clock)) == (1, 0)
    assert Upstream.objects.get().milliseconds is not None
    lab.stop()
    for _ in range(9):
        clock.forward(minutes=1)
        upkeep.try_resolvers(clock=clock)
    row = Upstream.objects.get()
    assert (row.milliseconds, row.silent_since) == (None, NOW + dt.timedelta(minutes=1))
    assert [told.tenant for told in Notice.objects.all()] == [None]
    with NameServer(tmp_path, port=lab.port):
        clock.forward(minutes=1)
        upkeep.try_resolvers(clock=clock)
    assert Upstream.objects.get().silent_since is None
    assert Notice.objects.count() == 2


def test_a_resolver_that_is_no_longer_asked_is_forgotten(
    tmp_path: Path, settings: Settings
) -> None:
    """Another DNS_SERVERS leaves no row of the old ones."""
    Upstream.objects.create(server="192.0.2.1:53")
    with NameServer(tmp_path) as lab:
        settings.DNS_SERVERS = [f"127.0.0.1:{lab.port}"]
        upkeep.try_resolvers(clock=Clock())
    assert [row.server for row in Upstream.objects.all()] == settings.DNS_SERVERS


def test_the_page_says_what_waits_and_who_is_silent(client: Client, staff: User) -> None:
    """Late queues, silent resolvers and name servers are named, in a constant number of queries."""
    client.force_login(staff)
    now = timezone.now()
    make_domain(next_check_at=now - dt.timedelta(hours=1), unknown_since=now)
    make_attempt()
    Upstream.objects.create(
        server="192.0.2.1:53", asked_at=now, silent_since=now, trouble="timeout"
    )
    Circuit.objects.create(operator="dns.example", since=now, failures=7)
    page = client.get(PAGE).content.decode()
    for words in ("192.0.2.1:53", "No answer", "dns.example", "7 domains in a row", "Late", "Runs"):
        assert words in page


def test_the_work_of_each_hour_is_added_up_and_forgotten_after_two_days() -> None:
    """Counts of one hour are one row, another hour's another; old rows go when one is added."""
    Work.objects.note(NOW - dt.timedelta(hours=50), checked=1)
    for _ in range(2):
        Work.objects.note(NOW, compared=500, seconds=0.5, changed=1)
        Work.objects.note(NOW, checked=1)
    (row,) = Work.objects.all()
    assert (row.compared, row.changed, row.checked, row.rate) == (1000, 2, 2, 1000)


def test_the_page_tells_what_was_done(client: Client, staff: User) -> None:
    """Full checks, comparisons and their rate stand there for each of the last hours."""
    client.force_login(staff)
    assert "Nothing in the last twelve hours." in client.get(PAGE).content.decode()
    Work.objects.note(timezone.now(), checked=7, compared=20_000, seconds=4, unknown=3)
    page = client.get(PAGE).content.decode()
    assert "20,000" in page
    assert "5,000" in page


def test_a_timetable_that_was_not_seen_is_said_to_stand(client: Client, staff: User) -> None:
    """The last sight is minutes ago: it stands still, with what to look at."""
    client.force_login(staff)
    Upstream.objects.create(server="192.0.2.1:53", asked_at=timezone.now() - dt.timedelta(hours=1))
    assert "Stands still" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_is_constant(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However many domains there are."""
    tenant = make_tenant()
    for _ in range(count):
        make_domain(tenant, next_check_at=NOW)
    with django_assert_num_queries(9):
        assert operation.state(NOW).domains == count


def test_only_operators_see_the_page(client: Client, owner: User) -> None:
    """A tenant's owner is not shown how the portal is doing."""
    client.force_login(owner)
    assert client.get(reverse("dnscheck:operation")).status_code in (302, 403, 404)
