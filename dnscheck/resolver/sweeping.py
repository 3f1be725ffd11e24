"""Asks very many questions again over a few UDP sockets, and tells which replies are as before.

It understands nothing but whether a reply is the same (`dnscheck.watching.wire`); what is not, the
full check looks at. A reply counts by the server it comes from, its id and its question. So few
questions are on their way at one socket that its receive buffer, as the kernel gives it, holds all
the replies.
"""

import os
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dnscheck.resolver.servers import Server, is_in_reach
from dnscheck.watching import wire

EACH = 150  # questions on their way at a socket: the usual 208 KiB hold twice as many replies
BURST = 64  # questions that are sent before replies are looked for
RESEND_AFTER, PATIENCE = 1.0, 3.0  # seconds: a question is sent three times
LOOKS = 10  # for questions without a reply, in the time after which they are sent again
LONGEST_REPLY = 4096  # octets; what is longer than was asked for (1232) is not as before anyway
MOST_SHARED = 20_000  # questions outside of their domains, and sets of them, that are remembered


class Outcome(StrEnum):
    """What became of a domain."""

    SAME = "same"
    CHANGED = "changed"
    SILENT = "silent"  # a question had no reply or only a failure, and none had another reply


SAME, CHANGED, SILENT = Outcome


@dataclass(slots=True, eq=False)
class _Group:
    """Questions whose outcome counts together, and how many of them are still open.

    They are those of the domain with this key, for which what it shares with others is one more
    question; or they are a part that domains share, which wait for it.
    """

    key: int = 0
    left: int = 0
    outcome: Outcome = SAME
    waiting: "list[_Group]" = field(default_factory=list)

    def take(self, outcome: Outcome) -> None:
        """Count the outcome of one question."""
        if self.outcome is not CHANGED and outcome is not SAME:
            self.outcome = outcome


@dataclass(slots=True, eq=False)
class _Shared:
    """A question outside of the domains, asked once: what was said, or None while it is open.

    `otherwise` is the outcome where something else was said before.
    """

    said: bytes | None = None
    otherwise: Outcome = CHANGED
    waiting: list[tuple[bytes, _Group]] = field(default_factory=list)


Asked = tuple[bytes, bytes, bytes, bytes, _Group | None]  # an entry and its domain, if it has one
Waiting = dict[bytes, "Sent"]  # by id
Slot = tuple[Callable[[bytes], int], Waiting, int]  # a place at a socket, and whose server it is
Sent = tuple[Asked, Slot, float, float]  # with when it was sent first, and last


class Sweep:
    """One run against a recursive server; its deputies are asked what it left open.

    At most `at_once` questions are on their way at each, and `per_second` are sent (0: no limit).
    `questions` counts what was sent, without re-sends; `is_deaf` tells that nothing came back.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        *,
        at_once: int,
        per_second: float = 0,
        resend_after: float = RESEND_AFTER,
        patience: float = PATIENCE,
    ) -> None:
        self.servers, self.at_once, self.per_second = servers, at_once, per_second
        self.resend_after, self.patience = resend_after, patience
        self.look_every = resend_after / LOOKS
        self.questions = 0
        self.is_deaf = self._has_heard = False
        self._free: list[list[Slot]] = [[] for _ in servers]
        self._sockets: dict[int, tuple[socket.socket, Waiting]] = {}
        self._poll = select.poll()
        self._ids: list[bytes] = []
        self._backlog: deque[Asked] = deque()
        self._shared: dict[bytes, _Shared] = {}
        self._parts: dict[bytes, _Group] = {}
        self._open = 0
        self._done: list[tuple[int, Outcome]] = []
        self._allowed, self._counted_at, self._looked_at = 0.0, time.monotonic(), 0.0

    def compare(self, plans: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, Outcome]]]:
        """Yield, turn by turn, which domains are done. A plan is a key and what `wire` packed.

        Plans are taken when there is room for them, and none any more once the run is deaf.
        """
        source = iter(plans)
        try:
            self._connect()
            while self._take(source) or self._open or self._done:
                now = time.monotonic()
                self._send(now)
                self._hear()
                self._look_for_silence(time.monotonic())
                done, self._done = self._done, []
                yield done
        finally:
            for ear, _ in self._sockets.values():
                ear.close()

    def _connect(self) -> None:
        """Open sockets to the servers to which there is a way, as many as the questions need."""
        self.servers = [server for server in self.servers if is_in_reach(server)]
        self.is_deaf = not self.servers
        for place, server in enumerate(self.servers):
            family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
            for first in range(0, self.at_once, EACH):
                ear = socket.socket(family, socket.SOCK_DGRAM)
                waiting: Waiting = {}
                self._sockets[ear.fileno()] = ear, waiting
                ear.setblocking(False)
                ear.connect(server)  # from now on the kernel drops what others send
                self._poll.register(ear, select.POLLIN)
                size = min(EACH, self.at_once - first)
                self._free[place] += [(ear.send, waiting, place)] * size

    def _take(self, source: Iterator[tuple[int, bytes]]) -> bool:
        """Take plans until there is enough to send; return whether there may be more."""
        while len(self._backlog) < BURST and not self.is_deaf:
            plan = next(source, None)
            if plan is None:
                return False
            self._plan(*plan)
        return not self.is_deaf

    def _plan(self, key: int, kept: bytes) -> None:
        outside, inside = wire.parts(kept)
        domain = _Group(key)
        asked = wire.entries(inside, domain)
        domain.left = len(asked) + 1
        self._open += 1
        self._backlog.extend(asked)
        part = self._parts.get(outside) or self._part(outside)
        if part.left:
            part.waiting.append(domain)
        else:
            self._settle(domain, part.outcome)

    def _part(self, outside: bytes) -> _Group:
        """Return the part, new; those of its questions nobody asked yet are asked."""
        if len(self._parts) >= MOST_SHARED or len(self._shared) >= MOST_SHARED:
            self._parts = {key: part for key, part in self._parts.items() if part.left}
            self._shared = {key: one for key, one in self._shared.items() if one.said is None}
        part = self._parts[outside] = _Group()
        for question, shape, octets, says, _ in wire.entries(outside, None):
            shared = self._shared.get(question)
            if shared is None:
                shared = self._shared[question] = _Shared()
                self._backlog.appendleft((question, shape, octets, says, None))
            if shared.said is None:
                part.left += 1
                shared.waiting.append((says, part))
            elif shared.said != says:
                part.take(shared.otherwise)
        return part

    def _send(self, now: float) -> None:
        """Send what there is room and leave for, and no more than a burst."""
        if self.per_second:
            gained = (now - self._counted_at) * self.per_second
            self._allowed = min(self._allowed + gained, max(1.0, self.per_second / 10), BURST)
        else:
            self._allowed = BURST
        self._counted_at = now
        backlog, free = self._backlog, self._free[0]
        for _ in range(min(len(backlog), len(free), int(self._allowed))):
            self._put(backlog.popleft(), free.pop(), now, now)
            self.questions += 1

    def _put(self, asked: Asked, slot: Slot, since: float, now: float, id: bytes = b"") -> None:
        send, waiting, _ = slot
        while not id or id in waiting:
            id = self._id()
        waiting[id] = asked, slot, since, now
        self._allowed -= 1
        try:
            send(id + asked[0])
        except OSError:
            return  # as if it was lost on its way: it is sent again

    def _id(self) -> bytes:
        """Return an id that nobody can foresee."""
        if not self._ids:
            octets = os.urandom(8192)
            self._ids = [octets[at : at + 2] for at in range(0, len(octets), 2)]
        return self._ids.pop()

    def _hear(self) -> None:
        """Wait for replies, unless there is more to send, and take all that are there."""
        seconds = 0.0
        if not (self._backlog and self._free[0]):
            seconds = self.look_every
        elif self._allowed < 1 and self.per_second:
            seconds = min(self.look_every, 1 / self.per_second)
        for place, _ in self._poll.poll(seconds * 1000):
            ear, waiting = self._sockets[place]
            try:
                self._drain(ear.recv, waiting)
            except OSError:  # nothing more is there, or nobody listens at the other end
                continue

    def _drain(self, recv: Callable[[int], bytes], waiting: Waiting) -> None:
        digest, free = wire.digest, self._free
        while waiting:
            reply = recv(LONGEST_REPLY)
            id = reply[:2]
            sent = waiting.get(id)
            if sent is None:
                continue
            asked, slot, _, _ = sent
            domain = asked[4]
            if domain is not None and digest(reply, asked[1]) == asked[2]:
                self._settle(domain, SAME)
            elif wire.is_reply(reply, asked[0]):
                otherwise = SILENT if wire.is_failure(reply) else CHANGED
                self._conclude(asked, wire.meaning(reply), otherwise)
            else:
                continue
            del waiting[id]
            free[slot[2]].append(slot)
            self._has_heard = True

    def _conclude(self, asked: Asked, said: bytes, otherwise: Outcome) -> None:
        """Take what was said, with the outcome where that is not what was said before."""
        question, _, _, says, domain = asked
        if domain is not None:
            self._settle(domain, SAME if said == says else otherwise)
            return
        shared = self._shared[question]
        shared.said, shared.otherwise = said, otherwise
        for says, part in shared.waiting:
            part.left -= 1
            part.take(SAME if said == says else otherwise)
            if not part.left:
                for each in part.waiting:
                    self._settle(each, part.outcome)
        shared.waiting = []

    def _settle(self, domain: _Group, outcome: Outcome) -> None:
        domain.left -= 1
        if outcome is not SAME:
            domain.take(outcome)
        if not domain.left:
            self._open -= 1
            self._done.append((domain.key, domain.outcome))

    def _look_for_silence(self, now: float) -> None:
        """Send again what has no reply yet, or give it up."""
        if now - self._looked_at < self.look_every:
            return
        self._looked_at = now
        for _, waiting in self._sockets.values():
            late = [id for id, sent in waiting.items() if now - sent[3] >= self.resend_after]
            for id in late:
                asked, slot, since, _ = waiting.pop(id)
                if now - since < self.patience:
                    self._send_again(id, asked, slot, since, now)
                else:
                    self._free[slot[2]].append(slot)
                    self._conclude(asked, b"", SILENT)
                    self.is_deaf = not self._has_heard
        while self.is_deaf and self._backlog:
            self._conclude(self._backlog.popleft(), b"", SILENT)

    def _send_again(self, id: bytes, asked: Asked, slot: Slot, since: float, now: float) -> None:
        """Ask the next server if there is one, else the same with the same id: it may be late."""
        place = (slot[2] + 1) % len(self.servers)
        if place != slot[2] and self._free[place]:
            self._free[slot[2]].append(slot)
            slot, id = self._free[place].pop(), b""
        self._put(asked, slot, since, now, id)
