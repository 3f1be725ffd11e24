"""The resolver against real servers: four kinds of answer, no exception, no long wait."""

import asyncio
import time
from collections.abc import Callable, Iterable

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import pytest

from dnscheck.answers import Reason, Status
from dnscheck.resolver import parse_server
from tests.dnscheck.raw_dns import (
    NAME,
    Handler,
    Query,
    RawDns,
    answer,
    ask,
    denied,
    resolver,
    rrset,
)

SPF = rrset(NAME, "TXT", '"v=spf1 -all"')
ELSEWHERE = rrset("example.", "NS", "ns.elsewhere.example.")


def empty(query: Query, *authority: dns.rrset.RRset, flags: int = 0) -> bytes:
    """Return an answer without an answer."""
    response = dns.message.make_response(query)
    response.flags |= flags
    response.authority.extend(authority)
    return response.to_wire()


def truncated(then: bytes | None) -> Handler:
    """Return a server whose answer does not fit into UDP."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if not tcp:
            yield answer(query, flags=dns.flags.TC)
        elif then is not None:
            yield answer(query, rrset(NAME, "TXT", *(f'"{n}{"x" * 200}"' for n in range(99))))

    return handler


def test_found() -> None:
    """Values are joined strings; name, server and TTL are told."""
    split = rrset(NAME, "TXT", '"v=spf1 include:a.example" " -all"')
    seen = ask(lambda query, tcp: [answer(query, split)])
    assert (seen.status, seen.texts, seen.ttl) == (
        Status.FOUND,
        ("v=spf1 include:a.example -all",),
        60,
    )
    assert seen.values[0].strings == ("v=spf1 include:a.example", " -all")
    assert seen.server.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("rcode", "status"),
    [(dns.rcode.NXDOMAIN, Status.NO_NAME), (dns.rcode.NOERROR, Status.NO_RECORD)],
)
def test_two_kinds_of_absence_with_the_time_they_hold(rcode: int, status: Status) -> None:
    """NXDOMAIN and NODATA differ; both hold for the smaller of SOA TTL and minimum."""
    seen = ask(lambda query, tcp: [denied(query, rcode)])
    assert (seen.status, seen.ttl, seen.reason) == (status, 30, None)
    assert (seen.zone, seen.minimum) == ("example", 30)


def test_an_answer_tells_how_it_came_about() -> None:
    """The code in a word, the flags, and the server; a secure answer must be asked for."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        yield answer(query, SPF, flags=query.flags & dns.flags.AD)

    seen = ask(handler)
    assert (seen.rcode, seen.flags) == ("NOERROR", ("AD",))
    refused = ask(lambda query, tcp: [answer(query, rcode=dns.rcode.REFUSED, flags=dns.flags.AA)])
    assert (refused.rcode, refused.flags) == ("REFUSED", ("AA",))
    assert refused.server.startswith("127.0.0.1:")
    assert ask(lambda query, tcp: [], tries=1).rcode == ""


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (lambda query, tcp: [answer(query)[:20]], Reason.MALFORMED),
        (lambda query, tcp: [answer(query, SPF, rcode=dns.rcode.NXDOMAIN)], Reason.MALFORMED),
        (lambda query, tcp: [answer(query, rcode=dns.rcode.SERVFAIL)], Reason.SERVFAIL),
        (lambda query, tcp: [answer(query, rcode=dns.rcode.REFUSED)], Reason.REFUSED),
        (lambda query, tcp: [answer(query, rcode=dns.rcode.FORMERR)], Reason.MALFORMED),
        (lambda query, tcp: [answer(query, rcode=dns.rcode.NOTIMP)], Reason.MALFORMED),
        (truncated(None), Reason.TRUNCATED),
        (
            lambda query, tcp: [
                answer(
                    query,
                    rrset(NAME, "CNAME", "b.example."),
                    rrset("b.example.", "CNAME", NAME),
                )
            ],
            Reason.LOOP,
        ),
    ],
)
def test_what_is_no_answer_is_unknown(handler: Handler, reason: Reason) -> None:
    """Silence, failure, refusal, garbage, half answers and circles say nothing about the zone."""
    seen = ask(handler)
    assert (seen.status, seen.reason) == (Status.UNKNOWN, reason)
    assert seen.values == ()


@pytest.mark.parametrize("octets", [b"", b"\0" * 7, b"\0" * 40])
def test_silence_and_what_is_no_reply_are_the_same(octets: bytes) -> None:
    """What does not belong to the question is passed over until the time is up."""
    seen = ask(lambda query, tcp: [octets], tries=1)
    assert (seen.status, seen.reason, seen.values) == (Status.UNKNOWN, Reason.TIMEOUT, ())


def test_a_long_answer_comes_over_tcp() -> None:
    """What does not fit into UDP is asked for again, and is whole; the TC flag tells of it."""
    seen = ask(truncated(b""))
    assert (len(seen.values), seen.flags) == (99, ("TC",))


def test_a_server_that_dribbles_over_tcp_ends_in_time() -> None:
    """One octet now and then does not hold the run."""
    began = time.monotonic()
    seen = ask(truncated(b""), dribble=0.05)
    assert (seen.status, seen.reason) == (Status.UNKNOWN, Reason.TRUNCATED)
    assert time.monotonic() - began < 3


def test_a_forged_answer_is_passed_over() -> None:
    """A wrong id or another question is not the answer; the right one that follows is."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        real = answer(query, SPF)
        yield bytes([real[0] ^ 1]) + real[1:]
        other = dns.message.make_query("evil.example.", "TXT", id=query.id)
        yield answer(other, rrset("evil.example.", "TXT", '"forged"'))
        yield real

    assert ask(handler).texts == ("v=spf1 -all",)


def test_an_answer_for_another_name_is_no_record() -> None:
    """Records that were not asked for do not count."""
    other = rrset("evil.example.", "TXT", '"forged"')
    assert ask(lambda query, tcp: [answer(query, other)]).texts == ()


def test_odd_octets_are_shown_and_do_no_harm() -> None:
    """What cannot be printed is written as octets."""
    odd = rrset(NAME, "TXT", '"\\255\\000\\027[31m<b>"')
    assert ask(lambda query, tcp: [answer(query, odd)]).texts == ("\\xff\\x00\\x1b[31m<b>",)


def test_an_alias_out_of_the_answer_is_followed() -> None:
    """A server that gives only the alias is asked for its target."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if str(query.question[0].name).lower() == NAME:
            yield answer(query, rrset(NAME, "CNAME", "there.example."))
        else:
            yield answer(query, rrset("there.example.", "TXT", '"key"'))

    seen = ask(handler)
    assert (seen.name, seen.texts, seen.chain) == ("shop.example", ("key",), ("there.example",))


def test_an_alias_to_nowhere_is_no_name_with_its_chain() -> None:
    """The missing link is the last of the chain."""
    alias = rrset(NAME, "CNAME", "gone.example.")
    seen = ask(lambda query, tcp: [answer(query, alias, rcode=dns.rcode.NXDOMAIN)])
    assert (seen.status, seen.chain) == (Status.NO_NAME, ("gone.example",))
    found = ask(lambda query, tcp: [answer(query, alias)], "CNAME")
    assert (found.status, found.texts) == (Status.FOUND, ("gone.example",))


def test_mx_values_keep_their_preference() -> None:
    """Host without dot and in lower case, number beside it."""
    seen = ask(lambda query, tcp: [answer(query, rrset(NAME, "MX", "10 Mail.Example."))], "MX")
    assert (seen.values[0].text, seen.values[0].preference) == ("mail.example", 10)


@pytest.mark.parametrize(
    ("reply", "status", "reason"),
    [
        pytest.param(
            lambda query: empty(query, flags=dns.flags.AA), Status.NO_RECORD, None, id="authority"
        ),
        pytest.param(
            lambda query: empty(query, flags=dns.flags.RA), Status.NO_RECORD, None, id="resolver"
        ),
        pytest.param(empty, Status.UNKNOWN, Reason.LAME, id="neither"),
        pytest.param(
            lambda query: empty(query, ELSEWHERE), Status.UNKNOWN, Reason.LAME, id="referral"
        ),
        pytest.param(
            lambda query: empty(query, ELSEWHERE, flags=dns.flags.RA),
            Status.UNKNOWN,
            Reason.LAME,
            id="a resolver that only refers",
        ),
    ],
)
def test_an_empty_answer_counts_by_who_gives_it(
    reply: Callable[[Query], bytes], status: Status, reason: Reason | None
) -> None:
    """Without an SOA record nobody knows how long it holds; who only points elsewhere is lame."""
    seen = ask(lambda query, tcp: [reply(query)])
    assert (seen.status, seen.reason, seen.ttl, seen.minimum) == (status, reason, None, None)


def test_a_server_without_edns_is_asked_without() -> None:
    """An old server says that it cannot read the question, and answers the plain one."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        yield answer(query, SPF) if query.edns < 0 else answer(query, rcode=dns.rcode.FORMERR)

    assert ask(handler).texts == ("v=spf1 -all",)


def test_a_resolver_that_says_why_it_fails_is_believed() -> None:
    """An extended error tells broken signatures without another question (RFC 8914)."""
    expired = dns.edns.EDEOption(dns.edns.EDECode.SIGNATURE_EXPIRED, "example. \x1b")
    servfail = int(dns.rcode.SERVFAIL)
    with RawDns(lambda query, tcp: [denied(query, servfail, expired)]) as server:
        seen = asyncio.run(resolver(server.server).ask("shop.example", "TXT"))
        assert (seen.reason, server.queries) == (Reason.BOGUS, 1)
    assert seen.detail == "7 (Signature Expired): example. \\027"
    other = dns.edns.EDEOption(dns.edns.EDECode.NO_REACHABLE_AUTHORITY)
    plain = ask(lambda query, tcp: [denied(query, servfail, other)])
    assert (plain.reason, plain.detail) == (Reason.SERVFAIL, "22 (No Reachable Authority)")


def test_expired_signatures_are_seen_without_validation() -> None:
    """A resolver that says nothing is asked for the signatures, and they bear their dates."""
    signature = rrset(NAME, "RRSIG", "TXT 8 2 60 20200301000000 20200201000000 1 example. AAAA")

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        if query.flags & dns.flags.CD and query.ednsflags & dns.flags.DO:
            yield answer(query, SPF, signature)
        else:
            yield answer(query, rcode=dns.rcode.SERVFAIL)

    seen = ask(handler)
    assert (seen.reason, seen.detail) == (Reason.BOGUS, "Signature Expired: 2020-03-01")


def test_the_denial_of_a_filter_is_none_of_the_zone() -> None:
    """What a resolver is told to block says nothing about what is published."""
    blocked = dns.edns.EDEOption(dns.edns.EDECode.BLOCKED)
    seen = ask(lambda query, tcp: [denied(query, int(dns.rcode.NXDOMAIN), blocked)])
    assert (seen.status, seen.reason) == (Status.UNKNOWN, Reason.REFUSED)
    assert seen.detail == "15 (Blocked)"


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a." * 130 + "example", "a..b"])
def test_a_name_that_cannot_be_is_not_asked(name: str) -> None:
    """Too long a label or name never reaches a server."""
    with RawDns(lambda query, tcp: [answer(query, SPF)]) as server:
        seen = asyncio.run(resolver(server.server).ask(name, "TXT"))
        assert (seen.reason, server.queries) == (Reason.BAD_NAME, 0)


def test_nobody_to_ask_is_unknown() -> None:
    """A port where nobody listens is no statement about the zone."""
    seen = asyncio.run(resolver(("127.0.0.1", 9)).ask("shop.example", "TXT"))
    assert seen.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("[::1]:53", ("::1", 53)),
        ("::1", ("::1", 53)),
        ("9.9.9.9", ("9.9.9.9", 53)),
    ],
)
def test_a_server_is_an_address_with_or_without_a_port(text: str, server: tuple[str, int]) -> None:
    """Both families, port 53 by default."""
    assert parse_server(text) == server


@pytest.mark.parametrize("text", ["", "ns.example.com", "127.0.0.1:http", "127.0.0.1:0", "1.2.3"])
def test_what_is_no_server_is_refused_with_a_sentence(text: str) -> None:
    """The sentence says how to write it."""
    with pytest.raises(ValueError, match="write ADDRESS"):
        parse_server(text)


def test_an_answer_of_too_many_records_is_unknown() -> None:
    """A part of a set would make what was left out look missing."""
    many = rrset(NAME, "TXT", *(f'"{number}"' for number in range(600)))

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        yield answer(query, many) if tcp else answer(query, flags=dns.flags.TC)

    assert ask(handler).reason is Reason.TRUNCATED
