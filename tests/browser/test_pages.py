"""Each page in both colour schemes and at two widths: readable, reachable, nothing blocked.

Screenshots are written to `screenshots/`, which git ignores, to be looked at.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.processes import ROOT, Demo

pytestmark = pytest.mark.browser

SHOTS = ROOT / "screenshots"
LOOKS = [("light", 1280), ("light", 360), ("dark", 1280), ("dark", 360)]
PAGES = {
    "explain": "/explain/",
    "received": "/received/",
    "overview": "/",
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
from django.utils import timezone
from dnscheck.models import Check, DailyCount, RecordCheck, SendingDomain, Share
from smtp.models import Attempt
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
Share.objects.create(
    domain=doubled, label="Ann of the hosting company", created_at=now, expires_at=now + 9 * day
)
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
    known = demo.json(ADDRESSES)
    pages = {}
    for name, path in PAGES.items():
        for placeholder, address in known.items():
            path = path.replace(placeholder, address)
        pages[name] = demo.url + path
    return pages


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Open a window of one width and colour scheme, logged in."""
    scheme, width = request.param
    size = {"width": width, "height": 800}
    context = chromium.new_context(color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
    window = context.new_page()
    demo.log_in(window)
    yield window
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


def days(page: Page, demo: Demo, _addresses: dict[str, str]) -> None:
    """Unfold the table of the last days on the overview."""
    page.goto(demo.url)
    unfold(page)


def unfold(page: Page) -> None:
    """Open all that is folded but the menu."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true })")


STATES: dict[str, Callable[[Page, Demo, dict[str, str]], None]] = {
    "explain-result": explained,
    "received-result": received,
    "domain-acknowledged": acknowledged,
    "overview-days": days,
}


def assert_sound(page: Page, name: str, reach: Callable[[], object]) -> None:
    """No accessibility fault, no sideways scrolling, nothing the policy blocked, one h1."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
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
