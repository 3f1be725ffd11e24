"""SPF as people publish it: what is said, and that the edits mend it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Reason
from dnscheck.records import RequiredRecord
from dnscheck.rules import spf
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

NAME = "shop.example"
ELASTX = RequiredRecord(
    Purpose.SPF,
    NAME,
    "TXT",
    "v=spf1 include:elastx.email -all",
    Match.SPF,
    mechanisms=("include:elastx.email",),
    providers=("elastx",),
)
SCALEWAY = replace(
    ELASTX,
    value="v=spf1 include:_spf.tem.scaleway.com -all",
    mechanisms=("include:_spf.tem.scaleway.com",),
    providers=("scaleway-tem",),
)
ADDRESS = replace(
    ELASTX,
    value="v=spf1 ip4:192.0.2.1 ~all",
    mechanisms=("ip4:192.0.2.1",),
    providers=("generic",),
)
AZURE = replace(
    ELASTX,
    value="v=spf1 include:spf.protection.outlook.com -all",
    mechanisms=("include:spf.protection.outlook.com",),
    providers=("azure-communication-services",),
)
MX = replace(ELASTX, value="v=spf1 mx ~all", mechanisms=("mx",), providers=("generic",))
BOTH = replace(
    ELASTX,
    value="v=spf1 include:elastx.email ip4:192.0.2.1 -all",
    mechanisms=("include:elastx.email", "ip4:192.0.2.1"),
)


SOME = "v=spf1 ip4:198.51.100.1 -all"  # a record behind an include


def at(*texts: str, **behind: str) -> Published:
    """Return what the domain publishes, and records behind includes: `hub` is hub.example."""
    more = {(f"{label}.example", "TXT"): (text,) for label, text in behind.items()}
    return {(NAME, "TXT"): texts, **more}


GOOD = [
    good("as shown", ELASTX, "v=spf1 include:elastx.email -all"),
    good("softer end", ELASTX, "v=spf1 include:elastx.email ~all"),
    good("no end at all", ELASTX, "v=spf1 include:elastx.email"),
    good("neutral end", ELASTX, "v=spf1 include:elastx.email ?all"),
    good("any case", ELASTX, "V=SPF1 Include:ELASTX.email -ALL"),
    good("plus sign", ELASTX, "v=spf1 +include:elastx.email -all"),
    good("dot at the end of the name", ELASTX, "v=spf1 include:elastx.email. -all"),
    good("more blanks", ELASTX, "v=spf1  mx   include:elastx.email  -all "),
    good(
        "more senders",
        ELASTX,
        "v=spf1 a mx include:elastx.email ip4:192.0.2.7 ~all",
    ),
    good(
        "beside other texts",
        ELASTX,
        "google-site-verification=x",
        "v=spf1 include:elastx.email -all",
    ),
    good("modifier after all", ELASTX, "v=spf1 include:elastx.email -all exp=why.shop.example"),
    good("unknown modifier", ELASTX, "v=spf1 include:elastx.email x-note=a.b -all"),
    good("macros", ELASTX, "v=spf1 exists:%{i}._spf.shop.example include:elastx.email -all"),
    good(
        "Sender ID beside it",
        ELASTX,
        "spf2.0/pra include:a.example -all",
        "v=spf1 include:elastx.email -all",
    ),
    good("redirect as good as the include", ELASTX, "v=spf1 redirect=elastx.email"),
    good("redirect as good even at depth 0", SCALEWAY, "v=spf1 redirect=_spf.tem.scaleway.com"),
    good("larger network", ADDRESS, "v=spf1 ip4:192.0.2.0/24 ~all"),
    good("network of one", ADDRESS, "v=spf1 ip4:192.0.2.1/32 ~all"),
    good("mx with its own name", MX, "v=spf1 mx:SHOP.example ~all"),
    good("several wanted", BOTH, "v=spf1 ip4:192.0.2.0/28 include:elastx.email -all"),
    Row(
        "behind an include",
        ELASTX,
        at("v=spf1 include:hub.example -all", hub="v=spf1 include:elastx.email -all"),
        verdict=OK,
    ),
    Row(
        "behind a redirect",
        ELASTX,
        at("v=spf1 redirect=hub.example", hub="v=spf1 include:elastx.email -all"),
        verdict=OK,
    ),
    Row(
        "address deep inside",
        ADDRESS,
        at(
            "v=spf1 include:one.example ~all",
            one="v=spf1 include:two.example ~all",
            two="v=spf1 ip4:192.0.2.1 ~all",
        ),
        verdict=OK,
    ),
]

TWO, VERSION, LOST = "spf.two-records", "spf.version", "spf.mechanism-missing"
BAD = [
    Row("two records", ELASTX, at("v=spf1 mx -all", "v=spf1 include:elastx.email -all"), (TWO,)),
    Row("two without the provider", ELASTX, at("v=spf1 mx -all", "v=spf1 a ?all"), (TWO,)),
    Row(
        "two, one redirects",
        ELASTX,
        at("v=spf1 redirect=a.example", "v=spf1 mx -all", a=SOME),
        (TWO,),
    ),
    Row(
        "an include without a record before ours",
        ELASTX,
        at("v=spf1 include:gone.example include:elastx.email -all"),
        ("spf.dead-include",),
        says=("include:gone.example",),
    ),
    Row(
        "Azure takes no soft end",
        AZURE,
        at("v=spf1 include:spf.protection.outlook.com ~all"),
        ("spf.end-not-accepted",),
        says=("-all",),
    ),
    Row("two, one is nonsense", ELASTX, at("v=spf1 nonsense", "v=spf1 +all"), (TWO,)),
    Row("three records", ELASTX, at("v=spf1", "v=spf1 mx", "v=spf1 a"), (TWO,)),
    Row("quotes", ELASTX, at('"v=spf1 include:elastx.email -all"'), (VERSION,)),
    Row("single quotes", ELASTX, at("'v=spf1 include:elastx.email -all'"), (VERSION,)),
    Row("quotes inside", ELASTX, at('v=spf1 "include:elastx.email" -all'), (VERSION,)),
    Row("two quoted parts", ELASTX, at('"v=spf1 mx " "include:elastx.email -all"'), (VERSION,)),
    Row("escaped quotes", ELASTX, at('\\"v=spf1 include:elastx.email -all\\"'), (VERSION,)),
    Row("blank in front", ELASTX, at(" v=spf1 include:elastx.email -all"), (VERSION,)),
    Row("a tab", ELASTX, at("v=spf1\\x09include:elastx.email -all"), (VERSION,)),
    Row("no-break blank", ELASTX, at("v=spf1 mx\\xc2\\xa0include:elastx.email -all"), (VERSION,)),
    Row("byte order mark", ELASTX, at("\\xef\\xbb\\xbfv=spf1 mx -all"), (VERSION,)),
    Row("no blank after version", ELASTX, at("v=spf1include:elastx.email -all"), (VERSION,)),
    Row("semicolon", ELASTX, at("v=spf1; include:elastx.email; -all"), (VERSION,)),
    Row("colon in version", ELASTX, at("v:spf1 include:elastx.email -all"), (VERSION,)),
    Row("blanks in version", ELASTX, at("v = spf1 include:elastx.email -all"), (VERSION,)),
    Row("without v", ELASTX, at("spf1 include:elastx.email -all"), (VERSION,)),
    Row("other version", ELASTX, at("v=spf2.0/pra include:elastx.email -all"), (VERSION,)),
    Row("spf 1.0", ELASTX, at("v=spf1.0 mx -all"), (VERSION,)),
    Row("bare include", ELASTX, at("include:elastx.email"), (VERSION,)),
    Row("bare version", ELASTX, at("v=spf"), (VERSION,)),
    Row("provider missing", ELASTX, at("v=spf1 mx -all"), (LOST,), says=("include:elastx.email",)),
    Row("empty record", ELASTX, at("v=spf1"), (LOST,)),
    Row("refused on purpose", ELASTX, at("v=spf1 -include:elastx.email -all"), (LOST,)),
    Row("softly", ELASTX, at("v=spf1 ?include:elastx.email -all"), (LOST,)),
    Row("before a redirect", ELASTX, at("v=spf1 mx redirect=a.example", a=SOME), (LOST,)),
    Row("redirect without use", ELASTX, at("v=spf1 redirect=elastx.email -all"), (LOST,)),
    Row(
        "one of two", BOTH, at("v=spf1 include:elastx.email -all"), (LOST,), says=("ip4:192.0.2.1",)
    ),
    Row("smaller network", ADDRESS, at("v=spf1 ip4:192.0.2.1/33 ~all"), ("spf.bad-term", LOST)),
    Row("other address", ADDRESS, at("v=spf1 ip4:192.0.2.2 ip6:2001:db8::1 ~all"), (LOST,)),
    Row("other domain's mx", MX, at("v=spf1 mx:other.example ~all"), (LOST,)),
    Row(
        "include that is two records",
        ELASTX,
        {
            **at("v=spf1 include:hub.example -all"),
            ("hub.example", "TXT"): ("v=spf1 include:elastx.email", "v=spf1"),
        },
        (LOST,),
    ),
    Row(
        "include of a name that cannot be",
        ELASTX,
        {**at("v=spf1 include:a..example -all"), ("a..example", "TXT"): Reason.BAD_NAME},
        (LOST,),
    ),
    Row(
        "loop",
        ELASTX,
        at("v=spf1 include:hub.example -all", hub=f"v=spf1 include:{NAME} include:hub.example"),
        (LOST,),
    ),
    Row("behind a macro", ELASTX, at("v=spf1 include:%{d}.example -all"), (LOST,)),
    Row(
        "nested for Scaleway",
        SCALEWAY,
        at("v=spf1 include:hub.example -all", hub="v=spf1 include:_spf.tem.scaleway.com -all"),
        ("spf.nested",),
    ),
    Row(
        "nested twice for Elastx",
        ELASTX,
        at(
            "v=spf1 include:one.example -all",
            one="v=spf1 include:two.example",
            two="v=spf1 include:elastx.email",
        ),
        ("spf.nested",),
    ),
    Row(
        "equals sign",
        ELASTX,
        at("v=spf1 include=elastx.email -all"),
        ("spf.equals-sign",),
        says=("include=elastx.email",),
    ),
    Row(
        "equals sign with a sign",
        ELASTX,
        at("v=spf1 +include=elastx.email -all"),
        ("spf.equals-sign",),
    ),
    Row(
        "equals sign elsewhere",
        ELASTX,
        at("v=spf1 ip4=192.0.2.9 include:elastx.email -all"),
        ("spf.equals-sign",),
    ),
    Row(
        "after all",
        ELASTX,
        at("v=spf1 mx -all include:elastx.email"),
        ("spf.after-all",),
        says=("include:elastx.email",),
    ),
    Row("twice all", ELASTX, at("v=spf1 include:elastx.email ~all mx -all"), ("spf.after-all",)),
    Row("plus all", ELASTX, at("v=spf1 include:elastx.email +all"), ("spf.pass-all",)),
    Row("bare all", ELASTX, at("v=spf1 include:elastx.email ALL"), ("spf.pass-all",)),
    Row("plus all and provider missing", ELASTX, at("v=spf1 mx +all"), ("spf.pass-all", LOST)),
    Row(
        "split strings without a blank",
        ELASTX,
        at("v=spf1 include:a.exampleinclude:elastx.email -all", a=SOME),
        ("spf.blanks",),
    ),
    Row("glued all", ELASTX, at("v=spf1 include:elastx.email-all"), ("spf.blanks",)),
    Row("blank after the colon", ELASTX, at("v=spf1 include: elastx.email -all"), ("spf.blanks",)),
    Row(
        "commas",
        ELASTX,
        at("v=spf1 include:a.example, include:elastx.email, -all", a=SOME),
        ("spf.blanks",),
    ),
    Row("commas alone", ELASTX, at("v=spf1 mx,include:elastx.email,-all"), ("spf.blanks",)),
    Row(
        "nonsense",
        ELASTX,
        at("v=spf1 include:elastx.email ip4:300.1.1.1 -all"),
        ("spf.bad-term",),
        says=("ip4:300.1.1.1",),
    ),
    Row(
        "an address of the other kind",
        ELASTX,
        at("v=spf1 ip4:2001:db8::1 include:elastx.email -all"),
        ("spf.bad-term",),
    ),
    Row("bare name", ELASTX, at("v=spf1 elastx.email -all"), ("spf.bad-term", LOST)),
    Row(
        "an address for an include",
        ELASTX,
        at("v=spf1 include:https://elastx.email -all"),
        ("spf.bad-term", LOST),
    ),
    Row(
        "a name without a dot",
        ELASTX,
        at("v=spf1 include:elastx include:elastx.email -all"),
        ("spf.bad-term",),
    ),
    Row("nothing", ELASTX, {}, ("spf.missing",), MISSING, ("Nothing at all",)),
    Row(
        "other texts", ELASTX, at("hello", "MS=1"), ("spf.missing",), MISSING, ("but not this one",)
    ),
]


@pytest.mark.parametrize("row", [*GOOD, *BAD], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", BAD, ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    assert codes_of(BAD) == codes_in(spf) | {"spf.missing"}


@pytest.mark.parametrize("reason", Reason)
def test_an_include_that_cannot_be_asked(reason: Reason) -> None:
    """It leaves open what is behind it, and matters no more once the mechanism is found."""
    silent = {("hub.example", "TXT"): reason}
    open_ = judged(ELASTX, {**at("v=spf1 include:hub.example -all"), **silent})
    if reason is Reason.BAD_NAME:
        assert [finding.code for finding in open_.findings] == [LOST]
    else:
        assert open_.verdict is UNKNOWN
        assert "hub.example" in open_.findings[0].title
    direct = at("v=spf1 include:hub.example include:elastx.email -all")
    assert judged(ELASTX, {**direct, **silent}).verdict is OK
    beside = at("v=spf1 include:hub.example include:b.example", b="v=spf1 include:elastx.email")
    assert judged(ELASTX, {**beside, **silent}).verdict is OK


def test_what_is_there_is_kept() -> None:
    """The value shown adds the provider where it counts and loses no other sender."""
    told = {
        "v=spf1 mx -all": "v=spf1 mx include:elastx.email -all",
        "v=spf1 a redirect=b.example": "v=spf1 a include:b.example include:elastx.email ~all",
        "v=spf1 -all mx exp=e.example": "v=spf1 mx include:elastx.email -all exp=e.example",
        "v=spf1 ?include:elastx.email +all": "v=spf1 include:elastx.email ~all",
    }
    for published, after in told.items():
        findings = judged(ELASTX, at(published, b=SOME)).findings
        assert {finding.edits[0].after for finding in findings} == {after}
    [two] = judged(ELASTX, at("v=spf1 mx -all", "v=spf1 ip4:192.0.2.1 ~all")).findings
    assert two.edits[0].after == "v=spf1 ip4:192.0.2.1 mx include:elastx.email ~all"


def test_a_dead_end_behind_our_include_is_only_a_warning() -> None:
    """Our mail has passed before receivers come to it; the edit leaves it out all the same."""
    seen = judged(ELASTX, at("v=spf1 include:elastx.email include:gone.example -all"))
    assert seen.verdict is OK
    [finding] = seen.findings
    assert (finding.code, finding.severity) == ("spf.dead-include", "warning")
    assert finding.edits[0].after == "v=spf1 include:elastx.email -all"


def test_an_include_that_cannot_be_asked_for_is_not_dead() -> None:
    """Silence is no reason to drop anybody's include."""
    published = at("v=spf1 include:slow.example include:elastx.email -all")
    seen = judged(ELASTX, {**published, ("slow.example", "TXT"): Reason.TIMEOUT})
    assert (seen.verdict, seen.findings) == (OK, ())


ENDS = ["all", "-all", "+ALL", "?all", "include:", "redirect=", "x=", "~", ",", ";", "\\x09", '"']
LINKS = ["include:shop.example", "include:hub.example", "include=x.example", "redirect=hub.example"]
OTHERS = ["a", "mx", "a:/0", "ip4:1", "ip4:1.2.3.4/0", "ip4:192.0.2.1", "ip6::", "exists:%{i}"]
TERMS = st.sampled_from([*ENDS, *LINKS, *OTHERS])
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(TERMS, max_size=8).map(lambda terms: " ".join(["v=spf1", *terms])),
    st.lists(TERMS, max_size=8).map("".join),
)


@given(st.lists(TEXTS, unique=True, max_size=3), st.lists(TEXTS, max_size=2))
def test_nothing_published_makes_it_stumble(texts: list[str], behind: list[str]) -> None:
    """Any text ends in a verdict, loops too, and the edits mend whatever was there."""
    published = at(*texts) if texts else {}
    row = Row("any", ADDRESS, {**published, ("hub.example", "TXT"): tuple(behind)})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)
