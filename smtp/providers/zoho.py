"""Zoho Mail: data centre and plan decide the host, and the records follow the data centre."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Scope,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    DMARC_REPORTS,
    PUBLIC_KEY,
    RUA,
    SELECTOR,
    expected,
    starttls,
    tls,
)

_PORTS = (*tls(465), *starttls(587))
_DOCS = "https://www.zoho.com/mail/help/zoho-smtp.html"
_DEFAULT = "com"
# The domain of each data centre's servers, and the name its SPF include has.
_CENTRES = {
    "com": ("zoho.com", "zohomail.com"),
    "eu": ("zoho.eu", "zohomail.eu"),
    "in": ("zoho.in", "zohomail.in"),
    "com.au": ("zoho.com.au", "zohomail.com.au"),
    "jp": ("zoho.jp", "zohomail.jp"),
    "ca": ("zohocloud.ca", "zohocloud.ca"),
}
_LABELS = {"free": "smtp", "paid": "smtppro"}


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `label` and `zoho`, the two parts of the host, and `spf_name`, what SPF includes."""
    zoho, spf_name = _CENTRES.get(values.get("dc", ""), _CENTRES[_DEFAULT])
    return {
        "label": _LABELS.get(values.get("account", ""), _LABELS["paid"]),
        "zoho": zoho,
        "spf_name": f"one.{zoho}" if values.get("spf") == "one" else spf_name,
    }


def _server(value: str, priority: int) -> RecordTemplate:
    return RecordTemplate(
        purpose=Purpose.MX,
        type="MX",
        host="@",
        value=value,
        match=Match.MX,
        priority=priority,
        why="Brings the domain's mail, replies and bounces among it, to Zoho.",
        without="Mail to the domain does not arrive at Zoho.",
    )


PROVIDER = Provider(
    slug="zoho-mail",
    name="Zoho Mail",
    summary="Mailboxes for companies, in data centres that know nothing of each other.",
    host="{label}.{zoho}",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("zoho", "zohomail", "zoho-workplace"),
    username="The full address of the mailbox.",
    password=(  # noqa: S106 - the rule in words
        "An application-specific password. The password of the account works only as long as "
        "two-factor authentication is off."
    ),
    sender="The mailbox that logs in, or one of its aliases; all others are refused.",
    sender_is_login=True,
    limits=(
        Limit(
            "How many messages an hour and a day a user may send depends on the plan.",
            source=Source(
                "",
                "2026-10",
                Confidence.LOW,
                "No page of the provider's with the numbers was found.",
            ),
        ),
    ),
    inputs=(
        Input(
            name="dc",
            label="Data centre",
            help="The address of the web mail shows it once you are logged in, as in mail.zoho.eu.",
            scope=Scope.SETTING,
            choices=tuple(_CENTRES),
            labels={
                "com": "United States (zoho.com)",
                "eu": "Europe (zoho.eu)",
                "in": "India (zoho.in)",
                "com.au": "Australia (zoho.com.au)",
                "jp": "Japan (zoho.jp)",
                "ca": "Canada (zohocloud.ca)",
            },
            default=_DEFAULT,
        ),
        Input(
            name="account",
            label="Kind of account",
            help="Paid plans of organisations with their own domain have a host of their own.",
            scope=Scope.SETTING,
            choices=("paid", "free"),
            labels={
                "paid": "Organisation with a paid plan",
                "free": "Personal account or free plan",
            },
            default="paid",
        ),
        Input(
            name="number",
            label="Verification number",
            help="Only the digits after zb in the TXT record that verifies the domain.",
            pattern=r"[0-9]{1,20}",
        ),
        Input(
            name="spf",
            label="SPF include the console shows",
            help="Zoho One has an include for all of its services.",
            choices=("mail", "one"),
            labels={"mail": "That of Zoho Mail", "one": "That of Zoho One, beginning with one."},
            default="mail",
        ),
        replace(
            SELECTOR,
            help="The part before ._domainkey; Zoho suggests zmail, older domains have zoho.",
            default="zmail",
        ),
        PUBLIC_KEY,
        RUA,
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="@",
            value="zoho-verification=zb{number}.zmverify.{zoho}",
            match=Match.EXACT,
            why="Proves that the domain is yours.",
            without="Zoho does not accept the domain.",
            note="Zoho takes a CNAME record in its place; a domain once verified stays verified.",
        ),
        _server("mx.{zoho}", 10),
        _server("mx2.{zoho}", 20),
        _server("mx3.{zoho}", 50),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:{spf_name} ~all",
            match=Match.SPF,
            mechanisms=("include:{spf_name}",),
            why="Names Zoho as a permitted sender of the domain.",
            without="Receivers may treat your mail as forged.",
            note="The include must be that of the account's own data centre.",
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="{selector}._domainkey",
            value="v=DKIM1; k=rsa; p={public_key}",
            match=Match.DKIM_KEY,
            why="Holds the key Zoho signs with.",
            without="Mail is not signed for your domain, and DMARC rests on SPF alone.",
        ),
        DMARC_REPORTS,
        DMARC,  # the same without an address for reports
    ),
    steps=(
        "Choose here the data centre and the kind of account.",
        "In Zoho's admin console add the domain and copy the number of its verification record.",
        "Let the console make a DKIM key, copy selector and key here, and publish the records.",
        "Let the console verify domain, mail servers, SPF and DKIM.",
        "Make an application-specific password for the mailbox and enter it here with the full "
        "address as user name.",
        "Use the address of that mailbox, or one of its aliases, as From address.",
    ),
    pitfalls=(
        "At the host of another data centre the login fails although the password is right.",
        "An SPF include of another data centre permits servers that are not used.",
        "With two-factor authentication the password of the account is refused.",
        "The free plan uses the host that begins with smtp, paid plans the one with smtppro.",
        "An older include such as zoho.com still works; Zoho Mail now asks for zohomail.com.",
    ),
    errors=(
        KnownError(
            "535 Authentication Failed",
            "The host is of another data centre, two-factor authentication wants an "
            "application-specific password, or access over SMTP is switched off.",
            "Use the host of the account's data centre and an application-specific password.",
        ),
        KnownError(
            "553 Relaying disallowed as noreply@example.com",
            "The From address is neither the mailbox that logs in nor one of its aliases.",
            "Use the address of the mailbox, or add the other one as its alias.",
        ),
        KnownError(
            "550 5.4.6 Unusual sending activity detected",
            "Zoho has blocked outgoing mail of the mailbox.",
            "Find out what was sent, then unblock the mailbox in Zoho.",
        ),
    ),
    shapes=(
        expected(
            "zoho.username-shape",
            "username",
            r"[^@\s]+@[^@\s]+\.[^@\s]+",
            "The user name is the full address of the mailbox, such as office@example.com.",
        ),
    ),
    replaced={
        f"include:{zoho}": f"include:{spf_name}"
        for zoho, spf_name in _CENTRES.values()
        if zoho != spf_name
    },
    domain_connect=("zoho.com/zmail_hosting",),
    sends_for=("zoho.com",),
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "Only com and eu were seen in full; names of the other data centres follow their pattern. "
        "Compare them with the admin console.",
    ),
    further_sources=(
        Source("https://github.com/Domain-Connect/Templates", "2026-10"),
        Source(
            "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            "2026-10",
        ),
    ),
    compute=_computed,
)
