"""What people should have heard of a domain: once, and only when it changed."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.diagnosis import NO_SUCH_DOMAIN, DomainResult, RecordResult
from dnscheck.findings import Finding, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import state
from dnscheck.standpoints.records import CACHES_FOLLOW
from dnscheck.verdicts import (
    News,
    Result,
    Standing,
    Verdict,
    move,
    needs_confirmation,
    next_check,
)
from dnscheck.watching.news import breaks, cause, due, visible_in
from smtp.providers.base import Match, Purpose
from tests.fakes import NOW, found

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
RECORD = RequiredRecord(
    Purpose.SPF,
    "shop.example",
    "TXT",
    "v=spf1 include:mail.example ~all",
    Match.SPF,
    providers=("sendgrid",),
)
DEAD = Finding("spf.dead-include", Severity.ERROR, "An include is dead", "Why.", "Fix.")
MISSING = Finding("spf.missing", Severity.ERROR, "There is no SPF record", "Why.", "Fix.")
GONE = state(NO_SUCH_DOMAIN, domain="shop.example")


def result(*findings: Finding, bad: Finding | None = None, ttl: int = 300) -> DomainResult:
    """Return a result with one SPF record, right or with this finding against it."""
    observed = () if bad is MISSING else (RECORD.value,)
    answer = replace(found(RECORD.name, "TXT", *observed), ttl=ttl)
    verdict = RecordVerdict.WRONG if bad else RecordVerdict.OK
    seen = RecordResult(RECORD, verdict, observed, (bad,) if bad else (), answer)
    return DomainResult("shop.example", Result.BAD if bad else Result.GOOD, (seen,), findings)


def standing(verdict: Verdict, unknown: dt.timedelta | None = None) -> Standing:
    """Return a standing, silent for so long."""
    bad = NOW if verdict in (Verdict.AT_RISK, Verdict.FAILING) else None
    return Standing(verdict, NOW, bad, NOW - unknown if unknown is not None else None)


@pytest.mark.parametrize(
    ("told", "now_is", "seen", "news"),
    [
        (News.NOTHING, standing(Verdict.VERIFIED), result(), News.NOTHING),
        (News.NOTHING, standing(Verdict.AT_RISK), result(bad=MISSING), News.NOTHING),
        (News.NOTHING, standing(Verdict.FAILING), result(bad=MISSING), News.FAILING),
        (News.FAILING, standing(Verdict.FAILING), result(bad=MISSING), News.FAILING),
        (News.NOTHING, standing(Verdict.FAILING), result(GONE, bad=MISSING), News.LAPSED),
        (News.FAILING, standing(Verdict.FAILING), result(GONE, bad=MISSING), News.LAPSED),
        (News.LAPSED, standing(Verdict.FAILING), result(bad=MISSING), News.LAPSED),
        (News.FAILING, standing(Verdict.VERIFIED), result(), News.NOTHING),
        (News.LAPSED, standing(Verdict.VERIFIED), result(), News.NOTHING),
        (News.NOTHING, standing(Verdict.VERIFIED, 23 * HOUR), result(), News.NOTHING),
        (News.NOTHING, standing(Verdict.VERIFIED, DAY), result(), News.UNKNOWN),
        (News.UNKNOWN, standing(Verdict.VERIFIED, 2 * DAY), result(), News.UNKNOWN),
        (News.FAILING, standing(Verdict.FAILING, 2 * DAY), result(), News.FAILING),
        (News.UNKNOWN, standing(Verdict.AT_RISK), result(bad=MISSING), News.UNKNOWN),
        (News.UNKNOWN, standing(Verdict.FAILING), result(bad=MISSING), News.FAILING),
        (News.UNKNOWN, standing(Verdict.VERIFIED), result(), News.NOTHING),
        (News.NOTHING, standing(Verdict.PENDING), result(bad=MISSING), News.NOTHING),
    ],
)
def test_what_should_have_been_told(
    told: News, now_is: Standing, seen: DomainResult, news: News
) -> None:
    """Bad news come with failing, with a day of silence, with a lapsed domain; and go with good."""
    assert due(told, now_is, seen, NOW) is news


@given(st.lists(st.tuples(st.sampled_from(Result), st.integers(-90, 600)), max_size=60))
def test_no_news_are_told_twice(steps: list[tuple[Result, int]]) -> None:
    """Whatever the order of results and however the clock jumps, what is told is always new."""
    told, now_is, now, history = News.NOTHING, standing(Verdict.PENDING), NOW, list[News]()
    for what, minutes in steps:
        now += dt.timedelta(minutes=minutes)
        confirmed = needs_confirmation(now_is, what, now)
        now_is = move(now_is, what, now, confirmed=confirmed)
        seen = result(bad=MISSING if what is Result.BAD else None)
        if (news := due(told, now_is, seen, now)) is not told:
            history.append(news)
        told = news
    assert all(a is not b for a, b in pairwise(history))
    assert told is News.NOTHING or now_is.verdict is not Verdict.VERIFIED or now_is.unknown_since


def test_the_same_cause_has_the_same_key() -> None:
    """Ten domains with one cause are one notice; another cause is another."""
    own, other = breaks(result(bad=DEAD), {}), breaks(result(bad=MISSING), {})
    keys = [cause(News.FAILING, broken) for broken in (own, other)]
    keys += [cause(News.LAPSED, own), cause(News.UNKNOWN, ())]
    assert len(set(keys)) == len(keys)
    assert cause(News.FAILING, own) == cause(News.FAILING, breaks(result(bad=DEAD), {}))


@pytest.mark.parametrize(
    ("verdict", "seen", "least", "most"),
    [
        # A resolver cannot tell anything new of a verified domain before the shortest TTL is over.
        (Verdict.VERIFIED, result(ttl=300), HOUR, 1.2 * HOUR),
        (Verdict.VERIFIED, result(ttl=4 * 3600), 4 * HOUR, 4.1 * HOUR),
        (Verdict.VERIFIED, result(ttl=7 * 86_400), DAY, DAY),
        # A change that was made shows when the old answer is forgotten.
        (Verdict.FAILING, result(bad=CACHES_FOLLOW, ttl=600), HOUR / 6, HOUR / 5.9),
        (Verdict.FAILING, result(bad=CACHES_FOLLOW, ttl=1), HOUR / 120, HOUR / 60),
        (Verdict.FAILING, result(bad=CACHES_FOLLOW, ttl=86_400), HOUR, 1.2 * HOUR),
        (Verdict.FAILING, result(bad=MISSING, ttl=600), HOUR, 1.2 * HOUR),
    ],
)
def test_the_next_check_stands_just_after_a_ttl(
    verdict: Verdict, seen: DomainResult, least: dt.timedelta, most: dt.timedelta
) -> None:
    """No sooner than something new can be seen, and not much later than it can be."""
    after = replace(standing(verdict), failure_streak=1)
    at = next_check(after, NOW, key=1, age=DAY, visible_in=visible_in(seen, verdict))
    assert least <= at - NOW <= most
