"""When settings that fail together are one incident, and what is tried to find out."""

import datetime as dt
from typing import Any

import pytest

from smtp.watching.health import Health, Result
from smtp.watching.outages import LONG_AGO, Seen, at_host, at_us, is_over, look_around, probe
from tests.fakes import NOW

MINUTE = dt.timedelta(minutes=1)


def bad(key: int, minutes: float = 2, result: Result = Result.SILENT, **fields: Any) -> Seen:
    """Return a setting that began to fail so many minutes ago and was tried then."""
    since = NOW - minutes * MINUTE
    values: dict[str, Any] = {"host": "h", "tenant": key, "health": Health.DOUBTED}
    values |= {"result": result, "bad_since": since, "tried_at": since}
    return Seen(key, **{**values, **fields})


def good(key: int, minutes: float = 1, **fields: Any) -> Seen:
    """Return a setting that was let in so many minutes ago."""
    values: dict[str, Any] = {"host": "h", "tenant": key, "health": Health.WORKING}
    values |= {"result": Result.GOOD, "tried_at": NOW - minutes * MINUTE}
    return Seen(key, **{**values, **fields})


def keys(seen: list[Seen]) -> list[int]:
    """Return the keys, to compare them."""
    return [one.key for one in seen]


R = Result.REFUSED


@pytest.mark.parametrize(
    ("seen", "together"),
    [
        ([bad(1), bad(2)], []),
        ([bad(1), bad(2), bad(3)], [1, 2, 3]),
        ([bad(1), bad(2), bad(3), good(4), good(5)], [1, 2, 3]),
        ([bad(1), bad(2), bad(3), good(4), good(5), good(6)], []),
        ([bad(1), bad(2), bad(3), *(good(key, 60) for key in range(4, 40))], [1, 2, 3]),
        ([bad(1, 0.5), bad(2, 0.5), bad(3, 0.5)], []),  # others are being tried
        ([bad(1, 20), bad(2), bad(3)], []),
        ([bad(1), bad(2), bad(3, -5)], []),  # by a clock that was ahead
        ([bad(1, 2, R), bad(2, 2, R), bad(3, 2, R)], [1, 2, 3]),
        ([bad(1, 2, R, tenant=1), bad(2, 2, R, tenant=1), bad(3, 2, R, tenant=1)], []),
        ([bad(1), bad(2), bad(3), bad(4, 2, R)], [1, 2, 3]),
        ([bad(1, 2, Result.UNFIT), bad(2, 2, Result.UNFIT), bad(3, 2, Result.UNFIT)], []),
        ([bad(1), bad(2), bad(3, incident=7)], []),
    ],
)
def test_three_that_fail_together_are_one_incident(seen: list[Seen], together: list[int]) -> None:
    """If most of those tried since fail; refused logins must be three tenants'."""
    assert keys(at_host(seen, NOW)) == together


def test_silence_of_three_hosts_is_our_own_connection() -> None:
    """One server that answers, even with a refusal, shows that the connection is there."""
    silent = [bad(1, host="a"), bad(2, host="b"), bad(3, host="c")]
    assert keys(at_us(silent, NOW)) == [1, 2, 3]
    assert at_us(silent[:2], NOW) == []
    assert at_us([*silent, good(4, 1, host="d")], NOW) == []
    assert at_us([*silent, bad(4, 1, R, host="d")], NOW) == []
    assert keys(at_us([*silent, good(4, 9, host="d")], NOW)) == [1, 2, 3]
    busy = [bad(key, 2, Result.PASSING, host=str(key)) for key in range(5)]
    assert at_us(busy, NOW) == []


def test_one_doubt_has_others_tried() -> None:
    """Nine more at its host and four hosts elsewhere; those tried since are not tried again."""
    here = [good(key, 60 + key) for key in range(2, 30)]
    there = [good(100 + key, 60, host=f"x{key % 8}") for key in range(16)]
    wanted = look_around([bad(1), *here, *there], NOW)
    assert len(wanted & {one.key for one in here}) == 9
    assert len({one.host for one in there if one.key in wanted}) == 4
    assert len(wanted) == 13
    tried = [good(key, 1) for key in range(2, 11)]
    assert look_around([bad(1), *tried, *here[9:]], NOW) == set()
    assert look_around([bad(1, 16), *here], NOW) == set()


def test_a_refused_login_has_nobody_tried_elsewhere() -> None:
    """It says nothing of our own connection."""
    assert look_around([bad(1, 2, R), good(2, 60, host="x")], NOW) == set()


def test_two_of_an_incident_are_tried_every_ten_minutes() -> None:
    """And ten more as soon as one is let in again."""
    waiting = [bad(key, 9, incident=7) for key in range(20)]
    since = NOW - 9 * MINUTE
    assert probe(waiting, 7, since, NOW) == set()
    assert probe(waiting, 7, since, NOW + MINUTE) == {0, 1}
    assert len(probe([*waiting, good(30)], 7, since, NOW)) == 10
    assert probe([*waiting, good(30, 12)], 7, since, NOW) == set()


@pytest.mark.parametrize(
    ("seen", "over"),
    [
        ([bad(1, incident=7), bad(2, incident=7)], False),
        ([bad(1, incident=7), good(2)], False),
        ([bad(1, incident=7), good(2), good(3)], True),
        ([bad(1, incident=7), good(2, 12), good(3, 12)], False),
        ([bad(1), good(2, 12)], True),  # nobody is left that it explains
    ],
)
def test_an_incident_is_over_when_most_are_let_in(seen: list[Seen], over: bool) -> None:
    """Only what was tried since it opened counts."""
    assert is_over(seen, 7, NOW - 10 * MINUTE, is_ours=False) is over


def test_our_connection_is_back_when_anybody_answers() -> None:
    """A refusal is an answer."""
    lost = [bad(key, incident=7) for key in range(9)]
    since = NOW - 5 * MINUTE
    assert not is_over(lost, 7, since, is_ours=True)
    assert is_over([*lost, bad(10, 1, R)], 7, since, is_ours=True)


def test_what_was_never_tried_is_tried_first() -> None:
    """It has the oldest trial of all."""
    new = Seen(5, "h", 5, Health.UNTRIED)
    assert new.tried_at == LONG_AGO
    assert 5 in look_around([bad(1), *(good(key, 60) for key in range(10, 40)), new], NOW)
