"""Verbs: ask for a connection test or a mail, and apply what a hint offers.

Asking commits a row; `smtp.delivery` makes the attempt. What is tried is a stored setting, or one
that is not saved: its values are then kept with the attempt for a short while.
"""

import datetime as dt
import uuid
from email.utils import make_msgid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from smtp import message, vault
from smtp.hints import Correction
from smtp.models import Attempt, Kind, SmtpSetting
from tenants.bells import Ring, ring_later
from tenants.models import Tenant

HOUR = dt.timedelta(hours=1)
MOST_AT_A_TIME = 20  # connections of a tenant
KEEPS_SERVER = {"port", "security", "username"}


class TooManyTestMails(Exception):
    """The tenant's allowance of test mails for this hour is used up."""


def try_connection(
    setting: SmtpSetting, *, user: AbstractBaseUser | None, ring: Ring, now: dt.datetime
) -> Attempt:
    """Ask for a connection and a login without sending anything; one at a time for a setting.

    A setting that is not saved is tried with the values it has, which are kept for a short while.
    """
    same = Attempt.objects.filter(setting=setting.pk, kind=Kind.CONNECT)
    waiting: Attempt | None = same.exclude(state__in=Attempt.ended).first()
    if waiting is not None and setting.pk:
        return waiting
    return _ask(setting, Kind.CONNECT, user=user, ring=ring, now=now)


def try_connections(
    tenant: Tenant, *, user: AbstractBaseUser, ring: Ring, now: dt.datetime
) -> tuple[int, int]:
    """Ask for a connection test of each setting of a tenant, those first that are tried first.

    Returns how many are tried now, at most `MOST_AT_A_TIME`, and how many were left out.
    """
    rows = tenant.settings.order_by("priority", "name")
    chosen = list(rows[:MOST_AT_A_TIME])
    for setting in chosen:
        try_connection(setting, user=user, ring=ring, now=now)
    return len(chosen), rows.count() - len(chosen)


def try_by_schedule(setting: SmtpSetting, *, ring: Ring, now: dt.datetime) -> Attempt:
    """Ask for what a connection test does; `smtp.watching` sees to it that it is one at a time."""
    return _ask(setting, Kind.HEALTH, user=None, ring=ring, now=now)


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
        earlier: Attempt | None = Attempt.objects.filter(idempotency_key=key).first()
        if earlier is not None:
            if (earlier.tenant_id, earlier.setting_id) == (tenant.pk, setting.pk):
                return earlier
            key = uuid.uuid4()  # a form of another setting: not the same mail
        _count_test_mail(tenant, now)
        return _ask(setting, Kind.TEST, user=user, ring=ring, now=now, recipient=recipient, key=key)


def send_notice(setting: SmtpSetting, recipient: str, *, ring: Ring, now: dt.datetime) -> Attempt:
    """Ask for one try of a mail that tells somebody what happened, which `post` has."""
    return _ask(setting, Kind.NOTICE, user=None, ring=ring, now=now, recipient=recipient)


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
    is_saved = setting.pk is not None
    attempt: Attempt = Attempt.objects.create(
        tenant_id=setting.tenant_id,
        setting=setting if is_saved else None,
        draft="" if is_saved else setting.as_draft(),
        has_draft=not is_saved,
        kind=kind,
        recipient=recipient,
        requested_by_id=user.pk if user else None,
        idempotency_key=key or uuid.uuid4(),
        message_id=_message_id(setting) if recipient else "",
        created_at=now,
        announced_until=now + dt.timedelta(seconds=settings.ANNOUNCED_SECONDS),
        provider=setting.provider,
        host=setting.host,
        port=setting.port,
        security=setting.security,
    )
    # A broker that is down must not undo the row: the sweep rings again.
    ring_later(ring, attempt.pk)
    return attempt


def _message_id(setting: SmtpSetting) -> str:
    try:
        sender = message.ascii_address(setting.from_address)
    except ValueError:  # the attempt itself will say so
        return ""
    return make_msgid(domain=sender.rpartition("@")[2])


def draft_secret(asked: Attempt, wanted: SmtpSetting, correction: Correction | None) -> str:
    """Return the password that was tried with values that are not saved, or nothing.

    As with a stored password, another host, port, security or user name gets nothing, unless it
    is the correction that a hint offers.
    """
    way = asked.way
    if way is None or way.tenant_id != wanted.tenant_id:
        return ""
    if correction is not None and not corrected(way, correction):
        return ""
    try:
        return way.open_password() if way.binding == wanted.binding else ""
    except vault.Unbound:
        return ""


def corrected(setting: SmtpSetting, correction: Correction) -> bool:
    """Make the change that a hint offers, if the password may go with it; it is not saved.

    A password stays with its server: only another port, security or user name at the same host
    keeps it, and never one without encryption. Returns whether the change was made.
    """
    if set(correction.changes) - KEEPS_SERVER or correction.changes.get("security") == "none":
        return False
    try:
        secret = setting.open_password()
    except vault.Unbound:
        return False
    for name, value in correction.changes.items():
        setattr(setting, name, int(value) if name == "port" else value)
    setting.set_password(secret)
    setting.way_since = timezone.now()
    return True


def correct_and_try(
    attempt: Attempt,
    correction: Correction | None,
    *,
    user: AbstractBaseUser,
    ring: Ring,
    now: dt.datetime,
) -> Attempt | None:
    """Save the correction of an attempt's setting and try again; None where a person must look.

    That is so if the setting was changed since, or if the password would not go with it.
    """
    setting = attempt.setting
    if setting is None or correction is None or not _is_as_tried(setting, attempt):
        return None
    if not corrected(setting, correction):
        return None
    setting.save()
    return try_connection(setting, user=user, ring=ring, now=now)


def _is_as_tried(setting: SmtpSetting, attempt: Attempt) -> bool:
    names = ("provider", "host", "port", "security")
    return all(getattr(setting, name) == getattr(attempt, name) for name in names)
