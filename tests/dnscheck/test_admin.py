"""The operator's view: the same forms and verbs, and a history nobody can touch."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dnscheck.models import Acknowledgement, AddedRecord, Check, RecordCheck, SendingDomain
from tenants.models import Tenant
from tests.factories import make_domain

pytestmark = pytest.mark.django_db

NO_ROWS = {
    f"{inline}-{what}_FORMS": 0
    for inline in ("recipes", "added_records")
    for what in ("TOTAL", "INITIAL")
}


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    """Return a browser in which an operator is logged in."""
    client.force_login(staff)
    return client


def page(name: str, *args: int) -> str:
    """Return an admin page's address."""
    return reverse(f"admin:dnscheck_{name}", args=args)


def make_check(domain: SendingDomain) -> Check:
    """Make a check that saw a long key."""
    check = Check.objects.create(
        domain=domain, at=timezone.now(), result="bad", verdict=domain.verdict
    )
    RecordCheck.objects.create(
        parent=check, purpose="dkim", name="a.example", type="TXT", expected="p=", verdict="wrong"
    )
    return check


def test_domains_are_listed_found_and_filtered(browser: Client, tenant: Tenant) -> None:
    """Search knows domain and tenant; the verdict and silence are filters."""
    make_domain(tenant, "shop.example", verdict="verified")
    make_domain(name="other.example", unknown_since=timezone.now())
    for query, name, other in (
        ("q=shop", "shop.example", "other.example"),
        ("q=Acme", "shop.example", "other.example"),
        ("verdict__exact=verified", "shop.example", "other.example"),
        ("unknown_since__isempty=0", "other.example", "shop.example"),
    ):
        text = browser.get(page("sendingdomain_changelist") + f"?{query}").content.decode()
        assert name in text, query
        assert other not in text, query


def test_check_now_queues_each_chosen_domain(
    browser: Client, django_capture_on_commit_callbacks: Any
) -> None:
    """The action makes the chosen domains due and rings for each after the commit."""
    later = timezone.now() + dt.timedelta(days=1)
    chosen = [make_domain(next_check_at=later).pk for _ in range(3)]
    left = make_domain(next_check_at=later)
    data = {"action": "check_now", "_selected_action": chosen}
    with django_capture_on_commit_callbacks() as callbacks:
        answer = browser.post(page("sendingdomain_changelist"), data, follow=True)
    assert "3 domains are being checked." in answer.content.decode()
    assert len(callbacks) == 3
    due = SendingDomain.objects.filter(next_check_at__lte=timezone.now())
    assert {domain.pk for domain in due} == set(chosen)
    left.refresh_from_db()
    assert left.next_check_at == later


def test_a_domain_is_added_by_the_same_form(browser: Client, tenant: Tenant) -> None:
    """The name is cleaned, the domain is due, and a tenant has it once."""
    data = {"tenant": tenant.pk, "name": " Exämple.DE. "}
    assert browser.post(page("sendingdomain_add"), data).status_code == 302
    domain = SendingDomain.objects.get()
    assert (domain.name, domain.verdict) == ("xn--exmple-cua.de", "pending")
    assert domain.next_check_at <= timezone.now()
    again = browser.post(page("sendingdomain_add"), data)
    assert "already" in again.content.decode()
    bad = browser.post(page("sendingdomain_add"), data | {"name": "co.uk"})
    assert "public suffix" in bad.content.decode()
    assert SendingDomain.objects.count() == 1


def test_a_verdict_cannot_be_set_by_hand(browser: Client) -> None:
    """Name, tenant and verdict stay, whatever a form sends."""
    domain = make_domain(name="shop.example")
    data = {"name": "x.example", "verdict": "verified", "tenant": 99, **NO_ROWS}
    assert browser.post(page("sendingdomain_change", domain.pk), data).status_code == 302
    domain.refresh_from_db()
    assert (domain.name, domain.verdict) == ("shop.example", "pending")


def test_records_are_added_beside_the_recipes(browser: Client) -> None:
    """The domain's page shows its providers and takes records by the form of the portal."""
    domain = make_domain(name="shop.example", recipes=(("generic", {"mechanism": "mx"}),))
    there = page("sendingdomain_change", domain.pk)
    text = browser.get(there).content.decode()
    assert "mechanism: mx" in text
    assert reverse("dnscheck:recipe_edit", args=[domain.recipes.get().pk]) in text
    data: dict[str, Any] = NO_ROWS | {"added_records-TOTAL_FORMS": 1}
    record = {"name": "a", "type": "CNAME", "value": "B.example."}
    data |= {f"added_records-0-{name}": value for name, value in record.items()}
    assert browser.post(there, data).status_code == 302
    added = AddedRecord.objects.get()
    assert (added.name, added.value) == ("a.shop.example", "b.example")
    bad = data | {"added_records-0-name": "a.other.example."}
    assert "not in shop.example" in browser.post(there, bad).content.decode()


def test_history_is_read_only(browser: Client) -> None:
    """Checks and recipes can be looked at, and neither added, changed nor deleted."""
    check = make_check(make_domain(recipes=(("generic", {}),)))
    recipe = check.domain.recipes.get()
    for name, row in (("check", check), ("domainrecipe", recipe)):
        assert browser.get(page(f"{name}_changelist")).status_code == 200
        assert browser.get(page(f"{name}_change", row.pk)).status_code == 200
        assert browser.get(page(f"{name}_add")).status_code == 403
        assert browser.post(page(f"{name}_change", row.pk), {}).status_code == 403
        assert browser.post(page(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_domain_with_history_can_be_deleted(browser: Client) -> None:
    """That history is read-only does not hold a domain."""
    domain = make_check(make_domain(recipes=(("generic", {}),))).domain
    there = page("sendingdomain_delete", domain.pk)
    assert browser.post(there, {"post": "yes"}).status_code == 302
    assert not SendingDomain.objects.exists()


def test_what_is_let_be_is_only_looked_at(browser: Client) -> None:
    """It belongs to what a person saw on the domain's page; it goes with its domain."""
    row = make_domain().acknowledgements.create(
        code="dmarc.missing", reason="Not yet.", created_at=timezone.now()
    )
    assert "dmarc.missing" in browser.get(page("acknowledgement_changelist")).content.decode()
    assert browser.get(page("acknowledgement_add")).status_code == 403
    assert browser.post(page("acknowledgement_change", row.pk), {}).status_code == 403
    there = page("sendingdomain_delete", row.domain.pk)
    assert browser.post(there, {"post": "yes"}).status_code == 302
    assert not Acknowledgement.objects.exists()


def test_members_have_no_admin(client: Client, owner: User, tenant: Tenant) -> None:
    """The admin is for operators."""
    client.force_login(owner)
    answer = client.get(page("sendingdomain_changelist"))
    assert answer["Location"].startswith(reverse("admin:login"))
