"""How a domain's verdict moves, and when to look again. Pure: the clock is handed in.

Only definitive answers move a verdict. One bad check makes a verified domain *at risk*; a second
one, at least five minutes later and confirmed at the zone's own name servers, makes it *failing*;
one good check makes it *verified*. Silence moves nothing.
"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

CONFIRM_AFTER = dt.timedelta(minutes=5)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# While a person looks: soon, then each minute for a quarter of an hour.
WATCHED_STEPS = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 15, 30, 60))
WATCHED_FOR = dt.timedelta(minutes=15)
JUST_AFTER = dt.timedelta(seconds=1)
SOONEST = dt.timedelta(seconds=30)  # nobody is asked more often about a change that shows soon
SPREAD = 0.2  # domains of one age do not all come due at once


class Verdict(StrEnum):
    """What is known of a domain."""

    PENDING = "pending"  # never verified yet
    VERIFIED = "verified"
    AT_RISK = "at_risk"
    FAILING = "failing"


class Result(StrEnum):
    """What one check says of a domain as a whole."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"  # a needed question could not be asked


class News(StrEnum):
    """What a domain's people were told last, as long as it holds."""

    NOTHING = ""
    FAILING = "failing"
    LAPSED = "lapsed"  # the domain itself is gone, or back with its registrar
    UNKNOWN = "unknown"  # could not be asked for a day


@dataclass(frozen=True)
class Standing:
    """What is known of a domain, since when, and what speaks against it."""

    verdict: Verdict
    verdict_since: dt.datetime
    bad_since: dt.datetime | None = None
    unknown_since: dt.datetime | None = None
    failure_streak: int = 0  # checks in a row that were not good


def needs_confirmation(standing: Standing, result: Result, now: dt.datetime) -> bool:
    """Whether this bad result would make the domain failing, so its own servers must agree."""
    return (
        result is Result.BAD
        and standing.verdict is Verdict.AT_RISK
        and standing.bad_since is not None
        and now - standing.bad_since >= CONFIRM_AFTER
    )


def move(standing: Standing, result: Result, now: dt.datetime, *, confirmed: bool) -> Standing:
    """Return the standing after one check. `confirmed`: the zone's own servers agree."""
    if result is Result.UNKNOWN:
        return replace(
            standing,
            unknown_since=standing.unknown_since or now,
            failure_streak=standing.failure_streak + 1,
        )
    if result is Result.GOOD:
        known = standing.verdict is Verdict.VERIFIED
        since = standing.verdict_since if known else now
        return Standing(Verdict.VERIFIED, since)
    verdict, since = standing.verdict, standing.verdict_since
    if verdict is Verdict.VERIFIED:
        verdict, since = Verdict.AT_RISK, now
    elif needs_confirmation(standing, result, now) and confirmed:
        verdict, since = Verdict.FAILING, now
    return Standing(
        verdict=verdict,
        verdict_since=since,
        bad_since=standing.bad_since or now,
        unknown_since=None,
        failure_streak=standing.failure_streak + 1,
    )


def is_watched(since: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a person looks at a domain, having asked for a check at a time."""
    return since is not None and dt.timedelta(0) <= now - since < WATCHED_FOR


def next_check(
    standing: Standing,
    now: dt.datetime,
    *,
    key: int,
    age: dt.timedelta,
    watched_since: dt.datetime | None = None,
    visible_in: dt.timedelta | None = None,
) -> dt.datetime:
    """Return when to check again.

    `key` is the domain's id, `age` how long it has been here, `visible_in` the time after which
    the resolver can say something new at the earliest (RFC 2308 section 5 for a denial).
    """
    if watched_since is not None and is_watched(watched_since, now):
        looked = now - watched_since
        step = next((step for step in WATCHED_STEPS if looked < step), MINUTE)
        return now + (step if visible_in is None else min(step, _soonest(visible_in)))
    usual = _interval(standing, age) * _spread(key)
    if visible_in is None or standing.unknown_since is not None:
        return now + usual
    if standing.verdict is Verdict.VERIFIED:
        return now + max(usual, min(visible_in + JUST_AFTER, DAY))
    return now + min(usual, _soonest(visible_in))


def _soonest(visible_in: dt.timedelta) -> dt.timedelta:
    return max(visible_in, SOONEST) + JUST_AFTER


def _interval(standing: Standing, age: dt.timedelta) -> dt.timedelta:
    doubled = 1 << min(max(standing.failure_streak - 1, 0), 10)
    if standing.unknown_since is not None:
        return min(MINUTE * doubled, HOUR)
    if standing.verdict is Verdict.VERIFIED:
        return HOUR
    if standing.verdict is Verdict.AT_RISK:
        return CONFIRM_AFTER
    if standing.verdict is Verdict.FAILING:
        return min(HOUR * doubled, DAY)
    if age > 90 * DAY:
        return 7 * DAY
    if age > 14 * DAY:
        return DAY
    return min(CONFIRM_AFTER * doubled, 6 * HOUR)


def _spread(key: int) -> float:
    """Return a factor from 1 to 1.2 that is always the same for the same domain."""
    digest = blake2b(str(key).encode(), digest_size=4).digest()
    return 1 + SPREAD * int.from_bytes(digest, "big") / (1 << 32)
