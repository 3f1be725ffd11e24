"""Whether the servers that a wanted SPF mechanism means pass by terms that name them otherwise.

A network can be written in halves, a host by its address, and all of it behind a macro. What
decides is what receivers find: here the terms of a record are tried with the addresses wanted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_network

from dnscheck.answers import Answer, Ask, Reason, Status, Value
from dnscheck.spf.comparing import Network, meaning
from dnscheck.spf.evaluate import check_host
from dnscheck.spf.evaluation import Result
from dnscheck.spf.record import Term, parse
from dnscheck.spf.terms import QUALIFIERS, is_refusing, lookup_of, text_of
from dnscheck.together import together

Address = IPv4Address | IPv6Address
MOST_ADDRESSES = 10  # that are tried for one wanted mechanism
MOST_TERMS, MOST_HOSTS = 20, 5  # terms that ask the DNS, and hosts of an MX answer
PARTS = 4  # of a network; the addresses at both of its ends and between the parts are tried


@dataclass(frozen=True)
class Passing:
    """By which term each wanted mechanism passes: its place among the terms.

    `refused` are those of which a refusing term comes first. `unknown` is a question that nobody
    answered, on which one may depend that is in neither.
    """

    places: Mapping[str, int] = field(default_factory=dict)
    refused: Sequence[str] = ()
    unknown: Answer | None = None


@dataclass
class Listener:
    """Asks, and remembers the first question that nobody answered."""

    asking: Ask
    silent: Answer | None = None

    async def ask(self, name: str, type: str) -> Answer:
        """Ask one question; never raises."""
        answer = await self.asking(name, type)
        if answer.status is Status.UNKNOWN and answer.reason is not Reason.BAD_NAME:
            self.silent = self.silent or answer
        return answer


async def passing(terms: Sequence[str], wanted: Sequence[str], name: str, ask: Ask) -> Passing:
    """Try the terms of the record at a name with the addresses that wanted mechanisms mean.

    `terms` are in the order in which receivers take them. Of a large network a few addresses are
    tried. A mechanism that means no addresses, such as an include, passes by none.
    """
    listeners = [Listener(ask) for _ in wanted]
    each = await together(
        *(
            _place(terms, item, name, listener.ask)
            for item, listener in zip(wanted, listeners, strict=True)
        )
    )
    places = {item: at for item, at in zip(wanted, each, strict=True) if at is not None}
    lost = [seen.silent for at, seen in zip(each, listeners, strict=True) if at is None]
    refused = [item for item, at in places.items() if is_refusing(terms[at])]
    return Passing(places, refused, next(filter(None, lost), None))


async def _place(terms: Sequence[str], wanted: str, name: str, ask: Ask) -> int | None:
    """Return the last of the terms by which a wanted mechanism passes, None if they are too few.

    A part of a network may be refused before the rest passes. If all of it is, that is the place.
    """
    if not terms:
        return None
    tried = await _addresses(wanted, name, ask)
    each = await together(*(_first_match(terms, one, name, ask) for one in tried))
    places = [at for at in each if at is not None]
    if len(places) < len(each) or not places:
        return None
    passed = [at for at in places if not is_refusing(terms[at])]
    return max(passed) if passed else min(places)


async def _addresses(wanted: str, name: str, ask: Ask) -> list[Address]:
    """Return addresses that a wanted mechanism means, in a small number."""
    try:
        [term] = parse(text_of([wanted])).terms
    except ValueError:
        return []
    networks = [term.network] if term.network else []
    if term.kind in ("a", "mx") and "%" not in term.target:
        networks = await _networks(term, (term.target or name).lower().rstrip("."), ask)
    return [address for network in networks for address in _some_of(network)][:MOST_ADDRESSES]


async def _networks(term: Term, name: str, ask: Ask) -> list[Network]:
    """Return the networks around the addresses of a host, or of the mail hosts of a domain."""
    hosts = [name]
    if term.kind == "mx":
        answer = await ask(name, "MX")
        hosts = [text for text in answer.texts if text.strip(".")][:MOST_HOSTS]
    answers = await together(*(ask(host, type) for host in hosts for type in ("A", "AAAA")))
    return [
        ip_network(f"{text}/{term.lengths[answer.type == 'AAAA']}", strict=False)
        for answer in answers
        for text in answer.texts
    ]


def _some_of(network: Network) -> Iterator[Address]:
    """Yield the addresses at both ends of a network, and some between."""
    last = network.num_addresses - 1
    for place in sorted({last * part // PARTS for part in range(PARTS + 1)}):
        yield network.network_address + place


async def _first_match(terms: Sequence[str], address: Address, name: str, ask: Ask) -> int | None:
    """Return the place of the first term that an address matches, whatever its sign."""
    asked = [at for at, term in enumerate(terms) if lookup_of(term)][:MOST_TERMS]
    each = await together(*(_matches(terms[at], address, name, ask) for at in asked))
    found = [at for at, is_match in zip(asked, each, strict=True) if is_match]
    found += [at for at, term in enumerate(terms) if _holds(term, address, name)]
    return min(found, default=None)


def _holds(term: str, address: Address, name: str) -> bool:
    network = meaning(term.lstrip(QUALIFIERS), name).network
    return network is not None and address in network


async def _matches(term: str, address: Address, name: str, ask: Ask) -> bool:
    """Whether a receiver that comes to a term finds an address there, in mail from the domain."""
    alone = Answer(name, "TXT", Status.FOUND, (Value(text_of([term.lstrip(QUALIFIERS)])),))

    async def ask_beside(asked: str, type: str) -> Answer:
        is_own = (asked, type) == (name.lower(), "TXT")
        return alone if is_own else await ask(asked, type)

    seen = await check_host(str(address), name, f"postmaster@{name}", name, ask_beside)
    return seen.result is Result.PASS
