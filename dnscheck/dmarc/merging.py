"""One DMARC record for what is published and what providers suggest."""

from collections.abc import Iterable, Mapping, Sequence

from dnscheck.dmarc.addresses import uris_in
from dnscheck.dmarc.mending import mended
from dnscheck.dmarc.record import (
    ALIGNMENTS,
    INHERITED,
    OBSOLETE,
    POLICIES,
    REPORTS,
    tags,
    text_of,
)


def merged_dmarc(wanted: Sequence[str], published: Sequence[str] = ()) -> str:
    """Return one record for what is published and what providers suggest.

    What is published is the owner's choice and stays, by the letter if it can be read and nothing
    is added; suggestions only add addresses for reports. Without it, suggestions that differ make
    the softest record that satisfies all. A suggestion alone is returned as it is.
    """
    if not published and len(set(wanted)) == 1:
        return wanted[0]
    kept = [mended(text) for text in published]
    offered = [mended(text) for text in wanted]
    suggested = [_current(tags(text) or {}) for text in offered]
    sources = [tags(text) or {} for text in kept] or suggested
    merged = dict(sources[0]) if len(sources) == 1 else _agreed(sources)
    merged |= {"v": "DMARC1", "p": _softest("p", sources)}
    for name in REPORTS:
        _add_addresses(merged, name, [*sources, *suggested])
    for text in (*kept, *offered):
        if tags(text) == merged:
            return text
    return text_of(merged)


def _current(suggested: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in suggested.items() if name not in OBSOLETE}


def _agreed(sources: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the tags of several records, the softer value where they differ."""
    agreed: dict[str, str] = {}
    for name in dict.fromkeys(name for source in sources for name in source):
        if name in INHERITED:
            agreed[name] = _softest(name, sources)
        elif name not in ALIGNMENTS:
            agreed[name] = next(source[name] for source in sources if name in source)
        elif all(source.get(name, "r").lower() == "s" for source in sources):
            agreed[name] = "s"  # relaxed is what holds without the tag
    return agreed


def _softest(name: str, sources: Iterable[Mapping[str, str]]) -> str:
    """Return the softest of the policies that are one, and none if no record has any."""
    stated = [
        next((source[other] for other in (name, *INHERITED[name]) if other in source), "")
        for source in sources
    ]
    valid = [policy for policy in stated if policy.lower() in POLICIES]
    return min(valid, key=lambda policy: POLICIES.index(policy.lower()), default=POLICIES[0])


def _add_addresses(merged: dict[str, str], name: str, sources: Iterable[Mapping[str, str]]) -> None:
    """Add the addresses of all records to a report tag, each once, whatever its size limit."""
    union: dict[str, str] = {}
    known = uris_in(merged.get(name, ""))
    more = (address for source in sources for address in uris_in(source.get(name, "")))
    for address in (*known, *more):
        union.setdefault(address.partition("!")[0].lower(), address)
    if len(union) > len(known):
        merged[name] = ",".join(union.values())
