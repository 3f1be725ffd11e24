"""From a provider's page to what is typed at the DNS host, by hand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from config.lab.zones import KEY
from tests.processes import Demo

pytestmark = pytest.mark.browser

TOKEN = "q7vkd3dfxkf5a5yq2zqcmwo6x2ymk7hb"


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Open a window, with and without JavaScript, logged in."""
    context = chromium.new_context(java_script_enabled=request.param, accept_downloads=True)
    window = context.new_page()
    demo.log_in(window)
    yield window
    context.close()


@pytest.fixture
def scripted(page: Page, request: pytest.FixtureRequest) -> bool:
    """Whether JavaScript is on."""
    return "with-javascript" in request.node.callspec.id


def open_domain(page: Page, demo: Demo, name: str) -> None:
    """Go to a domain's page by the list."""
    page.goto(f"{demo.url}/domains/?q={name}")
    page.get_by_role("link", name=name).click()


def test_a_provider_is_found_and_fills_the_form(page: Page, demo: Demo, scripted: bool) -> None:
    """Typing an old name finds the service; what everybody's login has in common is filled in."""
    page.goto(f"{demo.url}/tenants/good-company/settings/new/")
    page.get_by_label("Search by name").fill("twilio")
    if not scripted:
        page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Resend")).to_have_count(0)
    page.get_by_role("link", name="Twilio SendGrid").click()
    expect(page.get_by_label("Host")).to_have_value("smtp.sendgrid.net")
    expect(page.get_by_label("User name")).to_have_value("apikey")


def test_another_kind_of_records_asks_for_other_values_and_loses_none(
    page: Page, demo: Demo, scripted: bool
) -> None:
    """The fields follow the choice; what was typed in the others stays."""
    open_domain(page, demo, "good-generic.example")
    page.get_by_role("link", name="Add provider").click()
    page.get_by_role("link", name="Amazon SES Bulk").click()
    page.get_by_label("DKIM token 1").fill(f"{TOKEN}.dkim.amazonses.com")
    page.get_by_text("Optional records and features").click()
    page.get_by_label("MAIL FROM subdomain").fill("bounce")
    page.get_by_label("Kind of DKIM").select_option("byodkim")
    if not scripted:
        page.get_by_role("button", name="Add provider").click()
        expect(page.get_by_text("DKIM selector is needed")).to_be_visible()
    expect(page.get_by_label("DKIM public key")).to_be_visible()
    expect(page.get_by_label("DKIM token 1")).not_to_be_visible()
    expect(page.get_by_label("MAIL FROM subdomain")).to_have_value("bounce")
    page.get_by_label("DKIM public key").fill(
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B"
    )
    page.get_by_label("DKIM selector").fill("sel._domainkey.good-generic.example")
    page.get_by_role("button", name="Add provider").click()
    expect(page.get_by_text("This is a private key")).to_be_visible()
    expect(page.get_by_label("DKIM public key")).to_have_value("")
    page.get_by_label("DKIM public key").fill(KEY)
    page.get_by_role("button", name="Add provider").click()
    expect(page.get_by_text("DKIM selector: read as sel from what you pasted.")).to_be_visible()
    page.get_by_role("link", name="Remove Amazon SES").click()
    page.get_by_role("button").filter(has_text="Remove").click()


def test_records_are_worded_for_the_dns_host(page: Page, demo: Demo) -> None:
    """Porkbun is recognised and its trap is said; the wording follows another choice."""
    open_domain(page, demo, "doubled-host.example")
    expect(page.get_by_text("are those of Porkbun")).to_be_visible()
    page.get_by_text("Show the fields of another DNS host").click()
    page.get_by_label("Show the fields as in").select_option("route53")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Shown as in the form of Amazon Route 53")).to_be_visible()
    expect(page.locator("code", has_text='"v=DKIM1; h=sha256; k=rsa; p=').first).to_be_visible()
    page.get_by_text("Show the fields of another DNS host").click()
    page.get_by_label("Show the fields as in").select_option("")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("are those of Porkbun")).to_be_visible()


def test_the_records_can_be_taken_elsewhere(page: Page, demo: Demo) -> None:
    """A format is shown, and handed out as a file."""
    open_domain(page, demo, "wrong-cname.example")
    page.get_by_role("link", name="Export").click()
    page.get_by_role("link", name="Zone file (BIND)").click()
    expect(page.get_by_text("IN CNAME q7lab1.dkim.amazonses.com.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "wrong-cname.example-bind.zone"
