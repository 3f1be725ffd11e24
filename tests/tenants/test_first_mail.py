"""The way to the first mail: each step is ticked off by what happened, and leads to its work."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dnscheck.models import Check, RecordCheck, SendingDomain
from smtp.models import Attempt, Kind, SmtpSetting, State
from tenants.models import Tenant
from tenants.pages.first_mail import FirstMail, first_mail
from tenants.pages.overview import settings_of
from tests.factories import make_attempt, make_domain, make_health, make_setting

PAGE = "/tenants/acme/"


def tried(setting: SmtpSetting, **fields: Any) -> Attempt:
    """Make an attempt that went well."""
    ended = {"state": State.DONE, "succeeded": True, "finished_at": timezone.now()}
    return make_attempt(setting, **{**ended, **fields})


def mailed(setting: SmtpSetting, **fields: Any) -> Attempt:
    """Make a test mail that was accepted."""
    return tried(setting, kind=Kind.TEST, recipient="a@b.example", **fields)


def checked(domain: SendingDomain, *verdicts: str, required: bool = True) -> None:
    """Make a check that saw records with these verdicts."""
    check = Check.objects.create(
        domain=domain, at=timezone.now(), result="bad", verdict=domain.verdict
    )
    for verdict in verdicts:
        RecordCheck.objects.create(
            parent=check,
            purpose="spf",
            name=domain.name,
            type="TXT",
            expected="v=spf1 -all",
            required=required,
            verdict=verdict,
        )


def read(tenant: Tenant) -> FirstMail:
    """Return how far the tenant has come."""
    return first_mail(tenant, list(settings_of(tenant)))


def done(tenant: Tenant) -> list[str]:
    """Return the names of the steps that are done."""
    return [step.name for step in read(tenant).steps if step.done]


def test_the_way_is_walked_step_by_step(tenant: Tenant) -> None:
    """Each thing that happens ticks off one step, until nothing is left."""
    assert done(tenant) == []
    setting = make_setting(tenant, name="Main")
    assert done(tenant) == ["setting"]
    tried(setting)
    assert done(tenant) == ["setting", "login"]
    domain = make_domain(tenant, "a.example")
    checked(domain, "ok", "missing")
    assert done(tenant) == ["setting", "login"]
    checked(domain, "ok", "wrong")
    assert done(tenant) == ["setting", "login", "records"]
    SendingDomain.objects.update(verdict="verified")
    assert done(tenant) == ["setting", "login", "records", "verified"]
    mailed(setting)
    assert done(tenant) == ["setting", "login", "records", "verified", "test"]
    SmtpSetting.objects.update(enabled=True)
    assert read(tenant).is_done
    assert read(tenant).next is None


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((), (0, 0)),
        (("ok", "wrong"), (2, 2)),
        (("ok", "missing", "unknown"), (1, 3)),
    ],
)
def test_records_are_counted_as_the_last_check_saw_them(
    tenant: Tenant, verdicts: tuple[str, ...], expected: tuple[int, int]
) -> None:
    """An older check and records that are not required count for nothing."""
    domain = make_domain(tenant)
    checked(domain, "ok", "ok", "ok", "ok")
    checked(domain, *verdicts)
    RecordCheck.objects.create(
        parent=domain.checks.latest("pk"),
        purpose="mx",
        name=domain.name,
        type="MX",
        expected="10 mx.example",
        required=False,
        verdict="ok",
    )
    told = read(tenant)
    assert (told.there, told.required) == expected


def test_the_first_setting_that_logs_in_is_the_proof(tenant: Tenant) -> None:
    """A step names what proves it; an open one names the first setting, where the work is."""
    make_setting(tenant, name="Broken", priority=1)
    good = make_setting(tenant, name="Good", priority=2, enabled=True)
    assert [(step.done, step.label) for step in read(tenant).steps][1] == (False, "Broken")
    at = timezone.now() - dt.timedelta(hours=2)
    make_health(good, tried_at=at)
    login = read(tenant).steps[1]
    assert (login.done, login.label, login.at) == (True, "Good", at)


@pytest.mark.parametrize("state", ["doubted", "failing"])
def test_a_login_that_fails_now_is_no_proof(tenant: Tenant, state: str) -> None:
    """However well an earlier try went."""
    setting = make_setting(tenant, enabled=True)
    make_attempt(setting, state="done", succeeded=True, finished_at=timezone.now())
    assert read(tenant).steps[1].done
    make_health(setting, state=state, result="refused", bad_since=timezone.now())
    assert not read(tenant).steps[1].done


def test_what_could_not_be_asked_for_is_not_called_absent(tenant: Tenant) -> None:
    """It is counted apart, so that nobody publishes a record twice."""
    checked(make_domain(tenant), "ok", "missing", "unknown")
    told = read(tenant)
    assert (told.there, told.unasked, told.required) == (1, 1, 3)


def test_a_test_mail_before_a_change_proves_nothing(tenant: Tenant) -> None:
    """Once host, port or login are others, the mail has to be sent again."""
    setting = make_setting(tenant)
    mailed(setting)
    assert "test" in done(tenant)
    SmtpSetting.objects.update(way_since=timezone.now())
    assert "test" not in done(tenant)


def test_the_domain_of_the_from_address_goes_first(tenant: Tenant) -> None:
    """The work is at that domain, as long as none is verified; and it is the better proof."""
    make_setting(tenant, from_address="x@Ours.example")
    make_domain(tenant, "other.example", verdict="failing", bad_since=timezone.now())
    make_domain(tenant, "ours.example")
    assert read(tenant).steps[3].label == "ours.example"
    make_domain(tenant, "third.example", verdict="verified")
    assert read(tenant).steps[3].label == "third.example"
    SendingDomain.objects.filter(name="ours.example").update(verdict="verified")
    assert read(tenant).steps[3].label == "ours.example"


def test_each_open_step_opens_where_the_work_is(
    client: Client, tenant: Tenant, editor: User
) -> None:
    """From an empty tenant on, the page links to the form or the page of the next step."""
    client.force_login(editor)

    def text() -> str:
        return client.get(PAGE).content.decode()

    assert "0 of 6 done" in text()
    assert 'class="step-link" href="/tenants/acme/settings/new/"' in text()
    setting = make_setting(tenant, name="Main", from_address="x@ours.example")
    assert f'class="step-link" href="/settings/{setting.pk}/#try"' in text()
    assert 'href="/tenants/acme/domains/new/?name=ours.example"' in text()
    domain = make_domain(tenant, "ours.example")
    assert "Choose who sends for ours.example" in text()
    checked(domain, "missing", "ok")
    assert f'class="step-link" href="/domains/{domain.pk}/#seen"' in text()
    assert "1 of 2 required ones were seen" in text()
    assert text().count('aria-current="step"') == 1
    assert "One setting and one domain are enough for these steps" in text()


def test_a_step_that_is_done_leads_to_its_proof(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """The accepted test mail is a link to its attempt, which says where to look for it."""
    setting = make_setting(tenant, name="Main", enabled=True)
    make_domain(tenant, verdict="verified")
    mail = mailed(setting)
    client.force_login(viewer)
    text = client.get(PAGE).content.decode()
    assert "How the first mail went out" in text
    assert "are enough for these steps" not in text
    assert f'<a href="/attempts/{mail.pk}/">Did it arrive?</a>' in text


def test_the_form_for_a_domain_takes_the_name_it_was_opened_with(
    client: Client, tenant: Tenant, editor: User
) -> None:
    """The domain of the From address needs not be typed a second time."""
    client.force_login(editor)
    text = client.get("/tenants/acme/domains/new/?name=ours.example").content.decode()
    assert 'value="ours.example"' in text


def next_words(client: Client, address: str) -> str:
    """Return what a page says comes next on the way, or nothing."""
    text = client.get(address).content.decode()
    _, found, rest = text.partition('class="next-step"')
    return rest.partition("</aside>")[0] if found else ""


def test_other_pages_lead_on_to_the_next_step(client: Client, tenant: Tenant, editor: User) -> None:
    """Not to what is done on the very page, and not once nothing is left."""
    client.force_login(editor)
    setting = make_setting(tenant, name="Main", from_address="a@shop.example")
    assert next_words(client, setting.get_absolute_url()) == ""  # to be tried there
    good = tried(setting)
    for page in (setting, good):
        assert "Add shop.example" in next_words(client, page.get_absolute_url())
    domain = make_domain(tenant, "shop.example")
    assert next_words(client, domain.get_absolute_url()) == ""
    SendingDomain.objects.update(verdict="verified")
    assert "Send a test mail through Main" in next_words(client, domain.get_absolute_url())
    mailed(setting)
    assert "Enable Main" in next_words(client, domain.get_absolute_url())
    SmtpSetting.objects.update(enabled=True)
    assert next_words(client, domain.get_absolute_url()) == ""


def test_the_next_step_is_for_those_who_may_take_it(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """Who only looks is told nothing."""
    client.force_login(viewer)
    good = tried(make_setting(tenant, from_address="a@shop.example"))
    assert next_words(client, good.get_absolute_url()) == ""
