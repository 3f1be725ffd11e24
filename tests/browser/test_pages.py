"""Each page in both colour schemes and at two widths: readable, reachable, nothing blocked.

Screenshots are written to `screenshots/`, which git ignores, to be looked at.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

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
    "tenant-add": "/tenants/new/",
    "catalogue": "/providers/",
    "catalogue-search": "/providers/?q=zoho",
    "provider": "/providers/resend/",
    "provider-uncertain": "/providers/netcore/",
    "provider-notice": "/providers/microsoft365/",
    "provider-pick": "/tenants/good-company/settings/new/",
    "setting-fixed-user": "/tenants/good-company/settings/new/?provider=sendgrid",
    "setting-add": "/tenants/good-company/settings/new/?provider=aws-ses",
    "setting": "{Refuses the login}",
    "setting-edit": "{Refuses the login}edit/",
    "attempts": "/attempts/",
    "attempt-good": "{attempt:Accepts mail (STARTTLS)}",
    "attempt-bad": "{attempt:Refuses the login}",
    "attempt-unclear": "{attempt:Takes the message and says nothing}",
    "domains": "/domains/",
    "domain-add": "/tenants/good-company/domains/new/",
    "domain-good": "{two-providers.example}",
    "domain-bad": "{doubled-host.example}",
    "domain-two-spf": "{two-spf.example}",
    "domain-silent": "{silent.example}",
    "domain-route53": "{truncated-dkim.example}",
    "domain-two-hosts": "{spf-budget.example}",
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
from dnscheck.models import SendingDomain
from smtp.models import Attempt, SmtpSetting
found = {"{%s}" % row.name: row.get_absolute_url() for row in SendingDomain.objects.all()}
for row in SmtpSetting.objects.filter(tenant__slug="mail-clinic"):
    found["{%s}" % row.name] = row.get_absolute_url()
    found["{attempt:%s}" % row.name] = row.attempts.first().get_absolute_url()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def addresses(demo: Demo) -> dict[str, str]:
    """Return the address of each page, once everything was checked and tried."""
    demo.settle()
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


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(name: str, page: Page, addresses: dict[str, str]) -> None:
    """No accessibility fault, no sideways scrolling, nothing the policy blocked, one h1."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            said.append(message.text)

    page.on("console", listen)
    page.goto(addresses[name])
    page.wait_for_load_state("networkidle")
    shoot(page, name)
    assert said == []
    assert page.locator("h1").count() == 1
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide} px too wide"
    violations = Axe().run(page).response["violations"]
    assert violations == [], [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in violations]


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
