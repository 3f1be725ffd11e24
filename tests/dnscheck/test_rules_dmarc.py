"""DMARC as people publish it: what is said, and that the edits mend it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Reason
from dnscheck.findings import Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dmarc, dmarc_absent, dmarc_addresses, dmarc_reports, dmarc_tags
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
    judged,
)

APEX, NAME = "shop.example", "_dmarc.shop.example"
POLICY = RequiredRecord(Purpose.DMARC, NAME, "TXT", "v=DMARC1; p=none", Match.DMARC)
ASKED = replace(POLICY, value="v=DMARC1; p=none; rua=mailto:a@shop.example")
TWICE = replace(POLICY, value="v=DMARC1; p=none; rua=mailto:a@b.example; rf=afrf; pct=100")
BELOW = replace(POLICY, name="_dmarc.news.shop.example")
ADVICE = replace(BELOW, required=False)
ABOVE: Published = {(NAME, "TXT"): ("v=DMARC1; p=reject",)}
MAILBOXES: Published = {
    (APEX, "MX"): ("10 mx.shop.example",),
    ("b.example", "MX"): ("10 mx.b.example",),
    ("d.example", "A"): ("192.0.2.1",),
    ("shop.example._report._dmarc.b.example", "TXT"): ("v=DMARC1;",),
    ("*._report._dmarc.d.example", "TXT"): ("v=DMARC1",),
}
RUA = "rua=mailto:a@shop.example"


def at(*texts: str) -> Published:
    """Return what `_dmarc` publishes, in a world where the mailboxes used here take reports."""
    return {**MAILBOXES, (NAME, "TXT"): texts}


def good(about: str, text: str, expected: RequiredRecord = POLICY) -> Row:
    """Return a row of a record of which nothing is to be said."""
    return Row(about, expected, at(text), verdict=OK)


GOOD = [
    good("as shown", "v=DMARC1; p=none"),
    good("as shown, with parts that are obsolete", TWICE.value, TWICE),
    good("stricter", "v=DMARC1; p=reject"),
    good("semicolon at the end", "v=DMARC1; p=quarantine;"),
    good("no blanks", f"v=DMARC1;p=none;{RUA}"),
    good("blanks around the signs", "v = DMARC1 ; p = none "),
    good("capital letters", f"V=DMARC1; P=None; ADKIM=S; {RUA}"),
    good("other order", f"v=DMARC1; {RUA}; p=none"),
    good("all tags", f"v=DMARC1; p=none; sp=reject; np=reject; adkim=s; aspf=r; fo=1:d:s; {RUA}"),
    good("an organization of its own", f"v=DMARC1; p=none; psd=n; t=n; fo=d:1; {RUA}"),
    good("several addresses", "v=DMARC1; p=none; rua=mailto:a@b.example , mailto:c@d.example"),
    good("apostrophe in an address", "v=DMARC1; p=none; rua=mailto:o'brien@shop.example"),
    good("a web address beside a mailbox", f"v=DMARC1; p=none; {RUA},https://shop.example/dmarc"),
    good("address with a subject", f"v=DMARC1; p=none; {RUA}?subject=dmarc"),
    good("tabs", f"v=DMARC1\\x09;\\x09p=none;\\x09{RUA}"),
    good("every kind of failure report", f"v=DMARC1; p=none; fo=0:1 : d:s; {RUA}"),
    good("psd unsaid", f"v=DMARC1; p=reject; psd=u; {RUA}"),
    good("no mail from names that do not exist", f"v=DMARC1; p=none; np=reject; {RUA}"),
    good("nothing between semicolons", f"v=DMARC1;; p=none;{RUA}"),
    good("on trial without a policy", f"v=DMARC1; p=none; t=y; {RUA}"),
    good("a comma at the end", f"v=DMARC1; p=none; {RUA},"),
    good("no addresses, but a policy", "v=DMARC1; p=reject; rua="),
    good("the obsolete tag for all mail", f"v=DMARC1; p=reject; pct=100; {RUA}"),
    good("unknown tag", f"v=DMARC1; p=none; note=hello there; {RUA}"),
    good("stricter below", "v=DMARC1; p=quarantine; sp=reject; np=reject"),
    good(
        "a percentage of nothing",
        f"v=DMARC1; p=none; pct=10; {RUA}",
        replace(POLICY, value=f"v=DMARC1; p=none; pct=10; {RUA}"),
    ),
    Row(
        "weaker below a subdomain",
        BELOW,
        {(BELOW.name, "TXT"): ("v=DMARC1; p=reject; sp=none",)},
        verdict=OK,
    ),
    Row(
        "alias to a service that takes reports",
        POLICY,
        {
            **MAILBOXES,
            (NAME, "CNAME"): ("shop.dmarc.example",),
            ("shop.dmarc.example", "TXT"): ("v=DMARC1; p=none; rua=mailto:a@b.example",),
        },
        verdict=OK,
    ),
]

TWO, VERSION, SEMICOLON = "dmarc.two-records", "dmarc.version", "dmarc.semicolon"
ESCAPED, QUOTES, AT_APEX = "dmarc.escaped-semicolons", "dmarc.quotes-inside", "dmarc.at-apex"
EQUALS, POLICY_WORD = "dmarc.equals-sign", "dmarc.bad-policy"
DUPLICATE, VALUE, WEAK = "dmarc.duplicate-tag", "dmarc.bad-value", "dmarc.weak-subdomains"
DEAD, ZONE_FILE = "dmarc.dead-alias", "dmarc.zone-file-text"
BAD = [
    Row("two policies", POLICY, at("v=DMARC1; p=none", "v=DMARC1; p=reject"), (TWO,)),
    Row("two, the first is bad", POLICY, at("v=DMARC1; p=", "v=DMARC1; p=reject"), (TWO,)),
    Row("two alike", POLICY, at("v=DMARC1; p=none", "v=DMARC1; p=none;"), (TWO,)),
    Row("line of a zone file", POLICY, at("_dmarc 300 IN TXT v=DMARC1; p=reject"), (ZONE_FILE,)),
    Row("line with quotes", POLICY, at('shop IN TXT "v=DMARC1; p=reject"'), (ZONE_FILE,)),
    Row("a word before it", POLICY, at("Value: v=DMARC1; p=reject"), (VERSION,)),
    Row("a slash", POLICY, at("v=DMARC1/ p=reject"), (VERSION,)),
    Row("a line break", POLICY, at("v=DMARC1;\\x0ap=reject"), (VERSION,)),
    Row(
        "neither policy nor reports",
        POLICY,
        at("v=DMARC1;"),
        ("dmarc.no-policy", "dmarc.no-reports"),
        says=("as if there were no record",),
    ),
    Row(
        "no policy, and nobody to report to",
        POLICY,
        at("v=DMARC1; rua=nobody; sp=reject"),
        ("dmarc.no-policy", "dmarc.rua-scheme", "dmarc.rua-address", "dmarc.no-reports"),
    ),
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
        (SEMICOLON, POLICY_WORD, "dmarc.rua-scheme"),
    ),
    Row("colon", POLICY, at("v=DMARC1; p:reject"), (EQUALS,), says=("p=none",)),
    Row(
        "blank for the equals sign", POLICY, at("v=DMARC1; p reject"), (EQUALS,), says=("skip p.",)
    ),
    Row(
        "two records in one, and the policy is lost",
        POLICY,
        at("v=DMARC1; p=reject v=DMARC1; p=none"),
        (SEMICOLON, DUPLICATE),
    ),
    Row("a policy misspelt", POLICY, at("v=DMARC1; p=quarentine"), (POLICY_WORD,)),
    Row("escaped", POLICY, at("v=DMARC1\\; p=reject"), (ESCAPED,)),
    Row("escaped later", POLICY, at("v=DMARC1; p=reject\\; rua=mailto:a@b.example"), (ESCAPED,)),
    Row("quotes", POLICY, at('"v=DMARC1; p=reject"'), (QUOTES,)),
    Row("single quotes", POLICY, at("'v=DMARC1; p=reject'"), (QUOTES,)),
    Row("quoted policy", POLICY, at('v=DMARC1; p="reject"'), (QUOTES,)),
    Row("empty policy", POLICY, at(f"v=DMARC1; p=; {RUA}"), (POLICY_WORD,), says=("behind p.",)),
    Row("monitor", POLICY, at(f"v=DMARC1; p=monitor; sp=none; {RUA}"), (POLICY_WORD,)),
    Row(
        "no such policy below",
        POLICY,
        at("v=DMARC1; p=reject; sp=off; np=all"),
        (POLICY_WORD, WEAK),
        says=("sp and np",),
    ),
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
    Row(
        "alias to nothing",
        POLICY,
        {(NAME, "CNAME"): ("shop.gone.example",)},
        (DEAD,),
        MISSING,
        ("no name shop.gone.example",),
    ),
    Row(
        "alias to a name without text",
        POLICY,
        {(NAME, "CNAME"): ("gone.example",), ("gone.example", "A"): ("192.0.2.1",)},
        (DEAD,),
        MISSING,
        ("gone.example has no TXT",),
    ),
    Row(
        "alias to other text",
        POLICY,
        {(NAME, "CNAME"): ("gone.example",), ("gone.example", "TXT"): ("parked",)},
        (DEAD,),
        MISSING,
        ("the text at gone.example",),
    ),
]
SCHEME, SEPARATOR, ADDRESS = "dmarc.rua-scheme", "dmarc.rua-separator", "dmarc.rua-address"
BOTH = (SCHEME, ADDRESS)
SAMPLED, OBSOLETE, NO_REPORTS = "dmarc.percentage", "dmarc.obsolete-tags", "dmarc.no-reports"


def mild(about: str, text: str, *codes: str, says: tuple[str, ...] = ()) -> Row:
    """Return a row of a record that counts, with something to be said of it."""
    return Row(about, POLICY, at(text), codes, OK, says)


MILD = [
    mild("no policy", "v=DMARC1; rua=mailto:a@b.example", "dmarc.no-policy"),
    mild("said twice", f"v=DMARC1; p=reject; p=none; {RUA}", DUPLICATE, says=("repeats p",)),
    mild(
        "two records in one",
        f"v=DMARC1; p=none; {RUA} v=DMARC1; p=reject",
        DUPLICATE,
        says=("repeats v and p",),
    ),
    mild("a part that is no tag", f"v=DMARC1; p=reject; all mail; {RUA}", "dmarc.no-tag"),
    mild("a tag with a blank in its name", f"v=DMARC1; p=reject; my note=x; {RUA}", "dmarc.no-tag"),
    mild(
        "colon before an address",
        "v=DMARC1; p=reject; rua:mailto:a@b.example",
        EQUALS,
        says=("skip rua",),
    ),
    mild("blank before an address", "v=DMARC1; p=none; rua mailto:a@b.example", EQUALS),
    mild("version twice", f"v=DMARC1; v=DMARC1; p=none; {RUA}", DUPLICATE),
    mild("addresses twice", f"v=DMARC1; p=none; {RUA}; rua=mailto:a@b.example", DUPLICATE),
    mild(
        "alignment in words",
        f"v=DMARC1; p=none; adkim=relaxed; aspf=; {RUA}",
        VALUE,
        says=("adkim and aspf",),
    ),
    mild("yes", f"v=DMARC1; p=none; t=yes; fo=0:1; psd=x; {RUA}", VALUE),
    mild("a registry", f"v=DMARC1; p=none; psd=y; {RUA}", "dmarc.registry-flag"),
    mild(
        "a part of the mail",
        "v=DMARC1; p=quarantine; pct=5; t=n",
        SAMPLED,
        says=("5 of",),
    ),
    mild("none of the mail", "v=DMARC1; p=reject; pct=0; ri=60", SAMPLED, OBSOLETE),
    mild("a part below", f"v=DMARC1; p=none; sp=reject; pct=50; {RUA}", SAMPLED),
    mild("no mailto", "v=DMARC1; p=none; rua=a@b.example", SCHEME),
    mild(
        "one without mailto",
        "v=DMARC1; p=none; ruf=mailto:a@b.example,c@d.example; rua=x@shop.example",
        SCHEME,
    ),
    mild("semicolon between", f"v=DMARC1; p=none; {RUA};mailto:a@b.example; fo=1", SEPARATOR),
    mild(
        "semicolon before a bare one", f"v=DMARC1; p=none; {RUA}; a@b.example;", SEPARATOR, SCHEME
    ),
    mild("blank between", f"v=DMARC1; p=none; {RUA} mailto:a@b.example", SEPARATOR),
    mild("blank in the address", "v=DMARC1; p=none; rua=mailto: a@b.example", ADDRESS),
    mild("blank before the sign", "v=DMARC1; p=none; rua=mailto:a @b.example", ADDRESS),
    mild("blank behind the sign", "v=DMARC1; p=none; rua=mailto:a@ b.example,c@d.example", *BOTH),
    mild("semicolon for the colon", "v=DMARC1; p=none; rua=mailto;a@b.example", ADDRESS),
    mild("no colon", "v=DMARC1; p=none; rua=mailto a@b.example", ADDRESS),
    mild(
        "a web address", "v=DMARC1; p=reject; rua=https://shop.example/dmarc", "dmarc.rua-no-mail"
    ),
    mild("an equals sign", "v=DMARC1; p=none; rua=mailto=a@b.example", SCHEME, ADDRESS),
    mild("another scheme", "v=DMARC1; p=none; rua=mail:a@b.example", SCHEME, ADDRESS),
    mild("brackets", "v=DMARC1; p=none; rua=<mailto:a@b.example>", ADDRESS),
    mild("brackets inside", "v=DMARC1; p=none; rua=mailto:<a@b.example>", ADDRESS),
    mild("slashes", "v=DMARC1; p=none; rua=mailto://a@b.example", ADDRESS),
    mild("mailto twice", "v=DMARC1; p=none; rua=mailto:mailto:a@b.example", ADDRESS),
    mild("no address it is", f"v=DMARC1; p=none; {RUA},mailto:nobody", ADDRESS),
    Row(
        "beside other texts",
        POLICY,
        at("v=DMARC1; p=none", "hello", "v=dmarc1; p=none"),
        ("dmarc.unrelated-text",),
        OK,
    ),
]
WEB = "v=DMARC1; p=none; rua=https://shop.example/dmarc"
REMARKS = [
    mild(
        "weaker below",
        "v=DMARC1; p=reject; sp=none; np=quarantine",
        WEAK,
        says=("sp=none and np=quarantine", "forges a subdomain is"),
    ),
    mild(
        "weaker below, but for names that do not exist",
        "v=DMARC1; p=reject; sp=none; np=reject",
        WEAK,
        says=("a subdomain which exists",),
    ),
    mild(
        "weaker for names that do not exist",
        "v=DMARC1; p=reject; np=none",
        WEAK,
        says=("does not exist",),
    ),
    Row("a web address, and reports are wanted", ASKED, at(WEB), ("dmarc.rua-no-mail",), OK),
    mild(
        "obsolete tags",
        f"v=DMARC1; p=reject; pct=100; ri=3600; rf=afrf; {RUA}",
        OBSOLETE,
        says=("pct, rf and ri",),
    ),
    mild("a size limit", f"v=DMARC1; p=reject; {RUA}!10m", OBSOLETE, says=("size limit",)),
    mild("on trial", "v=DMARC1; p=reject; t=y", "dmarc.test-mode"),
    mild("watching blindly", "v=DMARC1; p=none; aspf=s", NO_REPORTS, says=("dmarc@shop.example",)),
    Row(
        "reports are wanted",
        ASKED,
        at("v=DMARC1; p=none; rua="),
        (NO_REPORTS,),
        OK,
        ("value shown, which asks for reports",),
    ),
]
ELSEWHERE = "v=DMARC1; p=none; rua=mailto:x@reports.example"
UNAGREED, BOUNCES = "dmarc.reports-not-authorised", "dmarc.reports-no-mailbox"
MAILBOX: Published = {("reports.example", "MX"): ("10 mx.reports.example",)}
REPORT = "shop.example._report._dmarc.reports.example"
REPORTS = [
    Row("reports to strangers", POLICY, {**at(ELSEWHERE), **MAILBOX}, (UNAGREED,), OK, (REPORT,)),
    Row(
        "agreed in the wrong zone",
        POLICY,
        {**at(ELSEWHERE), **MAILBOX, (f"{REPORT}.{APEX}", "TXT"): ("v=DMARC1",)},
        (UNAGREED,),
        OK,
        (f"{REPORT}.{APEX}",),
    ),
    Row(
        "agreed with other text",
        POLICY,
        {**at(ELSEWHERE), **MAILBOX, (REPORT, "TXT"): ("yes",)},
        (UNAGREED,),
        OK,
    ),
    Row(
        "mailbox at no domain",
        POLICY,
        {**at(ELSEWHERE), (REPORT, "TXT"): ("v=DMARC1",)},
        (BOUNCES,),
        OK,
        ("neither",),
    ),
    Row("strangers who take no mail", POLICY, at(ELSEWHERE), (BOUNCES,), OK, ("no entry",)),
    Row(
        "mailbox below the domain",
        POLICY,
        at("v=DMARC1; p=none; ruf=mailto:x@no.shop.example; rua=mailto:X@NO.shop.example!1m"),
        (OBSOLETE, BOUNCES),
        OK,
    ),
    Row(
        "mailbox that refuses all mail",
        POLICY,
        {**at(ELSEWHERE), (REPORT, "TXT"): ("v=DMARC1",), ("reports.example", "MX"): ("0 .",)},
        (BOUNCES,),
        OK,
        ("null MX",),
    ),
]
INHERITED = [
    Row("inherited", BELOW, ABOVE, ("dmarc.missing", "dmarc.inherited"), MISSING),
    Row("inherited, advice", ADVICE, ABOVE, ("dmarc.inherited",), OK, ("p=reject",)),
    Row(
        "inherited, softer",
        ADVICE,
        {(NAME, "TXT"): ("v=DMARC1; p=reject; sp=none",)},
        ("dmarc.inherited",),
        OK,
        ("p=none",),
    ),
    Row(
        "inherited, alias to nothing",
        ADVICE,
        {**ABOVE, (BELOW.name, "CNAME"): ("gone.example",)},
        (DEAD, "dmarc.inherited"),
        OK,
    ),
    Row(
        "from between, unseen by older receivers",
        replace(ADVICE, name="_dmarc.x.news.shop.example"),
        {(BELOW.name, "TXT"): ("v=DMARC1; p=reject",)},
        ("dmarc.missing", "dmarc.inherited"),
        MISSING,
    ),
]
ALL = [*BAD, *MILD, *REMARKS, *REPORTS, *INHERITED]


@pytest.mark.parametrize("row", [*GOOD, *ALL], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", [*BAD, *MILD, *REMARKS, *INHERITED], ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    if row.verdict is OK or row.expected.required:
        check_edits(row)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    modules = (dmarc, dmarc_absent, dmarc_addresses, dmarc_tags, dmarc_reports)
    codes = set().union(*map(codes_in, modules)) - {"host.wildcard"}
    assert codes_of(ALL) == codes | {"dmarc.missing", "host.doubled", DEAD}


def test_the_severity_says_what_breaks() -> None:
    """A policy that counts for less is a warning; what only wants to be known is a remark."""
    remarks = {OBSOLETE, NO_REPORTS, WEAK, "dmarc.test-mode", "dmarc.inherited"}
    for row in [*MILD, *REMARKS, *REPORTS, *INHERITED[1:3]]:
        for finding in judged(row.expected, row.published).findings:
            remark = Severity.INFO if finding.code in remarks else Severity.WARNING
            assert finding.severity is remark, row


def after(text: str, expected: RequiredRecord = POLICY) -> str:
    """Return the value that the first finding of a published record shows."""
    edits = judged(expected, at(text)).findings[0].edits
    return edits[0].after


MENDED = {
    "v=DMARC1; p:reject; rua:a@b.example": "v=DMARC1; p=reject; rua=mailto:a@b.example",
    "v=DMARC1; p=reject; sp=off; np=none": "v=DMARC1; p=reject; sp=none; np=none",
    "v=DMARC1;p=reject;adkim=strict;x=1": "v=DMARC1;p=reject;x=1",
    "v=DMARC1; p=reject; psd=y; aspf=s": "v=DMARC1; p=reject; aspf=s",
    "v=DMARC1; p=reject; x=1; p=none;": "v=DMARC1; p=reject; x=1;",
    "v=DMARC1; p=reject; rua=mailto:a@b.example; fo=1; rua=mailto:c@d.example": (
        "v=DMARC1; p=reject; rua=mailto:a@b.example,mailto:c@d.example; fo=1"
    ),
    "v=DMARC1; p=reject; rua=mailto:a@b.example!5m; <c@d.example> ; t=n": (
        "v=DMARC1; p=reject; rua=mailto:a@b.example!5m,mailto:c@d.example; t=n"
    ),
    "v=DMARC1; p=reject; rua=mail:a@b.example,mailto=c@d.example": (
        "v=DMARC1; p=reject; rua=mailto:a@b.example,mailto:c@d.example"
    ),
    "v=DMARC1; p=reject; rua=mailto:a@b\\xc3\\xbccher.example": (
        "v=DMARC1; p=reject; rua=mailto:a@xn--bcher-kva.example"
    ),
    "\\xe2\\x80\\x9cv=DMARC1; p=reject; rua=mailto:\\xc3\\xbc@b.example\\xe2\\x80\\x9d": (
        "v=DMARC1; p=reject"
    ),
    "shop.example. IN TXT ( v=DMARC1; p=reject )": "v=DMARC1; p=reject",
    '_dmarc.x. 3600 IN TXT ( "v=DMARC1; p=rej" "ect; fo=1" ) ; mine': "v=DMARC1; p=reject; fo=1",
    '_dmarc IN TXT "v=DMARC1\\; p=reject"': "v=DMARC1; p=reject",
    "v=DMARC1/p=reject": "v=DMARC1; p=reject",
    "v=DMARC1; p=reject; v=DMARC1; fo=1": "v=DMARC1; p=reject; fo=1",
    "v=DMARC1; p reject; hello; rua mailto:a@b.example": (
        "v=DMARC1; p=reject; rua=mailto:a@b.example"
    ),
    "v=DMARC1; p=Quarentine; sp=non; np=rejected": ("v=DMARC1; p=quarantine; sp=none; np=reject"),
    "v=DMARC1; p=reject; rua=mailto;a@b.example; fo=1": (
        "v=DMARC1; p=reject; rua=mailto:a@b.example; fo=1"
    ),
    "v=DMARC1; p=reject; rua=mailto: a @ b.example,c@d.example": (
        "v=DMARC1; p=reject; rua=mailto:a@b.example,mailto:c@d.example"
    ),
    "v=DMARC1; p=reject; rua=nobody; aspf=s": "v=DMARC1; p=reject; aspf=s",
    "v=DMARC1; p=reject; t=n; pct=25; rf=afrf;": "v=DMARC1; p=reject; pct=25; rf=afrf; t=y",
}


@pytest.mark.parametrize(("text", "value"), MENDED.items())
def test_what_else_was_published_stays(text: str, value: str) -> None:
    """Only the mistake goes; reports go to the same addresses."""
    assert after(text) == value


def test_a_record_below_takes_over_the_policy_above() -> None:
    """Publishing what a provider demands does not open a subdomain that was protected."""
    above = {(NAME, "TXT"): (f"v=DMARC1; p=none; sp=reject; np=none; psd=n; {RUA}",)}
    missing = judged(BELOW, above).findings[0]
    assert [edit.after for edit in missing.edits] == [f"v=DMARC1; p=reject; {RUA}"]


def test_reports_that_were_asked_for_are_added() -> None:
    """Where a mailbox is known, the edit brings it in."""
    assert after("v=DMARC1; p=none; adkim=s", ASKED) == f"v=DMARC1; p=none; adkim=s; {RUA}"


@pytest.mark.parametrize("reason", Reason)
def test_silence_about_reports_is_held_against_nobody(reason: Reason) -> None:
    """Neither the other side's consent nor its mailbox is called missing."""
    asked = [(REPORT, "TXT"), ("*._report._dmarc.reports.example", "TXT")]
    asked += [("reports.example", kind) for kind in ("MX", "A", "AAAA")]
    for silent in asked:
        answers: Published = {**at(ELSEWHERE), silent: reason}
        codes = {finding.code for finding in judged(POLICY, answers).findings}
        assert codes == ({BOUNCES} if silent[1] == "TXT" else {UNAGREED})


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
TAGS = st.sampled_from(["p:none", "sp=no", "np=reject", "t=y", "t=", "psd=y", "adkim=strict"]) | (
    st.sampled_from(["pct=50", "fo=2", "mailto:x@y.example", "<a@b.example>", "ruf=<mailto:a@b>!"])
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(PARTS, max_size=9).map("".join),
    st.lists(PARTS | TAGS, max_size=6).map(lambda parts: "; ".join(["v=DMARC1", *parts])),
)


@given(st.lists(TEXTS, unique=True, max_size=3), st.lists(TEXTS, unique=True, max_size=2))
def test_nothing_published_makes_it_stumble(texts: list[str], apex: list[str]) -> None:
    """Any text ends in a verdict, and the edits mend whatever was there."""
    published = at(*texts) if texts else {}
    row = Row("any", POLICY, {**published, (APEX, "TXT"): tuple(apex)})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)


@given(st.lists(TEXTS, unique=True, max_size=2))
def test_nothing_published_further_up_makes_it_stumble(texts: list[str]) -> None:
    """What is taken over from above is a good record too."""
    check_edits(Row("any", BELOW, at(*texts) if texts else {}))
