"""A resolver of somebody else is asked at a pace, whatever the number of threads."""

import asyncio

from dnscheck.answers import Answer, Status
from dnscheck.resolver import Resolver, Server
from dnscheck.resolver.pace import BURST, Pace
from dnscheck.resolver.reading import Question


def test_after_a_burst_questions_are_spread() -> None:
    """So many at once, then one after the other; after a silence a burst again."""
    now = [100.0]
    pace = Pace(10, clock=lambda: now[0])
    assert [pace.turn() for _ in range(BURST)] == [0.0] * BURST
    assert [round(pace.turn(), 3) for _ in range(3)] == [0.1, 0.2, 0.3]
    now[0] += 1000
    assert sum(pace.turn() == 0 for _ in range(BURST + 20)) == BURST


def test_a_check_that_lets_others_go_first_loses_little_of_its_time() -> None:
    """Of one second, 0.6 were spent waiting for a turn: half a second of that is given back."""
    left: list[float] = []

    class Busy(Pace):
        def turn(self) -> float:
            return 0.6

    async def exchange(question: Question, _server: Server, seconds: float) -> Answer:
        left.append(seconds)
        return Answer(question.name, question.type, Status.NO_RECORD)

    resolver = Resolver(
        [("127.0.0.1", 53)],
        domain_seconds=1,
        question_seconds=5,
        exchange=exchange,
        pace=Busy(1),
    )
    asyncio.run(resolver.ask("shop.example", "TXT"))
    assert 0.4 < left[0] < 0.95


def test_without_a_limit_nobody_waits() -> None:
    """The resolver of this host is asked as fast as it answers."""
    pace = Pace(0)
    assert {pace.turn() for _ in range(1000)} == {0.0}
