"""Page: a published value beside the wanted one, with what differs marked in both."""

from collections.abc import Sequence
from dataclasses import dataclass

from dnscheck import diff
from dnscheck.diff.layout import Kind


@dataclass(frozen=True)
class Comparison:
    """Two values that differ, as two lines of pieces and in sentences.

    `besides` are further values published at the name, which nobody compares.
    """

    published: str
    wanted: str
    published_pieces: tuple[diff.Piece, ...]
    wanted_pieces: tuple[diff.Piece, ...]
    sentences: tuple[str, ...]
    besides: tuple[str, ...] = ()

    @property
    def is_folded(self) -> bool:
        """Whether something of the two is not shown."""
        pieces = (*self.published_pieces, *self.wanted_pieces)
        return any(piece.kind in (Kind.FOLDED, Kind.CUT) for piece in pieces)


def comparison_of(
    type: str, wanted: str, published: str, observed: Sequence[str] = ()
) -> Comparison | None:
    """Return how a published value differs from the wanted one; nothing if it does not.

    Capitals and the last dot of a host name make no difference. `observed` is all that is there.
    """
    published, wanted = _told(type, published), _told(type, wanted)
    if published == wanted:
        return None
    spans = diff.spans(published, wanted)
    return Comparison(
        published,
        wanted,
        *diff.lines(spans),
        diff.sentences(spans),
        tuple(text for text in observed if text != published),
    )


def are_same(type: str, one: str, other: str) -> bool:
    """Return whether there is no difference between two values."""
    return _told(type, one) == _told(type, other)


def _told(type: str, text: str) -> str:
    return text if type == "TXT" else text.lower().rstrip(".")
