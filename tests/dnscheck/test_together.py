"""Doing several things at once: what is known already costs no task, what waits waits together."""

import asyncio
from typing import Any

import pytest

from dnscheck.together import together


async def known(value: str) -> str:
    """Return a value without waiting."""
    return value


def test_what_need_not_wait_is_no_task() -> None:
    """All that is known is there at once, in order, however deep it is."""

    async def run() -> tuple[Any, ...]:
        before = len(asyncio.all_tasks())
        found = await together(known("a"), together(known("b"), known("c")))
        assert len(asyncio.all_tasks()) == before
        return found

    assert asyncio.run(run()) == ("a", ("b", "c"))


def test_those_that_wait_do_so_side_by_side() -> None:
    """Each goes on as soon as it can; one future may be waited for by many, again and again."""

    async def run() -> tuple[object, ...]:
        loop = asyncio.get_running_loop()
        first, second = loop.create_future(), loop.create_future()
        order: list[str] = []

        async def wait(name: str) -> str:
            order.append(name)
            await first
            await asyncio.sleep(0)
            order.append(name)
            return f"{name}{await second}"

        async def settle() -> str:
            first.set_result(None)
            await asyncio.sleep(0.01)
            second.set_result("!")
            return "settled"

        found = await together(
            wait("a"), known("b"), together(wait("c"), wait("d")), settle(), wait("e")
        )
        assert order[:4] == ["a", "c", "d", "e"]
        assert sorted(order[4:]) == ["a", "c", "d", "e"]
        return found

    assert asyncio.run(run()) == ("a!", "b", ("c!", "d!"), "settled", "e!")


@pytest.mark.parametrize("waits", [False, True])
def test_what_goes_wrong_comes_through(waits: bool) -> None:
    """The first thing that raises ends it, before or after a wait."""

    async def broken() -> str:
        if waits:
            await asyncio.sleep(0)
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(together(known("a"), broken()))


def test_a_cancelled_wait_ends_what_was_begun() -> None:
    """Nothing goes on behind the back of somebody who gave up."""

    async def run() -> bool:
        ended = asyncio.Event()

        async def wait() -> None:
            try:
                await asyncio.sleep(60)
            finally:
                ended.set()

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await together(wait(), wait())
        await asyncio.sleep(0)
        return ended.is_set()

    assert asyncio.run(run())
