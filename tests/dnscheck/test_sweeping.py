"""Asking many questions again over UDP: what counts as a reply, re-sends, limits, silence."""

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise

import dns.flags
import dns.message
import pytest

from dnscheck.resolver.reading import Question
from dnscheck.resolver.sweeping import EACH, Outcome, Sweep
from dnscheck.watching import wire
from tests.dnscheck.raw_dns import Handler, Query, RawDns, answer, asked, denied, rrset

SAME, CHANGED, SILENT = Outcome
SPF = "_spf.sender.example"  # what all domains include
GOOD = ('"v=spf1 -all"', '"token"')
Change = Callable[[Query], Sequence[bytes]]


def right(query: Query) -> bytes:
    """Return what was said at the full check."""
    return answer(query, rrset(f"{asked(query)[0]}.", "TXT", *GOOD))


def plans(count: int = 1, *, own: int = 1, shared: int = 0) -> list[tuple[int, bytes]]:
    """Return domains with their own questions, and some that all of them share."""
    found = []
    for key in range(count):
        domain = f"d{key}.example"
        names = [f"n{at}.{domain}" for at in range(own)]
        names += [f"{at}.{SPF}" for at in range(shared)]
        queries = [Question(name, "TXT").message() for name in names]
        found.append(
            (key, wire.pack(domain, [(query.to_wire(), right(query)) for query in queries]))
        )
    return found


def swept(
    handler: Handler, given: Sequence[tuple[int, bytes]] | None = None, **options: float
) -> Mapping[int, Outcome]:
    """Sweep domains against a server that behaves as the handler says."""
    with RawDns(handler) as server:
        return outcomes(sweep(server, **options), given)


def sweep(*servers: RawDns, **options: float) -> Sweep:
    """Return a sweep that does not wait long."""
    patience = {"at_once": 20, "resend_after": 0.1, "patience": 0.8, **options}
    return Sweep([server.server for server in servers], **patience)  # type: ignore[arg-type]


def outcomes(run: Sweep, given: Sequence[tuple[int, bytes]] | None = None) -> Mapping[int, Outcome]:
    """Return what became of each domain, told once."""
    told = [pair for done in run.compare(plans() if given is None else given) for pair in done]
    assert len(dict(told)) == len(told)
    return dict(told)


def txt(query: Query, *values: str, name: str = "", ttl: int = 60) -> bytes:
    """Return a reply with these TXT records."""
    return answer(query, rrset(name or f"{asked(query)[0]}.", "TXT", *values, ttl=ttl))


@pytest.mark.parametrize(
    "reply",
    [
        right,
        lambda query: txt(query, *GOOD, ttl=1),
        lambda query: txt(query, *reversed(GOOD)),
        lambda query: txt(query, *GOOD, name=asked(query)[0].upper() + "."),
        lambda query: right(query).replace(b"n0", b"N0"),
        lambda query: answer(query, rrset(f"{asked(query)[0]}.", "TXT", *GOOD), flags=dns.flags.AD),
    ],
    ids=["octets", "ttl", "order", "owner in capitals", "0x20", "validated"],
)
def test_what_is_said_again_is_the_same(reply: Callable[[Query], bytes]) -> None:
    """TTLs, the order of records and the size of letters make no difference."""
    assert swept(lambda query, tcp: [reply(query)]) == {0: SAME}


@pytest.mark.parametrize(
    "reply",
    [
        lambda query: txt(query, *GOOD, '"more"'),
        lambda query: txt(query, GOOD[0]),
        lambda query: txt(query, GOOD[0], '"Token"'),
        lambda query: denied(query),
        lambda query: denied(query, rcode=3),
        lambda query: answer(query, flags=dns.flags.TC),
        lambda query: right(query) + b"\0",
    ],
    ids=["more", "less", "other", "no record", "no name", "cut", "trailing"],
)
def test_anything_else_is_a_change(reply: Callable[[Query], bytes]) -> None:
    """Also what is cut: the full check finds out what it means."""
    assert swept(lambda query, tcp: [reply(query)]) == {0: CHANGED}


@pytest.mark.parametrize("rcode", [1, 2, 4, 5, 9])
def test_a_failure_says_no_more_than_silence(rcode: int) -> None:
    """Nothing changed as far as anybody knows: the resolver could not tell."""
    assert swept(lambda query, tcp: [denied(query, rcode=rcode)]) == {0: SILENT}


@pytest.mark.parametrize(
    "noise",
    [
        lambda query: bytes([right(query)[0] ^ 255]) + txt(query, '"forged"')[1:],
        lambda query: txt(query, '"forged"').replace(b"n0", b"n9"),
        lambda query: query.to_wire(),
        lambda query: right(query)[:2],
        lambda query: b"",
    ],
    ids=["wrong id", "wrong question", "the query itself", "id alone", "nothing"],
)
def test_what_is_no_reply_is_passed_over(noise: Callable[[Query], bytes]) -> None:
    """The reply behind it counts."""
    assert swept(lambda query, tcp: [noise(query), right(query)]) == {0: SAME}


@contextmanager
def listening(hear: Callable[[socket.socket, bytes, tuple[str, int]], None]) -> Iterator[RawDns]:
    """Serve UDP with what is done for each datagram and whom it is from."""

    class Ears(RawDns):
        def _serve_udp(self) -> None:
            while True:
                try:
                    octets, client = self.udp.recvfrom(65535)
                except OSError:
                    return
                if not client:
                    return
                hear(self.udp, octets, client)

    with Ears(lambda query, tcp: []) as server:
        yield server


def test_a_reply_from_somebody_else_is_not_heard() -> None:
    """Even one with the right id and question, sent from another port before the server's own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:

        def hear(here: socket.socket, octets: bytes, client: tuple[str, int]) -> None:
            query = dns.message.from_wire(octets)
            other.sendto(txt(query, '"forged"'), client)
            here.sendto(right(query), client)

        with listening(hear) as server:
            assert outcomes(sweep(server)) == {0: SAME}


def test_replies_that_come_twice_count_once() -> None:
    """Every domain is told of once, and none by the reply of another."""
    given = plans(30, own=3, shared=2)
    assert swept(lambda query, tcp: [right(query)] * 3, given) == dict.fromkeys(range(30), SAME)


def test_what_is_lost_is_sent_again() -> None:
    """The first datagram of each question gets lost, and so does every second reply."""
    seen = Counter[str]()

    def handler(query: Query, tcp: bool) -> list[bytes]:
        seen[asked(query)[0]] += 1
        return [right(query)] * (seen[asked(query)[0]] > 1)

    assert swept(handler, plans(5, own=2)) == dict.fromkeys(range(5), SAME)
    assert set(seen.values()) == {2}


def test_silence_is_told_from_a_change() -> None:
    """One domain is silent, another one silent and changed, the others go on."""

    def handler(query: Query, tcp: bool) -> list[bytes]:
        name = asked(query)[0]
        if name in ("n0.d1.example", "n0.d2.example"):
            return []
        return [denied(query)] if name.endswith("d2.example") else [right(query)]

    given = plans(4, own=2)
    assert swept(handler, given) == {0: SAME, 1: SILENT, 2: CHANGED, 3: SAME}


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (lambda query: [right(query)], SAME),
        (lambda query: [denied(query)], CHANGED),
        (lambda query: [], SILENT),
    ],
    ids=["same", "changed", "silent"],
)
def test_what_domains_share_is_asked_once(reply: Change, outcome: Outcome) -> None:
    """Three includes of forty domains make three questions, and count for all forty."""
    seen = Counter[str]()

    def handler(query: Query, tcp: bool) -> Sequence[bytes]:
        name = asked(query)[0]
        seen[name] += name.startswith("1.")
        return reply(query) if name.startswith("1.") else [right(query)]

    patience = 0.1 if outcome is SILENT else 0.8  # shorter than it takes to ask again, or ample
    assert swept(handler, plans(40, shared=3), patience=patience) == dict.fromkeys(
        range(40), outcome
    )
    assert seen.total() == 1


def test_domains_may_remember_a_shared_question_in_another_way() -> None:
    """Only those that were told something else before have changed."""
    query = Question(SPF, "TXT").message()
    before = [right(query), txt(query, '"v=spf1 ?all"'), right(query)]
    given = [
        (key, wire.pack(f"d{key}.example", [(query.to_wire(), reply)]))
        for key, reply in enumerate(before)
    ]
    run: Mapping[int, Outcome] = swept(lambda query, tcp: [right(query)], given)
    assert run == {0: SAME, 1: CHANGED, 2: SAME}


def test_few_questions_are_on_their_way() -> None:
    """At most 150 at a socket, each socket at a port of its own, and ids that tell nothing."""
    heard: list[tuple[int, bytes]] = []
    server = listening(lambda _, octets, client: heard.append((client[1], octets[:2])))
    with server as ears:
        outcomes(sweep(ears, at_once=400, resend_after=0.3, patience=0.2), plans(90, own=5))
    ports = Counter(port for port, _ in heard)
    assert len(ports) == 3
    assert EACH >= max(ports.values()) > 50  # the server itself may lose some of them
    ids = [int.from_bytes(id, "big") for _, id in heard]
    steps = Counter(second - first for first, second in pairwise(ids))
    assert max(steps.values()) < 5


def test_a_server_that_says_nothing_at_all_is_left_alone() -> None:
    """What is on its way is given up, and nothing more is asked."""
    given = iter(plans(400))
    with RawDns(lambda query, tcp: []) as server:
        run = sweep(server, at_once=7)
        told = dict(pair for done in run.compare(given) for pair in done)
    assert run.is_deaf
    assert run.questions == 7
    assert set(told.values()) == {SILENT}
    assert len(list(given)) == 400 - len(told) > 200


def test_nobody_listening_is_silence() -> None:
    """A port that is closed ends the run as a silent server does."""
    with RawDns(lambda query, tcp: []) as server:
        run = sweep(server)
    assert (outcomes(run), run.is_deaf) == ({0: SILENT}, True)


def test_the_next_server_is_asked_what_the_first_left_open() -> None:
    """A resolver that is down delays, and changes nothing."""
    silent: Handler = lambda query, tcp: []  # noqa: E731
    with RawDns(silent) as first, RawDns(lambda query, tcp: [right(query)]) as second:
        run = sweep(first, second, patience=1.0)
        assert outcomes(run, plans(30, own=2)) == dict.fromkeys(range(30), SAME)


def test_a_resolver_of_others_is_not_flooded() -> None:
    """More than the allowance is not sent, however much there is room for."""
    began = time.monotonic()
    told = swept(lambda query, tcp: [right(query)], plans(100), per_second=300)
    assert told == dict.fromkeys(range(100), SAME)
    # What is allowed in a tenth of a second may go at once.
    assert time.monotonic() - began >= (100 - 30) / 300


def test_a_server_to_which_there_is_no_way_is_left_out() -> None:
    """An address of a kind this host cannot dial ends no sweep; without any other it is deaf."""
    nowhere = ("::1%none", 53)
    with RawDns(lambda query, tcp: [right(query)]) as server:
        run = Sweep([nowhere, server.server], at_once=5, resend_after=0.1, patience=0.3)
        assert outcomes(run) == {0: SAME}
    run = Sweep([nowhere], at_once=5)
    assert (outcomes(run), run.is_deaf) == ({}, True)
