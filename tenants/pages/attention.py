"""Reads what somebody should look at first, and what was tried last.

All is read through Tenant's reverse relations, in a constant number of queries. The values of
verdicts and states are those the database constraints of the other apps name.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from tenants.models import Tenant, TenantQuerySet
from tenants.pages.narrowing import UNKNOWN, Narrowing

SHOWN = 10  # of each kind of trouble; the rest is a filter away
TRIED = 5  # attempts
SILENT_FOR = dt.timedelta(days=1)
BAD_VERDICTS = ("failing", "at_risk")
BAD_HEALTH = ("failing", "doubted")
BY_PEOPLE = ("connect", "test")  # kinds of attempts
TOLD_KINDS = (*BY_PEOPLE, "health")  # what became of notices stands on their own page

Row = dict[str, Any]
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Group:
    """The bad domains of one verdict and cause, told by one of them.

    `number` counts them, `tenants` those they belong to; `since` is when the first went bad.
    """

    verdict: str
    code: str
    number: int
    tenants: int
    since: dt.datetime
    example: Row

    @property
    def others(self) -> int:
        """How many there are beside the example."""
        return self.number - 1


@dataclass(frozen=True)
class Attention:
    """What somebody should look at first. Lists of at most `SHOWN` rows, oldest trouble first.

    `causes` are the codes of all causes there are, shown or not.
    """

    incidents: list[Row]
    logins: list[Row]
    domains: list[Group]
    silent: list[Row]
    settings: list[Row]
    causes: list[str]

    shown = SHOWN

    def __bool__(self) -> bool:
        return any(self._kinds)

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than is shown."""
        return SHOWN in map(len, self._kinds)

    @property
    def _kinds(self) -> tuple[list[Any], ...]:
        return self.incidents, self.logins, self.domains, self.silent, self.settings


def attention(
    tenants: TenantQuerySet, now: dt.datetime, wanted: Narrowing | None = None
) -> Attention:
    """Return what needs attention among these tenants, in at most six queries."""
    wanted = wanted or Narrowing()
    groups = _groups(tenants, now, wanted)
    of_settings = not wanted.is_of_domains
    return Attention(
        _incidents(tenants, wanted) if of_settings else [],
        _bad_logins(tenants, now, wanted) if of_settings else [],
        _with_examples(groups[:SHOWN]),
        _silent_domains(tenants, now, wanted),
        _failed(tenants, wanted) if of_settings else [],
        sorted({row["code"] for row in groups if row["code"]}),
    )


def _incidents(tenants: TenantQuerySet, wanted: Narrowing) -> list[Row]:
    """Return the open incidents that settings of these tenants are in, each once."""
    rows: Rows = tenants.filter(
        wanted.settings,
        settings__health__incident__isnull=False,
        settings__health__incident__ended_at=None,
    ).values(
        pk=F("settings__health__incident"),
        host=F("settings__health__incident__host"),
        cause=F("settings__health__incident__cause"),
        opened_at=F("settings__health__incident__opened_at"),
    )
    counted = rows.annotate(number=Count("settings", distinct=True), setting=Min("settings__pk"))
    return list(counted.order_by("opened_at")[:SHOWN])


def _watched(setting: str) -> Q:
    """Return the condition that a setting is tried by itself; see `HealthQuerySet.watched`."""
    wanted = {"enabled": True, "watched": True, "login": "password"}
    return Q(**{f"{setting}{name}": value for name, value in wanted.items()})


def is_current(setting: str) -> Q:
    """Return the condition that its health speaks of a setting as it is now."""
    return Q(**{f"{setting}health__way_since": F(f"{setting}way_since")})


def _bad_logins(tenants: TenantQuerySet, now: dt.datetime, wanted: Narrowing) -> list[Row]:
    """Return the watched settings that fail by themselves, or could not be tried for a day."""
    rows: Rows = tenants.filter(
        wanted.settings,
        _watched("settings__"),
        is_current("settings__"),
        Q(settings__health__state__in=BAD_HEALTH)
        | Q(settings__health__unknown_since__lte=now - SILENT_FOR),
        settings__health__incident=None,
    ).values(
        tenant=F("name"),
        pk=F("settings__pk"),
        setting=F("settings__name"),
        state=F("settings__health__state"),
        since=Coalesce("settings__health__bad_since", "settings__health__unknown_since"),
        cause=F("settings__health__attempt__cause"),
        attempt=F("settings__health__attempt"),
    )
    in_order = Case(When(state="failing", then=0), When(state="doubted", then=1), default=2)
    return list(rows.order_by(in_order, "since")[:SHOWN])


def _groups(tenants: TenantQuerySet, now: dt.datetime, wanted: Narrowing) -> list[Row]:
    """Return the bad domains by verdict and cause, the worst first.

    Left out are those of which all that is wrong is acknowledged.
    """
    is_open = Q(domains__acknowledged_until=None) | Q(domains__acknowledged_until__lte=now)
    bad: Rows = tenants.order_by().filter(
        is_open, wanted.domains, domains__verdict__in=BAD_VERDICTS
    )
    rows = bad.values(verdict=F("domains__verdict"), code=F("domains__cause_code")).annotate(
        number=Count("domains"),
        tenants=Count("pk", distinct=True),
        example=Min("domains__pk"),
        since=Min("domains__bad_since"),
    )
    return list(rows.order_by("-verdict", "since"))  # "failing" sorts after "at_risk"


def _with_examples(rows: list[Row]) -> list[Group]:
    found = _domains(Tenant.objects.filter(domains__pk__in=[row["example"] for row in rows]))
    examples = {row["pk"]: row for row in found}
    there = [row for row in rows if row["example"] in examples]  # or it was deleted just now
    return [Group(**{**row, "example": examples[row["example"]]}) for row in there]


def _domains(tenants: Rows) -> Rows:
    return tenants.values(
        tenant=F("name"),
        pk=F("domains__pk"),
        domain=F("domains__name"),
        cause=F("domains__cause"),
        unknown_since=F("domains__unknown_since"),
    )


def _silent_domains(tenants: TenantQuerySet, now: dt.datetime, wanted: Narrowing) -> list[Row]:
    if wanted.verdict not in ("", UNKNOWN):
        return []
    of_domains = wanted.domains & Q(domains__unknown_since__lte=now - SILENT_FOR)
    return list(_domains(tenants.filter(of_domains)).order_by("domains__unknown_since")[:SHOWN])


def _failed(tenants: TenantQuerySet, wanted: Narrowing) -> list[Row]:
    """Return the settings whose last attempt that a person asked for did not succeed.

    Left out is what their health tells: that a watched one fails, and that one works again.
    """
    ended: dict[str, Any] = {
        "attempts__kind__in": BY_PEOPLE,
        "attempts__finished_at__isnull": False,
    }
    later = Tenant.objects.filter(
        attempts__setting=OuterRef("attempts__setting"),
        attempts__pk__gt=OuterRef("attempts__pk"),
        **ended,
    )
    health, setting = "attempts__setting__health__", "attempts__setting__"
    is_told = Q(_watched(setting), is_current(setting), **{f"{health}state__in": BAD_HEALTH})
    is_told |= Q(is_current(setting), **{f"{health}state": "working", "attempts__kind": "connect"})
    rows: Rows = tenants.filter(
        wanted.attempts,
        Q(attempts__succeeded=False) | Q(attempts__succeeded=None),
        ~Exists(later),
        attempts__setting__isnull=False,
        **ended,
    ).annotate(is_told=Case(When(is_told, then=Value(True)), default=Value(False)))
    names = ("pk", "kind", "succeeded", "finished_at", "cause")
    columns = {name: F(f"attempts__{name}") for name in names}
    failed = rows.filter(is_told=False).values(
        tenant=F("name"), setting=F("attempts__setting__name"), **columns
    )
    return list(failed.order_by("-attempts__pk")[:SHOWN])


def last_attempts(tenants: TenantQuerySet, wanted: Narrowing) -> list[Row]:
    """Return what was tried last and has ended, the newest first, in one query."""
    if wanted.is_of_domains:
        return []
    ended = Q(attempts__finished_at__isnull=False, attempts__kind__in=TOLD_KINDS)
    names = ("pk", "kind", "state", "succeeded", "cause", "host", "recipient", "finished_at")
    columns = {name: F(f"attempts__{name}") for name in names}
    rows: Rows = tenants.filter(ended, wanted.attempts).values(
        tenant=F("name"), setting=F("attempts__setting__name"), **columns
    )
    return list(rows.order_by("-attempts__pk")[:TRIED])
