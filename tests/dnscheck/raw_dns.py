"""A name server that sends whatever a test wants: wrong ids, garbage, half an answer."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Self

import dns.flags
import dns.message
import dns.rrset

NAME = "shop.example."
Handler = Callable[[dns.message.Message, bool], Iterable[bytes]]


def answer(
    query: dns.message.Message, *rrsets: dns.rrset.RRset, rcode: int = 0, flags: int = 0
) -> bytes:
    """Return a response with these records, as a resolver sends it."""
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(dns.rcode.Rcode(rcode))
    response.flags |= flags
    response.answer.extend(rrsets)
    return response.to_wire(max_size=65535)


def rrset(name: str, type: str, *values: str, ttl: int = 60) -> dns.rrset.RRset:
    """Return records as zone files write them."""
    return dns.rrset.from_text(name, ttl, "IN", type, *values)


class RawDns:
    """Answers each query over UDP and TCP with what the handler yields; counts queries."""

    def __init__(self, handler: Handler, dribble: float = 0) -> None:
        self.handler, self.dribble = handler, dribble
        self.queries = 0
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        while True:
            self.udp.bind(("127.0.0.1", 0))
            try:
                self.tcp = socket.create_server(self.udp.getsockname())
                break
            except OSError:
                self.udp.close()
                self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.server = ("127.0.0.1", int(self.udp.getsockname()[1]))

    def __enter__(self) -> Self:
        self.threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._serve_udp, self._serve_tcp)
        ]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for listener in (self.udp, self.tcp):
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.udp.close()
        self.tcp.close()

    def _serve_udp(self) -> None:
        while True:
            try:
                octets, client = self.udp.recvfrom(65535)
            except OSError:
                return
            if not client:
                return
            self.queries += 1
            for reply in self.handler(dns.message.from_wire(octets), False):
                self.udp.sendto(reply, client)

    def _serve_tcp(self) -> None:
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream, suppress(OSError):
                head = stream.read(2)
                query = dns.message.from_wire(stream.read(struct.unpack("!H", head)[0]))
                for reply in self.handler(query, True):
                    self._send(connection, struct.pack("!H", len(reply)) + reply)

    def _send(self, connection: socket.socket, octets: bytes) -> None:
        if not self.dribble:
            connection.sendall(octets)
            return
        for octet in octets:
            connection.sendall(bytes([octet]))
            time.sleep(self.dribble)
