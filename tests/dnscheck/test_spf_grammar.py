"""The grammar of SPF records and their macros (RFC 7208 sections 7 and 12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.spf import macros
from dnscheck.spf.record import parse

BROKEN = r"""
    moo  all.  all:x.example  all/8  -  --all  ++all  =all  1up=x  moo/x=y  redirect:x.example
    +redirect=x.example  ip4  ip4:  ip4:192.0.2  ip4:192.0.2.256  ip4:192.0.2.01  ip4:192.0.2.1/33
    ip4:192.0.2.1/032  ip4:192.0.2.1/  ip4:192.0.2.1//32  ip4:192.0.2.1:25  ip4:2001:db8::1  ip6
    ip6:192.0.2.1  ip6:2001:db8:::1  ip6:2001:db8::/129  ip6:2001:db8::/064  ip6:fe80::1%eth0
    include  include:  include:example  include:x.example/24  include/24  a:  a/  a/33  a/032
    a//129  a/24/64  a:x.example/33  a:192.0.2.1  a:x.1  a:museum  a:museum.  a:x.-example
    a:x.example-  a:x.exa_mple  a:x.example:80  a:x.example..  mx:  mx/24/  mx:x.1  ptr:  ptr/24
    ptr:x.1  exists  exists:  exists:x.example/24  redirect=  redirect=x  redirect=-all  exp=
    exp=x  exp=-all  exp=%{c}.x.example  a:%{r}.x.example  a:%{t}.x.example  a:%  a:%x.example
    a:%(i).x.example  a:%{}.x.example  a:%{a}.x.example  a:%{d0}.x.example  a:%{dr2}.x.example
    a:%{d;}.x.example  a:%{d}.  a:%{d}x  x=%{  x=%y  x=%{d00}  a:x\xc3\xa4.example  x=\x00  café=x
"""
WHOLE = r"""
    all  include:x.example  a  a/0  a//0  a/32//128  a:x.example/24//64  a:.example  a:%{d}
    a:%{d}/24  a:%{d2R-}  a:x%%  a:x%_y%-z.example  a:%{H10r.-+,/_=}  a:x.xn--zckzah  a:x.a-b.  mx
    mx:x.example  ptr  ptr:x.example  exists:%{IR}.%{v}.arpa.x.example  ip4:192.0.2.0/0  ip6:::
    ip6:::1.2.3.4/128  ip6:2001:db8::/0  redirect=_spf.%{d}  exp=%{d}.x.example  moo.x-1_=
    moo=%{t}/a:b  include=x.example  a:back\slash.x.example
"""


@pytest.mark.parametrize("term", BROKEN.split())
def test_a_term_that_breaks_the_grammar_breaks_the_record(term: str) -> None:
    """Section 4.6: wherever it stands, also behind what would decide."""
    with pytest.raises(ValueError, match=r"\.$"):
        parse(f"v=spf1 +all {term}")


@pytest.mark.parametrize("term", WHOLE.split())
def test_every_form_of_a_term_is_read(term: str) -> None:
    """Section 12. Names of terms and letters of macros are read in any case."""
    parse(f"v=spf1 {term}")
    assert len(parse(f"V=SPF1 {term.upper()}").terms) <= 1


VALUES = {
    "s": "night-owl@post.shop.example",
    "l": "night-owl",
    "o": "post.shop.example",
    "d": "post.shop.example",
    "i": "192.0.2.25",
    "v": "in-addr",
    "h": "out going",
    "x": "",
}


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%{s}", "night-owl@post.shop.example"),
        ("%{S}", "night-owl%40post.shop.example"),
        ("%{H}", "out%20going"),
        ("%{o}", "post.shop.example"),
        ("%{d4}", "post.shop.example"),
        ("%{d2}", "shop.example"),
        ("%{d1}", "example"),
        ("%{dr}", "example.shop.post"),
        ("%{d2r}", "shop.post"),
        ("%{d00000000000000000000000000000002}", "shop.example"),
        ("%{d" + "9" * 5000 + "}", "post.shop.example"),
        ("%{l-}", "night.owl"),
        ("%{lr}", "night-owl"),
        ("%{LR-}", "owl.night"),
        ("%{l1r-}", "night"),
        ("%{s-@}", "%{s-@}"),
        ("%{s.-}", "night.owl@post.shop.example"),
        ("%{ir}.%{v}._spf.%{d2}", "25.2.0.192.in-addr._spf.shop.example"),
        ("%{lr-}.lp._spf.%{d2}", "owl.night.lp._spf.shop.example"),
        ("%%d%_e%-f", "%d e%20f"),
        ("%%{d}", "%{d}"),
    ],
)
def test_a_macro_is_expanded(text: str, expanded: str) -> None:
    """Section 7.3: parts, order, delimiters, and what a URL needs for a capital."""
    assert macros.expand(text, VALUES) == expanded


def test_a_long_name_loses_its_first_labels() -> None:
    """Section 7.3: at most 253 characters remain, cut at a dot."""
    labels = ["a" * 49, "b" * 50, "c" * 50, "d" * 50, "e" * 50]
    assert macros.name_of(".".join(labels)) == ".".join(labels)
    assert macros.name_of("x." + ".".join(labels) + ".") == ".".join(labels)
    assert macros.name_of("a" + ".".join(labels)) == ".".join(labels[1:])
    assert macros.name_of("x" * 300) == ""


PIECES = "% { } %{ d c l . - x 0 9 r %% example / é"


@given(st.text() | st.lists(st.sampled_from(PIECES.split())).map("".join))
def test_the_grammar_lets_no_broken_macro_through(text: str) -> None:
    """What may stand for a name can be expanded without the letters for explanations."""
    if macros.is_domain_spec(text):
        assert macros.expand(text, dict.fromkeys("slodiphv", "x")).isascii()
