"""A DMARC record by the letter: what is one, its tags, and what they may hold."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

POLICIES = ("none", "quarantine", "reject")  # the softest first
INHERITED = {"p": (), "sp": ("p",), "np": ("sp", "p")}  # where a missing policy is taken from
ALIGNMENTS = ("adkim", "aspf")
REPORTS = ("rua", "ruf")
OBSOLETE = ("pct", "rf", "ri")  # of RFC 7489, gone in RFC 9989
HOLDS = {  # what the other tags may hold, in any case (RFC 9989 section 4.8)
    "adkim": r"[rs]",
    "aspf": r"[rs]",
    "fo": r"[01ds](?:\s*:\s*[01ds])*",  # also both 0 and 1, as RFC 7489 section 6.4 has it
    "psd": r"[nu]",  # y is for those who register domains for others
    "t": r"[yn]",
}
TAGS = (*INHERITED, *ALIGNMENTS, *REPORTS, "fo", "t", "psd", *OBSOLETE)
STARTS_RIGHT = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)")
MEANT = re.compile(
    r"(?:\\x[0-9a-f]{2}|[^a-z0-9])*(v\W{0,3}=?\W{0,3})?dmarc|\s*p\s*=\s*(none|quarantine|reject)\b"
    r"|[^=]*\bv\s*=\s*dmarc1",
    re.I,
)
NAME = re.compile(r"[a-z][a-z0-9_]*")


def is_record(text: str) -> bool:
    """Whether a TXT begins as a DMARC record does (RFC 9989 section 4.7)."""
    return STARTS_RIGHT.match(with_blanks(text)) is not None


def is_plain(text: str) -> bool:
    """Whether a text is free of quotation marks and backslashes, which no record holds."""
    return '"' not in text and "\\" not in with_blanks(text)


def with_blanks(text: str) -> str:
    """Return a record with a blank for each tab, which is as good (RFC 9989 section 4.8)."""
    return text.replace("\\x09", " ")


def is_valid(name: str, value: str) -> bool:
    """Whether a tag holds what it may hold; addresses and unknown tags are not looked into."""
    if name in INHERITED:
        return value.lower() in POLICIES
    return name not in HOLDS or re.fullmatch(HOLDS[name], value, re.I) is not None


def published_among(texts: Sequence[str]) -> list[str]:
    """Return the DMARC records among the TXT at a name, else the first that was meant as one."""
    records = [text for text in texts if is_record(text)]
    return records or [text for text in texts if MEANT.match(text)][:1]


def tags(text: str) -> dict[str, str] | None:
    """Return the tags of a record, names in lower case, or None for any other text.

    Of two tags with one name the first counts.
    """
    return dict(_tags(text)) if is_record(text) else None


@lru_cache(maxsize=1024)
def _tags(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in map(named, with_blanks(text).split(";")):
        if name is not None:
            found.setdefault(name, value)
    return found


@lru_cache(maxsize=4096)
def named(part: str) -> tuple[str | None, str]:
    """Return the name and the value of a tag; what is no tag has None as its name."""
    name, equals, value = part.partition("=")
    name = name.strip().lower()
    if equals and NAME.fullmatch(name):
        return name, value.strip()
    return None, part.strip()


def has_other_parts(text: str) -> bool:
    """Whether a record has something between its semicolons that is no tag."""
    return any(name is None and value for name, value in map(named, with_blanks(text).split(";")))


def repeated(text: str) -> list[str]:
    """Return the known tags that a record has more than once."""
    names = [named(part)[0] for part in text.split(";")]
    return [name for name in ("v", *TAGS) if names.count(name) > 1]


def with_value(text: str, name: str, value: str) -> str:
    """Return a record with another value for a tag that it has."""
    return re.sub(rf"(;\s*{name}\s*=)[^;]*", rf"\g<1>{value}", text, flags=re.I)


def text_of(values: Mapping[str, str]) -> str:
    """Return the record with these tags: the version and the policy first."""
    first = {"v": values["v"], "p": values["p"]}
    return "; ".join(f"{name}={value}" for name, value in {**first, **values}.items())
