"""MX, CNAME and token records as people publish them, and records in the wrong place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.findings import Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import cname, host, mx, token
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

APEX, BOUNCE = "shop.example", "bounce.shop.example"
FEEDBACK, SELECTOR = "feedback-smtp.eu-west-1.amazonses.com", "q7._domainkey.shop.example"
TARGET = "q7.dkim.amazonses.com"
ONLY = RequiredRecord(Purpose.RETURN_PATH, BOUNCE, "MX", FEEDBACK, Match.MX_ONLY, priority=10)
AMONG = replace(ONLY, match=Match.MX)
STAND_IN = RequiredRecord(
    Purpose.MX, APEX, "MX", "blackhole.tem.scaleway.com", Match.MX, required=False, priority=10
)
ALIAS = RequiredRecord(Purpose.DKIM, SELECTOR, "CNAME", TARGET, Match.CNAME)
CHALLENGE = RequiredRecord(Purpose.CHALLENGE, APEX, "TXT", "elastx-mrs=F7ee5ec73121", Match.EXACT)
DEEP = replace(CHALLENGE, name="_check.news.shop.example")
THERE: Published = {(TARGET, "TXT"): ("p=abc",)}


def mx_at(*values: str) -> Published:
    """Return the MX records of the bounce domain."""
    return {(BOUNCE, "MX"): values}


def at(type: str, *values: str) -> Published:
    """Return what the selector publishes, beside a target that exists."""
    return {(SELECTOR, type): values, **THERE}


def text_at(*values: str, name: str = APEX) -> Published:
    """Return TXT records."""
    return {(name, "TXT"): values}


GOOD = [
    good("mx as shown", ONLY, f"10 {FEEDBACK}"),
    good("other preference", ONLY, f"0 {FEEDBACK}"),
    good("the same twice", ONLY, f"10 {FEEDBACK}", f"20 {FEEDBACK}"),
    good("case and dot", ONLY, f"10 {FEEDBACK.upper()}."),
    good("among others", AMONG, f"10 {FEEDBACK}", "20 mail.shop.example"),
    good("any mail server", STAND_IN, "5 mail.shop.example"),
    Row("cname as shown", ALIAS, at("CNAME", TARGET), verdict=OK),
    Row("cname in capitals with a dot", ALIAS, at("CNAME", TARGET.upper() + "."), verdict=OK),
    good("token as shown", CHALLENGE, CHALLENGE.value),
    good("token with outer blanks", CHALLENGE, f" {CHALLENGE.value} "),
    good("token among others", CHALLENGE, "v=spf1 -all", "elastx-mrs=other", CHALLENGE.value),
]

BAD = [
    Row("other host", ONLY, mx_at("10 mail.shop.example"), ("mx.wrong-host",), says=(FEEDBACK,)),
    Row(
        "other region", ONLY, mx_at("10 feedback-smtp.us-east-1.amazonses.com"), ("mx.wrong-host",)
    ),
    Row("other hosts", AMONG, mx_at("10 a.example", "20 b.example"), ("mx.wrong-host",)),
    Row(
        "zone appended",
        ONLY,
        mx_at(f"10 {FEEDBACK}.{APEX}"),
        ("mx.zone-appended",),
        says=(f"{FEEDBACK}.",),
    ),
    Row(
        "zone appended, among others",
        AMONG,
        mx_at("5 a.example", f"10 {FEEDBACK}.{BOUNCE}"),
        ("mx.zone-appended",),
    ),
    Row("one too many", ONLY, mx_at("20 mail.shop.example", f"10 {FEEDBACK}"), ("mx.extra",)),
    Row(
        "many too many",
        ONLY,
        mx_at("20 a.example", f"10 {FEEDBACK}", "30 b.example"),
        ("mx.extra",),
    ),
    Row("null", ONLY, mx_at("0 ."), ("mx.null",)),
    Row("null, any would do", STAND_IN, {(APEX, "MX"): ("0 .",)}, ("mx.null",)),
    Row(
        "extra behind an alias",
        ONLY,
        {
            (BOUNCE, "CNAME"): ("a.example",),
            ("a.example", "MX"): ("20 b.example", f"10 {FEEDBACK}"),
        },
        ("mx.extra",),
    ),
    Row("no mx", ONLY, {}, ("mx.missing",), MISSING, ("MX record at bounce.shop.example",)),
    Row(
        "no mx behind an alias",
        ONLY,
        {(BOUNCE, "CNAME"): ("a.example",)},
        ("mx.missing",),
        MISSING,
        ("delete the CNAME",),
    ),
    Row(
        "mx doubled",
        ONLY,
        {(f"{BOUNCE}.{APEX}", "MX"): (f"20 {FEEDBACK}",)},
        ("host.doubled",),
        MISSING,
        ("the name bounce,",),
    ),
    Row(
        "mx at the domain",
        ONLY,
        {(APEX, "MX"): ("5 a.example", f"10 {FEEDBACK}")},
        ("host.wrong-level",),
        MISSING,
    ),
    Row("other target", ALIAS, at("CNAME", "old.dkim.amazonses.com"), ("cname.wrong-target",)),
    Row(
        "zone appended to target",
        ALIAS,
        at("CNAME", f"{TARGET}.{APEX}"),
        ("cname.zone-appended",),
        says=(f"{TARGET}.",),
    ),
    Row("cname as text", ALIAS, at("TXT", TARGET), ("cname.is-txt",)),
    Row("cname as quoted text", ALIAS, at("TXT", f'"{TARGET}."'), ("cname.is-txt",)),
    Row(
        "addresses", ALIAS, at("A", "192.0.2.1", "192.0.2.2"), ("cname.addresses",), says=("proxy",)
    ),
    Row(
        "addresses of both kinds",
        ALIAS,
        {**at("A", "192.0.2.1"), (SELECTOR, "AAAA"): ("2001:db8::1",)},
        ("cname.addresses",),
    ),
    Row("new addresses alone", ALIAS, at("AAAA", "2001:db8::1"), ("cname.addresses",)),
    Row("no cname", ALIAS, THERE, ("cname.missing",), MISSING),
    Row(
        "cname doubled",
        ALIAS,
        {**THERE, (f"{SELECTOR}.{APEX}", "CNAME"): (TARGET,)},
        ("host.doubled",),
        MISSING,
    ),
    Row("case of the token", CHALLENGE, text_at(CHALLENGE.value.lower()), ("token.case",)),
    Row(
        "quoted token", CHALLENGE, text_at("v=spf1 -all", f'"{CHALLENGE.value}"'), ("token.quoted",)
    ),
    Row("escaped quotes", CHALLENGE, text_at(f'\\"{CHALLENGE.value}\\"'), ("token.quoted",)),
    Row("prefix lost", CHALLENGE, text_at("F7ee5ec73121"), ("token.prefix",)),
    Row("other prefix", CHALLENGE, text_at("elastx: F7ee5ec73121"), ("token.prefix",)),
    Row("no token", CHALLENGE, {}, ("token.missing",), MISSING),
    Row("other token", CHALLENGE, text_at("elastx-mrs=somebody"), ("token.missing",), MISSING),
    Row("empty text", CHALLENGE, text_at(""), ("token.missing",), MISSING),
    Row(
        "token doubled",
        CHALLENGE,
        text_at("x", CHALLENGE.value, name=f"{APEX}.{APEX}"),
        ("host.doubled",),
        MISSING,
        ("the name @,",),
    ),
    Row(
        "token higher up",
        DEEP,
        text_at("x", CHALLENGE.value, name="_check.shop.example"),
        ("host.wrong-level",),
        MISSING,
    ),
]
DANGLING = Row("dangling", ALIAS, {(SELECTOR, "CNAME"): (TARGET,)}, ("cname.dangling",), OK)


@pytest.mark.parametrize("row", [*GOOD, *BAD, DANGLING], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", BAD, ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up; the golden tests cover silence."""
    written = {code for module in (mx, cname, token, host) for code in codes_in(module)}
    written |= {"mx.missing", "cname.missing", "token.missing"}
    assert codes_of([*BAD, DANGLING]) == written - {"{area}.missing", "dns.could-not-ask"}


def test_a_dangling_alias_is_a_warning() -> None:
    """The record is right; its target is the provider's to publish."""
    [finding] = judged(DANGLING.expected, DANGLING.published).findings
    assert finding.severity is Severity.WARNING


def test_other_mail_servers_stay() -> None:
    """Where the wanted host is one among others, no edit takes one of those away."""
    others = mx_at("5 a.example", f"10 {FEEDBACK}.{APEX}")
    [finding] = judged(AMONG, others).findings
    assert [(edit.before, edit.after) for edit in finding.edits] == [
        (f"10 {FEEDBACK}.{APEX}", f"10 {FEEDBACK}")
    ]


def test_every_area_has_a_name_for_missing() -> None:
    """A new kind of record must say under which code it is missing."""
    assert set(host.AREAS) == set(Match)


HOSTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from([FEEDBACK, TARGET, f"{FEEDBACK}.{APEX}", f"{TARGET}.{APEX}", "", "."]),
    st.sampled_from([CHALLENGE.value, CHALLENGE.value.lower(), f'"{CHALLENGE.value}"']),
)
MXS = st.builds(
    "{} {}".format, st.integers(0, 3), HOSTS.map(lambda text: text.replace(" ", "") or ".")
)


@given(st.lists(MXS, unique=True, max_size=3), st.sampled_from([ONLY, AMONG]))
def test_no_mx_makes_it_stumble(values: list[str], expected: RequiredRecord) -> None:
    """Any host ends in a verdict, and the edits mend whatever was there."""
    row = Row("any", expected, mx_at(*values) if values else {})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)


@given(HOSTS, st.lists(HOSTS, unique=True, max_size=2), st.lists(HOSTS, unique=True, max_size=2))
def test_no_alias_makes_it_stumble(target: str, texts: list[str], addresses: list[str]) -> None:
    """Any target ends in a verdict, and so does anything in its place."""
    alias = Row("any", ALIAS, at("CNAME", target))
    assert judged(alias.expected, alias.published).verdict is not UNKNOWN
    check_edits(alias)
    instead = Row("any", ALIAS, {**at("TXT", *texts), (SELECTOR, "A"): tuple(addresses)})
    assert judged(instead.expected, instead.published).verdict is not UNKNOWN


@given(st.lists(HOSTS, unique=True, max_size=3))
def test_no_token_makes_it_stumble(texts: list[str]) -> None:
    """Any text ends in a verdict, and the edits mend whatever was there."""
    row = Row("any", CHALLENGE, text_at(*texts) if texts else {})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)
