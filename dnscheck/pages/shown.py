"""Page: each required record as it was last seen, and its findings as a person meets them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dnscheck import diff
from dnscheck.acknowledging import found_in
from dnscheck.changes import Change
from dnscheck.findings import Action, RecordVerdict
from dnscheck.hosts.wording import Typed
from dnscheck.models import Acknowledgement, Check, RecordCheck, SendingDomain
from dnscheck.pages.comparison import Comparison, are_same, comparison_of
from dnscheck.pages.handout import Place, wanted_value
from dnscheck.pages.outsiders import told_outside
from dnscheck.pages.timeline import FindingJson, Moment
from dnscheck.records import RequiredRecord
from dnscheck.reopening import WHOLE_DOMAIN, Key, place_of, reopened
from dnscheck.reopening import FindingJson as Found
from dnscheck.standpoints.records import CACHES_FOLLOW, CHANGED
from smtp import providers
from smtp.providers.base import Purpose

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


class Task(StrEnum):
    """What a person has to do about a record."""

    NOTHING = ""
    PUBLISH = "publish"
    CHANGE = "change"
    WAIT = "wait"  # it is published already, and the resolver does not know yet
    CHECK = "check"  # nobody knows what is there


_TASKS = {RecordVerdict.MISSING: Task.PUBLISH, RecordVerdict.WRONG: Task.CHANGE}


@dataclass(frozen=True)
class Telling:
    """What it takes to tell a finding: where edits are made, and what somebody let be.

    `is_gone` says that the domain does not exist, so that nothing can be published in it.
    `for_outsiders` says that whoever reads it has no account.
    """

    domain: SendingDomain
    place: Place
    acknowledged: Mapping[Key, Acknowledgement]
    found: Mapping[Key, list[Found]]
    may_edit: bool
    is_gone: bool
    now: dt.datetime
    for_outsiders: bool = False

    def told(self, finding: FindingJson, where: str = WHOLE_DOMAIN) -> FindingJson:
        """Return a finding with its edits as the DNS host wants them, and who let it be.

        Of what is open again, `reopened` is the reason. `acknowledge_at` is the address where this
        person can let it be, or have it open again; empty for those who may not.
        """
        key = where, finding["code"]
        row = self.acknowledged.get(key)
        there = reverse("dnscheck:acknowledge", args=[self.domain.pk])
        query = urlencode({"code": finding["code"], "place": where})
        told = self.place.told(finding)
        return {
            **(told_outside(told) if self.for_outsiders else told),
            "acknowledgement": row,
            "reopened": reopened(row.known, self.found[key], self.now) if row else "",
            "acknowledge_at": f"{there}?{query}" if self.may_edit else "",
        }


def telling_of(
    domain: SendingDomain,
    place: Place,
    check: Check | None,
    *,
    may_edit: bool,
    is_gone: bool,
    now: dt.datetime,
) -> Telling:
    """Return how the findings of a check are told, in one query."""
    rows = domain.acknowledgements.select_related("by")
    acknowledged = {row.key: row for row in rows}
    return Telling(domain, place, acknowledged, found_in(check), may_edit, is_gone, now)


@dataclass(frozen=True)
class ShownRecord:
    """A required record and what was last seen there; nothing if it was not looked at yet.

    `known` is the last definite sight: the same, or an earlier one if now it could not be asked.
    `sight` is the last one of its name, also of when another value was wanted. `forgotten_at` is
    when the resolver will have forgotten what it answered, or nothing. `changed` is the last check
    that saw something else at its name than the one before.
    """

    record: RequiredRecord
    seen: RecordCheck | None
    known: RecordCheck | None
    sight: RecordCheck | None
    telling: Telling
    forgotten_at: dt.datetime | None
    changed: Moment | None = None

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
        return self.telling.place.typed(record.name, record.type, self.value, record.priority)

    @property
    def is_on_its_way(self) -> bool:
        """Whether the zone's own servers have it right, and only the resolver does not know yet."""
        found = self.seen.findings if self.seen else ()
        return any(finding["code"] == CACHES_FOLLOW.code for finding in found)

    @property
    def is_recommended(self) -> bool:
        """Whether it is asked for, and the domain is verified without it all the same."""
        return not self.record.required and not self.record.optional

    @property
    def is_let_be(self) -> bool:
        """Whether somebody acknowledged all that was found here."""
        found = self.findings
        return bool(found) and all(
            item["acknowledgement"] and not item["reopened"] for item in found
        )

    @property
    def is_open(self) -> bool:
        """Whether there is something to do: it is not right, and nobody let that be."""
        is_right = self.verdict == RecordVerdict.OK
        return not (is_right or self.record.optional or self.is_let_be)

    @cached_property
    def task(self) -> Task:
        """What a person has to do about it."""
        if not self.is_open:
            return Task.NOTHING
        if self.is_on_its_way:
            return Task.WAIT
        return _TASKS.get(RecordVerdict(self.verdict), Task.CHECK) if self.verdict else Task.CHECK

    @property
    def anchor(self) -> str:
        """Its place on the page, the same at each check."""
        record = self.record
        key = " ".join((record.name, record.type, record.purpose, record.value))
        return f"record-{blake2b(key.encode(), digest_size=6).hexdigest()}"

    @cached_property
    def comparison(self) -> Comparison | None:
        """How the published value that is most like it differs; nothing if none is wrong."""
        if self.seen is None or self.verdict != RecordVerdict.WRONG or not self.value:
            return None
        if self.is_on_its_way or self._is_to_be_added:
            return None
        observed, wanted = self.seen.observed, self._wanted
        published = self._to_change or diff.closest(wanted, observed)
        return comparison_of(self.record.type, wanted, published, observed) if published else None

    @property
    def is_published(self) -> bool:
        """Whether its value is there, whatever is wrong beside it."""
        observed = self.seen.observed if self.seen else ()
        return any(are_same(self.record.type, self._wanted, text) for text in observed)

    @property
    def _wanted(self) -> str:
        """The value with its priority, if it has one, as published values are told."""
        priority = self.record.priority
        return self.value if priority is None else f"{priority} {self.value}"

    @property
    def _to_change(self) -> str:
        """The published value that an edit changes into it."""
        return next((edit["from"] for edit in self._edits if edit["action"] == Action.CHANGE), "")

    @property
    def _is_to_be_added(self) -> bool:
        """Whether an edit adds it beside what is there, which is to stay or to be deleted."""
        return any(
            edit["action"] == Action.ADD and are_same(self.record.type, edit["to"], self._wanted)
            for edit in self._edits
        )

    @property
    def _edits(self) -> list[dict[str, str]]:
        """The edits at its own name."""
        here = self.record.name, self.record.type
        edits = [
            edit for found in (self.seen.findings if self.seen else ()) for edit in found["edits"]
        ]
        return [edit for edit in edits if (edit["name"], edit["type"]) == here]

    @property
    def changes(self) -> list[Change]:
        """What changed at its name last, of the changes that are shown."""
        changes = self.changed.changes if self.changed else ()
        return [change for change in changes if is_of(change, self.record)]

    @cached_property
    def findings(self) -> list[FindingJson]:
        """What the last check found here; nothing where the whole domain does not exist."""
        findings = self.seen.findings if self.seen and not self.telling.is_gone else []
        where = place_of(self.record.name, self.record.type)
        return [
            {
                **self.telling.told(finding, where),
                "forgotten_at": self.forgotten_at if finding["code"] in FOLLOW else None,
            }
            for finding in findings
        ]


def is_of(change: Change, record: RequiredRecord) -> bool:
    """Whether a change is one at the name of a record."""
    return (change.name, change.type) == (record.name, record.type)


@dataclass(frozen=True)
class Group:
    """The records that the same providers ask for; no provider for those added by hand."""

    providers: tuple[str, ...]
    records: list[ShownRecord] = field(default_factory=list)

    @property
    def wanted(self) -> list[ShownRecord]:
        """What is to be published, what is not right first."""
        wanted = [item for item in self.records if not item.record.optional]
        return sorted(wanted, key=lambda item: not item.is_open)

    @property
    def optional(self) -> list[ShownRecord]:
        """What is of use for one more feature or in one situation only."""
        return [item for item in self.records if item.record.optional]

    @property
    def open(self) -> list[ShownRecord]:
        """What somebody has to publish or change."""
        return [item for item in self.records if item.task in (Task.PUBLISH, Task.CHANGE)]

    @property
    def title(self) -> str:
        """The names of the providers."""
        names = dict(providers.choices())
        return ", ".join(names[slug] for slug in self.providers) or str(PURPOSES[Purpose.ADDED])
