"""Whom the resolver asks, in which order and how often: it always ends, and soon."""

import asyncio
import time
from collections.abc import Iterable

import dns.rcode
import pytest

from dnscheck.answers import Answer, Reason, Status
from dnscheck.resolver.run import AT_ONCE, MOST_QUESTIONS
from dnscheck.resolver.servers import may_be_asked
from tests.dnscheck.raw_dns import NAME, Query, RawDns, answer, ask, denied, resolver, rrset

SPF = rrset(NAME, "TXT", '"v=spf1 -all"')


def test_who_fails_is_not_asked_again() -> None:
    """Neither a refusal nor a failure becomes better by asking again."""
    for rcode, times in ((dns.rcode.REFUSED, 1), (dns.rcode.SERVFAIL, 2)):  # and once with CD

        def handler(query: Query, tcp: bool, rcode: int = rcode) -> Iterable[bytes]:
            yield answer(query, rcode=rcode)

        with RawDns(handler) as server:
            asyncio.run(resolver(server.server).ask("shop.example", "TXT"))
            assert server.queries == times


def test_a_lost_packet_is_sent_again() -> None:
    """The same server is asked again when there is no other."""
    lost: list[Query] = []

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if lost:
            yield answer(query, SPF)
        lost.append(query)

    assert ask(handler).texts == ("v=spf1 -all",)


def test_a_silent_server_is_asked_last_from_then_on() -> None:
    """Its silence is waited for once in a run."""
    with (
        RawDns(lambda query, tcp: []) as silent,
        RawDns(lambda query, tcp: [answer(query)]) as good,
    ):
        asking = resolver(silent.server, good.server)

        async def run() -> list[Answer]:
            return [await asking.ask(f"n{number}.example", "TXT") for number in range(5)]

        assert {seen.status for seen in asyncio.run(run())} == {Status.NO_RECORD}
        assert (silent.queries, good.queries) == (1, 5)


def test_a_server_there_is_no_way_to_costs_no_try() -> None:
    """Many addresses of a kind this machine has not got do not keep from the one it has."""
    nobody = [("127.0.0.1", 9)] * 5
    with RawDns(lambda query, tcp: [answer(query, SPF)]) as good:
        seen = asyncio.run(resolver(*nobody, good.server).ask("shop.example", "TXT"))
    assert seen.texts == ("v=spf1 -all",)


def test_the_most_telling_failure_is_told() -> None:
    """Who says what is wrong is worth more than who says nothing."""
    with (
        RawDns(lambda query, tcp: [answer(query, rcode=dns.rcode.REFUSED)]) as refusing,
        RawDns(lambda query, tcp: []) as silent,
    ):
        asking = resolver(refusing.server, silent.server, tries=2)
        seen = asyncio.run(asking.ask("shop.example", "TXT"))
    assert (seen.reason, seen.rcode) == (Reason.REFUSED, "REFUSED")


def test_another_server_is_tried_when_one_fails() -> None:
    """The first one is silent or broken, the second one answers."""
    with (
        RawDns(lambda query, tcp: [answer(query, rcode=dns.rcode.SERVFAIL)]) as bad,
        RawDns(lambda query, tcp: [answer(query, SPF)]) as good,
    ):
        seen = asyncio.run(resolver(bad.server, good.server).ask("shop.example", "TXT"))
    assert seen.texts == ("v=spf1 -all",)


def test_a_question_is_asked_once_in_a_run() -> None:
    """Ten at once and one later are one packet."""
    with RawDns(lambda query, tcp: [answer(query, SPF)]) as server:
        asking = resolver(server.server)

        async def run() -> None:
            await asyncio.gather(*(asking.ask("shop.example", "TXT") for _ in range(10)))
            await asking.ask("SHOP.example.", "TXT")

        asyncio.run(run())
        assert (server.queries, asking.questions) == (1, 1)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_run_has_a_deadline_for_all_its_questions(at_once: bool) -> None:
    """After it nothing more is asked, and that is unknown as well."""
    names = [f"n{number}.example" for number in range(3 * AT_ONCE if at_once else 20)]
    with RawDns(lambda query, tcp: []) as server:
        asking = resolver(server.server, question_seconds=0.2, domain_seconds=0.3)

        async def run() -> list[Answer]:
            if at_once:
                return list(await asyncio.gather(*(asking.ask(name, "TXT") for name in names)))
            return [await asking.ask(name, "TXT") for name in names]

        began = time.monotonic()
        seen = asyncio.run(run())
    assert {a.status for a in seen} == {Status.UNKNOWN}
    assert seen[-1].reason is Reason.BUDGET
    assert server.queries < len(names)
    assert time.monotonic() - began < 2


def test_a_run_asks_a_bounded_number_of_questions() -> None:
    """Thousands of names end in unknown, with few of them on their way at a time."""
    with RawDns(lambda query, tcp: [denied(query, dns.rcode.NXDOMAIN)]) as server:
        asking = resolver(server.server, domain_seconds=10)

        async def run() -> list[Answer]:
            names = (f"n{number}.example" for number in range(MOST_QUESTIONS + 50))
            return list(await asyncio.gather(*(asking.ask(name, "TXT") for name in names)))

        seen = asyncio.run(run())
    assert [a.reason for a in seen].count(Reason.BUDGET) == 50


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2001:500:2f::f", True),
        ("64:ff9b::808:808", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::808:808", False),
        ("2002:7f00:1::1", False),
        ("2002:808:808::1", False),
        ("2001:0:808:808::80ff:fffe", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", False),
        ("::8.8.8.8", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("2001:db8::1", False),
        ("ff0e::1", False),
        ("0.0.0.0", False),
        ("10.1.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("239.1.1.1", False),
        ("255.255.255.255", False),
    ],
)
def test_an_address_of_a_zone_leads_only_to_the_public_internet(address: str, may: bool) -> None:
    """Neither in plain nor inside an IPv6 address does a zone name a machine of the operator's."""
    assert may_be_asked(address, ("192.0.2.53", 53)) is may
