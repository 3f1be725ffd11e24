"""Why a domain is not right, in one sentence, and the words of that cause without an occasion."""

import re
from dataclasses import dataclass
from functools import cache

from dnscheck.changes import changes
from dnscheck.diagnosis import BAD, DomainResult, RecordResult
from dnscheck.findings import Severity
from dnscheck.rules import registry
from dnscheck.verdicts import Result
from dnscheck.watching.news import LAPSED_CODES, Published, worst

LONGEST = 300  # characters of a sentence
ELLIPSIS = "…"


@dataclass(frozen=True)
class Cause:
    """A cause: the code of the finding, and a sentence without its full stop.

    Both are empty for a domain with which nothing is wrong.
    """

    code: str = ""
    sentence: str = ""


def cause_of(result: DomainResult, before: Published) -> Cause | None:
    """Return what leads to a result, or None if it says nothing new of that, as silence does.

    `before` is what was published when all was right: where it explains what is wrong by one
    change, the change is told.
    """
    if result.result is Result.GOOD:
        return Cause()
    errors = [finding for finding in result.findings if finding.severity is Severity.ERROR]
    lapsed = [finding for finding in errors if finding.code in LAPSED_CODES]
    bad = [seen for seen in result.records if seen.record.required and seen.verdict in BAD]
    if bad and not lapsed:
        told = [(_change(seen, before), seen) for seen in bad]
        change, seen = next((one for one in told if one[0]), told[0])
        return _of_record(seen, change, result.domain)
    first = next(iter((*lapsed, *errors)), None)
    return Cause(first.code, _cut(first.title)) if first else None


def _of_record(seen: RecordResult, change: str, domain: str) -> Cause:
    finding = worst(seen)
    code, title = (finding.code, finding.title) if finding else ("", "")
    told = change or title or f"The {seen.record.type} record at {seen.record.name} is not right"
    return Cause(code, _cut(_inside(told, domain)))


def _change(seen: RecordResult, before: Published) -> str:
    """Return the one thing that changed at a record since all was right; else nothing."""
    name, type = seen.record.name, seen.record.type
    then = before.get((name, type), ())
    found = changes(name, type, then, seen.observed) if then else []
    sentences = [sentence for change in found for sentence in change.sentences]
    return "".join(sentences[0]) if len(sentences) == 1 else ""


def _inside(text: str, domain: str) -> str:
    """Return a text in which names end where the domain begins, as in the form of a DNS host.

    A name in which the domain stands twice stays as it is.
    """
    name = re.escape(domain)
    return re.sub(rf"(?<=[\w-])(?<!{name})\.{name}(?![\w-]|\.[\w-])", "", text)


def _cut(text: str) -> str:
    text = text.rstrip(".")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + ELLIPSIS


@cache
def words() -> dict[str, str]:
    """Return what each cause is, by its code, whatever the domain."""
    return {finding.code: _without_names(finding.title) for finding in registry.every()}


def _without_names(title: str) -> str:
    pieces = title.replace("}", "{").split("{")[::2]  # every other one is in braces
    return " ".join(ELLIPSIS.join(pieces).split())


def choices() -> list[tuple[str, str]]:
    """Return all causes as a form's choices: code and words."""
    return list(words().items())
