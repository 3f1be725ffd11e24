"""The pages of pasted messages: whose they are, what they take, and what they show."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dnscheck import examination
from dnscheck.models import Check, ReceivedMail, RecordCheck
from dnscheck.received.message import MOST_OCTETS
from smtp.models import Kind
from tenants.models import Tenant
from tests.factories import make_attempt, make_domain, make_setting
from tests.fakes import FakeDns

pytestmark = pytest.mark.django_db

MAIL = (
    "Return-Path: <b@shop.example>\nAuthentication-Results: mx.home.example; dmarc=fail\n"
    "Received: from out.example ([192.0.2.1]) by mx.home.example with ESMTP\n"
    "From: news@shop.example\nMessage-ID: <1@shop.example>\n"
    "Subject: <script>alert(1)</script>\x1b[31m\n\nHello\n"
)
DNS = {
    ("shop.example", "TXT"): ("v=spf1 ip4:192.0.2.1 -all",),
    ("_dmarc.shop.example", "TXT"): ("v=DMARC1; p=reject",),
}
FORM = reverse("dnscheck:received")


@pytest.fixture
def browser(client: Client, viewer: User, tenant: Tenant) -> Client:
    """Return a browser in which somebody is logged in who may only look."""
    client.force_login(viewer)
    return client


def pasted(browser: Client, source: str = MAIL, **more: Any) -> ReceivedMail:
    """Paste a message; return its row."""
    answer = browser.post(FORM, {"source": source, **more})
    row = ReceivedMail.objects.latest("pk")
    assert answer.url == row.get_absolute_url()  # type: ignore[attr-defined]
    return row


def examined(browser: Client, source: str = MAIL) -> ReceivedMail:
    """Paste a message and let a worker examine it."""
    row = pasted(browser, source)
    dns = FakeDns(dict(DNS))
    assert examination.run(row.pk, clock=timezone.now, make_resolver=lambda: dns)
    return row


def pages(row: ReceivedMail) -> list[str]:
    """Return the addresses that show a message."""
    names = ("received_mail", "received_live")
    return [reverse(f"dnscheck:{name}", args=[row.pk]) for name in names]


def verbs(row: ReceivedMail) -> list[str]:
    """Return the addresses that change something."""
    names = ("received_again", "received_delete")
    return [reverse(f"dnscheck:{name}", args=[row.pk]) for name in names]


def test_only_who_pasted_it_sees_it(
    browser: Client, client: Client, owner: User, staff: User, stranger: User
) -> None:
    """Not the owner of the same tenant, not even an operator; strangers log in first."""
    row = examined(browser)
    assert [browser.get(page).status_code for page in pages(row)] == [200, 200]
    for person in (owner, staff, stranger):
        other = Client()
        other.force_login(person)
        assert {other.get(page).status_code for page in pages(row)} == {404}
        assert {other.post(verb).status_code for verb in verbs(row)} == {404}
        assert row.get_absolute_url() not in other.get(FORM).content.decode()
    assert {Client().get(page).status_code for page in (*pages(row), FORM)} == {302}
    assert {browser.get(verb).status_code for verb in verbs(row)} == {405}
    assert ReceivedMail.objects.count() == 1


def test_the_page_waits_and_then_tells(browser: Client) -> None:
    """While it is examined the page asks for news; without scripts there is a link."""
    row = pasted(browser)
    page, live = pages(row)
    waiting = browser.get(page).content.decode()
    assert live in waiting
    assert "Look again" in waiting
    assert browser.get(live).status_code == 204
    dns = FakeDns(dict(DNS))
    examination.run(row.pk, clock=timezone.now, make_resolver=lambda: dns)
    told = browser.get(live).content.decode()
    assert "DMARC failed at mx.home.example" in told
    assert "hx-trigger" not in told


def test_what_was_pasted_is_only_text(browser: Client) -> None:
    """Markup is escaped, and control characters are shown as such."""
    page = browser.get(examined(browser).get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert r"\x1b[31m" in page
    assert "\x1b" not in page


def test_the_portal_speaks_of_domains_one_may_see(
    browser: Client, tenant: Tenant, stranger: User
) -> None:
    """The own domain's verdict stands beside; another tenant's is not even mentioned."""
    theirs = Tenant.objects.get(slug="elsewhere")
    make_domain(theirs, "shop.example", verdict="verified")
    row = examined(browser)
    page = browser.get(row.get_absolute_url())
    assert page.context["page"].domain is None
    assert "is none of the domains you see here" in page.content.decode()
    mine = make_domain(tenant, "shop.example", verdict="verified")
    check = Check.objects.create(domain=mine, at=timezone.now(), result="good", verdict="verified")
    for verdict in ("ok", "missing"):
        RecordCheck.objects.create(
            parent=check,
            purpose="spf",
            name="shop.example",
            type="TXT",
            expected="v=spf1 -all",
            verdict=verdict,
        )
    page = browser.get(row.get_absolute_url())
    assert page.context["page"].domain == mine
    assert [str(line.cells[2].word) for line in page.context["page"].lines] == ["Missing", "", ""]
    assert mine.get_absolute_url() in page.content.decode()


def test_the_test_mail_is_recognised(browser: Client, tenant: Tenant) -> None:
    """Its Message-ID leads back to the attempt, for those who may see that."""
    setting = make_setting(tenant, name="Way out")
    attempt = make_attempt(
        setting, kind=Kind.TEST, recipient="a@home.example", message_id="<1@shop.example>"
    )
    row = examined(browser)
    assert attempt.get_absolute_url() in browser.get(row.get_absolute_url()).content.decode()
    attempt.tenant = Tenant.objects.create(name="Other", slug="other")
    attempt.save()
    assert attempt.get_absolute_url() not in browser.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"helo": "a.example"}, "There is no header in this."),
        ({"source": "  \n"}, "There is no header in this."),
        ({"source": "Hello there"}, "There is no header in this."),
        ({"source": MAIL, "ip": "nonsense"}, "Enter a valid IPv4 or IPv6 address."),
        ({"source": "X-A: b\n" + "b" * MOST_OCTETS}, "This is more than 2 MB."),
        (
            {"file": SimpleUploadedFile("a.eml", b"X-A: b\n" + b"b" * MOST_OCTETS)},
            "This is more than 2 MB.",
        ),
    ],
)
def test_what_cannot_be_examined_is_refused(
    browser: Client, data: dict[str, Any], words: str
) -> None:
    """Nothing, no header, or too much: said at once, and nothing is stored."""
    assert words in browser.post(FORM, data).content.decode()
    assert not ReceivedMail.objects.exists()


def test_a_file_is_taken_to_the_letter(browser: Client) -> None:
    """Octets that are no text survive; a file counts before what stands in the field."""
    octets = b"From: a@b.example\r\nSubject: \xff\x00\r\n\r\n\xe9"
    row = pasted(browser, "X-A: b", file=SimpleUploadedFile("a.eml", octets))
    assert row.source.encode("latin-1") == octets


def test_too_many_at_once_are_refused_kindly(browser: Client) -> None:
    """The text stays in the form."""
    for _ in range(examination.MOST_WAITING):
        pasted(browser)
    answer = browser.post(FORM, {"source": MAIL}).content.decode()
    assert "still wait to be examined" in answer
    assert "news@shop.example" in answer


def test_who_delivered_can_be_corrected(browser: Client) -> None:
    """The fields show what was read; a correction has the message judged again."""
    row = examined(browser)
    [again, _] = verbs(row)
    assert 'value="192.0.2.1"' in browser.get(row.get_absolute_url()).content.decode()
    wrong = browser.post(again, {"ip": "nonsense"})
    assert "Enter a valid IPv4 or IPv6 address." in wrong.content.decode()
    browser.post(again, {"ip": "192.0.2.9", "mail_from": " <b@shop.example> "})
    row.refresh_from_db()
    assert (row.ip, row.mail_from, row.examined_at) == ("192.0.2.9", "b@shop.example", None)


def test_what_could_not_be_examined_says_so(browser: Client) -> None:
    """There is a way on."""
    row = pasted(browser)
    ReceivedMail.objects.update(examined_at=timezone.now(), source="")
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "could not be examined" in page
    assert FORM in page


def test_a_report_can_be_forgotten_at_once(browser: Client) -> None:
    """Nothing of it is left."""
    row = examined(browser)
    assert row.get_absolute_url() in browser.get(FORM).content.decode()
    browser.post(verbs(row)[1])
    assert not ReceivedMail.objects.exists()
