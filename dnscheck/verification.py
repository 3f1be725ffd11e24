"""Verbs: check a domain, and ask for a check soon.

The row is the job. A check claims the domain, asks the DNS outside any transaction, judges with
pure code, and writes in one short transaction, only while it still holds the claim. A row of
history is written only when the result differs from the one before.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction

from dnscheck.acknowledging import settle
from dnscheck.answers import Asker
from dnscheck.asking import allowance
from dnscheck.diagnosis import DomainResult, RecordResult, diagnose, fingerprint
from dnscheck.models import Check, Circuit, RecordCheck, SendingDomain, Work
from dnscheck.records import Recipe, RequiredRecord, missing_inputs
from dnscheck.required import recipe_inputs, records_of
from dnscheck.resolver import Resolver
from dnscheck.survey import Survey, incomplete, survey
from dnscheck.verdicts import (
    Result,
    Standing,
    Verdict,
    is_watched,
    move,
    needs_confirmation,
    next_check,
)
from dnscheck.watching import basis, expected
from dnscheck.watching.news import visible_in
from dnscheck.watching.telling import tell

MOST_BESIDE = 50
NOTHING_TO_DO = dt.timedelta(days=1)
FULL_CHECK_EVERY = dt.timedelta(days=1)  # however often sweeps find that nothing changed

Clock = Callable[[], dt.datetime]
Ring = Callable[[int], object]


def resolver(servers: Sequence[str] = (), *, at_least: float = 0) -> Resolver:
    """Return a resolver for one run: these servers, else those of the settings.

    The run takes the seconds of the settings, or `at_least` so many.
    """
    allowed = allowance(servers)
    return Resolver(
        allowed.servers,
        pace=allowed.pace,
        question_seconds=settings.DNS_QUESTION_SECONDS,
        domain_seconds=max(settings.DNS_DOMAIN_SECONDS, at_least),
    )


@dataclass(frozen=True)
class Checked:
    """What asking once brought up, and how many questions it took."""

    survey: Survey
    questions: int

    @property
    def result(self) -> DomainResult:
        """The diagnosis."""
        return self.survey.result


def look(
    name: str, records: Sequence[RequiredRecord], asker: Asker, *, dns_host: str = ""
) -> Checked:
    """Ask the DNS about a domain's records and judge. Needs no rows and writes none."""

    async def ask_and_judge() -> Survey:
        return await survey(name, records, asker, dns_host=dns_host)

    return Checked(asyncio.run(ask_and_judge()), asker.questions)


def confirm(name: str, records: Sequence[RequiredRecord], asker: Asker) -> bool:
    """Whether the zone's own name servers, too, say that something required is not right."""

    async def ask_authorities() -> bool:
        authorities = await asker.authorities(name)
        if authorities is None:
            return False
        return (await diagnose(name, records, authorities.ask)).result is Result.BAD

    return asyncio.run(ask_authorities())


def check_soon(domain: SendingDomain, *, ring: Ring, now: dt.datetime) -> None:
    """Have a domain checked now and often for a while, because somebody looks at it."""
    SendingDomain.objects.filter(pk=domain.pk).update(
        next_check_at=now,
        watched_since=now,
        tries=0,
        announced_until=now + _announced(),
        compare_until=None,
        # A check that runs now began before what the person changed: it may not write any more.
        claimed_until=None,
        claim_token="",
    )
    transaction.on_commit(lambda: ring(domain.pk), robust=True)


def _announced() -> dt.timedelta:
    return dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)


def verify_domain(pk: int, *, clock: Clock, make_resolver: Callable[[], Asker] = resolver) -> bool:
    """Claim one due domain, check it and write what was seen. Return whether it was ours."""
    started = clock()
    token = SendingDomain.objects.claim(pk, started, dt.timedelta(seconds=settings.LEASE_SECONDS))
    if not token:
        return False
    domain = SendingDomain.objects.get(pk=pk)
    if _is_resting(domain, started):
        return _let_go(token, domain)
    wanted = expected.digest_of(pk)  # before the records, so that no change of them is missed
    records = records_of(domain)
    if not any(record.required for record in records):
        return _put_off(token, domain, clock())
    seen = look(domain.name, records, make_resolver(), dns_host=domain.dns_host)
    checked = _as_far_as_known(domain, seen)
    now = clock()
    confirmed = needs_confirmation(domain.standing, checked.result.result, now) and confirm(
        domain.name, records, make_resolver()
    )
    after = move(domain.standing, checked.result.result, now, confirmed=confirmed)
    if checked.result.is_silent:
        Circuit.objects.note_silence(domain.operator, domain.pk, now)
    else:
        Circuit.objects.note_answer(domain.operator)
    return _write(domain, token, checked, after, now, wanted)


def _is_resting(domain: SendingDomain, now: dt.datetime) -> bool:
    """Whether its name servers are left alone now, and nobody waits for this domain."""
    if is_watched(domain.watched_since, now):
        return False
    return Circuit.objects.resting(now).filter(operator=domain.operator).exists()


def _let_go(token: str, domain: SendingDomain) -> bool:
    """Give a domain back as it was: it is still due, and tried later."""
    held = SendingDomain.objects.held(domain.pk, token)
    held.update(claimed_until=None, claim_token="", tries=max(domain.tries - 1, 0))
    return False


def _as_far_as_known(domain: SendingDomain, checked: Checked) -> Checked:
    """Return what was seen; good only if every value that the providers need is known."""
    lacking = [
        f"{recipe.get_provider_display()}: {item.label}"
        for recipe in domain.recipes.select_related("setting").defer("setting__password")
        for item in missing_inputs(Recipe(recipe.provider, recipe_inputs(recipe)))
    ]
    if not lacking:
        return checked
    result = checked.result
    told = replace(
        result,
        result=Result.UNKNOWN if result.result is Result.GOOD else result.result,
        findings=(*result.findings, incomplete(", ".join(lacking))),
    )
    return replace(checked, survey=replace(checked.survey, result=told))


@transaction.atomic
def _put_off(token: str, domain: SendingDomain, now: dt.datetime) -> bool:
    """Let go of a domain for which nothing is required: what proves nothing is not verified."""
    pending = domain.verdict == Verdict.PENDING.value
    held = SendingDomain.objects.held(domain.pk, token).update(
        verdict=Verdict.PENDING.value,
        verdict_since=domain.verdict_since if pending else now,
        bad_since=None,
        unknown_since=None,
        failure_streak=0,
        fingerprint="",
        spf_forecasts={},
        outlooks=[],
        compare_until=None,
        next_check_at=now + NOTHING_TO_DO,
        claimed_until=None,
        claim_token="",
        tries=0,
    )
    if held and not pending:  # of a check that asked for nothing: it holds no records
        Check.objects.create(domain=domain, at=now, result=Result.UNKNOWN, verdict=Verdict.PENDING)
    return bool(held)


def _write(
    domain: SendingDomain,
    token: str,
    checked: Checked,
    after: Standing,
    now: dt.datetime,
    wanted: bytes,
) -> bool:
    """Write standing and history if the claim still holds."""
    seen = fingerprint(checked.result)
    changed = seen != domain.fingerprint or after.verdict != domain.verdict
    answers = b"" if is_watched(domain.watched_since, now) else basis.of(checked.result)
    with transaction.atomic():
        held = SendingDomain.objects.held(domain.pk, token).update(
            verdict=after.verdict.value,
            verdict_since=after.verdict_since,
            bad_since=after.bad_since,
            unknown_since=after.unknown_since,
            failure_streak=after.failure_streak,
            fingerprint=seen,
            last_checked_at=now,
            next_check_at=_next_check(domain, checked, after, now),
            claimed_until=None,
            claim_token="",
            announced_until=None,
            compare_until=now + FULL_CHECK_EVERY if answers else None,
            tries=0,
            **checked.survey.columns,
        )
        if not held:
            return False
        if answers:
            basis.keep(domain.pk, wanted, answers)
        if after.verdict is Verdict.AT_RISK and domain.verdict == Verdict.VERIFIED.value:
            _look_beside(domain, now)
        told = tell(domain, after, checked.survey, now, is_new=changed)
        if changed:
            _write_history(domain, checked, after, now)
            settle(domain, now)
        if told != domain.told:
            SendingDomain.objects.filter(pk=domain.pk).update(told=told.value)
        Work.objects.note(now, checked=1)
    return True


def _next_check(
    domain: SendingDomain, checked: Checked, after: Standing, now: dt.datetime
) -> dt.datetime:
    return next_check(
        after,
        now,
        key=domain.pk,
        age=now - domain.created_at,
        watched_since=domain.watched_since,
        visible_in=visible_in(checked.result, after.verdict),
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


def _write_history(
    domain: SendingDomain, checked: Checked, after: Standing, now: dt.datetime
) -> None:
    check = Check.objects.create(
        domain=domain,
        at=now,
        result=checked.result.result.value,
        verdict=after.verdict.value,
        findings=[finding.as_json() for finding in checked.result.findings],
        questions=checked.questions,
    )
    RecordCheck.objects.bulk_create(
        record_check(check, position) for position in checked.result.records
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
