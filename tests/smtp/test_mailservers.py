"""The laboratory itself: its servers speak SMTP, keep what they take, and stop at once."""

import mailbox
import smtplib
import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.lab.certificates import Certificates, Identity, make
from config.lab.mailservers import MOODS, PASSWORD, USERNAME, MailServer

MESSAGE = "Subject: Hello\r\nMessage-ID: <1@lab.example>\r\n\r\n.dot\r\n"


@pytest.fixture
def server(certificates: Certificates, tmp_path: Path) -> Iterator[MailServer]:
    """Start a good server that also writes what it takes to disk."""
    with MailServer("accepts", certificates, maildir=tmp_path / "a" / "mail") as started:
        yield started


def trusting(certificates: Certificates) -> ssl.SSLContext:
    """Return a client's context that trusts the laboratory."""
    return ssl.create_default_context(cafile=certificates.ca_file)


def test_a_client_of_another_make_can_send(
    server: MailServer, certificates: Certificates, tmp_path: Path
) -> None:
    """The standard library's own client agrees that this is SMTP."""
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        client.starttls(context=trusting(certificates))
        client.login(USERNAME, PASSWORD)
        client.sendmail("a@lab.example", ["b@example.com", "c@example.com"], MESSAGE)
    [message] = server.messages
    assert message.recipients == ("b@example.com", "c@example.com")
    assert message.data.decode() == MESSAGE
    assert message.message_id == "<1@lab.example>"
    [stored] = mailbox.Maildir(tmp_path / "a" / "mail", create=False)
    assert stored["Subject"] == "Hello"
    assert server.sessions == 1


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("login", [("lab", "x"), ("x", PASSWORD), ("", "")])
def test_any_other_login_is_refused(
    mechanism: str, login: tuple[str, str], server: MailServer, certificates: Certificates
) -> None:
    """There is one account."""
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        client.starttls(context=trusting(certificates))
        client.ehlo()
        client.user, client.password = login
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            client.auth(mechanism, getattr(client, f"auth_{mechanism.lower()}"))
    assert caught.value.smtp_code == 535


@pytest.mark.parametrize("line", ["AUTH PLAIN !!!", "AUTH XOAUTH2 abc", "AUTH", "WHAT", "", "EHLO"])
def test_an_odd_command_gets_a_reply(line: str, certificates: Certificates) -> None:
    """The server does not fall over."""
    with (
        MailServer("accepts-slowly", certificates) as server,
        smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client,
    ):
        code, _ = client.docmd(line)
        assert code in (250, 502, 504, 535)
        assert client.noop()[0] == 250


@pytest.mark.parametrize("slug", ["stalls", "stalls-after-data", "slow", "endless-banner"])
def test_a_server_that_keeps_a_client_waiting_stops_at_once(
    slug: str, certificates: Certificates
) -> None:
    """The client sees the end of the connection while it waits."""
    server = MailServer(slug, certificates).start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.recv(1) if slug in ("slow", "endless-banner") else None
        server.stop()
        with pytest.raises(OSError, match=r"refused"):
            socket.create_connection(("127.0.0.1", server.port), timeout=5)


def test_a_stalled_message_can_be_released(certificates: Certificates) -> None:
    """It was taken before the answer, as a real server's would have been."""
    with MailServer("stalls-after-data", certificates) as server:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
            client.starttls(context=trusting(certificates))
            client.login(USERNAME, PASSWORD)
            client.mail("a@lab.example")
            client.rcpt("b@example.com")
            server.release()
            assert client.data(MESSAGE)[0] == 250
        assert len(server.messages) == 1


def test_a_port_can_be_chosen(server: MailServer, certificates: Certificates) -> None:
    """A fixed port is used again right after it was left."""
    server.stop()
    with MailServer("accepts", certificates, port=server.port) as again:
        assert again.port == server.port
        with smtplib.SMTP("127.0.0.1", again.port, timeout=5) as client:
            assert client.noop()[0] == 250


def test_the_authority_is_kept_and_its_key_is_private(tmp_path: Path) -> None:
    """Whoever trusted the laboratory yesterday does so today."""
    first = make(tmp_path / "new")
    before = first.ca_file.read_bytes()
    second = make(tmp_path / "new")
    assert second.ca_file.read_bytes() == before
    assert stat.S_IMODE((tmp_path / "new" / "ca-key.pem").stat().st_mode) == 0o600
    assert set(second.contexts) == set(Identity)
    with (
        MailServer("accepts-tls", second) as server,
        smtplib.SMTP_SSL("localhost", server.port, context=trusting(first), timeout=5) as client,
    ):
        assert client.noop()[0] == 250


def test_every_mood_says_what_a_person_should_see() -> None:
    """The demo shows title and sentence; a slug names one mood."""
    for slug, mood in MOODS.items():
        assert slug == mood.slug
        assert mood.title
        assert mood.sees.endswith(".")
    assert len({mood.title for mood in MOODS.values()}) == len(MOODS)
