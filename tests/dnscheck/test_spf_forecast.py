"""What an SPF record would cost: look-ups counted as receivers count them, before it is there."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Answer, Reason
from dnscheck.findings import Severity
from dnscheck.spf.advice import findings
from dnscheck.spf.forecast import (
    MOST_QUESTIONS,
    MOST_STEPS,
    Forecast,
    Problem,
    every,
    forecast,
    top,
)
from tests.dnscheck.judging import Published, check_texts
from tests.fakes import FakeDns

NAME = "shop.example"


def spf(name: str, *texts: str) -> Published:
    """Return a name that publishes these texts."""
    return {(name, "TXT"): texts}


def foreseen(record: str, published: Published, *, default: Reason | None = None) -> Forecast:
    """Forecast a record at the shop."""
    return asyncio.run(forecast(record, NAME, FakeDns(dict(published), default=default).ask))


@dataclass(frozen=True)
class Row:
    """A record, what others publish, and what it costs; problems by term, in the tree's order."""

    about: str
    terms: str
    published: Published
    lookups: int
    voids: int = 0
    problems: dict[str, Problem] = field(default_factory=dict)
    complete: bool = True
    codes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.about


IPS = "v=spf1 ip4:192.0.2.1 -all"
A, HUB = spf("a.example", IPS), spf("hub.example", "v=spf1 include:a.example mx:b.example ~all")
B_MX: Published = {("b.example", "MX"): ("10 in.b.example",)}
DEAD, MANY = "spf.forecast-dead-include", "spf.forecast-too-many-lookups"
VOIDS, LOOP = "spf.forecast-too-many-voids", "spf.forecast-loop"
GONE = {"redirect=gone.example": Problem.NO_SUCH_NAME}
ROWS = [
    Row("nothing to look up", "ip4:192.0.2.1 ip6:2001:db8::1 exp=e.example -all", {}, 0),
    Row("one include", "include:a.example -all", A, 1),
    Row("refusing costs as much", "-include:a.example ?include:a.example -all", A, 2),
    Row("behind an include", "include:hub.example ~all", {**A, **HUB, **B_MX}, 3),
    Row(
        "twice counts twice",
        "include:a.example include:hub.example ~all",
        {**A, **HUB, **B_MX},
        4,
    ),
    Row("redirect", "redirect=a.example", A, 1),
    Row("redirect beside all", "redirect=a.example -all", {}, 0),
    Row(
        "redirect comes last",
        "redirect=gone.example include:a.example",
        A,
        2,
        1,
        GONE,
        codes=(DEAD,),
    ),
    Row("nothing counts after all", "-all include:a.example mx", {}, 0),
    Row("capitals and a dot", "INCLUDE:A.Example. -ALL", A, 1),
    Row("ptr and exists are not asked", "ptr ptr:x.example exists:x.example -all", {}, 3),
    Row("its own address and mx", "a mx -all", {(NAME, "AAAA"): ("::1",)}, 2, 1),
    Row("a name with one address", "a:x.example/24 -all", {("x.example", "A"): ("192.0.2.1",)}, 1),
    Row(
        "bare terms mean the name of their own record",
        "include:b.example -all",
        {**spf("b.example", "v=spf1 mx -all"), **B_MX},
        2,
    ),
    Row("a macro in an address", "a:%{d}.x.example exists:%{i}.x.example -all", {}, 2),
    Row(
        "a macro in an include",
        "include:%{d}.x.example -all",
        {},
        1,
        problems={"include:%{d}.x.example": Problem.MACRO},
        complete=False,
    ),
    Row(
        "no record there",
        "include:a.example -all",
        spf("a.example", "hello"),
        1,
        problems={"include:a.example": Problem.NO_RECORD},
        codes=(DEAD,),
    ),
    Row(
        "no text there",
        "include:a.example -all",
        {("a.example", "MX"): ("10 x.example",)},
        1,
        1,
        {"include:a.example": Problem.NO_RECORD},
        codes=(DEAD,),
    ),
    Row(
        "no such name",
        "redirect=a.example",
        {},
        1,
        1,
        {"redirect=a.example": Problem.NO_SUCH_NAME},
        codes=(DEAD,),
    ),
    Row(
        "a name that cannot be",
        "include:a..example -all",
        {("a..example", "TXT"): Reason.BAD_NAME},
        1,
        problems={"include:a..example": Problem.NO_SUCH_NAME},
        codes=(DEAD,),
    ),
    Row(
        "two records, further in",
        "include:hub.example -all",
        {**HUB, **B_MX, **spf("a.example", IPS, IPS + "l")},
        3,
        problems={"include:a.example": Problem.TWO_RECORDS},
        codes=(DEAD,),
    ),
    Row(
        "could not ask",
        "include:a.example include:hub.example -all",
        {("a.example", "TXT"): Reason.TIMEOUT, **HUB, **B_MX},
        4,
        problems={"include:a.example": Problem.COULD_NOT_ASK},
        complete=False,
    ),
    Row(
        "an address could not be asked",
        "a -all",
        {(NAME, "A"): Reason.SERVFAIL},
        1,
        problems={"a": Problem.COULD_NOT_ASK},
        complete=False,
    ),
    Row(
        "includes itself",
        f"include:{NAME} -all",
        spf(NAME, IPS),
        1,
        problems={f"include:{NAME}": Problem.LOOP},
        codes=(LOOP,),
    ),
    Row(
        "a circle further in",
        "include:one.example -all",
        {
            **spf("one.example", "v=spf1 include:two.example"),
            **spf("two.example", "v=spf1 include:One.example"),
        },
        3,
        problems={"include:One.example": Problem.LOOP},
        codes=(LOOP,),
    ),
    Row(
        "ten is allowed",
        "include:big.example -all",
        spf("big.example", "v=spf1" + " exists:x.example" * 9),
        10,
    ),
    Row(
        "eleven is not",
        "include:big.example a:big.example -all",
        {
            **spf("big.example", "v=spf1" + " exists:x.example" * 9),
            ("big.example", "A"): ("192.0.2.1",),
        },
        11,
        codes=(MANY,),
    ),
    Row("two that find nothing", "mx:x.example a:y.example -all", {}, 2, 2),
    Row(
        "three that find nothing",
        "mx:x.example a:y.example include:b.example -all",
        spf("b.example", "v=spf1 a:z.example -all"),
        4,
        3,
        codes=(VOIDS,),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_it_costs(row: Row) -> None:
    """Look-ups, those that find nothing, and what is the matter with which term."""
    seen = foreseen(f"v=spf1 {row.terms}", row.published)
    assert (seen.lookups, seen.voids, seen.complete) == (row.lookups, row.voids, row.complete)
    problems = {step.term: step.problem for step in every(seen.steps) if step.problem}
    assert problems == row.problems
    said = findings(seen, NAME)
    assert tuple(finding.code for finding in said) == row.codes
    for finding in said:
        check_texts(finding)
        assert finding.severity is Severity.WARNING
    assert Forecast.from_json(json.loads(json.dumps(seen.as_json()))) == seen


def test_the_tree_tells_what_costs_most() -> None:
    """Each term with all behind it; the most costly of the record itself first."""
    seen = foreseen(
        "v=spf1 include:a.example include:hub.example mx:b.example -all", {**A, **HUB, **B_MX}
    )
    assert [(step.term, step.lookups) for step in seen.steps] == [
        ("include:a.example", 1),
        ("include:hub.example", 3),
        ("mx:b.example", 1),
    ]
    assert [step.term for step in seen.steps[1].children] == ["include:a.example", "mx:b.example"]
    assert [step.term for step in top(seen)] == [
        "include:hub.example",
        "include:a.example",
        "mx:b.example",
    ]


def test_too_many_names_the_most_costly() -> None:
    """The admin reads where to save, and that there may be more."""
    big = spf("big.example", "v=spf1" + " exists:x.example" * 9)
    seen = foreseen("v=spf1 include:a.example include:big.example -all", {**A, **big})
    [finding] = findings(seen, NAME)
    assert "takes 11 DNS look-ups" in finding.title
    assert "taken by include:big.example (10)." in finding.why
    assert finding.evidence == ("include:big.example (10)", "include:a.example (1)")
    seen = foreseen(
        "v=spf1 include:a.example include:big.example -all",
        {**big, ("a.example", "TXT"): Reason.TIMEOUT},
    )
    [finding] = findings(seen, NAME)
    assert "at least 11 DNS look-ups" in finding.title


def test_a_dead_end_is_named_with_the_way_to_it() -> None:
    """Its own include can be dropped; one in another's record is that owner's, or goes whole."""
    [own] = findings(foreseen("v=spf1 include:gone.example -all", {}), NAME)
    assert "include:gone.example" in own.title
    assert "gone.example does not exist" in own.why
    assert own.evidence == ("include:gone.example",)
    hub = spf("hub.example", "v=spf1 include:gone.example")
    [further] = findings(foreseen("v=spf1 include:hub.example -all", hub), NAME)
    assert "behind include:hub.example" in further.fix
    assert further.evidence == ("include:gone.example behind include:hub.example",)
    both = "v=spf1 include:hub.example include:gone.example -all"
    assert findings(foreseen(both, hub), NAME)[0].evidence == own.evidence


def test_an_own_circle_can_be_cut() -> None:
    """The term itself is dropped, or the include that leads into the circle."""
    [own] = findings(foreseen(f"v=spf1 include:{NAME} -all", {}), NAME)
    assert own.fix == "Before you publish it: Drop the term."
    hub = spf("hub.example", "v=spf1 include:hub.example")
    [further] = findings(foreseen("v=spf1 include:hub.example -all", hub), NAME)
    assert "behind include:hub.example" in further.fix


def test_what_is_published_already_is_mended_now() -> None:
    """The same is said of a record that stands, without telling what to do before."""
    seen = foreseen("v=spf1 include:gone.example a:x.example a:y.example -all", {})
    for ahead, now in zip(
        findings(seen, NAME), findings(seen, NAME, is_published=True), strict=True
    ):
        check_texts(now)
        assert ahead.code == now.code
        assert ahead.fix == f"Before you publish it: {now.fix}"


def test_what_was_said_of_the_published_record_is_not_said_again() -> None:
    """One matter, one finding: the judge has told the look-ups and the faults further in."""
    hub = spf("hub.example", f"v=spf1 include:gone.example include:{NAME}" + " mx:x.example" * 9)
    seen = foreseen("v=spf1 include:hub.example -all", hub)
    said = {finding.code for finding in findings(seen, NAME)}
    assert said == {DEAD, LOOP, MANY, VOIDS}
    told = {"spf.too-many-lookups": MANY, "spf.too-many-voids": VOIDS}
    for code, left_out in told.items():
        assert {one.code for one in findings(seen, NAME, told={code})} == said - {left_out}
    for code in ("spf.faulty-include", "spf.unreachable"):
        assert {one.code for one in findings(seen, NAME, told={code})} == {MANY, VOIDS}
    assert findings(seen, NAME, told={"spf.mechanism-missing"}) == findings(seen, NAME)


def test_includes_of_one_level_are_asked_at_once() -> None:
    """Nobody waits for one include to ask for the next."""
    dns = FakeDns({**A, **spf("b.example", IPS)})
    waiting: list[str] = []
    together = asyncio.Event()

    async def ask(name: str, type: str) -> Answer:
        waiting.append(name)
        if len(waiting) == 3:
            together.set()
        await together.wait()
        return await dns.ask(name, type)

    record = "v=spf1 include:a.example include:b.example include:a.example -all"
    seen = asyncio.run(asyncio.wait_for(forecast(record, NAME, ask), timeout=5))
    assert (seen.lookups, waiting) == (3, ["a.example", "b.example", "a.example"])


def test_hostile_records_are_cut() -> None:
    """Endless rows and ever new names end the walk, and the number is the least there is."""
    wide = " ".join(f"include:n{number}.example" for number in range(150))
    dns = FakeDns({(f"n{number}.example", "TXT"): (IPS,) for number in range(150)})
    seen = asyncio.run(forecast(f"v=spf1 {wide}", NAME, dns.ask))
    assert (dns.questions, seen.lookups, seen.complete) == (MOST_QUESTIONS, 150, False)
    deep = {
        key: values
        for number in range(50)
        for key, values in spf(
            f"n{number}.example", f"v=spf1 include:n{number + 1}.example"
        ).items()
    }
    seen = foreseen("v=spf1 include:n0.example", deep)
    assert (seen.lookups, seen.complete) == (11, False)
    assert [step.problem for step in every(seen.steps)][-1] is Problem.TOO_DEEP
    doubling = {
        key: values
        for number in range(20)
        for key, values in spf(
            f"n{number}.example", "v=spf1" + f" include:n{number + 1}.example" * 20
        ).items()
    }
    seen = foreseen("v=spf1 include:n0.example", doubling)
    assert (len(list(every(seen.steps))), seen.complete) == (MOST_STEPS, False)
    long = foreseen("v=spf1 include:a.example", spf("a.example", "v=spf1 " + "a:x.e " * 40_000))
    assert not long.complete
    assert len(json.dumps(long.as_json())) < 50_000


LINKS = ["include:shop.example", "include:hub.example", "include:a.example", "redirect=hub.example"]
SLIPS = ["include:", "redirect=", "ptr:", "mx:/33", "include", "~", "x=y"]
TERMS = st.sampled_from([*LINKS, *SLIPS, "a", "mx", "a:d.example", "-all"])
TEXTS = st.lists(TERMS, max_size=6).map(lambda terms: " ".join(["v=spf1", *terms]))


@given(TEXTS, st.lists(TEXTS, max_size=2), st.sampled_from([None, *Reason]))
def test_nothing_published_makes_it_stumble(
    record: str, behind: list[str], reason: Reason | None
) -> None:
    """Any record ends in a number that its tree adds up to."""
    seen = foreseen(record, {("hub.example", "TXT"): tuple(behind)}, default=reason)
    steps = list(every(seen.steps))
    assert seen.lookups == len(steps)
    for finding in findings(seen, NAME):
        check_texts(finding)
