"""What changed when: on a domain's page, at its records, and page by page."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dnscheck.models import Check, RecordCheck, SendingDomain
from dnscheck.pages.timeline import SHOWN_CHECKS, Moment, moments_of, pages_of
from tenants.models import Tenant
from tests.factories import make_domain

pytestmark = pytest.mark.django_db

OLD, NEW = "v=spf1 include:spf.mandrillapp.com ip4:192.0.2.1 ~all", "v=spf1 ip4:192.0.2.1 ~all"
GONE = "`include:spf.mandrillapp.com` vanished from the SPF record at `shop.example`."


@pytest.fixture
def domain(tenant: Tenant) -> SendingDomain:
    """Return a domain that needs one SPF record; nothing is due."""
    recipe = ("generic", {"mechanism": "ip4:192.0.2.1"})
    later = timezone.now() + dt.timedelta(hours=1)
    return make_domain(tenant, "shop.example", recipes=(recipe,), next_check_at=later)


def seen(domain: SendingDomain, verdict: str, *observed: str) -> Check:
    """Store a check that saw these TXT records."""
    result = {"ok": "good", "unknown": "unknown"}.get(verdict, "bad")
    check = Check.objects.create(
        domain=domain, at=timezone.now(), result=result, verdict=domain.verdict
    )
    RecordCheck.objects.create(
        parent=check,
        purpose="spf",
        name="shop.example",
        type="TXT",
        expected=NEW,
        verdict=verdict,
        observed=list(observed),
    )
    return check


def told(moments: list[Moment]) -> list[list[str]]:
    """Return the sentences of each moment."""
    return [
        ["`".join(sentence) for change in moment.changes for sentence in change.sentences]
        for moment in moments
    ]


def test_what_changed_is_told_newest_first(domain: SendingDomain) -> None:
    """The first look has nothing to compare with."""
    seen(domain, "wrong", OLD)
    seen(domain, "ok", NEW)
    seen(domain, "ok", NEW, "token=1")
    assert told(moments_of(domain)) == [["TXT `token=1` appeared at `shop.example`."], [GONE], []]


def test_silence_is_no_change_and_hides_none(domain: SendingDomain) -> None:
    """Nothing vanished while nobody answered; what is seen after it is compared with before."""
    seen(domain, "wrong", OLD)
    seen(domain, "unknown")
    seen(domain, "ok", NEW)
    assert told(moments_of(domain)) == [[GONE], [], []]


def test_what_was_seen_counts_though_what_lies_behind_was_silent(domain: SendingDomain) -> None:
    """The record was read; only an include of it could not be asked."""
    seen(domain, "wrong", OLD)
    seen(domain, "unknown", NEW)
    assert told(moments_of(domain)) == [[GONE], []]


def test_every_change_is_on_some_page(domain: SendingDomain) -> None:
    """Also one between two pages, behind silence that fills a page."""
    seen(domain, "wrong", OLD)
    for _ in range(SHOWN_CHECKS + 3):
        seen(domain, "unknown")
    seen(domain, "ok", NEW)
    page, first = pages_of(domain, "1")
    assert page.paginator.num_pages == 2
    assert told(first)[0] == [GONE]
    _page, second = pages_of(domain, "2")
    assert len(first) + len(second) == SHOWN_CHECKS + 5
    assert told(second)[-1] == []


def test_the_history_page_leads_on(client: Client, viewer: User, domain: SendingDomain) -> None:
    """In words, with the old value to be copied; five queries besides those of the log-in."""
    client.force_login(viewer)
    there = reverse("dnscheck:history", args=[domain.pk])
    assert "Nothing yet" in client.get(there).content.decode()
    for number in range(45):
        seen(domain, "wrong", OLD if number % 2 else NEW)
    page = client.get(there).content.decode()
    assert "<code>include:spf.mandrillapp.com</code> vanished from the SPF record at" in page
    assert f'data-copy="{OLD}"' in page
    assert "Page 1 of 3" in page
    with CaptureQueriesContext(connection) as queries:
        assert "Page 3 of 3" in client.get(f"{there}?page=3").content.decode()
    assert len(queries) <= 8


def test_a_record_that_is_not_right_says_when_it_changed(
    client: Client, viewer: User, domain: SendingDomain
) -> None:
    """With the value that was there before, to be put back; one that is right says nothing."""
    client.force_login(viewer)
    seen(domain, "ok", OLD)
    seen(domain, "wrong", NEW)
    page = client.get(domain.get_absolute_url())
    assert "Last changed" in page.content.decode()
    [change] = page.context["page"].groups[0].records[0].changes
    assert change.before == OLD
    seen(domain, "ok", OLD)
    assert "Last changed" not in client.get(domain.get_absolute_url()).content.decode()


def test_a_check_that_asked_for_nothing_says_so(
    client: Client, viewer: User, domain: SendingDomain
) -> None:
    """It is no silence of the DNS: nobody wanted a record any more."""
    client.force_login(viewer)
    Check.objects.create(domain=domain, at=timezone.now(), result="unknown", verdict="pending")
    page = client.get(reverse("dnscheck:history", args=[domain.pk])).content.decode()
    assert "nothing was asked" in page
    assert "Could not ask" not in page
