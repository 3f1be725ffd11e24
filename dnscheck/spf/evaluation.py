"""What one SPF evaluation came to: the result, and the tree of what was looked at on the way."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """The results of check_host (RFC 7208 section 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - the RFC's word
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


NO_MATCH = "no-match"  # of a mechanism: the next one is tried


@dataclass(frozen=True)
class Node:
    """One term that was evaluated; the root stands for the record of the domain itself.

    `term` is as written, the whole record at the root and empty if there is none. `target` is the
    name it led to once macros were expanded. `result` is a `Result`, or `NO_MATCH`. `lookups` and
    `void_lookups` count its own and all below. `problem` is a sentence, or empty.
    """

    term: str
    result: str
    target: str = ""
    lookups: int = 0
    void_lookups: int = 0
    problem: str = ""
    children: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """The answer to: may this address send for this domain?

    `mechanism` is the one that matched, as written, and empty when none did. `problem` says why
    there is no verdict, or why nothing counts. `explanation` is what the domain's owner wants told
    on a fail (RFC 7208 section 6.2), and empty when there is none.
    """

    result: Result
    explanation: str
    lookups: int
    void_lookups: int
    mechanism: str
    problem: str
    tree: Node

    def as_json(self) -> dict[str, Any]:
        """Return the shape that other programs rely on."""
        return asdict(self)
