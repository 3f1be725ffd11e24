"""Page: what the catalogue tells of a provider, and who uses it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from smtp.providers.base import Input, Provider, RecordTemplate, Scope, Source
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.models import Person

MOST_TENANTS = 50  # shown on a provider's page


@dataclass(frozen=True)
class Endpoint:
    """A host of the provider, with the choices that lead to it in words."""

    host: str
    choices: str


@dataclass(frozen=True)
class ShownTemplate:
    """A record of the recipe as the catalogue shows it, with what it depends on in words."""

    record: RecordTemplate
    need: str
    depends: str
    doubt: str


@dataclass(frozen=True)
class Entry:
    """A provider's page in the catalogue."""

    page: Provider
    endpoints: list[Endpoint]
    records: list[ShownTemplate]
    asked: list[Input]
    sources: list[Source]
    tenants: list[Tenant]


def entry(page: Provider, user: Person) -> Entry:
    """Return everything a provider's page shows to this person."""
    return Entry(
        page=page,
        endpoints=_endpoints(page),
        records=[_shown(page, record) for record in page.recipe],
        asked=[item for item in page.inputs if not item.choices],
        sources=_sources(page),
        tenants=list(users_of(page, user)[:MOST_TENANTS]),
    )


def users_of(page: Provider, user: Person) -> QuerySet[Tenant]:
    """Return the tenants this person may see that send through a provider, with how often.

    Each has `own_settings` and `own_domains`, how many settings and domains name the provider.
    """
    settings, domains = Q(settings__provider=page.slug), Q(domains__recipes__provider=page.slug)
    return (
        Tenant.objects.visible_to(user)
        .filter(settings | domains)
        .annotate(
            own_settings=Count("settings", filter=settings, distinct=True),
            own_domains=Count("domains", filter=domains, distinct=True),
        )
        .distinct()
    )


def _endpoints(page: Provider) -> list[Endpoint]:
    """Return the hosts, one for each choice that makes a difference; none if it is typed."""
    asked = [item for item in page.inputs_for(Scope.SETTING) if item.choices]
    hosts: dict[str, list[str]] = {}
    for chosen in product(*(item.choices for item in asked)):
        named = dict(zip((item.name for item in asked), chosen, strict=True))
        words = ", ".join(_label(item, named[item.name]) for item in asked)
        hosts.setdefault(page.host_for(named), []).append(words)
    return [
        Endpoint(host, ", ".join(words) if len(hosts) > 1 else "")
        for host, words in hosts.items()
        if host
    ]


def _label(item: Input, value: str) -> str:
    return item.labels.get(value, value)


def _shown(page: Provider, record: RecordTemplate) -> ShownTemplate:
    inputs = {item.name: item for item in page.inputs}
    return ShownTemplate(
        record=record,
        need=str(_need(page, record)),
        depends=_conditions(record.when, inputs),
        doubt=record.source.about if record.source else "",
    )


def _need(page: Provider, record: RecordTemplate) -> Any:
    """Return how much depends on a record, in words."""
    if record.optional:
        return _("optional")
    left_empty = {
        item.name for item in page.inputs if not (item.required or item.default or item.choices)
    }
    if record.placeholders & left_empty:
        return _("if you use it")
    return _("required") if record.required else _("recommended")


def _conditions(when: Mapping[str, tuple[str, ...]], inputs: Mapping[str, Input]) -> str:
    """Return the choices a record belongs to, in words."""
    return "; ".join(
        f"{inputs[name].label}: {' / '.join(_label(inputs[name], value) for value in values)}"
        for name, values in when.items()
    )


def _whereabouts(page: Provider) -> tuple[Source | None, Source | None]:
    return page.activity, page.suppressions


def _sources(page: Provider) -> list[Source]:
    """Return every source of a page once: its own first, then those of single facts."""
    facts = (
        *(record.source for record in page.recipe),
        *(limit.source for limit in page.limits),
        *(error.source for error in page.errors),
    )
    known = dict.fromkeys((page.source, *page.further_sources, *facts, *_whereabouts(page)))
    return [source for source in known if source is not None]
