"""Verb: write what was seen of domains, with what follows from it, in one transaction.

A row of history is written only when the result differs from the one before. Of a domain whose
claim is lost nothing is written: somebody else looks at it, or its person changed something.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction

from dnscheck.acknowledging import settle
from dnscheck.causes import cause_of
from dnscheck.diagnosis import RecordResult, fingerprint
from dnscheck.models import Acknowledgement, Basis, Check, RecordCheck, SendingDomain, Work
from dnscheck.survey import Survey
from dnscheck.verdicts import Result, Standing, Verdict, is_watched, next_check
from dnscheck.watching import basis
from dnscheck.watching.news import visible_in
from dnscheck.watching.telling import last_good, tell
from tenants.models import Notice

MOST_BESIDE = 50
FULL_CHECK_EVERY = dt.timedelta(days=1)  # however often sweeps find that nothing changed
COLUMNS = (
    *("verdict", "verdict_since", "bad_since", "unknown_since", "failure_streak", "told"),
    *("fingerprint", "cause", "cause_code"),
    *("last_checked_at", "next_check_at", "claimed_until", "claim_token"),
    *("announced_until", "compare_until", "tries"),
    *("spf_forecasts", "outlooks", "senders", "dmarc_policy"),  # of `Survey.columns`, as these:
    *("zone", "name_servers", "operator"),
)


@dataclass(frozen=True)
class Seen:
    """What was seen of a domain that is held, as its row was before, and what follows.

    `wanted` is the digest of what was expected of it (`dnscheck.watching.expected`).
    """

    domain: SendingDomain
    survey: Survey
    questions: int
    after: Standing
    at: dt.datetime
    wanted: bytes

    @cached_property
    def fingerprint(self) -> str:
        """What is equal for equal results."""
        return fingerprint(self.survey.result)

    @cached_property
    def is_new(self) -> bool:
        """Whether the result or the verdict differs from the one before, as the row has it yet."""
        is_same = self.fingerprint == self.domain.fingerprint
        return not is_same or self.after.verdict != self.domain.verdict


def write(everything: Sequence[Seen], token: str) -> set[int]:
    """Write what was seen of the domains that this claim still holds; return their ids."""
    with transaction.atomic():
        rows = SendingDomain.objects.select_for_update().order_by("pk")
        held = set(
            rows.filter(
                pk__in=[seen.domain.pk for seen in everything], claim_token=token
            ).values_list("pk", flat=True)
        )
        ours = [seen for seen in everything if seen.domain.pk in held]
        news = [seen for seen in ours if seen.is_new]
        outbox: list[Notice] = []
        bases = list(filter(None, (_change(seen, outbox) for seen in ours)))
        SendingDomain.objects.bulk_create(
            [seen.domain for seen in ours],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=COLUMNS,
        )
        basis.keep(bases)
        Notice.objects.bulk_create(outbox)
        _write_history(news)
        _settle(news)
        if ours:
            Work.objects.note(ours[-1].at, checked=len(ours))
    return held


def _change(seen: Seen, outbox: list[Notice]) -> Basis | None:
    """Tell what is to be told, bring the row up to date, and return what the verdict rests on."""
    domain, after, now = seen.domain, seen.after, seen.at
    if after.verdict is Verdict.AT_RISK and domain.verdict == Verdict.VERIFIED.value:
        _look_beside(domain, now)
    domain.told = tell(domain, after, seen.survey, now, is_new=seen.is_new, put=outbox.append).value
    answers = b"" if is_watched(domain.watched_since, now) else basis.of(seen.survey.result)
    domain.next_check_at = _next_check(seen)
    _note_cause(seen)
    domain.verdict, domain.verdict_since = after.verdict.value, after.verdict_since
    domain.bad_since, domain.unknown_since = after.bad_since, after.unknown_since
    domain.failure_streak = after.failure_streak
    domain.fingerprint = seen.fingerprint
    domain.last_checked_at = now
    domain.compare_until = now + FULL_CHECK_EVERY if answers else None
    domain.claimed_until = domain.announced_until = None
    domain.claim_token, domain.tries = "", 0
    for column, value in seen.survey.columns.items():
        setattr(domain, column, value)
    if not answers:
        return None
    return Basis(domain_id=domain.pk, expected=seen.wanted, answers=answers)


def _note_cause(seen: Seen) -> None:
    """Bring the cause up to date; what changed since all was right is looked up only if new."""
    domain, result = seen.domain, seen.survey.result
    if not seen.is_new and (domain.cause or result.result is Result.GOOD):
        return
    was_right = domain.verdict != Verdict.PENDING.value and result.result is Result.BAD
    cause = cause_of(result, last_good(domain) if was_right else {})
    if cause is not None:
        domain.cause, domain.cause_code = cause.sentence, cause.code


def _next_check(seen: Seen) -> dt.datetime:
    domain = seen.domain
    return next_check(
        seen.after,
        seen.at,
        key=domain.pk,
        age=seen.at - domain.created_at,
        watched_since=domain.watched_since,
        visible_in=visible_in(seen.survey.result, seen.after.verdict),
    )


def _look_beside(domain: SendingDomain, now: dt.datetime) -> None:
    """Have the tenant's domains at the same name servers checked now: what befell one, may all.

    So ten domains with one cause are told of in one notice, and not over an hour.
    """
    beside = SendingDomain.objects.filter(
        tenant=domain.tenant_id, operator=domain.operator, verdict=Verdict.VERIFIED.value
    ).filter(next_check_at__gt=now)
    some = list(beside.order_by("next_check_at").values_list("pk", flat=True)[:MOST_BESIDE])
    beside.filter(pk__in=some).update(next_check_at=now)


def _write_history(news: Collection[Seen]) -> None:
    checks = Check.objects.bulk_create(
        Check(
            domain=seen.domain,
            at=seen.at,
            result=seen.survey.result.result.value,
            verdict=seen.after.verdict.value,
            findings=[finding.as_json() for finding in seen.survey.result.findings],
            questions=seen.questions,
        )
        for seen in news
    )
    RecordCheck.objects.bulk_create(
        record_check(check, record)
        for check, seen in zip(checks, news, strict=True)
        for record in seen.survey.result.records
    )


def record_check(check: Check, seen: RecordResult) -> RecordCheck:
    """Return the row that tells what was seen at one required record."""
    return RecordCheck(
        parent=check,
        purpose=seen.record.purpose.value,
        name=seen.record.name,
        type=seen.record.type,
        expected=seen.record.value,
        required=seen.record.required,
        verdict=seen.verdict.value,
        observed=list(seen.observed),
        findings=[finding.as_json() for finding in seen.findings],
        server=seen.answer.server,
        ttl=seen.answer.ttl,
    )


def _settle(news: Iterable[Seen]) -> None:
    """Bring up to date what of the domains is acknowledged."""
    domains = {seen.domain.pk: seen for seen in news}
    rows = Acknowledgement.objects.filter(domain__in=domains)
    known = set(rows.values_list("domain_id", flat=True).distinct()) if domains else set()
    for pk, seen in domains.items():
        if pk in known or seen.domain.acknowledged_until is not None:
            settle(seen.domain, seen.at)
