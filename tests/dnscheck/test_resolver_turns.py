"""Whom the resolver asks, in which order and how often: it always ends, and soon."""

import asyncio
import time
from collections.abc import Iterable

import dns.rcode
import pytest

from dnscheck.answers import Answer, Reason, Status
from dnscheck.resolver.run import AT_ONCE, MOST_QUESTIONS
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
