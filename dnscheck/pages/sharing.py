"""Page: the links to a domain's DNS to-do, as its members see them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from dnscheck.mailing import MOST_OF_A_LINK
from dnscheck.models import SendingDomain, Share, ShareMail
from smtp.telling import outbox

FOLLOWED_FOR = dt.timedelta(minutes=2)  # a page looks for news of a mail; later ones are rare
POLL = 3  # seconds


@dataclass(frozen=True)
class Mailed:
    """One mail with a link, and what became of it; nothing once its letter is no longer kept.

    `poll` says how often to look for news of it, in seconds; 0 is not at all.
    """

    pk: int
    at: dt.datetime
    recipient: str
    fate: outbox.Fate | None
    poll: int

    @property
    def is_under_way(self) -> bool:
        """Whether there is news to come."""
        return self.fate is not None and self.fate.is_under_way


@dataclass(frozen=True)
class Link:
    """A link with its whole address. `mail` opens a mail program with a text to send."""

    share: Share
    address: str
    mail: str
    is_usable: bool
    mails: Sequence[Mailed]

    @property
    def can_be_mailed(self) -> bool:
        """Whether the portal may mail it once more, if it has a way out at all."""
        is_free = not any(mail.is_under_way for mail in self.mails)
        return self.is_usable and is_free and len(self.mails) < MOST_OF_A_LINK


def links_of(domain: SendingDomain, home: str, now: dt.datetime) -> list[Link]:
    """Return the links of a domain, the newest first; `home` is the address of this portal."""
    usable = set(domain.shares.usable(now).values_list("pk", flat=True))
    mails = ShareMail.objects.select_related("letter__attempt").defer(
        *("letter__text", "letter__link", "letter__attempt__outcome", "letter__attempt__draft")
    )
    return [
        _link(domain, share, home.rstrip("/"), now, is_usable=share.pk in usable)
        for share in domain.shares.select_related("by").prefetch_related(Prefetch("mails", mails))
    ]


def _link(
    domain: SendingDomain, share: Share, home: str, now: dt.datetime, *, is_usable: bool
) -> Link:
    address = home + share.get_absolute_url()
    subject = _("DNS records for %(domain)s") % {"domain": domain.display_name}
    text = _(
        "Please publish the DNS records listed here:\n\n%(address)s\n\n"
        "The page shows each record as your DNS host wants it, and what is there already. It needs "
        "no account, and works until %(day)s.\n"
    ) % {"address": address, "day": f"{share.expires_at:%Y-%m-%d}"}
    mail = f"mailto:?subject={quote(subject)}&body={quote(text)}"
    return Link(share, address, mail, is_usable, [_mailed(row, now) for row in share.mails.all()])


def _mailed(row: ShareMail, now: dt.datetime) -> Mailed:
    if row.letter is None:
        return Mailed(row.pk, row.at, "", None, 0)
    fate = outbox.fate_of(row.letter)
    is_followed = fate.is_under_way and abs(now - row.at) < FOLLOWED_FOR
    return Mailed(row.pk, row.at, row.letter.recipient, fate, POLL if is_followed else 0)
