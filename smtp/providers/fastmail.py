"""Fastmail: an app password, and DKIM records whose targets hold the domain with its dots."""

from smtp.providers.base import (
    Category,
    Confidence,
    KnownError,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    NODEMAILER,
    dkim_alias,
    expected,
    full_address,
    mail_server,
    spf,
    starttls,
    tls,
)

_PORTS = (*tls(465), *starttls(587))
_DOCS = "https://www.fastmail.help/hc/en-us/articles/1500000278342"
_REPORTED = Source(
    "",
    "2026-10",
    Confidence.LOW,
    "This is common knowledge; no page of Fastmail's was found that says it.",
)


def _alias(number: int) -> RecordTemplate:
    return dkim_alias(
        f"fm{number}",
        f"fm{number}.{{domain}}.dkim.fmhosted.com",
        "Fastmail",
        "Fastmail cannot sign as your domain, and DMARC depends on SPF alone.",
        "One of three. A fourth, mesmtp._domainkey, is no longer used.",
    )


PROVIDER = Provider(
    slug="fastmail",
    name="Fastmail",
    summary="Mailboxes for people and small teams, with own domains and many aliases.",
    host="smtp.fastmail.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("fastmail.com", "messagingengine"),
    username=(
        "The address with which the account logs in to Fastmail, even when an alias is the sender."
    ),
    password=(  # noqa: S106 - the rule in words
        "An app password with access to SMTP. Not the account password: Fastmail refuses that here."
    ),
    sender="Any address or alias of the account; others are refused.",
    sender_is_login=True,
    sandbox="A trial account may send only a few messages.",
    limits=(
        Limit(
            "How many messages a day may be sent depends on the plan.",
            source=Source(
                "",
                "2026-10",
                Confidence.LOW,
                "No page of Fastmail's with the numbers was found.",
            ),
        ),
    ),
    recipe=(
        mail_server("in1-smtp.messagingengine.com", 10, "Fastmail"),
        mail_server("in2-smtp.messagingengine.com", 20, "Fastmail"),
        spf("include:spf.messagingengine.com", "Fastmail", "?all"),
        _alias(1),
        _alias(2),
        _alias(3),
        DMARC,
    ),
    steps=(
        "In Fastmail add the domain and publish the records shown here.",
        "Give the account the From address, as an alias or an address of its own.",
        "Under Settings, Privacy & Security, make a new app password whose access includes mail.",
        "Enter the login address as user name and the app password as password, with port 465.",
        "Try the connection, then send a test mail.",
    ),
    pitfalls=(
        "The targets of the DKIM records hold the domain with its dots, not with hyphens.",
        "The user name stays the login address even when another address is the sender.",
        "The Basic plan has no SMTP and no app passwords.",
        "Fastmail suggests the neutral end ?all for SPF; ~all or -all is stricter and works too.",
    ),
    errors=(
        KnownError(
            "535 5.7.0 Incorrect username or password",
            "The account password is used, or an alias is the user name.",
            "Make an app password, and use the login address as user name.",
            source=_REPORTED,
        ),
        KnownError(
            "551 5.7.1 Not authorised to send from this header address",
            "The From address does not belong to the account.",
            "Add the alias or the domain to the account, or send from one of its addresses.",
            source=_REPORTED,
        ),
    ),
    shapes=(
        full_address("fastmail", "Fastmail", "the account"),
        expected(
            "fastmail.password-shape",
            "password",
            r"(?:[a-z0-9]\s*){16}",
            (
                "A Fastmail app password usually has 16 letters and digits. Check that this is "
                "not the account password, which is refused."
            ),
        ),
    ),
    sends_for=("fastmail.com",),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://www.fastmail.com/help/clients/apppassword.html", "2026-10"),
        NODEMAILER,
        Source("", "2026-10", about="The DNS records are the same in ten public zones."),
    ),
)
