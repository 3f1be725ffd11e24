"""Microsoft 365: SMTP AUTH is off until allowed for a mailbox, and passwords are being retired."""

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
    Source,
)
from smtp.providers.parts import DMARC, DMARC_REPORTS, HOST, RUA, expected, inbound, starttls

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
_SPF = "include:spf.protection.outlook.com"
_SEEN = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "In some tenants this target was seen to be missing until the keys were first changed.",
)


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `target2`, the second DKIM target, which differs from the first in the selector."""
    return {"target2": values.get("target", "").replace("selector1-", "selector2-", 1)}


def _mail_server(host: str, choice: str, note: str) -> RecordTemplate:
    return replace(
        inbound(host, "Microsoft 365", note),
        host="@",
        priority=0,
        optional=True,
        when={"mx": (choice,)},
    )


PROVIDER = Provider(
    slug="microsoft365",
    name="Microsoft 365",
    summary="A mailbox of Exchange Online (Office 365), used for sending: client submission.",
    host="smtp.office365.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("office365", "outlook365", "m365", "o365", "exchange-online", "microsoft"),
    notice=(
        "Microsoft is retiring passwords for SMTP (Basic authentication). From the end of December "
        "2026 they are off by default, and an administrator has to allow them again; tenants made "
        "after that do not have them by default. The last day is to be announced in the second "
        "half of 2027."
    ),
    username="The user principal name of a licensed mailbox, which looks like its address.",
    password=(  # noqa: S106 - the rule in words
        "The password of the mailbox, or an app password where multi-factor sign-in is set for "
        "each user. Not that of an account which security defaults or Conditional Access keep "
        "from signing in this way."
    ),
    sender="The address of the mailbox, or one for which it has the permission Send As.",
    sandbox="None, but SMTP AUTH is off in most tenants and must be allowed for the mailbox.",
    limits=(
        Limit("30 messages a minute for each mailbox.", year="2026"),
        Limit("10,000 recipients a day for each mailbox.", year="2026"),
        Limit("3 connections at a time for each mailbox.", year="2026"),
    ),
    inputs=(
        Input(
            name="number",
            label="Verification number",
            help=(
                "The digits after MS=ms in the record shown while you add the domain. "
                "Leave it empty if Microsoft 365 has verified the domain already."
            ),
            required=False,
            pattern=r"\d+",
        ),
        Input(
            name="target",
            label="DKIM target of selector1",
            help=(
                "What the Defender portal shows for selector1._domainkey to point to. It begins "
                "with selector1- and differs with each domain. Empty means no DKIM with your "
                "domain."
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
            label="Mail server",
            help=(
                "The host the console shows for MX. It is an unusual one for domains with a hyphen "
                "and, under mx.microsoft, for those with DNSSEC and DANE."
            ),
            pattern=HOST,
            when={"mx": ("other",)},
        ),
        RUA,
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="@",
            value="MS=ms{number}",
            match=Match.EXACT,
            why="Proves to Microsoft that the domain is yours.",
            without="The domain cannot be added to the tenant.",
            note="Needed only while the domain is being added; empty the number here afterwards.",
        ),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value=f"v=spf1 {_SPF} -all",
            match=Match.SPF,
            mechanisms=(_SPF,),
            why="Lets Exchange Online send for the domain.",
            without="SPF fails for your mail, and receivers may refuse it or treat it as spam.",
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="CNAME",
            host="selector1._domainkey",
            value="{target}",
            match=Match.CNAME,
            required=False,
            why="One of two aliases to the keys Microsoft signs with.",
            without="Mail is signed as onmicrosoft.com alone, and DMARC rests on SPF.",
            note=(
                "Older domains point into onmicrosoft.com, those added since 2025 into "
                "dkim.mail.microsoft. Once both aliases stand, switch signing on in Defender."
            ),
            source=Source(_DKIM_DOCS, "2026-10"),
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="CNAME",
            host="selector2._domainkey",
            value="{target2}",
            match=Match.CNAME,
            required=False,
            why="The other alias; Microsoft takes turns with the two when it changes keys.",
            without="Signing cannot be switched on, and the keys cannot be changed.",
            note="A target that does not exist yet is no fault of your zone.",
            source=_SEEN,
        ),
        _mail_server(
            "{domain_dashes}.mail.protection.outlook.com",
            "classic",
            "Compare it with the console: a domain that has a hyphen itself gets another host.",
        ),
        _mail_server("{mx_host}", "other", "Never smtp.office365.com, which receives no mail."),
        DMARC_REPORTS,
        DMARC,  # the same without an address for reports
        RecordTemplate(
            purpose=Purpose.CLIENT,
            type="CNAME",
            host="autodiscover",
            value="autodiscover.outlook.com",
            match=Match.CNAME,
            required=False,
            optional=True,
            why="Lets Outlook find its settings by the address alone.",
            without="Mail programs have to be set up by hand; sending from here is not affected.",
        ),
    ),
    steps=(
        "Add the domain in the Microsoft 365 admin center and publish its TXT record if asked to.",
        "Choose a licensed mailbox and allow SMTP AUTH for it, with Set-CASMailbox "
        "-SmtpClientAuthenticationDisabled $false or in its settings.",
        "See that neither security defaults nor Conditional Access block its sign-in.",
        "Copy the DKIM target of selector1 from the Defender portal, publish the records and "
        "switch signing on there.",
        "Enter the mailbox's user principal name and password, and its address as From.",
    ),
    pitfalls=(
        "There is no port 465; use 587 with STARTTLS.",
        "DKIM aliases that are published sign nothing until signing is switched on in Defender.",
        "The DKIM target belongs into a CNAME record; the same text in a TXT record does nothing.",
        "smtp.office365.com is no mail server for MX records, although some guides say so.",
        "The DKIM target of one domain cannot be guessed from that of another in the same tenant.",
        "The service also takes OAuth 2.0 (XOAUTH2); Relaydesk logs in with the password.",
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
            r"[^@\s]+@[^@\s]+",
            "The user name is the user principal name of the mailbox, with an @ and your domain.",
        ),
    ),
    sender_is_login=True,
    domain_connect=("secureserver.net/O365", "outlook.com/personalizedoutlookemail"),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source(_TIMELINE, "2026-10"),
        Source(_DKIM_DOCS, "2026-10"),
        Source("https://github.com/Domain-Connect/Templates", "2026-10"),
        Source(
            "https://github.com/nodemailer/nodemailer/blob/master/lib/well-known/services.json",
            "2026-10",
        ),
    ),
    compute=_computed,
)
