"""SendGrid: user name apikey, an API key as password; three CNAME records, or others by hand."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
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
    DOMAIN_CONNECT,
    FUSIONAUTH,
    INBOUND,
    PUBLIC_KEY,
    RETURN_PATH,
    SELECTOR,
    TRACKING,
    dkim_alias,
    dkim_key,
    expected,
    inbound,
    return_path,
    spf,
    starttls,
    tls,
    tracking,
)

_DOCS = (
    "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/"
    "how-to-set-up-domain-authentication"
)
_ZONES = {"global": "sendgrid.net", "eu": "eu.sendgrid.net"}
_AUTOMATED = {"shape": ("automated_security",)}
_MANUAL = {"shape": ("manual_security",)}
_NOT_VERIFIED = "The domain is not authenticated; only verified single senders can send."


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `zone`, that of the region, and `selector2`, which goes with the first selector."""
    first = values.get("selector") or "s1"
    return {
        "zone": _ZONES.get(values.get("region", ""), "sendgrid.net"),
        "selector2": "s2" if first == "s1" else f"{first}2",
    }


def _alias(selector: str) -> RecordTemplate:
    label = f"{{{selector}}}"
    alias = dkim_alias(label, f"{label}.domainkey.{{target}}", "SendGrid", _NOT_VERIFIED)
    return replace(alias, when=_AUTOMATED)


PROVIDER = Provider(
    slug="sendgrid",
    name="Twilio SendGrid",
    summary="Transactional and marketing mail of any volume, part of Twilio.",
    host="smtp.{zone}",
    ports=(*starttls(587, 2525, 25), *tls(465)),
    recommended=starttls(587)[0],
    aliases=("twilio", "twilio-sendgrid", "send grid"),
    username="The word apikey, for every account.",
    password=(  # noqa: S106 - the rule in words
        "An API key with the permission Mail Send: 69 characters that begin with SG. Not the "
        "account's password and not the ID of the key."
    ),
    sender=(
        "A verified single sender, or any address of an authenticated domain. A subdomain is "
        "authenticated on its own."
    ),
    sandbox=(
        "Nothing is sent before a sender is verified, and new accounts are often held back until "
        "SendGrid has reviewed them."
    ),
    limits=(
        Limit("Trial: 100 messages a day.", year="2025"),
        Limit("5,000 messages in each connection, 10,000 connections at a time.", year="2021"),
    ),
    inputs=(
        Input(
            name="region",
            label="Region",
            help="The EU host is for regional sub-users only, with an API key of that sub-user.",
            scope=Scope.SETTING,
            choices=("global", "eu"),
            labels={"global": "Global", "eu": "European Union"},
            default="global",
        ),
        Input(
            name="shape",
            label="Automated security",
            help="If on, the console shows three CNAME records; if off, one MX and two TXT.",
            choices=("automated_security", "manual_security"),
            labels={
                "automated_security": "On (CNAME records)",
                "manual_security": "Off (MX and TXT records)",
            },
            default="automated_security",
        ),
        replace(
            RETURN_PATH,
            help="Only the part before your domain: em and a number, or a label of your own.",
            required=True,
        ),
        Input(
            name="target",
            label="Target of the return path",
            help=(
                "The value of the CNAME record at that name, such as u1234567.wl123.sendgrid.net."
            ),
            pattern=r"u[0-9]+\.wl[0-9]*\.(?:[A-Za-z0-9-]+\.)?sendgrid\.net",
            when=_AUTOMATED,
        ),
        replace(
            SELECTOR,
            label="DKIM selector",
            help="The first one; it is s1 unless you chose a custom selector.",
            default="s1",
            when=_AUTOMATED,
        ),
        replace(PUBLIC_KEY, when=_MANUAL),
        Input(
            name="include",
            label="Include in the SPF record",
            help="The name after include: in the TXT record; older accounts have one of their own.",
            default="sendgrid.net",
            pattern=r"(?:u[0-9]+\.wl[0-9]*\.)?sendgrid\.net",
            when=_MANUAL,
        ),
        replace(
            TRACKING,
            label="Link branding subdomain",
            help=(
                "Only the part before your domain: url and a number, or a label of your own. "
                "Leave it empty without link branding."
            ),
        ),
        Input(
            name="uid",
            label="Link branding number",
            help="The name of the second link branding record, a number, without your domain.",
            required=False,
            pattern=r"[0-9]+",
        ),
        INBOUND,
    ),
    recipe=(
        replace(
            return_path("{return_path}", "{target}", _NOT_VERIFIED),
            why="Brings bounces back to SendGrid and answers for SPF.",
            note="No other record may stand at this name.",
            when=_AUTOMATED,
        ),
        _alias("selector"),
        _alias("selector2"),
        RecordTemplate(
            purpose=Purpose.RETURN_PATH,
            type="MX",
            host="{return_path}",
            value="mx.sendgrid.net",
            match=Match.MX_ONLY,
            priority=10,
            why="Brings bounces back to SendGrid. It must be the only MX record at this name.",
            without=_NOT_VERIFIED,
            note="As it stands alone, its priority does not matter.",
            when=_MANUAL,
        ),
        replace(
            spf("include:{include}", "SendGrid"),
            host="{return_path}",
            why="Lets SendGrid send with a return path under your own domain.",
            without=_NOT_VERIFIED,
            note="It belongs on this subdomain; at the domain itself it has no effect.",
            when=_MANUAL,
        ),
        replace(
            dkim_key("m1", "k=rsa; t=s; p={public_key}", "SendGrid", _NOT_VERIFIED),
            note="t=s: the signature counts for this very domain, not for subdomains.",
            when=_MANUAL,
        ),
        DMARC,
        tracking("{zone}", "SendGrid", "Link branding has a second record, named by a number."),
        replace(
            tracking("{zone}", "SendGrid", "The second record of link branding."), host="{uid}"
        ),
        inbound("mx.sendgrid.net", "SendGrid", "For Inbound Parse only."),
    ),
    steps=(
        "In SendGrid authenticate the domain under Sender Authentication; leave automated "
        "security on if your DNS host accepts names with an underscore in CNAME records.",
        "Copy the name and the target of the return path here and publish the records shown.",
        "Let SendGrid verify them; that may take up to 48 hours.",
        "Create an API key with the permission Mail Send and copy it: it is shown once.",
        "Enter apikey as user name and the key as password.",
    ),
    pitfalls=(
        "GoDaddy, Route 53 and Namecheap append the domain: there enter em123, because "
        "em123.example.com would become em123.example.com.example.com.",
        "A TXT or MX record at the return-path name keeps the CNAME from being published.",
        "include:sendgrid.net at the domain itself does nothing: the return path is a subdomain.",
        "The targets of another account or sub-user look alike but do not work.",
        "The targets of EU sub-users were not seen; if the console shows others than this page, "
        "follow the console.",
    ),
    errors=(
        KnownError(
            "535 Authentication failed: Bad username / password",
            "The user name is not the word apikey.",
            "Use apikey as user name and the API key as password.",
        ),
        KnownError(
            "535 Authentication failed: The provided authorization grant is invalid, expired, or "
            "revoked",
            "The API key was revoked, or it lacks the permission Mail Send.",
            "Create a new key with Mail Send.",
        ),
        KnownError(
            "550 The from address does not match a verified Sender Identity",
            "The From address is not verified.",
            "Authenticate its domain, or verify the address as a single sender.",
        ),
        KnownError(
            "550 Unauthenticated senders not allowed",
            "The program sent without logging in.",
            "Switch authentication on.",
        ),
        KnownError(
            "451 Authentication failed: Maximum credits exceeded",
            "All messages of the plan are used up.",
            "Change to a larger plan, or wait until the plan's next period begins.",
        ),
    ),
    headers=("X-SMTPAPI",),
    shapes=(
        expected(
            "sendgrid.password-shape",
            "password",
            r"SG\..{66}",
            (
                "A SendGrid API key has 69 characters and begins with SG. The shorter ID of the "
                "key and the account's password do not work."
            ),
        ),
    ),
    fixed_username="apikey",
    domain_connect=("sendgrid.com/domain-auth", "sendgrid.com/domain-auth-manual"),
    docs=_DOCS,
    activity=Source(
        "https://www.twilio.com/docs/sendgrid/ui/analytics-and-reporting/email-activity-feed",
        "2026-11",
        Confidence.MEDIUM,
        "Other pages name this one; it was not read itself.",
    ),
    suppressions=Source(
        "https://www.twilio.com/docs/sendgrid/ui/sending-email/index-suppressions",
        "2026-11",
        Confidence.MEDIUM,
        "Other pages name this one; it was not read itself.",
    ),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://github.com/sendgrid/docs", "2026-10"),
        DOMAIN_CONNECT,
        FUSIONAUTH,
        Source(
            "https://github.com/symfony/symfony",
            "2026-10",
            Confidence.LOW,
            "The EU host is that of Symfony's mailer; the EU targets were not seen.",
        ),
    ),
    compute=_computed,
)
