"""The way of a message by its Received fields (RFC 5321 section 4.4), and who handed it over."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dnscheck.names import organizational_domain
from dnscheck.received.message import Message
from dnscheck.received.results import Statement, address_in

MOST_HOPS = 50
_FROM = re.compile(r"from\s+(.*?)(?=\s+by\s|\s+with\s|\s+via\s|\s+id\s|;|$)", re.IGNORECASE)
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_WITH = re.compile(r"\swith\s+([^\s;()]+)", re.IGNORECASE)
_HELO = re.compile(r"\b(?:helo|ehlo)[ =]+\[?([^\s()\[\]]+)", re.IGNORECASE)
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F:.]+)\]", re.IGNORECASE)
_NAME = re.compile(r"\(\s*([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\.?[\s)\[]", re.IGNORECASE)
# Addresses inside of somebody's network. Those for documentation are left out on purpose.
_INNER = [
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"),
    )
]


@dataclass(frozen=True)
class Hop:
    """One Received field: who gave the message to whom. What is not said is empty.

    `helo` is what the client called itself, `name` what its address is called in the DNS.
    `position` counts the fields of the message from the top.
    """

    helo: str
    name: str
    ip: str
    by: str
    protocol: str
    position: int

    @property
    def is_outer(self) -> bool:
        """Whether the client's address is one of the internet."""
        return bool(self.ip) and is_outer(self.ip)


def is_outer(ip: str) -> bool:
    """Whether an address is not one inside of a network."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return not any(mapped in network for network in _INNER if network.version == mapped.version)


def hops(message: Message) -> tuple[Hop, ...]:
    """Return the Received fields of a message from the top, which is from the last server."""
    found = [
        _hop(field.value, position)
        for position, field in enumerate(message.fields)
        if field.name == "received"
    ]
    return tuple(found[:MOST_HOPS])


def handover(way: Sequence[Hop], said: Sequence[Statement]) -> tuple[str, Hop | None]:
    """Return the address that gave the message to its receiver, and the field that tells it.

    The receiver's own words about SPF come first, then the topmost field in which a server takes
    the message from another organization. Without either the address is empty.
    """
    told = next(filter(None, map(client_of, said)), "")
    if told:
        return told, next((hop for hop in way if hop.ip == told), None)
    outer = [hop for hop in way if hop.is_outer]
    foreign = [hop for hop in outer if not _is_inside(hop)]
    chosen = next(iter(foreign or outer), None)
    return (chosen.ip, chosen) if chosen else ("", None)


def client_of(said: Statement) -> str:
    """Return the client's address that a statement about SPF names, or nothing."""
    for result in said.results:
        named = result.get("smtp.remote-ip", "policy.iprev", "smtp.client-ip", "sender-ip")
        beside = address_in(result.comment) if result.method == "spf" else ""
        ip = address_in(named) or beside
        if ip and is_outer(ip):
            return ip
    return ""


def _hop(value: str, position: int) -> Hop:
    source = _FROM.match(value)
    given = source[1] if source else ""
    helo = _HELO.search(given)
    first = given.partition(" ")[0].strip("[]()")
    name = _NAME.search(given)
    bracketed = next(filter(None, map(address_in, _BRACKETED.findall(given))), "")
    return Hop(
        helo=(helo[1] if helo else first).rstrip(".").lower(),
        name=name[1].rstrip(".").lower() if name and not address_in(name[1]) else "",
        ip=bracketed or address_in(given.partition(" ")[2]) or address_in(first),
        by=_said(_BY, value).rstrip(".").lower(),
        protocol=_said(_WITH, value),
        position=position,
    )


def _said(pattern: re.Pattern[str], value: str) -> str:
    match = pattern.search(value)
    return match[1] if match else ""


def _is_inside(hop: Hop) -> bool:
    """Whether both ends are hosts of one organization."""
    ends = {organizational_domain(name) for name in (hop.name or hop.helo, hop.by) if "." in name}
    return len(ends) == 1 and bool(hop.by) and "." in hop.by
