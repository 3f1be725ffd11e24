"""The catalogue: found, read, and who uses a provider."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from smtp.pages.catalogue import entry, users_of
from smtp.providers import PROVIDERS, get
from tests.factories import make_domain, make_setting, make_tenant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    """Return somebody who belongs to no tenant yet."""
    return make_user()


@pytest.fixture
def browser(client: Client, member: User) -> Client:
    """Return a browser in which the member is logged in."""
    client.force_login(member)
    return client


def page(browser: Client, name: str, *args: Any, **query: str) -> str:
    """Return a page's text."""
    answer = browser.get(reverse(f"smtp:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_strangers_log_in_first(client: Client) -> None:
    """The catalogue is part of the portal."""
    for there in (reverse("smtp:providers"), reverse("smtp:provider", args=["resend"])):
        assert client.get(there)["Location"].startswith(reverse("login"))


def test_the_catalogue_lists_every_provider(browser: Client) -> None:
    """Each leads to its page."""
    listed = page(browser, "providers")
    for provider in PROVIDERS:
        assert f'href="/providers/{provider.slug}/"' in listed


def test_a_search_narrows_the_list_and_says_how_many(browser: Client) -> None:
    """An alias finds its page alone."""
    listed = page(browser, "providers", q="mandrill")
    assert "1 provider fits." in listed
    assert 'href="/providers/mailchimp-transactional/"' in listed
    assert 'href="/providers/resend/"' not in listed


def test_a_search_without_a_hit_leads_to_the_generic_page(browser: Client) -> None:
    """Nobody is left without a way on; what was typed is text."""
    listed = page(browser, "providers", q="<b>nobody</b>")
    assert "No provider of this name" in listed
    assert 'href="/providers/generic/"' in listed
    assert "<b>nobody" not in listed


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: str(provider.slug))
def test_each_page_tells_what_it_knows(
    browser: Client, provider: Any, django_assert_max_num_queries: Any
) -> None:
    """Name, host, rules, records and sources are there, in a constant number of queries."""
    with django_assert_max_num_queries(5):
        text = page(browser, "provider", provider.slug)
    told = entry(provider, make_user())
    for endpoint in told.endpoints:
        assert endpoint.host in text
    assert all(str(port.number) in text for port in provider.ports)
    assert text.count('<details class="record">') == len(provider.recipe)
    if provider.source.confidence != "high":
        assert "could be checked" in text


def test_uncertain_facts_are_marked_as_such(browser: Client) -> None:
    """A record seen only in zones of customers does not look like a documented one."""
    text = page(browser, "provider", "resend")
    assert "fairly sure" in text
    assert "Seen in public zones of customers" in text


def test_another_name_of_a_provider_leads_to_its_page(browser: Client) -> None:
    """One page has one address; an unknown one is not found."""
    answer = browser.get(reverse("smtp:provider", args=["mandrill"]))
    assert answer["Location"] == "/providers/mailchimp-transactional/"
    assert browser.get(reverse("smtp:provider", args=["nobody"])).status_code == 404


def test_a_page_says_which_tenants_use_the_provider(member: User) -> None:
    """Settings and domains are counted once each, and other people's tenants are not shown."""
    mine, other = make_tenant(owner=member), make_tenant()
    for tenant in (mine, other):
        for _ in range(2):
            make_setting(tenant, provider="postmark")
        make_domain(tenant, recipes=(("postmark", {}), ("resend", {})))
    [found] = users_of(get("postmark"), member)
    assert (found, found.own_settings, found.own_domains) == (mine, 2, 1)  # type: ignore[attr-defined]
    assert not users_of(get("brevo"), member).exists()


def test_an_editor_can_go_on_to_a_setting(browser: Client, member: User) -> None:
    """The page leads to a new setting of each tenant this person may change."""
    tenant = make_tenant(owner=member)
    there = reverse("smtp:add", args=[tenant.slug])
    assert f'href="{there}?provider=brevo"' in page(browser, "provider", "brevo")
