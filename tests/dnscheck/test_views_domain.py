"""What a domain's page says: each record as seen, silence apart from absence, and what changed."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dnscheck import report
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.models import Check, RecordCheck, SendingDomain
from dnscheck.pages import history
from dnscheck.spf.forecast import Forecast, Step
from tenants.models import Tenant
from tests.factories import make_domain

pytestmark = pytest.mark.django_db

VALUE = "v=spf1 ip4:192.0.2.1 ~all"
LATER = dt.timedelta(hours=1)


@pytest.fixture
def domain(tenant: Tenant) -> SendingDomain:
    """Return a domain that needs one SPF record; nothing is due."""
    recipe = ("generic", {"mechanism": "ip4:192.0.2.1"})
    return make_domain(
        tenant, "shop.example", recipes=(recipe,), next_check_at=timezone.now() + LATER
    )


@pytest.fixture
def browser(client: Client, viewer: User, tenant: Tenant) -> Client:
    """Return a browser in which somebody is logged in who may only look."""
    client.force_login(viewer)
    return client


def finding(code: str = "spf.mechanism-missing", title: str = "No mechanism") -> Finding:
    """Return a finding with an edit."""
    edit = Edit(Action.CHANGE, "shop.example", "TXT", "v=spf1 -all", "v=spf1 mx -all")
    return Finding(code, Severity.ERROR, title, "Why it is.", "What to do.", (edit,))


def seen(
    domain: SendingDomain,
    verdict: str,
    observed: tuple[str, ...] = (),
    findings: tuple[Finding, ...] = (),
    expected: str = VALUE,
) -> Check:
    """Store a check that saw the SPF record in this way."""
    result = {"ok": "good", "unknown": "unknown"}.get(verdict, "bad")
    check = Check.objects.create(
        domain=domain, at=timezone.now(), result=result, verdict=domain.verdict
    )
    RecordCheck.objects.create(
        parent=check,
        purpose="spf",
        name="shop.example",
        type="TXT",
        expected=expected,
        verdict=verdict,
        observed=list(observed),
        findings=[item.as_json() for item in findings],
    )
    return check


def text(browser: Client, domain: SendingDomain) -> str:
    """Return the page of a domain."""
    return browser.get(domain.get_absolute_url()).content.decode()


def shown(browser: Client, domain: SendingDomain) -> Any:
    """Return the one record the page shows."""
    page = browser.get(domain.get_absolute_url()).context["page"]
    return page.groups[0].records[0]


def test_silence_is_shown_otherwise_than_absence(browser: Client, domain: SendingDomain) -> None:
    """Could not ask never says missing; it stands beside the verdict that is known."""
    seen(domain, "missing")
    page = text(browser, domain)
    assert "Missing" in page
    assert "Nothing: there is no such record." in page
    assert "Could not ask" not in page
    seen(domain, "unknown")
    domain.verdict, domain.unknown_since = "verified", timezone.now()
    domain.save()
    page = text(browser, domain)
    assert "Could not ask" in page
    assert "Verified" in page
    assert "the last known verdict stands" in page
    assert "there is no such record" not in page


def test_the_last_definite_sight_is_told_while_nothing_can_be_asked(
    browser: Client, domain: SendingDomain
) -> None:
    """A record that was right before the silence is said to have been right."""
    seen(domain, "ok", (VALUE,))
    seen(domain, "unknown")
    item = shown(browser, domain)
    assert (item.verdict, item.known.verdict) == ("unknown", "ok")
    assert "When it was last seen, it was:" in text(browser, domain)


def test_a_record_that_is_newer_than_the_last_check_was_not_checked(
    browser: Client, domain: SendingDomain
) -> None:
    """What was seen of another value says nothing about the one wanted now."""
    assert "Not checked yet" in text(browser, domain)
    seen(domain, "ok", expected="v=spf1 ip4:192.0.2.9 ~all")
    assert "Not checked yet" in text(browser, domain)
    seen(domain, "ok")
    assert "Not checked yet" not in text(browser, domain)


def test_a_finding_is_told_with_its_edit(browser: Client, domain: SendingDomain) -> None:
    """Title, why, what to do and the edit stand at the record, and what is seen now."""
    seen(domain, "wrong", ("v=spf1 -all",), (finding(),))
    page = text(browser, domain)
    for said in ("No mechanism", "Why it is.", "What to do.", 'data-copy="v=spf1 mx -all"'):
        assert said in page


def test_what_differs_is_marked_in_the_closest_value(
    browser: Client, domain: SendingDomain
) -> None:
    """Both values with marks and a sentence; the edit that says the same is not repeated."""
    seen(domain, "wrong", ("token=1", "v=spf1 -all"), (finding(),))
    comparison = shown(browser, domain).comparison
    assert (comparison.published, comparison.wanted) == ("v=spf1 -all", "v=spf1 mx -all")
    assert comparison.besides == ("token=1",)
    page = text(browser, domain)
    assert "“mx” is missing after “v=spf1”." in page
    assert re.search(r"<ins>.*?mx ?<", page)
    assert page.count('data-copy="v=spf1 mx -all"') == 1
    assert '<table class="edit">' not in page


@pytest.mark.parametrize(
    ("verdict", "observed"),
    [("ok", (VALUE,)), ("missing", ()), ("unknown", ()), ("wrong", (VALUE, "token=1"))],
)
def test_nothing_is_compared_where_nothing_is_to_be_changed(
    verdict: str, observed: tuple[str, ...], browser: Client, domain: SendingDomain
) -> None:
    """Right, absent, not asked, or there beside something else."""
    seen(domain, verdict, observed)
    assert shown(browser, domain).comparison is None


def test_what_is_published_already_is_not_offered_for_adding(
    browser: Client, domain: SendingDomain
) -> None:
    """Whoever adds it again has it twice."""
    seen(domain, "missing", (), (finding("view.caches-follow"),))
    assert "do not add it again" in text(browser, domain)
    seen(domain, "wrong", (VALUE, "token=1"))
    assert "do not add it again" in text(browser, domain)


def test_what_is_not_published_is_not_said_to_be_there(
    browser: Client, domain: SendingDomain
) -> None:
    """Where something else stands in its place, such as an alias or somebody else's server."""
    add = Edit(Action.ADD, "shop.example", "TXT", after=VALUE)
    other = Finding("x.y", Severity.ERROR, "Another one", "Why.", "Add it.", (add,))
    for observed, found in (((), ()), (("token=1",), (other,))):
        seen(domain, "wrong", observed, found)
        page = text(browser, domain)
        assert "is there already" not in page
        assert "Change it to" not in page  # but add it, as the finding says
        assert "Something else stands in its place" in page


@pytest.mark.parametrize(
    ("code", "ttl", "age", "left"),
    [
        pytest.param("view.caches-follow", 290, 0, 290, id="right at the servers"),
        pytest.param("view.changed-not-right", 290, 0, 290, id="changed, and not right yet"),
        pytest.param("view.caches-follow", 2**31 - 1, 0, 2**31 - 1, id="longest TTL there is"),
        pytest.param("view.caches-follow", 290, 300, None, id="forgotten already"),
        pytest.param("view.caches-follow", 0, 0, None, id="nothing left of it"),
        pytest.param("view.caches-follow", None, 0, None, id="no TTL was told"),
        pytest.param("view.servers-differ", 290, 0, None, id="waiting does not help"),
        pytest.param("spf.mechanism-missing", 290, 0, None, id="an edit is to be made"),
    ],
)
def test_it_is_told_by_when_the_resolver_has_forgotten(
    code: str,
    ttl: int | None,
    age: int,
    left: int | None,
    browser: Client,
    domain: SendingDomain,
) -> None:
    """Where waiting helps, by the clock and never too early; what is past is not mentioned."""
    check = seen(domain, "wrong", ("v=spf1 -all",), (finding(code),))
    Check.objects.update(at=check.at - dt.timedelta(seconds=age))
    RecordCheck.objects.update(ttl=ttl)
    item = shown(browser, domain)
    assert ("has forgotten its old answer by" in text(browser, domain)) == (left is not None)
    if left is None:
        assert item.forgotten_at is None
        return
    late = item.forgotten_at - check.at - dt.timedelta(seconds=left)
    assert dt.timedelta(0) < late <= dt.timedelta(minutes=1)
    assert (item.forgotten_at.second, item.forgotten_at.microsecond) == (0, 0)


def test_telling_by_when_costs_no_query(browser: Client, domain: SendingDomain) -> None:
    """A record to wait for, and an SPF tree, are shown from what is read anyway."""
    check = seen(domain, "wrong", ("v=spf1 -all",), (finding("view.caches-follow"),))
    with CaptureQueriesContext(connection) as without:
        assert "has forgotten its old answer by" not in text(browser, domain)
    RecordCheck.objects.filter(parent=check).update(ttl=290)
    cost = Forecast(VALUE, 1, 0, (Step("mx"),), complete=True)
    SendingDomain.objects.update(spf_forecasts={"shop.example": cost.as_json()})
    with CaptureQueriesContext(connection) as within:
        assert "has forgotten its old answer by" in text(browser, domain)
    assert len(within) == len(without)


def test_the_report_tells_by_when_the_resolver_has_forgotten(domain: SendingDomain) -> None:
    """As of the last check; a check that is older than its TTL says nothing of it any more."""
    check = seen(domain, "missing", (), (finding("view.caches-follow"),))
    RecordCheck.objects.update(ttl=290)
    at = dt.datetime(2026, 11, 21, 14, 30, 20, tzinfo=dt.UTC)
    Check.objects.filter(pk=check.pk).update(at=at)
    for seconds, told in ((0, True), (289, True), (290, False)):
        domain.last_checked_at = at + dt.timedelta(seconds=seconds)
        _result, as_json = history.as_report(domain)
        said = list(report.lines(as_json, 100))
        assert ("forgotten_at" in as_json["records"][0]) == told
        assert any("answer by 2026-11-21 14:36 UTC." in line for line in said) == told


def test_the_worst_of_the_whole_domain_is_told_first(
    browser: Client, domain: SendingDomain
) -> None:
    """An error is not looked for below notes, and an edit is worded for the form of the host."""
    check = seen(domain, "ok", (VALUE,))
    stored = [
        Finding(f"x.{severity}", severity, f"Title {severity}", "Why.", "Fix.").as_json()
        for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)
    ]
    Check.objects.filter(pk=check.pk).update(findings=[*stored, finding("x.last").as_json()])
    page = browser.get(domain.get_absolute_url())
    told = page.context["page"].findings
    assert [item["code"] for item in told] == ["x.error", "x.last", "x.warning", "x.info"]
    assert told[1]["edits"][0]["typed"].name == "@"
    assert page.content.decode().index("Title error") < page.content.decode().index("Title info")


def test_each_copy_button_copies_one_thing(browser: Client, domain: SendingDomain) -> None:
    """Name and value have a button each, with nothing else in it."""
    page = text(browser, domain)
    assert page.count('data-copy="@"') == 1
    assert page.count(f'data-copy="{VALUE}"') == 1
    assert page.count("data-copy=") == 2


def test_what_the_dns_says_is_text(browser: Client, domain: SendingDomain) -> None:
    """A TXT record with markup is shown, not obeyed."""
    seen(domain, "wrong", ("<script>alert(1)</script>",))
    page = text(browser, domain)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_timeline_tells_what_came_and_went(browser: Client, domain: SendingDomain) -> None:
    """A check names findings that are new, and those that are gone; twenty checks are shown."""
    seen(domain, "wrong", findings=(finding("a", "Title A"), finding("b", "Title B")))
    seen(domain, "wrong", findings=(finding("b", "Title B"), finding("c", "Title C")))
    moments = browser.get(domain.get_absolute_url()).context["page"].moments
    assert [item["code"] for item in moments[0].appeared] == ["c"]
    assert [item["code"] for item in moments[0].gone] == ["a"]
    assert [item["code"] for item in moments[1].appeared] == ["a", "b"]
    for _ in range(25):
        seen(domain, "ok")
    assert len(browser.get(domain.get_absolute_url()).context["page"].moments) == 20


@pytest.mark.parametrize(
    ("fields", "every"),
    [
        ({"next_check_at": -5}, "every 2s"),
        ({"next_check_at": 60, "claimed_until": 30}, "every 2s"),
        ({"next_check_at": 60, "watched_since": -60}, "every 10s"),
        ({"next_check_at": 60, "watched_since": -3600}, ""),
        ({"next_check_at": 60, "claimed_until": -30}, ""),
        ({"next_check_at": 60}, ""),
    ],
)
def test_the_page_looks_for_news_while_some_may_come(
    fields: dict[str, int], every: str, browser: Client, domain: SendingDomain
) -> None:
    """Every 2 s while a check is due or running, every 10 s while watched, else not at all."""
    now = timezone.now()
    moments = {name: now + dt.timedelta(seconds=after) for name, after in fields.items()}
    SendingDomain.objects.update(**moments)
    page = text(browser, domain)
    assert ("hx-trigger" in page) == bool(every)
    assert every in page


@pytest.mark.parametrize(
    ("verdict", "code", "said", "button"),
    [
        ("missing", "spf.missing", "1 record to publish or change", "I have published it"),
        ("wrong", "spf.x", "1 record to publish or change", "I have published it"),
        ("missing", "view.caches-follow", "now the DNS has to catch up", "I have published"),
        ("unknown", "dns.could-not-ask", "1 record could not be looked up yet", "Check now"),
        ("ok", "", "Nothing is left to do in the DNS.", "Check now"),
    ],
)
def test_the_page_begins_with_what_to_do(
    verdict: str, code: str, said: str, button: str, client: Client, editor: User, domain: Any
) -> None:
    """One sentence, a link to each record that is meant, and the button that fits."""
    seen(domain, verdict, (), (finding(code),) if code else ())
    client.force_login(editor)
    page = client.get(domain.get_absolute_url())
    told = page.content.decode()
    assert said in told
    assert button in told
    item = page.context["page"].groups[0].records[0]
    is_linked = f'href="#{item.anchor}"' in told
    assert is_linked == (verdict in ("missing", "wrong"))
    assert f'id="{item.anchor}"' in told


def test_the_page_says_when_it_looks_again_and_why_not_sooner(
    browser: Client, domain: SendingDomain
) -> None:
    """By the clock, to be counted down to, and until when the resolver keeps its old answer."""
    now = timezone.now()
    check = seen(domain, "missing", (), (finding("view.caches-follow"),))
    check.records.update(ttl=600)
    SendingDomain.objects.update(watched_since=now, next_check_at=now + dt.timedelta(seconds=30))
    page = text(browser, domain)
    assert re.search(r'data-countdown="(29|30)"', page)
    assert "and at least every minute until" in page
    assert "The resolver has forgotten its old answers by" in page
    assert "I have published" not in page  # a viewer cannot ask for a check
    SendingDomain.objects.update(watched_since=None, next_check_at=now + dt.timedelta(days=2))
    page = text(browser, domain)
    assert "data-countdown" not in page
    assert "The next check is at" in page


def test_the_records_of_several_providers_have_links_on_top(
    browser: Client, domain: SendingDomain
) -> None:
    """One for each group, with how much there is to do; none where there is one group."""
    seen(domain, "missing")
    assert 'class="jump"' not in text(browser, domain)
    domain.added_records.create(name="a.shop.example", type="TXT", value="x")
    page = text(browser, domain)
    assert 'href="#records-2">Added by hand' in page
    assert 'id="records-2"' in page
    assert "1 to do" in page


def test_a_check_that_finds_no_worker_is_told(browser: Client, domain: SendingDomain) -> None:
    """After half a minute the page asks whether the worker runs, not before."""
    for seconds, late in ((10, False), (60, True)):
        SendingDomain.objects.update(next_check_at=timezone.now() - dt.timedelta(seconds=seconds))
        assert ("Is the worker running?" in text(browser, domain)) == late


def test_the_live_part_is_sent_only_when_there_is_news(
    browser: Client, domain: SendingDomain
) -> None:
    """The address in the page brings nothing while nothing changed, and the new part after."""
    check = seen(domain, "missing")
    stamp = browser.get(domain.get_absolute_url()).context["page"].stamp
    there = reverse("dnscheck:domain_live", args=[domain.pk])
    assert browser.get(there, {"stamp": stamp, "check": check.pk}).status_code == 204
    SendingDomain.objects.update(last_checked_at=timezone.now(), verdict="verified")
    news = browser.get(there, {"stamp": stamp, "check": check.pk}).content.decode()
    assert "Verified" in news
    assert "<html" not in news
    assert 'id="seen"' not in news  # the records are as they were: what is open there stays open
    seen(domain, "ok", (VALUE,))
    assert 'id="seen"' in browser.get(there, {"stamp": stamp, "check": check.pk}).content.decode()


def test_both_names_of_an_international_domain_are_shown(browser: Client, tenant: Tenant) -> None:
    """People read the one, the DNS wants the other."""
    page = text(browser, make_domain(tenant, "xn--exmple-cua.de"))
    assert "exämple.de" in page
    assert "xn--exmple-cua.de" in page


def test_providers_that_still_need_something_say_so(browser: Client, domain: SendingDomain) -> None:
    """A recipe whose setting went away names the input its records lack."""
    domain.recipes.create(provider="elastx", inputs={})
    assert "SMTP user account" in text(browser, domain)


def test_records_are_grouped_by_who_asks_for_them(browser: Client, domain: SendingDomain) -> None:
    """A record two providers share names both; those by hand stand apart."""
    domain.recipes.create(provider="elastx", inputs={"username": "user@domain.com"})
    domain.added_records.create(name="a.shop.example", type="TXT", value="x")
    groups = browser.get(domain.get_absolute_url()).context["page"].groups
    assert [group.title for group in groups] == [
        "Other SMTP server, Elastx Mail Relay",
        "Elastx Mail Relay",
        "Added by hand",
    ]
