"""Resolvers of many domains in one run: they share a pool, and what lies outside of their domains.

Each is a `Resolver` like any other. Only the first try differs: a question is put over the pool,
and what does not come back as a whole answer is asked for again in the ordinary way.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from functools import partial

from dnscheck.answers import Answer, Reason
from dnscheck.names import organizational_domain
from dnscheck.resolver import Resolver, leads_on
from dnscheck.resolver.pace import Pace
from dnscheck.resolver.pool import PATIENCE, Pool
from dnscheck.resolver.reading import MOST_LINKS, Question, unknown
from dnscheck.resolver.servers import Server

KEPT_FOR = 60.0  # seconds that an answer about a name outside is good for
FAILURE_KEPT_FOR = 3.0  # and that nobody could say anything: the next domains may have more luck
MOST_KEPT = 20_000

Key = tuple[str, str]


class Sharing:
    """What the domains of one run have in common. To be used while the pool is.

    `pace` is that of what has to be asked again in the ordinary way.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        pool: Pool,
        *,
        question_seconds: float = 2.0,
        domain_seconds: float = 10.0,
        pace: Pace | None = None,
    ) -> None:
        self.servers, self.pool, self.pace = list(servers), pool, pace
        self.question_seconds, self.domain_seconds = question_seconds, domain_seconds
        self.outside: dict[Key, asyncio.Future[Answer]] = {}
        self._since = time.monotonic()

    def resolver(self, domain: str) -> "SharingResolver":
        """Return who asks for one domain."""
        now = time.monotonic()
        if now - self._since > KEPT_FOR or len(self.outside) > MOST_KEPT:
            self.outside, self._since = {}, now
        return SharingResolver(self, domain)

    def forget_failure(self, key: Key, said: "asyncio.Future[Answer]") -> None:
        """Let a name outside be asked again soon, if nobody could say anything of it."""
        if not said.cancelled() and not said.result().definitive:
            asyncio.get_running_loop().call_later(FAILURE_KEPT_FOR, self.outside.pop, key, None)

    def begin(self, key: Key, asker: "SharingResolver") -> "asyncio.Future[Answer]":
        """Put a question over the pool; what is unusual about it, `asker` sees to."""
        loop = asyncio.get_running_loop()
        said: asyncio.Future[Answer] = loop.create_future()

        def end(task: asyncio.Task[Answer]) -> None:
            if not said.cancelled() and not task.cancelled():
                said.set_result(task.result())

        def take(answer: Answer | None) -> None:
            if answer is not None and _is_whole(answer):
                if not said.cancelled():
                    said.set_result(answer)
                return
            if answer is None:  # perhaps another server has more to say
                self.servers.append(self.servers.pop(0))
            asker.ordinary(key).add_done_callback(end)

        patience = min(PATIENCE, self.question_seconds / 2)
        self.pool.put(Question(*key), self.servers[0], take, patience)
        return said


class SharingResolver(Resolver):
    """Asks for one domain."""

    def __init__(self, sharing: Sharing, domain: str) -> None:
        super().__init__(
            sharing.servers,
            question_seconds=sharing.question_seconds,
            domain_seconds=sharing.domain_seconds,
            exchange=sharing.pool.exchange,
            pace=sharing.pace,
        )
        self._sharing, self._top = sharing, organizational_domain(domain)
        self._below = f".{self._top}"
        self._tasks: set[asyncio.Task[Answer]] = set()

    async def ask(self, name: str, type: str) -> Answer:
        """Ask one question, once in a run; `name` is absolute, without its trailing dot."""
        return await self._begun(name, type)

    async def ask_all(self, questions: Iterable[Key]) -> None:
        """Ask questions of which nobody wants to know the answers yet, and wait for all."""
        begun = [self._begun(*question) for question in questions]
        if waiting := {one for one in begun if not one.done()}:
            await asyncio.wait(waiting)

    @property
    def asked(self) -> list[Key]:
        """What was asked so far."""
        return list(self._memory)

    def _begun(self, name: str, type: str) -> "asyncio.Future[Answer]":
        key = (name.lower().rstrip("."), type)
        if key in self._memory:
            return self._memory[key]
        if not self._run.begin():
            said: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            said.set_result(unknown(*key, Reason.BUDGET))
            return said
        if key[0] == self._top or key[0].endswith(self._below):
            said = self._sharing.begin(key, self)
        elif key in self._sharing.outside:
            said = self._sharing.outside[key]
        else:
            another = SharingResolver(self._sharing, key[0])  # with a time of its own
            another._run.begin()
            said = self._sharing.outside[key] = self._sharing.begin(key, another)
            said.add_done_callback(partial(self._sharing.forget_failure, key))
        self._memory[key] = said
        return said

    def ordinary(self, key: Key) -> "asyncio.Task[Answer]":
        """Ask as any resolver does."""
        task = asyncio.create_task(self._follow(*key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _is_whole(answer: Answer) -> bool:
    """Whether there is nothing more to ask: no failure, and no alias that leads on or in a circle.

    What cannot be told here, `Resolver` finds out by itself.
    """
    if not answer.definitive:
        return False
    chain = answer.chain
    if not chain or answer.type == "CNAME":
        return True
    names = {answer.name, *chain}
    return len(chain) <= MOST_LINKS and len(names) == len(chain) + 1 and not leads_on(answer)
