"""Edge: the only module that speaks DNS. `Resolver.ask` always returns an Answer, never raises.

One Resolver serves one run (one domain): it remembers what it asked, and it has a deadline, which
those who ask the zone's own name servers for it keep as well.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import dns.exception
import dns.name

from dnscheck.answers import Answer, Ask, Reason, Status
from dnscheck.resolver.exchange import ask_server
from dnscheck.resolver.pace import Pace
from dnscheck.resolver.reading import MOST_LINKS, Question, unknown
from dnscheck.resolver.run import Run
from dnscheck.resolver.servers import Server, may_be_asked, parse_server, shown, system_servers

__all__ = ["Resolver", "Server", "parse_server", "shown", "system_servers"]

MOST_HOSTS = 8  # name servers of a zone that are asked
MOST_ADDRESSES = 1  # of each, of one family
FEW_HOSTS = 3  # of the level above, whose servers are many and all alike
TRIES_EACH = 2  # before a server of a zone is called silent: packets get lost
# Of several failures the one that says most is told.
TELLING = (
    *(Reason.BOGUS, Reason.SERVFAIL, Reason.LAME, Reason.REFUSED, Reason.TRUNCATED),
    *(Reason.MALFORMED, Reason.TIMEOUT, Reason.UNREACHABLE, Reason.BUDGET),
)

# Puts one question to one server, and returns within these seconds; never raises.
Exchange = Callable[[Question, Server, float], Awaitable[Answer]]


class Resolver:
    """Asks one set of recursive servers during one run.

    `question_seconds` bounds each exchange, `domain_seconds` the whole run, counted from the first
    question. A question is put to `tries` servers, or again to one that was silent. `exchange` is
    the way to a server, and `pace` how often these servers may be asked.
    """

    is_recursive = True

    def __init__(
        self,
        servers: Sequence[Server] = (),
        *,
        question_seconds: float = 2.0,
        domain_seconds: float = 10.0,
        tries: int = 3,
        exchange: Exchange = ask_server,
        pace: Pace | None = None,
    ) -> None:
        self._servers = tuple(servers) or tuple(system_servers())
        self._question_seconds, self._tries = question_seconds, tries
        self._exchange, self._pace = exchange, pace
        self._run = Run(domain_seconds)
        self._memory: dict[tuple[str, str], asyncio.Future[Answer]] = {}
        self._silent: set[Server] = set()
        self._helpers: dict[tuple[str, tuple[Server, ...], int], ZoneServers] = {}

    @property
    def questions(self) -> int:
        """How many different questions were asked."""
        return self._run.questions

    async def ask(self, name: str, type: str) -> Answer:
        """Ask one question, once in a run; `name` is absolute, without its trailing dot."""
        key = (name.lower().rstrip("."), type)
        if key not in self._memory:
            if not self._run.begin():
                return unknown(*key, Reason.BUDGET)
            self._memory[key] = asyncio.create_task(self._follow(*key))
        return await self._memory[key]

    async def authorities(self, name: str) -> "ZoneServers | None":
        """Return who asks the name servers of the zone a name is in, or None if none is found.

        For a name whose registration lapsed that is the zone above: it knows best.
        """
        zone = await self._zone_of(name)
        return None if zone is None else await self._servers_of(zone)

    async def each_authority(self, name: str) -> Mapping[str, tuple[Ask, ...]]:
        """Return how each name server of the zone a name is in is asked, address by address.

        Keys are host names. One without an address has nothing beside it; one whose addresses
        could not be asked for is left out. Without a zone that can be found it is empty. Who is
        silent is asked once more, within the time of one question.
        """
        zone = await self._zone_of(name)
        if zone is None:
            return {}
        addresses = await self._addresses(zone, MOST_HOSTS)
        seconds = self._question_seconds / TRIES_EACH
        return {
            host: tuple(
                self._helper(zone.name, [server], TRIES_EACH, seconds).ask for server in found
            )
            for host, found in addresses.items()
            if found is not None
        }

    async def delegation(self, zone: str) -> Answer:
        """Ask the level above which name servers a zone has."""
        above = await self._zone_of(zone.partition(".")[2])
        servers = None if above is None else await self._servers_of(above, FEW_HOSTS)
        if servers is None:
            return unknown(zone, "NS", Reason.UNREACHABLE)
        return await servers.ask(zone, "NS")

    async def _zone_of(self, name: str) -> Answer | None:
        """Return the NS records of the zone a name is in; all levels are asked at once.

        Where the resolver fails, the servers of the zone above are asked whom they point to.
        """
        labels = name.split(".")
        levels = [".".join(labels[start:]) for start in reversed(range(len(labels)))]
        zone, is_sure = None, False
        for found in await asyncio.gather(*(self.ask(level, "NS") for level in levels)):
            if not found.definitive and zone is not None:
                above = await self._servers_of(zone)
                found = found if above is None else await above.ask(found.name, "NS")
            if found.status is Status.FOUND and not found.chain:
                zone, is_sure = found, True
            elif not found.definitive:
                is_sure = False
        return zone if is_sure else None

    async def _servers_of(self, zone: Answer, most: int = MOST_HOSTS) -> "ZoneServers | None":
        of_hosts = [found for found in (await self._addresses(zone, most)).values() if found]
        # Hosts by turns, for tries are few: one of them may be down with all of its addresses.
        longest = max(map(len, of_hosts), default=0)
        servers = [found[at] for at in range(longest) for found in of_hosts if at < len(found)]
        if not servers:
            return None
        return self._helper(zone.name, servers, self._tries, self._question_seconds)

    def _helper(
        self, zone: str, servers: Sequence[Server], tries: int, seconds: float
    ) -> "ZoneServers":
        """Return who asks these servers in this run, and remembers what they said."""
        key = (zone, tuple(servers), tries)
        if key not in self._helpers:
            self._helpers[key] = ZoneServers(zone, servers, self, tries, seconds)
        return self._helpers[key]

    async def _addresses(self, zone: Answer, most: int) -> dict[str, list[Server] | None]:
        """Return the addresses of each name server that may be asked; None if nobody knows them."""
        hosts = sorted(zone.texts)[:most]  # a resolver gives them in any order

        async def of(host: str) -> list[Server] | None:
            answers = await asyncio.gather(self.ask(host, "A"), self.ask(host, "AAAA"))
            resolver = self._servers[0]
            found = [
                (text, resolver[1])
                for answer in answers
                for text in answer.texts[:MOST_ADDRESSES]
                if may_be_asked(text, resolver)
            ]
            return found if found or all(answer.definitive for answer in answers) else None

        return dict(zip(hosts, await asyncio.gather(*map(of, hosts)), strict=True))

    async def _follow(self, name: str, type: str) -> Answer:
        """Ask, and go on asking where a CNAME leads out of what the server said."""
        chain: list[str] = []
        exchanges: list[tuple[bytes, bytes]] = []
        target = name
        while True:
            answer = await self._one(target, type)
            chain += answer.chain
            exchanges += answer.exchanges
            if len(chain) > MOST_LINKS or len(set(chain)) < len(chain) or name in chain:
                return replace(unknown(name, type, Reason.LOOP), chain=tuple(chain))
            if type == "CNAME" or not leads_on(answer) or answer.chain[-1] == target:
                answer = replace(answer, exchanges=tuple(exchanges))
                return replace(answer, name=name, chain=tuple(chain))
            target = answer.chain[-1]

    async def _one(self, name: str, type: str) -> Answer:
        """Return what the servers say of a name, with the aliases they follow by themselves."""
        try:
            dns.name.from_text(name + ".")
        except (dns.exception.DNSException, UnicodeError):
            return unknown(name, type, Reason.BAD_NAME)
        return await self._in_turn(Question(name, type, recursive=self.is_recursive))

    async def _in_turn(self, question: Question) -> Answer:
        """Ask server after server. Who fails is not asked again, who is silent is asked last."""
        waiting = sorted(self._servers, key=self._silent.__contains__)
        failures: list[tuple[Answer, Server]] = []
        tries = self._tries
        while waiting and tries:
            server = waiting.pop(0)
            answer = await self._put(question, server)
            if answer.definitive:
                self._silent.discard(server)
                return answer
            if answer.reason is Reason.TIMEOUT:
                self._silent.add(server)
                waiting.append(server)
            failures.append((answer, server))
            tries -= answer.reason is not Reason.UNREACHABLE  # there was no way to try
        if not failures:
            return unknown(question.name, question.type, Reason.UNREACHABLE)
        failure, server = min(failures, key=_telling)
        if failure.reason is Reason.SERVFAIL and self.is_recursive:
            return await self._explained(question, server, failure)
        return failure

    async def _explained(self, question: Question, server: Server, failure: Answer) -> Answer:
        """Ask once more without validation: an answer then means that DNSSEC is broken."""
        answer = await self._put(replace(question, checked=False), server)
        if not answer.definitive:
            return failure
        return replace(failure, reason=Reason.BOGUS, detail=failure.detail or answer.detail)

    async def _put(self, question: Question, server: Server) -> Answer:
        async with self._run.turn:
            if self._pace and (seconds := self._pace.turn()):
                await self._run.wait(seconds)
            left = self._run.left
            if left <= 0:
                return unknown(question.name, question.type, Reason.BUDGET, server)
            return await self._exchange(question, server, min(left, self._question_seconds))


class ZoneServers(Resolver):
    """Asks name servers of one zone, on behalf of a resolver and within its run.

    What they have handed to a zone below is asked there, and names outside of the zone are asked
    of the resolver: the zone's servers know nothing of those.
    """

    is_recursive = False

    def __init__(
        self, zone: str, servers: Sequence[Server], resolver: Resolver, tries: int, seconds: float
    ) -> None:
        super().__init__(
            servers, question_seconds=seconds, tries=tries, exchange=resolver._exchange
        )
        self.zone = zone
        self._resolver = resolver
        self._run = resolver._run

    async def _one(self, name: str, type: str) -> Answer:
        if not _is_in(name, self.zone):
            return await self._resolver.ask(name, type)
        answer = await super()._one(name, type)
        if answer.reason is Reason.LAME and _is_below(answer.zone, self.zone):
            below = await self._resolver.authorities(name)
            if below is not None and _is_below(below.zone, self.zone):
                return await below.ask(name, type)
        return answer


def _is_in(name: str, zone: str) -> bool:
    return not zone or name == zone or name.endswith("." + zone)


def _is_below(zone: str, above: str) -> bool:
    return zone != above and _is_in(zone, above)


def leads_on(answer: Answer) -> bool:
    """Whether a server gave an alias, and nothing of what is behind it."""
    if answer.status is not Status.NO_RECORD or not answer.chain:
        return False
    return not answer.zone or not _is_in(answer.chain[-1], answer.zone)


def _telling(failure: tuple[Answer, Server]) -> int:
    return TELLING.index(failure[0].reason or Reason.MALFORMED)
