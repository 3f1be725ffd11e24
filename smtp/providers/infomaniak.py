"""Infomaniak Mail: its own zones delegate _domainkey; elsewhere the key is a TXT record."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import DMARC, PUBLIC_KEY, SELECTOR, expected, starttls, tls

_DOCS = "https://www.infomaniak.com/en/support/faq/2023"
_GUIDES = Source("https://www.infomaniak.com/en/support/faq/admin2/email-service", "2026-10")


def _discovery(name: str) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.CLIENT,
        type="CNAME",
        host=name,
        value="infomaniak.com",
        match=Match.CNAME,
        required=False,
        optional=True,
        why="Lets mail programs find the settings of the mailboxes.",
        without="People type the settings by hand; sending from here is not affected.",
    )


PROVIDER = Provider(
    slug="infomaniak",
    name="Infomaniak Mail",
    summary="Mailboxes of the Swiss host, sold as Mail Service and as part of kSuite.",
    host="mail.infomaniak.com",
    ports=(*tls(465), *starttls(587)),
    recommended=tls(465)[0],
    category=Category.MAILBOX,
    aliases=("infomaniak mail", "ksuite", "infomaniak ksuite"),
    username="The full address of the mailbox.",
    password=(  # noqa: S106 - the rule in words
        "The password of the mailbox, or a device password made for it. Not the one of the "
        "Infomaniak account, even if that has the same address."
    ),
    sender="The mailbox that logs in, or one of its aliases.",
    sender_is_login=True,
    limits=(
        Limit(
            "Each mailbox: 1,440 recipients in 24 hours on most plans.",
            year="2026",
            source=_GUIDES,
        ),
        Limit(
            "my kSuite 500, kSuite for one user and Mail Starter 100 recipients in 24 hours.",
            year="2026",
            source=_GUIDES,
        ),
        Limit("Each message: 100 recipients.", year="2026", source=_GUIDES),
    ),
    inputs=(
        replace(SELECTOR, help="The part before ._domainkey, a date such as 20260730."),
        PUBLIC_KEY,
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.MX,
            type="MX",
            host="@",
            value="mta-gw.infomaniak.ch",
            match=Match.MX,
            priority=5,
            why="Brings the domain's mail, answers and bounces among it, to the mailboxes.",
            without="The mailboxes receive nothing.",
        ),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:spf.infomaniak.ch -all",
            match=Match.SPF,
            mechanisms=("include:spf.infomaniak.ch",),
            why="Names Infomaniak's servers as permitted senders of the domain.",
            without="Receivers may treat the mail as forged.",
            note="Add every other sender of the domain: -all has receivers refuse the rest.",
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="{selector}._domainkey",
            value="v=DKIM1; t=s; p={public_key}",
            match=Match.DKIM_KEY,
            why="Holds the key Infomaniak signs with.",
            without="The signature cannot be checked, and DMARC rests on SPF alone.",
            note=(
                "In a zone at Infomaniak two NS records at _domainkey answer for it, and nothing "
                "is to be published."
            ),
        ),
        replace(
            DMARC,
            value="v=DMARC1; p=reject;",
            note="Begin with p=none if other services send for the domain, until all are aligned.",
        ),
        _discovery("autoconfig"),
        _discovery("autodiscover"),
    ),
    steps=(
        "In the Infomaniak Manager open the Mail Service and create the address that will send.",
        "Have the Manager show the DKIM record; copy its selector and its key here.",
        "Publish the records shown, unless the zone is at Infomaniak and has them already.",
        "Enter the full address as user name, and the mailbox password or a device password.",
        "Prefer port 465; Infomaniak supports 587 but does not recommend it.",
    ),
    pitfalls=(
        "p=reject, Infomaniak's own DMARC policy, blocks every other service of the domain until "
        "that one signs with an aligned DKIM key.",
        "A zone at Infomaniak delegates _domainkey with two NS records, so that keys of other "
        "services below it are not found.",
        "Moving the zone copies these NS records and loses the key: delete them at the new DNS "
        "host and publish the TXT record there.",
        "The user name of the Infomaniak account does not log in here, nor does its password.",
        "A message to 40 people counts as 40 messages.",
    ),
    shapes=(
        expected(
            "infomaniak.username-address",
            "username",
            r"[^@\s]+@[^@\s]+\.[^@\s]+",
            "Infomaniak logs in with the full address of the mailbox, such as info@example.com.",
        ),
    ),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        _GUIDES,
        Source(
            "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            "2026-10",
        ),
    ),
)
