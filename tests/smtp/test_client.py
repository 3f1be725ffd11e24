"""The client against the laboratory: each mood ends as its table says, and nothing leaks."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from config.lab.certificates import Certificates
from config.lab.mailservers import MOODS, PASSWORD, USERNAME, MailServer
from config.lab.moods import Mood
from smtp.client import Envelope, Way, attempt
from smtp.outcome import Failure, Outcome, Security, Stage
from tests.smtp.wires import MAIL, policy

# What only the clock can end gets a short one; the others must have time on a busy machine.
IMPATIENT: dict[str, dict[str, float]] = {
    "stalls": {"stage_seconds": 0.3},
    "slow": {"stage_seconds": 0.3},
    "tls-on-starttls-port": {"stage_seconds": 0.5},
    "stalls-after-data": {"total_seconds": 1.5},
}


def try_mood(
    server: MailServer,
    certificates: Certificates,
    envelope: Envelope | None = None,
    **changes: Any,
) -> Outcome:
    """Make an attempt as the setting for this mood would, with some changes."""
    mood = server.mood
    limits = IMPATIENT.get(mood.slug, {})
    way = Way("localhost", server.port, mood.security)
    if mood.login:
        way = replace(way, username=USERNAME, password=PASSWORD)
    allowed = policy(server.port, ca_file=str(certificates.ca_file), **limits)
    return attempt(replace(way, **changes), allowed, envelope)


@pytest.fixture
def server(request: pytest.FixtureRequest, certificates: Certificates) -> Iterator[MailServer]:
    """Start a server in the mood of the parameter."""
    with MailServer(getattr(request, "param", "accepts"), certificates) as started:
        yield started


@pytest.mark.parametrize("mood", MOODS.values(), ids=MOODS)
def test_a_mood_ends_as_its_table_says(mood: Mood, certificates: Certificates) -> None:
    """Stage, failure and reply code of a test mail."""
    with MailServer(mood, certificates) as server:
        outcome = try_mood(server, certificates, MAIL)
        taken = len(server.messages)
    code = outcome.reply.code if outcome.reply and not outcome.ok else None
    assert (outcome.stage, outcome.failure, code) == (mood.stage, mood.failure, mood.code)
    assert outcome.ok is (mood.failure is None)
    assert outcome.unclear is (mood.slug == "stalls-after-data")
    assert taken == (outcome.ok or outcome.unclear)
    assert outcome.message
    assert PASSWORD not in str(outcome.as_json())


@pytest.mark.parametrize(
    "slug", ["no-starttls", "injects", "expired-certificate", "other-name", "unknown-ca"]
)
def test_no_password_is_told_before_tls_is_sure(slug: str, certificates: Certificates) -> None:
    """STARTTLS missing, meddled with, or with a bad certificate: no AUTH, and the talk ends."""
    with MailServer(slug, certificates) as server:
        try_mood(server, certificates)
        assert server.verbs[0] == "EHLO"
        assert "AUTH" not in server.verbs


def test_a_connection_test_logs_in_and_sends_nothing(
    server: MailServer, certificates: Certificates
) -> None:
    """The stages in their order, each with its time and all well."""
    outcome = try_mood(server, certificates)
    assert outcome.ok
    assert [result.stage for result in outcome.stages] == [
        Stage.RESOLVE,
        Stage.CONNECT,
        Stage.GREETING,
        Stage.EHLO,
        Stage.STARTTLS,
        Stage.CERTIFICATE,
        Stage.EHLO,
        Stage.AUTH,
        Stage.QUIT,
    ]
    assert all(result.ok and result.milliseconds >= 0 for result in outcome.stages)
    assert outcome.message == "Logged in to localhost as lab."
    assert outcome.reply is not None
    assert outcome.reply.code == 235
    assert server.verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "QUIT"]
    assert server.messages == []


@pytest.mark.parametrize("server", ["accepts-tls"], indirect=True)
def test_tls_comes_before_the_greeting_where_it_is_spoken_from_the_start(
    server: MailServer, certificates: Certificates
) -> None:
    """What was agreed, the peer and the capabilities are told."""
    outcome = try_mood(server, certificates)
    order = [result.stage for result in outcome.stages]
    assert order.index(Stage.CERTIFICATE) < order.index(Stage.GREETING)
    assert outcome.tls.startswith("TLSv1.")
    assert outcome.peer == "127.0.0.1"
    assert "AUTH PLAIN LOGIN" in outcome.capabilities


@pytest.mark.parametrize("server", ["accepts-plain"], indirect=True)
def test_without_a_user_name_nobody_logs_in(server: MailServer, certificates: Certificates) -> None:
    """An internal relay is used as it is, and nothing is said about TLS."""
    outcome = try_mood(server, certificates, MAIL)
    assert outcome.ok
    assert outcome.tls == ""
    assert server.verbs == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_a_message_arrives_octet_for_octet(server: MailServer, certificates: Certificates) -> None:
    """Leading dots are doubled on the way, bare line ends become CRLF, the last line ends."""
    data = b"Subject: x\r\n\r\n.\r\n..two\nbare\r.end"
    outcome = try_mood(server, certificates, Envelope("a@exämple.de", "b@example.com", data))
    assert outcome.ok
    [message] = server.messages
    assert message.data == b"Subject: x\r\n\r\n.\r\n..two\r\nbare\r\n.end\r\n"
    assert message.sender == "a@xn--exmple-cua.de"
    assert message.recipients == ("b@example.com",)
    assert (message.username, message.encrypted) == (USERNAME, True)
    assert outcome.reply is not None
    assert "queued" in outcome.reply.text


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "LOGIN PLAIN", "XOAUTH2 LOGIN"])
@pytest.mark.parametrize("password", ["pässwörd", " ", "x" * 300, "{{7*7}}%(x)s"])
def test_any_password_works_with_each_mechanism(
    mechanisms: str, password: str, certificates: Certificates
) -> None:
    """Characters outside ASCII go as UTF-8, and nothing is trimmed."""
    mood = replace(MOODS["accepts-tls"], mechanisms=mechanisms)
    with MailServer(mood, certificates, password=password) as server:
        outcome = try_mood(server, certificates, password=password)
    assert outcome.ok, outcome.message


def test_a_wrong_password_is_refused_by_the_server(
    server: MailServer, certificates: Certificates
) -> None:
    """The server is really asked."""
    outcome = try_mood(server, certificates, password="lab-passwort")
    assert (outcome.stage, outcome.failure) == (Stage.AUTH, Failure.REPLY)
    assert outcome.reply is not None
    assert (outcome.reply.code, outcome.reply.enhanced) == (535, "5.7.8")


@pytest.mark.parametrize(
    ("mechanisms", "failure", "words"),
    [
        ("", Failure.AUTH_MISSING, "no login"),
        ("XOAUTH2 GSSAPI", Failure.AUTH_MECHANISM, "XOAUTH2, GSSAPI"),
    ],
)
def test_a_login_that_is_not_offered_is_not_tried(
    mechanisms: str, failure: Failure, words: str, certificates: Certificates
) -> None:
    """What the server offers instead is named."""
    with MailServer(replace(MOODS["accepts"], mechanisms=mechanisms), certificates) as server:
        outcome = try_mood(server, certificates)
        assert "AUTH" not in server.verbs
    assert (outcome.stage, outcome.failure) == (Stage.AUTH, failure)
    assert words in outcome.message


@pytest.mark.parametrize("server", ["wants-starttls"], indirect=True)
def test_a_server_that_hides_its_login_before_starttls_is_understood(
    server: MailServer, certificates: Certificates
) -> None:
    """The message says that STARTTLS is what is missing."""
    outcome = try_mood(server, certificates, username=USERNAME, password=PASSWORD)
    assert (outcome.stage, outcome.failure) == (Stage.AUTH, Failure.AUTH_MISSING)
    assert "STARTTLS" in outcome.message
    assert "STARTTLS" in outcome.capabilities


@pytest.mark.parametrize("security", Security)
def test_a_security_is_never_lowered(security: Security, certificates: Certificates) -> None:
    """Whatever a plain server with a login offers: only the way that says so goes unencrypted."""
    with MailServer(replace(MOODS["no-starttls"], replies={}), certificates) as server:
        outcome = try_mood(server, certificates, MAIL, security=security)
        heard = "AUTH" in server.verbs
    assert outcome.ok is heard is (security is Security.NONE)


def test_a_bundle_that_cannot_be_read_is_told_without_its_path(
    server: MailServer, certificates: Certificates
) -> None:
    """The operator's folders are nobody's business."""
    allowed = policy(server.port, ca_file="/no/such/bundle.pem")
    outcome = attempt(Way("localhost", server.port, Security.STARTTLS), allowed)
    assert outcome.failure is Failure.CERTIFICATE_UNTRUSTED
    assert "/no/such" not in str(outcome.as_json())


def test_only_the_given_bundle_makes_the_lab_trusted(server: MailServer) -> None:
    """Without it the system's roots decide."""
    outcome = attempt(Way("localhost", server.port, Security.STARTTLS), policy(server.port))
    assert outcome.failure is Failure.CERTIFICATE_UNTRUSTED


def test_ipv6_loopback_is_dialled(certificates: Certificates) -> None:
    """The literal is checked against the certificate as an address."""
    try:
        started = MailServer("accepts", certificates, host="::1").start()
    except OSError:
        pytest.skip("this machine has no IPv6 on loopback")
    try:
        outcome = try_mood(started, certificates, host="[::1]", username="")
    finally:
        started.stop()
    assert outcome.ok, outcome.message
    assert outcome.peer == "::1"


@pytest.mark.parametrize(
    ("helo", "said"),
    [("relaydesk.example", "relaydesk.example"), ("[192.0.2.1]", "[192.0.2.1]")],
)
def test_the_operator_s_name_is_said_in_ehlo(
    helo: str, said: str, server: MailServer, certificates: Certificates
) -> None:
    """As it is configured."""
    outcome = try_mood(server, certificates, helo=helo)
    assert f"C: EHLO {said}" in outcome.transcript


@pytest.mark.parametrize("helo", ["", "localhost", "a b.example", "x.example\r\nMAIL"])
def test_without_a_usable_name_the_machine_s_own_or_its_address_is_said(
    helo: str, server: MailServer, certificates: Certificates
) -> None:
    """RFC 5321 section 4.1.4: a full name, else an address literal."""
    outcome = try_mood(server, certificates, helo=helo)
    assert outcome.ok
    said = outcome.transcript[1].removeprefix("C: EHLO ")
    assert said in ("[127.0.0.1]", socket.gethostname())
    assert said != "localhost"
