"""A domain's page and the DNS to-do on paper, and while somebody waits for a check."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.processes import Demo

pytestmark = pytest.mark.browser

ADDRESSES = """
import datetime as dt, json
from django.utils import timezone
from dnscheck.models import SendingDomain, Share
now, found = timezone.now(), {}
for name in ("truncated-dkim", "two-providers", "two-spf", "two-mx", "wrong-dkim"):
    row = SendingDomain.objects.get(name=f"{name}.example")
    ends = now + dt.timedelta(days=9)
    share = Share.objects.create(domain=row, label="Ann", created_at=now, expires_at=ends)
    found[name], found[f"{name} to-do"] = row.get_absolute_url(), share.get_absolute_url()
print(json.dumps(found))
"""
PRINTED = ("two-providers", "truncated-dkim", "two-providers to-do", "two-spf to-do")
# What of the records cannot be seen: hidden, of no height, or cut off at its side.
UNSEEN = """
parts => parts.filter(part => !part.checkVisibility({contentVisibilityAuto: true})
  || !part.getBoundingClientRect().height || part.scrollWidth > part.clientWidth + 1
).map(part => part.outerHTML)
"""


@pytest.fixture(scope="module")
def addresses(demo: Demo) -> dict[str, str]:
    """Return the address of each page, once everything was checked."""
    demo.settle()
    known: dict[str, str] = demo.json(ADDRESSES)
    return {name: demo.url + path for name, path in known.items()}


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Open a dark window, logged in."""
    context = chromium.new_context(color_scheme="dark")
    window = context.new_page()
    demo.log_in(window)
    yield window
    context.close()


@pytest.mark.parametrize("name", PRINTED)
def test_every_record_is_whole_on_paper(name: str, page: Page, addresses: dict[str, str]) -> None:
    """Folded or not, each name and value is seen in full, black on white, without buttons."""
    page.goto(addresses[name])
    folded = page.locator(".record details:not([open]), .record:not([open])")
    assert folded.count()
    values = page.locator(".record dd code, .record .value")
    assert values.evaluate_all(UNSEEN)
    page.emulate_media(media="print")
    assert values.evaluate_all(UNSEEN) == []
    assert page.locator("button:visible, nav:visible, .bar:visible").count() == 0
    assert "Printed on" in page.locator("main").inner_text()
    colours = "body => [getComputedStyle(body).color, getComputedStyle(body).backgroundColor]"
    assert page.locator("body").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_the_next_look_is_counted_down_to(page: Page, addresses: dict[str, str]) -> None:
    """Beside the time by the clock, for those who see the page; each look is followed at once."""
    page.goto(addresses["wrong-dkim"])
    page.get_by_role("button", name="I have published it").click()
    countdown = page.locator("[data-countdown] .countdown")
    expect(countdown).to_be_visible(timeout=20_000)
    assert countdown.get_attribute("aria-hidden") == "true"
    first = page.locator("[data-countdown]").get_attribute("datetime")
    anew = page.locator(f"[data-countdown]:not([datetime='{first}'])")
    expect(anew).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="I have published it")).to_be_visible()


def test_the_next_look_is_told_without_scripts(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    """Whoever has the link presses the button, and reads when to come back."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(addresses["two-mx to-do"])
    page.get_by_role("button", name="I have published it").click()
    for _ in range(40):
        if page.get_by_text("and at least every minute until").is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("Looking again at")).to_be_visible()
    context.close()
