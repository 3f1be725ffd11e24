"""After a failure the other ports are tried: who answers there, in which mode, under which name."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from config.lab.certificates import Certificates
from config.lab.mailservers import PASSWORD, USERNAME, MailServer
from smtp.client import Way, attempt
from smtp.hints import explain
from smtp.hints.base import Evidence
from smtp.hints.ports import Picture
from smtp.outcome import Failure, Outcome, Security, Stage
from smtp.providers.base import Port
from tests.processes import free_port
from tests.smtp.wires import policy

STARTTLS, TLS = Security.STARTTLS, Security.TLS


@contextmanager
def serving(certificates: Certificates, *moods: str) -> Iterator[list[MailServer]]:
    """Serve each of these moods on a port of its own."""
    with ExitStack() as stack:
        yield [stack.enter_context(MailServer(mood, certificates)) for mood in moods]


def tried(certificates: Certificates, way: Way, *ports: Port) -> Outcome:
    """Make an attempt that may look at these ports as well as its own."""
    every = (Port(way.port, way.security), *ports)
    allowed = policy(
        *(port.number for port in every), ca_file=str(certificates.ca_file), stage_seconds=0.5
    )
    return attempt(way, allowed, ports=every)


def way_to(port: int, security: Security) -> Way:
    """Return a way with the laboratory's login."""
    return Way("localhost", port, security, USERNAME, PASSWORD)


def evidence(outcome: Outcome, way: Way) -> Evidence:
    """Return what the hints are told of an attempt."""
    return Evidence(
        stage=outcome.stage,
        failure=outcome.failure,
        host=way.host,
        port=way.port,
        security=way.security,
        username=way.username,
        probes=outcome.probes,
    )


def test_a_closed_port_and_an_open_one(certificates: Certificates) -> None:
    """The hint names the pair that works, and one button changes both fields."""
    with serving(certificates, "accepts-tls") as [other]:
        way = way_to(free_port(), STARTTLS)
        outcome = tried(certificates, way, Port(other.port, TLS))
    assert outcome.failure is Failure.CONNECTION_REFUSED
    closed, works = outcome.probes
    assert (closed.failure, works.failure) == (Failure.CONNECTION_REFUSED, None)
    assert works.mechanisms
    seen = evidence(outcome, way)
    hint = explain(seen)[0]
    assert (seen.picture, hint.code) == (Picture.OTHER_PORT, "connection-refused.other-port")
    assert hint.correction is not None
    assert hint.correction.changes == {"port": str(other.port), "security": "tls"}


@pytest.mark.parametrize(
    ("mood", "wrong", "right"),
    [("accepts-tls", STARTTLS, TLS), ("accepts", TLS, STARTTLS)],
)
def test_the_other_mode_of_the_same_port_is_found(
    certificates: Certificates, mood: str, wrong: Security, right: Security
) -> None:
    """Whoever speaks TLS first, or does not, is recognised by trying."""
    with serving(certificates, mood) as [server]:
        way = way_to(server.port, wrong)
        outcome = tried(certificates, way)
    assert [(probe.security, probe.failure) for probe in outcome.probes] == [(right, None)]
    seen = evidence(outcome, way)
    assert seen.picture is Picture.OTHER_MODE
    correction = explain(seen)[0].correction
    assert correction is not None
    assert correction.changes == {"security": right.value}


def test_a_certificate_that_is_not_trusted_is_shown(certificates: Certificates) -> None:
    """Whose it is and until when: read in a session of its own that tells nothing."""
    with serving(certificates, "expired-certificate") as [server]:
        outcome = tried(certificates, way_to(server.port, STARTTLS))
    shown = outcome.certificate
    assert outcome.failure is Failure.CERTIFICATE_EXPIRED
    assert shown is not None
    assert "localhost" in shown.names
    assert shown.valid_until < "2026"
    assert "expired" in shown.fault
    assert "AUTH" not in server.verbs


def test_a_trusted_certificate_is_shown_as_well(certificates: Certificates) -> None:
    """Also of an attempt that went well."""
    with serving(certificates, "accepts") as [server]:
        outcome = tried(certificates, way_to(server.port, STARTTLS))
    assert outcome.ok
    assert outcome.certificate is not None
    assert outcome.certificate.fault == ""
    assert outcome.probes == ()
    assert "STARTTLS" in outcome.clear_capabilities
    assert "STARTTLS" not in outcome.capabilities
    assert [one.result for one in outcome.dialled][-1] == "connected"


def test_silence_everywhere_is_a_firewall() -> None:
    """A listener that never accepts is as silent as a port whose packets are dropped."""
    with ExitStack() as stack:
        ports = [stack.enter_context(full()) for _ in range(2)]
        way = Way("127.0.0.1", ports[0], STARTTLS, "user", "secret")
        allowed = policy(*ports, connect_seconds=0.3, stage_seconds=0.3)
        every = [Port(port, STARTTLS) for port in ports]
        outcome = attempt(way, allowed, ports=every)
    assert (outcome.stage, outcome.failure) == (Stage.CONNECT, Failure.TIMEOUT)
    seen = evidence(outcome, way)
    assert seen.picture is Picture.SILENT
    assert explain(seen)[0].code == "connection-timeout.everywhere"


@contextmanager
def full() -> Iterator[int]:
    """Yield a port whose queue of waiting connections is full, so that it drops what comes."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as stack:
        port = listener.getsockname()[1]
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


def test_a_refused_login_is_no_reason_to_look_at_other_ports(certificates: Certificates) -> None:
    """The way was right; only the key did not fit."""
    with serving(certificates, "accepts", "accepts-tls") as [server, other]:
        way = Way("localhost", server.port, STARTTLS, USERNAME, "wrong")
        outcome = tried(certificates, way, Port(other.port, TLS))
    assert outcome.stage is Stage.AUTH
    assert outcome.probes == ()
    assert other.sessions == 0


def test_a_port_that_may_not_be_dialled_is_not_probed(certificates: Certificates) -> None:
    """The operator's list holds for every look."""
    with serving(certificates, "accepts") as [other]:
        closed = free_port()
        ports = [Port(closed, STARTTLS), Port(other.port, STARTTLS)]
        way = Way("localhost", closed, STARTTLS)
        outcome = attempt(way, policy(closed), ports=ports)
    assert [probe.port for probe in outcome.probes] == [closed]
    assert other.sessions == 0


def test_an_outcome_with_probes_survives_the_database(certificates: Certificates) -> None:
    """What is stored as JSON is read back as it was."""
    with serving(certificates, "expired-certificate") as [server]:
        outcome = tried(certificates, way_to(server.port, STARTTLS))
    assert Outcome.from_json(outcome.as_json()) == outcome
