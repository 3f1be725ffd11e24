"""The client against a server of another make: aiosmtpd, with STARTTLS and a login."""

import ssl
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from config.lab.certificates import Certificates, Identity
from smtp.client import Envelope, Way, attempt
from smtp.outcome import Security, Stage
from tests.processes import free_port
from tests.smtp.test_message import VALUES, compose
from tests.smtp.wires import policy

PASSWORD = "pässwörd"


class Inbox:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a message."""
        self.envelopes.append(envelope)
        return "250 2.0.0 kept"


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
    """Accept one login."""
    assert isinstance(login, LoginPassword)
    return AuthResult(success=login.password == PASSWORD.encode(), handled=False)


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_composed_mail_arrives_at_another_server(
    password: str, certificates: Certificates
) -> None:
    """Login, envelope and message are understood by an implementation that is not ours."""
    inbox, port = Inbox(), free_port()
    context: ssl.SSLContext = certificates.contexts[Identity.GOOD]
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=knows,
        auth_required=True,
    )
    controller.start()
    try:
        way = Way("localhost", port, Security.STARTTLS, "user", password)
        allowed = policy(port, ca_file=str(certificates.ca_file))
        mail = Envelope("mail@exämple.de", "you@example.net", compose(**VALUES))
        outcome = attempt(way, allowed, mail)
    finally:
        controller.stop()
    assert outcome.ok is (password == PASSWORD), outcome.message
    if not outcome.ok:
        assert outcome.stage is Stage.AUTH
        assert inbox.envelopes == []
        return
    [envelope] = inbox.envelopes
    assert envelope.mail_from == "mail@xn--exmple-cua.de"
    assert message_from_bytes(envelope.content)["Message-ID"] == VALUES["message_id"]
