"""Settings that are tried by themselves against real servers, incidents, and what is told."""

import datetime as dt
import uuid
from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from config.lab.certificates import Certificates
from config.lab.mailservers import PASSWORD, USERNAME, MailServer
from smtp import delivery, trials
from smtp.models import (
    Attempt,
    Incident,
    Kind,
    Letter,
    LetterState,
    SettingHealth,
    SmtpSetting,
    State,
)
from smtp.watching import logins
from smtp.watching.health import Health
from tenants.models import Notice, Tenant
from tests.factories import make_attempt, make_setting, make_tenant
from tests.fakes import NOW, Bell, Clock
from tests.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


class World:
    """A port where servers come and go, a clock, and the sweep with its worker."""

    def __init__(self, certificates: Certificates) -> None:
        self.certificates, self.port = certificates, free_port()
        self.clock, self.bell = Clock(), Bell()

    def server(self, mood: str = "accepts") -> MailServer:
        """Return a server for the port, to be started by `with`."""
        return MailServer(mood, self.certificates, port=self.port)

    def setting(self, tenant: Tenant | None = None, **fields: Any) -> SmtpSetting:
        """Make an enabled setting for the port."""
        values: dict[str, Any] = {"username": USERNAME, "password": PASSWORD, "enabled": True}
        values |= {"host": "localhost", "security": "starttls", "port": self.port}
        return make_setting(tenant, **{**values, "way_since": NOW - DAY, **fields})

    def sweep(self) -> int:
        """Sweep once, and let a worker make what was asked for; return how many that was."""
        before = len(self.bell.rung)
        logins.sweep(ring=self.bell, now=self.clock())
        for pk in self.bell.rung[before:]:
            delivery.run(pk, clock=self.clock)
        return len(self.bell.rung) - before

    def run(self, minutes: int, step: int = 1) -> int:
        """Sweep every so many minutes for so long; return how many tries were made."""
        made = 0
        for _ in range(0, minutes, step):
            self.clock.forward(minutes=step)
            made += self.sweep()
        return made

    def until_due(self) -> None:
        """Go on to when the next try is due, and make it."""
        self.sweep()
        due = SettingHealth.objects.order_by("next_try_at").values_list("next_try_at", flat=True)
        self.clock.now = max(due[0], self.clock.now)
        self.sweep()


@pytest.fixture
def world(certificates: Certificates, settings: Settings) -> World:
    """Return a world that Relaydesk may dial."""
    made = World(certificates)
    settings.SMTP_NETWORKS = [ip_network("127.0.0.1/32"), ip_network("::1/128")]
    settings.SMTP_PORTS = [made.port]
    settings.SMTP_CA_FILE = str(certificates.ca_file)
    return made


def health(setting: SmtpSetting) -> SettingHealth:
    """Return what is known of a setting."""
    return SettingHealth.objects.select_related("attempt", "incident").get(setting=setting)


def told() -> list[tuple[str, str]]:
    """Return all notices so far: what of, and about what."""
    return list(Notice.objects.order_by("pk").values_list("topic", "subject"))


def test_an_enabled_setting_is_tried_within_the_hour(world: World) -> None:
    """It logs in, sends nothing, and is tried again within a day and a half."""
    setting = world.setting()
    with world.server() as server:
        assert world.run(61) == 1
        assert server.messages == []
        assert "AUTH" in server.verbs
    known = health(setting)
    assert (known.state, known.attempt and known.attempt.kind) == (Health.WORKING, Kind.HEALTH)
    assert DAY / 2 <= known.next_try_at - (known.tried_at or NOW) <= 1.5 * DAY
    assert told() == []


@pytest.mark.parametrize("fields", [{"enabled": False}, {"watched": False}, {"login": "token"}])
def test_what_is_not_watched_is_never_tried(world: World, fields: dict[str, Any]) -> None:
    """Not what is disabled, not what nobody wants watched, not a token."""
    world.setting(**fields)
    assert world.run(120, 30) == 0


def test_no_hours_mean_no_tries(world: World, settings: Settings) -> None:
    """The operator can switch all of it off; open incidents end without a word."""
    world.setting()
    Incident.objects.create(host="localhost", opened_at=NOW)
    settings.HEALTH_HOURS = 0
    assert world.run(120, 30) == 0
    assert not Incident.objects.filter(ended_at=None).exists()
    assert told() == []


def test_a_refused_login_is_told_after_a_second_try(world: World) -> None:
    """Doubted, tried again after five minutes, then failing; mended, it is told once more."""
    setting = world.setting(name="Main")
    with world.server("refuses-login"):
        world.until_due()
        assert health(setting).state == Health.DOUBTED
        assert told() == []
        world.run(7)
        assert health(setting).state == Health.FAILING
        assert told() == [("setting.failing", "Main")]
        world.run(180, 20)
    with world.server():
        world.run(240, 20)
    assert health(setting).state == Health.WORKING
    assert told() == [("setting.failing", "Main"), ("setting.working", "Main")]
    failing, working = Notice.objects.order_by("pk")
    assert failing.tenant == working.tenant == setting.tenant
    assert failing.path == setting.get_absolute_url()
    assert failing.since == working.since


def test_a_server_that_restarts_is_not_told(world: World) -> None:
    """Silence of twenty minutes is a doubt, and no more."""
    setting = world.setting()
    world.until_due()
    world.run(20)
    assert health(setting).state == Health.DOUBTED
    with world.server():
        world.run(7)
    assert health(setting).state == Health.WORKING
    assert told() == []


def test_history_grows_with_changes_only(world: World) -> None:
    """Thirty days of the same leave one row, and the page knows when it was tried last."""
    setting = world.setting()
    with world.server():
        for _ in range(30):
            world.until_due()
    assert world.clock() > NOW + 28 * DAY
    assert Attempt.objects.count() == 1
    assert health(setting).tried_at == world.clock()
    with world.server("refuses-login"):
        for _ in range(6):
            world.until_due()
    assert Attempt.objects.count() == 2
    assert health(setting).attempt == Attempt.objects.get(succeeded=False)
    assert told() == [("setting.failing", setting.name)]


def test_a_persons_try_counts_but_tells_nobody(world: World) -> None:
    """The first failure is a doubt that the schedule confirms; the row of the test stays."""
    setting = world.setting()
    with world.server("refuses-login"):
        asked = trials.try_connection(setting, user=None, ring=Bell(), now=NOW)
        assert delivery.run(asked.pk, clock=world.clock)
        assert (health(setting).state, told()) == (Health.DOUBTED, [])
        world.run(7)
    assert health(setting).state == Health.FAILING
    assert Attempt.objects.get() == asked
    assert len(told()) == 1


def test_trying_a_setting_that_is_not_enabled_tells_nobody(world: World) -> None:
    """However often it fails, and whatever it is afterwards."""
    setting = world.setting(enabled=False)
    with world.server("refuses-login"):
        for _ in range(4):
            asked = trials.try_connection(setting, user=None, ring=Bell(), now=world.clock())
            delivery.run(asked.pk, clock=world.clock)
            world.clock.forward(minutes=10)
    assert health(setting).state == Health.FAILING
    assert told() == []


def test_a_refused_test_mail_proves_the_login(world: World) -> None:
    """The server let it in before it refused the recipient."""
    setting = world.setting()
    with world.server("relay-denied"):
        to = "you@example.com"
        asked = trials.send_test_email(setting, to, user=None, ring=Bell(), now=NOW)
        delivery.run(asked.pk, clock=world.clock)
    assert health(setting).state == Health.WORKING


def mails_a_notice(world: World, setting: SmtpSetting) -> Attempt:
    """Mail a notice by a setting that works as all do, and return its attempt."""
    to = {"kind": Kind.NOTICE, "recipient": "you@example.com", "message_id": "<1@example.com>"}
    attempt = make_attempt(setting, created_at=world.clock(), **to)
    letter = {"batch": uuid.uuid4(), "recipient": "you@example.com", "subject": "x", "text": "x"}
    Letter.objects.create(**letter, attempt=attempt, state=LetterState.TRYING)
    assert delivery.run(attempt.pk, clock=world.clock)
    attempt.refresh_from_db()
    return attempt


def test_a_notice_moves_the_health_but_is_not_what_members_are_led_to(world: World) -> None:
    """Its page is for operators; the schedule's own try stays when it says the same."""
    setting = world.setting()
    with world.server("refuses-login"):
        notice = mails_a_notice(world, setting)
        assert (health(setting).state, health(setting).attempt) == (Health.DOUBTED, None)
        world.run(7)
        scheduled = Attempt.objects.get(kind=Kind.HEALTH)
        assert scheduled.hint == notice.hint
        assert health(setting).attempt == scheduled
        mails_a_notice(world, setting)
    assert health(setting).attempt == scheduled
    with world.server():
        mails_a_notice(world, setting)
    assert (health(setting).state, health(setting).attempt) == (Health.WORKING, None)
    assert Attempt.objects.filter(kind=Kind.NOTICE).count() == 3


def test_a_change_of_the_way_begins_anew(world: World) -> None:
    """What was learnt of the old password is forgotten, and the new one tried within the hour."""
    setting = world.setting()
    with world.server("refuses-login"):
        world.until_due()
        world.run(7)
    assert health(setting).state == Health.FAILING
    SmtpSetting.objects.filter(pk=setting.pk).update(way_since=world.clock())
    world.sweep()
    assert (health(setting).state, health(setting).attempt) == (Health.UNTRIED, None)
    with world.server():
        world.run(61)
    assert told() == [("setting.failing", setting.name), ("setting.working", setting.name)]


def test_what_was_tried_before_a_change_says_nothing(world: World) -> None:
    """The setting changed while the attempt was on its way."""
    setting = world.setting()
    asked = trials.try_connection(setting, user=None, ring=Bell(), now=NOW)

    def clock() -> dt.datetime:
        """Give the time; the attempt has begun, and somebody saves another password."""
        begun = Attempt.objects.filter(pk=asked.pk, state=State.RUNNING).exists()
        SmtpSetting.objects.filter(pk=setting.pk).update(way_since=NOW if begun else NOW - DAY)
        return NOW

    with world.server("refuses-login"):
        assert delivery.run(asked.pk, clock=clock)
    assert not SettingHealth.objects.exists()


def test_a_worker_that_lost_its_claim_moves_nothing(world: World) -> None:
    """Neither the row nor the health."""
    setting = world.setting()
    asked = trials.try_connection(setting, user=None, ring=Bell(), now=NOW)

    def clock() -> dt.datetime:
        """Give the time; somebody else holds the claim."""
        Attempt.objects.exclude(token="").update(token="another")
        return NOW

    assert not delivery.run(asked.pk, clock=clock)
    assert not SettingHealth.objects.exists()


def test_two_sweeps_ask_once(world: World) -> None:
    """Also when the second one read the row before the first one wrote it."""
    setting = world.setting()
    world.sweep()
    world.clock.forward(hours=2)
    read = SettingHealth.objects.select_related("setting").get()
    bell = Bell()
    assert logins.sweep(ring=bell, now=world.clock()) == 1
    assert logins.sweep(ring=bell, now=world.clock()) == 0
    assert not logins._ask(read, bell, world.clock())
    assert Attempt.objects.filter(setting=setting).count() == len(bell.rung) == 1


def test_a_try_that_was_never_made_is_waited_for(world: World) -> None:
    """While it waits there is no second one; once it was given up the next is asked for."""
    setting = world.setting()
    world.sweep()
    world.clock.forward(hours=2)
    logins.sweep(ring=Bell(broken=True), now=world.clock())
    world.clock.forward(hours=3)
    assert world.sweep() == 0
    Attempt.objects.filter(setting=setting).update(state=State.DONE, finished_at=world.clock())
    assert world.sweep() == 1


def test_a_clock_that_was_ahead_strands_no_setting(world: World) -> None:
    """A next try a year away is put right, not made at once for everybody."""
    setting = world.setting()
    with world.server():
        world.until_due()
    SettingHealth.objects.update(next_try_at=NOW + 365 * DAY)
    assert world.sweep() == 0
    assert health(setting).next_try_at < world.clock() + 2 * DAY


def test_a_dead_host_leaves_threads_for_others(world: World) -> None:
    """Four tries at one host at a time, six in all, and the others' turn comes."""
    tenant = make_tenant()
    for _ in range(12):
        world.setting(tenant)
    others = [world.setting(tenant, host=f"127.0.0.{number}") for number in range(2, 7)]
    world.sweep()
    world.clock.forward(hours=2)
    bell = Bell()
    for _ in range(3):
        logins.sweep(ring=bell, now=world.clock())
    asked = Attempt.objects.filter(pk__in=bell.rung)
    assert len(bell.rung) == 6
    asked.exclude(host="localhost").update(state=State.DONE, finished_at=world.clock())
    SettingHealth.objects.filter(setting__host="localhost").update(next_try_at=NOW)
    logins.sweep(ring=bell, now=world.clock())
    asked = Attempt.objects.filter(pk__in=bell.rung)
    assert asked.filter(host="localhost").count() <= 4
    assert asked.filter(setting__in=others).count() >= 2


def test_a_password_that_cannot_be_used_is_told(world: World) -> None:
    """As after a loaded dump: no server is asked, and its people are to enter it again."""
    setting = world.setting()
    SmtpSetting.objects.filter(pk=setting.pk).update(password="")
    with world.server() as server:
        world.until_due()
        world.run(7)
        assert server.sessions == 0
    assert told() == [("setting.failing", setting.name)]
    assert "Enter the password again" in Notice.objects.get().text


def test_our_own_trouble_moves_nothing(world: World, settings: Settings) -> None:
    """A port that the operator closed says nothing of the setting."""
    setting = world.setting()
    with world.server():
        world.until_due()
        settings.SMTP_PORTS = [1]
        for _ in range(5):
            world.until_due()
    known = health(setting)
    assert (known.state, told()) == (Health.WORKING, [])
    assert known.unknown_since is not None
    assert known.attempt is not None
    assert known.attempt.hint == "target-refused"


def forty(world: World) -> list[SmtpSetting]:
    """Make forty settings of ten tenants that all work."""
    plain = {"security": "none", "username": "", "password": ""}
    made = [world.setting(tenant, **plain) for tenant in [make_tenant() for _ in range(10)] * 4]
    with world.server():
        for setting in made:
            asked = trials.try_connection(setting, user=None, ring=Bell(), now=world.clock())
            delivery.run(asked.pk, clock=world.clock)
    return made


def test_a_provider_that_is_down_is_told_once(world: World) -> None:
    """Forty settings: one notice to the operators, none to the tenants, and one when it is over."""
    made = forty(world)
    world.clock.forward(days=1)
    while not Incident.objects.exists():
        world.run(1)
    incident = Incident.objects.get()
    assert (incident.host, incident.tenant, incident.ended_at) == ("localhost", None, None)
    assert incident.cause
    world.run(120, 5)
    assert told() == [("incident.opened", "localhost")]
    with world.server():
        world.run(30)
    assert told() == [("incident.opened", "localhost"), ("incident.ended", "localhost")]
    assert not Notice.objects.exclude(tenant=None).exists()
    incident.refresh_from_db()
    assert incident.ended_at is not None
    assert 3 <= incident.affected <= 40
    assert not SettingHealth.objects.exclude(incident=None).exists()
    assert not SettingHealth.objects.filter(setting__in=made).bad().exists()


def test_what_still_fails_after_an_incident_is_told_by_itself(world: World) -> None:
    """The server is back, and one of the four logins is not."""
    made = [world.setting() for _ in range(4)]
    world.until_due()
    world.run(45, 5)
    assert {health(setting).state for setting in made} == {Health.FAILING.value}
    assert told() == [("incident.opened", "localhost")]
    wrong = made[0]
    wrong.set_password("wrong")
    wrong.save()
    with world.server():
        world.run(30, 3)
    assert told()[1:] == [("incident.ended", "localhost"), ("setting.failing", wrong.name)]


def test_one_tenants_own_server_is_told_to_that_tenant(world: World) -> None:
    """Nobody else has a setting there, so its people are told, in one notice."""
    tenant = make_tenant()
    for _ in range(3):
        world.setting(tenant)
    world.until_due()
    world.run(45, 5)
    assert told() == [("incident.opened", "localhost")]
    assert Notice.objects.get().tenant == tenant


def test_when_nobody_answers_it_is_our_own_connection(world: World) -> None:
    """Three hosts fall silent together: one notice, not three."""
    for host in ("localhost", "127.0.0.1", "::1"):
        world.setting(host=host, security="none", username="", password="")
    world.until_due()
    world.run(50, 5)
    assert told() == [("incident.opened", "all mail servers")]
    with world.server():
        world.run(30, 5)
    assert ("incident.ended", "all mail servers") in told()


def test_two_sweeps_open_and_end_an_incident_once(world: World) -> None:
    """The second one finds it done."""
    for _ in range(3):
        world.setting()
    world.until_due()
    world.run(2)
    for _ in range(3):
        logins.sweep(ring=Bell(), now=world.clock())
    assert Incident.objects.count() == Notice.objects.count() == 1


def test_an_incident_nobody_is_left_in_ends(world: World) -> None:
    """Its settings were disabled."""
    for _ in range(3):
        world.setting()
    world.until_due()
    world.run(5)
    SmtpSetting.objects.update(enabled=False)
    world.run(2)
    assert Incident.objects.get().ended_at is not None


def test_an_incident_from_the_future_begins_now(world: World) -> None:
    """The clock was ahead when it was opened."""
    for _ in range(3):
        world.setting()
    world.until_due()
    world.run(5)
    Incident.objects.update(opened_at=world.clock() + DAY)
    world.sweep()
    assert Incident.objects.get().opened_at == world.clock()


def test_a_setting_goes_with_all_that_is_known_of_it(world: World) -> None:
    """Its attempts and its health point at each other, and are no obstacle."""
    setting = world.setting()
    make_attempt(setting)
    with world.server():
        world.until_due()
    SmtpSetting.objects.get(pk=setting.pk).delete()
    assert not SettingHealth.objects.exists()
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    "jumps",
    [
        [(1, "refuses-login"), (-9, "accepts"), (30, "refuses-login"), (-50, "refuses-login")],
        [(30, "refuses-login"), (-40, "refuses-login"), (50, "accepts"), (-50, "accepts")],
    ],
)
def test_notices_take_turns_however_the_clock_jumps(
    world: World, settings: Settings, jumps: list[tuple[int, str]]
) -> None:
    """Hours ahead and back, with a server that lets in or does not: never the same twice."""
    settings.HEALTH_HOURS = 1
    setting = world.setting()
    for hours, mood in jumps:
        with world.server(mood):
            world.clock.forward(hours=hours)
            world.run(330, 10)  # longer than the longest wait after four bad tries
    turns = [("setting.failing", setting.name), ("setting.working", setting.name)]
    assert told() == (turns * len(jumps))[: len(told())]
    assert len(told()) >= 2
