"""Fastmail: an app password, and aliases to DKIM keys whose targets hold the domain with dots."""

from smtp.providers.base import (
    Category,
    Confidence,
    KnownError,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import DMARC, expected, starttls, tls

_PORTS = (*tls(465), *starttls(587))
_DOCS = "https://www.fastmail.help/hc/en-us/articles/1500000278342"
_REPORTED = Source(
    "",
    "2026-10",
    Confidence.LOW,
    "This is common knowledge; no page of Fastmail's was found that says it.",
)
_INCLUDE = "include:spf.messagingengine.com"


def _server(number: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=f"in{number}-smtp.messagingengine.com",
        match=Match.MX,
        priority=10 * number,
        why="Brings the domain's mail, replies and bounces among it, to Fastmail.",
        without="Mail to the domain does not arrive at Fastmail.",
    )


def _alias(number: int, note: str = "") -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"fm{number}._domainkey",
        value=f"fm{number}.{{domain}}.dkim.fmhosted.com",
        match=Match.CNAME,
        why="One of three aliases to the keys Fastmail signs with, so that it can change them.",
        without="Fastmail cannot sign with a key of your domain, and DMARC rests on SPF alone.",
        note=note,
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
        "The address with which the account logs in to Fastmail, also when an alias is the sender."
    ),
    password=(  # noqa: S106 - the rule in words
        "An app password with access to SMTP. Not the account password: Fastmail refuses that here."
    ),
    sender="Any address or alias of the account; others are refused.",
    sender_is_login=True,
    sandbox="Trial accounts may send little.",
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
        _server(1),
        _server(2),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value=f"v=spf1 {_INCLUDE} ?all",
            match=Match.SPF,
            mechanisms=(_INCLUDE,),
            why="Names Fastmail as a permitted sender of the domain.",
            without="Receivers may treat your mail as forged.",
            note="Fastmail suggests the neutral end ?all; ~all or -all is stricter and works too.",
        ),
        _alias(1),
        _alias(2),
        _alias(3, "A fourth alias, mesmtp._domainkey, is of older sets and no longer used."),
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
        "The targets of the DKIM aliases hold the domain with its dots, not with hyphens.",
        "The user name stays the login address even when another address is the sender.",
        "The Basic plan has no SMTP and no app passwords.",
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
        expected(
            "fastmail.username-shape",
            "username",
            r"[^@\s]+@[^@\s]+",
            "Fastmail logs in with the full address of the account, such as name@fastmail.com.",
        ),
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
        Source(
            "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            "2026-10",
        ),
        Source("", "2026-10", about="The DNS records are the same in ten public zones."),
    ),
)
