"""A pasted message as header fields and body: bounded, and without an exception for any octets.

What is pasted is seldom a message to the letter: a page stands around it, folds are lost, or the
body is missing. Header fields are kept as octets as well, for their signatures (RFC 5322, 6376).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dnscheck.report import printable

MOST_OCTETS = 2_000_000
MOST_FIELDS = 500
LONGEST_FIELD = 16_000  # octets; a longer one is cut

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")  # RFC 5322 section 2.2
_LINE_END = re.compile(rb"\r\n|\r|\n")
_BLANKS = re.compile(r"\s+")
# What servers put in front of a message on its way. A page around the source has none of these.
_TRACE = re.compile(
    rb"(?:received|return-path|delivered-to|envelope-to|x-(?!mozilla)[a-z0-9-]+|arc-[a-z-]+"
    rb"|(?:original-)?authentication-results|received-spf|dkim-signature)[ \t]*:",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Field:
    """One header field: its name in small letters, its value in one line, and its octets.

    What cannot be printed stands in the value as `\\xNN`.
    """

    name: str
    value: str
    octets: bytes


@dataclass(frozen=True)
class Message:
    """What was pasted, as far as it could be read.

    `body` is None when only the header was pasted. `lost_folds` says that some lines did not begin
    with the blank that marks them as a continuation, `is_cut` that not all could be kept.
    """

    fields: tuple[Field, ...]
    body: bytes | None
    lost_folds: bool = False
    is_cut: bool = False

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of the fields of this name, in small letters, from the top."""
        return tuple(field.value for field in self.fields if field.name == name)

    def first(self, name: str) -> str:
        """Return the topmost value of this name, or nothing."""
        return next(iter(self.values(name)), "")


def parse(octets: bytes) -> Message:
    """Return the header fields and the body of what was pasted."""
    lines = _LINE_END.split(octets[:MOST_OCTETS])
    start = _start(lines)
    end = next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))
    fields, lost = _fields(lines[start:end])
    body = b"\r\n".join(lines[end + 1 :])
    is_cut = len(octets) > MOST_OCTETS or len(fields) > MOST_FIELDS
    is_cut = is_cut or any(len(field.octets) > LONGEST_FIELD for field in fields)
    kept = tuple(field for field in fields[:MOST_FIELDS] if len(field.octets) <= LONGEST_FIELD)
    return Message(kept, body if body.strip() else None, lost, is_cut)


def _start(lines: Sequence[bytes]) -> int:
    """Return where the header begins: at its first field, or below a page that stands above it."""
    first = next((at for at, line in enumerate(lines) if _FIELD.match(line)), len(lines))
    trace = next((at for at, line in enumerate(lines) if _TRACE.match(line)), first)
    above = lines[first:trace]
    is_header = all(_FIELD.match(line) or (line[:1] in b" \t" and line.strip()) for line in above)
    return first if is_header else trace


def _fields(lines: Sequence[bytes]) -> tuple[list[Field], bool]:
    """Return the fields, and whether continuations without a blank were among them."""
    found: list[list[bytes]] = []
    lost = False
    for line in lines:
        if line[:1] in (b" ", b"\t") and found:
            found[-1].append(line)
        elif _FIELD.match(line):
            found.append([line])
        elif found and not line.startswith(b"From "):
            found[-1].append(b" " + line)
            lost = True
    return [_field(b"\r\n".join(parts)) for parts in found], lost


def _field(octets: bytes) -> Field:
    name, _, value = octets.partition(b":")
    text = value[:LONGEST_FIELD].decode("utf-8", "backslashreplace")
    return Field(
        name.strip().decode("ascii", "replace").lower(),
        printable(_BLANKS.sub(" ", text).strip()),
        octets,
    )


def without_comments(text: str) -> str:
    """Return a structured field without its comments, which may be nested (RFC 5322 section 3.2.2).

    What stands in quotation marks is no comment.
    """
    return "".join(letter for letter, depth in _with_depth(text) if not depth)


def comments(text: str) -> str:
    """Return what stands in comments, without their brackets, one after the other."""
    inside = (letter if depth else " " for letter, depth in _with_depth(text))
    return _BLANKS.sub(" ", re.sub(r"[()]", " ", "".join(inside))).strip()


def _with_depth(text: str) -> Iterator[tuple[str, int]]:
    """Yield each character with the number of comments it stands in, brackets included."""
    depth, quoted, escaped = 0, False, False
    for letter in text:
        if escaped or letter == "\\":
            escaped = not escaped
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
            yield letter, depth + 1
            continue
        yield letter, depth
