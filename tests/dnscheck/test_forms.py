"""What a person types about domains, providers and records."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from config.lab.zones import KEY
from dnscheck.forms.domains import AddedRecordForm, DomainForm, NewDomainForm
from dnscheck.forms.lists import DomainFilter
from dnscheck.forms.recipes import RecipeForm
from dnscheck.models import AddedRecord, DomainRecipe, SendingDomain
from dnscheck.required import recipe_inputs
from smtp import providers
from tenants.models import Tenant
from tests.factories import make_domain, make_setting, make_tenant

pytestmark = pytest.mark.django_db

TOKENS = {"token1": "abc1", "token2": "abc2", "token3": "abc3"}


def domain_form(tenant: Tenant, name: str) -> NewDomainForm:
    """Fill in the form of a new domain."""
    return NewDomainForm({"name": name}, instance=SendingDomain(tenant=tenant), back="/")


def recipe_form(domain: SendingDomain, slug: str, **typed: Any) -> RecipeForm:
    """Fill in what a provider asks for."""
    return RecipeForm(typed, instance=DomainRecipe(domain=domain, provider=slug), back="/")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Example.COM.", "example.com"),
        (" example.com\n", "example.com"),
        ("a。b.com", "a.b.com"),
        ("exämple.de", "xn--exmple-cua.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("зона.рф", "xn--80ansd.xn--p1ai"),
        ("аpple.com", "xn--pple-43d.com"),
        ("exa\u00admple.com", "example.com"),
    ],
)
def test_a_domain_is_stored_as_its_a_label(typed: str, stored: str) -> None:
    """Capitals, dots, blanks and other alphabets end in one form of each name."""
    form = domain_form(make_tenant(), typed)
    assert form.is_valid(), form.errors
    assert form.save().name == stored


@pytest.mark.parametrize(
    "typed",
    [
        *("", "xn--a", "☕.com", "-a.com", "a..b", ".", "com", "co.uk", "localhost", "127.0.0.1"),
        *("x.test", "user@example.com", "http://example.com/", "*.example.com", "example.com:25"),
        *("a" * 64 + ".com", "a." * 150 + "com", "a\x00.com"),
    ],
)
def test_what_is_no_domain_is_refused_at_the_field(typed: str) -> None:
    """Each bad name gets a sentence at its field, keeps what was typed, and stores nothing."""
    form = domain_form(make_tenant(), typed)
    assert not form.is_valid()
    assert list(form.errors) == ["name"]
    assert form["name"].value() == typed
    assert not SendingDomain.objects.exists()


def test_a_domain_pasted_with_more_around_it_is_suggested() -> None:
    """A pasted address or mailbox names the domain that was probably meant."""
    for typed in ("http://example.com/", "user@example.com", "*.example.com", "example.com:25"):
        form = domain_form(make_tenant(), typed)
        assert "did you mean example.com?" in form.errors["name"][0]


def test_a_tenant_has_a_domain_once_and_tenants_do_not_see_each_other() -> None:
    """A second time is refused kindly; another tenant's domain is no obstacle and no news."""
    first = make_domain(name="example.com")
    again = domain_form(first.tenant, "EXAMPLE.com")
    assert "already" in again.errors["name"][0]
    assert domain_form(make_tenant(), "example.com").is_valid()


def test_extra_fields_are_ignored() -> None:
    """Nobody verifies a domain or moves it to another tenant by adding fields to the form."""
    tenant, other = make_tenant(), make_tenant()
    data = {"name": "example.com", "verdict": "verified", "tenant": other.pk}
    form = DomainForm(data, instance=SendingDomain(tenant=tenant))
    saved = form.save()
    assert (saved.verdict, saved.tenant) == ("pending", tenant)


@pytest.mark.parametrize("provider", providers.PROVIDERS, ids=lambda provider: provider.slug)
def test_a_recipe_asks_for_what_the_provider_needs(provider: Any) -> None:
    """The form has one field for each input, and none for a setting where there is none."""
    form = recipe_form(make_domain(), provider.slug)
    assert list(form.fields) == [item.name for item in provider.inputs]


def test_a_recipe_is_cleaned_by_the_providers_rules() -> None:
    """A pasted record becomes its key, and the tokens lose their tails."""
    form = recipe_form(
        make_domain(),
        "scaleway-tem",
        project_id="0a1b2c3d-1111-4222-8333-444455556666",
        public_key=f'"v=DKIM1; h=sha256; k=rsa; p={KEY}"',
    )
    assert form.is_valid(), form.errors
    assert form.save().inputs["public_key"] == KEY


def test_a_bad_input_is_told_at_its_field_and_nothing_typed_is_lost() -> None:
    """Two equal tokens are a mistake at the second one; the others are kept."""
    form = recipe_form(make_domain(), "aws-ses", **{**TOKENS, "token3": "abc1"})
    assert list(form.errors) == ["token3"]
    assert form["token2"].value() == "abc2"
    assert not DomainRecipe.objects.exists()


def test_a_required_input_may_not_stay_empty() -> None:
    """Without its tokens SES has no records, so they are asked for."""
    assert set(recipe_form(make_domain(), "aws-ses").errors) == set(TOKENS)


def test_a_linked_setting_lends_its_user_name_and_region() -> None:
    """What the setting says need not be typed again, and is not stored twice."""
    domain = make_domain()
    setting = make_setting(domain.tenant, provider="elastx", username="user@domain.com")
    form = recipe_form(domain, "elastx", setting=setting.pk, dkim="own")
    assert form.is_valid(), form.errors
    saved = form.save()
    assert (saved.setting, saved.inputs) == (setting, {"dkim": "own"})
    assert recipe_inputs(saved)["username"] == "user@domain.com"
    assert not recipe_form(domain, "elastx").is_valid()  # nobody says who the user is


def test_only_this_tenants_settings_of_this_provider_can_be_linked() -> None:
    """A setting of another tenant or another provider is no valid choice."""
    domain = make_domain()
    own = make_setting(domain.tenant, provider="aws-ses", inputs={"region": "eu-west-3"})
    others = make_setting(provider="aws-ses"), make_setting(domain.tenant, provider="generic")
    for setting in others:
        form = recipe_form(domain, "aws-ses", setting=setting.pk, **TOKENS)
        assert list(form.errors) == ["setting"]
    form = recipe_form(domain, "aws-ses", setting=own.pk, **TOKENS)
    assert form.is_valid()
    assert recipe_inputs(form.save())["region"] == "eu-west-3"


def test_a_provider_is_there_once_for_each_setting() -> None:
    """The same provider with the same setting is refused; editing it is fine."""
    domain = make_domain(recipes=(("aws-ses", TOKENS),))
    again = recipe_form(domain, "aws-ses", **TOKENS)
    assert "already" in again.non_field_errors()[0]
    edited = RecipeForm({**TOKENS, "token1": "new"}, instance=domain.recipes.get(), back="/")
    assert edited.is_valid()
    assert edited.save().inputs["token1"] == "new"


def test_an_added_record_is_stored_absolute_and_once() -> None:
    """The name is completed, the value cleaned, and the same record is not taken twice."""
    domain = make_domain(name="shop.example")
    data = {"name": "mail", "type": "MX", "value": "10 MX.other.example."}
    form = AddedRecordForm(data, instance=AddedRecord(domain=domain))
    saved = form.save()
    assert (saved.name, saved.value) == ("mail.shop.example", "10 mx.other.example")
    again = AddedRecordForm(data, instance=AddedRecord(domain=domain))
    assert again.non_field_errors()


@pytest.mark.parametrize(
    ("field", "bad"),
    [("name", "mail.other.example."), ("value", "two\nlines"), ("type", "A"), ("value", "")],
)
def test_a_bad_record_is_told_at_its_field(field: str, bad: str) -> None:
    """Each mistake is said where it was made."""
    data = {"name": "@", "type": "TXT", "value": "text"} | {field: bad}
    form = AddedRecordForm(data, instance=AddedRecord(domain=make_domain()))
    assert field in form.errors


def found(owner: User, **asked: str) -> list[str]:
    """Return the names that the list shows to its owner."""
    form = DomainFilter(asked, user=owner, rows=SendingDomain.objects.visible_to(owner))
    return [domain.name for domain in form.filtered]


def test_the_filter_passes_over_what_it_does_not_know(owner: User, tenant: Tenant) -> None:
    """A made-up verdict shows everything this person may see; a foreign tenant, nothing."""
    make_domain(tenant, "shop.example")
    foreign = make_domain().tenant
    for asked in ({}, {"verdict": "nonsense"}, {"cause": "no.such"}, {"q": " "}):
        assert found(owner, **asked) == ["shop.example"]
    assert found(owner, tenant=foreign.slug) == []


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "exämple.de"}, ["xn--exmple-cua.de"]),
        ({"q": "SHO"}, ["shop.example"]),
        ({"q": "op.exa"}, ["shop.example"]),
        ({"q": "a b"}, []),
        ({"q": "https://shop.example/x"}, ["shop.example"]),
        ({"cause": "host.doubled"}, ["shop.example"]),
        ({"provider": "aws-ses"}, ["xn--exmple-cua.de"]),
        ({"verdict": "failing", "tenant": "acm"}, ["shop.example"]),
    ],
)
def test_the_filter_finds_names_of_any_alphabet(
    owner: User, tenant: Tenant, asked: dict[str, str], names: list[str]
) -> None:
    """By what a name begins with, or its zone, or a part of it; by cause and provider as well."""
    make_domain(tenant, "xn--exmple-cua.de", recipes=(("aws-ses", {}),))
    bad: dict[str, Any] = {
        "verdict": "failing",
        "bad_since": timezone.now(),
        "cause_code": "host.doubled",
    }
    make_domain(tenant, "shop.example", **bad)
    make_domain(tenant, "mail.in-a-zone.example", zone="in-a-zone.example")
    assert found(owner, **asked) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sho", ["shop.example"]),
        ("op.exa", []),
        ("*op.exa", ["shop.example"]),
        ("a-zone.example", ["mail.a-zone.example"]),
    ],
)
def test_of_very_many_names_the_beginning_is_looked_for(
    owner: User, tenant: Tenant, text: str, names: list[str]
) -> None:
    """A part of a name is found by an asterisk, and a zone finds what lies in it."""
    make_domain(tenant, "shop.example")
    make_domain(tenant, "mail.a-zone.example", zone="a-zone.example")
    rows = SendingDomain.objects.visible_to(owner)
    assert rows.are_few(2)
    assert not rows.are_few(1)
    form = DomainFilter({"q": text}, user=owner, rows=rows)
    form.are_few = False
    assert [domain.name for domain in form.filtered] == names


@pytest.mark.parametrize(
    ("slug", "name", "secret"),
    [
        ("postmark", "selector", "0b9e8d7c-6a5f-4e3d-8c2b-1a0f9e8d7c6b"),
        ("postmark", "public_key", "-----BEGIN PRIVATE KEY-----" + "MIIEvQIBADAN" * 900),
        ("aws-ses", "public_key", "MIIEvQIBADANBgkqhkiG9w0B"),  # not even asked for with Easy DKIM
    ],
)
def test_no_secret_is_sent_back_in_the_form(slug: str, name: str, secret: str) -> None:
    """Whether it was too long, of no use with the choice made, or refused for what it is."""
    form = recipe_form(make_domain(), slug, **{name: secret})
    assert not form.is_valid()
    assert secret[:40] not in form.as_p()


def test_what_an_error_says_is_not_said_again_below_it(tenant: Tenant) -> None:
    """The help of a field is part of most errors; where it is not, it stays."""
    recipe = DomainRecipe(domain=make_domain(tenant, "shop.example"), provider="resend")
    form = RecipeForm({"shape": "classic", "public_key": ""}, instance=recipe, back="/")
    assert not form.is_valid()
    [sentence] = form.errors["public_key"]
    asked = {item.name: item for item in form.provider.inputs}
    assert asked["public_key"].help in sentence
    assert form.fields["public_key"].help_text == ""
    assert form.fields["send"].help_text != ""
