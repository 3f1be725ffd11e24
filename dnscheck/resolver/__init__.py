"""Edge: the only module that speaks DNS. `Resolver.ask` always returns an Answer, never raises.

One Resolver serves one run (one domain): it remembers what it asked, and it has a deadline.
"""

import asyncio
import ipaddress
import time
from collections.abc import Sequence
from dataclasses import replace

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name

from dnscheck.answers import Answer, Reason, Status
from dnscheck.resolver.reading import MOST_LINKS, read, unknown
from dnscheck.resolver.servers import Server, parse_server, system_servers

__all__ = ["Resolver", "parse_server", "system_servers"]

EDNS_PAYLOAD = 1232  # octets: what no path fragments (DNS flag day 2020)
MOST_SERVERS = 6  # of a zone that are asked
DNS_PORT = 53
AT_ONCE = 20  # questions on their way at a time
MOST_QUESTIONS = 400  # of one run


class Resolver:
    """Asks one set of servers during one run.

    `question_seconds` bounds each packet's wait, `domain_seconds` the whole run, counted from
    the first question. With `recursive` false the servers are those of the zone itself.
    """

    def __init__(
        self,
        servers: Sequence[Server] = (),
        *,
        question_seconds: float = 2.0,
        domain_seconds: float = 10.0,
        tries: int = 3,
        recursive: bool = True,
    ) -> None:
        self._servers = tuple(servers) or tuple(system_servers())
        self._question_seconds, self._domain_seconds = question_seconds, domain_seconds
        self._tries, self._recursive = tries, recursive
        self._deadline = 0.0
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._memory: dict[tuple[str, str], asyncio.Task[Answer]] = {}

    @property
    def questions(self) -> int:
        """How many different questions were asked."""
        return len(self._memory)

    async def ask(self, name: str, type: str) -> Answer:
        """Ask one question, once in a run; `name` is absolute, without its trailing dot."""
        key = (name.lower().rstrip("."), type)
        if key not in self._memory and len(self._memory) >= MOST_QUESTIONS:
            return unknown(*key, Reason.BUDGET)
        if key not in self._memory:
            self._deadline = self._deadline or time.monotonic() + self._domain_seconds
            self._memory[key] = asyncio.create_task(self._follow(*key))
        return await self._memory[key]

    async def authorities(self, domain: str) -> "Resolver | None":
        """Return a resolver that asks the zone's own name servers, or None if none is found."""
        labels = domain.split(".")
        for start in range(len(labels)):  # down to the top level, for a registration that lapsed
            found = await self.ask(".".join(labels[start:]), "NS")
            if not found.definitive:
                return None
            if found.status is Status.FOUND and not found.chain:
                return await self._asking(found.texts[:MOST_SERVERS])
        return None

    async def _asking(self, hosts: Sequence[str]) -> "Resolver | None":
        port = self._servers[0][1]
        answers = await asyncio.gather(
            *(self.ask(host, type) for host in hosts for type in ("A", "AAAA"))
        )
        # Names in a zone must not lead into the operator's network; a laboratory is in it.
        host = ipaddress.ip_address(self._servers[0][0])
        inside = host.is_loopback and port != DNS_PORT
        servers = [
            (text, port)
            for answer in answers
            for text in answer.texts
            if inside or ipaddress.ip_address(text).is_global
        ]
        if not servers:
            return None
        return Resolver(
            servers,
            question_seconds=self._question_seconds,
            domain_seconds=self._domain_seconds,
            tries=self._tries,
            recursive=False,
        )

    async def _follow(self, name: str, type: str) -> Answer:
        """Ask, and go on asking where a CNAME leads out of what the server said."""
        chain: list[str] = []
        target = name
        while True:
            answer = await self._ask_servers(target, type)
            chain += answer.chain
            if len(chain) > MOST_LINKS or len(set(chain)) < len(chain) or name in chain:
                return Answer(name, type, Status.UNKNOWN, reason=Reason.LOOP, chain=tuple(chain))
            unfinished = answer.status is Status.NO_RECORD and answer.chain and type != "CNAME"
            if not unfinished or answer.chain[-1] == target:
                return replace(answer, name=name, chain=tuple(chain))
            target = answer.chain[-1]

    async def _ask_servers(self, name: str, type: str) -> Answer:
        try:
            question = dns.name.from_text(name + ".")
        except (dns.exception.DNSException, UnicodeError):
            return unknown(name, type, Reason.BAD_NAME)
        if not self._servers:
            return unknown(name, type, Reason.UNREACHABLE)
        failures: list[tuple[Server, Answer]] = []
        for number in range(self._tries):
            server = self._servers[number % len(self._servers)]
            answer = await self._ask_one(question, name, type, server)
            if answer.definitive or answer.reason is Reason.BUDGET:
                return answer
            failures.append((server, answer))
        for server, answer in failures:
            if answer.reason is Reason.SERVFAIL and self._recursive:
                return await self._tell_bogus(question, answer, server)
        return failures[-1][1]

    async def _tell_bogus(self, question: dns.name.Name, answer: Answer, server: Server) -> Answer:
        """Ask once more without validation: an answer then means that DNSSEC is broken."""
        unchecked = await self._ask_one(question, answer.name, answer.type, server, check=False)
        return replace(answer, reason=Reason.BOGUS) if unchecked.definitive else answer

    async def _ask_one(
        self,
        question: dns.name.Name,
        name: str,
        type: str,
        server: Server,
        *,
        check: bool = True,
    ) -> Answer:
        left = self._deadline - time.monotonic()
        if left <= 0:
            return unknown(name, type, Reason.BUDGET, server)
        query = dns.message.make_query(question, type, use_edns=0, payload=EDNS_PAYLOAD)
        if not self._recursive:
            query.flags &= ~dns.flags.RD
        if not check:
            query.flags |= dns.flags.CD
        try:
            async with self._turn:
                response = await self._exchange(query, server, min(left, self._question_seconds))
            return read(response, question, name, type, server)
        except (dns.exception.Timeout, TimeoutError):
            return unknown(name, type, Reason.TIMEOUT, server)
        except (dns.message.Truncated, EOFError, ConnectionError) as error:
            truncated = not isinstance(error, ConnectionRefusedError)
            reason = Reason.TRUNCATED if truncated else Reason.UNREACHABLE
            return unknown(name, type, reason, server)
        except OSError:
            return unknown(name, type, Reason.UNREACHABLE, server)
        except (dns.exception.DNSException, ValueError, UnicodeError):
            return unknown(name, type, Reason.MALFORMED, server)

    async def _exchange(
        self, query: dns.message.QueryMessage, server: Server, seconds: float
    ) -> dns.message.Message:
        """Ask over UDP, and over TCP when the answer did not fit (RFC 7766)."""
        host, port = server
        end = time.monotonic() + seconds
        try:
            return await dns.asyncquery.udp(
                query,
                host,
                seconds,
                port,
                ignore_unexpected=True,
                ignore_errors=True,
                raise_on_truncation=True,
            )
        except dns.message.Truncated:
            left = max(0.05, end - time.monotonic())
            try:
                return await dns.asyncquery.tcp(query, host, left, port)
            except (dns.exception.Timeout, OSError) as error:
                raise dns.message.Truncated from error
