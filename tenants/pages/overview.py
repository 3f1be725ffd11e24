"""Reads what is told of tenants and of one of them, through Tenant's reverse relations alone.

Each function is a constant number of queries, however many tenants, settings and domains there are.
The values of verdicts and states are those the database constraints of the other apps name.
"""

from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When

from tenants.models import Tenant
from tenants.pages.attention import BAD_VERDICTS, BY_PEOPLE, is_current

DOMAINS_SHOWN = 20  # on a tenant's page

Rows = QuerySet[Any, Any]


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


def settings_of(tenant: Tenant) -> Rows:
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
