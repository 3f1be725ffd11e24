"""Handing a message over: when it is sure, when it is refused, and when nobody can know."""

import pytest

from smtp.client import Envelope, attempt
from smtp.outcome import Failure, Stage
from tests.smtp.wires import MAIL, RESET, SESSION, Last, plain, policy, scripted

READY = (*SESSION, "250 sender", "250 recipient", "354 go")


@pytest.mark.parametrize(
    ("after", "failure"),
    [
        ([RESET], Failure.CLOSED),
        ([], Failure.CLOSED),
        (["what?"], Failure.NOT_SMTP),
        (["x" * 3000], Failure.TOO_MUCH),
        (["354 once more"], Failure.REPLY),
        ([Last(b"250 half a li")], Failure.CLOSED),
    ],
)
def test_without_a_clear_answer_it_is_unclear(after: list[object], failure: Failure) -> None:
    """The end of the message went out; whether it was accepted is not known."""
    with scripted(*READY, *after) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port), MAIL)
    assert (outcome.stage, outcome.failure, outcome.unclear) == (Stage.DATA, failure, True)
    assert not outcome.ok


@pytest.mark.parametrize(
    ("script", "stage", "failure"),
    [
        ((*READY[:-1], "451 not now"), Stage.DATA, Failure.REPLY),
        ((*READY[:-1], "250 what?"), Stage.DATA, Failure.REPLY),
        ((*READY[:-1], RESET), Stage.DATA, Failure.CLOSED),
        ((*READY, "554 spam"), Stage.DATA, Failure.REPLY),
        ((*READY, "421 closing"), Stage.DATA, Failure.REPLY),
        ((*SESSION, "550 no"), Stage.SENDER, Failure.REPLY),
        ((*SESSION, "250 ok", "421 closing"), Stage.RECIPIENT, Failure.REPLY),
        ((*SESSION, "250 ok", RESET), Stage.RECIPIENT, Failure.CLOSED),
    ],
)
def test_a_refusal_is_clear(script: tuple[object, ...], stage: Stage, failure: Failure) -> None:
    """Refused, or lost before the end of the message went out: it can be tried again."""
    with scripted(*script) as peer:
        outcome = attempt(plain(peer.port), policy(peer.port), MAIL)
    assert (outcome.stage, outcome.failure, outcome.unclear) == (stage, failure, False)


def test_nothing_is_sent_when_the_caller_says_no() -> None:
    """Asked once, after the recipient was accepted, and DATA is not said."""
    heard: list[list[str]] = []
    with scripted(*SESSION, "250 sender", "250 recipient", "221 bye") as peer:

        def refuse() -> bool:
            """Say no, and remember how far the dialogue had come."""
            heard.append([line.split()[0] for line in peer.heard])
            return False

        outcome = attempt(plain(peer.port), policy(peer.port), MAIL, refuse)
    assert (outcome.ok, outcome.stage, outcome.failure) == (False, Stage.DATA, Failure.LOST)
    assert not outcome.unclear
    assert [line.split()[0] for line in peer.heard] == ["EHLO", "MAIL", "RCPT", "QUIT"]
    assert len(heard) == 1


def test_an_error_of_the_caller_s_own_closes_the_connection() -> None:
    """It is not swallowed, and the server hears no more."""

    def broken() -> bool:
        """Fail as a database may."""
        raise LookupError("no such row")

    script = (*SESSION, "250 sender", "250 recipient", "354 go")
    with scripted(*script) as peer, pytest.raises(LookupError):
        attempt(plain(peer.port), policy(peer.port), MAIL, broken)
    assert [line.split()[0] for line in peer.heard] == ["EHLO", "MAIL", "RCPT"]


def test_the_final_answer_may_take_longer_than_a_stage() -> None:
    """Who stopped waiting there would not know what became of the message."""
    with scripted(*READY, b"") as peer:
        limits = policy(peer.port, stage_seconds=0.4, total_seconds=1)
        outcome = attempt(plain(peer.port), limits, MAIL)
        assert (outcome.stage, outcome.failure) == (Stage.DATA, Failure.TIMEOUT)
        assert outcome.stages[-1].milliseconds > 450
        assert outcome.unclear


def test_the_size_is_announced_where_it_is_read() -> None:
    """RFC 1870: a message that is too large is refused before it is sent."""
    with scripted("220 x", "250-x\r\n250 SIZE 10", "552 5.3.4 too large") as peer:
        outcome = attempt(plain(peer.port), policy(peer.port), MAIL)
    assert peer.heard[1] == f"MAIL FROM:<sender@lab.example> SIZE={len(MAIL.data)}"
    assert outcome.reply is not None
    assert outcome.reply.enhanced == "5.3.4"


@pytest.mark.parametrize("address", ["a@x> SIZE=1", "a@x\r\nRCPT TO:<b@y>", "", "jürgen@x.example"])
def test_an_envelope_holds_plain_addresses_only(address: str) -> None:
    """A command cannot be smuggled in."""
    with pytest.raises(ValueError, match="not a"):
        Envelope(address, "b@example.com", b"")
    with pytest.raises(ValueError, match="not a"):
        Envelope("a@example.com", address, b"")
