"""DMARC as people publish it: what is said, and that the edits mend it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Reason
from dnscheck.findings import Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dmarc
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import (
    MISSING,
    OK,
    UNKNOWN,
    Published,
    Row,
    check,
    check_edits,
    codes_in,
    codes_of,
    good,
    judged,
)

APEX, NAME = "shop.example", "_dmarc.shop.example"
POLICY = RequiredRecord(Purpose.DMARC, NAME, "TXT", "v=DMARC1; p=none", Match.DMARC)
BELOW = replace(POLICY, name="_dmarc.news.shop.example")
ADVICE = replace(BELOW, required=False)
ABOVE: Published = {(NAME, "TXT"): ("v=DMARC1; p=reject",)}


def at(*texts: str) -> Published:
    """Return what `_dmarc` publishes."""
    return {(NAME, "TXT"): texts}


GOOD = [
    good("as shown", POLICY, "v=DMARC1; p=none"),
    good("stricter", POLICY, "v=DMARC1; p=reject"),
    good("semicolon at the end", POLICY, "v=DMARC1; p=quarantine;"),
    good("no blanks", POLICY, "v=DMARC1;p=none;rua=mailto:a@shop.example"),
    good("blanks around the signs", POLICY, "v = DMARC1 ; p = none "),
    good("capital v and policy", POLICY, "V=DMARC1; P=None"),
    good("other order", POLICY, "v=DMARC1; rua=mailto:a@shop.example; p=none"),
    good(
        "all tags",
        POLICY,
        "v=DMARC1; p=none; sp=reject; np=reject; adkim=s; aspf=r; pct=50; fo=1:d:s; ri=3600; t=y",
    ),
    good(
        "several addresses",
        POLICY,
        "v=DMARC1; p=none; rua=mailto:a@b.example, mailto:c@d.example!10m",
    ),
    good("apostrophe in an address", POLICY, "v=DMARC1; p=none; rua=mailto:o'brien@shop.example"),
    good("web address", POLICY, "v=DMARC1; p=none; rua=https://shop.example/dmarc"),
    good("no addresses", POLICY, "v=DMARC1; p=none; rua="),
    good("unknown tag", POLICY, "v=DMARC1; p=none; note=hello there"),
    good("beside another text", POLICY, "hello", "v=DMARC1; p=none"),
]

TWO, VERSION, SEMICOLON = "dmarc.two-records", "dmarc.version", "dmarc.semicolon"
ESCAPED, QUOTES, AT_APEX = "dmarc.escaped-semicolons", "dmarc.quotes-inside", "dmarc.at-apex"
BAD = [
    Row("two policies", POLICY, at("v=DMARC1; p=none", "v=DMARC1; p=reject"), (TWO,)),
    Row("two, the first is bad", POLICY, at("v=DMARC1; p=", "v=DMARC1; p=reject"), (TWO,)),
    Row("two bad ones", POLICY, at("v=DMARC1; p=", "v=DMARC1; p=all"), (TWO,)),
    Row("small letters", POLICY, at("v=dmarc1; p=reject"), (VERSION,)),
    Row("no number", POLICY, at("v=DMARC; p=reject"), (VERSION,)),
    Row("no v", POLICY, at("DMARC1; p=reject"), (VERSION,)),
    Row("other version", POLICY, at("v=DMARC2; p=reject"), (VERSION,)),
    Row("policy alone", POLICY, at("p=reject"), (VERSION,)),
    Row("version not first", POLICY, at("p=reject; v=DMARC1"), (VERSION,)),
    Row("blank in front", POLICY, at(" v=DMARC1; p=reject"), (VERSION,)),
    Row("blank in the number", POLICY, at("v=DMARC 1; p=reject"), (VERSION,)),
    Row("byte order mark", POLICY, at("\\xef\\xbb\\xbfv=DMARC1; p=reject"), (VERSION,)),
    Row("special blank", POLICY, at("v=DMARC1;\\xc2\\xa0p=reject"), (VERSION,)),
    Row("no semicolon", POLICY, at("v=DMARC1 p=reject"), (SEMICOLON,)),
    Row("comma", POLICY, at("v=DMARC1, p=reject, rua=mailto:a@b.example"), (SEMICOLON,)),
    Row(
        "one semicolon lost", POLICY, at("v=DMARC1; p=reject rua=mailto:a@b.example"), (SEMICOLON,)
    ),
    Row(
        "lost, and no policy it is",
        POLICY,
        at("v=DMARC1; p=no rua=a@b.example"),
        (SEMICOLON, "dmarc.bad-policy", "dmarc.rua-scheme"),
    ),
    Row("escaped", POLICY, at("v=DMARC1\\; p=reject"), (ESCAPED,)),
    Row("escaped later", POLICY, at("v=DMARC1; p=reject\\; rua=mailto:a@b.example"), (ESCAPED,)),
    Row("quotes", POLICY, at('"v=DMARC1; p=reject"'), (QUOTES,)),
    Row("single quotes", POLICY, at("'v=DMARC1; p=reject'"), (QUOTES,)),
    Row("quoted policy", POLICY, at('v=DMARC1; p="reject"'), (QUOTES,)),
    Row("empty policy", POLICY, at("v=DMARC1; p="), ("dmarc.bad-policy",)),
    Row("monitor", POLICY, at("v=DMARC1; p=monitor; sp=none"), ("dmarc.bad-policy",)),
    Row("nothing", POLICY, {}, ("dmarc.missing",), MISSING),
    Row("other text", POLICY, at("hello"), ("dmarc.missing",), MISSING),
    Row(
        "at the domain",
        POLICY,
        {(APEX, "TXT"): ("v=DMARC1; p=reject",)},
        (AT_APEX,),
        MISSING,
        (NAME,),
    ),
    Row(
        "at the domain and bad", POLICY, {(APEX, "TXT"): ("v=DMARC1; p=all",)}, (AT_APEX,), MISSING
    ),
    Row(
        "at the domain, alias here",
        POLICY,
        {(APEX, "TXT"): ("v=DMARC1; p=none",), (NAME, "CNAME"): ("d.example",)},
        (AT_APEX,),
        MISSING,
    ),
    Row(
        "doubled",
        POLICY,
        {(f"{NAME}.{APEX}", "TXT"): ("v=DMARC1; p=reject",)},
        ("host.doubled",),
        MISSING,
        (" _dmarc,", f"leaving out {APEX}"),
    ),
]
MILD = [
    Row("no policy", POLICY, at("v=DMARC1; rua=mailto:a@b.example"), ("dmarc.no-policy",), OK),
    Row("version alone", POLICY, at("v=DMARC1"), ("dmarc.no-policy",), OK),
    Row("no mailto", POLICY, at("v=DMARC1; p=none; rua=a@b.example"), ("dmarc.rua-scheme",), OK),
    Row(
        "one without mailto",
        POLICY,
        at("v=DMARC1; p=none; ruf=mailto:a@b.example,c@d.example; rua=x@y.example"),
        ("dmarc.rua-scheme",),
        OK,
    ),
]
INHERITED = [
    Row("inherited", BELOW, ABOVE, ("dmarc.missing", "dmarc.inherited"), MISSING),
    Row("inherited, advice", ADVICE, ABOVE, ("dmarc.inherited",), OK),
]


@pytest.mark.parametrize("row", [*GOOD, *BAD, *MILD, *INHERITED], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", [*BAD, *MILD, INHERITED[0]], ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    seen = codes_of([*BAD, *MILD, *INHERITED])
    assert seen == codes_in(dmarc) | {"dmarc.missing", "host.doubled"}


def test_the_severity_says_what_breaks() -> None:
    """A policy that counts for less is a warning; one that applies from above is a remark."""
    for rows, severity in ((MILD, Severity.WARNING), (INHERITED[1:], Severity.INFO)):
        for row in rows:
            [finding] = judged(row.expected, row.published).findings
            assert finding.severity is severity


def test_the_choice_of_policy_is_kept() -> None:
    """What can be read of the domain's own choice survives the edit."""
    for row in BAD:
        texts = [text for values in row.published.values() for text in values if "reject" in text]
        if texts and row.about != "two policies":
            edits = judged(row.expected, row.published).findings[0].edits
            kept = [edit.after or texts[0] for edit in edits]
            assert any("reject" in text for text in kept), row
            assert not any(";;" in text for text in kept), row


@pytest.mark.parametrize("reason", Reason)
def test_parents_that_cannot_be_asked_change_nothing(reason: Reason) -> None:
    """Its own name said that there is none."""
    silent: Published = {(BELOW.name, "TXT"): ("hello",)}
    silent = {**silent, (NAME, "TXT"): reason, ("news.shop.example", "TXT"): reason}
    assert judged(BELOW, silent).verdict is MISSING
    assert [finding.severity for finding in judged(ADVICE, silent).findings] == [Severity.INFO]


PARTS = st.sampled_from(
    ["v=DMARC1", "v=dmarc1", "v", "DMARC1", "p=", "p=none", "p=reject", "rua=", "rua=a@b,mailto:c"]
) | st.sampled_from(["ruf=x", ";", "; ", "\\;", '"', "'", " ", ",", "=", "\\x09", "sp=", "none"])
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(PARTS, max_size=9).map("".join),
    st.lists(PARTS, max_size=6).map(lambda parts: "; ".join(["v=DMARC1", *parts])),
)


@given(st.lists(TEXTS, unique=True, max_size=3), st.lists(TEXTS, unique=True, max_size=2))
def test_nothing_published_makes_it_stumble(texts: list[str], apex: list[str]) -> None:
    """Any text ends in a verdict, and the edits mend whatever was there."""
    published = at(*texts) if texts else {}
    row = Row("any", POLICY, {**published, (APEX, "TXT"): tuple(apex)})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)
