"""Page: what a domain's page tells: each required record as last seen, and what changed when."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from dnscheck.diagnosis import NO_SUCH_DOMAIN
from dnscheck.findings import RecordVerdict, Severity
from dnscheck.models import Check, RecordCheck, SendingDomain
from dnscheck.pages.budgets import Budget, budgets_of
from dnscheck.pages.handout import Place, as_json, key_of, place_of, sight_key
from dnscheck.pages.senders import outlooks_told
from dnscheck.pages.shown import FOLLOW, Group, ShownRecord, Task, Telling, is_of, telling_of
from dnscheck.pages.strip import Strip, strip_of
from dnscheck.pages.timeline import FindingJson, Moment, moments_of
from dnscheck.records import RequiredRecord
from dnscheck.verdicts import WATCHED_FOR, Result, is_watched
from smtp.providers.base import Match, Purpose

UNDER_WAY, WATCHED, AT_REST = 2, 10, 0  # how often a page looks for news, in seconds
WORST_FIRST = [severity.value for severity in Severity]
LATE = dt.timedelta(seconds=30)  # a check that has been due for so long finds no worker

REPORTED = (
    *("purpose", "name", "type", "required", "expected"),
    *("verdict", "observed", "findings"),
)

KEPT = ("zone", "name_servers", "spf_forecasts", "outlooks")

Key = tuple[str, str, str]  # name, type and value of a record


@dataclass(frozen=True)
class Page:
    """What the live part of a domain's page shows. `poll` is in seconds, 0 is not at all."""

    domain: SendingDomain
    place: Place
    telling: Telling
    strip: Strip
    budgets: list[Budget]
    outlooks: list[dict[str, Any]]
    groups: list[Group]
    moments: list[Moment]
    poll: int
    is_late: bool
    stamp: str

    @property
    def latest(self) -> Check | None:
        """The check that tells the domain as it was last seen."""
        return self.moments[0].check if self.moments else None

    @cached_property
    def findings(self) -> list[FindingJson]:
        """What the last check found of the domain as a whole, the worst first."""
        findings = self.latest.findings if self.latest else []
        worst_first = sorted(findings, key=lambda finding: WORST_FIRST.index(finding["severity"]))
        return [self.telling.told(finding) for finding in worst_first]

    @property
    def is_under_way(self) -> bool:
        """Whether a check is due or running."""
        return self.poll == UNDER_WAY

    @property
    def watched_until(self) -> dt.datetime | None:
        """Until when it is checked often because somebody asked; nothing if nobody did lately."""
        since = self.domain.watched_since
        return since + WATCHED_FOR if since and is_watched(since, self.telling.now) else None

    @property
    def seconds_left(self) -> int:
        """How long it is until the next check, in seconds."""
        left = self.domain.next_check_at - self.telling.now
        return max(math.ceil(left.total_seconds()), 0)

    @property
    def forgotten_at(self) -> dt.datetime | None:
        """When the resolver will have forgotten all it answered before records were changed."""
        moments = [item.forgotten_at for group in self.groups for item in group.records]
        return max((at for at in moments if at), default=None)

    @cached_property
    def faults(self) -> list[FindingJson]:
        """What is wrong with the domain as a whole, and nobody let be."""
        return [
            finding
            for finding in self.findings
            if finding["severity"] == Severity.ERROR
            and not (finding["acknowledgement"] and not finding["reopened"])
        ]

    @cached_property
    def tasks(self) -> list[ShownRecord]:
        """The records that are to be published or changed, those that are required first."""
        return self._with_task(Task.PUBLISH, Task.CHANGE)

    @cached_property
    def waiting(self) -> list[ShownRecord]:
        """The records that are published, and that the resolver does not know yet."""
        return self._with_task(Task.WAIT)

    def _with_task(self, *tasks: Task) -> list[ShownRecord]:
        shown = (item for group in self.groups for item in group.wanted if item.task in tasks)
        return sorted(shown, key=lambda item: not item.record.required)

    @cached_property
    def required(self) -> list[ShownRecord]:
        """The records without which the domain is not verified."""
        return [item for group in self.groups for item in group.records if item.record.required]

    @cached_property
    def right(self) -> list[ShownRecord]:
        """Those of the required records that were right."""
        return [item for item in self.required if item.verdict == RecordVerdict.OK]

    @cached_property
    def unasked(self) -> list[ShownRecord]:
        """Those of the required records about which nothing is known now."""
        return [item for item in self.required if item.verdict in ("", RecordVerdict.UNKNOWN)]


def page_of(
    domain: SendingDomain,
    records: Iterable[RequiredRecord],
    now: dt.datetime,
    *,
    may_edit: bool = False,
    for_outsiders: bool = False,
) -> Page:
    """Read the last checks of a domain and join them with the records it needs now.

    What members of the tenant noted for each other is not for outsiders.
    """
    moments, place = moments_of(domain), place_of(domain)
    records = [_for_outsiders(record) if for_outsiders else record for record in records]
    latest = moments[0].check if moments else None
    codes = [finding["code"] for finding in latest.findings] if latest else []
    is_gone = NO_SUCH_DOMAIN.code in codes
    telling = telling_of(domain, place, latest, may_edit=may_edit, is_gone=is_gone, now=now)
    if for_outsiders:
        telling = replace(telling, acknowledged={}, for_outsiders=True)
    groups = _grouped(records, moments, telling)
    is_due = any(record.required for record in records)  # without any there is nothing to check
    return Page(
        domain=domain,
        place=place,
        telling=telling,
        strip=strip_of(domain, now),
        budgets=budgets_of(domain, _unread(groups)),
        outlooks=outlooks_told(domain),
        groups=groups,
        moments=moments,
        poll=poll_seconds(domain, now) if is_due else AT_REST,
        is_late=is_due and not _is_claimed(domain, now) and domain.next_check_at <= now - LATE,
        stamp=stamp(domain, now),
    )


def _for_outsiders(record: RequiredRecord) -> RequiredRecord:
    return replace(record, why="") if record.purpose is Purpose.ADDED else record


def stamp(domain: SendingDomain, now: dt.datetime) -> str:
    """Return a text that is another one when the live part of the page is to be drawn anew."""
    checked = domain.last_checked_at.isoformat() if domain.last_checked_at else ""
    return f"{checked} {poll_seconds(domain, now)}"


def poll_seconds(domain: SendingDomain, now: dt.datetime) -> int:
    """Return how often a page is to look for news."""
    if _is_claimed(domain, now) or domain.next_check_at <= now:
        return UNDER_WAY
    return WATCHED if is_watched(domain.watched_since, now) else AT_REST


def _is_claimed(domain: SendingDomain, now: dt.datetime) -> bool:
    return domain.claimed_until is not None and domain.claimed_until > now


def _grouped(
    records: Iterable[RequiredRecord], moments: Sequence[Moment], telling: Telling
) -> list[Group]:
    """Join records with what was seen of the very same ones, by provider."""
    seen: dict[Key, RecordCheck] = {}
    known: dict[Key, RecordCheck] = {}
    sights: dict[Key, RecordCheck] = {}
    for moment in reversed(moments):
        seen = {_key(row): row for row in moment.check.records.all()}
        definite = {k: row for k, row in seen.items() if row.verdict != RecordVerdict.UNKNOWN}
        known |= definite
        sights |= {(row.name, row.type, row.purpose): row for row in definite.values()}
    groups: dict[tuple[str, ...], Group] = {}
    for record in records:
        key = key_of(record)
        group = groups.setdefault(record.providers, Group(record.providers))
        row = seen.get(key)
        shown = ShownRecord(
            record=record,
            seen=row,
            known=known.get(key),
            sight=sights.get(sight_key(record)),
            telling=telling,
            forgotten_at=forgotten_at(row, telling.now) if row else None,
            changed=_changed(record, moments),
        )
        group.records.append(shown)
    return list(groups.values())


def _changed(record: RequiredRecord, moments: Iterable[Moment]) -> Moment | None:
    found = (item for item in moments if any(is_of(change, record) for change in item.changes))
    return next(found, None)


def forgotten_at(row: RecordCheck, now: dt.datetime) -> dt.datetime | None:
    """Return the full minute by which the resolver has forgotten its answer; nothing once it has.

    Of a resolver's answer the TTL is what was left of it. Nothing, too, if no finding calls for
    waiting.
    """
    if row.ttl is None or not any(finding["code"] in FOLLOW for finding in row.findings):
        return None
    forgotten = row.parent.at + dt.timedelta(seconds=row.ttl)
    if forgotten <= now:
        return None
    return forgotten.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)


def _unread(groups: Iterable[Group]) -> set[str]:
    """Return the names whose SPF record could not be asked for."""
    shown = (item for group in groups for item in group.records)
    return {
        item.record.name
        for item in shown
        if item.record.match is Match.SPF and item.verdict == RecordVerdict.UNKNOWN
    }


def _key(row: RecordCheck) -> Key:
    return row.name, row.type, row.expected


def as_report(domain: SendingDomain) -> tuple[Result, dict[str, Any]]:
    """Return what was last seen, and that in the shape of `diagnosis.as_json`.

    The verdict is `unknown` while the domain cannot be asked about; `last_known` still stands. A
    record that the resolver has yet to see as it is now has `forgotten_at` (ISO 8601) besides.
    """
    check = domain.checks.first() or Check(domain=domain, result=Result.UNKNOWN)
    rows = check.records.all() if check.pk else ()
    return Result(check.result), {
        "domain": domain.name,
        "tenant": domain.tenant.slug,
        "verdict": "unknown" if domain.unknown_since else domain.verdict,
        "last_known": domain.verdict,
        "records": [_reported(row, domain.last_checked_at or check.at) for row in rows],
        "findings": check.findings,
        "questions": check.questions,
        **as_json({name: getattr(domain, name) for name in KEPT}),
    }


def _reported(row: RecordCheck, now: dt.datetime) -> dict[str, Any]:
    told, forgotten = {name: getattr(row, name) for name in REPORTED}, forgotten_at(row, now)
    return {**told, "forgotten_at": forgotten.isoformat()} if forgotten else told
