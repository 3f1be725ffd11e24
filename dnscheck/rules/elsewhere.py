"""Looks for a record that is not at its name: in the places it lands by mistake, all at once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from dnscheck.answers import Answer, Ask, Status, Value
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules.places import Place, places
from dnscheck.rules.wildcards import is_wildcard
from dnscheck.together import together

MOST_DELEGATIONS, MOST_PROBES = 3, 3  # with the places, some thirty questions a record

Holds = Callable[[Answer], bool]  # whether an answer holds the record looked for

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\s*')
_MX = re.compile(r"(?:(\d{1,5})\s+)?(\S+?)\.?")


@dataclass(frozen=True)
class Sighting:
    """A record seen in a place where it does not belong.

    `value` is what it says, read as a record of the right type; `published` is its text there.
    """

    place: Place
    value: Value
    published: Value
    alias: str = ""  # the CNAME at that place that led to it


async def find(
    expected: RequiredRecord, ask: Ask, holds: Holds, *, levels: bool
) -> Sighting | None:
    """Return the likeliest place where the record certainly is, if there is one.

    What a wildcard answers is published at no such place. A place that could not be asked for is
    passed over: that the record is not at its own name is certain without it.
    """
    looked_at = places(expected, levels=levels)
    answers = await together(*(ask(place.name, place.type) for place in looked_at))
    sightings = [
        (answer, seen)
        for place, answer in zip(looked_at, answers, strict=True)
        if (seen := _sighted(expected, place, answer, holds)) is not None
    ]
    for answer, seen in sightings[:MOST_PROBES]:
        if await is_wildcard(answer, ask) is False:
            return seen
    return None


async def delegation(name: str, ask: Ask) -> Answer | None:
    """Return the name servers of the closest zone around a name, unless it is the domain's own.

    Below a delegation only those servers count; the same name in the zone above is never seen
    (RFC 1034 section 4.2.1).
    """
    top = organizational_domain(name).count(".")
    labels = name.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels))]
    between = [zone for zone in above if zone.count(".") > top][-MOST_DELEGATIONS:]
    answers = await together(*(ask(zone, "NS") for zone in between))
    return next((seen for seen in answers if seen.status is Status.FOUND and not seen.chain), None)


def _sighted(
    expected: RequiredRecord, place: Place, answer: Answer, holds: Holds
) -> Sighting | None:
    aliased = bool(answer.chain) and place.type != "CNAME"
    for published in answer.values:
        value = published if place.type == expected.type else _meant(published, expected.type)
        # The rules read an answer as one of the record's own type and name.
        read = replace(answer, name=expected.name, type=expected.type, values=(value,))
        if place.whatever or holds(read):
            return Sighting(place, value, published, answer.chain[0] if aliased else "")
    return None


def _meant(value: Value, type: str) -> Value:
    """Return a value as it was meant by who saved it under another type."""
    strings = _STRING.findall(value.text) if _STRING.match(value.text) else [value.text]
    text = "".join(strings).strip()
    parts = _MX.fullmatch(text) if type == "MX" else None
    if parts is None:
        return Value(text)
    return Value(parts[2].lower(), preference=int(parts[1]) if parts[1] else None)
