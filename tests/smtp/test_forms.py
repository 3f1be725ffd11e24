"""What may be typed about a setting, and what happens to its password."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import LazySettings

from smtp import providers, vault
from smtp.forms.settings import SettingForm
from smtp.models import SmtpSetting
from smtp.pages import presets
from tenants.models import Tenant
from tests.factories import make_domain, make_setting, make_tenant

PASSWORD = "CANARY-4f1c-password"
GOOD = {
    "name": "Main",
    "provider": "generic",
    "host": "smtp.example.com",
    "port": "587",
    "security": "starttls",
    "username": "app",
    "password": "",
    "from_address": "mail@example.com",
    "from_name": "Acme",
    "reply_to": "",
    "extra_headers": "",
    "priority": "1",
}
SES = {**GOOD, "provider": "aws-ses", "region": "eu-west-1", "username": "AKIAIOSFODNN7EXAMPLE"}
SES |= {"host": "email-smtp.eu-west-1.amazonaws.com"}


def form_for(setting: SmtpSetting, /, **changes: str) -> SettingForm:
    """Return the form as posted, with some fields changed."""
    return SettingForm({**GOOD, **changes}, instance=setting)


def new_form(tenant: Tenant, /, **changes: str) -> SettingForm:
    """Return the form for a new setting of a tenant."""
    return form_for(SmtpSetting(tenant=tenant), **changes)


def stored(tenant: Tenant, **fields: Any) -> SmtpSetting:
    """Return a setting as the pages load it: with its password left in the database."""
    values = {"name": "Main", "host": "smtp.example.com", "port": 587, "security": "starttls"}
    values |= {"username": "app", "password": PASSWORD, "from_name": "Acme"}
    pk = make_setting(tenant, **{**values, **fields}).pk
    return SmtpSetting.objects.get(pk=pk)


def reloaded(setting: SmtpSetting) -> SmtpSetting:
    """Return the setting as it is in the database."""
    return SmtpSetting.objects.get(pk=setting.pk)


def test_a_good_setting_is_stored_with_its_password(tenant: Tenant) -> None:
    """What was typed is stored; the password is sealed, and the setting stays switched off."""
    form = new_form(tenant, password=PASSWORD, reply_to="help@example.com", debug="on")
    assert form.is_valid(), form.errors
    setting = reloaded(form.save())
    assert (setting.tenant, setting.host, setting.port) == (tenant, "smtp.example.com", 587)
    assert (setting.open_password(), setting.has_password) == (PASSWORD, True)
    assert (setting.enabled, setting.debug) == (False, True)


@pytest.mark.parametrize(
    "field", ["has_password", "enabled", "tenant", "inputs", "created_at", "id", "pk"]
)
def test_fields_that_are_not_in_the_form_are_ignored(tenant: Tenant, field: str) -> None:
    """Extra fields of a request change nothing."""
    other = make_tenant("Other")
    form = new_form(tenant, **{field: str(other.pk)})
    assert form.is_valid()
    setting = reloaded(form.save())
    assert setting.tenant == tenant
    assert not setting.enabled
    assert not setting.has_password


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Evil\r\nBcc: v@x"),
        ("name", "x" * 101),
        ("provider", "nobody"),
        ("host", ""),
        ("host", "smtp.example.com:587"),
        ("host", "smtps://smtp.example.com"),
        ("host", "user@smtp.example.com"),
        ("host", "a" * 254),
        ("host", "a" * 64 + ".example.com"),
        ("host", "smtp example.com"),
        ("port", ""),
        ("port", "0"),
        ("port", "-1"),
        ("port", "65536"),
        ("port", "587;DROP"),
        ("port", "22"),
        ("port", "6379"),
        ("port", "443"),
        ("security", "ssl"),
        ("username", "a\x00b"),
        ("username", "a\r\nb"),
        ("username", "x" * 256),
        ("password", "x" * 10_000),
        ("password", "with\x00nul"),
        ("password", "with\nnewline"),
        ("password", "with\rreturn"),
        ("password", "with\x7fdelete"),
        ("from_address", ""),
        ("from_address", "a@x.example, b@y.example"),
        ("from_address", "root"),
        ("from_address", "|/bin/sh@x"),
        ("from_address", "a@[127.0.0.1]"),
        ("from_address", "a@x.example\r\nBcc: v@x.example"),
        ("from_address", "ä@x.example"),
        ("from_name", "Evil\r\nBcc: v@x"),
        ("from_name", "right\u202eleft"),
        ("reply_to", "a@x.example, b@y.example"),
        ("reply_to", "a@x.example\nBcc: v@x.example"),
        ("extra_headers", "X-A: 1\r\nBcc: v@x=1"),
        ("extra_headers", "Bcc=v@x"),
        ("extra_headers", "From=v@x"),
        ("extra_headers", "Content-Type=text/html"),
        ("extra_headers", "X-A=v\u2028Bcc: v@x"),
        ("extra_headers", "X-A=v\x0bBcc: v@x"),
        ("extra_headers", "NoEquals"),
        ("extra_headers", "X-A=1\nx-a=2"),
        ("extra_headers", "X-A=" + "x" * 10_000),
        ("priority", "0"),
        ("priority", ""),
    ],
)
def test_bad_input_is_refused_at_its_field(tenant: Tenant, field: str, value: str) -> None:
    """The sentence stands where the mistake is, and nowhere else."""
    form = new_form(tenant, **{"password": PASSWORD, field: value})
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "mail.localhost",
        "127.0.0.1.",
        "0",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "１２７.0.0.1",
        "①②⑦.⓪.⓪.①",
        "::1",
        "[::1]",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "169.254.169.254",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "10.1.2.3",
        "100.64.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
    ],
)
def test_addresses_inside_are_refused_as_hosts(tenant: Tenant, host: str) -> None:
    """Nobody may point a setting at the machine itself or at the network behind it."""
    form = new_form(tenant, host=host)
    assert not form.is_valid()
    assert list(form.errors) == ["host"]


def test_an_operator_can_open_a_network(tenant: Tenant, settings: LazySettings) -> None:
    """A relay on a private address is allowed once its network is named."""
    settings.SMTP_NETWORKS = [ip_network("10.0.0.0/8")]
    assert new_form(tenant, host="10.1.2.3", password=PASSWORD).is_valid()
    assert not new_form(tenant, host="192.168.1.1").is_valid()


def test_all_refused_ports_get_the_same_sentence(tenant: Tenant) -> None:
    """What is behind a port cannot be told from the answer."""
    said = {str(new_form(tenant, port=port).errors["port"]) for port in ("22", "0", "x", "70000")}
    assert len(said) == 1
    assert "587" in said.pop()


def test_a_host_is_stored_in_one_form(tenant: Tenant) -> None:
    """Letters are lowered, a final dot is dropped, other scripts become A-labels."""
    form = new_form(tenant, host=" SMTP.Exämple.COM. ", password=PASSWORD)
    assert form.is_valid(), form.errors
    assert form.save().host == "smtp.xn--exmple-cua.com"


def test_a_second_setting_of_a_name_is_refused(tenant: Tenant) -> None:
    """Names tell settings apart within a tenant; another tenant may use the same."""
    make_setting(tenant, name="Main")
    assert list(new_form(tenant).errors) == ["name"]
    assert new_form(make_tenant("Other")).is_valid()


# --- The password -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "pässwörd",
        "   ",
        " blanks around ",
        "gAAAAABk-looks-like-a-token",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "%(x)s",
        "x" * 1024,
        '"; DROP TABLE',
    ],
)
def test_a_password_is_kept_exactly(tenant: Tenant, password: str) -> None:
    """Nothing is trimmed, decrypted, expanded or escaped."""
    form = new_form(tenant, password=password)
    assert form.is_valid(), form.errors
    assert reloaded(form.save()).open_password() == password


def test_an_empty_password_keeps_the_stored_one(tenant: Tenant) -> None:
    """Editing other fields leaves the column alone, letter for letter."""
    setting = stored(tenant)
    before = SmtpSetting.objects.filter(pk=setting.pk).values_list("has_password", "password").get()
    form = form_for(setting, from_name="New name", priority="2", debug="on")
    assert form.is_valid(), form.errors
    form.save()
    assert setting.get_deferred_fields() == {"password"}
    after = reloaded(setting)
    assert (after.from_name, after.priority, after.has_password) == ("New name", 2, True)
    assert (True, after.password) == before
    assert after.open_password() == PASSWORD


@pytest.mark.parametrize(
    "change",
    [
        {"host": "evil.example"},
        {"port": "2525"},
        {"port": "465", "security": "tls"},
        {"security": "none"},
        {"username": "somebody-else"},
        {"username": ""},
    ],
)
def test_a_change_of_the_way_asks_for_the_password_again(
    tenant: Tenant, change: dict[str, str]
) -> None:
    """A stored password is never taken along to another server, port, security or name."""
    setting = stored(tenant)
    form = form_for(setting, **change)
    assert not form.is_valid()
    assert "belongs to the old host" in str(form.errors["password"])
    assert reloaded(setting).open_password() == PASSWORD


def test_the_way_changes_with_the_password_typed_again(tenant: Tenant) -> None:
    """Then the new one is sealed to the new values."""
    setting = stored(tenant)
    form = form_for(setting, host="other.example.com", password="another one")
    assert form.is_valid(), form.errors
    form.save()
    after = reloaded(setting)
    assert (after.host, after.open_password()) == ("other.example.com", "another one")


def test_a_row_changed_behind_the_form_does_not_open(tenant: Tenant) -> None:
    """Even where the form is passed by, the stored password stays bound to its host."""
    setting = stored(tenant)
    SmtpSetting.objects.filter(pk=setting.pk).update(host="evil.example")
    with pytest.raises(vault.Unbound):
        reloaded(setting).open_password()


def test_the_password_can_be_removed(tenant: Tenant) -> None:
    """With it goes what bound it, so that host and login may change freely."""
    setting = stored(tenant)
    form = form_for(setting, remove_password="on", host="open-relay.example.com", username="")
    assert form.is_valid(), form.errors
    form.save()
    after = reloaded(setting)
    assert (after.has_password, after.open_password()) == (False, "")


def test_removing_and_entering_at_once_is_refused(tenant: Tenant) -> None:
    """It cannot be known which of the two was meant."""
    form = form_for(stored(tenant), remove_password="on", password="new")
    assert list(form.errors) == ["remove_password"]


def test_a_new_setting_has_nothing_to_remove(tenant: Tenant) -> None:
    """The box is there only for a setting that has a password."""
    assert "remove_password" not in new_form(tenant).fields
    assert "remove_password" in form_for(stored(tenant)).fields


@pytest.mark.parametrize("host", ["smtp.example.com", "smtp.example.com:25"])
def test_the_password_is_never_shown(tenant: Tenant, host: str) -> None:
    """Neither the stored nor the typed one, nor its length, is in form, error or repr."""
    setting = stored(tenant)
    form = form_for(setting, host=host, password="typed-canary" * 100)
    shown = form.as_p() + repr(form) + str(form.errors) + repr(setting) + str(setting)
    assert PASSWORD not in shown
    assert "typed-canary" not in shown
    assert "1200" not in shown
    assert PASSWORD not in SettingForm(instance=stored(tenant, name="Second")).as_p()


# --- Providers --------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", providers.PROVIDERS, ids=lambda provider: provider.slug)
def test_a_preset_contradicts_nothing(tenant: Tenant, provider: Any, settings: Any) -> None:
    """What a provider fixes passes its own checks, once the operator lets it be reached."""
    if provider.host == "localhost":
        settings.SMTP_NETWORKS = [ip_network("127.0.0.1/32")]
        settings.SMTP_PORTS = [1025]
    first = presets.preset(provider, {})
    typed = {**GOOD, **{name: str(value) for name, value in first.items() if value}}
    form = SettingForm(typed, instance=SmtpSetting(tenant=tenant))
    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    ("change", "chosen", "is_fine"),
    [
        ({"port": "8025", "host": "mail.smtp2go.com"}, False, True),
        ({"port": "8025", "host": "smtp.elsewhere.example"}, False, False),
        ({"port": "8025", "host": "mail.smtp2go.com"}, True, False),
        ({"port": "22", "host": "mail.smtp2go.com"}, False, False),
    ],
)
def test_a_providers_own_ports_are_for_its_own_hosts(
    tenant: Tenant, settings: Any, change: dict[str, str], chosen: bool, is_fine: bool
) -> None:
    """A port the page documents can be used there, unless the operator listed the ports."""
    settings.SMTP_PORTS_ARE_CHOSEN = chosen
    typed = {**GOOD, "provider": "smtp2go", "region": "any", "security": "starttls", **change}
    form = SettingForm(typed, instance=SmtpSetting(tenant=tenant))
    assert ("port" not in form.errors) is is_fine


def test_a_fixed_user_name_is_filled_in(tenant: Tenant) -> None:
    """The preset of a service with one user name for everybody has it, and insists on it."""
    assert presets.preset(providers.get("sendgrid"), {})["username"] == "apikey"
    assert "username" not in presets.preset(providers.get("postmark"), {})


def test_the_region_is_asked_for_and_kept(tenant: Tenant) -> None:
    """An input of the provider is a field of the form, and is stored with the setting."""
    form = SettingForm(SES, instance=SmtpSetting(tenant=tenant))
    assert form.is_valid(), form.errors
    setting = reloaded(form.save())
    assert setting.inputs == {"region": "eu-west-1"}
    assert SettingForm(instance=setting).initial["region"] == "eu-west-1"


def test_another_provider_has_other_inputs(tenant: Tenant) -> None:
    """Values of the former provider do not stay behind."""
    setting = stored(tenant, provider="aws-ses", inputs={"region": "eu-west-1"})
    form = form_for(setting, region="us-east-1")
    assert form.is_valid(), form.errors
    assert reloaded(form.save()).inputs == {}
    assert "region" not in form.fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"region": "us-east-1"}, "region"),
        ({"region": "moon-1"}, "region"),
        ({"password": "x" * 40}, "password"),
        ({"port": "465"}, "security"),
        ({"security": "none"}, "security"),
    ],
)
def test_contradictions_are_said_at_their_field(
    tenant: Tenant, change: dict[str, str], field: str
) -> None:
    """A blocking lint is an error where the mistake is."""
    form = SettingForm({**SES, **change}, instance=SmtpSetting(tenant=tenant))
    assert not form.is_valid()
    assert field in form.errors


def test_a_warning_does_not_block(tenant: Tenant) -> None:
    """What is unwise but possible is stored, and told afterwards."""
    form = new_form(tenant, from_address="noreply@gmail.com", password=" x ")
    assert form.is_valid(), form.errors
    codes = {lint.code for lint in form.warnings}
    assert codes >= {"from.free-mail", "from.no-reply", "password.blanks"}


def test_a_sender_outside_the_tenants_domains_is_noticed(tenant: Tenant) -> None:
    """Once a tenant has domains, the From address should be in one of them."""
    setting = make_setting(tenant, from_address="mail@news.acme.example")
    codes = {lint.code for lint in presets.remarks(setting)}
    assert "from.other-domain" not in codes
    make_domain(tenant, "other.example")
    assert "from.other-domain" in {lint.code for lint in presets.remarks(setting)}
    make_domain(tenant, "acme.example")
    assert "from.other-domain" not in {lint.code for lint in presets.remarks(setting)}


def test_only_a_change_of_the_way_makes_earlier_tries_worthless(tenant: Tenant) -> None:
    """A new name keeps what was proven; a new port or password does not."""
    setting = stored(tenant)
    since = setting.way_since
    kept = form_for(setting, name="Renamed")
    assert kept.is_valid(), kept.errors
    assert kept.save().way_since == since
    changed = form_for(reloaded(setting), password="another")
    assert changed.is_valid(), changed.errors
    assert changed.save().way_since > since
