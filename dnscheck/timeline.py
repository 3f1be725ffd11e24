"""Page: the last checks of a domain, and which findings came and went with each."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dnscheck.models import Check, SendingDomain

SHOWN_CHECKS = 20

FindingJson = dict[str, Any]  # what `Finding.as_json` returns


@dataclass(frozen=True)
class Moment:
    """A check in the timeline, with the findings it brought and those that were gone by then."""

    check: Check
    appeared: list[FindingJson]
    gone: list[FindingJson]


def moments_of(domain: SendingDomain) -> list[Moment]:
    """Return the last checks, newest first, in two queries."""
    checks = list(domain.checks.prefetch_related("records")[: SHOWN_CHECKS + 1])
    moments = [_moment(check, before) for check, before in pairwise([*checks, None]) if check]
    return moments[:SHOWN_CHECKS]


def _moment(check: Check, before: Check | None) -> Moment:
    now, then = _findings(check), _findings(before) if before else {}
    return Moment(
        check,
        appeared=[finding for key, finding in now.items() if key not in then],
        gone=[finding for key, finding in then.items() if key not in now],
    )


def _findings(check: Check) -> dict[tuple[str, str], FindingJson]:
    """Return every finding of a check by its place and code."""
    places = [("", check.findings), *((row.name, row.findings) for row in check.records.all())]
    return {(place, finding["code"]): finding for place, found in places for finding in found}
