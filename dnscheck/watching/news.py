"""What people should have heard of a domain by now. Pure: the clock is handed in.

A notice is told once, when what should have been told is no longer what was told last. So neither
a check that is repeated nor a clock that is set back repeats one.
"""

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from dnscheck.diagnosis import BAD, NO_SUCH_DOMAIN, DomainResult, RecordResult
from dnscheck.findings import Edit, Finding, RecordVerdict, Severity
from dnscheck.spf.forecast import DEAD, Forecast, every
from dnscheck.standpoints.holders import HELD
from dnscheck.standpoints.records import CACHES_FOLLOW, CHANGED
from dnscheck.verdicts import News, Standing, Verdict

UNKNOWN_FOR = dt.timedelta(days=1)
LAPSED_CODES = {NO_SUCH_DOMAIN.code, HELD.code}
WAITING_CODES = {CACHES_FOLLOW.code, CHANGED.code}
# What goes wrong behind a record that is right itself, at whoever the record names.
BEHIND_CODES = {"cname.broken-chain", "cname.dangling", "cname.empty-target", "cname.target-loop"}

Published = Mapping[tuple[str, str], tuple[str, ...]]  # values by name and type of the record

Codes = Container[tuple[str, str]]


@dataclass(frozen=True)
class Break:
    """A required record that is not right. `before` and `after` are values of the last good check.

    `edits` mend it.
    """

    name: str
    type: str
    code: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    edits: tuple[Edit, ...]


def due(told: News, standing: Standing, result: DomainResult, now: dt.datetime) -> News:
    """Return what people should have been told, given what they were told last.

    Bad news stay until the domain is verified again: a domain at risk may be either.
    """
    if standing.verdict is Verdict.FAILING:
        is_lapsed = any(finding.code in LAPSED_CODES for finding in result.findings)
        return News.LAPSED if is_lapsed or told is News.LAPSED else News.FAILING
    since = standing.unknown_since
    if since is not None and now - since >= UNKNOWN_FOR and told is News.NOTHING:
        return News.UNKNOWN
    if standing.verdict is Verdict.VERIFIED and since is None:
        return News.NOTHING
    return told


def breaks(result: DomainResult, before: Published) -> tuple[Break, ...]:
    """Return the required records that are not right, with what was published when all was."""
    bad = (seen for seen in result.records if seen.record.required and seen.verdict in BAD)
    return tuple(_break(seen, before) for seen in bad)


def _break(seen: RecordResult, before: Published) -> Break:
    record = seen.record
    finding = worst(seen)
    then = before.get((record.name, record.type), ())
    return Break(
        name=record.name,
        type=record.type,
        code=finding.code if finding else "",
        title=finding.title if finding else "",
        before=then,
        after=seen.observed,
        edits=tuple(edit for found in seen.findings for edit in found.edits),
    )


def worst(seen: RecordResult) -> Finding | None:
    """Return the worst of what was found at a record, if anything was."""
    told = sorted(seen.findings, key=lambda finding: list(Severity).index(finding.severity))
    return told[0] if told else None


def cause(news: News, broken: tuple[Break, ...]) -> str:
    """Return a key that is equal for domains that need the same news: they go into one notice."""
    if news is not News.FAILING or not broken:
        return f"domain.{news}"
    return f"domain.failing:{broken[0].code}"


def lost_behind(before: Codes, now: DomainResult) -> Iterator[tuple[str, Finding]]:
    """Yield what newly goes wrong behind records that are right, with the record's name.

    `before` are the names of records with the codes of what was found at the check before.
    """
    for seen in now.records:
        for finding in seen.findings if seen.verdict is RecordVerdict.OK else ():
            place = (seen.record.name, finding.code)
            if finding.code in BEHIND_CODES and place not in before:
                yield seen.record.name, finding


def died_behind(before: Forecast, now: Forecast) -> tuple[str, ...]:
    """Return the terms that lead to no SPF record any more, below a record that stayed the same."""
    if before.record != now.record:
        return ()
    dead = {step.term for step in every(before.steps) if step.problem in DEAD}
    return tuple(sorted({step.term for step in every(now.steps) if step.problem in DEAD} - dead))


def visible_in(result: DomainResult, verdict: Verdict) -> dt.timedelta | None:
    """Return how long the resolver goes on telling what it told; None if nobody can say.

    For a verified domain that is the shortest TTL of what it needs: asking sooner would see
    nothing new. Otherwise it is the rest of a TTL (RFC 2308 section 5 for a denial) after which a
    change that was made already becomes visible.
    """
    seconds = list(_seconds(result, verdict))
    return dt.timedelta(seconds=min(seconds)) if seconds else None


def _seconds(result: DomainResult, verdict: Verdict) -> Iterator[int]:
    for seen in result.records:
        waits = any(finding.code in WAITING_CODES for finding in seen.findings)
        counts = seen.record.required if verdict is Verdict.VERIFIED else waits
        if counts and seen.answer.ttl is not None:
            yield seen.answer.ttl
