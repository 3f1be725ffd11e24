"""Where a published value differs from the wanted one, character by character. Pure.

`spans` compares, `lines` lays the result out to be marked on a page, `sentences` tells it in words.
"""

from dnscheck.diff.compare import Span, closest, spans
from dnscheck.diff.layout import Piece, lines
from dnscheck.diff.words import sentences

__all__ = ["Piece", "Span", "closest", "lines", "sentences", "spans"]
