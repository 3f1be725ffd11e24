"""Name servers as an operator writes them, and those of this machine."""

import ipaddress

import dns.exception
import dns.resolver

Server = tuple[str, int]  # address and port
DNS_PORT = 53


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


def may_be_asked(address: str, resolver: Server) -> bool:
    """Whether an address found in a zone may be asked by somebody who uses this resolver.

    Names in a zone must not lead into the operator's network. A laboratory is in it: its resolver
    is on loopback, at a port of its own.
    """
    host, port = resolver
    if ipaddress.ip_address(host).is_loopback and port != DNS_PORT:
        return True
    found = ipaddress.ip_address(address)
    return found.is_global and not found.is_multicast
