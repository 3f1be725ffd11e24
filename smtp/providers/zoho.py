"""Zoho Mail: data centre and plan decide the host, and the records follow the data centre."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Provider,
    Scope,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    DMARC_REPORTS,
    DOMAIN_CONNECT,
    NODEMAILER,
    PUBLIC_KEY,
    RUA,
    SELECTOR,
    dkim_key,
    full_address,
    mail_server,
    ownership,
    spf,
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


PROVIDER = Provider(
    slug="zoho-mail",
    name="Zoho Mail",
    summary="Mailboxes for companies and people, in data centres that are separate systems.",
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
                "No page of Zoho's with the numbers was found.",
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
            help="Paid organisations with their own domain use the host smtppro, all others smtp.",
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
            labels={"mail": "That of Zoho Mail", "one": "That of Zoho One (begins with “one.”)"},
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
        ownership(
            "zoho-verification=zb{number}.zmverify.{zoho}",
            "Zoho",
            "Zoho does not accept the domain.",
            "Zoho also accepts a CNAME record instead; a domain once verified stays verified.",
        ),
        mail_server("mx.{zoho}", 10, "Zoho"),
        mail_server("mx2.{zoho}", 20, "Zoho"),
        mail_server("mx3.{zoho}", 50, "Zoho"),
        replace(
            spf("include:{spf_name}", "Zoho"),
            note="The include must be that of the account's own data centre.",
        ),
        dkim_key(
            "{selector}",
            "v=DKIM1; k=rsa; p={public_key}",
            "Zoho",
            "Mail is not signed for your domain, and DMARC depends on SPF alone.",
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
        "The SPF include of another data centre names servers that do not send your mail.",
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
    shapes=(full_address("zoho", "Zoho"),),
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
        "Only the names of zoho.com and zoho.eu were seen in full; the others follow the pattern. "
        "Compare them with the admin console.",
    ),
    further_sources=(
        DOMAIN_CONNECT,
        NODEMAILER,
    ),
    compute=_computed,
)
