"""The overview, a tenant's page, and who may see what."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from smtp.models import Kind, State
from tenants.models import Tenant
from tenants.views import KEYS
from tests.factories import make_attempt, make_domain, make_setting, make_tenant, make_user

NOBODY = 302  # sent to the log-in
WHO = ("owner", "editor", "viewer", "stranger", "staff", "nobody")
TABLE = {
    "/": (200, 200, 200, 200, 200, NOBODY),
    "/tenants/acme/": (200, 200, 200, 404, 200, NOBODY),
    "/shortcuts/": (200, 200, 200, 200, 200, NOBODY),
    "/tenants/new/": (404, 404, 404, 404, 200, NOBODY),
}


def log_in(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    """Log in as one of the people, or as nobody."""
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))


@pytest.mark.parametrize("position", range(len(WHO)), ids=WHO)
@pytest.mark.parametrize("path", TABLE)
def test_each_person_sees_what_is_theirs(
    client: Client, tenant: Tenant, request: pytest.FixtureRequest, path: str, position: int
) -> None:
    """Members see their tenant, operators all, strangers a page that does not exist."""
    log_in(client, request, WHO[position])
    assert client.get(path).status_code == TABLE[path][position]


def test_what_needs_attention_stands_first(client: Client, tenant: Tenant, owner: User) -> None:
    """Bad domains, silent domains and failed last attempts are told, good ones are not."""
    now, day = timezone.now(), dt.timedelta(days=1)
    make_domain(tenant, "failing.example", verdict="failing", bad_since=now)
    make_domain(tenant, "risky.example", verdict="at_risk", bad_since=now)
    make_domain(tenant, "silent.example", verdict="verified", unknown_since=now - 2 * day)
    make_domain(tenant, "quiet.example", verdict="verified", unknown_since=now - day / 2)
    make_domain(tenant, "good.example", verdict="verified")
    ended: dict[str, Any] = {"state": State.DONE, "finished_at": now}
    broken, mended = make_setting(tenant, name="Broken"), make_setting(tenant, name="Mended")
    make_attempt(broken, succeeded=True, **ended)
    make_attempt(broken, succeeded=False, **ended)
    make_attempt(broken)  # still waiting: says nothing yet
    make_attempt(mended, succeeded=False, **ended)
    make_attempt(mended, succeeded=True, **ended)
    client.force_login(owner)
    attention = client.get("/").context["attention"]
    told = [group.example["domain"] for group in attention.domains]
    assert told == ["failing.example", "risky.example"]
    assert [row["domain"] for row in attention.silent] == ["silent.example"]
    assert [row["setting"] for row in attention.settings] == ["Broken"]


def test_attention_is_in_words_with_links(client: Client, tenant: Tenant, owner: User) -> None:
    """A row says what is the matter and leads to where it is mended."""
    domain = make_domain(
        tenant,
        "a.example",
        verdict="failing",
        bad_since=timezone.now(),
        cause="The DKIM key at s1._domainkey changed",
        cause_code="dkim.wrong-key",
    )
    attempt = make_attempt(
        make_setting(tenant, name="Main"),
        kind=Kind.TEST,
        recipient="x@a.example",
        state=State.UNCLEAR,
        finished_at=timezone.now(),
    )
    client.force_login(owner)
    text = client.get("/").content.decode()
    assert f'href="/domains/{domain.pk}/"' in text
    assert "The DKIM key at s1._domainkey changed" in text
    assert f'href="/attempts/{attempt.pk}/"' in text
    assert "Nobody knows whether the last test mail was accepted." in text


def test_the_trouble_of_others_is_not_told(client: Client, tenant: Tenant, stranger: User) -> None:
    """The overview of one tenant's member holds nothing of another tenant."""
    make_domain(tenant, "secret.example", verdict="failing", bad_since=timezone.now())
    setting = make_setting(tenant, name="Hidden way")
    make_attempt(setting, succeeded=False, state=State.DONE, finished_at=timezone.now())
    client.force_login(stranger)
    text = client.get("/").content.decode()
    assert "secret.example" not in text
    assert "Hidden way" not in text
    assert "Acme" not in text


def test_a_new_house_says_what_to_do_first(client: Client, staff: User) -> None:
    """Without tenants an operator is led to the first one, a member to an operator."""
    client.force_login(staff)
    assert b'href="/tenants/new/"' in client.get("/").content
    client.force_login(make_user("lonely"))
    assert b"Ask an operator" in client.get("/").content


def fill(number: int) -> None:
    """Make tenants with everything the overview shows."""
    for _number in range(number):
        tenant = make_tenant()
        make_domain(tenant, verdict="failing", bad_since=timezone.now())
        make_domain(tenant, verdict="verified")
        setting = make_setting(tenant)
        make_attempt(setting, succeeded=False, state=State.DONE, finished_at=timezone.now())


def queries_of(client: Client, path: str) -> int:
    """Return how many queries a page makes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_overview_asks_as_much_for_thirty_tenants_as_for_three(
    client: Client, staff: User
) -> None:
    """The number of queries does not grow with the rows."""
    client.force_login(staff)
    fill(3)
    few = queries_of(client, "/")
    fill(27)
    assert queries_of(client, "/") == few


def test_the_tenant_page_asks_as_much_for_many_settings(client: Client, staff: User) -> None:
    """The number of queries does not grow with settings, domains and members."""
    client.force_login(staff)
    tenant = make_tenant("Large")

    def grow(number: int) -> None:
        for _number in range(number):
            setting = make_setting(tenant)
            make_attempt(setting, succeeded=True, state=State.DONE, finished_at=timezone.now())
            make_domain(tenant)
            tenant.memberships.create(user=make_user())

    grow(2)
    few = queries_of(client, "/tenants/large/")
    grow(8)
    assert queries_of(client, "/tenants/large/") == few


def test_tenants_are_paged(client: Client, staff: User) -> None:
    """Fifty stand on a page, and the rest on the next."""
    for _number in range(51):
        make_tenant()
    client.force_login(staff)
    assert len(client.get("/").context["rows"]) == 50
    assert len(client.get("/?page=2").context["rows"]) == 1


def test_a_tenant_shows_its_ways_out_by_priority(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """Each setting is told with how its last attempt went."""
    now = timezone.now()
    second = make_setting(tenant, name="Second", priority=2)
    first = make_setting(tenant, name="First", priority=1, enabled=True)
    make_attempt(second, succeeded=False, state=State.DONE, finished_at=now)
    make_attempt(first, succeeded=True, state=State.DONE, finished_at=now)
    client.force_login(viewer)
    answer = client.get("/tenants/acme/")
    told = [(row.name, row.last_succeeded) for row in answer.context["settings"]]
    assert told == [("First", True), ("Second", False)]


def test_the_worst_domains_of_a_tenant_stand_first(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """However many are right, those that are not are among the ones shown."""
    now = timezone.now()
    for number in range(20):
        make_domain(tenant, f"a{number:02}.example", verdict="verified")
    make_domain(tenant, "z.example", verdict="failing", bad_since=now)
    make_domain(tenant, "y.example", verdict="at_risk", bad_since=now)
    make_domain(tenant, "x.example")
    client.force_login(viewer)
    told = [domain.name for domain in client.get("/tenants/acme/").context["domains"]]
    assert told[:4] == ["z.example", "y.example", "x.example", "a00.example"]
    assert len(told) == 20


@pytest.mark.parametrize(("who", "offered"), [("editor", True), ("viewer", False)])
def test_buttons_are_offered_to_those_who_may_use_them(
    client: Client, tenant: Tenant, request: pytest.FixtureRequest, who: str, offered: bool
) -> None:
    """A viewer sees no way to add anything."""
    client.force_login(request.getfixturevalue(who))
    text = client.get("/tenants/acme/").content.decode()
    assert ('href="/tenants/acme/settings/new/"' in text) is offered
    assert ('href="/tenants/acme/domains/new/"' in text) is offered


@pytest.mark.parametrize("path", ["/", "/tenants/acme/"])
def test_nothing_inline_is_on_a_page(
    client: Client, tenant: Tenant, owner: User, path: str
) -> None:
    """The policy forbids inline scripts and styles, so a page has none."""
    make_setting(tenant)
    make_domain(tenant)
    client.force_login(owner)
    text = client.get(path).content.decode()
    assert " style=" not in text
    assert " onclick=" not in text
    assert text.count("<script") == text.count("<script src=")


def test_shortcuts_are_switched_off_and_on(client: Client, tenant: Tenant, viewer: User) -> None:
    """The page says which there are; a cookie keeps the choice, and every page minds it."""
    client.force_login(viewer)
    assert "<kbd>?</kbd>" in client.get("/shortcuts/").content.decode()
    for choice, on in (("off", False), ("on", True), ("", False)):
        answer = client.post("/shortcuts/", {"shortcuts": choice})
        assert answer["Location"] == "/shortcuts/"
        assert ("<body data-shortcuts>" in client.get("/").content.decode()) is on, choice


def test_every_key_is_hung_on_something(client: Client, tenant: Tenant, staff: User) -> None:
    """What the list of shortcuts says is what the templates and the script have."""
    client.force_login(staff)
    shown = client.get("/").content.decode()
    domain = make_domain(tenant, recipes=(("generic", {"mechanism": "ip4:192.0.2.1"}),))
    shown += client.get(domain.get_absolute_url()).content.decode()
    hung = set(re.findall('data-key="([^"]+)"', shown))
    script = (Path(__file__).parents[2] / "static" / "js" / "site.js").read_text()
    scripted = set(re.findall('key === "([a-z])"', script))
    assert hung | scripted == {key for key, _what in KEYS}
    assert hung.isdisjoint(scripted)


def test_a_page_that_is_not_there_says_so(client: Client, owner: User) -> None:
    """The page for a wrong address is the house's own and leads back."""
    client.force_login(owner)
    answer = client.get("/tenants/nobody-knows/")
    assert answer.status_code == 404
    assert b"belongs to a tenant you are not a member of" in answer.content


def test_the_page_for_an_error_needs_nothing() -> None:
    """It is made without request, person or database."""
    assert "Something went wrong here" in render_to_string("500.html")


def test_what_was_tried_before_a_change_proves_nothing(
    client: Client, tenant: Tenant, owner: User
) -> None:
    """After host, port or login changed, the setting counts as not tried."""
    setting = make_setting(tenant, name="Main")
    make_attempt(setting, succeeded=True, state=State.DONE, finished_at=timezone.now())
    client.force_login(owner)
    page = tenant.get_absolute_url()
    assert "Not tried yet." not in client.get(page).content.decode()
    type(setting).objects.update(way_since=timezone.now())
    assert "Not tried yet." in client.get(page).content.decode()
