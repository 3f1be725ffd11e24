"""The quick reader of replies, with the careful one as its judge."""

import dataclasses
from collections.abc import Callable

import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Status
from dnscheck.resolver import plain
from dnscheck.resolver.pool import AHEAD, COUNTS, EDNS
from dnscheck.resolver.reading import Question, read
from tests.dnscheck.raw_dns import answer, denied, rrset, told
from tests.dnscheck.test_wire import ASKED, QUERY, QUESTION, SERVER, replies

SHOWN = "127.0.0.1:53"


def quickly(octets: bytes, question: Question = QUESTION) -> object:
    """Return what the quick reader says."""
    return plain.read(
        octets, ASKED, question.name, question.type, recursive=question.recursive, server=SHOWN
    )


@given(replies(), st.booleans())
def test_it_says_what_the_careful_one_says(reply: dns.message.Message, recursive: bool) -> None:
    """Of any reply, right or odd, or it says nothing."""
    octets = reply.to_wire()
    question = dataclasses.replace(QUESTION, recursive=recursive)
    assert quickly(octets, question) in (None, read(octets, QUERY, question, SERVER))


@given(replies(), st.lists(st.tuples(st.integers(2, 600), st.integers(0, 255)), max_size=4))
def test_octets_that_are_broken_fool_nobody(
    reply: dns.message.Message, changes: list[tuple[int, int]]
) -> None:
    """Whatever becomes of a reply on its way, it raises nothing and invents nothing."""
    octets = bytearray(reply.to_wire())
    for place, octet in changes:
        octets[place % len(octets)] = octet
    octets[:2] = ASKED[:2]
    assert quickly(bytes(octets)) in (None, read(bytes(octets), QUERY, QUESTION, SERVER))


@given(st.binary(max_size=200))
def test_garbage_says_nothing(octets: bytes) -> None:
    """No octets raise."""
    assert quickly(octets) is None


KINDS = {
    "TXT": ('"v=spf1 " "-all"', '"token"'),
    "MX": ("10 MX.example.", "20 mx2.example."),
    "A": ("192.0.2.1", "192.0.2.2"),
    "AAAA": ("2001:db8::1", "2001:db8:0:1::"),
    "NS": ("NS.example.", "ns2.example."),
    "CNAME": ("Target.example.",),
    "SOA": ("NS.example. Host.example. 1 2 3 4 5",),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_usual_is_read(kind: str) -> None:
    """Every type that checks ask for, found, denied, and behind an alias."""
    question = Question("shop.example", kind)
    query = question.message()
    found = rrset("shop.example.", kind, *KINDS[kind])
    alias = rrset("shop.example.", "CNAME", "key.example.net.")
    behind = rrset("key.example.net.", kind, *KINDS[kind])
    usual = [answer(query, found), denied(query), denied(query, 3)]
    usual += [answer(query, alias, behind)] if kind != "CNAME" else []
    for octets in usual:
        said = quickly(octets, question)
        assert said is not None
        assert said == read(octets, query, question, SERVER)


UNUSUAL: dict[str, Callable[[dns.message.Message], bytes]] = {
    "a failure": lambda query: denied(query, 2),
    "another type beside it": lambda query: answer(
        query, rrset("shop.example.", "SRV", "0 0 443 a.example.")
    ),
    "a letter beyond ASCII": lambda query: answer(query, rrset("shop.example.", "TXT", '"\\195"')),
    "a name with a blank": lambda query: answer(
        query, rrset("shop.example.", "CNAME", "a\\032b.example.")
    ),
    "another question": lambda _: told(Question("else.example", "TXT").message(), {}),
}


@pytest.mark.parametrize("about", UNUSUAL)
def test_the_unusual_is_left_to_the_careful_one(about: str) -> None:
    """It says nothing of what it does not know."""
    assert quickly(UNUSUAL[about](QUERY)) is None


@pytest.mark.parametrize("recursive", [True, False])
def test_a_question_is_sent_as_any_resolver_sends_it(recursive: bool) -> None:
    """The octets are those of the library."""
    question = Question("mail._domainkey.shop.example", "TXT", recursive=recursive)
    octets = plain.question(question.name, question.type)
    sent = AHEAD[recursive] + COUNTS + octets + EDNS
    assert sent == question.message().to_wire()[2:]


@pytest.mark.parametrize("name", ["", "a..b", "a b.example", "x" * 64, "é.example", "a." * 130])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    """Such a name is left to those who can tell what is wrong with it."""
    with pytest.raises(ValueError, match=r".*"):
        plain.question(name, "TXT")


def test_a_reply_says_where_it_is_from() -> None:
    """The messages themselves are kept, for a verdict may rest on them."""
    octets = answer(QUERY, rrset("shop.example.", "TXT", '"token"'))
    said = plain.read(octets, ASKED, "shop.example", "TXT", recursive=True, server=SHOWN)
    assert said is not None
    assert (said.status, said.exchanges) == (Status.FOUND, ((ASKED, octets),))
