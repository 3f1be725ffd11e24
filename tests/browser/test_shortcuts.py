"""Keys do what their list says, nothing while somebody types, and nothing once they are off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.processes import Demo

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Open a window, logged in, once there is something to list."""
    demo.settle()
    context = chromium.new_context()
    window = context.new_page()
    demo.log_in(window)
    yield window
    context.close()


def test_keys_go_places_and_through_rows(page: Page, demo: Demo) -> None:
    """Two keys lead to a page, j and k through its rows, x ticks one, Enter opens it."""
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(f"{demo.url}/domains/")
    links = page.locator("tbody th a")
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(links.nth(row)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[name=chosen]").nth(1)).to_be_checked()
    there = links.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo.url}{there}")
    page.keyboard.press("?")
    page.wait_for_url(f"{demo.url}/shortcuts/")


def test_a_field_gets_what_is_typed(page: Page, demo: Demo) -> None:
    """The slash leads into the search; there, and with Ctrl, keys are only keys."""
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("g d?")
    expect(page.locator("#search")).to_have_value("g d?")
    page.locator("h1").click()
    page.keyboard.press("Control+/")
    expect(page.locator("#search")).not_to_be_focused()
    assert page.url == f"{demo.url}/"


def test_shortcuts_can_be_switched_off(page: Page, demo: Demo) -> None:
    """Then no key does anything (WCAG 2.1.4), until they are on again."""
    page.goto(f"{demo.url}/shortcuts/")
    page.get_by_role("button", name="Switch them off").click()
    page.get_by_role("button", name="Switch them on").wait_for()
    for key in ("/", "g", "d", "j"):
        page.keyboard.press(key)
    expect(page.locator("#search")).not_to_be_focused()
    assert page.url == f"{demo.url}/shortcuts/"
    page.get_by_role("button", name="Switch them on").click()
    page.get_by_role("button", name="Switch them off").wait_for()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
