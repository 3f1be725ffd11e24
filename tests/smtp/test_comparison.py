"""A failed attempt beside the last success of its setting: what is different, what is not."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from smtp.models import Attempt, Kind, SmtpSetting, State, outcome_columns
from smtp.outcome import Certificate, Failure, Outcome, Reply, Stage, StageResult
from smtp.pages.comparison import Comparison, comparison_of
from tenants.models import Tenant
from tests.factories import make_attempt, make_setting

CERTIFICATE = Certificate(
    "smtp.example.com", "Good CA", ("smtp.example.com",), "2026-01-01", "2026-12-31"
)
GOOD = Outcome(
    ok=True,
    stage=Stage.QUIT,
    stages=(
        StageResult(Stage.CONNECT, 30.2, True),
        StageResult(Stage.EHLO, 10.0, True),
        StageResult(Stage.EHLO, 20.0, True),
        StageResult(Stage.AUTH, 100.0, True),
        StageResult(Stage.SENDER, 5.0, True),
    ),
    transcript=("S: 220 hello", "C: MAIL FROM:<a@ours.example> SIZE=900", "S: 250 ok"),
    peer="203.0.113.9",
    tls="TLSv1.3",
    capabilities=("SIZE 1000", "AUTH PLAIN", "PIPELINING"),
    mechanism="PLAIN",
    certificate=CERTIFICATE,
)
BAD = replace(
    GOOD,
    ok=False,
    stage=Stage.AUTH,
    failure=Failure.REPLY,
    reply=Reply(535, "5.7.8", "no"),
    stages=GOOD.stages[:4],
    transcript=("S: 220 hello",),
)


@pytest.fixture
def setting(tenant: Tenant) -> SmtpSetting:
    """Return a setting of the tenant that was set up yesterday."""
    since = timezone.now() - dt.timedelta(days=1)
    return make_setting(tenant, host="smtp.example.com", port=587, way_since=since)


def ended(setting: SmtpSetting, outcome: Outcome, **fields: Any) -> Attempt:
    """Return an attempt that came to this outcome."""
    columns = {**outcome_columns(outcome, None), "state": State.DONE}
    columns |= {"finished_at": timezone.now(), "security": "starttls", "username": "me"}
    return make_attempt(setting, **{**columns, **fields})


def compared(attempt: Attempt) -> Comparison:
    """Return the comparison of an attempt that has one."""
    found = comparison_of(attempt, Attempt.objects.all())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fields", "outcome", "expected"),
    [
        pytest.param(
            {"host": "mail.example.net"},
            {},
            ("Host", "smtp.example.com", "mail.example.net"),
            id="host",
        ),
        pytest.param({"port": 2525}, {}, ("Port", "587", "2525"), id="port"),
        pytest.param({"username": ""}, {}, ("User name", "me", ""), id="user-name"),
        pytest.param(
            {},
            {"transcript": ("C: MAIL FROM:<b@other.example>",)},
            ("Sender", "a@ours.example", "b@other.example"),
            id="sender",
        ),
        pytest.param(
            {},
            {"peer": "203.0.113.10"},
            ("Address of the server", "203.0.113.9", "203.0.113.10"),
            id="address",
        ),
        pytest.param({}, {"tls": "TLSv1.2"}, ("Encryption", "TLSv1.3", "TLSv1.2"), id="encryption"),
        pytest.param(
            {}, {"mechanism": "LOGIN"}, ("Kind of login", "PLAIN", "LOGIN"), id="kind-of-login"
        ),
        pytest.param(
            {},
            {"capabilities": ("SIZE 1000", "PIPELINING", "AUTH XOAUTH2")},
            ("What the server offers", "AUTH PLAIN", "AUTH XOAUTH2"),
            id="offers",
        ),
        pytest.param(
            {},
            {"certificate": replace(CERTIFICATE, issuer="Other CA", fault="not trusted")},
            (
                "Certificate",
                "smtp.example.com, by Good CA, valid until 2026-12-31",
                "smtp.example.com, by Other CA, valid until 2026-12-31: not trusted",
            ),
            id="certificate",
        ),
    ],
)
def test_each_difference_is_named_with_both_values(
    setting: SmtpSetting,
    fields: dict[str, Any],
    outcome: dict[str, Any],
    expected: tuple[str, str, str],
) -> None:
    """What changed stands alone; what is as it was is only counted up."""
    ended(setting, GOOD)
    found = compared(ended(setting, replace(BAD, **outcome), **fields))
    assert [(one.label, one.then, one.now) for one in found.differences] == [expected]
    assert expected[0] not in found.same
    assert "Security" in found.same


def test_security_is_told_in_words(setting: SmtpSetting) -> None:
    """The values of the database are nobody's words."""
    ended(setting, GOOD)
    [one] = compared(ended(setting, BAD, security="none")).differences
    assert (one.label, one.then) == ("Security", "STARTTLS (usual on port 587)")
    assert one.now not in ("none", "")


def test_what_was_not_reached_is_no_difference(setting: SmtpSetting) -> None:
    """An attempt that never connected saw neither certificate nor offers."""
    ended(setting, GOOD)
    silent = Outcome(
        ok=False,
        stage=Stage.CONNECT,
        failure=Failure.TIMEOUT,
        stages=(StageResult(Stage.CONNECT, 8000.0, False),),
    )
    found = compared(ended(setting, silent, username=None))
    assert found.differences == ()
    assert found.same == ("Host", "Port", "Security")
    paces = {pace.label: (pace.then, pace.now, pace.is_slower) for pace in found.paces}
    assert paces["Connect"] == (30, 8000, True)
    assert paces["Introduction (EHLO)"] == (30, None, False)


def test_offers_are_compared_at_the_same_point(setting: SmtpSetting) -> None:
    """What is offered before TLS is no less than what is offered after it."""
    ended(setting, replace(GOOD, clear_capabilities=("STARTTLS", "PIPELINING")))
    untrusted = replace(
        BAD,
        stage=Stage.CERTIFICATE,
        failure=Failure.CERTIFICATE_UNTRUSTED,
        capabilities=("STARTTLS",),
        clear_capabilities=("STARTTLS",),
    )
    [one] = compared(ended(setting, untrusted)).differences
    assert (one.label, one.then, one.now) == ("What the server offers", "PIPELINING", "")


@pytest.mark.parametrize(
    ("then", "now", "slower"),
    [(100, 599, False), (100, 600, True), (400, 1100, False), (400, 1200, True)],
)
def test_a_stage_is_called_slower_when_it_matters(
    setting: SmtpSetting, then: float, now: float, slower: bool
) -> None:
    """Three times as long, and half a second more."""
    ended(setting, replace(GOOD, stages=(StageResult(Stage.AUTH, then, True),)))
    bad = replace(BAD, stages=(StageResult(Stage.AUTH, now, False),))
    [pace] = compared(ended(setting, bad)).paces
    assert pace.is_slower is slower


def test_the_last_success_before_it_counts(setting: SmtpSetting) -> None:
    """Neither an older success, nor a later one, nor that of another setting."""
    ended(setting, GOOD, host="old.example.com")
    last = ended(setting, GOOD)
    ended(make_setting(setting.tenant), GOOD)
    bad = ended(setting, BAD)
    ended(setting, GOOD)
    assert compared(bad).success == last


def test_a_password_that_was_entered_anew_is_told(setting: SmtpSetting) -> None:
    """It cannot be compared, but when it was saved is known."""
    ended(setting, GOOD)
    SmtpSetting.objects.update(way_since=timezone.now())
    setting.refresh_from_db()
    assert compared(ended(setting, BAD)).entered_at == setting.way_since
    assert compared(ended(setting, BAD, port=25)).entered_at is None


def test_there_is_nothing_to_compare_for_a_success_or_unsaved_values(
    setting: SmtpSetting,
) -> None:
    """Nor for an attempt that has not ended; one that never worked says so."""
    everything = Attempt.objects.all()
    assert compared(ended(setting, BAD)).success is None
    assert comparison_of(ended(setting, GOOD), everything) is None
    unsaved = ended(setting, BAD)
    Attempt.objects.filter(pk=unsaved.pk).update(setting=None)
    assert comparison_of(Attempt.objects.get(pk=unsaved.pk), everything) is None
    assert comparison_of(make_attempt(setting), everything) is None


def test_the_page_shows_the_difference(client: Client, setting: SmtpSetting, owner: User) -> None:
    """Both values stand in a row; the success is a link; markup of a server stays text."""
    success = ended(setting, replace(GOOD, mechanism="<b>PLAIN</b>"), port=465)
    bad = ended(setting, BAD)
    client.force_login(owner)
    text = client.get(f"/attempts/{bad.pk}/").content.decode()
    assert "Compared with the last success" in text
    assert f'href="/attempts/{success.pk}/"' in text
    assert '<td data-label="Last success">465</td>' in text
    assert "&lt;b&gt;PLAIN" in text
    assert "<b>PLAIN" not in text


def test_the_page_says_when_nothing_is_different(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """Then the service is to blame; and without a success the setting was never right."""
    client.force_login(owner)
    first = ended(setting, BAD)
    assert "it was never right" in client.get(f"/attempts/{first.pk}/").content.decode()
    ended(setting, GOOD)
    second = ended(setting, BAD)
    text = client.get(f"/attempts/{second.pk}/").content.decode()
    assert "the change is most likely on the other side" in text


def test_a_member_is_shown_no_notice(client: Client, setting: SmtpSetting, owner: User) -> None:
    """Mails to people of other tenants are for operators, also as the last success."""
    ended(setting, GOOD, kind=Kind.NOTICE, recipient="x@other.example")
    bad = ended(setting, BAD)
    client.force_login(owner)
    text = client.get(f"/attempts/{bad.pk}/").content.decode()
    assert "it was never right" in text


def test_the_page_asks_as_much_for_many_attempts(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """One success is read, however many there are."""
    client.force_login(owner)

    def queries_of(attempt: Attempt) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/attempts/{attempt.pk}/").status_code == 200
        return len(queries)

    ended(setting, GOOD)
    few = queries_of(ended(setting, BAD))
    for _number in range(10):
        ended(setting, GOOD)
    assert queries_of(ended(setting, BAD)) == few
