"""Verbs: check a domain, and ask for a check soon.

The row is the job. A check claims the domain, asks the DNS outside any transaction, judges with
pure code, and has what was seen written in one short transaction, only while it still holds the
claim.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction

from dnscheck.answers import Asker
from dnscheck.asking import allowance
from dnscheck.diagnosis import DomainResult, diagnose
from dnscheck.models import Check, Circuit, DomainRecipe, SendingDomain
from dnscheck.records import Recipe, RequiredRecord, missing_inputs
from dnscheck.required import recipe_inputs, recipes_of, records_of
from dnscheck.resolver import Resolver
from dnscheck.survey import Survey, incomplete, survey
from dnscheck.verdicts import (
    Result,
    Verdict,
    is_watched,
    move,
    needs_confirmation,
)
from dnscheck.watching import expected
from dnscheck.writing import Seen, write
from tenants.bells import Ring, ring_later
from tenants.cover import packed

NOTHING_TO_DO = dt.timedelta(days=1)

Clock = Callable[[], dt.datetime]


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
    return asyncio.run(confirmed(name, records, asker))


async def confirmed(name: str, records: Sequence[RequiredRecord], asker: Asker) -> bool:
    """Do what `confirm` does, while other domains are asked about."""
    authorities = await asker.authorities(name)
    if authorities is None:
        return False
    return (await diagnose(name, records, authorities.ask)).result is Result.BAD


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
    ring_later(ring, domain.pk)


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
        return let_go(token, domain)
    wanted = expected.digest_of(pk)  # before the records, so that no change of them is missed
    recipes = recipes_of(domain)
    records = records_of(domain, recipes)
    if not any(record.required for record in records):
        return put_off(token, domain, clock())
    seen = look(domain.name, records, make_resolver(), dns_host=domain.dns_host)
    checked = as_far_as_known(recipes, seen)
    now = clock()
    is_sure = needs_confirmation(domain.standing, checked.result.result, now) and confirm(
        domain.name, records, make_resolver()
    )
    after = move(domain.standing, checked.result.result, now, confirmed=is_sure)
    if checked.result.is_silent:
        Circuit.objects.note_silence(domain.operator, domain.pk, now)
    else:
        Circuit.objects.note_answer(domain.operator)
    told = Seen(domain, checked.survey, checked.questions, after, now, wanted)
    return bool(write([told], token))


def _is_resting(domain: SendingDomain, now: dt.datetime) -> bool:
    """Whether its name servers are left alone now, and nobody waits for this domain."""
    if is_watched(domain.watched_since, now):
        return False
    return Circuit.objects.resting(now).filter(operator=domain.operator).exists()


def let_go(token: str, domain: SendingDomain) -> bool:
    """Give a domain back as it was: it is still due, and tried later."""
    held = SendingDomain.objects.held(domain.pk, token)
    held.update(claimed_until=None, claim_token="", tries=max(domain.tries - 1, 0))
    return False


def as_far_as_known(recipes: Iterable[DomainRecipe], checked: Checked) -> Checked:
    """Return what was seen; good only if every value that the providers need is known."""
    lacking = [
        f"{recipe.get_provider_display()}: {item.label}"
        for recipe in recipes
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
def put_off(token: str, domain: SendingDomain, now: dt.datetime) -> bool:
    """Let go of a domain for which nothing is required: what proves nothing is not verified."""
    pending = domain.verdict == Verdict.PENDING.value
    held = SendingDomain.objects.held(domain.pk, token).update(
        verdict=Verdict.PENDING.value,
        verdict_since=domain.verdict_since if pending else now,
        bad_since=None,
        unknown_since=None,
        failure_streak=0,
        fingerprint="",
        cause="",
        cause_code="",
        spf_forecasts={},
        outlooks=[],
        senders=packed(()),
        dmarc_policy="",
        compare_until=None,
        next_check_at=now + NOTHING_TO_DO,
        claimed_until=None,
        claim_token="",
        tries=0,
    )
    if held and not pending:  # of a check that asked for nothing: it holds no records
        Check.objects.create(domain=domain, at=now, result=Result.UNKNOWN, verdict=Verdict.PENDING)
    return bool(held)
