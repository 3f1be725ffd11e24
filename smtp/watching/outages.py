"""When many settings fail together: what is to blame, and which to try next to find out. Pure.

Three settings of one host that began to fail within a quarter of an hour, and most of those tried
since, are one incident. A refused log-in may be chance where people change passwords, so it counts
only when three tenants meet it. When three hosts or more are silent and none lets anybody in, it is
our own connection.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from smtp.watching.health import BAD, Health, Result

WINDOW = dt.timedelta(minutes=15)
SETTLE = dt.timedelta(minutes=1)  # until others were tried as well
PROBE_EVERY = dt.timedelta(minutes=10)
AT_LEAST = 3
NEIGHBOURS = 10  # tried at the same host, to learn whether it is the host
ELSEWHERE = 4  # other hosts tried, to learn whether it is our own connection
PROBES = 2
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Seen:
    """One watched setting, as it was when it was tried last. `incident` is what explains it."""

    key: int
    host: str
    tenant: int
    health: Health
    result: Result | None = None
    bad_since: dt.datetime = LONG_AGO
    tried_at: dt.datetime = LONG_AGO
    incident: int | None = None

    @property
    def works(self) -> bool:
        """Whether the last try let it in."""
        return self.health is Health.WORKING and self.result is Result.GOOD


def at_host(seen: Sequence[Seen], now: dt.datetime) -> list[Seen]:
    """Return the settings that fail together, of all those at one host, or nothing."""
    fresh = [one for one in _fresh(seen, now) if one.incident is None]
    refused = {one.tenant for one in fresh if one.result is Result.REFUSED}
    if len(refused) < AT_LEAST:
        fresh = [one for one in fresh if one.result is not Result.REFUSED]
    if len(fresh) < AT_LEAST or now - _first(fresh) < SETTLE:
        return []
    working = [one for one in seen if one.works and one.tried_at >= _first(fresh)]
    return fresh if len(fresh) > len(working) else []


def at_us(seen: Sequence[Seen], now: dt.datetime) -> list[Seen]:
    """Return the settings that nobody answers any more, of all, or nothing."""
    fresh = [one for one in _fresh(seen, now) if one.result is Result.SILENT]
    if len({one.host for one in fresh}) < AT_LEAST or now - _first(fresh) < SETTLE:
        return []
    answered = any(_answers(one) and one.tried_at >= _first(fresh) for one in seen)
    return [] if answered else fresh


def is_over(seen: Sequence[Seen], incident: int, since: dt.datetime, *, is_ours: bool) -> bool:
    """Whether most settings are let in again; with our own connection, whether anybody answers."""
    explained = [one for one in seen if one.incident == incident]
    tried = [one for one in seen if one.tried_at >= since]
    if is_ours:
        return not explained or any(_answers(one) for one in tried)
    return not explained or len([one for one in tried if one.works]) > len(explained)


def look_around(seen: Sequence[Seen], now: dt.datetime) -> set[int]:
    """Return which settings to try now because others have begun to fail, by key."""
    wanted: set[int] = set()
    fresh = [one for one in _fresh(seen, now) if one.incident is None]
    for host in {one.host for one in fresh}:
        since = _first([one for one in fresh if one.host == host])
        neighbours = [one for one in seen if one.host == host]
        wanted |= _untried(neighbours, since, NEIGHBOURS)
    silent = [one for one in fresh if one.result is Result.SILENT]
    if silent:
        hosts = {one.host for one in silent}
        # One of each other host, the one tried last: it is the likeliest to work.
        elsewhere = {one.host: one for one in _by_trial(seen) if one.host not in hosts}
        wanted |= _untried(list(elsewhere.values()), _first(silent), ELSEWHERE)
    return wanted


def probe(seen: Sequence[Seen], incident: int, since: dt.datetime, now: dt.datetime) -> set[int]:
    """Return which settings of an incident to try now, to learn whether it is over, by key.

    Two of them now and then; when the first is let in again, the others as well.
    """
    explained = [one for one in seen if one.incident == incident]
    wanted: set[int] = set()
    if back := [one.tried_at for one in seen if one.works and one.tried_at >= since]:
        wanted |= _untried(explained, min(back), NEIGHBOURS)
    last = max((one.tried_at for one in explained), default=now)
    if now - last >= PROBE_EVERY:
        wanted |= {one.key for one in _by_trial(explained)[:PROBES]}
    return wanted


def _fresh(seen: Sequence[Seen], now: dt.datetime) -> list[Seen]:
    """Return what began to fail lately, and not for lack of a password."""
    return [
        one
        for one in seen
        if one.health in BAD
        and one.result not in (Result.UNFIT, Result.UNKNOWN)
        and dt.timedelta(0) <= now - one.bad_since <= WINDOW
    ]


def _answers(one: Seen) -> bool:
    """Whether a mail server spoke at the last try, whatever it said."""
    return one.result in (Result.GOOD, Result.PASSING, Result.REFUSED)


def _first(fresh: Sequence[Seen]) -> dt.datetime:
    return min(one.bad_since for one in fresh)


def _by_trial(seen: Sequence[Seen]) -> list[Seen]:
    return sorted(seen, key=attrgetter("tried_at", "key"))


def _untried(seen: Sequence[Seen], since: dt.datetime, most: int) -> set[int]:
    """Return settings not tried since then, so few that with those that were it is `most`."""
    tried = [one for one in seen if one.tried_at >= since]
    left = [one for one in _by_trial(seen) if one.tried_at < since]
    return {one.key for one in left[: max(most - len(tried), 0)]}
