"""Page: the links to a domain's DNS to-do, as its members see them."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from dnscheck.models import SendingDomain, Share


@dataclass(frozen=True)
class Link:
    """A link with its whole address. `mail` opens a mail program with a text to send."""

    share: Share
    address: str
    mail: str
    is_usable: bool


def links_of(domain: SendingDomain, home: str, now: dt.datetime) -> list[Link]:
    """Return the links of a domain, the newest first; `home` is the address of this portal."""
    usable = set(domain.shares.usable(now).values_list("pk", flat=True))
    return [
        _link(domain, share, home.rstrip("/"), is_usable=share.pk in usable)
        for share in domain.shares.select_related("by")
    ]


def _link(domain: SendingDomain, share: Share, home: str, *, is_usable: bool) -> Link:
    address = home + share.get_absolute_url()
    subject = _("DNS records for %(domain)s") % {"domain": domain.display_name}
    text = _(
        "Please publish the DNS records listed here:\n\n%(address)s\n\n"
        "The page shows each record as your DNS host wants it, and what is there already. It needs "
        "no account, and works until %(day)s.\n"
    ) % {"address": address, "day": f"{share.expires_at:%Y-%m-%d}"}
    mail = f"mailto:?subject={quote(subject)}&body={quote(text)}"
    return Link(share, address, mail, is_usable)
