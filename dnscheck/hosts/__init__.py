"""The DNS hosts Relaydesk knows, and how to tell them by the name servers of a zone."""

from collections.abc import Iterable
from dataclasses import dataclass

from dnscheck.hosts.base import DnsHost
from dnscheck.hosts.catalogue import GENERIC, HOSTS, get

__all__ = ["GENERIC", "HOSTS", "DnsHost", "Recognised", "choices", "get", "recognise"]


@dataclass(frozen=True)
class Recognised:
    """Who runs the name servers of a zone.

    `hosts` are certain. `candidates` share the servers that remain: it is one of them, and only
    the admin knows which.
    """

    hosts: tuple[DnsHost, ...] = ()
    candidates: tuple[DnsHost, ...] = ()

    @property
    def is_mixed(self) -> bool:
        """Whether several hosts serve the zone, as in a move that was left half done."""
        return len(self.hosts) + bool(self.candidates) > 1


def recognise(servers: Iterable[str]) -> Recognised:
    """Return who runs these name servers: the NS records at the top of the zone, not below.

    A company's servers may bear its customers' names, and then nobody is recognised.
    """
    names = set(servers)
    hosts = tuple(host for host in HOSTS if any(map(host.runs, names)))
    rest = {
        name for name in names if not any(host.runs(name) or host.may_run(name) for host in hosts)
    }
    candidates = tuple(host for host in HOSTS if any(map(host.may_run, rest)))
    return Recognised(hosts, candidates)


def choices() -> list[tuple[str, str]]:
    """Return slug and name of each host in menu order."""
    return [(host.slug, host.name) for host in HOSTS]
