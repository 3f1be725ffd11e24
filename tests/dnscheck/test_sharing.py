"""Links to a domain's DNS to-do: who makes them, what they show, and when they end."""

import datetime as dt
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dnscheck import acknowledging
from dnscheck.findings import Finding, Severity
from dnscheck.models import AddedRecord, Check, RecordCheck, SendingDomain, Share
from dnscheck.models.share import SIGNER
from dnscheck.reopening import evidence_of, place_of
from dnscheck.survey import incomplete
from tenants.models import Tenant
from tests.factories import make_domain, make_setting

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NEVER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
WRONG = Finding(
    "spf.missing",
    Severity.ERROR,
    "There is no SPF record",
    "Nobody says who may send.",
    "Add it.",
)


@pytest.fixture
def domain(tenant: Tenant) -> SendingDomain:
    """Return a domain whose SPF record is missing; somebody noted why that may be."""
    row = make_domain(
        tenant, "shop.example", recipes=(("generic", {"mechanism": "ip4:192.0.2.1"}),)
    )
    SendingDomain.objects.update(next_check_at=NEVER)
    check = Check.objects.create(domain=row, at=timezone.now(), result="bad", verdict="pending")
    RecordCheck.objects.create(
        parent=check,
        purpose="spf",
        name="shop.example",
        type="TXT",
        expected="v=spf1 ip4:192.0.2.1 ~all",
        verdict="missing",
        findings=[WRONG.as_json()],
    )
    row.refresh_from_db()
    return row


def make_share(domain: SendingDomain, days: int = 14, **fields: object) -> Share:
    """Make a link that works for so many days from now on."""
    now = timezone.now()
    ends = now + dt.timedelta(days=days)
    return Share.objects.create(
        domain=domain, label="Ann", created_at=now, expires_at=ends, **fields
    )


def test_an_editor_makes_a_link_and_takes_it_back(
    client: Client, editor: User, domain: SendingDomain
) -> None:
    """The page shows its whole address; taken back, it answers no more."""
    client.force_login(editor)
    there = reverse("dnscheck:shares", args=[domain.pk])
    page = client.post(there, {"label": "Ann of hosting", "lasting": "7"}, follow=True)
    share = Share.objects.get()
    assert f"http://testserver{share.get_absolute_url()}" in page.content.decode()
    assert "Ann of hosting" in page.content.decode()
    assert (share.by, share.expires_at - share.created_at) == (editor, 7 * DAY)
    assert Client().get(share.get_absolute_url()).status_code == 200
    client.post(reverse("dnscheck:unshare", args=[share.pk]))
    assert Client().get(share.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("person", ["viewer", "stranger"])
def test_others_neither_see_nor_end_the_links(
    person: str, client: Client, domain: SendingDomain, request: pytest.FixtureRequest
) -> None:
    """Not found, and nothing changes."""
    share = make_share(domain)
    client.force_login(request.getfixturevalue(person))
    there = reverse("dnscheck:shares", args=[domain.pk])
    assert client.get(there).status_code == 404
    assert client.post(there, {"label": "Eve", "lasting": "7"}).status_code == 404
    assert client.post(reverse("dnscheck:unshare", args=[share.pk])).status_code == 404
    assert Share.objects.get().revoked_at is None


def test_a_link_needs_a_name(client: Client, editor: User, domain: SendingDomain) -> None:
    """An empty one is refused at its field."""
    client.force_login(editor)
    page = client.post(reverse("dnscheck:shares", args=[domain.pk]), {"lasting": "7"})
    assert "This field is required." in page.content.decode()
    assert not Share.objects.exists()


def test_the_page_shows_the_records_and_no_more(
    client: Client, owner: User, tenant: Tenant, domain: SendingDomain
) -> None:
    """Record, value and edit are there; tenant, settings, people and their notes are not."""
    make_setting(tenant, name="Secret way", username="mailer@inside.example")
    assert acknowledging.acknowledge(
        domain,
        (place_of("shop.example", "TXT"), WRONG.code),
        evidence_of([WRONG.as_json()]),
        reason="The boss forgot to pay",
        until=None,
        by=owner,
        now=timezone.now(),
    )
    page = client.get(make_share(domain).get_absolute_url())
    text = page.content.decode()
    for words in ("shop.example", "v=spf1 ip4:192.0.2.1 ~all", "There is no SPF record"):
        assert words in text
    for words in (tenant.name, "Secret way", "mailer@", "boss", owner.get_username(), "/domains/"):
        assert words not in text
    assert "no-store" in page["Cache-Control"]


def test_notes_of_members_and_old_links_of_others_stay_inside(
    client: Client, domain: SendingDomain
) -> None:
    """Why a record was added is for members; a row at the same id as an older one is another."""
    AddedRecord.objects.create(
        domain=domain, name="www", type="CNAME", value="a.example", note="For the secret merger"
    )
    share = make_share(domain)
    page = client.get(share.get_absolute_url()).content.decode()
    assert "a.example" in page
    assert "merger" not in page
    Share.objects.filter(pk=share.pk).update(nonce="another")
    assert client.get(share.get_absolute_url()).status_code == 404


def test_each_opening_is_counted(client: Client, domain: SendingDomain) -> None:
    """The members see how often a link was opened, and when last; following it live is no view."""
    share = make_share(domain)
    for _ in range(2):
        client.get(share.get_absolute_url())
    client.get(reverse("dnscheck:todo_live", args=[share.token]))
    share.refresh_from_db()
    assert share.views == 2
    assert share.viewed_at is not None


@pytest.mark.parametrize("name", ["todo", "todo_live", "todo_check"])
def test_a_link_that_is_over_or_made_up_shows_nothing(
    name: str, client: Client, domain: SendingDomain
) -> None:
    """Past its day, taken back, of another row, or signed for something else."""
    over = make_share(domain, days=-1)
    back = make_share(domain, revoked_at=timezone.now())
    good = make_share(domain)
    swapped = SIGNER.sign(f"{good.pk}-{back.nonce}")
    for token in (
        swapped,
        *(over.token, back.token, good.token[:-1], f"{good.pk}.", str(good.pk), "x"),
        SIGNER.sign("999999"),
    ):
        there = reverse(f"dnscheck:{name}", args=[token])
        ask = client.post if name == "todo_check" else client.get
        answer = ask(there)
        assert answer.status_code in (404, 410), token
        assert "shop.example" not in answer.content.decode()
    assert SendingDomain.objects.get().next_check_at == NEVER


def test_who_published_the_records_has_them_checked_soon(
    client: Client, domain: SendingDomain
) -> None:
    """Once: while the domain is watched, pressing again asks for nothing more."""
    share = make_share(domain)
    there = reverse("dnscheck:todo_check", args=[share.token])
    assert client.post(there)["Location"] == share.get_absolute_url()
    first = SendingDomain.objects.get()
    assert first.next_check_at <= timezone.now()
    client.post(there)
    assert SendingDomain.objects.get().watched_since == first.watched_since


def test_the_page_follows_the_checks(client: Client, domain: SendingDomain) -> None:
    """Nothing is sent while all is as the page has it; then the whole state anew."""
    share = make_share(domain)
    there = reverse("dnscheck:todo_live", args=[share.token])
    stamp = client.get(share.get_absolute_url()).context["page"].stamp
    assert client.get(there, {"stamp": stamp}).status_code == 204
    SendingDomain.objects.update(last_checked_at=timezone.now())
    assert "There is no SPF record" in client.get(there, {"stamp": stamp}).content.decode()


def test_an_operator_takes_links_back_in_the_admin(
    client: Client, staff: User, domain: SendingDomain
) -> None:
    """The list has them all, and one action ends those that are chosen."""
    share = make_share(domain)
    client.force_login(staff)
    there = reverse("admin:dnscheck_share_changelist")
    assert "shop.example" in client.get(there).content.decode()
    client.post(there, {"action": "take_back", "_selected_action": [share.pk]})
    assert client.get(share.get_absolute_url()).status_code == 410


def test_what_only_members_can_do_is_said_as_such(client: Client, domain: SendingDomain) -> None:
    """A list that is not complete, a value given here and a host chosen here, in other words."""
    SendingDomain.objects.update(dns_host="route53")
    check = domain.checks.get()
    Check.objects.update(findings=[incomplete("Mailjet: DKIM public key").as_json()])
    ours = replace(WRONG, fix="Add it, or correct what was given here instead.")
    check.records.update(findings=[ours.as_json()])
    page = client.get(make_share(domain).get_absolute_url()).content.decode()
    for words in ("This list is not complete yet", "please tell them", "If the zone is elsewhere"):
        assert words in page
    for words in ("Enter it below", "Mailjet", "as chosen here", "Acknowledge"):
        assert words not in page


def test_what_to_do_stands_on_top(client: Client, domain: SendingDomain) -> None:
    """The record to publish, with a link to it, and the button until somebody pressed it."""
    share = make_share(domain)
    page = client.get(share.get_absolute_url())
    [item] = page.context["page"].tasks
    text = page.content.decode()
    assert "1 record to publish or change" in text
    assert f'href="#{item.anchor}"' in text
    assert f'id="{item.anchor}"' in text
    assert "I have published it: check now" in text
    SendingDomain.objects.update(
        watched_since=timezone.now(), next_check_at=timezone.now() + dt.timedelta(seconds=20)
    )
    text = client.get(share.get_absolute_url()).content.decode()
    assert "I have published it" not in text
    assert 'data-countdown="20"' in text
    assert "and at least every minute until" in text


@pytest.mark.parametrize("count", [1, 20])
def test_the_number_of_queries_is_constant(
    count: int,
    client: Client,
    domain: SendingDomain,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """However many records and links there are."""
    shares = [make_share(domain) for _ in range(count)]
    AddedRecord.objects.bulk_create(
        AddedRecord(domain=domain, name=f"n{number}", type="CNAME", value="a.example")
        for number in range(count)
    )
    there = shares[0].get_absolute_url()
    client.get(there)
    with django_assert_num_queries(13):
        client.get(there)
