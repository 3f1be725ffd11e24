"""Infomaniak Mail: its own zones delegate _domainkey; elsewhere the key is a TXT record."""

from dataclasses import replace

from smtp.providers.base import Category, Confidence, Limit, Provider, Source
from smtp.providers.parts import (
    DMARC,
    NODEMAILER,
    PUBLIC_KEY,
    SELECTOR,
    discovery,
    dkim_key,
    full_address,
    mail_server,
    spf,
    starttls,
    tls,
)

_DOCS = "https://www.infomaniak.com/en/support/faq/2023"
_GUIDES = Source("https://www.infomaniak.com/en/support/faq/admin2/email-service", "2026-10")


_LIMITS = Source(
    "https://www.infomaniak.com/en/support/faq/2065/understanding-the-24-hour-outgoing-email-limit",
    "2026-10",
)
_SMALL_PLANS = Source(
    _LIMITS.url,
    "2026-10",
    Confidence.MEDIUM,
    "Editions of the page differ about the smallest plans.",
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
            "Each mailbox: 1,440 recipients in 24 hours on most plans.", year="2026", source=_LIMITS
        ),
        Limit(
            "kSuite free, my kSuite and Mail Service Starter: 500 recipients in 24 hours.",
            year="2026",
            source=_SMALL_PLANS,
        ),
        Limit("Each message: 100 recipients.", year="2026", source=_GUIDES),
    ),
    inputs=(
        replace(SELECTOR, help="The part before ._domainkey, a date such as 20260730."),
        PUBLIC_KEY,
    ),
    recipe=(
        mail_server("mta-gw.infomaniak.ch", 5, "Infomaniak"),
        replace(
            spf("include:spf.infomaniak.ch", "Infomaniak", "-all"),
            note="Add every other sender of the domain: with -all receivers refuse the rest.",
        ),
        dkim_key(
            "{selector}",
            "v=DKIM1; t=s; p={public_key}",
            "Infomaniak",
            "The signature cannot be checked, and DMARC depends on SPF alone.",
            "In a zone at Infomaniak two NS records at _domainkey answer for it; there you publish "
            "nothing.",
        ),
        replace(
            DMARC,
            value="v=DMARC1; p=reject;",
            note="Begin with p=none if other services send for the domain, until all are aligned.",
        ),
        discovery("autoconfig", "infomaniak.com"),
        discovery("autodiscover", "infomaniak.com"),
    ),
    steps=(
        "In the Infomaniak Manager open the Mail Service and create the address that will send.",
        "Open the DKIM record in the Manager; copy its selector and its key here.",
        "Publish the records shown, unless the zone is at Infomaniak and has them already.",
        "Enter the full address as user name, and the mailbox password or a device password.",
        "Prefer port 465; Infomaniak supports 587 but does not recommend it.",
    ),
    pitfalls=(
        "p=reject, Infomaniak's own DMARC policy, blocks every other service of the domain until "
        "that one signs with an aligned DKIM key.",
        "A zone at Infomaniak delegates _domainkey with two NS records, so that DKIM records of "
        "other services in that zone are not found.",
        "Moving the zone copies these NS records and loses the key: delete them at the new DNS "
        "host and publish the TXT record there.",
        "The user name of the Infomaniak account does not log in here, nor does its password.",
        "A message to 40 people counts as 40 messages.",
    ),
    shapes=(full_address("infomaniak", "Infomaniak"),),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(_GUIDES, NODEMAILER),
)
