"""Many domains of the list at once: checked, exported, deleted, and only by who may."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dnscheck.exports import FOR_MANY, render_many
from dnscheck.many import MOST_CHECKED, check_many
from dnscheck.models import Check, RecordCheck, SendingDomain
from dnscheck.pages.bundle import MOST_EXPORTED
from tenants.models import Membership, Role, Tenant
from tests.factories import make_domain, make_tenant

pytestmark = pytest.mark.django_db

NEVER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
RECIPE = (("generic", {"mechanism": "ip4:192.0.2.1"}),)
MANY, DELETE = "/domains/many/", "/domains/many/delete/"
PROGRESS = "/domains/many/progress/"


@pytest.fixture
def rows(tenant: Tenant, editor: User) -> list[SendingDomain]:
    """Return two domains the editor may change, one to look at, and one of others."""
    looked, foreign = make_tenant("Looked at", viewer=editor), make_tenant("Foreign")
    owners = (tenant, tenant, looked, foreign)
    return [
        make_domain(owner, f"d{number}.example", RECIPE, next_check_at=NEVER)
        for number, owner in enumerate(owners)
    ]


def post(client: Client, to: str, rows: list[SendingDomain], **data: str) -> tuple[Any, str]:
    """Send the form with these rows ticked; return the answer and what is told."""
    chosen = [str(row.pk) for row in rows]
    answer = client.post(to, {"which": "chosen", "chosen": chosen, **data})
    told = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    return answer, told


def due() -> list[str]:
    """Return the names of the domains that are due."""
    rows = SendingDomain.objects.filter(next_check_at__lte=timezone.now()).order_by("name")
    return [row.name for row in rows]


def test_the_ticked_ones_are_checked(client: Client, editor: User, rows: list[Any]) -> None:
    """Those one may change; what one may only look at is told, and others' are not even that."""
    client.force_login(editor)
    answer, told = post(client, MANY, rows, query="verdict=pending&page=1")
    assert answer["Location"] == "/domains/many/progress/"
    assert told == "2 domains are checked now. 1 was left out: you may only look at it."
    assert due() == ["d0.example", "d1.example"]


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({"which": "shown", "shown": "0"}, ["d0.example"]),
        ({"which": "all", "query": "q=d1"}, ["d1.example"]),
        ({"which": "all", "query": ""}, ["d0.example", "d1.example"]),
        ({"which": "chosen", "shown": "0"}, []),
        ({"which": "made up", "query": "q=d1"}, []),
        ({"which": "shown", "shown": "x"}, []),
        ({}, []),
    ],
)
def test_which_are_meant(
    client: Client, editor: User, rows: list[Any], data: dict[str, str], names: list[str]
) -> None:
    """The ticked ones, those of the page, or all that fit the filter; without any, a word."""
    client.force_login(editor)
    sent = {key: str(rows[0].pk) if value == "0" else value for key, value in data.items()}
    answer = client.post(MANY, sent)
    assert due() == names
    if not names:
        assert "Tick the domains first" in client.get(answer["Location"]).content.decode()


def test_a_checked_one_is_due_for_its_full_check_once(rows: list[Any]) -> None:
    """It is not only compared, and not looked at again and again."""
    now = timezone.now()
    SendingDomain.objects.update(compare_until=NEVER, watched_since=None)
    first = SendingDomain.objects.filter(pk=rows[0].pk)
    assert check_many(first, now=now) == [rows[0].pk]
    row = SendingDomain.objects.get(pk=rows[0].pk)
    assert (row.next_check_at, row.compare_until, row.watched_since) == (now, None, None)
    assert SendingDomain.objects.filter(next_check_at=now).count() == 1


def test_a_click_floods_nobody(client: Client, editor: User, tenant: Tenant) -> None:
    """Only so many at a time, which is said; the same again goes on to the next ones."""
    SendingDomain.objects.bulk_create(
        SendingDomain(tenant=tenant, name=f"n{number}.example", next_check_at=NEVER)
        for number in range(MOST_CHECKED + 1)
    )
    client.force_login(editor)
    _answer, told = post(client, MANY, [], which="all")
    assert told.startswith("1000 domains are checked now. That is the most at a time")
    assert len(due()) == MOST_CHECKED
    post(client, MANY, [], which="all")
    assert len(due()) == MOST_CHECKED + 1


def test_the_records_of_many_are_one_file(client: Client, viewer: User, rows: list[Any]) -> None:
    """Whoever may look may export: one line of headings, every domain in it, none of others."""
    client.force_login(viewer)
    answer, _told = post(client, MANY, rows, export="on", format="csv")
    assert answer["Content-Disposition"] == 'attachment; filename="domains.csv"'
    table = list(csv.reader(io.StringIO(answer.content.decode())))
    assert [line[0] for line in table] == ["name", "d0.example", "d1.example"]
    zone = post(client, MANY, rows, export="on", format="bind")[0].content.decode()
    assert 'd1.example. 3600 IN TXT "v=spf1 ip4:192.0.2.1 ~all"' in zone


def test_an_export_keeps_what_was_published(client: Client, viewer: User, rows: list[Any]) -> None:
    """The file of many says of each domain what its own export says."""
    check = Check.objects.create(domain=rows[0], at=NEVER, result="bad", verdict="pending")
    RecordCheck.objects.create(
        parent=check,
        purpose="spf",
        name="d0.example",
        type="TXT",
        expected="v=spf1 ip4:192.0.2.1 ~all",
        verdict="unknown",
    )
    old = Check.objects.create(domain=rows[1], at=NEVER, result="bad", verdict="pending")
    RecordCheck.objects.create(
        parent=old,
        purpose="spf",
        name="d1.example",
        type="TXT",
        expected="old",
        verdict="wrong",
        observed=["v=spf1 include:kept.example -all"],
    )
    client.force_login(viewer)
    of_many = post(client, MANY, rows[:2], export="on", format="bind")[0].content.decode()
    for row in rows[:2]:
        alone = client.get(f"/domains/{row.pk}/export/bind/?download").content.decode()
        assert alone in of_many
    assert "include:kept.example" in of_many


def test_an_export_asks_as_much_for_many(client: Client, viewer: User, rows: list[Any]) -> None:
    """The number of queries does not grow with the domains."""
    client.force_login(viewer)

    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer, _ = post(client, MANY, list(SendingDomain.objects.all()), export="on")
            assert answer.status_code == 200
        return len(queries)

    few = ask()
    for number in range(8):
        make_domain(rows[0].tenant, f"n{number}.example", RECIPE)
    assert ask() == few


def test_too_many_are_not_cut_off_in_silence(
    client: Client, viewer: User, tenant: Tenant, rows: list[Any]
) -> None:
    """A file holds all that was chosen, or it is said why there is none."""
    client.force_login(viewer)
    _answer, told = post(client, MANY, [make_domain(tenant, "bare.example")], export="on")
    assert told == "Nothing is to be published for these domains yet."
    SendingDomain.objects.bulk_create(
        SendingDomain(tenant=tenant, name=f"x{number}.example", next_check_at=NEVER)
        for number in range(MOST_EXPORTED)
    )
    _answer, told = post(client, MANY, [], export="on", which="all")
    assert "At most 200 domains go into one file" in told


def test_every_format_for_many_holds_them() -> None:
    """No domain is lost in any of them, and of none there is nothing."""
    assert all(render_many(format.slug, []) == "" for format in FOR_MANY)
    with pytest.raises(KeyError):
        render_many("terraform-route53", [])


def test_deleting_asks_once_more(client: Client, editor: User, rows: list[Any]) -> None:
    """The first button names them and deletes nothing; the second deletes what was named."""
    client.force_login(editor)
    answer, _told = post(client, MANY, rows, delete="on", query="q=d")
    page = answer.content.decode()
    assert "Delete 2 domains" in page
    assert [name in page for name in ("d0.example", "d1.example", "d2.example")] == [True] * 2 + [
        False
    ]
    assert "1 was left out" in page
    assert SendingDomain.objects.count() == 4
    answer, told = post(client, DELETE, rows, query="q=d")
    assert answer["Location"] == "/domains/?q=d"
    assert told == "2 domains were deleted. 1 was left out: you may only look at it."
    assert SendingDomain.objects.count() == 2


@pytest.mark.parametrize("to", [MANY, DELETE])
def test_who_may_only_look_changes_nothing(
    to: str, client: Client, viewer: User, stranger: User, rows: list[Any]
) -> None:
    """Viewers and strangers change nothing by it, and nobody gets further than the log-in."""
    assert client.post(to).status_code == 403
    assert b"<h1>Log in</h1>" in client.post(to).content
    before = list(SendingDomain.objects.order_by("pk").values())
    for person in (viewer, stranger):
        client.force_login(person)
        assert client.get(to).status_code == 405
        post(client, to, rows)
        post(client, to, rows, delete="on")
    assert list(SendingDomain.objects.order_by("pk").values()) == before


def test_the_list_offers_what_one_may_do(
    client: Client, tenant: Tenant, viewer: User, rows: list[Any]
) -> None:
    """Who may only look is offered the export alone."""
    client.force_login(viewer)
    page = client.get("/domains/").content.decode()
    assert "Export records" in page
    assert 'name="delete"' not in page
    assert "Check now" not in page
    Membership.objects.filter(user=viewer).update(role=Role.EDITOR)
    page = client.get("/domains/").content.decode()
    assert 'name="delete"' in page
    assert "Check now" in page


def test_how_far_many_checks_are_is_shown(client: Client, editor: User, rows: list[Any]) -> None:
    """A bar that fills, how the domains stand, and which of them need somebody."""
    client.force_login(editor)
    page = client.get(post(client, MANY, rows)[0]["Location"]).content.decode()
    assert '<progress aria-labelledby="far" value="0" max="2">' in page
    assert 'hx-trigger="every 2s"' in page
    SendingDomain.objects.filter(name="d0.example").update(next_check_at=NEVER, verdict="verified")
    part = client.get(PROGRESS, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'value="1" max="2"' in part
    assert "d0.example" not in part
    SendingDomain.objects.filter(name="d1.example").update(next_check_at=NEVER, cause="No SPF.")
    page = client.get(PROGRESS).content.decode()
    assert "All are checked" in page
    assert "hx-trigger" not in page.partition('id="progress"')[2]
    assert "No SPF." in page


def test_a_page_does_not_look_for_ever(client: Client, editor: User, rows: list[Any]) -> None:
    """After a quarter of an hour it says that the checks go on without it."""
    client.force_login(editor)
    post(client, MANY, rows)
    session = client.session
    session["checked"] |= {"at": (timezone.now() - dt.timedelta(minutes=16)).isoformat()}
    session.save()
    SendingDomain.objects.update(next_check_at=timezone.now() - dt.timedelta(minutes=17))
    page = client.get(PROGRESS).content.decode()
    assert "goes on without this page" in page
    assert "hx-trigger" not in page.partition('id="progress"')[2]


def test_nobody_sees_how_the_domains_of_others_stand(
    client: Client, editor: User, rows: list[Any]
) -> None:
    """Whoever is no member any more is told of none; without any checks there is the list."""
    client.force_login(editor)
    assert client.get(PROGRESS)["Location"] == "/domains/"
    post(client, MANY, rows)
    Membership.objects.filter(user=editor).delete()
    assert client.get(PROGRESS)["Location"] == "/domains/"
