"""How a verdict moves and when a domain is looked at again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.verdicts import (
    CONFIRM_AFTER,
    DAY,
    HOUR,
    Result,
    Standing,
    Verdict,
    move,
    needs_confirmation,
    next_check,
)

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
LATER = NOW + CONFIRM_AFTER


def standing(verdict: Verdict, **more: object) -> Standing:
    """Return a standing of a domain that has been so for a day."""
    return Standing(verdict, NOW - DAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "result", "confirmed", "after"),
    [
        (Verdict.PENDING, Result.GOOD, False, Verdict.VERIFIED),
        (Verdict.PENDING, Result.BAD, True, Verdict.PENDING),
        (Verdict.VERIFIED, Result.GOOD, False, Verdict.VERIFIED),
        (Verdict.VERIFIED, Result.BAD, True, Verdict.AT_RISK),
        (Verdict.AT_RISK, Result.BAD, False, Verdict.AT_RISK),
        (Verdict.AT_RISK, Result.BAD, True, Verdict.FAILING),
        (Verdict.AT_RISK, Result.GOOD, False, Verdict.VERIFIED),
        (Verdict.FAILING, Result.BAD, True, Verdict.FAILING),
        (Verdict.FAILING, Result.GOOD, False, Verdict.VERIFIED),
    ],
)
def test_only_these_moves_exist(
    before: Verdict, result: Result, confirmed: bool, after: Verdict
) -> None:
    """Definitive results move a verdict as the table says."""
    bad_since = NOW if before in (Verdict.AT_RISK, Verdict.FAILING) else None
    moved = move(standing(before, bad_since=bad_since), result, LATER, confirmed=confirmed)
    assert moved.verdict is after
    assert (moved.verdict_since == LATER) is (before is not after)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_silence_moves_nothing(verdict: Verdict) -> None:
    """Could-not-ask leaves the verdict and its date, and only remembers since when."""
    before = standing(verdict, bad_since=NOW)
    after = move(before, Result.UNKNOWN, NOW, confirmed=True)
    assert (after.verdict, after.verdict_since, after.bad_since) == (verdict, NOW - DAY, NOW)
    assert after.unknown_since == NOW
    assert move(after, Result.UNKNOWN, LATER, confirmed=True).unknown_since == NOW
    assert move(after, Result.GOOD, LATER, confirmed=True).unknown_since is None


def test_failing_needs_five_minutes_between_two_bad_checks() -> None:
    """Two bad checks in quick succession are one."""
    at_risk = move(standing(Verdict.VERIFIED), Result.BAD, NOW, confirmed=True)
    early = NOW + CONFIRM_AFTER - dt.timedelta(seconds=1)
    assert not needs_confirmation(at_risk, Result.BAD, early)
    assert move(at_risk, Result.BAD, early, confirmed=True).verdict is Verdict.AT_RISK
    assert needs_confirmation(at_risk, Result.BAD, LATER)


@given(st.lists(st.sampled_from([Result.UNKNOWN, Result.GOOD]), max_size=30))
def test_a_verified_domain_stays_so_without_a_bad_answer(results: list[Result]) -> None:
    """No sequence of silence and good answers harms a verified domain."""
    now, current = NOW, standing(Verdict.VERIFIED)
    for result in results:
        now += HOUR
        current = move(current, result, now, confirmed=True)
        assert current.verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("current", "age", "low", "high"),
    [
        (standing(Verdict.VERIFIED), DAY, HOUR, 1.2 * HOUR),
        (standing(Verdict.AT_RISK), DAY, CONFIRM_AFTER, 1.2 * CONFIRM_AFTER),
        (standing(Verdict.FAILING, failure_streak=2), DAY, 2 * HOUR, 2.4 * HOUR),
        (standing(Verdict.FAILING, failure_streak=99), DAY, DAY, 1.2 * DAY),
        (standing(Verdict.PENDING, failure_streak=1), DAY, CONFIRM_AFTER, 1.2 * CONFIRM_AFTER),
        (standing(Verdict.PENDING, failure_streak=50), DAY, 6 * HOUR, 7.2 * HOUR),
        (standing(Verdict.PENDING, failure_streak=50), 20 * DAY, DAY, 1.2 * DAY),
        (standing(Verdict.PENDING, failure_streak=50), 91 * DAY, 7 * DAY, 8.4 * DAY),
        (
            standing(Verdict.VERIFIED, unknown_since=NOW, failure_streak=1),
            DAY,
            dt.timedelta(minutes=1),
            dt.timedelta(seconds=72),
        ),
    ],
)
def test_the_cadence(
    current: Standing, age: dt.timedelta, low: dt.timedelta, high: dt.timedelta
) -> None:
    """Each state has its interval, spread by at most a fifth, the same for the same domain."""
    pauses = [next_check(current, NOW, key=key, age=age) - NOW for key in range(50)]
    assert low <= min(pauses)
    assert max(pauses) <= high
    assert len(set(pauses)) > 40
    assert pauses == [next_check(current, NOW, key=key, age=age) - NOW for key in range(50)]


def test_a_watched_domain_is_looked_at_soon_and_then_each_minute() -> None:
    """After 5, 15, 30 and 60 seconds, each minute for a quarter of an hour, then as usual."""
    pauses = []
    now = NOW
    while now - NOW < 16 * dt.timedelta(minutes=1):
        following = next_check(standing(Verdict.PENDING), now, key=1, age=DAY, watched_since=NOW)
        pauses.append((following - now).total_seconds())
        now = following
    assert pauses[:4] == [5, 15, 30, 60]
    assert set(pauses[4:-1]) == {60}
    assert pauses[-1] >= CONFIRM_AFTER.total_seconds()


@pytest.mark.parametrize(
    ("visible", "pause"), [(0, 31), (12, 31), (40, 41), (59, 60), (300, 60), (None, 60)]
)
def test_a_watched_domain_is_looked_at_once_the_resolver_may_know(
    visible: int | None, pause: int
) -> None:
    """Just after a TTL that ends within the minute, and never later than without one."""
    left = None if visible is None else dt.timedelta(seconds=visible)
    since = NOW - dt.timedelta(minutes=2)
    following = next_check(
        standing(Verdict.PENDING), NOW, key=1, age=DAY, watched_since=since, visible_in=left
    )
    assert (following - NOW).total_seconds() == pause


def test_a_clock_set_back_does_not_keep_a_domain_watched() -> None:
    """A watch that seems to begin in the future is over."""
    following = next_check(standing(Verdict.VERIFIED), NOW, key=1, age=DAY, watched_since=NOW + DAY)
    assert following - NOW >= HOUR
