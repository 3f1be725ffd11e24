"""One record seen from two standpoints: what is said, and that silence says nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from dnscheck.answers import Answer, Reason, Status, Value
from dnscheck.findings import Finding, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import judge
from dnscheck.standpoints import records
from dnscheck.standpoints.records import View, compare, in_words, is_other_zone, named
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import check_texts, codes_in, edited, judged
from tests.fakes import FakeDns

NAME = "shop.example"
TOKEN = RequiredRecord(Purpose.CHALLENGE, NAME, "TXT", "token=1", Match.EXACT)
NEW, OLD, OTHER = "token=1", "token=0", "token=2"
NOTHING = Status.NO_NAME


def view(*said: str | Status | Reason, record: RequiredRecord = TOKEN, **fields: object) -> View:
    """Return what somebody says: values, a denial, or why there is no answer; and its judgement."""
    answer = Answer(NAME, "TXT", Status.FOUND, server="192.0.2.1:53")
    for word in said:
        if isinstance(word, Status):
            answer = replace(answer, status=word)
        elif isinstance(word, Reason):
            answer = replace(answer, status=Status.UNKNOWN, reason=word)
        else:
            answer = replace(answer, values=(*answer.values, Value(word, (word,))))
    answer = replace(answer, **fields)  # type: ignore[arg-type]
    judgement = asyncio.run(judge(record, answer, FakeDns().ask))
    return View(answer, judgement)


Views = Mapping[str, tuple[View, ...]]


def servers(*views: View) -> Views:
    """Return views as those of ns1, ns2 and so on, each with one address."""
    return {f"ns{number}.example": (one,) for number, one in enumerate(views, 1)}


@dataclass(frozen=True)
class Row:
    """What is seen here and there, and what is to be told; without codes, what is seen here."""

    about: str
    here: View
    there: Views
    codes: tuple[str, ...] = ()
    is_other_zone: bool = False
    says: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.about


ROWS = [
    Row(
        "the old value is still remembered",
        view(OLD, ttl=300),
        servers(view(NEW), view(NEW)),
        ("view.caches-follow",),
        says=("what was there before, for 5 minutes at most.", "Wait."),
    ),
    Row(
        "that there was nothing is still remembered",
        view(NOTHING, ttl=45, minimum=7200),
        servers(view(NEW)),
        ("view.caches-follow",),
        says=("no such record, for 45 seconds at most; others may for 2 hours.",),
    ),
    Row(
        "remembered for nobody knows how long",
        view(NOTHING),
        servers(view(NEW)),
        ("view.caches-follow",),
        says=("keeps that there was no such record.",),
    ),
    Row(
        "one server is behind",
        view(OLD),
        servers(view(NEW, "x"), view(OLD, "x"), view(NEW, "x")),
        ("view.servers-differ",),
        says=("1 of 3 name servers", "ask ns2.example see"),
    ),
    Row(
        "one address of a server is behind",
        view(NOTHING),
        {"ns1.example": (view(NEW), view(NOTHING)), "ns2.example": (view(NEW),)},
        ("view.servers-differ",),
        says=("1 of 2 name servers", "ns1.example"),
    ),
    Row(
        "a silent server counts neither way",
        view(OLD),
        servers(view(NEW), view(Reason.TIMEOUT)),
        ("view.caches-follow",),
    ),
    Row(
        "none is right, and each says something else",
        view(OLD),
        servers(view(OLD), view(OTHER)),
        ("token.missing", "view.servers-disagree"),
        says=("do not agree",),
    ),
    Row(
        "it was changed to something wrong",
        view(OLD),
        servers(view(OTHER), view(OTHER)),
        ("token.missing", "view.changed-not-right"),
        says=("The resolver still sees what was there before.",),
    ),
    Row("it is wrong everywhere", view(OLD), servers(view(OLD), view(OLD))),
    Row("it is nowhere", view(NOTHING), servers(view(Status.NO_RECORD), view(NOTHING))),
    Row(
        "only the resolver cannot tell, and it is right",
        view(Reason.TIMEOUT),
        servers(view(NEW)),
        ("dns.could-not-ask", "view.right-at-servers"),
    ),
    Row(
        "only the resolver cannot tell, and it is missing",
        view(Reason.SERVFAIL),
        servers(view(NOTHING), view(NOTHING)),
        ("dns.could-not-ask", "view.wrong-at-servers"),
        says=(f"The token at {NAME} is missing", "add the TXT record"),
    ),
    Row(
        "the resolver serves another copy, public is right",
        view(NOTHING, flags=("AA",)),
        servers(view(NEW)),
        ("view.split-horizon",),
    ),
    Row(
        "the resolver's resolver serves another copy, public is right",
        view(NOTHING, ttl=60),
        servers(view(NEW)),
        ("view.split-horizon",),
        is_other_zone=True,
    ),
    Row(
        "right only inside",
        view(NEW, flags=("AA",)),
        servers(view(NOTHING)),
        ("view.wrong-outside",),
        says=("add the TXT record",),
    ),
    Row(
        "wrong inside, and otherwise wrong outside",
        view(OLD, flags=("AA",)),
        servers(view(OTHER)),
        ("view.wrong-outside",),
    ),
    Row("the resolver serves the zone itself", view(NEW, flags=("AA",)), servers(view(NEW))),
    Row("a right value is remembered that is gone", view(NEW), servers(view(NOTHING))),
    Row("no server can be asked", view(OLD), servers(view(Reason.LAME), view(Reason.TIMEOUT))),
    Row("no server is known", view(OLD), {}),
]


def told(row: Row) -> tuple[Finding, ...]:
    """Compare what a row holds."""
    return compare(TOKEN, row.here, row.there, is_other_zone=row.is_other_zone)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_told_from_two_standpoints(row: Row) -> None:
    """The right thing is said, in whole sentences; where nothing helps, what the resolver saw."""
    findings = told(row)
    if not row.codes:
        assert findings == row.here.judgement.findings
        return
    assert tuple(finding.code for finding in findings) == row.codes
    check_texts(findings[-1])
    assert findings[-1].severity is not Severity.ERROR
    for words in row.says:
        assert words in f"{findings[-1].title} {findings[-1].why} {findings[-1].fix}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.codes], ids=str)
def test_the_edits_are_for_what_the_servers_publish(row: Row) -> None:
    """Made by the letter at the DNS host, they leave the record right; made ones are not shown."""
    texts = {view.answer.texts for views in row.there.values() for view in views if view.tells}
    for finding in told(row):
        if finding.edits and len(texts) == 1:
            [published] = texts
            after = edited({(NAME, "TXT"): published} if published else {}, finding.edits)
            assert judged(TOKEN, after).verdict is RecordVerdict.OK
        assert not (finding.edits and texts == {(NEW,)})


def test_every_code_has_a_row() -> None:
    """Nothing can be said that no row shows."""
    shown = {code for row in ROWS for code in row.codes if code.startswith("view.")}
    assert codes_in(records) == shown


def test_the_evidence_is_what_the_servers_do_not_share() -> None:
    """Each server with its own values; those of all say nothing."""
    [finding] = compare(
        TOKEN, view(OLD), servers(view(NEW, "v=spf1 -all"), view(OLD, "v=spf1 -all"))
    )
    assert finding.evidence == ("ns1.example: token=1", "ns2.example: token=0")
    [finding] = compare(TOKEN, view(OLD), servers(view(NEW), view(NOTHING)))
    assert finding.evidence == ("ns1.example: token=1", "ns2.example: (no such record)")


def start(*texts: str) -> Answer:
    """Return an SOA record as somebody has it."""
    status = Status.FOUND if texts else Status.UNKNOWN
    return Answer(NAME, "SOA", status, tuple(map(Value, texts)))


@pytest.mark.parametrize(
    ("here", "there", "other"),
    [
        pytest.param(start("a. h. 1 2 3 4 5"), [start("A. h. 9 2 3 4 5")], False, id="a serial"),
        pytest.param(start("a. h. 1"), [start("b. h. 1"), start("a. h. 1")], False, id="of two"),
        pytest.param(start("dc1. h. 1"), [start("a. h. 1"), start()], True, id="another server"),
        pytest.param(start("a. h. 1"), [start()], False, id="no server tells"),
        pytest.param(start(), [start("a. h. 1")], False, id="the resolver does not tell"),
    ],
)
def test_two_copies_of_a_zone_are_known_by_their_start(
    here: Answer, there: list[Answer], other: bool
) -> None:
    """Another first server or person in charge; not another age."""
    assert is_other_zone(here, there) is other


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (121, "3 minutes"),
        (3600, "60 minutes"),
        (7200, "2 hours"),
        (172_800, "2 days"),
    ],
)
def test_times_are_told_as_people_wait(seconds: int, words: str) -> None:
    """In one unit, and never too short."""
    assert in_words(seconds) == words


def test_a_sentence_names_a_few_servers() -> None:
    """Many names would hide what is said."""
    assert named(["a", "b", "c"]) == "a, b, c"
    assert named("abcde") == "a, b, c and 2 more"
