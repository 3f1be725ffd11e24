"""Notices: one row each, in the caller's transaction, harmless whatever stands in it."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from tenants import notices
from tenants.models import Notice, Tenant, Topic
from tenants.notices import Change, tell
from tests.fakes import NOW

pytestmark = pytest.mark.django_db


def told(tenant: Tenant | None = None, **fields: Any) -> Notice:
    """Tell something, and return its row."""
    values: dict[str, Any] = {
        "cause": "password-refused",
        "subject": "Main",
        "title": "Main fails.",
        "text": "The server refused the password.",
        "path": "/settings/1/",
        "now": NOW,
    }
    tell(tenant, fields.pop("topic", Topic.SETTING_FAILING), **{**values, **fields})
    return Notice.objects.latest("pk")


def test_what_is_told_is_a_row_that_waits_for_others(tenant: Tenant) -> None:
    """The notice is grouped by its cause for a minute before it goes out."""
    notice = told(tenant, changes=[Change("SPF", "old", "new", "Put it back.")], since=NOW)
    assert (notice.tenant, notice.topic, notice.thing) == (tenant, "setting.failing", "setting")
    assert notice.mail_after == notice.call_after == NOW + dt.timedelta(seconds=60)
    assert notice.changes == [{"name": "SPF", "old": "old", "new": "new", "edit": "Put it back."}]


def test_what_is_told_at_once_waits_for_nothing(tenant: Tenant) -> None:
    """A test notice goes out with the next sweep."""
    assert told(tenant, at_once=True).mail_after == NOW


def test_a_notice_goes_with_what_was_undone(tenant: Tenant) -> None:
    """It is written in the caller's transaction."""
    with transaction.atomic():
        told(tenant)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "given", ["a\r\nBcc: v@x.example", "a\x00b", "a\u202eb", "a\u2028b", "x" * 999]
)
def test_names_become_one_printable_line(given: str) -> None:
    """No line end, control character or change of direction is left, and no length."""
    notice = told(subject=given, title=given, changes=[Change(given, given * 9)])
    lines = [notice.subject, notice.title, *notice.changes[0].values()]
    assert all(line.isprintable() and len(line) <= 1000 for line in lines)
    assert len(notice.subject) <= 253


def test_old_notices_are_forgotten_a_few_at_a_time(tenant: Tenant) -> None:
    """After 90 days they go, the newer ones stay."""
    old = told(tenant, now=NOW - dt.timedelta(days=91))
    new = told(tenant, now=NOW - dt.timedelta(days=89))
    notices.forget(Notice.objects.all(), NOW)
    assert list(Notice.objects.all()) == [new]
    assert old.pk != new.pk


def test_a_storm_is_forgotten_in_pieces() -> None:
    """One sweep deletes so many rows and no more."""
    long_ago = NOW - dt.timedelta(days=100)
    rows = [Notice(topic=Topic.TEST, created_at=long_ago) for _ in range(501)]
    Notice.objects.bulk_create(rows)
    notices.forget(Notice.objects.all(), NOW)
    assert Notice.objects.count() == 1
