"""The lock: what is sealed opens in its own place only, and is never shown anywhere else."""

import io
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.forms.models import model_to_dict

from smtp import vault
from smtp.models import SmtpSetting
from tests.factories import make_setting, make_tenant

CANARY = "CANARY-hunter2"
HERE = vault.Binding(1, "smtp.example.com", 587, "starttls", "app")


def raw(setting: SmtpSetting) -> bytes:
    """Return what the column really holds."""
    with connection.cursor() as cursor:
        cursor.execute("select password from smtp_smtpsetting where id = %s", [setting.pk])
        return bytes(cursor.fetchone()[0])


def test_what_is_sealed_opens_for_the_same_binding() -> None:
    """A secret comes back as it went in, whatever its characters."""
    for secret in ("pw", "pässwörd", "gAAAAA-looks-like-a-token", "{{7*7}} %(x)s", "  "):
        assert vault.unseal(vault.seal(secret, HERE), HERE) == secret
    assert vault.seal("", HERE) == ""
    assert vault.unseal("", HERE) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"tenant": 2},
        {"host": "evil.example.net"},
        {"port": 25},
        {"security": "none"},
        {"username": "other"},
    ],
)
def test_a_change_of_any_bound_value_closes_the_envelope(change: dict[str, Any]) -> None:
    """Nobody reads a secret by pointing the setting elsewhere."""
    with pytest.raises(vault.Unbound):
        vault.unseal(vault.seal(CANARY, HERE), HERE._replace(**change))


@pytest.mark.django_db
def test_the_column_holds_no_plain_text() -> None:
    """The database file tells nothing."""
    setting = make_setting(password=CANARY)
    assert CANARY.encode() not in raw(setting)
    assert SmtpSetting.objects.get(pk=setting.pk).open_password() == CANARY


@pytest.mark.django_db
def test_lists_relations_saves_and_dumps_never_load_the_password() -> None:
    """The manager leaves the column in the database."""
    setting = make_setting(password=CANARY)
    row = setting.tenant.settings.get()
    assert "password" not in row.__dict__
    row.name = "renamed"
    row.save()
    row.refresh_from_db()
    assert "password" not in row.__dict__
    assert SmtpSetting.objects.get().open_password() == CANARY
    assert "password" not in model_to_dict(SmtpSetting.objects.get())
    dump = io.StringIO()
    call_command("dumpdata", "smtp", stdout=dump)
    assert CANARY not in dump.getvalue()


@pytest.mark.django_db
def test_bulk_update_gives_each_row_its_own_password() -> None:
    """The text of an SQL expression never ends up in a row."""
    tenant = make_tenant()
    settings = [make_setting(tenant, username=name) for name in "ab"]
    for setting in settings:
        setting.set_password(f"bulk-{setting.username}")
    SmtpSetting.objects.bulk_update(settings, ["password"])
    for setting in settings:
        fresh = SmtpSetting.objects.get(pk=setting.pk)
        assert fresh.open_password() == f"bulk-{setting.username}"


@pytest.mark.django_db
def test_an_expression_is_refused() -> None:
    """No other column's text is stored as a password."""
    setting = make_setting(password=CANARY)
    with pytest.raises(FieldError), transaction.atomic():
        SmtpSetting.objects.filter(pk=setting.pk).update(password=F("name"))
    assert SmtpSetting.objects.get().open_password() == CANARY


@pytest.mark.django_db
def test_a_ciphertext_copied_to_another_row_does_not_open_there() -> None:
    """SQL, imports and fixtures cannot move a password to another tenant."""
    mine, theirs = make_setting(password=CANARY), make_setting()
    with connection.cursor() as cursor:
        cursor.execute(
            "update smtp_smtpsetting set password = %s where id = %s", [raw(mine), theirs.pk]
        )
    with pytest.raises(vault.Unbound):
        SmtpSetting.objects.get(pk=theirs.pk).open_password()


@pytest.mark.django_db
def test_a_row_no_key_opens_lists_fine_and_can_be_set_anew() -> None:
    """One bad row is no error page, and is mended by typing the password again."""
    setting = make_setting(password=CANARY)
    foreign = Fernet(Fernet.generate_key()).encrypt(b"x")
    with connection.cursor() as cursor:
        cursor.execute(
            "update smtp_smtpsetting set password = %s where id = %s", [foreign, setting.pk]
        )
    [row] = SmtpSetting.objects.all()
    with pytest.raises(vault.Unbound):
        row.open_password()
    row.set_password("new")
    row.save(update_fields=["password", "has_password"])
    assert SmtpSetting.objects.get().open_password() == "new"
