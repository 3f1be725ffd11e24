"""What went well before a new setting was saved is told of it afterwards."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from smtp.models import Attempt, Kind, SettingHealth, SmtpSetting, State, outcome_columns
from smtp.outcome import Failure, Outcome, Stage
from tenants.models import Tenant
from tests.factories import make_setting
from tests.smtp.test_forms import GOOD

NEW = "/tenants/acme/settings/new/?provider=generic"
WENT_WELL = Outcome(ok=True, stage=Stage.QUIT)
REFUSED = Outcome(ok=False, stage=Stage.AUTH, failure=Failure.REPLY)
SECRET = "CANARY-31bd-password"


def tried(client: Client, outcome: Outcome | None = WENT_WELL, path: str = NEW) -> Attempt:
    """Try values that are not saved; this is what came of it."""
    client.post(path, {**GOOD, "password": SECRET, "try": "connection"})
    attempt: Attempt = Attempt.objects.get()
    if outcome is not None:
        ended = {"state": State.DONE, "finished_at": attempt.created_at + dt.timedelta(seconds=2)}
        Attempt.objects.filter(pk=attempt.pk).update(**outcome_columns(outcome, None), **ended)
    return attempt


def save(client: Client, attempt: Attempt, path: str = NEW, **changes: str) -> SmtpSetting:
    """Save what was tried, with changes; return the setting."""
    typed = {**GOOD, "draft": str(attempt.pk), **changes}
    assert client.post(path, typed).status_code == 302
    return SmtpSetting.objects.get(name=typed["name"])


def test_a_new_setting_logs_in_as_its_values_did(
    client: Client, editor: User, tenant: Tenant
) -> None:
    """Its page tells the attempt, whose values are kept no longer."""
    client.force_login(editor)
    attempt = tried(client)
    setting = save(client, attempt)
    attempt = Attempt.objects.get()
    assert (attempt.setting, attempt.kind, attempt.has_draft) == (setting, Kind.CONNECT, False)
    assert Attempt.objects.values_list("draft", flat=True).get() == ""
    assert setting.way_since == attempt.created_at
    assert setting.open_password() == SECRET
    assert SettingHealth.objects.current().get().state == "working"
    page = client.get(setting.get_absolute_url()).content.decode()
    assert "The server let it in." in page
    assert "Nothing was tried" not in page


@pytest.mark.parametrize(
    ("outcome", "changes"),
    [
        (REFUSED, {}),
        (None, {}),
        (WENT_WELL, {"password": "another-password"}),
        (WENT_WELL, {"host": "mail.example.net", "password": SECRET}),
        (WENT_WELL, {"port": "465", "security": "tls", "password": SECRET}),
        (WENT_WELL, {"username": "somebody-else", "password": SECRET}),
        (WENT_WELL, {"login": "token"}),
        (WENT_WELL, {"from_address": "other@example.com"}),
    ],
)
def test_what_was_not_tried_so_is_not_claimed(
    client: Client, editor: User, tenant: Tenant, outcome: Outcome | None, changes: dict[str, Any]
) -> None:
    """A failure, a try that runs, and other values than those that were saved."""
    client.force_login(editor)
    setting = save(client, tried(client, outcome), **changes)
    assert Attempt.objects.get().setting is None
    assert not SettingHealth.objects.exists()
    assert "Nothing was tried since" in client.get(setting.get_absolute_url()).content.decode()


def test_a_setting_that_was_there_before_is_tried_again(
    client: Client, editor: User, tenant: Tenant
) -> None:
    """What was tried with its old values in between must not count for the new ones."""
    client.force_login(editor)
    path = f"{make_setting(tenant, name='Main').get_absolute_url()}edit/"
    save(client, tried(client, path=path), path)
    assert Attempt.objects.get().setting is None


def test_another_person_proves_nothing(
    client: Client, editor: User, owner: User, tenant: Tenant
) -> None:
    """Values that are not saved belong to who typed them."""
    client.force_login(editor)
    attempt = tried(client)
    client.force_login(owner)
    save(client, attempt, password=SECRET)
    assert Attempt.objects.get().setting is None
