"""Page: ninety days of a domain as a row of bars, and the same as a table."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dnscheck.days import Day, Run, Status, after_check, days_of, runs, status_of
from dnscheck.models import SendingDomain

DAYS = 90
HEIGHT = 12
# The worse, the higher: nobody needs to see a colour.
HEIGHTS = {
    Status.FAILING: 12,
    Status.AT_RISK: 9,
    Status.UNKNOWN: 6,
    Status.PENDING: 2,
    Status.VERIFIED: 4,
}
WORDS = {
    Status.FAILING: _("Failing"),
    Status.AT_RISK: _("At risk"),
    Status.UNKNOWN: _("Could not ask"),
    Status.PENDING: _("Pending"),
    Status.VERIFIED: _("Verified"),
}


@dataclass(frozen=True)
class Mark:
    """How a status is drawn, from its top `y` down to the foot of the picture."""

    status: Status

    @property
    def height(self) -> int:
        """How high it is, in units of the picture."""
        return HEIGHTS[self.status]

    @property
    def y(self) -> int:
        """Where it begins."""
        return HEIGHT - self.height

    @property
    def word(self) -> str:
        """The status as a person reads it."""
        return str(WORDS[self.status])


@dataclass(frozen=True)
class Bar:
    """One day in the picture, drawn by its worst status."""

    x: int
    day: Day

    @property
    def mark(self) -> Mark:
        """How it is drawn."""
        return Mark(self.day.statuses[0])

    @property
    def words(self) -> str:
        """Every status of the day."""
        return in_words(self.day.statuses)


@dataclass(frozen=True)
class Strip:
    """The days of a domain, as bars and as lines of a table."""

    days: list[Day]

    @property
    def bars(self) -> list[Bar]:
        """A bar for each day there was a domain."""
        return [Bar(x, day) for x, day in enumerate(self.days) if day.statuses]

    @property
    def key(self) -> list[tuple[Mark, int]]:
        """Each status in the picture, the worst first, and of how many days it was the worst."""
        worst = [bar.mark.status for bar in self.bars]
        return [(Mark(status), worst.count(status)) for status in Status if status in worst]

    @property
    def lines(self) -> list[tuple[Run, str]]:
        """Days in a row that are alike, newest first, and their words."""
        return [(run, in_words(run.statuses)) for run in runs(self.days)]


def in_words(statuses: tuple[Status, ...]) -> str:
    """Return statuses as a person reads them."""
    return ", ".join(str(WORDS[status]) for status in statuses)


def strip_of(domain: SendingDomain, now: dt.datetime) -> Strip:
    """Return the last days of a domain by the reader's calendar, in two queries.

    However often a domain changed on a day, the database tells of each status only the last time.
    """
    today = timezone.localdate(now)
    first = today - dt.timedelta(days=DAYS - 1)
    began = timezone.make_aware(dt.datetime.combine(first, dt.time()))
    seen = (
        domain.checks.filter(at__gte=began)
        .order_by()
        .annotate(day=TruncDate("at"))
        .values_list("day", "verdict", "result")
        .annotate(last=Max("pk"))
        .order_by("last")
    )
    moves = [(day, after_check(verdict, result)) for day, verdict, result, _last in seen]
    earlier = domain.checks.filter(at__lt=began).values_list("verdict", "result").first()
    if domain.created_at >= began:
        moves.insert(0, (timezone.localdate(domain.created_at), Status.PENDING))
    before = Status.PENDING if domain.created_at < began else None
    days = days_of(
        first,
        today,
        moves,
        before=after_check(*earlier) if earlier else before,
        now=status_of(domain.verdict, is_unknown=domain.unknown_since is not None),
    )
    return Strip(days)
