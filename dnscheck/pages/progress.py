"""Page: how far the checks are that somebody asked for, of many domains at once."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from dnscheck.models import DomainQuerySet, SendingDomain
from dnscheck.verdicts import Verdict

TOLD = ("name", "verdict", "bad_since", "unknown_since", "cause")
SHOWN = 20  # of those that are not right
EVERY = 2  # seconds between two looks
PATIENCE = dt.timedelta(minutes=15)  # then the page looks no more by itself


@dataclass(frozen=True)
class Progress:
    """Of `number` domains `done` are checked.

    `verdicts` are how these stand, `wrong` the first ones that need somebody. `poll` is how often
    to look again, in seconds; 0 is not at all.
    """

    number: int
    done: int
    verdicts: dict[str, int]
    wrong: list[SendingDomain]
    poll: int

    @property
    def is_over(self) -> bool:
        """Whether all are checked."""
        return self.done == self.number


def progress_of(
    visible: DomainQuerySet, ids: Collection[int], asked_at: dt.datetime, now: dt.datetime
) -> Progress:
    """Return how far these checks are, in three queries; a domain that was deleted is not told of.

    A domain that was checked is due later than it was asked for.
    """
    rows = visible.filter(pk__in=ids)
    checked = rows.filter(next_check_at__gt=asked_at)
    number = rows.count()
    counted = checked.order_by().values_list("verdict").annotate(number=Count("pk"))
    verdicts = dict(counted)
    is_wrong = ~Q(verdict=Verdict.VERIFIED) | Q(unknown_since__isnull=False)
    wrong = checked.filter(is_wrong).order_by("name").only(*TOLD)[:SHOWN]
    done = sum(verdicts.values())
    is_looking = done < number and now - asked_at < PATIENCE
    return Progress(number, done, verdicts, list(wrong), EVERY if is_looking else 0)
