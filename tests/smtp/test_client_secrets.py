"""The password is told to nobody but the server, and the server cannot give it back."""

import base64
from typing import Any

import pytest

from smtp.client import Way, attempt
from smtp.client.lookup import system_lookup
from smtp.client.session import Session
from smtp.client.stop import Stop
from smtp.client.story import Story
from smtp.masking import Mask
from smtp.outcome import Failure, Security, Stage
from tests.smtp.wires import MAIL, SESSION, plain, policy, scripted

PASSWORD = "CANARY p@ss w0rd<1>+Q"
ENCODED = base64.b64encode(PASSWORD.encode()).decode()
RESPONSE = base64.b64encode(b"\0alice\0" + PASSWORD.encode()).decode()
GIVEAWAYS = [PASSWORD, PASSWORD.upper(), ENCODED, RESPONSE, "CANARY", "w0rd"]


@pytest.mark.parametrize(
    "refusal",
    [
        "535 5.7.8 no: {line}",
        f"535-you said {PASSWORD}\r\n535-or {ENCODED}\r\n535 or {RESPONSE}",
        f"535 {PASSWORD.upper()}",
        f"334 {ENCODED}",
        f"{PASSWORD} is no reply",
    ],
)
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_server_that_repeats_the_password_gives_nothing_away(
    mechanism: str, refusal: str
) -> None:
    """Not in the transcript, the message, the reply, the stages or the repr."""
    asked = ["334 VXNlcm5hbWU6", "334 {line}"] if mechanism == "LOGIN" else []
    script = ["220 x", f"250-x\r\n250 AUTH {mechanism}", *asked, *[refusal] * 3]
    with scripted(*script) as peer:
        way = plain(peer.port, username="alice", password=PASSWORD)
        outcome = attempt(way, policy(peer.port), MAIL)
    assert outcome.failure in (Failure.REPLY, Failure.NOT_SMTP)
    told = f"{outcome!r} {outcome.as_json()} {way!r}"
    assert [giveaway for giveaway in GIVEAWAYS if giveaway in told] == []
    assert "[secret]" in told


def test_what_we_say_during_the_login_is_hidden() -> None:
    """User name and password alike; the server's questions can be read."""
    script = ("220 x", "250-x\r\n250 AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok")
    with scripted(*script, "221 bye") as peer:
        way = plain(peer.port, username="alice", password=PASSWORD)
        outcome = attempt(way, policy(peer.port))
    assert outcome.transcript[-9:-2] == (
        "S: 250 AUTH LOGIN",
        "C: AUTH LOGIN",
        "S: 334 VXNlcm5hbWU6",
        "C: [hidden]",
        "S: 334 UGFzc3dvcmQ6",
        "C: [hidden]",
        "S: 235 ok",
    )
    with scripted(*SESSION, "235 ok", "221 bye") as peer:
        way = plain(peer.port, username="alice", password=PASSWORD)
        outcome = attempt(way, policy(peer.port))
    assert "C: AUTH PLAIN [hidden]" in outcome.transcript


def test_the_message_itself_is_not_part_of_the_transcript() -> None:
    """Its size is."""
    with scripted(*SESSION, "250 a", "250 b", "354 go", "250 c", "221 bye") as peer:
        outcome = attempt(plain(peer.port), policy(peer.port), MAIL)
    assert f"C: [message of {len(MAIL.data)} octets]" in outcome.transcript
    assert "Subject" not in str(outcome)


def log_in_elsewhere(password: str, **limits: Any) -> tuple[Failure | None, list[str]]:
    """Log in without TLS at a peer that seems to stand outside every opened network."""
    failure = None
    with scripted(*SESSION, "235 ok", "221 bye") as peer:
        story = Story(Mask([password]))
        way = plain(peer.port, username="alice", password=password)
        session = Session(way, policy(peer.port, **limits), story)
        try:
            with session.connection(system_lookup):
                session.greet()
                story.peer = "192.0.2.25"
                session.log_in()
        except Stop as stop:
            failure = stop.failure
    return failure, [line.split()[0] for line in peer.heard]


@pytest.mark.parametrize(
    ("password", "limits", "failure", "said"),
    [
        (PASSWORD, {}, Failure.PLAIN_PASSWORD, ["EHLO", "QUIT"]),
        (PASSWORD, {"allow_plain_auth": True}, None, ["EHLO", "AUTH"]),
        ("", {}, None, ["EHLO", "AUTH"]),
    ],
)
def test_a_stranger_s_machine_is_not_told_a_password_in_plain_text(
    password: str, limits: dict[str, bool], failure: Failure | None, said: list[str]
) -> None:
    """Unless the operator allows it; an empty password is no secret."""
    assert log_in_elsewhere(password, **limits) == (failure, said)


@pytest.mark.parametrize("script", [["220 x", "250 x"], ["220 x", "250-x\r\n250 STARTTLSX"]])
def test_a_stripped_starttls_gets_no_password(script: list[str]) -> None:
    """Somebody in the middle who removes the offer learns nothing."""
    with scripted(*script, "221 bye") as peer:
        way = Way("127.0.0.1", peer.port, Security.STARTTLS, "alice", PASSWORD)
        outcome = attempt(way, policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.STARTTLS, Failure.STARTTLS_MISSING)
    assert [line.split()[0] for line in peer.heard] == ["EHLO", "QUIT"]


@pytest.mark.parametrize("injected", [b"250 AUTH PLAIN", b"x", b"\x16\x03\x01"])
def test_text_slipped_in_before_tls_ends_the_session(injected: bytes) -> None:
    """CVE-2011-0411 and its many heirs: nothing said in plain text counts after STARTTLS."""
    consent = b"220 2.0.0 go\r\n" + injected
    with scripted("220 x", "250-x\r\n250 STARTTLS", consent) as peer:
        way = Way("127.0.0.1", peer.port, Security.STARTTLS, "alice", PASSWORD)
        outcome = attempt(way, policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.STARTTLS, Failure.STARTTLS_INJECTED)
    assert "AUTH" not in "".join(peer.heard)
