"""The overview: one cause is one row, what was tried last, and what it is narrowed to."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dnscheck.models import SendingDomain
from smtp.models import Kind, State
from tenants.models import Tenant
from tenants.pages.bounded import BoundedPaginator
from tests.factories import make_attempt, make_domain, make_setting, make_tenant

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TWICE: dict[str, Any] = {
    "verdict": "failing",
    "bad_since": NOW,
    "cause": "The domain is in the name twice",
    "cause_code": "host.doubled",
}
ENDED: dict[str, Any] = {"state": State.DONE, "finished_at": NOW}


def bad(tenant: Tenant, name: str, **fields: Any) -> SendingDomain:
    """Make a failing domain."""
    return make_domain(tenant, name, **{**TWICE, **fields})


def test_domains_of_one_cause_are_one_row(client: Client, tenant: Tenant, staff: User) -> None:
    """The first is named, the others are counted, and a link leads to all of them."""
    for number in range(3):
        bad(tenant, f"a{number}.example")
    bad(make_tenant("Other"), "b.example", bad_since=NOW - dt.timedelta(days=1))
    bad(tenant, "c.example", cause="No key", cause_code="dkim.missing")
    bad(tenant, "d.example", acknowledged_until=NOW + dt.timedelta(days=1))
    client.force_login(staff)
    answer = client.get("/")
    groups = answer.context["attention"].domains
    assert [(group.code, group.number, group.tenants) for group in groups] == [
        ("host.doubled", 4, 2),
        ("dkim.missing", 1, 1),
    ]
    assert groups[0].since == NOW - dt.timedelta(days=1)
    text = answer.content.decode()
    assert "The domain is in the name twice" in text
    link = "/domains/?verdict=failing&amp;cause=host.doubled"
    assert link in text
    listed = client.get(link.replace("&amp;", "&")).context["page"].paginator.count
    assert listed == 5  # the acknowledged one as well: it is like that
    assert ">All domains of this kind</a>" in text  # and not that they are 4


def test_a_domain_that_is_deleted_meanwhile_breaks_no_page(
    client: Client, tenant: Tenant, staff: User
) -> None:
    """Between the question which are bad and the one after an example of each."""
    bad(tenant, "gone.example")
    bad(tenant, "there.example", cause_code="dkim.missing")
    client.force_login(staff)

    def delete(execute: Any, sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if "MIN(" in sql and "cause_code" in sql:
            SendingDomain.objects.filter(name="gone.example").delete()
        return found

    with connection.execute_wrapper(delete):
        told = client.get("/").context["attention"]
    assert [group.example["domain"] for group in told.domains] == ["there.example"]


def test_the_last_attempts_are_told(client: Client, tenant: Tenant, editor: User) -> None:
    """Those that ended, the newest first; what became of a notice is told elsewhere."""
    setting = make_setting(tenant, name="Main")
    for number in range(7):
        make_attempt(setting, succeeded=True, cause=f"Cause {number}", **ENDED)
    make_attempt(setting)
    make_attempt(setting, kind=Kind.NOTICE, recipient="x@example.com", succeeded=True, **ENDED)
    client.force_login(editor)
    told = [row["cause"] for row in client.get("/").context["tried"]]
    assert told == [f"Cause {number}" for number in (6, 5, 4, 3, 2)]


@pytest.fixture
def two(client: Client, staff: User) -> Client:
    """Return an operator's browser, with trouble at two tenants."""
    blue, red = make_tenant("Blue Bird"), make_tenant("Red Fox")
    domain = bad(blue, "blue.example")
    domain.recipes.create(provider="aws-ses")
    bad(red, "red.example", verdict="at_risk", cause_code="dkim.missing")
    make_domain(red, "mute.example", unknown_since=NOW - dt.timedelta(days=2))
    make_attempt(make_setting(red, name="Way", provider="mailgun"), succeeded=False, **ENDED)
    client.force_login(staff)
    return client


@pytest.mark.parametrize(
    ("query", "domains", "silent", "settings", "tenants"),
    [
        ("", ["blue.example", "red.example"], 1, 1, ["Blue Bird", "Red Fox"]),
        ("tenant=blue-bird", ["blue.example"], 0, 0, ["Blue Bird"]),
        ("tenant=fox", ["red.example"], 1, 1, ["Red Fox"]),
        ("tenant=nobody", [], 0, 0, []),
        ("provider=aws-ses", ["blue.example"], 0, 0, ["Blue Bird"]),
        ("provider=mailgun", [], 0, 1, ["Red Fox"]),
        ("verdict=failing", ["blue.example"], 0, 0, ["Blue Bird"]),
        ("verdict=unknown", [], 1, 0, ["Red Fox"]),
        ("cause=dkim.missing", ["red.example"], 0, 0, ["Red Fox"]),
        (
            "cause=made.up&verdict=x",
            ["blue.example", "red.example"],
            1,
            1,
            ["Blue Bird", "Red Fox"],
        ),
    ],
)
def test_the_overview_is_narrowed(
    two: Client, query: str, domains: list[str], silent: int, settings: int, tenants: list[str]
) -> None:
    """By tenant, provider, verdict and cause; what cannot be understood is passed over."""
    context = two.get(f"/?{query}").context
    told = context["attention"]
    assert [group.example["domain"] for group in told.domains] == domains
    assert (len(told.silent), len(told.settings)) == (silent, settings)
    assert [tenant.name for tenant, _ in context["rows"]] == tenants
    causes = {value for value, _ in context["form"].fields["cause"].choices}
    assert causes <= {"", "host.doubled", "dkim.missing"}


def test_a_filter_is_no_way_around(two: Client, stranger: User) -> None:
    """Nobody is shown, or suggested, a tenant of others by asking for it."""
    two.force_login(stranger)
    text = two.get("/?tenant=Blue").content.decode()
    assert "blue.example" not in text
    assert "Blue Bird" not in text
    assert "No tenant fits" in text


def test_a_narrowed_overview_asks_as_much_for_many_rows(two: Client) -> None:
    """The number of queries does not grow with the groups, whatever is asked for."""

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            two.get("/?provider=aws-ses&verdict=failing")
        return len(queries)

    few = ask()
    for number in range(8):
        domain = bad(make_tenant(), f"n{number}.example", cause_code=f"dkim.{number}")
        domain.recipes.create(provider="aws-ses")
    assert ask() == few


def test_a_long_list_is_counted_as_far_as_anybody_turns_pages(tenant: Tenant) -> None:
    """There is a last page, and it is said that there are more rows."""
    for _number in range(3):
        make_domain(tenant)
    pages = BoundedPaginator(SendingDomain.objects.all())
    assert (pages.count, pages.is_cut) == (3, False)

    class Short(BoundedPaginator):
        most = 2

    pages = Short(SendingDomain.objects.all())
    assert (pages.count, pages.is_cut) == (2, True)
