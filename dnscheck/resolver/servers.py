"""Name servers as an operator writes them, and those of this machine."""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network

import dns.exception
import dns.resolver

Server = tuple[str, int]  # address and port
DNS_PORT = 53
GLOBAL_UNICAST = IPv6Network("2000::/3")  # all of IPv6 that IANA has given out
# An IPv4 address is inside: 6to4 (RFC 3056), Teredo (RFC 4380), and NAT64, which stands for it.
CARRIERS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
AZURE = IPv4Address("168.63.129.16")  # answers for a private network, on a public address


def parse_server(text: str) -> Server:
    """Return address and port of `127.0.0.1:5353`, `[::1]:53` or `9.9.9.9`.

    Raises `ValueError` with a sentence when it is none of these.
    """
    host, port = text.strip(), str(DNS_PORT)
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError:
        raise ValueError(f"“{text}” is no name server: write ADDRESS or ADDRESS:PORT.") from None
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"“{text}” has no valid port: write ADDRESS:PORT.")
    return address, int(port)


def system_servers() -> list[Server]:
    """Return the resolvers this machine is set up to use; none when it has none."""
    try:
        found = dns.resolver.Resolver()
    except dns.exception.DNSException:
        return []
    return [(str(address), found.port) for address in found.nameservers]


def shown(server: Server) -> str:
    """Return a server as an operator writes it."""
    host, port = server
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_in_reach(server: Server) -> bool:
    """Whether this host has any way to a server; nothing is sent."""
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(server)
    except OSError:
        return False
    return True


def may_be_asked(address: str, resolver: Server) -> bool:
    """Whether an address found in a zone may be asked by somebody who uses this resolver.

    Names in a zone must not lead into the operator's network. A laboratory is in it: its resolver
    is on loopback, at a port of its own.
    """
    host, port = resolver
    if ipaddress.ip_address(host).is_loopback and port != DNS_PORT:
        return True
    return _is_public(ipaddress.ip_address(address))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and address != AZURE
    if address in NAT64:
        return _is_public(IPv4Address(address.packed[-4:]))
    is_carrier = any(address in network for network in CARRIERS)
    return address.is_global and address in GLOBAL_UNICAST and not is_carrier
