"""One DMARC record out of several: the owner's policy stays, every address gets its reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.dmarc import is_record, mended, merged_dmarc, published_among, tags
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules.dmarc_tags import slips
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import OK, judged

NAME = "_dmarc.shop.example"
A, B = "mailto:a@shop.example", "mailto:b@reports.example"

SUGGESTED = {
    ("v=DMARC1;p=none;",): "v=DMARC1;p=none;",
    ("v=DMARC1; p=none; pct=100; rf=afrf",): "v=DMARC1; p=none; pct=100; rf=afrf",
    ("v=DMARC1; p=none;", "v=DMARC1; p=none"): "v=DMARC1; p=none;",
    ("v=DMARC1; p=reject", "v=DMARC1; p=reject; pct=100"): "v=DMARC1; p=reject",
    ("v=DMARC1; p=reject", "v=DMARC1; p=quarantine"): "v=DMARC1; p=quarantine",
    ("v=DMARC1; p=quarantine; adkim=r; aspf=r;", "v=DMARC1; p=none"): "v=DMARC1; p=none",
    ("v=DMARC1; p=none; aspf=s; adkim=s", "v=DMARC1; p=none; aspf=S; adkim=r"): (
        "v=DMARC1; p=none; aspf=s"
    ),
    (f"v=DMARC1; p=none; rua={A}", f"v=DMARC1; p=none; rua={B}; ruf={B}"): (
        f"v=DMARC1; p=none; rua={A},{B}; ruf={B}"
    ),
    (f"v=DMARC1; p=none; rua={A}!10m", "v=DMARC1; p=none; rua=mailto:A@Shop.example; fo=1"): (
        f"v=DMARC1; p=none; rua={A}!10m; fo=1"
    ),
    ("v=DMARC1; p=reject; sp=none", "v=DMARC1; p=reject"): "v=DMARC1; p=reject; sp=none",
    ("v=DMARC1; p=none; sp=reject; np=reject", "v=DMARC1; p=quarantine"): (
        "v=DMARC1; p=none; sp=quarantine; np=quarantine"
    ),
    ("v=DMARC1; p=reject; ri=3600; t=y", "v=DMARC1; p=reject; pct=50"): "v=DMARC1; p=reject; t=y",
    ("nonsense", "v=DMARC1; p=all"): "v=DMARC1; p=none",
}

# what is published, and what comes out when a provider suggests p=reject and reports to B
JOINED = {
    "v=DMARC1; p=none": f"v=DMARC1; p=none; rua={B}",
    "v=DMARC1; p=quarantine;": f"v=DMARC1; p=quarantine; rua={B}",
    f"V=DMARC1;P=None;rua={B}": f"V=DMARC1;P=None;rua={B}",
    f"v=DMARC1; p=none; rua=mailto:B@reports.example!5m , {A}": (
        f"v=DMARC1; p=none; rua=mailto:B@reports.example!5m , {A}"
    ),
    f"v=DMARC1; rua={A}!10m; sp=none; p=reject; np=none; pct=50; adkim=s; fo=1:d:s": (
        f"v=DMARC1; p=reject; rua={A}!10m,{B}; sp=none; np=none; pct=50; adkim=s; fo=1:d:s"
    ),
    "v=DMARC1; p=none; rua=": f"v=DMARC1; p=none; rua={B}",
    "v=DMARC1; p=none; rua=a@shop.example": f"v=DMARC1; p=none; rua={A},{B}",
    "v=DMARC1; sp=reject": f"v=DMARC1; p=none; sp=reject; rua={B}",
    "v=DMARC1; p=monitor": f"v=DMARC1; p=none; rua={B}",
    "v=DMARC1 p=quarantine": f"v=DMARC1; p=quarantine; rua={B}",
    "v=dmarc1; p=quarantine": f"v=DMARC1; p=quarantine; rua={B}",
    '"v=DMARC1\\; p=quarantine"': f"v=DMARC1; p=quarantine; rua={B}",
    "p=quarantine; v=DMARC1": f"v=DMARC1; p=quarantine; rua={B}",
}


@pytest.mark.parametrize(("wanted", "record"), SUGGESTED.items())
def test_suggestions_become_one_record(wanted: tuple[str, ...], record: str) -> None:
    """One alone stays by the letter; where they differ, the softer satisfies all."""
    assert merged_dmarc(wanted) == record


@pytest.mark.parametrize(("published", "record"), JOINED.items())
def test_reports_join_what_is_published(published: str, record: str) -> None:
    """The owner's policy and tags stay as they are; only an address for reports is added."""
    wanted = [f"v=DMARC1; p=reject; rua={B}; adkim=r; np=reject; pct=100"]
    assert merged_dmarc(wanted, [published]) == record
    assert merged_dmarc(wanted, [record]) == record


def test_several_published_records_become_one() -> None:
    """The softest valid policy of them, and the reports of all."""
    both = [f"v=DMARC1; p=reject; rua={A}; pct=50", f"v=DMARC1; p=quarantine; rua={B}"]
    merged = merged_dmarc(["v=DMARC1; p=none"], both)
    assert merged == f"v=DMARC1; p=quarantine; rua={A},{B}; pct=50"
    assert merged_dmarc([], ["v=DMARC1; p=", "v=DMARC1; p=reject"]) == "v=DMARC1; p=reject"
    assert merged_dmarc([], ["v=DMARC1; p=", "v=DMARC1"]) == "v=DMARC1; p=none"


def test_the_records_among_the_texts() -> None:
    """Records that begin right; else the first that was meant as one."""
    assert published_among(["x", "v=dmarc1; p=none", "v=DMARC1"]) == ["v=DMARC1"]
    assert published_among(["x", "v=dmarc1; p=none", "p=none"]) == ["v=dmarc1; p=none"]
    assert published_among(["v=spf1 -all"]) == []


def test_the_tags_of_a_record() -> None:
    """Names in lower case, blanks aside, the first of two; nothing for any other text."""
    assert tags("v = DMARC1 ; P = none; x; sp=; p=reject") == {
        "v": "DMARC1",
        "p": "none",
        "sp": "",
    }
    assert tags("v=DMARC1") == {"v": "DMARC1"}
    assert tags("v=DMARC10; p=none") is None
    assert tags("v=dmarc1; p=none") is None


PUBLISHED = {
    (): f"v=DMARC1; p=none; rua={A}",
    ("token=1",): f"v=DMARC1; p=none; rua={A}",
    ("token=1", "v=DMARC1; p=reject"): f"v=DMARC1; p=reject; rua={A}",
    ("v=dmarc1; p=reject",): f"v=DMARC1; p=reject; rua={A}",
    ("v=DMARC1; p=reject", "v=DMARC1; p=none"): f"v=DMARC1; p=none; rua={A}",
}


@pytest.mark.parametrize(("texts", "value"), PUBLISHED.items())
def test_the_value_to_publish_keeps_what_is_there(texts: tuple[str, ...], value: str) -> None:
    """The judge finds it right."""
    wanted = f"v=DMARC1; p=none; rua={A}"
    record = RequiredRecord(Purpose.DMARC, NAME, "TXT", wanted, Match.DMARC)
    assert publishable(record, texts) == value
    assert judged(record, {(NAME, "TXT"): (value,)}).verdict is OK


PARTS = ["v=DMARC1", "v=dmarc1", "p=none", "p=reject", "p=", "p=all", f"rua={A}", "rua=c@d.example"]
SLIPS = ["rua=,", "ruf=x!5m", "sp=none", "adkim=s", "aspf=r", "pct=5", '"', "'", "\\", ",", "x"]
TEXT = st.lists(st.sampled_from([*PARTS, *SLIPS]), max_size=6).map("; ".join)
RECORD = TEXT.map("v=DMARC1; {}".format)


@given(st.lists(RECORD, max_size=2), st.lists(TEXT | RECORD, max_size=3))
def test_whatever_is_merged_is_one_readable_record(wanted: list[str], known: list[str]) -> None:
    """Found right by the judge, and merged again it stays as it is."""
    wanted = ["v=DMARC1; p=none", *wanted]
    merged = merged_dmarc(wanted, known)
    assert is_record(merged)
    assert mended(merged) == merged
    record = RequiredRecord(Purpose.DMARC, NAME, "TXT", merged, Match.DMARC)
    assert judged(record, {(NAME, "TXT"): (merged,)}).verdict is OK
    assert list(slips(merged)) == []
    assert merged_dmarc(wanted, [merged]) == merged
