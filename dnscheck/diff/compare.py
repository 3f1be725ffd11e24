"""Compares two texts by their characters, in work that is bounded whatever they hold.

What both begin and end with is found in one pass. In what lies between, the longest common stretch
is looked for, then again on either side of it. One level of this looks at no more pairs of equal
characters than there are; with more than `MOST_PAIRS` of them nothing is looked for, and deeper
than `MOST_LEVELS` neither. So there are at most `MOST_PAIRS * MOST_LEVELS` steps besides those
passes, and two keys of 4096 bits have a third of these pairs.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from dnscheck.rules.likeness import unquoted

MOST_PAIRS = 30_000
MOST_LEVELS = 12
LEAST_ALIKE = 4  # characters in a row; fewer are the same by chance
BREAKS = " ;,"  # a part that was put in begins after one of these

# One character, also when its octets beyond ASCII are shown as `\xNN` (UTF-8).
_CHARACTER = re.compile(
    r"\\x[c-f][0-9a-f](?:\\x[89ab][0-9a-f])+|\\x[0-9a-f]{2}|.", re.DOTALL | re.IGNORECASE
)

Characters = Sequence[str]
Block = tuple[int, int, int]  # where it begins in the one and in the other, and how long it is


@dataclass(frozen=True)
class Span:
    """A stretch of both texts: equal ones, or what stands there and what belongs there.

    The spans of two texts, joined, give these texts again.
    """

    seen: str
    wanted: str

    @property
    def is_same(self) -> bool:
        """Whether there is no difference in this stretch."""
        return self.seen == self.wanted


def characters(text: str) -> list[str]:
    """Return a text by its characters, each in the spelling in which it is shown."""
    return _CHARACTER.findall(text)


def spans(seen: str, wanted: str) -> tuple[Span, ...]:
    """Return where two texts are the same and where they differ, by turns."""
    a, b = characters(seen), characters(wanted)
    told: list[Span] = []
    at_a = at_b = 0
    for start_a, start_b, size in _slid(a, b, _merged(_blocks(a, b), len(a), len(b))):
        changed = "".join(a[at_a:start_a]), "".join(b[at_b:start_b])
        same = "".join(a[start_a : start_a + size])
        told += [Span(*changed)] if any(changed) else []
        told += [Span(same, same)] if same else []
        at_a, at_b = start_a + size, start_b + size
    return tuple(told)


def closest(wanted: str, published: Iterable[str]) -> str:
    """Return the published value that is most like the wanted one, or nothing if there is none."""
    return max(published, key=lambda value: _likeness(value, wanted), default="")


def _likeness(value: str, wanted: str) -> float:
    """Return how alike two texts are, in passes over them: 0 for not at all, 2 for equal."""
    one, other = unquoted(value), unquoted(wanted)
    edges = _common(one, other) + _common(one[::-1], other[::-1])
    known = SequenceMatcher(None, value, wanted, autojunk=False).quick_ratio()
    return known + min(1.0, edges / max(len(value), len(wanted), 1))


def pairs(a: Characters, b: Characters) -> int:
    """Return how many pairs of equal characters two texts have."""
    counted = Counter(b)
    return sum(count * counted[character] for character, count in Counter(a).items())


def _blocks(a: Characters, b: Characters) -> list[Block]:
    """Return the stretches that two texts have in common, in their order."""
    start = _common(a, b)
    rest_a, rest_b = a[start:], b[start:]
    end = _common(rest_a[::-1], rest_b[::-1])
    last_a, last_b = len(a) - end, len(b) - end
    inner_a, inner_b = a[start:last_a], b[start:last_b]
    found: list[Block] = []
    if pairs(inner_a, inner_b) <= MOST_PAIRS:
        matcher = SequenceMatcher(None, inner_a, inner_b, autojunk=False)
        found = list(alike(matcher, (0, len(inner_a), 0, len(inner_b)), MOST_LEVELS))
    inner = [(start + at_a, start + at_b, size) for at_a, at_b, size in found]
    return [(0, 0, start), *inner, (last_a, last_b, end)]


def _common(a: Characters, b: Characters) -> int:
    """Return how many characters two texts have in common at their beginning."""
    differs = (at for at, (one, other) in enumerate(zip(a, b, strict=False)) if one != other)
    return next(differs, min(len(a), len(b)))


def alike(
    matcher: SequenceMatcher[str], within: tuple[int, int, int, int], levels: int
) -> Iterator[Block]:
    """Yield the common stretches in a part of both texts, so many levels down at most."""
    low_a, high_a, low_b, high_b = within
    if levels == 0 or low_a == high_a or low_b == high_b:
        return
    at_a, at_b, size = matcher.find_longest_match(low_a, high_a, low_b, high_b)
    if size < LEAST_ALIKE:
        return
    yield from alike(matcher, (low_a, at_a, low_b, at_b), levels - 1)
    yield at_a, at_b, size
    yield from alike(matcher, (at_a + size, high_a, at_b + size, high_b), levels - 1)


def _merged(blocks: Sequence[Block], length_a: int, length_b: int) -> list[Block]:
    """Return the blocks, none but the end if two texts have hardly anything in common."""
    sizes = [size for _, _, size in blocks]
    longer = max(length_a, length_b)
    if max(sizes) >= LEAST_ALIKE or 2 * sum(sizes) >= longer:
        return list(blocks)
    return [(length_a, length_b, 0)]


def _slid(a: Characters, b: Characters, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks; what was put in or left out between two is a whole part, if it can be.

    Of “include:a include:b” the last part, and not “a include:”, is what is more than “include:a”.
    """
    taken = 0  # characters that the block before left to this one
    for at, (start_a, start_b, size) in enumerate(blocks):
        start_a, start_b, size = start_a - taken, start_b - taken, size + taken
        taken = 0
        if at + 1 < len(blocks) and blocks[at + 1][2]:
            changed = a[start_a + size : blocks[at + 1][0]], b[start_b + size : blocks[at + 1][1]]
            if not all(changed):
                taken = _back(a[start_a : start_a + size], changed[0] or changed[1])
        yield start_a, start_b, size - taken


def _back(before: Characters, changed: Characters) -> int:
    """Return by how much a change moves back so that it begins after a break; 0 if it cannot."""
    for back, character in enumerate(reversed(before)):
        if character in BREAKS:
            return back
        moved = changed[-1 - back] if back < len(changed) else before[len(changed) - 1 - back]
        if character != moved:
            return 0
    return 0
