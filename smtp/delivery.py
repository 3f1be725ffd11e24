"""Verbs: ask for a connection test or a test mail, run it, and find what a dead worker left.

The row is the job. Asking commits a row; the Celery message only rings the bell. A worker claims
the row, talks to the network outside any transaction, and writes the outcome only while it still
holds the claim. `sweep` rings again for what was missed.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from email.utils import make_msgid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from smtp import client, headers, hints, message, reach, vault
from smtp.models import Attempt, Kind, SmtpSetting, State, outcome_columns
from smtp.outcome import Failure, Outcome, Security, Stage
from tenants.models import Tenant

MAX_TRIES = 3
HOUR = dt.timedelta(hours=1)
SWEEP_LIMIT = 200

logger = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]
Ring = Callable[[int], object]


class TooManyTestMails(Exception):
    """The tenant's allowance of test mails for this hour is used up."""


def try_connection(
    setting: SmtpSetting, *, user: AbstractBaseUser | None, ring: Ring, now: dt.datetime
) -> Attempt:
    """Ask for a connection and a login without sending anything; one at a time for a setting."""
    waiting = Attempt.objects.filter(setting=setting, kind=Kind.CONNECT).exclude(
        state__in=Attempt.ended
    )
    if earlier := waiting.first():
        return earlier
    return _ask(setting, Kind.CONNECT, user=user, ring=ring, now=now)


def send_test_email(
    setting: SmtpSetting,
    recipient: str,
    *,
    user: AbstractBaseUser | None,
    ring: Ring,
    now: dt.datetime,
    idempotency_key: uuid.UUID | None = None,
) -> Attempt:
    """Ask for a test mail. The same key twice is one mail; raises `TooManyTestMails`."""
    key = idempotency_key or uuid.uuid4()
    with transaction.atomic():
        # On PostgreSQL the lock makes parallel requests of one tenant wait for each other; on
        # SQLite the IMMEDIATE transaction already does.
        tenant = Tenant.objects.select_for_update().get(pk=setting.tenant_id)
        if earlier := Attempt.objects.filter(idempotency_key=key).first():
            if earlier.setting_id == setting.pk:
                return earlier
            key = uuid.uuid4()  # a form of another setting: not the same mail
        _count_test_mail(tenant, now)
        return _ask(setting, Kind.TEST, user=user, ring=ring, now=now, recipient=recipient, key=key)


def _count_test_mail(tenant: Tenant, now: dt.datetime) -> None:
    """Count one more mail of this hour, or refuse it. Kept apart from attempts, which can go."""
    since = tenant.test_mails_since or now
    if not dt.timedelta(0) <= now - since < HOUR:  # over, or written while the clock was ahead
        since, tenant.test_mails = now, 0
    sent = tenant.test_mails
    if sent >= settings.TEST_MAILS_PER_HOUR:
        raise TooManyTestMails
    Tenant.objects.filter(pk=tenant.pk).update(test_mails=sent + 1, test_mails_since=since)


def _ask(
    setting: SmtpSetting,
    kind: Kind,
    *,
    user: AbstractBaseUser | None,
    ring: Ring,
    now: dt.datetime,
    recipient: str = "",
    key: uuid.UUID | None = None,
) -> Attempt:
    attempt = Attempt.objects.create(
        setting=setting,
        kind=kind,
        recipient=recipient,
        requested_by_id=user.pk if user else None,
        idempotency_key=key or uuid.uuid4(),
        message_id=_message_id(setting) if kind == Kind.TEST else "",
        created_at=now,
        announced_until=now + _announced(),
        provider=setting.provider,
        host=setting.host,
        port=setting.port,
        security=setting.security,
    )
    # A broker that is down must not undo the row: the sweep rings again.
    transaction.on_commit(lambda: ring(attempt.pk), robust=True)
    return attempt


def _announced() -> dt.timedelta:
    return dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)


def _lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.LEASE_SECONDS)


def _message_id(setting: SmtpSetting) -> str:
    try:
        sender = message.ascii_address(setting.from_address)
    except ValueError:  # the attempt itself will say so
        return ""
    return make_msgid(domain=sender.rpartition("@")[2])


def run(pk: int, *, clock: Clock) -> bool:
    """Claim one attempt, make it, and write its outcome. Return whether it was ours to make."""
    token = Attempt.objects.claim(pk, clock(), _lease())
    if not token:
        return False
    attempt = Attempt.objects.select_related("setting__tenant").get(pk=pk)
    _note_server(attempt, token)
    outcome = _make(attempt, token, clock)
    return _finish(attempt, token, outcome, clock())


def _note_server(attempt: Attempt, token: str) -> None:
    """Write down the server of the setting as it is now: it may have changed since it was asked."""
    setting = attempt.setting
    for name in ("provider", "host", "port", "security"):
        setattr(attempt, name, getattr(setting, name))
    Attempt.objects.held(attempt.pk, token).update(
        provider=attempt.provider, host=attempt.host, port=attempt.port, security=attempt.security
    )


def _make(attempt: Attempt, token: str, clock: Clock) -> Outcome:
    setting = attempt.setting
    try:
        password = setting.open_password()
    except vault.Unbound:
        return Outcome(
            ok=False,
            stage=Stage.RESOLVE,
            failure=Failure.PASSWORD_NEEDED,
            message="The stored password belongs to another host, port, security or user name.",
        )
    way = client.Way(
        host=setting.host,
        port=setting.port,
        security=Security(setting.security),
        username=setting.username,
        password=password,
        helo=settings.SMTP_HELO,
        mechanism=reach.page_of(setting.provider).mechanism,
    )
    allowed = reach.policy(setting.provider, setting.host)
    ports = reach.ports_to_probe(setting.provider, setting.port)
    if attempt.kind == Kind.CONNECT:
        return client.attempt(way, allowed, ports=ports)

    def about_to_send() -> bool:
        held = Attempt.objects.held(attempt.pk, token)
        return bool(held.update(state=State.SENDING, lease_until=clock() + _lease()))

    try:
        envelope = client.Envelope(
            sender=message.ascii_address(setting.from_address),
            recipient=message.ascii_address(attempt.recipient),
            data=_compose(attempt, clock()),
        )
    except ValueError as error:
        return Outcome(
            ok=False, stage=Stage.RESOLVE, failure=Failure.UNSENDABLE, message=str(error)
        )
    return client.attempt(way, allowed, envelope, about_to_send, ports=ports)


def _compose(attempt: Attempt, now: dt.datetime) -> bytes:
    setting = attempt.setting
    return message.compose(
        sender=setting.from_address,
        sender_name=setting.from_name,
        recipient=attempt.recipient,
        reply_to=setting.reply_to,
        message_id=attempt.message_id,
        date=now,
        extra_headers=headers.parse(setting.extra_headers),
        setting_name=setting.name,
        tenant_name=setting.tenant.name,
        token=attempt.idempotency_key.hex[:12],
    )


def _finish(attempt: Attempt, token: str, outcome: Outcome, now: dt.datetime) -> bool:
    """Write the outcome if the claim still holds; a worker that came too late changes nothing."""
    state = State.UNCLEAR if outcome.unclear else State.DONE
    kept = _kept(outcome, attempt.setting)
    hint = None if outcome.ok else hints.explain(evidence(attempt, outcome))[0]
    written = Attempt.objects.held(attempt.pk, token).update(
        state=state,
        finished_at=now,
        lease_until=None,
        token="",
        **outcome_columns(kept, hint),
    )
    return bool(written)


def evidence(attempt: Attempt, outcome: Outcome) -> hints.Evidence:
    """Return what is known of a failed attempt, as the hints want it."""
    return hints.Evidence(
        stage=outcome.stage,
        failure=outcome.failure,
        reply=outcome.reply,
        provider=attempt.provider,
        host=attempt.host,
        port=attempt.port,
        security=Security(attempt.security),
        username=attempt.setting.username,
        text="" if outcome.reply else outcome.message,
        probes=outcome.probes,
    )


def _kept(outcome: Outcome, setting: SmtpSetting) -> Outcome:
    """Return the outcome with the transcript to store: all of it in debug, else the end."""
    if setting.debug or outcome.ok:
        return outcome if setting.debug else replace(outcome, transcript=())
    last = max((i for i, line in enumerate(outcome.transcript) if line.startswith("C:")), default=0)
    return replace(outcome, transcript=outcome.transcript[last:])


def sweep(*, ring: Ring, now: dt.datetime) -> int:
    """Free what dead workers left, ring again for what waits; return how many were announced.

    What was lost before DATA is tried again, at most `MAX_TRIES` times. What was lost after it
    becomes unclear: nobody knows whether the server took the message, so it is never sent again.
    """
    expired = Attempt.objects.expired(now)
    lost = _lost(Stage.DATA, unclear=True)
    expired.filter(state=State.SENDING).update(
        state=State.UNCLEAR, finished_at=now, token="", **outcome_columns(lost, hints.get("lost"))
    )
    running = expired.filter(state=State.RUNNING)
    running.filter(tries__gte=MAX_TRIES).update(
        state=State.DONE,
        finished_at=now,
        token="",
        **outcome_columns(_lost(Stage.RESOLVE, unclear=False), hints.get("lost")),
    )
    running.update(state=State.QUEUED, lease_until=None, token="", announced_until=None)
    waiting = Attempt.objects.due(now).order_by("pk").values_list("pk", flat=True)[:SWEEP_LIMIT]
    announced = [
        pk
        for pk in waiting
        if Attempt.objects.due(now).filter(pk=pk).update(announced_until=now + _announced())
    ]
    for pk in announced:
        _ring(ring, pk)
    return len(announced)


def _ring(ring: Ring, pk: int) -> None:
    """Ring; a broker that is down only delays what the next sweep announces again."""
    try:
        ring(pk)
    except Exception:
        logger.exception("The broker could not be told of attempt %s.", pk)


def _lost(stage: Stage, *, unclear: bool) -> Outcome:
    return Outcome(
        ok=False,
        stage=stage,
        failure=Failure.LOST,
        message="The worker was stopped in the middle of this attempt.",
        unclear=unclear,
    )
