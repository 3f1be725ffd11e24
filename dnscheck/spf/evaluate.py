"""May this address send for this domain? The check_host function of RFC 7208 section 4."""

import contextlib
import datetime as dt
import ipaddress

from dnscheck.answers import Ask
from dnscheck.names import clean_domain
from dnscheck.spf.evaluation import Evaluation, Node, Result
from dnscheck.spf.forecast import LIMIT, VOID_LIMIT
from dnscheck.spf.walk import UNKNOWN, Address, Walk

# No receiver takes longer commands (RFC 5321 section 4.5.3.1.4), and a record may repeat what
# stands in them thousands of times.
MOST_SENT = 512  # characters


async def check_host(
    ip: str,
    domain: str,
    sender: str,
    helo: str,
    ask: Ask,
    *,
    receiver: str = UNKNOWN,
    now: dt.datetime | None = None,
    most_lookups: int = LIMIT,
    most_voids: int = VOID_LIMIT,
) -> Evaluation:
    """Return whether a client at `ip` may send for `domain`, as a receiver finds it out.

    `sender` is the MAIL FROM address, or empty; `identity` tells its domain. `receiver` and `now`
    are for explanations (section 7.2). A question that gets no answer makes a temperror. Raises
    `ValueError` when `ip` is no address.
    """
    address = _address(ip)
    values = _values(address, identity(sender, helo)[1], helo)
    values |= {"r": receiver, "t": str(int(now.timestamp())) if now else UNKNOWN}
    walk = Walk(address, values, ask, most_lookups, most_voids)
    seen = await walk.host(domain)
    tree = Node(
        term=seen.record,
        result=seen.result,
        target=domain,
        lookups=walk.lookups,
        void_lookups=walk.voids,
        problem=seen.problem,
        children=seen.steps,
    )
    return Evaluation(
        result=seen.result,
        explanation=await walk.explanation(seen) if seen.result is Result.FAIL else "",
        lookups=walk.lookups,
        void_lookups=walk.voids,
        mechanism=seen.mechanism,
        problem=seen.problem,
        tree=tree,
    )


def identity(sender: str, helo: str) -> tuple[str, str]:
    """Return the domain that is asked, and the sender with a local part.

    An empty MAIL FROM means the postmaster of the HELO name (section 2.4). A domain in another
    script is asked for by its A-labels (section 4.3).
    """
    local, _, domain = (sender or helo).rpartition("@")
    if not domain.isascii():
        with contextlib.suppress(ValueError):  # no name in any script: check_host says so
            domain = clean_domain(domain, laboratory=True)
    return domain, f"{local or 'postmaster'}@{domain}"


def _address(ip: str) -> Address:
    """Return the address; one of IPv4 that is mapped into IPv6 is one of IPv4 (section 5)."""
    address = ipaddress.ip_address(ip)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _values(address: Address, sender: str, helo: str) -> dict[str, str]:
    """Return what the letters stand for that are the same in every record (section 7.2)."""
    sender = sender[-MOST_SENT:]
    local, _, domain = sender.rpartition("@")
    is_four = address.version == 4
    return {
        "s": sender,
        "l": local,
        "o": domain,
        "h": helo[:MOST_SENT],
        "i": str(address) if is_four else ".".join(address.packed.hex().upper()),
        "v": "in-addr" if is_four else "ip6",
        "c": str(address),
    }
