"""The macros of SPF records: their grammar, and what they expand to (RFC 7208 section 7)."""

import re
from collections.abc import Mapping
from urllib.parse import quote

FLAGS = re.IGNORECASE | re.ASCII
MACRO = re.compile(r"%(?:([%_-])|\{([slodiphcrtv])(\d*)(r?)([-.+,/_=]*)\})", FLAGS)
ESCAPES = {"%": "%", "_": " ", "-": "%20"}
ONLY_IN_EXPLANATIONS = frozenset("crt")
LITERALS = re.compile(r"[\x21-\x24\x26-\x7e]*")
# Octets beyond printable ASCII, raw or as the resolver writes them.
FOREIGN = re.compile(r"[^\x20-\x7e]|\\x(?:[01][0-9a-f]|7f|[89a-f][0-9a-f])")
TOP_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", FLAGS)
MOST_OF_A_NAME, MOST_OF_A_LABEL = 253, 63  # characters (RFC 1035 section 2.3.4)
MOST_DIGITS = 9  # of a number of parts that is taken at its word; no text has that many


def is_macro_string(text: str) -> bool:
    """Whether a text without blanks is made of macros and visible ASCII (section 7.1)."""
    found = MACRO.finditer(text)
    counts = [macro[3] for macro in found if macro[3]]
    return bool(LITERALS.fullmatch(MACRO.sub("", text))) and all(map(_is_positive, counts))


def is_domain_spec(text: str) -> bool:
    """Whether a text may stand where a term wants a name.

    It ends in a macro, or in a dot and a top label that is not all digits (section 7.1). Three
    letters belong into explanations alone (section 7.2).
    """
    if not is_macro_string(text) or letters(text) & ONLY_IN_EXPLANATIONS:
        return False
    if any(macro.end() == len(text) for macro in MACRO.finditer(text)):
        return True
    _, dot, label = text.removesuffix(".").rpartition(".")
    return bool(dot and TOP_LABEL.fullmatch(label)) and not label.isdigit()


def is_explanation(text: str) -> bool:
    """Whether a text can be told to a sender (section 6.2): macros, visible ASCII and blanks."""
    return not FOREIGN.search(text) and is_macro_string(text.replace(" ", ""))


def letters(text: str) -> set[str]:
    """Return the letters of the macros in a text, in lower case."""
    return {macro[2].lower() for macro in MACRO.finditer(text) if macro[2]}


def expand(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its macros expanded; `values` holds what each letter stands for."""
    return MACRO.sub(lambda macro: _expanded(macro, values), text)


def name_of(text: str) -> str:
    """Return an expanded text as the name to ask for.

    It has no trailing dot, and labels are dropped from the left until it is short enough
    (section 7.3).
    """
    name = text.removesuffix(".")
    return name if len(name) <= MOST_OF_A_NAME else name[-MOST_OF_A_NAME - 1 :].partition(".")[2]


def is_name(name: str) -> bool:
    """Whether a name can be asked for at all: no label is empty or too long (RFC 1035)."""
    return (
        name.isascii()
        and len(name) <= MOST_OF_A_NAME
        and all(0 < len(label) <= MOST_OF_A_LABEL for label in name.split("."))
    )


def _is_positive(digits: str) -> bool:
    return bool(digits.strip("0"))


def _expanded(macro: re.Match[str], values: Mapping[str, str]) -> str:
    escape, letter, digits, backwards, delimiters = macro.groups()
    if escape:
        return ESCAPES[escape]
    parts = re.split(f"[{re.escape(delimiters or '.')}]", values[letter.lower()])
    if backwards:
        parts.reverse()
    if digits:
        parts = parts[-int(digits.lstrip("0")[:MOST_DIGITS]) :]
    text = ".".join(parts)
    return quote(text, safe="", errors="replace") if letter.isupper() else text
