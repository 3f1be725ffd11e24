"""How the health of a setting moves, and when to try it again. Pure: the clock is handed in.

One bad try is a doubt. A second one makes the setting *failing*, at least five minutes later; what
often passes by itself (silence, a 4xx reply) has to go on for half an hour and three tries. One
good try makes it *working*. What says something of us only, such as a resolver that is down, moves
nothing; a stored password that cannot be used is the setting's own trouble, and is told.
"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

from smtp.outcome import Failure, Outcome, Stage

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
CONFIRM_AFTER = 5 * MINUTE
PASSES_WITHIN = 30 * MINUTE
PASSING_TRIES = 3  # a machine that slept for hours between two tries has seen nothing of them
UNKNOWN_AGAIN = HOUR
SPREAD = 0.2  # settings that failed together are not all tried again together


class Health(StrEnum):
    """What is known of a setting's log-in."""

    UNTRIED = "untried"
    WORKING = "working"
    DOUBTED = "doubted"  # it failed, and that is not confirmed yet
    FAILING = "failing"


BAD = (Health.DOUBTED, Health.FAILING)


class Result(StrEnum):
    """What one try says."""

    GOOD = "good"  # logged in, whatever came after
    SILENT = "silent"  # nobody answered, or the connection was lost: often over by itself
    PASSING = "passing"  # 4xx: the server itself asks to come again
    LASTING = "lasting"  # the server or its certificate is not what it has to be
    REFUSED = "refused"  # the log-in was refused for good
    UNFIT = "unfit"  # the setting lacks what a log-in takes: no server was asked
    UNKNOWN = "unknown"  # our own trouble


_OUR_OWN = {
    Failure.TARGET_REFUSED,
    Failure.RESOLVER_FAILED,
    Failure.BLOCKED_LOCALLY,
    Failure.UNSENDABLE,
    Failure.LOST,
}
_UNFIT = {Failure.PASSWORD_NEEDED, Failure.PLAIN_PASSWORD}
_SILENT = {
    Failure.CONNECTION_REFUSED,
    Failure.TIMEOUT,
    Failure.UNREACHABLE,
    Failure.CLOSED,
}
_AFTER_LOGIN = {Stage.SENDER, Stage.RECIPIENT, Stage.DATA, Stage.QUIT}


@dataclass(frozen=True)
class Standing:
    """What is known of a setting, since when, and what speaks against it.

    `streak` counts the bad tries in a row. `told` says that its failure was told to its people,
    who are then told of its end as well: failures and recoveries always take turns.
    """

    health: Health = Health.UNTRIED
    since: dt.datetime | None = None
    bad_since: dt.datetime | None = None
    unknown_since: dt.datetime | None = None
    streak: int = 0
    told: bool = False


def judge(outcome: Outcome) -> Result:
    """Return what an attempt says of the log-in. A refused sender or recipient came after it."""
    failure, reply = outcome.failure, outcome.reply
    if failure in _OUR_OWN:
        return Result.UNKNOWN
    if outcome.ok or outcome.stage in _AFTER_LOGIN:
        return Result.GOOD
    if failure in _UNFIT:
        return Result.UNFIT
    if failure in _SILENT:
        return Result.SILENT
    if reply is not None and 400 <= reply.code < 500:
        return Result.PASSING
    return Result.REFUSED if outcome.stage is Stage.AUTH and reply else Result.LASTING


def move(standing: Standing, result: Result, now: dt.datetime) -> Standing:
    """Return the standing after one try. Who is told of it is left to `news`."""
    if result is Result.UNKNOWN:
        return replace(standing, unknown_since=_not_after(standing.unknown_since, now))
    if result is Result.GOOD:
        known = standing.health is Health.WORKING
        return Standing(Health.WORKING, standing.since if known else now, told=standing.told)
    streak = standing.streak + 1
    bad_since = _not_after(standing.bad_since, now)
    health, since = standing.health, standing.since
    if health is Health.DOUBTED and _is_confirmed(result, streak, now - bad_since):
        health, since = Health.FAILING, now
    elif health not in BAD:
        health, since = Health.DOUBTED, now
    return Standing(health, since, bad_since, None, streak, standing.told)


def news(standing: Standing, *, quiet: bool) -> Health | None:
    """Return what people must be told of this standing: failing, working (again), or nothing.

    A setting that nobody watches, or that an incident explains, is `quiet`: its failure is not told
    now, but by the next bad try that is not. Its recovery is told to those who know of the failure.
    """
    if standing.health is Health.FAILING and not standing.told and not quiet:
        return Health.FAILING
    if standing.health is Health.WORKING and standing.told:
        return Health.WORKING
    return None


def next_try(
    standing: Standing, now: dt.datetime, *, key: int, interval: dt.timedelta
) -> dt.datetime:
    """Return when to try again. `key` is the setting's id, `interval` that of a working setting.

    It is never further away than `latest`.
    """
    if standing.health is Health.DOUBTED:
        return now + CONFIRM_AFTER * (1 + SPREAD * _part(key))
    if standing.unknown_since is not None:
        return now + min(UNKNOWN_AGAIN, interval) * (1 + SPREAD * _part(key))
    if standing.health is Health.FAILING:
        doubled = HOUR * (1 << min(max(standing.streak - 2, 0), 10))
        return now + min(doubled, DAY) * (1 + SPREAD * _part(key))
    if standing.health is Health.UNTRIED:
        return _slot(now, key, min(interval, HOUR))
    return _slot(now + interval / 2, key, interval)


def latest(now: dt.datetime, interval: dt.timedelta) -> dt.datetime:
    """Return a moment after every `next_try` of now: what is later was written by a wrong clock."""
    return now + max(interval * 1.5, DAY * (1 + SPREAD)) + MINUTE


def _is_confirmed(result: Result, streak: int, lasted: dt.timedelta) -> bool:
    """Whether a doubt that has lasted so long is no doubt any more."""
    if result in (Result.SILENT, Result.PASSING):
        return streak >= PASSING_TRIES and lasted >= PASSES_WITHIN
    return lasted >= CONFIRM_AFTER


def _not_after(since: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Return a beginning; one that lies ahead was written by a clock that was wrong."""
    return now if since is None or since > now else since


def _slot(after: dt.datetime, key: int, interval: dt.timedelta) -> dt.datetime:
    """Return the setting's own moment in the interval that comes next.

    It does not depend on when the setting was saved or tried, so that a thousand settings that
    were loaded at once are tried all over the day.
    """
    midnight = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    own = midnight + interval * _part(key)
    return own + ((after - own) // interval + 1) * interval


def _part(key: int) -> float:
    """Return a number from 0 to 1 that is always the same for the same setting."""
    digest = blake2b(str(key).encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32
