"""Asks each resolver by itself, and every name server of a zone, address by address."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest

from dnscheck.answers import Answer, Ask, Barred, NameServer, Servers, Status
from dnscheck.resolver import TRIES_EACH, Resolver, Server
from dnscheck.resolver.servers import may_be_asked, shown

MOST_RESOLVERS = 4
MOST_HOSTS = 13  # as many as the root has
MOST_TOLD = 30  # that are named
MOST_EACH = 8  # addresses of a host that are looked at
MOST_ASKED = 26  # addresses of a zone

Addresses = tuple[list[str], Barred]  # of a host, and why there are none where there are none


class TouringResolver(Resolver):
    """A `Resolver` that tells what each server says, and not what it makes of them together."""

    def each_resolver(self) -> Mapping[str, Ask]:
        """Return how each resolver is asked by itself, by its address with its port."""
        return {shown(server): self._alone(server).ask for server in self._servers[:MOST_RESOLVERS]}

    def _alone(self, server: Server) -> Resolver:
        if len(self._servers) == 1:
            return self
        alone = Resolver(
            [server],
            question_seconds=self._question_seconds,
            tries=TRIES_EACH,
            exchange=self._exchange,
            pace=self._pace,
        )
        alone._run = self._run
        return alone

    async def every_server(self, name: str) -> Servers | None:
        """Return the servers of the zone a name is in, also those only the level above names.

        Of each host each address is asked, the hosts by turns, until there are enough.
        """
        zone = await self._zone_of(name)
        if zone is None:
            return None
        above = await self.delegation(zone.name)
        hosts = sorted({*zone.texts, *above.texts})
        found = await asyncio.gather(*map(self._addresses_of, hosts[:MOST_HOSTS]))
        asked = self._asked([texts for texts, _ in found])
        servers: list[NameServer] = []
        for host, (texts, why_none) in zip(hosts, found, strict=False):
            named = _named(host, zone, above)
            servers += [self._server(zone.name, host, named, text, asked) for text in texts]
            servers += [] if texts else [NameServer(host, named, barred=why_none)]
        servers += [
            NameServer(host, _named(host, zone, above), barred=Barred.MANY)
            for host in hosts[MOST_HOSTS:MOST_TOLD]
        ]
        return Servers(zone.name, tuple(servers))

    async def _addresses_of(self, host: str) -> Addresses:
        four, six = await asyncio.gather(self.ask(host, "A"), self.ask(host, "AAAA"))
        by_turns = chain(*zip_longest(four.texts, six.texts))
        texts = [text for text in by_turns if text]
        is_sure = four.definitive and six.definitive
        return texts[:MOST_EACH], Barred.NO_ADDRESS if is_sure else Barred.NO_LOOKUP

    def _asked(self, of_hosts: Sequence[list[str]]) -> set[str]:
        """Return the addresses to ask: hosts by turns, and none that must not be asked."""
        by_turns = chain(*zip_longest(*of_hosts))
        fine = [text for text in by_turns if text and may_be_asked(text, self._servers[0])]
        return set(list(dict.fromkeys(fine))[:MOST_ASKED])

    def _server(self, zone: str, host: str, named: str, text: str, asked: set[str]) -> NameServer:
        resolver = self._servers[0]
        if not may_be_asked(text, resolver):
            return NameServer(host, named, text, barred=Barred.PRIVATE)
        if text not in asked:
            return NameServer(host, named, text, barred=Barred.MANY)
        seconds = self._question_seconds / TRIES_EACH
        helper = self._helper(zone, [(text, resolver[1])], TRIES_EACH, seconds)
        return NameServer(host, named, text, helper.ask)


def _named(host: str, zone: Answer, above: Answer) -> str:
    if above.status is not Status.FOUND or (host in zone.texts) == (host in above.texts):
        return ""
    return "zone" if host in zone.texts else "above"
