"""Migadu: mailboxes and identities; the DKIM targets have the domain in their middle."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import DMARC, expected, starttls, tls

_DOCS = "https://www.migadu.com/guides/"
_PLANS = Source(
    "",
    "2026-10",
    Confidence.LOW,
    "The numbers of the plans were not checked; see the plan in the admin panel.",
)


def _mail_server(number: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=f"aspmx{number}.migadu.com",
        match=Match.MX,
        priority=10 * number,
        why="One of two servers that bring the domain's mail to the mailboxes.",
        without="Mail may stay away when the other server does not answer.",
    )


def _dkim(number: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"key{number}._domainkey",
        value=f"key{number}.{{domain}}._domainkey.migadu.com",
        match=Match.CNAME,
        why="One of three aliases to the keys Migadu signs with.",
        without="Mail signed with this key fails DKIM, and with it DMARC.",
        note="In the target the domain comes before ._domainkey, not behind it.",
    )


PROVIDER = Provider(
    slug="migadu",
    name="Migadu",
    summary="Mailboxes for any number of domains, paid by use and not by mailbox.",
    host="smtp.migadu.com",
    ports=(*tls(465), *starttls(587)),
    recommended=tls(465)[0],
    category=Category.MAILBOX,
    aliases=("migadu mail",),
    username="The full address of the mailbox, or of one of its identities.",
    password=(  # noqa: S106 - the rule in words
        "The password of that mailbox or identity. Not the one of the admin account."
    ),
    sender="The mailbox that logs in, or one of its identities.",
    sender_is_login=True,
    sandbox="A trial account has narrower limits than a paid plan.",
    limits=(
        Limit(
            "Each account: a soft limit of outgoing messages a day that depends on the plan.",
            source=_PLANS,
        ),
    ),
    inputs=(
        Input(
            name="token",
            label="Verification code",
            help="The eight characters that follow hosted-email-verify= in the TXT record.",
            pattern=r"[A-Za-z0-9]{8}",
        ),
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="@",
            value="hosted-email-verify={token}",
            match=Match.EXACT,
            why="Proves to Migadu that the domain is yours.",
            without="The domain is not activated and cannot send.",
        ),
        _mail_server(1),
        _mail_server(2),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:spf.migadu.com -all",
            match=Match.SPF,
            mechanisms=("include:spf.migadu.com",),
            why="Names Migadu's servers as permitted senders of the domain.",
            without="Receivers may treat the mail as forged.",
            note="Add every other sender of the domain: -all has receivers refuse the rest.",
        ),
        _dkim(1),
        _dkim(2),
        _dkim(3),
        replace(
            DMARC,
            value="v=DMARC1; p=quarantine;",
            note="Begin with p=none if other services send for the domain, until all are aligned.",
        ),
    ),
    steps=(
        "In Migadu's admin panel add the domain and open its DNS configuration.",
        "Copy the verification code here and publish the records shown.",
        "Let the panel check the records and activate the domain.",
        "Create the mailbox that will send; an identity gives a program its own password.",
        "Enter the full address as user name and the password that belongs to it.",
    ),
    pitfalls=(
        "The order in a DKIM target is key1, the domain, ._domainkey.migadu.com. "
        "key1._domainkey, then the domain, leads nowhere.",
        "At Cloudflare the three aliases must not be proxied.",
        "Migadu suggests p=quarantine: mail of other services of the domain goes to the spam "
        "folder until they sign with an aligned DKIM key.",
        "The login of the admin panel is not one for mail.",
    ),
    shapes=(
        expected(
            "migadu.username-address",
            "username",
            r"[^@\s]+@[^@\s]+\.[^@\s]+",
            "Migadu logs in with the full address of a mailbox or identity, such as "
            "info@example.com.",
        ),
    ),
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "The SMTP ports are common knowledge; no page of the provider's was found that lists them.",
    ),
)
