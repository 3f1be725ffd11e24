"""Lints of a setting: contradictions and likely mistakes that need no network to be seen."""

import re
from collections.abc import Mapping

from smtp.outcome import Security
from smtp.providers.base import Lint, Port, Provider

_TLS_PORTS = frozenset((465, 2465))  # RFC 8314 section 3.3, and the copy behind firewalls
_STARTTLS_PORTS = frozenset((25, 587, 2525, 2587))
_WORDS = {
    Security.NONE: "no encryption",
    Security.STARTTLS: "STARTTLS",
    Security.TLS: "TLS from the start",
}
_FREE_MAIL = frozenset(
    (
        *("gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "aol.com", "icloud.com"),
        *("me.com", "mac.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "gmx.com"),
        *("gmx.net", "gmx.de", "web.de", "mail.com", "mail.ru", "yandex.com", "yandex.ru"),
        *("proton.me", "protonmail.com", "qq.com", "163.com", "126.com", "zoho.com", "orange.fr"),
        *("laposte.net", "libero.it", "t-online.de", "comcast.net", "fastmail.com", "hey.com"),
    )
)
# National branches of the same services, such as yahoo.co.jp and hotmail.fr.
_FREE_BRANCH = re.compile(r"(?:yahoo|hotmail|outlook|live)\.(?:[a-z]{2}|com?\.[a-z]{2})")
_NO_REPLY = re.compile(r"(?:no|do-?not|dont)[-_.]?reply", re.IGNORECASE)


def lint(provider: Provider, values: Mapping[str, str]) -> list[Lint]:
    """Return everything worth saying about a setting, general remarks before the provider's own.

    `values` holds host, port, security, username, password (the new one as typed, or empty when
    the stored one is kept), has_password (anything but empty when one is stored), from_address
    and the provider's inputs, all as text. What is missing or unreadable is not judged here.
    """
    port, security = _port(values), _security(values)
    return [
        *_check_host(provider, values),
        *_check_way(provider, port, security),
        *_check_plain(provider, values, security),
        *_check_login(values),
        *_check_sender(values),
        *provider.check(values),
    ]


def right_security(provider: Provider, port: int) -> Security | None:
    """Return what this port wants: as the provider documents it, else as ports commonly do."""
    documented = {item.number: item.security for item in provider.ports}
    if port in documented:
        return documented[port]
    if port in _TLS_PORTS:
        return Security.TLS
    return Security.STARTTLS if port in _STARTTLS_PORTS else None


def _port(values: Mapping[str, str]) -> int | None:
    text = values.get("port", "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _security(values: Mapping[str, str]) -> Security | None:
    text = values.get("security", "")
    return Security(text) if text in [item.value for item in Security] else None


def _has_password(values: Mapping[str, str]) -> bool:
    return bool(values.get("password") or values.get("has_password"))


def _check_host(provider: Provider, values: Mapping[str, str]) -> list[Lint]:
    host = values.get("host", "").strip().rstrip(".").lower()
    usual = provider.host_for(values)
    # The provider's own check knows about other regions; here only other names are noticed.
    shape = re.sub(r"\\\{\w+\\\}", "[a-z0-9-]+", re.escape(provider.host))
    if not host or not usual or re.fullmatch(shape, host):
        return []
    message = f"{provider.name} answers at {usual}. Another host needs another provider page."
    return [Lint("host.not-provider", "host", message)]


def _check_way(provider: Provider, port: int | None, security: Security | None) -> list[Lint]:
    if port is None or security is None:
        return []
    right = right_security(provider, port)
    documented = port in [item.number for item in provider.ports]
    lints = []
    if provider.host and not documented:
        message = f"{provider.name} does not document port {port}. It offers {_offer(provider)}."
        lints.append(Lint("port.not-documented", "port", message))
    if right is None or right is security:
        return lints
    # `security.mandatory` says it where encryption is a must; port 25 of a relay in one's own
    # network is often plain on purpose.
    if security is Security.NONE and (provider.tls_mandatory or port == 25):
        return lints
    message = f"Port {port} goes with {_WORDS[right]}, not with {_WORDS[security]}."
    if other := _port_for(provider, security):
        message += f" For {_WORDS[security]} use port {other}."
    # A STARTTLS that is merely offered may be left out; the wrong kind of TLS can never work.
    impossible = security is not Security.NONE or right is Security.TLS
    return [*lints, Lint("port.security", "security", message, blocking=impossible)]


def _offer(provider: Provider) -> str:
    return ", ".join(f"{item.number} ({_WORDS[item.security]})" for item in provider.ports)


def _port_for(provider: Provider, security: Security) -> int | None:
    candidates: list[Port] = [provider.recommended, *provider.ports]
    return next((item.number for item in candidates if item.security is security), None)


def _check_plain(
    provider: Provider, values: Mapping[str, str], security: Security | None
) -> list[Lint]:
    if security is not Security.NONE:
        return []
    if provider.tls_mandatory:
        message = (
            f"{provider.name} takes mail only over an encrypted connection. "
            f"Use port {provider.recommended.number} with {_WORDS[provider.recommended.security]}."
        )
        return [Lint("security.mandatory", "security", message, blocking=True)]
    if not _has_password(values):
        return []
    message = (
        "Without encryption anybody on the way can read the password. "
        "Choose STARTTLS or TLS, or leave the login empty if the server needs none."
    )
    return [Lint("security.plain-password", "security", message)]


def _check_login(values: Mapping[str, str]) -> list[Lint]:
    username, password = values.get("username", ""), values.get("password", "")
    lints = []
    if _has_password(values) and not username.strip():
        message = "There is a password but no user name. Enter both, or neither."
        lints.append(Lint("username.missing", "username", message, blocking=True))
    if username.strip() and not _has_password(values):
        message = "There is a user name but no password. Enter both, or neither."
        lints.append(Lint("password.missing", "password", message))
    if username != username.strip():
        message = "There are blanks around the user name. Remove them unless they belong to it."
        lints.append(Lint("username.blanks", "username", message))
    if password != password.strip():
        message = "There are blanks around the password. Remove them unless they belong to it."
        lints.append(Lint("password.blanks", "password", message))
    return lints


def _check_sender(values: Mapping[str, str]) -> list[Lint]:
    local, _, domain = values.get("from_address", "").strip().lower().rpartition("@")
    lints = []
    if domain in _FREE_MAIL or _FREE_BRANCH.fullmatch(domain):
        message = (
            f"Mail from {domain} is refused by most receivers unless {domain} itself sends it. "
            "Use an address of your own domain."
        )
        lints.append(Lint("from.free-mail", "from_address", message))
    if _NO_REPLY.match(local):
        message = (
            "People do answer such mail, and nobody reads it. "
            "Use an address that is read, or set a Reply-To address."
        )
        lints.append(Lint("from.no-reply", "from_address", message))
    return lints
