"""Asking the servers of a zone itself: who they are, what they may be asked, and what counts."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import dns.flags
import dns.rcode
import pytest

from config.lab.nameserver import NameServer
from config.lab.zones import write_zones
from dnscheck.answers import Answer, Reason, Status
from dnscheck.resolver import Resolver
from dnscheck.resolver.servers import may_be_asked
from tests.dnscheck.raw_dns import (
    Handler,
    Query,
    RawDns,
    Records,
    answer,
    asked,
    referred,
    resolver,
    serving,
    told,
    two_views,
)

ZONE: Records = {
    ("shop.example", "NS"): ("ns.host.example.",),
    ("ns.host.example", "A"): ("127.0.0.1",),
    ("shop.example", "TXT"): ('"old"',),
    ("spf.provider.example", "TXT"): ('"v=spf1 -all"',),
}
SIX = "::1"  # a second server at the same port


def at_authorities(handler: Handler, name: str, below: Handler | None = None) -> Answer:
    """Ask the zone's own servers for a TXT record; `below` is served at a second address."""
    with RawDns(handler) as first:
        asking = resolver(first.server)

        async def run() -> Answer:
            authorities = await asking.authorities(name)
            assert authorities is not None
            return await authorities.ask(name, "TXT")

        if below is None:
            return asyncio.run(run())
        with RawDns(below, host=SIX, port=first.server[1]):
            return asyncio.run(run())


def test_bogus_is_told_from_a_broken_server_and_authorities_are_found(tmp_path: Path) -> None:
    """The lab's zones: SERVFAIL that vanishes with CD is DNSSEC; NS lead to the zone's servers."""
    write_zones(tmp_path)
    with NameServer(tmp_path) as lab:
        asking = resolver(("127.0.0.1", lab.port), question_seconds=2)

        async def run() -> tuple[Answer, Answer, Resolver | None]:
            bogus = await asking.ask("bogus.example", "TXT")
            broken = await asking.ask("servfail.example", "TXT")
            return bogus, broken, await asking.authorities("_dmarc.good-elastx.example")

        bogus, broken, authorities = asyncio.run(run())
        assert (bogus.reason, broken.reason) == (Reason.BOGUS, Reason.SERVFAIL)
        assert authorities is not None
        direct = asyncio.run(authorities.ask("_dmarc.good-elastx.example", "TXT"))
    assert direct.texts == ("v=DMARC1; p=none",)


def test_a_lapsed_registration_is_confirmed_at_the_level_above(tmp_path: Path) -> None:
    """When the whole domain is gone, the top level's servers say so."""
    soa = "@ SOA ns1.lab.example. h.lab.example. 1 2 3 4 5\n@ NS ns1.lab.example.\n"
    (tmp_path / "example.zone").write_text(f"; the top level\n$TTL 60\n{soa}")
    (tmp_path / "lab.example.zone").write_text(f"; lab\n$TTL 60\n{soa}ns1 A 127.0.0.1\n")
    with NameServer(tmp_path) as lab:

        async def run() -> Answer:
            above = await resolver(("127.0.0.1", lab.port)).authorities("lapsed.example")
            assert above is not None
            return await above.ask("_dmarc.lapsed.example", "TXT")

        assert asyncio.run(run()).status is Status.NO_NAME


def test_what_the_resolver_remembers_does_not_count() -> None:
    """The zone's own servers already say something else."""
    new = serving({("shop.example", "TXT"): ('"new"',)})
    seen = at_authorities(two_views(ZONE, new), "shop.example")
    assert (seen.texts, seen.flags) == (("new",), ("AA",))


def refuses_others(query: Query, tcp: bool) -> Iterable[bytes]:
    """Serve one zone, in which a name leads to another, as hosts of many zones do."""
    name, _ = asked(query)
    if not name.endswith("shop.example"):
        yield answer(query, rcode=dns.rcode.REFUSED)
    else:
        alias = {("key.shop.example", "CNAME"): ("spf.provider.example.",)}
        yield told(query, alias, dns.flags.AA)


def test_names_outside_of_the_zone_are_asked_of_the_resolver() -> None:
    """Its servers know nothing of the names of a provider, neither asked for nor led to."""
    with RawDns(two_views(ZONE, refuses_others)) as server:

        async def run() -> tuple[Answer, Answer]:
            authorities = await resolver(server.server).authorities("shop.example")
            assert authorities is not None
            return (
                await authorities.ask("spf.provider.example", "TXT"),
                await authorities.ask("key.shop.example", "TXT"),
            )

        outside, led_to = asyncio.run(run())
    assert (outside.texts, outside.chain) == (("v=spf1 -all",), ())
    assert (led_to.texts, led_to.chain) == (("v=spf1 -all",), ("spf.provider.example",))


def test_a_zone_below_is_asked_at_its_own_servers() -> None:
    """What was handed on is no lame server's answer, and is known where it was handed to."""
    below = "_domainkey.shop.example"
    names = {
        **ZONE,
        (below, "NS"): ("ns.keys.example.",),
        ("ns.keys.example", "AAAA"): (SIX,),
    }
    key = {(f"lab.{below}", "TXT"): ('"v=DKIM1; p=x"',)}

    def above(query: Query, tcp: bool) -> Iterable[bytes]:
        yield referred(query, below, "ns.keys.example.")

    with (
        RawDns(two_views(names, above)) as first,
        RawDns(serving(key), host=SIX, port=first.server[1]),
    ):

        async def run() -> Answer:
            authorities = await resolver(first.server).authorities("shop.example")
            assert authorities is not None
            return await authorities.ask(f"lab.{below}", "TXT")

        assert asyncio.run(run()).texts == ("v=DKIM1; p=x",)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(lambda query, tcp: [told(query, ZONE)], id="a resolver's answer"),
        pytest.param(lambda query, tcp: [referred(query, "", "a.root.")], id="points upwards"),
        pytest.param(lambda query, tcp: [answer(query, rcode=dns.rcode.NOTAUTH)], id="says so"),
    ],
)
def test_who_does_not_serve_the_zone_does_not_count(reply: Handler) -> None:
    """Only an authoritative answer is one of the zone (the AA flag)."""
    seen = at_authorities(two_views(ZONE, reply), "shop.example")
    assert (seen.status, seen.reason) == (Status.UNKNOWN, Reason.LAME)


def test_the_level_above_names_the_servers_where_the_resolver_fails() -> None:
    """A zone that a resolver cannot ask may still be asked itself."""
    names: Records = {
        ("example", "NS"): ("ns.registry.example.",),
        ("ns.registry.example", "A"): ("127.0.0.1",),
        ("ns.host.example", "AAAA"): (SIX,),
    }

    def top(query: Query, tcp: bool) -> Iterable[bytes]:
        name, _ = asked(query)
        if not query.flags & dns.flags.RD:
            yield referred(query, "shop.example", "ns.host.example.")
        elif name.endswith("shop.example"):
            yield answer(query, rcode=dns.rcode.SERVFAIL)
        else:
            yield told(query, names)

    own = serving({("_dmarc.shop.example", "TXT"): ('"v=DMARC1; p=none"',)})
    seen = at_authorities(top, "_dmarc.shop.example", below=own)
    assert seen.texts == ("v=DMARC1; p=none",)


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.NXDOMAIN])
def test_nobody_is_asked_for_a_zone_nobody_knows(rcode: dns.rcode.Rcode) -> None:
    """Without an answer about name servers there is no guess."""
    with RawDns(lambda query, tcp: [answer(query, rcode=rcode)]) as server:
        assert asyncio.run(resolver(server.server).authorities("shop.example")) is None


def test_the_run_is_one_for_all_who_are_asked_in_it() -> None:
    """Questions and time are counted together."""
    with RawDns(two_views(ZONE, lambda query, tcp: [])) as server:
        asking = resolver(server.server, question_seconds=0.1, domain_seconds=0.2)

        async def run() -> Answer:
            authorities = await asking.authorities("shop.example")
            assert authorities is not None
            await authorities.ask("shop.example", "TXT")
            return await authorities.ask("_dmarc.shop.example", "TXT")

        assert asyncio.run(run()).reason is Reason.BUDGET
    # The name servers of two levels, two kinds of address, two records.
    assert asking.questions == 6


@pytest.mark.parametrize(
    ("address", "server", "may"),
    [
        ("198.41.0.4", ("9.9.9.9", 53), True),
        ("2001:500:2::c", ("127.0.0.1", 53), True),
        ("10.0.0.1", ("127.0.0.1", 53), False),
        ("127.0.0.1", ("127.0.0.1", 53), False),
        ("169.254.169.254", ("9.9.9.9", 53), False),
        ("fd00::1", ("9.9.9.9", 53), False),
        ("::ffff:10.0.0.1", ("9.9.9.9", 53), False),
        ("224.0.0.251", ("9.9.9.9", 53), False),
        ("127.0.0.1", ("127.0.0.1", 5353), True),
        ("10.0.0.1", ("10.0.0.2", 5353), False),
    ],
)
def test_no_zone_leads_into_the_network_of_the_operator(
    address: str, server: tuple[str, int], may: bool
) -> None:
    """Only public addresses are asked, but in a laboratory on this machine any."""
    assert may_be_asked(address, server) is may
