"""Lints of a setting: contradictions and likely mistakes that need no network to be seen."""

import re
from collections.abc import Mapping

from smtp.outcome import Security
from smtp.providers.base import Input, Lint, Port, Provider, Scope

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
_BLANKS, _QUOTES = "password.blanks", "password.quotes"
_AROUND_SECRET = {
    _BLANKS: "There are blanks around the password. Remove them unless they belong to it.",
    _QUOTES: "There are quotation marks around the password. Remove them unless they belong to it.",
}
_QUOTED = re.compile(r"([\"'`]).+\1|[“„‘‚].+[”“’‘]|[«‹].+[»›]", re.DOTALL)
_NO_REPLY = re.compile(r"(?:no|do-?not|dont)[-_.]?reply", re.IGNORECASE)


def is_free_mail(domain: str) -> bool:
    """Whether a domain is one of a mailbox service, in which its customers publish nothing."""
    return domain in _FREE_MAIL or _FREE_BRANCH.fullmatch(domain) is not None


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
        *_check_sender(provider, values),
        *_check_rules(provider, values),
        *_check_shapes(provider, values),
        *(provider.check(values) if provider.check else []),
    ]


def secret_shape(provider: Provider, username: str, secret: str) -> str:
    """Return the code of the first lint about the look of a secret, or nothing.

    The code tells what kind of mistake it may be and nothing of the secret itself, so it may be
    stored and shown; `shape_in_words` says it.
    """
    values = {"username": username, "password": secret}
    lints = [*_check_login(values), *_check_shapes(provider, values)]
    lints += provider.check(values) if provider.check else []
    return next((item.code for item in lints if secret and item.field == "password"), "")


def shape_in_words(provider: Provider, code: str) -> str:
    """Return what a code of `secret_shape` says, in a sentence or two."""
    said = {shape.code: shape.message for shape in provider.shapes} | _AROUND_SECRET
    return said.get(code, "It has another form than the passwords of this service.")


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
    if not host or not usual or host == usual:
        return []
    if not provider.is_own_host(host):
        message = f"{provider.name} answers at {usual}. Another host needs another provider page."
        return [Lint("host.not-provider", "host", message)]
    asked = provider.inputs_for(Scope.SETTING, values)
    chosen = ", ".join(f"{item.label}: {_word(item, provider.filled(values))}" for item in asked)
    message = (
        f"With what is chosen here ({chosen}) the host is {usual}. "
        "Host, login and verified domain must belong together."
    )
    return [Lint("host.other-choice", asked[0].name, message, blocking=True)]


def _word(item: Input, values: Mapping[str, str]) -> str:
    return item.labels.get(values[item.name], values[item.name])


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
        lints.append(Lint(_BLANKS, "password", _AROUND_SECRET[_BLANKS]))
    elif _QUOTED.fullmatch(password):
        lints.append(Lint(_QUOTES, "password", _AROUND_SECRET[_QUOTES]))
    return lints


def _check_sender(provider: Provider, values: Mapping[str, str]) -> list[Lint]:
    local, _, domain = values.get("from_address", "").strip().lower().rpartition("@")
    lints = []
    is_free = is_free_mail(domain)
    if is_free and domain not in provider.sends_for:
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


def _check_rules(provider: Provider, values: Mapping[str, str]) -> list[Lint]:
    """Return what the provider's rules for login and sender say."""
    username = values.get("username", "").strip()
    sender = values.get("from_address", "").strip()
    lints = []
    if provider.fixed_username and not username and not _has_password(values):
        message = (
            f"{provider.name} lets nobody send without a login. Enter the user name "
            f"{provider.fixed_username} and the password."
        )
        lints.append(Lint("login.missing", "username", message))
    if provider.fixed_username and username and username != provider.fixed_username:
        message = f"{provider.name} always logs in with the user name {provider.fixed_username}."
        lints.append(Lint("username.fixed", "username", message, blocking=True))
    is_other = sender.lower() != username.lower()
    if provider.sender_is_login and "@" in username and sender and is_other:
        message = (
            f"{provider.name} lets an account send as itself or as one of its aliases. "
            f"Check that {sender} is an alias of {username}."
        )
        lints.append(Lint("from.not-login", "from_address", message))
    if provider.notice:
        lints.append(Lint("provider.notice", "provider", provider.notice))
    return lints


def _check_shapes(provider: Provider, values: Mapping[str, str]) -> list[Lint]:
    """Return the first broken rule of each field about what its value looks like."""
    lints: dict[str, Lint] = {}
    for shape in provider.shapes:
        value = values.get(shape.field, "").strip()
        matches = re.fullmatch(shape.pattern, value, re.IGNORECASE | re.DOTALL) is not None
        if value and matches is not shape.wanted:
            lint = Lint(shape.code, shape.field, shape.message, shape.blocking)
            lints.setdefault(shape.field, lint)
    return list(lints.values())
