"""Several things at once that mostly need not wait, since what they ask for is known already.

A task for each, as `asyncio.gather` makes, would cost more than most of them do.
"""

import asyncio
from collections.abc import Awaitable, Generator
from typing import Any, TypeVar, overload

One = TypeVar("One")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")

Steps = Generator[Any, Any, One]


class _Begun(Awaitable[One]):
    """What was begun already, and waits for a future, or only lets others go first.

    `await` marks a future, and the task that it is yielded to takes the mark off again: here that
    is done when it first comes, since others may wait for the same one, and then once more.
    """

    def __init__(self, steps: Steps[One], waits_for: "asyncio.Future[object] | None") -> None:
        self._steps, self._waits_for = steps, waits_for
        if waits_for is not None:
            waits_for._asyncio_future_blocking = False

    def __await__(self) -> Steps[One]:
        if self._waits_for is not None:
            self._waits_for._asyncio_future_blocking = True
        yield self._waits_for
        return (yield from self._steps)


@overload
async def together(a: Awaitable[A], b: Awaitable[B], /) -> tuple[A, B]: ...
@overload
async def together(a: Awaitable[A], b: Awaitable[B], c: Awaitable[C], /) -> tuple[A, B, C]: ...
@overload
async def together(
    a: Awaitable[A], b: Awaitable[B], c: Awaitable[C], d: Awaitable[D], e: Awaitable[E], /
) -> tuple[A, B, C, D, E]: ...
@overload
async def together(*several: Awaitable[One]) -> tuple[One, ...]: ...
async def together(*several: Awaitable[Any]) -> tuple[Any, ...]:
    """Return what each of these returns, as `asyncio.gather` does.

    Each goes as far as it gets by itself; only those that have to wait become tasks.
    """
    results: list[Any] = []
    begun: dict[int, _Begun[Any]] = {}
    for place, one in enumerate(several):
        steps: Any = one.__await__()
        try:
            begun[place] = _Begun(steps, next(steps))
            results.append(None)
        except StopIteration as end:
            results.append(end.value)
    if begun:
        for place, result in zip(begun, await asyncio.gather(*begun.values()), strict=True):
            results[place] = result
    return tuple(results)
