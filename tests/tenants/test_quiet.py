"""Quiet hours: over midnight, and when the clocks are changed."""

import datetime as dt

import pytest

from tenants.quiet import quiet_until, zone_of


def time(text: str) -> dt.time | None:
    """Read a time of day; a dash is none."""
    return None if text == "-" else dt.time.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "zone", "now", "until"),
    [
        ("-", "-", "UTC", "2026-11-21T03:00", None),
        ("22:00", "22:00", "UTC", "2026-11-21T22:00", None),
        ("12:00", "14:00", "UTC", "2026-11-21T11:59", None),
        ("12:00", "14:00", "UTC", "2026-11-21T12:00", "2026-11-21T14:00"),
        ("12:00", "14:00", "UTC", "2026-11-21T13:59", "2026-11-21T14:00"),
        ("12:00", "14:00", "UTC", "2026-11-21T14:00", None),
        ("22:00", "07:00", "UTC", "2026-11-21T21:59", None),
        ("22:00", "07:00", "UTC", "2026-11-21T23:30", "2026-11-22T07:00"),
        ("22:00", "07:00", "UTC", "2026-11-21T00:00", "2026-11-21T07:00"),
        ("22:00", "07:00", "UTC", "2026-11-21T07:00", None),
        # The zone's clock counts: 22:30 in Tokyo is 13:30 UTC, and there it is the same day.
        ("22:00", "07:00", "Asia/Tokyo", "2026-11-21T13:30", "2026-11-21T22:00"),
        ("22:00", "07:00", "America/New_York", "2026-11-21T02:30", None),
        ("21:00", "07:00", "America/New_York", "2026-11-21T02:30", "2026-11-21T12:00"),
        # The night the clocks go forward has an hour less, the one they go back an hour more.
        ("22:00", "07:00", "Europe/Berlin", "2026-03-28T22:00", "2026-03-29T05:00"),
        ("22:00", "07:00", "Europe/Berlin", "2026-10-24T21:00", "2026-10-25T06:00"),
        # 02:30 does not exist that night: it is over when the clock shows 03:30.
        ("22:00", "02:30", "Europe/Berlin", "2026-03-28T23:00", "2026-03-29T01:30"),
        # 02:30 comes twice: from within the second time, the second one is meant.
        ("22:00", "02:30", "Europe/Berlin", "2026-10-25T00:10", "2026-10-25T00:30"),
        ("22:00", "02:30", "Europe/Berlin", "2026-10-25T01:10", "2026-10-25T01:30"),
        ("22:00", "07:00", "Atlantis/Capital", "2026-11-21T23:30", "2026-11-22T07:00"),
    ],
)
def test_quiet_hours_end_when_the_clock_on_the_wall_says_so(
    start: str, end: str, zone: str, now: str, until: str | None
) -> None:
    """The end is in UTC, after `now`, and None outside of the hours."""
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    expected = dt.datetime.fromisoformat(until).replace(tzinfo=dt.UTC) if until else None
    assert quiet_until(time(start), time(end), zone, moment) == expected


def test_a_path_is_no_time_zone() -> None:
    """What would leave the folder of zones is read as UTC."""
    assert zone_of("../../etc/passwd") is dt.UTC
