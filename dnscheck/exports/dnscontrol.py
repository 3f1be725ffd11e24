"""A D_EXTEND() for DNSControl. It escapes and splits TXT values itself, so they stand in one."""

import json

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


def render(export: Export) -> str:
    """Return the statement; the arguments of every call are JSON literals but for the TTL."""
    head = comment(
        "//",
        f"Records for mail from {export.domain}: to be put below D({json.dumps(export.zone)}, …).",
    )
    calls = [
        f"{comment('  //', about(record))}\n  {_call(record, export)}" for record in export.wanted
    ]
    statement = ",\n".join([f"D_EXTEND({json.dumps(export.zone)}", *calls])
    return paragraphs(head, f"{statement}\n);", remarks("//", export))


def _call(record: RequiredRecord, export: Export) -> str:
    arguments: list[str | int] = [export.relative(record.name)]
    if record.type == "MX":
        arguments.append(priority(record))
    arguments.append(record.value if record.type == "TXT" else dotted(record.value))
    listed = ", ".join(json.dumps(argument) for argument in arguments)
    return f"{record.type}({listed}, TTL({export.ttl}))"


FORMAT = Format(
    slug="dnscontrol",
    label="DNSControl",
    about="A statement for dnsconfig.js that extends the zone.",
    suffix=".js",
    content_type="text/plain; charset=utf-8",  # never JavaScript that a page could load
    render=render,
)
