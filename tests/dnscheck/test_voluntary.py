"""TLS-RPT, MTA-STS and BIMI as people publish them: what is said, and that the edits mend it."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck import voluntary
from dnscheck.answers import Answer, Reason
from dnscheck.findings import Finding, Severity
from dnscheck.rules import registry, wildcards
from dnscheck.voluntary.published import MOST_CHARACTERS
from tests.dnscheck.judging import Published, Zone, check_texts, edited

APEX, BELOW = "shop.example", "news.shop.example"
TLSRPT, MTASTS, BIMI = f"_smtp._tls.{APEX}", f"_mta-sts.{APEX}", f"default._bimi.{APEX}"
HOST, DMARC = f"mta-sts.{APEX}", f"_dmarc.{APEX}"
LOGO, PEM = "https://shop.example/logo.svg", "https://shop.example/logo.pem"
REPORTS, POLICY = "v=TLSRPTv1; rua=mailto:tls@shop.example", "v=STSv1; id=20260101;"
SHOWN = f"v=BIMI1; l={LOGO}; a={PEM}"
READY: Published = {  # a domain where all three can have an effect
    (APEX, "MX"): ("10 mx.shop.example",),
    (HOST, "A"): ("192.0.2.80",),
    (DMARC, "TXT"): ("v=DMARC1; p=reject",),
}


@dataclass(frozen=True)
class Row:
    """What a domain publishes, and what is to be said of it. A row without codes is a good one."""

    about: str
    published: Published
    codes: tuple[str, ...] = ()
    says: str = ""
    after: str = field(default="")  # the value to end with, where that is of interest
    domain: str = APEX

    def __str__(self) -> str:
        return self.about


def at(about: str, name: str, text: str, *codes: str, says: str = "", after: str = "") -> Row:
    """Return a row of one text at a name, in a domain that is ready for it."""
    return Row(about, {**READY, (name, "TXT"): (text,)}, codes, says, after)


def two(name: str, *texts: str) -> Published:
    """Return several texts at a name, in a domain that is ready for them."""
    return {**READY, (name, "TXT"): texts}


def alias(name: str, *texts: str) -> Published:
    """Return a CNAME at a name, with what is published at its target."""
    there: Published = {("there.example", "TXT"): texts} if texts else {}
    return {**READY, (name, "CNAME"): ("there.example",), **there}


def told(published: Published, domain: str = APEX) -> tuple[Finding, ...]:
    """Return what is said of a domain."""
    return asyncio.run(voluntary.findings(domain, Zone(dict(published)).ask))


GOOD = [
    Row("nothing at all", {}),
    Row("nothing but a domain that is ready", READY),
    Row(
        "all three",
        {
            **READY,
            (TLSRPT, "TXT"): (REPORTS,),
            (MTASTS, "TXT"): (POLICY,),
            (BIMI, "TXT"): (SHOWN,),
        },
    ),
    at("reports to a web address", TLSRPT, "v=TLSRPTv1;rua=https://shop.example/tls"),
    at("two addresses", TLSRPT, f"{REPORTS}, mailto:b@c.example ;"),
    at("an apostrophe", TLSRPT, "v=TLSRPTv1; rua=mailto:o'brien@shop.example"),
    at("an unknown tag", TLSRPT, f"{REPORTS}; note=x"),
    at("a tab between tags", TLSRPT, "v=TLSRPTv1;\\x09rua=mailto:tls@shop.example"),
    at("no semicolon at the end", MTASTS, "v=STSv1; id=1"),
    at("the longest id", MTASTS, f"v=STSv1;id={'a1' * 16};"),
    at("a logo that is compressed", BIMI, f"v=BIMI1; l={LOGO}z; a={PEM}"),
    at("a version of the file", BIMI, f"v=BIMI1; l={LOGO}?v=2; a={PEM}"),
    at("blanks around the signs", BIMI, f"v = BIMI1 ; l = {LOGO} ; a = {PEM}"),
    at("other order, and an avatar", BIMI, f"v=BIMI1; avp=personal; a={PEM}; l={LOGO}"),
    at("a logo declined", BIMI, "v=BIMI1; l=; a=;"),
    at("a logo declined in few words", BIMI, "v=BIMI1; l="),
    Row("hosted reports", alias(TLSRPT, REPORTS)),
    Row("hosted policy", alias(MTASTS, POLICY)),
    Row("hosted logo", alias(BIMI, SHOWN)),
    Row(
        "policy host as an alias",
        {**alias(HOST), (MTASTS, "TXT"): (POLICY,), ("there.example", "AAAA"): ("2001:db8::1",)},
    ),
    Row("something else beside", two(BIMI, SHOWN, "token=1")),
    Row("an old attempt beside", two(MTASTS, POLICY, "v=stsv1; id=1")),
    Row("something else alone", two(TLSRPT, "v=spf1 -all")),
    Row("another policy under the same name", two(TLSRPT, "v=DMARC1; rua=mailto:a@b.example")),
    Row("a text beyond all measure", two(MTASTS, f"v=stsv1;{'x' * MOST_CHARACTERS}")),
    Row("a wildcard of the web", {**READY, **alias(f"*.{APEX}"), ("there.example", "A"): ("x",)}),
    Row(
        "a logo with a milder policy",
        {**two(BIMI, SHOWN), (DMARC, "TXT"): ("v=DMARC1; p=quarantine",)},
    ),
]

RECORDS = {"tlsrpt": (TLSRPT, REPORTS), "mtasts": (MTASTS, POLICY), "bimi": (BIMI, SHOWN)}
ANYWHERE = [
    row
    for area, (name, text) in RECORDS.items()
    for row in (
        Row(f"{area}, twice", two(name, text, f"{text} "), (f"{area}.two-records",)),
        at(
            f"{area}, escaped",
            name,
            text.replace(";", "\\;"),
            f"{area}.escaped-semicolons",
            after=text,
        ),
        at(f"{area}, quoted", name, f'"{text}"', f"{area}.quotes-inside", after=text),
        at(f"{area}, in apostrophes", name, f"'{text}'", f"{area}.quotes-inside", after=text),
        at(
            f"{area}, a blank of a word processor",
            name,
            text.replace("; ", ";\\xc2\\xa0"),
            f"{area}.odd-characters",
            after=text,
        ),
        at(
            f"{area}, quoted by a word processor",
            name,
            f"\\xe2\\x80\\x9c{text}\\xe2\\x80\\x9d",
            f"{area}.odd-characters",
            after=text,
        ),
        at(
            f"{area}, a byte order mark",
            name,
            f"\\xef\\xbb\\xbf{text}",
            f"{area}.odd-characters",
            after=text,
        ),
        at(f"{area}, without semicolons", name, text.replace(";", ""), f"{area}.separators"),
        at(f"{area}, with commas", name, text.rstrip(";").replace(";", ","), f"{area}.separators"),
        at(f"{area}, in capitals", name, f"V{text[1:]}", f"{area}.spelling", after=text),
        at(f"{area}, a blank in front", name, f" {text}", f"{area}.version"),
        at(
            f"{area}, version in small letters",
            name,
            text.replace(text.split(";")[0], text.split(";")[0].lower()),
            f"{area}.version",
        ),
        at(
            f"{area}, version last",
            name,
            f"{text.partition('; ')[2].rstrip(';')}; {text.partition(';')[0]}",
            f"{area}.version",
        ),
        at(f"{area}, version without v", name, text[2:], f"{area}.version"),
        at(f"{area}, a remark", name, f"{text.rstrip(';')}; our record", f"{area}.stray-text"),
        at(
            f"{area}, version twice",
            name,
            f"{text.rstrip(';')}; {text.partition(';')[0]}",
            f"{area}.repeated-tag",
        ),
        at(f"{area}, at the domain", APEX, text, f"{area}.misplaced", after=text),
        Row(f"{area}, an alias to nothing", alias(name), (f"{area}.dead-alias",)),
        Row(f"{area}, an alias to something else", alias(name, "token=1"), (f"{area}.dead-alias",)),
    )
]

BOTH = "mailto:tls@shop.example,mailto:b@c.example"
OF_TLSRPT = [
    at("no addresses", TLSRPT, "v=TLSRPTv1;", "tlsrpt.no-address"),
    at("no address behind rua", TLSRPT, "v=TLSRPTv1; rua=", "tlsrpt.no-address"),
    at(
        "an address without rua",
        TLSRPT,
        "v=TLSRPTv1; mailto:tls@shop.example",
        "tlsrpt.no-address",
        after=REPORTS,
    ),
    at(
        "a semicolon between",
        TLSRPT,
        f"{REPORTS}; mailto:b@c.example",
        "tlsrpt.rua-separator",
        after=f"v=TLSRPTv1; rua={BOTH}",
    ),
    at(
        "a blank between",
        TLSRPT,
        f"{REPORTS} mailto:b@c.example",
        "tlsrpt.rua-separator",
        after=f"v=TLSRPTv1; rua={BOTH}",
    ),
    at("a comma at the end", TLSRPT, f"{REPORTS},", "tlsrpt.rua-separator", after=REPORTS),
    at(
        "a blank behind the equals sign",
        TLSRPT,
        REPORTS.replace("rua=", "rua= "),
        "tlsrpt.spelling",
        after=REPORTS,
    ),
    at("no mailto", TLSRPT, "v=TLSRPTv1; rua=tls@shop.example", "tlsrpt.rua-scheme", after=REPORTS),
    at(
        "plain web",
        TLSRPT,
        "v=TLSRPTv1; rua=http://shop.example/tls",
        "tlsrpt.rua-scheme",
        after="v=TLSRPTv1; rua=https://shop.example/tls",
    ),
    at("file transfer", TLSRPT, "v=TLSRPTv1; rua=ftp://shop.example/tls", "tlsrpt.rua-scheme"),
    at(
        "brackets",
        TLSRPT,
        "v=TLSRPTv1; rua=mailto:<tls@shop.example>",
        "tlsrpt.rua-address",
        after=REPORTS,
    ),
    at("a limit of size", TLSRPT, f"{REPORTS}!10m", "tlsrpt.rua-address", after=REPORTS),
    at(
        "one of two is none",
        TLSRPT,
        f"{REPORTS},mailto:nobody",
        "tlsrpt.rua-address",
        after=REPORTS,
    ),
    at("the only one is none", TLSRPT, "v=TLSRPTv1; rua=mailto:nobody", "tlsrpt.rua-address"),
    at(
        "a letter with an accent",
        TLSRPT,
        "v=TLSRPTv1; rua=mailto:m\\xc3\\xbcll@b.example",
        "tlsrpt.odd-characters",
    ),
    at(
        "rua twice",
        TLSRPT,
        f"{REPORTS}; rua=mailto:b@c.example",
        "tlsrpt.repeated-tag",
        after=f"v=TLSRPTv1; rua={BOTH}",
    ),
    Row(
        "two records for two mailboxes",
        two(TLSRPT, REPORTS, "v=TLSRPTv1; rua=mailto:b@c.example"),
        ("tlsrpt.two-records",),
        after="v=TLSRPTv1; rua=mailto:b@c.example,mailto:tls@shop.example",
    ),
    at(
        "two slips",
        TLSRPT,
        "v=TLSRPT1; rua=tls@shop.example",
        "tlsrpt.version",
        "tlsrpt.rua-scheme",
        after=REPORTS,
    ),
    Row(
        "a slip at a hosting service",
        alias(TLSRPT, REPORTS.replace(";", "\\;")),
        ("tlsrpt.escaped-semicolons",),
        says="there.example",
        after=REPORTS,
    ),
]
OF_MTASTS = [
    at("no id", MTASTS, "v=STSv1;", "mtasts.no-id", after="v=STSv1; id=1"),
    at("an empty id", MTASTS, "v=STSv1; id=;", "mtasts.no-id"),
    at("an id without its tag", MTASTS, "v=STSv1; 2026", "mtasts.no-id", after="v=STSv1; id=2026"),
    at(
        "an id with hyphens",
        MTASTS,
        "v=STSv1; id=2026-01-01",
        "mtasts.bad-id",
        after="v=STSv1; id=20260101",
    ),
    at(
        "an id of nothing but signs",
        MTASTS,
        "v=STSv1; id=--",
        "mtasts.bad-id",
        after="v=STSv1; id=1",
    ),
    at("an id that is too long", MTASTS, f"v=STSv1; id={'1' * 33}", "mtasts.bad-id"),
    at(
        "a longer name of the version",
        MTASTS,
        "v=MTA-STSv1; id=1",
        "mtasts.version",
        after="v=STSv1; id=1",
    ),
    at("colons", MTASTS, "v:STSv1; id:1", "mtasts.separators", after="v=STSv1; id=1"),
    Row("two with slips", two(MTASTS, "v=STSv1; id=-", "v=STSv1;"), ("mtasts.two-records",)),
    Row(
        "no policy host",
        {(APEX, "MX"): ("10 mx.shop.example",), (MTASTS, "TXT"): (POLICY,)},
        ("mtasts.no-host",),
        says="neither an A nor an AAAA",
    ),
    Row(
        "a policy host that leads nowhere",
        {
            (APEX, "MX"): ("10 mx.shop.example",),
            (MTASTS, "TXT"): (POLICY,),
            (HOST, "CNAME"): ("gone.example",),
        },
        ("mtasts.no-host",),
        says="gone.example",
    ),
    Row(
        "no mail server",
        {(HOST, "A"): ("x",), (MTASTS, "TXT"): (POLICY,)},
        ("mtasts.no-mx",),
        says="the address of the domain itself",
    ),
    Row(
        "no mail at all",
        {**two(MTASTS, POLICY), (APEX, "MX"): ("0 .",)},
        ("mtasts.no-mx",),
        says="takes none",
    ),
]
OF_BIMI = [
    at("no logo", BIMI, "v=BIMI1;", "bimi.no-logo"),
    at("a certificate alone", BIMI, f"v=BIMI1; l=; a={PEM}", "bimi.no-logo"),
    at("a logo without its tag", BIMI, f"v=BIMI1; {LOGO}; a={PEM}", "bimi.no-logo", after=SHOWN),
    at("swapped", BIMI, f"v=BIMI1; l={PEM}; a={LOGO}", "bimi.swapped", after=SHOWN),
    at(
        "a blank in the address",
        BIMI,
        f"v=BIMI1; l=https://shop.example/a b.svg; a={PEM}",
        "bimi.address",
        after=f"v=BIMI1; l=https://shop.example/a%20b.svg; a={PEM}",
    ),
    at(
        "two logos",
        BIMI,
        f"v=BIMI1; l={LOGO},https://shop.example/b.svg; a={PEM}",
        "bimi.address",
        after=SHOWN,
    ),
    at("a host that is none", BIMI, f"v=BIMI1; l=https:///logo.svg; a={PEM}", "bimi.address"),
    at(
        "plain web",
        BIMI,
        f"v=BIMI1; l=http://shop.example/logo.svg; a={PEM}",
        "bimi.not-https",
        after=SHOWN,
    ),
    at(
        "no scheme",
        BIMI,
        f"v=BIMI1; l=shop.example/logo.svg; a={PEM}",
        "bimi.not-https",
        after=SHOWN,
    ),
    at("a file on a disk", BIMI, f"v=BIMI1; l=file:///c/logo.svg; a={PEM}", "bimi.not-https"),
    at(
        "a certificate of oneself",
        BIMI,
        f"v=BIMI1; l={LOGO}; a=self",
        "bimi.not-https",
        "bimi.no-certificate",
    ),
    at("capital tags", BIMI, f"v=BIMI1; L={LOGO}; A={PEM}", "bimi.spelling", after=SHOWN),
    at("a logo twice", BIMI, f"v=BIMI1; l=; l={LOGO}; a={PEM}", "bimi.repeated-tag", after=SHOWN),
    at(
        "a picture",
        BIMI,
        f"v=BIMI1; l=https://shop.example/logo.png; a={PEM}",
        "bimi.not-svg",
        says=".png",
    ),
    at(
        "an address without a suffix",
        BIMI,
        f"v=BIMI1; l=https://shop.example/logo; a={PEM}",
        "bimi.no-suffix",
    ),
    at("no certificate", BIMI, f"v=BIMI1; l={LOGO}", "bimi.no-certificate"),
    at("an empty certificate", BIMI, f"v=BIMI1; l={LOGO}; a=;", "bimi.no-certificate"),
    Row("no DMARC", {(BIMI, "TXT"): (SHOWN,)}, ("bimi.no-policy",), says=f"_dmarc.{APEX}"),
    *(
        Row(
            f"DMARC {tags}",
            {**two(BIMI, SHOWN), (DMARC, "TXT"): (f"v=DMARC1; {tags}",)},
            ("bimi.weak-policy",),
            says=says,
        )
        for tags, says in (
            ("p=none", "p to quarantine or reject"),
            ("p=reject; sp=none", "This policy says sp=none"),
            ("p=quarantine; pct=20", "leave pct out"),
            ("p=none; sp=none; pct=5", "p=none and sp=none"),
        )
    ),
    Row(
        "a subdomain whose organization asks for nothing",
        {
            (f"default._bimi.{BELOW}", "TXT"): (SHOWN,),
            (f"_dmarc.{BELOW}", "TXT"): ("v=DMARC1; p=reject",),
            (DMARC, "TXT"): ("v=DMARC1; p=none",),
        },
        ("bimi.weak-policy",),
        says=f"at {DMARC}",
        domain=BELOW,
    ),
    Row(
        "a subdomain that inherits",
        {
            (f"default._bimi.{BELOW}", "TXT"): (SHOWN,),
            (DMARC, "TXT"): ("v=DMARC1; p=reject; sp=none",),
        },
        ("bimi.weak-policy",),
        domain=BELOW,
    ),
    at("without its selector", f"_bimi.{APEX}", SHOWN, "bimi.misplaced", after=SHOWN),
    at("without its underscore", f"default.bimi.{APEX}", SHOWN, "bimi.misplaced", after=SHOWN),
]
# Where one of the standards is in use, the others are looked for nearby.
ASTRAY = [
    Row(
        f"{wrong or 'doubled'}, without {area}",
        {**two(BIMI, SHOWN), (f"{wrong}.{APEX}", "TXT"): (text,)},
        (f"{area}.misplaced",),
        says=f"{wrong}.{APEX}",
    )
    for area, text, places in (
        ("tlsrpt", REPORTS, ("_tls", "smtp._tls", "_smtp.tls", f"_smtp._tls.{APEX}")),
        ("mtasts", POLICY, ("mta-sts", "_mta_sts", f"_mta-sts.{APEX}")),
    )
    for wrong in places
]
BAD = [*ANYWHERE, *OF_TLSRPT, *OF_MTASTS, *OF_BIMI, *ASTRAY]


@pytest.mark.parametrize("row", [*GOOD, *BAD], ids=str)
def test_what_is_said_of_a_domain(row: Row) -> None:
    """Each mistake is named, and nothing else is; of what is right nothing is said."""
    seen = told(row.published, row.domain)
    assert tuple(finding.code for finding in seen) == row.codes
    assert all(finding.severity is not Severity.ERROR for finding in seen)
    for finding in seen:
        check_texts(finding)
    assert row.says in " ".join(f"{f.title} {f.why} {f.fix}" for f in seen)


@pytest.mark.parametrize("row", BAD, ids=str)
def test_the_edits_mend_what_they_are_shown_with(row: Row) -> None:
    """Made by the letter; and what the row ends with is what is published then."""
    values: list[str] = []
    for finding in told(row.published, row.domain):
        if finding.edits:
            published = edited(row.published, finding.edits)
            after = told({**READY, **published}, row.domain)
            assert finding.code not in {other.code for other in after}
            values += [edit.after for edit in finding.edits if edit.after]
    assert set(values) <= {row.after} or not row.after
    assert bool(values) or not row.after


def test_every_code_has_a_row() -> None:
    """No finding is without a case that proves it."""
    areas = {standard.area for standard in voluntary.STANDARDS}
    codes = {one.code for one in registry.every() if registry.area_of(one) in areas}
    assert codes == {code for row in BAD for code in row.codes}


@pytest.mark.parametrize("reason", Reason)
def test_silence_is_held_against_nobody(reason: Reason) -> None:
    """What could not be asked for is neither missing nor wrong."""
    silent = dict.fromkeys(((TLSRPT, "TXT"), (MTASTS, "TXT"), (BIMI, "TXT")), reason)
    assert told({**READY, **silent, (APEX, "TXT"): (REPORTS, POLICY, SHOWN)}) == ()
    unknown = {(HOST, "A"): reason, (APEX, "MX"): reason, (DMARC, "TXT"): reason}
    assert told({**two(MTASTS, POLICY), (BIMI, "TXT"): (SHOWN,), **unknown}) == ()
    assert told({**alias(BIMI), ("there.example", "TXT"): reason}) == ()


def test_a_wildcard_stands_in_no_wrong_place() -> None:
    """It answers at names that nobody made, so nothing is there to be moved or deleted."""
    for wrong in (f"_tls.{APEX}", f"_bimi.{APEX}"):
        beside = wildcards.probe_name(wrong)
        assert told({**READY, (wrong, "TXT"): (SHOWN,), (beside, "TXT"): (SHOWN,)}) == ()
    beside = wildcards.probe_name(BIMI)
    assert told({**alias(BIMI), (beside, "CNAME"): ("there.example",)}) == ()


def test_little_is_asked_where_nothing_is_published() -> None:
    """Three names, the texts of the domain, and the policy that a logo would need."""
    asked: list[str] = []

    async def ask(name: str, type: str) -> Answer:
        asked.append(name)
        return await Zone({}).ask(name, type)

    assert asyncio.run(voluntary.findings(APEX, ask)) == ()
    assert asked[:3] == [TLSRPT, MTASTS, BIMI]
    assert set(asked) == {TLSRPT, MTASTS, BIMI, APEX, DMARC, "_dmarc.example"}


PIECES = st.sampled_from(
    [
        *(
            "v=TLSRPTv1",
            "v=STSv1",
            "v=BIMI1",
            "rua=",
            "id=",
            "l=",
            "a=",
            ";",
            "; ",
            ",",
            " ",
            "=",
            ":",
        ),
        *(
            "\\",
            '"',
            "'",
            "\\x09",
            "\\xc2\\xa0",
            "\\xc3\\xbc",
            "\\x",
            "{",
            "}",
            "<",
            "!10m",
            "ü",
            "“",
        ),
        *(
            "mailto:",
            "a@b.example",
            "https://",
            "http://",
            "b.example/",
            "x.svg",
            "x.pem",
            "self",
            "1",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


@given(
    st.dictionaries(
        st.sampled_from([TLSRPT, MTASTS, BIMI, APEX]),
        st.lists(TEXTS, min_size=1, max_size=3, unique=True),
    )
)
def test_no_text_makes_it_stumble(texts: dict[str, list[str]]) -> None:
    """Any text is told in whole sentences, and each edit ends what it is shown with."""
    published: Published = {**READY, **{(name, "TXT"): tuple(here) for name, here in texts.items()}}
    for finding in told(published):
        check_texts(finding)
        if finding.edits:
            after = told(edited(published, finding.edits))
            assert finding.code not in {other.code for other in after}
