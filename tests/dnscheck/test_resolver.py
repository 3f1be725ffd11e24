"""The resolver against real servers: four kinds of answer, no exception, no long wait."""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import pytest

from config.lab.nameserver import NameServer
from config.lab.zones import write_zones
from dnscheck.answers import Answer, Reason, Status
from dnscheck.resolver import Resolver, parse_server
from tests.dnscheck.raw_dns import NAME, Handler, RawDns, answer, rrset

Query = dns.message.Message
SPF = rrset(NAME, "TXT", '"v=spf1 -all"')
SOA = rrset("example.", "SOA", "ns.example. h.example. 1 2 3 4 30", ttl=900)


def resolver(*servers: tuple[str, int], **options: float) -> Resolver:
    """Return a resolver that does not wait long."""
    patience = {"question_seconds": 0.2, "domain_seconds": 3.0, **options}
    return Resolver(servers, **patience)  # type: ignore[arg-type]


def ask(handler: Handler, type: str = "TXT", dribble: float = 0) -> Answer:
    """Ask one question of a server that behaves as the handler says."""
    with RawDns(handler, dribble) as server:
        return asyncio.run(resolver(server.server).ask("Shop.Example.", type))


def denied(query: Query, rcode: int) -> bytes:
    """Return a denial with the SOA that says how long it holds."""
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(dns.rcode.Rcode(rcode))
    response.authority.append(SOA)
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


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (lambda query, tcp: [], Reason.TIMEOUT),
        (lambda query, tcp: [b"\0" * 7], Reason.TIMEOUT),
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


def test_a_long_answer_comes_over_tcp() -> None:
    """What does not fit into UDP is asked for again, and is whole."""
    assert len(ask(truncated(b"")).values) == 99


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


def test_a_referral_is_no_answer() -> None:
    """A server that only points elsewhere knows nothing of the zone."""

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        response = dns.message.make_response(query)
        response.authority.append(rrset("example.", "NS", "ns.elsewhere.example."))
        yield response.to_wire()

    assert ask(handler).reason is Reason.LAME


def test_another_server_is_tried_when_one_fails() -> None:
    """The first one is silent or broken, the second one answers."""
    with (
        RawDns(lambda query, tcp: [answer(query, rcode=dns.rcode.SERVFAIL)]) as bad,
        RawDns(lambda query, tcp: [answer(query, SPF)]) as good,
    ):
        seen = asyncio.run(resolver(bad.server, good.server).ask("shop.example", "TXT"))
    assert seen.texts == ("v=spf1 -all",)


def test_a_question_is_asked_once_in_a_run() -> None:
    """Ten at once and one later are one packet."""
    with RawDns(lambda query, tcp: [answer(query, SPF)]) as server:
        asking = resolver(server.server)

        async def run() -> None:
            await asyncio.gather(*(asking.ask("shop.example", "TXT") for _ in range(10)))
            await asking.ask("SHOP.example.", "TXT")

        asyncio.run(run())
        assert (server.queries, asking.questions) == (1, 1)


def test_a_run_has_a_deadline_for_all_its_questions() -> None:
    """After it nothing more is asked, and that is unknown as well."""
    with RawDns(lambda query, tcp: []) as server:
        asking = resolver(server.server, question_seconds=0.2, domain_seconds=0.3)

        async def run() -> list[Answer]:
            return [await asking.ask(f"n{number}.example", "TXT") for number in range(20)]

        began = time.monotonic()
        seen = asyncio.run(run())
    assert {a.status for a in seen} == {Status.UNKNOWN}
    assert seen[-1].reason is Reason.BUDGET
    assert time.monotonic() - began < 2


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


def test_bogus_is_told_from_a_broken_server_and_authorities_are_found(tmp_path: Path) -> None:
    """The lab's zones: SERVFAIL that vanishes with CD is DNSSEC; NS lead to the zone's servers."""
    write_zones(tmp_path)
    with NameServer(tmp_path) as lab:
        asking = resolver(("127.0.0.1", lab.port))

        async def run() -> tuple[Answer, Answer, Resolver | None]:
            bogus = await asking.ask("bogus.example", "TXT")
            broken = await asking.ask("servfail.example", "TXT")
            return bogus, broken, await asking.authorities("_dmarc.good-elastx.example")

        bogus, broken, authorities = asyncio.run(run())
        assert (bogus.reason, broken.reason) == (Reason.BOGUS, Reason.SERVFAIL)
        assert authorities is not None
        direct = asyncio.run(authorities.ask("_dmarc.good-elastx.example", "TXT"))
    assert direct.texts == ("v=DMARC1; p=none",)


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


def test_a_run_asks_a_bounded_number_of_questions() -> None:
    """Thousands of names end in unknown, with few of them on their way at a time."""
    with RawDns(lambda query, tcp: [denied(query, dns.rcode.NXDOMAIN)]) as server:
        asking = resolver(server.server, domain_seconds=10)

        async def run() -> list[Answer]:
            names = (f"n{number}.example" for number in range(450))
            return list(await asyncio.gather(*(asking.ask(name, "TXT") for name in names)))

        seen = asyncio.run(run())
    assert [a.reason for a in seen].count(Reason.BUDGET) == 50


def test_an_answer_of_too_many_records_is_unknown() -> None:
    """A part of a set would make what was left out look missing."""
    many = rrset(NAME, "TXT", *(f'"{number}"' for number in range(600)))

    def handler(query: Query, tcp: bool) -> Iterable[bytes]:
        yield answer(query, many) if tcp else answer(query, flags=dns.flags.TC)

    assert ask(handler).reason is Reason.TRUNCATED


def test_a_lapsed_registration_is_confirmed_at_the_level_above(tmp_path: Path) -> None:
    """When the whole domain is gone, the top level's servers say so."""
    soa = "@ SOA ns1.lab.example. h.lab.example. 1 2 3 4 5\n@ NS ns1.lab.example.\n"
    (tmp_path / "example.zone").write_text(f"; the top level\n$TTL 60\n{soa}")
    (tmp_path / "lab.example.zone").write_text(f"; lab\n$TTL 60\n{soa}ns1 A 127.0.0.1\n")
    with NameServer(tmp_path) as lab:

        async def run() -> Answer:
            above = await resolver(("127.0.0.1", lab.port)).authorities("lapsed.example")
            assert above is not None
            return await above.ask("_dmarc.lapsed.example", "TXT")

        assert asyncio.run(run()).status is Status.NO_NAME
