"""Gathers what a text tells of the way that was tried: host, port, security, user name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from smtp.outcome import Security
from smtp.providers import PROVIDERS

_NAME = r"((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24})\b\.?"
# Where programs name the host, most reliable first.
_HOSTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:smtps?|ssl|tls|tcp)://(?:[^\s/@]{{0,200}}@)?{_NAME}",
        rf"(?:host|server|hostname|relay)[\"']?(?:, port)?\s{{0,3}}[:=]\s{{0,3}}[\"']?{_NAME}",
        rf"(?:unknown smtp host|smtp host)\W{{1,4}}{_NAME}",
        rf"(?:with|to|from|for) (?:(?:host|server|smtp host) )?[\"']?{_NAME}[\"']?(?:[:,\[ ]|$)",
        rf"(?:getaddrinfo|ENOTFOUND|EAI_AGAIN|lookup|UnknownHostException:?) {_NAME}",
        rf"\b(?:host )?{_NAME}\s?\[[0-9a-f.:]{{3,45}}\]",
        rf"\b{_NAME}:(?:25|465|587|2465|2525|2587)\b",
        rf"Remote-MTA: dns; ?{_NAME}",
        r"(?:^|[\s(\"',])((?:smtp|mail|email-smtp|in-v3|relay)[\w-]{0,30}\."
        r"(?:[\w-]{1,60}\.){0,5}[a-z]{2,24})\b",
    )
)
# A file or a class of a program, such as smtplib.SMTPAuthenticationError.
_OF_CODE = re.compile(r"\.(?:py|java|rb|js|go|php)$|(?:error|exception)$", re.IGNORECASE)
_PORT = re.compile(r"\bport[\"']?\s{0,30}(?:=>|[:=])?\s{0,3}[\"']?(\d{1,5})\b", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"[\w\])][:,] ?(25|465|587|2465|2525|2587)\b(?![:.]\d)")
_TLS = re.compile(r"\bssl://|\bsmtps://|\bSMTP_SSL\b|isSSL true|secure: true|SslOnConnect")
_STARTTLS = re.compile(
    r"encryption[\"']?\s?[:=]>?\s?[\"']?(?:starttls|tls)\b|SecureSocketOptions\.StartTls"
    r"|starttls(?:[._](?:auto|enable[d]?))?[\"']?\s{0,30}(?:=>|[:=])\s{0,3}[\"']?(?:true|on|always)"
)
_USER = re.compile(
    r"\b(?:user(?:_?name)?|login)[\"']?\s{0,3}(?:=>|[:=]|\s)\s{0,3}[\"']([^\"'\s]{1,200})[\"']",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Facts:
    """What is known of the way; empty or None where the text does not say."""

    host: str = ""
    port: int | None = None
    security: Security | None = None
    username: str | None = None
    provider: str = ""


def gather(lines: list[str]) -> Facts:
    """Return what the lines tell. The provider is the one whose own host is named."""
    host = next(_hosts(lines), "")
    text = "\n".join(lines)
    user = _USER.search(text)
    return Facts(
        host=host,
        port=_port(text),
        security=_security(text),
        username=user[1] if user else None,
        provider=provider_of(host),
    )


def provider_of(host: str) -> str:
    """Return the slug of the provider whose host this is, or nothing."""
    owners = (one.slug for one in PROVIDERS if "." in one.host and one.is_own_host(host))
    return next(owners, "") if "." in host else ""


def _hosts(lines: list[str]) -> Iterator[str]:
    for pattern in _HOSTS:
        for line in lines:
            for match in pattern.finditer(line):
                if not _OF_CODE.search(match[1]):
                    yield match[1].lower()


def _port(text: str) -> int | None:
    match = _PORT.search(text) or _HOST_AND_PORT.search(text)
    number = int(match[1]) if match else 0
    return number if 0 < number < 65536 else None


def _security(text: str) -> Security | None:
    if _TLS.search(text):
        return Security.TLS
    return Security.STARTTLS if _STARTTLS.search(text) else None
