"""Ninety days of a domain as bars and as a table, by the reader's calendar."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dnscheck.days import Status
from dnscheck.models import Check, SendingDomain
from dnscheck.pages.strip import DAYS, HEIGHTS, Strip, strip_of
from tests.factories import make_domain

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def domain(db: None) -> SendingDomain:
    """Return a verified domain that has been here for long."""
    return make_domain(name="shop.example", verdict="verified", created_at=NOW - 400 * DAY)


def changed(domain: SendingDomain, ago: dt.timedelta, verdict: str, result: str) -> None:
    """Store a check of the past."""
    Check.objects.create(domain=domain, at=NOW - ago, verdict=verdict, result=result)


def told(strip: Strip) -> list[tuple[str, str, str]]:
    """Return the table."""
    return [(f"{run.first:%d.%m.}", f"{run.last:%d.%m.}", words) for run, words in strip.lines]


def test_a_fault_of_last_week_is_one_line_of_the_table_and_one_bar(domain: SendingDomain) -> None:
    """What stood before the ninety days carries on into them."""
    changed(domain, 200 * DAY, "verified", "good")
    changed(domain, 7 * DAY, "at_risk", "bad")
    changed(domain, 7 * DAY - dt.timedelta(hours=1), "verified", "good")
    strip = strip_of(domain, NOW)
    assert told(strip) == [
        ("15.11.", "21.11.", "Verified"),
        ("14.11.", "14.11.", "At risk, Verified"),
        ("24.08.", "13.11.", "Verified"),
    ]
    assert len(strip.bars) == DAYS
    assert [(mark.status, number) for mark, number in strip.key] == [
        (Status.AT_RISK, 1),
        (Status.VERIFIED, 89),
    ]


def test_a_domain_has_no_bars_before_it_was_added(domain: SendingDomain) -> None:
    """The row begins on the day it was added, as pending."""
    domain.created_at = NOW - 2 * DAY
    changed(domain, DAY, "verified", "good")
    strip = strip_of(domain, NOW)
    assert told(strip) == [
        ("21.11.", "21.11.", "Verified"),
        ("20.11.", "20.11.", "Pending, Verified"),
        ("19.11.", "19.11.", "Pending"),
    ]
    assert [bar.x for bar in strip.bars] == [87, 88, 89]


def test_the_days_are_those_of_the_reader(domain: SendingDomain) -> None:
    """An hour before midnight in UTC it is tomorrow in Auckland, and still today in New York."""
    changed(domain, 200 * DAY, "verified", "good")
    domain.verdict = "failing"
    at = dt.datetime(2026, 11, 18, 23, tzinfo=dt.UTC)
    changed(domain, NOW - at, "failing", "bad")
    for zone, first in (
        ("UTC", "18.11."),
        ("Pacific/Auckland", "19.11."),
        ("America/New_York", "18.11."),
    ):
        with timezone.override(ZoneInfo(zone)):
            assert told(strip_of(domain, NOW))[1] == (first, first, "Failing, Verified"), zone


def test_a_domain_that_changes_all_the_time_costs_no_more(domain: SendingDomain) -> None:
    """The database hands over some rows for a day, and there are two queries."""
    changed(domain, 200 * DAY, "verified", "good")
    for number in range(200):
        changed(domain, DAY - dt.timedelta(minutes=number), "verified", "good")
        changed(domain, DAY - dt.timedelta(minutes=number), "at_risk", "bad")
    with CaptureQueriesContext(connection) as queries:
        strip = strip_of(domain, NOW)
    assert len(queries) == 2
    assert strip.bars[-2].words == "At risk, Verified"


def test_no_two_states_are_of_one_height() -> None:
    """The picture is read without its colours; could-not-ask is hollow besides."""
    assert len(set(HEIGHTS.values())) == len(Status)
