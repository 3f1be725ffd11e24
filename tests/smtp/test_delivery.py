"""Attempts: asked, claimed, made against real servers, and taken up after a worker's death."""

import datetime as dt
import uuid
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from config.lab.certificates import Certificates, make
from config.lab.mailservers import MailServer
from config.lab.moods import MOODS
from smtp import delivery, trials
from smtp.models import Attempt, Kind, SmtpSetting, State
from smtp.outcome import Failure, Stage
from tests.factories import make_attempt, make_setting, make_tenant
from tests.fakes import NOW, Bell, Clock

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = dt.timedelta(seconds=30)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Return the laboratory's certificates."""
    return make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(
    request: pytest.FixtureRequest, certificates: Certificates, settings: Settings
) -> Iterator[MailServer]:
    """Start a server in the mood of the parameter, and let Relaydesk dial it."""
    mood = MOODS[getattr(request, "param", "accepts")]
    with MailServer(mood, certificates) as started:
        settings.SMTP_NETWORKS = [ip_network("127.0.0.1/32"), ip_network("::1/128")]
        settings.SMTP_PORTS = [started.port]
        settings.SMTP_CA_FILE = str(certificates.ca_file)
        yield started


def way_to(server: MailServer, **fields: Any) -> SmtpSetting:
    """Make a setting for a server of the laboratory."""
    values: dict[str, Any] = {"username": "lab", "password": "lab-password"}
    values |= {"host": "localhost", "security": "starttls", "port": server.port}
    return make_setting(**{**values, **fields})


def ended(attempt: Attempt) -> Attempt:
    """Run an attempt that must be ours, and return the row after it."""
    assert delivery.run(attempt.pk, clock=Clock())
    found: Attempt = Attempt.objects.get(pk=attempt.pk)
    return found


def test_a_test_mail_arrives_with_what_the_setting_says(server: MailServer) -> None:
    """Sender, name, reply address, extra headers and Message-ID are those of the setting."""
    setting = way_to(
        server, from_name="Acme", reply_to="help@example.com", extra_headers="X-App=portal"
    )
    bell = Bell()
    asked = trials.send_test_email(setting, "you@example.com", user=None, ring=bell, now=NOW)
    assert bell.rung == [asked.pk]
    attempt = ended(asked)
    assert (attempt.state, attempt.succeeded, attempt.hint) == (State.DONE, True, "")
    [message] = server.messages
    assert b"X-App: portal" in message.data
    assert attempt.message_id.encode() in message.data
    assert attempt.message_id.endswith("@example.com>")
    assert b"Reply-To: help@example.com" in message.data


def test_a_connection_test_logs_in_and_sends_nothing(server: MailServer) -> None:
    """The stages end with a login and a good-bye."""
    asked = trials.try_connection(way_to(server), user=None, ring=Bell(), now=NOW)
    attempt = ended(asked)
    assert attempt.succeeded
    result = attempt.result
    assert result is not None
    assert Stage.AUTH in [stage.stage for stage in result.stages]
    assert server.messages == []


@pytest.mark.parametrize("server", ["refuses-login"], indirect=True)
def test_a_refused_login_ends_in_a_hint_and_no_secret_is_stored(server: MailServer) -> None:
    """Stage, reply and hint are kept; the password is nowhere in the row."""
    setting = way_to(server, password="CANARY-secret", debug=True)
    attempt = ended(trials.try_connection(setting, user=None, ring=Bell(), now=NOW))
    assert (attempt.succeeded, attempt.stage, attempt.reply_code) == (False, Stage.AUTH, 535)
    assert attempt.hint
    stored = str(Attempt.objects.filter(pk=attempt.pk).values().get())
    assert "CANARY" not in stored
    assert "Q0FOQVJZ" not in stored


@pytest.mark.parametrize(("debug", "whole"), [(True, True), (False, False)])
@pytest.mark.parametrize("server", ["relay-denied"], indirect=True)
def test_the_whole_conversation_is_kept_in_debug_only(
    server: MailServer, debug: bool, whole: bool
) -> None:
    """Without debug the last exchange is kept."""
    asked = trials.send_test_email(
        way_to(server, debug=debug), "you@example.com", user=None, ring=Bell(), now=NOW
    )
    result = ended(asked).result
    assert result is not None
    assert any("EHLO" in line for line in result.transcript) is whole
    assert any("RCPT TO" in line for line in result.transcript)


def test_a_password_sealed_to_other_values_is_never_sent(server: MailServer) -> None:
    """The attempt asks for the password, and the server never sees a login."""
    setting = way_to(server)
    SmtpSetting.objects.filter(pk=setting.pk).update(username="other")
    asked = trials.try_connection(
        SmtpSetting.objects.get(pk=setting.pk), user=None, ring=Bell(), now=NOW
    )
    attempt = ended(asked)
    assert attempt.failure == Failure.PASSWORD_NEEDED
    assert server.sessions == 0


def test_the_same_key_twice_is_one_mail(server: MailServer) -> None:
    """A double click asks for one attempt."""
    setting, key, bell = way_to(server), uuid.uuid4(), Bell()
    both = [
        trials.send_test_email(
            setting, "you@example.com", user=None, ring=bell, now=NOW, idempotency_key=key
        )
        for _ in range(2)
    ]
    assert both[0].pk == both[1].pk
    assert bell.rung == [both[0].pk]


def test_a_tenant_has_so_many_test_mails_an_hour(settings: Settings) -> None:
    """The next one is refused until the hour is over; another tenant is not concerned."""
    settings.TEST_MAILS_PER_HOUR = 3
    setting = make_setting()

    def ask(setting: SmtpSetting, now: dt.datetime) -> Attempt:
        return trials.send_test_email(setting, "a@example.com", user=None, ring=Bell(), now=now)

    for _ in range(3):
        ask(setting, NOW)
    with pytest.raises(trials.TooManyTestMails):
        ask(setting, NOW)
    ask(make_setting(), NOW)
    ask(setting, NOW + dt.timedelta(hours=1, seconds=1))
    for _ in range(2):
        ask(setting, NOW + dt.timedelta(hours=1, seconds=1))
    ask(setting, NOW - dt.timedelta(days=1))  # the clock was ahead and is right again


def test_asking_survives_a_broker_that_is_down() -> None:
    """The row waits, and the next sweep rings for it."""
    attempt = trials.try_connection(make_setting(), user=None, ring=Bell(broken=True), now=NOW)
    bell = Bell()
    delivery.sweep(ring=bell, now=NOW)
    assert bell.rung == []  # it was announced a moment ago
    delivery.sweep(ring=bell, now=NOW + dt.timedelta(minutes=1))
    assert bell.rung == [attempt.pk]


def test_fifty_messages_for_one_attempt_make_it_once(server: MailServer) -> None:
    """Whoever comes second finds nothing to do."""
    asked = trials.try_connection(way_to(server), user=None, ring=Bell(), now=NOW)
    made = [delivery.run(asked.pk, clock=Clock()) for _ in range(50)]
    assert made.count(True) == 1
    assert server.sessions == 1


def test_what_a_dead_worker_left_before_data_is_made_again() -> None:
    """At most three times; then it is told that the worker died."""
    attempt, now, bell = make_attempt(), NOW, Bell()
    for _ in range(delivery.MAX_TRIES):
        assert Attempt.objects.claim(attempt.pk, now, LEASE)
        delivery.sweep(ring=bell, now=now + LEASE / 2)
        now += LEASE + dt.timedelta(seconds=1)
        delivery.sweep(ring=bell, now=now)
    assert bell.rung == [attempt.pk] * (delivery.MAX_TRIES - 1)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.failure, attempt.tries) == (State.DONE, Failure.LOST, 3)


def test_what_a_dead_worker_left_after_data_is_never_sent_again() -> None:
    """It becomes unclear, and no bell is rung."""
    attempt, bell = make_attempt(kind=Kind.TEST, recipient="a@example.com"), Bell()
    token = Attempt.objects.claim(attempt.pk, NOW, LEASE)
    Attempt.objects.held(attempt.pk, token).update(state=State.SENDING)
    delivery.sweep(ring=bell, now=NOW + LEASE + dt.timedelta(seconds=1))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.succeeded, attempt.hint) == (State.UNCLEAR, None, "lost")
    assert bell.rung == []
    assert not delivery.run(attempt.pk, clock=Clock())


def test_a_worker_that_lost_its_claim_hands_nothing_over(server: MailServer) -> None:
    """The lease ended in the middle: no DATA, and no outcome over the new holder's."""
    asked = trials.send_test_email(
        way_to(server), "you@example.com", user=None, ring=Bell(), now=NOW
    )
    times = iter([NOW, NOW])

    def clock() -> dt.datetime:
        """Give the time; by then somebody else holds the claim."""
        Attempt.objects.exclude(token="").update(token="another")
        return next(times, NOW)

    assert not delivery.run(asked.pk, clock=clock)
    assert server.messages == []
    asked.refresh_from_db()
    assert asked.state == State.RUNNING


@pytest.mark.parametrize(
    "fields", [{"from_name": "Evil\r\nBcc: v@x"}, {"extra_headers": "Bcc=v@x"}, {"reply_to": "a"}]
)
def test_what_no_message_can_carry_ends_in_an_outcome(
    server: MailServer, fields: dict[str, str]
) -> None:
    """A row that a form never let through is not sent, and says why."""
    asked = trials.send_test_email(
        way_to(server, **fields), "you@example.com", user=None, ring=Bell(), now=NOW
    )
    attempt = ended(asked)
    assert (attempt.failure, attempt.hint) == (Failure.UNSENDABLE, "unsendable")
    assert server.sessions == 0


def test_the_allowance_does_not_come_back_with_a_deleted_setting(settings: Settings) -> None:
    """Mails that were asked for stay counted when their setting goes."""
    settings.TEST_MAILS_PER_HOUR = 2
    tenant = make_tenant()

    def ask() -> None:
        trials.send_test_email(
            make_setting(tenant), "a@example.com", user=None, ring=Bell(), now=NOW
        )

    ask()
    ask()
    SmtpSetting.objects.all().delete()
    with pytest.raises(trials.TooManyTestMails):
        ask()


def test_a_key_of_another_setting_is_another_mail() -> None:
    """The same key from two forms neither breaks nor mixes them up."""
    key = uuid.uuid4()
    mails = [
        trials.send_test_email(
            make_setting(), "a@example.com", user=None, ring=Bell(), now=NOW, idempotency_key=key
        )
        for _ in range(2)
    ]
    assert mails[0].pk != mails[1].pk


def test_one_connection_test_of_a_setting_at_a_time() -> None:
    """Asking a hundred times while one waits is asking once."""
    setting, bell = make_setting(), Bell()
    asked = {trials.try_connection(setting, user=None, ring=bell, now=NOW).pk for _ in range(100)}
    assert len(asked) == len(bell.rung) == 1


def test_the_row_tells_the_server_that_was_dialled(server: MailServer) -> None:
    """A setting that changed while its attempt waited is tried as it is now; the row says so."""
    setting = way_to(server, host="smtp.example.com", port=25)
    asked = trials.try_connection(setting, user=None, ring=Bell(), now=NOW)
    setting.host, setting.port = "localhost", server.port
    setting.set_password("lab-password")
    setting.save()
    attempt = ended(asked)
    assert (attempt.succeeded, attempt.host, attempt.port) == (True, "localhost", server.port)


def test_a_clock_that_was_ahead_strands_no_attempt() -> None:
    """A lease or an announcement far in the future is over."""
    waiting, running, bell = make_attempt(), make_attempt(), Bell()
    month = dt.timedelta(days=30)
    Attempt.objects.filter(pk=waiting.pk).update(announced_until=NOW + month)
    assert Attempt.objects.claim(running.pk, NOW + month, LEASE)
    delivery.sweep(ring=bell, now=NOW)
    assert sorted(bell.rung) == sorted([waiting.pk, running.pk])


def test_a_broker_that_is_down_does_not_end_the_sweep() -> None:
    """Every waiting attempt is announced all the same."""
    make_attempt()
    make_attempt()
    assert delivery.sweep(ring=Bell(broken=True), now=NOW) == 2


def test_a_loaded_dump_asks_for_its_passwords(server: MailServer) -> None:
    """A dump holds no secret, and an empty one is never tried in its place."""
    setting = way_to(server)
    SmtpSetting.objects.filter(pk=setting.pk).update(password="")
    attempt = ended(trials.try_connection(setting, user=None, ring=Bell(), now=NOW))
    assert attempt.failure == Failure.PASSWORD_NEEDED
    assert server.sessions == 0
