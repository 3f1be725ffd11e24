"""How a domain stood on each day, from the checks that saw something change. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from dnscheck.verdicts import Result, Verdict

ONE_DAY = dt.timedelta(days=1)


class Status(StrEnum):
    """How a domain stood, the worst first."""

    FAILING = "failing"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"  # could not be asked about; its last known verdict is another matter
    PENDING = "pending"
    VERIFIED = "verified"


WORST_FIRST = list(Status)


@dataclass(frozen=True)
class Day:
    """A day with every status the domain had on it, the worst first; none before it was added."""

    date: dt.date
    statuses: tuple[Status, ...]


@dataclass(frozen=True)
class Run:
    """Days in a row that are alike."""

    first: dt.date
    last: dt.date
    statuses: tuple[Status, ...]


def status_of(verdict: str, *, is_unknown: bool) -> Status:
    """Return how a domain stands. One that was never verified is pending, also while unknown."""
    if is_unknown and verdict != Verdict.PENDING:
        return Status.UNKNOWN
    return Status(verdict)


def after_check(verdict: str, result: str) -> Status:
    """Return how a domain stood after a check."""
    return status_of(verdict, is_unknown=result == Result.UNKNOWN)


def days_of(
    first: dt.date,
    last: dt.date,
    moves: Iterable[tuple[dt.date, Status]],
    *,
    before: Status | None,
    now: Status,
) -> list[Day]:
    """Return the days from the first to the last, on each of which a status carries on.

    `moves` are in the order in which they happened; what a day began with it has had as well.
    `before` is the status the first day began with, or nothing if the domain was added later. `now`
    is that of the last day, whatever was written down.
    """
    on: dict[dt.date, list[Status]] = {}
    for date, status in moves:
        on.setdefault(date, []).append(status)
    on.setdefault(last, []).append(now)
    days = []
    for number in range((last - first).days + 1):
        date = first + number * ONE_DAY
        had = [*([before] if before else []), *on.get(date, [])]
        days.append(Day(date, tuple(sorted(set(had), key=WORST_FIRST.index))))
        before = had[-1] if had else None
    return days


def runs(days: Iterable[Day]) -> Iterator[Run]:
    """Yield what days in a row have in common, the newest first, from when there was a domain."""
    newest_first = sorted(days, key=lambda day: day.date, reverse=True)
    for statuses, alike in groupby(newest_first, key=lambda day: day.statuses):
        dates = [day.date for day in alike]
        if statuses:
            yield Run(dates[-1], dates[0], statuses)
