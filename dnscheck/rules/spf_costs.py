"""What an SPF record leads to: dead ends, circles, and more look-ups than receivers make.

Each breaks the mail that receivers come to afterwards. It is an error where that is mail through
a provider that is wanted, and a warning where such mail has passed before.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from dnscheck.findings import Finding, Severity
from dnscheck.rules.spf_terms import Remark
from dnscheck.rules.spf_walk import Way
from dnscheck.spf.comparing import meaning
from dnscheck.spf.forecast import DEAD, LIMIT, VOID_LIMIT, Forecast, Problem, Step, every, top
from dnscheck.spf.terms import QUALIFIERS, is_all, is_modifier, lookup_of, terms_of, text_of

DEAD_INCLUDE = Finding(
    "spf.dead-include",
    Severity.ERROR,
    "The SPF record at {name} leads to a dead end",
    "Behind {mechanisms} there is no SPF record, or more than one. Receivers that come to it stop "
    "with a permanent error (RFC 7208 section 5.2).",
    "Change the TXT record at {name} to the value shown, without it. If somebody still sends "
    "through it, ask them for the right name, or to keep one record there.",
)
LOOP = Finding(
    "spf.loop",
    Severity.ERROR,
    "The SPF record at {name} includes itself",
    "At {mechanisms} receivers go round until their look-ups are used up, and stop with a "
    "permanent error (RFC 7208 section 4.6.4).",
    "Change the TXT record at {name} to the value shown, without it.",
)
UNREACHABLE = Finding(
    "spf.unreachable",
    Severity.ERROR,
    "Receivers stop before they come to the provider in the SPF record at {name}",
    "Behind {mechanisms} a term leads in a circle, or to no SPF record. There receivers stop with "
    "a permanent error (RFC 7208 section 5.2).",
    "Change the TXT record at {name} to the value shown, where {mechanisms} comes last. Drop it if "
    "nobody sends through it any more, otherwise tell whoever looks after it.",
)
FAULTY_INCLUDE = Finding(
    "spf.faulty-include",
    Severity.WARNING,
    "The SPF record at {name} leads to a faulty one",
    "Behind {mechanisms} a term leads in a circle, or to no SPF record. Receivers that come to it "
    "stop with a permanent error (RFC 7208 section 5.2).",
    "Drop {mechanisms} if nobody sends through it any more, otherwise tell whoever looks after it.",
)
TOO_MANY_LOOKUPS = Finding(
    "spf.too-many-lookups",
    Severity.ERROR,
    "The SPF record at {name} takes {number} DNS look-ups, and {limit} are allowed",
    "Receivers that need more stop with a permanent error (RFC 7208 section 4.6.4), and SPF "
    "proves nothing. {taken}",
    "Drop the includes nobody sends through any more, the most costly first. If all are needed, "
    "let one provider send from a subdomain: its SPF record has {limit} look-ups of its own.",
)
TOO_MANY_VOIDS = Finding(
    "spf.too-many-voids",
    Severity.ERROR,
    "The SPF record at {name} takes {number} look-ups that find nothing, and {limit} are allowed",
    "Receivers may stop with a permanent error at one more (RFC 7208 section 4.6.4). Nothing is "
    "found at {mechanisms}.",
    "Drop the terms listed, or correct their names. One that stands in the record of somebody else "
    "is for them to correct.",
)

LEFT_OUT = (
    "Change the TXT record at {name} to the value shown, which leaves out what is said twice, what "
    "finds nothing, and ptr."
)

STOPS = (*DEAD, Problem.LOOP)
MOST_NAMED = 3  # of the terms in a sentence


@dataclass(frozen=True)
class Costs:
    """What the terms of a record lead to.

    `steps` are its terms that cost look-ups, as written, with what each leads to. The first
    `before` of them are taken before the last wanted mechanism, which costs `own` itself.
    """

    seen: Forecast
    steps: Sequence[tuple[str, Step]]
    before: int
    own: int
    wanted: frozenset[str]  # as they are compared
    name: str

    @classmethod
    def of(cls, seen: Forecast, way: Way, wanted: Sequence[str], name: str) -> "Costs":
        """Return the costs of a record from its forecast and the way to what is wanted."""
        costly = [at for at, term in enumerate(way.terms) if lookup_of(term)]
        terms = [way.terms[at] for at in costly]
        return cls(
            seen,
            steps=list(zip(terms, seen.steps, strict=False)),
            before=sum(at < way.before for at in costly),
            own=int(way.before in costly),
            wanted=frozenset(meaning(item, name).text for item in wanted),
            name=name,
        )

    @property
    def others(self) -> list[tuple[str, Step]]:
        """The steps other than those wanted, which are their provider's own concern."""
        return [(t, step) for t, step in self.steps if not self._is_wanted(t)]

    @property
    def stops(self) -> list[str]:
        """The terms that receivers do not get past; without them the record says as much."""
        return [term for term, step in self.others if step.problem in STOPS]

    @property
    def faulty(self) -> list[str]:
        """The terms that receivers do not get past because of a record further in."""
        return [term for term, step in self.others if self.stops_within(step)]

    @property
    def empty(self) -> list[str]:
        """The terms whose name has nothing, if there are more of those than receivers forgive."""
        if self.seen.voids <= VOID_LIMIT:
            return []
        return [term for term, step in self.others if step.voids and not step.children]

    def come_before(self, terms: Sequence[str]) -> bool:
        """Whether one of these is taken before all that is wanted was come to."""
        return any(term in terms for term, _ in self.steps[: self.before])

    def stops_within(self, step: Step) -> list[Step]:
        """Return the steps behind one that receivers do not get past."""
        inside = (inner for inner in every(step.children) if inner.problem in STOPS)
        return [inner for inner in inside if not self._is_wanted(inner.term)]

    def _is_wanted(self, term: str) -> bool:
        return meaning(term.lstrip(QUALIFIERS), self.name).text in self.wanted


def faulty_last(record: str, costs: Costs) -> str:
    """Return a record with the faulty terms behind all others, so that receivers pass those."""
    faulty = {meaning(term, costs.name).text for term in costs.faulty}
    terms = sorted(terms_of(record), key=lambda term: meaning(term, costs.name).text in faulty)
    return text_of(sorted(terms, key=lambda term: (is_modifier(term), is_all(term))))


def of_the_ends(costs: Costs, told: Collection[str]) -> Iterator[Remark]:
    """Yield what is to be said of dead ends and circles, but for the terms that were `told` of."""
    for finding, problems in ((DEAD_INCLUDE, DEAD), (LOOP, (Problem.LOOP,))):
        ends = [t for t, step in costs.others if step.problem in problems and t not in told]
        yield Remark(_at(finding, costs.come_before(ends)), ends)
    faulty = costs.faulty
    evidence = [
        f"{inner.term} behind {term}"
        for term, step in costs.others
        for inner in costs.stops_within(step)
    ]
    if costs.come_before(faulty):
        yield Remark(UNREACHABLE, faulty, evidence=evidence)
    else:
        yield Remark(FAULTY_INCLUDE, faulty, by_hand=True, evidence=evidence)


def of_the_limits(costs: Costs, later: Forecast) -> Iterator[Remark]:
    """Yield what is to be said of look-ups; `later` is the forecast of the value shown."""
    seen, before = costs.seen, [step for _, step in costs.steps[: costs.before]]
    if seen.lookups > LIMIT:
        taken = sum(step.lookups for step in before) + costs.own
        dear = [f"{step.term} ({step.lookups})" for step in top(seen)]
        finding, by_hand = _mended(TOO_MANY_LOOKUPS, later.lookups <= LIMIT)
        words = {"number": _number(seen, seen.lookups), "limit": str(LIMIT)}
        words["taken"] = taken_by(seen)
        yield Remark(_at(finding, taken > LIMIT), dear, by_hand, evidence=dear, words=words)
    if seen.voids > VOID_LIMIT:
        taken = sum(step.voids for step in before)
        empty = [step.term for step in every(seen.steps) if _is_empty(step)]
        finding, by_hand = _mended(TOO_MANY_VOIDS, later.voids <= VOID_LIMIT)
        words = {"number": _number(seen, seen.voids), "limit": str(VOID_LIMIT)}
        yield Remark(_at(finding, taken > VOID_LIMIT), empty, by_hand, evidence=empty, words=words)


def taken_by(seen: Forecast) -> str:
    """Return a sentence that says which terms of a record take the most look-ups."""
    dear = [f"{step.term} ({step.lookups})" for step in top(seen) if step.lookups > 1]
    if not dear:
        return "Each of the terms listed takes one, so it is their number that counts."
    return f"Most are taken by {', '.join(dear[:MOST_NAMED])}."


def _mended(finding: Finding, by_the_value: bool) -> tuple[Finding, bool]:
    """Return a finding with the way to mend it, and whether that is to be done by hand."""
    return (replace(finding, fix=LEFT_OUT) if by_the_value else finding), not by_the_value


def _at(finding: Finding, breaks_ours: bool) -> Finding:
    """Return a finding as an error where it breaks mail through a provider that is wanted."""
    severity = Severity.ERROR if breaks_ours else Severity.WARNING
    return replace(finding, severity=severity)


def _is_empty(step: Step) -> bool:
    return step.voids > sum(child.voids for child in step.children)


def _number(seen: Forecast, number: int) -> str:
    return str(number) if seen.complete else f"at least {number}"
