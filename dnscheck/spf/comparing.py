"""When one SPF term says what another says, or says it of more senders (RFC 7208 section 5)."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from dnscheck.spf.terms import is_redirect

Network = IPv4Network | IPv6Network
NETWORKS: dict[str, type[IPv4Network] | type[IPv6Network]] = {
    "ip4": IPv4Network,
    "ip6": IPv6Network,
}


@dataclass(frozen=True)
class Meaning:
    """What a term says, in the one form in which it can be compared.

    `text` is in lower case and without `+`, with the name that `a` and `mx` leave out, addresses
    canonical, a redirect as an include. `network` is that of `ip4` and `ip6`.
    """

    text: str
    network: Network | None = None

    def covers(self, other: "Meaning") -> bool:
        """Whether this says what the other says: the same, or a network around its network."""
        if self.text == other.text:
            return True
        if self.network is None or other.network is None:
            return False
        is_larger = self.network.prefixlen <= other.network.prefixlen
        return is_larger and other.network.network_address in self.network


def meaning(term: str, name: str) -> Meaning:
    """Return what a term says in the record at `name`."""
    text = term.lower().removeprefix("+")
    return _meaning(f"{text}:{name.lower()}" if text in ("a", "mx") else text)


@lru_cache(maxsize=4096)  # domains of one provider name the same senders
def _meaning(text: str) -> Meaning:
    if is_redirect(text):
        text = "include:" + text.removeprefix("redirect=")
    kind, _, value = text.partition(":")
    if kind not in NETWORKS:
        return Meaning(text.rstrip("."))
    try:
        network = NETWORKS[kind](value, strict=False)
    except ValueError:
        return Meaning(text)
    return Meaning(f"{kind}:{network}", network)


class Said:
    """What some terms say in all. To hold one more against them costs the same for any number."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._lengths: dict[int, set[int]] = {4: set(), 6: set()}
        self._networks: set[tuple[int, int, int]] = set()

    def add(self, one: Meaning) -> None:
        """Add what one more term says."""
        self._texts.add(one.text)
        if one.network is not None:
            self._lengths[one.network.version].add(one.network.prefixlen)
            self._networks.add(_leading_bits(one.network, one.network.prefixlen))

    def covers(self, wanted: Meaning) -> bool:
        """Whether one of the terms says this, as `Meaning.covers`."""
        if wanted.text in self._texts:
            return True
        network = wanted.network
        return network is not None and any(
            _leading_bits(network, length) in self._networks
            for length in self._lengths[network.version]
            if length <= network.prefixlen
        )


def _leading_bits(network: Network, length: int) -> tuple[int, int, int]:
    """Return the first bits of a network, with their number and the version."""
    bits = int(network.network_address) >> (network.max_prefixlen - length)
    return network.version, length, bits
