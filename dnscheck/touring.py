"""Verbs: ask every server of a domain's zone because somebody wants to know, and store the answers.

The row is the job, as with domains. It is one for a domain, and replaced: nothing grows.
"""

import asyncio
import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from dnscheck.answers import TouringAsker
from dnscheck.asking import allowance
from dnscheck.models import SendingDomain, Tour
from dnscheck.required import records_of
from dnscheck.resolver.touring import TouringResolver
from dnscheck.standpoints.tour import Sights, tour
from tenants.bells import Ring, ring_for, ring_later
from tenants.models import Tenant

MAX_TRIES = 3
MOST_WAITING = 5  # of one tenant
PAUSE = dt.timedelta(seconds=30)  # name servers of other people are asked no more often
WAITS_FOR = dt.timedelta(minutes=3)  # at most; then nobody waits any more
SWEEP_LIMIT = 100
FREE = {"claimed_until": None, "claim_token": "", "announced_until": None, "tries": 0}


Clock = Callable[[], dt.datetime]


class NotNow(Exception):
    """The servers were asked a moment ago, or the tenant has too many tours that wait."""


def asker() -> TouringResolver:
    """Return who asks, with the resolvers, the pace and the time of the settings."""
    allowed = allowance()
    return TouringResolver(
        allowed.servers,
        pace=allowed.pace,
        question_seconds=settings.DNS_QUESTION_SECONDS,
        domain_seconds=settings.DNS_DOMAIN_SECONDS,
    )


def is_waiting(row: Tour | None, now: dt.datetime) -> bool:
    """Whether somebody waits for a tour; one that a wrong clock wrote is waited for by nobody."""
    return row is not None and row.wanted_at is not None and abs(now - row.wanted_at) < WAITS_FOR


def ask_soon(domain: SendingDomain, *, ring: Ring, now: dt.datetime) -> None:
    """Have every server asked now; nothing more if that is under way. Raises `NotNow`."""
    with transaction.atomic():
        Tenant.objects.select_for_update().get(pk=domain.tenant_id)  # one count at a time
        row, _made = Tour.objects.get_or_create(domain=domain)
        if is_waiting(row, now):
            return
        wanted = Tour.objects.filter(
            domain__tenant=domain.tenant_id, wanted_at__gt=now - WAITS_FOR, wanted_at__lte=now
        )
        if _is_fresh(row, now) or wanted.count() >= MOST_WAITING:
            raise NotNow
        announced = now + _announced()
        again = {**FREE, "was_lost": False, "wanted_at": now, "announced_until": announced}
        Tour.objects.filter(pk=row.pk).update(**again)
        ring_later(ring, domain.pk)


def _is_fresh(row: Tour, now: dt.datetime) -> bool:
    return row.seen_at is not None and abs(now - row.seen_at) < PAUSE


def _announced() -> dt.timedelta:
    return dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)


def run(pk: int, *, clock: Clock, make_asker: Callable[[], TouringAsker] = asker) -> bool:
    """Claim one wanted tour, make it and write what was seen. Return whether it was ours."""
    token = Tour.objects.claim(pk, clock(), dt.timedelta(seconds=settings.LEASE_SECONDS))
    if not token:
        return False
    domain = SendingDomain.objects.get(pk=pk)
    seen = look(domain, make_asker())
    held = Tour.objects.held(pk, token).update(
        **{**FREE, "seen": seen.as_json(), "seen_at": clock(), "wanted_at": None}
    )
    return bool(held)


def look(domain: SendingDomain, asking: TouringAsker) -> Sights:
    """Ask every server for the records of a domain. Writes nothing."""
    records = records_of(domain)

    async def ask() -> Sights:
        return await tour(domain.name, records, asking)

    return asyncio.run(ask())


def sweep(*, ring: Ring, now: dt.datetime) -> int:
    """Give up what nobody waits for or breaks its worker, ring for the rest; return how many."""
    wanted = Tour.objects.filter(wanted_at__isnull=False)
    lost = {**FREE, "wanted_at": None, "was_lost": True}
    wanted.filter(wanted_at__lte=now - WAITS_FOR).update(**lost)
    wanted.filter(wanted_at__gte=now + WAITS_FOR).update(**lost)
    wanted.claimable(now).filter(tries__gte=MAX_TRIES).update(**lost)
    due = Tour.objects.due(now)
    ids = list(due.order_by("wanted_at").values_list("pk", flat=True)[:SWEEP_LIMIT])
    announced = [pk for pk in ids if due.filter(pk=pk).update(announced_until=now + _announced())]
    for pk in announced:
        ring_for(ring, "the servers of domain", pk)
    return len(announced)
