"""A DMARC record as it was meant: what forms, zone files and fingers did to it taken back."""

import re
from difflib import get_close_matches
from functools import lru_cache

from dnscheck.dmarc.addresses import closed, joined, with_uris
from dnscheck.dmarc.record import (
    INHERITED,
    POLICIES,
    REPORTS,
    TAGS,
    is_plain,
    is_record,
    is_valid,
    named,
    with_blanks,
)

NOT_PLAIN = re.compile(r"\\x[0-9a-f]{2}|[\\\"']", re.I)  # what a pasted value brings along
OCTETS = re.compile(r"(?:\\x[89a-f][0-9a-f])+", re.I)  # beyond ASCII
ZONE_FILE_LINE = re.compile(r"[^=;]*\bTXT\s+\(?\s*([\"']*\s*v\s*=\s*dmarc.*)", re.I | re.S)
STRING = re.compile(r'"([^"]*)"')
BEFORE = re.compile(r"^[^=;]*(?=\bv\W{0,3}=\W{0,3}dmarc)", re.I)  # such as a line of a zone file
KNOWN = "|".join(TAGS)
LOST_SEMICOLON = re.compile(
    rf"(?<![;\s,])[\s,]+(?=(?:{KNOWN})\s*=|v\s*=\s*dmarc|ru[af][\s:]+mailto)", re.I
)
NO_EQUALS_SIGN = re.compile(rf"(;\s*(?:{KNOWN}))(?:\s*:|\s+(?=[^\s=:;]))", re.I)
ALIKE = 0.7  # of two words, by the letters they share in order, one of which is a slip


@lru_cache(maxsize=1024)
def mended(text: str) -> str:
    """Return a record as it was meant: semicolons, equals signs, each tag once, right addresses.

    What is no tag is left out, and so is a tag whose value receivers cannot read, as its default
    holds. A policy that is nearly one becomes that one; whether it is a valid one is left to
    `merged_dmarc`.
    """
    blank = with_blanks(text)
    readable = blank if is_record(text) and is_plain(text) else _begun_right(blank)
    listed = joined(closed(with_equals(parted(readable))))
    written = with_uris(";".join(_right_parts(listed)))
    return written.encode("ascii", "ignore").decode()


def parted(text: str) -> str:
    """Return a record with a semicolon wherever a blank or comma stands in its place."""
    return LOST_SEMICOLON.sub("; ", text)


def with_equals(text: str) -> str:
    """Return a record with an equals sign wherever a colon or a blank stands in its place."""
    return NO_EQUALS_SIGN.sub(r"\1=", text)


def lacking_equals(text: str) -> list[str]:
    """Return the known tags that have a colon or a blank in place of their equals sign."""
    return [found[1].lstrip("; ").lower() for found in NO_EQUALS_SIGN.finditer(text)]


def is_zone_file_line(text: str) -> bool:
    """Whether a text is a whole line of a zone file, or the end of one from its type on."""
    return ZONE_FILE_LINE.match(text) is not None


def _begun_right(text: str) -> str:
    """Return a text that was meant as a record without what it brought along, version first."""
    letters = OCTETS.sub(_letters, _out_of_zone_file(text))
    plain = BEFORE.sub("", NOT_PLAIN.sub("", letters)).strip(" ()")
    rest = re.sub(r"(?i)^[^a-z0-9]*(v\W{0,3}=?\W{0,3})?dmarc\s*1?[\s,;:/|.]*", "", plain)
    rest = re.sub(r"(?i);?\s*v\s*=\s*dmarc1\s*$|;\s*v\s*=\s*dmarc1\s*(?=;)", "", rest)
    return f"v=DMARC1; {rest}".rstrip()


def _out_of_zone_file(text: str) -> str:
    """Return what stands between the quotation marks of a zone file's line (RFC 1035 5.1)."""
    line = ZONE_FILE_LINE.match(text)
    return "".join(STRING.findall(line[1])) or text if line else text


def _letters(octets: re.Match[str]) -> str:
    """Return the letters that octets beyond ASCII are; quotation marks and blanks are dropped."""
    text = bytes.fromhex(octets[0].replace("\\x", "")).decode(errors="ignore")
    return "".join(letter for letter in text if letter.isalnum())


def _right_parts(text: str) -> list[str]:
    """Return what stands between the semicolons, each tag once and with a value it may hold."""
    parts: list[str] = []
    places: dict[str, int] = {}
    for part in text.split(";"):
        name, value = named(part)
        if name is None:
            parts += [] if value else [part]
        elif name in places:
            parts[places[name]] += f",{value}" if name in REPORTS else ""
        elif name in INHERITED or is_valid(name, value):
            places[name] = len(parts)
            parts.append(part if is_valid(name, value) else _as_policy(name, value))
    return parts


def _as_policy(name: str, value: str) -> str:
    """Return a policy tag with the policy that was meant; one for subdomains falls back on none."""
    meant = get_close_matches(value.lower(), POLICIES, 1, ALIKE)
    fallback = value if name == "p" else POLICIES[0]
    return f" {name}={meant[0] if meant else fallback}"
