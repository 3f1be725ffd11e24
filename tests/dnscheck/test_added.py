"""Records added by hand: from what people type to what the DNS shows."""

import pytest

from dnscheck.added import clean_record_name, clean_record_value

DOMAIN = "shop.example"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("@", DOMAIN),
        (" Shop.Example. ", DOMAIN),
        ("sel._domainkey", "sel._domainkey.shop.example"),
        ("_DMARC.shop.example", "_dmarc.shop.example"),
        ("mail.shop.example.", "mail.shop.example"),
        ("mail.other.example", "mail.other.example.shop.example"),  # relative: no dot at its end
    ],
)
def test_names_become_absolute(typed: str, name: str) -> None:
    """`@`, relative and full names all mean a name inside the domain."""
    assert clean_record_name(typed, DOMAIN) == name


@pytest.mark.parametrize("typed", ["mail.other.example.", "a..b", "a b", "-", "é", "x" * 64, "*"])
def test_other_names_are_refused(typed: str) -> None:
    """A full name of another domain, and what is no host name, is refused with a sentence."""
    with pytest.raises(ValueError, match=r"\.$"):
        clean_record_name(typed, DOMAIN)


@pytest.mark.parametrize(
    ("type", "typed", "value"),
    [
        ("TXT", "  v=spf1 -all\n", "v=spf1 -all"),
        ("TXT", '"v=DKIM1; p=abc" "def"', "v=DKIM1; p=abcdef"),
        ("TXT", '"a\\"b"\n"c"', 'a"bc'),
        ("TXT", 'say "hello" there', 'say "hello" there'),
        ("CNAME", "Mail.Other.Example.", "mail.other.example"),
        ("MX", "10   mx.other.example.", "10 mx.other.example"),
        ("MX", "mx.other.example", "mx.other.example"),
        ("MX", "007 mx.other.example", "7 mx.other.example"),
    ],
)
def test_values_become_what_the_dns_shows(type: str, typed: str, value: str) -> None:
    """Quotation marks, blanks, capitals and trailing dots are taken off."""
    assert clean_record_value(type, typed) == value


@pytest.mark.parametrize(
    ("type", "typed"),
    [
        ("TXT", "two\nlines"),
        ("TXT", '""'),
        ("TXT", "pässwort"),
        ("TXT", "x" * 4001),
        ("TXT", "bell\x07"),
        ("TXT", '""' * 6_000 + '"a"'),  # too long to be taken apart, whatever it comes to
        ("CNAME", ""),
        ("CNAME", "10 mx.other.example"),
        ("CNAME", "https://other.example/"),
        ("MX", "65536 mx.other.example"),
        ("MX", "ten mx.other.example"),
        ("MX", "1 0 mx.other.example"),
        ("MX", "10"),
    ],
)
def test_other_values_are_refused(type: str, typed: str) -> None:
    """What can never match is refused with a sentence, not watched for ever."""
    with pytest.raises(ValueError, match=r"\.$"):
        clean_record_value(type, typed)
