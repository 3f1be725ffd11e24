"""Where two values differ: which characters, in which words, and in how much work."""

from collections import Counter
from difflib import Match, SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lab.zones import KEY, OTHER_KEY
from dnscheck.diff import closest, lines, sentences, spans
from dnscheck.diff.compare import MOST_LEVELS, MOST_PAIRS, alike, pairs
from dnscheck.diff.layout import KEPT, MOST_CHANGED, MOST_SAME, Kind

SPF = "v=spf1 include:a.example -all"
DKIM = f"v=DKIM1; k=rsa; p={KEY}"
TYPED = st.text("ab01 .;\\x", max_size=60)  # so few letters that much is alike


def changed(seen: str, wanted: str) -> list[tuple[str, str]]:
    """Return what differs."""
    return [(span.seen, span.wanted) for span in spans(seen, wanted) if not span.is_same]


@pytest.mark.parametrize(
    ("seen", "wanted", "differences", "said"),
    [
        (SPF, SPF, [], ()),
        ("", SPF, [("", SPF)], ("“v=spf1 include:a.example -all” is missing.",)),
        (SPF + " ", SPF, [(" ", "")], ("A blank is too much at the end.",)),
        (
            SPF.replace(" ", "  ", 1),
            SPF,
            [(" ", "")],
            ("A blank is too much after “v=spf1”.",),
        ),
        (
            SPF.replace(" ", "", 1),
            SPF,
            [("", " ")],
            ("A blank is missing after “v=spf1”.",),
        ),
        (
            SPF.replace(" ", "\\x09", 1),
            SPF,
            [("\\x09", " ")],
            ("A tab stands where a blank belongs after “v=spf1”.",),
        ),
        (
            SPF.replace(" ", "\\xc2\\xa0", 1),
            SPF,
            [("\\xc2\\xa0", " ")],
            ("A no-break space stands where a blank belongs after “v=spf1”.",),
        ),
        (
            SPF.replace("a.e", "a\\xe2\\x80\\x8b.e"),
            SPF,
            [("\\xe2\\x80\\x8b", "")],
            ("A zero width space is too much after “…f1 include:a”.",),
        ),
        (
            f'"{SPF}"',
            SPF,
            [('"', ""), ('"', "")],
            (
                '“"” (quotation mark) is too much at the beginning.',
                '“"” (quotation mark) is too much at the end.',
            ),
        ),
        (
            SPF.replace("-all", "–all".replace("–", "\\xe2\\x80\\x93")),
            SPF,
            [("\\xe2\\x80\\x93", "-")],
            (
                "“\\xe2\\x80\\x93” (en dash) stands where “-” (hyphen-minus) belongs after "
                "“…e:a.example”.",
            ),
        ),
        (
            SPF.replace("a.e", "\\xd0\\xb0.e"),
            SPF,
            [("\\xd0\\xb0", "a")],
            (
                "“\\xd0\\xb0” (Cyrillic small letter a) stands where “a” (small letter a) belongs "
                "after “…pf1 include:”.",
            ),
        ),
        (
            "token=A0B",
            "token=AOB",
            [("0", "O")],
            ("“0” (digit zero) stands where “O” (capital letter O) belongs after “token=A”.",),
        ),
        (
            "mail.shop.example.shop.example",
            "mail.shop.example",
            [(".shop.example", "")],
            ("“.shop.example” stands there twice.",),
        ),
        (
            "v=spf1 include:a.example ~all",
            "v=spf1 include:b.example include:a.example ~all",
            [("", "include:b.example ")],
            ("“include:b.example” is missing after “v=spf1”.",),
        ),
        (
            "other.dkim.example",
            "q7lab2.dkim.example",
            [("other", "q7lab2")],
            ("“other” stands where “q7lab2” belongs at the beginning.",),
        ),
        (DKIM[:255], DKIM, [("", DKIM[255:])], ("155 characters are missing at the end.",)),
        (
            f"p={OTHER_KEY}",
            f"p={KEY}",
            [(OTHER_KEY[44:-7], KEY[44:-7])],
            ("341 characters differ after “…MIIBCgKCAQEA”.",),
        ),
        ("abcd", "wxyz", [("abcd", "wxyz")], ("The two values have nothing in common.",)),
        (
            "1a2a3a4a5 same same",
            "1b2b3b4b5 same same",
            [("a2a3a4a", "b2b3b4b")],
            ("“a2a3a4a” stands where “b2b3b4b” belongs after “1”.",),
        ),
        (
            "aaaa,bbbb,cccc,dddd,eeee",
            "aaaa;bbbb;cccc;dddd;eeee",
            [(",", ";")] * 4,
            ("They differ in 4 places.",),
        ),
    ],
)
def test_the_differences(
    seen: str, wanted: str, differences: list[tuple[str, str]], said: tuple[str, ...]
) -> None:
    """The characters that differ, no more, and a sentence for each difference."""
    assert changed(seen, wanted) == differences
    assert sentences(spans(seen, wanted)) == said


@given(TYPED, TYPED)
def test_the_spans_joined_are_the_texts(seen: str, wanted: str) -> None:
    """Nothing is lost, equal and different stretches take turns, and none is empty."""
    found = spans(seen, wanted)
    assert "".join(span.seen for span in found) == seen
    assert "".join(span.wanted for span in found) == wanted
    assert all(span.seen or span.wanted for span in found)
    assert (seen == wanted) == all(span.is_same for span in found)
    assert len(sentences(found)) <= 3


@given(TYPED, TYPED)
def test_what_is_not_folded_is_shown_in_full(seen: str, wanted: str) -> None:
    """The pieces of each line, joined, are the value, but for names of what cannot be seen."""
    published, needed = lines(spans(seen, wanted))
    for line, value in ((published, seen), (needed, wanted)):
        plain = "".join(piece.text for piece in line if piece.kind in (Kind.SAME, Kind.CHANGED))
        names = [piece for piece in line if piece.kind is Kind.NAMED]
        assert plain == value or names
        assert Kind.FOLDED not in {piece.kind for piece in line}


class Counted(SequenceMatcher[str]):
    """Adds up at how many pairs of equal characters a search looks at most."""

    def __init__(self, seen: str, wanted: str) -> None:
        super().__init__(None, seen, wanted, autojunk=False)
        self.seen, self.wanted, self.looked = seen, Counter(wanted), 0

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        self.looked += sum(self.wanted[letter] for letter in self.seen[alo:ahi])
        return super().find_longest_match(alo, ahi, blo, bhi)


@given(st.text("ab01", max_size=200), st.text("ab01", max_size=200))
def test_the_work_is_bounded(seen: str, wanted: str) -> None:
    """Each level looks at no more pairs of equal characters than there are."""
    matcher = Counted(seen, wanted)
    list(alike(matcher, (0, len(seen), 0, len(wanted)), MOST_LEVELS))
    assert matcher.looked <= MOST_LEVELS * pairs(seen, wanted)


def test_what_would_take_too_long_is_one_difference() -> None:
    """Of 64 KB of anything only beginning and end are compared; two long keys are compared."""
    seen, wanted = "ab" * 32_000 + "x" + "ab" * 300, "ba" * 32_000 + "y" + "ab" * 300
    assert pairs(seen, wanted) > MOST_PAIRS
    assert changed(seen, wanted) == [(seen[:64_001], wanted[:64_001])]
    assert all(len(line) <= 6 for line in lines(spans(seen, wanted)))
    key, other = KEY + OTHER_KEY[::-1], OTHER_KEY + KEY[::-1]  # as long as keys of 4096 bits
    assert pairs(key, other) < MOST_PAIRS
    spoilt = f"{key[:100]}~{key[101:500]}~{key[501:]}"
    assert changed(spoilt, key) == [("~", key[100]), ("~", key[500])]


def test_long_stretches_are_folded_and_counted() -> None:
    """Beginning and end stay, and the number says how many characters are between."""
    published, needed = lines(spans(DKIM[:255], DKIM))
    assert [piece.kind for piece in published] == [Kind.SAME, Kind.FOLDED, Kind.SAME, Kind.GAP]
    assert published[0].text + published[2].text == DKIM[:KEPT] + DKIM[255 - KEPT : 255]
    assert published[1].text == str(255 - 2 * KEPT)
    assert needed[3].text == DKIM[255:]
    [whole] = lines(spans("a" * MOST_SAME, "a" * MOST_SAME))[0]
    assert whole.text == "a" * MOST_SAME
    cut = lines(spans("", "a" * (MOST_CHANGED + 1)))[1]
    assert [piece.kind for piece in cut] == [Kind.CHANGED, Kind.CUT, Kind.CHANGED]


@pytest.mark.parametrize(
    ("wanted", "published", "best"),
    [
        (SPF, (), ""),
        (SPF, ("token=1", "v=spf1 mx -all", "x"), "v=spf1 mx -all"),
        (SPF, ("v=spf1 mx -all", f'"{SPF}"'), f'"{SPF}"'),
        ("site=f7ee5ec7", ("site=0000aaaa", "site=f7ee5e", SPF), "site=f7ee5e"),
        (DKIM, (f"v=DKIM1; k=rsa; p={OTHER_KEY}", DKIM[:255]), DKIM[:255]),
    ],
)
def test_the_closest_value_is_compared(wanted: str, published: tuple[str, ...], best: str) -> None:
    """Of several values at a name, the one that was most likely meant."""
    assert closest(wanted, published) == best
