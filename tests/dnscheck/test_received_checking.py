"""Received messages against today's DNS: real signatures, keys on a real name server, real words.

Each message is signed by dkimpy and examined through the lab's name server and the real resolver.
"""

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from nacl.encoding import Base64Encoder
from nacl.signing import SigningKey

from config.lab.zones import KEY, txt
from dnscheck.answers import Answer, Reason, Status, Value
from dnscheck.findings import Severity
from dnscheck.received import words
from dnscheck.received.checking import Report, examine, examine_again
from dnscheck.received.differences import Portal, findings
from dnscheck.received.message import parse
from dnscheck.received.reading import Connection
from dnscheck.received.signatures import Fit, Key, check, signatures
from dnscheck.received.summary import headline, lines
from dnscheck.resolver import Resolver
from tests.dnscheck.catalogue_zones import StillServer, serving
from tests.dnscheck.judging import check_texts, codes_in
from tests.fakes import FakeDns

IP, ELSEWHERE = "192.0.2.1", "192.0.2.99"
SEED = base64.b64encode(bytes(32))
BODY = b"Hello  you,\r\n\r\nthis is a mail.\r\n\r\n\r\n"
HEADER = (
    b"From: Shop <news@shop.example>\r\nTo: anna@home.example\r\nSubject: Hello\r\n"
    b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@shop.example>\r\n"
)
MAIL = HEADER + b"\r\n" + BODY


@cache
def key_pair() -> tuple[bytes, str]:
    """Return a private key as PEM, and the public one as it stands in tag p."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return pem, base64.b64encode(public).decode()


def signed(domain: str = "shop.example", selector: str = "s1", mail: bytes = MAIL) -> bytes:
    """Return a mail with a signature in front of it."""
    signature: bytes = dkim.sign(mail, selector.encode(), domain.encode(), key_pair()[0])
    return signature + mail


def signed_with_seed(mail: bytes = MAIL) -> bytes:
    """Return a mail with an Ed25519 signature."""
    algorithm = b"ed25519-sha256"
    signature: bytes = dkim.sign(mail, b"ed", b"shop.example", SEED, signature_algorithm=algorithm)
    return signature + mail


def received(
    mail: bytes,
    *,
    dkim: str = "pass header.d=shop.example header.s=s1",
    spf: str = "pass",
    dmarc: str = "pass",
    ip: str = IP,
    mail_from: str = "b@shop.example",
    more: str = "",
) -> bytes:
    """Return a mail with what a receiver put in front of it."""
    said = f"mx.home.example; dkim={dkim}; spf={spf} smtp.mailfrom={mail_from}; dmarc={dmarc}"
    top = (
        f"Return-Path: <{mail_from}>\r\n{more}Authentication-Results: {said}\r\n"
        f"Received: from out.shop.example (out.shop.example [{ip}])\r\n"
        "\tby mx.home.example (Postfix) with ESMTPS id 1; Sat, 21 Nov 2026 10:00:01 +0000\r\n"
    )
    return top.encode() + mail


def zone() -> str:
    """Return the records of the domain: two right keys, and some that are not."""
    return "".join(
        (
            txt("@", f"v=spf1 ip4:{IP} -all"),
            txt("_dmarc", "v=DMARC1; p=reject"),
            txt("s1._domainkey", f"v=DKIM1; k=rsa; p={key_pair()[1]}"),
            txt("ed._domainkey", f"v=DKIM1; k=ed25519; p={seed_public()}"),
            txt("other._domainkey", f"v=DKIM1; p={KEY}"),
            txt("revoked._domainkey", "v=DKIM1; p="),
            txt("broken._domainkey", f"v=DKIM1; p={KEY[:99]}"),
        )
    )


def seed_public() -> str:
    """Return the public half of the Ed25519 key."""
    return SigningKey(SEED, encoder=Base64Encoder).verify_key.encode(Base64Encoder).decode()


ZONES = {
    "service.example": txt("@", f"v=spf1 ip4:{IP} -all")
    + "s1._domainkey CNAME s1._domainkey.shop.example.\n",
    "bare.example": txt("@", f"v=spf1 ip4:{IP} -all"),
    "strict.example": txt("_dmarc", "v=DMARC1; p=reject; aspf=s; adkim=s")
    + txt("mail", f"v=spf1 ip4:{IP} -all"),
    "silent.example": "; mood: servfail\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StillServer]:
    """Serve the zones."""
    folder: Path = tmp_path_factory.mktemp("zones")
    with serving(folder, {**ZONES, "shop.example": zone()}) as running:
        yield running


def examined(server: StillServer, octets: bytes, given: Connection = Connection()) -> Report:  # noqa: B008
    """Examine a message through the real resolver; what is stored of it comes back the same."""

    async def one() -> Report:
        asking = Resolver([(server.host, server.port)])
        return await examine(octets, given, asking.ask)

    report = asyncio.run(one())
    assert Report.from_json(json.loads(json.dumps(report.as_json()))) == report
    return report


def codes(report: Report, portal: Portal | None = None) -> list[str]:
    """Return the codes of what is said, without that the domain is unknown here."""
    found = findings(report, portal)
    for finding in found:
        check_texts(finding)
    return [one.code for one in found if portal or one.code != words.NOT_IN_PORTAL.code]


LATER = received(signed())
FOOTER = signed() + b"-- \r\nUnsubscribe here\r\n"
TAGGED = signed().replace(b"Subject: Hello", b"Subject: [list] Hello")
AS_SERVICE = received(signed("service.example"), mail_from="b@service.example", dkim="pass")
FROM_BARE = MAIL.replace(b"@shop.example>\r\nTo", b"@bare.example>\r\nTo")
FROM_STRICT = MAIL.replace(b"@shop.example>\r\nTo", b"@strict.example>\r\nTo")
FROM_SILENT = MAIL.replace(b"@shop.example>\r\nTo", b"@silent.example>\r\nTo")
NAMED = "header.d=shop.example header.s=s1"

# what was pasted, DMARC today, what is said of it
CASES = [
    pytest.param(LATER, "pass", [], id="right in every way"),
    pytest.param(received(signed_with_seed()), "pass", [], id="signed with Ed25519"),
    pytest.param(
        received(signed(), dkim=f"fail {NAMED}", dmarc="fail"),
        "pass",
        ["mail.signature-fits-now", "mail.passes-now"],
        id="the key was published after it arrived",
    ),
    pytest.param(
        received(signed(), dkim=f"fail {NAMED}").partition(b"\r\n\r\n")[0],
        "pass",
        ["mail.header-fits-now", "mail.headers-only"],
        id="the header alone, of a message that failed",
    ),
    pytest.param(
        LATER.partition(b"\r\n\r\n")[0], "pass", ["mail.headers-only"], id="the header alone"
    ),
    pytest.param(
        received(FOOTER, dkim=f"fail (body hash) {NAMED}", ip=ELSEWHERE, spf="fail", dmarc="fail"),
        "fail",
        ["mail.body-changed", "mail.spf-not-covered"],
        id="a footer, sent by another server",
    ),
    pytest.param(
        received(TAGGED, dkim=f"fail {NAMED}", more="List-Post: <mailto:l@home.example>\r\n"),
        "pass",
        ["mail.header-changed"],
        id="a list put its mark into the subject",
    ),
    pytest.param(
        received(TAGGED), "pass", ["mail.signature-fitted"], id="changed after it arrived"
    ),
    pytest.param(
        received(signed(selector="other"), dkim="fail header.d=shop.example header.s=other"),
        "pass",
        ["mail.header-changed"],
        id="another key is published",
    ),
    pytest.param(
        received(signed(selector="gone"), dkim="permerror", ip=ELSEWHERE, spf="fail", dmarc="fail"),
        "fail",
        ["mail.key-missing", "mail.spf-not-covered"],
        id="no key, and no SPF",
    ),
    pytest.param(
        received(signed(selector="revoked")), "pass", ["mail.key-unusable"], id="a revoked key"
    ),
    pytest.param(
        received(signed(selector="broken")), "pass", ["mail.key-unusable"], id="a cut key"
    ),
    pytest.param(
        received(b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example\r\n" + MAIL),
        "pass",
        ["mail.bad-signature"],
        id="a signature without a selector",
    ),
    pytest.param(
        received(signed().replace(b"a=rsa-sha256", b"a=rsa-sha1")),
        "pass",
        ["mail.bad-signature"],
        id="a signature with SHA-1",
    ),
    pytest.param(received(MAIL, dkim="none"), "pass", ["mail.not-signed"], id="not signed"),
    pytest.param(
        AS_SERVICE,
        "fail",
        ["mail.signed-by-other", "mail.spf-of-other"],
        id="all of it proves the service alone",
    ),
    pytest.param(
        received(signed(), mail_from="b@service.example", ip=ELSEWHERE, spf="fail"),
        "pass",
        ["mail.spf-of-other-fails"],
        id="the bounce domain does not cover it",
    ),
    pytest.param(
        received(signed(), mail_from="SRS0=a=b=shop.example=b@service.example", ip=ELSEWHERE),
        "pass",
        ["mail.spf-fails-now"],
        id="SPF was right on arrival",
    ),
    pytest.param(
        received(signed(), mail_from="b@shop.example", ip=ELSEWHERE, spf="softfail",
                 more="X-Forwarded-To: c@home.example\r\n"),
        "pass",
        ["mail.forwarded"],
        id="forwarded, DKIM holds",
    ),
    pytest.param(
        received(signed(), spf="softfail"), "pass", ["mail.spf-passes-now"], id="SPF was mended"
    ),
    pytest.param(
        received(FROM_BARE, mail_from="b@bare.example", dkim="none", dmarc="none"),
        "pass",
        ["mail.not-signed", "mail.no-policy"],
        id="no policy",
    ),
    pytest.param(
        received(FROM_STRICT, mail_from="b@mail.strict.example", dkim="none", dmarc="fail"),
        "fail",
        ["mail.not-signed", "mail.spf-of-other", "mail.alignment-strict"],
        id="strict alignment",
    ),
    pytest.param(
        received(FROM_SILENT, mail_from="b@silent.example", dkim="none"),
        "unknown",
        ["mail.not-signed", "mail.could-not-ask"],
        id="nobody answers",
    ),
    pytest.param(
        signed(), "pass", ["mail.no-results", "mail.no-connection"], id="as it was sent"
    ),
    pytest.param(b"Subject: Hello\r\n\r\nHello", "unknown",
                 ["mail.no-author", "mail.no-results"], id="no author"),
]  # fmt: skip


@pytest.mark.parametrize(("octets", "dmarc", "said"), CASES)
def test_every_difference_is_named(
    server: StillServer, octets: bytes, dmarc: str, said: list[str]
) -> None:
    """What the receiver said, what holds today, and why the two differ."""
    report = examined(server, octets)
    assert (report.dmarc.result, codes(report)) == (dmarc, said)


OTHERS = {  # shown by tests of their own
    *("mail.not-in-portal", "mail.records-are-right", "mail.unknown-key"),
    *("mail.several-authors", "mail.lost-folds", "mail.too-long", "mail.foreign-results"),
}


def test_every_word_is_needed() -> None:
    """No finding is written that nothing leads to."""
    shown = {code for case in CASES for code in case.values[2]}  # type: ignore[union-attr]
    assert codes_in(words) == shown | OTHERS


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"From: c@shop.example\r\n" + LATER, "mail.several-authors"),
        (LATER.replace(b"\r\n\tby", b"\r\nby"), "mail.lost-folds"),
        (LATER + b"b" * 2_000_000, "mail.too-long"),
        (
            b"Received: from a.where.example ([192.0.2.7]) by mx.there.example with SMTP; Sat\r\n"
            b"Received: from b.where.example ([192.0.2.8]) by a.where.example with SMTP; Sat\r\n"
            + LATER,
            "mail.foreign-results",
        ),
    ],
)
def test_what_was_pasted_is_told_of(server: StillServer, octets: bytes, code: str) -> None:
    """What limits the judgement stands beside it."""
    assert code in codes(examined(server, octets))


def test_what_the_portal_knows_is_compared(server: StillServer) -> None:
    """Right records with failing mail mean another way; an unexpected selector is noticed."""
    key = ("s2._domainkey.shop.example", "dkim")
    portal = Portal("shop.example", "verified", {key: "ok", ("shop.example", "spf"): "ok"})
    assert codes(examined(server, LATER), portal) == ["mail.unknown-key"]
    assert "mail.records-are-right" in codes(examined(server, AS_SERVICE), portal)
    changed = received(FOOTER, dkim=f"fail {NAMED}", ip=ELSEWHERE, spf="fail", dmarc="fail")
    assert "mail.records-are-right" not in codes(examined(server, changed), portal)
    known = replace(portal, records={("s1._domainkey.shop.example", "dkim"): "ok"})
    assert codes(examined(server, LATER), known) == []
    assert words.NOT_IN_PORTAL.code in {one.code for one in findings(examined(server, LATER), None)}


def test_a_fault_is_grave_only_where_dmarc_fails(server: StillServer) -> None:
    """A message that passes by the other way warns, and does not alarm."""
    missing = signed(selector="gone")
    grave = {True: Severity.WARNING, False: Severity.ERROR}
    for ip, passes in ((IP, True), (ELSEWHERE, False)):
        found = findings(examined(server, received(missing, ip=ip, spf="", dkim="none")), None)
        assert [one.severity for one in found if one.code == "mail.key-missing"] == [grave[passes]]


def test_the_sentence_and_the_table(server: StillServer) -> None:
    """First who says what of DMARC; then line by line: the receiver, today, the portal."""
    portal = Portal(
        "service.example",
        "verified",
        {("service.example", "spf"): "ok", ("_dmarc.service.example", "dmarc"): "missing"},
        ("By DMARC, it passes.",),
    )
    report = examined(server, AS_SERVICE)
    verdict, sentence = headline(report)
    assert verdict == "unknown"
    assert sentence.startswith("The message arrived authenticated: DMARC passed at mx.home.example")
    assert "neither DKIM nor SPF proves shop.example" in sentence
    table = [(line.label, line.said.word, line.today.word, line.portal.word)
             for line in lines(report, portal)]  # fmt: skip
    assert table == [
        ("SPF", "pass", "pass", "ok"),
        ("DKIM", "pass", "pass", ""),
        ("DMARC", "pass", "fail", "missing"),
    ]
    assert headline(examined(server, LATER))[0] == "pass"
    assert headline(examined(server, received(MAIL, dmarc="fail")))[0] == "fail"
    assert headline(examined(server, b"X-A: b"))[0] == "unknown"


def test_a_person_may_know_better_who_delivered(server: StillServer) -> None:
    """What is entered counts before what was read, also when the message is long gone."""
    report = examined(server, LATER, Connection(ip=ELSEWHERE))
    assert (report.spf.result, report.reading.connection.mail_from) == ("fail", "b@shop.example")

    async def corrected() -> Report:
        asking = Resolver([(server.host, server.port)])
        return await examine_again(report, Connection(IP, "", "b@service.example"), asking.ask)

    after = asyncio.run(corrected())
    assert (after.spf.result, after.spf.domain, after.spf.is_aligned) == (
        *("pass", "service.example", False),
    )
    assert after.signatures == report.signatures


@pytest.mark.parametrize("canonical", [(b"simple", b"simple"), (b"relaxed", b"relaxed")])
@pytest.mark.parametrize("length", [False, True])
def test_all_canonical_forms_are_known(*, canonical: tuple[bytes, bytes], length: bool) -> None:
    """Simple and relaxed, with a signed length and without; an added line is noticed but there."""
    pem, public = key_pair()
    made = dkim.sign(MAIL, b"s1", b"shop.example", pem, canonicalize=canonical, length=length)
    answer = found(f"v=DKIM1; p={public}")

    def fits(mail: bytes) -> tuple[Fit, Fit]:
        message = parse(mail)
        [signature] = signatures(message)
        seen = check(message, signature, answer)
        return seen.header, seen.body

    assert fits(made + MAIL) == (Fit.YES, Fit.YES)
    assert fits(made + MAIL + b"more\r\n") == (Fit.YES, Fit.YES if length else Fit.NO)
    assert fits(made + MAIL.replace(b"Hello\r", b"Hallo\r")) == (Fit.NO, Fit.YES)


def found(*texts: str) -> Answer:
    """Return an answer with these texts."""
    values = tuple(map(Value, texts))
    return Answer("s1._domainkey.shop.example", "TXT", Status.FOUND, values)


def test_an_old_signature_is_judged_as_of_then() -> None:
    """A signature that has expired by today did not expire on its way."""
    public = key_pair()[1]
    made = signed().replace(b"; h=", b"; x=1000000001; h=").replace(b"t=1", b"t=0", 1)
    message = parse(made)
    [signature] = signatures(message)
    assert signature.problem == ""
    assert check(message, signature, found(f"p={public}")).body is Fit.YES


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (("v=DKIM1; p=",), Key.REVOKED),
        (("v=spf1 -all", "k=rsa; p=AAAA"), Key.BROKEN),
        (("v=spf1 -all",), Key.BROKEN),
        (("v=DKIM2; p=" + KEY,), Key.BROKEN),
        (("k=ed25519; p=" + KEY,), Key.BROKEN),
        (("v=spf1 -all", "p=" + KEY), Key.GOOD),
    ],
)
def test_what_a_key_record_is_worth(texts: tuple[str, ...], key: Key) -> None:
    """Only a whole key of a known kind counts, whatever stands beside it."""
    message = parse(signed())
    assert check(message, signatures(message)[0], found(*texts)).key is key


def test_what_could_not_be_asked_is_not_missing() -> None:
    """Silence leaves the signature open."""
    message = parse(signed())
    silence = Answer("x", "TXT", Status.UNKNOWN, reason=Reason.TIMEOUT)
    seen = check(message, signatures(message)[0], silence)
    assert (seen.key, seen.passes) == (Key.UNKNOWN, None)


@pytest.mark.parametrize(
    "mail",
    [
        signed() + b" " * 1_900_000 + b"x",
        signed().replace(b"; h=", b"; h=" + b"from:" * 2000),
        signed().replace(b"bh=", b"bh=" + b" " * 5000),
        b"".join(b"DKIM-Signature: v=1; d=a.example; s=%d\r\n" % n for n in range(400)) + MAIL,
    ],
)
def test_what_would_take_long_is_not_tried(server: StillServer, mail: bytes) -> None:
    """Runs of blanks, endless lists and hundreds of signatures end all the same."""
    assert examined(server, mail).signatures


PARTS = st.sampled_from(
    [
        *(b"v=1;", b"a=rsa-sha256;", b"d=a.example;", b"s=b;", b"h=from;", b"bh=;", b"b=;"),
        *(b"i=@;", b"i=a;", b"b= A A;", b"b=AAAA;", b"bh=AAAA;", b"c=x/y;", b"l=9;", b"h=:;"),
        *(b"\xff;", b"=;"),
    ]
)


@given(st.lists(PARTS, max_size=12), st.binary(max_size=60), st.binary(max_size=60))
def test_no_signature_makes_it_fail(parts: list[bytes], body: bytes, key: bytes) -> None:
    """Whatever stands in a signature, a text and a key, a report comes of it."""
    mail = b"DKIM-Signature: " + b"".join(parts) + b"\r\nFrom: a@a.example\r\n\r\n" + body
    text = "p=" + base64.b64encode(key).decode()
    dns = FakeDns({("b._domainkey.a.example", "TXT"): (text,)})

    async def one() -> Report:
        return await examine(mail, Connection(), dns.ask)

    report = asyncio.run(one())
    assert codes(report)
    assert lines(report, None)
