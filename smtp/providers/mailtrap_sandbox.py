"""Mailtrap's sandbox: takes every message and delivers none; STARTTLS on all ports, 465 too."""

from smtp.providers.base import (
    Category,
    Confidence,
    KnownError,
    Limit,
    Provider,
    Shape,
    Source,
)
from smtp.providers.parts import expected, never, starttls

_PORTS = starttls(2525, 587, 25, 465)
_DOCS = "https://docs.mailtrap.io/getting-started/email-sandbox"
_PART = r"[0-9a-f]{14}"
_QUOTED = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "Known from what users quote; no page of Mailtrap's with the numbers was found.",
)

PROVIDER = Provider(
    slug="mailtrap-sandbox",
    name="Mailtrap Email Sandbox",
    summary="A test inbox in the web: shows what your programs send and delivers none of it.",
    host="sandbox.smtp.mailtrap.io",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.TESTING,
    aliases=("mailtrap testing", "mailtrap inbox"),
    username="The user name of the sandbox: 14 characters, digits and letters from a to f.",
    password=(  # noqa: S106 - the rule in words
        "The password of the same sandbox, also 14 characters. Not an API token, and not the "
        "password of the account."
    ),
    sender="Any address.",
    sandbox="Nothing is delivered: every message stays in the sandbox.",
    limits=(
        Limit(
            "Free plan: messages are limited both in each month and in each second.",
            source=_QUOTED,
        ),
    ),
    steps=(
        "In Mailtrap open the sandbox that is to take the messages, or make a new one.",
        "Copy user name and password from its SMTP settings.",
        "Try the connection and send a test mail; it appears in the sandbox, nowhere else.",
        "Before people are to receive the mail, replace this setting with one that delivers.",
    ),
    pitfalls=(
        "If this setting is left in production, every mail vanishes into the sandbox.",
        "An API token of Mailtrap Email Sending is refused here, and the login of a sandbox there.",
        "Unlike elsewhere, port 465 begins in plain text here; choose STARTTLS.",
        "A success says nothing about DNS: the sandbox takes mail from any domain.",
    ),
    errors=(
        KnownError(
            "550 5.7.0 Requested action not taken: too many emails per second",
            "More messages came in one second than the plan allows.",
            "Send more slowly; the same message is taken a second later.",
        ),
    ),
    shapes=(
        never(
            "mailtrap-sandbox.username-of-live",
            "username",
            r"api|smtp@mailtrap\.io",
            (
                "This is the user name for mail that is delivered. A sandbox has a user name of "
                "its own, in its SMTP settings."
            ),
        ),
        expected(
            "mailtrap-sandbox.username-shape",
            "username",
            _PART,
            "The user name of a sandbox has 14 characters, digits and letters from a to f.",
        ),
        Shape(
            "mailtrap-sandbox.password-is-token",
            "password",
            r"[0-9a-f]{32}",
            "This looks like an API token. A sandbox has a password of its own, 14 characters.",
            wanted=False,
        ),
        expected(
            "mailtrap-sandbox.password-shape",
            "password",
            _PART,
            "The password of a sandbox has 14 characters, digits and letters from a to f.",
        ),
    ),
    tls_mandatory=False,
    docs=_DOCS,
    source=Source(
        _DOCS,
        "2026-10",
        Confidence.MEDIUM,
        "Ports and the shape of the login are known from what users quote of the console.",
    ),
)
