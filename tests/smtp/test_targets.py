"""Which servers may be dialled, and what becomes of the host that a person types."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.targets import Policy, clean_host, is_opened, may_dial


def opened(*networks: str) -> Policy:
    """Return a policy with these networks opened."""
    return Policy(networks=tuple(ipaddress.ip_network(network) for network in networks))


NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.1.2.3 168.63.129.16
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1
198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:0:53aa:64c:0:0:80ff:fffe
2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 4000::1 5f00::1 fc00::1
fd00::1 fd00:ec2::254 fd20:ce::254 fe80::1 fe80::1%eth0 2606:4700::1111%eth0 fec0::1 ff02::1 ff0e::1
"""
PUBLIC = """
8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1
192.167.1.1 198.17.0.1 223.255.255.255 2606:4700::1111 2a00:1450::1 2001:4860::8888
::ffff:8.8.8.8 64:ff9b::808:808
"""
GUARDED_ADDRESSES = """
127.0.0.1 ::1 169.254.169.254 fe80::1 fd00:ec2::254 fd20:ce::254 100.100.100.200
168.63.129.16 ::ffff:127.0.0.1 ::127.0.0.1 0.0.0.0 :: 224.0.0.1 255.255.255.255 ff02::1
2002:7f00:1:: 2001::1 64:ff9b::7f00:1 64:ff9b::a00:1 fe80::1%eth0
"""
NO_LITERALS = ["", "localhost", "0", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "１２７.0.0.1"]


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    """Private, local, reserved, multicast and wrapped addresses are not dialled by default."""
    assert not may_dial(address, Policy())


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_dialled(address: str) -> None:
    """Neighbours of the special ranges, and wrapped public addresses, are fine."""
    assert may_dial(address, Policy())


@pytest.mark.parametrize("text", NO_LITERALS)
def test_only_a_literal_address_is_judged(text: str) -> None:
    """A name, or a spelling that a resolver would read as an address, is refused."""
    assert not may_dial(text, opened("0.0.0.0/0", "::/0"))


@pytest.mark.parametrize(
    ("network", "address"),
    [
        ("10.0.0.0/8", "10.1.2.3"),
        ("10.1.2.3/32", "10.1.2.3"),
        ("10.0.0.0/8", "::ffff:10.1.2.3"),
        ("0.0.0.0/0", "192.168.1.1"),
        ("100.64.0.0/10", "100.64.0.1"),
        ("fd00::/8", "fd12::25"),
        ("fec0::/10", "fec0::1"),
        ("127.0.0.1/32", "127.0.0.1"),
        ("127.0.0.0/8", "127.0.0.2"),
        ("::1/128", "::1"),
        ("169.254.10.0/24", "169.254.10.25"),
        ("fd00:ec2::/64", "fd00:ec2::25"),
    ],
)
def test_an_operator_opens_networks(network: str, address: str) -> None:
    """What lies in an opened network may be dialled and counts as the operator's own."""
    assert may_dial(address, opened(network))
    assert is_opened(address, opened(network))


@pytest.mark.parametrize(
    "address",
    GUARDED_ADDRESSES.split(),
)
def test_opening_everything_does_not_open_what_is_guarded(address: str) -> None:
    """Loopback, link-local and metadata need an entry of their own; the rest is never dialled."""
    policy = opened("0.0.0.0/0", "::/0", "10.0.0.0/8", "100.64.0.0/10", "fd00::/8")
    assert not may_dial(address, policy)


def test_a_public_address_is_nobody_s_own() -> None:
    """Only an opened network makes a machine the operator's own."""
    assert not is_opened("8.8.8.8", opened("10.0.0.0/8"))
    assert not is_opened("no address", opened("10.0.0.0/8"))


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_dialled(address: object) -> None:
    """The lists agree with the standard library wherever that one is sure."""
    ip = ipaddress.ip_address(str(address))
    if ip.is_private or ip.is_multicast or ip.is_loopback or ip.is_link_local:
        mapped = getattr(ip, "ipv4_mapped", None)
        assert mapped is not None or not may_dial(str(ip), Policy())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("smtp.example.com", "smtp.example.com"),
        (" SMTP.Example.COM.\n", "smtp.example.com"),
        ("localhost", "localhost"),
        ("mail_relay", "mail_relay"),
        ("mail-1.internal", "mail-1.internal"),
        ("xn--exmple-cua.de", "xn--exmple-cua.de"),
        ("smtp.exämple.de", "smtp.xn--exmple-cua.de"),
        ("smtp。example。com", "smtp.example.com"),
        ("smtp.ｅｘample.com", "smtp.example.com"),
        ("1and1.example", "1and1.example"),
        ("192.0.2.25", "192.0.2.25"),
        ("192.0.2.25.", "192.0.2.25"),
        ("[192.0.2.25]", "192.0.2.25"),
        ("[::1]", "::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
    ],
)
def test_a_host_is_brought_into_its_one_form(typed: str, stored: str) -> None:
    """Lower case, A-labels, no final dot; addresses in their usual spelling."""
    assert clean_host(typed) == stored
    assert clean_host(stored) == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the name"),
        ("  ", "Enter the name"),
        ("smtp.example.com:587", "“:587”"),
        ("[::1]:25", "“:25”"),
        ("smtps://smtp.example.com:465", "“smtps://”"),
        ("SMTP://smtp.example.com", "“SMTP://”"),
        ("smtp.example.com/mail", "“/mail”"),
        ("user@smtp.example.com", "“user@”"),
        ("a@b@smtp.example.com", "“a@b@”"),
        ("smtp. example.com", "blank"),
        ("smtp\u3000example.com", "blank"),
        ("fe80::1%eth0", "“%eth0”"),
        ("0", "four decimal numbers"),
        ("2130706433", "four decimal numbers"),
        ("0x7f.1", "four decimal numbers"),
        ("0x7f000001", "four decimal numbers"),
        ("127.1", "four decimal numbers"),
        ("0177.0.0.1", "four decimal numbers"),
        ("127.0.0.256", "four decimal numbers"),
        ("１２７.0.0.1", "four decimal numbers"),
        ("①②⑦.⓪.⓪.①", "four decimal numbers"),
        ("a" * 64 + ".example", "at most 63"),
        (".".join(["a" * 60] * 5), "at most 253"),
        ("a" * 2000, "at most 253"),
        ("ä" * 300, "international"),
        ("smtp..example.com", "dot too many"),
        (".", "dot too many"),
        ("-a.example", "“-a”"),
        ("smtp,example", "“smtp,example”"),
        ("smtp.example.com;", "“com;”"),
        ("[smtp.example.com]", "“[smtp”"),
        ("exa\u200dmple.com", "international"),
        ("smtp\0.example.com", "cannot be part"),
    ],
)
def test_what_is_no_host_is_refused_by_name(typed: str, words: str) -> None:
    """The sentence names what to leave out or to change."""
    with pytest.raises(ValueError, match=r"\.$") as caught:
        clean_host(typed)
    assert words in str(caught.value)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    """Whatever is accepted is already in its final form, and never a disguised address."""
    try:
        host = clean_host(typed)
    except ValueError:
        return
    assert clean_host(host) == host
    assert host.isascii()
