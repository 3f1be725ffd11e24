"""A CNAME with another target than the one wanted: in what the two differ, and why that may be."""

import re

from dnscheck.answers import Ask, Reason, Status
from dnscheck.findings import Finding, Severity
from dnscheck.rules.places import zones
from dnscheck.rules.wildcards import is_wildcard

WRONG_TARGET = Finding(
    "cname.wrong-target",
    Severity.ERROR,
    "The CNAME at {name} points to another target",
    "It must point to {wanted}. {difference}",
    "At {name}, change the target of the CNAME to {wanted}. If the provider's console shows "
    "another one by now, correct what was given here instead.",
)
ZONE_APPENDED = Finding(
    "cname.zone-appended",
    Severity.ERROR,
    "The CNAME at {name} has the domain at the end of its target",
    "The DNS host took the target for a name inside the zone and added {zone} to it.",
    "At {name}, save the target with a dot at its end: {wanted}.",
)
HOST_PASTED = Finding(
    "cname.host-pasted",
    Severity.ERROR,
    "The CNAME at {name} has its own name at the beginning of its target",
    "Name and target were pasted together into the field for the target.",
    "At {name}, change the target of the CNAME to {wanted}, and to nothing more.",
)
PUNCTUATION = Finding(
    "cname.punctuation",
    Severity.ERROR,
    "Dots, hyphens or underscores are not in their place in the target of the CNAME at {name}",
    "Its letters are right, but a name is another one with, say, _domainkey in place of domainkey, "
    "or a dot in place of a hyphen.",
    "At {name}, change the target of the CNAME to {wanted}, copied and not typed.",
)
LABEL_ORDER = Finding(
    "cname.label-order",
    Severity.ERROR,
    "The parts of the target of the CNAME at {name} are in another order",
    "Nothing is missing in it, but a name with its parts exchanged is that of another host.",
    "At {name}, change the target of the CNAME to {wanted}, copied and not typed.",
)
SIBLING = Finding(
    "cname.sibling-target",
    Severity.ERROR,
    "The CNAME at {name} has the target that belongs to {sibling}",
    "Each of these names has a target of its own, which differs in one part only.",
    "At {name}, change the target of the CNAME to {wanted}.",
)
LOOP = Finding(
    "cname.loop",
    Severity.ERROR,
    "The CNAME at {name} leads in a circle or too far",
    "Resolvers give up following it, so nothing is found at this name.",
    "At {name}, change the target of the CNAME to {wanted}.",
)
DETOUR = Finding(
    "cname.detour",
    Severity.WARNING,
    "The CNAME at {name} reaches the right target by a detour",
    "It points to another CNAME, which leads on to {wanted}. That works until that one is changed, "
    "and the provider's own check may not accept it.",
    "At {name}, change the target of the CNAME to {wanted}.",
)

OTHER_ACCOUNT = "Such a part often names the account, the region or the selector."
ELSEWHERE = "A target of another account, region or provider does not count."
MOST_SHOWN = 80  # characters of a published name that go into a sentence


async def fault(name: str, wanted: str, published: str, ask: Ask) -> tuple[Finding, dict[str, str]]:
    """Return what is to be said of a target, and the words for it.

    Names have no dot at their end and small letters only.
    """
    found = _slip(name, wanted, published)
    if found is not None:
        return found
    behind = await ask(name, "TXT")  # whatever the type, an answer tells where the name leads to
    if published == name or behind.reason is Reason.LOOP:
        return LOOP, {}
    if wanted in behind.chain:
        return DETOUR, {}
    sibling = _sibling(name, wanted, published)
    if sibling and await _is_there(sibling, ask):
        return SIBLING, {"sibling": sibling}
    return WRONG_TARGET, {"difference": difference(wanted, published)}


def _slip(name: str, wanted: str, published: str) -> tuple[Finding, dict[str, str]] | None:
    """Return what went wrong when the target was saved, if the text tells."""
    stems = {published: ""} | {
        published.removesuffix(f".{zone}"): zone for zone in zones(name) if zone in published
    }
    if zone := stems.get(wanted):
        return ZONE_APPENDED, {"zone": zone}
    for stem in stems:
        front = stem.removesuffix(wanted).rstrip(".")
        if front not in ("", stem.rstrip(".")) and f"{name}.".startswith(f"{front}."):
            return HOST_PASTED, {}
    if _letters(published) == _letters(wanted):
        return PUNCTUATION, {}
    if sorted(published.split(".")) == sorted(wanted.split(".")):
        return LABEL_ORDER, {}
    return None


def _letters(text: str) -> str:
    return re.sub(r"[._-]", "", text)


def _sibling(name: str, wanted: str, published: str) -> str:
    """Return the name a target seems to belong to, by the selector in it; or nothing."""
    selector, _, rest = name.partition(".")
    differing = _differing(wanted, published)
    if len(differing) != 1 or not differing[0][0].startswith(selector):
        return ""
    tail = differing[0][0].removeprefix(selector)
    other = differing[0][1].removesuffix(tail)
    return f"{other}.{rest}" if other and f"{other}{tail}" == differing[0][1] else ""


async def _is_there(name: str, ask: Ask) -> bool:
    """Whether a CNAME certainly stands at a name, and is not that of a wildcard."""
    answer = await ask(name, "CNAME")
    return answer.status is Status.FOUND and await is_wildcard(answer, ask) is False


def _differing(wanted: str, published: str) -> list[tuple[str, str]]:
    """Return the parts in which two names of equal length differ; nothing for others."""
    ours, theirs = wanted.split("."), published.split(".")
    if len(ours) != len(theirs):
        return []
    return [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]


def difference(wanted: str, published: str) -> str:
    """Return a sentence about how a published target differs from the one wanted."""
    differing = _differing(wanted, published)
    if 0 < len(differing) <= wanted.count(".") - 1:
        places = [f"{_shown(other)} stands where {_shown(one)} belongs" for one, other in differing]
        return f"In the published target {' and '.join(places)}. {OTHER_ACCOUNT}"
    for whole, part, what in (
        (wanted, published, "is missing"),
        (published, wanted, "is too much"),
    ):
        if whole.endswith(f".{part}"):
            return f"At the beginning of the published target {_shown(whole, part)} {what}."
        if whole.startswith(f"{part}."):
            return f"At the end of the published target {_shown(whole, part)} {what}."
    return ELSEWHERE


def _shown(name: str, without: str = "") -> str:
    """Return a name, or what is left of it, as it goes into a sentence."""
    rest = name.removeprefix(f"{without}.").removesuffix(f".{without}") if without else name
    return f"“{re.sub(r'[^a-z0-9._-]', '?', rest)[:MOST_SHOWN]}”"
