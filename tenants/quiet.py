"""Pure: the hours of a day in which nobody wants to be disturbed."""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> dt.tzinfo:
    """Return a time zone by its name; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC


def quiet_until(
    start: dt.time | None, end: dt.time | None, zone: str, now: dt.datetime
) -> dt.datetime | None:
    """Return when the quiet hours end that `now` lies in, in UTC; None outside of them.

    The times are those of a clock on the wall of the zone. Hours that end before they start go
    over midnight; without a start, or with both the same, nothing is quiet.
    """
    if start is None or end is None or start == end:
        return None
    local = now.astimezone(zone_of(zone))
    clock, day = local.time(), local.date()
    over_midnight = end < start
    if over_midnight and clock >= start:
        day += dt.timedelta(days=1)
    elif clock >= end or (clock < start and not over_midnight):
        return None
    over = dt.datetime.combine(day, end, tzinfo=local.tzinfo)
    if over.astimezone(dt.UTC) <= now:  # the clock was put back, and shows this hour twice
        over = over.replace(fold=1)
    return over.astimezone(dt.UTC)
