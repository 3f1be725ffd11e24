"""The first run, from nothing to verified and a test mail: few clicks, few fields, any hands."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.lab.zones import KEY
from tests.processes import Demo

pytestmark = pytest.mark.browser

Role = Literal["button", "link"]
MOST_CLICKS, MOST_FIELDS = 15, 8
MOST_TABS = 120  # on one page
FROM = "news@good-generic.example"
PORTS = """
import json
from config.lab import ports
print(json.dumps(ports.MAIL_SERVERS))
"""


class Mouse:
    """Somebody who clicks and types; each click and each field that is typed in is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.fields = page, 0, 0

    def press(self, role: Role, name: str) -> None:
        """Click a button or a link by its words."""
        self.clicks += 1
        self.page.get_by_role(role, name=name).first.click()

    def type(self, label: str, text: str) -> None:
        """Fill a field in."""
        self.fields += 1
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label: str, value: str) -> None:
        """Choose from a menu: a click to open it and one on the choice."""
        self.clicks += 2
        self.page.get_by_label(label).first.select_option(value)

    def wait_for(self, text: str) -> None:
        """Wait until a page says something; without JavaScript a person reloads."""
        for _ in range(60):
            if self.page.get_by_text(text).first.is_visible():
                return
            self.page.wait_for_timeout(500)
            if self.is_without_javascript:
                self.page.reload()
        raise AssertionError(f"{text} never came: {self.page.locator('main').inner_text()}")

    @property
    def is_without_javascript(self) -> bool:
        """Whether the page stands still."""
        return self.page.locator("html.js").count() == 0


class Keyboard(Mouse):
    """Somebody without a mouse: the Tab key leads everywhere, and shows where it is."""

    def press(self, role: Role, name: str) -> None:
        """Go to a button or a link, and press Enter."""
        self._go_to(self.page.get_by_role(role, name=name).first)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def type(self, label: str, text: str) -> None:
        """Go to a field and type over what is in it."""
        self._go_to(self.page.get_by_label(label).first)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str, value: str) -> None:
        """Go to a menu and type the beginning of the choice."""
        menu = self.page.get_by_label(label).first
        self._go_to(menu)
        self.page.keyboard.type(menu.locator(f"option[value={value}]").inner_text())
        expect(menu).to_have_value(value)

    def _go_to(self, target: Locator) -> None:
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                self._see_focus()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")

    def _see_focus(self) -> None:
        """What has the focus is seen to have it, and is not hidden behind the bar."""
        marked = """() => {
            const style = getComputedStyle(document.activeElement);
            return style.outlineStyle !== "none" || style.boxShadow !== "none";
        }"""
        assert self.page.evaluate(marked)
        covered = """() => {
            const box = document.activeElement.getBoundingClientRect();
            const bar = document.querySelector(".bar");
            if (bar.contains(document.activeElement)) return false;
            return box.bottom <= bar.getBoundingClientRect().bottom && box.bottom > 0;
        }"""
        assert not self.page.evaluate(covered)


HANDS = {
    "mouse": (Mouse, True),
    "keyboard": (Keyboard, True),
    "mouse-without-javascript": (Mouse, False),
}


@pytest.fixture(params=HANDS)
def hand(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[Mouse]:
    """Open a window for somebody who uses a mouse, or a keyboard alone."""
    kind, javascript = HANDS[request.param]
    context = chromium.new_context(java_script_enabled=javascript)
    window = context.new_page()
    demo.log_in(window)
    yield kind(window)
    context.close()


def test_from_nothing_to_verified(hand: Mouse, demo: Demo, request: pytest.FixtureRequest) -> None:
    """Three questions, a setting, a login, a test mail, the records: each leads to the next."""
    name = f"First run by {request.node.callspec.id}"
    page = hand.page

    hand.press("link", "Add tenant")
    hand.type("Who sends", name)
    hand.choose("Which provider", "generic")
    hand.type("Which From address", FROM)
    hand.press("button", "Add tenant")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    hand.press("link", "Add an SMTP setting")
    hand.type("Host", "localhost")
    hand.type("Port", str(demo.json(PORTS)["accepts"]))
    hand.type("User name", "lab")
    hand.type("Password", "lab-password")
    hand.press("button", "Save")
    hand.press("button", "Try connection")
    hand.wait_for("accepted the login")
    hand.press("link", "To the setting")
    hand.press("button", "Send test mail")
    hand.wait_for("accepted the mail")
    hand.press("link", name)

    hand.press("link", "Choose who sends for good-generic.example")
    hand.type("SPF mechanisms", "ip4:192.0.2.1")
    hand.type("DKIM public key", f'lab._domainkey IN TXT "v=DKIM1; k=rsa; p={KEY}"')
    hand.press("button", "Add provider")
    hand.wait_for("2 of 2 right")
    expect(page.get_by_text("Verified").first).to_be_visible()

    assert hand.clicks <= MOST_CLICKS
    assert hand.fields <= MOST_FIELDS
