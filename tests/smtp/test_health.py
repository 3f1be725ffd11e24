"""How the health of a setting moves, when it is tried again, and what is told."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.outcome import Failure, Outcome, Reply, Stage
from smtp.watching.health import (
    DAY,
    HOUR,
    Health,
    Result,
    Standing,
    judge,
    latest,
    move,
    news,
    next_try,
)
from tests.fakes import NOW

MINUTE = dt.timedelta(minutes=1)
GOOD, SILENT, PASSING, LASTING = Result.GOOD, Result.SILENT, Result.PASSING, Result.LASTING
REFUSED, UNFIT, UNKNOWN = Result.REFUSED, Result.UNFIT, Result.UNKNOWN


def outcome(stage: Stage, failure: Failure, code: int = 0) -> Outcome:
    """Return a failed attempt; a code is what the server replied."""
    return Outcome(False, stage, failure, Reply(code, "", "") if code else None)


@pytest.mark.parametrize(
    ("tried", "result"),
    [
        (Outcome(True, Stage.QUIT), GOOD),
        (outcome(Stage.RECIPIENT, Failure.REPLY, 550), GOOD),
        (outcome(Stage.SENDER, Failure.TIMEOUT), GOOD),
        (outcome(Stage.DATA, Failure.CLOSED), GOOD),
        (outcome(Stage.CONNECT, Failure.TIMEOUT), SILENT),
        (outcome(Stage.CONNECT, Failure.CONNECTION_REFUSED), SILENT),
        (outcome(Stage.CONNECT, Failure.UNREACHABLE), SILENT),
        (outcome(Stage.GREETING, Failure.CLOSED), SILENT),
        (outcome(Stage.GREETING, Failure.REPLY, 421), PASSING),
        (outcome(Stage.AUTH, Failure.REPLY, 454), PASSING),
        (outcome(Stage.GREETING, Failure.REPLY, 554), LASTING),
        (outcome(Stage.RESOLVE, Failure.NO_SUCH_HOST), LASTING),
        (outcome(Stage.CERTIFICATE, Failure.CERTIFICATE_EXPIRED), LASTING),
        (outcome(Stage.AUTH, Failure.AUTH_MISSING), LASTING),
        (outcome(Stage.AUTH, Failure.REPLY, 535), REFUSED),
        (outcome(Stage.RESOLVE, Failure.PASSWORD_NEEDED), UNFIT),
        (outcome(Stage.AUTH, Failure.PLAIN_PASSWORD), UNFIT),
        (outcome(Stage.RESOLVE, Failure.RESOLVER_FAILED), UNKNOWN),
        (outcome(Stage.RESOLVE, Failure.TARGET_REFUSED), UNKNOWN),
        (outcome(Stage.CONNECT, Failure.BLOCKED_LOCALLY), UNKNOWN),
        (outcome(Stage.RESOLVE, Failure.UNSENDABLE), UNKNOWN),
        (outcome(Stage.DATA, Failure.LOST), UNKNOWN),
    ],
)
def test_an_attempt_says_what_it_proves_of_the_login(tried: Outcome, result: Result) -> None:
    """What came after the login proves it; what is our own trouble proves nothing."""
    assert judge(tried) is result


def after(*tries: tuple[Result, float]) -> Standing:
    """Return the standing after tries at so many minutes."""
    standing = Standing()
    for result, minutes in tries:
        standing = move(standing, result, NOW + minutes * MINUTE)
    return standing


@pytest.mark.parametrize(
    ("tries", "health"),
    [
        ([(GOOD, 0)], Health.WORKING),
        ([(REFUSED, 0)], Health.DOUBTED),
        ([(GOOD, 0), (REFUSED, 1)], Health.DOUBTED),
        ([(GOOD, 0), (REFUSED, 1), (REFUSED, 5)], Health.DOUBTED),
        ([(GOOD, 0), (REFUSED, 1), (REFUSED, 6)], Health.FAILING),
        ([(LASTING, 0), (UNFIT, 5)], Health.FAILING),
        ([(REFUSED, 0), (GOOD, 5), (REFUSED, 10)], Health.DOUBTED),
        ([(SILENT, 0), (SILENT, 10)], Health.DOUBTED),
        ([(SILENT, 0), (SILENT, 10), (PASSING, 29)], Health.DOUBTED),
        ([(SILENT, 0), (SILENT, 10), (PASSING, 30)], Health.FAILING),
        ([(SILENT, 0), (SILENT, 600)], Health.DOUBTED),  # it slept in between
        ([(SILENT, 0), (SILENT, 600), (SILENT, 605)], Health.FAILING),
        ([(REFUSED, 0), (UNKNOWN, 5)], Health.DOUBTED),
        ([(UNKNOWN, 0), (UNKNOWN, 600)], Health.UNTRIED),
        ([(GOOD, 0), (UNKNOWN, 600)], Health.WORKING),
        ([(REFUSED, 0), (REFUSED, 5), (GOOD, 6)], Health.WORKING),
    ],
)
def test_a_doubt_has_to_be_confirmed(tries: list[tuple[Result, float]], health: Health) -> None:
    """One bad try never makes a setting failing; what often passes takes half an hour."""
    assert after(*tries).health is health


def test_the_standing_remembers_when_it_began() -> None:
    """Since when it works, since when it is bad, since when it could not be tried."""
    working = after((GOOD, 0), (GOOD, 60), (UNKNOWN, 70), (UNKNOWN, 80))
    assert (working.since, working.unknown_since) == (NOW, NOW + 70 * MINUTE)
    failing = after((GOOD, 0), (REFUSED, 60), (REFUSED, 66), (REFUSED, 120))
    assert (failing.bad_since, failing.since) == (NOW + 60 * MINUTE, NOW + 66 * MINUTE)
    assert failing.streak == 3


def test_a_doubt_from_the_future_begins_anew() -> None:
    """The clock was ahead when it was written, so it has not lasted yet."""
    ahead = after((REFUSED, 600))
    assert move(ahead, REFUSED, NOW).bad_since == NOW


@pytest.mark.parametrize(
    ("tries", "least", "most"),
    [
        ([(REFUSED, 0)], 5 * MINUTE, 6 * MINUTE),
        ([(REFUSED, -5), (UNKNOWN, 0)], 5 * MINUTE, 6 * MINUTE),
        ([(UNKNOWN, 0)], HOUR, 1.2 * HOUR),
        ([(REFUSED, -5), (REFUSED, 0)], HOUR, 1.2 * HOUR),
        ([(REFUSED, -9), (REFUSED, -4), (REFUSED, 0)], 2 * HOUR, 2.4 * HOUR),
        ([(REFUSED, minute) for minute in range(-990, 1, 5)], DAY, 1.2 * DAY),
        ([(GOOD, 0)], DAY / 2, 1.5 * DAY),
        ([], dt.timedelta(0), HOUR),
    ],
)
def test_trouble_is_looked_at_again_soon_and_then_less_often(
    tries: list[tuple[Result, float]], least: dt.timedelta, most: dt.timedelta
) -> None:
    """A doubt after five minutes, a failure after an hour, doubling up to a day."""
    for key in range(50):
        wait = next_try(after(*tries), NOW, key=key, interval=DAY) - NOW
        assert least <= wait <= most
        assert NOW + wait < latest(NOW, DAY)


def test_settings_saved_together_are_tried_all_over_the_day() -> None:
    """Each has its own moment of the day, wherever in the day it was tried last."""
    working = Standing(Health.WORKING, NOW)
    times = [next_try(working, NOW, key=key, interval=DAY) for key in range(2400)]
    hours = Counter(time.hour for time in times)
    assert len(hours) == 24
    assert max(hours.values()) < 200
    again = [next_try(working, time, key=key, interval=DAY) for key, time in enumerate(times)]
    assert all(later - time == DAY for time, later in zip(times, again, strict=True))


def test_what_nobody_watches_or_an_incident_explains_is_not_told() -> None:
    """It is told by the next bad try that is not quiet, once."""
    failing = after((REFUSED, 0), (REFUSED, 5))
    assert news(failing, quiet=True) is None
    assert news(failing, quiet=False) is Health.FAILING
    assert news(replace(failing, told=True), quiet=False) is None


tries = st.lists(
    st.tuples(st.sampled_from(Result), st.integers(-3000, 3000), st.booleans()), max_size=60
)


@given(tries)
def test_failure_and_recovery_are_told_in_turns(
    steps: list[tuple[Result, int, bool]],
) -> None:
    """Whatever the results and however the clock jumps, it begins with a failure."""
    standing, now, told = Standing(), NOW, []
    for result, minutes, quiet in steps:
        now += minutes * MINUTE
        standing = move(standing, result, now)
        if said := news(standing, quiet=quiet):
            told.append(said)
            standing = replace(standing, told=said is Health.FAILING)
        assert now < next_try(standing, now, key=minutes, interval=DAY) < latest(now, DAY)
    turns = [Health.FAILING, Health.WORKING] * len(told)
    assert told == turns[: len(told)]
