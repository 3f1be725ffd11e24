"""When an acknowledged finding is open again. Pure: rows as values in, the clock handed in.

A finding is acknowledged as it was seen: by its code, at one place, with its evidence and at its
severity. What is acknowledged is folded away until it expires, is seen otherwise, becomes worse, or
was mended and comes back.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dnscheck.findings import RecordVerdict, Severity

FindingJson = Mapping[str, Any]  # what `Finding.as_json` returns
Key = tuple[str, str]  # a place and the code of a finding

WHOLE_DOMAIN = ""  # the place of what concerns no record
FOREVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
EXPIRED = "The time it was acknowledged for is over."
CHANGED = "What is seen has changed since."
WORSE = "It has become worse since."

_WORST_FIRST = list(Severity)
_BAD = (RecordVerdict.WRONG, RecordVerdict.MISSING)


@dataclass(frozen=True)
class Acknowledged:
    """What somebody let be: as it was seen, and until when, or nothing for no end."""

    evidence: str
    severity: str
    until: dt.datetime | None


@dataclass(frozen=True)
class Sight:
    """What one check found at one place, `required` or not there.

    `verdict` is the record's; that of the whole domain is unknown if not all could be asked.
    """

    place: str
    findings: Sequence[FindingJson]
    verdict: str
    required: bool = True


def place_of(name: str, type: str) -> str:
    """Return the place of the findings at a record."""
    return f"{name} {type}"


def by_key(sights: Iterable[Sight]) -> dict[Key, list[FindingJson]]:
    """Return the findings of a check by place and code.

    Several of one key are acknowledged together: two records of a name may lack the same.
    """
    found: dict[Key, list[FindingJson]] = {}
    for sight in sights:
        for finding in sight.findings:
            found.setdefault((sight.place, finding["code"]), []).append(finding)
    return found


def evidence_of(findings: Iterable[FindingJson]) -> str:
    """Return a short text that is equal for findings that tell the same, in whatever order."""
    told = sorted(
        json.dumps([finding["title"], sorted(finding["evidence"]), finding["edits"]])
        for finding in findings
    )
    return hashlib.blake2b("\n".join(told).encode(), digest_size=32).hexdigest()


def worst(findings: Iterable[FindingJson]) -> Severity:
    """Return the worst severity of some findings."""
    return min((Severity(item["severity"]) for item in findings), key=_WORST_FIRST.index)


def reopened(known: Acknowledged, findings: Sequence[FindingJson], now: dt.datetime) -> str:
    """Return why what was acknowledged is open again, in a sentence; empty while it holds."""
    if _WORST_FIRST.index(worst(findings)) < _WORST_FIRST.index(Severity(known.severity)):
        return WORSE
    if evidence_of(findings) != known.evidence:
        return CHANGED
    return EXPIRED if known.until is not None and known.until <= now else ""


def is_gone(key: Key, sights: Sequence[Sight]) -> bool:
    """Whether a check saw for certain that a finding is there no more."""
    at_place = [sight for sight in sights if sight.place == key[0]]
    certain = all(sight.verdict != RecordVerdict.UNKNOWN for sight in at_place)
    return certain and key not in by_key(at_place)


def calm_until(
    sights: Sequence[Sight], known: Mapping[Key, Acknowledged], now: dt.datetime
) -> dt.datetime | None:
    """Return until when all that is wrong with a domain is acknowledged; nothing if some is open.

    What counts are the findings at required records that are wrong or missing, and errors of the
    whole domain. Such a record without a finding cannot be acknowledged.
    """
    found = by_key(sights)
    ends = []
    for sight in sights:
        keys = _that_count(sight)
        if sight.verdict in _BAD and sight.required and sight.place and not keys:
            return None
        for key in keys:
            if key not in known or reopened(known[key], found[key], now):
                return None
            ends.append(known[key].until or FOREVER)
    return min(ends, default=None)


def _that_count(sight: Sight) -> set[Key]:
    if sight.place == WHOLE_DOMAIN:
        counted = [item for item in sight.findings if item["severity"] == Severity.ERROR]
    elif sight.required and sight.verdict in _BAD:
        worse = [item for item in sight.findings if item["severity"] != Severity.INFO]
        counted = worse or list(sight.findings)
    else:
        counted = []
    return {(sight.place, item["code"]) for item in counted}
