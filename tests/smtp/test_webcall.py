"""Calls over HTTP against real servers on loopback, and the places that are never dialled."""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from config.lab.certificates import Certificates, Identity
from smtp.targets import Policy
from smtp.telling.place import Place
from smtp.telling.webcall import Called, post
from tests.smtp.receivers import receiving, speaking

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
REFUSED = "Relaydesk may not connect to this server: its address or port is not allowed here."


def call(place: Place, policy: Policy, *addresses: str) -> Called:
    """Call a place whose name has these addresses."""

    def lookup(_host: str) -> Sequence[str]:
        return addresses or [place.host]

    return post(place, b"{}", {"Content-Type": "application/json"}, policy, lookup)


def opened(port: int, certificates: Certificates | None = None, **limits: Any) -> Policy:
    """Return a policy that opens loopback at a port."""
    ca_file = str(certificates.ca_file) if certificates else ""
    return Policy(networks=LOOPBACK, ports=frozenset({port}), ca_file=ca_file, **limits)


def here(port: int, scheme: str = "https", host: str = "localhost") -> Place:
    """Return a place on this machine."""
    return Place(scheme, host, port, "/hook?a=b")


def test_a_call_arrives_under_the_name_that_was_asked_for(certificates: Certificates) -> None:
    """The address is dialled, the certificate and the Host header are those of the name."""
    with receiving(certificates.contexts[Identity.GOOD]) as receiver:
        port = receiver.port
        called = call(here(port), opened(port, certificates), "127.0.0.1")
    assert called.ok, called
    assert (called.status, called.failure, called.excerpt) == (200, "", "thank you")
    assert receiver.paths == ["/hook?a=b"]
    assert receiver.heads[0]["Host"] == f"localhost:{port}"
    assert receiver.bodies == [b"{}"]


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        (Identity.EXPIRED, "expired"),
        (Identity.OTHER_NAME, "mismatch"),
        (Identity.UNKNOWN_CA, "local issuer"),
        (Identity.SELF_SIGNED, "self-signed"),
    ],
)
def test_a_wrong_certificate_gets_nothing(
    certificates: Certificates, identity: Identity, said: str
) -> None:
    """The call ends before a word of it is sent."""
    with receiving(certificates.contexts[identity]) as receiver:
        called = call(here(receiver.port), opened(receiver.port, certificates), "127.0.0.1")
    assert called.status is None
    assert said in called.failure
    assert receiver.bodies == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["169.254.169.254"],
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["10.1.2.3"],
        ["192.168.1.1"],
        ["100.64.0.1"],
        ["fd00:ec2::254"],
        ["fe80::1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["192.0.2.7", "127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
    ],
)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_name_that_leads_inside_is_not_dialled(addresses: list[str], scheme: str) -> None:
    """One inner address among others refuses the name, always in the same words."""
    place = Place(scheme, "hooks.example.com", 443, "/")
    called = call(place, Policy(ports=frozenset({443})), *addresses)
    assert (called.status, called.failure) == (None, REFUSED)


def test_the_name_is_looked_up_once(certificates: Certificates) -> None:
    """A name that leads elsewhere a moment later is still dialled where it was checked."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    with receiving(certificates.contexts[Identity.GOOD]) as receiver:
        place, policy = here(receiver.port), opened(receiver.port, certificates)
        assert post(place, b"{}", {}, policy, lambda _host: answers.pop(0)).ok
    assert answers == [["10.0.0.1"]]


def test_another_port_is_not_dialled() -> None:
    """The ports are the operator's, and the words are the same."""
    place = Place("https", "hooks.example.com", 22, "/")
    assert call(place, Policy(ports=frozenset({443})), "93.184.215.14").failure == REFUSED


def test_without_encryption_only_opened_networks_are_called() -> None:
    """A public address wants https, one of the operator's own may do without."""
    place = Place("http", "hooks.example.com", 443, "/")
    called = call(place, Policy(ports=frozenset({443})), "93.184.215.14")
    assert "use https://" in called.failure
    with receiving() as receiver:
        assert call(here(receiver.port, "http"), opened(receiver.port), "127.0.0.1").ok


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    """The place it points at is never asked."""
    with receiving(statuses=[status]) as receiver:
        called = call(here(receiver.port, "http"), opened(receiver.port), "127.0.0.1")
    assert not called.ok
    assert "redirects are not followed" in called.failure
    assert receiver.paths == ["/hook?a=b"]


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_a_refusal_is_told_with_its_status(status: int) -> None:
    """Only a 2xx is a success."""
    with receiving(statuses=[status]) as receiver:
        called = call(here(receiver.port, "http"), opened(receiver.port), "127.0.0.1")
    assert (called.ok, called.status) == (False, status)
    assert called.failure == f"The server answered {status} instead of 200."


def test_of_a_long_answer_little_is_kept() -> None:
    """The excerpt is short and printable."""
    with receiving(answer=b"<b>\x00\x1b[2J\n" + b"x" * 5_000_000) as receiver:
        called = call(here(receiver.port, "http"), opened(receiver.port), "127.0.0.1")
    assert called.ok
    assert len(called.excerpt) == 200
    assert called.excerpt.startswith("<b> [2J xxx")
    assert called.excerpt.isprintable()


def drip(octets: bytes) -> Callable[[socket.socket], None]:
    """Return a server that begins with these octets and then sends one now and then."""

    def speak(connection: socket.socket) -> None:
        connection.sendall(octets)
        pause = threading.Event()
        for _ in range(500):
            pause.wait(0.02)
            connection.sendall(b"x")

    return speak


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_server_that_drips_is_hung_up_on(begin: bytes) -> None:
    """The time is limited as a whole, not for each octet."""
    with speaking(drip(begin)) as port:
        called = call(here(port, "http"), opened(port, total_seconds=0.2), "127.0.0.1")
    assert (called.status, called.failure) == (None, "The server gave no answer in time.")


def test_a_server_that_is_silent_in_the_handshake_is_told_as_late(
    certificates: Certificates,
) -> None:
    """It closed nothing: it said nothing in time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        called = call(here(port), opened(port, certificates, total_seconds=0.2), "127.0.0.1")
    assert (called.status, called.failure) == (None, "The server gave no answer in time.")


def test_our_own_bundle_that_cannot_be_read_is_not_the_receivers_fault(
    certificates: Certificates, tmp_path: Path
) -> None:
    """Nothing is called, the words say whose trouble it is, and mending the file mends it."""
    bundle = tmp_path / "ca.pem"
    with receiving(certificates.contexts[Identity.GOOD]) as receiver:
        allowed = Policy(networks=LOOPBACK, ports=frozenset({receiver.port}), ca_file=str(bundle))
        called = call(here(receiver.port), allowed, "127.0.0.1")
        assert called.failure == "Relaydesk's own bundle of trusted certificates cannot be read."
        assert receiver.bodies == []
        bundle.write_bytes(certificates.ca_file.read_bytes())
        assert call(here(receiver.port), allowed, "127.0.0.1").ok


def test_a_body_that_drips_changes_nothing_about_the_status() -> None:
    """The receiver took the call; what it goes on to say is not waited for."""
    with speaking(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")) as port:
        called = call(here(port, "http"), opened(port, total_seconds=0.2), "127.0.0.1")
    assert called.ok


def babble(connection: socket.socket) -> None:
    """Speak another language."""
    connection.sendall(b"220 mail.example.com ESMTP\r\n")


def flood(connection: socket.socket) -> None:
    """Send a head that does not end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        connection.sendall(f"X-{number}: {'x' * 1000}\r\n".encode())


def leave(_connection: socket.socket) -> None:
    """Say nothing."""


@pytest.mark.parametrize("speak", [babble, flood, leave])
def test_what_is_not_http_ends_in_a_sentence(speak: Callable[[socket.socket], None]) -> None:
    """No answer raises."""
    with speaking(speak) as port:
        called = call(here(port, "http"), opened(port), "127.0.0.1")
    assert called.failure == "The server broke off, or does not speak HTTP."


def test_a_port_without_a_server_is_told() -> None:
    """Each address says why."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    called = call(here(port), opened(port), "127.0.0.1")
    assert called.failure == f"No connection to port {port}: 127.0.0.1: connection refused."


def test_a_name_without_an_address_is_told() -> None:
    """The look-up's failure is a sentence too."""

    def nowhere(_host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    place = Place("https", "hooks.example.com", 443, "/")
    called = post(place, b"", {}, Policy(ports=frozenset({443})), nowhere)
    assert called.failure == "There is no host named hooks.example.com."


# --- Addresses that people type ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" https://Hooks.Example.com ", "https://hooks.example.com/"),
        ("https://hooks.example.com:443/a?b=c", "https://hooks.example.com/a?b=c"),
        ("https://hooks.example.com:8443/", "https://hooks.example.com:8443/"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ("http://10.0.0.5/x", "http://10.0.0.5/x"),
    ],
)
def test_an_address_has_one_form(typed: str, read: str) -> None:
    """The same place is the same text."""
    assert Place.read(typed).url == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "begins with https://"),
        ("hooks.example.com", "begins with https://"),
        ("ftp://hooks.example.com", "begins with https://"),
        ("https://user:pw@hooks.example.com", "before the “@”"),
        ("https://a.example@127.0.0.1/", "before the “@”"),
        ("https://hooks.example.com/#top", "Leave out “#top”"),
        ("https://hooks.example.com:99999/", "check host and port"),
        ("https://hooks.example.com:0/", "There is no port 0."),
        ("https://hooks.example.com/a b", "as %XX"),
        ("https://hooks.example.com/é", "as %XX"),
        ("https://2130706433/", "four decimal numbers"),
        ("https://0x7f.1/", "four decimal numbers"),
        ("https://127.1/", "four decimal numbers"),
        ("https://[fe80::1%eth0]/", "Leave out “%eth0”"),
        ("https://hooks.exa mple/", "Leave out the blank"),
        ("https:///path", "Enter the name"),
        ("https://a.example/" + "x" * 500, "too long"),
    ],
)
def test_what_is_no_address_is_refused_in_words(typed: str, said: str) -> None:
    """Each sentence names what to change."""
    with pytest.raises(ValueError, match=re.escape(said)):
        Place.read(typed)


def test_a_line_end_in_an_address_reaches_no_request() -> None:
    """What a header could be made of is not part of any place."""
    place = Place.read("https://hooks.example.com/a\r\nX-Evil:1")
    assert place.url == "https://hooks.example.com/aX-Evil:1"
