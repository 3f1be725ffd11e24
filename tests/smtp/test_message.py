"""The test mail: what it says, how it is encoded, and that nothing can be smuggled into it."""

import datetime as dt
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.message import Head, ascii_address
from smtp.message import compose as compose_with

HEAD: dict[str, Any] = {
    "sender": "mail@example.com",
    "sender_name": "Acme",
    "recipient": "you@example.net",
    "reply_to": "help@example.com",
    "message_id": "<1.2@example.com>",
    "date": dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC),
    "extra_headers": (("X-App", "portal"),),
}
BODY: dict[str, str] = {
    "setting_name": "Main way",
    "tenant_name": "Acme",
    "token": "abc123",
}
VALUES = {**HEAD, **BODY}


def compose(**values: Any) -> bytes:
    """Return the test mail made of these values."""
    head = {name: value for name, value in values.items() if name in HEAD}
    body = {name: value for name, value in values.items() if name in BODY}
    return compose_with(Head(**head), **body)


def parsed(data: bytes) -> EmailMessage:
    """Read a message back as a mail program does."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    """Return one of the two bodies."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_mail_says_what_it_was_given() -> None:
    """Every header arrives as asked for, with the token in three places."""
    mail = parsed(compose(**VALUES))
    assert mail["From"] == "Acme <mail@example.com>"
    assert mail["To"] == "you@example.net"
    assert mail["Reply-To"] == "help@example.com"
    assert mail["Date"] == "Sat, 21 Nov 2026 12:00:00 +0000"
    assert mail["Message-ID"] == "<1.2@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-App"] == "portal"
    assert mail["X-Relaydesk-Token"] == "abc123"
    assert "abc123" in mail["Subject"]
    assert "abc123" in body(mail, "plain")


def test_both_bodies_say_the_same_and_html_is_escaped() -> None:
    """A name with markup stays text."""
    mail = parsed(compose(**{**VALUES, "tenant_name": "<b>A&B</b>"}))
    assert mail.get_content_type() == "multipart/alternative"
    assert "of <b>A&B</b>." in body(mail, "plain")
    assert "of &lt;b&gt;A&amp;B&lt;/b&gt;." in body(mail, "html")


def test_an_empty_reply_address_leaves_the_header_out() -> None:
    """Nobody gets an empty Reply-To."""
    assert "Reply-To" not in parsed(compose(**{**VALUES, "reply_to": ""}))


@given(
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=100),
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=100),
)
def test_the_mail_is_seven_bit_with_short_lines(name: str, tenant: str) -> None:
    """Whatever the names are: ASCII, CRLF only, no line over 998 octets."""
    data = compose(**{**VALUES, "sender_name": name, "tenant_name": tenant, "setting_name": name})
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_other_alphabets_arrive() -> None:
    """Names and a domain outside ASCII are encoded, and decode to what they were."""
    values = {"sender_name": "Jürgen 漢字", "sender": "mail@exämple.de", "setting_name": "Größe"}
    mail = parsed(compose(**{**VALUES, **values, "message_id": "<1.2@exämple.de>"}))
    assert mail["Message-ID"] == "<1.2@xn--exmple-cua.de>"
    address = mail["From"].addresses[0]
    assert (address.display_name, address.addr_spec) == ("Jürgen 漢字", "mail@xn--exmple-cua.de")
    assert "Größe" in mail["Subject"]
    assert "“Größe”" in body(mail, "plain")


def test_a_display_name_cannot_pose_as_an_address() -> None:
    """Quotes and angle brackets stay inside the name."""
    mail = parsed(compose(**{**VALUES, "sender_name": '"CEO <ceo@bank.example>"'}))
    [address] = mail["From"].addresses
    assert address.addr_spec == "mail@example.com"


def test_a_long_extra_header_of_json_stays_readable() -> None:
    """A value without blanks is not turned into encoded words that services do not undo."""
    value = '{"options":{"tags":["' + "x" * 300 + '"]}}'
    data = compose(**{**VALUES, "extra_headers": (("X-SMTPAPI", value),)})
    assert f"X-SMTPAPI: {value}\r\n".encode() in data


LINE_BREAKS = ["\r", "\n", "\r\n", "\0", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("character", LINE_BREAKS)
@pytest.mark.parametrize(
    "field",
    [
        "sender",
        "sender_name",
        "recipient",
        "reply_to",
        "message_id",
        "setting_name",
        "tenant_name",
        "token",
    ],
)
def test_a_line_break_is_refused_everywhere(field: str, character: str) -> None:
    """No value can begin a header of its own."""
    bad = f"{VALUES[field]}{character}Bcc: victim@example.org"
    with pytest.raises(ValueError, match=r"\.$"):
        compose(**{**VALUES, field: bad})


@pytest.mark.parametrize(
    "header",
    [
        *(("X-A", f"v{character}Bcc: v@example.org") for character in LINE_BREAKS),
        ("X-A: 1\r\nBcc", "v@example.org"),
        ("X-A: 1\nBcc", "v@example.org"),
        ("X A", "v"),
        ("X:A", "v"),
        ("X-é", "v"),
        ("", "v"),
        ("From", "v@example.org"),
        ("bcc", "v@example.org"),
        ("Cc", "v@example.org"),
        ("Sender", "v@example.org"),
        ("Subject", "v"),
        ("date", "v"),
        ("Reply-To", "v@example.org"),
        ("Content-Type", "text/html"),
        ("Resent-To", "v@example.org"),
        ("MIME-Version", "2.0"),
        ("X-Relaydesk-Token", "v"),
        ("X-Long", "x" * 1000),
    ],
)
def test_a_harmful_extra_header_is_refused(header: tuple[str, str]) -> None:
    """Checked again here, although `smtp.headers` has read it before."""
    with pytest.raises(ValueError, match=r"\.$"):
        compose(**{**VALUES, "extra_headers": (header,)})


def test_the_same_extra_header_twice_is_refused() -> None:
    """Also when it is spelled otherwise."""
    with pytest.raises(ValueError, match="cannot be set"):
        compose(**{**VALUES, "extra_headers": (("X-A", "1"), ("x-a", "2"))})


@pytest.mark.parametrize("message_id", ["1@example.com", "<1>", "<a b@example.com>", "<>", ""])
def test_a_message_id_has_its_form(message_id: str) -> None:
    """Angle brackets, one @, no blanks."""
    with pytest.raises(ValueError, match="Message-ID"):
        compose(**{**VALUES, "message_id": message_id})


def test_a_date_without_a_zone_is_refused() -> None:
    """Nobody could tell when it was."""
    with pytest.raises(ValueError, match="time zone"):
        compose(**{**VALUES, "date": dt.datetime(2026, 11, 21)})  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("a@example.com", "a@example.com"),
        ("first.last+tag@example.com", "first.last+tag@example.com"),
        ("O'Brien@Example.com", "O'Brien@Example.com"),
        ("a@exämple.de", "a@xn--exmple-cua.de"),
    ],
)
def test_an_address_goes_on_the_wire_as_ascii(typed: str, wire: str) -> None:
    """Only the domain is converted."""
    assert ascii_address(typed) == wire


@pytest.mark.parametrize(
    "address",
    [
        "",
        "root",
        "@example.com",
        "a@",
        "a@x, b@y",
        "a@x b",
        "a b@example.com",
        "<a@example.com>",
        "a@example.com> SIZE=1",
        "a@b@example.com",
        '"a b"@example.com',
        "jürgen@example.com",
        "a@[127.0.0.1]",
        "a@exa\u200dmple.com",
        "a@example.com\r\nRCPT TO:<b@example.com>",
    ],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    """It would change the command or the header that it stands in."""
    with pytest.raises(ValueError, match="not a"):
        ascii_address(address)


@pytest.mark.parametrize("field", ["sender_name", "setting_name", "extra_headers"])
@pytest.mark.parametrize(
    "text",
    [
        "=?utf-8?q?hi=0D=0ABcc:_victim@evil.example?=",
        "=?utf-8?b?aGkNCkJjYzogdmljdGltQGV2aWwuZXhhbXBsZQ==?=",
        "x =?utf-8?q?=0D=0A=0D=0Abody?= y",
        "=?us-ascii*en?Q?=0ABcc:_v@x?=",
    ],
)
def test_an_encoded_line_break_is_refused(field: str, text: str) -> None:
    """What the standard library would decode into a header of its own never gets that far."""
    value: Any = (("X-App", text),) if field == "extra_headers" else text
    with pytest.raises(ValueError, match="not allowed"):
        compose(**{**VALUES, field: value})
