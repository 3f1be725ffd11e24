"""Secrets are hidden in every spelling, and what is shown is printable."""

import base64
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.masking import SECRET, Mask

PASSWORD = 'pä"s\\ w0rd<1>&+Q'
OCTETS = PASSWORD.encode()


def b64(octets: bytes) -> str:
    """Return the base64 of octets."""
    return base64.b64encode(octets).decode()


@pytest.mark.parametrize(
    "spelling",
    [
        PASSWORD,
        PASSWORD.upper(),
        b64(OCTETS),
        b64(OCTETS).rstrip("="),
        b64(b"\0user\0" + OCTETS),
        b64(b"\0user@example.com\0" + OCTETS),
        b64(b"admin\0user\0" + OCTETS),
        b64(b"user:" + OCTETS + b":more"),
        "x" + b64(OCTETS),
        "x" + b64(b"\0user1\0" + OCTETS),
        "xy" + b64(b"\0user1\0" + OCTETS),
        "xyz" + b64(b"\0user1\0" + OCTETS),
        base64.urlsafe_b64encode(b"\0?>\0" + OCTETS).decode(),
        b64(b64(OCTETS).encode()),
        repr(PASSWORD),
        repr(OCTETS),
        json.dumps(PASSWORD),
        PASSWORD.encode("unicode_escape").decode(),
        html.escape(PASSWORD),
        "".join(f"&#{ord(character)};" for character in PASSWORD),
        urllib.parse.quote(PASSWORD),
        urllib.parse.quote_plus(PASSWORD, safe=""),
        urllib.parse.quote(PASSWORD).lower(),
        OCTETS.hex(),
        OCTETS.hex().upper(),
        "p=C3=A4=22s=5C w0rd<1>&+Q",
    ],
)
def test_a_secret_is_hidden_in_every_spelling(spelling: str) -> None:
    """Nothing of it is left, and what stands around it stays."""
    shown = Mask([PASSWORD]).hide(f"535 no: {spelling} (try again)")
    assert SECRET in shown
    assert "w0rd" not in shown.lower()
    assert spelling not in shown
    assert shown.startswith("535 no: ")
    assert shown.endswith(" (try again)")


def test_a_secret_with_outer_blanks_is_hidden_without_them() -> None:
    """A server may trim what it repeats."""
    assert Mask(["  s3cret-w0rd "]).hide("no: s3cret-w0rd.") == f"no: {SECRET}."


def test_the_longer_of_two_secrets_leaves_no_rest() -> None:
    """A secret that begins like another is hidden as a whole."""
    assert Mask(["abc123", "abc123-and-more"]).hide("abc123-and-more") == SECRET


@pytest.mark.parametrize("secrets", [[], [""], ["  "[:0]]])
def test_without_a_secret_nothing_is_hidden(secrets: list[str]) -> None:
    """An empty password is no secret."""
    line = "250-AUTH PLAIN LOGIN dGVzdA=="
    assert Mask(secrets).hide(line) == line


def test_innocent_base64_stays() -> None:
    """A challenge of the server's can be read in the transcript."""
    assert Mask([PASSWORD]).hide("334 VXNlcm5hbWU6") == "334 VXNlcm5hbWU6"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\0b\r\nc\td", "a\\x00b\\x0d\\x0ac\\x09d"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2028\u200b\x85", "\\u2028\\u200b\\x85"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("<b>Grüße 漢字</b>", "<b>Grüße 漢字</b>"),
    ],
)
def test_what_cannot_be_seen_is_written_as_an_escape(raw: str, shown: str) -> None:
    """Control, bidirectional and invisible characters, and halves of surrogates."""
    assert Mask([]).hide(raw) == shown


def test_a_long_line_is_cut_after_hiding() -> None:
    """A secret across the limit leaves no first half behind."""
    shown = Mask([PASSWORD]).hide("x " * 253 + PASSWORD + " tail")
    assert len(shown) == 512
    assert "pä" not in shown
    assert Mask([]).hide("x" * 513, limit=10) == "x" * 9 + "…"


@given(st.text(min_size=6, max_size=30), st.binary(max_size=7), st.binary(max_size=7))
def test_no_base64_around_a_secret_gives_it_away(secret: str, before: bytes, after: bytes) -> None:
    """Wherever the secret lies in what was encoded, the run is hidden."""
    run = b64(before + secret.encode("utf-8", "replace") + after)
    assert run not in Mask([secret]).hide(run)


@pytest.mark.parametrize("secret", ["\\" * 40 + "a", "%25" * 20 + "b", "&amp;" * 9 + "c"])
def test_a_hostile_line_is_hidden_in_linear_time(secret: str) -> None:
    """Ambiguous spellings end; backtracking through them would outlast the universe."""
    line = secret[:-1] * 50
    assert Mask([secret]).hide(line, limit=len(line)) == line


@pytest.mark.parametrize("swap", [str, str.swapcase, str.upper, str.lower])
@pytest.mark.parametrize("before", ["", "x", "xx", "\0alice\0"])
def test_base64_is_found_in_any_case_and_wherever_it_begins(
    before: str, swap: Callable[[str], str]
) -> None:
    """Some servers write what they were sent in capitals."""
    said = base64.b64encode(f"{before}s3cret-word{before}".encode()).decode()
    hidden = Mask(["s3cret-word"]).hide(swap(f"no: {said}"))
    assert SECRET in hidden
    assert swap(said[-(-len(before) * 4 // 3) :][:12]) not in hidden


@pytest.mark.parametrize(
    "lines",
    [
        ["535-5.7.8 no: s3cret", "535 5.7.8 -word"],
        ["535-no: s3c", "535-ret-", "535 word"],
        ["535-no: two", "535 words"],
        ["535-czNjcm", "535 V0LXdvcmQ="],
    ],
)
def test_a_secret_that_is_spread_over_lines_takes_them_all(lines: list[str]) -> None:
    """Only their codes are left."""
    hidden = Mask(["s3cret-word", "two words"]).hide_lines(lines)
    assert [line.rpartition(" ")[2].rpartition("-")[2] for line in hidden] == [SECRET] * len(lines)
    assert [line[:4] for line in hidden] == [line[:4] for line in lines]


def test_lines_without_a_secret_stay_as_they_are() -> None:
    """Also what EHLO brings, and where one line holds a secret by itself."""
    lines = ["250-mail.example", "250-SIZE 10485760", "250 AUTH PLAIN LOGIN"]
    assert Mask(["s3cret-word"]).hide_lines(lines) == lines
    assert Mask([]).hide_lines(lines) == lines
    assert Mask(["s3cret-word"]).hide_lines(["535-no", "535 s3cret-word"]) == [
        "535-no",
        f"535 {SECRET}",
    ]
