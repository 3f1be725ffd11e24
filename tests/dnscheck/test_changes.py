"""What became of a record between two sights of it, in words."""

import pytest

from dnscheck.changes import changes
from dnscheck.diagnosis import MOST_VALUES

HERE = "shop.example"
KEY_NAME = "s1._domainkey.shop.example"
SPF = "v=spf1 include:spf.mandrillapp.com ip4:192.0.2.1 ~all"
KEY = "v=DKIM1; k=rsa; p=AAAA"

TABLE = {
    "a term of SPF vanishes": (
        (HERE, "TXT", [SPF], ["v=spf1 ip4:192.0.2.1 ~all"]),
        ["`include:spf.mandrillapp.com` vanished from the SPF record at `shop.example`."],
    ),
    "a term of SPF appears": (
        (HERE, "TXT", ["v=spf1 -all"], ["v=spf1 mx -all"]),
        ["`mx` appeared in the SPF record at `shop.example`."],
    ),
    "the end of SPF becomes strict": (
        (HERE, "TXT", ["v=spf1 mx ~all"], ["v=spf1 mx -all"]),
        ["`~all` became `-all` in the SPF record at `shop.example`."],
    ),
    "two terms of SPF change at once": (
        (HERE, "TXT", ["v=spf1 a ~all"], ["v=spf1 mx ~all"]),
        [
            "`a` vanished from the SPF record at `shop.example`.",
            "`mx` appeared in the SPF record at `shop.example`.",
        ],
    ),
    "SPF in another order": (
        (HERE, "TXT", ["v=spf1 a mx -all"], ["v=spf1 mx a -all"]),
        ["The parts of the SPF record at `shop.example` are the same, in another order."],
    ),
    "SPF with another blank": (
        (HERE, "TXT", ["v=spf1 mx -all"], ["v=spf1  mx -all"]),
        ["The parts of the SPF record at `shop.example` are the same, spelt otherwise."],
    ),
    "SPF vanishes beside a token": (
        (HERE, "TXT", ["token=1", SPF], ["token=1"]),
        ["An SPF record vanished from `shop.example`."],
    ),
    "a second SPF record": (
        (HERE, "TXT", [SPF], [SPF, "v=spf1 -all"]),
        ["An SPF record appeared at `shop.example`."],
    ),
    "an SPF record changes beside a token that goes": (
        (HERE, "TXT", ["token=1", "v=spf1 mx ~all"], ["v=spf1 mx -all"]),
        [
            "`~all` became `-all` in the SPF record at `shop.example`.",
            "TXT `token=1` vanished from `shop.example`.",
        ],
    ),
    "a policy": (
        ("_dmarc.shop.example", "TXT", ["v=DMARC1; p=none"], ["v=DMARC1; p=reject; pct=50"]),
        [
            "`p=none` became `p=reject` in the DMARC record at `_dmarc.shop.example`.",
            "`pct=50` appeared in the DMARC record at `_dmarc.shop.example`.",
        ],
    ),
    "a key": (
        (KEY_NAME, "TXT", [KEY], ["v=DKIM1; k=rsa; p=BBBB"]),
        ["The DKIM key at `s1._domainkey.shop.example` changed."],
    ),
    "a key that is withdrawn": (
        (KEY_NAME, "TXT", [KEY], ["v=DKIM1; k=rsa; p="]),
        ["The DKIM key at `s1._domainkey.shop.example` was withdrawn: `p=` holds none."],
    ),
    "a key that comes back": (
        (KEY_NAME, "TXT", ["v=DKIM1; k=rsa; p="], [KEY]),
        ["The DKIM key at `s1._domainkey.shop.example` is there again."],
    ),
    "a flag beside the key": (
        (KEY_NAME, "TXT", [KEY], [f"{KEY}; t=y"]),
        ["`t=y` appeared in the DKIM record at `s1._domainkey.shop.example`."],
    ),
    "a key with blanks in it": (
        (KEY_NAME, "TXT", [KEY], ["v=DKIM1; k=rsa; p=AA AA"]),
        [
            "The parts of the DKIM record at `s1._domainkey.shop.example` are the same, "
            "spelt otherwise."
        ],
    ),
    "a key where something else was": (
        (KEY_NAME, "TXT", ["hello"], [KEY]),
        ["The TXT at `s1._domainkey.shop.example` was replaced."],
    ),
    "a host for mail appears": (
        (HERE, "MX", [], ["10 mx1.example"]),
        ["MX `10 mx1.example` appeared at `shop.example`."],
    ),
    "a host for mail vanishes": (
        (HERE, "MX", ["10 mx1.example", "20 mx2.example"], ["10 mx1.example"]),
        ["MX `20 mx2.example` vanished from `shop.example`."],
    ),
    "a preference": (
        (HERE, "MX", ["10 mx1.example"], ["20 MX1.example."]),
        ["MX `MX1.example.` of `shop.example` has preference `20` instead of `10`."],
    ),
    "an alias": (
        ("em.shop.example", "CNAME", ["a.example"], ["b.example"]),
        ["The CNAME at `em.shop.example` points to `b.example` instead of `a.example`."],
    ),
    "an alias vanishes": (
        ("em.shop.example", "CNAME", ["a.example"], []),
        ["CNAME `a.example` vanished from `em.shop.example`."],
    ),
    "capitals of a host": (("em.shop.example", "CNAME", ["A.example."], ["a.example"]), []),
    "nothing": ((HERE, "TXT", [SPF], [SPF]), []),
    "the order of an answer": ((HERE, "TXT", ["b", "a"], ["a", "b"]), []),
    "a value that is one of too many": (
        (HERE, "TXT", [str(n) for n in range(MOST_VALUES)], [str(n) for n in range(3)]),
        [],
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_change_is_told_in_words(case: str) -> None:
    """Each part of a record by itself: SPF by terms, DMARC and DKIM by tags, MX by host."""
    sights, wanted = TABLE[case]
    told = [sentence for change in changes(*sights) for sentence in change.sentences]
    assert ["`".join(sentence) for sentence in told] == wanted


def test_the_whole_old_value_is_kept_to_be_put_back() -> None:
    """Not only the term that went: what is pasted at the DNS host is the record."""
    [change] = changes(HERE, "TXT", ["token", SPF], ["token", "v=spf1 -all"])
    assert (change.before, change.after) == (SPF, "v=spf1 -all")
    [gone] = changes(HERE, "MX", ["10 mx1.example"], [])
    assert (gone.before, gone.after) == ("10 mx1.example", "")
