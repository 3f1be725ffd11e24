"""DMARC records as text: their tags, and one record out of several (RFC 9989; earlier RFC 7489)."""

import re
from collections.abc import Iterable, Mapping, Sequence

POLICIES = ("none", "quarantine", "reject")  # the softest first
INHERITED = {"p": (), "sp": ("p",), "np": ("sp", "p")}  # where a missing policy is taken from
ALIGNMENTS = ("adkim", "aspf")
REPORTS = ("rua", "ruf")
OBSOLETE = ("pct", "rf", "ri")  # of RFC 7489, gone in RFC 9989
STARTS_RIGHT = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)")
MEANT = re.compile(
    r"(?:\\x[0-9a-f]{2}|[^a-z0-9])*(v\W{0,3}=?\W{0,3})?dmarc|\s*p\s*=\s*(none|quarantine|reject)\b",
    re.I,
)
URI = re.compile(r"mailto:|[a-z][a-z0-9+.-]*://", re.I)
NOT_PLAIN = re.compile(r"\\x[0-9a-f]{2}|[\\\"']", re.I)  # what a pasted value brings along
LOST_SEMICOLON = re.compile(
    r"(?<![;\s,])[\s,]+(?=(?:p|sp|np|adkim|aspf|rua|ruf|fo|ri|rf|pct|t|psd)\s*=)", re.I
)


def is_record(text: str) -> bool:
    """Whether a TXT begins as a DMARC record does (RFC 9989 section 4.7)."""
    return STARTS_RIGHT.match(text) is not None


def is_plain(text: str) -> bool:
    """Whether a text is free of quotation marks and backslashes, which no record holds."""
    return '"' not in text and "\\" not in text


def published_among(texts: Sequence[str]) -> list[str]:
    """Return the DMARC records among the TXT at a name, else the first that was meant as one."""
    records = [text for text in texts if is_record(text)]
    return records or [text for text in texts if MEANT.match(text)][:1]


def tags(text: str) -> dict[str, str] | None:
    """Return the tags of a record, names in lower case, or None for any other text.

    Of two tags with one name the first counts.
    """
    if not is_record(text):
        return None
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def mended(text: str) -> str:
    """Return a record as it was meant: readable, with semicolons, and addresses as URIs.

    Whether it has a valid policy is left to `merged_dmarc`.
    """
    readable = text if is_record(text) and is_plain(text) else _begun_right(text)
    return re.sub(r"(;\s*ru[af]\s*=)([^;]*)", _with_scheme, parted(readable), flags=re.I)


def parted(text: str) -> str:
    """Return a record with a semicolon wherever a blank or comma stands in its place."""
    return LOST_SEMICOLON.sub("; ", text)


def _begun_right(text: str) -> str:
    """Return a text that was meant as a record without what it brought along, version first."""
    plain = NOT_PLAIN.sub("", text).strip()
    rest = re.sub(r"(?i)^[^a-z0-9]*(v\W{0,3}=?\W{0,3})?dmarc\s*1?[\s,;:]*", "", plain)
    rest = re.sub(r"(?i);?\s*v\s*=\s*dmarc1\s*$|;\s*v\s*=\s*dmarc1\s*(?=;)", "", rest)
    return f"v=DMARC1; {rest}".rstrip()


def are_uris(addresses: str) -> bool:
    """Whether each address of a report tag is a URI, as it must be."""
    parts = [part.strip() for part in addresses.split(",")]
    return all(URI.match(part) for part in parts if part)


def _with_scheme(tag: re.Match[str]) -> str:
    return tag[1] + (tag[2] if are_uris(tag[2]) else ",".join(_addresses(tag[2])))


def _addresses(value: str) -> list[str]:
    """Return the addresses of a report tag as URIs."""
    parts = [part.strip() for part in value.split(",") if part.strip()]
    return [part if URI.match(part) else f"mailto:{part}" for part in parts]


def merged_dmarc(wanted: Sequence[str], published: Sequence[str] = ()) -> str:
    """Return one record for what is published and what providers suggest.

    What is published is the owner's choice and stays, by the letter if it can be read and nothing
    is added; suggestions only add addresses for reports. Without it, suggestions that differ make
    the softest record that satisfies all. A suggestion alone is returned as it is.
    """
    if not published and len(set(wanted)) == 1:
        return wanted[0]
    kept = [mended(text) for text in published]
    offered = [mended(text) for text in wanted]
    suggested = [_current(tags(text) or {}) for text in offered]
    sources = [tags(text) or {} for text in kept] or suggested
    merged = dict(sources[0]) if len(sources) == 1 else _agreed(sources)
    merged |= {"v": "DMARC1", "p": _softest("p", sources)}
    for name in REPORTS:
        _add_addresses(merged, name, [*sources, *suggested])
    for text in (*kept, *offered):
        if tags(text) == merged:
            return text
    return text_of(merged)


def _current(suggested: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in suggested.items() if name not in OBSOLETE}


def _agreed(sources: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the tags of several records, the softer value where they differ."""
    agreed: dict[str, str] = {}
    for name in dict.fromkeys(name for source in sources for name in source):
        if name in INHERITED:
            agreed[name] = _softest(name, sources)
        elif name not in ALIGNMENTS:
            agreed[name] = next(source[name] for source in sources if name in source)
        elif all(source.get(name, "r").lower() == "s" for source in sources):
            agreed[name] = "s"  # relaxed is what holds without the tag
    return agreed


def _softest(name: str, sources: Iterable[Mapping[str, str]]) -> str:
    """Return the softest of the policies that are one, and none if no record has any."""
    stated = [
        next((source[other] for other in (name, *INHERITED[name]) if other in source), "")
        for source in sources
    ]
    valid = [policy for policy in stated if policy.lower() in POLICIES]
    return min(valid, key=lambda policy: POLICIES.index(policy.lower()), default=POLICIES[0])


def _add_addresses(merged: dict[str, str], name: str, sources: Iterable[Mapping[str, str]]) -> None:
    """Add the addresses of all records to a report tag, each once, whatever its size limit."""
    union: dict[str, str] = {}
    known = _addresses(merged.get(name, ""))
    more = (address for source in sources for address in _addresses(source.get(name, "")))
    for address in (*known, *more):
        union.setdefault(address.partition("!")[0].lower(), address)
    if len(union) > len(known):
        merged[name] = ",".join(union.values())


def text_of(values: Mapping[str, str]) -> str:
    """Return the record with these tags: the version and the policy first."""
    first = {"v": values["v"], "p": values["p"]}
    return "; ".join(f"{name}={value}" for name, value in {**first, **values}.items())
