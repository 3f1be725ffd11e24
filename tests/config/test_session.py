"""Nothing typed is lost when the session ended, or when somebody logged in since."""

import datetime as dt
import html
import re
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dnscheck.models import SendingDomain, Share
from smtp.models import SmtpSetting
from tenants.models import Tenant
from tests.factories import make_domain

pytestmark = pytest.mark.django_db

FORM = {
    **{"name": "Typed & kept", "provider": "generic", "host": "mail.shop.example", "port": "587"},
    **{"security": "starttls", "username": "shop", "password": "s3cret-one", "login": "password"},
    **{"from_address": "a@shop.example", "from_name": "", "reply_to": "", "priority": "1"},
    **{"extra_headers": "X-One=1\nX-Two=2"},
}


def hidden(text: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}


def log_in(browser: Client, person: User, fields: dict[str, str]) -> Any:
    """Log in with what the log-in page holds."""
    return browser.post("/login/", {**fields, "username": person.username, "password": "pw"})


def test_a_form_survives_the_end_of_a_session(client: Client, tenant: Tenant, editor: User) -> None:
    """Log in, press one button, enter the password once more: the setting is there."""
    there = "/tenants/acme/settings/new/?provider=generic"
    page = client.post(there, FORM)
    assert page.status_code == 403
    assert b"what you typed is kept" in page.content
    assert b"s3cret-one" not in page.content
    fields = hidden(page.content.decode())
    assert parse_qs(fields["kept"])["name"] == ["Typed & kept"]
    page = log_in(client, editor, fields)
    assert page.status_code == 200
    assert b"s3cret-one" not in page.content
    assert b'name="password" autocomplete="off" required' in page.content
    assert f'action="{there}"' in page.content.decode()
    kept = hidden(page.content.decode())
    assert {name: FORM[name] for name in kept.keys() & FORM.keys()} == {
        name: kept[name].replace("\r\n", "\n") for name in kept.keys() & FORM.keys()
    }
    saved = client.post(there, {**kept, "password": "s3cret-one"})
    assert saved.status_code == 302, saved.context["form"].errors
    assert SmtpSetting.objects.get().open_password() == "s3cret-one"


def test_a_wrong_password_loses_nothing_either(
    client: Client, tenant: Tenant, editor: User
) -> None:
    """What was kept is still there when the log-in is tried again."""
    fields = hidden(client.post("/tenants/acme/settings/new/", FORM).content.decode())
    wrong = client.post("/login/", {**fields, "username": editor.username, "password": "wrong"})
    assert hidden(wrong.content.decode())["kept"] == fields["kept"]


def test_a_button_without_fields_goes_on_as_well(
    client: Client, tenant: Tenant, editor: User
) -> None:
    """Nothing was typed, but something was wanted."""
    address = f"{make_domain(tenant).get_absolute_url()}check/"
    page = log_in(client, editor, hidden(client.post(address).content.decode()))
    assert f'action="{address}"' in page.content.decode()
    assert client.post(address).status_code == 302


def test_another_person_does_not_get_further_than_they_may(
    client: Client, tenant: Tenant, stranger: User
) -> None:
    """Who logs in is asked for their rights as ever."""
    there = "/tenants/acme/settings/new/"
    page = log_in(client, stranger, hidden(client.post(there, FORM).content.decode()))
    assert client.post(there, hidden(page.content.decode())).status_code == 404


def test_a_log_in_as_ever_goes_where_it_should(
    client: Client, tenant: Tenant, editor: User
) -> None:
    """Nothing was sent, so nothing is kept."""
    page = client.get("/tenants/acme/", follow=True)
    fields = hidden(page.content.decode())
    assert "kept" not in fields
    assert log_in(client, editor, fields)["Location"] == "/tenants/acme/"


def test_a_log_in_leads_to_no_other_site(client: Client, editor: User) -> None:
    """Neither the way back nor what was kept."""
    fields = {"next": "https://evil.example/", "kept": "a=b"}
    page = log_in(client, editor, fields)
    assert b"evil" not in page.content
    assert b'action="/"' in page.content


def test_a_page_that_looks_for_news_is_told_why_there_is_none(
    client: Client, tenant: Tenant
) -> None:
    """The log-in page is not put into the middle of another one; a word at its top leads there."""
    there = make_domain(tenant).get_absolute_url()
    headers = {"HX-Request": "true", "HX-Current-URL": f"https://evil.example{there}?a=b&c=d"}
    answer = client.get(f"{there}live/", headers=headers)
    assert (answer.status_code, answer["HX-Retarget"]) == (286, ".notes")
    assert b"Your session has ended" in answer.content
    assert b"<html" not in answer.content
    assert b"evil" not in answer.content
    assert f'href="/login/?next={quote(there)}%3Fa%3Db%26c%3Dd"' in answer.content.decode()


def make_share(domain: SendingDomain) -> Share:
    """Make a link to a public page."""
    now = timezone.now()
    ends = now + dt.timedelta(days=1)
    return Share.objects.create(domain=domain, label="Ann", created_at=now, expires_at=ends)


def too_old(browser: Client, address: str, **headers: str) -> Any:
    """Send a form with a token from before the last log-in."""
    return browser.post(
        address, {"note": "typed", "csrfmiddlewaretoken": "x" * 64}, headers=headers
    )


def test_a_form_from_before_the_last_log_in_can_be_sent_again(tenant: Tenant, editor: User) -> None:
    """The browser says that it is ours: it is given back with a token that counts."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    address = f"{make_domain(tenant).get_absolute_url()}check/"
    page = too_old(client, address, origin="http://testserver")
    assert page.status_code == 200
    fields = hidden(page.content.decode())
    assert fields["note"] == "typed"
    assert client.post(address, fields).status_code == 302


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example"]
)
def test_a_form_of_another_site_is_never_given_back(
    origin: str, tenant: Tenant, editor: User
) -> None:
    """Nobody is led to press a button for somebody else's form."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    answer = too_old(client, f"{make_domain(tenant).get_absolute_url()}check/", origin=origin)
    assert answer.status_code == 403
    assert b"typed" not in answer.content


def test_the_log_in_form_itself_is_not_given_back(editor: User) -> None:
    """Its password would be asked for twice; the page says what to do."""
    client = Client(enforce_csrf_checks=True)
    answer = too_old(client, "/login/", origin="http://testserver")
    assert answer.status_code == 403


def kept_page(browser: Client, there: str) -> dict[str, str]:
    """Send a form that is kept, as the session has ended; return what the log-in page holds."""
    return hidden(too_old(browser, there, origin="http://testserver").content.decode())


@pytest.mark.parametrize("place", ["/tenants/acme/settings/new/", "https://evil.example/"])
def test_a_second_form_survives_the_log_in_for_the_first(
    place: str, tenant: Tenant, editor: User
) -> None:
    """Two pages were open when the session ended: a log-in on one is one for the other as well."""
    client = Client(enforce_csrf_checks=True)
    first, second = (kept_page(client, "/tenants/acme/settings/new/") for _ in range(2))
    ours = {"origin": "http://testserver"}
    person = {"username": editor.username, "password": "pw"}
    assert client.post("/login/", {**first, **person}, headers=ours).status_code == 200
    page = client.post("/login/", {**second, **person, "next": place}, headers=ours)
    assert page.status_code == 200
    assert hidden(page.content.decode())["note"] == "typed"
    there = "/" if "evil" in place else place
    assert f'<form method="post" action="{there}" class="card' in page.content.decode()
    assert b"evil" not in page.content


def test_a_browser_without_cookies_is_told_so(tenant: Tenant) -> None:
    """To give it the form of a public page back would lead to the same page, again and again."""
    share = make_share(make_domain(tenant))
    client = Client(enforce_csrf_checks=True)
    address = f"{share.get_absolute_url()}check/"
    page = too_old(client, address, origin="http://testserver")
    assert page.status_code == 403
    assert b"keeps no cookies" in page.content
    client.cookies[settings.CSRF_COOKIE_NAME] = "y" * 32
    assert too_old(client, address, origin="http://testserver").status_code == 200
