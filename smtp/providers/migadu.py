"""Migadu: mailboxes and identities; the DKIM targets have the domain in their middle."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    dkim_alias,
    full_address,
    mail_server,
    ownership,
    spf,
    starttls,
    tls,
)

_DOCS = "https://www.migadu.com/guides/"
_PLANS = Source(
    "",
    "2026-10",
    Confidence.LOW,
    "The numbers of the plans were not checked; see the plan in the admin panel.",
)


def _alias(number: int) -> RecordTemplate:
    return dkim_alias(
        f"key{number}",
        f"key{number}.{{domain}}._domainkey.migadu.com",
        "Migadu",
        "Mail signed with this key fails DKIM, and with it DMARC.",
        "One of three. In the target the domain comes before ._domainkey, not behind it.",
    )


PROVIDER = Provider(
    slug="migadu",
    name="Migadu",
    summary="Mailboxes for any number of domains, billed by use and not by mailbox.",
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
        ownership(
            "hosted-email-verify={token}",
            "Migadu",
            "The domain is not activated and cannot send.",
        ),
        mail_server("aspmx1.migadu.com", 10, "Migadu"),
        mail_server("aspmx2.migadu.com", 20, "Migadu"),
        replace(
            spf("include:spf.migadu.com", "Migadu", "-all"),
            note="Add every other sender of the domain: with -all receivers refuse the rest.",
        ),
        _alias(1),
        _alias(2),
        _alias(3),
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
        "In a DKIM target the domain stands in the middle: key1.example.com._domainkey.migadu.com. "
        "Any other order leads nowhere.",
        "At Cloudflare set the three DKIM records to DNS only.",
        "Migadu suggests p=quarantine: mail of other services of the domain goes to the spam "
        "folder until they sign with an aligned DKIM key.",
        "The login of the admin panel does not work for mail.",
    ),
    shapes=(full_address("migadu", "Migadu", "the mailbox or identity"),),
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "The SMTP ports are common knowledge; no page of Migadu's was found that lists them.",
    ),
)
