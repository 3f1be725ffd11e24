"""Verbs: check a domain, ask for a check soon, and find what is due or was left by a dead worker.

The row is the job. A check claims the domain, asks the DNS outside any transaction, judges with
pure code, and writes in one short transaction, only while it still holds the claim. A row of
history is written only when the result differs from the one before.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction

from dnscheck.acknowledging import settle
from dnscheck.answers import Asker
from dnscheck.diagnosis import DomainResult, RecordResult, diagnose, fingerprint
from dnscheck.models import (
    AddedRecord,
    Check,
    DomainRecipe,
    RecordCheck,
    SendingDomain,
)
from dnscheck.names import absolute
from dnscheck.records import Recipe, RequiredRecord, missing_inputs, required_records
from dnscheck.resolver import Resolver, parse_server
from dnscheck.survey import Survey, incomplete, survey
from dnscheck.verdicts import Result, Standing, Verdict, move, needs_confirmation, next_check
from smtp.providers.base import Match, Purpose

MAX_TRIES = 5  # a row that breaks its worker this often is pushed away
PUSHED_AWAY = dt.timedelta(hours=1)
NOTHING_TO_DO = dt.timedelta(days=1)
SWEEP_LIMIT = 200

logger = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]
Ring = Callable[[int], object]


def resolver(servers: Sequence[str] = (), *, at_least: float = 0) -> Resolver:
    """Return a resolver for one run: these servers, else those of the settings.

    The run takes the seconds of the settings, or `at_least` so many.
    """
    return Resolver(
        [parse_server(server) for server in servers or settings.DNS_SERVERS],
        question_seconds=settings.DNS_QUESTION_SECONDS,
        domain_seconds=max(settings.DNS_DOMAIN_SECONDS, at_least),
    )


def records_of(domain: SendingDomain) -> tuple[RequiredRecord, ...]:
    """Return everything that must be published for a domain."""
    recipes = [
        Recipe(recipe.provider, recipe_inputs(recipe), str(recipe.setting_id or ""))
        for recipe in domain.recipes.select_related("setting").defer("setting__password")
    ]
    added = [_added(record, domain.name) for record in domain.added_records.all()]
    return required_records(domain.name, recipes, added)


def recipe_inputs(recipe: DomainRecipe) -> dict[str, str]:
    """Return a recipe's inputs: those of the linked setting of the same provider, then its own."""
    setting = recipe.setting
    lends = setting is not None and setting.provider == recipe.provider
    own = {"username": setting.username, "from_address": setting.from_address} if setting else {}
    from_setting = {**own, **setting.inputs} if setting and lends else {}
    return {**from_setting, **{name: value for name, value in recipe.inputs.items() if value}}


def _added(record: AddedRecord, domain: str) -> RequiredRecord:
    match = {"TXT": Match.EXACT, "CNAME": Match.CNAME, "MX": Match.MX}[record.type]
    preference, _, host = record.value.rpartition(" ") if record.type == "MX" else ("", "", "")
    return RequiredRecord(
        purpose=Purpose.ADDED,
        name=absolute(record.name, domain),
        type=record.type,
        value=host or record.value,
        match=match,
        priority=int(preference) if preference.isdigit() else None,
        why=record.note or "Added by hand.",
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
        # A check that runs now began before what the person changed: it may not write any more.
        claimed_until=None,
        claim_token="",
    )
    transaction.on_commit(lambda: ring(domain.pk), robust=True)


def _announced() -> dt.timedelta:
    return dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)


def verify_domain(pk: int, *, clock: Clock, make_resolver: Callable[[], Asker] = resolver) -> bool:
    """Claim one due domain, check it and write what was seen. Return whether it was ours."""
    token = SendingDomain.objects.claim(pk, clock(), dt.timedelta(seconds=settings.LEASE_SECONDS))
    if not token:
        return False
    domain = SendingDomain.objects.get(pk=pk)
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
    return _write(domain, token, checked, after, now)


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
        next_check_at=now + NOTHING_TO_DO,
        claimed_until=None,
        claim_token="",
        tries=0,
    )
    if held and not pending:  # of a check that asked for nothing: it holds no records
        Check.objects.create(domain=domain, at=now, result=Result.UNKNOWN, verdict=Verdict.PENDING)
    return bool(held)


def _write(
    domain: SendingDomain, token: str, checked: Checked, after: Standing, now: dt.datetime
) -> bool:
    """Write standing and history if the claim still holds."""
    seen = fingerprint(checked.result)
    changed = seen != domain.fingerprint or after.verdict != domain.verdict
    watched = domain.watched_since
    with transaction.atomic():
        held = SendingDomain.objects.held(domain.pk, token).update(
            verdict=after.verdict.value,
            verdict_since=after.verdict_since,
            bad_since=after.bad_since,
            unknown_since=after.unknown_since,
            failure_streak=after.failure_streak,
            fingerprint=seen,
            last_checked_at=now,
            next_check_at=next_check(
                after, now, key=domain.pk, age=now - domain.created_at, watched_since=watched
            ),
            claimed_until=None,
            claim_token="",
            announced_until=None,
            tries=0,
            **checked.survey.columns,
        )
        if held and changed:
            _write_history(domain, checked, after, now)
            settle(domain, now)
    return bool(held)


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


def sweep(*, ring: Ring, now: dt.datetime) -> int:
    """Ring for domains that are due; push away those that break their worker; return how many."""
    due = SendingDomain.objects.due(now)
    due.filter(tries__gte=MAX_TRIES).update(next_check_at=now + PUSHED_AWAY, tries=0)
    ids = due.order_by("next_check_at").values_list("pk", flat=True)[:SWEEP_LIMIT]
    announced = [pk for pk in ids if due.filter(pk=pk).update(announced_until=now + _announced())]
    for pk in announced:
        _ring(ring, pk)
    return len(announced)


def _ring(ring: Ring, pk: int) -> None:
    """Ring; a broker that is down only delays what the next sweep announces again."""
    try:
        ring(pk)
    except Exception:
        logger.exception("The broker could not be told of domain %s.", pk)
