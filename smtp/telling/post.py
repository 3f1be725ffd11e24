"""Verbs: mail to people what happened, by the setting that the operators marked.

Every step is a row: notices that nobody was mailed yet, the letters written from them, and for
each try of a letter an attempt, which `smtp.delivery` makes as any other. A sweep moves each a
step further by a conditional update, so that two sweeps at once write and send nothing twice.
"""

import datetime as dt
import uuid
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q
from django.utils.translation import gettext as _

from smtp import trials
from smtp.message import ascii_address
from smtp.models import Attempt, Letter, LetterState, SmtpSetting, State
from smtp.outcome import Failure, Stage
from smtp.telling import digests, notice_text
from smtp.telling.retries import next_try
from tenants import notices
from tenants.bells import Ring
from tenants.models import CHANGING_ROLES, Notice, Tenant
from tenants.quiet import quiet_until, zone_of

AT_ONCE = 20  # causes and letters of one sweep
MOST_ON_THEIR_WAY = 4  # letters, of a worker's eight threads: people's own tries find some free
SPACED = dt.timedelta(minutes=10)  # between two mails about the same cause
PAUSE = dt.timedelta(minutes=5)  # for all letters, when the way out failed
LET_BE_AFTER = dt.timedelta(days=2)  # what was not mailed by then is on the pages alone
FAR = dt.timedelta(days=2)  # nothing waits that long: the clock was ahead when it was written

# What speaks against one mail; anything else speaks against the way, and can be mended. All mails
# have the same sender.
ABOUT_THE_MAIL = (Stage.RECIPIENT, Stage.DATA)
TOO_LARGE = 552  # the answer to MAIL FROM:<…> SIZE=… (RFC 1870 section 6)


def sender() -> SmtpSetting | None:
    """Return the setting by which notices go out, if there is one and it is in use."""
    return SmtpSetting.objects.filter(sends_notices=True, enabled=True).first()


def receivers(tenant: Tenant | None) -> list[str]:
    """Return whom to mail: owners and editors who want it; of no tenant, the operators."""
    people = User.objects.filter(is_active=True).exclude(email="")
    if tenant is None:
        people = people.filter(is_staff=True)
    else:
        people = people.filter(
            memberships__tenant=tenant,
            memberships__role__in=CHANGING_ROLES,
            memberships__notified=True,
        )
    addresses = people.order_by("pk").values_list("email", flat=True)
    return list({address.lower(): address for address in addresses}.values())


class Obstacle(NamedTuple):
    """Why mails about a tenant do not go out now, in a sentence; what lasts, somebody must mend."""

    text: str
    is_lasting: bool


def obstacle(tenant: Tenant, now: dt.datetime) -> Obstacle | None:
    """Return what keeps the mails of a tenant back now, if anything does."""
    if sender() is None:
        name = SmtpSetting._meta.get_field("sends_notices").verbose_name
        said = _(
            "No mail goes out: operators choose the setting for it in the admin, by the mark "
            "“%(name)s”, and enable it."
        )
        return Obstacle(said % {"name": name}, is_lasting=True)
    if not receivers(tenant):
        text = _("No mail goes out: no owner or editor has an e-mail address and wants mails.")
        return Obstacle(text, is_lasting=True)
    if until := _quiet(tenant, now):
        end = f"{until.astimezone(zone_of(tenant.quiet_zone)):%H:%M} ({tenant.quiet_zone or 'UTC'})"
        said = _("The quiet hours last until %(end)s; the mails wait for their end.")
        return Obstacle(said % {"end": end}, is_lasting=False)
    return None


def sweep(*, ring: Ring, now: dt.datetime) -> None:
    """Write what is to be mailed, send it, and see what became of what was sent."""
    _settle(now)
    _let_be(now)
    way = sender()
    if way is None:
        return
    causes = _due_causes(now)
    tenants = Tenant.objects.in_bulk([pk for pk, _cause in causes if pk is not None])
    for tenant_id, cause in causes:
        if tenant_id is None or tenant_id in tenants:  # else it was deleted just now
            _write(tenants[tenant_id] if tenant_id else None, cause, now)
    _send(way, ring, now)


def look_again(tenant: Tenant, now: dt.datetime) -> None:
    """Look anew at what waits: the quiet hours of the tenant are others."""
    waiting = Notice.objects.filter(tenant=tenant, mail_batch=None)
    waiting.update(mail_after=now + notices.GROUPED_FOR)
    fresh = Letter.objects.filter(tenant=tenant, state=LetterState.WAITING, tries=0)
    fresh.update(due_at=now)


# --- From notices to letters ------------------------------------------------------------------


def _due(name: str, now: dt.datetime) -> Q:
    """Return what is due; a time that no rule could have set is due as well."""
    return Q(**{f"{name}__lte": now}) | Q(**{f"{name}__gt": now + FAR})


def _due_causes(now: dt.datetime) -> list[tuple[int | None, str]]:
    waiting = Notice.objects.filter(_due("mail_after", now), mail_batch=None).order_by()
    causes = waiting.values_list("tenant_id", "cause").annotate(first=Min("pk"))
    return [(tenant, cause) for tenant, cause, _first in causes.order_by("first")[:AT_ONCE]]


def _write(tenant: Tenant | None, cause: str, now: dt.datetime) -> None:
    """Write a letter to each receiver, or put it off: for quiet hours, or after an earlier one."""
    waiting = Notice.objects.filter(tenant=tenant, mail_batch=None)
    # Of what happened to one subject only the last is news.
    later = waiting.filter(
        thing=OuterRef("thing"), subject=OuterRef("subject"), pk__gt=OuterRef("pk")
    )
    waiting.filter(Exists(later)).update(mail_batch=uuid.uuid4())
    mine = waiting.filter(cause=cause)
    put_off = _quiet(tenant, now) or _too_soon(tenant, cause, now)
    if put_off:
        mine.update(mail_after=put_off)
        return
    to, batch = receivers(tenant), uuid.uuid4()
    with transaction.atomic():
        number = mine.update(mail_batch=batch)
        if number and to:
            _write_letters(tenant, batch, number, to, now)


def _quiet(tenant: Tenant | None, now: dt.datetime) -> dt.datetime | None:
    if tenant is None:
        return None
    return quiet_until(tenant.quiet_from, tenant.quiet_to, tenant.quiet_zone, now)


def _too_soon(tenant: Tenant | None, cause: str, now: dt.datetime) -> dt.datetime | None:
    """Return when the next mail about a cause may follow; None if it may now."""
    before = Letter.objects.filter(tenant=tenant, cause=cause).values_list("created_at", flat=True)
    last = before.order_by("-pk").first()
    return last + SPACED if last and now - SPACED < last <= now else None


def _write_letters(
    tenant: Tenant | None, batch: uuid.UUID, number: int, to: list[str], now: dt.datetime
) -> None:
    told = Notice.objects.filter(mail_batch=batch).order_by("pk")[: notice_text.MOST_SHOWN]
    digest = digests.digest(tenant, list(told), number)
    zone = zone_of((tenant and tenant.quiet_zone) or settings.TIME_ZONE)
    subject = notice_text.mail_subject(digest)
    text = notice_text.mail_text(digest, _why(tenant, digest.url), zone)
    Letter.objects.bulk_create(
        Letter(
            tenant=tenant,
            batch=batch,
            cause=digest.cause,
            recipient=recipient,
            subject=subject,
            text=text,
            created_at=now,
            due_at=now,
        )
        for recipient in to
    )


def _why(tenant: Tenant | None, url: str) -> str:
    if tenant is None:
        return _("This mail goes to the operators of Relaydesk. All notices: %(url)s") % {
            "url": url
        }
    said = _(
        "You are an owner or editor of %(tenant)s. Switch these mails off, or choose quiet "
        "hours, here: %(url)s"
    )
    return said % {"tenant": tenant.name, "url": url}


def _let_be(now: dt.datetime) -> None:
    """Pass over what is no longer news, and forget what nobody asks for any more."""
    old = now - LET_BE_AFTER
    Notice.objects.filter(mail_batch=None, created_at__lt=old).update(mail_batch=uuid.uuid4())
    waiting = Letter.objects.filter(state=LetterState.WAITING)
    waiting.filter(created_at__lt=old).update(state=LetterState.GIVEN_UP, link="")
    waiting.filter(until__lte=now).update(state=LetterState.WITHDRAWN, link="")
    notices.forget(Notice.objects.all(), now)
    notices.forget(Letter.objects.all(), now)


# --- From letters to attempts -----------------------------------------------------------------


def _send(way: SmtpSetting, ring: Ring, now: dt.datetime) -> None:
    trying = Letter.objects.filter(state=LetterState.TRYING)
    waiting = Letter.objects.filter(_due("due_at", now), state=LetterState.WAITING)
    due = waiting.select_related("tenant").defer("text", "link").order_by("due_at", "pk")
    for letter in due[:AT_ONCE]:
        mine = Letter.objects.filter(pk=letter.pk, state=LetterState.WAITING)
        put_off = None if letter.asked_for else _quiet(letter.tenant, now)
        if put_off:
            mine.update(due_at=put_off)
            continue
        if trying.count() >= MOST_ON_THEIR_WAY:
            break
        with transaction.atomic():
            if mine.update(state=LetterState.TRYING, tries=F("tries") + 1, attempt=None):
                attempt = trials.send_notice(way, letter.recipient, ring=ring, now=now)
                Letter.objects.filter(pk=letter.pk).update(attempt=attempt)


def _settle(now: dt.datetime) -> None:
    """Write what became of letters whose attempt has ended, or went away with its setting."""
    trying = Letter.objects.filter(state=LetterState.TRYING)
    trying.filter(attempt=None).update(state=LetterState.UNCLEAR, link="")
    ended = trying.filter(attempt__state__in=Attempt.ended).select_related("attempt")
    for letter in ended.defer("text", "link", "attempt__outcome"):
        change = _after(letter, now)
        if change["state"] != LetterState.WAITING:
            change["link"] = ""
        trying.filter(pk=letter.pk, attempt=letter.attempt_id).update(**change)
        if change["state"] == LetterState.WAITING and not _is_about_the_mail(letter):
            others = Letter.objects.filter(state=LetterState.WAITING, due_at__lt=now + PAUSE)
            others.exclude(pk=letter.pk).update(due_at=now + PAUSE)


def _after(letter: Letter, now: dt.datetime) -> dict[str, object]:
    """Return the columns of a letter after its attempt."""
    attempt = letter.attempt
    assert attempt is not None, "only letters whose attempt has ended come here"  # noqa: S101
    if attempt.state == State.UNCLEAR:
        return {"state": LetterState.UNCLEAR}
    if attempt.succeeded:
        return {"state": LetterState.SENT}
    if not letter.is_wanted(now):
        return {"state": LetterState.WITHDRAWN}
    again = None if _is_final(letter, attempt) else next_try(letter.tries, letter.created_at, now)
    if again is None:
        return {"state": LetterState.GIVEN_UP}
    return {"state": LetterState.WAITING, "due_at": again}


def _is_final(letter: Letter, attempt: Attempt) -> bool:
    """Whether this very mail was refused for good."""
    if attempt.failure == Failure.UNSENDABLE:
        return not _is_address(letter.recipient)
    if attempt.stage == Stage.SENDER:
        return attempt.reply_code == TOO_LARGE
    is_refused = attempt.reply_code is not None and attempt.reply_code >= 500
    return is_refused and attempt.stage in ABOUT_THE_MAIL


def _is_address(recipient: str) -> bool:
    """Whether a mail can be written to this recipient; if not, no change of the way helps."""
    try:
        ascii_address(recipient)
    except ValueError:
        return False
    return True


def _is_about_the_mail(letter: Letter) -> bool:
    return letter.attempt is not None and letter.attempt.stage in ABOUT_THE_MAIL
