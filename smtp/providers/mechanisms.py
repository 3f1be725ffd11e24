"""SPF mechanisms as a person types them: read strictly, or answered with what to write instead."""

import ipaddress
import re
from typing import NoReturn

from smtp.providers.parts import HOST

_HOST = re.compile(rf"(?=.{{1,253}}\Z){HOST}")
_SERVERS = re.compile(
    r"(?P<kind>a|mx)(?::(?P<host>[^/]+))?"
    r"(?P<prefix>(?:/(?P<four>[^/]*))?(?://(?P<six>[^/]*))?)"
)
_ENDS = ("~all", "-all", "?all")
_MOST_BITS = {4: 32, 6: 128}


def read_mechanisms(text: str, domain: str) -> str:
    """Return the mechanisms that name senders (RFC 7208 section 5), each once, a blank between.

    `text` holds mechanisms, or a whole record, of which version and end are passed over; `domain`
    is the sending domain, or empty. Raises `ValueError` with a sentence for the person; of what
    was pasted it repeats a host name or an address at most.
    """
    words = text.lower().split()
    is_record = words[:1] == ["v=spf1"]
    terms = [word for word in words[is_record:] if not (is_record and word in _ENDS)]
    if not terms:
        raise ValueError("This record names no sender. Copy the one that names the server.")
    return " ".join(dict.fromkeys(_mechanism(term.removeprefix("+"), domain) for term in terms))


def _mechanism(term: str, domain: str) -> str:
    """Return one mechanism as it stands in a record."""
    _refuse_ends(term)
    kind, _, rest = term.partition(":")
    for address in (term, rest):
        if kind not in ("ip4", "ip6") and (version := _version(address)):
            raise ValueError(f"Write {_network(version, address)}.")
    host = rest.removesuffix(".")
    if kind == "include" and _HOST.fullmatch(host):
        _refuse_itself(host, domain)
        return f"include:{host}"
    if kind in ("ip4", "ip6"):
        return _network(int(kind[2]), rest)
    if servers := _SERVERS.fullmatch(term):
        return _servers(servers)
    if _HOST.fullmatch(term):
        _refuse_itself(term, domain)
        raise ValueError(f"Write include:{term}, a:{term} or mx:{term}.")
    _unknown()


def _refuse_ends(term: str) -> None:
    """Refuse what names no sender but is a term of SPF all the same."""
    if term == "all":
        raise ValueError(
            "“all” without ~ or - lets everybody send in the name of your domain. Leave it out."
        )
    if term in _ENDS:
        raise ValueError(f"Leave out {term}: the record gets its end by itself.")
    if term.startswith(("-", "~", "?")):
        raise ValueError("A mechanism with -, ~ or ? permits no sender. Leave it out, or the sign.")
    if term.startswith("redirect="):
        raise ValueError(
            "“redirect=” puts another record in place of this. Write include: instead."
        )
    if term.partition(":")[0] == "ptr":
        raise ValueError("“ptr” is not to be used (RFC 7208 section 5.5). Write a, mx or ip4:.")


def _refuse_itself(host: str, domain: str) -> None:
    if host == domain:
        raise ValueError(
            "The record cannot include itself. "
            "Write a for the domain's own address, or mx for its mail servers."
        )


def _servers(found: re.Match[str]) -> str:
    """Return `a` or `mx`, each with or without a host and the lengths of prefixes."""
    host = (found["host"] or "").removesuffix(".")
    if found["host"] and not _HOST.fullmatch(host):
        _unknown()
    for version, bits in ((4, found["four"]), (6, found["six"])):
        if bits is not None:
            _check_bits(version, bits)
    return f"{found['kind']}{host and f':{host}'}{found['prefix']}"


def _network(version: int, text: str) -> str:
    """Return `ip4` or `ip6` with an address, and the length of its prefix if one is given."""
    address, slash, bits = text.partition("/")
    actual = _version(address)
    if not actual:
        raise ValueError(
            "This is no IPv4 address: that is four numbers from 0 to 255, such as 192.0.2.1."
            if version == 4
            else "This is no IPv6 address: that is one such as 2001:db8::1."
        )
    if slash:
        _check_bits(actual, bits)
    mechanism = f"ip{actual}:{text}"
    if actual != version:
        raise ValueError(f"Write {mechanism}.")
    return mechanism


def _version(text: str) -> int:
    """Return 4 or 6 for an address or a network of that version, and 0 for anything else."""
    try:
        address = ipaddress.ip_address(text.partition("/")[0])
    except ValueError:
        return 0
    return 0 if "%" in text else address.version


def _check_bits(version: int, bits: str) -> None:
    """Refuse a prefix length that is none, or that covers every address (section 5.6)."""
    if bits == "0":
        raise ValueError("/0 covers every address there is, so that everybody may send.")
    most = _MOST_BITS[version]
    if not re.fullmatch(r"[1-9][0-9]{0,2}", bits) or int(bits) > most:
        raise ValueError(f"After the slash stands a number from 1 to {most}.")


def _unknown() -> NoReturn:
    raise ValueError(
        "This does not look like an SPF mechanism that names a server. "
        "Such are include:_spf.example.net, ip4:192.0.2.1, a and mx."
    )
