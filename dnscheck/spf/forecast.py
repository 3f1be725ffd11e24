"""What an SPF record would cost if it were published: the DNS look-ups receivers make for it.

RFC 7208 section 4.6.4 allows ten for one mail, those behind includes counted in, and two that
find nothing. At more, receivers stop with a permanent error. The walk counts all there can be: a
receiver stops earlier, at the first term that matches.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from dnscheck.answers import Answer, Ask, Reason, Status
from dnscheck.spf.terms import effective, is_record, lookup_of, terms_of
from dnscheck.together import together

LIMIT, VOID_LIMIT = 10, 2  # RFC 7208 section 4.6.4
MOST_DEPTH = LIMIT  # includes in a row; what is behind the tenth is past the limit anyway
# What one forecast may take, whatever hostile records say.
MOST_QUESTIONS, MOST_STEPS = 40, 200
MOST_CHARACTERS, MOST_OF_A_TERM = 4_096, 300  # no name is longer than 253 (RFC 1035)


class Problem(StrEnum):
    """What is the matter with a step."""

    NONE = ""
    NO_RECORD = "no-record"  # there is no SPF record at the name
    TWO_RECORDS = "two-records"
    NO_SUCH_NAME = "no-such-name"
    LOOP = "loop"
    COULD_NOT_ASK = "could-not-ask"
    MACRO = "macro"  # the name depends on the mail, so nobody knows what is behind it
    TOO_DEEP = "too-deep"


DEAD = (Problem.NO_RECORD, Problem.TWO_RECORDS, Problem.NO_SUCH_NAME)
OPEN = (Problem.COULD_NOT_ASK, Problem.MACRO, Problem.TOO_DEEP)  # there may be more behind it


@dataclass(frozen=True)
class Step:
    """One term that costs look-ups, as it is written.

    `lookups` counts its own and all behind it, `voids` those of them that find nothing.
    `children` are the steps of the record it leads to.
    """

    term: str
    lookups: int = 1
    voids: int = 0
    problem: Problem = Problem.NONE
    children: tuple["Step", ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return its part of what `Forecast.as_json` returns."""
        return {**vars(self), "children": tuple(child.as_json() for child in self.children)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a Step from its part of what `Forecast.as_json` returned."""
        children = tuple(map(Step.from_json, data["children"]))
        return cls(**{**data, "problem": Problem(data["problem"]), "children": children})


@dataclass(frozen=True)
class Forecast:
    """What a record would cost. If it is not `complete`, both numbers are the least there are."""

    record: str
    lookups: int
    voids: int
    steps: tuple[Step, ...]
    complete: bool

    def as_json(self) -> dict[str, Any]:
        """Return the shape that other programs rely on; `from_json` reads it back."""
        return {**vars(self), "steps": tuple(step.as_json() for step in self.steps)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a Forecast from what `as_json` returned."""
        return cls(**{**data, "steps": tuple(map(Step.from_json, data["steps"]))})


async def forecast(record: str, name: str, ask: Ask) -> Forecast:
    """Return what this record would cost at this name. What is published there is not asked for.

    A name that comes up twice counts twice, as it does for receivers; `ask` remembers it.
    """
    walk = _Walk(ask)
    steps = await walk.steps(record, (name.lower(),))
    is_open = any(step.problem in OPEN for step in every(steps))
    return Forecast(record, _lookups(steps), _voids(steps), steps, not is_open and not walk.cut)


def top(seen: Forecast) -> tuple[Step, ...]:
    """Return the terms of the record itself that cost look-ups, the most costly first."""
    return tuple(sorted(seen.steps, key=lambda step: -step.lookups))


def every(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield these steps, each followed by all behind it."""
    for step in steps:
        yield step
        yield from every(step.children)


def _lookups(steps: Iterable[Step]) -> int:
    return sum(step.lookups for step in steps)


def _voids(steps: Iterable[Step]) -> int:
    return sum(step.voids for step in steps)


@dataclass
class _Walk:
    """One walk through all that a record leads to. `cut` says that not every term was taken."""

    ask: Ask
    asked: set[tuple[str, str]] = field(default_factory=set)
    taken: int = 0
    cut: bool = False

    async def steps(self, record: str, path: tuple[str, ...]) -> tuple[Step, ...]:
        """Take the terms of one record that cost look-ups, all at once.

        `path` holds the names from the first record to this one.
        """
        room = MOST_STEPS - self.taken
        found = _costly(record[:MOST_CHARACTERS])
        self.cut = self.cut or len(found) > room or len(record) > MOST_CHARACTERS
        self.taken += len(found[:room])
        return await together(
            *(self._step(_shown(term), kind, target, path) for term, kind, target in found[:room])
        )

    async def _step(self, term: str, kind: str, target: str, path: tuple[str, ...]) -> Step:
        if kind in ("include", "redirect"):
            return await self._followed(term, target, path)
        if kind in ("ptr", "exists") or "%" in target:
            return Step(term)
        if kind == "mx":
            answer = await self._answer(target or path[-1], "MX")
        else:
            answer = await self._address(target or path[-1])
        return Step(term, voids=_is_void(answer), problem=_silence(answer))

    async def _followed(self, term: str, target: str, path: tuple[str, ...]) -> Step:
        if "%" in target:
            return Step(term, problem=Problem.MACRO)
        if target in path:
            return Step(term, problem=Problem.LOOP)
        if len(path) > MOST_DEPTH:
            return Step(term, problem=Problem.TOO_DEEP)
        answer = await self._answer(target, "TXT")
        records = [text for text in answer.texts if is_record(text)]
        if len(records) != 1:
            return Step(term, voids=_is_void(answer), problem=_why_not_one(answer, records))
        children = await self.steps(records[0], (*path, target))
        return Step(term, 1 + _lookups(children), _voids(children), children=children)

    async def _address(self, name: str) -> Answer:
        """Ask whether a name has an address of either kind."""
        answer = await self._answer(name, "A")
        if answer.status is not Status.NO_RECORD:
            return answer
        return await self._answer(name, "AAAA")

    async def _answer(self, name: str, type: str) -> Answer:
        key = (name, type)
        if key not in self.asked:
            if len(self.asked) >= MOST_QUESTIONS:
                return Answer(name, type, Status.UNKNOWN, reason=Reason.BUDGET)
            self.asked.add(key)
        return await self.ask(name, type)


@lru_cache(maxsize=256)  # of providers, behind the records of many domains
def _costly(record: str) -> tuple[tuple[str, str, str], ...]:
    """Return the terms of a record that cost look-ups, each with its kind and its name."""
    terms = effective(terms_of(record))
    return tuple((term, *known) for term in terms if (known := lookup_of(term)))


def _shown(term: str) -> str:
    return term if len(term) <= MOST_OF_A_TERM else f"{term[: MOST_OF_A_TERM - 1]}…"


def _is_void(answer: Answer) -> int:
    return int(answer.status in (Status.NO_NAME, Status.NO_RECORD))


def _silence(answer: Answer) -> Problem:
    """Return the problem of an answer that says nothing; an impossible name is no such."""
    silent = not answer.definitive and answer.reason is not Reason.BAD_NAME
    return Problem.COULD_NOT_ASK if silent else Problem.NONE


def _why_not_one(answer: Answer, records: list[str]) -> Problem:
    """Return why an answer leads no further, as RFC 7208 sections 4.5 and 5.2 see it."""
    if records:
        return Problem.TWO_RECORDS
    if answer.status is Status.NO_NAME or answer.reason is Reason.BAD_NAME:
        return Problem.NO_SUCH_NAME
    return _silence(answer) or Problem.NO_RECORD
