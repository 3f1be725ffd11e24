"""Edge: the only module that speaks DNS. `Resolver.ask` always returns an Answer, never raises.

One Resolver serves one run (one domain): it remembers what it asked, and it has a deadline.
"""

import asyncio
import ipaddress
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

from dnscheck.answers import Answer, Reason, Status, Value

EDNS_PAYLOAD = 1232  # octets: what no path fragments (DNS flag day 2020)
MOST_VALUES = 500
MOST_LINKS = 8  # of a CNAME chain
MOST_SERVERS = 6  # of a zone that are asked

Server = tuple[str, int]  # address and port
_RCODES = {
    dns.rcode.SERVFAIL: Reason.SERVFAIL,
    dns.rcode.REFUSED: Reason.REFUSED,
}


def parse_server(text: str) -> Server:
    """Return address and port of `127.0.0.1:5353`, `[::1]:53` or `9.9.9.9`.

    Raises `ValueError` with a sentence when it is none of these.
    """
    host, port = text.strip(), "53"
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or "53"
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError:
        raise ValueError(f"“{text}” is no name server: write ADDRESS or ADDRESS:PORT.") from None
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"“{text}” has no valid port: write ADDRESS:PORT.")
    return address, int(port)


def system_servers() -> list[Server]:
    """Return the resolvers this machine is set up to use; none when it has none."""
    try:
        found = dns.resolver.Resolver()
    except dns.exception.DNSException:
        return []
    return [(str(address), found.port) for address in found.nameservers]


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
        self._memory: dict[tuple[str, str], asyncio.Task[Answer]] = {}

    @property
    def questions(self) -> int:
        """How many different questions were asked."""
        return len(self._memory)

    async def ask(self, name: str, type: str) -> Answer:
        """Ask one question, once in a run; `name` is absolute, without its trailing dot."""
        key = (name.lower().rstrip("."), type)
        if key not in self._memory:
            self._deadline = self._deadline or time.monotonic() + self._domain_seconds
            self._memory[key] = asyncio.create_task(self._follow(*key))
        return await self._memory[key]

    async def authorities(self, domain: str) -> "Resolver | None":
        """Return a resolver that asks the zone's own name servers, or None if none is found."""
        labels = domain.split(".")
        for start in range(len(labels) - 1):
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
        servers = [(text, port) for answer in answers for text in answer.texts]
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
            return _unknown(name, type, Reason.BAD_NAME)
        if not self._servers:
            return _unknown(name, type, Reason.UNREACHABLE)
        answer = _unknown(name, type, Reason.UNREACHABLE)
        for number in range(self._tries):
            server = self._servers[number % len(self._servers)]
            answer = await self._ask_one(question, name, type, server)
            if answer.definitive or answer.reason is Reason.BUDGET:
                return answer
        if answer.reason is Reason.SERVFAIL and self._recursive:
            return await self._tell_bogus(question, answer)
        return answer

    async def _tell_bogus(self, question: dns.name.Name, answer: Answer) -> Answer:
        """Ask once more without validation: an answer then means that DNSSEC is broken."""
        server = self._servers[0]
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
            return _unknown(name, type, Reason.BUDGET, server)
        query = dns.message.make_query(question, type, use_edns=0, payload=EDNS_PAYLOAD)
        if not self._recursive:
            query.flags &= ~dns.flags.RD
        if not check:
            query.flags |= dns.flags.CD
        try:
            response = await self._exchange(query, server, min(left, self._question_seconds))
            return self._read(response, question, name, type, server)
        except (dns.exception.Timeout, TimeoutError):
            return _unknown(name, type, Reason.TIMEOUT, server)
        except (dns.message.Truncated, EOFError, ConnectionError) as error:
            truncated = not isinstance(error, ConnectionRefusedError)
            reason = Reason.TRUNCATED if truncated else Reason.UNREACHABLE
            return _unknown(name, type, reason, server)
        except OSError:
            return _unknown(name, type, Reason.UNREACHABLE, server)
        except (dns.exception.DNSException, ValueError, UnicodeError):
            return _unknown(name, type, Reason.MALFORMED, server)

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

    def _read(
        self,
        response: dns.message.Message,
        question: dns.name.Name,
        name: str,
        type: str,
        server: Server,
    ) -> Answer:
        rcode = response.rcode()
        if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return _unknown(name, type, _RCODES.get(rcode, Reason.MALFORMED), server)
        rdtype = dns.rdatatype.from_text(type)
        owner, chain, ttls = question, list[str](), list[int]()
        while rdtype != dns.rdatatype.CNAME and len(chain) <= MOST_LINKS:
            link = _rrset(response, owner, dns.rdatatype.CNAME)
            if link is None:
                break
            owner = link[0].target
            chain.append(_host(owner))
            ttls.append(link.ttl)
        found = _rrset(response, owner, rdtype)
        if found is None and not chain and _is_referral(response):
            return _unknown(name, type, Reason.LAME, server)
        if found is not None:
            status, ttls = Status.FOUND, [*ttls, found.ttl]
        elif rcode == dns.rcode.NXDOMAIN:
            status = Status.NO_NAME
        else:
            status = Status.NO_RECORD
        if found is None and (denial := _denial_ttl(response)) is not None:
            ttls.append(denial)
        return Answer(
            name,
            type,
            status,
            values=tuple(_value(rdata) for rdata in list(found or ())[:MOST_VALUES]),
            ttl=min(ttls, default=None),
            server=_shown(server),
            chain=tuple(chain),
            authenticated=bool(response.flags & dns.flags.AD),
        )


def _unknown(name: str, type: str, reason: Reason, server: Server | None = None) -> Answer:
    return Answer(
        name, type, Status.UNKNOWN, reason=reason, server=_shown(server) if server else ""
    )


def _shown(server: Server) -> str:
    host, port = server
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _rrset(
    response: dns.message.Message, owner: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    for rrset in response.answer:
        if rrset.name == owner and rrset.rdtype == rdtype and len(rrset):
            return rrset
    return None


def _is_referral(response: dns.message.Message) -> bool:
    """Whether a server only points elsewhere: it is neither the zone's own nor recursive."""
    types = {rrset.rdtype for rrset in response.authority}
    answers_itself = response.flags & (dns.flags.AA | dns.flags.RA)
    return not answers_itself and dns.rdatatype.SOA not in types


def _denial_ttl(response: dns.message.Message) -> int | None:
    """Return how long the denial may be kept (RFC 2308 section 5)."""
    for rrset in response.authority:
        if rrset.rdtype == dns.rdatatype.SOA and len(rrset):
            return min(rrset.ttl, int(rrset[0].minimum))
    return None


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _value(rdata: Any) -> Value:
    if rdata.rdtype == dns.rdatatype.TXT:
        strings = tuple(_text(string) for string in rdata.strings)
        return Value("".join(strings), strings)
    if rdata.rdtype == dns.rdatatype.MX:
        return Value(_host(rdata.exchange), preference=rdata.preference)
    if rdata.rdtype in (dns.rdatatype.CNAME, dns.rdatatype.NS):
        return Value(_host(rdata.target))
    return Value(rdata.to_text())


def _text(octets: bytes) -> str:
    """Return ASCII text; what cannot be printed is shown as `\\xNN`."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else f"\\x{octet:02x}" for octet in octets)
