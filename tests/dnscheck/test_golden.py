"""Every provider against its golden file: endpoints, and the records letter for letter."""

from itertools import product
from typing import Any

import pytest

from dnscheck.records import Recipe, required_records
from smtp.providers import PROVIDERS, get
from smtp.providers.base import Provider, RecordTemplate, Scope
from tests.dnscheck import golden


def test_every_provider_has_a_golden_file_and_no_file_is_left_over() -> None:
    """A new provider is one page, one line and one golden file."""
    assert golden.slugs() == sorted(provider.slug for provider in PROVIDERS)


@pytest.mark.parametrize("slug", golden.slugs())
def test_a_setting_gets_this_endpoint(slug: str) -> None:
    """Hosts for every choice, ports with their security, the recommended one, a fixed login."""
    provider, smtp = get(slug), golden.read(slug)["smtp"]
    assert hosts(provider) == smtp["hosts"]
    ports = [f"{port.number} {port.security.value}" for port in provider.ports]
    assert ports == smtp["ports"]
    assert ports[provider.ports.index(provider.recommended)] == smtp["recommended"]
    assert provider.fixed_username == smtp.get("username", "")


def hosts(provider: Provider) -> list[str]:
    """Return the host for each choice of the inputs a setting asks for."""
    asked = [item for item in provider.inputs_for(Scope.SETTING) if item.choices]
    names = [item.name for item in asked]
    chosen = product(*(item.choices for item in asked))
    return [provider.host_for(dict(zip(names, values, strict=True))) for values in chosen]


@pytest.mark.parametrize(
    ("slug", "inputs", "domain", "rows"),
    [pytest.param(*case, id=f"{case[0]}-{case[2]}") for case in golden.cases()],
)
def test_a_domain_gets_these_records(
    slug: str, inputs: dict[str, str], domain: str, rows: list[list[str]]
) -> None:
    """Need, type, name and value, in the order of the page."""
    records = required_records(domain, [Recipe(slug, inputs)])
    assert [golden.as_row(record) for record in records] == rows


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: str(provider.slug))
def test_no_record_of_a_page_goes_untested(provider: Provider) -> None:
    """Each template appears in a case, so that every variant is proven."""
    used: list[RecordTemplate] = []
    for case in golden.read(provider.slug)["cases"]:
        inputs: dict[str, Any] = case["inputs"]
        assert set(inputs) <= {item.name for item in provider.inputs}
        asked = provider.inputs_for(Scope.DOMAIN, inputs)
        given = provider.filled(inputs)
        assert all(given[item.name] for item in asked if item.required), case["about"]
        values = {name for name, value in given.items() if value}
        used += [
            item for item in provider.recipe_for(inputs) if item.placeholders <= values | KNOWN
        ]
    assert [template for template in provider.recipe if template not in used] == []


KNOWN = {"domain", "domain_dashes"}
