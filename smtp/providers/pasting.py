"""Finds the one value an input asks for in whatever was pasted: a record's name, value or line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from smtp.providers.base import Input, Provider, RecordTemplate

# A line of a zone file, or a row of a console's table, in which the type may come first.
_LINE = re.compile(
    r"(?P<name>\S+)\s+(?:[0-9]+\s+)?(?:IN\s+)?(?:[0-9]+\s+)?(?P<type>TXT|CNAME|MX)\s+(?P<data>.+)",
    re.IGNORECASE | re.DOTALL,
)
_ROW = re.compile(
    r"(?P<type>TXT|CNAME|MX)\s+(?P<name>\S+)\s+(?P<data>.+)", re.IGNORECASE | re.DOTALL
)
_SEPARATED = re.compile(
    r"[^\s,;]+[,;]\s*(?:TXT|CNAME|MX)\s*[,;]|(?:TXT|CNAME|MX)[,;]", re.IGNORECASE
)
# One that is not closed ends with the text; to look for its end again from each quotation mark
# inside would take quadratic time.
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)\\?(?:"|\Z)', re.DOTALL)
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
# Tag p of RFC 6376 section 3.6.1, with something in it.
_KEY_TAG = re.compile(r"(?:^|[;\s\"'(])p\s*=\s*(?=[A-Za-z0-9\"'])([^;]*)")
_QUOTES = "\"'“”„‘’«»`"
MOST_CHARACTERS = 300  # more than any name has; longer texts are not taken apart
_BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"
_NOT_OF_A_KEY = str.maketrans("", "", f"{_QUOTES}{_BLANKS}()\\")


class OtherDomainError(ValueError):
    """The pasted name belongs to another domain; the argument is that domain."""


@dataclass(frozen=True)
class _Pasted:
    """What was pasted, as a record's name and value; one that is no line may be either."""

    name: str
    data: str
    type: str = ""


def bare(text: str) -> str:
    """Return a text without the blanks and quotation marks around it."""
    return text.strip(_BLANKS).strip(_QUOTES).strip(_BLANKS)


def name_in(text: str) -> str:
    """Return the name of a record that was pasted as a whole line or row, or nothing."""
    line = _line(text)
    return _host(line["name"]).lower() if line else ""


def value_in(text: str) -> str:
    """Return the value of a record that was pasted as a whole line or row, or the bare text."""
    return _read(text).data


def key_in(text: str) -> str:
    """Return the base64 in a bare key, PEM, a tag list or a zone-file line, of any wrapping."""
    text = _ARMOUR.sub("", bare(text))
    tag = _KEY_TAG.search(text)
    return (tag[1] if tag else text).translate(_NOT_OF_A_KEY)


def found_in(
    item: Input,
    text: str,
    recipe: Iterable[RecordTemplate],
    chosen: Mapping[str, str],
    domain: str,
) -> str:
    """Return the value of one input out of pasted text; the bare text when it is no record.

    `chosen` are the choices made among the inputs, `domain` is the sending domain, or empty.
    Raises `OtherDomainError` for a record name of another domain.
    """
    pasted = _read(text)
    for template in recipe:
        if item.name not in template.placeholders:
            continue
        for shape, given, is_name in (
            (template.host, pasted.name, True),
            (template.value, pasted.data, False),
        ):
            if f"{{{item.name}}}" not in shape or len(given) > MOST_CHARACTERS:
                continue
            if found := _matched(shape, item, given, chosen, domain if is_name else None):
                return found
    return pasted.data


def other_choice(
    provider: Provider, item: Input, text: str, chosen: Mapping[str, str]
) -> tuple[Input, list[str]] | None:
    """Return the choice, and its values, with which a pasted line would be a record of `item`.

    None when the line belongs to what is `chosen`, or to no choice at all, or is no line.
    """
    pasted = _read(text)
    if not pasted.type or _fits(provider, item, pasted, chosen):
        return None
    for choice in provider.inputs:
        further = [(value, {**chosen, choice.name: value}) for value in choice.choices]
        if values := [value for value, then in further if _fits(provider, item, pasted, then)]:
            return choice, values
    return None


def _fits(provider: Provider, item: Input, pasted: _Pasted, chosen: Mapping[str, str]) -> bool:
    """Whether type and data are those of a record which, with these choices, holds the input."""
    known = provider.filled(chosen)
    return len(pasted.data) <= MOST_CHARACTERS and any(
        item.name in template.placeholders
        and template.type == pasted.type
        and re.fullmatch(_with_known(template.value, known), pasted.data, re.IGNORECASE)
        for template in provider.recipe_for(chosen)
    )


def _with_known(shape: str, known: Mapping[str, str]) -> str:
    """Return the pattern of a value in which what is not known yet may be anything."""
    return "".join(
        re.escape(literal) + (re.escape(known.get(field, "")) or r"\S+?" if field else "")
        for literal, field, *_ in Formatter().parse(shape)
    )


def _line(text: str) -> re.Match[str] | None:
    text = text.strip(_BLANKS)
    if _SEPARATED.match(text):
        text = re.sub(r"[,;]", " ", text, count=3)
    return _ROW.fullmatch(text) or _LINE.fullmatch(text)


def _read(text: str) -> _Pasted:
    line = _line(text)
    if line is None:
        return _Pasted(_host(bare(text)), _host(bare(text)))
    data = line["data"].split(";")[0] if '"' not in line["data"] else line["data"]
    strings = _STRING.findall(data)
    joined = "".join(re.sub(r"\\(.)", r"\1", string) for string in strings)
    type = line["type"].upper()
    # Before the host of an MX record stands its preference.
    target = re.sub(r"^[0-9]+\s+", "", data.strip()) if type == "MX" else data
    return _Pasted(_host(line["name"]), joined if strings else _host(target), type)


def _host(text: str) -> str:
    return text.strip(_BLANKS).removesuffix(".")


def _matched(
    shape: str, item: Input, given: str, chosen: Mapping[str, str], domain: str | None
) -> str:
    """Return the input's part of a text of this shape, or nothing.

    A name may go on with the domain; with `domain` None the text is a value and may not.
    """
    pattern = "".join(
        re.escape(literal) + _field(item, field, chosen)
        for literal, field, *_ in Formatter().parse(shape)
    )
    further = "" if domain is None else r"(?:\.(?P<rest>.+))?"
    match = re.fullmatch(pattern + further, given, re.IGNORECASE)
    if match is None:
        return ""
    rest = (match.groupdict().get("rest") or "").lower()
    if rest and domain and not is_part(rest, domain):
        raise OtherDomainError(rest)
    return match["wanted"]


def _field(item: Input, name: str | None, chosen: Mapping[str, str]) -> str:
    if name is None:
        return ""
    if name == item.name:
        return f"(?P<wanted>{item.pattern or '[^. ]+'})"
    return re.escape(chosen[name]) if name in chosen else r"\S+?"


def is_part(rest: str, domain: str) -> bool:
    """Whether a name goes on with the domain, or with that part of it that lies in its zone."""
    return rest == domain or domain.startswith(rest + ".")
