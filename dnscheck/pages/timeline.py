"""Page: the checks of a domain, what each saw change, and which findings came and went with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core.paginator import Page, Paginator

from dnscheck.changes import Change, changes
from dnscheck.findings import RecordVerdict
from dnscheck.models import Check, RecordCheck, SendingDomain

SHOWN_CHECKS = 20
MOST_EARLIER = 200  # rows looked through for what a record was before the checks that are shown

FindingJson = dict[str, Any]  # what `Finding.as_json` returns
Sights = dict[tuple[str, str], Sequence[str]]  # what was last seen for certain, by name and type


@dataclass(frozen=True)
class Moment:
    """A check in the timeline: what it saw change, and the findings that came and were gone."""

    check: Check
    changes: list[Change]
    appeared: list[FindingJson]
    gone: list[FindingJson]

    @property
    def is_of_nothing(self) -> bool:
        """Whether nothing was required any more, so nothing was asked."""
        return not self.check.records.all()


def moments_of(domain: SendingDomain) -> list[Moment]:
    """Return the last checks, newest first, in three queries."""
    return _moments(domain, list(_checks(domain)[: SHOWN_CHECKS + 1]))[:SHOWN_CHECKS]


def pages_of(domain: SendingDomain, number: str | None) -> tuple[Page[Check], list[Moment]]:
    """Return one page of all checks of a domain, and its moments, in four queries."""
    page = Paginator(_checks(domain), SHOWN_CHECKS).get_page(number)
    first = page.start_index() - 1 if page.paginator.count else 0
    checks = list(_checks(domain)[first : first + SHOWN_CHECKS + 1])
    return page, _moments(domain, checks)[:SHOWN_CHECKS]


def _checks(domain: SendingDomain) -> Any:
    return domain.checks.prefetch_related("records")


def _moments(domain: SendingDomain, checks: Sequence[Check]) -> list[Moment]:
    """Return the moments of some checks, newest first; the last check is there to be compared."""
    sights = _earlier(domain, checks[-1]) if checks else {}
    changed = [_look(sights, check.records.all()) for check in reversed(checks)]
    before = pairwise([*checks, None])
    told = zip(before, reversed(changed), strict=True)
    return [_moment(check, then, seen) for (check, then), seen in told if check]


def _earlier(domain: SendingDomain, check: Check) -> Sights:
    """Return what was last seen for certain before a check."""
    rows = RecordCheck.objects.filter(parent__domain=domain, parent__lt=check)
    last = rows.order_by("-pk").defer("findings", "expected")[:MOST_EARLIER]
    sights: Sights = {}
    for row in reversed(last):
        if _is_certain(row):
            sights[row.name, row.type] = row.observed
    return sights


def _look(sights: Sights, rows: Iterable[RecordCheck]) -> list[Change]:
    """Note what a check saw, and return how it differs from what was noted before."""
    seen = {(row.name, row.type): row.observed for row in rows if _is_certain(row)}
    told = [
        change
        for (name, type), observed in seen.items()
        if (name, type) in sights
        for change in changes(name, type, sights[name, type], observed)
    ]
    sights.update(seen)
    return told


def _is_certain(row: RecordCheck) -> bool:
    """Whether a check saw what is at a name, even if what lies behind could not be asked."""
    return row.verdict != RecordVerdict.UNKNOWN or bool(row.observed)


def _moment(check: Check, before: Check | None, changed: list[Change]) -> Moment:
    now, then = dict(_findings(check)), dict(_findings(before)) if before else {}
    return Moment(
        check,
        changed,
        appeared=[finding for key, finding in now.items() if key not in then],
        gone=[finding for key, finding in then.items() if key not in now],
    )


def _findings(check: Check) -> Iterator[tuple[tuple[str, str], FindingJson]]:
    """Yield every finding of a check by its place and code."""
    places = [("", check.findings), *((row.name, row.findings) for row in check.records.all())]
    for place, found in places:
        yield from (((place, finding["code"]), finding) for finding in found)
