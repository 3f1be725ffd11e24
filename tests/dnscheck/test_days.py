"""How a domain stood on each day, from the checks that saw something change."""

import datetime as dt

import pytest

from dnscheck.days import Run, Status, after_check, days_of, runs, status_of

FAILING, AT_RISK, UNKNOWN, PENDING, VERIFIED = Status
MONDAY = dt.date(2026, 11, 16)
THURSDAY = MONDAY + dt.timedelta(days=3)


def day(number: int) -> dt.date:
    """Return a day after Monday."""
    return MONDAY + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("verdict", "result", "status"),
    [
        ("verified", "good", VERIFIED),
        ("at_risk", "bad", AT_RISK),
        ("failing", "bad", FAILING),
        ("failing", "unknown", UNKNOWN),
        ("verified", "unknown", UNKNOWN),
        ("pending", "bad", PENDING),
        ("pending", "unknown", PENDING),
    ],
)
def test_how_a_domain_stands_after_a_check(verdict: str, result: str, status: Status) -> None:
    """Silence hides what was known; what was never verified is pending all along."""
    assert after_check(verdict, result) == status
    assert status_of(verdict, is_unknown=result == "unknown") == status


CARRIED = {
    "nothing changed": ([], VERIFIED, VERIFIED, [[VERIFIED]] * 4),
    "a change stays": (
        [(day(1), FAILING)],
        VERIFIED,
        FAILING,
        [[VERIFIED], [FAILING, VERIFIED], [FAILING], [FAILING]],
    ),
    "a short fault is seen": (
        [(day(1), AT_RISK), (day(1), VERIFIED)],
        VERIFIED,
        VERIFIED,
        [[VERIFIED], [AT_RISK, VERIFIED], [VERIFIED], [VERIFIED]],
    ),
    "silence for a night": (
        [(day(1), UNKNOWN), (day(2), VERIFIED)],
        VERIFIED,
        VERIFIED,
        [[VERIFIED], [UNKNOWN, VERIFIED], [UNKNOWN, VERIFIED], [VERIFIED]],
    ),
    "added on Tuesday": (
        [(day(1), PENDING), (day(1), VERIFIED)],
        None,
        VERIFIED,
        [[], [PENDING, VERIFIED], [VERIFIED], [VERIFIED]],
    ),
    "what stands now counts, whatever was written": (
        [(day(1), FAILING)],
        VERIFIED,
        PENDING,
        [[VERIFIED], [FAILING, VERIFIED], [FAILING], [FAILING, PENDING]],
    ),
    "a clock that was ahead": ([(day(9), FAILING)], VERIFIED, VERIFIED, [[VERIFIED]] * 4),
}


@pytest.mark.parametrize("case", CARRIED)
def test_a_status_carries_on_until_the_next(case: str) -> None:
    """A day has all it had, the worst first."""
    moves, before, now, wanted = CARRIED[case]
    days = days_of(MONDAY, THURSDAY, moves, before=before, now=now)
    assert [list(item.statuses) for item in days] == wanted
    assert [item.date for item in days] == [day(number) for number in range(4)]


def test_days_that_are_alike_are_one_line() -> None:
    """Newest first, and nothing before there was a domain."""
    moves = [(day(1), VERIFIED)]
    days = days_of(MONDAY, THURSDAY, moves, before=None, now=VERIFIED)
    assert list(runs(days)) == [Run(day(1), THURSDAY, (VERIFIED,))]
    assert list(runs(days_of(MONDAY, MONDAY, [], before=None, now=PENDING))) == [
        Run(MONDAY, MONDAY, (PENDING,))
    ]
