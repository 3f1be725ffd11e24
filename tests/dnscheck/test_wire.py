"""Comparing replies as octets, with dnspython as the judge of what they say."""

import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dnscheck.resolver.reading import Question, read
from dnscheck.watching import wire
from tests.dnscheck.raw_dns import answer, denied, rrset

QUESTION = Question("shop.example", "TXT")
QUERY = QUESTION.message()
ASKED = QUERY.to_wire()
SERVER = ("127.0.0.1", 53)
OWNERS = ["shop.example.", "SHOP.Example.", "key.example.net.", "other.example."]
DATA = {
    "TXT": ['"v=spf1 -all"', '"v=spf1 " "-all"', '"V=SPF1 -all"', '"token"', '""'],
    "CNAME": ["key.example.net.", "KEY.example.NET.", "other.example."],
    "MX": ["10 mx.example.", "20 mx.example.", "10 MX.example."],
    "A": ["192.0.2.1", "192.0.2.2"],
    "NS": ["ns.example.", "ns.example.net."],
    "SRV": ["0 0 443 shop.example."],
}

kinds = st.sampled_from(sorted(DATA))
rrsets = kinds.flatmap(
    lambda kind: st.builds(
        lambda owner, values, ttl: rrset(owner, kind, *values, ttl=ttl),
        st.sampled_from(OWNERS),
        st.lists(st.sampled_from(DATA[kind]), min_size=1, max_size=3, unique=True),
        st.integers(0, 2**31 - 1),
    )
)
soas = st.builds(
    lambda zone, serial: rrset(zone, "SOA", f"ns.example. h.example. {serial} 2 3 4 5"),
    st.sampled_from(["example.", "net."]),
    st.integers(1, 9),
)


@st.composite
def replies(draw: st.DrawFn, records: Sequence[dns.rrset.RRset] = ()) -> dns.message.Message:
    """Return any reply to the question, right or odd, of these records or any others."""
    reply = dns.message.make_response(QUERY, recursion_available=draw(st.booleans()))
    sets = st.sampled_from(records) if records else rrsets
    reply.answer = draw(st.lists(sets, max_size=3, unique_by=id))
    reply.authority = draw(st.lists(st.one_of(soas, rrsets), max_size=1))
    reply.set_rcode(dns.rcode.Rcode(draw(st.sampled_from([0, 0, 0, 3, 2, 5]))))
    reply.flags |= draw(st.sampled_from([0, 0, dns.flags.AA, dns.flags.AD, dns.flags.TC]))
    return reply


def octets(message: dns.message.Message, order: Sequence[int] = (), *, small: bool = True) -> bytes:
    """Return a message; with `small` false each name in full, its answers in any order."""
    if small:
        return message.to_wire(max_size=65535)
    file = io.BytesIO(message.to_wire(max_size=65535)[:12])
    file.seek(12)
    for question in message.question:
        file.write(question.name.to_wire() or b"")
        file.write(struct.pack("!HH", question.rdtype, question.rdclass))
    answers = sorted(message.answer, key=lambda each: hash((str(each.name), order)))
    for section in (answers, message.authority):
        for each in section:
            each.to_wire(file, want_shuffle=bool(order))
    counts = [len(message.question), *(sum(map(len, s)) for s in (answers, message.authority)), 0]
    file.seek(4)
    file.write(struct.pack("!HHHH", *counts))
    return file.getvalue()


def said(reply: bytes) -> object:
    """Return what dnspython reads in a reply, without times and the order of records."""
    told = read(struct.pack("!H", QUERY.id) + reply[2:], QUERY, QUESTION, SERVER)
    assert told is not None
    values = sorted(map(repr, told.values))
    return told.status, told.reason, values, told.chain, told.zone if told.chain else ""


pairs = st.lists(rrsets, min_size=1, max_size=2).flatmap(
    lambda records: st.tuples(replies(records), replies(records))
)


@given(pairs)
def test_replies_of_one_meaning_are_read_alike(
    pair: tuple[dns.message.Message, dns.message.Message],
) -> None:
    """Whatever two replies are called the same, dnspython reads the same in them."""
    one, two = map(octets, pair)
    if wire.meaning(one) and wire.meaning(one) == wire.meaning(two):
        assert said(one) == said(two)


@given(replies(), st.integers(0, 2**31 - 1), st.lists(st.integers(), max_size=3))
def test_ttl_order_compression_and_letters_do_not_count(
    message: dns.message.Message, ttl: int, order: list[int]
) -> None:
    """The same records in another guise have the same meaning, as long as it is usual at all."""
    first = octets(message)
    assume(wire.meaning(first))
    for each in (*message.answer, *message.authority):
        each.ttl = ttl
    assert wire.meaning(octets(message, tuple(order), small=False)) == wire.meaning(first)
    assert wire.meaning(octets(message)) == wire.meaning(first)


@given(replies(), st.integers(0, 2**31 - 1), st.integers(0, 65535))
def test_the_digest_leaves_out_id_and_ttl_alone(
    message: dns.message.Message, ttl: int, id: int
) -> None:
    """Other TTLs and another id change nothing; any other octet does."""
    first = octets(message, small=False)
    shape = wire.shape_of(first)
    digest = wire.digest(first, shape)
    for each in (*message.answer, *message.authority):
        each.ttl = ttl
    message.id = id
    second = octets(message, small=False)
    assert digest
    assert wire.digest(second, shape) == digest
    _, *places = struct.unpack(f"!{len(shape) // 2}H", shape)
    free = {0, 1, *(place + step for place in places for step in range(4))}
    for at in set(range(len(first))) - free:
        other = first[:at] + bytes([first[at] ^ 1]) + first[at + 1 :]
        assert wire.digest(other, shape) != digest
    assert wire.digest(first + b"\0", shape) != digest


@given(st.binary(max_size=80), st.binary(max_size=40))
def test_no_octets_raise(garbage: bytes, tail: bytes) -> None:
    """Garbage, alone or behind a good beginning, means nothing and answers nothing."""
    for reply in (garbage, octets(dns.message.make_response(QUERY))[:40] + tail):
        assert isinstance(wire.meaning(reply), bytes)
        assert wire.is_reply(reply, ASKED[2:]) in (True, False)


@pytest.mark.parametrize(
    ("change", "is_ours"),
    [
        (lambda reply: reply, True),
        (lambda reply: reply.replace(b"shop", b"ShOp"), True),
        (lambda reply: reply.replace(b"shop", b"shoq"), False),
        (lambda reply: reply[:2] + b"\x01\x20" + reply[4:], False),
        (lambda reply: reply[:4] + b"\0\2" + reply[6:], False),
        (lambda reply: reply[:20], False),
    ],
    ids=["as it is", "0x20", "other name", "a query", "two questions", "short"],
)
def test_a_reply_belongs_to_its_question(change: Callable[[bytes], bytes], is_ours: bool) -> None:
    """It has one question, the one that was asked, in letters of either size."""
    reply = answer(QUERY, rrset("shop.example.", "TXT", '"a"'))
    assert wire.is_reply(change(reply), ASKED[2:]) is is_ours


def exchange(name: str, reply: bytes = b"", type: str = "TXT") -> wire.Exchange:
    """Return a question and a reply to it, with a TXT record if no other is given."""
    query = replace(QUESTION, name=name, type=type).message()
    return query.to_wire(), reply or answer(query, rrset(f"{name}.", type, '"a"'))


def test_what_is_packed_comes_out_again() -> None:
    """Questions inside of the domain stand apart from those of others, whatever their order."""
    inside, outside = exchange("_dmarc.shop.example"), exchange("_spf.myshop.example")
    kept = wire.pack("shop.example", [inside, outside, inside])
    assert kept == wire.pack("shop.example", [outside, inside])
    for part, (question, reply) in zip(wire.parts(kept), (outside, inside), strict=True):
        [(asked, shape, digest, meaning, owner)] = wire.entries(part, "me")
        assert (asked, owner) == (question[2:], "me")
        assert digest == wire.digest(reply, shape)
        assert meaning == wire.meaning(reply)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        denied(QUERY, rcode=2),
        answer(QUERY, flags=dns.flags.TC),
        answer(QUERY, *(rrset("shop.example.", "CNAME", to) for to in ("a.b.", "b.b."))),
        answer(QUERY, rrset("shop.example.", "TXT", '"a"')) + b"\0",
    ],
    ids=["none", "failure", "cut", "two aliases", "trailing"],
)
def test_what_is_unusual_is_never_compared(reply: bytes) -> None:
    """One such reply, and nothing is kept of the domain."""
    good = exchange("www.shop.example")
    assert wire.pack("shop.example", [good])
    assert wire.pack("shop.example", [good, (ASKED, reply)]) == b""
    assert wire.pack("shop.example", []) == b""
