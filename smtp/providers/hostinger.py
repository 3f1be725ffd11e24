"""Hostinger Email: mailboxes at the own domain; three DKIM aliases, each with its own target."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import DMARC, expected, starttls, tls

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
    "An approximate number that guides repeat; no page of the provider's was found that names it.",
)


def _mail_server(number: int, priority: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=f"mx{number}.hostinger.com",
        match=Match.MX,
        required=False,
        priority=priority,
        why="Brings the domain's mail, answers and bounces among it, to the mailboxes.",
        without="The mailboxes receive nothing; sending is not affected.",
        note="Leave it out if another service receives the domain's mail.",
    )


def _dkim(letter: str) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"hostingermail-{letter}._domainkey",
        value=f"hostingermail-{letter}.dkim.mail.hostinger.com",
        match=Match.CNAME,
        why="One of three aliases to the keys Hostinger signs with.",
        without="Mail signed with this key fails DKIM, and with it DMARC.",
        note="The target begins with the same word as the name.",
    )


def _discovery(name: str) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.CLIENT,
        type="CNAME",
        host=name,
        value=f"{name}.mail.hostinger.com",
        match=Match.CNAME,
        required=False,
        optional=True,
        why="Lets mail programs find the settings of the mailboxes.",
        without="People type the settings by hand; sending from here is not affected.",
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
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:_spf.mail.hostinger.com ~all",
            match=Match.SPF,
            mechanisms=("include:_spf.mail.hostinger.com",),
            why="Names Hostinger's servers as permitted senders of the domain.",
            without="Receivers may treat the mail as forged.",
            note="If the domain already has an SPF record, put the mechanism into that one.",
        ),
        _dkim("a"),
        _dkim("b"),
        _dkim("c"),
        replace(DMARC, value="v=DMARC1; p=none"),
        _discovery("autodiscover"),
        _discovery("autoconfig"),
    ),
    steps=(
        "In hPanel add the e-mail service to the domain and create the mailbox that will send.",
        "Publish the records shown here at the DNS host the domain's nameservers belong to.",
        "Enter the full address of the mailbox as user name and the mailbox password.",
        "Use the address of the mailbox, or an alias of it, as From address.",
    ),
    pitfalls=(
        "Each DKIM alias has its own target: hostingermail-a leads to hostingermail-a, and so on. "
        "All three at dkim.mail.hostinger.com is a mistake that is often seen.",
        "Records in Hostinger's zone have no effect while the nameservers are somewhere else.",
        "Older plans run on Titan, with smtp.titan.email and include:spf.titan.email. For those "
        "take the page “Other SMTP server”.",
    ),
    shapes=(
        expected(
            "hostinger.username-address",
            "username",
            r"[^@\s]+@[^@\s]+\.[^@\s]+",
            "Hostinger logs in with the full address of the mailbox, such as info@example.com.",
        ),
    ),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(_LIMITS,),
)
