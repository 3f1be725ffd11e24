"""SMTP2GO: an SMTP user of its own, many ports, and records that share one number."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
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
    DOMAIN_CONNECT,
    NODEMAILER,
    TRACKING,
    dkim_alias,
    never,
    return_path,
    starttls,
    tls,
    tracking,
)

_DOCS = "https://support.smtp2go.com/hc/en-gb/articles/223087827"
_HOSTS = {"any": "mail", "us": "mail-us", "eu": "mail-eu", "eu2": "mail-eu2", "au": "mail-au"}
_NOT_VERIFIED = "The sender domain is not verified, and its mail is refused."
_COMMON_KNOWLEDGE = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "The numbers are common knowledge; no page of SMTP2GO's was found that names them.",
)


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `label`, the first part of the host for the place where mail is taken in."""
    return {"label": _HOSTS.get(values.get("region", ""), "mail")}


PROVIDER = Provider(
    slug="smtp2go",
    name="SMTP2GO",
    summary="A relay for transactional mail with ports that hardly any network blocks.",
    host="{label}.smtp2go.com",
    ports=(*starttls(2525, 587, 8025, 80, 25), *tls(465, 8465, 443)),
    recommended=starttls(2525)[0],
    aliases=("smtp-2-go", "smtptogo"),
    username="The name of an SMTP user created in the dashboard; you choose it there.",
    password=(  # noqa: S106 - the rule in words
        "The password of that SMTP user. Not the password of the dashboard, and not an API key, "
        "which begins with api-."
    ),
    sender="An address of a verified sender domain, or a single verified address.",
    sandbox="New accounts are reviewed, and mail from unverified senders is refused.",
    limits=(
        Limit(
            "Free plan: 200 messages a day, 1,000 a month.", year="2025", source=_COMMON_KNOWLEDGE
        ),
    ),
    inputs=(
        Input(
            name="region",
            label="Servers",
            help="Where mail is handed over. Login and DNS records are the same everywhere.",
            scope=Scope.SETTING,
            choices=tuple(_HOSTS),
            labels={
                "any": "The nearest",
                "us": "United States",
                "eu": "European Union and United Kingdom",
                "eu2": "European Union only",
                "au": "Australia",
            },
            default="any",
        ),
        Input(
            name="number",
            label="Number of the records",
            help="Only the digits, such as 123456 of em123456 and s123456._domainkey.",
            pattern=r"[0-9]{1,20}",
        ),
        replace(
            TRACKING,
            help=(
                "Only the part before your domain; SMTP2GO suggests link. "
                "Leave it empty without own tracking."
            ),
        ),
    ),
    recipe=(
        return_path("em{number}", "return.smtp2go.net", _NOT_VERIFIED),
        dkim_alias("s{number}", "dkim.smtp2go.net", "SMTP2GO", _NOT_VERIFIED),
        DMARC,
        tracking("track.smtp2go.net", "SMTP2GO"),
    ),
    steps=(
        "In SMTP2GO add the domain as a sender domain among the verified senders.",
        "Enter the number that stands in the names of its records here; em and s share it.",
        "Publish the records and let SMTP2GO verify the domain.",
        "Create an SMTP user and enter its name and password here.",
        "Use port 2525, or another one of the list if the network blocks it.",
    ),
    pitfalls=(
        "The numbers behind em and s are the same: a typo in one leaves a half verified domain.",
        "The dashboard login and API keys do not work over SMTP; only an SMTP user does.",
        "No SPF record is needed at the domain: the em record answers for SPF. "
        "include:spf.smtp2go.com and include:smtp2go.net only cost look-ups.",
        "The server also accepts unencrypted connections; never send a password that way.",
    ),
    errors=(
        KnownError(
            "535 Incorrect authentication data",
            "The password of the dashboard or an API key is used.",
            "Create an SMTP user and use its name and password.",
        ),
        KnownError(
            "550 that sender domain is not verified",
            "The domain of the From address is not among the verified senders.",
            "Verify the domain, or use an address of one that is verified.",
        ),
        KnownError(
            "550 sender address unverified",
            "Neither the From address nor its domain is among the verified senders.",
            "Verify the domain, or the single address.",
        ),
    ),
    shapes=(
        never(
            "smtp2go.password-is-api-key",
            "password",
            r"api-[0-9a-f]{32}",
            "This is an API key. Enter the password of an SMTP user created in the dashboard.",
        ),
    ),
    tls_mandatory=False,
    unneeded=("include:spf.smtp2go.com", "include:smtp2go.net"),
    domain_connect=("goentri.com/smtp2go",),
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://developers.smtp2go.com/docs/smtp-relay", "2026-10"),
        DOMAIN_CONNECT,
        NODEMAILER,
    ),
    compute=_computed,
)
