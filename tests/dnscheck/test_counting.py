"""The count of each day, and the picture of the fleet that is made of it."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dnscheck.models import DailyCount, SendingDomain
from dnscheck.watching.counting import count_day
from tenants.models import Tenant
from tenants.pages import fleet
from tests.factories import make_domain, make_tenant

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LINES = ["failing", "at_risk", "unknown", "pending", "verified"]


def stands(tenant: Tenant, verdict: str, **fields: Any) -> SendingDomain:
    """Make a domain that has been here since last week."""
    return make_domain(
        tenant, verdict=verdict, bad_since=NOW, **{"created_at": NOW - 7 * DAY, **fields}
    )


def numbers(row: Any) -> list[int]:
    """Return the numbers of a row, the worst first."""
    return [getattr(row, name) for name in LINES]


def test_the_day_before_is_counted_once_for_each_tenant(tenant: Tenant) -> None:
    """Each domain once: silent ones apart, but for those never verified; not those of today."""
    for verdict in ("verified", "verified", "at_risk", "failing", "pending"):
        stands(tenant, verdict)
    stands(tenant, "verified", unknown_since=NOW)
    stands(tenant, "pending", unknown_since=NOW)
    stands(tenant, "failing", created_at=NOW - dt.timedelta(hours=1))
    other = make_tenant("Elsewhere")
    assert count_day(NOW) == 2
    rows = {row.tenant: row for row in DailyCount.objects.all()}
    assert numbers(rows[tenant]) == [1, 1, 1, 2, 2]
    assert numbers(rows[other]) == [0] * 5
    assert rows[tenant].day == dt.date(2026, 11, 20)


def test_a_second_timetable_counts_nothing_again(tenant: Tenant) -> None:
    """The rest of the day costs one look into an index; the next day is another."""
    stands(tenant, "verified")
    count_day(NOW)
    SendingDomain.objects.update(verdict="failing")
    with CaptureQueriesContext(connection) as queries:
        assert count_day(NOW + DAY / 3) == 0
    assert len(queries) == 1
    assert count_day(NOW + DAY) == 1
    assert [(row.day.day, row.failing) for row in DailyCount.objects.all()] == [(21, 1), (20, 0)]


def counted(tenant: Tenant, ago: int, **fields: int) -> None:
    """Store the count of a day of the past."""
    DailyCount.objects.create(tenant=tenant, day=NOW.date() - ago * DAY, **fields)


def test_the_picture_has_thirty_days_with_today_as_it_is_now(tenant: Tenant) -> None:
    """Tenants are added up; a day that was not counted is nothing, not zero."""
    other = make_tenant("Elsewhere")
    counted(tenant, 1, verified=3, failing=1)
    counted(other, 1, verified=4)
    counted(tenant, 3, verified=9)
    counted(tenant, 30, verified=99)
    for verdict in ("failing", "failing", "verified"):
        stands(tenant, verdict)
    stands(other, "failing", unknown_since=NOW)
    stands(other, "pending", unknown_since=NOW)
    picture = fleet.picture(Tenant.objects.all(), NOW)
    assert [day.date.day for day in picture.days[-4:]] == [18, 19, 20, 21]
    assert len(picture.days) == fleet.DAYS
    assert picture.days[-3].numbers is None
    assert [number for _word, number in picture.days[-2].cells] == [1, 0, 0, 0, 7]
    assert [number for _word, number in picture.days[-1].cells] == [2, 0, 1, 1, 1]
    assert [day.date.day for day in picture.newest_first] == [21, 20, 19, 18]
    lines = {line.status: line for line in picture.lines}
    assert list(lines) == LINES
    assert (lines["verified"].now, lines["verified"].most) == (1, 9)
    assert [(bar.x, bar.number) for bar in lines["verified"].bars] == [(26, 9), (28, 7), (29, 1)]


def test_a_few_among_many_are_seen(tenant: Tenant) -> None:
    """Each line has a scale of its own, and one domain has a height."""
    counted(tenant, 1, verified=1_000_000, failing=1)
    counted(tenant, 2, failing=999)
    heights = {
        line.status: [bar.height for bar in line.bars]
        for line in fleet.picture(Tenant.objects.all(), NOW).lines
    }
    assert heights["failing"] == [fleet.HEIGHT, fleet.LEAST, fleet.ZERO]
    assert heights["verified"] == [fleet.ZERO, fleet.HEIGHT, fleet.ZERO]


def test_a_member_sees_the_days_of_their_tenants_alone(
    client: Client, tenant: Tenant, viewer: User, staff: User
) -> None:
    """Three queries, however many tenants and days there are."""
    today = timezone.localdate()
    for number in range(5):
        other = make_tenant(f"Other {number}")
        stands(other, "failing")
        DailyCount.objects.create(tenant=other, day=today - DAY, failing=7)
    stands(tenant, "verified")
    client.force_login(viewer)
    mine = client.get("/").context["fleet"]
    assert [number for _word, number in mine.days[-1].cells] == [0, 0, 0, 0, 1]
    assert mine.days[-2].numbers is None
    client.force_login(staff)
    every = client.get("/").context["fleet"]
    assert [number for _word, number in every.days[-1].cells] == [5, 0, 0, 0, 1]
    assert [number for _word, number in every.days[-2].cells] == [35, 0, 0, 0, 0]
    with CaptureQueriesContext(connection) as queries:
        fleet.picture(Tenant.objects.visible_to(viewer), NOW)
    assert len(queries) == 3


def test_the_picture_says_that_silent_domains_are_counted_apart(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """Only where there are some: the list and the table count them by their verdict."""
    client.force_login(viewer)
    said = "Elsewhere they count by the verdict they had before."
    stands(tenant, "verified")
    assert said not in client.get("/").content.decode()
    stands(tenant, "verified", unknown_since=NOW)
    answer = client.get("/")
    assert said in answer.content.decode()
    lines = {line.status: line.now for line in answer.context["fleet"].lines}
    assert (lines["verified"], lines["unknown"]) == (1, 1)
    assert "2 verified" in answer.content.decode()


def test_without_domains_there_is_no_picture(client: Client, tenant: Tenant, owner: User) -> None:
    """A row of empty boxes says nothing to somebody who begins."""
    client.force_login(owner)
    assert "The last 30 days" not in client.get("/").content.decode()
    stands(tenant, "pending")
    assert "the last 30 days" in client.get("/").content.decode()
