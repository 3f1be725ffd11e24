"""Reads how the domains and the settings of tenants stand, to be counted and compared.

Each function is one query through Tenant's reverse relations, however many tenants and domains.
Domains are counted by columns that every check writes; see `tenants.cover`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, When

from tenants.cover import Setting, aligned, logs_in
from tenants.models import Tenant

BY_PEOPLE = ("connect", "test")  # kinds of attempts
STRICT, START = ("quarantine", "reject"), "none"
UNJUDGED = ("", "unknown")  # never asked, or could not be

COLUMNS = (
    *("tenant", "pk", "name", "provider", "priority", "enabled", "host", "from_address"),
    *("health_now", "last"),
)

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Kind:
    """How many domains of a tenant stand alike: `senders` and `policy` as their columns have it."""

    verdict: str
    senders: str
    policy: str
    number: int


@dataclass(frozen=True)
class Tally:
    """How many domains a question was answered for with yes, no, and not at all."""

    yes: int
    no: int
    unknown: int

    @property
    def all(self) -> int:
        """How many domains there are."""
        return self.yes + self.no + self.unknown

    @property
    def status(self) -> str:
        """The whole in one word of the status component."""
        if self.no or not self.all:
            return "wrong"
        return "unknown" if self.unknown else "ok"


def kinds_of(tenants: Sequence[Tenant]) -> dict[int, list[Kind]]:
    """Return how the domains of tenants stand, by the tenant's id: one index tells all of it."""
    found: dict[int, list[Kind]] = {tenant.pk: [] for tenant in tenants}
    rows = _all("domains").filter(tenant__in=found).order_by()
    columns = rows.values_list("tenant", "verdict", "senders", "dmarc_policy")
    for pk, *values in columns.annotate(number=Count("*")):
        found[pk].append(Kind(*values))
    return found


def settings_of(tenants: Sequence[Tenant]) -> dict[int, list[Setting]]:
    """Return the settings of tenants by priority, by the tenant's id, in one query."""
    found: dict[int, list[Setting]] = {tenant.pk: [] for tenant in tenants}
    rows = _all("settings").filter(tenant__in=found).order_by("priority", "name")
    told = list(rows.annotate(health_now=_health(), last=_last_try()).values(*COLUMNS))
    hosts = {(row["tenant"], row["provider"], row["host"].lower()) for row in told}
    servers = Counter((tenant, provider) for tenant, provider, _host in hosts)
    for row in told:
        found[row["tenant"]].append(
            Setting(
                **{name: row[name] for name in ("pk", "name", "provider", "priority", "enabled")},
                logs_in=logs_in(row["health_now"], row["last"]),
                servers=servers[row["tenant"], row["provider"]],
                from_address=row["from_address"],
            )
        )
    return found


def _all(relation: str) -> Rows:
    """Return the rows at the other end of a reverse relation.

    To come to them by a join through the tenants takes twice the time for a million of them.
    """
    field: Any = Tenant._meta.get_field(relation)
    rows: Rows = field.related_model._default_manager.all()
    return rows


def _health() -> Case:
    """Return the state of a setting's health, nothing if it is of the setting as it was before."""
    return Case(When(health__way_since=F("way_since"), then=F("health__state")))


def _last_try() -> Subquery:
    """Return whether the last attempt succeeded that a person asked for of a setting as it is."""
    ended = _all("attempts").filter(
        setting=OuterRef("pk"),
        finished_at__isnull=False,
        kind__in=BY_PEOPLE,
        created_at__gte=OuterRef("way_since"),
    )
    return Subquery(ended.order_by("-pk").values("succeeded")[:1])


def tally(kinds: Iterable[Kind], judge: Callable[[Kind], bool | None]) -> Tally:
    """Return for how many domains the answer is yes, no, and not known."""
    numbers: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    for kind in kinds:
        numbers[judge(kind)] += kind.number
    return Tally(numbers[True], numbers[False], numbers[None])


def is_aligned(kind: Kind) -> bool | None:
    """Whether all mail of the providers added to such a domain passes DMARC."""
    return aligned(kind.senders)


def is_strict(kind: Kind) -> bool | None:
    """Whether the policy of such a domain asks for action on mail that fails."""
    return None if kind.policy in UNJUDGED else kind.policy in STRICT
