"""Domain names as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.names import absolute, clean_domain, display, is_mixed_script, organizational_domain


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Example.COM.", "example.com"),
        (" example.com\n", "example.com"),
        ("a。b.com", "a.b.com"),
        ("exämple.de", "xn--exmple-cua.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("зона.рф", "xn--80ansd.xn--p1ai"),
        ("аpple.com", "xn--pple-43d.com"),
        ("exa\u00admple.com", "example.com"),
        ("℡.com", "tel.com"),
        ("１２7.com", "127.com"),
        ("mail.example.co.uk", "mail.example.co.uk"),
        ("good-elastx.example", "good-elastx.example"),
    ],
)
def test_what_people_type_becomes_an_a_label(typed: str, stored: str) -> None:
    """Capitals, blanks, dots of other scripts and umlauts are understood."""
    assert clean_domain(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a domain"),
        (".", "Enter a domain"),
        ("http://example.com/", "did you mean example.com?"),
        ("user@example.com", "did you mean example.com?"),
        ("*.example.com", "did you mean example.com?"),
        ("example.com:25", "did you mean example.com?"),
        ("com", "public suffix"),
        ("co.uk", "public suffix"),
        ("github.io", "public suffix"),
        ("localhost", "do not exist in the public DNS"),
        ("x.test", "do not exist in the public DNS"),
        ("127.0.0.1", "This is an address"),
        ("[::1]", "This is an address"),
        ("xn--a", "no valid domain"),
        ("☕.com", "no valid domain"),
        ("exa\u200dmple.com", "no valid domain"),
        ("-a.com", "no valid domain"),
        ("a..b", "no valid domain"),
        ("a b.com", "no valid domain"),
        ("_dmarc.example.com", "no valid domain"),
        ("x" * 64 + ".com", "no valid domain"),
        ("x." * 140 + "com", "no valid domain|too long"),
    ],
)
def test_what_is_no_sending_domain_is_refused_with_a_sentence(typed: str, said: str) -> None:
    """The sentence says what it is, or what was meant."""
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        clean_domain(typed)


@given(st.text(max_size=80))
def test_cleaning_is_idempotent_and_fails_with_a_sentence_only(typed: str) -> None:
    """Whatever is typed, there is a clean name or a ValueError."""
    try:
        name = clean_domain(typed)
    except ValueError:
        return
    assert clean_domain(name) == name
    assert name.isascii()


def test_names_are_shown_as_people_read_them() -> None:
    """U-labels where they decode, and a warning where alphabets are mixed."""
    assert display("xn--exmple-cua.de") == "exämple.de"
    assert display("xn--a.com") == "xn--a.com"
    assert is_mixed_script("xn--pple-43d.com")
    assert not is_mixed_script("xn--80ansd.xn--p1ai")


def test_the_registered_domain_respects_public_suffixes() -> None:
    """co.uk is nobody's."""
    assert organizational_domain("a.mail.example.co.uk") == "example.co.uk"
    assert organizational_domain("example.com") == "example.com"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("@", "mail.example.com"),
        ("", "mail.example.com"),
        ("mail.example.com.", "mail.example.com"),
        ("_dmarc", "_dmarc.mail.example.com"),
        ("S1._domainkey", "s1._domainkey.mail.example.com"),
        ("s1._domainkey.mail.example.com", "s1._domainkey.mail.example.com"),
    ],
)
def test_hosts_are_relative_to_the_sending_domain(host: str, name: str) -> None:
    """Relative, at, or full: one absolute name."""
    assert absolute(host, "mail.example.com") == name
