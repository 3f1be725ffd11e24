"""Mailgun, region US: a login for each sending domain, which is the return path as well."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Input,
    KnownError,
    Limit,
    Lint,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    ADDRESS,
    DMARC,
    FUSIONAUTH,
    HOST,
    PUBLIC_KEY,
    SELECTOR,
    TRACKING,
    dkim_alias,
    dkim_key,
    expected,
    may_receive,
    never,
    spf,
    starttls,
    tls,
    tracking,
)

_DOCS = "https://documentation.mailgun.com/docs/mailgun/user-manual"
_AUTOMATIC = {"dkim": ("automatic_sender_security",)}
_MANUAL = {"dkim": ("manual_dkim",)}
_LOGIN_CAUSE = (
    "The host is that of the other region, the password is an API key, or the login belongs to "
    "another domain."
)
_NOT_SIGNED = "The domain is not verified, and its mail is not signed."
_OWN_SUBDOMAIN = "Only on a subdomain of its own, never where another service receives the mail."
_LOGIN_FIX = "Use the SMTP credentials of the sending domain and the host of its region."


def records(zone: str, include: str) -> tuple[RecordTemplate, ...]:
    """Return the recipe of a region: `zone` holds its hosts, `include` is what SPF names."""
    return (
        replace(
            spf(f"include:{include}", "Mailgun"),
            without="The domain is not verified, and SPF fails.",
            note=(
                "At the sending domain itself, which is the return path as well. If there is an "
                "SPF record already, put the include into that one."
            ),
        ),
        replace(
            dkim_key("{selector}", "k=rsa; p={public_key}", "Mailgun", _NOT_SIGNED),
            note="The value usually begins with k=rsa; a tag v=DKIM1 is not needed.",
            when=_MANUAL,
        ),
        _alias("pdk1"),
        _alias("pdk2"),
        may_receive(f"mxa.{zone}", 10, "Mailgun", _OWN_SUBDOMAIN),
        may_receive(f"mxb.{zone}", 10, "Mailgun", _OWN_SUBDOMAIN),
        tracking(zone, "Mailgun", "Needed to track clicks, opens and unsubscribes."),
        DMARC,
    )


def _alias(selector: str) -> RecordTemplate:
    target = f"{selector}._domainkey.{{target}}"
    return replace(dkim_alias(selector, target, "Mailgun", _NOT_SIGNED), when=_AUTOMATIC)


def _check(values: Mapping[str, str]) -> list[Lint]:
    _, at, login = values.get("username", "").strip().lower().rpartition("@")
    sender = values.get("from_address", "").strip().lower().rpartition("@")[2]
    # Names that share their last two labels are taken to be of one organisation.
    if not at or not sender or login.split(".")[-2:] == sender.split(".")[-2:]:
        return []
    message = (
        f"With this login, return path and signature belong to {login}. "
        f"Use an address of {login}, or DMARC fails for {sender}."
    )
    return [Lint("mailgun.from-other-domain", "from_address", message)]


PROVIDER = Provider(
    slug="mailgun",
    name="Mailgun (US region)",
    summary="Transactional mail for developers; this page is for domains in the US region.",
    host="smtp.mailgun.org",
    ports=(*starttls(587, 2525, 25), *tls(465)),
    recommended=starttls(587)[0],
    aliases=("sinch-mailgun", "mailgun-us"),
    username=(
        "A login of the sending domain, created under SMTP credentials, such as "
        "postmaster@mg.example.com."
    ),
    password=(  # noqa: S106 - the rule in words
        "The SMTP password of that login, shown once after “Reset password”. Not the account "
        "password and not an API key."
    ),
    sender=(
        "Any address is accepted, but the return path is always the login's domain. Use an address "
        "of that domain, or of the domain above it, so that DMARC passes."
    ),
    sandbox=(
        "The account's sandbox domain sends only to five authorised recipients at most, who must "
        "first accept an invitation."
    ),
    limits=(
        Limit("Free plan: 100 messages a day.", year="2025"),
        Limit("A domain that is not verified: 300 messages a day.", year="2024"),
        Limit("Each message: 25 MB.", year="2024"),
    ),
    inputs=(
        Input(
            name="dkim",
            label="Automatic sender security",
            help="If it is on, the console shows two CNAME records for DKIM; if off, a TXT record.",
            choices=("automatic_sender_security", "manual_dkim"),
            labels={
                "automatic_sender_security": "On (CNAME records)",
                "manual_dkim": "Off (a key in a TXT record)",
            },
            default="automatic_sender_security",
        ),
        Input(
            name="target",
            label="DKIM target",
            help=(
                "What follows pdk1._domainkey. in the value of the CNAME record, "
                "such as 9d876.dkim1.mailgun.com."
            ),
            pattern=HOST,
            when=_AUTOMATIC,
        ),
        replace(SELECTOR, when=_MANUAL),
        replace(PUBLIC_KEY, when=_MANUAL),
        replace(
            TRACKING,
            help=(
                "Only the part before your domain; Mailgun suggests email. "
                "Leave it empty without tracking."
            ),
        ),
    ),
    recipe=records("mailgun.org", "mailgun.org"),
    steps=(
        "In Mailgun choose the region and add a sending domain, preferably a subdomain such as mg.",
        "Choose here whether automatic sender security is on, and copy the DKIM target or key.",
        "Publish the records at the sending domain and let Mailgun check them.",
        "Open the domain's SMTP credentials, reset the password and copy it: it is shown once.",
        "Use the host of the region in which the domain was made.",
    ),
    pitfalls=(
        "The regions US and EU are separate: a login of one fails at the host of the other.",
        "SMTP credentials belong to one domain, not to the account.",
        "The records belong to the sending domain, such as mg.example.com, not to example.com.",
        "If the sending domain has an SPF record already, extend that; never publish a second one.",
    ),
    errors=(
        KnownError(
            "421 Domain example.com is not allowed to send: Free accounts are for test purposes "
            "only",
            "A sandbox domain or a free account wrote to a recipient who is not authorised.",
            "Add the recipient to the authorised ones, or change to a paid plan.",
        ),
        KnownError(
            "535 5.7.0 Mailgun is not loving your login or password", _LOGIN_CAUSE, _LOGIN_FIX
        ),
        KnownError("535 Authentication failed", _LOGIN_CAUSE, _LOGIN_FIX),
    ),
    headers=(
        *("X-Mailgun-Tag", "X-Mailgun-Track", "X-Mailgun-Track-Clicks"),
        *("X-Mailgun-Drop-Message", "X-Mailgun-Dkim", "X-Mailgun-Variables"),
    ),
    shapes=(
        expected(
            "mailgun.username-shape",
            "username",
            ADDRESS,
            "A login of Mailgun looks like an address, such as postmaster@mg.example.com.",
        ),
        never(
            "mailgun.password-api-key",
            "password",
            r"key-.*",
            (
                "This is an API key, which is refused over SMTP. "
                "Use the SMTP password of the sending domain's login."
            ),
        ),
    ),
    docs=f"{_DOCS}/sending-messages/send-smtp",
    suppressions=Source("https://help.mailgun.com/hc/en-us/articles/360012287493", "2026-11"),
    source=Source(f"{_DOCS}/sending-messages/send-smtp", "2026-10"),
    further_sources=(
        Source(f"{_DOCS}/domains/domains-verify", "2026-10"),
        Source(f"{_DOCS}/domains/dkim_security", "2026-10"),
        Source("https://spreecommerce.org/docs/integrations/email/mailgun", "2026-10"),
        FUSIONAUTH,
    ),
    check=_check,
)
