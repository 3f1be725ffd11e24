"""What a receiver wrote about a message: Authentication-Results (RFC 8601) and their like.

Receivers write these by hand: Exchange Online leaves out its own name, others blanks or brackets.
What cannot be read is passed over; nothing here raises.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from dnscheck.received.message import Message, comments, without_comments

MOST_RESULTS = 50
MOST_TEXT = 300  # characters of a comment that are kept
AUTHENTICATION, SEALED, SPF_ALONE = (
    "authentication-results",
    "arc-authentication-results",
    ("received-spf"),
)
_METHOD = re.compile(
    r"\s*([a-z][a-z0-9_-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z][a-z0-9_-]*)", re.IGNORECASE
)
_PROPERTY = re.compile(
    r"(?<![\w.-])([a-z][a-z0-9-]*(?:\.[a-z][a-z0-9_-]*)?)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s;\"]+)",
    re.IGNORECASE,
)
_INSTANCE = re.compile(r"\s*i\s*=\s*(\d{1,3})\s*;")
_SPF_WORD = re.compile(r"\s*([a-z]+)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\w.:])([0-9a-fA-F:.]{2,45})(?![\w:])")
# The same word by another name, as Yahoo, older OpenDKIM and Received-SPF write it.
_PLAIN = {"hardfail": "fail", "perm_fail": "permerror", "perm": "permerror", "temp": "temperror"}


@dataclass(frozen=True)
class Result:
    """One method with its result, such as `dkim=pass`, its properties and the comments beside it.

    Method, result and the names of properties are in small letters.
    """

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)
    comment: str = ""

    def get(self, *names: str) -> str:
        """Return the first of these properties that is there, or nothing."""
        return next((self.properties[name] for name in names if name in self.properties), "")


@dataclass(frozen=True)
class Statement:
    """What one server says of a message.

    `server` is what it calls itself, empty if it does not. `header` names the kind of field;
    `position` counts the fields from the top, `instance` those of an ARC chain (RFC 8617).
    """

    header: str
    server: str
    results: tuple[Result, ...]
    position: int
    instance: int = 0

    def all(self, method: str) -> tuple[Result, ...]:
        """Return the results of one method."""
        return tuple(result for result in self.results if result.method == method)

    def one(self, method: str) -> Result | None:
        """Return the first result of one method, if there is one."""
        return next(iter(self.all(method)), None)


def statements(message: Message) -> tuple[Statement, ...]:
    """Return all statements of a message, from the top."""
    kinds = {AUTHENTICATION, SEALED, SPF_ALONE}
    return tuple(
        statement(one.name, one.value, position)
        for position, one in enumerate(message.fields)
        if one.name in kinds
    )


def statement(header: str, value: str, position: int = 0) -> Statement:
    """Read one field; `header` is its name in small letters."""
    if header == SPF_ALONE:
        return Statement(header, "", _received_spf(value), position)
    instance = _INSTANCE.match(value) if header == SEALED else None
    parts = _parts(value[instance.end() :] if instance else value)
    server = ""
    if parts and not _METHOD.match(without_comments(parts[0])):
        words = without_comments(parts.pop(0)).split()
        server = words[0].strip('"').lower()[:MOST_TEXT] if words else ""
    found = (_result(part) for part in parts[:MOST_RESULTS])
    results = tuple(result for result in found if result is not None)
    return Statement(header, server, results, position, int(instance[1]) if instance else 0)


def spoken(said: Sequence[Statement]) -> Statement | None:
    """Return what several fields of one server say as one statement; None if there is none."""
    return reduce(_joined, said) if said else None


def _joined(first: Statement, second: Statement) -> Statement:
    results = (*first.results, *second.results)
    return Statement(first.header, first.server, results, first.position, first.instance)


def address_in(text: str) -> str:
    """Return the first IP address in a text, in its usual spelling, or nothing."""
    for word in _ADDRESS.findall(text):
        try:
            return str(ipaddress.ip_address(word.strip(".")))
        except ValueError:
            continue
    return ""


def _parts(value: str) -> list[str]:
    """Return what stands between semicolons that are neither in a comment nor quoted."""
    parts, depth, quoted, escaped = [""], 0, False, False
    for letter in value:
        if escaped or letter == "\\":
            escaped = not escaped
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter in "()" and not quoted:
            depth = max(depth + (1 if letter == "(" else -1), 0)
        elif letter == ";" and not depth and not quoted:
            parts.append("")
            continue
        parts[-1] += letter
    return [part for part in parts if part.strip()]


def _result(part: str) -> Result | None:
    bare = without_comments(part)
    match = _METHOD.match(bare)
    if match is None:
        return None
    method, word = match[1].lower(), match[2].lower()
    told = {
        name.lower(): value.strip('"')[:MOST_TEXT]
        for name, value in _PROPERTY.findall(bare[match.end() :])
    }
    return Result(method, _PLAIN.get(word, word), told, comments(part)[:MOST_TEXT])


def _received_spf(value: str) -> tuple[Result, ...]:
    """Return what a Received-SPF field says (RFC 7208 section 9.1)."""
    bare = without_comments(value)
    word = _SPF_WORD.match(bare)
    if word is None:
        return ()
    told = {name.lower(): text.strip('"') for name, text in _PROPERTY.findall(bare[word.end() :])}
    properties = {
        **({"smtp.mailfrom": told["envelope-from"].strip("<>")} if "envelope-from" in told else {}),
        **({"smtp.helo": told["helo"]} if "helo" in told else {}),
        **({"smtp.remote-ip": told["client-ip"]} if "client-ip" in told else {}),
    }
    plain = word[1].lower()
    return (Result("spf", _PLAIN.get(plain, plain), properties, comments(value)[:MOST_TEXT]),)
