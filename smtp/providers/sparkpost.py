"""SparkPost: user name SMTP_Injection, an API key as password; US and EU are separate systems."""

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
    INBOUND,
    LABEL,
    NODEMAILER,
    PUBLIC_KEY,
    SELECTOR,
    TRACKING,
    dkim_key,
    expected,
    inbound,
    return_path,
    starttls,
    tracking,
)

_PORTS = starttls(587, 2525)
_DOCS = "https://support.sparkpost.com/docs/faq/smtp-connection-problems"
_MAIL_ZONES = {"us": "sparkpostmail.com", "eu": "eu.sparkpostmail.com"}
_LINK_ZONES = {"us": "spgo.io", "eu": "eu.spgo.io"}
_INBOUND_NOTE = (
    "All three records belong together. An enterprise account has a host of its own instead, and "
    "a bounce subdomain cannot receive mail as well."
)


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `mail_zone` and `link_zone`, the names under which the region's servers answer."""
    region = "eu" if values.get("region") == "eu" else "us"
    return {"mail_zone": _MAIL_ZONES[region], "link_zone": _LINK_ZONES[region]}


PROVIDER = Provider(
    slug="sparkpost",
    name="SparkPost (Bird)",
    summary="Bulk and transactional mail, now part of Bird; every sending domain is reviewed.",
    host="smtp.{mail_zone}",
    ports=_PORTS,
    recommended=_PORTS[0],
    aliases=("bird", "messagebird"),
    username="The word SMTP_Injection, for every account.",
    password=(  # noqa: S106 - the rule in words
        "An API key with the permission Send via SMTP. Not the account password, and not a key "
        "without that permission."
    ),
    sender="An address of a sending domain that is verified and approved, shown as ready to send.",
    sandbox=(
        "After the DNS check each sending domain is reviewed, which takes up to an hour. It needs "
        "an A or MX record and a live web site."
    ),
    limits=(
        Limit(
            "A new paid account: 1,000 messages in 24 hours, growing in the first week.",
            year="2021",
        ),
    ),
    inputs=(
        Input(
            name="region",
            label="Region",
            help="Where the account was opened. The console's address contains eu for Europe.",
            scope=Scope.SETTING,
            choices=("us", "eu"),
            labels={"us": "United States", "eu": "Europe"},
            default="us",
        ),
        replace(
            SELECTOR,
            help="The part before ._domainkey, such as scph0126: the letters scph, month and year.",
        ),
        PUBLIC_KEY,
        Input(
            name="bounce",
            label="Bounce domain",
            help=(
                "Only the part before your domain, such as bounces. "
                "Leave it empty if no bounce domain is set in the console."
            ),
            required=False,
            pattern=LABEL,
        ),
        replace(TRACKING, label="Tracking domain"),
        replace(INBOUND, label="Inbound domain"),
    ),
    recipe=(
        dkim_key(
            "{selector}",
            "v=DKIM1; k=rsa; h=sha256; p={public_key}",
            "SparkPost",
            "The domain is not verified and cannot send.",
            "A domain that is deleted and added again gets a new key.",
        ),
        replace(
            return_path("{bounce}", "{mail_zone}", "DMARC depends on DKIM alone."),
            required=False,
            note="Only for a subdomain; the domain itself cannot have a CNAME record.",
        ),
        DMARC,
        tracking("{link_zone}", "SparkPost", "Only a subdomain, never the domain itself."),
        inbound("rx1.{mail_zone}", "SparkPost", _INBOUND_NOTE),
        inbound("rx2.{mail_zone}", "SparkPost", _INBOUND_NOTE),
        inbound("rx3.{mail_zone}", "SparkPost", _INBOUND_NOTE),
    ),
    steps=(
        "Choose here the region in which the account was opened.",
        "In SparkPost add the sending domain and copy selector and key of its DKIM record here.",
        "Publish the records and let SparkPost verify the domain.",
        "Wait until the domain is shown as ready to send; a review comes after the DNS check.",
        "Create an API key with the permission Send via SMTP and enter it as the password.",
    ),
    pitfalls=(
        "US and EU accounts are separate: hosts, keys, domains and records of one are not valid "
        "in the other.",
        "Log in with AUTH LOGIN: AUTH PLAIN may be refused.",
        "There is no port 465; both ports need STARTTLS.",
        "An account may use one organisational domain, with its subdomains.",
        "A domain without A and MX record, or without a web site, is not approved.",
        "No SPF record is needed at the domain: receivers check SPF at the bounce domain. The "
        "include of _spf.sparkpostmail.com only satisfies old tools that test Sender ID.",
    ),
    errors=(
        KnownError(
            "535 5.7.8 Sorry. *** No authentication type succeeded",
            "The key may not send via SMTP, or the user name is not SMTP_Injection.",
            "Use SMTP_Injection as user name and a key with the permission Send via SMTP.",
        ),
        KnownError(
            "550 5.7.1 Unconfigured Sending Domain",
            "The domain of the From address is not among the account's sending domains.",
            "Add and verify exactly that domain in the account of this region.",
        ),
        KnownError(
            "550 5.7.1 relaying denied",
            "The connection was not encrypted, or the program did not log in.",
            "Use STARTTLS and log in with AUTH LOGIN.",
        ),
        KnownError(
            "550 5.6.0 JSON parsing error in X-MSYS-API",
            "The content of that header is no valid JSON.",
            "Repair the JSON, or leave the header out.",
        ),
    ),
    headers=("X-MSYS-API",),
    shapes=(
        expected(
            "sparkpost.password-shape",
            "password",
            r"[0-9a-f]{40}",
            (
                "An API key has 40 hexadecimal digits. Check that it was copied whole and is not "
                "the account password."
            ),
        ),
    ),
    fixed_username="SMTP_Injection",
    unneeded=("include:_spf.sparkpostmail.com", "include:_spf.eu.sparkpostmail.com"),
    domain_connect=("bird.com/sparkpost-email",),
    mechanism="LOGIN",
    docs=_DOCS,
    suppressions=Source(
        "https://developers.sparkpost.com/api/suppression-list",
        "2026-11",
        Confidence.MEDIUM,
        "Other pages name this one; it was not read itself.",
    ),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://github.com/SparkPost/support-docs", "2026-10"),
        Source("https://developers.sparkpost.com/api/smtp/", "2026-10"),
        Source("https://developers.sparkpost.com/api/sending-domains/", "2026-10"),
        DOMAIN_CONNECT,
        NODEMAILER,
    ),
    compute=_computed,
)
