"""DMARC records as text: their tags, and one record out of several (RFC 9989; earlier RFC 7489)."""

import re
from collections.abc import Iterable, Mapping, Sequence

from dnscheck.names import clean_domain

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
SCHEME = re.compile(r"mailto:|[a-z][a-z0-9+.-]*://", re.I)
URI = re.compile(
    r"mailto:(?!mailto:|/)[^\s<>@,]+@[^\s<>@,]+|(?!mailto:)[a-z][a-z0-9+.-]*://[^\s<>,]+", re.I
)
NOT_PLAIN = re.compile(r"\\x[0-9a-f]{2}|[\\\"']", re.I)  # what a pasted value brings along
OCTETS = re.compile(r"(?:\\x[89a-f][0-9a-f])+", re.I)  # beyond ASCII
BEFORE = re.compile(r"^[^=;]*(?=\bv\W{0,3}=\W{0,3}dmarc)", re.I)  # such as a line of a zone file
LOST_SEMICOLON = re.compile(rf"(?<![;\s,])[\s,]+(?=(?:{'|'.join(TAGS)})\s*=)", re.I)
COLON = re.compile(rf"(;\s*(?:{'|'.join(TAGS)})\s*):", re.I)


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
    if not is_record(text):
        return None
    found: dict[str, str] = {}
    for name, value in map(_named, with_blanks(text).split(";")):
        if name is not None:
            found.setdefault(name, value)
    return found


def _named(part: str) -> tuple[str | None, str]:
    """Return the name and the value of a tag; what is no tag has None as its name."""
    name, equals, value = part.partition("=")
    return (name.strip().lower(), value.strip()) if equals else (None, part.strip())


def repeated(text: str) -> list[str]:
    """Return the known tags that a record has more than once."""
    names = [_named(part)[0] for part in text.split(";")]
    return [name for name in ("v", *TAGS) if names.count(name) > 1]


def mended(text: str) -> str:
    """Return a record as it was meant: semicolons, equals signs, each tag once, right addresses.

    A tag whose value receivers cannot read is left out, as its default holds. Whether the policy
    is a valid one is left to `merged_dmarc`.
    """
    blank = with_blanks(text)
    readable = blank if is_record(text) and is_plain(text) else _begun_right(blank)
    listed = joined(closed(";".join(_right_parts(with_equals(parted(readable))))))
    written = re.sub(r"(;\s*ru[af]\s*=)([^;]*)", _with_uris, listed, flags=re.I)
    return written.encode("ascii", "ignore").decode()


def parted(text: str) -> str:
    """Return a record with a semicolon wherever a blank or comma stands in its place."""
    return LOST_SEMICOLON.sub("; ", text)


def with_equals(text: str) -> str:
    """Return a record with an equals sign wherever a colon stands behind the name of a tag."""
    return COLON.sub(r"\1=", text)


def with_value(text: str, name: str, value: str) -> str:
    """Return a record with another value for a tag that it has."""
    return re.sub(rf"(;\s*{name}\s*=)[^;]*", rf"\g<1>{value}", text, flags=re.I)


def closed(text: str) -> str:
    """Return a record without blanks between `mailto:` and the address."""
    return re.sub(r"(mailto:)\s+(?=[^\s,;:]+@)", r"\1", text, flags=re.I)


def joined(text: str) -> str:
    """Return a record with commas in its lists of addresses where semicolons or blanks are."""
    parts: list[str] = []
    for part in text.split(";"):
        if parts and _named(parts[-1])[0] in REPORTS and _is_address(part):
            parts[-1] += f",{part.strip()}"
        else:
            parts.append(part)
    return ";".join(_with_commas(part) if _named(part)[0] in REPORTS else part for part in parts)


def _with_commas(part: str) -> str:
    name, equals, value = part.partition("=")
    return name + equals + re.sub(r"(?<=[^\s,])\s+(?=[^\s,])", ",", value)


def _is_address(part: str) -> bool:
    """Whether what stands between two semicolons is an address rather than a tag."""
    bare = part.strip().lstrip("<")
    return SCHEME.match(bare) is not None or ("@" in bare and "=" not in bare)


def _begun_right(text: str) -> str:
    """Return a text that was meant as a record without what it brought along, version first."""
    plain = BEFORE.sub("", NOT_PLAIN.sub("", OCTETS.sub(_letters, text))).strip(" ()")
    rest = re.sub(r"(?i)^[^a-z0-9]*(v\W{0,3}=?\W{0,3})?dmarc\s*1?[\s,;:/|.]*", "", plain)
    rest = re.sub(r"(?i);?\s*v\s*=\s*dmarc1\s*$|;\s*v\s*=\s*dmarc1\s*(?=;)", "", rest)
    return f"v=DMARC1; {rest}".rstrip()


def _letters(octets: re.Match[str]) -> str:
    """Return the letters that octets beyond ASCII are; quotation marks and blanks are dropped."""
    text = bytes.fromhex(octets[0].replace("\\x", "")).decode(errors="ignore")
    return "".join(letter for letter in text if letter.isalnum())


def _right_parts(text: str) -> list[str]:
    """Return what stands between the semicolons, each tag once and with a value it may hold."""
    parts: list[str] = []
    places: dict[str, int] = {}
    for part in text.split(";"):
        name, value = _named(part)
        if name in places:
            parts[places[name]] += f",{value}" if name in REPORTS else ""
        elif name is None or is_valid(name, value) or name == "p":
            places |= {} if name is None else {name: len(parts)}
            parts.append(part)
        elif name in INHERITED:
            places[name] = len(parts)
            parts.append(f" {name}={POLICIES[0]}")
    return parts


def are_uris(addresses: str) -> bool:
    """Whether each address of a report tag names its scheme, as a URI does."""
    return all(SCHEME.match(part.lstrip("<")) for part in addresses_in(addresses))


def addresses_in(value: str) -> list[str]:
    """Return the addresses of a report tag as they are written."""
    return [part for part in re.split(r"[\s,]+", value) if part]


def as_uri(address: str) -> str:
    """Return an address of a report tag as the URI it must be; empty if it can be none."""
    address = _in_ascii(address)
    if URI.fullmatch(address):
        return address
    bare = re.sub(r"^[<]*(?:mail(?:to)?[:=][/<]*)*|[<>]", "", address, flags=re.I)
    return f"mailto:{bare}" if URI.fullmatch(f"mailto:{bare}") else ""


def _in_ascii(address: str) -> str:
    """Return an address with its domain as A-labels; empty if that is not possible."""
    local, at, host = address.rpartition("@")
    if address.isascii():
        return address
    try:
        return f"{local}{at}{clean_domain(host, laboratory=True)}" if local.isascii() else ""
    except ValueError:
        return ""


def _with_uris(tag: re.Match[str]) -> str:
    """Return a report tag with right addresses, by the letter if all are; empty without any."""
    written = addresses_in(tag[2])
    if tag[2].isascii() and all(map(URI.fullmatch, written)):
        return tag[0]
    return f"{tag[1]}{','.join(uris)}" if (uris := _uris(tag[2])) else ""


def _uris(value: str) -> list[str]:
    return [uri for address in addresses_in(value) if (uri := as_uri(address))]


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
    known = _uris(merged.get(name, ""))
    more = (address for source in sources for address in _uris(source.get(name, "")))
    for address in (*known, *more):
        union.setdefault(address.partition("!")[0].lower(), address)
    if len(union) > len(known):
        merged[name] = ",".join(union.values())


def text_of(values: Mapping[str, str]) -> str:
    """Return the record with these tags: the version and the policy first."""
    first = {"v": values["v"], "p": values["p"]}
    return "; ".join(f"{name}={value}" for name, value in {**first, **values}.items())
