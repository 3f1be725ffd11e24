"""A table of comma-separated values (RFC 4180) that is safe to open in a spreadsheet.

A spreadsheet takes a cell for a formula that begins with =, +, -, @, a tab or a carriage return.
Such a cell is written behind an apostrophe, and so is one that begins with an apostrophe itself:
who reads the file takes one apostrophe away from each cell that begins with one, and has exactly
what was meant.
"""

import csv
import io

from dnscheck.exports.base import PURPOSES, Export, Format, priority

COLUMNS = ("name", "type", "priority", "value", "ttl", "purpose", "required")
GUARDED = ("=", "+", "-", "@", "\t", "\r", "'")


def render(export: Export) -> str:
    """Return the table with a line of headings; `required` is yes or no."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for record in export.wanted:
        cells = (
            record.name,
            record.type,
            str(priority(record)) if record.type == "MX" else "",
            record.value,
            str(export.ttl),
            PURPOSES[record.purpose],
            "yes" if record.required else "no",
        )
        writer.writerow([_guarded(cell) for cell in cells])
    return written.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(GUARDED) else cell


FORMAT = Format(
    slug="csv",
    label="Spreadsheet (CSV)",
    about="For a spreadsheet. What it would take for a formula has an apostrophe before it.",
    suffix=".csv",
    content_type="text/csv; charset=utf-8",
    render=render,
)
