"""Recognises what must never be published: private keys, and secrets by their makers' shapes."""

import re

from smtp.providers.keys import is_private
from smtp.providers.pasting import MOST_CHARACTERS, bare, key_in, value_in

PRIVATE_KEY = "a private key"

_PRIVATE = re.compile(r"PRIVATE KEY", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}")
# By how they begin, as a word among others or as a part of a name.
_MARKED = (
    (r"(?:AKIA|ASIA)[A-Z0-9]{16}", "an AWS access key"),
    (r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}", "a SendGrid API key"),
    (r"x(?:keysib|smtpsib)-[A-Za-z0-9-]{20,}", "a Brevo key"),
    (r"re_[A-Za-z0-9_]{20,}", "a Resend API key"),
    (r"key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}", "a Mailgun API key"),
    (r"mlsn\.[A-Za-z0-9]{32,}", "a MailerSend API token"),
    (r"md-[A-Za-z0-9_-]{20,24}", "a Mailchimp Transactional API key"),
    (r"api-[0-9A-Fa-f]{32}", "an SMTP2GO API key"),
)
_ANY_MARKED = re.compile(
    rf"(?<![A-Za-z0-9_-])(?:{'|'.join(f'({pattern})' for pattern, _ in _MARKED)})(?![A-Za-z0-9_-])"
)
# By length and alphabet alone, so only when nothing else was pasted.
_MIXED = r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])"
_UNMARKED = (
    (re.compile(rf"{_MIXED}[A-Za-z0-9/+]{{40}}"), "an AWS secret access key"),
    (re.compile(rf"{_MIXED}B[A-Za-z0-9/+]{{43}}"), "an SES SMTP password"),
)


def secret_in(text: str) -> str:
    """Return what secret a pasted text holds, such as `a Brevo key`, or nothing."""
    if _PRIVATE.search(text) or any(map(is_private, (key_in(text), *_BASE64.findall(text)))):
        return PRIVATE_KEY
    if marked := _ANY_MARKED.search(text):
        return _MARKED[(marked.lastindex or 0) - 1][1]
    value = only_value(text)
    return next((what for shape, what in _UNMARKED if shape.fullmatch(value)), "")


def only_value(text: str) -> str:
    """Return the value of a pasted line, or the text itself; nothing when it is a long one."""
    short = bare(text)
    return value_in(short) if len(short) <= MOST_CHARACTERS else ""
