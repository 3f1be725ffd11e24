"""Finds the one value an input asks for in whatever was pasted: a record's name, value or line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from smtp.providers.base import Input, RecordTemplate

# A line of a zone file, or a row of a console's table, in which the type may come first.
_LINE = re.compile(
    r"(?P<name>\S+)\s+(?:\d+\s+)?(?:IN\s+)?(?:\d+\s+)?(?P<type>TXT|CNAME|MX)\s+(?P<data>.+)",
    re.IGNORECASE | re.DOTALL,
)
_ROW = re.compile(
    r"(?P<type>TXT|CNAME|MX)\s+(?P<name>\S+)\s+(?P<data>.+)", re.IGNORECASE | re.DOTALL
)
_SEPARATED = re.compile(
    r"[^\s,;]+[,;]\s*(?:TXT|CNAME|MX)\s*[,;]|(?:TXT|CNAME|MX)[,;]", re.IGNORECASE
)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_QUOTES = "\"'“”„‘’«»`"
MOST_CHARACTERS = 300  # more than any name has; longer texts are not taken apart
_BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"


class OtherDomainError(ValueError):
    """The pasted name belongs to another domain; the argument is that domain."""


@dataclass(frozen=True)
class _Pasted:
    """What was pasted, as a record's name and value; one that is no line may be either."""

    name: str
    data: str


def bare(text: str) -> str:
    """Return a text without the blanks and quotation marks around it."""
    return text.strip(_BLANKS).strip(_QUOTES).strip(_BLANKS)


def name_in(text: str) -> str:
    """Return the name of a record that was pasted as a whole line or row, or nothing."""
    line = _line(text)
    return _host(line["name"]).lower() if line else ""


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


def _line(text: str) -> re.Match[str] | None:
    text = text.strip(_BLANKS)
    if _SEPARATED.match(text):
        text = re.sub(r"\s*[,;]\s*", " ", text, count=3)
    return _ROW.fullmatch(text) or _LINE.fullmatch(text)


def _read(text: str) -> _Pasted:
    line = _line(text)
    if line is None:
        return _Pasted(_host(bare(text)), _host(bare(text)))
    data = line["data"].split(";")[0] if '"' not in line["data"] else line["data"]
    strings = _STRING.findall(data)
    joined = "".join(re.sub(r"\\(.)", r"\1", string) for string in strings)
    # Before the host of an MX record stands its preference.
    target = re.sub(r"^\d+\s+", "", data.strip()) if line["type"].upper() == "MX" else data
    return _Pasted(_host(line["name"]), joined if strings else _host(target))


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
