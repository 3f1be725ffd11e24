"""SPF passes for whoever is named, whatever words name them: by a network, a host, a macro."""

import asyncio

import pytest

from dnscheck.answers import Reason
from dnscheck.records import RequiredRecord
from dnscheck.rules.spf_passing import MOST_ADDRESSES, MOST_TERMS, passing
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import OK, UNKNOWN, Published, judged
from tests.fakes import FakeDns

NAME = "shop.example"
PUBLISHED: Published = {
    (NAME, "A"): ("192.0.2.80",),
    (NAME, "MX"): ("10 mail.shop.example",),
    ("mail.shop.example", "A"): ("192.0.2.25",),
    ("www.shop.example", "CNAME"): (NAME,),
    ("out.shop.example", "A"): ("192.0.2.1",),
    ("six.shop.example", "AAAA"): ("2001:db8::1",),
    ("mxs.shop.example", "MX"): ("10 out.shop.example",),
    ("192.0.2.1._only.shop.example", "A"): ("127.0.0.2",),
    ("_spf.shop.example", "TXT"): ("v=spf1 ip4:192.0.2.1 -all",),
    ("out.lab.example", "A"): ("198.51.100.7",),
    ("alias-out.shop.example", "CNAME"): ("out.lab.example",),
    ("third.example", "TXT"): ("v=spf1 ip4:203.0.113.0/24 -all",),
    ("spfalias.shop.example", "CNAME"): ("third.example",),
    ("7.100.51.198.in-addr.arpa", "PTR"): ("out.lab.example",),
}
THIRD = "include:third.example"
WAYS = {
    "ip4:192.0.2.1": (
        *("a:out.shop.example", "mx:mxs.shop.example", "a:out.shop.example/30"),
        *("exists:%{i}._only.shop.example", "include:_spf.%{d}", "redirect=_spf.%{d}"),
        *("redirect=_spf.%{d2}", "include:_spf.%{o}", "mx a:out.shop.example"),
        *("-ip4:192.0.2.2 a:out.shop.example", "include:gone.example a:out.shop.example"),
    ),
    "ip6:2001:db8::1": ("a:six.shop.example", "ip4:192.0.2.1 a:six.shop.example//64"),
    "mx": ("mx/24", "a:mail.shop.example", "ip4:192.0.2.25", "ip4:192.0.2.0/25"),
    "a": ("a:www.shop.example", "ip4:192.0.2.80", "a:shop.example/32"),
    "a:out.lab.example": (
        *("a:out.lab.example/24", "a:out.lab.example/32//128", "ip4:198.51.100.0/24"),
        *("a:alias-out.shop.example", "ptr:lab.example"),
    ),
    "ip4:192.0.2.0/24": (
        *("ip4:192.0.2.0/25 ip4:192.0.2.128/25", "ip4:192.0.2.128/25 a:out.shop.example/25"),
        "-ip4:192.0.2.9 ip4:192.0.2.0/25 ip4:192.0.2.128/25",
    ),
    THIRD: ("include:spfalias.shop.example", "redirect=spfalias.shop.example"),
}
NO_WAYS = {
    "ip4:192.0.2.1": (
        *("a:mail.shop.example", "mx", "exists:%{d}._only.shop.example", "include:_spf.%{l}"),
        *("a:gone.example", "include:third.example", "?a:other.example"),
    ),
    "ip4:192.0.2.0/24": ("ip4:192.0.2.0/25", "ip4:192.0.2.0/26 ip4:192.0.2.128/25"),
    "a:gone.example": ("mx", "ip4:192.0.2.80"),
    "mx": ("a", "mx:mxs.shop.example"),
    THIRD: ("include:_spf.shop.example", "a:spfalias.shop.example"),
}


def wanting(mechanism: str, provider: str = "generic") -> RequiredRecord:
    """Return the record of somebody who sends through this."""
    return RequiredRecord(
        Purpose.SPF,
        NAME,
        "TXT",
        f"v=spf1 {mechanism} -all",
        Match.SPF,
        mechanisms=(mechanism,),
        providers=(provider,),
    )


def pairs(ways: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return each wanted mechanism with each way it is published."""
    return [(wanted, terms) for wanted, each in ways.items() for terms in each]


def zone_of(terms: str) -> Published:
    """Return what is published with a record of these terms."""
    end = "" if "redirect=" in terms else " -all"
    return {**PUBLISHED, (NAME, "TXT"): (f"v=spf1 {terms}{end}",)}


@pytest.mark.parametrize(("wanted", "terms"), pairs(WAYS))
def test_who_passes_is_not_missing(wanted: str, terms: str) -> None:
    """Nobody is told to add what receivers find already."""
    seen = judged(wanting(wanted), zone_of(terms))
    codes = {finding.code for finding in seen.findings}
    assert codes <= {"spf.ptr", "spf.dead-include"}
    assert (seen.verdict is OK) == ("spf.dead-include" not in codes)


@pytest.mark.parametrize(("wanted", "terms"), pairs(NO_WAYS))
def test_who_does_not_pass_is_missing(wanted: str, terms: str) -> None:
    """Neither is a part of a network the whole, nor one host another."""
    codes = {finding.code for finding in judged(wanting(wanted), zone_of(terms)).findings}
    assert "spf.mechanism-missing" in codes


REFUSED = (
    "-a:out.shop.example",
    "~mx:mxs.shop.example a:out.shop.example",
    "?a:out.shop.example/24",
)


@pytest.mark.parametrize("terms", REFUSED)
def test_who_is_refused_by_another_name_is_refused(terms: str) -> None:
    """The edit lets the provider pass before."""
    [finding] = judged(wanting("ip4:192.0.2.1"), zone_of(terms)).findings
    assert finding.code == "spf.refused"
    assert finding.edits[0].after.startswith("v=spf1 ")
    after = {**PUBLISHED, (NAME, "TXT"): (finding.edits[0].after,)}
    assert judged(wanting("ip4:192.0.2.1"), after).verdict is OK


SILENT = {
    "a:out.shop.example": ("out.shop.example", "A"),
    "mx:mxs.shop.example": ("mxs.shop.example", "MX"),
    "mx:mxs.shop.example a": ("out.shop.example", "A"),
    "exists:%{i}._only.shop.example": ("192.0.2.1._only.shop.example", "A"),
    "include:_spf.%{d}": ("_spf.shop.example", "TXT"),
}


@pytest.mark.parametrize("terms", SILENT)
def test_what_could_not_be_asked_for_is_not_missing(terms: str) -> None:
    """It may be by that very term that the server passes."""
    zone = {**zone_of(terms), SILENT[terms]: Reason.TIMEOUT}
    assert judged(wanting("ip4:192.0.2.1"), zone).verdict is UNKNOWN


def test_what_is_wanted_and_cannot_be_asked_for_is_not_missing() -> None:
    """Nobody knows then which addresses are to pass."""
    for wanted, key in {"a": (NAME, "A"), "mx": ("mail.shop.example", "A")}.items():
        zone = {**zone_of("ip4:192.0.2.80"), key: Reason.SERVFAIL}
        assert judged(wanting(wanted), zone).verdict is UNKNOWN


@pytest.mark.parametrize("terms", WAYS[THIRD])
def test_a_provider_that_compares_names_does_not_find_an_alias(terms: str) -> None:
    """Receivers do, so it is not said that the provider is missing."""
    expected = wanting("include:_spf.tem.scaleway.com", "scaleway-tem")
    there: Published = {
        ("spfalias.shop.example", "CNAME"): ("_spf.tem.scaleway.com",),
        ("_spf.tem.scaleway.com", "TXT"): ("v=spf1 ip4:192.0.2.0/24 -all",),
    }
    [finding] = judged(expected, {**zone_of(terms), **there}).findings
    assert finding.code == "spf.nested"


def test_what_takes_the_place_of_reverse_names_is_added() -> None:
    """The value shown has no ptr any more, so whoever passed by it is named."""
    [finding] = judged(wanting("a:out.lab.example"), zone_of("ptr:lab.example")).findings
    assert finding.edits[0].after == "v=spf1 a:out.lab.example -all"


def test_the_work_is_bounded() -> None:
    """However many terms and addresses there are, only so many are tried."""
    hosts = tuple(f"198.51.100.{at}" for at in range(200))
    dns = FakeDns({**PUBLISHED, (NAME, "A"): hosts})
    terms = [f"a:n{at}.example" for at in range(150)]
    seen = asyncio.run(passing(terms, ["a"], NAME, dns.ask))
    assert (seen.places, seen.unknown) == ({}, None)
    assert dns.questions <= 2 + MOST_ADDRESSES * MOST_TERMS
