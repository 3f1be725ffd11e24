"""Looking at a domain from both standpoints: what is asked, and what becomes of a diagnosis."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import dns.rcode
import pytest

from config.lab.zones import KEY
from dnscheck.answers import Answer, Reason
from dnscheck.diagnosis import DomainResult, diagnose
from dnscheck.findings import RecordVerdict
from dnscheck.records import RequiredRecord
from dnscheck.standpoints import MOST_RECORDS, ask_ahead, with_standpoints, worth_asking
from dnscheck.verdicts import Result
from dnscheck.zone import Zone, find_zone
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import Published
from tests.dnscheck.raw_dns import (
    Query,
    RawDns,
    Records,
    answer,
    asked,
    referred,
    resolver,
    serving,
    two_views,
)
from tests.fakes import FakeDns

DOMAIN = "shop.example"
SOA, NS = ("a. h. 1 2 3 4 5",), ("ns.fake",)
ZONE = Zone(DOMAIN, NS)
START: Published = {(DOMAIN, "SOA"): SOA, (DOMAIN, "NS"): NS}


def token(number: int = 1, *, required: bool = True, optional: bool = False) -> RequiredRecord:
    """Return a record that is wanted at a name of its own."""
    name, value = f"n{number}.{DOMAIN}", f"token={number}"
    return RequiredRecord(
        Purpose.CHALLENGE, name, "TXT", value, Match.EXACT, required=required, optional=optional
    )


def published(*numbers: int) -> Published:
    """Return a zone that has these tokens."""
    return {**START, **{(f"n{n}.{DOMAIN}", "TXT"): (f"token={n}",) for n in numbers}}


@dataclass
class Listening(FakeDns):
    """A fake name server that remembers what it was asked."""

    heard: list[tuple[str, str]] = field(default_factory=list)

    async def ask(self, name: str, type: str) -> Answer:
        """Answer one question."""
        self.heard.append((name, type))
        return await super().ask(name, type)


@dataclass
class Apart(FakeDns):
    """A fake resolver, and apart from it the zone's own name server."""

    server: Listening = field(default_factory=Listening)

    def __post_init__(self) -> None:
        """Have the zone's own server asked."""
        self.others = self.server


def seen(
    here: Published, there: Published, *records: RequiredRecord, zone: Zone | None = ZONE
) -> tuple[DomainResult, DomainResult, list[tuple[str, str]]]:
    """Return the diagnosis at the resolver, with standpoints, and what the server was asked."""
    asker = Apart(dict(here), server=Listening(dict(there)))

    async def run() -> tuple[DomainResult, DomainResult]:
        result = await diagnose(DOMAIN, records or (token(),), asker.ask)
        return result, await with_standpoints(result, zone, asker)

    before, after = asyncio.run(run())
    return before, after, asker.server.heard


def codes(result: DomainResult) -> list[list[str]]:
    """Return the codes of the domain's findings, then those of each record."""
    lists = [result.findings, *(record.findings for record in result.records)]
    return [[finding.code for finding in findings] for findings in lists]


def test_the_servers_of_a_domain_that_is_fine_are_looked_at() -> None:
    """They are asked for the start of the zone, and nothing is added."""
    before, after, heard = seen(published(1), published(1))
    assert (after, heard) == (before, [(DOMAIN, "SOA")])


def test_nobody_is_asked_for_a_domain_that_does_not_exist() -> None:
    """Its servers would be those of the level above."""
    before, after, heard = seen({}, published(1), zone=None)
    assert (after, heard) == (before, [])


def test_a_change_that_caches_do_not_know_moves_no_verdict() -> None:
    """The record stays missing at the resolver, with the words to wait in place of an edit."""
    before, after, _ = seen(published(2), published(1, 2), token(1), token(2))
    assert codes(before) == [[], ["token.missing"], []]
    assert codes(after) == [[], ["view.caches-follow"], []]
    assert [record.verdict for record in after.records] == [
        RecordVerdict.MISSING,
        RecordVerdict.OK,
    ]
    assert before.result is after.result is Result.BAD


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.SERVFAIL, Reason.REFUSED])
def test_silence_stays_unknown(reason: Reason) -> None:
    """What the servers say explains it; the result is still that nobody could tell."""
    here = {**START, (f"n1.{DOMAIN}", "TXT"): reason}
    _, right, _ = seen(here, published(1))
    assert codes(right) == [[], ["dns.could-not-ask", "view.right-at-servers"]]
    _, wrong, _ = seen(here, START)
    assert codes(wrong) == [[], ["dns.could-not-ask", "view.wrong-at-servers"]]
    assert right.result is wrong.result is Result.UNKNOWN


def test_servers_that_say_nothing_change_nothing_in_a_record() -> None:
    """They are named for the domain when the resolver, too, has trouble."""
    silent = dict.fromkeys([*published(1), *START], Reason.REFUSED)
    before, after, _ = seen(START, silent)
    assert codes(after) == codes(before) == [[], ["token.missing"]]
    before, after, _ = seen({**START, (f"n1.{DOMAIN}", "TXT"): Reason.SERVFAIL}, silent)
    assert codes(after) == [["view.no-server"], ["dns.could-not-ask"]]


def test_broken_signatures_are_told_of_the_domain() -> None:
    """It is one cause for all of its records."""
    here = {**START, **dict.fromkeys(published(1, 2), Reason.BOGUS)}
    _, after, _ = seen(here, here, token(1), token(2))
    assert codes(after)[0] == ["view.dnssec-bogus"]
    assert after.result is Result.UNKNOWN


def test_another_zone_inside_is_known_by_its_start() -> None:
    """The SOA record of the resolver is from none of the servers."""
    inside = {**START, (DOMAIN, "SOA"): ("dc1. admin. 1 2 3 4 5",)}
    _, after, _ = seen(inside, published(1))
    assert codes(after) == [[], ["view.split-horizon"]]


def test_without_a_zone_the_servers_are_asked_all_the_same() -> None:
    """That the zone could not be found says nothing of who serves the records."""
    _, after, _ = seen(START, published(1), zone=None)
    assert codes(after) == [[], ["view.caches-follow"]]


def test_only_a_few_records_are_looked_at_again() -> None:
    """The required ones first; what is right, and what nobody misses, not at all."""
    good, gone = token(1), token(2, required=False)
    unmissed = token(3, required=False, optional=True)
    many = [token(number) for number in range(4, 12)]
    before, _, heard = seen(published(1), START, good, gone, unmissed, *many)
    doubtful = [record.record for record in worth_asking(before.records)]
    assert doubtful == many[:MOST_RECORDS]
    assert sorted(heard) == sorted([(DOMAIN, "SOA"), *((one.name, "TXT") for one in doubtful)])


def test_what_a_resolver_serves_itself_is_looked_at_though_right() -> None:
    """It may be known to nobody outside."""
    before, _, _ = seen(published(1), START)
    [record] = before.records
    assert worth_asking([record]) == []
    inside = replace(record, answer=replace(record.answer, flags=("AA",)))
    assert worth_asking([inside]) == [inside]


def asked_ahead(record: RequiredRecord, zone: Published) -> list[tuple[str, str]]:
    """Return what the zone's own server is asked while the diagnosis goes on."""
    asker = Apart(dict(zone))
    asyncio.run(ask_ahead(DOMAIN, (record,), asker))
    return asker.server.heard


@pytest.mark.parametrize(
    ("record", "texts", "ahead"),
    [
        (token(), ("token=1",), False),
        (token(), ("x",), True),
        (token(optional=True, required=False), (), False),
    ],
)
def test_servers_are_asked_ahead_of_the_judgement(
    record: RequiredRecord, texts: tuple[str, ...], ahead: bool
) -> None:
    """For a record only if it does not seem to be there."""
    zone = {**START, (record.name, "TXT"): texts} if texts else START
    assert ((record.name, "TXT") in asked_ahead(record, zone)) is ahead


@pytest.mark.parametrize(
    ("match", "value", "text", "ahead"),
    [
        (Match.SPF, "v=spf1 include:a.example ~all", "v=spf1 mx include:a.example -all", False),
        (Match.SPF, "v=spf1 include:a.example ~all", "v=spf1 mx -all", True),
        (Match.DKIM_KEY, f"v=DKIM1; k=rsa; p={KEY};", f"p={KEY}", False),
        (Match.DKIM_KEY, f"v=DKIM1; k=rsa; p={KEY}", "v=DKIM1; k=rsa; p=ABD=", True),
        (Match.DKIM_KEY, f"v=DKIM1; k=rsa; p={KEY}", f"v=DKIM1; h=sha1; p={KEY}", True),
        (Match.DMARC, "v=DMARC1; p=none", "v=DMARC1; p=reject", False),
    ],
)
def test_a_record_that_says_the_same_in_other_words_seems_to_be_there(
    match: Match, value: str, text: str, ahead: bool
) -> None:
    """A domain that is fine is not asked about twice."""
    mechanisms = ("include:a.example",) if match is Match.SPF else ()
    record = RequiredRecord(Purpose.SPF, DOMAIN, "TXT", value, match, mechanisms=mechanisms)
    zone: Published = {**START, (DOMAIN, "TXT"): (text,), ("a.example", "TXT"): ("v=spf1 -all",)}
    assert ((DOMAIN, "TXT") in asked_ahead(record, zone)) is ahead


SIX, ABOVE = "::1", "127.0.0.3"
AT_RESOLVER: Records = {
    (DOMAIN, "SOA"): ("a. h. 1 2 3 4 5",),
    (DOMAIN, "NS"): ("ns1.host.example.", "ns2.host.example.", "ns3.host.example."),
    ("ns1.host.example", "A"): ("127.0.0.1",),
    ("ns2.host.example", "AAAA"): (SIX,),
    ("example", "NS"): ("ns.registry.example.",),
    ("ns.registry.example", "A"): (ABOVE,),
    (f"n1.{DOMAIN}", "TXT"): ('"token=0"',),
}
AT_SERVER: Records = {**AT_RESOLVER, (f"n1.{DOMAIN}", "TXT"): ('"token=1"',)}


def on_the_wire(first: Records, second: Records | None) -> DomainResult:
    """Look at a domain with two real servers; the second one may refuse all questions."""

    def refusing(query: Query, tcp: bool) -> Iterable[bytes]:
        yield answer(query, rcode=dns.rcode.REFUSED)

    def above(query: Query, tcp: bool) -> Iterable[bytes]:
        return [referred(query, DOMAIN, "ns1.host.example.", "ns4.host.example.")]

    with (
        RawDns(two_views(AT_RESOLVER, serving(first))) as one,
        RawDns(above, host=ABOVE, port=one.server[1]),
        RawDns(serving(second) if second else refusing, host=SIX, port=one.server[1]),
    ):
        asking = resolver(one.server)

        async def run() -> DomainResult:
            zone = await find_zone(DOMAIN, asking.ask)
            result = await diagnose(DOMAIN, (token(),), asking.ask)
            return await with_standpoints(result, zone, asking)

        return asyncio.run(run())


def test_every_server_is_asked_by_itself() -> None:
    """Who is behind, who is of no use, and who is named where: over real sockets."""
    seen = on_the_wire(AT_SERVER, AT_RESOLVER)
    assert codes(seen) == [["view.lame-server", "view.parent-differs"], ["view.servers-differ"]]
    [record] = seen.records
    assert record.findings[0].evidence == (
        "ns1.host.example: token=1",
        "ns2.host.example: token=0",
    )
    useless, differing = seen.findings
    assert useless.evidence == ("ns3.host.example has no public address",)
    assert differing.evidence == (
        "above: ns4.host.example",
        "in the zone: ns2.host.example",
        "in the zone: ns3.host.example",
    )


def test_a_refusing_server_is_named_with_its_address() -> None:
    """The others show that the record is right by now."""
    seen = on_the_wire(AT_SERVER, None)
    assert codes(seen)[1] == ["view.caches-follow"]
    assert any("ns2.host.example ([::1]:" in text for text in seen.findings[0].evidence)


def test_what_asks_each_server_of_a_zone_nobody_knows() -> None:
    """Nobody: there is neither a server nor a delegation."""
    with RawDns(lambda query, tcp: [answer(query, rcode=dns.rcode.SERVFAIL)]) as server:
        asking = resolver(server.server)

        async def run() -> tuple[bool, Answer]:
            return bool(await asking.each_authority(DOMAIN)), await asking.delegation(DOMAIN)

        known, delegation = asyncio.run(run())
    assert (known, delegation.reason) == (False, Reason.UNREACHABLE)


def test_a_server_whose_address_could_not_be_asked_is_left_out() -> None:
    """Only who certainly has none is of no use."""
    names: Records = {(DOMAIN, "NS"): ("ns1.host.example.", "ns2.host.example.")}

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if asked(query)[0] == "ns1.host.example":
            return [answer(query, rcode=dns.rcode.SERVFAIL)]
        return two_views(names, serving({}))(query, tcp)

    with RawDns(handler) as server:
        servers = asyncio.run(resolver(server.server).each_authority(DOMAIN))
    assert dict(servers) == {"ns2.host.example": ()}
