"""A zone for the YamlProvider of octoDNS, with `escaped_semicolons: true`, its default.

Every value is read back as it was, but octoDNS refuses one in which a backslash stands before a
semicolon, unless it is told to be lenient.
"""

import json
import re
from collections.abc import Iterator

from dnscheck.exports.base import (
    Export,
    Format,
    about,
    comment,
    dotted,
    paragraphs,
    priority,
    remarks,
)
from dnscheck.records import RequiredRecord

HOW = (
    "Merge this into the octoDNS file of the zone {zone}: names that octoDNS does not find there "
    "are deleted from the DNS. Semicolons are escaped, as YamlProvider wants it by default."
)


def render(export: Export) -> str:
    """Return the YAML: for each name, in octoDNS's natural order, a list of its types."""
    names: dict[str, dict[str, list[RequiredRecord]]] = {}
    for record in export.wanted:
        types = names.setdefault(export.relative(record.name, apex=""), {})
        types.setdefault(record.type, []).append(record)
    blocks = [
        "\n".join([f"{json.dumps(name)}:", *_types(names[name], export.ttl)])
        for name in sorted(names, key=_natural)
    ]
    head = comment("#", HOW.format(zone=export.zone))
    return paragraphs(f"{head}\n---", *blocks, remarks("#", export))


def _natural(name: str) -> list[str | int]:
    """Return what sorts a2 before a10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _types(types: dict[str, list[RequiredRecord]], ttl: int) -> Iterator[str]:
    for type, records in types.items():
        yield from (comment("  #", about(record)) for record in records)
        if type == "CNAME":  # the one type here that can only have one value
            for record in records:
                yield from _entry(ttl, type)
                yield f"    value: {json.dumps(dotted(record.value))}"
            continue
        yield from _entry(ttl, type)
        yield "    values:"
        yield from (line for record in records for line in _value(record))


def _entry(ttl: int, type: str) -> Iterator[str]:
    yield f"  - ttl: {ttl}"
    yield f"    type: {type}"


def _value(record: RequiredRecord) -> Iterator[str]:
    if record.type == "MX":
        yield f"      - exchange: {json.dumps(dotted(record.value))}"
        yield f"        preference: {priority(record)}"
    else:
        yield f"      - {json.dumps(_text(record.value))}"


def _text(value: str) -> str:
    """Return a TXT value so that octoDNS reads it back.

    It joins strings by dropping every `" "`, drops the first and the last character when the
    first is a quotation mark, and takes the backslash from before each semicolon.
    """
    value = re.sub('"(?= ")', '"" "', value.replace(";", "\\;"))
    return f'"{value}"' if value.startswith('"') else value


FORMAT = Format(
    slug="octodns",
    label="octoDNS",
    about="YAML to merge into the zone's file: octoDNS deletes what a file does not list.",
    suffix=".yaml",
    content_type="application/yaml",
    render=render,
)
