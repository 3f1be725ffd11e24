"""Verb: tell of very many domains that their verdicts still hold.

A verdict is a pure function of what must be published, of the rules and of the answers. So a sweep
asks the resolver again what the last full check asked it; where all of that is as before, the
domain counts as checked. It never judges and never moves a verdict: whatever else it meets, it
hands to the full check, which looks at each domain once a day anyway, for it alone sees the zone's
own servers.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from dnscheck.asking import allowance
from dnscheck.models import SendingDomain, Work
from dnscheck.resolver.sweeping import Outcome, Sweep
from dnscheck.verdicts import Standing, Verdict, next_check
from dnscheck.watching import expected

MOST_AT_A_TIME = 1_000  # domains of one claim, and of one statement that writes
WRITE_EVERY = 2.0  # seconds, much less than a lease
# Silence is mostly a provider's or the resolver's, and a full check waits for it: a few domains of
# each run find out more, and the rest are compared again.
MOST_SILENT, AGAIN_AFTER = 20, dt.timedelta(minutes=5)

Clock = Callable[[], dt.datetime]


@dataclass
class Report:
    """What a sweep did. `unknown` are domains it could not tell of: silence, or other rules."""

    domains: int = 0
    unchanged: int = 0
    changed: int = 0
    unknown: int = 0
    questions: int = 0
    seconds: float = 0.0

    @property
    def done(self) -> int:
        """How many domains it is through with."""
        return self.unchanged + self.changed + self.unknown


def make_asker() -> Sweep:
    """Return who asks the resolvers of the settings, as much as these allow."""
    allowed = allowance()
    return Sweep(allowed.servers, at_once=allowed.at_once, per_second=allowed.per_second)


def due(now: dt.datetime, *, everything: bool = False) -> int:
    """Return how many domains a sweep would look at."""
    return SendingDomain.objects.comparable(now, everything=everything).count()


def sweep(
    *,
    clock: Clock,
    asker: Sweep,
    everything: bool = False,
    limit: int | None = None,
    seconds: float | None = None,
    tell: Callable[[Report], object] | None = None,
) -> Report:
    """Compare the domains that are due, or all that can be compared, at most `limit` of them.

    After `seconds` no more are begun. `tell` is called now and then with what was done so far.
    """
    run = _Run(clock, asker, everything, limit, seconds)
    if asker.servers:
        for done in asker.compare(run.plans()):
            run.take(done)
            if run.is_time_to_write():
                run.write()
                if tell:
                    tell(run.report)
        run.let_go()
    report = run.write()
    if report.domains:
        run.note()
    return report


class _Run:
    """One sweep: the domains it claimed, and what became of them."""

    def __init__(
        self,
        clock: Clock,
        asker: Sweep,
        everything: bool,
        limit: int | None,
        seconds: float | None,
    ) -> None:
        self.clock, self.asker, self.everything = clock, asker, everything
        self.left, self.seconds = limit, seconds
        self.token = uuid.uuid4().hex
        self.began = self.wrote = time.monotonic()
        self.last = 0  # the highest id so far, if all are looked at
        self.held: set[int] = set()
        self.stale: list[int] = []  # judged by other rules, or of other records
        self.doubted = 0  # how many silent ones went to the full check
        self.done: dict[Outcome, list[int]] = {outcome: [] for outcome in Outcome}
        self.report = Report()

    def plans(self) -> Iterator[tuple[int, bytes]]:
        """Claim domains, batch by batch, and yield what to ask of each."""
        while pks := self._next():
            now, lease = self.clock(), dt.timedelta(seconds=settings.LEASE_SECONDS)
            rows = SendingDomain.objects.comparable(now, everything=self.everything)
            rows.filter(pk__in=pks).take(self.token, now + lease)
            self.held.update(pks)  # or some of them: what is not ours is not written either
            for pk, known, answers in self._rows(pks):
                self.report.domains += 1
                if known:
                    yield pk, answers
                else:
                    self.stale.append(pk)

    def _next(self) -> Sequence[int]:
        """Return the ids of domains to claim; none when the time or the number is used up."""
        most = MOST_AT_A_TIME
        if self.asker.per_second:  # no more than are asked within a lease
            most = min(most, max(1, int(self.asker.per_second)))
        if self.left is not None:
            most = min(most, self.left)
        if self.seconds is not None and time.monotonic() - self.began >= self.seconds:
            return ()
        rows = SendingDomain.objects.comparable(self.clock(), everything=self.everything)
        if self.everything:
            rows = rows.filter(pk__gt=self.last).order_by("pk")
        else:
            rows = rows.order_by("next_check_at")
        pks = list(rows.values_list("pk", flat=True)[:most])
        self.last = max(pks, default=0)
        if self.left is not None:
            self.left -= len(pks)
        return pks

    def _rows(self, pks: Sequence[int]) -> Iterator[tuple[int, bool, bytes]]:
        """Yield of each domain held whether its verdict is one of today's rules, and answers."""
        rows = SendingDomain.objects.filter(pk__in=pks, claim_token=self.token)
        columns = ("pk", "basis__answers", "basis__expected", "name", *expected.COLUMNS)
        for row in rows.annotate(**expected.COLUMNS).values_list(*columns).iterator():
            pk, answers, known, *what = row
            is_known = known is not None and bytes(known) == expected.digest(*what)
            yield pk, is_known, bytes(answers) if is_known else b""

    def take(self, done: Sequence[tuple[int, Outcome]]) -> None:
        """Note what became of domains."""
        for pk, outcome in done:
            self.done[outcome].append(pk)

    def is_time_to_write(self) -> bool:
        """Whether enough is done, or long enough ago."""
        count = len(self.stale) + sum(map(len, self.done.values()))
        return count >= MOST_AT_A_TIME or time.monotonic() - self.wrote >= WRITE_EVERY

    def write(self) -> Report:
        """Store what became of the domains that are still ours, and return the sums so far."""
        now, self.wrote = self.clock(), time.monotonic()
        same, changed, silent = (self.done[outcome] for outcome in Outcome)
        doubted, waiting = self._divided(silent)
        others = changed + doubted + self.stale
        if same:
            standing = Standing(Verdict.VERIFIED, now)
            soon = next_check(standing, now, key=same[0], age=dt.timedelta(0))
            self._update(same, last_checked_at=now, next_check_at=soon)
        if others:
            self._update(others, next_check_at=now, compare_until=None)
        if waiting:
            self._update(waiting, next_check_at=now + AGAIN_AFTER)
        self.held.difference_update(same, others, waiting)
        self.report.unchanged += len(same)
        self.report.changed += len(changed)
        self.report.unknown += len(silent) + len(self.stale)
        self.report.questions = self.asker.questions
        self.report.seconds = round(self.wrote - self.began, 3)
        self.done = {outcome: [] for outcome in Outcome}
        self.stale = []
        return self.report

    def _divided(self, silent: list[int]) -> tuple[list[int], list[int]]:
        """Return which silent domains go to the full check now, and which are compared again."""
        room = MOST_SILENT - self.doubted
        self.doubted += len(silent[:room])
        return silent[:room], silent[room:]

    def let_go(self) -> None:
        """Free what was claimed and then not looked at."""
        done = {pk for pks in self.done.values() for pk in pks}
        if rest := self.held.difference(done, self.stale):
            self._update(list(rest))

    def note(self) -> None:
        """Add this sweep to what was done in this hour."""
        told = self.report
        Work.objects.note(
            self.clock(),
            compared=told.domains,
            changed=told.changed,
            unknown=told.unknown,
            questions=told.questions,
            seconds=told.seconds,
        )

    def _update(self, pks: Sequence[int], **columns: dt.datetime | None) -> None:
        SendingDomain.objects.filter(pk__in=pks, claim_token=self.token).update(
            claimed_until=None, claim_token="", announced_until=None, tries=0, **columns
        )
