"""Letting a finding be, and having it open again: on the page, and in what needs attention."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dnscheck.acknowledging import settle
from dnscheck.diagnosis import NO_SUCH_DOMAIN
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.models import Acknowledgement, Check, RecordCheck, SendingDomain
from dnscheck.reopening import evidence_of
from dnscheck.rules.host import state
from tenants.models import Tenant
from tenants.pages import attention as overview
from tests.factories import make_domain

pytestmark = pytest.mark.django_db

VALUE = "v=spf1 ip4:192.0.2.1 ~all"
PLACE = {"place": "shop.example TXT", "code": "spf.x"}
EDIT = Edit(Action.CHANGE, "shop.example", "TXT", "v=spf1 -all", VALUE)
SLIP = Finding("spf.x", Severity.ERROR, "No mechanism", "Why.", "Fix.", (EDIT,), ("v=spf1 -all",))


@pytest.fixture
def domain(tenant: Tenant) -> SendingDomain:
    """Return a domain that fails because of its one record."""
    now = timezone.now()
    domain = make_domain(
        tenant,
        "shop.example",
        recipes=(("generic", {"mechanism": "ip4:192.0.2.1"}),),
        next_check_at=now + dt.timedelta(hours=1),
        verdict="failing",
        bad_since=now,
    )
    seen(domain, "wrong", SLIP)
    return domain


@pytest.fixture
def browser(client: Client, editor: User, tenant: Tenant) -> Client:
    """Return a browser in which an editor is logged in."""
    client.force_login(editor)
    return client


def seen(domain: SendingDomain, verdict: str, *findings: Finding, **fields: Any) -> Check:
    """Store a check that saw the record so, as the worker does."""
    result = {"ok": "good", "unknown": "unknown"}.get(verdict, "bad")
    check = Check.objects.create(
        domain=domain, at=timezone.now(), result=result, verdict=domain.verdict
    )
    RecordCheck.objects.create(
        parent=check,
        purpose="spf",
        name="shop.example",
        type="TXT",
        expected=VALUE,
        verdict=verdict,
        observed=[] if verdict == "unknown" else ["v=spf1 -all"],
        findings=[finding.as_json() for finding in findings],
        **fields,
    )
    settle(domain, timezone.now())
    return check


def there(domain: SendingDomain, name: str = "acknowledge") -> str:
    """Return the address at which the finding is let be, or opened again."""
    return f"{reverse(f'dnscheck:{name}', args=[domain.pk])}?{urlencode(PLACE)}"


def acknowledge(browser: Client, domain: SendingDomain, **changed: str) -> Any:
    """Send the form as the page shows it."""
    page = browser.get(there(domain))
    data = {"reason": "Moves on Friday.", "lasting": "7", **page.context["form"].initial}
    return browser.post(there(domain), {**data, "reason": "Moves on Friday.", **changed})


def text(browser: Client, domain: SendingDomain) -> str:
    """Return the page of a domain."""
    return browser.get(domain.get_absolute_url()).content.decode()


def needs_attention() -> bool:
    """Whether the overview names the domain."""
    return bool(overview.attention(Tenant.objects.all(), timezone.now()).domains)


def test_what_is_acknowledged_is_neither_to_do_nor_right(
    browser: Client, domain: SendingDomain
) -> None:
    """The page says so on top, and never that all is right."""
    assert "to publish or change" in text(browser, domain)
    acknowledge(browser, domain)
    page = text(browser, domain)
    assert "What is not right is acknowledged" in page
    assert "to publish or change" not in page
    assert "Nothing is left to do" not in page


def test_an_acknowledged_finding_is_folded_and_says_who_why_and_what_opens_it(
    browser: Client, domain: SendingDomain
) -> None:
    """It is still there with its edit; the domain fails as before, and needs no attention."""
    assert needs_attention()
    assert "finding-acknowledged" not in text(browser, domain)
    assert acknowledge(browser, domain)["Location"] == domain.get_absolute_url()
    page = text(browser, domain)
    for said in ("finding-acknowledged", "edith", "Moves on Friday.", "It opens again on"):
        assert said in page, said
    assert "No mechanism" in page
    assert "Failing" in page
    assert not needs_attention()


@pytest.mark.parametrize(("lasting", "days"), [("7", 7), ("30", 30), ("90", 90), ("", None)])
def test_it_lasts_as_long_as_chosen(
    lasting: str, days: int | None, browser: Client, domain: SendingDomain
) -> None:
    """A week, a month, three months, or until it changes; nothing else."""
    acknowledge(browser, domain, lasting=lasting)
    row = Acknowledgement.objects.get()
    assert row.until == (row.created_at + dt.timedelta(days=days) if days else None)
    assert acknowledge(browser, domain, lasting="9999").status_code == 200
    assert "It opens again" in text(browser, domain)


def test_a_reason_is_needed(browser: Client, domain: SendingDomain) -> None:
    """Whoever reads it next wants to know why."""
    assert "required" in acknowledge(browser, domain, reason=" ").content.decode()
    assert not Acknowledgement.objects.exists()


def test_it_opens_again_when_its_time_is_over(browser: Client, domain: SendingDomain) -> None:
    """Without any check in between, and the page says why it is open."""
    acknowledge(browser, domain)
    past = timezone.now() - dt.timedelta(seconds=1)
    Acknowledgement.objects.update(until=past)
    SendingDomain.objects.update(acknowledged_until=past)
    page = text(browser, domain)
    assert "open again" in page
    assert "The time it was acknowledged for is over." in page
    assert "finding-acknowledged" not in page
    assert needs_attention()


def test_it_opens_again_when_something_else_is_seen(browser: Client, domain: SendingDomain) -> None:
    """What was acknowledged is what was seen, not whatever comes under the same code."""
    acknowledge(browser, domain)
    other = Finding(**{**vars(SLIP), "evidence": ("v=spf1 mx -all",)})
    seen(domain, "wrong", other)
    assert "What is seen has changed since." in text(browser, domain)
    assert needs_attention()


def test_silence_opens_nothing_and_ends_nothing(browser: Client, domain: SendingDomain) -> None:
    """A domain that cannot be asked is as calm as it was."""
    acknowledge(browser, domain)
    seen(domain, "unknown")
    assert not needs_attention()
    seen(domain, "wrong", SLIP)
    assert "finding-acknowledged" in text(browser, domain)
    assert not needs_attention()


def test_what_is_mended_and_comes_back_is_open(browser: Client, domain: SendingDomain) -> None:
    """A year later nobody meant this."""
    acknowledge(browser, domain, lasting="")
    seen(domain, "ok")
    assert not Acknowledgement.objects.exists()
    seen(domain, "wrong", SLIP)
    assert needs_attention()


def test_it_can_be_undone(browser: Client, domain: SendingDomain) -> None:
    """The page of the finding has the button; a second click does no harm."""
    acknowledge(browser, domain)
    assert "Undo" in browser.get(there(domain)).content.decode()
    for _ in range(2):
        assert browser.post(there(domain, "unacknowledge")).status_code == 302
    assert needs_attention()
    assert not Acknowledgement.objects.exists()


def test_what_changed_while_the_form_was_open_is_not_acknowledged(
    browser: Client, domain: SendingDomain
) -> None:
    """A person lets be what they saw, and is told if that is no longer it."""
    old = evidence_of([SLIP.as_json()])
    seen(domain, "wrong", Finding(**{**vars(SLIP), "title": "Two mechanisms"}))
    page = browser.post(
        there(domain), {"reason": "x", "lasting": "7", "evidence": old}, follow=True
    )
    assert "so it is still open" in page.content.decode()
    assert not Acknowledgement.objects.exists()


def test_acknowledging_anew_replaces_the_first(browser: Client, domain: SendingDomain) -> None:
    """There is one reason and one end, the newest."""
    acknowledge(browser, domain, reason="First.")
    acknowledge(browser, domain, reason="Second.", lasting="")
    assert [row.reason for row in Acknowledgement.objects.all()] == ["Second."]


@pytest.mark.parametrize("code", ["", "spf.y"])
def test_what_is_not_found_cannot_be_acknowledged(
    code: str, browser: Client, domain: SendingDomain
) -> None:
    """The address is typed by nobody, so it is simply not there."""
    query = urlencode({**PLACE, "code": code})
    assert browser.get(f"{there(domain).partition('?')[0]}?{query}").status_code == 404


def test_a_viewer_reads_and_is_offered_nothing(
    browser: Client, domain: SendingDomain, viewer: User
) -> None:
    """Who, why and until when are for everybody who may look."""
    acknowledge(browser, domain)
    browser.force_login(viewer)
    page = text(browser, domain)
    assert "Moves on Friday." in page
    assert "/acknowledge/" not in page
    assert browser.post(there(domain, "unacknowledge")).status_code == 404
    assert Acknowledgement.objects.exists()


def test_where_the_domain_does_not_exist_no_edit_is_offered(
    browser: Client, domain: SendingDomain
) -> None:
    """Nothing can be published in it, so only what concerns the whole is told."""
    check = seen(domain, "wrong", SLIP)
    assert "No mechanism" in text(browser, domain)
    gone = state(NO_SUCH_DOMAIN, domain="shop.example").as_json()
    Check.objects.filter(pk=check.pk).update(findings=[gone])
    page = browser.get(domain.get_absolute_url())
    assert "shop.example does not exist in the DNS" in page.content.decode()
    told = page.context["page"].groups[0].records[0]
    assert told.findings == []
    assert 'class="edit"' not in page.content.decode()


def test_an_error_beside_a_recommended_record_says_that_it_stops_nothing(
    browser: Client, domain: SendingDomain
) -> None:
    """A verified domain may have it."""
    words = "recommended: does not stop verification"
    assert words not in text(browser, domain)
    domain.recipes.create(provider="postmark", inputs={})
    page = browser.get(domain.get_absolute_url()).context["page"]
    recommended = [item for group in page.groups for item in group.records if item.is_recommended]
    record = recommended[0].record
    RecordCheck.objects.filter(parent__domain=domain).update(
        name=record.name, type=record.type, expected=record.value, purpose=record.purpose.value
    )
    assert words in text(browser, domain)


def test_a_name_in_letters_beyond_ascii_is_shown_in_them(
    browser: Client, domain: SendingDomain
) -> None:
    """Somebody has to find the record at the DNS host, where it stands in these letters."""
    edit = Edit(Action.DELETE, "s1._domainkey.b\\195\\188ro.example", "TXT", "p=x")
    seen(domain, "wrong", Finding(**{**vars(SLIP), "edits": (edit,)}))
    page = text(browser, domain)
    assert "s1._domainkey.büro.example" in page
    assert "\\195" not in page
