"""Values are tried before they are saved, and what a hint offers is done by one button."""

import datetime as dt
import json
from ipaddress import ip_network
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from config.lab.certificates import Certificates
from config.lab.mailservers import PASSWORD, USERNAME, MailServer
from smtp import delivery, trials
from smtp.hints import Correction
from smtp.models import Attempt, Kind, SmtpSetting, State
from smtp.outcome import Failure, Stage
from smtp.vault import Unbound
from tenants.models import Tenant
from tests.factories import make_attempt, make_setting
from tests.fakes import NOW, Bell, Clock
from tests.smtp.test_forms import GOOD

CANARY = "CANARY-77aa-password"
NEW = "/tenants/acme/settings/new/"


@pytest.fixture(autouse=True)
def _loopback(settings: Settings) -> None:
    settings.SMTP_NETWORKS = [ip_network("127.0.0.1/32"), ip_network("::1/128")]


@pytest.fixture
def setting(tenant: Tenant) -> SmtpSetting:
    """Return a stored setting with a password."""
    values = {"name": "Main", "host": "smtp.example.com", "port": 587, "security": "starttls"}
    return make_setting(tenant, username="app", password=CANARY, from_name="Acme", **values)


def typed(**changes: str) -> dict[str, str]:
    """Return what a person types who tries the connection."""
    return {**GOOD, "try": "connection", **changes}


def failed(setting: SmtpSetting, **fields: Any) -> Attempt:
    """Make an attempt that found its port closed, and another one open."""
    probe = {"port": 2587, "security": "starttls", "milliseconds": 1.0, "failure": None}
    outcome = {
        "ok": False,
        "stage": Stage.CONNECT,
        "failure": Failure.CONNECTION_REFUSED,
        "reply": None,
        "message": "refused",
        "stages": [],
        "transcript": [],
        "unclear": False,
        "peer": "",
        "tls": "",
        "capabilities": [],
        "probes": [{**probe, "mechanisms": ["PLAIN"], "certificate": None}],
    }
    return make_attempt(
        setting, state=State.DONE, finished_at=NOW, succeeded=False, outcome=outcome, **fields
    )


def test_values_are_tried_without_saving_them(client: Client, editor: User, tenant: Tenant) -> None:
    """The form stays as it was typed, the attempt is beside it, and there is no setting."""
    client.force_login(editor)
    answer = client.post(f"{NEW}?provider=generic", typed(password=CANARY))
    page = answer.content.decode()
    attempt = Attempt.objects.get()
    assert answer.status_code == 200
    assert not SmtpSetting.objects.exists()
    assert (attempt.setting, attempt.tenant, attempt.kind) == (None, tenant, Kind.CONNECT)
    assert f'hx-get="/attempts/{attempt.pk}/live/' in page
    assert 'value="smtp.example.com"' in page
    assert CANARY not in page
    assert attempt.way is not None
    assert attempt.way.open_password() == CANARY


def test_a_draft_is_sealed_in_the_database(client: Client, editor: User, tenant: Tenant) -> None:
    """Neither the password nor the user name can be read there."""
    client.force_login(editor)
    client.post(f"{NEW}?provider=generic", typed(password=CANARY, username="tell-nobody"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT draft FROM smtp_attempt")
        (stored,) = cursor.fetchone()
    text = stored if isinstance(stored, str) else bytes(stored).decode()
    assert "tell-nobody" not in text
    assert CANARY not in text


def test_the_password_is_kept_from_one_try_to_the_next(
    client: Client, editor: User, tenant: Tenant
) -> None:
    """It need not be typed again to save, but not for another host either."""
    client.force_login(editor)
    client.post(f"{NEW}?provider=generic", typed(password=CANARY))
    draft = str(Attempt.objects.get().pk)
    client.post(f"{NEW}?provider=generic", {**GOOD, "draft": draft, "name": "Kept"})
    client.post(
        f"{NEW}?provider=generic",
        {**GOOD, "draft": draft, "name": "Stolen", "host": "mail.example.net"},
    )
    assert SmtpSetting.objects.get(name="Kept").open_password() == CANARY
    stolen = SmtpSetting.objects.filter(name="Stolen").first()
    assert stolen is None or not stolen.has_password


def test_nobody_uses_the_draft_of_another_person(
    client: Client, editor: User, owner: User, tenant: Tenant
) -> None:
    """Not even within the tenant."""
    client.force_login(editor)
    client.post(f"{NEW}?provider=generic", typed(password=CANARY))
    client.force_login(owner)
    client.post(f"{NEW}?provider=generic", {**GOOD, "draft": str(Attempt.objects.get().pk)})
    saved = SmtpSetting.objects.filter(name="Main").first()
    assert saved is None or not saved.has_password


def test_a_stored_password_is_tried_only_where_it_belongs(
    client: Client, editor: User, setting: SmtpSetting
) -> None:
    """An empty field means the stored one; another host asks for it again, at the field."""
    client.force_login(editor)
    edit = f"/settings/{setting.pk}/edit/"
    client.post(edit, typed(from_name="Somebody else"))
    way = Attempt.objects.get().way
    assert way is not None
    assert (way.open_password(), way.from_name) == (CANARY, "Somebody else")
    answer = client.post(edit, typed(host="mail.example.net"))
    assert "belongs to the old host" in answer.content.decode()
    assert Attempt.objects.count() == 1
    setting.refresh_from_db()
    assert setting.from_name == "Acme"


def test_a_test_mail_goes_out_with_values_that_are_not_saved(
    client: Client,
    editor: User,
    tenant: Tenant,
    certificates: Certificates,
    settings: Settings,
) -> None:
    """It arrives, with the sender as typed."""
    settings.SMTP_CA_FILE = str(certificates.ca_file)
    client.force_login(editor)
    with MailServer("accepts", certificates) as server:
        settings.SMTP_PORTS = [server.port]
        values = {"username": USERNAME, "password": PASSWORD, "port": str(server.port)}
        asked = typed(**values, host="localhost", recipient=editor.email)
        key = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
        client.post(f"{NEW}?provider=generic", {**asked, "try": "mail", "key": key})
        attempt = Attempt.objects.get()
        assert delivery.run(attempt.pk, clock=Clock())
    attempt.refresh_from_db()
    assert (attempt.kind, attempt.succeeded, attempt.recipient) == ("test", True, editor.email)
    assert b"From: Acme <mail@example.com>" in server.messages[0].data


def test_a_recipient_that_is_not_allowed_is_refused_at_its_field(
    client: Client, editor: User, tenant: Tenant
) -> None:
    """The rules are those of a stored setting."""
    client.force_login(editor)
    asked = typed(password=CANARY, recipient="x@elsewhere.example")
    key = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
    answer = client.post(f"{NEW}?provider=generic", {**asked, "try": "mail", "key": key})
    assert "Test mails go to your own address" in answer.content.decode()
    assert not Attempt.objects.exists()


def test_drafts_are_forgotten_after_an_hour(client: Client, editor: User, tenant: Tenant) -> None:
    """And one that still waits then ends with a reason."""
    client.force_login(editor)
    client.post(f"{NEW}?provider=generic", typed(password=CANARY))
    attempt = Attempt.objects.get()
    delivery.sweep(ring=Bell(), now=attempt.created_at + dt.timedelta(minutes=59))
    assert Attempt.objects.get().way is not None
    delivery.sweep(ring=Bell(), now=attempt.created_at + dt.timedelta(minutes=61))
    assert Attempt.objects.get().way is None
    assert delivery.run(attempt.pk, clock=Clock())
    assert Attempt.objects.get().failure == Failure.PASSWORD_NEEDED
    assert client.get(f"/attempts/{attempt.pk}/").status_code == 200


def test_one_button_corrects_and_tries_again(
    client: Client, editor: User, setting: SmtpSetting
) -> None:
    """Another port of the same host: the password goes with it."""
    client.force_login(editor)
    tried = failed(setting)
    assert (
        "Use port 2587 with STARTTLS and try again"
        in client.get(f"/attempts/{tried.pk}/").content.decode()
    )
    answer = client.post(f"/attempts/{tried.pk}/correct/")
    setting = SmtpSetting.objects.get()
    again = Attempt.objects.exclude(pk=tried.pk).get()
    assert answer["Location"] == f"/attempts/{again.pk}/"
    assert (setting.port, again.port, again.state) == (2587, 2587, State.QUEUED)
    assert setting.open_password() == CANARY


def test_a_correction_that_was_made_is_not_offered_again(
    client: Client, editor: User, setting: SmtpSetting
) -> None:
    """The old attempt leads to the newest one of the setting, if there is one."""
    client.force_login(editor)
    tried = failed(setting)
    made = "The setting has this already."
    page = f"/attempts/{tried.pk}/"
    assert made not in client.get(page).content.decode()
    SmtpSetting.objects.update(port=2587)
    text = client.get(page).content.decode()
    assert made in text
    assert "and try again" not in text
    assert "See its newest attempt" not in text
    again = make_attempt(setting)
    make_attempt(make_setting(setting.tenant, name="Other"))
    assert f'<a href="/attempts/{again.pk}/">See its newest attempt' in (
        client.get(page).content.decode()
    )


def test_what_was_changed_meanwhile_is_left_to_a_person(
    client: Client, editor: User, setting: SmtpSetting
) -> None:
    """The attempt tells nothing of the setting as it is now."""
    client.force_login(editor)
    tried = failed(setting)
    SmtpSetting.objects.update(host="other.example.com")
    answer = client.post(f"/attempts/{tried.pk}/correct/")
    assert answer["Location"] == f"/settings/{setting.pk}/edit/?attempt={tried.pk}"
    assert SmtpSetting.objects.get().port == 587


@pytest.mark.parametrize("changes", [{"host": "evil.example"}, {"security": "none"}])
def test_a_password_never_goes_to_another_host_or_without_encryption(
    setting: SmtpSetting, changes: dict[str, str]
) -> None:
    """Whatever a hint may offer."""
    ((field, value),) = changes.items()
    correction = Correction(field, value, "x")
    assert not trials.corrected(setting, correction)
    assert setting.open_password() == CANARY


def test_a_viewer_corrects_nothing(client: Client, viewer: User, setting: SmtpSetting) -> None:
    """The button is not there, and the address answers as if nothing were there."""
    client.force_login(viewer)
    tried = failed(setting)
    assert "try again" not in client.get(f"/attempts/{tried.pk}/").content.decode()
    assert client.post(f"/attempts/{tried.pk}/correct/").status_code == 404


def test_a_correction_in_the_form_is_typed_and_tried(
    client: Client, editor: User, tenant: Tenant
) -> None:
    """Without the password being typed again, though it belongs to the old port."""
    client.force_login(editor)
    client.post(f"{NEW}?provider=generic", typed(password=CANARY))
    first = Attempt.objects.get()
    Attempt.objects.filter(pk=first.pk).update(
        **{name: getattr(failed_like(first), name) for name in ("state", "finished_at", "outcome")},
        succeeded=False,
    )
    answer = client.post(
        f"{NEW}?provider=generic", {**GOOD, "draft": str(first.pk), "correct": str(first.pk)}
    )
    page = answer.content.decode()
    again = Attempt.objects.exclude(pk=first.pk).get(setting=None)
    assert again.way is not None
    assert (again.way.port, again.way.open_password()) == (2587, CANARY)
    assert 'name="port" value="2587"' in page


def failed_like(attempt: Attempt) -> Attempt:
    """Return the columns of a failure for an attempt that was only asked for."""
    other = failed(make_setting(host=attempt.host, port=attempt.port))
    found: Attempt = Attempt.objects.get(pk=other.pk)
    return found


def test_the_download_tells_everything_but_secrets(
    client: Client, viewer: User, setting: SmtpSetting
) -> None:
    """It is for other programs; whoever may see the attempt may have it."""
    client.force_login(viewer)
    tried = failed(setting)
    answer = client.get(f"/attempts/{tried.pk}/attempt.json")
    told = json.loads(answer.content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert told["outcome"]["probes"][0]["port"] == 2587
    assert told["hints"][0]["correction"]["value"] == "2587"
    assert CANARY not in answer.content.decode()


def test_a_setting_for_other_keys_is_not_corrected(setting: SmtpSetting) -> None:
    """A password that cannot be read goes nowhere."""
    setting.host = "moved.example.com"
    with pytest.raises(Unbound):
        setting.open_password()
    assert not trials.corrected(setting, Correction("port", "2587", "x"))


def test_all_settings_of_a_tenant_are_tried_at_once(
    client: Client, editor: User, setting: SmtpSetting
) -> None:
    """Each once, also after a second click; it is said how many."""
    make_setting(setting.tenant)
    make_setting()  # of somebody else
    client.force_login(editor)
    assert "Try all connections" in client.get("/tenants/acme/").content.decode()
    for _click in range(2):
        answer = client.post("/tenants/acme/settings/try/", follow=True)
        assert "2 connections are tried now." in answer.content.decode()
        assert answer.redirect_chain[0][0] == "/attempts/?tenant=acme"
    assert Attempt.objects.filter(kind=Kind.CONNECT).count() == 2


def test_not_all_of_very_many_are_tried_at_once(editor: User, tenant: Tenant) -> None:
    """Those that are used first come first, and how many were left out is known."""
    for number in range(trials.MOST_AT_A_TIME + 3):
        make_setting(tenant, name=f"Way {number:02}", priority=99 - number)
    bell = Bell()
    asked = trials.try_connections(tenant, user=editor, ring=bell, now=NOW)
    assert asked == (trials.MOST_AT_A_TIME, 3)
    assert not Attempt.objects.filter(setting__name="Way 00").exists()
