"""What a server may send, octet by octet: whatever it is, there is an answer, and soon."""

import asyncio
import struct
from collections.abc import Iterable

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dnscheck.answers import Answer, Reason, Status
from dnscheck.resolver import Resolver
from dnscheck.resolver.exchange import until
from dnscheck.resolver.reading import Question, read
from tests.dnscheck.raw_dns import NAME, Query, RawDns, answer, ask, rrset

SERVER = ("192.0.2.1", 53)
QUESTION = Question("shop.example", "TXT")
QUERY = QUESTION.message()
ASKED = QUERY.to_wire()[12:30]  # the question, as every reply repeats it
POINTER = b"\xc0\x0c"  # to the name asked for


def message(*records: bytes, asked: bytes = ASKED, count: int | None = None) -> bytes:
    """Return a resolver's reply with these records in its answer, right or wrong."""
    number = len(records) if count is None else count
    return struct.pack("!HHHHHH", QUERY.id, 0x8180, 1, number, 0, 0) + asked + b"".join(records)


def record(type: str, data: bytes, name: bytes = POINTER, ttl: int = 60) -> bytes:
    """Return a record of this type with this data."""
    number = dns.rdatatype.from_text(type)
    return name + struct.pack("!HHIH", number, 1, ttl, len(data)) + data


def txt(data: bytes, name: bytes = POINTER, ttl: int = 60) -> bytes:
    """Return a TXT record with this data."""
    return record("TXT", data, name, ttl)


def heard(octets: bytes) -> Answer | None:
    """Read what a server sent."""
    return read(octets, QUERY, QUESTION, SERVER)


def as_sent() -> bytes:
    """Return a reply of many kinds of records, for octets of it to be changed."""
    response = dns.message.make_response(QUERY, recursion_available=True)
    response.answer += [
        rrset(NAME, "TXT", '"v=spf1 -all" "\\255\\000"'),
        rrset(NAME, "CNAME", "there.example."),
        rrset(NAME, "MX", "10 mail.example."),
        rrset(NAME, "RRSIG", "TXT 8 2 60 20200101000000 20190101000000 1 example. AAAA"),
    ]
    response.authority += [
        rrset("example.", "SOA", "ns.example. h.example. 1 2 3 4 5"),
        rrset("example.", "NS", "ns.example.", "ns.elsewhere.example."),
    ]
    response.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS, "why")])
    return response.to_wire()


AS_SENT = as_sent()


@settings(max_examples=200, deadline=None)
@given(octets=st.binary(max_size=300), flags=st.integers(0, 0xFFFF))
def test_any_octets_are_read(octets: bytes, flags: int) -> None:
    """Nothing raises, also behind a head that fits the question."""
    for reply in (octets, struct.pack("!HH", QUERY.id, flags) + octets, message(octets, count=1)):
        seen = heard(reply)
        assert seen is None or seen.definitive == (seen.reason is None)


@settings(max_examples=80, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(2, 300), st.integers(0, 255)), max_size=8))
def test_a_damaged_reply_is_read(changes: list[tuple[int, int]]) -> None:
    """No change to a right reply makes reading it raise."""
    octets = bytearray(AS_SENT)
    for place, octet in changes:
        octets[place % len(octets)] = octet
    octets[:2] = QUERY.id.to_bytes(2, "big")
    seen = heard(bytes(octets))
    assert seen is None or seen.definitive == (seen.reason is None)


@settings(max_examples=15, deadline=None)
@given(octets=st.binary(max_size=100))
def test_any_octets_on_the_wire_end_in_an_answer(octets: bytes) -> None:
    """The one who asks always gets an answer, over UDP and over TCP."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        yield query.id.to_bytes(2, "big") + octets
        if not tcp:
            yield answer(query, flags=dns.flags.TC)

    with RawDns(handler) as server:
        asking = Resolver([server.server], question_seconds=1)
        seen = asyncio.run(asking.ask("shop.example", "TXT"))
    assert (seen.name, seen.definitive) == ("shop.example", False)


def repeated(record: bytes, times: int) -> bytes:
    """Return a reply that repeats a record, each time with another number in its text."""
    return message(*(record.replace(b"0000", b"%04d" % number) for number in range(times)))


UNREADABLE = Status.UNKNOWN, Reason.MALFORMED
LONG_NAME = b"\x01a" * 126 + b"\0"


@pytest.mark.parametrize(
    ("octets", "status", "reason", "values"),
    [
        pytest.param(message(), Status.NO_RECORD, None, 0, id="nothing at all"),
        pytest.param(message(txt(b"\1x")), Status.FOUND, None, 1, id="a record"),
        pytest.param(message(txt(b"")), Status.UNKNOWN, Reason.MALFORMED, 0, id="no string"),
        pytest.param(message(txt(b"\5x")), Status.UNKNOWN, Reason.MALFORMED, 0, id="cut string"),
        pytest.param(
            message(txt(b"\1x", name=b"\xc0\x1e")),
            Status.UNKNOWN,
            Reason.MALFORMED,
            0,
            id="a name that is a pointer to itself",
        ),
        pytest.param(
            message(txt(b"\1x"), count=2), Status.UNKNOWN, Reason.MALFORMED, 0, id="one too few"
        ),
        pytest.param(
            message(txt((b"\xff" + b"y" * 255) * 240)), Status.FOUND, None, 1, id="60 kB of text"
        ),
        pytest.param(repeated(txt(b"\x040000"), 250), Status.FOUND, None, 250, id="250 records"),
        pytest.param(
            repeated(txt(b"\x040000"), 251), Status.UNKNOWN, Reason.TRUNCATED, 0, id="one more"
        ),
        pytest.param(
            message(txt(b"\1x", name=LONG_NAME), *[txt(b"\1x", name=b"\xc0\x1e")] * 290),
            Status.UNKNOWN,
            Reason.MALFORMED,
            0,
            id="names that are long to unpack",
        ),
        pytest.param(
            message(count=60_000), Status.UNKNOWN, Reason.TRUNCATED, 0, id="more than is read"
        ),
    ],
)
def test_tricks_of_the_wire(
    octets: bytes, status: Status, reason: Reason | None, values: int
) -> None:
    """Each ends in one bounded answer; what is not whole says nothing about the zone."""
    seen = heard(octets)
    assert seen is not None
    assert (seen.status, seen.reason, len(seen.values)) == (status, reason, values)


OTHER, TREE, TARGET = b"\x05other\xc0\x11", b"\xc0\x11", b"\x04goal\xc0\x11"  # c011: example
ALIAS = record("CNAME", TARGET)
WHOLE = record("DNAME", b"\x04goal\x04test\0", name=TREE)  # RFC 6672: what is below is elsewhere


@pytest.mark.parametrize("flags", [0x8180, 0x8580, 0x8400], ids=["RA", "AA RA", "AA"])
@pytest.mark.parametrize(
    ("records", "status", "reason"),
    [
        pytest.param((), Status.NO_RECORD, None, id="empty"),
        pytest.param((txt(b"\1x", name=OTHER),), *UNREADABLE, id="another name"),
        pytest.param((record("A", b"\1\2\3\4"),), *UNREADABLE, id="another type"),
        pytest.param((record("CNAME", TARGET, name=OTHER),), *UNREADABLE, id="another alias"),
        pytest.param((WHOLE,), *UNREADABLE, id="a DNAME without the alias"),
        pytest.param((ALIAS,), Status.NO_RECORD, None, id="an alias"),
        pytest.param((ALIAS, txt(b"\1x", name=OTHER)), Status.NO_RECORD, None, id="and more"),
        pytest.param((ALIAS, txt(b"\1x", name=TARGET)), Status.FOUND, None, id="its target"),
        pytest.param((WHOLE, ALIAS), Status.NO_RECORD, None, id="a DNAME"),
    ],
)
def test_an_answer_about_something_else_is_no_denial(
    records: tuple[bytes, ...], flags: int, status: Status, reason: Reason | None
) -> None:
    """Only what says nothing at all, or where an alias leads, denies a record (RFC 2308)."""
    octets = message(*records)
    seen = heard(octets[:2] + flags.to_bytes(2, "big") + octets[4:])
    assert seen is not None
    assert (seen.status, seen.reason) == (status, reason)


def test_a_time_beyond_all_times_is_none() -> None:
    """What does not fit into 31 bits is no time to keep anything (RFC 2181 section 8)."""
    seen = heard(message(txt(b"\1x", ttl=1 << 31)))
    assert seen is not None
    assert seen.ttl == 0


def test_a_reply_to_another_question_is_no_reply() -> None:
    """Nor is one with another id, or a query in place of a reply."""
    other = dns.name.from_text("evil.example.").to_wire() or b""
    assert heard(message(txt(b"\1x"), asked=other + ASKED[-4:])) is None
    assert heard(b"\0\0" + message(txt(b"\1x"))[2:]) is None
    assert heard(QUERY.to_wire()) is None


@pytest.mark.parametrize("tcp_octets", [b"", b"\0", b"\0" * 12])
def test_garbage_over_tcp_is_no_answer(tcp_octets: bytes) -> None:
    """A server that answers only in part leaves the question open."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        yield tcp_octets if tcp else answer(query, flags=dns.flags.TC)

    assert ask(handler).reason is Reason.TRUNCATED


def test_nothing_is_read_when_the_time_is_up() -> None:
    """Reading costs time as well: what waits while the machine is busy cannot prolong a run."""
    now = [10.0]
    hear = until(12.0, lambda: now[0], QUERY, QUESTION, SERVER)
    in_time = hear(message(txt(b"\1x")))
    assert in_time is not None
    assert in_time.texts == ("x",)
    now[0] = 12.0
    assert hear(message(txt(b"\1x"))) is None
