"""Where receivers come to the wanted mechanisms of an SPF record, in it or behind its includes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dnscheck.answers import Answer, Ask, Reason, Status
from dnscheck.rules.spf_passing import passing
from dnscheck.spf.comparing import meaning
from dnscheck.spf.terms import effective, is_record, is_refusing, leads_to, settled, terms_of
from dnscheck.together import together

MOST_NAMES = 10  # as many as receivers look up (RFC 7208 section 4.6.4)
BY_NAME = MOST_NAMES  # the depth of what has another name: whoever compares names finds it nowhere


@dataclass(frozen=True)
class Way:
    """How receivers come to the wanted mechanisms.

    `terms` are those of the record in the order in which they are taken. `places` tells for each
    wanted mechanism which of them it is, or which leads to it, and their number if none does;
    `depths` how many includes deep those were found that are not in the record itself. `refused`
    are those that a term before them refuses. `unknown` is a name on the way that could not be
    asked for.
    """

    terms: Sequence[str]
    places: Mapping[str, int] = field(default_factory=dict)
    depths: Mapping[str, int] = field(default_factory=dict)
    refused: Sequence[str] = ()
    unknown: Answer | None = None

    @property
    def lost(self) -> list[str]:
        """The wanted mechanisms nobody comes to, and nobody is refused."""
        return [
            item
            for item, place in self.places.items()
            if place == len(self.terms) and item not in self.refused
        ]

    @property
    def used(self) -> list[str]:
        """The terms by which the wanted mechanisms pass, as far as they do."""
        return [self.terms[place] for place in self.places.values() if place < len(self.terms)]

    @property
    def before(self) -> int:
        """How many terms are taken before all that is there was come to."""
        return max((place for place in self.places.values() if place < len(self.terms)), default=0)


async def find_way(terms: Sequence[str], wanted: Sequence[str], name: str, ask: Ask) -> Way:
    """Look for the wanted mechanisms in the terms of the record at a name, and behind them."""
    order = effective(terms)
    said = [meaning(settled(term, name, name), name) for term in order]
    here: dict[str, int] = {}
    for item in wanted:
        meant = meaning(item, name)
        covering = (at for at, one in enumerate(said) if one.covers(meant))
        here[item] = next(covering, len(order))
    elsewhere = [item for item, place in here.items() if place == len(order)]
    # An include before it may lead there as well, and then that is where mail passes.
    found, tried = await together(
        follow(order[: max(here.values(), default=0)], wanted, name, ask),
        passing(order, elsewhere, name, ask),
    )
    places = {
        item: min(place, found.places.get(item, place), tried.places.get(item, place))
        for item, place in here.items()
    }
    depths = {item: found.depths[item] for item in found.depths if here[item] == len(order)}
    refusals = [(at, meaning(term[1:], name)) for at, term in enumerate(order) if is_refusing(term)]
    refused = [
        item
        for item, place in places.items()
        if any(at < place and one.covers(meaning(item, name)) for at, one in refusals)
        or (item in tried.refused and place == tried.places[item])
    ]
    return Way(order, places, depths, refused, found.unknown or tried.unknown)


@dataclass
class Found:
    """What following includes and redirects brought up, by wanted mechanism."""

    depths: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)  # the term of the first record
    unknown: Answer | None = None  # a name on the way that could not be asked for


async def follow(terms: Sequence[str], wanted: Sequence[str], name: str, ask: Ask) -> Found:
    """Look for mechanisms behind includes and redirects, nearest first, each name once.

    A name may be an alias of the one that is wanted: receivers find the same record at both.
    """
    found, seen = Found(), {name.lower()}
    queue = [
        (target, 1, at)
        for at, term in enumerate(terms)
        if (target := leads_to(settled(term, name, name)))
    ]
    while queue and len(seen) <= MOST_NAMES and len(found.depths) < len(wanted):
        target, depth, first = queue.pop(0)
        if target in seen:
            continue
        seen.add(target)
        answer = await ask(target, "TXT")
        # A name that is not possible is no answer to wait for: nothing can ever be there.
        if answer.status is Status.UNKNOWN and answer.reason is not Reason.BAD_NAME:
            found.unknown = found.unknown or answer
        records = [text for text in answer.texts if is_record(text)]
        if len(records) != 1:
            continue
        inner = [settled(term, target, name) for term in effective(terms_of(records[0]))]
        said = [meaning(term, target) for term in inner]
        aliases = {f"include:{alias}" for alias in answer.chain}
        for item in wanted:
            meant = meaning(item, name)
            is_alias = meant.text in aliases
            if item not in found.depths and (is_alias or any(one.covers(meant) for one in said)):
                found.depths[item] = BY_NAME if is_alias else depth
                found.places[item] = first
        queue += [(further, depth + 1, first) for term in inner if (further := leads_to(term))]
    return found
