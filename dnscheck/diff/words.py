"""Tells in sentences where two values differ, with a name for what cannot be seen or told apart."""

import unicodedata
from collections.abc import Sequence

from dnscheck.diff.compare import Span, characters
from dnscheck.rules.likeness import as_letters

MOST_TOLD = 3  # differences that have a sentence each
MOST_QUOTED = 40  # characters; of more only the number is told
SHOWN_BEFORE = 12
LOOKALIKES = frozenset("0Oo1lI|5S8B\"'`-_")
_NAMES = {" ": "blank", "\t": "tab", "\n": "line break", "\r": "line break"}


def sentences(found: Sequence[Span]) -> tuple[str, ...]:
    """Return what differs, a sentence for each difference, or their number if they are many."""
    changed = [at for at, span in enumerate(found) if not span.is_same]
    if len(changed) > MOST_TOLD:
        return (f"They differ in {len(changed)} places.",)
    return tuple(_sentence(found, at) for at in changed)


def unseen(character: str) -> str:
    """Return the name of a character that cannot be seen; empty for one that can."""
    letter = as_letters(character)
    if letter in _NAMES:
        return _NAMES[letter]
    is_unseen = unicodedata.category(letter[0]) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    return _name(letter) or "control character" if is_unseen else ""


def _sentence(found: Sequence[Span], at: int) -> str:
    span, where = found[at], _where(found, at)
    if len(found) == 1 and span.seen and span.wanted:
        return "The two values have nothing in common."
    if _is_long(span.seen) and _is_long(span.wanted):
        return f"{_called(span.seen)} differ{where}."
    if span.seen and span.wanted:
        one, other = _called(span.seen, span.wanted), _called(span.wanted, span.seen)
        return _upper(f"{one} {_stand(span.seen)} where {other} {_belong(span.wanted)}{where}.")
    if span.seen:
        before = found[at - 1].seen if at else ""
        if not _is_blank(span.seen) and len(span.seen) > 1 and before.endswith(span.seen):
            return _upper(f"{_called(span.seen)} {_stand(span.seen)} there twice.")
        return _upper(f"{_called(span.seen)} {_be(span.seen)} too much{where}.")
    return _upper(f"{_called(span.wanted)} {_be(span.wanted)} missing{where}.")


def _where(found: Sequence[Span], at: int) -> str:
    if len(found) == 1:
        return ""
    if at == 0:
        return " at the beginning"
    if at == len(found) - 1:
        return " at the end"
    before = characters(found[at - 1].seen)
    told = "".join(before[-SHOWN_BEFORE:]).strip()
    return f" after “{'…' if len(before) > SHOWN_BEFORE else ''}{told}”"


def _called(text: str, other: str = "") -> str:
    """Return how a sentence calls a text: by itself, by names, or by its length."""
    held = characters(text)
    if _is_blank(text):
        names = list(dict.fromkeys(map(unseen, held)))
        if len(held) == 1:
            return f"a {names[0]}"
        return f"{len(held)} {names[0]}s" if len(names) == 1 else f"{len(held)} blank characters"
    if _is_long(text):
        return f"{len(held)} characters"
    quoted = f"“{text.strip()}”"
    if len(held) != 1 or len(characters(other)) > 1:
        return quoted
    is_doubtful = {text, other} & LOOKALIKES or not as_letters(text + other).isascii()
    return f"{quoted} ({_name(as_letters(text))})" if is_doubtful else quoted


def _name(letter: str) -> str:
    """Return the name of a character, such as “digit zero” or “capital letter O”."""
    if letter.isascii() and letter.isalpha():
        return f"{'capital' if letter.isupper() else 'small'} letter {letter}"
    name = unicodedata.name(letter[0], "").lower()
    return name.capitalize() if "letter" in name else name


def _is_blank(text: str) -> bool:
    return all(map(unseen, characters(text)))


def _is_long(text: str) -> bool:
    return len(characters(text)) > MOST_QUOTED


def _is_many(text: str) -> bool:
    return _is_long(text) or (_is_blank(text) and len(characters(text)) > 1)


def _be(text: str) -> str:
    return "are" if _is_many(text) else "is"


def _stand(text: str) -> str:
    return "stand" if _is_many(text) else "stands"


def _belong(text: str) -> str:
    return "belong" if _is_many(text) else "belongs"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
