"""Pure: how long to wait before what failed is tried again, and when to let it be."""

import datetime as dt

STEPS = (1, 2, 5, 15, 30, 60, 120, 240)  # minutes; the last one goes on
TRIED_FOR = dt.timedelta(days=1)


def next_try(tries: int, began: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Return when to try again after so many tries; None when it was tried for a day."""
    if now - began >= TRIED_FOR:
        return None
    return now + dt.timedelta(minutes=STEPS[min(max(tries, 1), len(STEPS)) - 1])
