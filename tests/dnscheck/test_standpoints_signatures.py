"""DS records that speak of no key in the zone: seen also by who does not validate."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.answers import Answer, Reason, Status
from dnscheck.records import RequiredRecord
from dnscheck.standpoints.signatures import without_key
from dnscheck.survey import survey
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import check_texts
from tests.fakes import FakeDns, found

ZONE = "dskey.example.com"
# The key of RFC 4034 section 5.4, and the DS records of it there and in RFC 4509 section 2.3.
KEY = (
    "256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/ 2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUS"
    "djMmmAphXdvxegXd/ M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=="
)
OTHER_KEY = (
    "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+ "
    "KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
)
BY_SHA1 = "60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118"
BY_SHA256 = "60485 5 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a"
UNFIT = BY_SHA256.replace("d4b7", "d4b8")
NOTHING, SILENCE = Status.NO_RECORD, Reason.TIMEOUT

Said = tuple[str, ...] | Status | Reason


def answer(type: str, said: Said) -> Answer:
    """Return these records, a denial, or silence."""
    if isinstance(said, tuple):
        return found(ZONE, type, *said)
    if isinstance(said, Reason):
        return Answer(ZONE, type, Status.UNKNOWN, reason=said)
    return Answer(ZONE, type, said)


ROWS: dict[str, tuple[Said, Said, bool]] = {
    "a key by its shorter digest": ((BY_SHA1,), (KEY,), False),
    "a key by its longer digest": ((BY_SHA256,), (KEY,), False),
    "a key among others": ((UNFIT, BY_SHA256), (OTHER_KEY, KEY), False),
    "another key": ((BY_SHA256,), (OTHER_KEY,), True),
    "another digest": ((UNFIT,), (KEY,), True),
    "no key at all": ((BY_SHA1, BY_SHA256), NOTHING, True),
    "another algorithm of the same key": ((BY_SHA256.replace(" 5 ", " 8 "),), (KEY,), True),
    "keys that could not be asked for": ((BY_SHA256,), SILENCE, False),
    "a digest that resolvers do not know": ((UNFIT.replace(" 5 2 ", " 5 9 "),), (KEY,), False),
    "an algorithm that resolvers do not know": ((UNFIT.replace(" 5 2 ", " 1 2 "),), (KEY,), False),
    "no DS record": (NOTHING, (KEY,), False),
    "DS records that could not be asked for": (SILENCE, (KEY,), False),
    "a key that cannot be read": ((BY_SHA256,), ("256 3 5 !", "x", "70000 3 5 AAAA"), True),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_ds_record_speaks_of_a_key(row: tuple[Said, Said, bool]) -> None:
    """By the examples of the RFCs; what nobody can tell is not told."""
    signers, keys, told = row
    findings = without_key(ZONE, answer("DS", signers), answer("DNSKEY", keys))
    assert [finding.code for finding in findings] == ["view.dnssec-bogus"] * told
    for finding in findings:
        check_texts(finding)


def test_keys_behind_an_alias_are_not_the_zones() -> None:
    """And neither are DS records."""
    keys = replace(answer("DNSKEY", (KEY,)), chain=("elsewhere.example",))
    assert without_key(ZONE, answer("DS", (BY_SHA256,)), keys)
    signers = replace(answer("DS", (UNFIT,)), chain=("elsewhere.example",))
    assert not without_key(ZONE, signers, answer("DNSKEY", (KEY,)))


@given(signer=st.text(), key=st.text())
def test_nothing_that_is_published_raises(signer: str, key: str) -> None:
    """Whatever it is."""
    without_key(ZONE, answer("DS", (f"1 5 2 {signer}",)), answer("DNSKEY", (key, f"256 3 5 {key}")))


@pytest.mark.parametrize(("keys", "told"), [((KEY,), False), ((OTHER_KEY,), True)])
def test_a_domain_whose_records_are_right_is_looked_at(keys: tuple[str, ...], told: bool) -> None:
    """The resolver saw nothing wrong; receivers that validate do."""
    record = RequiredRecord(Purpose.CHALLENGE, ZONE, "TXT", "token=1", Match.EXACT)
    zone: dict[tuple[str, str], tuple[str, ...] | Reason] = {
        (ZONE, "SOA"): ("a. h. 1 2 3 4 5",),
        (ZONE, "NS"): ("ns.fake",),
        (ZONE, "TXT"): ("token=1",),
        (ZONE, "DS"): (BY_SHA256,),
        (ZONE, "DNSKEY"): keys,
    }
    seen = asyncio.run(survey(ZONE, [record], FakeDns(zone)))
    codes = [finding.code for finding in seen.result.findings]
    assert ("view.dnssec-bogus" in codes) is told
