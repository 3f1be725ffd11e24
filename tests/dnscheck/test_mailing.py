"""Mailing the link to a DNS to-do: by the portal's own way out, never twice, never too late."""

import datetime as dt
import email
import logging
from collections.abc import Generator, Iterator
from email.message import EmailMessage
from ipaddress import ip_network
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from config.tasks import sweep as timetable
from dnscheck import mailing
from dnscheck.forms.sharing import MailForm, ShareForm
from dnscheck.models import SendingDomain, Share, ShareMail
from smtp import delivery
from smtp.models import Attempt, Letter, LetterState, SmtpSetting, State
from tenants.models import Tenant
from tests.factories import make_domain, make_tenant, make_user
from tests.fakes import NOW, Clock
from tests.processes import free_port
from tests.smtp.test_post import Mailbox, fail_all, sender, swept

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
HOME = "https://portal.example"
LOOPBACK = [ip_network("127.0.0.1/32"), ip_network("::1/128")]


@pytest.fixture
def domain(tenant: Tenant) -> SendingDomain:
    """Return a domain with records to publish."""
    row = make_domain(tenant, "exämple.example".encode("idna").decode())
    return SendingDomain.objects.select_related("tenant").get(pk=row.pk)


@pytest.fixture
def share(domain: SendingDomain) -> Share:
    """Return a link that works for two weeks."""
    return make_share(domain)


def make_share(domain: SendingDomain, ends: dt.datetime = NOW + 14 * DAY) -> Share:
    """Make a link."""
    return Share.objects.create(domain=domain, label="Ann", created_at=NOW, expires_at=ends)


def mail(
    share: Share, by: User, to: str = "ann@hosting.example", now: dt.datetime = NOW
) -> ShareMail:
    """Have a link mailed."""
    return mailing.send(share, to, by=by, home=HOME, now=now)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """Run a mail server, with a marked setting that leads to it."""
    box, port = Mailbox(), free_port()
    yield from serve(box, port, settings)


def serve(box: Any, port: int, settings: Settings) -> Generator[Any]:
    """Run a mail server with this behaviour."""
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings.SMTP_NETWORKS, settings.SMTP_PORTS = LOOPBACK, [port]
        sender(port)
        yield box
    finally:
        controller.stop()


def test_a_link_is_mailed_by_the_portals_own_way_out(
    mailbox: Mailbox, share: Share, editor: User
) -> None:
    """It says who asks, for what, until when and how to say no; answers go to who asked."""
    editor.first_name, editor.last_name = "Edith", "Öst"
    mail(share, editor)
    [attempt] = swept()
    assert delivery.run(attempt, clock=Clock())
    assert not delivery.run(attempt, clock=Clock())
    swept(NOW + 2 * MINUTE)
    letter = Letter.objects.get()
    assert (letter.state, letter.link) == (LetterState.SENT, "")
    [(to, sent)] = mailbox.mails
    assert to == ["ann@hosting.example"]
    assert sent["Subject"] == "DNS records for exämple.example"
    assert sent["Reply-To"] == "edith@example.com"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "text/plain"
    text = sent.get_content()
    for words in ("Edith Öst of Acme", "exämple.example", "2026-12-05", "answer that to this"):
        assert words in text
    assert f"{HOME}{share.get_absolute_url()}" in text.splitlines()
    assert "Ann" not in text  # whom a link is for is a note of members


def test_the_longest_name_of_a_domain_fits_into_the_subject(editor: User, tenant: Tenant) -> None:
    """It is cut there, and whole in the text."""
    sender()
    name = ".".join(["a" * 62] * 3 + ["b" * 50, "example"])
    mail(make_share(make_domain(tenant, name)), editor)
    letter = Letter.objects.get()
    letter.clean_fields(exclude=["attempt"])
    assert letter.subject.endswith("a…")
    assert name in letter.text


def test_a_member_without_an_address_leaves_answers_to_the_setting(
    mailbox: Mailbox, share: Share
) -> None:
    """A broken address of the member's does the same, instead of keeping the mail back."""
    SmtpSetting.objects.update(reply_to="desk@portal.example")
    person = make_user("nobody")
    for address in ("", "ölga@example.com"):
        person.email = address
        mail(make_share(share.domain), person)
    for pk in swept():
        delivery.run(pk, clock=Clock())
    assert [sent["Reply-To"] for _to, sent in mailbox.mails] == ["desk@portal.example"] * 2


def test_a_letter_somebody_asked_for_waits_for_no_quiet_hours(
    share: Share, editor: User, tenant: Tenant
) -> None:
    """They are for what nobody waits for."""
    sender()
    quiet = {"quiet_from": dt.time(12), "quiet_to": dt.time(14), "quiet_zone": "UTC"}
    Tenant.objects.filter(pk=tenant.pk).update(**quiet)
    mail(share, editor)
    assert len(swept()) == 1


# --- A link that ended is not mailed --------------------------------------------------------------


def end_by_revoking(share: Share) -> None:
    """Take it back."""
    assert mailing.revoke(Share.objects.filter(pk=share.pk), NOW) == 1


def end_by_deleting(share: Share) -> None:
    """Delete the domain."""
    share.domain.delete()


def end_behind_our_back(share: Share) -> None:
    """Write to the database."""
    Share.objects.update(revoked_at=NOW)


@pytest.mark.parametrize("end", [end_by_revoking, end_by_deleting, end_behind_our_back])
def test_a_link_that_ended_while_its_mail_waited_is_not_mailed(
    end: Any, share: Share, editor: User
) -> None:
    """The timetable withdraws the mail before it looks for what to send."""
    sender()
    mail(share, editor, now=timezone.now())
    end(share)
    timetable()
    assert not Attempt.objects.exists()
    letter = Letter.objects.get()
    assert (letter.state, letter.link) == (LetterState.WITHDRAWN, "")


def test_a_link_taken_back_when_its_attempt_waits_is_not_mailed(
    mailbox: Mailbox, share: Share, editor: User
) -> None:
    """The worker that takes the attempt up dials nobody, and the setting is not blamed."""
    mail(share, editor)
    [attempt] = swept()
    end_by_revoking(share)
    assert delivery.run(attempt, clock=Clock())
    swept(NOW + 2 * MINUTE)
    assert mailbox.mails == []
    assert Letter.objects.get().state == LetterState.WITHDRAWN
    assert "withdrawn" in Attempt.objects.get().server_text


class TakesBack(Mailbox):
    """A server in the middle of whose conversation the link ends."""

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Let the link end."""
        envelope.rcpt_tos.append(address)
        self.clock.forward(days=20)
        return "250 ok"

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()


def test_a_link_that_ends_right_before_the_message_is_not_mailed(
    settings: Settings, share: Share, editor: User
) -> None:
    """The last question before DATA is whether it is still wanted; the letter then has its end."""
    box = TakesBack()
    serving = serve(box, free_port(), settings)
    next(serving)
    try:
        mail(share, editor)
        [attempt] = swept()
        assert delivery.run(attempt, clock=box.clock)
    finally:
        serving.close()
    swept(box.clock())
    assert box.mails == []
    assert Letter.objects.get().state == LetterState.WITHDRAWN


@pytest.mark.parametrize(
    ("became", "state"),
    [
        ({"state": State.DONE, "succeeded": True}, LetterState.SENT),
        ({"state": State.UNCLEAR, "succeeded": None}, LetterState.UNCLEAR),
        ({"state": State.DONE, "succeeded": False}, LetterState.WITHDRAWN),
    ],
)
@pytest.mark.parametrize("is_over", [False, True])
def test_of_a_mail_that_may_have_left_nobody_says_that_it_was_not_sent(
    became: dict[str, Any], state: LetterState, is_over: bool, share: Share, editor: User
) -> None:
    """The link ends while the message is handed over, or before it is noted what became of it."""
    sender()
    mail(share, editor)
    attempts = Attempt.objects.filter(pk__in=swept())
    attempts.update(state=State.SENDING, token="x", lease_until=NOW + MINUTE)
    if is_over:
        attempts.update(finished_at=NOW, **became)
    end_by_revoking(share)
    assert Letter.objects.get().state == LetterState.TRYING
    attempts.update(finished_at=NOW, **became)
    for number in (1, 2):
        mailing.sweep(NOW + number * MINUTE)
        assert swept(NOW + number * MINUTE) == []
    letter = Letter.objects.get()
    assert (letter.state, letter.link) == (state, "")


def test_an_expired_link_is_neither_asked_for_nor_sent(share: Share, editor: User) -> None:
    """Not on the day it ends, though its mail was on its way for longer."""
    sender()
    late = make_share(share.domain, NOW + 3 * MINUTE)
    mail(late, editor)
    fail_all(swept())
    swept(NOW + 3 * MINUTE)
    assert Letter.objects.get().state == LetterState.WITHDRAWN
    with pytest.raises(mailing.Refused, match="has ended"):
        mail(late, editor, now=NOW + 3 * MINUTE)


# --- Retries and their end ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state", "words"),
    [
        ({}, "waiting", "The portal&#x27;s own mail setting failed."),
        (
            {"stage": "recipient", "reply_code": 550, "hint": "recipient-unknown"},
            "given_up",
            "Check the recipient&#x27;s address letter by letter.",
        ),
        ({"state": State.UNCLEAR, "succeeded": None}, "unclear", "it may have arrived"),
        ({"succeeded": True}, "sent", "The mail server took it."),
    ],
)
def test_what_became_of_a_mail_stands_beside_the_link(
    outcome: dict[str, Any], state: str, words: str, share: Share, editor: User, client: Client
) -> None:
    """With its cause and what to do; trouble of the way out is the operators' matter."""
    sender()
    mail(share, editor)
    fail_all(swept(), cause="The recipient's mailbox does not exist", **outcome)
    swept(NOW + 2 * MINUTE)
    assert Letter.objects.get().state == state
    client.force_login(editor)
    page = client.get(reverse("dnscheck:shares", args=[share.domain_id])).content.decode()
    assert words in page
    assert "ann@hosting.example" in page


def test_what_may_have_left_is_never_sent_twice(share: Share, editor: User) -> None:
    """A worker lost after DATA leaves it unclear; taking the link back does not change that."""
    sender()
    mail(share, editor)
    Attempt.objects.filter(pk__in=swept()).update(
        state=State.UNCLEAR, finished_at=NOW, succeeded=None
    )
    swept(NOW + MINUTE)
    end_by_revoking(share)
    assert swept(NOW + 60 * MINUTE) == []
    assert Letter.objects.get().state == LetterState.UNCLEAR


# --- Limits ---------------------------------------------------------------------------------------


def test_a_link_is_mailed_three_times_at_most_and_one_at_a_time(share: Share, editor: User) -> None:
    """A double click is one mail."""
    sender()
    for number in range(mailing.MOST_OF_A_LINK):
        mail(share, editor, now=NOW + number * MINUTE)
        with pytest.raises(mailing.Refused, match="on its way"):
            mail(share, editor)
        Letter.objects.update(state=LetterState.SENT)
    with pytest.raises(mailing.Refused, match="3 times"):
        mail(share, editor)


def test_a_tenant_has_so_many_mails_a_day(share: Share, editor: User, settings: Settings) -> None:
    """Deleting a domain gives none back, another tenant has its own, and a day later it is over."""
    sender()
    settings.SHARE_MAILS_PER_DAY = 2
    mail(share, editor)
    mail(make_share(share.domain), editor)
    share.domain.delete()
    other = make_domain(share.domain.tenant)
    with pytest.raises(mailing.Refused, match="2 mails of this day"):
        mail(make_share(other), editor)
    mail(make_share(make_domain(make_tenant())), editor)
    mail(make_share(other), editor, now=NOW + DAY)
    mailing.sweep(NOW + DAY + MINUTE)
    assert ShareMail.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("ann@hosting.example", "ann@hosting.example"),
        (" ann@bücher.example ", "ann@xn--bcher-kva.example"),
        ("a+b@x.example", "a+b@x.example"),
        ("ann@hosting.example\r\nBcc: eve@x.example", None),
        ("ann\r@hosting.example", None),
        ("ann@hosting.example\n\n.\nMAIL", None),
        ("ann\x00@hosting.example", None),
        ("ann@hosting.example, eve@x.example", None),
        ("Ann <ann@hosting.example>", None),
        ("änn@hosting.example", None),
        ("ann", None),
        ("", None),
        ("a@" + "b." * 120 + "example", "a@" + "b." * 120 + "example"),
        ("a@" + "b." * 130 + "example", None),
        ("a@" + "ü." * 60 + "example", None),  # too long once it is written as A-labels
    ],
)
def test_an_address_is_checked_at_its_field(typed: str, clean: str | None, share: Share) -> None:
    """One plain address, its domain as A-labels."""
    form = MailForm({"email": typed}, share=share)
    assert form.is_valid() == (clean is not None)
    assert clean is None or form.cleaned_data["email"] == clean
    assert clean is not None or list(form.errors) == ["email"]
    new = ShareForm({"label": "Ann", "lasting": "7", "email": typed}, back="/", can_mail=True)
    assert new.is_valid() == (clean is not None or not typed)


# --- The page -------------------------------------------------------------------------------------


def page_of(client: Client, domain: SendingDomain) -> str:
    """Return the page with the links of a domain."""
    return client.get(reverse("dnscheck:shares", args=[domain.pk])).content.decode()


def test_an_editor_makes_a_link_and_has_it_mailed(
    client: Client, editor: User, domain: SendingDomain
) -> None:
    """The address is optional; the page follows the mail for a while."""
    sender()
    client.force_login(editor)
    there = reverse("dnscheck:shares", args=[domain.pk])
    client.post(there, {"label": "Bob", "lasting": "7"})
    assert not Letter.objects.exists()
    data = {"label": "Ann", "lasting": "7", "email": "ann@hosting.example"}
    page = client.post(there, data, follow=True).content.decode()
    letter = Letter.objects.get()
    share = Share.objects.get(label="Ann")
    assert letter.link == f"http://testserver{share.get_absolute_url()}"
    assert letter.until == share.expires_at
    assert "The link is mailed to ann@hosting.example." in page
    assert 'hx-trigger="every 3s"' in page
    ShareMail.objects.update(at=timezone.now() - dt.timedelta(minutes=3))
    assert "hx-trigger" not in page_of(client, domain)


def test_a_link_that_there_is_already_is_mailed(
    client: Client, editor: User, share: Share, settings: Settings
) -> None:
    """Its address is the portal's own; a refusal stands at the field, and nothing is written."""
    settings.PUBLIC_URL = HOME
    Share.objects.update(expires_at=timezone.now() + DAY)
    sender()
    client.force_login(editor)
    there = reverse("dnscheck:share_mail", args=[share.pk])
    page = client.post(there, {"email": "ann@x.example\nBcc: b@x.example"}).content.decode()
    assert "Enter a valid email address." in page
    assert not Letter.objects.exists()
    assert client.post(there, {"email": "ann@hosting.example"}).status_code == 302
    assert Letter.objects.get().link == HOME + share.get_absolute_url()
    page = client.post(there, {"email": "ann@hosting.example"}).content.decode()
    assert "A mail with this link is on its way already." in page
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("person", ["viewer", "stranger"])
def test_others_have_nothing_mailed(
    person: str, client: Client, share: Share, request: pytest.FixtureRequest
) -> None:
    """Not found, and no letter."""
    sender()
    client.force_login(request.getfixturevalue(person))
    there = reverse("dnscheck:share_mail", args=[share.pk])
    assert client.post(there, {"email": "ann@hosting.example"}).status_code == 404
    assert client.get(there).status_code == 405
    assert not Letter.objects.exists()


def test_a_page_that_was_left_open_makes_no_mail_of_an_ended_link(
    client: Client, editor: User, share: Share
) -> None:
    """The refusal says what to do instead."""
    sender()
    mailing.revoke(Share.objects.all(), NOW)
    client.force_login(editor)
    there = reverse("dnscheck:share_mail", args=[share.pk])
    page = client.post(there, {"email": "ann@hosting.example"}).content.decode()
    assert "The link has ended: make another one." in page
    assert not Letter.objects.exists()


def test_without_a_way_out_the_page_says_what_to_do(
    client: Client, editor: User, staff: User, share: Share
) -> None:
    """One's own mail program stays; operators are led to where they can mend it."""
    Share.objects.update(expires_at=timezone.now() + DAY)
    client.force_login(editor)
    page = page_of(client, share.domain)
    assert "The portal cannot mail links" in page
    assert "mailto:" in page
    assert 'name="email"' not in page
    admin = reverse("admin:smtp_smtpsetting_changelist")
    assert admin not in page
    client.force_login(staff)
    assert admin in page_of(client, share.domain)
    there = reverse("dnscheck:share_mail", args=[share.pk])
    said = client.post(there, {"email": "ann@hosting.example"}).content.decode()
    assert "have not made it possible to mail links" in said


def test_operators_can_have_no_link_mailed_at_all(
    client: Client, editor: User, staff: User, share: Share, settings: Settings
) -> None:
    """Then nobody is offered it, though there is a way for notices, or told of mails used up."""
    sender()
    settings.SHARE_MAILS_PER_DAY = 0
    Share.objects.update(expires_at=timezone.now() + DAY)
    for person in (editor, staff):
        client.force_login(person)
        page = page_of(client, share.domain)
        assert "The portal cannot mail links" in page
        assert 'name="email"' not in page
        assert reverse("admin:smtp_smtpsetting_changelist") not in page
    with pytest.raises(mailing.Refused, match="not made it possible"):
        mail(share, editor)


def test_an_operator_who_takes_a_link_back_takes_back_its_mail(
    client: Client, staff: User, share: Share, editor: User
) -> None:
    """In the admin as on the page."""
    sender()
    mail(share, editor)
    client.force_login(staff)
    there = reverse("admin:dnscheck_share_changelist")
    client.post(there, {"action": "take_back", "_selected_action": [share.pk]})
    assert Letter.objects.get().state == LetterState.WITHDRAWN


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_is_constant(
    count: int,
    client: Client,
    editor: User,
    share: Share,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """However many links and mails there are."""
    sender()
    for _ in range(count):
        mail(make_share(share.domain), editor)
    fail_all(swept(), stage="recipient", reply_code=450, hint="recipient-unknown")
    client.force_login(editor)
    with django_assert_num_queries(7):
        page_of(client, share.domain)


# --- The link is a secret -----------------------------------------------------------------------


class GivesBack(Mailbox):
    """A server that quotes the message it refuses."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Refuse it with the line that has the link, as it is read and as it came."""
        content = envelope.content
        assert isinstance(content, bytes)
        raw = [line for line in content.decode().splitlines() if "/to-do/" in line]
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        read = [line for line in mail.get_content().splitlines() if "/to-do/" in line]
        return f"451-4.7.1 Suspicious: {read[0]}\r\n451-{raw[0]}\r\n451 {read[0].upper()}"


def rows() -> Iterator[str]:
    """Yield all that is in the database, but for the links themselves."""
    with connection.cursor() as cursor:
        tables = {*connection.introspection.table_names(cursor)} - {"dnscheck_share"}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            yield from (str(row) for row in cursor.fetchall())


def test_the_link_is_found_nowhere_but_in_the_mail(
    settings: Settings,
    share: Share,
    editor: User,
    owner: User,
    staff: User,
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in the database, not in the log, nor on pages of attempts, settings and notices.

    Even if the server gives it back, and while it waits to be tried again.
    """
    caplog.set_level(logging.DEBUG)
    serving = serve(GivesBack(), free_port(), settings)
    next(serving)
    way = SmtpSetting.objects.get()
    SmtpSetting.objects.update(debug=True)
    try:
        mail(share, editor)
        [attempt] = swept()
        assert delivery.run(attempt, clock=Clock())
    finally:
        serving.close()
    swept(NOW + 2 * MINUTE)
    letter = Letter.objects.get()
    assert (letter.state, Attempt.objects.get().reply_code) == (LetterState.WAITING, 451)
    assert share.token in letter.link
    assert "Suspicious" in Attempt.objects.get().server_text
    assert not [row for row in rows() if share.nonce in row.lower()]
    own = [record for record in caplog.records if record.name != "mail.log"]  # of the test's server
    assert not [record for record in own if share.nonce in record.getMessage()]
    client.force_login(staff)
    for page in (
        reverse("smtp:attempt", args=[attempt]),
        reverse("smtp:attempts"),
        reverse("admin:smtp_attempt_change", args=[attempt]),
        reverse("smtp:notices"),
        way.get_absolute_url(),
    ):
        text = client.get(page).content.decode()
        assert share.nonce not in text.lower(), page


def test_letters_are_read_by_nobody_on_the_way(share: Share, editor: User) -> None:
    """Their text has a mark in place of the link, and the link goes when the letter has ended."""
    sender()
    mail(share, editor)
    text = Letter.objects.get().text
    assert "{link}" in text
    assert "/to-do/" not in text
    fail_all(swept(), stage="recipient", reply_code=550)
    swept(NOW + 2 * MINUTE)
    assert Letter.objects.get().link == ""
