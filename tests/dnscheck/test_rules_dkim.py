"""DKIM keys as people publish them: what is said, and that the edits mend it."""

import asyncio
import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lab.zones import KEY, OTHER_KEY
from dnscheck.answers import Answer, Status, Value
from dnscheck.findings import Action, Edit, Judgement, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim, dkim_key, dkim_pasted, dkim_record, dkim_tags, dkim_terms, judge
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import (
    MISSING,
    OK,
    UNKNOWN,
    Published,
    Row,
    Zone,
    check,
    check_edits,
    codes_in,
    codes_of,
    good,
    judged,
)

DOMAIN = "shop.example"
NAME = f"lab._domainkey.{DOMAIN}"
RSA = RequiredRecord(Purpose.DKIM, NAME, "TXT", f"v=DKIM1; k=rsa; p={KEY}", Match.DKIM_KEY)
RIGHT = RSA.value
CURVE = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8463 appendix A.2
ED25519 = replace(RSA, value=f"v=DKIM1; k=ed25519; p={CURVE}")
STRICT = replace(RSA, providers=("scaleway-tem",))
SUBDOMAIN = replace(RSA, value=f"v=DKIM1; k=rsa; t=s; p={KEY}")
BARE = replace(RSA, value=f"p={KEY}")


def in_base64(octets: bytes) -> str:
    """Return octets as base64."""
    return base64.b64encode(octets).decode()


SPKI_OCTETS = 24  # of the header around a bare RSA key of 2048 bits
PKCS1_KEY = in_base64(base64.b64decode(KEY)[SPKI_OCTETS:])
PKCS1 = replace(RSA, value=f"v=DKIM1; k=rsa; p={PKCS1_KEY}")
WRAPPED_CURVE = in_base64(bytes.fromhex("302a300506032b6570032100") + base64.b64decode(CURVE))
WEAK_KEY = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfR"
    "YC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="
)
WEAK = replace(RSA, value=f"v=DKIM1; k=rsa; p={WEAK_KEY}")
KEY_1024 = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0BJmLpPt9SbYV0sz3GFwmlhPHBiqvbnoqT8lWdOuxEjrNmOYSYxMsuS"
    "hZ+GMYyKE7eqZPWSBxfzg2TTxIWsHiq0jyf5Wb8gz6mvi/pGMfsPZa9Y+VGlS7YOJTqdMeI8Lrnn06fGUZbM33lZwI1MeD"
    "uPdOR4o5sTmq3T4dSpZRnQIDAQAB"
)
ENOUGH = replace(RSA, value=f"v=DKIM1; k=rsa; p={KEY_1024}")
# Private keys as far as their first octets: PKCS #1 and PKCS #8 with RSA, PKCS #8 with Ed25519.
SECRETS = [
    in_base64(bytes.fromhex(start) + b"\x01" * 200)
    for start in (
        "308204a40201000282010100",
        "308204bd020100300d06092a",
        "302e020100300506032b6570",
    )
]
PEM_FILE = f"-----BEGIN PUBLIC KEY-----\n{KEY}\n-----END PUBLIC KEY-----\n"
PEM_LINE = PEM_FILE.replace("\n", "")
FOLD = "\\x0d\\x0a "
LINE_BREAK, HARD_BLANK, DOTS = "\\x0d\\x0a", "\\xc2\\xa0", "\\xe2\\x80\\xa6"


def at(*texts: str) -> Published:
    """Return what the selector publishes."""
    return {(NAME, "TXT"): texts}


def bad(about: str, code: str, *texts: str, says: tuple[str, ...] = ()) -> Row:
    """Return a row of values that are wrong in one way."""
    return Row(about, RSA, at(*texts), (f"dkim.{code}",), says=says)


def remarked(about: str, code: str, *texts: str, expected: RequiredRecord = RSA) -> Row:
    """Return a row of values that are right, with a word about them."""
    return Row(about, expected, at(*texts), (f"dkim.{code}",), OK)


GOOD = [
    good("as shown", RSA, RIGHT),
    good("no version", RSA, f"k=rsa; p={KEY}"),
    good("key alone with its tag", RSA, f"p={KEY}"),
    good("key alone, as the provider wants it", BARE, f"p={KEY}"),
    good("more than the provider wants", BARE, RIGHT),
    good("semicolon at the end", RSA, f"{RIGHT};"),
    good("semicolon and a blank at the end", RSA, f"{RIGHT} ; "),
    good("no blanks", RSA, f"v=DKIM1;k=rsa;p={KEY}"),
    good("blanks around the signs", RSA, f"v = DKIM1 ; k = rsa ; p = {KEY} "),
    good("tabs around the signs", RSA, f"v=DKIM1;\\x09k=rsa;\\x09p={KEY}"),
    good("other order", RSA, f"v=DKIM1; p={KEY}; k=rsa"),
    good("more tags", RSA, f"v=DKIM1; h=sha256; s=email; n=made by hand; k=rsa; p={KEY}"),
    good("tags nobody knows", RSA, f"v=DKIM1; k=rsa; x_1=y; mood=blue; p={KEY}"),
    good("a note about a private key", RSA, f"v=DKIM1; n=private key: ask Ann; p={KEY}"),
    good("a note in quotation marks", RSA, f'v=DKIM1; n="made; by=hand" too; p={KEY}'),
    good("every hash and service", RSA, f"v=DKIM1; h=sha1 : SHA256; s=*; k=RSA; p={KEY}"),
    good("flags nobody knows", RSA, f"v=DKIM1; t=x; p={KEY}"),
    good("empty flags", RSA, f"v=DKIM1; t=; p={KEY}"),
    good("several services", RSA, f"v=DKIM1; s=other : email; p={KEY}"),
    good("notes with signs in them", RSA, f"v=DKIM1; n=a=3Bb c; n2=\\xc3\\xa9; p={KEY}"),
    good("the tag o of DomainKeys", RSA, f"o=~; k=rsa; p={KEY}"),
    good("a tag in capitals is one nobody knows", RSA, f"T=y; S=x; p={KEY}"),
    good("granularity for all", RSA, f"v=DKIM1; g=*; p={KEY}"),
    good("not for subdomains, as the provider wants it", SUBDOMAIN, SUBDOMAIN.value),
    good("subdomains allowed beyond what is wanted", SUBDOMAIN, RIGHT),
    good("1024 bits", ENOUGH, ENOUGH.value),
    good("version where it is demanded", STRICT, RIGHT),
]

SPOILT = [
    bad("revoked", "revoked", "v=DKIM1; p="),
    bad("cut at 255", "truncated", RIGHT[:255], says=("237 of the key's 392",)),
    bad("cut with dots", "truncated", f"v=DKIM1; p={KEY[:40]}..."),
    bad("only dots", "truncated", "v=DKIM1; p=..."),
    bad("cut with an ellipsis", "truncated", f"v=DKIM1; p={KEY[:40]}{DOTS}"),
    bad("cut, in quotation marks", "truncated", f'"v=DKIM1; p={KEY[:200]}"'),
    bad("beginning lost", "truncated", f"v=DKIM1; p={KEY[200:]}", says=("Its beginning is",)),
    bad("second string alone", "truncated", KEY[200:], says=("only the second was saved",)),
    bad("both ends lost", "truncated", f"v=DKIM1; p={KEY[100:200]}", says=("beginning and its",)),
    bad("key in small letters", "case", f"v=DKIM1; k=rsa; p={KEY.lower()}"),
    bad("a dot behind the key", "unreadable", f"{RIGHT}."),
    bad("key and more", "unreadable", RIGHT + "AAAA", says=("follows the end",)),
    bad("a word", "unreadable", "v=DKIM1; p=mykey"),
    bad("plus signs lost", "unreadable", RIGHT.replace("+", " ")),
    bad("another key, cut", "unreadable", f"v=DKIM1; p={OTHER_KEY[:200]}", says=("cut short",)),
    bad(
        "other key",
        "key-differs",
        f"v=DKIM1; k=rsa; p={OTHER_KEY}",
        says=(OTHER_KEY[-16:], KEY[-16:], "selector"),
    ),
    bad("other key of another kind", "key-differs", f"v=DKIM1; k=ed25519; p={CURVE}"),
    bad("other key in a bad record", "key-differs", f'"k=rsa\\; v=DKIM; p={OTHER_KEY}"'),
    bad("version not first", "version", f"k=rsa; v=DKIM1; p={KEY}"),
    bad("version in small letters", "version", f"v=dkim1; k=rsa; p={KEY}"),
    bad("version of DMARC", "version", f"v=DMARC1; p={KEY}"),
    bad("version with a point", "version", f"v=DKIM1.0; p={KEY}"),
    bad("capital tag names", "version", f"V=DKIM1; K=rsa; P={KEY}"),
    bad("special blank", "odd-characters", f"v=DKIM1; k=rsa; p={KEY}{HARD_BLANK}"),
    bad("byte order mark", "odd-characters", f"\\xef\\xbb\\xbf{RIGHT}"),
    bad("typographic quotes", "odd-characters", f"\\xe2\\x80\\x9c{RIGHT}\\xe2\\x80\\x9d"),
    bad("no semicolons", "separators", f"v=DKIM1 k=rsa p={KEY}"),
    bad("one semicolon lost", "separators", f"v=DKIM1; k=rsa p={KEY}"),
    bad("semicolon lost behind the key", "separators", f"v=DKIM1; p={KEY} k=rsa"),
    bad("commas", "separators", f"v=DKIM1, k=rsa, p={KEY}"),
    bad("lines", "separators", f"v=DKIM1{LINE_BREAK}k=rsa\\x0ap={KEY}"),
    bad("escaped semicolons", "escaped-semicolons", RIGHT.replace(";", "\\;")),
    bad("escaped equals", "escaped-semicolons", RIGHT.replace("=", "\\=")),
    bad("quotes", "quotes-inside", f'"{RIGHT}"'),
    bad("escaped quotes", "quotes-inside", f'\\"{RIGHT}\\"'),
    bad("one quote", "quotes-inside", f'"{RIGHT}'),
    bad("single quotes", "quotes-inside", f"'{RIGHT}'"),
    bad("quoted parts", "quotes-inside", f'"{RIGHT[:250]}" "{RIGHT[250:]}"'),
    bad("quotes between", "quotes-inside", f'{RIGHT[:250]}" "{RIGHT[250:]}'),
    bad("zone-file line", "zone-file-text", f'{NAME}. 300 IN TXT "{RIGHT}"'),
    bad(
        "zone file of a key maker",
        "zone-file-text",
        f'lab._domainkey IN TXT ( "v=DKIM1; k=rsa; " "p={KEY}" ) ; ----- DKIM key lab for {DOMAIN}',
    ),
    bad("brackets", "zone-file-text", f'( "{RIGHT[:100]}" "{RIGHT[100:]}" )'),
    bad("zone-file line without quotes", "zone-file-text", f"lab IN TXT {RIGHT}"),
    bad("armour", "pem-armour", f"v=DKIM1; k=rsa; p={PEM_LINE}"),
    bad("armour with line breaks", "pem-armour", f"p={PEM_FILE}".replace("\n", "\\x0a")),
    bad("key file alone", "pem-armour", PEM_LINE),
    bad("key file in base64", "pem-armour", f"v=DKIM1; p={in_base64(PEM_FILE.encode())}"),
    bad("words before it", "syntax", f"Value: {RIGHT}"),
    bad("a part without equals", "syntax", f"v=DKIM1; rsa; p={KEY}"),
    bad("a tag without name", "syntax", f"v=DKIM1; =rsa; p={KEY}"),
    bad("tag twice", "repeated-tag", f"v=DKIM1; k=rsa; k=rsa; p={KEY}", says=("tag k",)),
    bad("key alone", "no-tags", KEY),
    bad("key in quotes", "no-tags", f'"{KEY}"'),
    bad("tag p forgotten", "no-tags", f"v=DKIM1; k=rsa; {KEY}"),
    bad("colon for equals", "no-tags", f"v=DKIM1; k=rsa; p:{KEY}"),
    bad("first string lost", "no-key", "v=DKIM1; k=rsa;"),
    bad("target of a CNAME", "names-host", "s1.domainkey.u1.wl2.sender.example."),
]
RESTRICTED = [
    bad("wrong kind", "key-type", f"v=DKIM1; k=ed25519; p={KEY}", says=("k means ed25519",)),
    bad("kind nobody knows", "key-type", f"v=DKIM1; k=rsa2048; p={KEY}"),
    bad("empty kind", "key-type", f"v=DKIM1; k=; p={KEY}", says=("k means nothing",)),
    Row("kind left out", ED25519, at(f"v=DKIM1; p={CURVE}"), ("dkim.key-type", "dkim.ed25519")),
    bad("old hash", "hash", f"v=DKIM1; h=sha1; p={KEY}", says=("only sha1",)),
    bad("an algorithm for a hash", "hash", f"v=DKIM1; h=rsa-sha256; p={KEY}"),
    bad("an algorithm for a kind", "key-type", f"v=DKIM1; k=rsa-sha256; p={KEY}"),
    bad("two kinds", "key-type", f"v=DKIM1; k=rsa:ed25519; p={KEY}"),
    bad("no service", "service", f"v=DKIM1; s=; p={KEY}", says=("only nothing",)),
    bad("hash nobody knows", "hash", f"v=DKIM1; h=sha-256; p={KEY}"),
    bad("no hash", "hash", f"v=DKIM1; h=; p={KEY}", says=("only nothing",)),
    bad("other service", "service", f"v=DKIM1; s=tlsrpt; p={KEY}", says=("only tlsrpt",)),
    Row(
        "two faults and a remark",
        RSA,
        at(f"v=DKIM1; h=sha1; t=y; s=x; p={KEY}"),
        ("dkim.hash", "dkim.service", "dkim.test-mode"),
    ),
    Row(
        "version left out where it is demanded",
        STRICT,
        at(f"k=rsa; p={KEY}"),
        ("dkim.version-wanted",),
        says=("Scaleway",),
    ),
    Row(
        "Ed25519 wrapped",
        ED25519,
        at(f"v=DKIM1; k=ed25519; p={WRAPPED_CURVE}"),
        ("dkim.ed25519-wrapped", "dkim.ed25519"),
    ),
]
SEVERAL = [
    bad("two keys", "two-keys", RIGHT, f"v=DKIM1; p={OTHER_KEY}"),
    bad("two wrong keys", "two-keys", "v=DKIM1; p=", f"p={OTHER_KEY}"),
    bad("RSA and Ed25519 at one selector", "two-keys", RIGHT, ED25519.value),
    bad("a revoked key beside it", "two-keys", RIGHT, "v=DKIM1; p="),
    bad("the same key twice", "two-keys", f"p={KEY}", RIGHT),
    bad("the key, and the key spoilt", "two-keys", f"v=DKIM1; h=sha1; p={KEY}", f'"{RIGHT}"'),
    bad("two records of parts", "split-records", RIGHT[:200], RIGHT[200:]),
    bad("parts in quotes", "split-records", f'"{RIGHT[:200]}"', f'"{RIGHT[200:]}"'),
    bad("bare parts", "split-records", KEY[:200], KEY[200:]),
    *(bad(f"private {key[:8]}", "private-key", f"v=DKIM1; k=rsa; p={key}") for key in SECRETS),
    bad("private, cut", "private-key", f"v=DKIM1; p={SECRETS[0][:40]}", says=("revoke",)),
    bad("private and alone", "private-key", SECRETS[1]),
    bad("private beside the key", "private-key", RIGHT, f"p={SECRETS[0]}"),
    bad("private file", "private-key", f"-----BEGIN RSA PRIVATE KEY-----{SECRETS[0]}"),
    bad("private file with a password", "private-key", "p=-----BEGIN ENCRYPTED PRIVATE KEY-----M"),
    bad(
        "private file in base64",
        "private-key",
        "p=" + in_base64(f"-----BEGIN PRIVATE KEY-----\n{SECRETS[1]}\n".encode()),
    ),
]
ELSEWHERE = [
    Row("nothing", RSA, {}, ("dkim.missing",), MISSING, ("Nothing at all", f"record at {NAME}")),
    Row("other text", RSA, at("hello"), ("dkim.missing",), MISSING, ("but not this one",)),
    Row("other policy", RSA, at("v=DMARC1; p=none"), ("dkim.missing",), MISSING, ("in place of",)),
    Row(
        "without its selector",
        RSA,
        {(f"_domainkey.{DOMAIN}", "TXT"): ("o=~", RIGHT)},
        ("dkim.no-selector",),
        MISSING,
        (f"at _domainkey.{DOMAIN}", "selector lab"),
    ),
    Row(
        "without its selector, behind an alias",
        RSA,
        {
            (f"_domainkey.{DOMAIN}", "CNAME"): ("k.other.example",),
            ("k.other.example", "TXT"): (RIGHT,),
        },
        ("dkim.no-selector",),
        MISSING,
    ),
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
    Row(
        "key as the target of an alias",
        ED25519,
        {(NAME, "CNAME"): (f"v=dkim1\\;\\032k=ed25519\\;\\032p={CURVE.lower()}",)},
        ("dkim.is-cname",),
    ),
    Row(
        "at another selector",
        RSA,
        {(f"default._domainkey.{DOMAIN}", "TXT"): (RIGHT,)},
        ("dkim.other-selector",),
        MISSING,
        (f"default._domainkey.{DOMAIN}", "selector lab"),
    ),
    Row(
        "another key at another selector",
        RSA,
        {(f"default._domainkey.{DOMAIN}", "TXT"): (f"p={OTHER_KEY}",)},
        ("dkim.missing",),
        MISSING,
    ),
]
REMARKS = [
    remarked("blanks", "white-space", f"v=DKIM1; p={KEY[:70]} {KEY[70:]}"),
    remarked("tab inside", "white-space", f"v=DKIM1; p={KEY[:70]}\\x09{KEY[70:]}"),
    remarked("line break", "line-breaks", f"v=DKIM1; p={KEY[:70]}{LINE_BREAK}{KEY[70:]}"),
    remarked("folded", "folded", f"v=DKIM1;{FOLD}k=rsa;{FOLD}p={KEY[:70]}{FOLD}{KEY[70:]}"),
    remarked("folded with a tab", "folded", f"v=DKIM1;{LINE_BREAK}\\x09k=rsa; p={KEY}"),
    remarked("folded in one place", "line-breaks", f"v=DKIM1;{FOLD}k=rsa;{LINE_BREAK}p={KEY}"),
    remarked("line break between tags", "line-breaks", f"v=DKIM1;\\x0ak=rsa;\\x0ap={KEY}"),
    remarked("bare RSA key", "pkcs1", f"v=DKIM1; k=rsa; p={PKCS1_KEY}"),
    remarked("bare RSA key, as it was given", "pkcs1", PKCS1.value, expected=PKCS1),
    remarked("test mode", "test-mode", f"v=DKIM1; t=y; p={KEY}"),
    remarked("test mode in capitals", "test-mode", f"v=DKIM1; t=Y; p={KEY}"),
    remarked("granularity", "granularity", f"v=DKIM1; g=news; p={KEY}"),
    remarked("empty granularity", "granularity", f"v=DKIM1; g=; p={KEY}"),
    remarked("nothing between semicolons", "empty-tag", f"v=DKIM1;; p={KEY}"),
    remarked("not for subdomains", "strict", f"v=DKIM1; t=s; p={KEY}"),
    remarked("beside another text", "other-text", "hello", RIGHT),
    remarked("beside another policy", "other-text", "v=DMARC1; p=none", RIGHT),
    remarked("Ed25519", "ed25519", ED25519.value, expected=ED25519),
    remarked("beside an empty text", "other-text", "", RIGHT),
    remarked("nothing before the first semicolon", "empty-tag", f"; v=DKIM1; p={KEY}"),
    remarked("padding too much", "padding", f"v=DKIM1; p={KEY}=="),
    Row(
        "padding lost",
        ED25519,
        at(ED25519.value.rstrip("=")),
        ("dkim.padding", "dkim.ed25519"),
        OK,
    ),
    Row(
        "test mode, not for subdomains",
        RSA,
        at(f"v=DKIM1; t=y:s; p={KEY}"),
        ("dkim.test-mode", "dkim.strict"),
        OK,
    ),
]
BAD = [*SPOILT, *RESTRICTED, *SEVERAL, *ELSEWHERE]
TOO_WEAK = Row("512 bits", WEAK, at(WEAK.value), ("dkim.weak-key",))


@pytest.mark.parametrize("row", [*GOOD, *BAD, *REMARKS, TOO_WEAK], ids=str)
def test_what_is_said(row: Row) -> None:
    """Verdict and codes of each published record."""
    check(row)


@pytest.mark.parametrize("row", [*BAD, *REMARKS], ids=str)
def test_the_edits_mend_it(row: Row) -> None:
    """Made by the letter, the edits leave a good record."""
    check_edits(row)


def test_every_code_has_a_row() -> None:
    """No words without a record that brings them up."""
    modules = (dkim, dkim_key, dkim_pasted, dkim_record, dkim_terms)
    written = {code for module in modules for code in codes_in(module)}
    assert codes_of([*BAD, *REMARKS, TOO_WEAK]) == written | {"dkim.missing"}


@pytest.mark.parametrize("row", REMARKS, ids=str)
def test_a_warning_comes_with_an_edit(row: Row) -> None:
    """What is worth changing says how; what is only worth knowing changes nothing."""
    for finding in judged(row.expected, row.published).findings:
        assert bool(finding.edits) == (finding.severity is Severity.WARNING)


def test_no_edit_makes_a_weak_key_strong() -> None:
    """Only the provider can, so there is nothing to type."""
    [finding] = judged(WEAK, TOO_WEAK.published).findings
    assert (finding.severity, finding.edits) == (Severity.ERROR, ())


@pytest.mark.parametrize(
    ("published", "after"),
    [
        (f"v=DKIM1; t=y; p={KEY}", RIGHT),
        (f"v=DKIM1; t=s:y; n=by hand; g=; p={KEY}", f"{RIGHT}; t=s; n=by hand"),
        (f"s=email; h=sha1; x=1; v=DKIM1; p={KEY}", f"{RIGHT}; s=email; x=1"),
        (f"h=sha1:sha256; s=x; k=rsa; v=DKIM1; p={KEY}", f"{RIGHT}; h=sha1:sha256"),
        (f"v=DKIM1\\; n=by hand\\; p={KEY}", f"{RIGHT}; n=by hand"),
        (f'k=rsa; n="by hand"; m=\\xff; v=DKIM1; p={KEY}', RIGHT),
        (f"v=DKIM1; n=of another; p={OTHER_KEY}", RIGHT),
        (f"n=by hand; p={PKCS1_KEY}", f"{RIGHT}; n=by hand"),
    ],
)
def test_the_edit_keeps_what_does_no_harm(published: str, after: str) -> None:
    """Notes and restrictions around the right key stay; with another key the record is another."""
    edits = judged(RSA, at(published)).findings[0].edits
    assert [(edit.action, edit.before, edit.after) for edit in edits] == [
        (Action.CHANGE, published, after)
    ]


def test_a_bare_rsa_key_becomes_the_usual_form() -> None:
    """Also when the provider gave it bare: the edit publishes the header that others have."""
    [finding] = judged(PKCS1, at(PKCS1.value)).findings
    assert [edit.after for edit in finding.edits] == [RIGHT]


def test_what_stands_at_the_selector_makes_way_in_one_edit() -> None:
    """A policy there by mistake is changed into the key, which needs no second look."""
    [finding] = judged(RSA, at("v=spf1 -all")).findings
    assert finding.edits == (Edit(Action.CHANGE, NAME, "TXT", "v=spf1 -all", RIGHT),)


def test_a_key_that_is_whole_is_not_called_cut_short() -> None:
    """Whatever follows it."""
    for behind in (".", "...", "*", ".*", "…"):
        for finding in judged(RSA, at(f"{RIGHT}{behind}")).findings:
            assert "392 of the key's 392" not in finding.why


def test_of_two_records_the_good_one_stays() -> None:
    """The other is deleted, and nothing has to be typed."""
    kept = f"v=DKIM1; n=by hand; p={KEY}"
    [finding] = judged(RSA, at(f"p={OTHER_KEY}", kept)).findings
    assert [(edit.action, edit.before) for edit in finding.edits] == [
        (Action.DELETE, f"p={OTHER_KEY}")
    ]


def test_an_alias_to_the_key_is_as_good() -> None:
    """The name may be a CNAME to where the key is; a warning about it is for whoever keeps it."""
    alias = {(NAME, "CNAME"): ("k.other.example",)}
    far = {**alias, ("k.other.example", "TXT"): (RIGHT,)}
    assert judged(RSA, far) == Judgement(OK)
    odd = {**alias, ("k.other.example", "TXT"): (f"v=DKIM1; t=y; p={KEY}", "hello")}
    seen = judged(RSA, odd)
    assert [finding.code for finding in seen.findings] == ["dkim.test-mode", "dkim.other-text"]
    for finding in seen.findings:
        assert (finding.edits, "k.other.example" in finding.fix) == ((), True)


def test_a_wildcard_puts_the_key_at_no_selector() -> None:
    """It answers for every name that has no records; the selector itself has another one."""
    dns = Zone({(NAME, "A"): ("192.0.2.1",)})

    async def ask(name: str, type: str) -> Answer:
        if type == "TXT" and name.endswith(f"._domainkey.{DOMAIN}") and name != NAME:
            return Answer(name, type, Status.FOUND, (Value(RIGHT),))
        return await dns.ask(name, type)

    async def one() -> Judgement:
        return await judge(RSA, await ask(NAME, "TXT"), ask)

    [finding] = asyncio.run(one()).findings
    assert finding.code == "dkim.missing"


def test_an_optional_key_at_another_selector_is_a_remark() -> None:
    """Nobody misses a record that is not required."""
    published = {(f"s1._domainkey.{DOMAIN}", "TXT"): (RIGHT,)}
    [finding] = judged(replace(RSA, required=False), published).findings
    assert (finding.code, finding.severity) == ("dkim.other-selector", Severity.INFO)


@pytest.mark.parametrize("size", [1, 40, 255])
def test_a_key_in_many_strings_is_one_key(size: int) -> None:
    """Only the joined text counts."""

    async def ask(name: str, type: str) -> Answer:
        return Answer(name, type, Status.NO_NAME)

    strings = tuple(RIGHT[at : at + size] for at in range(0, len(RIGHT), size))
    answer = Answer(NAME, "TXT", Status.FOUND, (Value("".join(strings), strings),))
    assert asyncio.run(judge(RSA, answer, ask)) == Judgement(OK)


def test_a_key_given_in_no_known_form_is_compared_as_text() -> None:
    """What was stored long ago and cannot be decoded is still right when it is published."""
    odd = replace(RSA, value="v=DKIM1; k=rsa; p=AAAABBBBCCCCDDDDEEEE")
    assert judged(odd, at(odd.value)) == Judgement(OK)


@pytest.mark.parametrize("text", ["", ";", "=", ";;", "a=1; a=2", "v", "\\x0a", " ; p = x ; "])
def test_any_text_is_a_tag_list_of_some_kind(text: str) -> None:
    """Reading never raises, and a list with a fault says so."""
    tags = dkim_tags.read(text)
    assert tags.is_sound == (text in ("", ";", ";;", "\\x0a", " ; p = x ; "))


TAGS = ["v=DKIM1", "V=DKIM1", "p=", "P=", "k=rsa", "k=", "h=sha1", "t=y:s", "g=", "n=x", "s=tlsrpt"]
SIGNS = [
    ";",
    "; ",
    "\\;",
    '"',
    "'",
    " ",
    "=",
    ",",
    "\\x09",
    "\\x0a",
    "\\xc2",
    "(",
    "...",
    "IN TXT ",
]
FILES = ["-----BEGIN PUBLIC KEY-----", "LS0tLS1CRUdJTi", "BEGIN PRIVATE KEY", "MIIEpAIBAAKCAQEA"]
KEYS = [KEY, KEY[:200], KEY[200:], OTHER_KEY, PKCS1_KEY, CURVE, WRAPPED_CURVE]
PARTS = st.sampled_from([*TAGS, *SIGNS, *FILES, *KEYS])
TEXTS = st.one_of(st.text(max_size=40), st.lists(PARTS, max_size=9).map("".join))


@given(st.lists(TEXTS, unique=True, max_size=4), st.sampled_from([RSA, ED25519, STRICT, PKCS1]))
def test_nothing_published_makes_it_stumble(texts: list[str], expected: RequiredRecord) -> None:
    """Any text ends in a verdict, and the edits mend whatever was there."""
    row = Row("any", expected, at(*texts) if texts else {})
    assert judged(row.expected, row.published).verdict is not UNKNOWN
    check_edits(row)
