"""Microsoft 365: SMTP AUTH is off until allowed for a mailbox, and passwords are being retired."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    KnownError,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    ADDRESS,
    DMARC,
    DMARC_REPORTS,
    DOMAIN_CONNECT,
    HOST,
    NODEMAILER,
    RUA,
    discovery,
    dkim_alias,
    expected,
    may_receive,
    ownership,
    spf,
    starttls,
)

_PORTS = starttls(587, 25)
_DOCS = (
    "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/"
    "authenticated-client-smtp-submission"
)
_DKIM_DOCS = "https://learn.microsoft.com/defender-office-365/email-authentication-dkim-configure"
_TIMELINE = (
    "https://techcommunity.microsoft.com/blog/exchange/"
    "updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835"
)
_SEEN = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "In some tenants this target was missing until the keys were changed for the first time.",
)


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `target2`, the second DKIM target, which differs from the first in the selector."""
    return {"target2": values.get("target", "").replace("selector1-", "selector2-", 1)}


def _mail_server(host: str, choice: str, note: str) -> RecordTemplate:
    return replace(may_receive(host, 0, "Microsoft 365", note), when={"mx": (choice,)})


PROVIDER = Provider(
    slug="microsoft365",
    name="Microsoft 365",
    summary="A mailbox of Exchange Online (Office 365), used for sending (client submission).",
    host="smtp.office365.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("office365", "outlook365", "m365", "o365", "exchange-online", "microsoft"),
    notice=(
        "Microsoft is retiring passwords for SMTP (Basic authentication). From the end of December "
        "2026 they are off by default, and an administrator has to allow them again; in tenants "
        "created after that they are not available by default. Microsoft will announce the last "
        "day in the second half of 2027."
    ),
    username="The user principal name of a licensed mailbox, which looks like its address.",
    password=(  # noqa: S106 - the rule in words
        "The password of the mailbox, or an app password where multi-factor sign-in is set for "
        "each user. Neither works where security defaults or Conditional Access forbid this kind "
        "of sign-in."
    ),
    sender="The address of the mailbox, or one for which it has the permission Send As.",
    sandbox=(
        "SMTP AUTH is off in most tenants: an administrator must allow it for the mailbox before "
        "it can send."
    ),
    limits=(
        Limit("30 messages a minute for each mailbox.", year="2026"),
        Limit("10,000 recipients a day for each mailbox.", year="2026"),
        Limit("3 connections at a time for each mailbox.", year="2026"),
    ),
    inputs=(
        Input(
            name="number",
            label="Number after MS=ms",
            help=(
                "The digits after MS=ms in the record shown while you add the domain. "
                "Leave it empty if Microsoft 365 has verified the domain already."
            ),
            required=False,
            pattern=r"[0-9]+",
        ),
        Input(
            name="target",
            label="Points to address or value (selector1)",
            help=(
                "What the Defender portal shows beside selector1._domainkey. It begins with "
                "selector1- and differs for each domain. Leave it empty without DKIM."
            ),
            required=False,
            pattern=rf"selector1-[A-Za-z0-9-]+\._domainkey\.{HOST}",
        ),
        Input(
            name="mx",
            label="Incoming mail",
            help=(
                "Choose a host only if Microsoft 365 is to receive the domain's mail and does not "
                "do so yet."
            ),
            choices=("none", "classic", "other"),
            labels={
                "none": "Received elsewhere, or set up already",
                "classic": "At mail.protection.outlook.com, as usual",
                "other": "At another host, which the console shows",
            },
            default="none",
        ),
        Input(
            name="mx_host",
            label="Points to address (MX)",
            help=(
                "The host the console shows for MX. Domains with a hyphen have an unusual one, and "
                "those with DNSSEC and DANE one under mx.microsoft."
            ),
            pattern=HOST,
            when={"mx": ("other",)},
        ),
        RUA,
    ),
    recipe=(
        ownership(
            "MS=ms{number}",
            "Microsoft",
            "The domain cannot be added to the tenant.",
            "Needed only while the domain is being added; clear the number here afterwards.",
        ),
        spf("include:spf.protection.outlook.com", "Exchange Online", "-all"),
        replace(
            dkim_alias(
                "selector1",
                "{target}",
                "Microsoft",
                "Mail is signed as onmicrosoft.com alone, and DMARC depends on SPF.",
                "Older domains point into onmicrosoft.com, those added since 2025 into "
                "dkim.mail.microsoft. Once both records are there, switch signing on in Defender.",
            ),
            required=False,
            source=Source(_DKIM_DOCS, "2026-10"),
        ),
        replace(
            dkim_alias(
                "selector2",
                "{target2}",
                "Microsoft",
                "Signing cannot be switched on, and the keys cannot be changed.",
                "If the target does not exist yet, your DNS is not at fault.",
            ),
            required=False,
            source=_SEEN,
        ),
        _mail_server(
            "{domain_dashes}.mail.protection.outlook.com",
            "classic",
            "Compare it with the console: a domain with a hyphen in its name gets another host.",
        ),
        _mail_server("{mx_host}", "other", "Never smtp.office365.com, which receives no mail."),
        DMARC_REPORTS,
        DMARC,  # the same without an address for reports
        discovery("autodiscover", "autodiscover.outlook.com"),
    ),
    steps=(
        "Add the domain in the Microsoft 365 admin center and publish its TXT record if asked to.",
        "Choose a licensed mailbox and allow SMTP AUTH for it, with Set-CASMailbox "
        "-SmtpClientAuthenticationDisabled $false or in its settings.",
        "Check that neither security defaults nor Conditional Access block its sign-in.",
        "Copy the value of selector1 from the Defender portal, publish the records and switch "
        "signing on there.",
        "Enter the mailbox's user principal name and password, and its address as From.",
    ),
    pitfalls=(
        "There is no port 465; use 587 with STARTTLS.",
        "DKIM records that are published sign nothing until signing is switched on in Defender.",
        "The DKIM target belongs in a CNAME record; the same text in a TXT record does nothing.",
        "smtp.office365.com does not belong in an MX record, although some guides say so.",
        "The DKIM target of one domain cannot be guessed from that of another domain.",
        "Microsoft also accepts OAuth 2.0 (XOAUTH2); Relaydesk logs in with the password.",
    ),
    errors=(
        KnownError(
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
            "Tenant",
            "SMTP AUTH is off in the tenant.",
            "Allow it for this mailbox: Set-CASMailbox -SmtpClientAuthenticationDisabled $false, "
            "or in the settings of the mailbox.",
        ),
        KnownError(
            "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria",
            "Security defaults, Conditional Access or the end of Basic authentication forbid this "
            "login; a reply that basic authentication is disabled means the same.",
            "Exempt the account, or send through a relay, Azure Communication Services or High "
            "Volume Email.",
        ),
        KnownError(
            "550 5.7.30 Basic authentication is not supported for Client Submission",
            "Passwords have been retired for this tenant; only OAuth 2.0 is left.",
            "Send through another service, such as Azure Communication Services.",
        ),
        KnownError(
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            "From is not the address of the mailbox; 5.2.252 SendAsDenied means the same.",
            "Give the mailbox the permission Send As, or send from its own address.",
        ),
        KnownError(
            "432 4.3.2 Concurrent connections limit exceeded",
            "More than three connections were open at a time for the mailbox.",
            "Send one after another, and close connections that are no longer needed.",
        ),
    ),
    shapes=(
        expected(
            "microsoft365.username-shape",
            "username",
            ADDRESS,
            "The user name is the user principal name of the mailbox, with an @ and your domain.",
        ),
    ),
    sender_is_login=True,
    domain_connect=("secureserver.net/O365", "outlook.com/personalizedoutlookemail"),
    docs=_DOCS,
    activity=Source(
        "https://learn.microsoft.com/defender-office-365/message-trace-defender-portal",
        "2026-11",
        Confidence.MEDIUM,
        "Other pages name this one; it was not read itself.",
    ),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source(_TIMELINE, "2026-10"),
        Source(_DKIM_DOCS, "2026-10"),
        DOMAIN_CONNECT,
        NODEMAILER,
    ),
    compute=_computed,
)
