"""A table for a terminal or a mail. Values stay in one piece, so that they can be copied."""

from dnscheck.exports.base import (
    ONE_SPF,
    OPTIONAL,
    Export,
    Format,
    need,
    paragraphs,
    plain_value,
    prose,
)
from smtp.providers.base import Match

HEADINGS = ("TYPE", "NAME", "NEED", "VALUE")


def render(export: Export) -> str:
    """Return the table with what is to be minded below it; an MX value begins with its number."""
    rows = [HEADINGS]
    for record in export.wanted:
        rows.append((record.type, record.name, need(record), plain_value(record)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS) - 1)]
    lines = [
        "  ".join(
            [*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]]
        )
        for row in rows
    ]
    left_out = "\n".join(prose(line, "- ", "  ") for line in export.left_out)
    has_spf = any(record.match is Match.SPF for record in export.wanted)
    return paragraphs(
        prose(f"Records for mail from {export.domain}, in the zone {export.zone}:"),
        "\n".join(lines),
        prose(ONE_SPF) if has_spf else "",
        *(prose(caution) for caution in export.cautions),
        f"{OPTIONAL}\n{left_out}" if left_out else "",
    )


FORMAT = Format(
    slug="table",
    label="Table",
    about="An overview for people.",
    suffix=".txt",
    content_type="text/plain; charset=utf-8",
    render=render,
)
