"""Records in the wrong place: what is said, that the edits move them, and what wildcards hide."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lab.zones import KEY
from dnscheck.answers import Answer, Reason, Status
from dnscheck.findings import Action, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import around, host, judge, places, wildcards
from dnscheck.rules.likeness import nearly
from smtp.providers.base import Match, Purpose
from tests.dnscheck import judging
from tests.dnscheck.judging import (
    MISSING,
    OK,
    UNKNOWN,
    WRONG,
    Published,
    Row,
    check,
    check_edits,
    check_texts,
    codes_in,
    codes_of,
    edited,
    judged,
)

APEX, SUB = "shop.example", "news.shop.example"
TARGET, HOST = "s1.mail.provider.example", "feedback.provider.example"
KEY_TEXT, POLICY = f"v=DKIM1; k=rsa; n=ours; p={KEY}", "v=DMARC1; p=reject"
DKIM = RequiredRecord(
    Purpose.DKIM, f"s1._domainkey.{APEX}", "TXT", f"v=DKIM1; p={KEY}", Match.DKIM_KEY
)
BELOW = replace(DKIM, name=f"s1._domainkey.{SUB}")
ALIAS = replace(DKIM, type="CNAME", value=TARGET, match=Match.CNAME)
TRACKING = replace(ALIAS, name=f"links.{APEX}")
DMARC = RequiredRecord(Purpose.DMARC, f"_dmarc.{APEX}", "TXT", "v=DMARC1; p=none", Match.DMARC)
TOKEN = RequiredRecord(Purpose.CHALLENGE, APEX, "TXT", "elastx-mrs=f7ee5ec7312165", Match.EXACT)
NAMED = replace(TOKEN, name=f"_check.{APEX}")
MX = RequiredRecord(Purpose.RETURN_PATH, f"send.{APEX}", "MX", HOST, Match.MX_ONLY, priority=10)
SPF = RequiredRecord(
    Purpose.SPF, APEX, "TXT", "v=spf1 ip4:192.0.2.1 ~all", Match.SPF, mechanisms=("ip4:192.0.2.1",)
)
CO_UK = replace(MX, name="send.acme.co.uk")
IDN = replace(DMARC, name="_dmarc.xn--bcher-kva.example")
RIGHT = {
    DKIM: KEY_TEXT,
    BELOW: KEY_TEXT,
    ALIAS: TARGET,
    DMARC: POLICY,
    IDN: POLICY,
    TOKEN: TOKEN.value,
    NAMED: TOKEN.value,
    MX: f"30 {HOST}",
    SPF: "v=spf1 mx ip4:192.0.2.1 -all",
}
THERE: Published = {(TARGET, "TXT"): ("p=abc",)}

DOUBLED, LABEL, MISSPELT = "host.doubled", "host.doubled-label", "host.misspelt"
NO_UNDERSCORE, AT_SIGN, AT_DOMAIN = "host.no-underscore", "host.at-sign", "host.at-domain"
MOVED = [
    (DKIM, f"s1._domainkey.{APEX}.{APEX}", DOUBLED),
    (BELOW, f"s1._domainkey.{SUB}.{SUB}", DOUBLED),
    (BELOW, f"s1._domainkey.{SUB}.{APEX}", DOUBLED),
    (BELOW, f"s1._domainkey.news.{SUB}", LABEL),
    (DKIM, f"s1._domainkey.shop.{APEX}", LABEL),
    (MX, f"send.shop.{APEX}", LABEL),
    (CO_UK, "send.acme.acme.co.uk", LABEL),
    (DKIM, f"s1._domainkey._domainkey.{APEX}", LABEL),
    (DKIM, f"s1._domainkey.{APEX}._domainkey.{APEX}", DOUBLED),
    (MX, f"send.send.{APEX}", LABEL),
    (MX, f"send.{APEX}.{APEX}", DOUBLED),
    (TOKEN, f"{APEX}.{APEX}", DOUBLED),
    (SPF, f"{APEX}.{APEX}", DOUBLED),
    (DMARC, f"_dmarc._dmarc.{APEX}", LABEL),
    (TOKEN, f"@.{APEX}", AT_SIGN),
    (DMARC, f"_dmarc.@.{APEX}", AT_SIGN),
    (DMARC, f"dmarc.{APEX}", NO_UNDERSCORE),
    (NAMED, f"check.{APEX}", NO_UNDERSCORE),
    (ALIAS, f"s1.domainkey.{APEX}", NO_UNDERSCORE),
    (DKIM, f"s1._domainkeys.{APEX}", MISSPELT),
    (ALIAS, f"s1._domain_key.{APEX}", MISSPELT),
    (DKIM, f"s1_domainkey.{APEX}", MISSPELT),
    (DMARC, f"_dmark.{APEX}", MISSPELT),
    (SPF, f"_spf.{APEX}", "host.own-label"),
    (SPF, f"_dmarc.{APEX}", "host.own-label"),
    (SPF, f"www.{APEX}", "host.own-label"),
    (replace(SPF, providers=("mailjet",)), f"mailjet._domainkey.{APEX}", "host.own-label"),
    (ALIAS, f"_domainkey.s1.{APEX}", "host.swapped"),
    (ALIAS, f"s1.{APEX}", "host.selector-only"),
    (DKIM, APEX, AT_DOMAIN),
    (NAMED, APEX, AT_DOMAIN),
    (DMARC, f"{APEX}.{APEX}", AT_DOMAIN),
    (IDN, "_dmarc.b\\195\\188cher.example", "host.raw-unicode"),
]
KEPT = [
    (BELOW, DKIM.name, "host.wrong-level"),
    (MX, APEX, "host.wrong-level"),
    (replace(MX, name=f"send.{SUB}"), MX.name, "host.wrong-level"),
    (replace(MX, name=f"send.a.b.{SUB}"), MX.name, "host.wrong-level"),
    (replace(MX, name=f"r.send.{SUB}"), f"r.send.{APEX}", "host.wrong-level"),
    (replace(SPF, name=f"send.{SUB}"), MX.name, "host.wrong-level"),
    (replace(SPF, name=SUB), APEX, "host.wrong-level"),
]


def moved(expected: RequiredRecord, wrong: str, code: str) -> Row:
    """Return a row of a record that is right but for its name, beside another one."""
    value = RIGHT.get(expected) or RIGHT[MX if expected.type == "MX" else SPF]
    beside = ("5 other.example",) if expected.type == "MX" else ("other",)
    values = (value,) if expected.type == "CNAME" else (*beside, value)
    published = {(wrong, expected.type): values, **THERE}
    return Row(f"{code} {wrong}", expected, published, (code,), MISSING)


BLOCKED = [
    Row(
        "text where an alias belongs",
        ALIAS,
        {(ALIAS.name, "TXT"): ("old",), **THERE},
        ("host.in-the-way",),
        MISSING,
        ("delete the records listed",),
    ),
    Row(
        "return path where an alias belongs",
        TRACKING,
        {(TRACKING.name, "TXT"): ("v=spf1 -all",), (TRACKING.name, "MX"): (f"5 {HOST}",), **THERE},
        ("host.in-the-way",),
        MISSING,
    ),
]
OTHERWISE = [
    Row(
        "spf in a record of its own type",
        SPF,
        {(APEX, "SPF"): ('"v=spf1 mx " "-all"', '"v=spf1 mx" " ip4:192.0.2.1 -all"')},
        ("host.wrong-type",),
        MISSING,
        ("the type SPF instead of TXT",),
    ),
    Row(
        "mx saved as text, without a preference",
        MX,
        {(MX.name, "TXT"): (HOST.upper(),)},
        ("host.wrong-type",),
        MISSING,
    ),
    Row(
        "value for name",
        NAMED,
        {(f"{TOKEN.value}.{APEX}", "TXT"): ("_check",)},
        ("host.value-as-name",),
        MISSING,
    ),
    Row(
        "name and target swapped",
        TRACKING,
        {(f"{TARGET}.{APEX}", "CNAME"): (TRACKING.name,), (TARGET, "A"): ("192.0.2.1",)},
        ("host.value-as-name",),
        MISSING,
        (f"The value was saved as the name: {TARGET}.{APEX}",),
    ),
    Row(
        "name and mail server swapped",
        MX,
        {(f"{HOST}.{APEX}", "MX"): ("10 send",)},
        ("host.value-as-name",),
        MISSING,
    ),
    Row(
        "an alias at the wrong name leads to the key",
        DKIM,
        {
            (f"{DKIM.name}.{APEX}", "CNAME"): ("k.provider.example",),
            ("k.provider.example", "TXT"): (KEY_TEXT,),
        },
        (DOUBLED,),
        MISSING,
    ),
    Row(
        "a dead alias at the right name, the key at the wrong one",
        DKIM,
        {
            (DKIM.name, "CNAME"): ("gone.example",),
            (f"s1.{APEX}", "TXT"): (KEY_TEXT,),
        },
        ("host.selector-only",),
        MISSING,
    ),
    Row(
        "the record at two wrong names",
        DKIM,
        {(f"s1.{APEX}", "TXT"): (KEY_TEXT,), (f"{DKIM.name}.{APEX}", "TXT"): (KEY_TEXT,)},
        (DOUBLED,),
        MISSING,
    ),
]
ROWS = [*(moved(*row) for row in (*MOVED, *KEPT)), *BLOCKED, *OTHERWISE]
DELEGATED = Row(
    "missing below a delegation",
    BELOW,
    {(SUB, "NS"): ("ns1.dns.example", "ns2.dns.example")},
    ("dkim.missing", "host.delegated"),
    MISSING,
)


@pytest.mark.parametrize("row", [*ROWS, DELEGATED], ids=str)
def test_what_is_said(row: Row) -> None:
    """Each wrong place has a code of its own, and the record is missing at the right one."""
    check(row)


@pytest.mark.parametrize("row", [*ROWS, DELEGATED], ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


@pytest.mark.parametrize("row", [moved(*row) for row in MOVED], ids=str)
def test_a_record_is_moved_as_it_is(row: Row) -> None:
    """It is gone from the wrong name, what stood beside it stays, and nothing it said is lost."""
    [finding] = judged(row.expected, row.published).findings
    [wrong] = [name for name, _ in row.published if name != TARGET]
    kind = row.expected.type
    after = edited(row.published, finding.edits)
    before = row.published[wrong, kind]
    assert isinstance(before, tuple)
    assert after.get((wrong, kind), ()) == before[:-1]
    [text] = [edit.after for edit in finding.edits if edit.action is Action.ADD]
    assert text == before[-1] or (row.expected is SPF and "mx" in text)


@pytest.mark.parametrize(
    ("expected", "published", "right"),
    [
        (DKIM, f"v=DKIM1; n=ours; g=; p={KEY}", f"v=DKIM1; p={KEY}; n=ours"),
        (DKIM, f"v=DKIM1; t=y; p={KEY}", f"v=DKIM1; p={KEY}"),
        (SPF, "v=spf1 mx ip4:192.0.2.1 +all", "v=spf1 mx ip4:192.0.2.1 ~all"),
    ],
)
def test_a_record_is_mended_on_its_way(
    expected: RequiredRecord, published: str, right: str
) -> None:
    """What would be warned of at the right name is not taken there."""
    wrong = f"{expected.name}.{APEX}"
    [finding] = judged(expected, {(wrong, "TXT"): (published,)}).findings
    assert finding.code == DOUBLED
    assert [(edit.before, edit.after) for edit in finding.edits] == [(published, ""), ("", right)]


@pytest.mark.parametrize("row", [moved(*row) for row in KEPT], ids=str)
def test_what_another_domain_may_need_stays(row: Row) -> None:
    """Domains above may send as well: what they publish is added below, not taken from them."""
    [finding] = judged(row.expected, row.published).findings
    assert {edit.action for edit in finding.edits} == {Action.ADD}


def test_the_name_to_type_is_told() -> None:
    """For the zone whose form completed the name, however deep it is."""
    for expected, wrong, typed in (
        (BELOW, f"{BELOW.name}.{SUB}", "the name s1._domainkey,"),
        (BELOW, f"{BELOW.name}.{APEX}", "the name s1._domainkey.news,"),
        (BELOW, f"s1._domainkey.news.{SUB}", "the name is s1._domainkey."),
        (TOKEN, f"{APEX}.{APEX}", "the name @,"),
    ):
        [finding] = judged(expected, moved(expected, wrong, "").published).findings
        assert typed in finding.fix


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    written = codes_in(places) | codes_in(host) | codes_in(around)
    shown = {code for code in codes_of([*ROWS, DELEGATED]) if code.startswith("host.")}
    elsewhere = {"host.wildcard", "host.shared-domain", "{area}.missing", "dns.could-not-ask"}
    assert shown == written - elsewhere


def test_another_value_in_a_wrong_place_explains_nothing() -> None:
    """Only the record itself is recognised."""
    other = {(f"{DKIM.name}.{APEX}", "TXT"): ("v=DKIM1; p=other",)}
    assert [finding.code for finding in judged(DKIM, other).findings] == ["dkim.missing"]


def test_nobody_searches_for_what_nobody_misses() -> None:
    """An optional record that is not there costs no further question."""
    dns = judging.Zone({(f"{DKIM.name}.{APEX}", "TXT"): (KEY_TEXT,)})
    optional = replace(DKIM, required=False, optional=True)

    async def one() -> Judgement:
        return await judge(optional, await dns.ask(DKIM.name, "TXT"), dns.ask)

    assert asyncio.run(one()).verdict is MISSING
    assert dns.questions == 1


NAMES = st.lists(
    st.sampled_from(["_domainkey", "_dmarc", "s1", "a", "_", "@", "co", "uk", "xn--bcher-kva"])
    | st.text("ab._-ü", max_size=4),
    max_size=9,
).map(".".join)


@given(NAMES, st.sampled_from([DKIM, ALIAS, DMARC, TOKEN, MX, SPF]), st.booleans())
def test_places_are_names_of_their_own(name: str, record: RequiredRecord, levels: bool) -> None:
    """Whatever the name, there are few, none twice, and none is the record's own."""
    expected = replace(record, name=name)
    found = [(place.name, place.type) for place in places.places(expected, levels=levels)]
    assert len(set(found)) == len(found) <= places.MOST_PLACES
    assert (name, record.type) not in found


@pytest.mark.parametrize("record", [DKIM, ALIAS, DMARC, TOKEN, MX, SPF], ids=lambda r: r.match)
def test_a_search_costs_some_thirty_questions(record: RequiredRecord) -> None:
    """Even deep in a zone."""
    label = record.name.removesuffix(APEX)
    deep = replace(record, name=f"{label}a.b.c.d.e.{APEX}")
    asked = set()

    async def ask(name: str, type: str) -> Answer:
        asked.add((name, type))
        return Answer(name, type, Status.NO_RECORD)

    asyncio.run(judge(deep, Answer(deep.name, deep.type, Status.NO_RECORD), ask))
    assert 10 < len(asked) <= 35


def test_nobody_asks_at_a_public_suffix() -> None:
    """What stands above a registered domain is somebody else's."""
    for name in ("mail.shop.co.uk", "s1._domainkey.mail.shop.co.uk"):
        found = {place.name for place in places.places(replace(DKIM, name=name))}
        assert not any(place.endswith(".co.uk.co.uk") or place == "co.uk" for place in found)
        assert not any(place.split(".")[-2:] != ["co", "uk"] for place in found)


def test_misspellings_are_near() -> None:
    """Each is what a finger makes of the right name, and none is right."""
    for meant, slips in places.MISSPELLINGS.items():
        for slip in slips:
            assert nearly(slip, meant, 2)
            assert slip != meant


@pytest.mark.parametrize(
    ("one", "other", "strokes"),
    [
        *(("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("abc", "ab", 1)),
        *(("", "ab", 2), ("abcdef", "xbcdey", 2), ("abcdef", "bcdefg", 2), ("ab", "cd", 2)),
        ("abc", "cba", 2),
    ],
)
def test_strokes_are_counted(one: str, other: str, strokes: int) -> None:
    """So many are enough, one fewer is not, and it works both ways."""
    for first, second in ((one, other), (other, one)):
        assert nearly(first, second, strokes)
        assert not strokes or not nearly(first, second, strokes - 1)


class Wildcards(judging.Zone):
    """A zone whose records at `*` answer for names that do not exist (RFC 4592)."""

    async def ask(self, name: str, type: str) -> Answer:
        """Answer one question."""
        covering = self._covering(name)
        if not covering:
            return await super().ask(name, type)
        return replace(await super().ask(covering, type), name=name)

    def _covering(self, name: str) -> str:
        owners = {owner for owner, _ in self.records}
        labels = name.split(".")
        for at in range(len(labels)):
            closest = ".".join(labels[at:])
            if any(owner == closest or owner.endswith(f".{closest}") for owner in owners):
                star = f"*.{closest}"
                return star if at and star in owners else ""
        return ""


def told(
    expected: RequiredRecord, published: Mapping[tuple[str, str], tuple[str, ...] | Reason]
) -> Judgement:
    """Judge a record in a zone with wildcards, with what is around it."""
    dns = Wildcards(dict(published))

    async def one() -> Judgement:
        answer = await dns.ask(expected.name, expected.type)
        return await around.judged(judge, expected, answer, dns.ask)

    return asyncio.run(one())


@dataclass(frozen=True)
class Masked:
    """What a wildcard says, and what is to be said of the record it answers for."""

    about: str
    expected: RequiredRecord
    published: Published
    code: str = "host.wildcard"

    def __str__(self) -> str:
        return self.about


STAR = f"*.{APEX}"
ELSEWHERE: Published = {(STAR, "CNAME"): ("parked.example",), ("parked.example", "A"): ("x",)}
MASKED = [
    Masked("alias for an alias", ALIAS, {**ELSEWHERE, **THERE}),
    Masked("alias for a key", DKIM, ELSEWHERE),
    Masked(
        "alias to text for a policy", DMARC, {**ELSEWHERE, ("parked.example", "TXT"): ("v=spf1",)}
    ),
    Masked("alias for mx", MX, ELSEWHERE),
    Masked("mx for mx", MX, {(STAR, "MX"): ("5 mail.shop.example",)}),
    Masked("text for a key", DKIM, {(STAR, "TXT"): ("v=spf1 -all",)}),
    Masked("other key for a key", DKIM, {(STAR, "TXT"): ("v=DKIM1; p=",)}),
    Masked("spf for spf", replace(SPF, name=SUB), {(STAR, "TXT"): ("v=spf1 -all",)}),
    Masked("text for a token", NAMED, {(STAR, "TXT"): (TOKEN.value.upper(),)}),
    Masked(
        "addresses for an alias", ALIAS, {(STAR, "A"): ("192.0.2.1",), **THERE}, "cname.missing"
    ),
    Masked("text for an alias", ALIAS, {(STAR, "TXT"): ("v=spf1 -all",), **THERE}, "cname.missing"),
    Masked(
        "closer wildcard",
        BELOW,
        {(f"*.{SUB}", "TXT"): ("x",), (STAR, "TXT"): ("y",), (SUB, "A"): ("192.0.2.1",)},
    ),
    Masked(
        "and the record is in the wrong place",
        DKIM,
        {(f"s1.{APEX}", "TXT"): (KEY_TEXT,), (STAR, "TXT"): ("x",)},
        "host.selector-only",
    ),
]


@pytest.mark.parametrize("case", MASKED, ids=str)
def test_a_wildcard_is_seen_through(case: Masked) -> None:
    """Its answer is no record of the name: nothing is changed or deleted there, only added."""
    seen = told(case.expected, case.published)
    [finding] = seen.findings
    assert (seen.verdict, finding.code, finding.severity) == (MISSING, case.code, Severity.ERROR)
    check_texts(finding)
    here = {edit.action for edit in finding.edits if edit.name == case.expected.name}
    assert here == {Action.ADD}
    assert told(case.expected, edited(case.published, finding.edits)).verdict is OK


def test_what_a_wildcard_says_is_evidence() -> None:
    """The admin sees what answered."""
    [finding] = told(DKIM, {(STAR, "TXT"): ("v=spf1 -all",)}).findings
    assert finding.evidence == ("v=spf1 -all",)
    [finding] = told(ALIAS, {**ELSEWHERE, **THERE}).findings
    assert finding.evidence == ("parked.example",)


def test_a_wildcard_that_is_right_is_as_good_as_any_answer() -> None:
    """Provider and receivers see it, and cannot tell it from a record of the name."""
    for expected, value in ((DKIM, KEY_TEXT), (NAMED, TOKEN.value), (DMARC, POLICY)):
        assert told(expected, {(STAR, "TXT"): (value,)}) == Judgement(OK)


def test_a_wildcard_does_not_put_the_record_in_a_wrong_place() -> None:
    """It answers at every name that nobody made, so nothing is there to be deleted."""
    for expected, value in ((DKIM, KEY_TEXT), (NAMED, TOKEN.value), (DMARC, POLICY)):
        published: Published = {(STAR, "TXT"): (value,), (expected.name, "A"): ("192.0.2.1",)}
        [finding] = told(expected, published).findings
        assert finding.code.endswith(".missing")


def test_records_of_the_name_are_not_taken_for_a_wildcard() -> None:
    """Not even where there is one that says something else, nor at the registered domain."""
    wrong: Published = {(DKIM.name, "TXT"): ("v=DKIM1; p=",), (STAR, "TXT"): ("x",)}
    assert [finding.code for finding in told(DKIM, wrong).findings] == ["dkim.revoked"]
    same: Published = {(APEX, "TXT"): (TOKEN.value.upper(),), ("*.example", "TXT"): ("x",)}
    assert [finding.code for finding in told(TOKEN, same).findings] == ["token.case"]


@pytest.mark.parametrize("reason", Reason)
def test_silence_about_a_wildcard_changes_nothing(reason: Reason) -> None:
    """What was judged stays judged, and no record is said to be in a wrong place."""
    beside = (wildcards.probe_name(DKIM.name), "TXT")
    seen = told(DKIM, {(DKIM.name, "TXT"): ("v=DKIM1; p=",), beside: reason})
    assert [finding.code for finding in seen.findings] == ["dkim.revoked"]
    wrong = f"{DKIM.name}.{APEX}"
    silent: Published = {(wrong, "TXT"): (KEY_TEXT,), (wildcards.probe_name(wrong), "TXT"): reason}
    assert [finding.code for finding in told(DKIM, silent).findings] == ["dkim.missing"]


@pytest.mark.parametrize(("expected", "wrong", "code"), MOVED)
def test_no_place_is_named_before_a_wildcard_is_ruled_out(
    expected: RequiredRecord, wrong: str, code: str
) -> None:
    """When the time is up the record is missing, and nobody says where it is instead."""
    row = moved(expected, wrong, code)
    beside = (wildcards.probe_name(wrong), expected.type)
    unsure: Published = {**row.published, beside: Reason.BUDGET}
    [finding] = told(expected, unsure).findings
    named = wrong == APEX  # a registered domain is there, and covered by no wildcard
    assert (finding.code == code) is named


def test_a_record_that_is_only_recommended_is_only_remarked() -> None:
    """Its wildcard is no error either."""
    [finding] = told(replace(DKIM, required=False), {(STAR, "TXT"): ("x",)}).findings
    assert (finding.code, finding.severity) == ("host.wildcard", Severity.INFO)


def test_a_probe_is_the_same_each_time_and_beside_the_name() -> None:
    """So it costs no more than one cached answer, and is covered by the same wildcard."""
    probe = wildcards.probe_name(DKIM.name)
    assert probe == wildcards.probe_name(DKIM.name)
    assert probe.partition(".")[2] == f"_domainkey.{APEX}"
    assert probe.startswith("relaydesk-probe-")
    assert probe != wildcards.probe_name(f"s2._domainkey.{APEX}")


@pytest.mark.parametrize("domain", ["gmail.com", "shop.github.io", "outlook.com"])
def test_a_domain_of_everybody_cannot_be_set_up(domain: str) -> None:
    """Nobody can publish there, so no edit is shown, and no record is looked for."""
    cases: list[tuple[Published, RecordVerdict]] = [
        ({}, MISSING),
        ({(domain, "TXT"): ("v=spf1 -all",)}, WRONG),
    ]
    for published, verdict in cases:
        seen = told(replace(SPF, name=domain), published)
        [finding] = seen.findings
        assert (seen.verdict, finding.code, finding.edits) == (verdict, "host.shared-domain", ())
        assert domain.removeprefix("shop.") in finding.title
        check_texts(finding)


def test_silence_stays_silence_whatever_is_around() -> None:
    """Nothing is judged that could not be asked for."""
    for name in (APEX, "gmail.com"):
        seen = told(replace(SPF, name=name), {(name, "TXT"): Reason.TIMEOUT})
        assert seen.verdict is UNKNOWN


TEXTS = st.sampled_from([KEY_TEXT, TOKEN.value, POLICY, "v=spf1 -all", TARGET, "", "x"])
OWNERS = st.sampled_from(
    [
        STAR,
        APEX,
        f"*._domainkey.{APEX}",
        DKIM.name,
        f"s1.{APEX}",
        f"{DKIM.name}.{APEX}",
        f"@.{APEX}",
    ]
)
ZONES = st.dictionaries(
    st.tuples(OWNERS, st.sampled_from(["TXT", "CNAME", "A"])),
    st.tuples(TEXTS) | st.sampled_from(Reason),
    max_size=5,
)


@given(ZONES, st.sampled_from([DKIM, ALIAS, DMARC, TOKEN, NAMED]))
def test_no_zone_makes_it_stumble(published: Published, expected: RequiredRecord) -> None:
    """Any zone ends in a verdict, and it is unknown only if a question was not answered."""
    seen = told(expected, published)
    silent = any(isinstance(values, Reason) for values in published.values())
    assert seen.verdict in RecordVerdict
    assert silent or seen.verdict is not UNKNOWN
