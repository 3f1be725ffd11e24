"""Which servers may be dialled, and how a host that a person typed is brought into shape.

A form, a connection test and a delivery all ask here, so that no way in is laxer than another.
"""

import functools
import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import idna

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = frozenset({25, 465, 587, 2465, 2525, 2587})


@dataclass(frozen=True)
class Policy:
    """What an operator allows a connection to do. Times are seconds, sizes are octets.

    `networks` are the ones opened beyond the public internet, for relays on private addresses.
    `ca_file` is a bundle of certificates trusted in addition to the system's. A stage other than
    connecting and handing over the message ends after `stage_seconds`, everything together after
    `total_seconds`. `max_bytes` is what a server may send in one session.
    """

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = PORTS
    ca_file: str = ""
    total_seconds: float = 30
    stage_seconds: float = 10
    connect_seconds: float = 5
    max_line: int = 2048
    max_bytes: int = 100_000
    allow_plain_auth: bool = False


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


# The three lists follow the IANA special-purpose address registries for IPv4 and IPv6 and their
# multicast ranges. `ipaddress.is_global` is not used: its answers changed between patch releases
# of Python, and it lets through multicast, NAT64, and addresses that carry another one inside.

# Never a mail server, whatever an operator opens. Most of them reach something else than they say.
NEVER = _networks(
    "0.0.0.0/8",  # "this host": Linux connects to loopback
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "100::/64",  # discard-only, RFC 6666
    "2001::/32",  # Teredo, RFC 4380: an IPv4 address inside
    "2002::/16",  # 6to4, RFC 7526: likewise
    "ff00::/8",
)
IPV4_COMPATIBLE = IPv6Network("::/96")  # deprecated by RFC 4291 section 2.5.5.1

# Opened only by a network that lies inside the range, so that "everything" does not include them.
GUARDED = _networks(
    "127.0.0.0/8",
    "::1/128",
    "169.254.0.0/16",  # link-local; 169.254.169.254 is the metadata service of most clouds
    "fe80::/10",
    "fd00:ec2::/32",  # metadata service of AWS
    "fd20:ce::/32",  # of Google Cloud
    "100.100.100.200/32",  # of Alibaba Cloud
    "168.63.129.16/32",  # of Azure, inside public space
)

# Opened by any network of the operator's that contains the address.
CLOSED = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",  # carrier-grade NAT, RFC 6598
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",  # 6to4 relays, RFC 7526
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
)
GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out; outside, IPv6 is closed
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: stands for a public IPv4 address, or is invalid


@functools.lru_cache(maxsize=1024)  # each attempt asks again
def may_dial(address: str, policy: Policy) -> bool:
    """Whether this literal address may be connected to. A name or a zone id never may."""
    ip = _unwrapped(address)
    if ip is None or _inside(ip, NEVER):
        return False
    if ip in NAT64:
        return may_dial(str(IPv4Address(int(ip) & 0xFFFFFFFF)), Policy())
    return _opened(ip, policy) or _public(ip)


def is_opened(address: str, policy: Policy) -> bool:
    """Whether the operator opened a network for this address: it is one of their own machines."""
    ip = _unwrapped(address)
    return ip is not None and _opened(ip, policy)


def _unwrapped(address: str) -> Address | None:
    """Read an address; an IPv4-mapped one is the IPv4 address that would really be dialled."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, IPv4Address):
        return ip
    if ip.scope_id or (ip in IPV4_COMPATIBLE and int(ip) > 1):
        return None
    return ip.ipv4_mapped or ip


def _inside(ip: Address, networks: tuple[Network, ...]) -> bool:
    return any(ip in network for network in networks)


def _opened(ip: Address, policy: Policy) -> bool:
    guard = next((network for network in GUARDED if ip in network), None)
    return any(
        ip in network and (guard is None or _is_part(network, guard)) for network in policy.networks
    )


def _is_part(network: Network, whole: Network) -> bool:
    """Whether one network lies inside another; both hold the same address, so the same version."""
    return network.network_address in whole and network.broadcast_address in whole


def _public(ip: Address) -> bool:
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    return not _inside(ip, GUARDED) and not _inside(ip, CLOSED)


SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
PORT = re.compile(r"(?:[^:]*|\[.*\])(:[0-9]+)")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # what getaddrinfo reads as a part of an address


@functools.lru_cache(maxsize=1024)
def clean_host(text: str) -> str:
    """Return the host name or address in the one form that is stored and dialled.

    A name comes back in lower case, as A-labels, without a final dot; an address in its usual
    spelling. Raises `ValueError` with a sentence for the person who typed it. Whether an address
    may be dialled is left to `may_dial`.
    """
    host = text.strip()
    _refuse_more_than_a_host(host)
    host = host.removesuffix(".")
    inner = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        ip = ipaddress.ip_address(inner)
    except ValueError:
        return _clean_name(host)
    if isinstance(ip, IPv4Address):
        return str(ip)
    if ip.scope_id:
        raise ValueError(f"Leave out “%{ip.scope_id}”: an address with a zone cannot be used here.")
    return str(ip.ipv4_mapped or ip)


def _refuse_more_than_a_host(host: str) -> None:
    """Name the part that does not belong into the field."""
    if not host:
        raise ValueError("Enter the name of the mail server, such as smtp.example.com.")
    if len(host) > 1000:
        raise ValueError("This is too long: a server's name has at most 253 characters.")
    if scheme := SCHEME.match(host):
        raise ValueError(f"Leave out “{scheme[0]}”: only the server's name belongs here.")
    if "/" in host:
        raise ValueError(
            f"Leave out “{host[host.index('/') :]}”: only the server's name belongs here."
        )
    if "@" in host:
        user = host[: host.rindex("@") + 1]
        raise ValueError(f"Leave out “{user}”: the user name has a field of its own.")
    if any(character.isspace() for character in host):
        raise ValueError("Leave out the blank: a server's name has none inside.")
    if port := PORT.fullmatch(host):
        raise ValueError(f"Leave out “{port[1]}”: the port has a field of its own.")


def _clean_name(host: str) -> str:
    name = host.lower() if host.isascii() else _to_ascii(host)
    labels = name.split(".")
    if NUMBER.fullmatch(labels[-1]):
        # Forms such as 127.1, 0x7f.1 and 2130706433 would be read as addresses. No real name
        # ends in a number: top-level domains are alphabetic (RFC 3696 section 2).
        raise ValueError(
            "Write an address as four decimal numbers, such as 192.0.2.25, or enter a name."
        )
    if len(name) > 253:
        raise ValueError("This is too long: a server's name has at most 253 characters.")
    for label in labels:
        if not label:
            raise ValueError("There is a dot too many: something is missing beside it.")
        if len(label) > 63:
            raise ValueError(f"“{label[:20]}…” is too long: a part has at most 63 characters.")
        if not LABEL.fullmatch(label):
            raise ValueError(f"“{label}” cannot be part of a server's name.")
    return name


def _to_ascii(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii").removesuffix(".")
    except UnicodeError as error:  # idna.IDNAError is one
        raise ValueError(f"“{host[:80]}” is not a valid international name.") from error
