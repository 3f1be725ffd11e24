"""What became of a record from one sight of it to the next, in words. Pure.

A sight is all that a check saw at a name of one type. Could-not-ask is no sight, so nothing ever
vanishes by it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dnscheck.diagnosis import MOST_VALUES
from dnscheck.dmarc import record as dmarc
from dnscheck.rules import dkim_tags
from dnscheck.spf import terms as spf

Sentence = tuple[str, ...]  # prose and value by turns, beginning with prose
Parts = Mapping[str, str]  # each part of a record as written, by what it is about

_KEY = "p"  # the tag of a DKIM record that holds the key
_MX = re.compile(r"(\d{1,5}) (\S+)")


@dataclass(frozen=True)
class Change:
    """What changed in one value that is published at a name.

    `before` and `after` are the whole values, as published: empty for one that was not there. An
    MX record is written as its preference, a blank and its host.
    """

    name: str
    type: str
    sentences: tuple[Sentence, ...]
    before: str
    after: str


@dataclass(frozen=True)
class Kind:
    """A kind of record with a reading of its parts."""

    title: str
    parts: Callable[[str], Parts]


def _spf_parts(text: str) -> Parts:
    return {term.lower().lstrip("+-~?"): term for term in spf.terms_of(text)}


def _dmarc_parts(text: str) -> Parts:
    return {name: f"{name}={value}" for name, value in (dmarc.tags(text) or {}).items()}


def _dkim_parts(text: str) -> Parts:
    pairs = dkim_tags.read(text).pairs
    return {name: f"{name}={dkim_tags.without_blanks(value)}" for name, value in pairs}


SPF, DMARC, DKIM = Kind("SPF", _spf_parts), Kind("DMARC", _dmarc_parts), Kind("DKIM", _dkim_parts)


def changes(name: str, type: str, then: Sequence[str], now: Sequence[str]) -> list[Change]:
    """Return what changed at a name between two sights of it.

    Of very many values a check keeps only the first: nothing is told then of how they differ.
    """
    if MOST_VALUES in (len(then), len(now)):
        return []
    gone, come = _without(then, now, type), _without(now, then, type)
    if type == "MX":
        pairs = _by_host(gone, come)
    elif len(then) == len(now) == 1:
        pairs = list(zip(gone, come, strict=True))
    else:
        pairs = _by_kind(name, gone, come)
    return [
        Change(name, type, tuple(_told(name, type, before, after)), before, after)
        for before, after in pairs
    ]


def _without(values: Sequence[str], others: Sequence[str], type: str) -> list[str]:
    known = {_compared(value, type) for value in others}
    return [value for value in values if _compared(value, type) not in known]


def _compared(value: str, type: str) -> str:
    """Return a value without what makes no difference: capitals and the last dot of a host."""
    return value if type == "TXT" else value.lower().rstrip(".")


def _by_host(gone: Sequence[str], come: Sequence[str]) -> list[tuple[str, str]]:
    """Pair MX records of one host, whose preference changed."""
    new = {_host(value): value for value in come}
    pairs = [(value, new.pop(_host(value), "")) for value in gone]
    return [*pairs, *(("", value) for value in new.values())]


def _host(value: str) -> str:
    return value.lower().rstrip(".").rpartition(" ")[2]


def _by_kind(name: str, gone: Sequence[str], come: Sequence[str]) -> list[tuple[str, str]]:
    """Pair the one record of a kind with the one that took its place."""
    old, new = list(gone), list(come)
    pairs = []
    for kind in (SPF, DMARC, DKIM):
        before = [value for value in gone if _kind(name, value) is kind]
        after = [value for value in come if _kind(name, value) is kind]
        if len(before) == len(after) == 1:
            pairs.append((before[0], after[0]))
            old.remove(before[0])
            new.remove(after[0])
    return [*pairs, *((value, "") for value in old), *(("", value) for value in new)]


def _kind(name: str, value: str) -> Kind | None:
    if spf.is_record(value):
        return SPF
    if dmarc.is_record(value):
        return DMARC
    is_key = "._domainkey." in name and _KEY in dkim_tags.read(value).names
    return DKIM if is_key else None


def _told(name: str, type: str, before: str, after: str) -> Iterator[Sentence]:
    kind = _kind(name, after or before) if type == "TXT" else None
    if kind and before and after and kind is _kind(name, before):
        yield from _parts_told(name, kind, kind.parts(before), kind.parts(after))
    elif before and after:
        yield _replaced(name, type, before, after)
    else:
        yield _came_or_went(name, f"{kind.title} record" if kind else type, before, after)


def _replaced(name: str, type: str, before: str, after: str) -> Sentence:
    if type == "CNAME":
        return "The CNAME at ", name, " points to ", after, " instead of ", before, "."
    old, new = _MX.fullmatch(before), _MX.fullmatch(after)
    if type == "MX" and old and new:
        return "MX ", new[2], " of ", name, " has preference ", new[1], " instead of ", old[1], "."
    return f"The {type} at ", name, " was replaced."


def _came_or_went(name: str, title: str, before: str, after: str) -> Sentence:
    if title.endswith("record"):
        article = "An" if title.startswith("S") else "A"
        return f"{article} {title} {'appeared at' if after else 'vanished from'} ", name, "."
    return f"{title} ", after or before, " appeared at " if after else " vanished from ", name, "."


def _parts_told(name: str, kind: Kind, then: Parts, now: Parts) -> Iterator[Sentence]:
    """Yield what became of each part of a record."""
    place = f" the {kind.title} record at "
    told = False
    for about in dict.fromkeys((*then, *now)):
        before, after = then.get(about, ""), now.get(about, "")
        if before == after:
            continue
        told = True
        if kind is DKIM and about == _KEY:
            yield _key_told(name, before, after)
        elif before and after:
            yield "", before, " became ", after, f" in{place}", name, "."
        elif before:
            yield "", before, f" vanished from{place}", name, "."
        else:
            yield "", after, f" appeared in{place}", name, "."
    if not told:
        order = "in another order" if list(then) != list(now) else "spelt otherwise"
        yield f"The parts of{place}", name, f" are the same, {order}."


def _key_told(name: str, before: str, after: str) -> Sentence:
    if after == f"{_KEY}=":
        return "The DKIM key at ", name, " was withdrawn: ", after, " holds none."
    if before == f"{_KEY}=":
        return "The DKIM key at ", name, " is there again."
    return "The DKIM key at ", name, " changed."
