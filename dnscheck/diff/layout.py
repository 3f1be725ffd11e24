"""Lays two compared values out as two lines of pieces, long equal stretches folded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dnscheck.diff.compare import Span, characters
from dnscheck.diff.words import unseen

MOST_SAME, MOST_CHANGED = 72, 400  # characters that are shown of one stretch
KEPT = 24  # of a folded stretch, at either end


class Kind(StrEnum):
    """What a piece is."""

    SAME = "same"
    CHANGED = "changed"  # too much in the published value, or missing from it
    NAMED = "named"  # the same of characters that cannot be seen: `text` is their name
    FOLDED = "folded"  # equal characters that are not shown: `text` is their number
    CUT = "cut"  # the same of changed ones
    GAP = "gap"  # here the other value has something


@dataclass(frozen=True)
class Piece:
    """A piece of one line."""

    kind: Kind
    text: str = ""


def lines(found: Sequence[Span]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the published value and the wanted one, in pieces."""
    seen = tuple(piece for span in found for piece in _pieces(span.seen, span))
    wanted = tuple(piece for span in found for piece in _pieces(span.wanted, span))
    return seen, wanted


def _pieces(text: str, span: Span) -> Iterator[Piece]:
    if span.is_same:
        yield from _shortened(Kind.SAME, text, MOST_SAME, Kind.FOLDED)
    elif not text:
        yield Piece(Kind.GAP)
    else:
        yield from _changed(text)


def _changed(text: str) -> Iterator[Piece]:
    """Yield a changed stretch; a blank has a name only where nothing else shows the change."""
    is_bare = not text.strip(" ")
    plain = ""
    for character in characters(text):
        name = unseen(character) if is_bare or character != " " else ""
        if not name:
            plain += character
            continue
        yield from _shortened(Kind.CHANGED, plain, MOST_CHANGED, Kind.CUT)
        yield Piece(Kind.NAMED, name)
        plain = ""
    yield from _shortened(Kind.CHANGED, plain, MOST_CHANGED, Kind.CUT)


def _shortened(kind: Kind, text: str, most: int, between: Kind) -> Iterator[Piece]:
    held = characters(text)
    if len(held) <= most:
        yield from [Piece(kind, text)] if text else []
        return
    yield Piece(kind, "".join(held[:KEPT]))
    yield Piece(between, str(len(held) - 2 * KEPT))
    yield Piece(kind, "".join(held[-KEPT:]))
