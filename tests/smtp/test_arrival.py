"""An accepted test mail that did not arrive: where its page sends the reader."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from smtp.models import Attempt, Kind, SmtpSetting, State
from tenants.models import Tenant
from tests.factories import make_attempt, make_domain, make_setting

pytestmark = pytest.mark.django_db

QUESTION = "did not arrive?"
EXAMINE = reverse("dnscheck:received")


@pytest.fixture
def browser(client: Client, editor: User, tenant: Tenant) -> Client:
    """Return a browser in which the editor is logged in."""
    client.force_login(editor)
    return client


def accepted(setting: SmtpSetting, **fields: Any) -> Attempt:
    """Make a test mail that was accepted."""
    values: dict[str, Any] = {
        "kind": Kind.TEST,
        "recipient": "anna@home.example",
        "message_id": "<1@shop.example>",
        "state": State.DONE,
        "succeeded": True,
        "finished_at": timezone.now(),
    }
    return make_attempt(setting, **{**values, **fields})


def page(browser: Client, attempt: Attempt) -> str:
    """Return the page of an attempt."""
    return browser.get(attempt.get_absolute_url()).content.decode()


def test_the_list_stands_at_accepted_test_mails_alone(browser: Client, tenant: Tenant) -> None:
    """Nobody looks for a mail that was never sent, or that was refused."""
    setting = make_setting(tenant)
    assert QUESTION in page(browser, accepted(setting))
    for fields in ({"kind": Kind.CONNECT}, {"succeeded": False}, {"succeeded": None}):
        assert QUESTION not in page(browser, accepted(setting, **fields))


def test_the_mail_can_be_searched_for(browser: Client, tenant: Tenant) -> None:
    """Mark and Message-ID are there to be copied, and so is the way to the examination."""
    attempt = accepted(make_setting(tenant))
    told = page(browser, attempt)
    assert f'data-copy="{attempt.mark}"' in told
    assert "&lt;1@shop.example&gt;" in told
    assert EXAMINE in told


@pytest.mark.parametrize(
    ("provider", "there", "not_there"),
    [
        (
            "aws-ses",
            ("suppression list", "starts in the sandbox", "sending-email-suppression-list.html"),
            ("comes back there", "How to find the log"),
        ),
        ("sendgrid", ("/email-activity-feed", "/index-suppressions"), ("comes back there",)),
        ("microsoft365", ("message-trace", "comes back there"), ("suppression list",)),
        ("zeptomail", ("suppression list",), ("How to find",)),
        ("gmail", ("comes back there", "queue of the server"), ("suppression list",)),
        ("mailtrap-sandbox", ("delivers nothing",), ("suppression list", EXAMINE)),
    ],
)
def test_the_list_fits_the_service(
    browser: Client, tenant: Tenant, provider: str, there: tuple[str, ...], not_there: tuple[str]
) -> None:
    """Suppression lists are for services, returned mail for mailboxes; a sandbox keeps all."""
    told = page(browser, accepted(make_setting(tenant, provider=provider)))
    told = told.partition(QUESTION)[2].partition("</details>")[0]
    assert reverse("smtp:provider", args=[provider]) in told
    assert [words for words in there if words not in told] == []
    assert [words for words in not_there if words in told] == []


def test_the_domains_verdict_stands_beside(
    browser: Client, tenant: Tenant, viewer: User, stranger: User
) -> None:
    """The tenant's own domain with what DMARC will say of this setting; else the way to add it."""
    setting = make_setting(tenant, provider="aws-ses", from_address="Mail@Shop.example")
    attempt = accepted(setting)
    make_domain(Tenant.objects.get(slug="elsewhere"), "shop.example", verdict="verified")
    add = reverse("dnscheck:add", args=[tenant.slug])
    assert "Nobody watches the records of shop.example" in page(browser, attempt)
    assert add in page(browser, attempt)
    onlooker = Client()
    onlooker.force_login(viewer)
    assert add not in page(onlooker, attempt)
    domain = make_domain(
        tenant,
        "shop.example",
        verdict="verified",
        unknown_since=timezone.now(),
        outlooks=[
            {"provider": "aws-ses", "setting": str(setting.pk), "sentence": "Ours passes."},
            {"provider": "aws-ses", "setting": "0", "sentence": "Another setting."},
            {"provider": "gmail", "sentence": "Another service."},
        ],
    )
    told = page(browser, attempt).partition(QUESTION)[2]
    assert domain.get_absolute_url() in told
    assert all(words in told for words in ("Verified", "Could not ask", "Ours passes."))
    assert "Another" not in told
