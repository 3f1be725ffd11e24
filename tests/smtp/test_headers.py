"""Extra headers: good lines become headers, and no line can smuggle in another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.headers import MAX_LINES, MAX_VALUE, HeaderError, parse


def refusal(text: str) -> str:
    """Return the sentence with which these lines are refused."""
    with pytest.raises(HeaderError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("", ()),
        ("\n \r\n\t\n", ()),
        ("X-App=shop", (("X-App", "shop"),)),
        ("  X-App = shop 1 \r\nX-Env=live\r\n", (("X-App", "shop 1"), ("X-Env", "live"))),
        ("X-Query=a=b&c=d", (("X-Query", "a=b&c=d"),)),
        ("X-City=Malmö", (("X-City", "Malmö"),)),
        (
            "List-Unsubscribe=<https://example.com/u>\nList-Unsubscribe-Post=List-Unsubscribe=One",
            (
                ("List-Unsubscribe", "<https://example.com/u>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One"),
            ),
        ),
        ("precedence=bulk", (("precedence", "bulk"),)),
        ("Auto-Submitted=auto-generated", (("Auto-Submitted", "auto-generated"),)),
        ("X-SES-CONFIGURATION-SET=news", (("X-SES-CONFIGURATION-SET", "news"),)),
        (f"X-{'a' * 62}={'v' * MAX_VALUE}", ((f"X-{'a' * 62}", "v" * MAX_VALUE),)),
    ],
)
def test_good_lines_become_headers(text: str, headers: tuple[tuple[str, str], ...]) -> None:
    """Order, case of the name and inner blanks are kept."""
    assert parse(text) == headers


@pytest.mark.parametrize(
    "name",
    [
        "Bcc",
        "to",
        "FROM",
        "Cc",
        "Sender",
        "Reply-To",
        "Return-Path",
        "Subject",
        "Date",
        "Message-ID",
        "DKIM-Signature",
        "Content-Type",
        "content-transfer-encoding",
        "Received",
        "MIME-Version",
        "Resent-To",
        "ARC-Seal",
    ],
)
def test_reserved_names_are_refused(name: str) -> None:
    """What steers delivery or is written by Relaydesk cannot be set."""
    assert "cannot be set" in refusal(f"{name}=v@example.com")


@pytest.mark.parametrize(
    "line",
    ["=v", "X A=v", "X-é=v", "-X=v", f"X-{'a' * 63}=v", "X_A=v", "Ｘ-A=v"],
)
def test_names_that_are_no_header_names_are_refused(line: str) -> None:
    """Letters, digits and hyphens only (RFC 5322 section 3.6.8, narrowed)."""
    assert refusal(line).startswith("Line 1: A header name has")


@pytest.mark.parametrize("line", ["NoEquals", "X-A: 1", "Bcc: v@example.com"])
def test_a_line_without_an_equals_sign_is_refused(line: str) -> None:
    """The usual notation with a colon is told the right one."""
    assert "X-Name=Value" in refusal(line)


@pytest.mark.parametrize(
    "value",
    [
        "a\rBcc: v@x",
        "a\x00b",
        "a\x0bb",
        "a\x0cb",
        "a\x1b[31m",
        "a\x85b",
        "a\u2028b",
        "a\u2029b",
        "a\u202eb",
        "a\u200bb",
        "a\x7fb",
        "a\tb",
        "v\r",
        "a\ud800b",
        "a\xa0b",
    ],
)
def test_values_that_cannot_be_printed_are_refused(value: str) -> None:
    """No control character, no hidden line end, no change of direction."""
    assert "cannot be printed" in refusal(f"X-A={value}")


def test_a_second_line_is_a_line_of_its_own() -> None:
    """A value with a line end cannot carry a header along."""
    assert refusal("X-A=v\r\nBcc: v@example.com").startswith("Line 2:")


def test_the_line_number_counts_empty_lines() -> None:
    """The number is the one a person sees in the field."""
    with pytest.raises(HeaderError) as caught:
        parse("X-A=1\n\nnonsense")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("X-A=1\nx-a=2", "x-a is there already"),
        ("Organisation-Name=v", "begins with X-"),
        ("X-A=", "has no value"),
        ("X-A=" + "v" * (MAX_VALUE + 1), str(MAX_VALUE)),
        ("X-A=" + "é" * MAX_VALUE, str(MAX_VALUE)),
        ("\n".join(f"X-{number}=v" for number in range(1000)), f"At most {MAX_LINES}"),
    ],
)
def test_limits_are_named(text: str, part: str) -> None:
    """Twice the same name, other names, empty and long values, too many lines."""
    assert part in refusal(text)


@given(st.text(alphabet=st.characters() | st.sampled_from("=\r\n-:X"), max_size=300))
def test_parsing_gives_safe_headers_or_one_kind_of_error(text: str) -> None:
    """Nothing but `HeaderError` is ever raised, and what passes fits on one line."""
    try:
        headers = parse(text)
    except HeaderError:
        return
    for name, value in headers:
        assert name.isascii()
        assert value.isprintable()
        assert len(f"{name}: {value}".encode()) <= 998


@pytest.mark.parametrize("line", ["X:A=v", "X-A: 1=v", "X-A: =?utf-8?q?a?="])
def test_a_colon_is_told_from_an_equals_sign(line: str) -> None:
    """The form everybody pastes gets the sentence that says what to change."""
    assert "not a colon" in refusal(line)


def test_encoded_words_are_refused() -> None:
    """They may hold line breaks that nobody sees."""
    assert "Relaydesk encodes it" in refusal("X-A==?utf-8?q?hi=0D=0ABcc:_v@x.example?=")
