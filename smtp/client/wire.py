"""Octets to and from the server, with a limit on everything: time, line length and amount."""

import socket
import ssl
import time

from smtp.client import tls
from smtp.client.stop import Stop
from smtp.outcome import Failure
from smtp.targets import Policy

CHUNK = 16_384
# How a TLS record begins (RFC 8446 section 5.1): its type, then version 3. No SMTP reply does.
TLS_RECORDS = (b"\x14\x03", b"\x15\x03", b"\x16\x03", b"\x17\x03")


class Deadline:
    """The time left, in seconds, for the running stage and for everything together."""

    def __init__(self, total_seconds: float) -> None:
        self._end = time.monotonic() + total_seconds
        self.allow(total_seconds)

    def allow(self, seconds: float) -> None:
        """Give the next stage this long, within what is left of the total."""
        self._allowed = seconds
        self._stage_end = min(self._end, time.monotonic() + seconds)

    def left(self) -> float:
        """Return how long the next step may take; raise `Stop` when the time is over."""
        left = self._stage_end - time.monotonic()
        if left <= 0:
            raise self.over()
        return left

    def over(self) -> Stop:
        """Return the `Stop` that says which time is over."""
        if time.monotonic() >= self._end:
            return Stop(Failure.TIMEOUT, "The whole attempt took too long.")
        return Stop(Failure.TIMEOUT, f"The server gave no answer within {self._allowed:g} s.")


class Wire:
    """A connected socket that reads lines and writes octets, never longer than the policy says."""

    def __init__(self, sock: socket.socket, policy: Policy, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._max_line = policy.max_line
        self._budget = policy.max_bytes
        self._buffer = b""
        self._secured = False

    @property
    def own_address(self) -> str:
        """The address of this machine on the connection."""
        return str(self._sock.getsockname()[0])

    @property
    def has_unread(self) -> bool:
        """Whether octets were received that nobody has read yet."""
        return bool(self._buffer)

    def read_line(self) -> bytes:
        """Return the next line without its end; a bare LF ends a line too."""
        while b"\n" not in self._buffer:
            if len(self._buffer) > self._max_line:
                raise self._too_long()
            self._buffer += self._receive()
            if not self._secured and self._buffer.startswith(TLS_RECORDS):
                raise Stop(Failure.TLS_MODE, "The server speaks TLS here, from the first octet.")
        line, _, self._buffer = self._buffer.partition(b"\n")
        if len(line) > self._max_line:
            raise self._too_long()
        return line.removesuffix(b"\r")

    def _too_long(self) -> Stop:
        return Stop(Failure.TOO_MUCH, f"The server sent a line of over {self._max_line} octets.")

    def _receive(self) -> bytes:
        self._sock.settimeout(self._deadline.left())
        try:
            octets = self._sock.recv(CHUNK)
        except TimeoutError as error:
            raise self._deadline.over() from error
        except OSError as error:
            raise _lost(error) from error
        if not octets:
            raise Stop(Failure.CLOSED, "The server closed the connection.")
        self._budget -= len(octets)
        if self._budget < 0:
            raise Stop(Failure.TOO_MUCH, "The server sent more than a session may hold.")
        return octets

    def send(self, octets: bytes) -> None:
        """Write all octets."""
        rest = memoryview(octets)
        while rest:
            self._sock.settimeout(self._deadline.left())
            try:
                sent = self._sock.send(rest[:CHUNK])
            except TimeoutError as error:
                raise self._deadline.over() from error
            except OSError as error:
                raise _lost(error) from error
            rest = rest[sent:]

    def start_tls(self, context: ssl.SSLContext, host: str) -> tls.Session:
        """Go on in TLS, with a certificate for this host, and return what was agreed."""
        self._sock.settimeout(self._deadline.left())
        try:
            secured = context.wrap_socket(self._sock, server_hostname=host)
        except TimeoutError as error:
            raise self._deadline.over() from error
        except OSError as error:
            raise tls.refusal(error) from error
        self._sock, self._secured = secured, True
        return tls.describe(secured)

    def close(self) -> None:
        """Let go of the connection, whatever state it is in."""
        self._sock.close()


def _lost(error: OSError) -> Stop:
    reason = error.strerror or str(error) or type(error).__name__
    return Stop(Failure.CLOSED, f"The connection was lost: {reason}.")
