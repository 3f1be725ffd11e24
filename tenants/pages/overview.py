"""Reads what is told of tenants and of one of them, through Tenant's reverse relations alone.

Each function is a constant number of queries, however many tenants, settings and domains there are.
The values of verdicts and states are those the database constraints of the other apps name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When

from tenants.models import Tenant
from tenants.pages.attention import BAD_VERDICTS, BY_PEOPLE, is_current

DOMAINS_SHOWN = 20  # on a tenant's page

Rows = QuerySet[Any, Any]


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


def counts(tenants: Iterable[Tenant]) -> dict[int, Counts]:
    """Return the counts of these tenants by their id, in two queries."""
    found = {tenant.pk: Counts() for tenant in tenants}
    chosen: Rows = Tenant.objects.filter(pk__in=found).order_by()
    # Of all rows with a verdict: that an index tells by itself.
    judged = chosen.filter(domains__verdict__gt="").values("pk", "domains__verdict")
    for row in judged.annotate(number=Count("*")):
        found[row["pk"]].verdicts[row["domains__verdict"]] = row["number"]
    in_use = Count("settings", filter=Q(settings__enabled=True))
    for row in chosen.values("pk").annotate(number=Count("settings"), in_use=in_use):
        found[row["pk"]].settings, found[row["pk"]].enabled = row["number"], row["in_use"]
    return found


def domains_of(tenant: Tenant) -> Rows:
    """Return the domains for a tenant's page: the worst first, and no more than it has room for."""
    order = [*BAD_VERDICTS, "pending"]
    rank = Case(*(When(verdict=name, then=number) for number, name in enumerate(order)), default=9)
    rows: Rows = tenant.domains.order_by(rank, "name")
    return rows[:DOMAINS_SHOWN]


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
        f"health_{name}": Case(When(is_current(""), then=F(f"health__{column}")))
        for name, column in columns.items()
    }
    return tenant.settings.annotate(**last, **known).order_by("priority", "name")
