"""A name server that sends whatever a test wants: wrong ids, garbage, half an answer."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Self

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from dnscheck.answers import Answer
from dnscheck.resolver import Resolver

NAME = "shop.example."
Query = dns.message.Message
Handler = Callable[[Query, bool], Iterable[bytes]]
Records = Mapping[tuple[str, str], tuple[str, ...]]


def answer(query: Query, *rrsets: dns.rrset.RRset, rcode: int = 0, flags: int = 0) -> bytes:
    """Return a response with these records, as a resolver sends it."""
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(dns.rcode.Rcode(rcode))
    response.flags |= flags
    response.answer.extend(rrsets)
    return response.to_wire(max_size=65535)


def rrset(name: str, type: str, *values: str, ttl: int = 60) -> dns.rrset.RRset:
    """Return records as zone files write them."""
    return dns.rrset.from_text(name, ttl, "IN", type, *values)


SOA = rrset("example.", "SOA", "ns.example. h.example. 1 2 3 4 30", ttl=900)


def denied(query: Query, rcode: int = 0, *options: dns.edns.Option, flags: int = 0) -> bytes:
    """Return a denial with the SOA that says how long it holds."""
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(dns.rcode.Rcode(rcode))
    response.flags |= flags
    response.authority.append(SOA)
    response.use_edns(0, options=list(options))
    return response.to_wire()


def resolver(*servers: tuple[str, int], **options: float) -> Resolver:
    """Return a resolver that does not wait long."""
    patience = {"question_seconds": 0.2, "domain_seconds": 3.0, **options}
    return Resolver(servers, **patience)  # type: ignore[arg-type]


def ask(handler: Handler, type: str = "TXT", dribble: float = 0, tries: int = 3) -> Answer:
    """Ask one question of a server that behaves as the handler says."""
    with RawDns(handler, dribble) as server:
        return asyncio.run(resolver(server.server, tries=tries).ask("Shop.Example.", type))


def asked(query: Query) -> tuple[str, str]:
    """Return the name, without its trailing dot, and the type a query asks for."""
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    return name, dns.rdatatype.to_text(question.rdtype)


def told(query: Query, records: Records, flags: int = 0) -> bytes:
    """Return what somebody says who knows these records; TXT values in quotation marks."""
    name, type = asked(query)
    for kind in (type, "CNAME"):
        if (name, kind) in records:
            found = rrset(f"{name}.", kind, *records[name, kind])
            return answer(query, found, flags=flags)
    exists = any(owner == name or owner.endswith(f".{name}") for owner, _ in records)
    return denied(query, 0 if exists else int(dns.rcode.NXDOMAIN), flags=flags)


def referred(query: Query, zone: str, *servers: str) -> bytes:
    """Return what the servers of the zone above say: ask those of this zone."""
    response = dns.message.make_response(query)
    response.authority.append(rrset(f"{zone}.", "NS", *servers))
    return response.to_wire()


def two_views(at_resolver: Records, at_servers: Handler) -> Handler:
    """Return a server that is resolver and one of a zone's own servers, by who asks it."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if query.flags & dns.flags.RD:
            return [told(query, at_resolver)]
        return at_servers(query, tcp)

    return handler


def serving(records: Records) -> Handler:
    """Return one of a zone's own servers."""
    return lambda query, tcp: [told(query, records, dns.flags.AA)]


class RawDns:
    """Answers each query over UDP and TCP with what the handler yields; counts queries.

    It listens at `host`, at any free `port` if none is given.
    """

    def __init__(
        self, handler: Handler, dribble: float = 0, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.handler, self.dribble = handler, dribble
        self.queries = 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        while True:
            self.udp = socket.socket(family, socket.SOCK_DGRAM)
            self.udp.bind((host, port))
            self.server = (host, int(self.udp.getsockname()[1]))
            try:
                self.tcp = socket.create_server(self.server, family=family)
                break
            except OSError:
                self.udp.close()

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
                with suppress(OSError):  # the test is over already
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
