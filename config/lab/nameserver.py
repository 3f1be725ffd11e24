"""The lab's name server: real DNS on loopback, over UDP and TCP, from zone files.

It answers as the zones' own server and as a resolver at once. A zone file is read again when it
changes, so a person can break a record with an editor. A first line such as `; mood: silent`
gives the zone a mood.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.node
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.zone

UDP_LIMIT = 1232
MOST_LINKS = 8
PATIENCE = 30  # seconds a TCP client may take


class Mood(StrEnum):
    """What is wrong with a zone's servers."""

    WELL = "well"
    SILENT = "silent"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    BOGUS = "bogus"  # SERVFAIL unless the client sets CD, as a validating resolver does
    TRUNCATED = "truncated"  # does not fit into UDP, and TCP hangs up


@dataclass
class Zone:
    """A zone file as last read."""

    data: dns.zone.Zone
    mood: Mood
    stamp: int


class NameServer:
    """Serves all `*.zone` files of a folder from `start` to `stop`, or as a context manager.

    `port` 0 means any free one; `port` tells which after the start.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 0) -> None:
        self.folder, self.host, self.port = folder, host, port
        self._zones: dict[Path, Zone] = {}
        self._lock = threading.Lock()

    def start(self) -> Self:
        """Listen, and serve in threads; return the server itself."""
        self._udp, self._tcp = self._bound()
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._serve_udp, self._serve_tcp)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Listen no more, and wait for the threads."""
        for listener in (self._udp, self._tcp):
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._udp.close()
        self._tcp.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _bound(self) -> tuple[socket.socket, socket.socket]:
        """Return a UDP and a TCP socket on the same port."""
        while True:
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.bind((self.host, self.port))
            number = udp.getsockname()[1]
            try:
                tcp = socket.create_server((self.host, number))
            except OSError:
                udp.close()
                if self.port:
                    raise
                continue
            self.port = number
            return udp, tcp

    def _serve_udp(self) -> None:
        while True:
            try:
                octets, client = self._udp.recvfrom(65535)
            except OSError:
                return
            if not client:  # shut down
                return
            answer = self._answer(octets, UDP_LIMIT)
            if answer:
                with suppress(OSError):
                    self._udp.sendto(answer, client)

    def _serve_tcp(self) -> None:
        while True:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._visit, args=[connection], daemon=True).start()

    def _visit(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream, suppress(OSError):
            connection.settimeout(PATIENCE)
            while len(head := stream.read(2)) == 2:
                answer = self._answer(stream.read(struct.unpack("!H", head)[0]), 65535)
                if not answer:
                    return
                connection.sendall(struct.pack("!H", len(answer)) + answer)

    def _answer(self, octets: bytes, limit: int) -> bytes:
        """Return the octets to send, or nothing."""
        try:
            query = dns.message.from_wire(octets)
        except dns.exception.DNSException:
            return b""
        response = self.respond(query, is_udp=limit == UDP_LIMIT) if query.question else None
        return _fitting(response, limit) if response else b""

    def respond(self, query: dns.message.Message, *, is_udp: bool) -> dns.message.Message | None:
        """Return what is said to a query in the mood of its zone; None for silence."""
        question = query.question[0]
        response = dns.message.make_response(query, recursion_available=True)
        zone = self._zone_of(question.name)
        if zone is None:
            response.set_rcode(dns.rcode.REFUSED)
            return response
        checked = not query.flags & dns.flags.CD
        match zone.mood:
            case Mood.SILENT:
                return None
            case Mood.REFUSED:
                response.set_rcode(dns.rcode.REFUSED)
            case Mood.SERVFAIL:
                response.set_rcode(dns.rcode.SERVFAIL)
            case Mood.BOGUS if checked:
                response.set_rcode(dns.rcode.SERVFAIL)
            case Mood.TRUNCATED if is_udp:
                response.flags |= dns.flags.TC
            case Mood.TRUNCATED:
                return None
            case _:
                self._fill(response, question.name, question.rdtype)
        return response

    def _fill(
        self,
        response: dns.message.Message,
        name: dns.name.Name,
        rdtype: dns.rdatatype.RdataType,
    ) -> None:
        """Put records or their absence into the response, following aliases that lead on."""
        response.flags |= dns.flags.AA
        for _ in range(MOST_LINKS):
            zone = self._zone_of(name)
            if zone is None:
                return
            node = _node(zone.data, name)
            alias = _rdataset(node, dns.rdatatype.CNAME)
            found = _rdataset(node, rdtype)
            rdataset = found or alias
            if rdataset is None:
                _deny(response, zone.data, exists=node is not None or _has_below(zone.data, name))
                return
            response.answer.append(dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset)))
            if found:
                return
            name = rdataset[0].target

    def _zone_of(self, name: dns.name.Name) -> Zone | None:
        """Return the closest zone above a name."""
        with self._lock:
            zones = {zone.data.origin: zone for zone in self._read()}
        for depth in range(len(name.labels), 0, -1):
            if zone := zones.get(name.split(depth)[1]):
                return zone
        return None

    def _read(self) -> Iterator[Zone]:
        """Yield every zone, read again where the file changed; a slip keeps the zone before it."""
        for path in sorted(self.folder.glob("*.zone")):
            stamp = path.stat().st_mtime_ns
            if path not in self._zones or self._zones[path].stamp != stamp:
                try:
                    self._zones[path] = read_zone(path, stamp)
                except (dns.exception.DNSException, ValueError) as error:
                    print(f"{path.name}: {error}; the zone stays as it was", flush=True)  # noqa: T201
                    if path not in self._zones:
                        continue
                    self._zones[path].stamp = stamp
            yield self._zones[path]


def read_zone(path: Path, stamp: int) -> Zone:
    """Read one file named `ORIGIN.zone`."""
    text = path.read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    mood = Mood(first.partition("mood:")[2].strip()) if "mood:" in first else Mood.WELL
    origin = path.name.removesuffix(".zone")
    return Zone(dns.zone.from_text(text, origin, relativize=False), mood, stamp)


def _node(zone: dns.zone.Zone, name: dns.name.Name) -> dns.node.Node | None:
    """Return a name's records, or those of the wildcard that covers it (RFC 4592)."""
    node = zone.get_node(name)
    if node is not None or _has_below(zone, name):
        return node
    parent = name
    while parent != zone.origin:
        parent = parent.parent()
        wildcard = zone.get_node(dns.name.Name([b"*"]).concatenate(parent))
        if wildcard is not None or zone.get_node(parent) is not None:
            return wildcard
    return None


def _rdataset(
    node: dns.node.Node | None, rdtype: dns.rdatatype.RdataType
) -> dns.rdataset.Rdataset | None:
    return node.get_rdataset(dns.rdataclass.IN, rdtype) if node else None


def _has_below(zone: dns.zone.Zone, name: dns.name.Name) -> bool:
    """Whether a name exists only because there are names below it."""
    return any(owner.is_subdomain(name) and owner != name for owner in zone)


def _deny(response: dns.message.Message, zone: dns.zone.Zone, *, exists: bool) -> None:
    if not exists:
        response.set_rcode(dns.rcode.NXDOMAIN)
    assert zone.origin is not None  # noqa: S101 - a zone read from text has one
    soa = zone.find_rdataset(zone.origin, dns.rdatatype.SOA)
    response.authority.append(dns.rrset.from_rdata_list(zone.origin, soa.ttl, list(soa)))


def _fitting(response: dns.message.Message, limit: int) -> bytes:
    """Return the octets, or an empty answer that says it did not fit."""
    try:
        return response.to_wire(max_size=limit)
    except dns.exception.TooBig:
        response.answer.clear()
        response.flags |= dns.flags.TC
        return response.to_wire(max_size=limit)
