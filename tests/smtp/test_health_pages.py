"""What the pages say of the health of settings, and of incidents."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from smtp.models import Incident, Kind, SettingHealth, SmtpSetting, State
from tenants.models import Tenant
from tests.factories import make_attempt, make_health, make_setting, make_tenant

HOUR = dt.timedelta(hours=1)
WORDS = ("Login fails", "In doubt", "Failed", "Failing", "No connection", "Mail failed")


def failing(setting: SmtpSetting, state: str = "failing", **fields: Any) -> SettingHealth:
    """Say that a setting fails for three hours, with the attempt that says why."""
    now = timezone.now()
    ended = {"kind": Kind.HEALTH, "state": State.DONE, "finished_at": now, "succeeded": False}
    attempt = make_attempt(setting, cause="The password is not accepted", **ended)
    values = {"state": state, "result": "refused", "bad_since": now - 3 * HOUR, "attempt": attempt}
    return make_health(setting, **{**values, **fields})


def incident(host: str = "smtp.example.com") -> Incident:
    """Open an incident."""
    return Incident.objects.create(host=host, opened_at=timezone.now(), cause="Nobody answers")


def page(client: Client, path: str) -> str:
    """Return the words of a page on one line."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_working_setting_says_when_it_was_tried(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """And when it is tried next."""
    setting = make_setting(tenant, enabled=True)
    client.force_login(viewer)
    assert "Nothing was tried since" in page(client, setting.get_absolute_url())
    make_health(setting)
    text = page(client, setting.get_absolute_url())
    assert "Logs in" in text
    assert "Next try <time" in text


@pytest.mark.parametrize(
    ("state", "words"),
    [("failing", "It cannot log in any more"), ("doubted", "The last login failed")],
)
def test_a_setting_that_fails_leads_to_the_attempt(
    client: Client, tenant: Tenant, viewer: User, state: str, words: str
) -> None:
    """Since when, why, and where the next step is told."""
    setting = make_setting(tenant, enabled=True)
    known = failing(setting, state)
    client.force_login(viewer)
    text = page(client, setting.get_absolute_url())
    assert words in text
    assert known.attempt is not None
    link = f'<a href="{known.attempt.get_absolute_url()}" lang="en">The password is not accepted'
    assert link in text


@pytest.mark.parametrize("path", ["/", "/tenants/acme/", ""])
@pytest.mark.parametrize(
    ("state", "enabled", "word"),
    [
        ("failing", True, "Login fails"),
        ("doubted", True, "In doubt"),
        ("doubted", False, "Login fails"),  # nobody tries it again
    ],
)
def test_a_failing_login_is_called_the_same_on_every_page(
    client: Client, tenant: Tenant, viewer: User, path: str, state: str, enabled: bool, word: str
) -> None:
    """On the overview, in the tenant's list and on the setting's own page."""
    setting = make_setting(tenant, enabled=enabled)
    ended = {"state": State.DONE, "finished_at": timezone.now(), "succeeded": False}
    failing(setting, state, attempt=make_attempt(setting, kind=Kind.CONNECT, **ended))
    client.force_login(viewer)
    text = page(client, path or setting.get_absolute_url()).partition("Last attempts")[0]
    shown = {
        one for one in WORDS if f"</svg> {one} </span>" in text.partition("Recent attempts")[0]
    }
    assert shown == {word}


@pytest.mark.parametrize("path", ["/", "/tenants/acme/", ""])
def test_an_incident_is_told_in_place_of_the_failing_login(
    client: Client, tenant: Tenant, viewer: User, path: str
) -> None:
    """On the setting, on the tenant's page, and first on the overview."""
    setting = make_setting(tenant, enabled=True)
    failing(setting, incident=incident())
    client.force_login(viewer)
    text = page(client, path or setting.get_absolute_url())
    assert "Logins at smtp.example.com fail" in text
    assert "Nobody answers" in text
    for past in ("Recent attempts", "Last attempts"):
        text = text.partition(past)[0]
    assert "The password is not accepted" not in text
    assert "cannot log in any more" not in text


@pytest.mark.parametrize("result", ["silent", "passing", "lasting", "refused"])
def test_an_incident_does_not_excuse_a_refused_login(
    client: Client, tenant: Tenant, viewer: User, result: str
) -> None:
    """Who has a wrong password is not told that nothing is wrong with the setting."""
    setting = make_setting(tenant, enabled=True)
    failing(setting, incident=incident(), result=result)
    client.force_login(viewer)
    text = page(client, setting.get_absolute_url())
    assert ("nothing is wrong with this one" in text) is (result != "refused")
    assert ("may have a reason of its own" in text) is (result == "refused")


def test_the_incident_of_others_is_not_told(client: Client, tenant: Tenant, stranger: User) -> None:
    """Nobody sees which other servers are in use here."""
    failing(make_setting(tenant, enabled=True), incident=incident())
    client.force_login(stranger)
    assert "smtp.example.com" not in page(client, "/")


def test_the_overview_lists_incidents_first_and_each_setting_once(
    client: Client, tenant: Tenant, staff: User
) -> None:
    """Failing before doubted before silent; what its health tells is not told again."""
    now = timezone.now()
    shared = incident()
    struck = [make_setting(tenant, enabled=True) for _ in range(3)]
    for one in struck:
        failing(one, incident=shared)
    silent = make_setting(tenant, name="Silent", enabled=True)
    make_health(silent, unknown_since=now - 30 * HOUR)
    failing(make_setting(tenant, name="Doubted", enabled=True), "doubted")
    bad = make_setting(tenant, name="Failing", enabled=True)
    make_attempt(bad, succeeded=False, state=State.DONE, finished_at=now)
    failing(bad)
    failing(make_setting(tenant, name="Off"))
    back = make_setting(tenant, name="Back", enabled=True)
    make_attempt(back, succeeded=False, state=State.DONE, finished_at=now)
    make_health(back)
    mail = make_setting(tenant, name="Mail", enabled=True)
    to = {"kind": Kind.TEST, "recipient": "a@b.example"}
    make_attempt(mail, succeeded=False, state=State.DONE, finished_at=now, **to)
    make_health(mail)
    client.force_login(staff)
    attention = client.get("/").context["attention"]
    told = [(row["pk"], row["number"], row["setting"]) for row in attention.incidents]
    assert told == [(shared.pk, 3, struck[0].pk)]
    assert [row["setting"] for row in attention.logins] == ["Failing", "Doubted", "Silent"]
    assert [row["setting"] for row in attention.settings] == ["Mail"]


def test_what_was_learnt_before_a_change_is_told_nowhere(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """Neither on the overview nor at the setting."""
    setting = make_setting(tenant, enabled=True)
    failing(setting, way_since=setting.way_since - HOUR)
    client.force_login(viewer)
    assert "Nothing was tried since" in page(client, setting.get_absolute_url())
    for path in ("/", tenant.get_absolute_url()):
        now = page(client, path).partition("Last attempts")[0]
        assert "The password is not accepted" not in now


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Once it is enabled, it is tried by itself."),
        ({"enabled": True, "watched": False}, "It is not tried by itself."),
        ({"enabled": True, "login": "token"}, "A token ends within the hour"),
    ],
)
def test_a_setting_that_is_not_watched_says_so(
    client: Client, tenant: Tenant, viewer: User, fields: dict[str, Any], words: str
) -> None:
    """And why, where it is known."""
    client.force_login(viewer)
    setting = make_setting(tenant, **fields)
    make_health(setting)
    assert words in page(client, setting.get_absolute_url())


def test_with_no_hours_nothing_is_promised(
    client: Client, tenant: Tenant, viewer: User, settings: Settings
) -> None:
    """The operator has switched the schedule off."""
    settings.HEALTH_HOURS = 0
    setting = make_setting(tenant, enabled=True)
    make_health(setting)
    client.force_login(viewer)
    assert "It is not tried by itself." in page(client, setting.get_absolute_url())


def test_scheduled_logins_can_be_chosen_from_the_attempts(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """The list says what they are, and filters them."""
    scheduled = make_attempt(make_setting(tenant), kind=Kind.HEALTH)
    make_attempt(make_setting(tenant))
    client.force_login(viewer)
    answer = client.get("/attempts/?kind=health")
    assert [row.pk for row in answer.context["page"]] == [scheduled.pk]
    assert "Scheduled login" in answer.content.decode()


def test_operators_read_incidents_in_the_admin(client: Client, staff: User) -> None:
    """They can be filtered, and neither added nor changed nor deleted alone."""
    client.force_login(staff)
    known = incident()
    assert "Logins at" in page(client, "/admin/smtp/incident/?ended_at__isempty=1")
    one = f"/admin/smtp/incident/{known.pk}/"
    assert "Nobody answers" in page(client, f"{one}change/")
    assert client.get("/admin/smtp/incident/add/").status_code == 403
    assert client.post(f"{one}delete/", {"post": "yes"}).status_code == 403


def test_the_admin_filters_settings_by_health(client: Client, staff: User) -> None:
    """The state stands in the list, also where nothing is known."""
    client.force_login(staff)
    failing(make_setting(name="Broken way"))
    make_setting(name="Unknown way")
    path = "/admin/smtp/smtpsetting/"
    assert "Unknown way" in page(client, path)
    filtered = page(client, f"{path}?health__state__exact=failing")
    assert "Broken way" in filtered
    assert "Unknown way" not in filtered


def test_pages_ask_as_much_for_many_settings(client: Client, staff: User) -> None:
    """The number of queries does not grow with failing settings and incidents."""
    client.force_login(staff)
    tenant = make_tenant("Large")

    def grow(number: int) -> None:
        for _ in range(number):
            failing(make_setting(tenant, enabled=True))
            failing(make_setting(tenant, enabled=True), incident=incident(f"h{_}{number}.example"))

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, path)
        return len(asked)

    paths = ("/", "/tenants/large/", "/admin/smtp/smtpsetting/", "/admin/smtp/incident/")
    grow(2)
    few = [queries(path) for path in paths]
    grow(7)
    assert [queries(path) for path in paths] == few
