"""Where a record lands by mistake: the places looked at before one is called missing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from string import Formatter

from dnscheck.findings import Finding, Severity
from dnscheck.names import display, organizational_domain
from dnscheck.records import RequiredRecord
from smtp import providers
from smtp.providers.base import Match, Purpose

DOUBLED = Finding(
    "host.doubled",
    Severity.ERROR,
    "The domain is in the name twice: {wrong}",
    "The record is published at {wrong} and is needed at {name}. The DNS host adds {zone} to "
    "every name by itself.",
    "Delete the {type} record at {wrong} and add it again with the name {typed}, leaving out "
    "{zone}.",
)
DOUBLED_LABEL = Finding(
    "host.doubled-label",
    Severity.ERROR,
    "A part of the name is there twice: {wrong}",
    "The record is published at {wrong} and is needed at {name}. The form had already added "
    "{zone} to what was typed.",
    "Delete the {type} record at {wrong} and add it at {name}. In the form of {zone} the name is "
    "{typed}.",
)
AT_SIGN = Finding(
    "host.at-sign",
    Severity.ERROR,
    "The sign @ became a part of the name: {wrong}",
    "At many DNS hosts @ stands for the domain itself. Here it was taken for a name of its own.",
    "Delete the {type} record at {wrong} and add it at {name}. Where @ is not understood, leave "
    "it out, or leave the name empty.",
)
NO_UNDERSCORE = Finding(
    "host.no-underscore",
    Severity.ERROR,
    "The underscore is missing in the name {wrong}",
    "The record is published at {wrong} and is looked for only at {name}.",
    "Delete the {type} record at {wrong} and add it at {name}. If the form refuses underscores, "
    "ask the DNS host: mail records need them.",
)
MISSPELT = Finding(
    "host.misspelt",
    Severity.ERROR,
    "The name of the record is misspelt: {wrong}",
    "The record is published at {wrong} and is looked for only at {name}.",
    "Delete the {type} record at {wrong} and add it at {name}.",
)
SWAPPED = Finding(
    "host.swapped",
    Severity.ERROR,
    "The parts of the name are in the wrong order: {wrong}",
    "The selector comes first, then _domainkey. Receivers look for the record at {name} only.",
    "Delete the {type} record at {wrong} and add it at {name}.",
)
SELECTOR_ONLY = Finding(
    "host.selector-only",
    Severity.ERROR,
    "_domainkey is missing in the name {wrong}",
    "The record is published under the selector alone. Receivers look for it at {name} only.",
    "Delete the {type} record at {wrong} and add it at {name}.",
)
OWN_LABEL = Finding(
    "host.own-label",
    Severity.ERROR,
    "The SPF record is at {wrong} instead of {name}",
    "SPF has no label of its own: receivers look for it at the very domain that mail comes from.",
    "Delete the {type} record at {wrong} and add it at {name}.",
)
AT_DOMAIN = Finding(
    "host.at-domain",
    Severity.ERROR,
    "The record is at {wrong} instead of {name}",
    "The first part of the name was left out, so nobody finds the record where it is looked for.",
    "Delete the {type} record at {wrong} and add it at {name}.",
)
RAW_UNICODE = Finding(
    "host.raw-unicode",
    Severity.ERROR,
    "The name {shown} was saved as it is read, not as the DNS needs it",
    "Letters beyond a to z must be written in their xn-- form. As they are, nobody finds the "
    "record.",
    "Delete the {type} record at {shown} and add it at {name}.",
)
VALUE_AS_NAME = Finding(
    "host.value-as-name",
    Severity.ERROR,
    "The value was saved as the name: {wrong}",
    "What belongs into the field for the value stands in the field for the name.",
    "Delete the {type} record at {wrong}. Add one at {name} with the value shown.",
)
WRONG_TYPE = Finding(
    "host.wrong-type",
    Severity.ERROR,
    "The record at {name} has the type {found} instead of {type}",
    "The right value is published at {name}, but nobody looks for it in a record of that type.",
    "Delete the {found} record at {name} and add one of the type {type} with the value shown.",
)
WRONG_LEVEL = Finding(
    "host.wrong-level",
    Severity.ERROR,
    "The record is at {wrong} instead of {name}",
    "It was found higher up, at {wrong}. There it counts for another domain.",
    "Add the {type} record at {name} with the value shown. Keep the one at {wrong} only if it is "
    "needed there too.",
)

MOST_CUTS, MOST_LEVELS, MOST_PLACES = 4, 3, 24
MOST_ZONES = 2  # whose form may have completed a value typed for a name
LIKE_A_NAME = re.compile(r"(?=.*[0-9=:])[a-zA-Z0-9_=:.-]{12,63}")  # and like a token
# Under which SPF is put by those who think of _dmarc, or of the web site.
SPF_LABELS = ("_spf", "spf", "_dmarc", "www")
# Each at most two strokes away from what was meant.
MISSPELLINGS = {
    "_domainkey": (
        *("_domainkeys", "_domain_key", "_domain-key", "_domankey", "_domiankey", "-domainkey"),
    ),
    "_dmarc": ("_dmrac", "_dmark", "_demarc", "-dmarc"),
}


@dataclass(frozen=True)
class Place:
    """A name and type the record may be at, and what to say if it is.

    `zone` is the zone whose form may have completed the name. With `whatever` any value there
    counts. What `stays` may serve another domain as well and is not to be deleted.
    """

    finding: Finding
    name: str
    type: str
    zone: str = ""
    shown: str = ""  # the name as people read it, where that differs
    whatever: bool = False
    stays: bool = False


def places(expected: RequiredRecord, *, levels: bool = True) -> list[Place]:
    """Return the places to look at, the likeliest first, without the record's own.

    Without `levels` the domains above are left out: there the record may be meant to be.
    """
    found: dict[tuple[str, str], Place] = {}
    for place in _every(expected, levels=levels):
        if (place.name, place.type) != (expected.name, expected.type):
            found.setdefault((place.name, place.type), place)
    return list(found.values())[:MOST_PLACES]


def _every(expected: RequiredRecord, *, levels: bool) -> Iterator[Place]:
    name, kind = expected.name, expected.type
    if expected.match is Match.SPF:
        yield Place(WRONG_TYPE, name, "SPF")  # RFC 7208 section 3.1: the type 99 is obsolete
    elif kind == "MX":
        yield Place(WRONG_TYPE, name, "TXT")
    yield from _typed_too_much(name, kind)
    yield from _without_a_part(name, kind)
    yield from _otherwise_written(name, kind)
    if expected.match is Match.SPF:
        labels = (*SPF_LABELS, *_selectors(expected.providers))
        yield from (Place(OWN_LABEL, f"{label}.{name}", kind) for label in labels)
    if levels:
        for wrong in _higher_up(name):
            yield Place(WRONG_LEVEL, wrong, kind, stays=True)
    for wrong in _swapped_with_value(expected):
        yield Place(VALUE_AS_NAME, wrong, kind, whatever=True)
    label, domain = split_label(name)
    first, _, last = label.rpartition(".")
    for slip in MISSPELLINGS.get(last, ()):
        yield Place(MISSPELT, _joined(first, slip, domain), kind)


def _typed_too_much(name: str, kind: str) -> Iterator[Place]:
    """Yield what comes of a name typed whole, or too long, where a zone is added to it."""
    label, domain = split_label(name)
    zones_here = cuts(domain)
    for zone in zones_here:
        yield Place(DOUBLED, f"{name}.{zone}", kind, zone)
    for zone, above in combinations(zones_here, 2):
        yield Place(DOUBLED_LABEL, f"{relative(name, above)}.{zone}", kind, zone)
    for zone in zones_here[-1:]:  # typed up to the public suffix, as in send.shop for shop.example
        typed = relative(name, zone.partition(".")[2])
        yield Place(DOUBLED_LABEL, f"{typed}.{zone}", kind, zone)
    if label:
        last = f"{label.rpartition('.')[2]}.{domain}"  # some forms add _domainkey by themselves
        yield Place(DOUBLED_LABEL, f"{label}.{last}", kind, last)
        yield Place(DOUBLED, f"{name}.{last}", kind, last)


def _without_a_part(name: str, kind: str) -> Iterator[Place]:
    label, domain = split_label(name)
    first, _, last = label.rpartition(".")
    if not label:
        return
    for part in label.split("."):
        if part.startswith("_") and len(part) > 1:
            wrong = f".{label}.".replace(f".{part}.", f".{part[1:]}.").strip(".")
            yield Place(NO_UNDERSCORE, _joined(wrong, domain), kind)
    if first and last == "_domainkey":
        yield Place(SWAPPED, _joined(last, first, domain), kind)
        yield Place(SELECTOR_ONLY, _joined(first, domain), kind)
        yield Place(MISSPELT, f"{first}{last}.{domain}", kind)
    yield Place(AT_DOMAIN, domain, kind)
    yield Place(AT_DOMAIN, f"{domain}.{domain}", kind)


def _higher_up(name: str) -> Iterator[str]:
    """Yield the names that differ in that a part of the domain was left out.

    The labels of a return path, such as send in send.news.shop.example, look like any other.
    """
    label, domain = split_label(name)
    for parts in (1, 2) if not label else ():
        head, rest = domain.split(".")[:parts], ".".join(domain.split(".")[parts:])
        for parent in [zone for zone in cuts(rest) if zone != rest][:MOST_LEVELS]:
            yield _joined(*head, parent)
    for parent in [zone for zone in cuts(domain) if zone != domain][:MOST_LEVELS]:
        yield _joined(label, parent)


def _swapped_with_value(expected: RequiredRecord) -> Iterator[str]:
    """Yield the names that the value makes, where it was typed into the field for the name."""
    value, domain = expected.value.lower().rstrip("."), split_label(expected.name)[1]
    if expected.match is Match.EXACT and LIKE_A_NAME.fullmatch(expected.value):
        yield f"{value}.{domain}"
    elif expected.type in ("CNAME", "MX"):
        yield from (f"{value}.{zone}" for zone in cuts(domain)[-MOST_ZONES:])


def _selectors(slugs: Iterable[str]) -> Iterator[str]:
    """Yield the labels of the keys of providers, as far as they are the same for everybody."""
    for slug in slugs:
        known = providers.get(slug).filled({})
        for template in providers.get(slug).recipe_for(known):
            names = [name for _, name, _, _ in Formatter().parse(template.host) if name]
            is_key = template.purpose is Purpose.DKIM and template.type == "TXT"
            if is_key and all(map(known.get, names)):
                yield template.host.format_map(known)


def _otherwise_written(name: str, kind: str) -> Iterator[Place]:
    label, domain = split_label(name)
    yield Place(AT_SIGN, _joined(label, "@", domain), kind)
    shown = display(domain)
    if shown != domain:
        octets = "".join(map(_escaped, shown))
        yield Place(RAW_UNICODE, _joined(label, octets), kind, shown=_joined(label, shown))


def _escaped(letter: str) -> str:
    """Return a letter as zone files write its octets (RFC 1035 section 5.1)."""
    if letter.isascii():
        return letter
    return "".join(f"\\{octet:03d}" for octet in letter.encode(errors="replace"))


def _joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def relative(name: str, zone: str) -> str:
    """Return a name as it is typed in a zone that is added to it: `@` for the zone itself."""
    return name.removesuffix(zone).rstrip(".") or "@"


def cuts(name: str) -> list[str]:
    """Return the names from a domain up to the registered one, each of which may be a zone."""
    top = organizational_domain(name).count(".")
    return [zone for zone in zones(name) if zone.count(".") >= top][-MOST_CUTS:]


def zones(name: str) -> list[str]:
    """Return the suffixes of a name that may be a zone, longest first.

    They have two labels or more, none of which begins with an underscore.
    """
    labels = split_label(name)[1].split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def split_label(name: str) -> tuple[str, str]:
    """Split `s._domainkey.mail.example.com` into `s._domainkey` and `mail.example.com`.

    A name without an underscore label is a domain as a whole.
    """
    labels = name.split(".")
    last = max((i for i, label in enumerate(labels) if label.startswith("_")), default=-1)
    return ".".join(labels[: last + 1]), ".".join(labels[last + 1 :])
