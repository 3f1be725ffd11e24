"""Name servers that are of no use, that others name, and signatures that do not hold."""

from dataclasses import dataclass

import pytest

from dnscheck.answers import Answer, Reason, Status, Value
from dnscheck.findings import Finding
from dnscheck.standpoints import servers
from dnscheck.standpoints.servers import Answers, dnssec, parent_differs, useless
from dnscheck.zone import Zone
from tests.dnscheck.judging import check_texts, codes_in

ZONE = "shop.example"
FOUND, NOTHING = Status.FOUND, Status.NO_NAME


def answer(
    said: Status | Reason,
    server: str = "192.0.2.1:53",
    *,
    type: str = "TXT",
    detail: str = "",
    flags: tuple[str, ...] = (),
) -> Answer:
    """Return one answer, or why there is none."""
    if isinstance(said, Reason):
        unknown = Status.UNKNOWN
        return Answer(ZONE, type, unknown, reason=said, server=server, detail=detail)
    return Answer(ZONE, type, said, server=server, flags=flags)


SIX = "[2001:db8::1]:53"
GOOD = (answer(FOUND),)
CUT = answer(Reason.TRUNCATED)


@dataclass(frozen=True)
class Row:
    """How the servers answered, and what is to be said of them."""

    about: str
    asked: tuple[Answers, ...]
    codes: tuple[str, ...] = ()
    says: str = ""
    at_resolver: Status | Reason = NOTHING

    def __str__(self) -> str:
        return self.about


def two(*second: Answer) -> tuple[Answers, ...]:
    """Return how two servers answered, of which the first is good."""
    return ({"ns1.example": GOOD, "ns2.example": second},)


ROWS = [
    Row("all answer", two(answer(NOTHING))),
    Row(
        "one refuses",
        two(answer(Reason.REFUSED)),
        ("view.lame-server",),
        "ns2.example (192.0.2.1:53) refuses.",
    ),
    Row("one knows nothing", two(answer(Reason.LAME)), ("view.lame-server",), "not know the zone"),
    Row("one fails", two(answer(Reason.SERVFAIL)), ("view.lame-server",), "fails"),
    Row("one has no address", two(), ("view.lame-server",), "ns2.example has no public address"),
    Row(
        "one address of a server refuses",
        two(answer(FOUND, SIX), answer(Reason.REFUSED)),
        ("view.lame-server",),
        "(192.0.2.1:53) refuses",
    ),
    Row(
        "one is silent",
        two(answer(Reason.TIMEOUT)),
        ("view.silent-server",),
        "Nothing came back from ns2.example.",
    ),
    Row(
        "silent, then refusing",
        (
            {"ns1.example": GOOD, "ns2.example": (answer(Reason.TIMEOUT),)},
            *two(answer(Reason.LAME)),
        ),
        ("view.lame-server",),
    ),
    Row(
        "once silent, once not",
        (*two(answer(Reason.TIMEOUT)), *two(answer(FOUND))),
    ),
    Row("this machine has no IPv6", two(answer(FOUND), answer(Reason.UNREACHABLE, SIX))),
    Row("a server of IPv6 only, and none here", two(answer(Reason.UNREACHABLE, SIX))),
    Row("nobody listens", two(answer(Reason.UNREACHABLE)), ("view.silent-server",)),
    Row("the time was up", two(answer(Reason.BUDGET))),
    Row("its records go in a circle", two(answer(Reason.LOOP))),
    Row("the way to all of them is barred", ({"ns1.example": (answer(Reason.TIMEOUT),)},)),
    Row(
        "all are silent, to the resolver too",
        ({"ns1.example": (answer(Reason.TIMEOUT),)},),
        ("view.silent-server",),
        at_resolver=Reason.SERVFAIL,
    ),
    Row(
        "all refuse, the resolver too has nothing",
        ({"ns1.example": (answer(Reason.REFUSED),), "ns2.example": ()},),
        ("view.no-server",),
        "ns1.example (192.0.2.1:53) refuses, ns2.example has no public address",
        at_resolver=Reason.SERVFAIL,
    ),
    Row(
        "one refuses, nobody knows of the other",
        ({"ns1.example": (answer(Reason.REFUSED),), "ns2.example": (answer(Reason.BUDGET),)},),
        ("view.lame-server",),
        at_resolver=Reason.SERVFAIL,
    ),
    Row(
        "one refuses, the other is silent",
        ({"ns1.example": (answer(Reason.REFUSED),), "ns2.example": (answer(Reason.TIMEOUT),)},),
        ("view.no-server",),
        "ns1.example (192.0.2.1:53) refuses, ns2.example is silent",
        at_resolver=Reason.SERVFAIL,
    ),
    Row("packets over IPv6 are lost on the way", two(answer(Reason.TIMEOUT, SIX))),
    Row(
        "a server of IPv6 only is silent where another one is not",
        ({"ns1.example": (answer(FOUND, SIX),), "ns2.example": (answer(Reason.TIMEOUT, SIX),)},),
        ("view.silent-server",),
    ),
    Row(
        "one has no such zone",
        (
            {
                "ns1.example": (answer(FOUND, type="SOA"),),
                "ns2.example": (answer(NOTHING, type="SOA"),),
            },
        ),
        ("view.lame-server",),
        "ns2.example (192.0.2.1:53) does not know the zone",
    ),
    Row(
        "the name is none of a zone",
        (
            {
                "ns1.example": (answer(Status.NO_RECORD, type="SOA"),),
                "ns2.example": (answer(Status.NO_RECORD, type="SOA"),),
            },
        ),
    ),
    Row("one cuts its answer off", two(answer(Reason.TRUNCATED))),
    Row(
        "one cuts its answer off, and the resolver has none",
        two(answer(Reason.TRUNCATED)),
        ("view.no-tcp",),
        "nothing came from ns2.example.",
        at_resolver=Reason.TRUNCATED,
    ),
    Row(
        "one cuts its answer off, the other sends it over TCP",
        ({"ns1.example": (answer(FOUND, flags=("TC",)),), "ns2.example": (CUT,)},),
        ("view.no-tcp",),
    ),
    Row("no server is known", ()),
]


def codes(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the codes of findings whose texts are whole."""
    for finding in findings:
        check_texts(finding)
    return tuple(finding.code for finding in findings)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_servers_are_judged_by_how_they_answer(row: Row) -> None:
    """Who does not serve the zone is named; what may be the fault of this machine is not."""
    findings = useless(ZONE, row.asked, [answer(row.at_resolver)])
    assert codes(findings) == row.codes
    assert all(row.says in finding.why for finding in findings)


def above(*names: str, status: Status = FOUND) -> Answer:
    """Return the name servers that the level above has."""
    return Answer(ZONE, "NS", status, tuple(map(Value, names)))


@pytest.mark.parametrize(
    ("zone", "delegated", "words"),
    [
        (("a", "b"), above("b", "a"), ""),
        (("a", "b"), above("a"), "itself. Only in the zone: b."),
        (("a",), above("a", "b", "c"), "itself. Only above: b, c."),
        (("a", "b"), above("a", "c"), "itself. Only above: c. Only in the zone: b."),
        (("a",), above(status=Status.UNKNOWN), ""),
        (("a",), above(status=NOTHING), ""),
        ((), above("a"), ""),
    ],
)
def test_the_level_above_and_the_zone_name_the_same(
    zone: tuple[str, ...], delegated: Answer, words: str
) -> None:
    """A difference is told with the names; what nobody told is no difference."""
    findings = parent_differs(Zone(ZONE, zone), delegated)
    assert codes(findings) == (("view.parent-differs",) if words else ())
    assert all(finding.why.endswith(words) for finding in findings)


@pytest.mark.parametrize(
    ("at_resolver", "code"),
    [
        ([answer(Reason.BOGUS)], "view.dnssec-bogus"),
        ([answer(FOUND), answer(Reason.BOGUS, detail="9 (DNSKEY Missing)")], "view.dnssec-bogus"),
        ([answer(Reason.BOGUS, detail="7 (Signature Expired): x")], "view.dnssec-expired"),
        ([answer(Reason.BOGUS, detail="Signature Expired: 2026-01-02")], "view.dnssec-expired"),
        ([answer(Reason.SERVFAIL, detail="22 (No Reachable Authority)")], ""),
        ([], ""),
    ],
)
def test_broken_signatures_are_told_from_expired_ones(at_resolver: list[Answer], code: str) -> None:
    """What the resolver says of them is shown; a plain failure is none."""
    findings = dnssec(ZONE, at_resolver)
    assert codes(findings) == ((code,) if code else ())
    for finding in findings:
        assert all(text in [answer.detail for answer in at_resolver] for text in finding.evidence)


def test_every_code_is_shown() -> None:
    """Nothing can be said that no row shows."""
    shown = {code for row in ROWS for code in row.codes}
    shown |= {"view.parent-differs", "view.dnssec-bogus", "view.dnssec-expired"}
    assert codes_in(servers) == shown
