"""Each setting that sends from a domain has its line: what DMARC will say of its mail, and why."""

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.lab.zones import KEY
from dnscheck import required, verification
from dnscheck.models import DomainRecipe, SendingDomain
from dnscheck.pages.senders import outlooks_told
from smtp.models import SmtpSetting
from tenants.models import Tenant
from tests.factories import make_domain, make_setting, make_tenant, make_user
from tests.fakes import NOW, Clock, FakeDns

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "shop.example"
SENDER = "News@Shop.Example"
PASSES = "By DMARC, mail through Postmark passes through DKIM only."
AZURE, POSTMARK = "azure-communication-services", "postmark"


@pytest.fixture
def tenant() -> Tenant:
    """Return a tenant with its owner."""
    return make_tenant(owner=make_user())


@pytest.fixture
def domain(tenant: Tenant) -> SendingDomain:
    """Return the tenant's domain, at which nobody sends yet."""
    return make_domain(tenant, name=NAME, next_check_at=NOW)


def setting(tenant: Tenant, provider: str, **fields: Any) -> SmtpSetting:
    """Return a setting that sends from the domain through a provider."""
    return make_setting(tenant, provider=provider, **{"from_address": SENDER, **fields})


def link(domain: SendingDomain, selector: str, way: SmtpSetting | None = None) -> None:
    """Have Postmark's records expected at a domain, for one setting or for all."""
    inputs = {"selector": selector, "public_key": KEY}
    DomainRecipe.objects.create(domain=domain, provider=POSTMARK, setting=way, inputs=inputs)


def lines(domain: SendingDomain, *selectors: str) -> dict[str, tuple[str, str]]:
    """Check the domain where these selectors hold the key; return status and words by setting."""
    keys: dict[tuple[str, str], Any] = {
        (f"{selector}._domainkey.{NAME}", "TXT"): (f"k=rsa; p={KEY}",) for selector in selectors
    }
    dns = FakeDns({(NAME, "SOA"): ("soa",), **keys})
    if domain.recipes.exists():
        assert verification.verify_domain(domain.pk, clock=Clock(), make_resolver=lambda: dns)
    row = SendingDomain.objects.get(pk=domain.pk)
    return {line["setting"]: (line["status"], str(line["sentence"])) for line in outlooks_told(row)}


def test_each_setting_is_told_by_its_own_records(tenant: Tenant, domain: SendingDomain) -> None:
    """Two accounts of one provider have keys of their own; one may pass while the other fails."""
    link(domain, "first", setting(tenant, POSTMARK, name="Shop"))
    link(domain, "second", setting(tenant, POSTMARK, name="News"))
    told = lines(domain, "first")
    assert told["Shop"] == ("ok", PASSES)
    assert told["News"][0] == "wrong"
    assert "fails: " in told["News"][1]


def test_a_provider_without_a_setting_stands_for_all_of_its_settings(
    tenant: Tenant, domain: SendingDomain
) -> None:
    """Those that send from this very domain; without any it stands for itself."""
    link(domain, "first")
    [(status, sentence)] = lines(domain, "first").values()
    assert (status, sentence) == ("ok", PASSES)
    for name in ("Shop", "News"):
        setting(tenant, POSTMARK, name=name)
    setting(tenant, POSTMARK, name="Elsewhere", from_address="a@other.example")
    setting(tenant, POSTMARK, name="Below", from_address="a@below.shop.example")
    told = outlooks_told(SendingDomain.objects.get(pk=domain.pk))
    assert {line["setting"]: line["sentence"] for line in told} == {"Shop": PASSES, "News": PASSES}


def test_a_setting_without_records_is_proven_by_nothing(
    tenant: Tenant, domain: SendingDomain
) -> None:
    """Said also before any check, and with what to do; what delivers nothing needs no proof."""
    setting(tenant, AZURE, name="Azure")
    setting(tenant, "gmail", name="Gmail")
    setting(tenant, "local-capture", name="Capture")
    setting(make_tenant(), AZURE, name="Of others")
    told = lines(domain)
    assert set(told) == {"Azure", "Gmail"}
    assert {status for status, _ in told.values()} == {"warning"}
    assert "Add the provider to this domain." in told["Azure"][1]
    assert "no records for your own domain" in told["Gmail"][1]


def test_the_records_of_one_setting_say_nothing_of_another(
    tenant: Tenant, domain: SendingDomain
) -> None:
    """They may be those of another account."""
    link(domain, "first", setting(tenant, POSTMARK, name="Shop"))
    setting(tenant, POSTMARK, name="News")
    told = lines(domain, "first")
    assert (told["Shop"][0], told["News"][0]) == ("ok", "warning")
    assert "for this setting" in told["News"][1]


def test_a_page_names_the_setting_in_two_queries(
    tenant: Tenant, domain: SendingDomain, client: Client
) -> None:
    """However many there are; and the password is not read."""
    for number in range(3):
        link(domain, f"s{number}", setting(tenant, POSTMARK, name=f"Way no. {number}"))
    assert len(lines(domain)) == 3
    row = SendingDomain.objects.select_related("tenant").get(pk=domain.pk)
    with CaptureQueriesContext(connection) as queries:
        outlooks_told(row)
    assert len(queries) == 2
    assert not any("password" in query["sql"] for query in queries)
    client.force_login(tenant.memberships.get().user)
    page = client.get(domain.get_absolute_url()).content.decode()
    assert "Postmark · Way no. 0, Way no. 1, Way no. 2" in page


def test_what_was_found_before_settings_were_told_apart_is_still_shown(
    domain: SendingDomain,
) -> None:
    """An older check knows only the provider, perhaps one that is gone."""
    old = {"provider": "gone", "passes": None, "sentence": "Nobody knows."}
    SendingDomain.objects.filter(pk=domain.pk).update(outlooks=[old])
    domain.refresh_from_db()
    [line] = outlooks_told(domain)
    assert (line["name"], line["setting"], line["status"]) == ("gone", "", "unknown")


def test_a_token_made_from_the_sender_is_known_by_the_linked_setting(
    tenant: Tenant, domain: SendingDomain
) -> None:
    """Its From address is what people take for the user account."""
    way = setting(tenant, "elastx", username="user@domain.com")
    DomainRecipe.objects.create(domain=domain, provider="elastx", setting=way, inputs={})
    slips = dict(required.records_of(domain)[0].slips)
    digest = hashlib.sha256(SENDER.encode()).hexdigest()
    assert "From address" in slips[f"elastx-mrs={digest}"]
