"""What is worth saying of a forecast, best before the record is published."""

from collections.abc import Iterator

from dnscheck.findings import Finding, Severity
from dnscheck.spf.forecast import DEAD, LIMIT, VOID_LIMIT, Forecast, Problem, Step, every, top
from dnscheck.spf.terms import lookup_of

MOST_NAMED, MOST_LISTED = 3, 10  # terms in a sentence, and in a list
DEAD_ENDS = {
    Problem.NO_RECORD: "There is no SPF record at {target}.",
    Problem.TWO_RECORDS: "There are several SPF records at {target}, so none of them counts.",
    Problem.NO_SUCH_NAME: "The name {target} does not exist.",
}


def findings(seen: Forecast, name: str, *, is_published: bool = False) -> tuple[Finding, ...]:
    """Return what breaks with the record of this forecast, or would if it were published.

    All are warnings: mail that matches before a receiver gives up still passes.
    """
    first = "" if is_published else "Before you publish it: "
    return (
        *_too_many(seen, name, first),
        *_void(seen, name, first),
        *_dead(seen, name, first),
        *_loops(seen, name, first),
    )


def _too_many(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    if seen.lookups <= LIMIT:
        return
    costs = [f"{step.term} ({step.lookups})" for step in top(seen)]
    yield Finding(
        "spf.forecast-too-many-lookups",
        Severity.WARNING,
        f"The SPF record for {name} takes {_number(seen, seen.lookups)} DNS look-ups, and "
        f"{LIMIT} are allowed",
        "Receivers that need more stop with a permanent error (RFC 7208 section 4.6.4), and SPF "
        f"proves nothing. Most are taken by {', '.join(costs[:MOST_NAMED])}.",
        f"{first}Drop the includes nobody sends through any more, the most costly first. If all "
        "are needed, let one provider send from a subdomain: its SPF record has "
        f"{LIMIT} look-ups of its own.",
        evidence=tuple(costs[:MOST_LISTED]),
    )


def _void(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    if seen.voids <= VOID_LIMIT:
        return
    empty = [
        _placed(step, above)
        for above, step in _with_top(seen)
        if step.voids > sum(child.voids for child in step.children)
    ]
    yield Finding(
        "spf.forecast-too-many-voids",
        Severity.WARNING,
        f"The SPF record for {name} takes {_number(seen, seen.voids)} look-ups that find "
        f"nothing, and {VOID_LIMIT} are allowed",
        "Receivers may stop with a permanent error at one more (RFC 7208 section 4.6.4).",
        f"{first}Correct or drop the terms listed.",
        evidence=tuple(empty[:MOST_LISTED]),
    )


def _dead(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    for above, step in _each_once(seen, DEAD):
        _, target = lookup_of(step.term) or ("", "")
        yield Finding(
            "spf.forecast-dead-include",
            Severity.WARNING,
            f"The SPF record for {name} leads to a dead end: {step.term}",
            f"{DEAD_ENDS[step.problem].format(target=target)} Receivers that come to it "
            "stop with a permanent error (RFC 7208 sections 5.2 and 6.1).",
            f"{first}Correct the name, or drop the term if nobody sends through it."
            if above is step
            else _elsewhere(above),
            evidence=(_placed(step, above),),
        )


def _loops(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    for above, step in _each_once(seen, (Problem.LOOP,)):
        yield Finding(
            "spf.forecast-loop",
            Severity.WARNING,
            f"The SPF record for {name} leads in a circle: {step.term}",
            "Receivers go round until their look-ups are used up, and stop with a permanent error "
            "(RFC 7208 section 4.6.4).",
            f"{first}Drop the term." if above is step else _elsewhere(above),
            evidence=(_placed(step, above),),
        )


def _elsewhere(above: Step) -> str:
    return (
        f"It stands in the record behind {above.term}. Drop that if nobody sends through "
        "it any more; otherwise tell whoever looks after it."
    )


def _with_top(seen: Forecast) -> Iterator[tuple[Step, Step]]:
    """Yield each step after the term of the record itself that leads to it."""
    for above in seen.steps:
        for step in every([above]):
            yield above, step


def _each_once(seen: Forecast, problems: tuple[Problem, ...]) -> list[tuple[Step, Step]]:
    """Return the steps with these problems, each term once: in the record itself if it is there."""
    found: dict[str, tuple[Step, Step]] = {}
    for above, step in sorted(_with_top(seen), key=lambda pair: pair[0] is not pair[1]):
        if step.problem in problems:
            found.setdefault(step.term, (above, step))
    return list(found.values())[:MOST_LISTED]


def _placed(step: Step, above: Step) -> str:
    return step.term if step is above else f"{step.term} behind {above.term}"


def _number(seen: Forecast, number: int) -> str:
    return str(number) if seen.complete else f"at least {number}"
