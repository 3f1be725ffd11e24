"""DKIM keys as people publish them: what is said, and that the edits mend it."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lab.zones import KEY, OTHER_KEY
from dnscheck.answers import Answer, Status, Value
from dnscheck.findings import Judgement, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim, judge
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import (
    MISSING,
    OK,
    UNKNOWN,
    Published,
    Row,
    check,
    check_edits,
    codes_in,
    codes_of,
    good,
    judged,
)

NAME = "lab._domainkey.shop.example"
RSA = RequiredRecord(Purpose.DKIM, NAME, "TXT", f"v=DKIM1; k=rsa; p={KEY}", Match.DKIM_KEY)
SHORT = replace(RSA, value="v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
RIGHT = RSA.value


def at(*texts: str) -> Published:
    """Return what the selector publishes."""
    return {(NAME, "TXT"): texts}


GOOD = [
    good("as shown", RSA, RIGHT),
    good("no version", RSA, f"k=rsa; p={KEY}"),
    good("key alone with its tag", RSA, f"p={KEY}"),
    good("semicolon at the end", RSA, f"{RIGHT};"),
    good("no blanks", RSA, f"v=DKIM1;k=rsa;p={KEY}"),
    good("blanks around the signs", RSA, f"v = DKIM1 ; k = rsa ; p = {KEY} "),
    good("other order", RSA, f"v=DKIM1; p={KEY}; k=rsa"),
    good("more tags", RSA, f"v=DKIM1; h=sha256; t=s; s=email; n=made by hand; k=rsa; p={KEY}"),
    good("padding", SHORT, SHORT.value),
    good("beside another text", RSA, "hello", RIGHT),
]

BAD = [
    Row("revoked", RSA, at("v=DKIM1; p="), ("dkim.revoked",)),
    Row("cut at 255", RSA, at(RIGHT[:255]), ("dkim.truncated",), says=("237 of 392",)),
    Row("cut with dots", RSA, at(f"v=DKIM1; p={KEY[:40]}..."), ("dkim.truncated",)),
    Row(
        "cut with an ellipsis",
        RSA,
        at(f"v=DKIM1; p={KEY[:40]}\\xe2\\x80\\xa6"),
        ("dkim.truncated",),
    ),
    Row("other key", RSA, at(f"v=DKIM1; k=rsa; p={OTHER_KEY}"), ("dkim.key-differs",)),
    Row("key and more", RSA, at(RIGHT + "AAAA"), ("dkim.key-differs",)),
    Row("key in small letters", RSA, at(RIGHT.lower()), ("dkim.key-differs",)),
    Row("version not first", RSA, at(f"k=rsa; v=DKIM1; p={KEY}"), ("dkim.version",)),
    Row("version in small letters", RSA, at(f"v=dkim1; k=rsa; p={KEY}"), ("dkim.version",)),
    Row("version of DMARC", RSA, at(f"v=DMARC1; p={KEY}"), ("dkim.version",)),
    Row("capital tag names", RSA, at(f"V=DKIM1; K=rsa; P={KEY}"), ("dkim.version",)),
    Row("special blank", RSA, at(f"v=DKIM1; k=rsa; p={KEY}\\xc2\\xa0"), ("dkim.version",)),
    Row("two keys", RSA, at(RIGHT, f"v=DKIM1; p={OTHER_KEY}"), ("dkim.two-keys",)),
    Row("two wrong keys", RSA, at("v=DKIM1; p=", f"p={OTHER_KEY}"), ("dkim.two-keys",)),
    Row("same key twice", RSA, at(f"p={KEY}", RIGHT), ("dkim.two-keys",)),
    Row("two records of parts", RSA, at(RIGHT[:200], RIGHT[200:]), ("dkim.split-records",)),
    Row(
        "parts in quotes", RSA, at(f'"{RIGHT[:200]}"', f'"{RIGHT[200:]}"'), ("dkim.split-records",)
    ),
    Row("bare parts", RSA, at(KEY[:200], KEY[200:]), ("dkim.split-records",)),
    Row("escaped semicolons", RSA, at(RIGHT.replace(";", "\\;")), ("dkim.escaped-semicolons",)),
    Row("escaped equals", RSA, at(RIGHT.replace("=", "\\=")), ("dkim.escaped-semicolons",)),
    Row("quotes", RSA, at(f'"{RIGHT}"'), ("dkim.quotes-inside",)),
    Row("single quotes", RSA, at(f"'{RIGHT}'"), ("dkim.quotes-inside",)),
    Row("quoted parts", RSA, at(f'"{RIGHT[:250]}" "{RIGHT[250:]}"'), ("dkim.quotes-inside",)),
    Row("key alone", RSA, at(KEY), ("dkim.no-tags",)),
    Row("key in quotes", RSA, at(f'"{KEY}"'), ("dkim.no-tags",)),
    Row("tag p forgotten", RSA, at(f"v=DKIM1; k=rsa; {KEY}"), ("dkim.no-tags",)),
    Row(
        "nothing", RSA, {}, ("dkim.missing",), MISSING, ("Nothing at all", f"TXT record at {NAME}")
    ),
    Row("other text", RSA, at("hello"), ("dkim.missing",), MISSING, ("but not this one",)),
    Row(
        "wrong alias",
        RSA,
        {(NAME, "CNAME"): ("k.other.example",), ("k.other.example", "TXT"): (f"p={OTHER_KEY}",)},
        ("dkim.key-differs",),
    ),
    Row(
        "dangling alias",
        RSA,
        {(NAME, "CNAME"): ("k.other.example",)},
        ("dkim.missing",),
        MISSING,
        ("delete the CNAME",),
    ),
]
BLANKS = Row("blanks", RSA, at(f"v=DKIM1; p={KEY[:70]} {KEY[70:]}"), ("dkim.white-space",), OK)


@pytest.mark.parametrize("row", [*GOOD, *BAD, BLANKS], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", BAD, ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    assert codes_of([*BAD, BLANKS]) == codes_in(dkim) | {"dkim.missing"}


def test_blanks_are_only_remarked() -> None:
    """White space inside the key is no fault."""
    [finding] = judged(RSA, BLANKS.published).findings
    assert finding.severity is Severity.INFO


def test_an_alias_to_the_key_is_as_good() -> None:
    """The name may be a CNAME to where the key is."""
    far = {(NAME, "CNAME"): ("k.other.example",), ("k.other.example", "TXT"): (RIGHT,)}
    assert judged(RSA, far).verdict is OK


@pytest.mark.parametrize("size", [1, 40, 255])
def test_a_key_in_many_strings_is_one_key(size: int) -> None:
    """Only the joined text counts."""

    async def ask(name: str, type: str) -> Answer:
        return Answer(name, type, Status.NO_NAME)

    strings = tuple(RIGHT[at : at + size] for at in range(0, len(RIGHT), size))
    answer = Answer(NAME, "TXT", Status.FOUND, (Value("".join(strings), strings),))
    assert asyncio.run(judge(RSA, answer, ask)) == Judgement(OK)


PARTS = st.sampled_from(
    ["v=DKIM1", "V=DKIM1", "p=", "P=", "k=rsa", ";", "; ", "\\;", '"', "'", " ", "=", "\\x09"]
) | st.sampled_from([KEY, KEY[:200], KEY[200:], OTHER_KEY])
TEXTS = st.one_of(st.text(max_size=40), st.lists(PARTS, max_size=9).map("".join))


@given(st.lists(TEXTS, unique=True, max_size=4))
def test_nothing_published_makes_it_stumble(texts: list[str]) -> None:
    """Any text ends in a verdict, and the edits mend whatever was there."""
    row = Row("any", RSA, at(*texts) if texts else {})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)
