"""Whether an address may send for a domain: check_host, section by section of RFC 7208."""

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Reason
from dnscheck.spf.evaluate import check_host, identity
from dnscheck.spf.evaluation import NO_MATCH, Evaluation, Node, Result
from tests.fakes import NOW, FakeDns

Published = Mapping[tuple[str, str], tuple[str, ...] | Reason]

SHOP, SENDER, HELO = "shop.example", "night-owl@shop.example", "out.shop.example"
FOUR, SIX = "192.0.2.25", "2001:db8::25"
REVERSED_SIX = ".".join(reversed("20010db8000000000000000000000025")) + ".ip6.arpa"
TEMPERROR, PERMERROR = Result.TEMPERROR, Result.PERMERROR
PASS, FAIL, SOFTFAIL, NEUTRAL = Result.PASS, Result.FAIL, Result.SOFTFAIL, Result.NEUTRAL

# What others publish. The client is `in.world.example`.
WORLD: Published = {
    ("in.world.example", "A"): ("198.51.100.9", FOUR),
    ("in.world.example", "AAAA"): (SIX,),
    ("near.world.example", "A"): ("192.0.2.77",),
    ("near.world.example", "AAAA"): ("2001:db8::77:1",),
    ("far.world.example", "A"): ("203.0.113.1",),
    ("six.world.example", "AAAA"): ("2001:db8:f::1",),
    ("silent.world.example", "A"): Reason.TIMEOUT,
    ("silent.world.example", "MX"): Reason.SERVFAIL,
    ("silent.world.example", "TXT"): Reason.TIMEOUT,
    ("odd:name/of.world.example", "A"): (FOUR,),
    ("back\\\\slash.world.example", "A"): (FOUR,),
    ("out", "A"): (FOUR,),
    ("mx.example", "MX"): ("20 in.world.example", "10 far.world.example"),
    ("halfsilent.example", "MX"): ("10 in.world.example", "20 silent.world.example"),
    ("deadmx.example", "MX"): ("10 gone.world.example",),
    ("nullmx.example", "MX"): ("0 .",),
    ("ten.example", "MX"): (*["10 far.world.example"] * 9, "20 in.world.example"),
    ("eleven.example", "MX"): tuple(["10 in.world.example"] * 11),
    ("pass.example", "TXT"): (f"v=spf1 ip4:{FOUR} ip6:{SIX} -all",),
    ("fail.example", "TXT"): ("v=spf1 -all",),
    ("softfail.example", "TXT"): ("v=spf1 ~all",),
    ("neutral.example", "TXT"): ("v=spf1",),
    ("broken.example", "TXT"): ("v=spf1 moo",),
    ("two.example", "TXT"): ("v=spf1 -all", "v=spf1 -all"),
    ("text.example", "TXT"): ("nothing of the kind", "v=spf10 +all"),
    ("25.2.0.192.in-addr.arpa", "PTR"): ("forged.bank.example", "in.world.example"),
    (REVERSED_SIX, "PTR"): ("in.world.example",),
    ("forged.bank.example", "A"): ("203.0.113.7",),
}


def evaluated(
    published: Published,
    ip: str = FOUR,
    sender: str = SENDER,
    helo: str = HELO,
    **options: Any,
) -> Evaluation:
    """Evaluate what is published, as a receiver does."""
    domain, _ = identity(sender, helo)
    dns = FakeDns({**WORLD, **published})
    return asyncio.run(check_host(ip, domain, sender, helo, dns.ask, **options))


def of_record(record: str, ip: str = FOUR, **options: Any) -> Evaluation:
    """Evaluate a record at the shop."""
    return evaluated({(SHOP, "TXT"): (record,)}, ip, **options)


@dataclass(frozen=True)
class Row:
    """The terms of a record, and what they come to for a client."""

    about: str
    terms: str
    result: Result
    ip: str = FOUR
    lookups: int = 0
    voids: int = 0

    def __str__(self) -> str:
        return self.about


TERMS = [
    Row("nothing at all", "", NEUTRAL),
    Row("many blanks", "  ?all   ", NEUTRAL),
    Row("the first match decides", "~all -all", SOFTFAIL),
    Row("capitals", "-ALL", FAIL),
    Row("a plus is a pass", "+all", PASS),
    Row("an address", f"ip4:{FOUR} -all", PASS),
    Row("another address", "ip4:192.0.2.24 -all", FAIL),
    Row("a network with host bits", "ip4:192.0.2.1/24 -all", PASS),
    Row("any IPv4", "ip4:1.1.1.1/0 -all", PASS),
    Row("any IPv4 is no IPv6", "ip4:1.1.1.1/0 ~all", SOFTFAIL, ip=SIX),
    Row("an IPv6 network", "ip6:2001:DB8::/32 -all", PASS, ip=SIX),
    Row("any IPv6 is no IPv4", "ip6:::/0", NEUTRAL),
    Row("IPv4 mapped into IPv6 is IPv4", f"ip4:{FOUR} -all", PASS, ip=f"::ffff:{FOUR}"),
    Row("and never IPv6", f"ip6:::ffff:{FOUR} ip6:::/0", NEUTRAL, ip=f"::ffff:{FOUR}"),
    Row("one of several addresses", "a:in.world.example -all", PASS, lookups=1),
    Row("the other family", "a:in.world.example -all", PASS, ip=SIX, lookups=1),
    Row("near is not equal", "a:near.world.example -all", FAIL, lookups=1),
    Row("near is in the network", "a:near.world.example/24 -all", PASS, lookups=1),
    Row("a length for IPv6 alone", "a:near.world.example//64 -all", FAIL, lookups=1),
    Row("and what it is for", "a:near.world.example//64 -all", PASS, ip=SIX, lookups=1),
    Row("both lengths", "a:near.world.example/8//64 -all", PASS, ip=SIX, lookups=1),
    Row("no address of this family", "a:six.world.example/0 -all", FAIL, lookups=1, voids=1),
    Row("no such name", "a:gone.world.example/0 -all", FAIL, lookups=1, voids=1),
    Row("a trailing dot", "a:in.world.example. -all", PASS, lookups=1),
    Row("odd characters", "a:odd:name/of.world.example/32 -all", PASS, lookups=1),
    Row("a backslash is itself", "a:back\\slash.world.example -all", PASS, lookups=1),
    Row("an empty label exists nowhere", "a:in..world.example -all", FAIL, lookups=1),
    Row("nor does one too long", f"a:{'x' * 64}.example -all", FAIL, lookups=1),
    Row("an address that cannot be asked", "a:silent.world.example -all", TEMPERROR, lookups=1),
    Row("a silence behind the match", "+all a:silent.world.example", PASS),
    Row("mx", "mx:mx.example -all", PASS, lookups=1),
    Row("mx with a length", "mx:mx.example/31 -all", PASS, ip="192.0.2.24", lookups=1),
    Row("no mx, and no address in its place", "mx:in.world.example -all", FAIL, FOUR, 1, 1),
    Row("a null mx", "mx:nullmx.example -all", FAIL, lookups=1),
    Row("an mx without addresses", "mx:deadmx.example -all", FAIL, lookups=1, voids=1),
    Row("ten mx", "mx:ten.example -all", PASS, lookups=1),
    Row("eleven mx", "mx:eleven.example -all", PERMERROR, lookups=1),
    Row("an mx that cannot be asked", "mx:silent.world.example -all", TEMPERROR, lookups=1),
    Row("the match comes before the silence", "mx:halfsilent.example -all", PASS, lookups=1),
    Row("the silence comes before another", "mx:halfsilent.example", TEMPERROR, "1.1.1.1", 1),
    Row("ptr below the name", "ptr:world.example -all", PASS, lookups=1),
    Row("ptr of IPv6", "ptr:World.Example -all", PASS, ip=SIX, lookups=1),
    Row("ptr that leads elsewhere", "ptr:bank.example -all", FAIL, lookups=1),
    Row("no label is cut by ptr", "ptr:orld.example -all", FAIL, lookups=1),
    Row("no ptr", "ptr:world.example ~all", SOFTFAIL, ip="192.0.2.26", lookups=1, voids=1),
    Row("exists", "exists:far.world.example -all", PASS, lookups=1),
    Row("exists asks for A, always", "exists:six.world.example -all", FAIL, SIX, 1, 1),
    Row("a name of one label that a macro made", "a:%{h1r} -all", PASS, lookups=1),
    Row("exists that cannot be asked", "exists:silent.world.example", TEMPERROR, lookups=1),
    Row("include of a pass", "include:pass.example -all", PASS, lookups=1),
    Row("a refusing include", "-include:pass.example +all", FAIL, lookups=1),
    Row("include of a fail", "include:fail.example ~all", SOFTFAIL, lookups=1),
    Row("include of a softfail", "include:softfail.example -all", FAIL, lookups=1),
    Row("include of neutral", "include:neutral.example ~all", SOFTFAIL, lookups=1),
    Row("include of no record", "include:text.example +all", PERMERROR, lookups=1),
    Row("include of no name", "include:gone.example +all", PERMERROR, lookups=1, voids=1),
    Row("include of two records", "include:two.example +all", PERMERROR, lookups=1),
    Row("include of a broken record", "include:broken.example +all", PERMERROR, lookups=1),
    Row("include of silence", "include:silent.world.example +all", TEMPERROR, lookups=1),
    Row("include of no domain name", "include:a..b.example +all", PERMERROR, lookups=1),
    Row("redirect", "redirect=softfail.example", SOFTFAIL, lookups=1),
    Row("redirect stands anywhere", f"redirect=fail.example ip4:{FOUR}", PASS),
    Row("redirect behind all", "redirect=fail.example ?all", NEUTRAL),
    Row("redirect to nothing", "redirect=text.example", PERMERROR, lookups=1),
    Row("redirect to a broken record", "redirect=broken.example", PERMERROR, lookups=1),
    Row("redirect to silence", "redirect=silent.world.example", TEMPERROR, lookups=1),
    Row("unknown modifiers", "future.x-1_=any:thing/%{c} -all", FAIL),
    Row("a macro for a name", "a:%{h} -all", FAIL, lookups=1, voids=1),
    Row("two that find nothing", "a:x1.example a:x2.example -all", FAIL, lookups=2, voids=2),
    Row("three", "a:x1.example a:x2.example a:x3.example +all", PERMERROR, FOUR, 3, 3),
    Row("ten look-ups", f"{'a:far.world.example ' * 10}~all", SOFTFAIL, lookups=10),
    Row("eleven", f"{'a:far.world.example ' * 11}+all", PERMERROR, lookups=11),
    Row("what was not needed is not counted", f"+all {'mx:mx.example ' * 11}", PASS),
    Row("%{p} asks once more", "exists:%{p}.a.example exists:%{p}.b.example", NEUTRAL, FOUR, 3, 2),
]


@pytest.mark.parametrize("row", TERMS, ids=str)
def test_a_record_comes_to_a_result(row: Row) -> None:
    """Sections 4.6 to 6.1: every mechanism, qualifier and modifier, with what it costs."""
    seen = of_record(f"v=spf1 {row.terms}", row.ip)
    assert (seen.result, seen.lookups, seen.void_lookups) == (row.result, row.lookups, row.voids)
    assert bool(seen.problem) == (seen.result in (TEMPERROR, PERMERROR))


@pytest.mark.parametrize(
    ("sender", "texts", "result"),
    [
        (SENDER, (), Result.NONE),
        (SENDER, ("hello", "v=spf1x", "v=spf1\\x09-all", "v=spf2.0/pra -all"), Result.NONE),
        (SENDER, ("hello \\xff", "V=SPF1 -all"), FAIL),
        (SENDER, ("v=spf1 -all", "v=spf1"), PERMERROR),
        (SENDER, Reason.SERVFAIL, TEMPERROR),
        ("a@b@shop.example", ("v=spf1 -all",), FAIL),
        ('"a @ b"@shop.example', ("v=spf1 -all",), FAIL),
        ("a@shop.example.", ("v=spf1 -all",), FAIL),
        ("a@SHOP.Example", ("v=spf1 -all",), FAIL),
        ("shop.example", ("v=spf1 -all",), FAIL),
        ("a@example", Reason.SERVFAIL, Result.NONE),
        ("a@[192.0.2.25]", Reason.SERVFAIL, Result.NONE),
        ("a@shop..example", Reason.SERVFAIL, Result.NONE),
        (f"a@{'x' * 64}.example", Reason.SERVFAIL, Result.NONE),
        (f"a@{'x.' * 127}example", Reason.SERVFAIL, Result.NONE),
        ("a@\N{SNOWMAN}☃..example", Reason.SERVFAIL, Result.NONE),
    ],
)
def test_where_a_record_is_looked_for(sender: str, texts: Any, result: Result) -> None:
    """Sections 4.3 to 4.5: one record at a whole domain name, or none, or an error."""
    published = {(SHOP, "TXT"): texts} if texts else {}
    dns = FakeDns({(name.lower(), type): found for (name, type), found in published.items()})
    domain, _ = identity(sender, HELO)
    seen = asyncio.run(check_host(FOUR, domain, sender, HELO, dns.ask))
    assert seen.result is result


@pytest.mark.parametrize(
    ("sender", "helo", "asked"),
    [
        (SENDER, HELO, (SHOP, SENDER)),
        ("", HELO, (HELO, f"postmaster@{HELO}")),
        ("@shop.example", HELO, (SHOP, "postmaster@shop.example")),
        ("a@BÜCHER.example", HELO, ("xn--bcher-kva.example", "a@xn--bcher-kva.example")),
        ('"x@y"@shop.example', HELO, (SHOP, '"x@y"@shop.example')),
    ],
)
def test_whose_record_is_asked_for(sender: str, helo: str, asked: tuple[str, str]) -> None:
    """Section 2.4: the sender's domain, else that of HELO; no local part means postmaster."""
    assert identity(sender, helo) == asked


@pytest.mark.parametrize("kind", ["redirect", "exp"])
def test_a_modifier_that_counts_may_stand_once(kind: str) -> None:
    """Section 6: not even the same one twice; an unknown one may."""
    assert of_record(f"v=spf1 {kind}=x.example {kind.upper()}=x.example -all").result is PERMERROR
    assert of_record("v=spf1 x=1 x=2 -all").result is FAIL


@pytest.mark.parametrize(
    ("ip", "text", "told"),
    [
        (FOUR, "%{i} %{c} %{v}", f"{FOUR} {FOUR} in-addr"),
        (f"::ffff:{FOUR}", "%{i} %{c} %{v}", f"{FOUR} {FOUR} in-addr"),
        ("2001:DB8:0::00", "%{c} %{v}", "2001:db8:: ip6"),
        (SIX, "%{ir}.%{v}.arpa", REVERSED_SIX.upper().replace("IP6.ARPA", "ip6.arpa")),
        (FOUR, "%{r} at %{t}", "mx.receiver.example at 1795262400"),
        (FOUR, "%{p} %{h}", f"in.world.example {HELO}"),
        ("192.0.2.26", "%{p}", "unknown"),
        (FOUR, "%{s} %{l} %{o} %{d}", f"{SENDER} night-owl {SHOP} {SHOP}"),
        (FOUR, "see https://x.example/?a=%{S}.  Bye.", None),
        (FOUR, "", ""),
        (FOUR, "%{z}", ""),
        (FOUR, "100% wrong", ""),
        (FOUR, "caf\\xc3\\xa9", ""),
        (FOUR, "a\\b %_", "a\\b  "),
    ],
)
def test_the_owner_explains_a_fail(ip: str, text: str, told: str | None) -> None:
    """Section 6.2: all letters stand there; a text that breaks the grammar is not told."""
    published = {(SHOP, "TXT"): ("v=spf1 -all exp=why.%{d}",), ("why.shop.example", "TXT"): (text,)}
    seen = evaluated(published, ip, receiver="mx.receiver.example", now=NOW)
    expected = "see https://x.example/?a=night-owl%40shop.example.  Bye." if told is None else told
    assert (seen.result, seen.explanation, seen.lookups) == (FAIL, expected, 0)


def test_nobody_knows_the_time_or_the_receiver_unless_told() -> None:
    """The evaluation has no clock of its own."""
    assert dt.datetime.fromtimestamp(1795262400, dt.UTC) == NOW
    why: Published = {("why.example", "TXT"): ("%{t} %{r}",)}
    seen = evaluated({(SHOP, "TXT"): ("v=spf1 exp=why.example -all",), **why})
    assert seen.explanation == "unknown unknown"


@pytest.mark.parametrize(
    ("names", "record", "named"),
    [
        (("in.world.example",), "world.example", "in.world.example"),
        (("zz.other.example", "in.shop.example"), SHOP, "in.shop.example"),
        (("in.shop.example", "shop.example"), SHOP, "shop.example"),
        ((*(f"x{n}.example" for n in range(10)), SHOP), SHOP, "x0.example"),
    ],
)
def test_the_client_is_called_by_its_best_name(
    names: tuple[str, ...], record: str, named: str
) -> None:
    """Section 7.3: the domain itself, else a name below it, else any, of the first ten."""
    published: dict[tuple[str, str], tuple[str, ...]] = {(name, "A"): (FOUR,) for name in names}
    published |= {("25.2.0.192.in-addr.arpa", "PTR"): names, ("why.example", "TXT"): ("%{p}",)}
    published |= {(record, "TXT"): ("v=spf1 -all exp=why.example",)}
    assert evaluated(published, sender=f"a@{record}").explanation == named


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ({("why.example", "TXT"): ("No.",)}, "No."),
        ({("why.example", "TXT"): ("No.", "Never.")}, ""),
        ({("why.example", "TXT"): Reason.TIMEOUT}, ""),
        ({}, ""),
    ],
)
def test_an_explanation_that_cannot_be_had_changes_nothing(published: Published, told: str) -> None:
    """Sections 4.6.4 and 6.2: the fail stays a fail and nothing is counted."""
    seen = evaluated(
        {(SHOP, "TXT"): ("v=spf1 a:x1.example a:x2.example -all exp=why.example",), **published}
    )
    assert (seen.result, seen.explanation, seen.void_lookups) == (FAIL, told, 2)


@pytest.mark.parametrize("macro", ["%{l}", "%{l}.%{l}.example", "%{h}"])
def test_an_explanation_at_no_name_is_not_looked_for(macro: str) -> None:
    """A macro may come to what no name can be."""
    sender = f"{'x' * 70}@shop.example"
    seen = of_record(f"v=spf1 -all exp={macro}", sender=sender, helo="")
    assert (seen.result, seen.explanation) == (FAIL, "")


def test_the_explanation_is_of_the_record_that_decided() -> None:
    """Section 6.2: not of an include; after a redirect, only of what it led to."""
    texts: Published = {("a.example", "TXT"): ("of %{d}",)}
    inner: Published = {("inner.example", "TXT"): ("v=spf1 -all exp=a.example",), **texts}
    plain: Published = {("plain.example", "TXT"): ("v=spf1 -all",), **texts}
    for record, published, told in (
        ("v=spf1 include:inner.example -all", inner, ""),
        ("v=spf1 include:inner.example -all exp=a.example", inner, "of shop.example"),
        ("v=spf1 -include:pass.example exp=a.example", inner, "of shop.example"),
        ("v=spf1 redirect=inner.example exp=gone.example", inner, "of inner.example"),
        ("v=spf1 redirect=plain.example exp=a.example", plain, ""),
        ("v=spf1 ~all exp=a.example", plain, ""),
    ):
        assert evaluated({(SHOP, "TXT"): (record,), **published}).explanation == told, record


def test_terms_without_a_name_mean_the_record_they_stand_in() -> None:
    """Sections 5.2 and 6.1: an include or redirect evaluates at the other domain."""
    other: Published = {("other.example", "TXT"): ("v=spf1 a mx ptr -all",)}
    addresses: Published = {("other.example", "A"): (FOUR,), (SHOP, "A"): ("203.0.113.9",)}
    for term in ("redirect=other.example", "include:other.example"):
        seen = evaluated({(SHOP, "TXT"): (f"v=spf1 {term}",), **other, **addresses})
        assert seen.result is PASS


def test_circles_end_at_the_limit() -> None:
    """Section 4.6.4: ten terms that ask, wherever they stand; the limits can be chosen."""
    ring: Published = {
        ("one.example", "TXT"): ("v=spf1 include:two.example",),
        ("two.example", "TXT"): ("v=spf1 redirect=one.example",),
    }
    seen = evaluated(ring, sender="a@one.example")
    assert (seen.result, seen.lookups) == (PERMERROR, 11)
    assert evaluated(ring, sender="a@one.example", most_lookups=3).lookups == 4
    record = "v=spf1 a:x1.example a:x2.example a:x3.example ~all"
    assert of_record(record, most_voids=3).result is SOFTFAIL


def test_the_tree_shows_every_term_that_was_tried() -> None:
    """In order, with what it came to, what it took, where macros led, and why it went wrong."""
    record = "v=spf1 mx:gone.example include:hub.%{d2} -all"
    hub = "v=spf1 ip4:203.0.113.0/24 a:far.world.example ~all"
    seen = evaluated({(SHOP, "TXT"): (record,), ("hub.shop.example", "TXT"): (hub,)})
    assert (seen.result, seen.mechanism, seen.problem) == (FAIL, "-all", "")
    assert seen.tree == Node(
        record,
        FAIL,
        SHOP,
        3,
        1,
        children=(
            Node("mx:gone.example", NO_MATCH, "gone.example", 1, 1),
            Node(
                "include:hub.%{d2}",
                NO_MATCH,
                "hub.shop.example",
                2,
                children=(
                    Node("ip4:203.0.113.0/24", NO_MATCH),
                    Node("a:far.world.example", NO_MATCH, "far.world.example", 1),
                    Node("~all", SOFTFAIL),
                ),
            ),
            Node("-all", FAIL),
        ),
    )


def test_a_redirect_names_the_mechanism_behind_it() -> None:
    """The tree is of the first record; what matched stands in the last."""
    seen = of_record("v=spf1 redirect=pass.example")
    assert (seen.mechanism, seen.tree.term) == (f"ip4:{FOUR}", "v=spf1 redirect=pass.example")
    assert [(node.term, node.result) for node in seen.tree.children] == [
        ("redirect=pass.example", PASS)
    ]
    assert [node.result for node in seen.tree.children[0].children] == [PASS]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ("moo", "record at shop.example cannot be read. “moo” is neither a mechanism"),
        ("a:192.0.2.1", "“a:192.0.2.1” breaks the grammar"),
        ("x=\\xff", "not printable ASCII"),
        ("exp=a.example exp=a.example", "exp= more than once"),
        ("a:silent.world.example", "could not be asked for A at silent.world.example: timeout"),
        ("include:gone.example", "no SPF record at gone.example"),
        ("include:two.example", "2 SPF records at two.example"),
        ("mx:eleven.example", "more than 10 MX"),
        ("a " * 11, "More than 10 DNS look-ups"),
        ("exists:x1.a.b exists:x2.a.b exists:x3.a.b", "More than 2 look-ups found nothing"),
    ],
)
def test_an_error_says_why(terms: str, says: str) -> None:
    """One sentence, at the root and at the term, tells the admin what to mend."""
    published: Published = {(SHOP, "A"): ("203.0.113.9",)}
    seen = evaluated({(SHOP, "TXT"): (f"v=spf1 {terms}",), **published})
    assert says in seen.problem
    assert seen.tree.problem == seen.problem


def test_the_json_has_its_promised_shape() -> None:
    """Programs rely on these keys and on the RFC's words."""
    told = json.loads(json.dumps(of_record("v=spf1 include:pass.example -all").as_json()))
    assert set(told) >= {"result", "explanation", "lookups", "void_lookups", "tree"}
    assert (told["result"], told["explanation"], told["mechanism"]) == (
        "pass",
        "",
        "include:pass.example",
    )
    assert set(told["tree"]) >= {"term", "result", "lookups", "problem", "children"}
    assert told["tree"]["children"][0]["children"][0]["result"] == "pass"


def test_what_is_repeated_stays_bounded() -> None:
    """A long sender in a record that names it many times takes no more than SMTP lets through."""
    published: Published = {
        (SHOP, "TXT"): ("v=spf1 -all exp=why.example",),
        ("why.example", "TXT"): ("%{s}%{h}" * 100,),
    }
    seen = evaluated(published, sender="x" * 5_000 + "@shop.example", helo="y" * 5_000)
    assert len(seen.explanation) == 100 * 2 * 512


def test_an_address_must_be_one() -> None:
    """The client's address is the caller's to check."""
    with pytest.raises(ValueError, match="address"):
        of_record("v=spf1 -all", ip="192.0.2")


PIECES = (
    "v=spf1 ~ ~a~mx~:~/~//~ptr~ip4:~ip6:~include:~exists:~redirect=~exp=~all~-~%{~}~%~s~l~d~r~p~0"
    "~9~.~=~shop.example~pass.example~\\x80~\\~é~\0~192.0.2.1~::"
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split("~"))).map("".join))


@given(
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS.map(lambda text: f"{text}@{SHOP}") | TEXTS,
    TEXTS,
    st.ip_addresses().map(str),
)
def test_nothing_that_is_published_or_sent_can_break_it(
    terms: str, text: str, explanation: str, sender: str, helo: str, ip: str
) -> None:
    """Whatever the octets, there is a result, and a JSON of it."""
    published: Published = {
        (SHOP, "TXT"): (f"v=spf1 {terms}", text),
        ("why.example", "TXT"): (explanation,),
        ("pass.example", "TXT"): (f"v=spf1 {text} -all exp=why.example",),
    }
    for domain in (sender, "pass.example", SHOP):
        seen = evaluated(published, ip, replace_domain(sender, domain), helo)
        assert json.dumps(seen.as_json())


def replace_domain(sender: str, domain: str) -> str:
    """Return a sender of this domain with the local part of another."""
    return sender if sender == domain else f"{sender.rpartition('@')[0]}@{domain}"
