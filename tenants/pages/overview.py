"""Reads what the overview and a tenant's page show, through Tenant's reverse relations alone.

Each function is a constant number of queries, however many tenants, settings and domains there are.
The values of verdicts and states are those the database constraints of the other apps name.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from tenants.models import Tenant, TenantQuerySet

SHOWN = 10  # of each kind of trouble; the rest is a filter away
DOMAINS_SHOWN = 20  # on a tenant's page
SILENT_FOR = dt.timedelta(days=1)
BAD_VERDICTS = ("failing", "at_risk")
BAD_HEALTH = ("failing", "doubted")
BY_PEOPLE = ("connect", "test")  # kinds of attempts

Row = dict[str, Any]
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Attention:
    """What somebody should look at first. Lists of at most `SHOWN` rows, oldest trouble first."""

    incidents: list[Row]
    logins: list[Row]
    domains: list[Row]
    silent: list[Row]
    settings: list[Row]

    shown = SHOWN

    def __bool__(self) -> bool:
        return any(self._kinds)

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than is shown."""
        return SHOWN in map(len, self._kinds)

    @property
    def _kinds(self) -> tuple[list[Row], ...]:
        return self.incidents, self.logins, self.domains, self.silent, self.settings


def attention(tenants: TenantQuerySet, now: dt.datetime) -> Attention:
    """Return what needs attention among these tenants, in five queries."""
    return Attention(
        _incidents(tenants),
        _bad_logins(tenants, now),
        _bad_domains(tenants, now),
        _silent_domains(tenants, now),
        _failed(tenants),
    )


def _incidents(tenants: TenantQuerySet) -> list[Row]:
    """Return the open incidents that settings of these tenants are in, each once."""
    rows: Rows = tenants.filter(
        settings__health__incident__isnull=False, settings__health__incident__ended_at=None
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


def _is_current(setting: str) -> Q:
    """Return the condition that its health speaks of a setting as it is now."""
    return Q(**{f"{setting}health__way_since": F(f"{setting}way_since")})


def _bad_logins(tenants: TenantQuerySet, now: dt.datetime) -> list[Row]:
    """Return the watched settings that fail by themselves, or could not be tried for a day."""
    rows: Rows = tenants.filter(
        _watched("settings__"),
        _is_current("settings__"),
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


def _domains(tenants: Rows) -> Rows:
    return tenants.values(
        tenant=F("name"),
        pk=F("domains__pk"),
        domain=F("domains__name"),
        verdict=F("domains__verdict"),
        verdict_since=F("domains__verdict_since"),
        unknown_since=F("domains__unknown_since"),
    )


def _bad_domains(tenants: TenantQuerySet, now: dt.datetime) -> list[Row]:
    """Return the worst; not those of which all that is wrong is acknowledged."""
    is_open = Q(domains__acknowledged_until=None) | Q(domains__acknowledged_until__lte=now)
    bad = _domains(tenants.filter(is_open, domains__verdict__in=BAD_VERDICTS))
    # "failing" sorts after "at_risk", and is worse.
    return list(bad.order_by("-domains__verdict", "domains__verdict_since")[:SHOWN])


def _silent_domains(tenants: TenantQuerySet, now: dt.datetime) -> list[Row]:
    silent = _domains(tenants.filter(domains__unknown_since__lte=now - SILENT_FOR))
    return list(silent.order_by("domains__unknown_since")[:SHOWN])


def _failed(tenants: TenantQuerySet) -> list[Row]:
    """Return the settings whose last attempt that a person asked for did not succeed.

    Left out is what their health tells: that a watched one fails, and that one works again.
    """
    ended = Tenant.objects.filter(
        settings=OuterRef("settings"),
        settings__attempts__finished_at__isnull=False,
        settings__attempts__kind__in=BY_PEOPLE,
    ).order_by("-settings__attempts__pk")
    last = {
        name: Subquery(ended.values(f"settings__attempts__{name}")[:1])
        for name in ("pk", "kind", "succeeded", "finished_at", "cause")
    }
    state = Case(
        When(_is_current("settings__"), then=F("settings__health__state")), default=Value("untried")
    )
    is_watched = Case(When(_watched("settings__"), then=Value(True)), default=Value(False))
    rows: Rows = tenants.filter(settings__isnull=False).values(
        tenant=F("name"), setting=F("settings__name"), state=state, is_watched=is_watched, **last
    )
    failed = rows.filter(Q(succeeded=False) | Q(succeeded=None), pk__isnull=False)
    told = Q(is_watched=True, state__in=BAD_HEALTH) | Q(kind="connect", state="working")
    return list(failed.filter(~told).order_by("-finished_at")[:SHOWN])


def domains_of(tenant: Tenant) -> list[Any]:
    """Return the domains for a tenant's page: the worst first, and no more than it has room for.

    Each verdict is asked for by itself, in four queries at most: an index then tells which they
    are, while a million domains would have to be ranked.
    """
    found: list[Any] = []
    for verdict in (*BAD_VERDICTS, "pending", "verified"):
        room = DOMAINS_SHOWN - len(found)
        found += tenant.domains.filter(verdict=verdict).order_by("name")[:room] if room else []
    return found


def ways_out(tenant: Tenant) -> Rows:
    """Return a tenant's settings by priority.

    Each comes with the last attempt that a person asked for as `last_*`, and with what is known of
    its log-in as `health_*`; both are None for what was not learnt of the setting as it is.
    """
    ended = tenant.settings.filter(
        pk=OuterRef("pk"),
        attempts__finished_at__isnull=False,
        attempts__kind__in=BY_PEOPLE,
        attempts__created_at__gte=F("way_since"),  # what was tried before a change proves nothing
    ).order_by("-attempts__pk")
    last = {
        f"last_{name}": Subquery(ended.values(f"attempts__{name}")[:1])
        for name in ("pk", "kind", "succeeded", "finished_at", "cause")
    }
    columns = {
        **{name: name for name in ("state", "bad_since", "unknown_since", "tried_at")},
        **{"attempt": "attempt", "cause": "attempt__cause"},
        **{f"incident_{name}": f"incident__{name}" for name in ("host", "cause", "opened_at")},
    }
    known = {
        f"health_{name}": Case(When(_is_current(""), then=F(f"health__{column}")))
        for name, column in columns.items()
    }
    return tenant.settings.annotate(**last, **known).order_by("priority", "name")
