"""Each page in both colour schemes and at two widths: readable, reachable, nothing blocked.

Screenshots are written to `screenshots/`, which git ignores, to be looked at.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, StorageState

from tests.processes import ROOT, Demo

pytestmark = pytest.mark.browser

SHOTS = ROOT / "screenshots"
EXPECTED = re.compile(r"status of (?:403|404) ")  # pages that are meant to be looked at
LOOKS = [("light", 1280), ("light", 360), ("dark", 1280), ("dark", 360)]
PAGES = {
    "explain": "/explain/",
    "received": "/received/",
    "overview": "/",
    "overview-narrowed": "/?verdict=at_risk&tenant=clinic",
    "search": "/search/?q=two-spf.example",
    "search-empty": "/search/?q=nothing+like+this",
    "shortcuts": "/shortcuts/",
    "tenant": "/tenants/good-company/",
    "tenant-clinic": "/tenants/mail-clinic/",
    "tenant-watched": "/tenants/night-watch/",
    "tenant-add": "/tenants/new/",
    "failover": "/tenants/good-company/failover/",
    "failover-tab": "/tenants/good-company/failover/?show=cover",
    "failover-empty": "/tenants/dns-clinic/failover/",
    "notices": "/tenants/night-watch/notices/",
    "notices-operators": "/notices/",
    "operation": "/operation/",
    "catalogue": "/providers/",
    "catalogue-search": "/providers/?q=zoho",
    "provider": "/providers/resend/",
    "provider-uncertain": "/providers/netcore/",
    "provider-notice": "/providers/microsoft365/",
    "provider-pick": "/tenants/good-company/settings/new/",
    "setting-fixed-user": "/tenants/good-company/settings/new/?provider=sendgrid",
    "setting-add": "/tenants/good-company/settings/new/?provider=aws-ses",
    "setting": "{Refuses the login}",
    "setting-failing": "{Login refused since lately}",
    "setting-incident": "{News, the same}",
    "setting-edit": "{Refuses the login}edit/",
    "attempts": "/attempts/",
    "attempt-good": "{attempt:Accepts mail (STARTTLS)}",
    "attempt-bad": "{attempt:Refuses the login}",
    "attempt-compared": "{attempt:Wants an app password}",
    "attempt-unclear": "{attempt:Takes the message and says nothing}",
    "domains": "/domains/",
    "domain-add": "/tenants/good-company/domains/new/",
    "domain-good": "{two-providers.example}",
    "domain-bad": "{doubled-host.example}",
    "domain-two-spf": "{two-spf.example}",
    "domain-silent": "{silent.example}",
    "domain-route53": "{truncated-dkim.example}",
    "domain-two-hosts": "{spf-budget.example}",
    "links": "{doubled-host.example}links/",
    "to-do": "{to-do}",
    "domain-history": "{two-spf.example}history/",
    "servers": "{two-spf.example}servers/",
    "servers-many": "{good-ses.example}servers/",
    "servers-asked": "{good-elastx.example}servers/",
    "servers-none": "{silent.example}servers/",
    "acknowledge": "{two-spf.example}acknowledge/?code=spf.two-records&place=two-spf.example+TXT",
    "export": "{wrong-cname.example}export/terraform-route53/",
    "export-mail": "{spf-budget.example}export/mail/",
    "recipe-choose": "{good-ses.example}recipes/new/",
    "recipe-add": "{good-ses.example}recipes/new/?provider=scaleway-tem",
    "recipe-variant": "{good-generic.example}recipes/new/?provider=aws-ses&dkim=byodkim",
    "record-add": "{good-ses.example}records/new/",
    "password": "/password/",
    "not-found": "/nowhere/",
}
ADDRESSES = """
import json
from dnscheck.models import SendingDomain, Share
from smtp.models import Attempt, SmtpSetting
found = {"{%s}" % row.name: row.get_absolute_url() for row in SendingDomain.objects.all()}
for row in SmtpSetting.objects.filter(tenant__slug__in=["mail-clinic", "night-watch"]):
    found["{%s}" % row.name] = row.get_absolute_url()
    found["{attempt:%s}" % row.name] = row.attempts.first().get_absolute_url()
found["{to-do}"] = Share.objects.first().get_absolute_url()
print(json.dumps(found))
"""
# What the days before would have left, so that there is something to draw.
PAST = """
import datetime as dt
import uuid
from django.utils import timezone
from dnscheck.models import Check, DailyCount, RecordCheck, SendingDomain, Share, ShareMail, Tour
from dnscheck.required import records_of
from dnscheck.standpoints.tour import Cell, Column, Line, Sights, columns_of
from smtp.models import Attempt, Letter
from tenants.models import Tenant
now, day = timezone.now(), dt.timedelta(days=1)
for tenant in Tenant.objects.all():
    for ago in (1, 2, 3, 5, 8, 13, 21):
        numbers = {"verified": 400 + ago, "failing": ago % 3, "at_risk": ago % 2, "unknown": ago}
        DailyCount.objects.update_or_create(
            tenant=tenant, day=timezone.localdate() - ago * day, defaults=numbers
        )
here = Attempt.objects.filter(setting__tenant__slug="mail-clinic")
bad = here.get(setting__name="Wants an app password")
for like in here.get(setting__name="Accepts mail (STARTTLS)"), bad:
    Attempt.objects.create(
        tenant=bad.tenant, setting=bad.setting, kind="connect", state="done", finished_at=now,
        provider=bad.provider, host=bad.host, port=like.port, security=bad.security,
        username="lab", succeeded=like.succeeded, stage=like.stage, failure=like.failure,
        hint=like.hint, cause=like.cause, outcome=like.outcome,
    )
doubled = SendingDomain.objects.get(name="doubled-host.example")
for label, state, stage, hint in (
    ("Bob", "given_up", "recipient", "recipient-unknown"), ("Eve", "waiting", "connect", ""),
    ("Joe", "unclear", "data", ""), ("Max", "trying", "", ""),
    ("Ann of the hosting company", "sent", "quit", ""),
):
    link = Share.objects.create(
        domain=doubled, label=label, created_at=now, expires_at=now + 9 * day
    )
    tried = Attempt.objects.create(
        tenant=bad.tenant, setting=bad.setting, kind="notice", state="done", finished_at=now,
        provider=bad.provider, host=bad.host, port=bad.port, security=bad.security, stage=stage,
        succeeded=state == "sent", hint=hint, cause="The recipient's mailbox does not exist",
    )
    letter = Letter.objects.create(
        tenant=doubled.tenant, batch=uuid.uuid4(), cause="dns-to-do", subject="DNS", text="",
        recipient="dns@hosting.example", state=state, tries=1, due_at=now + day, attempt=tried,
    )
    ShareMail.objects.create(tenant=doubled.tenant, share=link, letter=letter, at=now - day / 24)
for name in "two-spf.example", "good-ses.example":
    row = SendingDomain.objects.get(name=name)
    columns = columns_of(records_of(row))
    newest = Cell("same", "2394857301"), Cell("same", "ada.ns.example bob.ns.example")
    older = Cell("other", "2394857290"), Cell("other", "ada.ns.example eve.ns.example")
    value = Cell("other", "v=spf1 include:_spf.old-provider.example ip4:192.0.2.0/24 ~all", 1500)
    behind = *older, value, *[Cell("absent", ttl=300)] * (len(columns) - 1)
    mute = *newest, *[Cell("nothing", why="servfail")] * len(columns)
    there = (
        Line("ada.ns.example", "192.0.2.56", cells=(*newest, *[Cell("same")] * len(columns))),
        Line("ada.ns.example", "2001:db8:50::adf5:3a38", why="unreachable"),
        Line("bob.ns.example", "192.0.2.104", "zone", cells=behind),
        Line("bob.ns.example", "10.1.2.3", "zone", why="private"),
        Line("cat.ns.example", "192.0.2.9", "above", why="timeout"),
        Line("eve.ns.example", "192.0.2.10", cells=mute),
    )
    columns = Column(name, "SOA"), Column(name, "NS"), *columns
    seen = Sights(name, columns, (Line("", "192.0.2.53:53", cells=behind),), there).as_json()
    Tour.objects.create(domain=row, seen=seen, seen_at=now)
domain = SendingDomain.objects.get(name="two-spf.example")
SendingDomain.objects.filter(pk=domain.pk).update(created_at=now - 60 * day)
last = domain.checks.first()
rows = [(row, row.findings) for row in last.records.all()]
last.delete()
for ago, result, verdict in (
    (50, "good", "verified"), (20, "bad", "at_risk"), (18, "bad", "failing"),
    (15, "unknown", "failing"), (9, "good", "verified"), (0, "bad", domain.verdict),
):
    check = Check.objects.create(
        domain=domain, at=now - ago * day, result=result, verdict=verdict,
        findings=[] if ago else last.findings,
    )
    for row, findings in rows:
        row.pk, row.parent, row.findings = None, check, [] if ago else findings
        row.save()
        RecordCheck.objects.filter(pk=row.pk, purpose="spf", parent__at__lt=now - day).update(
            observed=[f"v=spf1 include:old{ago}.example -all"]
        )
"""


@pytest.fixture(scope="module")
def addresses(demo: Demo) -> dict[str, str]:
    """Return the address of each page, once everything was checked and tried."""
    demo.settle()
    demo.python(PAST)
    return addresses_of(demo)


def addresses_of(demo: Demo) -> dict[str, str]:
    """Return the address of each page of a demo."""
    known = demo.json(ADDRESSES)
    pages = {}
    for name, path in PAGES.items():
        for placeholder, address in known.items():
            path = path.replace(placeholder, address)
        pages[name] = demo.url + path
    return pages


@pytest.fixture(scope="module")
def session(chromium: Browser, demo: Demo) -> StorageState:
    """Log in once for all windows."""
    with chromium.new_context() as context:
        demo.log_in(context.new_page())
        return context.storage_state()


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(
    request: pytest.FixtureRequest, chromium: Browser, session: StorageState
) -> Iterator[Page]:
    """Open a window of one width and colour scheme, logged in."""
    scheme, width = request.param
    size = {"width": width, "height": 800}
    context = chromium.new_context(
        color_scheme=scheme,
        viewport=size,  # type: ignore[arg-type]
        storage_state=session,
    )
    yield context.new_page()
    context.close()


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page."""
    SHOTS.mkdir(exist_ok=True)
    scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=Path(SHOTS / f"{name}-{scheme}-{width}.png"), full_page=True)


def explained(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Have a failure explained."""
    page.goto(f"{demo.url}/explain/")
    page.locator("textarea").fill("535 5.7.8 Error: authentication failed")
    page.get_by_role("button", name="Explain").click()
    page.wait_for_selector(".hint")


MAIL = """\
Authentication-Results: mx.home.example; dkim=none; spf=fail smtp.mailfrom=b@two-spf.example;
 dmarc=fail header.from=two-spf.example
Received: from mail.two-spf.example (mail.two-spf.example [192.0.2.9]) by mx.home.example;
 Sat, 21 Nov 2026 12:00:00 +0000
From: Shop <news@two-spf.example>
To: anna@home.example
Subject: Hello

"""


def received(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Have a message examined, and unfold all that is told of it."""
    page.goto(f"{demo.url}/received/")
    page.locator("textarea").fill(MAIL)
    page.get_by_role("button", name="Examine").click()
    page.wait_for_selector("#sentence", timeout=20_000)
    unfold(page)


def acknowledged(page: Page, _demo: Demo, addresses: dict[str, str]) -> None:
    """Let the one fault of a domain be, and unfold what is left of it."""
    page.goto(addresses["acknowledge"])
    page.get_by_label("Why it may stay").fill("Both are needed until Friday.")
    page.get_by_role("button", name="Acknowledge").click()
    page.wait_for_selector(".finding-acknowledged", state="attached")
    unfold(page)


def watched(page: Page, _demo: Demo, addresses: dict[str, str]) -> None:
    """Say that the records of a domain are published, and wait until the next look is known."""
    page.goto(addresses["domain-route53"])
    page.get_by_role("button", name="I have published it").click()
    page.wait_for_selector("[data-countdown] .countdown", timeout=30_000)
    unfold(page)


def days(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Unfold the table of the last days on the overview."""
    page.goto(demo.url)
    unfold(page)


def many(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Unfold what can be done with many domains, and tick them all."""
    page.goto(f"{demo.url}/domains/")
    unfold(page)
    box = page.get_by_label("Tick all on this page")
    if box.is_visible():  # on narrow screens there is no row of headings
        box.check()
        assert page.locator("[name=chosen]:not(:checked)").count() == 0


def checking(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Have all domains of a tenant checked, and wait until they are."""
    page.goto(f"{demo.url}/domains/?tenant=good-company")
    unfold(page)
    page.get_by_label("Which").select_option("shown")
    page.get_by_role("button", name="Check now").click()
    page.get_by_text("All are checked").wait_for(timeout=20_000)


def deleting(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Be asked once more before many domains are deleted."""
    page.goto(f"{demo.url}/domains/?tenant=good-company")
    unfold(page)
    page.get_by_label("Which").select_option("shown")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("link", name="Keep them").wait_for()


def mailed(page: Page, _demo: Demo, addresses: dict[str, str]) -> None:
    """Have a link mailed, and follow the mail until the server took it."""
    page.goto(addresses["links"])
    page.get_by_label("For whom").fill("Kim")
    page.get_by_label("Mail it to").fill("kim@good-generic.example")
    page.get_by_role("button", name="Make a link").click()
    page.wait_for_selector("li:has-text('kim@good-generic.example') .status-good", timeout=20_000)


def refused(page: Page, _demo: Demo, addresses: dict[str, str]) -> None:
    """Enter an address that is none for a link that there is already."""
    page.goto(addresses["links"])
    page.locator(".mail-link summary").first.click()
    page.get_by_label("E-mail address").first.fill("ann@nowhere")
    page.get_by_role("button", name="Send the link").first.click()
    page.wait_for_selector(".invalid-feedback")


def asked(page: Page, _demo: Demo, addresses: dict[str, str]) -> None:
    """Have every server asked, and wait for what they say."""
    page.goto(addresses["servers-asked"])
    page.get_by_role("button", name="Ask every server now").click()
    page.wait_for_selector("#servers table", timeout=20_000)
    unfold(page)


def unfold(page: Page) -> None:
    """Open all that is folded but the menu."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true })")


def expired(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Send a form after the session ended."""
    page.goto(f"{demo.url}/tenants/new/")
    page.get_by_label("Who sends").fill("Typed before")
    page.context.clear_cookies(name="relaydesk_session")
    page.get_by_role("button", name="Add tenant").click()
    page.get_by_text("what you typed is kept").wait_for()


def back(page: Page, demo: Demo, addresses: dict[str, str]) -> None:
    """Log in again, and be asked whether to go on."""
    expired(page, demo, addresses)
    page.locator("[name=username]").fill("demo")
    page.locator("main [name=password]").fill("relaydesk-demo")
    page.locator("main button").click()
    page.get_by_role("button", name="Send it now").wait_for()


STATES: dict[str, Callable[[Page, Demo, dict[str, str]], None]] = {
    "explain-result": explained,
    "received-result": received,
    "domain-acknowledged": acknowledged,
    "overview-days": days,
    "domain-watched": watched,
    "domains-many": many,
    "domains-delete": deleting,
    "domains-progress": checking,
    "links-mailed": mailed,
    "links-refused": refused,
    "servers-result": asked,
    "log-in-again": expired,
    "go-on": back,
}


def assert_sound(page: Page, name: str, reach: Callable[[], object]) -> None:
    """No accessibility fault, no sideways scrolling, nothing the policy blocked, one h1."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            said.append(message.text)

    page.on("console", listen)
    reach()
    page.wait_for_load_state("networkidle")
    shoot(page, name)
    assert said == []
    assert page.locator("h1").count() == 1
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide} px too wide"
    violations = Axe().run(page).response["violations"]
    assert violations == [], [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in violations]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(name: str, page: Page, addresses: dict[str, str]) -> None:
    """Each page as it opens."""
    answers: list[Response | None] = []
    assert_sound(page, name, lambda: answers.append(page.goto(addresses[name])))
    assert [answer and answer.status for answer in answers] == [404 if name == "not-found" else 200]


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_sound_after_a_person_did_something(
    name: str, page: Page, demo: Demo, addresses: dict[str, str]
) -> None:
    """What is reached by a form, or folded away at first."""
    assert_sound(page, name, lambda: STATES[name](page, demo, addresses))


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_log_in_page_is_sound(scheme: str, width: int, chromium: Browser, demo: Demo) -> None:
    """The first page of all, before anybody is known."""
    size = {"width": width, "height": 800}
    context = chromium.new_context(color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{demo.url}/login/")
    shoot(page, "log-in")
    assert Axe().run(page).response["violations"] == []
    context.close()
