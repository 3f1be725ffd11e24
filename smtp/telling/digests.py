"""Page: turns stored notices into what a mail or a call says of them."""

from collections.abc import Sequence
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from smtp.telling.notice_text import Digest, Told
from tenants.models import Notice, Tenant


def digest(tenant: Tenant | None, notices: Sequence[Notice], number: int) -> Digest:
    """Return the digest of these notices, the first of `number` with the same cause."""
    return Digest(
        whose=tenant.name if tenant else _("Operators"),
        cause=notices[0].cause,
        told=[_told(notice) for notice in notices],
        number=number,
        url=full_url(page_of(tenant)),
    )


def page_of(tenant: Tenant | None) -> str:
    """Return the path of the page with a tenant's notices, or with the operators'."""
    if tenant is None:
        return reverse("smtp:notices")
    return reverse("smtp:notices_of", args=[tenant.slug])


def full_url(path: str) -> str:
    """Return the address of a page; its path alone where nobody said where the portal is."""
    return urljoin(settings.PUBLIC_URL, path) if settings.PUBLIC_URL else path


def _told(notice: Notice) -> Told:
    return Told(
        topic=notice.topic,
        subject=notice.subject,
        title=notice.title,
        text=notice.text,
        url=full_url(notice.path),
        at=notice.created_at,
        since=notice.since,
        changes=notice.changes,
    )
