"""MailerSend: an SMTP user made for a domain sends for every verified domain of the account."""

from dataclasses import replace

from smtp.providers.base import (
    Confidence,
    Input,
    KnownError,
    Limit,
    Provider,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    DOMAIN_CONNECT,
    FUSIONAUTH,
    INBOUND,
    RETURN_PATH,
    TRACKING,
    dkim_alias,
    expected,
    inbound,
    never,
    return_path,
    spf,
    starttls,
    tracking,
)

_DOCS = "https://www.mailersend.com/help/smtp-relay"
_PORTS = starttls(587, 2525)
_SEEN = Source(
    "",
    "2026-09",
    Confidence.MEDIUM,
    "Seen in public zones of customers; no page of MailerSend's was found that describes it.",
)


_NOT_VERIFIED = "The domain is not verified and cannot send."


def _alias(selector: str, *shapes: str, source: Source | None = None) -> RecordTemplate:
    target = f"{selector}._domainkey.mailersend.net"
    alias = dkim_alias(selector, target, "MailerSend", _NOT_VERIFIED)
    return replace(alias, when={"dkim": shapes}, source=source)


PROVIDER = Provider(
    slug="mailersend",
    name="MailerSend",
    summary="Transactional mail from the makers of MailerLite.",
    host="smtp.mailersend.net",
    ports=_PORTS,
    recommended=_PORTS[0],
    aliases=("mailer send", "mlsend"),
    username=(
        "The generated name of an SMTP user, such as MS_a1b2c3@example.com. It cannot be changed "
        "and is good for every verified domain of the account."
    ),
    password=(  # noqa: S106 - the rule in words
        "The password made with that SMTP user; it can be reset. Not an API token and not the "
        "account password."
    ),
    sender=(
        "Any address of a verified domain, or of the trial domain. The user name looks like an "
        "address but is not meant as one."
    ),
    sandbox=(
        "A trial domain comes with the account. Until the account is approved, it may write to a "
        "few recipients only."
    ),
    limits=(
        Limit("Trial domain: a small number of recipients and messages.", year="2026"),
        Limit(
            "There are limits for each connection and each minute as well.",
            year="2026",
            source=Source(
                _DOCS,
                "2026-10",
                Confidence.MEDIUM,
                "The numbers were not checked; MailerSend's help page on SMTP has them.",
            ),
        ),
    ),
    inputs=(
        Input(
            name="dkim",
            label="DKIM records the console shows",
            help="New domains get ms1 and ms2. Older ones have mlsend2, or all three.",
            choices=("ms", "mlsend2", "both"),
            labels={
                "ms": "CNAME at ms1 and ms2",
                "mlsend2": "CNAME at mlsend2 (older domains)",
                "both": "CNAME at ms1, ms2 and mlsend2",
            },
            default="ms",
        ),
        replace(
            RETURN_PATH,
            help="Only the part before your domain. MailerSend suggests mta.",
            required=True,
            default="mta",
        ),
        replace(
            TRACKING,
            label="Custom tracking subdomain",
            help=(
                "Only the part before your domain; MailerSend suggests email. "
                "Leave it empty without own tracking."
            ),
        ),
        INBOUND,
    ),
    recipe=(
        replace(
            spf("include:_spf.mailersend.net", "MailerSend"),
            without=_NOT_VERIFIED,
            note=(
                "If the domain already has an SPF record, put the include into that one. GoDaddy "
                "may put an include of its own in its place, with this one inside."
            ),
        ),
        _alias("ms1", "ms", "both", source=_SEEN),
        _alias("ms2", "ms", "both", source=_SEEN),
        _alias("mlsend2", "mlsend2", "both"),
        return_path("{return_path}", "mailersend.net", _NOT_VERIFIED),
        tracking("links.mailersend.net", "MailerSend"),
        DMARC,
        inbound("inbound.mailersend.net", "MailerSend", "For inbound routing only."),
    ),
    steps=(
        "In MailerSend add the domain and open its DNS records.",
        "Choose here the DKIM records the console shows and publish all records.",
        "Let MailerSend verify the domain.",
        "Open Domains, then Manage, go to SMTP and generate a new user.",
        "Enter its user name and password, and ask for approval if the account is on trial.",
    ),
    pitfalls=(
        "The include begins with an underscore: spf.mailersend.net, as some guides have it, is "
        "wrong.",
        "Connections need TLS 1.2 or newer since June 2024.",
        "There is no port 465.",
        "An SMTP user may send for every domain of the account; one leaked password exposes all.",
        "When the console asks for ms1 and ms2, add them and keep mlsend2.",
    ),
    errors=(
        KnownError(
            "450 The given data was invalid",
            "MailerSend checked the message and refused it, such as for an unverified sender "
            "domain or an empty body. What follows says which.",
            "Read the rest of the reply; most often the domain has to be verified.",
        ),
        KnownError(
            "MS42225",
            "A trial account may write to few recipients only.",
            "Verify a domain and get the account approved.",
            source=Source(
                "",
                "2026-10",
                Confidence.MEDIUM,
                "Quoted by users of the service; no page of MailerSend's was found that lists it.",
            ),
        ),
    ),
    headers=("X-MailerSend-Tags",),
    shapes=(
        expected(
            "mailersend.username-shape",
            "username",
            r"MS_[^@\s]+@[^@\s]+",
            "An SMTP user of MailerSend looks like MS_a1b2c3@example.com. Check that it is whole.",
        ),
        never(
            "mailersend.password-api-token",
            "password",
            r"mlsn\..*",
            (
                "This is an API token, which is refused over SMTP. "
                "Use the password of the SMTP user."
            ),
        ),
    ),
    replaced={"include:spf.mailersend.net": "include:_spf.mailersend.net"},
    domain_connect=("mailersend.com/mailersend-email-new", "mailersend.com/mailersend-email"),
    docs=_DOCS,
    suppressions=Source("https://www.mailersend.com/help/suppression-list-managing", "2026-11"),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://developers.mailersend.com/smtp-relay", "2026-10"),
        DOMAIN_CONNECT,
        FUSIONAUTH,
        _SEEN,
    ),
)
