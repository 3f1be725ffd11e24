"""Records that cannot all be published, because the zone has one place for them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dnscheck.diagnosis import DomainResult
from dnscheck.findings import Finding, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import state
from smtp.providers.base import Match

TWO_KINDS = Finding(
    "recipe.two-kinds",
    Severity.ERROR,
    "A CNAME and other records are wanted at {name}, and only one kind can be there",
    "A CNAME stands alone at its name: {wanted}.",
    "Choose another subdomain for one of the providers, in its console and here.",
)
TWO_VALUES = Finding(
    "recipe.two-values",
    Severity.ERROR,
    "Two providers want {name} for themselves",
    "There can be one record of this kind at a name, and they want different ones: {wanted}.",
    "Choose another name, such as another subdomain or selector, for one of the providers, in its "
    "console and here. Until then leave what is published as it is.",
)
SHOWN = 80  # characters of a value
ALONE = (Match.CNAME, Match.DKIM_KEY)  # of these, one value has a name to itself


def conflicts(records: Iterable[RequiredRecord]) -> dict[str, Finding]:
    """Return what is wrong with a name at which one record rules another out, by name.

    A CNAME stands beside nothing (RFC 1034 section 3.6.2), and a selector has one key (RFC 6376
    section 3.6.2.2).
    """
    wanted: dict[str, list[RequiredRecord]] = {}
    for record in records:
        if not record.optional:
            wanted.setdefault(record.name, []).append(record)
    found = {name: _ruled_out(here) for name, here in wanted.items()}
    return {
        name: state(finding, name=name, wanted=_told(wanted[name]))
        for name, finding in found.items()
        if finding is not None
    }


def _ruled_out(here: Sequence[RequiredRecord]) -> Finding | None:
    types = {record.type for record in here}
    if len(types) > 1:
        return TWO_KINDS if "CNAME" in types else None
    values = {(record.match, record.value.lower()) for record in here if record.match in ALONE}
    return TWO_VALUES if len(values) > 1 else None


def _told(here: Iterable[RequiredRecord]) -> str:
    return "; ".join(f"{record.type} {record.value[:SHOWN]}" for record in here)


def with_conflicts(result: DomainResult) -> DomainResult:
    """Return the result with the conflict in place of edits that would undo one another."""
    found = conflicts(seen.record for seen in result.records)
    records = tuple(
        replace(seen, findings=(found[seen.record.name],))
        if seen.record.name in found and seen.verdict is not RecordVerdict.OK
        else seen
        for seen in result.records
    )
    return replace(result, records=records)
