"""Verbs: mail the link to a domain's DNS to-do to whoever runs its zone, and end links.

Members say to whom and for which domain; the text is always the same, so that the portal is no
way to mail what one likes to whom one likes. A link that has ended is not mailed any more.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from dnscheck.models import SendingDomain, Share, ShareMail
from smtp.telling import outbox
from tenants.models import Tenant

MOST_OF_A_LINK = 3
DAY = dt.timedelta(days=1)
CAUSE = "dns-to-do"


class Refused(Exception):
    """A link is not mailed now; says why in a sentence."""


def is_allowed() -> bool:
    """Whether the operators want links to be mailed."""
    return bool(settings.SHARE_MAILS_PER_DAY > 0)


def is_open() -> bool:
    """Whether links are mailed: it is allowed, and there is a way for it."""
    return is_allowed() and outbox.is_open()


def send(share: Share, recipient: str, *, by: User, home: str, now: dt.datetime) -> ShareMail:
    """Have a link mailed to an address on the wire; raises `Refused`.

    `home` is the address of this portal.
    """
    with transaction.atomic():
        # Its row alone: a check locks that of the domain first, and then wants that of the tenant.
        tenant = Tenant.objects.select_for_update().get(pk=share.domain.tenant_id)
        _refuse(share, tenant, now)
        subject, text = written(share.domain, by=by, until=share.expires_at)
        mail = outbox.Mail(
            recipient=recipient,
            subject=subject,
            text=text,
            link=home.rstrip("/") + share.get_absolute_url(),
            reply_to=by.email,
            until=share.expires_at,
        )
        letter = outbox.put(tenant, mail, cause=CAUSE, now=now)
        return ShareMail.objects.create(
            tenant=tenant, share=share, letter_id=letter, by_id=by.pk, at=now
        )


def _refuse(share: Share, tenant: Tenant, now: dt.datetime) -> None:
    """Raise `Refused` if this link must not be mailed now; the tenant's row is locked."""
    if not Share.objects.select_for_update().usable(now).filter(pk=share.pk).first():
        raise Refused(_("The link has ended: make another one."))
    if not is_open():
        raise Refused(_("The operators have not made it possible to mail links."))
    mails = ShareMail.objects.filter(share=share)
    if mails.filter(letter__state__in=outbox.UNDER_WAY).exists():
        raise Refused(_("A mail with this link is on its way already."))
    if mails.count() >= MOST_OF_A_LINK:
        said = _("This link was mailed %(number)s times: make another one.")
        raise Refused(said % {"number": MOST_OF_A_LINK})
    lately = ShareMail.objects.filter(tenant=tenant, at__gt=now - DAY, at__lte=now + DAY)
    if lately.count() >= settings.SHARE_MAILS_PER_DAY:
        said = _("This tenant has used up its %(number)s mails of this day. Write a mail yourself.")
        raise Refused(said % {"number": settings.SHARE_MAILS_PER_DAY})


def written(domain: SendingDomain, *, by: User, until: dt.datetime) -> tuple[str, str]:
    """Return subject and text of the mail with a link. Nothing in it is a member's own words."""
    values = {
        "domain": domain.display_name,
        "tenant": domain.tenant.name,
        "person": by.get_full_name() or by.get_username(),
        "day": f"{until:%Y-%m-%d}",
        "link": outbox.LINK,
    }
    text = _(
        "Hello,\n\n"
        "%(person)s of %(tenant)s asks you to publish DNS records for %(domain)s, so that its mail "
        "arrives. This page shows each record as your DNS host wants it, and what is there "
        "already:\n\n"
        "%(link)s\n\n"
        "It needs no account and works until %(day)s. Keep the link to yourself: whoever has it "
        "sees this page, and nothing else.\n\n"
        "If you do not look after this domain, or do not want to do this, just answer that to this "
        "mail, or ignore it: nothing is sent again by itself, and the link ends on that day.\n\n"
        "Sent by Relaydesk for %(person)s, who entered your address.\n"
    )
    return _("DNS records for %(domain)s") % values, text % values


def revoke(shares: QuerySet[Share], now: dt.datetime) -> int:
    """Take links back, and mails with them that have not left; return how many links."""
    with transaction.atomic():
        number = Share.objects.filter(pk__in=shares.values("pk")).revoke(now)
        ended = ShareMail.objects.filter(share__in=shares.values("pk"))
        _withdraw(ended)
    return number


def sweep(now: dt.datetime) -> None:
    """Withdraw mails whose link ended or went with its domain, and forget what counts no more."""
    ended = Q(share=None) | Q(share__revoked_at__isnull=False) | Q(share__expires_at__lte=now)
    _withdraw(ShareMail.objects.filter(ended))
    ShareMail.objects.filter(share=None, at__lt=now - DAY).delete()


def _withdraw(mails: QuerySet[ShareMail]) -> None:
    waiting = mails.filter(letter__state__in=outbox.UNDER_WAY)
    outbox.withdraw([pk for pk in waiting.values_list("letter_id", flat=True) if pk is not None])
