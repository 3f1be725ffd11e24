"""Reads what the overview and a tenant's page show, through Tenant's reverse relations alone.

Each function is a constant number of queries, however many tenants, settings and domains there are.
The values of verdicts and states are those the database constraints of the other apps name.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from tenants.models import Tenant, TenantQuerySet

SHOWN = 10  # of each kind of trouble; the rest is a filter away
DOMAINS_SHOWN = 20  # on a tenant's page
SILENT_FOR = dt.timedelta(days=1)
BAD_VERDICTS = ("failing", "at_risk")

Row = dict[str, Any]
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Attention:
    """What somebody should look at first. Lists of at most `SHOWN` rows, oldest trouble first."""

    domains: list[Row]
    silent: list[Row]
    settings: list[Row]

    shown = SHOWN

    def __bool__(self) -> bool:
        return bool(self.domains or self.silent or self.settings)

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than is shown."""
        return SHOWN in (len(self.domains), len(self.silent), len(self.settings))


@dataclass(frozen=True)
class Readiness:
    """How far a tenant has come: each step is done or is the next thing to do."""

    setting: bool
    login: bool
    domain: bool
    verified: bool
    test_mail: bool
    enabled: bool

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to do."""
        return all((self.login, self.verified, self.test_mail, self.enabled))


@dataclass
class Counts:
    """How many domains of each verdict and how many settings a tenant has."""

    verdicts: dict[str, int] = field(default_factory=dict)
    settings: int = 0
    enabled: int = 0

    @property
    def domains(self) -> int:
        """How many domains there are."""
        return sum(self.verdicts.values())


def attention(tenants: TenantQuerySet, now: dt.datetime) -> Attention:
    """Return what needs attention among these tenants, in three queries."""
    return Attention(_bad_domains(tenants, now), _silent_domains(tenants, now), _failed(tenants))


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
    """Return the settings whose last finished attempt did not succeed."""
    ended = Tenant.objects.filter(
        settings=OuterRef("settings"), settings__attempts__finished_at__isnull=False
    ).order_by("-settings__attempts__pk")
    last = {
        name: Subquery(ended.values(f"settings__attempts__{name}")[:1])
        for name in ("pk", "kind", "succeeded", "finished_at", "cause")
    }
    rows: Rows = tenants.filter(settings__isnull=False).values(
        tenant=F("name"), setting=F("settings__name"), enabled=F("settings__enabled"), **last
    )
    failed = rows.filter(Q(succeeded=False) | Q(succeeded=None), pk__isnull=False)
    return list(failed.order_by("-finished_at")[:SHOWN])


def counts(tenants: Iterable[Tenant]) -> dict[int, Counts]:
    """Return the counts of these tenants by their id, in two queries."""
    found = {tenant.pk: Counts() for tenant in tenants}
    chosen: Rows = Tenant.objects.filter(pk__in=found).order_by()
    for row in chosen.values("pk", "domains__verdict").annotate(number=Count("domains__pk")):
        if row["number"]:
            found[row["pk"]].verdicts[row["domains__verdict"]] = row["number"]
    in_use = Count("settings", filter=Q(settings__enabled=True))
    for row in chosen.values("pk").annotate(number=Count("settings"), in_use=in_use):
        found[row["pk"]].settings, found[row["pk"]].enabled = row["number"], row["in_use"]
    return found


def ways_out(tenant: Tenant) -> Rows:
    """Return a tenant's settings by priority, each with its last finished attempt as `last_*`."""
    ended = tenant.settings.filter(
        pk=OuterRef("pk"),
        attempts__finished_at__isnull=False,
        attempts__created_at__gte=F("way_since"),  # what was tried before a change proves nothing
    ).order_by("-attempts__pk")
    last = {
        f"last_{name}": Subquery(ended.values(f"attempts__{name}")[:1])
        for name in ("pk", "kind", "succeeded", "finished_at", "cause")
    }
    return tenant.settings.annotate(**last).order_by("priority", "name")


def readiness(tenant: Tenant, settings: Iterable[Any]) -> Readiness:
    """Return how far a tenant has come. `settings` are its `ways_out`."""
    tested = tenant.settings.filter(attempts__kind="test", attempts__succeeded=True)
    return Readiness(
        setting=any(settings),
        login=any(setting.last_succeeded for setting in settings),
        domain=tenant.domains.exists(),
        verified=tenant.domains.filter(verdict="verified").exists(),
        test_mail=tested.exists(),
        enabled=any(setting.enabled for setting in settings),
    )
