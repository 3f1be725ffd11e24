"""Extra headers: reads and checks `X-Name=Value` lines, once, for form, admin and sending."""

import re

MAX_LINES = 20
MAX_VALUE = 900  # octets; with a name of 64 the line stays below 998 (RFC 5322 section 2.1.1)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
# Headers without X- that a sender may sensibly choose. Everything else is refused, since most of
# the rest steers delivery or is written by Relaydesk or by the servers on the way.
_ALLOWED = frozenset(
    (
        "auto-submitted",  # RFC 3834
        "feedback-id",
        "importance",
        "list-archive",
        "list-help",
        "list-id",  # RFC 2919
        "list-owner",
        "list-post",
        "list-subscribe",
        "list-unsubscribe",  # RFC 2369
        "list-unsubscribe-post",  # RFC 8058
        "organization",
        "precedence",
        "priority",
        "sensitivity",
    )
)
_RESERVED = frozenset(
    (
        *("from", "to", "cc", "bcc", "sender", "reply-to", "return-path", "subject", "date"),
        *("message-id", "in-reply-to", "references", "dkim-signature", "domainkey-signature"),
        *("received", "received-spf", "delivered-to", "authentication-results"),
    )
)
_RESERVED_PREFIXES = ("content-", "mime-", "resent-", "arc-")


ENCODED_WORD = re.compile(r"=\?.*\?=")  # RFC 2047: may hold line breaks that nobody sees


class HeaderError(ValueError):
    """A line that cannot become a header. The text names the line and what to change."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"Line {line}: {message}")
        self.line = line


def parse(text: str) -> tuple[tuple[str, str], ...]:
    """Return name and value of each line, in order; raise `HeaderError` for the first bad one.

    Empty lines are passed over. Lines end in LF or CRLF and in nothing else: any other
    line-breaking character is a bad character of its line.
    """
    headers: list[tuple[str, str]] = []
    seen: set[str] = set()
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        line = raw.strip(" \t")
        if not line:
            continue
        if len(headers) == MAX_LINES:
            raise HeaderError(number, f"At most {MAX_LINES} extra headers are possible.")
        name, value = _header(number, line)
        if name.lower() in seen:
            raise HeaderError(number, f"{name} is there already; give each header once.")
        seen.add(name.lower())
        headers.append((name, value))
    return tuple(headers)


def _header(number: int, line: str) -> tuple[str, str]:
    if not line.isprintable():
        raise HeaderError(number, "There is a character that cannot be printed; type it anew.")
    name, equals, value = line.partition("=")
    name, value = name.strip(" "), value.strip(" ")
    if ":" in name:
        raise HeaderError(number, "Write X-Name=Value, with an equals sign and not a colon.")
    if not equals:
        raise HeaderError(number, "Write the name, an equals sign and the value: X-Name=Value.")
    _check_name(number, name)
    if ENCODED_WORD.search(value):
        raise HeaderError(number, "Write the text itself; Relaydesk encodes it (no =?…?=).")
    if not value:
        raise HeaderError(number, f"{name} has no value; write one after the equals sign.")
    if len(value.encode()) > MAX_VALUE:
        raise HeaderError(number, f"The value is longer than {MAX_VALUE} octets.")
    return name, value


def _check_name(number: int, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise HeaderError(
            number,
            "A header name has 1 to 64 letters, digits and hyphens and does not begin with a "
            "hyphen.",
        )
    lower = name.lower()
    if lower in _RESERVED or lower.startswith(_RESERVED_PREFIXES):
        raise HeaderError(number, f"{name} is written by Relaydesk and cannot be set here.")
    if not lower.startswith("x-") and lower not in _ALLOWED:
        raise HeaderError(number, f"{name} is not possible; use a name that begins with X-.")
