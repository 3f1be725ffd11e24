"""The client against peers that play a script: replies well and badly formed, and limits."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtp.client import Way, attempt
from smtp.outcome import Failure, Outcome, Reply, Security, Stage
from tests.smtp.wires import MAIL, RESET, SESSION, Last, plain, policy, pouring, scripted


def test_a_reply_of_several_lines_is_one_reply() -> None:
    """Text joined, the enhanced code taken out of each line (RFC 3463)."""
    refusal = "550-5.7.1 Not you,\r\n550-5.7.1\r\n550 5.7.1 not now"
    with scripted(*SESSION, refusal) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port), MAIL)
    assert outcome.stage is Stage.SENDER
    assert outcome.reply == Reply(550, "5.7.1", "Not you,  not now")
    assert outcome.message == "550 5.7.1 Not you,  not now"


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("554", Reply(554, "", "")),
        ("554 ", Reply(554, "", "")),
        ("554 No service", Reply(554, "", "No service")),
        ("421 4.7.0 Later", Reply(421, "4.7.0", "Later")),
        ("554 5.7", Reply(554, "", "5.7")),
        ("554 Grüße", Reply(554, "", "Grüße")),
        (b"554 Gr\xfc\xdfe\r\n", Reply(554, "", "Gr\\xfc\\xdfe")),
        ("554 \x1b[31m\0\u202e", Reply(554, "", "\\x1b[31m\\x00\\u202e")),
        (b"554 bare\n", Reply(554, "", "bare")),
    ],
)
def test_a_greeting_may_refuse(line: str | bytes, reply: Reply) -> None:
    """Whatever its form, code and text are told and are printable."""
    with scripted(line) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.GREETING, Failure.REPLY)
    assert outcome.reply == reply


@pytest.mark.parametrize(
    "banner",
    [
        "HTTP/1.1 400 Bad Request",
        "SSH-2.0-OpenSSH_9.2",
        "* OK IMAP4rev1 ready",
        "+OK POP3 ready",
        "",
        "22O",  # the letter
        "99 luftballons",
        "600 Six",
        "220x",
        "220-one\r\n221 two",
        "\x00\x01\x02",
    ],
)
def test_another_language_is_recognised(banner: str) -> None:
    """What is no reply of a mail server is shown as it came, with the controls escaped."""
    with scripted(banner) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.GREETING, Failure.NOT_SMTP)
    last = outcome.transcript[-1].removeprefix("S: ")
    assert f"“{last}”" in outcome.message


@pytest.mark.parametrize("octets", [b"\x15\x03\x01\x00\x02\x02\x46", b"\x15\x03\x01\x00\x02\x02\n"])
def test_a_tls_alert_is_recognised_without_a_line_end(octets: bytes) -> None:
    """A port that wants TLS may say so in TLS."""
    with scripted(octets) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.GREETING, Failure.TLS_MODE)


@pytest.mark.parametrize("rest", [[], [RESET], [Last(b"250-half a li")]])
def test_a_lost_connection_is_told(rest: list[object]) -> None:
    """Closed or reset in the middle of the dialogue."""
    with scripted("220 peer", *rest) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.EHLO, Failure.CLOSED)


def test_a_server_without_ehlo_is_asked_with_helo() -> None:
    """RFC 5321 section 3.2."""
    with scripted("220 old", "502 what?", "250 old", "221 bye") as peer:
        outcome = attempt(plain(peer.port), policy(peer.port))
    assert outcome.ok
    assert peer.heard == ["EHLO relaydesk.example", "HELO relaydesk.example", "QUIT"]
    assert outcome.capabilities == ()


def test_an_old_announcement_of_auth_is_read() -> None:
    """`AUTH=LOGIN`, as some servers still write it."""
    script = ("220 x", "250-x\r\n250 AUTH=LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok")
    with scripted(*script, "221 bye") as peer:
        outcome = attempt(plain(peer.port, username="u", password="p"), policy(peer.port))
    assert outcome.ok
    assert peer.heard[1:] == ["AUTH LOGIN", "dQ==", "cA==", "QUIT"]


def test_plain_is_repeated_where_the_initial_response_was_not_read() -> None:
    """A 334 asks for what was already sent."""
    with scripted(*SESSION, "334 ", "235 ok", "221 bye") as peer:
        outcome = attempt(plain(peer.port, username="u", password="p"), policy(peer.port))
    assert outcome.ok
    assert peer.heard[1:] == ["AUTH PLAIN AHUAcA==", "AHUAcA==", "QUIT"]


def test_login_is_tried_where_plain_is_not_supported_after_all() -> None:
    """Only a 504 says so; a wrong password is not tried twice."""
    script = (*SESSION, "504 no PLAIN", "334 ", "334 ", "235 ok", "221 bye")
    with scripted(*script) as peer:
        assert attempt(plain(peer.port, username="u", password="p"), policy(peer.port)).ok
    with scripted(*SESSION, "535 no", "221 bye") as peer:
        outcome = attempt(plain(peer.port, username="u", password="p"), policy(peer.port))
    assert outcome.failure is Failure.REPLY
    assert peer.heard[1:] == ["AUTH PLAIN AHUAcA==", "QUIT"]


def test_an_access_token_is_presented_as_xoauth2() -> None:
    """The token stands where the password would, and never in PLAIN, though that is offered."""
    script = ("220 x", "250-x\r\n250 AUTH PLAIN XOAUTH2")
    with scripted(*script, "235 ok", "221 bye") as peer:
        way = plain(peer.port, username="u@x.example", password="token", has_token=True)
        outcome = attempt(way, policy(peer.port))
    assert (outcome.ok, outcome.mechanism) == (True, "XOAUTH2")
    sent = base64.b64decode(peer.heard[1].removeprefix("AUTH XOAUTH2 "))
    assert sent == b"user=u@x.example\x01auth=Bearer token\x01\x01"
    assert "C: AUTH XOAUTH2 [hidden]" in outcome.transcript


def test_a_refused_token_ends_in_the_real_reply() -> None:
    """The reason comes as a challenge; an empty answer to it brings the reply."""
    script = ("220 x", "250-x\r\n250 AUTH XOAUTH2", "334 eyJzdGF0dXMiOiI0MDAifQ==", "535 5.7.8 no")
    with scripted(*script, "221 bye") as peer:
        way = plain(peer.port, username="u", password="token", has_token=True)
        outcome = attempt(way, policy(peer.port))
    assert outcome.reply is not None
    assert outcome.reply.code == 535
    assert peer.heard[2] == ""


def test_a_token_is_of_no_use_where_xoauth2_is_not_offered() -> None:
    """It must not be sent as a password."""
    with scripted(*SESSION, "221 bye") as peer:
        way = plain(peer.port, username="u", password="token", has_token=True)
        outcome = attempt(way, policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.AUTH, Failure.AUTH_MECHANISM)
    assert peer.heard[1:] == ["QUIT"]


def test_cram_md5_is_used_only_where_it_is_allowed() -> None:
    """The example of RFC 2195 section 2."""
    challenge = "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
    script = ("220 x", "250-x\r\n250 AUTH CRAM-MD5", f"334 {challenge}", "235 ok", "221 bye")
    login = {"username": "tim", "password": "tanstaaftanstaaf"}
    with scripted(*script) as peer:
        outcome = attempt(plain(peer.port, **login), policy(peer.port))
    assert outcome.failure is Failure.AUTH_MECHANISM
    with scripted(*script) as peer:
        way = plain(peer.port, allows_cram_md5=True, **login)
        outcome = attempt(way, policy(peer.port))
    assert (outcome.ok, outcome.mechanism) == (True, "CRAM-MD5")
    assert base64.b64decode(peer.heard[2]) == b"tim b913a602c7eda7a495b4e6e7334d3890"


def test_a_challenge_that_is_no_base64_is_named() -> None:
    """Nothing is sent in answer to it."""
    script = ("220 x", "250-x\r\n250 AUTH CRAM-MD5", "334 ?", "221 bye")
    with scripted(*script) as peer:
        way = plain(peer.port, username="u", password="p", allows_cram_md5=True)
        outcome = attempt(way, policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.AUTH, Failure.AUTH_MECHANISM)


def test_a_server_that_asks_for_ever_is_left() -> None:
    """After the password comes a yes or a no."""
    with scripted(*SESSION, *["334 QWdhaW46"] * 9) as peer:
        outcome = attempt(plain(peer.port, username="u", password="p"), policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.AUTH, Failure.REPLY)
    assert len(peer.heard) < 6


def test_a_login_with_nul_is_not_sent() -> None:
    """The mechanism could not carry it (RFC 4616)."""
    with scripted(*SESSION, "221 bye") as peer:
        outcome = attempt(plain(peer.port, username="u", password="a\0b"), policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.AUTH, Failure.AUTH_MECHANISM)
    assert peer.heard[1:] == ["QUIT"]


def test_a_refusal_is_the_end_of_the_transcript() -> None:
    """The good-bye is said, but off the record: what counts comes last."""
    with scripted(*SESSION, "550 no", "221 bye") as peer:
        outcome = attempt(plain(peer.port), policy(peer.port), MAIL)
    assert outcome.transcript[-2:] == ("C: MAIL FROM:<sender@lab.example>", "S: 550 no")
    assert peer.heard[-1] == "QUIT"


@pytest.mark.parametrize("bye", [b"", "500 what?", RESET])
def test_a_bad_good_bye_spoils_nothing(bye: object) -> None:
    """What was accepted before QUIT stays accepted."""
    with scripted(*SESSION, "250 a", "250 b", "354 go", "250 queued", bye) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port, stage_seconds=0.5), MAIL)
    assert outcome.ok
    assert outcome.stage is Stage.QUIT
    assert not outcome.unclear
    assert outcome.reply == Reply(250, "", "queued")


@pytest.mark.parametrize(
    ("greeting", "limits", "failure"),
    [
        (b"220 " + b"A" * 5000, {}, Failure.TOO_MUCH),
        (b"220 " + b"A" * 2100 + b"\r\n", {}, Failure.TOO_MUCH),
        ("220-hello\r\n" * 10_000, {}, Failure.TOO_MUCH),
        ("220-hello\r\n" * 60, {"max_bytes": 500}, Failure.TOO_MUCH),
        ("220-hello\r\n" * 10 + "220 hello", {"max_bytes": 500}, Failure.CLOSED),
    ],
)
def test_a_server_cannot_send_without_end(
    greeting: str | bytes, limits: dict[str, int], failure: Failure
) -> None:
    """Lines and sessions have a limit, and the limit is named."""
    with scripted(greeting) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port, **limits))
    assert outcome.failure is failure
    assert len(outcome.transcript) <= 60


def test_a_long_conversation_keeps_its_beginning_and_its_end() -> None:
    """Fifty lines a reply, two hundred in all, and the last exchange is there."""
    many = "\r\n".join(["250-hello"] * 80)
    script = ("220-hello\r\n" * 80 + "220 x", f"{many}\r\n250 AUTH LOGIN", f"{many}\r\n250 a")
    with scripted(*script, f"{many}\r\n250 b", "354 go", "554 no") as peer:
        outcome = attempt(plain(peer.port), policy(peer.port), MAIL)
    assert len(outcome.transcript) <= 201
    assert outcome.transcript[0] == "S: 220-hello"
    assert outcome.transcript[-1] == "S: 554 no"
    assert "lines left out" in "".join(outcome.transcript)


def test_silence_ends_the_stage_and_not_only_the_wait() -> None:
    """A server that trickles is as late as one that says nothing."""
    with scripted("220 x", b"250-x") as peer:
        outcome = attempt(plain(peer.port), policy(peer.port, stage_seconds=0.3))
        assert (outcome.stage, outcome.failure) == (Stage.EHLO, Failure.TIMEOUT)
        assert "0.3 s" in outcome.message


@pytest.mark.parametrize("wanted", [Security.TLS, Security.STARTTLS])
def test_silence_in_the_handshake_ends(wanted: Security) -> None:
    """TLS has the same limits as everything else."""
    script = [b""] if wanted is Security.TLS else ["220 x", "250-x\r\n250 STARTTLS", "220 go"]
    # A handshake's random octets may hold line feeds: the peer has to outlast all of them.
    with scripted(*script, *[b""] * 50) as peer:
        way = Way("127.0.0.1", peer.port, wanted)
        outcome = attempt(way, policy(peer.port, stage_seconds=0.3))
        assert (outcome.stage, outcome.failure) == (Stage.CERTIFICATE, Failure.TIMEOUT)


def test_a_refused_starttls_is_a_refusal() -> None:
    """Offered, but not given: no way back to plain text."""
    with scripted("220 x", "250-x\r\n250 STARTTLS", "454 4.7.0 not now") as peer:
        way = Way("127.0.0.1", peer.port, Security.STARTTLS, "u", "p")
        outcome = attempt(way, policy(peer.port))
    assert (outcome.stage, outcome.failure) == (Stage.STARTTLS, Failure.REPLY)
    assert peer.heard[-1] == "QUIT"


PIECES = st.one_of(
    st.binary(max_size=40),
    st.from_regex(rb"[2-5][0-9]{2}[ -]([245]\.[0-9]\.[0-9] )?[ -~]{0,20}\r?\n", fullmatch=True),
    st.sampled_from([b"250-AUTH PLAIN\r\n", b"250 STARTTLS\r\n", b"354 go\r\n", b"334 \r\n"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=12), st.sampled_from(Security))
def test_whatever_a_server_sends_there_is_an_outcome(
    replies: list[bytes], security: Security
) -> None:
    """It can be stored, and every line of it can be shown."""
    with pouring(b"".join(replies)) as peer:
        way = Way("127.0.0.1", peer.port, security, "user", "pass-w0rd", "relaydesk.example")
        outcome = attempt(way, policy(peer.port, stage_seconds=2), MAIL)
    assert Outcome.from_json(json.loads(json.dumps(outcome.as_json()))) == outcome
    assert outcome.ok is (outcome.failure is None)
    assert all(line.isprintable() and len(line) <= 515 for line in outcome.transcript)
    assert "pass-w0rd" not in str(outcome)
