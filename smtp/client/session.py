"""One session with one server, stage by stage, from the look-up to the good-bye."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import assert_never

from smtp.client import dial, tls
from smtp.client.dialogue import Answer, Dialogue, accepted
from smtp.client.login import log_in
from smtp.client.lookup import Lookup
from smtp.client.stop import Stop
from smtp.client.story import RunningStage, Story
from smtp.client.way import Envelope, Way
from smtp.client.wire import Deadline, Wire
from smtp.message import ascii_address
from smtp.outcome import Failure, Security, Stage
from smtp.targets import Policy, clean_host, is_opened

PROBE_SECONDS = 3  # for finding out why a server is silent
QUIT_SECONDS = 2  # nothing depends on the answer
NO_EHLO = {500, 502, 504}  # RFC 5321 section 3.2: such a server may still know HELO
HELO_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|\[[0-9A-Za-z.:]+\]")
# Failures after which the server still waits for a command, so that one takes one's leave.
POLITE = {
    Failure.REPLY,
    Failure.STARTTLS_MISSING,
    Failure.AUTH_MISSING,
    Failure.AUTH_MECHANISM,
    Failure.PLAIN_PASSWORD,
    Failure.LOST,
}
TLS_ANSWERS = {
    Failure.TLS_PROTOCOL,
    Failure.CERTIFICATE_EXPIRED,
    Failure.CERTIFICATE_HOSTNAME,
    Failure.CERTIFICATE_UNTRUSTED,
}


class Session:
    """Goes through the stages; each raises `Stop` when it cannot go on."""

    def __init__(self, way: Way, policy: Policy, story: Story, *, trusted: bool = True) -> None:
        self._trusted = trusted  # else this session only reads the certificate, and tells nothing
        self._way = way
        self._policy = policy
        self._story = story
        self._deadline = Deadline(policy.total_seconds)
        self._host = way.host
        self._capabilities: tuple[str, ...] = ()
        self._wire: Wire
        self._dialogue: Dialogue

    def _stage(self, stage: Stage, seconds: float | None = None) -> RunningStage:
        self._deadline.allow(self._policy.stage_seconds if seconds is None else seconds)
        return self._story.enter(stage)

    @contextmanager
    def connection(self, lookup: Lookup) -> Iterator[None]:
        """Hold a connection to the server, and leave politely where that is still possible."""
        with self._stage(Stage.RESOLVE):
            self._host = _host(self._way.host)
            port, policy = self._way.port, self._policy
            addresses = dial.resolve(self._host, port, policy, self._deadline, lookup)
            self._story.detail = ", ".join(addresses)
        with self._stage(Stage.CONNECT, self._policy.total_seconds):
            heard = self._story.dialled
            sock = dial.connect(addresses, port, policy, self._deadline, heard)
            self._story.peer, self._story.detail = heard[-1].address, dial.told(heard)
        self._wire = Wire(sock, policy, self._deadline)
        self._dialogue = Dialogue(self._wire, self._story)
        try:
            yield
        except Stop as stop:
            if stop.failure in POLITE:
                self._take_leave()
            raise
        finally:
            self._wire.close()

    def _take_leave(self) -> None:
        """Say QUIT without waiting, off the record: the last exchange stays the one that counts."""
        try:
            self._wire.send(b"QUIT\r\n")
        except Stop:
            return

    def greet(self) -> None:
        """Come as far as the last EHLO, protected as the way says."""
        match self._way.security:
            case Security.NONE:
                self._greeting()
                self._ehlo()
            case Security.STARTTLS:
                self._greeting()
                self._ehlo()
                self._story.clear_capabilities = self._story.capabilities
                self._starttls()
                self._ehlo()  # RFC 3207 section 4.2: what was said in plain text is forgotten
            case Security.TLS:
                self._handshake()
                self._greeting()
                self._ehlo()
            case _:
                assert_never(self._way.security)

    def _greeting(self) -> None:
        with self._stage(Stage.GREETING):
            try:
                answer = accepted(self._dialogue.listen())
            except Stop as stop:
                if stop.failure is Failure.TIMEOUT and self._waits_for_tls():
                    text = "The server waits for TLS here, from the first octet."
                    raise Stop(Failure.TLS_MODE, text) from stop
                raise
            self._story.detail = str(answer.reply)

    def _waits_for_tls(self) -> bool:
        """Whether a server that keeps silent answers a TLS handshake."""
        if self._way.security is Security.TLS:
            return False
        self._deadline.allow(min(PROBE_SECONDS, self._policy.stage_seconds))
        try:
            self._wire.start_tls(self._trust(), self._host)
        except Stop as stop:
            return stop.failure in TLS_ANSWERS
        return True

    def _ehlo(self) -> None:
        name = self._own_name()
        with self._stage(Stage.EHLO):
            answer = self._dialogue.say(f"EHLO {name}")
            if answer.reply.code in NO_EHLO:
                answer = self._dialogue.say(f"HELO {name}")
            accepted(answer)
            self._capabilities = answer.lines[1:]
            self._story.capabilities = answer.shown[1:]
            self._story.detail = ", ".join(self._story.capabilities)

    def _own_name(self) -> str:
        """Return the name to give in EHLO: a full one, else an address (RFC 5321 4.1.4)."""
        for name in (self._way.helo, socket.gethostname()):
            if HELO_NAME.fullmatch(name):
                return name
        address = self._wire.own_address
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def _starttls(self) -> None:
        with self._stage(Stage.STARTTLS):
            if not self._offers("STARTTLS"):
                raise Stop(Failure.STARTTLS_MISSING, "The server does not offer STARTTLS.")
            self._dialogue.demand("STARTTLS")
            if self._wire.has_unread:
                # RFC 3207 section 6: nobody knows who sent it, and it must not be taken for
                # something said under the protection of TLS.
                text = "Something was slipped in between the server's consent and TLS."
                raise Stop(Failure.STARTTLS_INJECTED, text)
        self._handshake()

    def _handshake(self) -> None:
        with self._stage(Stage.CERTIFICATE):
            agreed, shown = self._wire.start_tls(self._trust(), self._host)
            self._story.tls, self._story.certificate = agreed, shown
            until = shown.valid_until if shown else "an unknown day"
            self._story.detail = f"{agreed}; certificate valid until {until}"
            if self._trusted:
                self._story.event(f"{agreed}, certificate verified for {self._host}")

    def _trust(self) -> ssl.SSLContext:
        return tls.context(self._policy.ca_file) if self._trusted else tls.blind_context()

    def log_in(self) -> None:
        """Log in, if there is a user name; never over plain text to a stranger's machine."""
        if not self._way.username or not self._trusted:
            return
        with self._stage(Stage.AUTH):
            if self._way.password and not self._may_tell_password():
                text = "The password was not sent: this connection is not encrypted."
                raise Stop(Failure.PLAIN_PASSWORD, text)
            self._story.detail = log_in(self._dialogue, self._way, self._capabilities, self._story)

    def _may_tell_password(self) -> bool:
        return (
            self._way.security is not Security.NONE
            or self._policy.allow_plain_auth
            or is_opened(self._story.peer, self._policy)
        )

    def hand_over(self, envelope: Envelope, before_data: Callable[[], bool]) -> Answer:
        """Give the server the message, and return its consent."""
        with self._stage(Stage.SENDER):
            size = f" SIZE={len(envelope.data)}" if self._offers("SIZE") else ""  # RFC 1870
            answer = self._dialogue.demand(f"MAIL FROM:<{ascii_address(envelope.sender)}>{size}")
            self._story.detail = str(answer.reply)
        with self._stage(Stage.RECIPIENT):
            answer = self._dialogue.demand(f"RCPT TO:<{ascii_address(envelope.recipient)}>")
            self._story.detail = str(answer.reply)
        # All the time that is left: who stops waiting here cannot know whether it was accepted.
        with self._stage(Stage.DATA, self._policy.total_seconds):
            if not before_data():
                raise Stop(Failure.LOST, "This attempt was taken over; nothing was sent.")
            self._dialogue.demand("DATA", kind=3)
            answer = self._send(envelope.data)
            self._story.detail = str(answer.reply)
        return answer

    def _offers(self, keyword: str) -> bool:
        return any(line.upper().split()[:1] == [keyword] for line in self._capabilities)

    def _send(self, data: bytes) -> Answer:
        self._story.client(f"[message of {len(data)} octets]")
        self._story.client(".")
        # If this fails, the end of the message never left this machine: it cannot be accepted.
        self._wire.send(_stuffed(data) + b".\r\n")
        self._story.handed_over = True
        answer = self._dialogue.listen()
        self._story.handed_over = answer.kind == 3  # which says neither yes nor no
        return accepted(answer)

    def quit(self) -> None:
        """End the session. Everything that counts has happened, so a failure here is none."""
        reply = self._story.reply
        try:
            with self._stage(Stage.QUIT, min(QUIT_SECONDS, self._policy.stage_seconds)):
                self._dialogue.demand("QUIT")
        except Stop:
            return
        finally:
            self._story.reply = reply


def _host(text: str) -> str:
    try:
        return clean_host(text)
    except ValueError as error:
        raise Stop(Failure.NO_SUCH_HOST, str(error)) from error


def _stuffed(data: bytes) -> bytes:
    """Return the message with CRLF everywhere and its leading dots doubled (RFC 5321 4.5.2)."""
    text = b"\n" + data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    dotted = text.replace(b"\n.", b"\n..")
    end = b"\r\n" if data else b""
    return dotted[1:].removesuffix(b"\n").replace(b"\n", b"\r\n") + end
