"""One SPF record out of several: the owner's order and end, each sender once, one `all`."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.records import RequiredRecord, publishable
from dnscheck.spf.comparing import Said, meaning
from dnscheck.spf.mending import is_term, mended
from dnscheck.spf.merging import MOST_RECORDS, MOST_TERMS, is_mergeable, merged_spf
from dnscheck.spf.terms import is_all, lookup_of, published_among, terms_of
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import OK, judged

NAME = "shop.example"

SUGGESTED = {
    ("v=spf1 include:a.example -all",): "v=spf1 include:a.example -all",
    ("include:a.example",): "v=spf1 include:a.example ~all",
    ("include:a.example ip4:192.0.2.1", "mx"): ("v=spf1 include:a.example ip4:192.0.2.1 mx ~all"),
    ("v=spf1 include:a.example -all", "v=spf1 include:b.example ~all"): (
        "v=spf1 include:a.example include:b.example ~all"
    ),
    ("v=spf1 include:a.example -all", "v=spf1 include:b.example -all"): (
        "v=spf1 include:a.example include:b.example -all"
    ),
    ("v=spf1 include:a.example -all", "include:b.example"): (
        "v=spf1 include:a.example include:b.example -all"
    ),
    ("v=spf1 include:a.example ?all",): "v=spf1 include:a.example ~all",
    ("v=spf1 redirect=a.example",): "v=spf1 redirect=a.example",
    ("v=spf1 redirect=a.example", "include:a.example"): "v=spf1 redirect=a.example",
    ("v=spf1 redirect=a.example", "v=spf1 include:b.example ~all"): (
        "v=spf1 include:a.example include:b.example ~all"
    ),
    (): "v=spf1 ~all",
}

# what is published, and what comes out when include:new.example is wanted, with -all suggested
JOINED = {
    "v=spf1 mx -all": "v=spf1 mx include:new.example -all",
    "v=spf1 mx ~all": "v=spf1 mx include:new.example ~all",
    "v=spf1 mx ?all": "v=spf1 mx include:new.example ?all",
    "v=spf1 mx +all": "v=spf1 mx include:new.example ~all",
    "v=spf1 mx ALL": "v=spf1 mx include:new.example ~all",
    "v=spf1 mx": "v=spf1 mx include:new.example ~all",
    "v=spf1 b:x include:b.example -all": "v=spf1 include:b.example include:new.example -all",
    "v=spf1 +INCLUDE:new.Example. mx -all": "v=spf1 +INCLUDE:new.Example. mx -all",
    "v=spf1 include:new.example mx MX a a:Shop.example -all": (
        "v=spf1 include:new.example mx a -all"
    ),
    "v=spf1 ?include:new.example mx -all": "v=spf1 mx include:new.example -all",
    "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 -all": (
        "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 include:new.example -all"
    ),
    "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.9 -all": (
        "v=spf1 ip4:192.0.2.0/24 include:new.example -all"
    ),
    "v=spf1 mx -all exp=why.shop.example x-note=a.b": (
        "v=spf1 mx include:new.example -all exp=why.shop.example x-note=a.b"
    ),
    "v=spf1 exp=a.shop.example mx -all exp=b.shop.example": (
        "v=spf1 mx include:new.example -all exp=a.shop.example"
    ),
    "v=spf1 mx data=x.example include=b.example -all": (
        "v=spf1 mx include:b.example include:new.example -all data=x.example"
    ),
    "v=spf1 -all mx": "v=spf1 mx include:new.example -all",
    "v=spf1 redirect=new.example": "v=spf1 redirect=new.example",
    "v=spf1 mx redirect=new.example": "v=spf1 mx redirect=new.example",
    "v=spf1 redirect=b.example": "v=spf1 include:b.example include:new.example ~all",
    "v=spf1 redirect=new.example -all": "v=spf1 include:new.example -all",
    "v=spf1 include=b.example, mx~all": "v=spf1 include:b.example mx include:new.example ~all",
    '"v=spf1 mx" "include:b.example -all"': (
        "v=spf1 mx include:b.example include:new.example -all"
    ),
    "v=spf1;include:b.example;~all": "v=spf1 include:b.example include:new.example ~all",
    "include:b.example": "v=spf1 include:b.example include:new.example ~all",
    "v=spf1 redirect=b.example redirect=c.example": (
        "v=spf1 include:b.example include:c.example include:new.example ~all"
    ),
    "v=spf1 mx redirect=b.example -all": "v=spf1 mx include:b.example include:new.example -all",
    "v=spf1 mx redirect:new.example": "v=spf1 mx redirect=new.example",
    "v=spf1 mx -all v=spf1 a:b.example -all": "v=spf1 mx a:b.example include:new.example -all",
    "v=spf1 ip:192.0.2.1 include:http://b.example -all": (
        "v=spf1 ip4:192.0.2.1 include:b.example include:new.example -all"
    ),
}

# what is published, and what comes out when ip4:192.0.2.1 is wanted: nothing refuses it before
ALLOWED = {
    "v=spf1 -ip4:192.0.2.0/24 mx -all": "v=spf1 ip4:192.0.2.1 -ip4:192.0.2.0/24 mx -all",
    "v=spf1 mx ~ip4:192.0.2.0/24 ip4:192.0.2.1 -all": (
        "v=spf1 mx ip4:192.0.2.1 ~ip4:192.0.2.0/24 -all"
    ),
    "v=spf1 ?ip4:192.0.2.1 -ip4:192.0.0.0/16 -all": "v=spf1 ip4:192.0.2.1 -ip4:192.0.0.0/16 -all",
    "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.0.0/16 -all": (
        "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.0.0/16 -all"
    ),
    "v=spf1 -ip4:198.51.100.0/24 -ip6:::/0 -all": (
        "v=spf1 -ip4:198.51.100.0/24 -ip6:::/0 ip4:192.0.2.1 -all"
    ),
}


def steps(work: Callable[[], object]) -> int:
    """Return how many functions a piece of work calls: the same number each time it is done."""
    calls = 0

    def count(_frame: FrameType, event: str, _about: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(("wanted", "record"), SUGGESTED.items())
def test_suggestions_become_one_record(wanted: tuple[str, ...], record: str) -> None:
    """Recipe order, nothing twice, the softer end."""
    assert merged_spf(wanted) == record


@pytest.mark.parametrize(("published", "record"), JOINED.items())
def test_what_is_wanted_joins_what_is_published(published: str, record: str) -> None:
    """The owner's senders keep their order and their end; what is wanted follows."""
    wanted = ["v=spf1 include:new.example -all"]
    assert merged_spf(wanted, [published], name=NAME) == record
    assert merged_spf(wanted, [record], name=NAME) == record


@pytest.mark.parametrize(("published", "record"), ALLOWED.items())
def test_a_network_that_refuses_what_is_wanted_comes_behind_it(published: str, record: str) -> None:
    """The first match decides, so the wanted sender stands before it."""
    assert merged_spf(["ip4:192.0.2.1"], [published]) == record
    assert merged_spf(["ip4:192.0.2.1"], [record]) == record


def test_what_is_too_much_to_merge_is_left_alone() -> None:
    """Neither a hostile record nor too many of them are read term by term, and none is cut."""
    terms = " ".join(f"ip4:10.0.{number}.0/24" for number in range(MOST_TERMS))
    largest, larger = f"v=spf1 {terms}", f"v=spf1 {terms} mx"
    few, many = ["v=spf1 a"] * MOST_RECORDS, ["v=spf1 a"] * (MOST_RECORDS + 1)
    assert is_mergeable([largest])
    assert merged_spf(["mx"], [largest]) == f"{largest} mx ~all"
    assert is_mergeable(few)
    for published in ([larger], [largest, "v=spf1 mx"], many, ["v=spf1 mx" + " " * 4_090]):
        assert not is_mergeable(published)
        assert merged_spf(["include:new.example"], published, end="-all") == published[0]


def test_merging_grows_no_faster_than_the_record() -> None:
    """Each address is compared with all others, at the same cost for each."""

    def merging(terms: int) -> None:
        record = " ".join(f"ip4:10.0.{number}.0/{number % 33}" for number in range(terms))
        merged_spf(["ip4:192.0.2.1"], [f"v=spf1 {record} -all"])

    assert steps(lambda: merging(MOST_TERMS)) < 5 * steps(lambda: merging(MOST_TERMS // 4))


NUMBERS = st.integers(0, 255)
NETWORKS = st.one_of(
    st.builds("ip4:10.{}.{}.0/{}".format, NUMBERS, NUMBERS, st.integers(0, 32)),
    st.builds("ip6:2001:db8::{:x}/{}".format, NUMBERS, st.integers(0, 128)),
    st.sampled_from(["a", "A:shop.example.", "include:b.example", "ip4:nonsense", "ip6:10.0.0.1"]),
)


@given(st.lists(NETWORKS, max_size=9), NETWORKS)
def test_what_is_said_in_all_is_what_one_term_says(terms: list[str], wanted: str) -> None:
    """Asking all terms at once gives the answer of asking one after the other."""
    said = Said()
    for term in terms:
        said.add(meaning(term, NAME))
    meant = meaning(wanted, NAME)
    assert said.covers(meant) == any(meaning(term, NAME).covers(meant) for term in terms)


def test_several_published_records_become_one() -> None:
    """Order of the records; the end refuses only if each of them does."""
    first, second = "v=spf1 mx -all", "v=spf1 ip4:192.0.2.1 mx ~all"
    assert merged_spf([], [first, second]) == "v=spf1 mx ip4:192.0.2.1 ~all"
    assert merged_spf([], [first, "v=spf1 a -all"]) == "v=spf1 mx a -all"
    assert merged_spf([], [first, "v=spf1 a"]) == "v=spf1 mx a ~all"
    redirects = ["v=spf1 redirect=b.example", "v=spf1 redirect=c.example"]
    assert merged_spf([], redirects) == "v=spf1 include:b.example include:c.example ~all"


def test_a_network_that_is_covered_is_not_added() -> None:
    """An address inside a published network may send already; the larger network joins."""
    published = ["v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"]
    inside = ["ip4:192.0.2.7", "ip6:2001:DB8::1", "+ip4:192.0.2.128/25"]
    assert merged_spf(inside, published) == published[0]
    assert merged_spf(["ip4:192.0.0.0/16"], published) == (
        "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ip4:192.0.0.0/16 -all"
    )


@pytest.mark.parametrize(
    "published", ["v=spf1 a ~all", "v=spf1 a +all", "v=spf1 a", "v=spf1 redirect=a.example"]
)
def test_an_end_that_is_demanded_wins(published: str) -> None:
    """Also where a redirect stood: it cannot stand beside `all`."""
    assert merged_spf(["a"], [published], end="-all").endswith(" -all")
    assert "redirect" not in merged_spf(["a"], [published], end="-all")


def test_what_was_replaced_makes_way() -> None:
    """The new mechanism takes the place of the old, or nothing does."""
    replaced = {"include:old.example": "include:new.example", "include:gone.example": ""}
    published = ["v=spf1 include:OLD.example. include:gone.example mx -all"]
    assert merged_spf(["include:new.example"], published, replaced=replaced) == (
        "v=spf1 include:new.example mx -all"
    )


RECORD = RequiredRecord(
    Purpose.SPF,
    NAME,
    "TXT",
    "v=spf1 include:elastx.email -all",
    Match.SPF,
    mechanisms=("include:elastx.email",),
    providers=("elastx",),
)
PUBLISHED = {
    (): "v=spf1 include:elastx.email -all",
    ("token=1",): "v=spf1 include:elastx.email -all",
    ("token=1", "v=spf1 mx ~all", "spf2.0/pra mx -all"): "v=spf1 mx include:elastx.email ~all",
    ("v=spf1 a -all", "token=1", "v=spf1 mx ~all"): "v=spf1 a mx include:elastx.email ~all",
    ("v=spf1 mx ~all", "include:b.example"): "v=spf1 mx include:elastx.email ~all",
    ("include:b.example",): "v=spf1 include:b.example include:elastx.email ~all",
}


@pytest.mark.parametrize(("texts", "value"), PUBLISHED.items())
def test_the_value_to_publish_keeps_what_is_there(texts: tuple[str, ...], value: str) -> None:
    """Other TXT records at the name are not touched, and the judge finds it right."""
    assert publishable(RECORD, texts) == value
    other = {("b.example", "TXT"): ("v=spf1 ip4:198.51.100.1 -all",)}
    assert judged(RECORD, {(NAME, "TXT"): (value,), **other}).verdict is OK


def test_a_provider_s_old_mechanism_makes_way() -> None:
    """What a provider's page says was replaced is not kept beside the new."""
    new = "include:_spf.tem.scaleway.com"
    record = RequiredRecord(
        Purpose.SPF,
        NAME,
        "TXT",
        f"v=spf1 {new} -all",
        Match.SPF,
        mechanisms=(new,),
        providers=("scaleway-tem",),
    )
    old = "v=spf1 include:_spf.scw-tem.cloud mx ~all"
    assert publishable(record, [old]) == f"v=spf1 {new} mx ~all"


SENDERS = ["a", "mx", "a:/0", "ip4:192.0.2.1", "ip4:192.0.2.0/24", "ip4:1", "include:b.example"]
OTHERS = ["include=c.example", "redirect=b.example", "redirect=", "exp=e.example", "exp=f.example"]
SLIPS = ["include:", "all", "-all", "?all", "x=", "exists:%{i}.e.example", ",", '"', "a:a.example"]
TERMS = st.sampled_from([*SENDERS, *OTHERS, *SLIPS])
REFUSED = st.sampled_from(
    ["-include:b.example", "?a", "~ip4:192.0.2.1", "-ip4:192.0.2.0/28", "?ip4:192.0.0.0/16"]
)


def texts(terms: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Return records of such terms."""
    text = st.lists(terms, max_size=7).map(lambda parts: " ".join(["v=spf1", *parts]))
    return st.lists(text, max_size=2)


@given(texts(TERMS), texts(TERMS | REFUSED))
def test_whatever_is_merged_is_one_readable_record(wanted: list[str], known: list[str]) -> None:
    """Readable, with one end that leaves others out, and merged again it stays as it is."""
    record = merged_spf(wanted, known, name=NAME)
    terms = terms_of(record)
    assert record.startswith("v=spf1 ")
    assert all(map(is_term, terms))
    assert [term for term in terms if is_all(term)] in (["-all"], ["~all"], ["?all"], [])
    assert ("all" not in record) == any(term.startswith("redirect=") for term in terms)
    assert len([term for term in terms if term.startswith("exp=")]) <= 1
    assert mended(terms) == terms
    assert merged_spf(wanted, [record], name=NAME) == record


def test_the_records_among_the_texts() -> None:
    """Records that count; else the first that was meant as one."""
    assert published_among(["x", " v=spf1 a", "V=SPF1", "v=spf1 mx"]) == ["V=SPF1", "v=spf1 mx"]
    assert published_among(["x", " v=spf1 a", "v=spf1mx"]) == [" v=spf1 a"]
    assert published_among(["dkim", "google-site-verification=spf1"]) == []


LOOKUPS = {
    "include:a.example": ("include", "a.example"),
    "-Include:A.example.": ("include", "a.example"),
    "redirect=a.example": ("redirect", "a.example"),
    "a": ("a", ""),
    "~a/24//64": ("a", ""),
    "mx:b.example/28": ("mx", "b.example"),
    "ptr": ("ptr", ""),
    "exists:%{i}.e.example": ("exists", "%{i}.e.example"),
    "all": None,
    "ip4:192.0.2.1": None,
    "exp=a.example": None,
    "address:a.example": None,
    "include:": None,
    "redirect=": None,
    "a:": None,
    "include=a.example": None,
}


@pytest.mark.parametrize(("term", "lookup"), LOOKUPS.items())
def test_the_terms_that_cost_a_lookup(term: str, lookup: tuple[str, str] | None) -> None:
    """Include, a, mx, ptr, exists and redirect, whatever their sign and prefix length."""
    assert lookup_of(term) == lookup
