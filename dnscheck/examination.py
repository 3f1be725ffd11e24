"""Verbs: examine a message that somebody pasted, and forget it.

The row is the job, as with domains. The message is kept only until it was examined; its report is
kept for a day.
"""

import asyncio
import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from dnscheck.answers import Asker
from dnscheck.models import ReceivedMail
from dnscheck.received.checking import Report, examine, examine_again
from dnscheck.received.reading import Connection
from dnscheck.verification import resolver
from smtp import vault
from tenants.bells import Ring, ring_for, ring_later

MAX_TRIES = 3
MOST_WAITING = 5  # of one person
KEPT_FOR = dt.timedelta(days=1)
WAITS_FOR = dt.timedelta(hours=1)  # at most; then the message is forgotten unexamined
SWEEP_LIMIT = 200
FREE = {"claimed_until": None, "claim_token": ""}


Clock = Callable[[], dt.datetime]


class TooManyWaiting(Exception):
    """This person has pasted several messages that were not examined yet."""


def paste(
    octets: bytes, given: Connection, *, user: AbstractBaseUser, ring: Ring, now: dt.datetime
) -> ReceivedMail:
    """Have a message examined; raises `TooManyWaiting`."""
    if ReceivedMail.objects.filter(pasted_by_id=user.pk, examined_at=None).count() >= MOST_WAITING:
        raise TooManyWaiting
    row = ReceivedMail.objects.create(
        pasted_by_id=user.pk,
        pasted_at=now,
        source=octets.decode("latin-1"),
        ip=given.ip or None,
        helo=given.helo,
        mail_from=given.mail_from,
        announced_until=now + _announced(),
    )
    ring_later(ring, row.pk)
    return row


def again(row: ReceivedMail, given: Connection, *, ring: Ring, now: dt.datetime) -> None:
    """Ask the DNS again about an examined message, with what the person knows of its way."""
    ReceivedMail.objects.filter(pk=row.pk, report__isnull=False).update(
        ip=given.ip or None,
        helo=given.helo,
        mail_from=given.mail_from,
        examined_at=None,
        tries=0,
        announced_until=now + _announced(),
        **FREE,
    )
    ring_later(ring, row.pk)


def run(pk: int, *, clock: Clock, make_resolver: Callable[[], Asker] = resolver) -> bool:
    """Claim one waiting message, examine it and write the report. Return whether it was ours."""
    lease = dt.timedelta(seconds=settings.LEASE_SECONDS)
    token = ReceivedMail.objects.claim(pk, clock(), lease)
    if not token:
        return False
    row = ReceivedMail.objects.defer("source").get(pk=pk)
    report = _report(row, make_resolver())
    held = ReceivedMail.objects.held(pk, token).update(
        report=report.as_json() if report else None, examined_at=clock(), source="", **FREE
    )
    return bool(held)


def _report(row: ReceivedMail, asker: Asker) -> Report | None:
    """Return what an examination brings up; None if the message cannot be read any more."""
    given = Connection(row.ip or "", row.helo, row.mail_from)
    try:
        source = vault.read(row, "source")
    except vault.Unbound:
        return None

    async def ask() -> Report | None:
        if source:
            return await examine(source.encode("latin-1"), given, asker.ask)
        known = Report.from_json(row.report) if row.report else None
        return await examine_again(known, given, asker.ask) if known else None

    return asyncio.run(ask())


def sweep(*, ring: Ring, now: dt.datetime) -> int:
    """Forget what is old, give up what breaks its worker, ring for what waits; return how many."""
    ReceivedMail.objects.filter(pasted_at__lt=now - KEPT_FOR).delete()
    waiting = ReceivedMail.objects.claimable(now)
    ended = {"examined_at": now, "source": "", **FREE}
    waiting.filter(tries__gte=MAX_TRIES).update(**ended)
    waiting.filter(pasted_at__lt=now - WAITS_FOR, report__isnull=True).update(**ended)
    ids = ReceivedMail.objects.due(now).order_by("pk").values_list("pk", flat=True)[:SWEEP_LIMIT]
    due = ReceivedMail.objects.due(now)
    announced = [pk for pk in ids if due.filter(pk=pk).update(announced_until=now + _announced())]
    for pk in announced:
        ring_for(ring, "received mail", pk)
    return len(announced)


def _announced() -> dt.timedelta:
    return dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)
