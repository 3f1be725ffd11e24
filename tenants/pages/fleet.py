"""Page: how many domains stood how on each of the last days, through Tenant's reverse relations.

The days that are over come from their counts, one row for a tenant and a day; today is counted when
somebody looks. Three queries.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant, TenantQuerySet

DAYS = 30
HEIGHT = 24  # of a line of the picture
ZERO, LEAST = 1, 3  # of a bar that stands for nothing, and for something
UNKNOWN, PENDING = "unknown", "pending"
WORDS = {  # the worst first
    "failing": _("Failing"),
    "at_risk": _("At risk"),
    UNKNOWN: _("Could not ask"),
    PENDING: _("Pending"),
    "verified": _("Verified"),
}
VERDICTS = WORDS.keys() - {UNKNOWN}

Numbers = Mapping[str, int]  # of domains, by how they stand
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Day:
    """A day with its numbers; nothing if they were not counted."""

    date: dt.date
    numbers: Numbers | None

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each word with its number."""
        numbers = self.numbers or {}
        return [(str(word), numbers.get(status, 0)) for status, word in WORDS.items()]


@dataclass(frozen=True)
class Bar:
    """One day of a line. `height` is in units of the picture."""

    x: int
    height: int
    date: dt.date
    number: int

    @property
    def y(self) -> int:
        """Where it begins."""
        return HEIGHT - self.height


@dataclass(frozen=True)
class Line:
    """One way to stand over the days, to a scale of its own: three failing are seen in a million.

    `now` and `most` are numbers of domains.
    """

    status: str
    word: str
    now: int
    most: int
    bars: list[Bar]


@dataclass(frozen=True)
class Picture:
    """The last days, today last."""

    days: list[Day]

    def __bool__(self) -> bool:
        return any(sum((day.numbers or {}).values()) for day in self.days)

    @property
    def has_silent(self) -> bool:
        """Whether some domains could not be asked about on one of the days."""
        return any((day.numbers or {}).get(UNKNOWN) for day in self.days)

    @property
    def lines(self) -> list[Line]:
        """A line for each way to stand, the worst first."""
        return [_line(status, str(word), self.days) for status, word in WORDS.items()]

    @property
    def newest_first(self) -> list[Day]:
        """The days as a table has them, from the first that was counted."""
        first = next(x for x, day in enumerate(self.days) if day.numbers is not None)
        return self.days[first:][::-1]


def picture(tenants: TenantQuerySet, now: dt.datetime) -> Picture:
    """Return the last days of the domains of these tenants, by the installation's calendar."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    first = today - dt.timedelta(days=DAYS - 1)
    counted = _counted(tenants, first, today)
    dates = [first + dt.timedelta(days=number) for number in range(DAYS - 1)]
    return Picture([*(Day(date, counted.get(date)) for date in dates), Day(today, _live(tenants))])


def _counted(tenants: TenantQuerySet, first: dt.date, end: dt.date) -> dict[dt.date, Numbers]:
    past: Rows = tenants.order_by().filter(daily_counts__day__gte=first, daily_counts__day__lt=end)
    sums = {status: Sum(f"daily_counts__{status}") for status in WORDS}
    rows = past.values("daily_counts__day").annotate(**sums)
    return {row.pop("daily_counts__day"): row for row in rows}


def _live(tenants: TenantQuerySet) -> Numbers:
    """Count how domains stand now. One that was never verified is pending, also while unknown."""
    every = _domains(tenants).filter(verdict__in=VERDICTS)
    silent = _domains(tenants).filter(verdict__in=VERDICTS - {PENDING}, unknown_since__isnull=False)
    numbers, unasked = _by_verdict(every), _by_verdict(silent)
    asked = {verdict: number - unasked.get(verdict, 0) for verdict, number in numbers.items()}
    return {**asked, UNKNOWN: sum(unasked.values())}


def _domains(tenants: TenantQuerySet) -> Rows:
    """Return the domains of tenants; of all tenants, without asking of a million whose it is."""
    related: Any = Tenant._meta.get_field("domains").related_model
    rows: Rows = related._default_manager.order_by()
    return rows.filter(tenant__in=tenants) if tenants.query.where else rows


def _by_verdict(domains: Rows) -> dict[str, int]:
    return dict(domains.values_list("verdict").annotate(number=Count("*")))


def _line(status: str, word: str, days: list[Day]) -> Line:
    counted = [
        (x, day.date, day.numbers.get(status, 0))
        for x, day in enumerate(days)
        if day.numbers is not None
    ]
    most = max((number for _x, _date, number in counted), default=0)
    bars = [Bar(x, _height(number, most), date, number) for x, date, number in counted]
    return Line(status, word, counted[-1][2], most, bars)


def _height(number: int, most: int) -> int:
    return max(LEAST, round(HEIGHT * number / most)) if number else ZERO
