"""All that Relaydesk says goes through gettext, and longer words fit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

from tests.browser.pseudo import Page, make_locale
from tests.browser.test_pages import PAGES, PAST, addresses_of
from tests.processes import Demo, demo_installation

pytestmark = pytest.mark.browser

NAMES = """
import json
from django.contrib.auth.models import User
from dnscheck import hosts
from dnscheck.models import SendingDomain, Share
from smtp.models import SmtpSetting
from smtp.providers import PROVIDERS
from tenants.models import Tenant
rows = [
    *Tenant.objects.values_list("name", flat=True),
    *SmtpSetting.objects.values_list("name", flat=True),
    *SendingDomain.objects.values_list("name", flat=True),
    *User.objects.values_list("username", flat=True),
    *Share.objects.values_list("label", flat=True),
    *(page.name for page in PROVIDERS), *dict(hosts.choices()).values(), "Relaydesk",
]
print(json.dumps(rows))
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start a demo that speaks the language nobody speaks."""
    folder: Path = tmp_path_factory.mktemp("pseudo")
    language = {
        "DJANGO_SETTINGS_MODULE": "tests.pseudo_settings",
        "RELAYDESK_PSEUDO_LOCALE": str(make_locale(folder)),
    }
    with demo_installation(folder, **language) as started:
        started.settle()
        started.python(PAST)
        yield started


@pytest.fixture(scope="module")
def known(foreign: Demo) -> tuple[dict[str, str], set[str]]:
    """Return the address of each page, and the names that people gave."""
    return addresses_of(foreign), set(foreign.json(NAMES))


@pytest.fixture(scope="module")
def window(chromium: Browser, foreign: Demo) -> Iterator[Window]:
    """Open a narrow window, logged in."""
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    foreign.log_in(page)
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_speaks_the_language_of_its_reader(
    name: str, window: Window, known: tuple[dict[str, str], set[str]]
) -> None:
    """Nothing stands there that was not given to gettext, and nothing is too long."""
    addresses, names = known
    window.goto(addresses[name])
    page = Page(names)
    page.feed(window.content())
    assert page.untranslated == []
    assert window.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
