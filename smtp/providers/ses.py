"""Amazon SES: credentials, identities and the DKIM target zone all belong to one region."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
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
    INBOUND,
    LABEL,
    PUBLIC_KEY,
    SELECTOR,
    TRACKING,
    dkim_alias,
    dkim_key,
    expected,
    inbound,
    never,
    spf,
    starttls,
    tls,
    tracking,
)

_DEFAULT_REGION = "eu-west-1"
# Regions with an SMTP endpoint. A few others offer the API alone and cannot be chosen here.
_REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"),
    *("ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
    *("ap-southeast-1", "ap-southeast-2", "us-gov-east-1", "us-gov-west-1"),
)
# Where Easy DKIM points at dkim.<region>.amazonses.com instead of the common zone.
_REGIONS_WITH_OWN_DKIM_ZONE = frozenset(
    (
        *("af-south-1", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-5"),
        *("ca-west-1", "eu-central-2", "eu-south-1", "il-central-1", "me-central-1"),
        "us-gov-east-1",
    )
)
_TOKEN = r"[A-Za-z0-9]{1,63}"  # noqa: S105 - what a DKIM token looks like
_EASY = {"dkim": ("easy",)}
_OWN_KEY = {"dkim": ("byodkim",)}
_NOT_VERIFIED = "SES does not verify the domain and refuses to send from it."


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `dkim_zone`, the zone the three DKIM records point into."""
    region = values.get("region") or _DEFAULT_REGION
    own = region in _REGIONS_WITH_OWN_DKIM_ZONE
    return {"dkim_zone": f"dkim.{region}.amazonses.com" if own else "dkim.amazonses.com"}


def _alias(number: int) -> RecordTemplate:
    token = f"{{token{number}}}"
    note = "One of three; together they verify the domain."
    alias = dkim_alias(token, f"{token}.{{dkim_zone}}", "SES", _NOT_VERIFIED, note)
    return replace(alias, when=_EASY)


def _token(number: int) -> Input:
    return Input(
        name=f"token{number}",
        label=f"DKIM token {number}",
        help="The part before ._domainkey in the CNAME records the SES console shows.",
        pattern=_TOKEN,
        when=_EASY,
    )


PROVIDER = Provider(
    slug="aws-ses",
    name="Amazon SES",
    summary="Bulk and transactional mail from AWS, paid by use. Everything belongs to one region.",
    host="email-smtp.{region}.amazonaws.com",
    ports=(*starttls(587, 2587, 25), *tls(465, 2465)),
    recommended=starttls(587)[0],
    aliases=("ses", "amazon-ses", "aws"),
    username=(
        "The SMTP user name from “Create SMTP credentials”: 20 characters that begin with AKIA."
    ),
    password=(  # noqa: S106 - the rule in words
        "The SMTP password created with that user name: 44 characters that begin with B, valid in "
        "one region only. Not the IAM secret access key and not the console password."
    ),
    sender=(
        "An address, or any address of a domain, that is verified in the same region. "
        "This holds for From, Sender and Return-Path, in the sandbox and outside it."
    ),
    sandbox=(
        "In each region an account starts in the sandbox: 200 messages a day, 1 a second, and only "
        "to verified recipients or the mailbox simulator. Request production access to leave it; "
        "the first answer usually takes a day."
    ),
    limits=(
        Limit("Sandbox: 200 messages in 24 hours, 1 a second.", year="2023"),
        Limit("Production: the account's own quota, often 14 a second to begin with.", year="2026"),
        Limit("Each message: 50 recipients, 40 MB encoded; slower above 10 MB.", year="2023"),
    ),
    inputs=(
        Input(
            name="region",
            label="Region",
            help="The AWS region in which the domain and the SMTP credentials were created.",
            scope=Scope.SETTING,
            choices=_REGIONS,
            default=_DEFAULT_REGION,
        ),
        Input(
            name="dkim",
            label="Kind of DKIM",
            help="Easy DKIM shows three CNAME records in the console; that is the usual kind.",
            choices=("easy", "byodkim"),
            labels={
                "easy": "Easy DKIM",
                "byodkim": "Provide DKIM authentication token (BYODKIM)",
            },
            default="easy",
        ),
        _token(1),
        _token(2),
        _token(3),
        replace(SELECTOR, when=_OWN_KEY),
        replace(PUBLIC_KEY, when=_OWN_KEY),
        Input(
            name="mail_from",
            label="MAIL FROM subdomain",
            help=(
                "Only the part before your domain, such as bounce. "
                "Leave it empty if no custom MAIL FROM domain is set in the console."
            ),
            required=False,
            pattern=LABEL,
        ),
        replace(TRACKING, label="Custom redirect domain"),
        INBOUND,
        Input(
            name="token",
            label="Old verification token",
            help="The value of a TXT record at _amazonses. Current consoles do not show one.",
            required=False,
            pattern=r"[A-Za-z0-9+/]{40,46}={0,2}",
        ),
    ),
    recipe=(
        _alias(1),
        _alias(2),
        _alias(3),
        replace(
            dkim_key(
                "{selector}",
                "p={public_key}",
                "your mail",
                _NOT_VERIFIED,
                "The private half is at SES. An RSA key of 1024 to 2048 bits.",
            ),
            when=_OWN_KEY,
        ),
        RecordTemplate(
            purpose=Purpose.RETURN_PATH,
            type="MX",
            host="{mail_from}",
            value="feedback-smtp.{region}.amazonses.com",
            match=Match.MX_ONLY,
            priority=10,
            why="Brings bounces back to SES. It must be the only MX record at this name.",
            without=(
                "The custom MAIL FROM domain stays pending and fails after 72 hours; SES then "
                "sends under amazonses.com or refuses, as you chose in the console."
            ),
            note="Use this subdomain neither for From addresses nor to receive mail.",
        ),
        replace(
            spf("include:amazonses.com", "SES"),
            host="{mail_from}",
            why="Lets SES send with a return path under your own domain, so that SPF aligns.",
            without="SPF fails for your mail, and DMARC depends on DKIM alone.",
            note="It belongs on the MAIL FROM subdomain; on the domain itself it has no effect.",
        ),
        DMARC,
        tracking("r.{region}.awstrack.me", "SES"),
        inbound("inbound-smtp.{region}.amazonaws.com", "SES"),
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="_amazonses",
            value="{token}",
            match=Match.EXACT,
            required=False,
            why="Proves ownership the old way.",
            without="Nothing is lost: the DKIM records verify the domain.",
        ),
    ),
    steps=(
        "In the SES console choose the region, then create an identity for the domain with Easy "
        "DKIM.",
        "Copy the three DKIM tokens here and publish the records shown.",
        "If you want a custom MAIL FROM domain, set it at the identity and enter its subdomain "
        "here.",
        "Under SMTP settings create SMTP credentials and store user name and password at once: "
        "the password is shown only this time.",
        "Request production access, or verify the recipient you will test with.",
    ),
    pitfalls=(
        "Credentials and identities of another region are refused, however right they look.",
        "EC2 slows down outgoing port 25; use 587 or 2587.",
        "A second MX record at the MAIL FROM subdomain makes its set-up fail.",
        "An SPF record on the domain itself does not help: the return path is a subdomain.",
        "The console shows TXT values in quotation marks. Route 53 wants them, most other DNS "
        "forms do not.",
    ),
    errors=(
        KnownError(
            "535 Authentication Credentials Invalid",
            "The IAM secret key is the password, or the credentials are of another region.",
            "Create SMTP credentials in the region of the host.",
        ),
        KnownError(
            "554 Message rejected: Email address is not verified",
            "The sender, or in the sandbox the recipient, is not verified in that region.",
            "Verify it there, or request production access.",
        ),
        KnownError(
            "454 Throttling failure: Maximum sending rate exceeded",
            "More messages were sent in one second than the account may send.",
            "Send more slowly and try again.",
        ),
        KnownError(
            "454 Throttling failure: Daily message quota exceeded",
            "The account has sent as much as it may in 24 hours.",
            "Wait, or request a higher quota.",
        ),
    ),
    headers=("X-SES-CONFIGURATION-SET", "X-SES-MESSAGE-TAGS"),
    bounces="amazonses.com",
    docs="https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html",
    suppressions=Source(
        "https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html", "2026-11"
    ),
    source=Source("https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html", "2026-10"),
    shapes=(
        never(
            "ses.temporary-key",
            "username",
            r"ASIA.*",
            (
                "This is a temporary access key; SES does not take those over SMTP. "
                "Create SMTP credentials in the SES console."
            ),
        ),
        expected(
            "ses.username-shape",
            "username",
            r"AKIA.*",
            (
                "An SES SMTP user name has 20 characters and begins with AKIA. "
                "The console shows it when you create SMTP credentials."
            ),
        ),
        never(
            "ses.iam-secret",
            "password",
            r".{40}",
            (
                "40 characters is the length of an IAM secret access key, which SES refuses over "
                "SMTP. Create SMTP credentials in the SES console: their password has 44 "
                "characters."
            ),
        ),
        expected(
            "ses.password-shape",
            "password",
            r"B.{43}",  # base64 of a version byte 0x04 and an HMAC of 32 bytes
            (
                "An SES SMTP password has 44 characters and begins with B. "
                "Check that it was copied whole and is not another kind of AWS secret."
            ),
        ),
    ),
    compute=_computed,
)
