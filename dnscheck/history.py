"""Reads what a domain's page tells: each required record as last seen, and what changed when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from dnscheck.findings import RecordVerdict
from dnscheck.handout import (
    Budget,
    Place,
    as_json,
    budgets_of,
    key_of,
    outlooks_told,
    place_of,
    sight_key,
    wanted_value,
)
from dnscheck.hosts.wording import Typed
from dnscheck.models import Check, RecordCheck, SendingDomain
from dnscheck.records import RequiredRecord
from dnscheck.verdicts import WATCHED_FOR, Result
from smtp import providers
from smtp.providers.base import Purpose

SHOWN_CHECKS = 20
UNDER_WAY, WATCHED, AT_REST = 2, 10, 0  # how often a page looks for news, in seconds
LATE = dt.timedelta(seconds=30)  # a check that has been due for so long finds no worker
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
FindingJson = dict[str, Any]  # what `Finding.as_json` returns


@dataclass(frozen=True)
class ShownRecord:
    """A required record and what was last seen there; nothing if it was not looked at yet.

    `known` is the last definite sight: the same, or an earlier one if now it could not be asked.
    `sight` is the last one of its name, also of when another value was wanted.
    """

    record: RequiredRecord
    seen: RecordCheck | None
    known: RecordCheck | None
    sight: RecordCheck | None
    place: Place

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
    def findings(self) -> list[FindingJson]:
        """What the last check found here, its edits as the DNS host wants them."""
        return [self.place.told(finding) for finding in self.seen.findings] if self.seen else []


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
class Moment:
    """A check in the timeline, with the findings it brought and those that were gone by then."""

    check: Check
    appeared: list[FindingJson]
    gone: list[FindingJson]


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
    moments, records, place = _timeline(domain), list(records), place_of(domain)
    is_due = any(record.required for record in records)  # without any there is nothing to check
    return Page(
        domain=domain,
        place=place,
        budgets=budgets_of(domain),
        outlooks=outlooks_told(domain),
        groups=_grouped(records, moments, place),
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


def _timeline(domain: SendingDomain) -> list[Moment]:
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


def _grouped(
    records: Iterable[RequiredRecord], moments: Sequence[Moment], place: Place
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
        sight = sights.get(sight_key(record))
        group.records.append(ShownRecord(record, seen.get(key), known.get(key), sight, place))
    return list(groups.values())


def _key(row: RecordCheck) -> Key:
    return row.name, row.type, row.expected


def as_report(domain: SendingDomain) -> tuple[Result, dict[str, Any]]:
    """Return what was last seen, and that in the shape of `diagnosis.as_json`.

    The verdict is `unknown` while the domain cannot be asked about; `last_known` still stands.
    """
    check = domain.checks.first() or Check(domain=domain, result=Result.UNKNOWN)
    rows = check.records.all() if check.pk else ()
    return Result(check.result), {
        "domain": domain.name,
        "tenant": domain.tenant.slug,
        "verdict": "unknown" if domain.unknown_since else domain.verdict,
        "last_known": domain.verdict,
        "records": [{name: getattr(row, name) for name in REPORTED} for row in rows],
        "findings": check.findings,
        "questions": check.questions,
        **as_json({name: getattr(domain, name) for name in KEPT}),
    }
