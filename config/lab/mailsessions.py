"""What a mail server of the lab says to one client: SMTP as its mood has it."""

import base64
import binascii
import mailbox
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, assert_never

from config.lab.mood import HANGS_UP, Manner, Mood
from smtp.outcome import Security

PASSWORD = "lab-password"  # noqa: S105 - opens nothing but these servers

LINE_LIMIT = 65_536
ENDLESS_LINES = 200_000  # about 100 MB: even a patient client is let go at last
WANTS_TLS = "530 5.7.0 Must issue a STARTTLS command first"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Received:
    """A message that was taken; `username` is empty without a login."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    username: str
    encrypted: bool

    @property
    def message_id(self) -> str:
        """The Message-ID of the message, with its angle brackets, or nothing."""
        match = MESSAGE_ID.search(self.data)
        return match[1].decode("ascii", "replace") if match else ""


@dataclass
class Shared:
    """What all sessions of one server have in common."""

    mood: Mood
    context: ssl.SSLContext
    password: str
    maildir: Path | None
    messages: list[Received] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, message: Received) -> None:
        """Keep a message."""
        with self.lock:
            self.messages.append(message)
            if self.maildir:
                self.maildir.parent.mkdir(parents=True, exist_ok=True)
                mailbox.Maildir(self.maildir, create=True).add(message.data)


class Session:
    """One client's connection, from the greeting to the end."""

    def __init__(self, shared: Shared, connection: socket.socket) -> None:
        self._shared = shared
        self._mood = shared.mood
        self._socket = connection
        self._file: BinaryIO = connection.makefile("rb")
        self._encrypted = False
        self._username = self._sender = ""
        self._recipients: list[str] = []

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()

    def run(self) -> None:
        """Behave as the mood says until one side has had enough."""
        if self._mood.speaks is Security.TLS:
            self._encrypt()
        match self._mood.manner:
            case Manner.PROPER:
                self._serve()
            case Manner.SILENT:
                self._keep_silent()
            case Manner.DROPS:
                return
            case Manner.ENDLESS:
                self._pour("220-")
            case Manner.POURING:
                self._say(self._mood.greeting)
                self._hear()
                self._pour("250-")
            case Manner.SLOW:
                self._greet_slowly()
            case _:
                assert_never(self._mood.manner)

    def _keep_silent(self) -> None:
        while self._socket.recv(LINE_LIMIT):
            continue

    def _pour(self, code: str) -> None:
        for _ in range(ENDLESS_LINES):
            self._say(code + "welcome " * 60)

    def _greet_slowly(self) -> None:
        for octet in self._mood.greeting.encode():
            self._socket.sendall(bytes([octet]))
            if self._shared.stopping.wait(1):
                return

    def _encrypt(self) -> None:
        self._file.close()
        self._socket = self._shared.context.wrap_socket(self._socket, server_side=True)
        self._file = self._socket.makefile("rb")
        self._encrypted = True

    def _say(self, reply: str) -> None:
        self._socket.sendall(reply.replace("\n", "\r\n").encode(errors="surrogateescape") + b"\r\n")

    def _hear(self) -> str:
        line = self._file.readline(LINE_LIMIT)
        if not line:
            raise ConnectionError("the client went away")
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def _serve(self) -> None:
        self._say(self._mood.greeting)
        while self._mood.greeting.startswith("220"):
            line = self._hear()
            verb = line.partition(" ")[0].upper()
            self._shared.verbs.append(verb)
            reply = self._mood.replies.get(verb, "").replace("{line}", line)
            reply = reply or self._usual(verb, line)
            if reply == HANGS_UP:
                return
            self._say(reply)
            if reply.startswith(("421", "221")):
                return
            if verb == "STARTTLS" and reply.startswith("220"):
                self._encrypt()

    def _usual(self, verb: str, line: str) -> str:
        """Return the reply of a server that has nothing against it."""
        argument = line.partition(" ")[2]
        if verb in ("MAIL", "AUTH") and self._wants_tls:
            return WANTS_TLS
        match verb:
            case "EHLO":
                return self._capabilities()
            case "STARTTLS" if self._mood.speaks is Security.STARTTLS and not self._encrypted:
                return "220 2.0.0 Ready to start TLS"
            case "AUTH" if self._mood.mechanisms:
                return self._log_in(argument)
            case "MAIL":
                self._sender, self._recipients = _address(argument), []
                return "250 2.1.0 Sender ok"
            case "RCPT":
                self._recipients.append(_address(argument))
                return "250 2.1.5 Recipient ok"
            case "DATA":
                return self._receive()
            case "HELO" | "NOOP" | "RSET":
                return "250 2.0.0 Ok"
            case "QUIT":
                return "221 2.0.0 Bye"
            case _:
                return "502 5.5.2 Command not recognized"

    @property
    def _wants_tls(self) -> bool:
        return self._mood.speaks is Security.STARTTLS and not self._encrypted

    def _capabilities(self) -> str:
        offers = ["lab.example", "SIZE 10485760", "ENHANCEDSTATUSCODES"]
        if self._wants_tls:
            offers.append("STARTTLS")
        elif self._mood.mechanisms:
            offers.append(f"AUTH {self._mood.mechanisms}")
        return "\n".join([*(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"])

    def _log_in(self, argument: str) -> str:
        mechanism, _, response = argument.partition(" ")
        if mechanism.upper() not in self._mood.mechanisms.split():
            return "504 5.5.4 Mechanism not supported"
        if mechanism.upper() == "PLAIN":
            _, _, login = _decoded(response or self._ask("334 ")).partition("\0")
            username, _, password = login.partition("\0")
        else:
            username = _decoded(self._ask("334 VXNlcm5hbWU6"))
            password = _decoded(self._ask("334 UGFzc3dvcmQ6"))
        if (username, password) != (self._mood.username, self._shared.password):
            return self._mood.bad_login
        self._username = username
        return "235 2.7.0 Authentication successful"

    def _ask(self, challenge: str) -> str:
        self._say(challenge)
        return self._hear()

    def _receive(self) -> str:
        self._say("354 End data with <CR><LF>.<CR><LF>")
        lines: list[bytes] = []
        while (line := self._file.readline(LINE_LIMIT)) != b".\r\n":
            if not line:
                raise ConnectionError("the client went away")
            lines.append(line.removeprefix(b"."))
        refusal = self._mood.replies.get(".")
        if refusal:
            return refusal
        self._shared.take(
            Received(
                self._sender,
                tuple(self._recipients),
                b"".join(lines),
                self._username,
                self._encrypted,
            )
        )
        self._shared.released.wait(self._mood.after_data_seconds)
        return "250 2.0.0 Ok: queued as LAB"


def _address(argument: str) -> str:
    return argument.partition("<")[2].partition(">")[0]


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return ""
