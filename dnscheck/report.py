"""A check as text for a terminal. Values stay in one piece, so that they can be copied."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from dnscheck.spf.forecast import LIMIT

Json = Mapping[str, Any]  # what `diagnosis.as_json` returns, or a part of it
INDENT = " " * 9


def lines(check: Json, width: int) -> Iterator[str]:
    """Yield the lines below the heading: findings of the domain, each record, what SPF costs."""
    for finding in check["findings"]:
        yield from _finding(finding, width)
    for record in check["records"]:
        yield f"{record['verdict']:<8} {record['purpose']:<12}{record['type']:<6}{record['name']}"
        # A record that is of use in one situation only is missed by nobody: nothing is found.
        is_fine = record["verdict"] == "ok" or not (record["required"] or record["findings"])
        if not is_fine:
            yield f"{INDENT}wanted  {printable(record['expected'])}"
            yield from _seen(record["observed"], could_ask=record["verdict"] != "unknown")
        for finding in record["findings"]:
            yield from _finding(finding, width)
    for name, cost in check["spf"].items():
        least = "" if cost["complete"] else "at least "
        yield f"SPF at {name}: {least}{cost['lookups']} of {LIMIT} DNS look-ups"


def printable(text: str) -> str:
    """Return a text from the DNS with what would command a terminal written as `\\xNN`."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _seen(observed: list[str], *, could_ask: bool) -> Iterator[str]:
    if not could_ask:
        yield f"{INDENT}seen    (could not ask)"
    elif not observed:
        yield f"{INDENT}seen    (nothing)"
    for text in observed:
        yield f"{INDENT}seen    {printable(text)}"


def _finding(finding: Json, width: int) -> Iterator[str]:
    prose = f"{finding['severity']}: {finding['title']} [{finding['code']}]"
    for text in (prose, finding["why"], finding["fix"]):
        yield from textwrap.wrap(
            printable(text),
            width,
            initial_indent=INDENT,
            subsequent_indent=INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
    for edit in finding["edits"]:
        yield f"{INDENT}{edit['action']} {edit['type']} {edit['name']}"
        for word in ("from", "to"):
            if edit[word]:
                yield f"{INDENT}  {word:<5} {printable(edit[word])}"
