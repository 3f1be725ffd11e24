"""Amazon WorkMail: mailboxes on top of SES, one port only, and an end of support in 2027."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    Provider,
    RecordTemplate,
    Scope,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    discovery,
    dkim_alias,
    full_address,
    mail_server,
    never,
    ownership,
    spf,
    tls,
)

_PORTS = tls(465)
_DOCS = "https://docs.aws.amazon.com/workmail/latest/adminguide/workmail-end-of-support.html"
_REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
_TOKEN = r"[A-Za-z0-9]{1,63}"  # noqa: S105 - what a DKIM token looks like


def _token(number: int) -> Input:
    return Input(
        name=f"token{number}",
        label=f"DKIM token {number}",
        help=(
            "The part before ._domainkey in one of the three CNAME records of the WorkMail "
            "console. Leave it empty if DKIM is not used."
        ),
        required=False,
        pattern=_TOKEN,
    )


def _alias(number: int) -> RecordTemplate:
    token = f"{{token{number}}}"
    without = "Mail is not signed as your domain, and DMARC cannot pass by DKIM."
    alias = dkim_alias(token, f"{token}.dkim.amazonses.com", "WorkMail", without)
    return replace(alias, required=False, note="One of three; WorkMail sends through SES.")


PROVIDER = Provider(
    slug="amazon-workmail",
    name="Amazon WorkMail",
    summary="Mailboxes from AWS that send through SES. AWS ends the service in March 2027.",
    host="smtp.mail.{region}.awsapps.com",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.MAILBOX,
    aliases=("workmail", "aws-workmail"),
    notice=(
        "AWS ends support for WorkMail on 31 March 2027; after that neither console nor mailboxes "
        "can be reached. Set up nothing new here, and move to another service in time."
    ),
    username="The full address of the mailbox.",
    password=(  # noqa: S106 - the rule in words
        "The password of the WorkMail user, or a personal access token. Not IAM credentials and "
        "not an SMTP password of SES."
    ),
    sender="The address of the mailbox or one of its aliases.",
    sandbox="WorkMail sends through SES, so the limits of SES apply as well.",
    inputs=(
        Input(
            name="region",
            label="Region",
            help="The AWS region of the WorkMail organization.",
            scope=Scope.SETTING,
            choices=_REGIONS,
            default="us-east-1",
        ),
        Input(
            name="token",
            label="Verification token",
            help="The value of the TXT record at _amazonses, as the WorkMail console shows it.",
            pattern=r"[A-Za-z0-9+/]{40,46}={0,2}",
        ),
        _token(1),
        _token(2),
        _token(3),
    ),
    recipe=(
        replace(
            ownership("{token}", "AWS", "The domain is not verified, and WorkMail cannot use it."),
            host="_amazonses",
        ),
        mail_server("inbound-smtp.{region}.amazonaws.com", 10, "WorkMail"),
        replace(
            spf("include:amazonses.com", "SES, through which WorkMail sends,"),
            required=False,
            without="Receivers that look for SPF at the domain itself do not find Amazon there.",
        ),
        _alias(1),
        _alias(2),
        _alias(3),
        replace(
            DMARC,
            value="v=DMARC1; p=quarantine; pct=100; fo=1",
            note="A suggestion; any valid policy will do.",
        ),
        discovery("autodiscover", "autodiscover.mail.{region}.awsapps.com"),
    ),
    steps=(
        "Choose here the region of the WorkMail organization.",
        "Copy the tokens the WorkMail console shows for the domain and publish the records.",
        "Enter the full address of a mailbox as user name, with that user's password.",
        "Use the address of the mailbox, or one of its aliases, as From address.",
        "Plan the move to another service: WorkMail ends on 31 March 2027.",
    ),
    pitfalls=(
        "There is only port 465; STARTTLS, and with it port 587, is not offered.",
        "Host and mailbox must be in the same region.",
        "Credentials of SES or IAM are refused, although WorkMail sends through SES.",
    ),
    shapes=(
        never(
            "workmail.username-is-access-key",
            "username",
            r"(?:AKIA|ASIA)[A-Z0-9]{16}",
            "This is an access key of AWS. WorkMail logs in with the address of a mailbox.",
        ),
        full_address("workmail", "WorkMail"),
    ),
    sender_is_login=True,
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "Host, port and end of support are from AWS's pages, the records from public code.",
    ),
    further_sources=(
        Source("https://docs.aws.amazon.com/workmail/latest/userguide/using_IMAP.html", "2026-10"),
        Source("https://docs.aws.amazon.com/general/latest/gr/workmail.html", "2026-10"),
    ),
)
