"""Reads how far a tenant has come on the way to its first mail, from what happened and no claim.

All is read through Tenant's reverse relations, in at most seven queries. The values of verdicts
and states are those the database constraints of the other apps name.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from tenants.cover import logs_in
from tenants.models import Tenant
from tenants.pages.overview import settings_of

NOT_THERE = ("missing", "unknown")  # what a check says of a record it did not see

SETTING, DOMAIN = "setting", "domain"
PLACES = {  # on whose page a step is taken
    **dict.fromkeys(("login", "test", "enabled"), SETTING),
    **dict.fromkeys(("records", "verified"), DOMAIN),
}
BAD_VERDICTS = ("failing", "at_risk")
UNASKED = Q(checks__records__verdict="unknown")

Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Step:
    """One step: whether something proves that it is done, and what it is about.

    `pk` and `label` are those of the setting or the domain that proves it, or that the work is
    at; None while there is none. `at` is when it was proved.
    """

    name: str
    done: bool
    pk: int | None = None
    label: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class FirstMail:
    """The steps in their order, and what some of them have to tell besides.

    `there` of `required` records were seen by the last check, right or not, and `unasked` could
    not be asked for; `required` is 0 before there is any. `attempt` is the last test mail that was
    accepted. `from_domain` is that of the first setting, for who adds a domain.
    """

    steps: tuple[Step, ...]
    there: int = 0
    required: int = 0
    unasked: int = 0
    attempt: int | None = None
    from_domain: str = ""

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == len(self.steps)

    @property
    def next(self) -> Step | None:
        """The step to take now: the first that is open."""
        return next((step for step in self.steps if not step.done), None)


def still_to_do(tenant: Tenant, kind: str, pk: int) -> FirstMail | None:
    """Return how far a tenant has come, for the page of one setting or domain (`kind`).

    None if nothing is left, or what comes next is to be done on this very page.
    """
    way = first_mail(tenant, list(settings_of(tenant)))
    if way.next is None or (PLACES.get(way.next.name), way.next.pk) == (kind, pk):
        return None
    return way


def first_mail(tenant: Tenant, settings: Sequence[Any]) -> FirstMail:
    """Return how far a tenant has come. `settings` are its `settings_of`."""
    settings = sorted(settings, key=lambda one: not _logs_in(one))  # the same one proves it all
    from_domain = settings[0].from_address.rpartition("@")[2].lower() if settings else ""
    domain = _domain(tenant, from_domain)
    verified = domain is not None and domain["verdict"] == "verified"
    required, there, unasked = _records(tenant, domain)
    mail = _test_mail(tenant)
    steps = (
        _step("setting", settings, settings),
        _step("login", [one for one in settings if _logs_in(one)], settings, at=_proved),
        _of_domain("records", domain, done=verified or 0 < required == there),
        _of_domain("verified", domain, done=verified),
        Step("test", bool(mail), mail["setting"], mail["label"], mail["finished_at"])
        if mail
        else _step("test", [], settings),
        _step("enabled", [one for one in settings if one.enabled], settings),
    )
    attempt = mail["pk"] if mail else None
    return FirstMail(steps, there, required, unasked, attempt, from_domain)


def _step(name: str, proofs: Sequence[Any], settings: Sequence[Any], at: Any = None) -> Step:
    """Return a step that one of these settings proves, or that is open at the first setting."""
    about = next(iter(proofs), settings[0] if settings else None)
    if about is None:
        return Step(name, done=False)
    return Step(name, bool(proofs), about.pk, about.name, at(about) if at and proofs else None)


def _of_domain(name: str, domain: dict[str, Any] | None, *, done: bool) -> Step:
    if domain is None:
        return Step(name, done=False)
    at = domain["verdict_since"] if name == "verified" and done else None
    return Step(name, done, domain["pk"], domain["name"], at)


def _logs_in(setting: Any) -> bool:
    """Whether what was tried last of this setting went well; every try moves its health."""
    return bool(logs_in(setting.health_state, setting.last_succeeded))


def _proved(setting: Any) -> dt.datetime | None:
    """Return when the setting was seen to log in."""
    is_watched = setting.health_state == "working"
    at: dt.datetime | None = setting.health_tried_at if is_watched else setting.last_finished_at
    return at


def _domain(tenant: Tenant, from_domain: str) -> dict[str, Any] | None:
    """Return the domain that has come furthest, rather the one of the From address.

    Of a million domains an index tells the first of each kind; to rank all of them takes a second.
    """
    last = tenant.domains.filter(pk=OuterRef("pk"), checks__isnull=False).order_by("-checks__pk")
    rows: Rows = tenant.domains.order_by("name").annotate(
        last_check=Subquery(last.values("checks__pk")[:1])
    )
    its, verified = Q(name=from_domain), Q(verdict="verified")
    for kind in (its & verified, verified, its, Q(verdict__in=BAD_VERDICTS), Q()):
        found = rows.filter(kind).values("pk", "name", "verdict", "verdict_since", "last_check")
        if first := found.first():
            return dict(first)
    return None


def _records(tenant: Tenant, domain: dict[str, Any] | None) -> tuple[int, int, int]:
    """Return how many records the last check required, saw, and could not ask for."""
    if domain is None or domain["last_check"] is None:
        return 0, 0, 0
    required = Q(checks__pk=domain["last_check"], checks__records__required=True)
    there = required & ~Q(checks__records__verdict__in=NOT_THERE)
    counted = tenant.domains.filter(pk=domain["pk"]).aggregate(
        required=Count("checks__records", filter=required),
        there=Count("checks__records", filter=there),
        unasked=Count("checks__records", filter=required & UNASKED),
    )
    return counted["required"], counted["there"], counted["unasked"]


def _test_mail(tenant: Tenant) -> dict[str, Any] | None:
    """Return the last test mail that a server accepted through a setting as it is now."""
    rows: Rows = tenant.attempts.filter(
        kind="test", succeeded=True, created_at__gte=F("setting__way_since")
    )
    found: dict[str, Any] | None = (
        rows.order_by("-pk")
        .values("pk", "setting", "finished_at", label=F("setting__name"))
        .first()
    )
    return found
