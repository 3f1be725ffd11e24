"""A few UDP sockets over which very many questions are put, to any server, in one event loop.

A socket for each question, as `exchange` has it, costs more than all that is done with the answer.
Here a question is sent once. What has no reply soon, did not fit, or failed for want of EDNS is
asked in the ordinary way by `exchange`, and an unusual reply is read by `reading`.
"""

import asyncio
import os
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from dnscheck.answers import Answer, Reason
from dnscheck.resolver import plain
from dnscheck.resolver.exchange import ask_server
from dnscheck.resolver.reading import EDNS_PAYLOAD, NO_EDNS, Question, read, unknown
from dnscheck.resolver.servers import Server, shown

EACH = 150  # questions on their way at a socket: the usual 208 KiB hold twice as many replies
PATIENCE = 1.0  # seconds; then a question is put in the ordinary way
LOOK_EVERY = 0.1  # seconds
MOST_AT_SERVERS = 50  # questions on their way to servers that are no resolvers, of others' zones
LONGEST_REPLY = 4096  # octets
AHEAD = {True: b"\x01\x20", False: b"\x00\x00"}  # flags: RD and AD for a resolver (RFC 6840 5.7)
COUNTS = b"\x00\x01\x00\x00\x00\x00\x00\x01"
EDNS = b"\x00\x00\x29" + EDNS_PAYLOAD.to_bytes(2, "big") + bytes(6)  # RFC 6891 section 6.1.2

# Takes the answer, or None if there is none: then it is to be asked for in the ordinary way.
Take = Callable[[Answer | None], object]


@dataclass(slots=True, eq=False)
class _Sent:
    question: Question
    octets: bytes  # without the id
    server: Server
    take: Take
    patience: float
    since: float = 0.0


@dataclass(slots=True, eq=False)
class _Place:
    """A socket, and the questions that are on their way there, by id."""

    ear: socket.socket
    family: int
    waiting: dict[bytes, _Sent] = field(default_factory=dict)


class Pool:
    """Sockets for one run. At most `at_once` questions are on their way, `per_second` are sent.

    0 is no limit of the latter.
    """

    def __init__(self, *, at_once: int, per_second: float = 0) -> None:
        self.at_once, self.per_second = at_once, per_second
        self._sockets: dict[int, _Place] = {}
        self._free: dict[int, _Place] = {}  # the last one that had room, by family
        self.on_the_way = 0
        self._backlog: deque[_Sent] = deque()
        self._ids: list[bytes] = []
        self._allowed, self._counted_at = 0.0, time.monotonic()
        self._at_servers = asyncio.Semaphore(MOST_AT_SERVERS)
        self._timer: asyncio.TimerHandle | None = None

    def open(self) -> None:
        """Begin, or go on, in the running event loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Close the sockets, in that event loop."""
        if self._timer:
            self._timer.cancel()
        for number, place in self._sockets.items():
            self._loop.remove_reader(number)
            place.ear.close()

    async def exchange(self, question: Question, server: Server, seconds: float) -> Answer:
        """Ask a server, and return within this time, as `exchange.ask_server` does."""
        if question.recursive:
            return await ask_server(question, server, seconds)
        end = self._loop.time() + seconds
        try:
            async with asyncio.timeout_at(end), self._at_servers:
                said: asyncio.Future[Answer | None] = self._loop.create_future()
                self.put(question, server, partial(_take, said), seconds / 2)
                answer = await said
        except TimeoutError:
            return unknown(question.name, question.type, Reason.TIMEOUT, server)
        if answer is None:
            return await ask_server(question, server, max(end - self._loop.time(), 0))
        return answer

    def put(
        self, question: Question, server: Server, take: Take, patience: float = PATIENCE
    ) -> None:
        """Put a question to a server as soon as there is room for it."""
        try:
            asked = plain.question(question.name, question.type)
        except (KeyError, ValueError):
            self._loop.call_soon(take, None)
            return
        octets = AHEAD[question.recursive] + COUNTS + asked + EDNS
        self._backlog.append(_Sent(question, octets, server, take, patience))
        self._send()

    def _send(self) -> None:
        now = time.monotonic()
        if self.per_second:
            gained = (now - self._counted_at) * self.per_second
            self._allowed = min(self._allowed + gained, max(1.0, self.per_second / 10))
            self._counted_at = now
        while self._backlog and self.on_the_way < self.at_once:
            if self.per_second and self._allowed < 1:
                break
            sent = self._backlog.popleft()
            try:
                self._put(sent, self._place(sent.server), now)
            except OSError:  # not even a socket for its family: the ordinary way says why
                self._loop.call_soon(sent.take, None)
            self._allowed -= 1
        if self._timer is None:
            self._timer = self._loop.call_later(LOOK_EVERY, self._look)

    def _place(self, server: Server) -> _Place:
        """Return a socket with room for one more question."""
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        free = self._free.get(family)
        if free is not None and len(free.waiting) < EACH:
            return free
        for place in self._sockets.values():
            if place.family == family and len(place.waiting) < EACH:
                self._free[family] = place
                return place
        ear = socket.socket(family, socket.SOCK_DGRAM)
        ear.setblocking(False)
        place = self._sockets[ear.fileno()] = self._free[family] = _Place(ear, family)
        self._loop.add_reader(ear.fileno(), self._hear, place)
        return place

    def _put(self, sent: _Sent, place: _Place, now: float) -> None:
        id = self._id()
        while id in place.waiting:
            id = self._id()
        sent.since = now
        place.waiting[id] = sent
        self.on_the_way += 1
        try:
            place.ear.sendto(id + sent.octets, sent.server)
        except OSError:
            return  # as if it was lost on its way

    def _id(self) -> bytes:
        """Return an id that nobody can foresee."""
        if not self._ids:
            octets = os.urandom(8192)
            self._ids = [octets[at : at + 2] for at in range(0, len(octets), 2)]
        return self._ids.pop()

    def _hear(self, place: _Place) -> None:
        """Take all replies that are there."""
        receive, waiting = place.ear.recvfrom, place.waiting
        try:
            while True:
                reply, address = receive(LONGEST_REPLY)
                sent = waiting.get(reply[:2])
                if sent is None or address[:2] != sent.server or not _is_reply(reply, sent):
                    continue
                del waiting[reply[:2]]
                self.on_the_way -= 1
                sent.take(_read(reply, sent))
        except OSError:  # nothing more is there
            pass
        if self._backlog:
            self._send()

    def _look(self) -> None:
        """Give up what has no reply yet."""
        now, self._timer = time.monotonic(), None
        for place in self._sockets.values():
            waiting = place.waiting
            for id in [id for id, sent in waiting.items() if now - sent.since >= sent.patience]:
                self.on_the_way -= 1
                waiting.pop(id).take(None)
        if self._backlog or self.on_the_way:
            self._send()


def _take(said: "asyncio.Future[Answer | None]", answer: Answer | None) -> None:
    if not said.done():  # nobody waits any more
        said.set_result(answer)


def _is_reply(reply: bytes, sent: _Sent) -> bool:
    """Whether a datagram with the right id answers what was asked."""
    asked = sent.octets[10 : -len(EDNS)]
    return len(reply) > 12 and reply[2] & 0x80 != 0 and reply[12 : 12 + len(asked)] == asked


def _read(reply: bytes, sent: _Sent) -> Answer | None:
    question, asked = sent.question, reply[:2] + sent.octets
    answer = plain.read(
        reply,
        asked,
        question.name,
        question.type,
        recursive=question.recursive,
        server=shown(sent.server),
    )
    if answer is not None:
        return answer
    query = question.message()
    query.id = int.from_bytes(reply[:2])
    unusual = read(reply, query, question, sent.server)
    if unusual is None or unusual.reason is Reason.TRUNCATED or unusual.rcode in NO_EDNS:
        return None
    return replace(unusual, exchanges=((asked, reply),))
