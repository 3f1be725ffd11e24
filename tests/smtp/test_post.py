"""Mails about notices: grouped, to the right people, never twice, by the operators' own way out."""

import datetime as dt
import email
from collections.abc import Iterator
from email.message import EmailMessage
from ipaddress import ip_network
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from config.lab.certificates import Certificates
from config.lab.mailservers import MailServer
from smtp import delivery
from smtp.models import Attempt, Kind, Letter, LetterState, SmtpSetting, State
from smtp.telling import post
from tenants.models import Membership, Notice, Tenant, Topic
from tenants.notices import Change, tell
from tests.factories import make_setting, make_tenant, make_user
from tests.fakes import NOW, Bell, Clock
from tests.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)
LOOPBACK = [ip_network("127.0.0.1/32"), ip_network("::1/128")]


def happens(tenant: Tenant | None, subject: str = "Main", **fields: Any) -> None:
    """Tell that something fails."""
    values: dict[str, Any] = {
        "cause": "password-refused",
        "title": f"{subject} fails.",
        "text": "The server refused the password.",
        "path": "/settings/1/",
        "now": NOW,
    }
    tell(
        tenant, fields.pop("topic", Topic.SETTING_FAILING), **{**values, **fields}, subject=subject
    )


def sender(port: int = 2525, **fields: Any) -> SmtpSetting:
    """Mark a setting of the operators' own tenant."""
    own = make_tenant("Operators")
    return make_setting(own, port=port, enabled=True, sends_notices=True, **fields)


def letters() -> list[tuple[str, str]]:
    """Return whom letters go to, and their subjects."""
    return list(Letter.objects.order_by("pk").values_list("recipient", "subject"))


def swept(now: dt.datetime = NOW + MINUTE) -> list[int]:
    """Sweep, and return the attempts that were rung for."""
    bell = Bell()
    post.sweep(ring=bell, now=now)
    return bell.rung


class Mailbox:
    """What aiosmtpd hands over."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 kept"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """Run a mail server, with a marked setting that leads to it."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings.SMTP_NETWORKS, settings.SMTP_PORTS = LOOPBACK, [port]
        settings.PUBLIC_URL = "https://portal.example"
        sender(port)
        yield box
    finally:
        controller.stop()


def test_one_cause_is_one_mail_to_each_owner_and_editor(mailbox: Mailbox, tenant: Tenant) -> None:
    """Ten domains with one cause: a mail to each, with what changed and where to look."""
    change = Change("SPF", "v=spf1 include:a.example -all", "v=spf1 -all", "Put it back.")
    for number in range(10):
        happens(tenant, f"d{number}.example", changes=[change], since=NOW)
    asked = swept()
    assert len(asked) == 2
    for pk in asked:
        assert delivery.run(pk, clock=Clock())
    swept(NOW + 2 * MINUTE)
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.SENT}
    assert sorted(to for to, _mail in mailbox.mails) == [
        ["edith@example.com"],
        ["olga@example.com"],
    ]
    mail = mailbox.mails[0][1]
    assert mail["Subject"] == "[Relaydesk] Acme: d0.example fails (and 9 more)"
    text = mail.get_content()
    assert text.count(" fails.") == 10
    assert "was: v=spf1 include:a.example -all" in text
    assert "Since 21 November 2026, 12:00 UTC." in text
    assert "https://portal.example/settings/1/" in text
    assert "https://portal.example/tenants/acme/notices/" in text


def test_names_with_markup_and_line_ends_arrive_as_text(mailbox: Mailbox, tenant: Tenant) -> None:
    """Nothing in a name becomes a header of the mail."""
    happens(tenant, "a\r\nBcc: v@x.example <script>=?utf-8?q?x?=")
    for pk in swept():
        delivery.run(pk, clock=Clock())
    _to, mail = mailbox.mails[0]
    assert mail["Bcc"] is None
    assert "Bcc: v@x.example <script>" in mail["Subject"]


def test_the_operators_get_what_belongs_to_no_tenant(mailbox: Mailbox, staff: User) -> None:
    """Staff with an address get it, and nobody else."""
    make_user("silent", is_staff=True)
    User.objects.filter(username="silent").update(email="")
    make_user("gone", is_staff=True, is_active=False)
    happens(None)
    swept()
    assert letters() == [("op@example.com", "[Relaydesk] Operators: Main fails")]


def test_who_wants_none_and_who_may_only_look_get_no_mail(tenant: Tenant, editor: User) -> None:
    """Viewers, strangers, people without an address and those who switched mails off."""
    sender()
    Membership.objects.filter(user=editor).update(notified=False)
    happens(tenant)
    swept()
    assert [to for to, _subject in letters()] == ["olga@example.com"]


def test_a_tenant_with_nobody_to_mail_holds_nothing_up() -> None:
    """What nobody is to get is passed over, and what follows is mailed."""
    sender()
    happens(make_tenant("Empty"))
    happens(make_tenant("Full", owner=make_user("olga")))
    swept()
    assert len(letters()) == 1
    assert not Notice.objects.filter(mail_batch=None).exists()


def test_a_mail_waits_for_what_follows_at_once(tenant: Tenant) -> None:
    """Within the first minute nothing goes out."""
    sender()
    happens(tenant)
    swept(NOW + MINUTE / 2)
    assert letters() == []
    happens(tenant, "Second", now=NOW + MINUTE / 2)
    swept()
    assert {subject for _to, subject in letters()} == {"[Relaydesk] Acme: Main fails (and 1 more)"}


def test_causes_and_tenants_have_mails_of_their_own(tenant: Tenant, stranger: User) -> None:
    """What has nothing to do with each other is not in one mail."""
    sender()
    other = Tenant.objects.get(name="Elsewhere")
    happens(tenant)
    happens(tenant, "Second", cause="tls")
    happens(other)
    swept()
    assert len({(letter.tenant_id, letter.cause) for letter in Letter.objects.all()}) == 3


def test_a_cause_that_goes_on_is_mailed_every_ten_minutes(tenant: Tenant) -> None:
    """What follows the first mail is collected."""
    sender()
    happens(tenant, "a")
    swept()
    for minute in range(2, 9):
        happens(tenant, f"b{minute}", now=NOW + minute * MINUTE)
        swept(NOW + (minute + 1) * MINUTE)
    assert len(letters()) == 2
    swept(NOW + 11 * MINUTE)
    assert letters()[-1][1] == "[Relaydesk] Acme: b2 fails (and 6 more)"


PAIR = {"topic": Topic.SETTING_WORKING, "title": "Main works again."}


def test_of_a_failure_that_is_over_before_it_was_told_only_the_end_is_told(tenant: Tenant) -> None:
    """One mail, although they have causes of their own; the page has both."""
    sender()
    happens(tenant)
    happens(tenant, **PAIR, cause="recovered", now=NOW + MINUTE / 2)
    swept(NOW + 2 * MINUTE)
    assert {subject for _to, subject in letters()} == {"[Relaydesk] Acme: Main works again"}
    assert len(letters()) == 2
    assert tenant.notices.count() == 2


def test_a_failure_that_was_told_has_its_end_told(tenant: Tenant) -> None:
    """The recovery is a mail of its own."""
    sender()
    happens(tenant)
    swept()
    happens(tenant, **PAIR, now=NOW + 20 * MINUTE)
    swept(NOW + 21 * MINUTE)
    assert [subject for to, subject in letters() if to.startswith("olga")] == [
        "[Relaydesk] Acme: Main fails",
        "[Relaydesk] Acme: Main works again",
    ]


def test_the_same_subject_of_another_kind_is_kept(tenant: Tenant) -> None:
    """A domain and a setting may have one name."""
    sender()
    happens(tenant)
    happens(tenant, topic=Topic.DOMAIN_FAILING)
    swept()
    assert letters()[0][1] == "[Relaydesk] Acme: Main fails (and 1 more)"


# --- Quiet hours ------------------------------------------------------------------------------


def test_mails_wait_for_the_end_of_quiet_hours(tenant: Tenant) -> None:
    """From 12:00 to 14:00 nothing goes out; at 14:00 it does, and what was undone is not told."""
    sender()
    Tenant.objects.filter(pk=tenant.pk).update(
        quiet_from=dt.time(12), quiet_to=dt.time(14), quiet_zone="UTC"
    )
    happens(tenant)
    happens(tenant, "Second")
    for minutes in (1, 30, 119):
        swept(NOW + minutes * MINUTE)
        assert letters() == []
    happens(tenant, **PAIR, now=NOW + 90 * MINUTE)
    swept(NOW + 120 * MINUTE)
    assert letters()[0][1] == "[Relaydesk] Acme: Second fails (and 1 more)"


def test_a_letter_that_could_not_be_sent_waits_for_quiet_hours_too(tenant: Tenant) -> None:
    """A retry in the night disturbs as much as a first try."""
    sender()
    Tenant.objects.filter(pk=tenant.pk).update(
        quiet_from=dt.time(12, 2), quiet_to=dt.time(14), quiet_zone="UTC"
    )
    happens(tenant)
    fail_all(swept(NOW + MINUTE))
    assert swept(NOW + 10 * MINUTE) == []
    assert swept(NOW + 119 * MINUTE) == []
    assert len(swept(NOW + 121 * MINUTE)) == 2


def test_new_quiet_hours_count_at_once(tenant: Tenant) -> None:
    """What waits for the end of hours that are no more goes out."""
    sender()
    Tenant.objects.filter(pk=tenant.pk).update(
        quiet_from=dt.time(12), quiet_to=dt.time(14), quiet_zone="UTC"
    )
    happens(tenant)
    swept()
    Tenant.objects.filter(pk=tenant.pk).update(quiet_from=None, quiet_to=None)
    post.look_again(tenant, NOW + 2 * MINUTE)
    swept(NOW + 3 * MINUTE)
    assert len(letters()) == 2


# --- Which setting ----------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"sends_notices": False}, {"enabled": False}])
def test_without_a_marked_setting_nothing_is_written_and_nothing_lost(
    tenant: Tenant, fields: dict[str, bool]
) -> None:
    """Notices wait for two days; then they are on the pages alone."""
    way = sender()
    SmtpSetting.objects.filter(pk=way.pk).update(**fields)
    happens(tenant)
    happens(tenant, "Second", now=NOW + dt.timedelta(days=2))
    swept(NOW + 60 * MINUTE)
    assert letters() == []
    SmtpSetting.objects.filter(pk=way.pk).update(enabled=True, sends_notices=True)
    swept(NOW + dt.timedelta(days=2, hours=1))
    assert {subject for _to, subject in letters()} == {"[Relaydesk] Acme: Second fails"}


def test_one_setting_at_most_sends_notices() -> None:
    """The database refuses a second one."""
    sender()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_setting(sends_notices=True)


# --- Tries ------------------------------------------------------------------------------------


def fail_all(pks: list[int], **outcome: Any) -> None:
    """End attempts without success, as a worker does."""
    values = {"state": State.DONE, "succeeded": False, "stage": "connect", "failure": "timeout"}
    Attempt.objects.filter(pk__in=pks).update(**{**values, **outcome}, finished_at=NOW)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ({"succeeded": True}, LetterState.SENT),
        ({"state": State.UNCLEAR, "succeeded": None}, LetterState.UNCLEAR),
        ({"stage": "connect"}, LetterState.WAITING),
        ({"stage": "auth", "reply_code": 535}, LetterState.WAITING),
        ({"stage": "recipient", "reply_code": 450}, LetterState.WAITING),
        ({"stage": "recipient", "reply_code": 550}, LetterState.GIVEN_UP),
        ({"stage": "data", "reply_code": 552}, LetterState.GIVEN_UP),
        ({"stage": "sender", "reply_code": 552}, LetterState.GIVEN_UP),
        ({"stage": "sender", "reply_code": 553}, LetterState.WAITING),
        ({"stage": "resolve", "failure": "unsendable"}, LetterState.WAITING),
    ],
)
def test_what_became_of_an_attempt_decides_about_the_letter(
    tenant: Tenant, outcome: dict[str, Any], state: str
) -> None:
    """What may pass or be mended is tried again, what was refused for good is not."""
    sender()
    happens(tenant)
    fail_all(swept(), **outcome)
    swept(NOW + MINUTE)
    assert set(Letter.objects.values_list("state", flat=True)) == {state}


def test_a_letter_is_tried_less_and_less_often_and_given_up_after_a_day(tenant: Tenant) -> None:
    """Its pauses grow; the way out is not tried by every letter in turn."""
    sender()
    happens(tenant)
    Membership.objects.exclude(role="owner").delete()
    now, pauses = NOW + MINUTE, []
    fail_all(swept(now))
    swept(now)
    while (letter := Letter.objects.get()).state == LetterState.WAITING:
        pauses.append((letter.due_at - now) // MINUTE)
        assert swept(letter.due_at - MINUTE / 2) == []
        now = letter.due_at
        fail_all(swept(now))
        swept(now)
    assert pauses == [1, 2, 5, 15, 30, 60, 120, *[240] * 6]
    assert letter.state == LetterState.GIVEN_UP


@pytest.mark.parametrize(
    "outcome",
    [
        {},
        {"stage": "sender", "failure": "reply", "reply_code": 550},
        {"stage": "resolve", "failure": "unsendable"},
    ],
)
def test_a_way_that_fails_holds_back_the_other_letters(
    tenant: Tenant, outcome: dict[str, Any]
) -> None:
    """They wait a little instead of failing one by one."""
    sender()
    happens(tenant)
    happens(tenant, "Second", cause="tls")
    first = swept()
    late = Letter.objects.latest("pk")
    Attempt.objects.filter(letter=late).delete()
    Letter.objects.filter(pk=late.pk).update(state=LetterState.WAITING, due_at=NOW + MINUTE)
    fail_all(first, **outcome)
    assert swept(NOW + 2 * MINUTE) == []
    assert len(swept(NOW + 3 * MINUTE)) == 1  # the last one that failed tries the way for all
    late.refresh_from_db()
    assert (late.state, late.due_at) == (LetterState.WAITING, NOW + 7 * MINUTE)


def test_letters_leave_threads_for_others(tenant: Tenant) -> None:
    """Four are on their way at a time; the next ones follow when these have arrived."""
    sender()
    for number in range(5):
        happens(tenant, f"d{number}", cause=f"cause {number}")
    first = swept()
    assert (len(first), swept()) == (4, [])
    Attempt.objects.filter(pk=first[0]).update(state=State.DONE, succeeded=True, finished_at=NOW)
    assert len(swept()) == 1


def test_a_letter_to_what_is_no_address_is_given_up(tenant: Tenant, owner: User) -> None:
    """Nothing can be mended about the setting; the others do not wait for it."""
    sender()
    User.objects.filter(pk=owner.pk).update(email="ölga@example.com")
    happens(tenant)
    fail_all(swept(), stage="resolve", failure="unsendable")
    swept(NOW + MINUTE)
    states = dict(Letter.objects.values_list("recipient", "state"))
    assert states == {
        "ölga@example.com": LetterState.GIVEN_UP,
        "edith@example.com": LetterState.WAITING,
    }


def test_a_letter_whose_setting_was_deleted_is_not_sent_again(tenant: Tenant) -> None:
    """Nobody knows whether it had left."""
    way = sender()
    happens(tenant)
    swept()
    way.delete()
    swept(NOW + MINUTE)
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.UNCLEAR}


def test_an_attempt_without_its_letter_says_so() -> None:
    """A letter that was forgotten leaves an attempt that cannot be sent."""
    way = sender()
    attempt: Attempt = Attempt.objects.create(
        **{name: getattr(way, name) for name in ("tenant", "provider", "host", "port", "security")},
        setting=way,
        kind=Kind.NOTICE,
        recipient="you@example.com",
    )
    delivery.run(attempt.pk, clock=Clock())
    attempt.refresh_from_db()
    assert attempt.failure == "unsendable"
    assert "no longer kept" in attempt.server_text


def test_a_refusal_of_a_notice_has_a_hint(
    tenant: Tenant, certificates: Certificates, settings: Settings
) -> None:
    """It is an attempt as any other, so that it is explained as any other."""
    with MailServer("relay-denied", certificates) as server:
        settings.SMTP_NETWORKS, settings.SMTP_PORTS = LOOPBACK, [server.port]
        settings.SMTP_CA_FILE = str(certificates.ca_file)
        login = {"username": "lab", "password": "lab-password"}
        sender(server.port, host="localhost", security="starttls", **login)
        happens(tenant)
        for pk in swept():
            delivery.run(pk, clock=Clock())
    assert all(Attempt.objects.filter(kind=Kind.NOTICE).values_list("hint", flat=True))
    swept(NOW + MINUTE)
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.GIVEN_UP}


# --- Two of everything ------------------------------------------------------------------------


def test_two_timetables_write_and_send_each_letter_once(tenant: Tenant) -> None:
    """A second sweep in the middle of the first finds nothing left, nor does the first after it."""
    sender()
    for number in range(5):
        happens(tenant, f"d{number}", cause=f"cause {number}")
    rung: list[int] = []

    def ring(pk: int) -> None:
        rung.append(pk)
        post.sweep(ring=rung.append, now=NOW + MINUTE)

    for _sweep in range(3):
        post.sweep(ring=ring, now=NOW + MINUTE)
        Attempt.objects.update(state=State.DONE, succeeded=True, finished_at=NOW)
    assert Letter.objects.count() == 10
    assert len(rung) == len(set(rung)) == 10
    assert Attempt.objects.filter(kind=Kind.NOTICE).count() == 10


def test_a_message_that_comes_twice_sends_one_mail(mailbox: Mailbox, tenant: Tenant) -> None:
    """The second worker finds the attempt taken."""
    happens(tenant)
    [first, second] = swept()
    assert [delivery.run(pk, clock=Clock()) for pk in (first, first, second, second)] == [
        True,
        False,
        True,
        False,
    ]
    swept(NOW + 2 * MINUTE)
    assert len(mailbox.mails) == 2


def test_a_storm_is_one_mail(tenant: Tenant) -> None:
    """A thousand notices: fifty of them, and how many more."""
    sender()
    Notice.objects.bulk_create(
        Notice(
            tenant=tenant,
            topic=Topic.DOMAIN_FAILING,
            thing="domain",
            cause="storm",
            subject=f"d{number}.example",
            title=f"d{number}.example fails.",
            path="/domains/1/",
            created_at=NOW,
            mail_after=NOW,
            call_after=NOW,
        )
        for number in range(1000)
    )
    swept()
    assert len(letters()) == 2
    text = Letter.objects.latest("pk").text
    assert text.count(" fails.") == 50
    assert "And 950 more: " in text


def test_a_clock_that_jumped_holds_nothing_up_for_ever(tenant: Tenant) -> None:
    """What was written while the clock was years ahead goes out when it is right again."""
    sender()
    happens(tenant, now=NOW + dt.timedelta(days=4000))
    swept()
    assert len(letters()) == 2
