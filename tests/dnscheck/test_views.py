"""The pages of domains: who may open which, what they change, and what they ask of the database."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dnscheck.findings import Finding, Severity
from dnscheck.models import AddedRecord, Check, DomainRecipe, RecordCheck, SendingDomain
from dnscheck.urls import urlpatterns
from tenants.models import Tenant
from tests.factories import make_domain, make_setting, make_tenant

pytestmark = pytest.mark.django_db

MECHANISM = {"mechanism": "ip4:192.0.2.1"}
NEVER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Rows:
    """One of everything a tenant can have here."""

    domain: SendingDomain
    recipe: DomainRecipe
    record: AddedRecord


@pytest.fixture
def rows(tenant: Tenant) -> Rows:
    """Return a domain with a recipe and a record added by hand; nothing is due."""
    domain = make_domain(
        tenant, "shop.example", recipes=(("generic", MECHANISM),), next_check_at=NEVER
    )
    record = AddedRecord.objects.create(
        domain=domain, name="www.shop.example", type="CNAME", value="a.example"
    )
    found = Finding("dns.x", Severity.WARNING, "Title", "Why.", "Fix.").as_json()
    Check.objects.create(
        domain=domain, at=timezone.now(), result="good", verdict="verified", findings=[found]
    )
    return Rows(domain, domain.recipes.get(), record)


@pytest.fixture
def as_editor(client: Client, editor: User, tenant: Tenant) -> Client:
    """Return a browser in which the editor is logged in."""
    client.force_login(editor)
    return client


def address(name: str, rows: Rows) -> str:
    """Return a page's address for these rows."""
    if name == "domains":
        return reverse("dnscheck:domains")
    if name in ("add", "failover"):
        return reverse(f"dnscheck:{name}", args=[rows.domain.tenant.slug])
    row: Any = rows.domain
    if name in ("recipe_edit", "recipe_delete"):
        row = rows.recipe
    if name == "record_delete":
        row = rows.record
    there = reverse(f"dnscheck:{name}", args=[row.pk, "bind"] if name == "export" else [row.pk])
    return f"{there}?code=dns.x" if name == "acknowledge" else there


LOOKING = (
    *("domains", "domain", "domain_live", "export", "history", "servers", "servers_live"),
    "failover",
)
CHANGING = (
    *("add", "delete", "recipe_add", "recipe_edit", "recipe_delete"),
    *("record_add", "record_delete", "acknowledge"),
)
VERBS = ("check", "host", "unacknowledge", "servers_ask")  # POST alone
PERSONAL = (  # of one person alone: tests/dnscheck/test_received_views.py
    *("received", "received_mail", "received_live", "received_again", "received_delete"),
)
MANY = ("many", "delete_many", "progress")  # tests/dnscheck/test_many.py
SEARCH = ("search",)  # tests/dnscheck/test_search.py
SHARED = ("shares", "share_mail", "unshare", "todo", "todo_live", "todo_check")  # test_sharing.py
OPERATORS = ("operation", "begin")  # test_operation.py, test_beginning.py


def test_the_table_of_permissions_is_complete() -> None:
    """A new page without a line in the table fails here."""
    table = {*LOOKING, *CHANGING, *VERBS, *PERSONAL, *MANY, *SEARCH, *SHARED, *OPERATORS}
    assert {pattern.name for pattern in urlpatterns} == table


@pytest.mark.parametrize("name", [*LOOKING, *CHANGING, *VERBS])
def test_who_may_do_what(name: str, rows: Rows, client: Client, request: Any) -> None:
    """Members look, editors and owners change, strangers find nothing, others log in first."""
    there = address(name, rows)
    ask: Callable[[str], Any] = client.post if name in VERBS else client.get
    assert ask(there).status_code == (403 if name in VERBS else 302)
    assert client.get(there)["Location"].startswith(reverse("login"))
    fine = 302 if name in VERBS else 200
    for person, may in (
        *(("owner", True), ("editor", True), ("staff", True)),
        *(("viewer", name in LOOKING), ("stranger", name == "domains")),
    ):
        client.force_login(request.getfixturevalue(person))
        assert ask(there).status_code == (fine if may else 404), person


@pytest.mark.parametrize("name", [*CHANGING, *VERBS])
def test_others_change_nothing(name: str, rows: Rows, client: Client, request: Any) -> None:
    """A POST by a viewer or a stranger is not found, and every row stays as it is."""
    before = SendingDomain.objects.values().get()
    for person in ("viewer", "stranger"):
        client.force_login(request.getfixturevalue(person))
        assert client.post(address(name, rows), {"name": "new.example"}).status_code == 404
    assert SendingDomain.objects.values().get() == before
    assert DomainRecipe.objects.count() == AddedRecord.objects.count() == 1


@pytest.mark.parametrize("name", [*LOOKING, *CHANGING])
def test_looking_changes_nothing(name: str, rows: Rows, as_editor: Client) -> None:
    """No page writes when it is opened, and what is only a verb cannot be opened."""
    before = SendingDomain.objects.values().get()
    assert as_editor.get(address(name, rows)).status_code == 200
    assert as_editor.get(address("check", rows)).status_code == 405
    assert SendingDomain.objects.values().get() == before
    assert DomainRecipe.objects.count() == AddedRecord.objects.count() == 1


def test_a_stranger_sees_no_row_of_others(rows: Rows, client: Client, stranger: User) -> None:
    """The list of somebody else does not name the domain or its tenant."""
    client.force_login(stranger)
    page = client.get(reverse("dnscheck:domains")).content.decode()
    assert "shop.example" not in page
    assert "Acme" not in page


def test_a_viewer_is_shown_no_buttons(rows: Rows, client: Client, viewer: User) -> None:
    """What a person may not do is not offered."""
    client.force_login(viewer)
    page = client.get(address("domain", rows)).content.decode()
    for name in ("check", "delete", "recipe_edit", "recipe_add", "record_add", "record_delete"):
        assert address(name, rows) not in page, name
    assert "/acknowledge/" not in page


def test_a_new_domain_leads_to_its_provider(
    as_editor: Client, tenant: Tenant, django_capture_on_commit_callbacks: Any
) -> None:
    """Adding a domain, choosing who sends and giving the inputs ends on a page with records."""
    there = reverse("dnscheck:add", args=[tenant.slug])
    answer = as_editor.post(there, {"name": "Shop.Example", "provider": "generic"})
    domain = SendingDomain.objects.get()
    assert domain.next_check_at <= timezone.now()
    assert (
        answer["Location"] == reverse("dnscheck:recipe_add", args=[domain.pk]) + "?provider=generic"
    )
    with django_capture_on_commit_callbacks() as callbacks:
        answer = as_editor.post(answer["Location"], MECHANISM, follow=True)
    assert len(callbacks) == 1
    assert "v=spf1 ip4:192.0.2.1 ~all" in answer.content.decode()


def test_a_domain_without_a_provider_says_what_to_do(as_editor: Client, tenant: Tenant) -> None:
    """The empty page leads to the providers, and waits for no check."""
    domain = make_domain(tenant)
    page = as_editor.get(domain.get_absolute_url()).content.decode()
    assert "Choose who sends for this domain" in page
    there = reverse("dnscheck:recipe_add", args=[domain.pk])
    assert f'href="{there}"' in page
    assert "hx-trigger" not in page
    offered = as_editor.get(there).content.decode()
    assert "?provider=aws-ses" in offered
    assert "?provider=mailtrap-sandbox" not in offered  # it wants nothing in the DNS


def test_a_look_alike_is_warned_of(as_editor: Client, tenant: Tenant) -> None:
    """A Cyrillic letter among Latin ones is stored as what it is, and said."""
    there = reverse("dnscheck:add", args=[tenant.slug])
    page = as_editor.post(there, {"name": "аpple.com"}, follow=True).content.decode()
    assert "xn--pple-43d.com" in page
    assert "different alphabets" in page


def test_an_unknown_provider_is_not_found(as_editor: Client, rows: Rows) -> None:
    """A made-up slug is no page."""
    assert as_editor.get(address("recipe_add", rows) + "?provider=nobody").status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("check", {}),
        ("recipe_edit", {"mechanism": "ip4:192.0.2.2"}),
        ("recipe_delete", {}),
        ("record_add", {"name": "@", "type": "TXT", "value": "text"}),
        ("record_delete", {}),
    ],
)
def test_what_changes_the_records_rings_for_a_check(
    name: str,
    data: dict[str, str],
    rows: Rows,
    as_editor: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Each change makes the domain due, rings once, and returns to the domain."""
    with django_capture_on_commit_callbacks() as callbacks:
        answer = as_editor.post(address(name, rows), data)
    assert answer["Location"] == rows.domain.get_absolute_url()
    assert len(callbacks) == 1
    rows.domain.refresh_from_db()
    assert rows.domain.next_check_at <= timezone.now()
    assert rows.domain.watched_since is not None


def test_deleting_a_domain_takes_everything_with_it(rows: Rows, as_editor: Client) -> None:
    """After the second question the domain, its recipes and its records are gone."""
    assert as_editor.get(address("delete", rows)).status_code == 200
    assert as_editor.post(address("delete", rows))["Location"] == reverse("dnscheck:domains")
    for model in (SendingDomain, DomainRecipe, AddedRecord):
        assert not model._default_manager.exists()


def test_the_list_is_filtered_and_paged(as_editor: Client, tenant: Tenant) -> None:
    """Verdict, silence, tenant and name choose; fifty stand on a page."""
    other = make_tenant("Other", editor=User.objects.get(username="edith"))
    for number in range(60):
        make_domain(tenant, f"n{number:02}.example")
    make_domain(other, "good.example", verdict="verified")
    make_domain(other, "mute.example", verdict="verified", unknown_since=timezone.now())
    for query, total in (
        *(("", 62), ("verdict=verified", 2), ("verdict=unknown", 1), ("tenant=other", 2)),
        *(("q=n0", 10), ("q=nothing", 0), ("verdict=verified&q=mute", 1), ("page=999", 62)),
    ):
        page = as_editor.get(reverse("dnscheck:domains") + f"?{query}").context["page"]
        assert page.paginator.count == total, query
        assert len(page) <= 50


def test_no_page_reads_a_password(rows: Rows, as_editor: Client, staff: User) -> None:
    """Linking a setting to a domain leaves its sealed password in the database."""
    setting = make_setting(rows.domain.tenant, password="secret")
    DomainRecipe.objects.update(setting=setting)
    pages = [address(name, rows) for name in ("domain", "domain_live", "recipe_edit")]
    admin = reverse("admin:dnscheck_sendingdomain_change", args=[rows.domain.pk])
    recipes = reverse("admin:dnscheck_domainrecipe_changelist")
    with CaptureQueriesContext(connection) as queries:
        assert [as_editor.get(page).status_code for page in pages] == [200] * 3
        as_editor.force_login(staff)
        assert [as_editor.get(page).status_code for page in (admin, recipes)] == [200] * 2
    read = [query["sql"] for query in queries if '"smtp_smtpsetting"."password"' in query["sql"]]
    assert read == []


def count_queries(client: Client, there: str) -> int:
    """Return how many queries a page needs."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(there).status_code == 200
    return len(queries)


def add_history(domain: SendingDomain, checks: int) -> None:
    """Give a domain past checks with a record each."""
    for number in range(checks):
        check = Check.objects.create(
            domain=domain, at=timezone.now(), result="good", verdict="verified"
        )
        RecordCheck.objects.create(
            parent=check,
            purpose="spf",
            name=domain.name,
            type="TXT",
            expected=f"v={number}",
            verdict="ok",
        )


def test_pages_need_a_constant_number_of_queries(rows: Rows, as_editor: Client) -> None:
    """More domains, recipes, records and checks cost no query more."""
    pages = [address(name, rows) for name in ("domains", "domain", "domain_live", "history")]
    add_history(rows.domain, 2)
    few = [count_queries(as_editor, page) for page in pages]
    for number in range(30):
        make_domain(make_tenant(editor=User.objects.get(username="edith")))
        AddedRecord.objects.create(
            domain=rows.domain, name=f"a{number}.shop.example", type="TXT", value="x"
        )
    DomainRecipe.objects.create(domain=rows.domain, provider="aws-ses", inputs={})
    add_history(rows.domain, 30)
    assert [count_queries(as_editor, page) for page in pages] == few
    assert max(few) <= 24


def test_a_private_key_is_refused_and_not_sent_back(as_editor: Client, tenant: Tenant) -> None:
    """The page says what to do, and holds nothing of what was pasted."""
    domain = make_domain(tenant, "shop.example")
    key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ" + "CANARY" * 20
    there = reverse("dnscheck:recipe_add", args=[domain.pk]) + "?provider=generic"
    page = as_editor.post(there, {"selector": "s1", "public_key": key}).content.decode()
    assert "This is a private key" in page
    assert "CANARY" not in page
    assert 'value="s1"' in page


def test_a_recipe_without_any_value_is_refused(as_editor: Client, tenant: Tenant) -> None:
    """Nothing to check is said before it is stored."""
    domain = make_domain(tenant, "shop.example")
    there = reverse("dnscheck:recipe_add", args=[domain.pk]) + "?provider=generic"
    assert "at least one value" in as_editor.post(there, {"selector": ""}).content.decode()
    assert not domain.recipes.exists()
