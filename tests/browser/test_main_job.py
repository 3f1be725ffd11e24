"""The main job by hand: from a new tenant to a verified domain and an explained failure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config.lab.moods import MOODS
from config.lab.zones import KEY
from tests.processes import Demo

pytestmark = pytest.mark.browser

DOMAIN = "good-generic.example"
PATIENCE = 30_000  # milliseconds that the worker may take
PORTS = """
import json
from config.lab import ports
print(json.dumps(ports.MAIL_SERVERS))
"""


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Open a window, with and without JavaScript, logged in."""
    context = chromium.new_context(java_script_enabled=request.param)
    window = context.new_page()
    demo.log_in(window)
    yield window
    context.close()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Return a tenant's name of its own for each run of the job."""
    return f"Harbour {request.node.callspec.id}"


def reload_until(page: Page, text: str) -> None:
    """Wait for a word on the page; without JavaScript a person reloads."""
    for _ in range(60):
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{text} never came: {page.locator('main').inner_text()}")


def add_tenant(page: Page, demo: Demo, name: str) -> str:
    """Add a tenant; return the address of its page."""
    page.goto(demo.url)
    page.get_by_role("link", name="Add tenant").first.click()
    page.get_by_label("Who sends").fill(name)
    page.get_by_role("button", name="Add tenant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def add_setting(page: Page, mood: str, port: int) -> None:
    """Add a way out to a server of the lab."""
    page.get_by_role("link", name="Add setting").first.click()
    page.get_by_role("link", name="Other SMTP server").click()
    page.get_by_label("Name", exact=False).first.fill(MOODS[mood].title)
    page.get_by_label("Host").fill("localhost")
    page.get_by_label("Port").fill(str(port))
    page.get_by_label("Security").select_option("starttls")
    page.get_by_label("User name").fill("lab")
    page.get_by_label("Password", exact=True).fill("lab-password")
    page.get_by_label("From address").fill(f"mail@{DOMAIN}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MOODS[mood].title)


def test_from_a_new_tenant_to_verified_and_explained(page: Page, demo: Demo, name: str) -> None:
    """Set up, prove, publish, verify, break, and read why, all by clicking."""
    ports = demo.json(PORTS)
    tenant = add_tenant(page, demo, name)

    add_setting(page, "accepts", ports["accepts"])
    page.get_by_role("button", name="Try connection").click()
    reload_until(page, "accepted the login")
    page.goto(tenant)
    page.get_by_role("link", name=MOODS["accepts"].title, exact=True).first.click()
    page.get_by_role("button", name="Send test mail").click()
    reload_until(page, "Accepted")

    page.goto(tenant)
    page.get_by_role("link", name="Add domain").first.click()
    page.get_by_label("Domain").fill(f"http://{DOMAIN}/")
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_text(f"did you mean {DOMAIN}?")).to_be_visible()
    page.get_by_label("Domain").fill(DOMAIN)
    page.get_by_label("Who sends").select_option("generic")
    page.get_by_role("button", name="Add domain").click()
    page.get_by_label("SPF mechanism").fill("ip4:192.0.2.1")
    page.get_by_label("DKIM selector").fill(f"lab._domainkey.{DOMAIN}")
    page.get_by_label("DKIM public key").fill(f'lab._domainkey IN TXT "v=DKIM1; k=rsa; p={KEY}"')
    page.get_by_role("button", name="Add provider").click()
    reload_until(page, "2 of 2 right")
    expect(page.get_by_text("Verified").first).to_be_visible()

    page.goto(tenant)
    add_setting(page, "refuses-login", ports["refuses-login"])
    page.get_by_role("button", name="Try connection").click()
    reload_until(page, "The server does not accept this user name and password")


def test_a_changed_host_asks_for_the_password_and_loses_nothing(page: Page, demo: Demo) -> None:
    """The error stands at the password; what was typed stays, but for the password."""
    page.goto(f"{demo.url}/tenants/mail-clinic/")
    page.get_by_role("link", name=MOODS["refuses-login"].title, exact=True).click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Host").fill("127.0.0.1")
    page.get_by_label("From name").fill("Typed just now")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Host")).to_have_value("127.0.0.1")
    expect(page.get_by_label("From name")).to_have_value("Typed just now")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    described = page.get_by_label("Password", exact=True).get_attribute("aria-describedby") or ""
    errors = [page.locator(f"#{part}").inner_text() for part in described.split()]
    assert "again" in " ".join(errors)


def test_a_broken_record_is_seen_and_its_edit_shown(page: Page, demo: Demo) -> None:
    """Break SPF in the zone file, check, read the finding; mend it, check, verified."""
    [zone] = Path(demo.data / "lab" / "zones").glob("good-elastx.example.zone")
    good = zone.read_text()
    page.goto(f"{demo.url}/domains/?q=good-elastx")
    page.get_by_role("link", name="good-elastx.example").click()
    try:
        zone.write_text(good.replace("include:elastx.email", "mx"))
        page.get_by_role("button", name="Check now").click()
        reload_until(page, "v=spf1 mx include:elastx.email -all")
        reload_until(page, "2 of 3 right")
    finally:
        zone.write_text(good)
    page.get_by_role("button", name="Check now").click()
    reload_until(page, "3 of 3 right")
