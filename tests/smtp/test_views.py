"""The pages of settings: who may do what, and that a password never comes back."""

import base64
import io
import re
import sys
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.signals import got_request_exception
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.views.debug import ExceptionReporter

from smtp.models import Attempt, Kind, SmtpSetting, State
from tenants.models import Tenant
from tests.factories import make_attempt, make_domain, make_setting
from tests.smtp.test_forms import GOOD, SES

CANARY = "CANARY-4f1c-password"
LOG_IN = 302  # sent to the log-in
KEPT = 403  # the log-in page, with the form in it
WHO = ("owner", "editor", "viewer", "stranger", "staff", "nobody")
# The status for each person. A redirect after a change is a 302 as well: `changes` tells apart.
GET_TABLE = {
    "/tenants/acme/settings/new/": (200, 200, 404, 404, 200, LOG_IN),
    "/tenants/acme/settings/new/?provider=aws-ses": (200, 200, 404, 404, 200, LOG_IN),
    "/settings/{setting}/": (200, 200, 200, 404, 200, LOG_IN),
    "/settings/{setting}/edit/": (200, 200, 404, 404, 200, LOG_IN),
    "/settings/{setting}/delete/": (200, 200, 404, 404, 200, LOG_IN),
    "/settings/{setting}/enabled/": (405, 405, 405, 405, 405, LOG_IN),
    "/settings/{setting}/try/": (405, 405, 405, 405, 405, LOG_IN),
    "/settings/{setting}/send/": (405, 405, 405, 405, 405, LOG_IN),
    "/tenants/acme/settings/try/": (405, 405, 405, 405, 405, LOG_IN),
    "/settings/preset/?provider=aws-ses": (200, 200, 200, 200, 200, LOG_IN),
    "/attempts/": (200, 200, 200, 200, 200, LOG_IN),
    "/attempts/{attempt}/": (200, 200, 200, 404, 200, LOG_IN),
    "/attempts/{attempt}/live/": (200, 200, 200, 404, 200, LOG_IN),
    "/attempts/{attempt}/attempt.json": (200, 200, 200, 404, 200, LOG_IN),
    "/attempts/{attempt}/correct/": (405, 405, 405, 405, 405, LOG_IN),
    "/settings/987654/": (404, 404, 404, 404, 404, LOG_IN),
    "/attempts/987654/": (404, 404, 404, 404, 404, LOG_IN),
}
POST_TABLE = {
    "/tenants/acme/settings/new/": (302, 302, 404, 404, 302, KEPT),
    "/settings/{setting}/edit/": (302, 302, 404, 404, 302, KEPT),
    "/settings/{setting}/delete/": (302, 302, 404, 404, 302, KEPT),
    "/settings/{setting}/enabled/": (302, 302, 404, 404, 302, KEPT),
    "/settings/{setting}/try/": (302, 302, 404, 404, 302, KEPT),
    "/settings/{setting}/send/": (302, 302, 404, 404, 302, KEPT),
    "/tenants/acme/settings/try/": (302, 302, 404, 404, 302, KEPT),
}
MAY_CHANGE = {"owner", "editor", "staff"}


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


def snapshot() -> tuple[Any, ...]:
    """Return everything that a post could change."""
    rows = SmtpSetting.objects.order_by("pk").values_list("pk", "name", "enabled", "updated_at")
    return (*rows, Attempt.objects.count())


@pytest.mark.parametrize("position", range(len(WHO)), ids=WHO)
@pytest.mark.parametrize("path", GET_TABLE)
def test_each_person_sees_what_is_theirs(
    client: Client,
    setting: SmtpSetting,
    request: pytest.FixtureRequest,
    path: str,
    position: int,
) -> None:
    """Looking is for members and operators, changing for editors; and looking changes nothing."""
    attempt, who = make_attempt(setting), WHO[position]
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    before = snapshot()
    answer = client.get(path.format(setting=setting.pk, attempt=attempt.pk))
    assert answer.status_code == GET_TABLE[path][position]
    assert snapshot() == before


@pytest.mark.parametrize("position", range(len(WHO)), ids=WHO)
@pytest.mark.parametrize("path", POST_TABLE)
def test_only_those_who_may_change_do(
    client: Client,
    setting: SmtpSetting,
    request: pytest.FixtureRequest,
    path: str,
    position: int,
) -> None:
    """A viewer and a stranger get a page that is not there, and nothing has changed."""
    who = WHO[position]
    posted = {**GOOD, "name": "Changed", "enabled": "on", "key": str(uuid.uuid4())}
    if who != "nobody":
        person = request.getfixturevalue(who)
        client.force_login(person)
        posted["recipient"] = person.email
    before = snapshot()
    answer = client.post(path.format(setting=setting.pk), posted)
    assert answer.status_code == POST_TABLE[path][position]
    assert (snapshot() != before) is (who in MAY_CHANGE)


def test_settings_of_two_tenants_stay_apart(
    client: Client, setting: SmtpSetting, stranger: User
) -> None:
    """The editor of one tenant cannot reach the settings of another through any address."""
    client.force_login(stranger)
    for path in ("", "edit/", "delete/"):
        assert client.get(f"/settings/{setting.pk}/{path}").status_code == 404
    assert client.get("/attempts/?tenant=acme").context["page"].paginator.count == 0


# --- Adding and changing ----------------------------------------------------------------------


def test_adding_begins_with_the_provider(client: Client, tenant: Tenant, owner: User) -> None:
    """Without a provider the page offers all of them as links."""
    client.force_login(owner)
    text = client.get("/tenants/acme/settings/new/").content.decode()
    assert 'href="?provider=aws-ses"' in text
    assert 'href="?provider=generic"' in text


def test_a_provider_fills_in_what_it_fixes(client: Client, tenant: Tenant, owner: User) -> None:
    """The form opens with host, port, security, region, a free name and the next priority."""
    make_setting(tenant, name="Amazon SES")
    client.force_login(owner)
    form = client.get("/tenants/acme/settings/new/?provider=aws-ses").context["form"]
    names = ("name", "priority", "host", "port", "security", "region")
    assert {name: form[name].value() for name in names} == {
        "name": "Amazon SES 2",
        "priority": 2,
        "host": "email-smtp.eu-west-1.amazonaws.com",
        "port": 587,
        "security": "starttls",
        "region": "eu-west-1",
    }


def test_an_unknown_provider_gives_an_empty_form(
    client: Client, tenant: Tenant, owner: User
) -> None:
    """A slug nobody knows is no error."""
    client.force_login(owner)
    answer = client.get("/tenants/acme/settings/new/?provider=nobody")
    assert answer.context["form"]["provider"].value() == "generic"


def test_the_preset_answers_with_the_fields_alone(
    client: Client, tenant: Tenant, owner: User
) -> None:
    """A change of the region changes the host and keeps the port somebody chose."""
    client.force_login(owner)
    asked = {"provider": "aws-ses", "region": "us-east-1", "port": "2587", "security": "starttls"}
    text = client.get("/settings/preset/", asked).content.decode()
    assert 'value="email-smtp.us-east-1.amazonaws.com"' in text
    assert 'value="2587"' in text
    assert "<html" not in text
    assert "csrfmiddlewaretoken" not in text
    assert 'name="password"' not in text


def test_the_preset_repeats_nothing_unescaped(client: Client, owner: User) -> None:
    """What stands in the address cannot become markup."""
    client.force_login(owner)
    asked = {"provider": "aws-ses", "region": '"><script>', "port": '"><script>'}
    assert b"<script" not in client.get("/settings/preset/", asked).content


def test_the_menus_never_send_the_password(client: Client, setting: SmtpSetting) -> None:
    """What fetches the preset names its fields one by one; the whole form would be in a log."""
    client.force_login(setting.tenant.memberships.get(role="owner").user)
    text = client.get(f"/settings/{setting.pk}/edit/").content.decode()
    included = set(re.findall(r'hx-include="([^"]*)"', text))
    assert included == {"[name=provider], [data-preset]"}
    assert "data-preset" not in text.partition('id="div_id_username"')[2]  # some are secrets


@pytest.mark.parametrize("slug", ["postmark", "aws-ses", "sendgrid"])
def test_no_menu_sends_a_login(client: Client, tenant: Tenant, owner: User, slug: str) -> None:
    """At Postmark the user name is the password."""
    client.force_login(owner)
    text = client.get(f"/tenants/{tenant.slug}/settings/new/?provider={slug}").content.decode()
    included = " ".join(re.findall(r'hx-include="([^"]*)"', text))
    assert "provider" in included
    assert not {"username", "password"} & set(re.findall(r"\w+", included))


def test_bad_input_is_answered_with_what_was_typed(
    client: Client, tenant: Tenant, owner: User
) -> None:
    """The sentence stands at the field and nothing is lost, except the password."""
    client.force_login(owner)
    path = "/tenants/acme/settings/new/"
    typed = {**GOOD, "host": "smtp.example.com:587", "from_name": "Kept", "password": CANARY}
    answer = client.post(path, typed)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "the port has a field of its own" in text
    assert 'value="Kept"' in text
    assert 'value="smtp.example.com:587"' in text
    assert CANARY not in text
    assert not SmtpSetting.objects.exists()


def test_warnings_are_told_after_saving(client: Client, tenant: Tenant, owner: User) -> None:
    """What a password looks like can only be said now; the rest stays on the setting's page."""
    client.force_login(owner)
    typed = {**SES, "password": "short", "from_address": "noreply@acme.example"}
    answer = client.post("/tenants/acme/settings/new/", typed, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert any("44 characters" in text for text in said)
    assert not any("nobody reads it" in text for text in said)
    assert b"nobody reads it" in answer.content


def test_a_correction_fills_its_field(client: Client, setting: SmtpSetting, owner: User) -> None:
    """Where a person must look, the form is open with the change made, ready to be saved."""
    outcome = {
        **{"ok": False, "stage": "connect", "failure": "timeout", "reply": None, "message": ""},
        **{"stages": [], "transcript": [], "unclear": False, "peer": "", "tls": ""},
        "capabilities": [],
    }
    ended: dict[str, Any] = {"state": State.DONE, "finished_at": timezone.now()}
    attempt = make_attempt(setting, succeeded=False, outcome=outcome, **ended)
    client.force_login(owner)
    assert (
        f"/attempts/{attempt.pk}/correct/"
        in client.get(f"/attempts/{attempt.pk}/").content.decode()
    )
    form = client.get(f"/settings/{setting.pk}/edit/?attempt={attempt.pk}").context["form"]
    assert form["port"].value() != "587"
    assert form["host"].value() == "smtp.example.com"


@pytest.mark.parametrize("query", ["?attempt=9999", "?attempt=x", "?host=evil.example&port=25"])
def test_an_address_cannot_fill_the_form(
    client: Client, setting: SmtpSetting, owner: User, query: str
) -> None:
    """A crafted link does not put another server into somebody's form."""
    client.force_login(owner)
    form = client.get(f"/settings/{setting.pk}/edit/{query}").context["form"]
    assert (form["host"].value(), form["port"].value()) == ("smtp.example.com", 587)


def test_enabling_says_what_is_wanted(client: Client, setting: SmtpSetting, owner: User) -> None:
    """The same request twice is the same as once."""
    client.force_login(owner)
    for wanted, expected in (("on", True), ("on", True), ("off", False)):
        client.post(f"/settings/{setting.pk}/enabled/", {"enabled": wanted})
        setting.refresh_from_db(fields=["enabled"])
        assert setting.enabled is expected
    assert SmtpSetting.objects.get().open_password() == CANARY


def test_deleting_takes_the_attempts_along(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """After a question, the setting and its history are gone."""
    make_attempt(setting)
    client.force_login(owner)
    assert client.post(f"/settings/{setting.pk}/delete/")["Location"] == "/tenants/acme/"
    assert not SmtpSetting.objects.exists()
    assert not Attempt.objects.exists()


# --- Trying -----------------------------------------------------------------------------------


def test_trying_asks_for_an_attempt_and_shows_it(
    client: Client, setting: SmtpSetting, editor: User
) -> None:
    """Nothing is dialled in the request: a row waits for a worker."""
    client.force_login(editor)
    answer = client.post(f"/settings/{setting.pk}/try/")
    attempt = Attempt.objects.get()
    assert answer["Location"] == f"/attempts/{attempt.pk}/"
    assert (attempt.kind, attempt.state, attempt.requested_by) == (
        Kind.CONNECT,
        State.QUEUED,
        editor,
    )


@pytest.mark.parametrize(
    ("recipient", "allowed"),
    [
        ("editor", True),
        ("someone@acme.example", False),
        ("someone@unproved.example", False),
        ("someone@elsewhere.example", False),
        ("someone@sub.acme.example", False),
        ("a@acme.example,b@acme.example", False),
        ("a@acme.example\nb@acme.example", False),
        ("root", False),
        ("|/bin/sh@x", False),
        ("a@[127.0.0.1]", False),
        ("", False),
    ],
)
def test_members_send_to_themselves_only(
    client: Client, setting: SmtpSetting, editor: User, recipient: str, allowed: bool
) -> None:
    """A verified domain proves its records, not that its mailboxes are the tenant's."""
    make_domain(setting.tenant, "acme.example", verdict="verified")
    make_domain(setting.tenant, "unproved.example")
    client.force_login(editor)
    address = editor.email.upper() if recipient == "editor" else recipient
    typed = {"recipient": address, "key": str(uuid.uuid4())}
    answer = client.post(f"/settings/{setting.pk}/send/", typed)
    assert answer.status_code == (302 if allowed else 200)
    assert Attempt.objects.count() == int(allowed)


def test_operators_send_to_anybody(client: Client, setting: SmtpSetting, staff: User) -> None:
    """Their recipient is free."""
    client.force_login(staff)
    typed = {"recipient": "someone@elsewhere.example", "key": str(uuid.uuid4())}
    assert client.post(f"/settings/{setting.pk}/send/", typed).status_code == 302
    assert Attempt.objects.get().recipient == "someone@elsewhere.example"


def test_a_double_click_is_one_mail(client: Client, setting: SmtpSetting, owner: User) -> None:
    """The page carries a key, and the same key twice is one attempt."""
    client.force_login(owner)
    key = client.get(f"/settings/{setting.pk}/").context["form"]["key"].value()
    typed = {"recipient": owner.email, "key": str(key)}
    path = f"/settings/{setting.pk}/send/"
    places = {client.post(path, typed)["Location"] for _click in range(2)}
    assert len(places) == Attempt.objects.count() == 1


def test_too_many_test_mails_are_refused_with_what_to_do(
    client: Client, setting: SmtpSetting, owner: User, settings: Any
) -> None:
    """The sentence stands at the recipient and names the limit."""
    settings.TEST_MAILS_PER_HOUR = 2
    client.force_login(owner)
    path = f"/settings/{setting.pk}/send/"
    for expected in (302, 302, 429):
        typed = {"recipient": owner.email, "key": str(uuid.uuid4())}
        answer = client.post(path, typed)
        assert answer.status_code == expected
    assert b"used up its 2 test mails" in answer.content
    assert Attempt.objects.count() == 2


# --- The password never comes back ------------------------------------------------------------


def spellings(secret: str) -> list[str]:
    """Return the secret as it could be hidden in a page."""
    return [secret, base64.b64encode(secret.encode()).decode().rstrip("=")]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tenants/acme/",
        "/settings/{setting}/",
        "/settings/{setting}/edit/",
        "/settings/{setting}/delete/",
        "/attempts/",
        "/attempts/{attempt}/",
        "/admin/smtp/smtpsetting/",
        "/admin/smtp/smtpsetting/{setting}/change/",
        "/admin/smtp/smtpsetting/{setting}/history/",
        "/admin/smtp/attempt/",
        "/admin/smtp/attempt/{attempt}/change/",
        "/admin/tenants/tenant/{tenant}/change/",
    ],
)
def test_no_page_holds_the_password(
    client: Client, setting: SmtpSetting, staff: User, path: str
) -> None:
    """Not even the column is read for a page, so that it cannot leak by accident."""
    attempt = make_attempt(setting)
    client.force_login(staff)
    place = {"setting": setting.pk, "attempt": attempt.pk, "tenant": setting.tenant_id}
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path.format(**place))
    assert answer.status_code == 200
    assert not any(spelling in answer.content.decode() for spelling in spellings(CANARY))
    assert not any('"smtp_smtpsetting"."password"' in query["sql"] for query in queries)


def test_the_question_before_deleting_does_not_hold_it(
    client: Client, setting: SmtpSetting, staff: User
) -> None:
    """Django collects whole rows for this page; what it shows are names."""
    make_attempt(setting)
    client.force_login(staff)
    answer = client.get(f"/admin/smtp/smtpsetting/{setting.pk}/delete/")
    assert answer.status_code == 200
    assert CANARY not in answer.content.decode()


def test_no_dump_holds_the_password(setting: SmtpSetting) -> None:
    """What leaves the database as text has an empty column."""
    out = io.StringIO()
    call_command("dumpdata", "smtp", stdout=out)
    assert "smtp.example.com" in out.getvalue()
    assert not any(spelling in out.getvalue() for spelling in spellings(CANARY))


def test_the_answer_to_a_post_does_not_hold_it(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """Neither when it was taken nor when something else was wrong."""
    client.force_login(owner)
    typed = {**GOOD, "name": "Main", "password": CANARY}
    for change in ({}, {"port": "1"}):
        answer = client.post(f"/settings/{setting.pk}/edit/", {**typed, **change}, follow=True)
        assert CANARY not in answer.content.decode()


@pytest.mark.parametrize("path", ["/settings/{pk}/edit/", "/admin/smtp/smtpsetting/{pk}/change/"])
def test_an_error_report_does_not_hold_the_password(
    setting: SmtpSetting, staff: User, path: str
) -> None:
    """A failure in the middle of saving is reported without what was typed."""
    reports: list[str] = []

    def report(request: Any, **_kwargs: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.extend([reporter.get_traceback_html(), reporter.get_traceback_text()])

    client = Client(raise_request_exception=False)
    client.force_login(staff)
    with connection.cursor() as cursor:  # saving fails once the row has been read
        cursor.execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON smtp_smtpsetting "
            "BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END"
        )
    got_request_exception.connect(report)
    try:
        answer = client.post(path.format(pk=setting.pk), {**GOOD, "password": CANARY})
    finally:
        got_request_exception.disconnect(report)
    assert answer.status_code == 500
    assert reports
    assert "broken on purpose" in reports[0]
    assert not any(CANARY in text for text in reports)


# --- Constant cost ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/attempts/", "/settings/{setting}/"])
def test_the_number_of_queries_does_not_grow(
    client: Client, setting: SmtpSetting, viewer: User, path: str
) -> None:
    """A list of many rows asks as often as one of few."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path.format(setting=setting.pk))
        return len(captured)

    client.force_login(viewer)
    for _number in range(2):
        make_attempt(setting)
    few = queries()
    for _number in range(9):
        make_attempt(make_setting(setting.tenant))
        make_attempt(setting)
    assert queries() == few
