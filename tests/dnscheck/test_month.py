"""A month of many domains with random faults, by a clock that is moved: what is told is true.

Run by hand for more: `python -m tests.dnscheck.test_month 10000`.
"""

import datetime as dt
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from dnscheck.diagnosis import DomainResult
from dnscheck.verdicts import (
    News,
    Result,
    Standing,
    Verdict,
    move,
    needs_confirmation,
    next_check,
)
from dnscheck.watching.news import due
from tests.fakes import NOW

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
MONTH = 30 * DAY
# A verified domain is looked at within this time, a bad one again after five minutes.
NOTICED = 1.2 * HOUR + MINUTE
CONFIRMED = NOTICED + 6 * MINUTE
FAULTS = ("broken", "silent", "lying resolver", "hiccup")


@dataclass(frozen=True)
class Fault:
    """What is the matter with a domain, from when until when."""

    kind: str
    start: dt.datetime
    end: dt.datetime


@dataclass
class Domain:
    """A domain with its truth, and what the portal makes of it."""

    key: int
    faults: list[Fault]
    standing: Standing = field(default_factory=lambda: Standing(Verdict.PENDING, NOW))
    told: News = News.NOTHING
    notices: list[tuple[dt.datetime, News]] = field(default_factory=list)
    history: int = 0
    seen: Result | None = None

    def fault(self, now: dt.datetime) -> Fault | None:
        """Return what is the matter now."""
        return next((one for one in self.faults if one.start <= now < one.end), None)


def faults_of(chance: random.Random) -> Iterator[Fault]:
    """Yield a month of faults, each a while after the one before was seen to be over."""
    at = NOW + chance.uniform(0.2, 20) * DAY
    while at < NOW + MONTH - 3 * DAY:
        kind = chance.choice(FAULTS)
        length = {
            "broken": chance.choice((3 * MINUTE, 2 * HOUR, DAY, 2 * DAY)),
            "silent": chance.choice((MINUTE, HOUR, 30 * HOUR, 2 * DAY)),
            "lying resolver": chance.choice((10 * MINUTE, 5 * HOUR)),
            "hiccup": MINUTE,
        }[kind]
        yield Fault(kind, at, at + length)
        at += length + chance.uniform(1.3, 12) * DAY


def live(domain: Domain, chance: random.Random) -> None:
    """Check a domain through its month, as often as it asks for."""
    now = NOW + chance.random() * HOUR
    while now < NOW + MONTH:
        fault = domain.fault(now)
        kind = fault.kind if fault else ""
        result = Result.UNKNOWN if kind == "silent" else Result.BAD if kind else Result.GOOD
        before = domain.standing
        confirmed = needs_confirmation(before, result, now) and kind == "broken"
        domain.standing = move(before, result, now, confirmed=confirmed)
        domain.history += result is not domain.seen or before.verdict != domain.standing.verdict
        domain.seen = result
        news = due(domain.told, domain.standing, DomainResult("d", result, ()), now)
        if news is not domain.told:
            domain.notices.append((now, news))
        domain.told = news
        now = next_check(domain.standing, now, key=domain.key, age=now - NOW)


def untrue(domain: Domain) -> Iterator[str]:
    """Yield what was told late, wrongly, twice, or not at all."""
    for fault in domain.faults:
        yield from mistold(fault, domain.notices)
    if any(one is other for (_, one), (_, other) in pairwise(domain.notices)):
        yield "something was told twice"
    if domain.told is not News.NOTHING or domain.standing.verdict is not Verdict.VERIFIED:
        yield "not well at the end, although all was mended days ago"
    if domain.history > 1 + 4 * len(domain.faults):
        yield f"{domain.history} rows of history for {len(domain.faults)} faults"
    if len(domain.notices) > 2 * len(domain.faults):
        yield f"{len(domain.notices)} notices for {len(domain.faults)} faults"


def mistold(fault: Fault, notices: list[tuple[dt.datetime, News]]) -> Iterator[str]:
    """Yield what was told of a fault late, wrongly or not at all."""
    told = {news: at for at, news in notices if fault.start <= at < fault.end}
    lasting = fault.end - fault.start
    if fault.kind == "broken" and lasting > CONFIRMED:
        if told.get(News.FAILING, fault.end) > fault.start + CONFIRMED:
            yield f"{fault}: told late or never"
    elif fault.kind != "broken" and News.FAILING in told:
        yield f"{fault}: called failing"
    elif fault.kind == "silent" and lasting > DAY + 3 * HOUR and News.UNKNOWN not in told:
        yield f"{fault}: a day of silence was not told"


def month(count: int, seed: int) -> tuple[list[Domain], list[str]]:
    """Let so many domains live a month; return them, and what was not true."""
    chance = random.Random(seed)  # noqa: S311 -- the same month each time
    domains = [Domain(key, list(faults_of(chance))) for key in range(count)]
    for domain in domains:
        live(domain, chance)
    return domains, [f"domain {one.key}: {told}" for one in domains for told in untrue(one)]


def test_a_month_of_faults_is_told_truly() -> None:
    """Each true change within its interval, nothing false or twice, no rows without a change."""
    domains, wrong = month(60, seed=6)
    assert wrong == []
    assert {fault.kind for one in domains for fault in one.faults} == set(FAULTS)
    assert {news for one in domains for _, news in one.notices} >= {News.FAILING, News.UNKNOWN}


if __name__ == "__main__":
    lived, told = month(int(sys.argv[1]), seed=1)
    faults = sum(len(one.faults) for one in lived)
    notices = sum(len(one.notices) for one in lived)
    sys.stdout.write(f"{len(lived)} domains, {faults} faults, {notices} notices, {told} wrong\n")
