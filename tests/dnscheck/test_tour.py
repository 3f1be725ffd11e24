"""A tour of real servers on loopback: what each of them says is told, and silence is no absence."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import dns.flags
import dns.rcode
import pytest

from dnscheck.answers import Answer, Reason
from dnscheck.records import RequiredRecord
from dnscheck.resolver.reading import Question, read, unknown
from dnscheck.resolver.servers import Server
from dnscheck.resolver.touring import MOST_ASKED, TouringResolver
from dnscheck.standpoints.tour import Line, Sights, tour
from smtp.providers.base import Match, Purpose
from tests.dnscheck.raw_dns import (
    Handler,
    Query,
    RawDns,
    Records,
    asked,
    denied,
    referred,
    serving,
    told,
)

DOMAIN = "shop.example"
ONE, TWO, ABOVE = "127.0.0.1", "127.0.0.2", "127.0.0.3"
NS1, NS2 = "ns1.host.example", "ns2.host.example"
SPF = RequiredRecord(
    Purpose.SPF,
    DOMAIN,
    "TXT",
    "v=spf1 ip4:192.0.2.1 ~all",
    Match.SPF,
    mechanisms=("ip4:192.0.2.1",),
)
TOKEN = RequiredRecord(Purpose.CHALLENGE, f"_t.{DOMAIN}", "TXT", "token=1", Match.EXACT)
ZONE: Records = {
    (DOMAIN, "SOA"): (f"{NS1}. h.host.example. 7 2 3 4 30",),
    (DOMAIN, "NS"): (f"{NS1}.", f"{NS2}."),
    (DOMAIN, "TXT"): ('"v=spf1 ip4:192.0.2.1 -all"', '"unrelated"'),
    (f"_t.{DOMAIN}", "TXT"): ('"token=1"',),
    ("example", "NS"): ("ns.registry.example.",),
    ("ns.registry.example", "A"): (ABOVE,),
    (NS1, "A"): (ONE,),
    (NS2, "A"): (TWO,),
}
OLD: Records = {
    **{key: ZONE[key] for key in ZONE if key != (f"_t.{DOMAIN}", "TXT")},
    (DOMAIN, "SOA"): (f"{NS1}. h.host.example. 6 2 3 4 30",),
    (DOMAIN, "NS"): (f"{NS1}.", "ns0.host.example."),
    (DOMAIN, "TXT"): ('"v=spf1 ip4:192.0.2.9 -all"', '"unrelated"'),
    ("ns0.host.example", "A"): (TWO,),
}
OVER_THE_TOP: Records = {**ZONE, (DOMAIN, "SOA"): (f"{NS1}. h.host.example. 4294967295 2 3 4 30",)}


def says(rcode: dns.rcode.Rcode) -> Handler:
    """Return a server that answers whatever is asked with this code."""
    return lambda query, tcp: [denied(query, int(rcode))]


def silent(query: Query, tcp: bool) -> Iterable[bytes]:
    """Say nothing."""
    return []


def elsewhere(query: Query, tcp: bool) -> Iterable[bytes]:
    """Point to the level above, as a server does that does not know the zone."""
    return [referred(query, "example", "ns.registry.example.")]


def knowing(records: Records) -> Handler:
    """Return a resolver that knows these records."""
    return lambda query, tcp: [told(query, records)]


SERVING, KNOWING = serving(ZONE), knowing(ZONE)


def toured(
    two: Handler,
    *,
    one: Handler = SERVING,
    at_resolver: Handler = KNOWING,
    above: tuple[str, ...] = (NS1, NS2),
    records: tuple[RequiredRecord, ...] = (SPF, TOKEN),
) -> Sights:
    """Make a tour of a resolver that is the first name server as well, and of a second one."""

    def first(query: Query, tcp: bool) -> Iterable[bytes]:
        return (at_resolver if query.flags & dns.flags.RD else one)(query, tcp)

    def parent(query: Query, tcp: bool) -> Iterator[bytes]:
        yield referred(query, DOMAIN, *(f"{host}." for host in above))

    with ExitStack() as stack:
        server = stack.enter_context(RawDns(first)).server
        stack.enter_context(RawDns(two, host=TWO, port=server[1]))
        stack.enter_context(RawDns(parent, host=ABOVE, port=server[1]))
        asking = TouringResolver([server], question_seconds=0.4, domain_seconds=3)
        return asyncio.run(tour(DOMAIN, records, asking))


def line_of(seen: Sights, host: str) -> Line:
    """Return the one line of a host."""
    [line] = [line for line in seen.servers if line.host == host]
    return line


def words(line: Line) -> tuple[str, ...]:
    """Return what a server says, in the order of the columns."""
    return tuple(cell.says for cell in line.cells)


ALL_SAME = ("same",) * 4


@dataclass(frozen=True)
class Row:
    """A second name server, and what is told of it."""

    about: str
    two: Handler
    says: tuple[str, ...] = ()
    why: str = ""
    texts: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.about


ROWS = (
    Row("all is well", serving(ZONE), ALL_SAME),
    Row(
        "an older copy of the zone",
        serving(OLD),
        ("other", "other", "other", "absent"),
        texts=("6", f"ns0.host.example {NS1}", "v=spf1 ip4:192.0.2.9 -all", ""),
    ),
    Row(
        "a serial number from before the circle began anew",
        serving(OVER_THE_TOP),
        ("other", *ALL_SAME[1:]),
    ),
    Row("a silent server", silent, why="timeout"),
    Row("a server that refuses", says(dns.rcode.REFUSED), why="refused"),
    Row("a lame server", elsewhere, why="lame"),
    Row("a server that fails", says(dns.rcode.SERVFAIL), ("nothing",) * 4),
    Row("a server that has the zone above only", says(dns.rcode.NXDOMAIN), why="lame"),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_server_is_told_by_itself(row: Row) -> None:
    """The others stay as they are; who could not be asked is never told as without the record."""
    seen = toured(row.two)
    assert [(column.name, column.type) for column in seen.columns] == [
        *((DOMAIN, "SOA"), (DOMAIN, "NS"), (DOMAIN, "TXT"), (f"_t.{DOMAIN}", "TXT")),
    ]
    there = line_of(seen, NS2)
    assert (there.address, there.named, words(there), there.why) == (TWO, "", row.says, row.why)
    if row.texts:
        assert tuple(cell.text for cell in there.cells) == row.texts
    assert words(line_of(seen, NS1)) == ALL_SAME
    assert [words(line) for line in seen.resolvers] == [ALL_SAME]
    assert Sights.from_json(seen.as_json()) == seen


def test_a_resolver_that_remembers_is_told_with_the_time_it_does() -> None:
    """The old value, the denial, and how many seconds of each are left."""
    seen = toured(serving(ZONE), at_resolver=knowing({**OLD, (DOMAIN, "NS"): ZONE[DOMAIN, "NS"]}))
    [line] = seen.resolvers
    assert words(line) == ("other", "same", "other", "absent")
    assert [(cell.text, cell.ttl) for cell in line.cells[2:]] == [
        *(("v=spf1 ip4:192.0.2.9 -all", 60), ("", 30)),
    ]
    assert {words(server) for server in seen.servers} == {ALL_SAME}


def test_servers_that_only_one_side_names_are_asked_and_marked() -> None:
    """In the middle of a move to another DNS host both old and new ones count."""
    both = {**ZONE, ("ns3.new.example", "A"): (TWO,)}
    seen = toured(serving(ZONE), at_resolver=knowing(both), above=(NS1, "ns3.new.example"))
    assert [(line.host, line.named, words(line)) for line in seen.servers] == [
        (NS1, "", ALL_SAME),
        (NS2, "zone", ALL_SAME),
        ("ns3.new.example", "above", ALL_SAME),
    ]


@pytest.mark.parametrize(
    ("addresses", "why"),
    [({}, "no-address"), ({(NS2, "A"): None}, "no-lookup")],
    ids=["without an address", "whose address nobody tells"],
)
def test_a_server_nobody_can_find_is_named(
    addresses: dict[tuple[str, str], None], why: str
) -> None:
    """Whether it has no address, or nobody could be asked for it, are two things."""
    known = {key: ZONE[key] for key in ZONE if key != (NS2, "A")}

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if asked(query) in addresses:
            return [denied(query, int(dns.rcode.SERVFAIL))]
        return [told(query, known)]

    there = line_of(toured(serving(ZONE), at_resolver=handler), NS2)
    assert (there.address, there.cells, there.why) == ("", (), why)


def test_a_domain_that_does_not_exist_asks_nobody_above_for_its_records() -> None:
    """Of a registration that lapsed only the resolver tells anything."""
    above = {key: ZONE[key] for key in ZONE if not key[0].endswith(DOMAIN)}
    seen = toured(silent, one=silent, at_resolver=knowing(above))
    assert (seen.zone, seen.servers) == ("", ())
    assert words(seen.resolvers[0]) == ("absent",) * 4


def test_each_configured_resolver_has_its_line() -> None:
    """One of them knows the new record, the other one does not yet."""
    with ExitStack() as stack:

        def first(query: Query, tcp: bool) -> Iterable[bytes]:
            handler = knowing(ZONE) if query.flags & dns.flags.RD else serving(ZONE)
            return handler(query, tcp)

        one = stack.enter_context(RawDns(first)).server
        two = stack.enter_context(RawDns(knowing(OLD), host=TWO, port=one[1])).server
        asking = TouringResolver([one, two], question_seconds=0.3, domain_seconds=2)
        seen = asyncio.run(tour(DOMAIN, [TOKEN], asking))
    assert [(line.address, words(line)[2]) for line in seen.resolvers] == [
        (f"{ONE}:{one[1]}", "same"),
        (f"{TWO}:{one[1]}", "absent"),
    ]


# --- Who is asked at all: a network that is handed in, since no test leaves this machine --------

PUBLIC = ("9.9.9.9", 53)


class Network:
    """A resolver with some records, and servers that are silent, or not there over IPv6.

    Without records the resolver is silent as well.
    """

    def __init__(self, records: Records | None = None) -> None:
        self.records = records
        self.asked: list[tuple[Server, str]] = []

    async def __call__(self, question: Question, server: Server, _seconds: float) -> Answer:
        """Answer as the server would."""
        self.asked.append((server, question.type))
        if server != PUBLIC or self.records is None:
            why = Reason.UNREACHABLE if ":" in server[0] else Reason.TIMEOUT
            return unknown(question.name, question.type, why, server)
        query = question.message()
        answer = read(told(query, self.records), query, question, server)
        assert answer is not None
        return answer


def toured_in(network: Network, **limits: float) -> Sights:
    """Make a tour in a network."""
    asking = TouringResolver([PUBLIC], exchange=network, **limits)  # type: ignore[arg-type]
    return asyncio.run(tour(DOMAIN, [SPF, TOKEN], asking))


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1"])
def test_an_address_inside_is_named_and_never_asked(address: str) -> None:
    """A zone must not lead into the operator's network."""
    network = Network({**ZONE, (NS1, "A"): (address,), (NS2, "A"): ("192.0.0.9",)})
    there = line_of(toured_in(network), NS1)
    assert (there.address, there.why, there.cells) == (address, "private", ())
    assert address not in {server[0] for server, _type in network.asked}


def test_thirteen_silent_servers_with_two_addresses_each_are_asked_one_thing() -> None:
    """All of them are told as silent; each was asked twice for the start of the zone, no more."""
    hosts = [f"ns{number}.host.example" for number in range(13)]
    network = Network(
        {
            **ZONE,
            (DOMAIN, "NS"): tuple(f"{host}." for host in hosts),
            **{(host, "A"): (f"9.0.0.{number}",) for number, host in enumerate(hosts)},
            **{(host, "AAAA"): (f"2600::{number}",) for number, host in enumerate(hosts)},
        }
    )
    seen = toured_in(network)
    assert len(seen.servers) == MOST_ASKED == 26
    assert {(":" in line.address, line.why) for line in seen.servers} == {
        *((False, "timeout"), (True, "unreachable")),
    }
    theirs = [(server, type) for server, type in network.asked if server[0].startswith("9.0.")]
    assert {type for _server, type in theirs} == {"SOA"}
    assert len(theirs) == 2 * 13


def test_more_servers_than_are_asked_are_named() -> None:
    """Each host has its turn before a second address of another one."""
    hosts = [f"ns{number:02}.host.example" for number in range(15)]
    network = Network(
        {
            **ZONE,
            (DOMAIN, "NS"): tuple(f"{host}." for host in hosts),
            **{
                (host, "A"): tuple(f"9.0.{number}.{last}" for last in range(1, 4))
                for number, host in enumerate(hosts)
            },
        }
    )
    seen = toured_in(network)
    many = [line for line in seen.servers if line.why == "many"]
    assert len(seen.servers) - len(many) == MOST_ASKED
    assert {line.host for line in seen.servers if line.why == "timeout"} == set(hosts[:13])
    assert {line.host for line in many} == set(hosts)


def test_a_silent_resolver_is_told_as_silent() -> None:
    """The zone is not known then, and nothing is said of any record."""
    seen = toured_in(Network())
    assert (seen.zone, seen.servers) == ("", ())
    assert [(line.why, line.cells) for line in seen.resolvers] == [("timeout", ())]


def test_the_time_of_a_run_ends_a_tour() -> None:
    """Without any left, servers are told as not asked, and nothing is told as missing."""
    seen = toured_in(Network(ZONE), domain_seconds=0)
    assert {line.why for line in seen.resolvers} == {"budget"}
    assert seen.servers == ()


def test_what_is_kept_is_bounded() -> None:
    """Of an endless value the beginning; of what is wanted all, since it may be copied."""
    long = "v=spf1 " + " ".join(f"ip4:192.0.2.{number}" for number in range(99)) + " -all"
    texts = " ".join(f'"{long[start : start + 200]}"' for start in range(0, len(long), 200))
    endless = {**ZONE, (DOMAIN, "TXT"): (texts,)}
    wanted = replace(SPF, value=long, mechanisms=("ip4:198.51.100.1",))
    seen = toured(serving(endless), records=(wanted,))
    cell = line_of(seen, NS2).cells[2]
    assert (len(cell.text), cell.text[-1]) == (400, "…")
    assert seen.columns[2].wanted == long


def test_optional_records_are_left_out_and_many_are_cut() -> None:
    """The required ones come first."""
    spare = replace(TOKEN, name=f"_o.{DOMAIN}", optional=True)
    wished = replace(TOKEN, name=f"_w.{DOMAIN}", required=False)
    many = tuple(replace(TOKEN, name=f"_{number}.{DOMAIN}") for number in range(30))
    seen = toured(serving(ZONE), records=(spare, wished, *many))
    names = [column.name for column in seen.columns[2:]]
    assert names == [record.name for record in many[:20]]
