"""Verbs: do to many domains what a person asked for once."""

import datetime as dt

from dnscheck.models import DomainQuerySet, SendingDomain

MOST_CHECKED = 1000  # at a time: a click floods nobody


def check_many(rows: DomainQuerySet, *, now: dt.datetime) -> list[int]:
    """Have the first `MOST_CHECKED` of these checked now; return the ids of those.

    The timetable rings for them at its own pace. Those that would have waited longest come first,
    so that the same again goes on to the next ones.
    """
    chosen = list(rows.order_by("-next_check_at").values_list("pk", flat=True)[:MOST_CHECKED])
    found = SendingDomain.objects.filter(pk__in=chosen)
    found.update(next_check_at=now, announced_until=None, compare_until=None)
    return chosen
