"""Name servers as an operator writes them, and those of this machine."""

import ipaddress

import dns.exception
import dns.resolver

Server = tuple[str, int]  # address and port


def parse_server(text: str) -> Server:
    """Return address and port of `127.0.0.1:5353`, `[::1]:53` or `9.9.9.9`.

    Raises `ValueError` with a sentence when it is none of these.
    """
    host, port = text.strip(), "53"
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or "53"
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
