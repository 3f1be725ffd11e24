"""A demo of its own, with every process, and Chromium in front of it."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.processes import Demo, demo_installation
from tests.services import missing

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, for these tests only.

    Playwright leaves an event loop running in the process, in which no other can be started.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        missing("Chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start the demo and wait until its log-in page answers."""
    with demo_installation(tmp_path_factory.mktemp("demo")) as started:
        yield started
