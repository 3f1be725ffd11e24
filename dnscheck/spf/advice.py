"""What is worth saying of a forecast, best before the record is published."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from dnscheck.findings import Finding, Severity
from dnscheck.rules import spf_costs
from dnscheck.rules.host import state
from dnscheck.spf.forecast import DEAD, LIMIT, VOID_LIMIT, Forecast, Problem, Step, every, top
from dnscheck.spf.terms import lookup_of

TOO_MANY_LOOKUPS = Finding(
    "spf.forecast-too-many-lookups",
    Severity.WARNING,
    "The SPF record for {name} takes {number} DNS look-ups, and {limit} are allowed",
    "Receivers that need more stop with a permanent error (RFC 7208 section 4.6.4), and SPF "
    "proves nothing. {taken}",
    "{first}Drop the includes nobody sends through any more, the most costly first. If all are "
    "needed, let one provider send from a subdomain: its SPF record has {limit} look-ups of its "
    "own.",
)
TOO_MANY_VOIDS = Finding(
    "spf.forecast-too-many-voids",
    Severity.WARNING,
    "The SPF record for {name} takes {number} look-ups that find nothing, and {limit} are allowed",
    "Receivers may stop with a permanent error at one more (RFC 7208 section 4.6.4).",
    "{first}Correct or drop the terms listed.",
)
DEAD_END = Finding(
    "spf.forecast-dead-include",
    Severity.WARNING,
    "The SPF record for {name} leads to a dead end: {term}",
    "{cause} Receivers that come to it stop with a permanent error (RFC 7208 sections 5.2 and "
    "6.1).",
    "{first}Correct the name, or drop the term if nobody sends through it.",
)
CIRCLE = Finding(
    "spf.forecast-loop",
    Severity.WARNING,
    "The SPF record for {name} leads in a circle: {term}",
    "Receivers go round until their look-ups are used up, and stop with a permanent error (RFC "
    "7208 section 4.6.4).",
    "{first}Drop the term.",
)
ELSEWHERE = (
    "It stands in the record behind {above}. Drop that if nobody sends through it any more; "
    "otherwise tell whoever looks after it."
)
MOST_LISTED = 10
DEAD_ENDS = {
    Problem.NO_RECORD: "There is no SPF record at {target}.",
    Problem.TWO_RECORDS: "There are several SPF records at {target}, so none of them counts.",
    Problem.NO_SUCH_NAME: "The name {target} does not exist.",
}


# What the rules have said of the record that is published need not be said once more.
FAULTY = {spf_costs.FAULTY_INCLUDE.code, spf_costs.UNREACHABLE.code}
SAID_BY = {
    TOO_MANY_LOOKUPS.code: {spf_costs.TOO_MANY_LOOKUPS.code},
    TOO_MANY_VOIDS.code: {spf_costs.TOO_MANY_VOIDS.code},
    DEAD_END.code: FAULTY,
    CIRCLE.code: FAULTY,
}


def findings(
    seen: Forecast, name: str, *, is_published: bool = False, told: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return what breaks with the record of this forecast, or would if it were published.

    All are warnings: mail that matches before a receiver gives up still passes. `told` holds the
    codes of what was said already of the record that is published at the name.
    """
    first = "" if is_published else "Before you publish it: "
    found = (
        *_too_many(seen, name, first),
        *_void(seen, name, first),
        *_dead(seen, name, first),
        *_loops(seen, name, first),
    )
    return tuple(one for one in found if not SAID_BY[one.code].intersection(told))


def _too_many(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    if seen.lookups <= LIMIT:
        return
    costs = [f"{step.term} ({step.lookups})" for step in top(seen)]
    yield state(
        TOO_MANY_LOOKUPS,
        evidence=costs[:MOST_LISTED],
        name=name,
        number=_number(seen, seen.lookups),
        limit=str(LIMIT),
        taken=spf_costs.taken_by(seen),
        first=first,
    )


def _void(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    if seen.voids <= VOID_LIMIT:
        return
    empty = [
        _placed(step, above)
        for above, step in _with_top(seen)
        if step.voids > sum(child.voids for child in step.children)
    ]
    yield state(
        TOO_MANY_VOIDS,
        evidence=empty[:MOST_LISTED],
        name=name,
        number=_number(seen, seen.voids),
        limit=str(VOID_LIMIT),
        first=first,
    )


def _dead(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    for above, step in _each_once(seen, DEAD):
        _, target = lookup_of(step.term) or ("", "")
        cause = DEAD_ENDS[step.problem].format(target=target)
        yield _stated(DEAD_END, step, above, name=name, first=first, cause=cause)


def _loops(seen: Forecast, name: str, first: str) -> Iterator[Finding]:
    for above, step in _each_once(seen, (Problem.LOOP,)):
        yield _stated(CIRCLE, step, above, name=name, first=first)


def _stated(
    finding: Finding, step: Step, above: Step, *, name: str, first: str, cause: str = ""
) -> Finding:
    """Return a finding about a term, which may stand in a record that is somebody else's."""
    placed = finding if above is step else replace(finding, fix=ELSEWHERE)
    return state(
        placed,
        evidence=(_placed(step, above),),
        term=step.term,
        above=above.term,
        name=name,
        first=first,
        cause=cause,
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
