"""Amazon WorkMail: mailboxes on top of SES, one port only, and an end of support in 2027."""

from dataclasses import replace

from smtp.providers.base import (
    Category,
    Confidence,
    Input,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Scope,
    Source,
)
from smtp.providers.parts import DMARC, expected, inbound, never, tls

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
    return RecordTemplate(
        purpose=Purpose.DKIM,
        type="CNAME",
        host=f"{token}._domainkey",
        value=f"{token}.dkim.amazonses.com",
        match=Match.CNAME,
        required=False,
        why="One of three aliases to the keys SES signs with, as which WorkMail sends.",
        without="Mail is not signed as your domain, and DMARC cannot pass by DKIM.",
    )


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
    sandbox="WorkMail sends through SES, so the limits of SES hold behind it.",
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
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="_amazonses",
            value="{token}",
            match=Match.EXACT,
            why="Proves to AWS that the domain is yours.",
            without="The domain is not verified, and WorkMail cannot use it.",
        ),
        replace(
            inbound(
                "inbound-smtp.{region}.amazonaws.com",
                "WorkMail",
                "It takes all mail of the domain; publish it only if the mailboxes are there.",
            ),
            host="@",
            required=True,
            without="The mailboxes of the domain receive nothing, neither answers nor bounces.",
        ),
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:amazonses.com ~all",
            match=Match.SPF,
            mechanisms=("include:amazonses.com",),
            required=False,
            why="Lets SES, through which WorkMail sends, send for the domain.",
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
        RecordTemplate(
            purpose=Purpose.CLIENT,
            type="CNAME",
            host="autodiscover",
            value="autodiscover.mail.{region}.awsapps.com",
            match=Match.CNAME,
            required=False,
            optional=True,
            why="Lets Outlook and phones find their settings by the address alone.",
            without="Mail programs have to be set up by hand; sending from here is not affected.",
        ),
    ),
    steps=(
        "Choose here the region of the WorkMail organization.",
        "Copy the tokens the WorkMail console shows for the domain and publish the records.",
        "Enter the full address of a mailbox as user name, with that user's password.",
        "Use the address of the mailbox, or one of its aliases, as From.",
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
        expected(
            "workmail.username-shape",
            "username",
            r"[^@\s]+@[^@\s]+",
            "The user name is the full address of the mailbox, with the domain after the @.",
        ),
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
