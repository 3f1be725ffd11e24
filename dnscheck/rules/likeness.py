"""How alike two texts are: what word processors, forms and fingers do to a value on its way."""

import re
import unicodedata

# What word processors and chat programs put in the place of plain characters.
TYPOGRAPHIC = str.maketrans(
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛‹›′", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"＝": "=", "：": ":", "．": ".", "＿": "_"}
)
_OCTETS = re.compile(r"(?:\\x[0-9a-f]{2})+")


def as_letters(text: str) -> str:
    """Return a published text with the octets beyond ASCII, shown as `\\xNN`, read as UTF-8."""

    def letters(octets: re.Match[str]) -> str:
        return bytes.fromhex(octets[0].replace("\\x", "")).decode(errors="replace")

    return _OCTETS.sub(letters, text)


def is_typographic(text: str) -> bool:
    """Whether a text holds quotation marks, dashes or signs that only look like the plain ones."""
    return text.translate(TYPOGRAPHIC) != text


def unquoted(text: str) -> str:
    """Return a text without quotation marks, the backslashes before them, and outer blanks."""
    return text.replace("\\", "").strip(" \"'`")


def squeezed(text: str) -> str:
    """Return a text without blanks, line ends and characters that cannot be seen."""
    return "".join(
        letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Zs", "Zl")
    )


def nearly(first: str, second: str, strokes: int) -> bool:
    """Whether so many strokes, at most, turn one text into the other.

    A stroke adds, drops or changes one letter, or swaps two neighbours.
    """
    pairs = zip(first, second, strict=False)
    shorter = min(len(first), len(second))
    start = next((at for at, (one, other) in enumerate(pairs) if one != other), shorter)
    first, second = first[start:], second[start:]
    if not first or not second:
        return len(first) + len(second) <= strokes
    if not strokes:
        return False
    further = [(first[1:], second[1:]), (first[1:], second), (first, second[1:])]
    if first[:2] == second[1::-1]:
        further.append((first[2:], second[2:]))
    return any(nearly(one, other, strokes - 1) for one, other in further)
