"""Mailtrap: user name api, an API token as password; each message stream has its own host."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Confidence,
    Input,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Scope,
    Shape,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    DOMAIN_CONNECT,
    LABEL,
    NODEMAILER,
    dkim_alias,
    starttls,
    tls,
    tracking,
)

_PORTS = (*starttls(587, 2525, 25), *tls(465))
_DOCS = "https://docs.mailtrap.io/getting-started/email-api-smtp"
_NOT_VERIFIED = "The domain is not verified and cannot send."
_LABELS = {"transactional": "live", "bulk": "bulk"}


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `label`, the first part of the host for the kind of message stream."""
    return {"label": _LABELS.get(values.get("stream", ""), "live")}


def _alias(selector: str) -> RecordTemplate:
    return dkim_alias(selector, f"{selector}.dkim.smtp.mailtrap.live", "Mailtrap", _NOT_VERIFIED)


PROVIDER = Provider(
    slug="mailtrap",
    name="Mailtrap Email Sending",
    summary="Transactional and bulk mail in separate streams, from the makers of the test inbox.",
    host="{label}.smtp.mailtrap.io",
    ports=_PORTS,
    recommended=_PORTS[0],
    aliases=("mailtrap.io", "mailtrap live"),
    username=(
        "The word api, for every account. Some pages of Mailtrap show smtp@mailtrap.io instead; "
        "enter api all the same."
    ),
    password=(  # noqa: S106 - the rule in words
        "An API token with access to the sending domain. Not the account password, and not the "
        "password of a sandbox."
    ),
    sender="Any address of exactly the domain that is verified and approved.",
    sandbox=(
        "The demo domain sends only to the owner of the account. A domain of your own sends once "
        "its records are verified and Mailtrap has approved what you send."
    ),
    limits=(
        Limit(
            "Free plan: 150 messages a day, 3,500 to 4,000 a month.",
            source=Source(
                "",
                "2026-10",
                Confidence.LOW,
                "The numbers differ between sources; Mailtrap's price list says what holds.",
            ),
        ),
    ),
    inputs=(
        Input(
            name="stream",
            label="Message stream",
            help="Bulk is for newsletters and other mail to many people at once.",
            scope=Scope.SETTING,
            choices=("transactional", "bulk"),
            labels={"transactional": "Transactional", "bulk": "Bulk"},
            default="transactional",
        ),
        Input(
            name="token",
            label="Domain verification name",
            help=(
                "The part before your domain in the CNAME record that leads to "
                "smtp.mailtrap.live, such as mt18. Older domains have 16 letters and digits."
            ),
            pattern=LABEL,
        ),
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="CNAME",
            host="{token}",
            value="smtp.mailtrap.live",
            match=Match.CNAME,
            why="Proves that the domain is yours, and is the return path that answers for SPF.",
            without=_NOT_VERIFIED,
        ),
        _alias("rwmt1"),
        _alias("rwmt2"),
        replace(
            DMARC,
            value=(
                "v=DMARC1; p=none; rua=mailto:dmarc@smtp.mailtrap.live; "
                "ruf=mailto:dmarc@smtp.mailtrap.live; rf=afrf; pct=100"
            ),
            required=True,
            without=_NOT_VERIFIED,
            note=(
                "If the domain already has a policy, keep it, with your own report addresses. The "
                "tags rf and pct are obsolete (RFC 9989), and newer domains are shown "
                "dmarc@smtp-staging.mailtrap.net instead."
            ),
        ),
        replace(tracking("t.mailtrap.live", "Mailtrap"), host="mt-link"),
    ),
    steps=(
        "In Mailtrap add the domain under Sending Domains: exactly the one after the @ of the From "
        "address.",
        "Copy the domain verification name here, publish the records and let Mailtrap verify them.",
        "Answer the questions about what you send, if Mailtrap asks, and wait for the approval.",
        "Open the domain's Integrations, choose the stream and SMTP, and copy the token.",
        "Choose the same stream here, with api as user name and the token as password.",
    ),
    pitfalls=(
        "The user name is the word api, not an e-mail address.",
        "The login of a sandbox is refused here, and an API token is refused at the sandbox host.",
        "Each subdomain that sends is a domain of its own, with records of its own.",
        "Do not replace an existing DMARC record: your own report addresses would be lost.",
        "No SPF include is needed at the domain; only older sets had "
        "include:_spf.smtp.mailtrap.live.",
    ),
    shapes=(
        Shape(
            "mailtrap.password-of-sandbox",
            "password",
            r"[0-9a-f]{14}",
            (
                "This looks like the password of a sandbox, which is refused here. Use an API "
                "token with access to the sending domain."
            ),
            wanted=False,
        ),
    ),
    fixed_username="api",
    unneeded=("include:_spf.smtp.mailtrap.live",),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://docs.mailtrap.io/email-api-smtp/setup/smtp-integration", "2026-10"),
        DOMAIN_CONNECT,
        NODEMAILER,
    ),
    compute=_computed,
)
