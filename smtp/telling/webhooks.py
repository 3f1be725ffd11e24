"""Verbs: call the addresses of tenants when something happened.

The row of a call is the job; a worker claims it and talks to the network outside any transaction.
Calls do not wait for quiet hours, and a call that failed is made again for a day.
"""

import datetime as dt
import secrets
import uuid
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _

from smtp import vault
from smtp.models import Call, CallState, Webhook
from smtp.targets import Policy, is_opened, may_dial
from smtp.telling import digests, notice_text, webcall
from smtp.telling.place import Place
from smtp.telling.retries import TRIED_FOR, next_try
from smtp.telling.signature import HEADER, ID_HEADER, sign
from tenants import notices
from tenants.bells import Ring, ring_for
from tenants.models import Notice, Tenant

AT_ONCE = 50  # causes of one sweep
# Calls, of a worker's eight threads: people's own tries find some free, and a receiver that answers
# nobody does not hold all that are left.
MOST_ON_THEIR_WAY = 4
MOST_OF_ONE_WEBHOOK = 2
MOST_WEBHOOKS = 5  # of a tenant
FAR = dt.timedelta(hours=1)  # no notice is grouped that long: the clock was ahead


Clock = Callable[[], dt.datetime]


class Refused(Exception):
    """The address cannot be a webhook; the message says why."""


def policy() -> Policy:
    """Return what the operator allows a webhook to reach."""
    return Policy(
        networks=tuple(settings.WEBHOOK_NETWORKS),
        ports=frozenset(settings.WEBHOOK_PORTS),
        ca_file=settings.SMTP_CA_FILE,
        total_seconds=settings.WEBHOOK_SECONDS,
    )


def checked(url: str) -> str:
    """Return the address in its one form; raise `Refused` for one that could never be called."""
    try:
        place = Place.read(url)
    except ValueError as error:
        raise Refused(str(error)) from error
    allowed = policy()
    if place.scheme != "https" and not allowed.networks:
        raise Refused(_("Enter an address that begins with https://."))
    if place.port not in allowed.ports:
        ports = ", ".join(str(port) for port in sorted(allowed.ports))
        said = _("Port %(port)s is not open to webhooks here. These are: %(ports)s.")
        raise Refused(said % {"port": place.port, "ports": ports})
    is_address = ":" in place.host or place.host.replace(".", "").isdigit()
    here = place.host == "localhost" or place.host.endswith(".localhost")  # RFC 6761 section 6.3
    address = "127.0.0.1" if here else place.host
    if (is_address or here) and not may_dial(address, allowed):
        raise Refused(_("Relaydesk may not connect to this address: it is not a public one."))
    if is_address and place.scheme != "https" and not is_opened(address, allowed):
        raise Refused(_("Enter an address that begins with https://."))
    return place.url


def add(
    tenant: Tenant, url: str, *, user: AbstractBaseUser, now: dt.datetime
) -> tuple[Webhook, str]:
    """Add a webhook; return it with its secret, which is shown this once.

    Raises `Refused` for an address that cannot be called or is there, and for one too many.
    """
    wanted = checked(url)
    with transaction.atomic():
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        if tenant.webhooks.filter(url=wanted).exists():
            raise Refused(_("This address is called already."))
        if tenant.webhooks.count() >= MOST_WEBHOOKS:
            said = _("A tenant has at most %(number)s webhooks. Remove one first.")
            raise Refused(said % {"number": MOST_WEBHOOKS})
        webhook = Webhook(tenant=tenant, url=wanted, created_at=now, created_by_id=user.pk)
        secret = secrets.token_urlsafe(32)
        webhook.set_secret(secret)
        webhook.save()
    return webhook, secret


# --- From notices to calls --------------------------------------------------------------------


def sweep(*, ring: Ring, now: dt.datetime) -> None:
    """Write down what is to be called, free what dead workers left, and ring for what is due."""
    hooked = Webhook.objects.filter(tenant=OuterRef("tenant"))
    waiting = Notice.objects.filter(call_batch=None)
    waiting.exclude(Exists(hooked)).update(call_batch=uuid.uuid4())
    for tenant_id, cause in _due_causes(now):
        _write(tenant_id, cause, now)
    _free_lost(now)
    notices.forget(Call.objects.all(), now)
    for pk in _announced(now):
        ring_for(ring, "call", pk)


def _free_lost(now: dt.datetime) -> None:
    """Make due again what dead workers left, and give up what was called for a day."""
    free = {"token": "", "lease_until": None, "announced_until": None}
    lost = Call.objects.expired(now)
    lost.filter(created_at__lte=now - TRIED_FOR).update(
        state=CallState.GIVEN_UP, failure="The worker that made the call was lost.", **free
    )
    lost.update(state=CallState.WAITING, **free)


def _due_causes(now: dt.datetime) -> list[tuple[int, str]]:
    is_due = Q(call_after__lte=now) | Q(call_after__gt=now + FAR)
    waiting = Notice.objects.filter(is_due, call_batch=None, tenant__isnull=False).order_by()
    causes = waiting.values_list("tenant_id", "cause").annotate(first=Min("pk"))
    return [(tenant, cause) for tenant, cause, _first in causes.order_by("first")[:AT_ONCE]]


def _write(tenant_id: int, cause: str, now: dt.datetime) -> None:
    """Write one call for each webhook of the tenant."""
    batch = uuid.uuid4()
    with transaction.atomic():
        waiting = Notice.objects.filter(tenant=tenant_id, cause=cause, call_batch=None)
        number = waiting.update(call_batch=batch)
        if not number:
            return
        told = Notice.objects.filter(call_batch=batch).select_related("tenant").order_by("pk")
        shown = list(told[: notice_text.MOST_SHOWN])
        tenant = shown[0].tenant
        assert tenant is not None  # noqa: S101 - the notices of a tenant
        digest = digests.digest(tenant, shown, number)
        for webhook in Webhook.objects.filter(tenant=tenant).defer("secret"):
            key = uuid.uuid4()
            Call.objects.create(
                webhook=webhook,
                key=key,
                batch=batch,
                body=notice_text.call_body(digest, str(key), tenant.slug),
                created_at=now,
                due_at=now,
            )


def _announced(now: dt.datetime) -> list[int]:
    """Return the calls that are due and were not announced lately, and note that they are now."""
    again = now + dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)
    is_announced = Q(announced_until__gt=now, announced_until__lte=now + FAR)
    taken = Q(state=CallState.CALLING) | Q(is_announced, state=CallState.WAITING)
    busy = Counter(Call.objects.filter(taken).order_by().values_list("webhook", flat=True))
    silent = Call.objects.due(now).filter(Q(announced_until=None) | ~is_announced)
    announced = []
    while busy.total() < MOST_ON_THEIR_WAY:
        full = [webhook for webhook, number in busy.items() if number >= MOST_OF_ONE_WEBHOOK]
        free = silent.exclude(webhook__in=full).order_by("due_at", "pk")
        first = free.only("webhook").first()
        if first is None:
            break
        busy[first.webhook_id] += 1  # also where another sweep is quicker
        if silent.filter(pk=first.pk).update(announced_until=again):
            announced.append(first.pk)
    return announced


# --- One call ---------------------------------------------------------------------------------


def run(pk: int, *, clock: Clock) -> bool:
    """Claim one call, make it, and write what came of it. Return whether it was ours to make."""
    token = Call.objects.claim(pk, clock(), dt.timedelta(seconds=settings.LEASE_SECONDS))
    if not token:
        return False
    call = Call.objects.select_related("webhook").get(pk=pk)
    called = _call(call, clock())
    now = clock()
    held = Call.objects.filter(pk=pk, token=token, state=CallState.CALLING)
    written = held.update(
        **_after(call, called, now),
        token="",
        lease_until=None,
        announced_until=None,
        tried_at=now,
        status=called.status,
        failure=called.failure[:300],
        excerpt=called.excerpt,
    )
    return bool(written)


def _call(call: Call, now: dt.datetime) -> webcall.Called:
    try:
        secret = call.webhook.open_secret()
    except vault.Unbound:
        return webcall.Called(None, "The secret cannot be read. Remove this webhook; add it anew.")
    body = call.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Relaydesk",
        ID_HEADER: str(call.key),
        HEADER: sign(secret, body, int(now.timestamp())),
    }
    return webcall.post(call.webhook.place, body, headers, policy())


def _after(call: Call, called: webcall.Called, now: dt.datetime) -> dict[str, object]:
    if called.ok:
        return {"state": CallState.TAKEN}
    again = next_try(call.tries, call.created_at, now)
    if again is None:
        return {"state": CallState.GIVEN_UP}
    return {"state": CallState.WAITING, "due_at": again}
