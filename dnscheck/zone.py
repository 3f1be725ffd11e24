"""Finds the zone a domain lives in: where its records are kept, and who serves them."""

from collections.abc import Iterator
from dataclasses import dataclass

from dnscheck.answers import Ask, Status
from dnscheck.names import organizational_domain
from dnscheck.together import together


@dataclass(frozen=True)
class Zone:
    """A zone by its name, with its name servers sorted, in lower case, without trailing dots."""

    name: str
    servers: tuple[str, ...]


async def find_zone(domain: str, ask: Ask) -> Zone | None:
    """Return the zone a domain lives in: the nearest SOA record from the domain upwards.

    All levels are asked at once, since each is as far away as the next. Only a domain that was
    registered, or one below it, is taken for a zone: never a public suffix. Returns None if there
    is no such zone, and also if a question on the way could not be asked: the zone above would be
    a guess then.
    """
    names = list(_upwards(domain.rstrip(".").lower()))
    asked = (together(ask(name, "SOA"), ask(name, "NS")) for name in names)
    for name, (start, servers) in zip(names, await together(*asked), strict=True):
        if not start.definitive:
            return None
        # An SOA record behind a CNAME belongs to somebody else's zone.
        if start.status is Status.FOUND and not start.chain:
            if not servers.definitive:
                return None
            hosts = {text.rstrip(".").lower() for text in servers.texts}
            return Zone(name, tuple(sorted(hosts)))
    return None


def _upwards(domain: str) -> Iterator[str]:
    """Yield a domain and those above it, up to the one that was registered."""
    top = organizational_domain(domain)
    if organizational_domain(f"x.{top}") != top:
        return  # one could register below it: it is a public suffix
    labels = domain.split(".")
    for start in range(len(labels) - len(top.split(".")) + 1):
        yield ".".join(labels[start:])
