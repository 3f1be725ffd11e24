"""MX and token records as people publish them: what is said, and that the edits mend it."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Reason
from dnscheck.findings import Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import host, judge, mx, mx_hosts, token
from smtp.providers.base import Match, Purpose
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
    good,
    judged,
)
from tests.fakes import FakeDns

APEX, BOUNCE = "shop.example", "bounce.shop.example"
FEEDBACK = "feedback-smtp.eu-west-1.amazonses.com"
ONLY = RequiredRecord(Purpose.RETURN_PATH, BOUNCE, "MX", FEEDBACK, Match.MX_ONLY, priority=10)
AMONG = replace(ONLY, match=Match.MX)
STAND_IN = RequiredRecord(
    Purpose.MX, APEX, "MX", "blackhole.tem.scaleway.com", Match.MX, required=False, priority=10
)
INBOUND = RequiredRecord(Purpose.MX, APEX, "MX", "mxa.mailgun.org", Match.MX, priority=10)
OPTIONAL = replace(INBOUND, required=False)
THREE = tuple(
    replace(
        INBOUND,
        value=f"mx{number}.mail.example",
        hosts=("mx1.mail.example", "mx2.mail.example", "mx3.mail.example"),
    )
    for number in (1, 2, 3)
)
CHALLENGE = RequiredRecord(Purpose.CHALLENGE, APEX, "TXT", "elastx-mrs=F7ee5ec73121", Match.EXACT)
TWO_WORDS = replace(CHALLENGE, value="yandex-verification: 7c3a9f20b41d")
DOTTED = replace(CHALLENGE, value="mandrill_verify.Ab3dEf6hIj9k")
DIGEST = replace(CHALLENGE, value="elastx-mrs=" + "f7ee5ec7312165148b69fcca1d29075b" * 2)
LOGO = replace(
    CHALLENGE,
    purpose=Purpose.BIMI,
    name=f"default._bimi.{APEX}",
    value="v=BIMI1; l=https://logo.example/a.svg; a=https://logo.example/a.pem",
)
DEEP = replace(CHALLENGE, name="_check.news.shop.example")
LIVE: Published = {
    ("mail.shop.example", "A"): ("192.0.2.2",),
    ("b.example", "AAAA"): ("2001:db8::2",),
}
WRONG_HOST = ("mx.wrong-host",)


def mx_at(*values: str) -> Published:
    """Return the MX records of the bounce domain."""
    return {(BOUNCE, "MX"): values}


def at_apex(*values: str) -> Published:
    """Return the MX records of the domain."""
    return {(APEX, "MX"): values}


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
    good("token as shown", CHALLENGE, CHALLENGE.value),
    good("token with outer blanks", CHALLENGE, f" {CHALLENGE.value} "),
    good("logo without blanks", LOGO, f"{LOGO.value.replace(' ', '')};"),
    good("token among others", CHALLENGE, "v=spf1 -all", "elastx-mrs=other", CHALLENGE.value),
]

BAD = [
    Row(
        "other host",
        ONLY,
        {**mx_at("10 mail.shop.example"), **LIVE},
        ("mx.wrong-host",),
        says=(FEEDBACK,),
    ),
    Row(
        "other region",
        ONLY,
        mx_at("10 feedback-smtp.us-east-1.amazonses.com"),
        ("mx.other-region",),
        says=("region of feedback-smtp.eu-west-1",),
    ),
    Row(
        "region that is left out",
        INBOUND,
        at_apex("10 mxa.eu.mailgun.org", "20 mxb.eu.mailgun.org"),
        ("mx.other-region",),
    ),
    Row(
        "region with a domain of its own",
        replace(INBOUND, value="mx2.zoho.eu"),
        at_apex("10 mx.zoho.com", "20 mx2.zoho.com"),
        ("mx.other-region",),
    ),
    Row(
        "another of the service's hosts",
        INBOUND,
        {**at_apex("10 mxb.mailgun.org"), ("mxb.mailgun.org", "A"): ("192.0.2.3",)},
        ("mx.wrong-host",),
    ),
    Row(
        "other hosts",
        AMONG,
        {**mx_at("10 mail.shop.example", "20 b.example"), **LIVE},
        ("mx.wrong-host",),
    ),
    Row(
        "hosts that may be fine", AMONG, mx_at(*(f"{n} n{n}.example" for n in range(5))), WRONG_HOST
    ),
    Row("null beside others", AMONG, {**mx_at("0 .", "5 mail.shop.example"), **LIVE}, WRONG_HOST),
    Row("host without an address", ONLY, mx_at("10 mail.shop.exmaple"), ("mx.no-address",)),
    Row(
        "hosts without addresses", AMONG, mx_at("10 a.example", "20 b.example"), ("mx.no-address",)
    ),
    Row(
        "host inside",
        AMONG,
        {**mx_at("10 mail.shop.example"), ("mail.shop.example", "A"): ("192.168.7.1",)},
        ("mx.local",),
        says=("nobody outside",),
    ),
    Row("local host", AMONG, mx_at("10 localhost"), ("mx.local",)),
    Row("local host of the zone", AMONG, mx_at(f"10 localhost.{APEX}"), ("mx.local",)),
    Row("name of a network", AMONG, mx_at("10 mail.office.lan"), ("mx.local",)),
    Row("name without a dot", AMONG, mx_at("10 mail"), ("mx.local",)),
    Row("address", AMONG, mx_at("10 192.0.2.5"), ("mx.address",)),
    Row("address with the zone", AMONG, mx_at(f"10 192.0.2.5.{APEX}"), ("mx.address",)),
    Row("new address", AMONG, mx_at("10 2001:db8::5"), ("mx.address",)),
    Row("address alone", ONLY, mx_at("10 192.0.2.5"), ("mx.address",)),
    Row("submission host", INBOUND, at_apex("0 smtp.office365.com"), ("mx.submission-host",)),
    Row("priority inside", ONLY, mx_at(f"0 10\\032{FEEDBACK}"), ("mx.priority-inside",)),
    Row("priority as a label", ONLY, mx_at(f"0 10.{FEEDBACK}.{APEX}"), ("mx.priority-inside",)),
    Row(
        "by way of an alias",
        AMONG,
        {
            **mx_at("10 mail.shop.example", "20 b.example"),
            ("mail.shop.example", "CNAME"): (FEEDBACK,),
            (FEEDBACK, "A"): ("192.0.2.9",),
        },
        ("mx.alias",),
        says=("may not be an alias",),
    ),
    Row("null and right", AMONG, mx_at("0 .", f"10 {FEEDBACK}"), ("mx.null-mixed",)),
    Row(
        "null beside any mail server",
        STAND_IN,
        at_apex("0 .", "5 mail.shop.example"),
        ("mx.null-mixed",),
    ),
    Row(
        "null and right behind an alias",
        AMONG,
        {
            (BOUNCE, "CNAME"): ("a.example",),
            ("a.example", "MX"): ("0 .", f"10 {FEEDBACK}"),
        },
        ("mx.null-mixed",),
    ),
    Row(
        "null and a dead host beside the right one",
        AMONG,
        mx_at("0 .", "10 localhost", f"10 {FEEDBACK}"),
        ("mx.null-mixed", "mx.local"),
    ),
    Row(
        "web server alone",
        INBOUND,
        {(APEX, "A"): ("192.0.2.1",)},
        ("mx.implicit",),
        MISSING,
        ("try its web address",),
    ),
    Row(
        "saved as text",
        ONLY,
        {(BOUNCE, "TXT"): (f"10 {FEEDBACK}.",)},
        ("host.wrong-type",),
        MISSING,
        ("the type TXT instead of MX",),
    ),
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
    Row(
        "extra behind an alias",
        ONLY,
        {
            (BOUNCE, "CNAME"): ("a.example",),
            ("a.example", "MX"): ("20 b.example", f"10 {FEEDBACK}"),
        },
        ("mx.extra",),
    ),
    Row(
        "no mx",
        ONLY,
        {},
        ("mx.missing",),
        MISSING,
        ("MX record at bounce.shop.example", "no address either"),
    ),
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
    Row("case of the token", CHALLENGE, text_at(CHALLENGE.value.lower()), ("token.case",)),
    Row(
        "quoted token", CHALLENGE, text_at("v=spf1 -all", f'"{CHALLENGE.value}"'), ("token.quoted",)
    ),
    Row("escaped quotes", CHALLENGE, text_at(f'\\"{CHALLENGE.value}\\"'), ("token.quoted",)),
    Row("single quotes", CHALLENGE, text_at(f"'{CHALLENGE.value}'"), ("token.quoted",)),
    Row(
        "quotes of a word processor",
        CHALLENGE,
        text_at(f"\\xe2\\x80\\x9c{CHALLENGE.value}\\xe2\\x80\\x9d"),
        ("token.typographic",),
    ),
    Row(
        "long dash",
        CHALLENGE,
        text_at(CHALLENGE.value.replace("-", "\\xe2\\x80\\x93")),
        ("token.typographic",),
    ),
    Row("line end", CHALLENGE, text_at(f"{CHALLENGE.value}\\x0a"), ("token.invisible",)),
    Row("special blank", CHALLENGE, text_at(f"\\xc2\\xa0{CHALLENGE.value}"), ("token.invisible",)),
    Row(
        "invisible mark",
        CHALLENGE,
        text_at(CHALLENGE.value.replace("e5", "e\\xe2\\x80\\x8b5")),
        ("token.invisible",),
    ),
    Row("wrapped", CHALLENGE, text_at("elastx-mrs=F7ee5 ec73121"), ("token.invisible",)),
    Row("prefix lost", CHALLENGE, text_at("F7ee5ec73121"), ("token.prefix",)),
    Row("other prefix", CHALLENGE, text_at("elastx: F7ee5ec73121"), ("token.prefix",)),
    Row("colon", CHALLENGE, text_at("elastx-mrs:F7ee5ec73121"), ("token.prefix",)),
    Row("blank after the sign", CHALLENGE, text_at("elastx-mrs= F7ee5ec73121"), ("token.prefix",)),
    Row("blank lost", TWO_WORDS, text_at("yandex-verification:7c3a9f20b41d"), ("token.prefix",)),
    Row("prefix with a dot lost", DOTTED, text_at("Ab3dEf6hIj9k"), ("token.prefix",)),
    Row(
        "line of a zone file",
        CHALLENGE,
        text_at(f'{APEX}. 3600 IN TXT "{CHALLENGE.value}"'),
        ("token.not-alone",),
    ),
    Row(
        "beside SPF in one text",
        CHALLENGE,
        text_at(f"v=spf1 mx -all {CHALLENGE.value}", "other"),
        ("token.not-alone",),
    ),
    Row(
        "twice in one text",
        CHALLENGE,
        text_at(f"other {CHALLENGE.value} {CHALLENGE.value}", "other"),
        ("token.not-alone",),
    ),
    Row(
        "beside another text behind an alias",
        CHALLENGE,
        {
            (APEX, "CNAME"): ("a.example",),
            ("a.example", "TXT"): (f"other {CHALLENGE.value}",),
        },
        ("token.not-alone",),
    ),
    Row("cut", CHALLENGE, text_at("elastx-mrs=F7ee5"), ("token.cut-short",), says=("16 of 23",)),
    Row("cut with dots", CHALLENGE, text_at("elastx-mrs=F7ee5..."), ("token.cut-short",)),
    Row("letter changed", CHALLENGE, text_at("elastx-mrs=F7ee5ec73l21"), ("token.typo",)),
    Row("letters swapped", CHALLENGE, text_at("elastx-mrs=F7ee5ce73121"), ("token.typo",)),
    Row("letters dropped", CHALLENGE, text_at("elastx-mrs=F7e5c73121"), ("token.typo",)),
    Row(
        "digest of something else",
        DIGEST,
        text_at("elastx-mrs=" + "a87a3106e8e7cb44b5fa0123456789ab" * 2),
        ("token.other-digest",),
        MISSING,
        ("mistyped",),
    ),
    Row(
        "digest of a line",
        replace(DIGEST, slips=(("elastx-mrs=" + "0f" * 32, "It covers a line end."),)),
        text_at("v=spf1 -all", "elastx-mrs=" + "0F" * 32),
        ("token.made-wrong",),
        says=("covers a line end",),
    ),
    Row(
        "digest of something else, and the right one doubled",
        DIGEST,
        {
            **text_at("elastx-mrs=" + "a87a3106e8e7cb44b5fa0123456789ab" * 2),
            **text_at(DIGEST.value, name=f"{APEX}.{APEX}"),
        },
        ("host.doubled",),
        MISSING,
    ),
    Row(
        "another logo",
        LOGO,
        text_at("v=BIMI1; l=https://logo.example/b.svg;", name=LOGO.name),
        ("token.other-record",),
        says=("Another BIMI1 record",),
    ),
    Row(
        "two other logos beside another text",
        LOGO,
        text_at("v=bimi1;l=;a=;", "other", f"{LOGO.value}x", name=LOGO.name),
        ("token.other-record",),
    ),
    Row("quoted logo", LOGO, text_at(f'"{LOGO.value}"', name=LOGO.name), ("token.quoted",)),
    Row("no logo", LOGO, text_at("other", name=LOGO.name), ("token.missing",), MISSING),
    Row("no token", CHALLENGE, {}, ("token.missing",), MISSING),
    Row("other token", CHALLENGE, text_at("elastx-mrs=somebody"), ("token.missing",), MISSING),
    Row("longer token", CHALLENGE, text_at(CHALLENGE.value + "abc"), ("token.missing",), MISSING),
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
MILD = [
    Row(
        "address beside",
        AMONG,
        mx_at("5 192.0.2.5", f"10 {FEEDBACK}"),
        ("mx.address",),
        OK,
        ("leads to an IP address", "most mail arrives", "delete the MX records listed"),
    ),
    Row(
        "this machine beside any mail server",
        STAND_IN,
        at_apex("5 mail.shop.example", "10 localhost"),
        ("mx.local",),
        OK,
        ("The others stay",),
    ),
    Row(
        "the same with the zone beside",
        AMONG,
        mx_at(f"5 {FEEDBACK}.{APEX}", f"10 {FEEDBACK}"),
        ("mx.dead-host",),
        OK,
    ),
    Row(
        "other region of a host that may be another",
        OPTIONAL,
        at_apex("10 mxa.eu.mailgun.org"),
        ("mx.other-region",),
        OK,
    ),
    Row(
        "two services",
        INBOUND,
        at_apex("5 mxa.mailgun.org", "10 aspmx.l.google.com"),
        ("mx.two-services",),
        OK,
        ("Senders try mxa.mailgun.org first, so google.com gets",),
    ),
    Row(
        "two services, the other first",
        INBOUND,
        at_apex("10 mxa.mailgun.org", "1 aspmx.l.google.com", "5 alt1.aspmx.l.google.com"),
        ("mx.two-services",),
        OK,
        ("Senders try google.com first",),
    ),
    Row(
        "two services alike",
        INBOUND,
        at_apex("10 mxa.mailgun.org", "10 mx1.hostinger.com"),
        ("mx.two-services",),
        OK,
        ("Senders divide the mail",),
    ),
]


@pytest.mark.parametrize("row", [*GOOD, *BAD, *MILD], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", [*BAD, *MILD], ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


@pytest.mark.parametrize("row", [*BAD, *MILD], ids=str)
def test_the_order_of_an_answer_says_nothing(row: Row) -> None:
    """A server may give its records in any, and changes it from one answer to the next."""
    turned = {
        key: values[::-1] if isinstance(values, tuple) and key[1] != "CNAME" else values
        for key, values in row.published.items()
    }
    assert judged(row.expected, turned) == judged(row.expected, row.published)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up; the golden tests cover silence."""
    written = {code for module in (mx, mx_hosts, token) for code in codes_in(module)}
    written |= {"mx.missing", "token.missing"}
    shown = {code for code in codes_of([*BAD, *MILD]) if code.startswith(("mx.", "token."))}
    assert shown == written


def test_what_is_right_all_the_same_is_a_warning() -> None:
    """Hosts beside the right one accuse nobody."""
    for row in MILD:
        [finding] = judged(row.expected, row.published).findings
        assert finding.severity is Severity.WARNING


# Which codes each of three wanted hosts brings up, in their order.
BESIDE_EACH_OTHER: dict[tuple[str, ...], tuple[str, str, str]] = {
    ("0 .",): ("mx.null", "mx.missing", "mx.missing"),
    ("5 smtp.office365.com",): ("mx.submission-host", "mx.missing", "mx.missing"),
    ("10 192.0.2.5", "20 localhost"): ("mx.address", "mx.missing", "mx.missing"),
    ("10 old.shop.example",): ("mx.no-address", "mx.missing", "mx.missing"),
    ("10 mail.shop.example",): ("mx.wrong-host", "mx.missing", "mx.missing"),
    ("10 mx2.mail.example",): ("mx.missing", "", "mx.missing"),
    ("10 MX3.mail.example.", "20 mx1.mail.example"): ("", "mx.missing", ""),
    ("0 .", "10 mx2.mail.example"): ("mx.null-mixed", "", "mx.missing"),
    ("10 192.0.2.5", "10 mx2.mail.example"): ("mx.address", "", "mx.missing"),
    ("10 localhost", "10 mx2.mail.example", "20 mx3.mail.example"): ("mx.local", "", ""),
    ("1 localhost", *(f"10 mx{n}.mail.example" for n in "123")): ("mx.local", "", ""),
    ("0 .", *(f"10 mx{n}.mail.example" for n in "123")): ("mx.null-mixed", "", ""),
    (f"10 mx1.mail.example.{APEX}", "10 192.0.2.5"): (
        *("mx.zone-appended", "mx.address", "mx.missing"),
    ),
    ("10 192.0.2.5",): ("mx.address", "mx.missing", "mx.missing"),
    ("10 192.0.2.5", "0 ."): ("mx.address", "mx.missing", "mx.missing"),
    (f"10 mx2.mail.example.{APEX}",): ("mx.missing", "mx.zone-appended", "mx.missing"),
    (f"10 mx2.mail.example.{APEX}", "10 mx1.mail.example"): (
        *("", "mx.zone-appended", "mx.missing"),
    ),
    (f"0 10.mx3.mail.example.{APEX}", "0 ."): (
        *("mx.null-mixed", "mx.missing", "mx.priority-inside"),
    ),
}


@pytest.mark.parametrize("values", BESIDE_EACH_OTHER)
def test_hosts_wanted_beside_each_other_share_the_edits(values: tuple[str, ...]) -> None:
    """One takes the place of what is wrong, the others are added, and all are content then."""
    published = {**at_apex(*values), **LIVE}
    told = [judged(expected, published).findings for expected in THREE]
    assert tuple(" ".join(f.code for f in each) for each in told) == BESIDE_EACH_OTHER[values]
    edits = [edit for each in told for finding in each[:1] for edit in finding.edits]
    after = edited(published, dict.fromkeys(edits))
    assert [judged(expected, after).findings for expected in THREE] == [()] * 3 or values == (
        "10 mail.shop.example",
    )
    kept = after[APEX, "MX"]
    assert isinstance(kept, tuple)
    hosts = sorted(value.lower().rstrip(".").partition(" ")[2] for value in kept)
    wanted = [expected.value for expected in THREE]
    assert hosts == (["mail.shop.example", *wanted] if "mail" in values[0][:7] else wanted)


def test_two_services_are_told_once() -> None:
    """By the first host that is there; nobody's mail is offered to be cut off for an extra."""
    three = [replace(one, value=f"mx{number}.hostinger.com") for number, one in enumerate(THREE)]
    hosts = tuple(one.value for one in three)
    published = at_apex("5 mx1.hostinger.com", "5 mx2.hostinger.com", "1 smtp.google.com")
    for required in (True, False):
        wanted = [replace(one, hosts=hosts, required=required) for one in three]
        told = [judged(one, published).findings for one in wanted]
        codes = [[finding.code for finding in each] for each in told]
        assert codes == [["mx.missing"] if required else [], ["mx.two-services"], []]
        [finding] = told[1]
        assert [edit.before for edit in finding.edits] == ["1 smtp.google.com"] * required
        assert ("keeps mx1.hostinger.com" in finding.fix) is required
        check_texts(finding)


def test_a_null_record_where_mail_is_not_required_is_a_warning() -> None:
    """What one does without breaks nothing, though the host wanted is not there."""
    for expected in (STAND_IN, replace(STAND_IN, optional=True)):
        for values in (("0 .",), ("10 192.0.2.5",), ("10 localhost", "0 .")):
            seen = judged(expected, at_apex(*values))
            assert seen.verdict is WRONG
            assert {finding.severity for finding in seen.findings} == {Severity.WARNING}
            check_edits(Row("not required", expected, at_apex(*values)))


def test_other_mail_servers_stay() -> None:
    """Where the wanted host is one among others, no edit takes one of those away."""
    others = mx_at("5 a.example", f"10 {FEEDBACK}.{APEX}")
    [finding] = judged(AMONG, others).findings
    assert [(edit.before, edit.after) for edit in finding.edits] == [
        (f"10 {FEEDBACK}.{APEX}", f"10 {FEEDBACK}")
    ]


def test_another_logo_is_changed_and_not_joined() -> None:
    """A second record beside it would make receivers take neither; one's own is only remarked."""
    published = text_at("v=BIMI1; l=https://logo.example/b.svg;", "other", name=LOGO.name)
    [finding] = judged(LOGO, published).findings
    assert edited(published, finding.edits) == text_at("other", LOGO.value, name=LOGO.name)
    [mild] = judged(replace(LOGO, required=False), published).findings
    assert mild == replace(finding, severity=Severity.INFO)


def test_what_stands_in_one_text_with_the_token_stays() -> None:
    """An SPF record with the token at its end becomes one without, beside the token."""
    [row] = [row for row in BAD if row.about == "beside SPF in one text"]
    after = edited(row.published, judged(row.expected, row.published).findings[0].edits)
    assert after == text_at("other", "v=spf1 mx -all", CHALLENGE.value)


def test_a_token_that_is_nearly_right_may_be_somebody_elses() -> None:
    """Two accounts may have tokens that differ little, so none is deleted."""
    for row in BAD:
        if row.codes[0] in ("token.typo", "token.other-digest"):
            after = edited(row.published, judged(row.expected, row.published).findings[0].edits)
            assert after == {(APEX, "TXT"): (*row.published[APEX, "TXT"], row.expected.value)}


def test_silence_behind_a_wrong_host_leaves_it_wrong() -> None:
    """What could not be asked of its target is no reason to say anything of the target."""
    for reason in Reason:
        silent: Published = {("a.example", "A"): reason, ("a.example", "AAAA"): reason}
        [finding] = judged(ONLY, {**mx_at("10 a.example"), **silent}).findings
        assert finding.code == "mx.wrong-host"
        missing = judged(ONLY, {(BOUNCE, "A"): reason}).findings[0]
        assert (missing.code, "address" in missing.why) == ("mx.missing", False)


@pytest.mark.parametrize("row", GOOD, ids=str)
def test_a_right_record_costs_no_further_question(row: Row) -> None:
    """Its own answer is enough."""
    dns = FakeDns(dict(row.published))

    async def one() -> None:
        await judge(row.expected, await dns.ask(row.expected.name, row.expected.type), dns.ask)

    asyncio.run(one())
    assert dns.questions == 1


def test_every_area_has_a_name_for_missing() -> None:
    """A new kind of record must say under which code it is missing."""
    assert set(host.AREAS) == set(Match)


HOSTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from([FEEDBACK, f"{FEEDBACK}.{APEX}", "", "."]),
    st.sampled_from([CHALLENGE.value, CHALLENGE.value.lower(), f'"{CHALLENGE.value}"']),
    st.sampled_from(["localhost", "192.0.2.5", f"10.{FEEDBACK}", "smtp.office365.com"]),
)
PIECES = st.sampled_from(
    [CHALLENGE.value, CHALLENGE.value[:15], "elastx-mrs", "=", ":", " ", '"', "\\x0a", "TXT", "x"]
)
TEXTS = st.one_of(HOSTS, st.lists(PIECES, max_size=5).map("".join))
MXS = st.builds(
    "{} {}".format, st.integers(0, 3), HOSTS.map(lambda text: text.replace(" ", "") or ".")
)


@given(st.lists(MXS, unique=True, max_size=3), st.sampled_from([ONLY, AMONG, STAND_IN]))
def test_no_mx_makes_it_stumble(values: list[str], expected: RequiredRecord) -> None:
    """Any host ends in a verdict, and the edits mend whatever was there."""
    row = Row("any", expected, {(expected.name, "MX"): tuple(values)} if values else {})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)


SIBLINGS = st.builds(
    "{} {}".format,
    st.integers(0, 3),
    st.one_of(
        st.sampled_from(
            [f"mx{number}.mail.example{end}" for number in range(5) for end in ("", f".{APEX}")]
        ),
        st.sampled_from(["10.mx2.mail.example", "MX1.mail.example.", ".", "localhost"]),
        st.sampled_from(["192.0.2.5", "mail.shop.example", "a.example", "smtp.office365.com"]),
    ),
)


@given(st.lists(SIBLINGS, unique=True, max_size=5), st.booleans())
def test_no_edit_of_one_host_undoes_that_of_another(values: list[str], required: bool) -> None:
    """All made by the letter, each once, they leave every wanted host in its place."""
    wanted = [replace(expected, required=required) for expected in THREE]
    published: Published = {**LIVE, **(at_apex(*values) if values else {})}
    told = [judged(expected, published).findings for expected in wanted]
    edits = [edit for findings in told for finding in findings[:1] for edit in finding.edits]
    after = edited(published, dict.fromkeys(edits))
    assert {judged(expected, after).verdict for expected in wanted} == {OK}


@given(st.lists(TEXTS, unique=True, max_size=3))
def test_no_token_makes_it_stumble(texts: list[str]) -> None:
    """Any text ends in a verdict, and the edits mend whatever was there."""
    row = Row("any", CHALLENGE, text_at(*texts) if texts else {})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)
