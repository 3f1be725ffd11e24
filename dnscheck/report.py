"""A check as text for a terminal. Values stay in one piece, so that they can be copied."""

import datetime as dt
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dnscheck.diagnosis import NO_SUCH_DOMAIN
from dnscheck.findings import Action
from dnscheck.names import spelt
from dnscheck.spf.forecast import LIMIT

Json = Mapping[str, Any]  # what `diagnosis.as_json` returns, or a part of it
INDENT = " " * 9
NOT_REQUIRED = "(recommended, does not stop verification)"


def lines(check: Json, width: int) -> Iterator[str]:
    """Yield the lines below the heading: findings of the domain, each record, what SPF costs.

    Where the domain does not exist nothing can be added, so no record has an edit.
    """
    for finding in check["findings"]:
        yield from _finding(finding, check["domain"], (), width)
    is_gone = any(finding["code"] == NO_SUCH_DOMAIN.code for finding in check["findings"])
    for record in check["records"]:
        yield from _record(record, width, is_gone=is_gone)
    for name, cost in check["spf"].items():
        least = "" if cost["complete"] else "at least "
        yield f"SPF at {name}: {least}{cost['lookups']} of {LIMIT} DNS look-ups"


def printable(text: str) -> str:
    """Return a text from the DNS with what would command a terminal written as `\\xNN`."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _record(record: Json, width: int, *, is_gone: bool) -> Iterator[str]:
    name, verdict, findings = record["name"], record["verdict"], record["findings"]
    line = f"{record['purpose']:<12}{record['type']:<6}{name}"
    if verdict == "missing" and not (record["required"] or findings):
        yield f"{'optional':<8} {line}"  # nobody misses it: nothing is found
        yield f"{INDENT}value   {printable(record['expected'])}"
        return
    note = "" if record["required"] or verdict == "ok" else f"  {NOT_REQUIRED}"
    yield f"{verdict:<8} {line}{note}"
    if verdict != "ok":
        yield f"{INDENT}wanted  {printable(_wanted(record))}"
    if verdict != "ok" and not is_gone:
        yield from _seen(record)
    for finding in () if is_gone else findings:
        yield from _finding(finding, name, record["observed"], width)
    if "forgotten_at" in record:
        at = dt.datetime.fromisoformat(record["forgotten_at"]).astimezone(dt.UTC)
        told = f"The resolver has forgotten its old answer by {at:%Y-%m-%d %H:%M} UTC."
        yield from _wrapped(told, width)


def _wanted(record: Json) -> str:
    """Return the value to have in the end: what an edit makes of the record, else as wanted."""
    edits = [edit for finding in record["findings"] for edit in finding["edits"]]
    made: Iterator[str] = (
        edit["to"]
        for edit in edits
        if (edit["name"], edit["type"]) == (record["name"], record["type"])
        and edit["to"]
        and edit["action"] != Action.DELETE
    )
    return next(made, str(record["expected"]))


def _seen(record: Json) -> Iterator[str]:
    could_ask = record["verdict"] != "unknown"
    if not record["observed"]:
        nothing = f"no {record['type']} record" if could_ask else "could not ask"
        yield f"{INDENT}seen    ({nothing})"
    for text in record["observed"]:
        yield f"{INDENT}seen    {printable(text)}"


def _finding(finding: Json, name: str, observed: Sequence[str], width: int) -> Iterator[str]:
    """Yield a finding at a name, without the values that are told as observed there."""
    prose = f"{finding['severity']}: {finding['title']} [{finding['code']}]"
    for text in (prose, finding["why"], finding["fix"]):
        yield from _wrapped(text, width)
    told = {*observed, *(edit["from"] for edit in finding["edits"])}
    for text in finding["evidence"]:
        if text not in told:
            yield f"{INDENT}found   {printable(text)}"
    for edit in finding["edits"]:
        yield f"{INDENT}{edit['action']} {edit['type']} {_as_typed(edit['name'], name)}"
        for word in ("from", "to"):
            if edit[word]:
                yield f"{INDENT}  {word:<5} {printable(edit[word])}"


def _as_typed(name: str, right: str) -> str:
    """Return a name as it was typed; one saved in letters beyond ASCII with the right one."""
    typed = spelt(name)
    return printable(name) if typed == name else f"{printable(typed)} (not {right})"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        printable(text),
        width,
        initial_indent=INDENT,
        subsequent_indent=INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
