"""The first run of a tenant: three questions, and what is made of the answers."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dnscheck.models import DomainRecipe, SendingDomain
from tenants.models import Tenant
from tests.factories import make_tenant

pytestmark = pytest.mark.django_db
NEW = "/tenants/new/"


@pytest.fixture
def operator(client: Client, staff: User) -> Client:
    """Return a browser in which an operator is logged in."""
    client.force_login(staff)
    return client


def begin(browser: Client, **answers: str) -> Any:
    """Answer the three questions."""
    return browser.post(NEW, {"name": "Blue Bird", **answers})


@pytest.mark.parametrize("who", ["owner", "editor", "viewer", "stranger"])
def test_only_operators_add_tenants(
    client: Client, tenant: Tenant, request: pytest.FixtureRequest, who: str
) -> None:
    """A member who posts the form anyway adds nothing."""
    client.force_login(request.getfixturevalue(who))
    before = Tenant.objects.count()
    assert client.post(NEW, {"name": "Mine"}).status_code == 404
    assert Tenant.objects.count() == before


def test_a_name_is_enough(operator: Client) -> None:
    """Adding lands on the tenant's page, and extra fields of the request are ignored."""
    answer = begin(operator, slug="other", id="77")
    assert (answer.status_code, answer["Location"]) == (302, "/tenants/blue-bird/")
    assert Tenant.objects.get().pk != 77
    assert not SendingDomain.objects.exists()


def test_a_name_that_is_taken_is_said_at_its_field(operator: Client) -> None:
    """What was typed stays in the form."""
    make_tenant("Blue Bird")
    answer = begin(operator, provider="resend", from_address="news@bird.example")
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["name"]
    for typed in (b'value="Blue Bird"', b'value="news@bird.example"', b'value="resend" selected'):
        assert typed in answer.content


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("nobody", "not a plain e-mail address"),
        ("news@com", "public suffix"),
        ("news@printer.local", "public DNS"),
        ("a@b.example\r\nBcc: c@d.example", "address"),
    ],
)
def test_a_from_address_nobody_can_send_from_is_refused(
    operator: Client, typed: str, part: str
) -> None:
    """In a sentence at its field, and nothing is added."""
    answer = begin(operator, from_address=typed)
    [sentence] = answer.context["form"].errors["from_address"]
    assert part in sentence
    assert not Tenant.objects.exists()


def test_the_domain_of_the_sender_is_added(operator: Client) -> None:
    """In the letters of the DNS; a provider that asks for values waits until they are entered."""
    begin(operator, provider="resend", from_address="news@bücher.example")
    domain = SendingDomain.objects.get()
    assert (domain.name, domain.tenant.name) == ("xn--bcher-kva.example", "Blue Bird")
    assert not domain.recipes.exists()


def test_records_that_are_the_same_for_all_are_there_at_once(operator: Client) -> None:
    """Fastmail asks for nothing: its records can be published while the rest is set up."""
    begin(operator, provider="fastmail", from_address="news@bird.example")
    assert [recipe.provider for recipe in DomainRecipe.objects.all()] == ["fastmail"]


def test_nobody_publishes_records_for_a_mailbox_service(operator: Client) -> None:
    """A From address at gmail.com is fine with Gmail, and gives no domain to prove."""
    assert begin(operator, provider="gmail", from_address="bird@gmail.com").status_code == 302
    assert not SendingDomain.objects.exists()


def test_the_next_steps_know_the_answers(operator: Client) -> None:
    """The setting's form has provider and sender filled in, the domain's form the provider."""
    begin(operator, provider="resend", from_address="news@bird.example")
    page = operator.get("/tenants/blue-bird/").content.decode()
    assert 'href="/tenants/blue-bird/settings/new/?provider=resend"' in page
    domain = SendingDomain.objects.get()
    assert f'href="/domains/{domain.pk}/recipes/new/?provider=resend"' in page
    form = operator.get("/tenants/blue-bird/settings/new/?provider=resend").content.decode()
    assert 'value="news@bird.example"' in form
    assert 'value="smtp.resend.com"' in form


def test_a_provider_without_records_leads_to_the_choice(operator: Client) -> None:
    """Nothing can be entered for it, so another one can be chosen."""
    begin(operator, provider="mailtrap-sandbox", from_address="news@bird.example")
    domain = SendingDomain.objects.get()
    there = f"/domains/{domain.pk}/recipes/new/?provider=mailtrap-sandbox"
    assert 'name="q"' in operator.get(there).content.decode()
