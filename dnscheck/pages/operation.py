"""Page: how the portal itself is doing: what waits and since when, and who does not answer.

A constant number of queries, whatever the number of domains.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min

from dnscheck.models import TRIED_EVERY, Circuit, SendingDomain, Upstream, Work
from tenants.models import Notice, Tenant

LATE = dt.timedelta(minutes=2)  # a queue whose oldest waits longer is worth a look
MOST_OPERATORS = 20
HOURS = 12  # of work that are shown


@dataclass(frozen=True)
class Queue:
    """What waits to be done: how much, and since when the oldest of it is due."""

    count: int
    since: dt.datetime | None
    now: dt.datetime

    @property
    def is_late(self) -> bool:
        """Whether the oldest waits longer than it should."""
        return self.since is not None and self.now - self.since > LATE


@dataclass(frozen=True)
class Operation:
    """What operators look at when something seems stuck."""

    timetable_at: dt.datetime | None  # when the timetable was last seen at work
    is_standing: bool
    domains: int
    silent: int  # domains that could not be asked about at their last check
    checks: Queue
    in_hand: int
    attempts: Queue
    notices: Queue
    resolvers: Sequence[Upstream]
    operators: Sequence[Circuit]
    work: Sequence[Work]

    @property
    def silent_share(self) -> float:
        """How many of a hundred domains could not be asked about."""
        return 100 * self.silent / self.domains if self.domains else 0.0


def state(now: dt.datetime) -> Operation:
    """Return how things are."""
    rows = SendingDomain.objects.all()
    due = rows.claimable(now).filter(next_check_at__lte=now)
    resolvers = list(Upstream.objects.all())
    seen = max((row.asked_at for row in resolvers if row.asked_at), default=None)
    waiting = Tenant.objects.filter(attempts__state="queued")
    unsent = Notice.objects.filter(mail_batch=None, mail_after__lte=now)
    return Operation(
        timetable_at=seen,
        is_standing=seen is None or now - seen > 3 * TRIED_EVERY,
        domains=rows.count(),
        silent=rows.filter(unknown_since__isnull=False).count(),
        checks=_queue(due.aggregate(count=Count("pk"), since=Min("next_check_at")), now),
        in_hand=rows.filter(claimed_until__gt=now).count(),
        attempts=_queue(
            waiting.aggregate(count=Count("attempts"), since=Min("attempts__created_at")), now
        ),
        notices=_queue(unsent.aggregate(count=Count("pk"), since=Min("mail_after")), now),
        resolvers=resolvers,
        operators=list(Circuit.objects.troubled()[:MOST_OPERATORS]),
        work=list(Work.objects.filter(hour__gt=now - dt.timedelta(hours=HOURS))),
    )


def _queue(found: dict[str, Any], now: dt.datetime) -> Queue:
    return Queue(count=found["count"], since=found["since"], now=now)
