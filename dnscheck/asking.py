"""Verb: reads from the settings which resolvers are asked, and how much."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from dnscheck.resolver import Server, parse_server, system_servers
from dnscheck.resolver.pace import Pace

# A resolver of our own has no need to be spared; anybody else's is asked so much at most.
PER_SECOND, AT_ONCE, AT_ONCE_HERE = 50.0, 50, 3_000
# On this host, but they only pass questions on: systemd-resolved, and Docker's.
FORWARDERS = ("127.0.0.53", "127.0.0.54", "127.0.0.11")


@dataclass(frozen=True)
class Allowance:
    """Resolvers, and how many questions they may get a second (0: any number) and at once."""

    servers: tuple[Server, ...]
    per_second: float
    at_once: int

    @property
    def pace(self) -> Pace:
        """The pace that all threads of this process keep."""
        return _pace(self.per_second)


@cache
def _pace(per_second: float) -> Pace:
    return Pace(per_second)


def allowance(named: Sequence[str] = ()) -> Allowance:
    """Return what may be asked of these resolvers, else of those of the settings or this machine.

    Raises `ValueError` with a sentence for one that is none.
    """
    wanted = named or settings.DNS_SERVERS
    servers = tuple(map(parse_server, wanted)) or tuple(system_servers())
    is_ours = all(_is_ours(address) for address, _ in servers)
    at_once, per_second = settings.DNS_QUESTIONS_AT_ONCE, settings.DNS_QUESTIONS_PER_SECOND
    if per_second is None:
        per_second = 0 if is_ours else PER_SECOND
    return Allowance(servers, per_second, at_once or (AT_ONCE_HERE if is_ours else AT_ONCE))


def _is_ours(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback and address not in FORWARDERS
