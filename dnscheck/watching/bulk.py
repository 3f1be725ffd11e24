"""Verb: the full check of very many domains, such as after an import or after an upgrade.

It judges by all the rules, writes all that the check of one domain writes, and shares what domains
have in common. Only this is different: name servers of a zone are left alone where all is right at
the resolver and nothing else was seen before, for thousands of domains may have the same ones. The
next full check, within a day, looks at those as well.
"""

import asyncio
import datetime as dt
import gc
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Prefetch

from dnscheck.asking import allowance
from dnscheck.diagnosis import DomainResult
from dnscheck.models import Circuit, DomainRecipe, SendingDomain
from dnscheck.records import RequiredRecord
from dnscheck.required import RECIPES, records_of
from dnscheck.resolver.pool import Pool
from dnscheck.resolver.sharing import Key, Sharing
from dnscheck.standpoints import is_right_everywhere
from dnscheck.survey import survey_sparing
from dnscheck.verdicts import Result, is_watched, move, needs_confirmation
from dnscheck.verification import Checked, as_far_as_known, confirmed, let_go, put_off
from dnscheck.watching import expected
from dnscheck.writing import Seen, write

MOST_AT_A_TIME = 150  # domains of one claim
QUESTIONS_EACH = 20  # of a domain that are on their way at once, about
WRITE_EVERY = 2.0  # seconds, much less than a lease
TIDY_EVERY = 300  # domains; a look for garbage costs as much as one or two of them

Clock = Callable[[], dt.datetime]

logger = logging.getLogger(__name__)


@dataclass
class Report:
    """What a run did. `passed` are domains of which nothing was to be said, or not by it."""

    domains: int = 0
    good: int = 0
    bad: int = 0
    unknown: int = 0
    passed: int = 0
    questions: int = 0
    seconds: float = 0.0

    @property
    def done(self) -> int:
        """How many domains it is through with."""
        return self.good + self.bad + self.unknown + self.passed


@dataclass(frozen=True)
class _Job:
    """A domain that is held, and what must be published for it."""

    domain: SendingDomain
    recipes: Sequence[DomainRecipe]
    records: Sequence[RequiredRecord]
    wanted: bytes


def waiting(now: dt.datetime, *, everything: bool = False) -> int:
    """Return how many domains a run would check."""
    return SendingDomain.objects.checkable(now, everything=everything).count()


def verify(
    *,
    clock: Clock,
    everything: bool = False,
    limit: int | None = None,
    tell: Callable[[Report], object] | None = None,
) -> Report:
    """Check the domains that are due in full, or all, at most `limit` of them.

    `tell` is called now and then with what was done so far. Raises `ValueError` with a sentence if
    the resolvers of the settings are none.
    """
    allowed = allowance()
    pool = Pool(at_once=allowed.at_once, per_second=allowed.per_second)
    run = _Run(clock, everything, limit, pool)
    if allowed.servers:
        run.sharing = Sharing(
            allowed.servers,
            run.pool,
            question_seconds=settings.DNS_QUESTION_SECONDS,
            domain_seconds=settings.DNS_DOMAIN_SECONDS,
            pace=allowed.pace,
        )
        run.check(tell)
    return run.report


class _Run:
    """One run: the domains it holds, and what was seen of them."""

    sharing: Sharing

    def __init__(self, clock: Clock, everything: bool, limit: int | None, pool: Pool) -> None:
        self.clock, self.everything, self.left, self.pool = clock, everything, limit, pool
        self.token = uuid.uuid4().hex
        self.began = time.monotonic()
        self.last = 0  # the highest id so far
        self.is_all = False
        self.tidied = 0  # domains that were done when garbage was collected
        self.broken: list[int] = []  # ids of domains whose check raised
        self.seen: list[Seen] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.usual: set[Key] | None = None
        self.report = Report()
        self.most = MOST_AT_A_TIME
        if pool.per_second:  # no more than are asked within a lease
            self.most = min(self.most, max(1, int(pool.per_second / 5)))
        self.turn = asyncio.Semaphore(max(1, pool.at_once // QUESTIONS_EACH))

    def check(self, tell: Callable[[Report], object] | None) -> None:
        """Check domains until there are none any more. Rows are touched while nobody is asked."""
        gc.freeze()  # nothing of the program itself is garbage, however often one looks
        gc.disable()
        with asyncio.Runner() as runner:
            try:
                while self.tasks or not self.is_all:
                    few = self.most // 2
                    jobs = self._next() if len(self.tasks) <= few and not self.is_all else []
                    runner.run(self._ask(jobs, 0 if self.is_all else few))
                    self._write()
                    self._tidy()
                    if tell:
                        tell(self.report)
            finally:
                gc.enable()
                gc.unfreeze()
                runner.run(self._close())
                self._let_go()

    def _let_go(self) -> None:
        """Give back what was claimed and then not looked at; what broke counts as tried."""
        held = SendingDomain.objects.filter(claim_token=self.token)
        held.exclude(pk__in=self.broken).update(tries=F("tries") - 1)
        held.update(claimed_until=None, claim_token="")

    def _tidy(self) -> None:
        """Collect garbage now and then: looking for it all the time takes a fifth of a run."""
        if self.report.done - self.tidied >= TIDY_EVERY:
            self.tidied = self.report.done
            gc.collect()

    async def _close(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.pool.close()

    def _next(self) -> list[_Job]:
        """Claim more domains, and return those to ask about."""
        most = self.most if self.left is None else min(self.most, self.left)
        now = self.clock()
        rows = SendingDomain.objects.checkable(now, everything=self.everything)
        after = rows.filter(pk__gt=self.last).order_by("pk")
        pks = list(after.values_list("pk", flat=True)[:most]) if most else []
        self.is_all = not pks
        if not pks:
            return []
        self.last = pks[-1]
        if self.left is not None:
            self.left -= len(pks)
        lease = dt.timedelta(seconds=settings.LEASE_SECONDS)
        rows.filter(pk__in=pks).take(self.token, now + lease)
        return self._jobs(pks)

    def _jobs(self, pks: Sequence[int]) -> list[_Job]:
        held = SendingDomain.objects.filter(pk__in=pks, claim_token=self.token)
        # Before the records, so that no change of them is missed.
        digests = {
            pk: expected.digest(*what)
            for pk, *what in held.annotate(**expected.COLUMNS).values_list(
                "pk", "name", *expected.COLUMNS
            )
        }
        now = self.clock()
        resting = set(Circuit.objects.resting(now).values_list("operator", flat=True))
        jobs = []
        rows = held.select_related("tenant")
        for row in rows.prefetch_related(Prefetch("recipes", RECIPES.all()), "added_records"):
            self.report.domains += 1
            recipes = list(row.recipes.all())
            records = records_of(row, recipes)
            if row.operator in resting and not is_watched(row.watched_since, now):
                let_go(self.token, row)
            elif not any(record.required for record in records):
                put_off(self.token, row, now)
            else:
                jobs.append(_Job(row, recipes, records, digests[row.pk]))
                continue
            self.report.passed += 1
        return jobs

    async def _ask(self, jobs: Sequence[_Job], few: int) -> None:
        """Ask about more domains, until only a few are left or it is time to write."""
        self.pool.open()
        for job in jobs:
            task = asyncio.create_task(self._one(job))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        end = time.monotonic() + WRITE_EVERY
        while len(self.tasks) > few and time.monotonic() < end:
            await asyncio.wait(self.tasks, timeout=0.05, return_when=asyncio.ALL_COMPLETED)

    async def _one(self, job: _Job) -> None:
        """Ask about one domain; what breaks is left to the check of it alone."""
        async with self.turn:
            try:
                seen = await self._look(job)  # the list may be another one by then
                self.seen.append(seen)
            except Exception:
                logger.exception("Domain %s could not be checked.", job.domain.pk)
                self.report.unknown += 1
                self.broken.append(job.domain.pk)

    async def _look(self, job: _Job) -> Seen:
        domain, records = job.domain, job.records
        asker = self.sharing.resolver(domain.name)
        await asker.ask_all(self._usual_questions(domain.name, records))
        known, host = domain.fingerprint, domain.dns_host
        seen = await survey_sparing(domain.name, records, asker, known=known, dns_host=host)
        if is_right_everywhere(seen.result):
            self._note_questions(domain.name, records, asker.asked)
        checked = as_far_as_known(job.recipes, Checked(seen, asker.questions))
        now, result = self.clock(), checked.result.result
        is_sure = needs_confirmation(domain.standing, result, now) and await confirmed(
            domain.name, records, self.sharing.resolver(domain.name)
        )
        after = move(domain.standing, result, now, confirmed=is_sure)
        return Seen(domain, checked.survey, checked.questions, after, now, job.wanted)

    def _usual_questions(self, name: str, records: Sequence[RequiredRecord]) -> set[Key]:
        """Return what will be asked anyway: the records, and what was of every domain so far."""
        usual = {(below + name, type) for below, type in self.usual or ()}
        return usual | {(record.name, record.type) for record in records}

    def _note_questions(
        self, name: str, records: Sequence[RequiredRecord], asked: Sequence[Key]
    ) -> None:
        own = {(record.name, record.type) for record in records}
        inside = {
            (asked_name.removesuffix(name), type)
            for asked_name, type in asked
            if asked_name.endswith(name) and (asked_name, type) not in own
        }
        self.usual = inside if self.usual is None else self.usual & inside

    def _write(self) -> None:
        """Store what was seen."""
        done, self.seen = self.seen, []
        written = write(done, self.token) if done else set()
        ours = [seen for seen in done if seen.domain.pk in written]
        self._note_answers(ours)
        for seen in done:
            self.report.questions += seen.questions
        for seen in ours:
            self._count(seen.survey.result)
        self.report.passed += len(done) - len(ours)  # somebody else has them now
        self.report.seconds = round(time.monotonic() - self.began, 3)

    def _count(self, result: DomainResult) -> None:
        self.report.good += result.result is Result.GOOD
        self.report.bad += result.result is Result.BAD
        self.report.unknown += result.result is Result.UNKNOWN

    def _note_answers(self, done: Sequence[Seen]) -> None:
        """Note whose name servers were silent, and whose are not any more."""
        silent = set(Circuit.objects.values_list("operator", flat=True))
        for seen in done:
            operator = seen.domain.operator
            if seen.survey.result.is_silent:
                Circuit.objects.note_silence(operator, seen.domain.pk, seen.at)
            elif operator in silent:
                Circuit.objects.note_answer(operator)
                silent.discard(operator)
