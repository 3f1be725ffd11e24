"""The addresses for reports in a DMARC record: URIs, with commas between them."""

import re
from functools import lru_cache

from dnscheck.dmarc.record import REPORTS, named
from dnscheck.names import clean_domain

SCHEME = re.compile(r"mailto:|[a-z][a-z0-9+.-]*://", re.I)
URI = re.compile(
    r"mailto:(?!mailto:|/)[^\s<>@,]+@[^\s<>@,]+|(?!mailto:)[a-z][a-z0-9+.-]*://[^\s<>,]+", re.I
)
AFTER_SCHEME = re.compile(r"(?<=mailto)(?:\s*:\s+|\s*;\s*|\s+)(?=[^\s,;:@]+\s*@)", re.I)
AROUND_SIGN = re.compile(r"(mailto:[^\s,;:@]+)(?:\s+@\s*|@\s+)(?=\w)", re.I)


def addresses_in(value: str) -> list[str]:
    """Return the addresses of a report tag as they are written."""
    return [part for part in re.split(r"[\s,]+", value) if part]


def are_uris(addresses: str) -> bool:
    """Whether each address of a report tag names its scheme, as a URI does."""
    return all(SCHEME.match(part.lstrip("<")) for part in addresses_in(addresses))


def is_mailbox(uri: str) -> bool:
    """Whether an address is a mailbox: RFC 9990 knows no other way to send a report."""
    return uri.lower().startswith("mailto:")


def closed(text: str) -> str:
    """Return a record whose mailboxes are written without gaps: `mailto:a@b.example`."""
    return AROUND_SIGN.sub(r"\1@", AFTER_SCHEME.sub(":", text))


@lru_cache(maxsize=1024)
def joined(text: str) -> str:
    """Return a record with commas in its lists of addresses where semicolons or blanks are."""
    parts: list[str] = []
    for part in text.split(";"):
        if parts and named(parts[-1])[0] in REPORTS and _is_address(part):
            parts[-1] += f",{part.strip()}"
        else:
            parts.append(part)
    return ";".join(_with_commas(part) if named(part)[0] in REPORTS else part for part in parts)


def _with_commas(part: str) -> str:
    name, equals, value = part.partition("=")
    return name + equals + re.sub(r"(?<=[^\s,])\s+(?=[^\s,])", ",", value)


def _is_address(part: str) -> bool:
    """Whether what stands between two semicolons is an address rather than a tag."""
    bare = part.strip().lstrip("<")
    return SCHEME.match(bare) is not None or ("@" in bare and "=" not in bare)


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


def uris_in(value: str) -> list[str]:
    """Return the addresses of a report tag as URIs, without those that can be none."""
    return [uri for address in addresses_in(value) if (uri := as_uri(address))]


def with_uris(text: str) -> str:
    """Return a record with URIs in its report tags, each by the letter if it is right."""
    return re.sub(r"(;\s*ru[af]\s*=)([^;]*)", _of_tag, text, flags=re.I)


def _of_tag(tag: re.Match[str]) -> str:
    """Return a report tag with right addresses; empty without any."""
    if tag[2].isascii() and all(map(URI.fullmatch, addresses_in(tag[2]))):
        return tag[0]
    return f"{tag[1]}{','.join(uris)}" if (uris := uris_in(tag[2])) else ""
