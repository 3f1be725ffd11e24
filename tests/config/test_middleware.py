"""What every answer carries: here, times by the reader's clock, and a page for the lost."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tenants.models import Tenant
from tests.factories import make_domain

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 1, 15, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("cookie", "told"),
    [
        ("", "15 January 2026, 23:30:00 UTC"),
        ("Europe/Stockholm", "16 January 2026, 00:30:00 CET"),
        ("America/New_York", "15 January 2026, 18:30:00 EST"),
        ("Nowhere/At_All", "15 January 2026, 23:30:00 UTC"),
        ("../../etc/passwd", "15 January 2026, 23:30:00 UTC"),
    ],
)
def test_times_are_told_by_the_readers_clock(
    cookie: str, told: str, client: Client, tenant: Tenant, viewer: User
) -> None:
    """The browser names its zone; without one, or with nonsense, it is the installation's."""
    client.force_login(viewer)
    client.cookies["time_zone"] = cookie
    page = client.get(make_domain(tenant, verdict_since=AT).get_absolute_url())
    assert told in page.content.decode()


def test_one_readers_clock_is_not_the_next_ones(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """A thread that answered somebody in Tokyo is back on the installation's clock."""
    client.force_login(viewer)
    there = make_domain(tenant, verdict_since=AT).get_absolute_url()
    client.cookies["time_zone"] = "Asia/Tokyo"
    assert "08:30:00 JST" in client.get(there).content.decode()
    del client.cookies["time_zone"]
    assert "23:30:00 UTC" in client.get(there).content.decode()


def test_the_address_of_a_button_is_explained(client: Client, tenant: Tenant, editor: User) -> None:
    """Whoever logs in again and is led there reads that nothing was done, and what to do."""
    client.force_login(editor)
    address = f"{make_domain(tenant).get_absolute_url()}check/"
    answer = client.get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert b"Nothing was done." in answer.content
    assert client.post(address).status_code == 302


def test_a_form_that_was_too_old_is_explained(tenant: Tenant, editor: User) -> None:
    """The page for a missing or foreign token is the house's own."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    answer = client.post(f"{make_domain(tenant).get_absolute_url()}check/")
    assert answer.status_code == 403
    assert b"reload the page and send it again" in answer.content


def test_the_admin_writes_the_day_before_the_month(
    client: Client, tenant: Tenant, staff: User
) -> None:
    """Nov. 3 or 3/11: with the month by name and 24 hours nobody has to guess."""
    make_domain(tenant, next_check_at=AT)
    client.force_login(staff)
    assert b"15 January 2026, 23:30" in client.get("/admin/dnscheck/sendingdomain/").content
