"""Peers on loopback that play a script, and policies that let the client dial them."""

import ipaddress
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from smtp.client import Envelope, Way
from smtp.outcome import Security
from smtp.targets import Policy

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
MAIL = Envelope("sender@lab.example", "you@example.com", b"Subject: Hello\r\n\r\n.dot\r\n")


class Last(bytes):
    """In a script: send these octets, then break the connection without waiting."""


RESET = Last()
SESSION = ("220 peer ESMTP", "250-peer\r\n250 AUTH PLAIN LOGIN")


def policy(*ports: int, **limits: Any) -> Policy:
    """Return a policy that opens loopback, with generous times unless they are given."""
    return Policy(**{"networks": LOOPBACK, "ports": frozenset(ports), **limits})


def plain(port: int, **login: Any) -> Way:
    """Return the way to a peer that does not encrypt."""
    return Way("127.0.0.1", port, Security.NONE, helo="relaydesk.example", **login)


@dataclass
class Peer:
    """A server in the middle of its script: where it listens, and the lines it heard."""

    port: int
    heard: list[str] = field(default_factory=list)


@contextmanager
def scripted(*replies: Any) -> Iterator[Peer]:
    """Serve one client: a greeting, then one reply for each line heard, then the end.

    Text gets its CRLF here, octets go as they are, `Last` ones end in a reset; `{line}` repeats
    the client. After 354 the whole message is one thing heard.
    """
    with _listening(lambda connection, peer: _play(connection, replies, peer)) as peer:
        yield peer


@contextmanager
def pouring(octets: bytes) -> Iterator[Peer]:
    """Send one client everything at once, whatever it says, and end."""
    with _listening(lambda connection, _peer: _pour(connection, octets)) as peer:
        yield peer


@contextmanager
def _listening(act: Callable[[socket.socket, Peer], object]) -> Iterator[Peer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = Peer(listener.getsockname()[1])
        thread = threading.Thread(target=_welcome, args=[listener, act, peer])
        thread.start()
        try:
            yield peer
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # in case that nobody came
            thread.join()


def _welcome(
    listener: socket.socket, act: Callable[[socket.socket, Peer], object], peer: Peer
) -> None:
    with suppress(OSError):  # nobody came, or went away in the middle
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(10)
            act(connection, peer)


def _pour(connection: socket.socket, octets: bytes) -> None:
    connection.sendall(octets)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65_536):
        continue


def _play(connection: socket.socket, replies: tuple[Any, ...], peer: Peer) -> None:
    with connection.makefile("rb") as lines:
        line = b""
        for reply in replies:
            octets = reply if isinstance(reply, bytes) else f"{reply}\r\n".encode()
            connection.sendall(octets.replace(b"{line}", line.strip()))
            if isinstance(reply, Last):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            line = _hear(lines, peer, whole_message=octets.startswith(b"354"))
        connection.shutdown(socket.SHUT_WR)
        while line:
            line = _hear(lines, peer, whole_message=False)


def _hear(lines: BinaryIO, peer: Peer, *, whole_message: bool) -> bytes:
    line = octets = lines.readline()
    while whole_message and line not in (b".\r\n", b""):
        line = lines.readline()
        octets += line
    if octets:
        peer.heard.append(octets.decode("latin-1").rstrip("\r\n"))
    return octets
