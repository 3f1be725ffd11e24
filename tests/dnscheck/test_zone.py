"""Finding the zone: from the domain upwards, never by a guess."""

import asyncio

import pytest

from dnscheck.answers import Answer, Reason
from dnscheck.zone import Zone, find_zone
from tests.dnscheck.judging import Published
from tests.dnscheck.judging import Zone as FakeZone

SOA = ("ns1.example.net hostmaster.example.net 1 2 3 4 5",)
SERVERS = ("NS2.Example.net.", "ns1.example.net")
ZONE = Zone("example.com", ("ns1.example.net", "ns2.example.net"))
APEX: Published = {("example.com", "SOA"): SOA, ("example.com", "NS"): SERVERS}
NEWS: Published = {
    ("news.example.com", "SOA"): SOA,
    ("news.example.com", "NS"): ("ns.else.example",),
}


def found(domain: str, published: Published) -> Zone | None:
    """Find the zone of a domain in what is published."""
    return asyncio.run(find_zone(domain, FakeZone(dict(published)).ask))


@pytest.mark.parametrize(
    ("domain", "published", "zone"),
    [
        pytest.param("example.com", APEX, ZONE, id="the domain is the zone"),
        pytest.param("Example.COM.", APEX, ZONE, id="as people write it"),
        pytest.param("news.example.com", APEX, ZONE, id="no such name below the zone"),
        pytest.param(
            "news.example.com",
            {**APEX, ("news.example.com", "TXT"): ("x",)},
            ZONE,
            id="a name with other records",
        ),
        pytest.param("a.b.c.example.com", APEX, ZONE, id="several labels below"),
        pytest.param(
            "a.news.example.com",
            {**APEX, **NEWS},
            Zone("news.example.com", ("ns.else.example",)),
            id="a delegated subdomain is a zone of its own",
        ),
        pytest.param(
            "news.example.com",
            {**APEX, ("news.example.com", "CNAME"): ("cdn.example",), ("cdn.example", "SOA"): SOA},
            ZONE,
            id="the SOA behind a CNAME is somebody else's",
        ),
        pytest.param(
            "shop.example.co.uk",
            {("example.co.uk", "SOA"): SOA, ("example.co.uk", "NS"): SERVERS},
            Zone("example.co.uk", ZONE.servers),
            id="a public suffix of two labels",
        ),
        pytest.param(
            "example.com", {("example.com", "SOA"): SOA}, Zone("example.com", ()), id="without NS"
        ),
    ],
)
def test_the_zone_of_a_domain(domain: str, published: Published, zone: Zone) -> None:
    """The nearest name upwards with an SOA record of its own is the zone."""
    assert found(domain, published) == zone


@pytest.mark.parametrize(
    ("domain", "published"),
    [
        pytest.param(
            "news.example.com", {**APEX, ("news.example.com", "SOA"): Reason.SERVFAIL}, id="below"
        ),
        pytest.param(
            "news.example.com", {**APEX, ("example.com", "SOA"): Reason.TIMEOUT}, id="the zone"
        ),
        pytest.param("example.com", {**APEX, ("example.com", "NS"): Reason.REFUSED}, id="servers"),
        pytest.param("example.com", {}, id="no such domain"),
        pytest.param("example.com", {("com", "SOA"): SOA}, id="only the suffix is there"),
        pytest.param("com", {("com", "SOA"): SOA}, id="a suffix"),
        pytest.param("co.uk", {("co.uk", "SOA"): SOA}, id="a suffix of two labels"),
        pytest.param("me.github.io", {("github.io", "SOA"): SOA}, id="a suffix of a company"),
    ],
)
def test_what_is_not_known_is_not_guessed(domain: str, published: Published) -> None:
    """Neither silence on the way nor a public suffix ever becomes a zone."""
    assert found(domain, published) is None


def test_nothing_is_asked_above_the_registered_domain() -> None:
    """A domain that is gone costs two questions a label, and none about the suffix."""
    dns = FakeZone({})
    assert asyncio.run(find_zone("a.example.co.uk", dns.ask)) is None
    assert dns.questions == 4


def test_all_levels_are_asked_at_once() -> None:
    """However deep a name lies, its zone is one round trip away."""
    dns, together = FakeZone(dict(APEX)), asyncio.Barrier(6)

    async def ask(name: str, type: str) -> Answer:
        """Answer only once every other question is on its way."""
        await asyncio.wait_for(together.wait(), 1)
        return await dns.ask(name, type)

    assert asyncio.run(find_zone("a.b.example.com", ask)) == ZONE
