"""Resolvers that share a pool see what a resolver by itself sees."""

import asyncio
from pathlib import Path

import dns.flags
import pytest

from dnscheck.answers import Answer, Reason, Status
from dnscheck.resolver import Resolver
from dnscheck.resolver.pace import Pace
from dnscheck.resolver.pool import MOST_AT_SERVERS, Pool
from dnscheck.resolver.reading import Question
from dnscheck.resolver.sharing import Sharing
from dnscheck.survey import Survey, survey, survey_sparing
from tests.dnscheck.catalogue_zones import AT_ONCE, Case, provider_side, serving, told
from tests.dnscheck.raw_dns import Handler, RawDns, answer, denied, rrset
from tests.dnscheck.test_catalogue import MISTAKES, OWN

EVERY = 20  # of the catalogue's mistakes
TXT = rrset("shop.example.", "TXT", '"token"')
ALIAS = rrset("shop.example.", "CNAME", "key.example.net.")


def asked_both_ways(handler: Handler, type: str = "TXT") -> tuple[Answer, Answer]:
    """Return what a resolver that shares says, and one by itself."""

    async def run(server: tuple[str, int]) -> tuple[Answer, Answer]:
        pool = Pool(at_once=10)
        pool.open()
        sharing = Sharing([server], pool, question_seconds=0.5, domain_seconds=2)
        shared = await sharing.resolver("shop.example").ask("Shop.example.", type)
        pool.close()
        alone = Resolver([server], question_seconds=0.5, domain_seconds=2)
        return shared, await alone.ask("Shop.example.", type)

    with RawDns(handler) as server:
        return asyncio.run(run(server.server))


MOODS: dict[str, Handler] = {
    "found": lambda query, _tcp: [answer(query, TXT)],
    "denied": lambda query, _tcp: [denied(query, 3)],
    "a failure": lambda query, _tcp: [answer(query, rcode=2)],
    "a refusal": lambda query, _tcp: [answer(query, rcode=5)],
    "silence": lambda _query, _tcp: [],
    "garbage": lambda query, _tcp: [answer(query, TXT)[:-3]],
    "too large": lambda query, tcp: [answer(query, TXT, flags=0 if tcp else dns.flags.TC)],
    "without EDNS": lambda query, _tcp: [answer(query, rcode=1 if query.edns == 0 else 0)],
    "somebody else's": lambda query, _tcp: [b"\0\0" + answer(query, TXT)[2:], answer(query, TXT)],
    "an alias that leads on": lambda query, _tcp: [
        answer(
            query,
            ALIAS
            if query.question[0].name == TXT.name
            else rrset("key.example.net.", "TXT", '"key"'),
        )
    ],
    "a circle": lambda query, _tcp: [
        answer(query, ALIAS, rrset("key.example.net.", "CNAME", "shop.example."))
    ],
}


@pytest.mark.parametrize("mood", MOODS)
def test_it_says_what_a_resolver_by_itself_says(mood: str) -> None:
    """However the server behaves."""
    shared, alone = asked_both_ways(MOODS[mood])
    assert shared == alone
    assert bool(shared.exchanges) == bool(alone.exchanges)


def test_names_outside_are_asked_once_and_others_by_each() -> None:
    """What belongs to a domain itself is never taken from another one."""
    names: list[str] = []

    def handler(query: dns.message.Message, _tcp: bool) -> list[bytes]:
        names.append(str(query.question[0].name))
        return [denied(query)]

    async def run(server: tuple[str, int]) -> list[Answer]:
        pool = Pool(at_once=1)
        pool.open()
        sharing = Sharing([server], pool)
        asking = [
            sharing.resolver(domain) for domain in ("a.example", "www.a.example", "b.example")
        ]
        answers = await asyncio.gather(
            *(one.ask(name, "TXT") for one in asking for name in ("a.example", "c.example"))
        )
        pool.close()
        return list(answers)

    with RawDns(handler) as server:
        answers = asyncio.run(run(server.server))
    assert {each.status for each in answers} == {Status.NO_RECORD}
    assert sorted(names) == ["a.example."] * 3 + ["c.example."]


def test_a_server_that_is_busy_with_others_costs_no_more_than_the_time_of_a_question() -> None:
    """All places at servers are taken: the answer is that of a time-out, in time."""

    async def run(server: tuple[str, int]) -> Answer:
        pool = Pool(at_once=100)
        pool.open()
        question = Question("shop.example", "TXT", recursive=False)
        many = [pool.exchange(question, server, 0.3) for _ in range(MOST_AT_SERVERS + 1)]
        answers = await asyncio.wait_for(asyncio.gather(*many), 5)
        pool.close()
        return answers[-1]

    with RawDns(MOODS["silence"]) as server:
        assert asyncio.run(run(server.server)).reason is Reason.TIMEOUT


def test_no_more_is_on_the_way_than_is_allowed() -> None:
    """The rest waits for its turn, and has it."""

    async def run(server: tuple[str, int]) -> tuple[int, list[Answer]]:
        pool = Pool(at_once=3, per_second=400)
        pool.open()
        asker = Sharing([server], pool).resolver("shop.example")
        task = asyncio.gather(*(asker.ask(f"n{n}.shop.example", "TXT") for n in range(20)))
        await asyncio.sleep(0)
        most = pool.on_the_way
        answers = await task
        pool.close()
        return most, answers

    with RawDns(lambda query, _tcp: [denied(query)]) as server:
        most, answers = asyncio.run(run(server.server))
    assert most <= 3
    assert not any(each.reason is Reason.TIMEOUT for each in answers)
    assert len(answers) == 20


def test_what_is_asked_again_keeps_the_pace() -> None:
    """A resolver that fails is not asked faster than one that answers."""
    turns: list[float] = []

    class Counted(Pace):
        def turn(self) -> float:
            turns.append(super().turn())
            return turns[-1]

    async def run(server: tuple[str, int]) -> Answer:
        pool = Pool(at_once=3)
        pool.open()
        sharing = Sharing([server], pool, question_seconds=0.5, pace=Counted(1000))
        said = await sharing.resolver("shop.example").ask("shop.example", "TXT")
        pool.close()
        return said

    with RawDns(MOODS["a failure"]) as server:
        assert asyncio.run(run(server.server)).reason is Reason.SERVFAIL
    assert len(turns) >= 2  # once more, and once more without validation


def test_the_catalogue_is_seen_alike(tmp_path: Path) -> None:
    """Of domains with mistakes the same is found, by whichever way they are looked at."""
    some = MISTAKES[::EVERY]
    zones = {**provider_side([row for one in some for row in one.golden_rows], own=OWN), **OWN}

    async def both(port: int) -> list[tuple[Survey, Survey]]:
        pool, turn = Pool(at_once=100), asyncio.Semaphore(AT_ONCE)
        pool.open()
        sharing = Sharing([("127.0.0.1", port)], pool, domain_seconds=20)

        async def one(case: Case) -> tuple[Survey, Survey]:
            async with turn:
                asking = Resolver([("127.0.0.1", port)], question_seconds=2, domain_seconds=20)
                alone = await survey(case.domain, case.records, asking)
                asker = sharing.resolver(case.domain)
                return alone, await survey_sparing(case.domain, case.records, asker)

        seen = await asyncio.gather(*(one(mistake.case) for mistake in some))
        pool.close()
        return seen

    with serving(tmp_path, zones) as server:
        seen = asyncio.run(both(server.port))
    for alone, shared in seen:
        assert shared.result.result == alone.result.result
        assert told(shared) == told(alone)
        assert shared.columns == alone.columns
        assert [one.observed for one in shared.result.records] == [
            one.observed for one in alone.result.records
        ]
