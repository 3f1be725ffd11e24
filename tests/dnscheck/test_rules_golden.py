"""What holds for every rule and every kind of answer: silence accuses nobody, denial is no silence.

Each record of each recipe is judged right, wrong, not there, and not asked for.
"""

import asyncio
from dataclasses import replace
from itertools import product

import pytest

from config.lab.zones import ELASTX, GENERIC, SCALEWAY, SES
from dnscheck.answers import Answer, Reason, Status
from dnscheck.findings import Severity
from dnscheck.records import Recipe, RequiredRecord, required_records
from dnscheck.rules import JUDGES, host, judge
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import (
    MISSING,
    OK,
    UNKNOWN,
    WRONG,
    Published,
    Row,
    check_edits,
    check_texts,
    edited,
    judged,
)

DOMAIN = "news.shop.example"
TOKEN = RequiredRecord(Purpose.ADDED, DOMAIN, "TXT", "check=0a1b2c3d4e", Match.EXACT)
AMONG = RequiredRecord(Purpose.ADDED, DOMAIN, "MX", "in.mail.example", Match.MX, priority=5)
RECORDS = [
    replace(record, required=required)
    for recipe in (ELASTX, SCALEWAY, SES, GENERIC)
    for record in required_records(DOMAIN, [Recipe(*recipe)])
    for required in (True, False)
] + [TOKEN, AMONG]
WRONG_TEXTS = {
    Match.SPF: "v=spf1 +all",
    Match.DKIM_KEY: "v=DKIM1; p=",
    Match.DMARC: "v=DMARC1; p=all",
    Match.CNAME: "elsewhere.example",
    Match.MX: "0 .",
    Match.MX_ONLY: "10 elsewhere.example",
}


def label(value: object) -> str:
    """Return a name for a case."""
    if isinstance(value, RequiredRecord):
        need = "required" if value.required else "optional"
        return f"{value.match.value}-{need}-{value.name.split('.')[0]}"
    return str(value)


def right(record: RequiredRecord) -> Published:
    """Return the record as asked for, with all it leads to."""
    ahead = {(record.value, "TXT"): ("there",)} if record.type == "CNAME" else {}
    return {**ahead, (record.name, record.type): (host.wanted_text(record),)}


def wrong(record: RequiredRecord) -> str:
    """Return a value that is wrong for this record."""
    if record.match is Match.EXACT:
        return f'"{record.value}"'
    return WRONG_TEXTS[record.match]


RECORDS_ONLY = pytest.mark.parametrize("record", RECORDS, ids=label)


def test_every_kind_of_record_is_tried() -> None:
    """No way of matching is left without a judge, nor without these tests."""
    assert set(JUDGES) == set(Match) == {record.match for record in RECORDS}


@RECORDS_ONLY
def test_right_is_ok(record: RequiredRecord) -> None:
    """A record published as shown has nothing said against it."""
    seen = judged(record, right(record))
    assert (seen.verdict, seen.findings) == (OK, ())


@RECORDS_ONLY
def test_wrong_is_wrong_and_can_be_mended(record: RequiredRecord) -> None:
    """Wrong comes with an error and an edit that ends it."""
    published = {**right(record), (record.name, record.type): (wrong(record),)}
    seen = judged(record, published)
    assert seen.verdict is WRONG
    assert any(finding.edits for finding in seen.findings)
    check_edits(Row("wrong", record, published))


@pytest.mark.parametrize("beside", [False, True], ids=["no-name", "no-record"])
@RECORDS_ONLY
def test_denial_is_missing(record: RequiredRecord, beside: bool) -> None:
    """Both ways of saying no are missing: an error with an edit, or a remark when optional."""
    ahead = {key: values for key, values in right(record).items() if key[0] != record.name}
    published = {**ahead, (f"below.{record.name}", "SRV"): ("x",)} if beside else ahead
    seen = judged(record, published)
    assert seen.verdict is MISSING
    [finding] = seen.findings
    assert finding.severity is (Severity.ERROR if record.required else Severity.INFO)
    assert finding.code.endswith(".missing")
    assert judged(record, edited(published, finding.edits)).verdict is OK
    check_texts(finding)


@RECORDS_ONLY
def test_silence_is_unknown(record: RequiredRecord) -> None:
    """Whatever the reason: no accusation, no praise, a warning that names what was asked."""
    for reason in Reason:
        seen = judged(record, {(record.name, record.type): reason})
        assert seen.verdict is UNKNOWN, reason
        [finding] = seen.findings
        assert (finding.code, finding.severity) == ("dns.could-not-ask", Severity.WARNING)
        assert finding.edits == ()
        assert record.name in finding.title
        check_texts(finding)


@RECORDS_ONLY
def test_silence_elsewhere_does_not_soften_a_denial(record: RequiredRecord) -> None:
    """When the record's own name said no, nothing else can make that unknown."""
    zones = ("shop.example", DOMAIN, f"_dmarc.{DOMAIN}", "_dmarc.shop.example")
    names = [name for zone in zones for name in (zone, f"{record.name}.{zone}")]
    asked = {*product(names, ("TXT", "MX", "CNAME", "A", "AAAA"))} - {(record.name, record.type)}
    if record.type != "CNAME":
        asked -= {(record.name, "CNAME")}
    for reason in Reason:
        seen = judged(record, dict.fromkeys(asked, reason))
        assert seen.verdict is MISSING, reason
        assert any(finding.edits for finding in seen.findings)


@RECORDS_ONLY
def test_silence_behind_a_right_record_is_not_held_against_it(record: RequiredRecord) -> None:
    """What was found stays found, whoever cannot be asked about the rest."""
    here = {(record.name, record.type): (host.wanted_text(record),)}
    for reason in Reason:
        silent = {(record.value, "TXT"): reason, ("shop.example", "TXT"): reason}
        seen = judged(record, {**silent, **here})
        assert (seen.verdict, seen.findings) == (OK, ()), reason


LONG = "x" * 64
TOO_LONG = [
    (replace(TOKEN, name=f"{LONG}.{DOMAIN}"), "host.name-too-long", "64 characters"),
    (replace(TOKEN, name=f"{'a.' * 121}{DOMAIN}"), "host.name-too-long", "259 characters"),
    (replace(AMONG, value=f"{LONG}.mail.example."), "host.target-too-long", "64 characters"),
]


@pytest.mark.parametrize(("record", "code", "words"), TOO_LONG)
def test_what_is_too_long_is_told_without_a_question(
    record: RequiredRecord, code: str, words: str
) -> None:
    """No resolver can be asked for it, and no form takes it; that is certain, and no silence."""

    async def ask(name: str, type: str) -> Answer:
        raise AssertionError(name)

    silence = Answer(record.name, record.type, Status.UNKNOWN, reason=Reason.BAD_NAME)
    for required, severity in ((True, Severity.ERROR), (False, Severity.INFO)):
        wanted = replace(record, required=required)
        seen = asyncio.run(judge(wanted, silence, ask))
        [finding] = seen.findings
        assert (seen.verdict, finding.code, finding.severity) == (MISSING, code, severity)
        assert (finding.edits, words in finding.why) == ((), True)
        check_texts(finding)


def test_the_longest_name_there_can_be_is_asked_for() -> None:
    """63 characters between two dots, and 253 in all."""
    label = "x" * 63
    name = f"{label}.{label}.{label}.{'y' * (253 - 3 * 64 - len(DOMAIN) - 1)}.{DOMAIN}"
    assert len(name) == 253
    assert judged(replace(TOKEN, name=name), {(name, "TXT"): (TOKEN.value,)}).verdict is OK


def test_every_reason_has_its_advice() -> None:
    """Whoever cannot be asked, the admin reads why and what to do."""
    assert set(host.REASONS) == set(Reason)
