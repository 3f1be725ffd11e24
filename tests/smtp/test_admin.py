"""Settings and attempts in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from smtp.models import Attempt, Kind, SmtpSetting
from tenants.models import Tenant
from tests.factories import make_attempt, make_setting, make_tenant, make_user
from tests.smtp.test_forms import GOOD, SES

CANARY = "CANARY-4f1c-password"
LIST = "/admin/smtp/smtpsetting/"


@pytest.fixture
def setting(tenant: Tenant) -> SmtpSetting:
    """Return a setting of the tenant, with a password."""
    return make_setting(
        tenant,
        password=CANARY,
        name="Main",
        host="smtp.example.com",
        port=587,
        security="starttls",
        username="app",
    )


@pytest.fixture
def onlooker(db: None) -> User:
    """Return an operator who may look at settings and change nothing."""
    person = make_user("onlooker", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return person


def test_a_setting_is_added_with_the_form_of_the_pages(
    client: Client, tenant: Tenant, staff: User
) -> None:
    """The provider's own inputs are there, and the password is sealed for the tenant."""
    client.force_login(staff)
    form = client.get(f"{LIST}add/?provider=aws-ses").content.decode()
    assert 'name="region"' in form
    assert 'value="email-smtp.eu-west-1.amazonaws.com"' in form
    password = "B" + "x" * 43
    typed = {**SES, "tenant": str(tenant.pk), "password": password, "enabled": "on"}
    answer = client.post(f"{LIST}add/", typed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    setting = SmtpSetting.objects.get()
    assert (setting.tenant, setting.enabled, setting.inputs) == (
        tenant,
        True,
        {"region": "eu-west-1"},
    )
    assert setting.open_password() == password


def test_editing_keeps_the_password_and_the_tenant(
    client: Client, setting: SmtpSetting, staff: User
) -> None:
    """An empty password field keeps what is stored; a tenant in the request is ignored."""
    client.force_login(staff)
    other = make_tenant("Other")
    typed = {**GOOD, "from_name": "New name", "tenant": str(other.pk)}
    answer = client.post(f"{LIST}{setting.pk}/change/", typed)
    assert answer.status_code == 302
    after = SmtpSetting.objects.get()
    assert (after.from_name, after.tenant) == ("New name", setting.tenant)
    assert after.open_password() == CANARY


@pytest.mark.parametrize(
    "change", [{"host": "evil.example"}, {"port": "2525"}, {"username": "x"}, {"security": "none"}]
)
def test_the_password_is_asked_for_again(
    client: Client, setting: SmtpSetting, staff: User, change: dict[str, str]
) -> None:
    """An operator cannot take a stored password elsewhere either."""
    client.force_login(staff)
    answer = client.post(f"{LIST}{setting.pk}/change/", {**GOOD, **change})
    assert answer.status_code == 200
    assert "belongs to the old host" in answer.content.decode()
    assert CANARY not in answer.content.decode()
    assert SmtpSetting.objects.get().host == "smtp.example.com"


def test_a_change_of_provider_shows_its_fields(
    client: Client, setting: SmtpSetting, staff: User
) -> None:
    """With an error beside it, the form comes back with the inputs of the chosen provider."""
    client.force_login(staff)
    answer = client.post(f"{LIST}{setting.pk}/change/", {**GOOD, "provider": "aws-ses", "port": ""})
    assert answer.status_code == 200
    assert 'name="region"' in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?provider=aws-ses"])
def test_an_onlooker_sees_no_secret(
    client: Client, setting: SmtpSetting, onlooker: User, query: str
) -> None:
    """Without the right to change, the page shows the fields and whether there is a password."""
    client.force_login(onlooker)
    answer = client.get(f"{LIST}{setting.pk}/change/{query}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "smtp.example.com" in text
    assert CANARY not in text
    assert '<input type="password"' not in text
    assert client.post(f"{LIST}{setting.pk}/change/", {**GOOD, "name": "x"}).status_code == 403


@pytest.mark.parametrize("query", ["", "?q=main", "?provider__exact=generic", "?enabled__exact=0"])
def test_settings_are_listed_searched_and_filtered(
    client: Client, setting: SmtpSetting, staff: User, query: str
) -> None:
    """The list opens with each of them and shows the setting."""
    client.force_login(staff)
    assert b"smtp.example.com" in client.get(f"{LIST}{query}").content


def run_action(client: Client, action: str, *settings: SmtpSetting) -> Any:
    """Run an admin action on some settings."""
    chosen = [setting.pk for setting in settings]
    return client.post(LIST, {"action": action, "_selected_action": chosen}, follow=True)


def test_connections_are_tried_from_the_list(
    client: Client, setting: SmtpSetting, staff: User
) -> None:
    """Each chosen setting gets an attempt that waits for a worker."""
    client.force_login(staff)
    answer = run_action(client, "try_connection", setting, make_setting(setting.tenant))
    assert b"2 attempts were asked for" in answer.content
    assert set(Attempt.objects.values_list("kind", flat=True)) == {Kind.CONNECT.value}


def test_test_mails_go_to_the_operator(client: Client, setting: SmtpSetting, staff: User) -> None:
    """The recipient is the operator's own address, whatever the request says."""
    client.force_login(staff)
    run_action(client, "send_test_mail_to_me", setting)
    attempt = Attempt.objects.get()
    assert (attempt.kind, attempt.recipient) == (Kind.TEST, staff.email)


def test_test_mails_are_limited_in_the_admin_too(
    client: Client, setting: SmtpSetting, staff: User, settings: Any
) -> None:
    """The allowance is the tenant's, through whatever door it is used."""
    settings.TEST_MAILS_PER_HOUR = 1
    client.force_login(staff)
    answer = run_action(client, "send_test_mail_to_me", setting, make_setting(setting.tenant))
    assert b"has used up its test mails" in answer.content
    assert Attempt.objects.count() == 1


def test_an_operator_without_an_address_is_told(
    client: Client, setting: SmtpSetting, staff: User
) -> None:
    """Nothing is asked for."""
    User.objects.filter(pk=staff.pk).update(email="")
    client.force_login(staff)
    answer = run_action(client, "send_test_mail_to_me", setting)
    assert b"no e-mail address" in answer.content
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("action", ["try_connection", "send_test_mail_to_me"])
def test_an_onlooker_has_no_actions(
    client: Client, setting: SmtpSetting, onlooker: User, action: str
) -> None:
    """Trying uses the password, so it is for those who may change the setting."""
    client.force_login(onlooker)
    run_action(client, action, setting)
    assert not Attempt.objects.exists()


def test_the_history_is_only_read(client: Client, setting: SmtpSetting, staff: User) -> None:
    """Attempts are neither added nor changed nor deleted by hand, not even by a superuser."""
    attempt = make_attempt(setting)
    client.force_login(staff)
    place = f"/admin/smtp/attempt/{attempt.pk}"
    assert client.get("/admin/smtp/attempt/?q=main").status_code == 200
    assert client.get(f"{place}/change/").status_code == 200
    assert client.get("/admin/smtp/attempt/add/").status_code == 403
    assert client.post(f"{place}/change/", {"recipient": "x@y.example"}).status_code == 403
    assert client.post(f"{place}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [attempt.pk], "post": "yes"}
    client.post("/admin/smtp/attempt/", chosen)
    assert Attempt.objects.filter(pk=attempt.pk).exists()


def test_a_setting_goes_with_its_attempts(
    client: Client, setting: SmtpSetting, staff: User
) -> None:
    """The history does not keep a setting, or a tenant, from being deleted."""
    make_attempt(setting)
    client.force_login(staff)
    client.post(f"{LIST}{setting.pk}/delete/", {"post": "yes"})
    assert not SmtpSetting.objects.exists()
    assert not Attempt.objects.exists()
