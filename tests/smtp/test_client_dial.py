"""From a host name to a connection: one look-up, every address vetted, the failures told apart."""

import errno
import socket
import threading
from collections.abc import Sequence

import pytest

from smtp.client import Way, attempt, dial
from smtp.client.lookup import Lookup
from smtp.client.stop import Stop
from smtp.client.wire import Deadline
from smtp.outcome import Failure, Outcome, Security, Stage
from smtp.targets import Policy
from tests.processes import free_port
from tests.smtp.wires import policy, scripted

GREETING = ("220 peer", "250 peer", "221 bye")


class Resolver:
    """Answers from a list, once for each question, and counts the questions."""

    def __init__(self, *answers: Sequence[str] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        """Give the next answer."""
        self.asked.append(host)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def look_up(resolver: Lookup, port: int, allowed: Policy, host: str = "mx.example") -> Outcome:
    """Make an attempt with a resolver of our own."""
    return attempt(Way(host, port, Security.NONE), allowed, lookup=resolver)


def test_the_vetted_address_is_dialled_and_the_name_not_asked_again() -> None:
    """A name whose second answer points inside gains nothing."""
    resolver = Resolver(["127.0.0.1"], ["10.0.0.1"])
    with scripted(*GREETING) as peer:
        outcome = look_up(resolver, peer.port, policy(peer.port))
    assert outcome.ok
    assert outcome.peer == "127.0.0.1"
    assert resolver.asked == ["mx.example"]


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["8.8.8.8", "::1"],
        ["169.254.169.254"],
        ["fe80::1%eth0"],
        ["::ffff:127.0.0.1"],
        ["something else"],
    ],
)
def test_one_address_inside_refuses_the_host_as_a_whole(addresses: list[str]) -> None:
    """Nothing is dialled, and the words tell nothing about the network."""
    outcome = look_up(Resolver(addresses), 25, Policy())
    assert (outcome.stage, outcome.failure) == (Stage.RESOLVE, Failure.TARGET_REFUSED)
    assert not any(address in str(outcome) for address in addresses)
    assert outcome.peer == ""


@pytest.mark.parametrize("port", [0, -1, 22, 443, 6379, 65536])
def test_a_port_that_is_not_allowed_is_not_even_looked_up(port: int) -> None:
    """The words are those for a refused address."""
    resolver = Resolver(["127.0.0.1"])
    outcome = look_up(resolver, port, Policy())
    assert outcome.failure is Failure.TARGET_REFUSED
    assert outcome.message == look_up(Resolver(["10.0.0.1"]), 25, Policy()).message
    assert resolver.asked == []


def test_loopback_is_refused_by_default() -> None:
    """`localhost` too, by the system's own resolver."""
    outcome = attempt(Way("localhost", 25, Security.NONE), Policy())
    assert outcome.failure is Failure.TARGET_REFUSED


@pytest.mark.parametrize("host", ["127.1", "0", "smtp.example.com:25", "a b", "", "x..y"])
def test_what_is_no_host_is_not_looked_up(host: str) -> None:
    """The sentence is that of the form."""
    resolver = Resolver(["127.0.0.1"])
    outcome = look_up(resolver, 25, policy(25), host)
    assert (outcome.stage, outcome.failure) == (Stage.RESOLVE, Failure.NO_SUCH_HOST)
    assert resolver.asked == []


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), Failure.NO_SUCH_HOST),
        (socket.gaierror(socket.EAI_NODATA, "No address"), Failure.NO_SUCH_HOST),
        (UnicodeError("label too long"), Failure.NO_SUCH_HOST),
        ([], Failure.NO_SUCH_HOST),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), Failure.RESOLVER_FAILED),
        (socket.gaierror(socket.EAI_FAIL, "Non-recoverable"), Failure.RESOLVER_FAILED),
        (OSError(errno.EMFILE, "Too many open files"), Failure.RESOLVER_FAILED),
        (RuntimeError("out of order"), Failure.RESOLVER_FAILED),
    ],
)
def test_no_such_host_is_not_a_resolver_that_failed(
    answer: list[str] | Exception, failure: Failure
) -> None:
    """A definitive no and a question that could not be asked."""
    outcome = look_up(Resolver(answer), 25, Policy())
    assert (outcome.stage, outcome.failure) == (Stage.RESOLVE, failure)
    assert "mx.example" in outcome.message


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    """The stage ends although the system's look-up has no time limit."""
    hung = threading.Event()

    def never(_host: str) -> Sequence[str]:
        """Come back when the test is over."""
        hung.wait(10)
        return ["127.0.0.1"]

    outcome = look_up(never, 25, policy(25, stage_seconds=0.2))
    hung.set()
    assert (outcome.stage, outcome.failure) == (Stage.RESOLVE, Failure.RESOLVER_FAILED)


def test_the_next_address_is_tried() -> None:
    """What each of them answered stands beside the stage."""
    with scripted(*GREETING) as peer:
        outcome = look_up(Resolver(["127.0.0.2", "127.0.0.1"]), peer.port, policy(peer.port))
    assert outcome.ok
    assert outcome.peer == "127.0.0.1"
    assert outcome.stages[1].detail == "127.0.0.2: connection refused; 127.0.0.1: connected"


def test_a_refused_connection_is_told() -> None:
    """With port and address."""
    port = free_port()
    outcome = look_up(Resolver(["127.0.0.1"]), port, policy(port))
    assert (outcome.stage, outcome.failure) == (Stage.CONNECT, Failure.CONNECTION_REFUSED)
    assert outcome.message == (f"No connection to port {port}: 127.0.0.1: connection refused.")


@pytest.mark.parametrize(
    ("found", "tried"),
    [
        (
            ["2a00::1", "2a00::2", "8.8.8.8", "8.8.4.4"],
            ["2a00::1", "8.8.8.8", "2a00::2", "8.8.4.4"],
        ),
        (["2a00::1", "2a00::2", "2a00::3", "2a00::4", "8.8.8.8"], ["2a00::1", "8.8.8.8"]),
        (["8.8.8.8", "2a00::1"], ["8.8.8.8", "2a00::1"]),
        (["8.8.8.8"], ["8.8.8.8"]),
    ],
)
def test_both_families_are_tried_in_turn(found: list[str], tried: list[str]) -> None:
    """At most four addresses; a family without a route does not use them up."""
    got = dial.resolve("mx.example", 25, Policy(), Deadline(5), Resolver(found))
    assert got[: len(tried)] == tried
    assert len(got) <= 4


@pytest.mark.parametrize(
    ("number", "failure"),
    [
        (errno.ECONNREFUSED, Failure.CONNECTION_REFUSED),
        (errno.ETIMEDOUT, Failure.TIMEOUT),
        (errno.ENETUNREACH, Failure.UNREACHABLE),
        (errno.EHOSTUNREACH, Failure.UNREACHABLE),
        (errno.EADDRNOTAVAIL, Failure.UNREACHABLE),
        (errno.ECONNRESET, Failure.CLOSED),
        (errno.EACCES, Failure.BLOCKED_LOCALLY),
        (errno.EPERM, Failure.BLOCKED_LOCALLY),
        (errno.EMFILE, Failure.BLOCKED_LOCALLY),
    ],
)
def test_an_error_of_the_system_has_a_meaning(number: int, failure: Failure) -> None:
    """Silence, a refusal, no route, and this machine saying no are four things."""
    assert dial.failure_of(OSError(number, "")) is failure


def test_a_connect_without_an_answer_is_a_timeout() -> None:
    """Python raises it without a number."""
    assert dial.failure_of(TimeoutError("timed out")) is Failure.TIMEOUT


def test_no_time_left_ends_the_dialling() -> None:
    """The total counts for all addresses together."""
    with pytest.raises(Stop) as caught:
        dial.connect(["127.0.0.1"], free_port(), policy(), Deadline(0), [])
    assert caught.value.failure is Failure.TIMEOUT
