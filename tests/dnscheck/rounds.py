"""How many round trips a look takes: a clock that leaps, and servers one unit of time away.

Nothing here waits: when all of a look is waiting for answers, the clock leaps to the next one. So
the time on it counts the answers that had to be there before others could be asked for.
"""

import asyncio
import selectors
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from config.lab.nameserver import NameServer
from dnscheck.answers import Answer, Reason
from dnscheck.records import RequiredRecord
from dnscheck.resolver import Resolver
from dnscheck.resolver.reading import Question, read, unknown
from dnscheck.resolver.run import MOST_QUESTIONS
from dnscheck.resolver.servers import Server
from dnscheck.survey import Survey, survey

RESOLVER = ("127.0.0.1", 5300)  # no packet is sent there
SECONDS = 60.0
MOST_ROUNDS = 5
BESIDE_UDP = 2  # round trips to connect over TCP, and to ask again


class _Leaping(selectors.SelectSelector):
    """Waits for nothing, and adds up how long it would have waited."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let the time pass, and look once."""
        self.now += max(timeout or 0, 0)
        return super().select(0)


class _LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop in which whatever is waited for happens at once, at its time."""

    def __init__(self) -> None:
        self._clock = _Leaping()
        super().__init__(self._clock)

    def time(self) -> float:
        """Return the time on the clock."""
        return self._clock.now


@dataclass(frozen=True)
class Looked:
    """What was seen, in how many round trips, and with how many questions."""

    survey: Survey
    rounds: int
    questions: int

    @property
    def is_short(self) -> bool:
        """Whether it had an end, and in time."""
        return self.rounds <= MOST_ROUNDS and self.questions < MOST_QUESTIONS


def look_in_rounds(
    resolver: NameServer, servers: NameServer, domain: str, records: Sequence[RequiredRecord]
) -> Looked:
    """Look at a domain whose resolver and servers are all one round trip away."""

    async def exchange(question: Question, server: Server, _seconds: float) -> Answer:
        asked = resolver if question.recursive else servers
        await asyncio.sleep(1)
        heard = _heard(asked, question, server, is_udp=True)
        if heard.reason is Reason.TRUNCATED:
            await asyncio.sleep(BESIDE_UDP)
            whole = _heard(asked, question, server, is_udp=False)
            return whole if whole.definitive else heard
        return heard

    async def run() -> Looked:
        asking = Resolver([RESOLVER], domain_seconds=SECONDS, exchange=exchange)
        seen = await survey(domain, records, asking)
        rounds = round(asyncio.get_running_loop().time())
        return Looked(seen, rounds, asking.questions)

    with asyncio.Runner(loop_factory=_LeapingLoop) as runner:
        return runner.run(run())


@cache  # no zone changes, and many domains ask the same of those above them
def _heard(asked: NameServer, question: Question, server: Server, *, is_udp: bool) -> Answer:
    """Return what comes back over UDP or TCP."""
    query = question.message()
    response = asked.respond(query, is_udp=is_udp)
    octets = response.to_wire(max_size=65535) if response else b""
    heard = read(octets, query, question, server)
    if heard is None:
        return unknown(question.name, question.type, Reason.TIMEOUT, server)
    # The lab's server is that of all zones: as a resolver it is that of none.
    return replace(heard, flags=()) if question.recursive else heard
