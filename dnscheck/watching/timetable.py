"""Verb: finds the domains that are due and rings for them, fairly.

Nothing is counted on a bell: what was not heard is rung for again.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db.models import Exists, OuterRef

from dnscheck.models import Circuit, DomainQuerySet, SendingDomain
from tenants.bells import Ring, ring_for

MAX_TRIES = 5  # a domain that kills its worker this often is pushed away
PUSHED_AWAY = dt.timedelta(hours=1)
SWEEP_LIMIT = 200
SHARE = 2  # domains at a time whose name servers were silent for others
MOST_OPERATORS = 20  # of such name servers, in one sweep
SLOW_SHARE = 16  # domains at a time that could not be asked about: most keep a worker waiting


def sweep(*, ring: Ring, now: dt.datetime) -> int:
    """Ring for domains that are due; push away those that break their worker; return how many."""
    due = SendingDomain.objects.due(now)
    due.filter(tries__gte=MAX_TRIES).update(next_check_at=now + PUSHED_AWAY, tries=0)
    until = now + dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)
    chosen = islice(_fairly(due.order_by("next_check_at"), now), SWEEP_LIMIT)
    announced = [pk for pk in chosen if due.filter(pk=pk).update(announced_until=until)]
    for pk in announced:
        ring_for(ring, "domain", pk)
    return len(announced)


def _fairly(due: DomainQuerySet, now: dt.datetime) -> Iterator[int]:
    """Yield the ids of due domains; few of those that keep, or may keep, workers waiting."""
    troubled = Circuit.objects.troubled()
    is_troubled = Exists(troubled.filter(operator=OuterRef("operator")))
    resting = Circuit.objects.resting(now).values("operator")
    awake = troubled.exclude(operator__in=resting).order_by("open_until", "pk")
    for operator in awake.values_list("operator", flat=True)[:MOST_OPERATORS]:
        same = SendingDomain.objects.filter(operator=operator)
        free = max(SHARE - same.in_hand(now).count(), 0)
        yield from due.filter(operator=operator).values_list("pk", flat=True)[:free]
    others = due.exclude(is_troubled)
    slow = SendingDomain.objects.filter(unknown_since__isnull=False)
    free = max(SLOW_SHARE - slow.in_hand(now).count(), 0)
    yield from others.filter(unknown_since__isnull=False).values_list("pk", flat=True)[:free]
    yield from others.filter(unknown_since=None).values_list("pk", flat=True)[:SWEEP_LIMIT]
