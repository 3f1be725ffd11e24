"""Whole looks over real sockets: what is the matter with a zone's servers, not with its records."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import dns.edns
import dns.flags
import dns.rcode
import pytest

from dnscheck.findings import Finding, Severity
from dnscheck.records import RequiredRecord
from dnscheck.survey import Survey, survey
from dnscheck.verdicts import Result
from smtp.providers.base import Match, Purpose
from tests.dnscheck.raw_dns import (
    Handler,
    Query,
    RawDns,
    Records,
    answer,
    asked,
    denied,
    referred,
    resolver,
    rrset,
    serving,
    told,
)

DOMAIN, NAME = "shop.example", "_token.shop.example"
ONE, TWO, ABOVE = "127.0.0.1", "127.0.0.2", "127.0.0.3"
NS1, NS2 = "ns1.host.example", "ns2.host.example"
TOKEN = RequiredRecord(Purpose.CHALLENGE, NAME, "TXT", "token=1", Match.EXACT)
ALIAS = replace(TOKEN, type="CNAME", value="verify.provider.example", match=Match.CNAME)
ZONE: Records = {
    (DOMAIN, "SOA"): ("ns1.host.example. h.host.example. 7 2 3 4 30",),
    (DOMAIN, "NS"): (f"{NS1}.", f"{NS2}."),
    (DOMAIN, "A"): ("192.0.2.80",),
    ("example", "NS"): ("ns.registry.example.",),
    ("ns.registry.example", "A"): (ABOVE,),
    (NS1, "A"): (ONE,),
    (NS2, "A"): (TWO,),
    (NAME, "TXT"): ('"token=1"',),
}
EMPTY: Records = {key: ZONE[key] for key in ZONE if key != (NAME, "TXT")}
OLDER: Records = {**ZONE, (DOMAIN, "SOA"): ("ns1.host.example. h.host.example. 6 2 3 4 30",)}
INSIDE: Records = {
    **EMPTY,
    (DOMAIN, "SOA"): ("dc1.office.example. admin.office.example. 1 2 3 4 5",),
}
LARGE: Records = {**EMPTY, (NAME, "TXT"): ('"' + "x" * 250 + '"',) * 8}
PARKED: Records = {
    **EMPTY,
    (DOMAIN, "NS"): ("ns1.parked.sedoparking.com.",),
    ("ns1.parked.sedoparking.com", "A"): (ONE,),
}
LOOPING: Records = {
    **EMPTY,
    (NAME, "CNAME"): (f"two.{DOMAIN}.",),
    (f"two.{DOMAIN}", "CNAME"): (f"{NAME}.",),
}
LONG: Records = {
    **EMPTY,
    (NAME, "CNAME"): (f"c1.{DOMAIN}.",),
    **{(f"c{n}.{DOMAIN}", "CNAME"): (f"c{n + 1}.{DOMAIN}.",) for n in range(1, 12)},
}


def says(rcode: dns.rcode.Rcode, *options: dns.edns.Option) -> Handler:
    """Return a server that answers whatever is asked with this code."""
    return lambda query, tcp: [denied(query, int(rcode), *options)]


def resolving(records: Records) -> Handler:
    """Return a resolver that knows these records."""
    return lambda query, tcp: [told(query, records)]


def failing(*options: dns.edns.Option) -> Handler:
    """Return a resolver that fails for the domain's records, and knows the rest."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if asked(query)[0].endswith(DOMAIN):
            yield denied(query, int(dns.rcode.SERVFAIL), *options)
        else:
            yield told(query, ZONE)

    return handler


def validating(detail: int, text: str) -> Handler:
    """Return a resolver that fails where signatures do not hold, unless told not to check."""
    broken = dns.edns.EDEOption(dns.edns.EDECode(detail), text)

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        unchecked = resolving(ZONE) if query.flags & dns.flags.CD else failing(broken)
        return unchecked(query, tcp)

    return handler


def with_old_signatures(query: Query, tcp: bool) -> Iterable[bytes]:
    """Fail as resolvers do that give no reason; unchecked, signatures of the past are seen."""
    if not query.flags & dns.flags.CD:
        return failing()(query, tcp)
    name, type = asked(query)
    if (name, type) not in ZONE:
        return [told(query, ZONE)]
    old = f"{type} 13 2 60 20200101000000 20191201000000 1 {DOMAIN}. AAAA"
    records = rrset(f"{name}.", type, *ZONE[name, type])
    return [answer(query, records, rrset(f"{name}.", "RRSIG", old))]


def cut(query: Query, tcp: bool) -> Iterable[bytes]:
    """Send a part over UDP, and hang up on TCP."""
    return [] if tcp else [answer(query, flags=int(dns.flags.TC | dns.flags.AA))]


def cut_for_text(records: Records) -> Handler:
    """Return a server whose texts do not fit into UDP, and whose TCP port is barred."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        is_text = asked(query)[1] == "TXT"
        return cut(query, tcp) if is_text else [told(query, records, dns.flags.AA)]

    return handler


def large_over_tcp(query: Query, tcp: bool) -> Iterable[bytes]:
    """Serve texts that fit into TCP only."""
    is_cut = asked(query)[1] == "TXT" and not tcp
    return cut(query, tcp) if is_cut else [told(query, LARGE, dns.flags.AA)]


class Losing:
    """A server of the zone that the first packet of each question does not reach."""

    def __init__(self) -> None:
        self.heard: set[tuple[str, str]] = set()

    def __call__(self, query: Query, tcp: bool) -> Iterable[bytes]:
        """Answer what is asked for the second time."""
        if asked(query) in self.heard:
            yield told(query, ZONE, dns.flags.AA)
        self.heard.add(asked(query))


def silent(query: Query, tcp: bool) -> Iterable[bytes]:
    """Say nothing."""
    return []


def other_zone(query: Query, tcp: bool) -> Iterable[bytes]:
    """Speak for the zone above, in which there is no such domain."""
    return [denied(query, int(dns.rcode.NXDOMAIN), flags=int(dns.flags.AA))]


@dataclass(frozen=True)
class Row:
    """A domain, how it is seen from each side, and all that is to be said of it.

    `above` are the servers that the level above names.
    """

    about: str
    codes: tuple[str, ...]
    severity: Severity | None = None
    result: Result = Result.GOOD
    at_resolver: Handler = field(default_factory=lambda: resolving(ZONE))
    one: Handler = field(default_factory=lambda: serving(ZONE))
    two: Handler = field(default_factory=lambda: serving(ZONE))
    above: tuple[str, ...] = (NS1, NS2)
    record: RequiredRecord = TOKEN
    says: str = ""

    def __str__(self) -> str:
        return self.about


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
BAD, UNKNOWN = Result.BAD, Result.UNKNOWN
LAME, ALL_LAME = ("view.lame-server",), ("dns.could-not-ask", "view.no-server")
REFUSES, FAILS = says(dns.rcode.REFUSED), says(dns.rcode.SERVFAIL)
NO_ADDRESS: Records = {key: ZONE[key] for key in ZONE if key != (NS2, "A")}
ROWS = (
    Row("all is well", ()),
    Row("a server with an older copy, and the same record", (), two=serving(OLDER)),
    Row("one server refuses", LAME, WARNING, two=REFUSES, says=f"{NS2} ({TWO}"),
    Row("one server fails", LAME, WARNING, two=FAILS, says="fails"),
    Row("one server is a resolver", LAME, WARNING, two=resolving(ZONE), says="does not know"),
    Row("one server has the zone above only", LAME, WARNING, two=other_zone, says="not know"),
    Row(
        "one server points to the others",
        LAME,
        WARNING,
        two=lambda query, tcp: [referred(query, "example", "ns.registry.example.")],
        says="does not know the zone",
    ),
    Row(
        "one server has no address",
        LAME,
        WARNING,
        at_resolver=resolving(NO_ADDRESS),
        says=f"{NS2} has no public address",
    ),
    Row("all servers refuse", ALL_LAME, ERROR, UNKNOWN, failing(), REFUSES, REFUSES, says=NS1),
    Row("some refuse and some fail", ALL_LAME, ERROR, UNKNOWN, failing(), REFUSES, FAILS),
    Row("one refuses, one is silent", ALL_LAME, ERROR, UNKNOWN, failing(), REFUSES, silent),
    Row(
        "one server is silent",
        ("view.silent-server",),
        WARNING,
        two=silent,
        says=f"Nothing came back from {NS2}.",
    ),
    Row("one packet is lost", (), two=Losing()),
    Row("the way to the servers is barred", (), one=silent, two=silent),
    Row("from here no server will answer", (), one=REFUSES, two=REFUSES),
    Row(
        "the level above names another server",
        ("view.parent-differs",),
        WARNING,
        above=(NS1, "ns3.host.example"),
        says=f"Only above: ns3.host.example. Only in the zone: {NS2}.",
    ),
    Row(
        "the resolver remembers servers of the past",
        (),
        at_resolver=resolving(
            {
                **ZONE,
                (DOMAIN, "NS"): (f"{NS1}.", "ns0.host.example."),
                ("ns0.host.example", "A"): (TWO,),
            }
        ),
    ),
    Row(
        "signatures that do not hold",
        ("dns.could-not-ask", "view.right-at-servers", "view.dnssec-bogus"),
        ERROR,
        UNKNOWN,
        validating(9, "no key of the DS record"),
        says="replace the DS record",
    ),
    Row(
        "signatures that expired",
        ("dns.could-not-ask", "view.right-at-servers", "view.dnssec-expired"),
        ERROR,
        UNKNOWN,
        validating(7, "in January"),
        says="sign the zone again",
    ),
    Row(
        "signatures of the past, and a resolver that gives no reason",
        ("dns.could-not-ask", "view.right-at-servers", "view.dnssec-expired"),
        ERROR,
        UNKNOWN,
        with_old_signatures,
    ),
    Row(
        "the resolver remembers that there was no record",
        ("view.caches-follow",),
        INFO,
        BAD,
        resolving(EMPTY),
        says="no such record, for 30 seconds at most",
    ),
    Row(
        "an alias in a circle",
        ("cname.loop",),
        ERROR,
        BAD,
        resolving(LOOPING),
        serving(LOOPING),
        serving(LOOPING),
        record=ALIAS,
    ),
    Row(
        "more aliases than resolvers follow",
        ("cname.loop",),
        ERROR,
        BAD,
        resolving(LONG),
        serving(LONG),
        serving(LONG),
        record=ALIAS,
    ),
    Row(
        "a text behind an alias in a circle",
        ("host.alias-circle",),
        ERROR,
        BAD,
        resolving(LOOPING),
        serving(LOOPING),
        serving(LOOPING),
        says="Delete the CNAME record",
    ),
    Row(
        "a registration that lapsed",
        ("token.missing", "dns.no-such-domain"),
        ERROR,
        BAD,
        says(dns.rcode.NXDOMAIN),
        says="the registration may have lapsed",
    ),
    Row(
        "a registration that lapsed, kept by its registrar",
        ("token.missing", "view.held-zone"),
        ERROR,
        BAD,
        resolving(PARKED),
        serving(PARKED),
        serving(PARKED),
        above=("ns1.parked.sedoparking.com",),
        says="paid for",
    ),
    Row(
        "another copy of the zone inside",
        ("view.split-horizon",),
        WARNING,
        BAD,
        resolving(INSIDE),
        says="Nothing is wrong in public.",
    ),
    Row(
        "large answers that nobody gets",
        ("dns.could-not-ask", "view.no-tcp"),
        WARNING,
        UNKNOWN,
        cut_for_text(ZONE),
        cut_for_text(ZONE),
        cut_for_text(ZONE),
        says="TCP port 53",
    ),
    Row(
        "large answers that do not get through from here",
        ("token.missing",),
        ERROR,
        BAD,
        resolving(EMPTY),
        cut_for_text(ZONE),
        cut_for_text(ZONE),
    ),
    Row(
        "one server that lets nobody in over TCP",
        ("token.missing", "view.no-tcp"),
        None,
        BAD,
        resolving(LARGE),
        large_over_tcp,
        cut_for_text(LARGE),
        says=NS2,
    ),
)


def looked_at(row: Row) -> tuple[Survey, int]:
    """Look at the row's domain; return what was seen, and the questions to its second server."""

    def first(query: Query, tcp: bool) -> Iterable[bytes]:
        return (row.at_resolver if query.flags & dns.flags.RD else row.one)(query, tcp)

    def above(query: Query, tcp: bool) -> Iterator[bytes]:
        yield referred(query, DOMAIN, *(f"{host}." for host in row.above))

    with ExitStack() as stack:
        one = stack.enter_context(RawDns(first))
        port = one.server[1]
        two = stack.enter_context(RawDns(row.two, host=TWO, port=port))
        stack.enter_context(RawDns(above, host=ABOVE, port=port))
        asking = resolver(one.server)
        seen = asyncio.run(survey(DOMAIN, [row.record], asking))
        return seen, two.queries


def findings(seen: Survey) -> list[Finding]:
    """Return what was said of the record, then of the domain; not of mail policies."""
    said = [*seen.result.records[0].findings, *seen.result.findings]
    return [finding for finding in said if not finding.code.startswith("dmarc.")]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_cause_is_named(row: Row) -> None:
    """With its severity, and nothing else with it; a warning moves no result."""
    seen, _ = looked_at(row)
    told_of = findings(seen)
    assert tuple(finding.code for finding in told_of) == row.codes
    assert seen.result.result is row.result
    if row.severity:
        assert max((f.severity for f in told_of), key=list(Severity)[::-1].index) is row.severity
    assert row.says in " ".join(f"{f.title} {f.why} {f.fix}" for f in told_of)


def test_silence_is_believed_the_second_time() -> None:
    """A server is asked twice before it is called silent, and no more."""
    _, queries = looked_at(next(row for row in ROWS if row.about == "one server is silent"))
    assert queries == 2
