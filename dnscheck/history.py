"""Reads what a domain's page tells: each required record as last seen, and what changed when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from dnscheck.budgets import Budget, budgets_of
from dnscheck.findings import RecordVerdict, Severity
from dnscheck.handout import (
    Place,
    as_json,
    key_of,
    place_of,
    sight_key,
    wanted_value,
)
from dnscheck.hosts.wording import Typed
from dnscheck.models import Check, RecordCheck, SendingDomain
from dnscheck.records import RequiredRecord
from dnscheck.senders import outlooks_told
from dnscheck.standpoints.records import CACHES_FOLLOW, CHANGED
from dnscheck.timeline import FindingJson, Moment, moments_of
from dnscheck.verdicts import WATCHED_FOR, Result
from smtp import providers
from smtp.providers.base import Match, Purpose

UNDER_WAY, WATCHED, AT_REST = 2, 10, 0  # how often a page looks for news, in seconds
WORST_FIRST = [severity.value for severity in Severity]
LATE = dt.timedelta(seconds=30)  # a check that has been due for so long finds no worker
# Findings that call for waiting until the resolver has forgotten its answer.
FOLLOW = {CACHES_FOLLOW.code, CHANGED.code}
PURPOSES = {
    Purpose.CHALLENGE: _("Proof of ownership"),
    Purpose.SPF: _("Permitted senders (SPF)"),
    Purpose.DKIM: _("Signature key (DKIM)"),
    Purpose.DMARC: _("Policy for forged mail (DMARC)"),
    Purpose.RETURN_PATH: _("Return path for bounces"),
    Purpose.MX: _("Receiving mail (MX)"),
    Purpose.TRACKING: _("Link tracking"),
    Purpose.CLIENT: _("Settings for mail programs"),
    Purpose.BIMI: _("Brand logo (BIMI)"),
    Purpose.ADDED: _("Added by hand"),
}

REPORTED = (
    *("purpose", "name", "type", "required", "expected"),
    *("verdict", "observed", "findings"),
)

KEPT = ("zone", "name_servers", "spf_forecasts", "outlooks")

Key = tuple[str, str, str]  # name, type and value of a record


@dataclass(frozen=True)
class ShownRecord:
    """A required record and what was last seen there; nothing if it was not looked at yet.

    `known` is the last definite sight: the same, or an earlier one if now it could not be asked.
    `sight` is the last one of its name, also of when another value was wanted. `forgotten_at` is
    when the resolver will have forgotten what it answered, or nothing.
    """

    record: RequiredRecord
    seen: RecordCheck | None
    known: RecordCheck | None
    sight: RecordCheck | None
    place: Place
    forgotten_at: dt.datetime | None

    @property
    def verdict(self) -> str:
        """The verdict of the last check, empty if it did not look."""
        return self.seen.verdict if self.seen else ""

    @property
    def purpose(self) -> str:
        """What the record is for, in words."""
        return str(PURPOSES[self.record.purpose])

    @property
    def value(self) -> str:
        """The value to have in the end, what is published kept in it; empty if none is needed."""
        return wanted_value(self.record, self.seen, self.sight)

    @property
    def typed(self) -> Typed:
        """The record as its DNS host wants it typed."""
        record = self.record
        return self.place.typed(record.name, record.type, self.value, record.priority)

    @property
    def is_on_its_way(self) -> bool:
        """Whether the zone's own servers have it right, and only the resolver does not know yet."""
        found = self.seen.findings if self.seen else ()
        return any(finding["code"] == CACHES_FOLLOW.code for finding in found)

    @property
    def findings(self) -> list[FindingJson]:
        """What the last check found here, its edits as the DNS host wants them."""
        findings = self.seen.findings if self.seen else []
        return [
            {
                **self.place.told(finding),
                "forgotten_at": self.forgotten_at if finding["code"] in FOLLOW else None,
            }
            for finding in findings
        ]


@dataclass(frozen=True)
class Group:
    """The records that the same providers ask for; no provider for those added by hand."""

    providers: tuple[str, ...]
    records: list[ShownRecord] = field(default_factory=list)

    @property
    def wanted(self) -> list[ShownRecord]:
        """What is to be published."""
        return [item for item in self.records if not item.record.optional]

    @property
    def optional(self) -> list[ShownRecord]:
        """What is of use for one more feature or in one situation only."""
        return [item for item in self.records if item.record.optional]

    @property
    def title(self) -> str:
        """The names of the providers."""
        names = dict(providers.choices())
        return ", ".join(names[slug] for slug in self.providers) or str(PURPOSES[Purpose.ADDED])


@dataclass(frozen=True)
class Page:
    """What the live part of a domain's page shows. `poll` is in seconds, 0 is not at all."""

    domain: SendingDomain
    place: Place
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

    @property
    def findings(self) -> list[FindingJson]:
        """What the last check found of the domain as a whole, the worst first."""
        findings = self.latest.findings if self.latest else []
        worst_first = sorted(findings, key=lambda finding: WORST_FIRST.index(finding["severity"]))
        return [self.place.told(finding) for finding in worst_first]

    @property
    def is_under_way(self) -> bool:
        """Whether a check is due or running."""
        return self.poll == UNDER_WAY

    @property
    def required(self) -> list[ShownRecord]:
        """The records without which the domain is not verified."""
        return [item for group in self.groups for item in group.records if item.record.required]

    @property
    def right(self) -> list[ShownRecord]:
        """Those of the required records that were right."""
        return [item for item in self.required if item.verdict == RecordVerdict.OK]

    @property
    def unasked(self) -> list[ShownRecord]:
        """Those of the required records about which nothing is known now."""
        return [item for item in self.required if item.verdict in ("", RecordVerdict.UNKNOWN)]


def page_of(domain: SendingDomain, records: Iterable[RequiredRecord], now: dt.datetime) -> Page:
    """Read the last checks of a domain and join them with the records it needs now."""
    moments, records, place = moments_of(domain), list(records), place_of(domain)
    groups = _grouped(records, moments, place, now)
    is_due = any(record.required for record in records)  # without any there is nothing to check
    return Page(
        domain=domain,
        place=place,
        budgets=budgets_of(domain, _unread(groups)),
        outlooks=outlooks_told(domain),
        groups=groups,
        moments=moments,
        poll=poll_seconds(domain, now) if is_due else AT_REST,
        is_late=is_due and not _is_claimed(domain, now) and domain.next_check_at <= now - LATE,
        stamp=stamp(domain, now),
    )


def stamp(domain: SendingDomain, now: dt.datetime) -> str:
    """Return a text that is another one when the live part of the page is to be drawn anew."""
    checked = domain.last_checked_at.isoformat() if domain.last_checked_at else ""
    return f"{checked} {poll_seconds(domain, now)}"


def poll_seconds(domain: SendingDomain, now: dt.datetime) -> int:
    """Return how often a page is to look for news."""
    if _is_claimed(domain, now) or domain.next_check_at <= now:
        return UNDER_WAY
    watched = domain.watched_since is not None and now - domain.watched_since < WATCHED_FOR
    return WATCHED if watched else AT_REST


def _is_claimed(domain: SendingDomain, now: dt.datetime) -> bool:
    return domain.claimed_until is not None and domain.claimed_until > now


def _grouped(
    records: Iterable[RequiredRecord], moments: Sequence[Moment], place: Place, now: dt.datetime
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
        sight, row = sights.get(sight_key(record)), seen.get(key)
        forgotten = forgotten_at(row, now) if row else None
        group.records.append(ShownRecord(record, row, known.get(key), sight, place, forgotten))
    return list(groups.values())


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
