"""What every export starts from: the records, their zone, and how a zone file writes a value."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from dnscheck.records import RequiredRecord
from dnscheck.report import printable
from smtp.providers.base import Match, Purpose

USUAL_PRIORITY = 10  # of an MX record for which nobody asked for another one
STRING_OCTETS = 255  # of one character-string in a TXT record (RFC 1035 section 3.3.14)
PROSE_COLUMNS = 96
PURPOSES = {
    Purpose.CHALLENGE: "Proof of ownership",
    Purpose.SPF: "Permitted senders (SPF)",
    Purpose.DKIM: "Signature key (DKIM)",
    Purpose.DMARC: "Policy for forged mail (DMARC)",
    Purpose.RETURN_PATH: "Return path for bounces",
    Purpose.MX: "Receiving mail (MX)",
    Purpose.TRACKING: "Link tracking",
    Purpose.CLIENT: "Settings for mail programs",
    Purpose.BIMI: "Brand logo (BIMI)",
    Purpose.ADDED: "Added by hand",
}
ONE_SPF = "A name has one SPF record: change the one that is there instead of adding a second."
OPTIONAL = "Left out, as only one more feature or one situation needs it:"


@dataclass(frozen=True)
class Export:
    """The records of a sending domain, to be written down for the zone they belong in.

    Names are A-labels without a trailing dot, `ttl` is in seconds, `cautions` are sentences about
    what else is to be done or minded. Raises `ValueError` with a
    sentence for the person when the domain is not in the zone.
    """

    zone: str
    domain: str
    records: tuple[RequiredRecord, ...]
    ttl: int = 3600
    cautions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not f".{self.domain}".endswith(f".{self.zone}"):
            raise ValueError(f"{self.domain} is not in the zone {self.zone}.")

    @property
    def wanted(self) -> tuple[RequiredRecord, ...]:
        """What is to be published: all but the optional records."""
        return tuple(record for record in self.records if not record.optional)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The optional records in words: one that diverts mail must not be there by accident."""
        return tuple(
            one_line(f"{record.type} {record.name} {plain_value(record)}: {record.why}")
            for record in self.records
            if record.optional
        )

    def relative(self, name: str, apex: str = "@") -> str:
        """Return a name as it is written inside the zone."""
        return name.removesuffix(self.zone).removesuffix(".") or apex


@dataclass(frozen=True)
class Format:
    """A way to write records down.

    `label` is for a menu, `about` says what it is for, `suffix` ends the name of a file.
    """

    slug: str
    label: str
    about: str
    suffix: str
    content_type: str
    render: Callable[[Export], str]


def need(record: RequiredRecord) -> str:
    """Return how much depends on a record that is not optional."""
    return "required" if record.required else "recommended"


def priority(record: RequiredRecord) -> int:
    """Return the preference of an MX record."""
    return USUAL_PRIORITY if record.priority is None else record.priority


def dotted(host: str) -> str:
    """Return a host name as absolute, with the dot at its end."""
    return host.rstrip(".") + "."


def plain_value(record: RequiredRecord) -> str:
    """Return what a person types into the form of a DNS host."""
    return f"{priority(record)} {record.value}" if record.type == "MX" else record.value


def zone_value(record: RequiredRecord) -> str:
    """Return what stands behind the type in a zone file."""
    if record.type == "TXT":
        return " ".join(f'"{part}"' for part in escaped_strings(record.value))
    target = dotted(record.value)
    return f"{priority(record)} {target}" if record.type == "MX" else target


def escaped_strings(text: str) -> list[str]:
    """Return a TXT value in pieces of 255 octets, escaped to stand between quotation marks.

    A backslash keeps the character after it as it is (RFC 1035 section 5.1).
    """
    starts = range(0, len(text) or 1, STRING_OCTETS)
    pieces = [text[start : start + STRING_OCTETS] for start in starts]
    return [piece.replace("\\", "\\\\").replace('"', '\\"') for piece in pieces]


def about(record: RequiredRecord) -> str:
    """Return what a record is for, how much depends on it and what to mind, in one line."""
    purpose = f"{PURPOSES[record.purpose]}, {need(record)}."
    caution = ONE_SPF if record.match is Match.SPF else ""
    return one_line(f"{purpose} {record.why} {record.note} {caution}")


def one_line(text: str) -> str:
    """Return a text without what would end a line: in a comment, that would end the comment."""
    return printable(" ".join(text.split()))


def prose(text: str, first: str = "", then: str = "") -> str:
    """Return a text in lines of a readable length that begin as told."""
    return textwrap.fill(
        one_line(text),
        PROSE_COLUMNS,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )


def comment(mark: str, text: str) -> str:
    """Return a text as comment lines that begin with a mark and a blank."""
    return prose(text, f"{mark} ", f"{mark} ")


def remarks(mark: str, export: Export) -> str:
    """Return cautions and optional records as comment lines, or nothing."""
    lines = [comment(mark, caution) for caution in export.cautions]
    if export.left_out:
        lines += [comment(mark, OPTIONAL), *(comment(mark, line) for line in export.left_out)]
    return "\n".join(lines)


def paragraphs(*texts: str) -> str:
    """Return those texts that are not empty, with an empty line between them."""
    return "\n\n".join(text for text in texts if text) + "\n"
