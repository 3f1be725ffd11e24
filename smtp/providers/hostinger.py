"""Hostinger Email: mailboxes at the own domain; three DKIM records, each with its own target."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    discovery,
    dkim_alias,
    full_address,
    mail_server,
    spf,
    starttls,
    tls,
)

_DOCS = (
    "https://support.hostinger.com/en/articles/"
    "1575756-how-to-get-email-account-configuration-details-for-hostinger-email"
)
_LIMITS = Source(
    "https://www.hostinger.com/support/4625828-parameters-and-limits-of-hostinger-email/",
    "2026-10",
)
_APPROXIMATE = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "An approximate number from guides; no page of Hostinger's was found that names it.",
)


def _mail_server(number: int, priority: int) -> RecordTemplate:
    """Return an MX record for the mailbox; without it sending works, so it is not required."""
    return replace(
        mail_server(f"mx{number}.hostinger.com", priority, "Hostinger"),
        required=False,
        without="The mailboxes receive nothing; sending is not affected.",
        note="Leave it out if another service receives the domain's mail.",
    )


def _alias(letter: str) -> RecordTemplate:
    label = f"hostingermail-{letter}"
    return dkim_alias(
        label,
        f"{label}.dkim.mail.hostinger.com",
        "Hostinger",
        "Mail signed with this key fails DKIM, and with it DMARC.",
        "One of three. The target begins with the same word as the name.",
    )


PROVIDER = Provider(
    slug="hostinger",
    name="Hostinger Email",
    summary="Mailboxes that come with Hostinger's web hosting or as a plan of their own.",
    host="smtp.hostinger.com",
    ports=(*tls(465), *starttls(587)),
    recommended=tls(465)[0],
    category=Category.MAILBOX,
    aliases=("hostinger mail", "hostinger business email", "hpanel"),
    username="The full address of the mailbox.",
    password=(  # noqa: S106 - the rule in words
        "The password of the mailbox. Not the one of the Hostinger account (hPanel)."
    ),
    sender="The mailbox that logs in, or one of its aliases.",
    sender_is_login=True,
    limits=(
        Limit("Free mailbox: 100 messages a day.", year="2026", source=_LIMITS),
        Limit(
            "Business plans: 1,000 (Starter) or 3,000 (Premium) messages a day.",
            year="2026",
            source=_LIMITS,
        ),
        Limit("Each mailbox: about 100 messages an hour.", year="2025", source=_APPROXIMATE),
    ),
    recipe=(
        _mail_server(1, 5),
        _mail_server(2, 10),
        spf("include:_spf.mail.hostinger.com", "Hostinger"),
        _alias("a"),
        _alias("b"),
        _alias("c"),
        replace(DMARC, value="v=DMARC1; p=none"),
        discovery("autodiscover", "autodiscover.mail.hostinger.com"),
        discovery("autoconfig", "autoconfig.mail.hostinger.com"),
    ),
    steps=(
        "In hPanel add the e-mail service to the domain and create the mailbox that will send.",
        "Publish the records shown here where the domain's DNS is managed.",
        "Enter the full address of the mailbox as user name and the mailbox password.",
        "Use the address of the mailbox, or an alias of it, as From address.",
    ),
    pitfalls=(
        "Each DKIM record has its own target: hostingermail-a leads to hostingermail-a, and so on. "
        "It is a common mistake to point all three at dkim.mail.hostinger.com.",
        "Records in Hostinger's zone have no effect while the domain's nameservers are elsewhere.",
        "Older plans run on Titan, with smtp.titan.email and include:spf.titan.email. For those "
        "choose “Other SMTP server”.",
    ),
    shapes=(full_address("hostinger", "Hostinger"),),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(_LIMITS,),
)
