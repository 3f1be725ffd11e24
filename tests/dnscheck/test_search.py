"""The search over everything: what is understood, who sees what, and how often it asks."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dnscheck.asked import Asked, asked_for
from dnscheck.pages.searching import PAGES, PAGES_FOR_OPERATORS, SHOWN, Found
from smtp.models import Kind, State
from tenants.models import Tenant
from tests.factories import make_attempt, make_domain, make_setting, make_tenant

ENDED: dict[str, Any] = {"state": State.DONE, "finished_at": dt.datetime.now(tz=dt.UTC)}


@pytest.mark.parametrize(
    ("typed", "name", "address", "message_id"),
    [
        ("shop.example", "shop.example", "", ""),
        ("  Shop.Example. ", "shop.example", "", ""),
        ("https://www.shop.example:8443/a?b#c", "www.shop.example", "", ""),
        ("shop.example/contact", "shop.example", "", ""),
        ("smtp.mailgun.org:587", "smtp.mailgun.org", "", ""),
        ("Anna@Shop.example", "shop.example", "anna@shop.example", ""),
        ("mailto:anna@shop.example?subject=x", "shop.example", "anna@shop.example", ""),
        ("*.shop.example", "shop.example", "", ""),
        ("bücher.example", "xn--bcher-kva.example", "", ""),
        ("bücher", "xn--bcher-kva", "", ""),
        ("-", "-", "", ""),
        ("Blue Bird", "", "", ""),
        ("<1a@b.example>", "b.example", "1a@b.example", "<1a@b.example>"),
        ("Anna <News@Shop.example>", "shop.example", "news@shop.example", ""),
        ('"Anna, Shop" <a@b.example>', "b.example", "a@b.example", ""),
        ("From: anna@x.example <a@b.example>", "b.example", "a@b.example", ""),
        ("Anna <nobody>", "", "", ""),
        ("Message-ID: <1a@b.example>", "", "", "<1a@b.example>"),
        ("", "", "", ""),
        ("://", "", "", ""),
        ("a" * 70, "a" * 70, "", ""),
    ],
)
def test_what_is_pasted_is_understood(typed: str, name: str, address: str, message_id: str) -> None:
    """An address, a URL, a host with its port, a Message-ID, and letters of any alphabet."""
    asked = asked_for(typed)
    assert (asked.name, asked.address, asked.message_id) == (name, address, message_id)


@pytest.mark.parametrize(
    ("typed", "port"),
    [
        ("localhost:18601", 18601),
        ("smtp://smtp.example.com:587/", 587),
        ("18605", 18605),
        ("25", 25),
        ("7", 0),
        ("123456", 0),
        ("localhost:", 0),
        ("localhost", 0),
        ("shop24.example", 0),
    ],
)
def test_a_port_is_kept(typed: str, port: int) -> None:
    """After a host, in a URL, or as a number of two to five digits alone."""
    assert asked_for(typed).port == port


def test_a_name_lies_in_those_above_it() -> None:
    """Down to two labels, itself first."""
    assert Asked("", "a.shop.example").above == ["a.shop.example", "shop.example"]


pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(tenant: Tenant) -> Tenant:
    """Give Acme a domain, one in its zone, a setting and attempts; others have the like."""
    for owner, name in ((tenant, "shop.example"), (make_tenant("Hidden"), "shop.example")):
        make_domain(owner, name, verdict="failing", bad_since=timezone.now())
        make_domain(owner, f"news-{name}")
        make_domain(owner, f"mail.{name}", zone=name)
        setting = make_setting(
            owner,
            name=f"Main of {owner}",
            host="smtp.mailgun.org",
            username="secret-user",
            from_address=f"mail@{name}",
        )
        make_attempt(
            setting,
            kind=Kind.TEST,
            recipient="anna@home.example",
            message_id=f"<{owner.slug}@x.example>",
            cause="The password was refused",
            **ENDED,
        )
    make_domain(tenant, "xn--bcher-kva.example")
    return tenant


def search(client: Client, text: str) -> Found:
    """Return what a search tells."""
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    found: Found = answer.context["found"]
    return found


def titles(found: Found) -> dict[str, list[str]]:
    """Return the titles of what was found, by kind; the best one as `best`."""
    groups = {str(group.title): [hit.title for hit in group.hits] for group in found.groups}
    return {"best": [found.best.title], **groups} if found.best else groups


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "shop.example",
            {
                "best": ["shop.example"],
                "Domains": ["mail.shop.example", "news-shop.example"],
                "SMTP settings": ["Main of Acme"],
            },
        ),
        (
            "anna@shop.example",
            {
                "best": ["shop.example"],
                "Domains": ["mail.shop.example", "news-shop.example"],
                "SMTP settings": ["Main of Acme"],
            },
        ),
        (
            "https://www.shop.example/",
            {"Domains": ["shop.example"]},
        ),
        ("news-", {"Domains": ["news-shop.example"]}),
        ("bücher", {"Domains": ["bücher.example"]}),
        ("acme", {"best": ["Acme"], "SMTP settings": ["Main of Acme"]}),
        ("main of acme", {"best": ["Main of Acme"]}),
        ("secret-user", {"SMTP settings": ["Main of Acme"]}),
        ("password was ref", {"Attempts": ["The password was refused"]}),
        ("anna@home.example", {"Attempts": ["The password was refused"]}),
        ("<acme@x.example>", {"best": ["The password was refused"]}),
        ("<hidden@x.example>", {}),
        (
            "Anna <mail@shop.example>",
            {
                "best": ["shop.example"],
                "Domains": ["mail.shop.example", "news-shop.example"],
                "SMTP settings": ["Main of Acme"],
            },
        ),
        (
            "<mail@shop.example>",
            {
                "Domains": ["shop.example", "mail.shop.example", "news-shop.example"],
                "SMTP settings": ["Main of Acme"],
            },
        ),
        ("<anna@home.example>", {"Attempts": ["The password was refused"]}),
        ("Hidden", {}),
        ("keyb", {"Pages": ["Keyboard shortcuts"]}),
        ("operation", {}),
        ("", {}),
    ],
)
def test_a_member_finds_what_is_theirs(
    client: Client, filled: Tenant, viewer: User, text: str, told: dict[str, list[str]]
) -> None:
    """By names, beginnings, hosts, user names, addresses and causes; nothing of others."""
    client.force_login(viewer)
    found = {
        kind: [title.partition(" (#")[0] for title in names]
        for kind, names in titles(search(client, text)).items()
    }
    assert found == told


def test_a_host_finds_settings_and_their_provider(
    client: Client, filled: Tenant, staff: User
) -> None:
    """Operators find what all tenants have."""
    client.force_login(staff)
    told = titles(search(client, "smtp.mailgun.org"))
    assert told["SMTP settings"] == ["Main of Acme", "Main of Hidden"]
    assert told["Providers"] == ["Mailgun (US region)"]
    assert titles(search(client, "operation"))["Pages"] == ["Operation"]
    both = search(client, "shop.example")
    assert both.best is None  # two tenants have it: neither is the one
    assert titles(both)["Domains"].count("shop.example") == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("relay.example:18605", {"best": ["B"], "SMTP settings": ["A"]}),
        ("relay.example:18699", {"SMTP settings": ["A", "B"]}),
        ("18605", {"SMTP settings": ["B"]}),
        ("18699", {}),
    ],
)
def test_a_port_finds_its_setting(
    client: Client, tenant: Tenant, viewer: User, text: str, told: dict[str, list[str]]
) -> None:
    """The host with that port is meant exactly; a port alone finds what listens there."""
    make_setting(tenant, name="A", host="relay.example", port=18601)
    make_setting(tenant, name="B", host="relay.example", port=18605)
    client.force_login(viewer)
    assert titles(search(client, text)) == told


def test_an_attempt_is_found_once_however_many_others_there_are(
    client: Client, tenant: Tenant, staff: User, viewer: User
) -> None:
    """By operators and by members; other attempts of the tenant are not in its place."""
    setting = make_setting(tenant)
    for cause in ("Refused", "Nobody listens there", "Refused", ""):
        make_attempt(setting, cause=cause, **ENDED)
    for person in (staff, viewer):
        client.force_login(person)
        told = titles(search(client, "listens"))["Attempts"]
        assert [title.partition(" (#")[0] for title in told] == ["Nobody listens there"]


@pytest.mark.parametrize("kind", Kind)
def test_an_attempt_without_a_cause_is_called_by_its_kind(
    client: Client, tenant: Tenant, staff: User, kind: Kind
) -> None:
    """As in the list of attempts."""
    made = {"kind": kind, "recipient": "anna@home.example", "message_id": "<1@x.example>"}
    make_attempt(make_setting(tenant), **made, **ENDED)
    client.force_login(staff)
    best = search(client, "<1@x.example>").best
    assert best is not None
    assert best.title.startswith(f"{kind.label} (#")


def test_each_page_is_found_by_its_name(client: Client, staff: User) -> None:
    """By its title and by each of the other words, and it opens."""
    client.force_login(staff)
    for _name, title, words in (*PAGES, *PAGES_FOR_OPERATORS):
        for text in (str(title), *words.split()):
            pages = {
                hit.title: hit.url
                for group in search(client, text).groups
                if group.title == "Pages"
                for hit in group.hits
            }
            assert str(title) in pages, text
        assert client.get(pages[str(title)]).status_code == 200


def test_a_search_never_tells_a_secret(client: Client, filled: Tenant, staff: User) -> None:
    """A stored password is not looked at."""
    make_setting(filled, password="hunter2-secret", name="With password")
    client.force_login(staff)
    with CaptureQueriesContext(connection) as queries:
        assert titles(search(client, "hunter2-secret")) == {}
    assert not [
        query
        for query in queries
        if '"password"' in query["sql"].split("FROM")[0] and "smtp" in query["sql"]
    ]


def test_the_empty_state_says_what_to_try(client: Client, tenant: Tenant, viewer: User) -> None:
    """What was typed is shown as text, never as markup."""
    client.force_login(viewer)
    text = client.get("/search/", {"q": "<b>nothing</b>"}).content.decode()
    assert "Nothing fits “&lt;b&gt;nothing&lt;/b&gt;”" in text
    assert client.get("/search/").status_code == 200


def test_a_search_asks_as_much_however_much_fits(
    client: Client, filled: Tenant, staff: User
) -> None:
    """The number of queries stays, and so does the number of rows of a kind."""
    client.force_login(staff)

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            search(client, "shop.example")
        return len(queries)

    few = ask()
    for number in range(SHOWN + 2):
        make_domain(filled, f"shop.example{number}.example")
    assert ask() == few
    group = next(one for one in search(client, "shop").groups if one.title == "Domains")
    assert len(group.hits) == SHOWN
    assert group.is_cut
    assert group.more == "/domains/?q=shop"


def test_strangers_log_in_first(client: Client) -> None:
    """Nothing is found by nobody."""
    assert client.get("/search/?q=a").status_code == 302


@pytest.mark.parametrize("page", [*PAGES, *PAGES_FOR_OPERATORS], ids=lambda page: page[0])
def test_every_page_is_found_by_its_title(
    page: tuple[str, Any, str], client: Client, staff: User
) -> None:
    """And is there."""
    client.force_login(staff)
    name, title, _words = page
    assert str(title) in titles(search(client, str(title)))["Pages"]
    assert client.get(reverse(name)).status_code in (200, 302)
