"""Reading what receivers write: the shapes of their fields, each with the facts it tells."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dnscheck.received import message, reading, results, signatures, trace
from dnscheck.received.reading import Connection, Said

IP = "192.0.2.1"
GMAIL = f"""\
Delivered-To: anna@gmail.example
Received: by 2002:a05:6402:1 with SMTP id x1; Sat, 21 Nov 2026 02:00:01 -0800 (PST)
ARC-Authentication-Results: i=1; mx.google.com;
       dkim=pass header.i=@shop.example header.s=s1 header.b=AbCd;
       spf=pass smtp.mailfrom=b@shop.example
Return-Path: <b@shop.example>
Received: from mail.shop.example (mail.shop.example. [{IP}])
        by mx.google.com with ESMTPS id ab12 for <anna@gmail.example>;
        Sat, 21 Nov 2026 02:00:01 -0800 (PST)
Received-SPF: pass (google.com: domain of b@shop.example designates {IP} as permitted sender) \
client-ip={IP};
Authentication-Results: mx.google.com;
       dkim=pass header.i=@shop.example header.s=s1 header.b=AbCd;
       spf=pass (google.com: domain of b@shop.example designates {IP} as permitted sender) \
smtp.mailfrom=b@shop.example;
       dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=shop.example
"""
OUTLOOK = f"""\
Received: from DB1PR01MB1.prod.outlook.com (2603:10a6:10:1::1)
 by AM1PR01MB1.prod.outlook.com with HTTPS; Sat, 21 Nov 2026 10:00:02 +0000
Received: from DB1PR01CA1.prod.exchangelabs.com (2603:10a6:10:2::2)
 by DB1PR01MB1.prod.outlook.com (2603:10a6:10:1::1) with Microsoft SMTP Server; Sat, 21 Nov 2026
Authentication-Results: spf=fail (sender IP is {IP})
 smtp.mailfrom=shop.example; dkim=fail (body hash did not verify)
 header.d=shop.example;dmarc=fail action=quarantine
 header.from=shop.example;compauth=fail reason=000
Received-SPF: Fail (protection.outlook.com: domain of shop.example does not
 designate {IP} as permitted sender) receiver=protection.outlook.com;
 client-ip={IP}; helo=mail.shop.example;
Received: from mail.shop.example ({IP}) by DB1EUR01.mail.protection.outlook.com
 (10.152.1.1) with Microsoft SMTP Server id 15.20; Sat, 21 Nov 2026 10:00:01 +0000
"""
YAHOO = f"""\
X-Apparently-To: anna@yahoo.example; Sat, 21 Nov 2026 10:00:01 +0000
Return-Path: <b@shop.example>
Authentication-Results: atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;
 dkim=perm_fail header.i=@shop.example header.s=s1;
 spf=pass smtp.mailfrom=shop.example;
 dmarc=pass(p=REJECT) header.from=shop.example;
Received: from {IP} (EHLO mail.shop.example)
 by 10.217.1.1 with SMTPs (version=TLS1_3 cipher=TLS_AES_128); Sat, 21 Nov 2026 10:00:01 +0000
"""
FASTMAIL = f"""\
Return-Path: <b@shop.example>
Received: from mx3.messagingengine.com ([10.202.2.202])
  by sloti1n1 (Cyrus) with LMTPA; Sat, 21 Nov 2026 05:00:01 -0500
Authentication-Results: mx3.messagingengine.com;
    arc=none (no signatures found);
    dkim=pass (2048-bit rsa key sha256) header.d=shop.example
    header.i=@shop.example header.b=AbCd header.a=rsa-sha256 header.s=s1
    x-bits=2048;
    dmarc=pass policy.published-domain-policy=reject
    policy.applied-disposition=none (p=reject,d=none) header.from=shop.example;
    iprev=pass smtp.remote-ip={IP} (mail.shop.example);
    spf=pass smtp.mailfrom=b@shop.example smtp.helo=mail.shop.example
Received: from mail.shop.example (mail.shop.example [{IP}])
    by mx3.messagingengine.com (Postfix) with ESMTPS for <anna@fm.example>;
    Sat, 21 Nov 2026 05:00:01 -0500 (EST)
"""
PROTON = f"""\
Return-Path: <b@shop.example>
Delivered-To: anna@pm.example
Authentication-Results: mail.protonmail.ch; dmarc=pass (p=reject dis=none)
 header.from=shop.example
Authentication-Results: mail.protonmail.ch; spf=pass smtp.mailfrom=b@shop.example
Authentication-Results: mail.protonmail.ch; arc=none smtp.remote-ip={IP}
Authentication-Results: mail.protonmail.ch; dkim=pass (2048-bit key)
 header.d=shop.example header.i=@shop.example header.s="s1" header.b="AbCd"
Received: from mail.shop.example (mail.shop.example [{IP}]) by mailin1.protonmail.ch
 (Postfix) with ESMTPS id 4X for <anna@pm.example>; Sat, 21 Nov 2026 10:00:01 +0000 (UTC)
"""
GMX = f"""\
Return-Path: <b@shop.example>
Authentication-Results: gmx.net; dkim=pass header.i=@shop.example
Received: from mail.shop.example ([{IP}]) by mx-ha.gmx.net (mxgmx1
 [212.227.15.9]) with ESMTPS (Nemesis) id 1M for <anna@gmx.example>; Sat, 21 Nov 2026 11:00:01 +0100
"""
ZOHO = f"""\
Delivered-To: anna@zoho.example
Received-SPF: pass (zohomail.com: domain of shop.example designates {IP} as permitted sender) \
client-ip={IP}; envelope-from=b@shop.example; helo=mail.shop.example;
Authentication-Results: mx.zohomail.com;
\tdkim=pass  header.i=@shop.example;
\tspf=pass (zohomail.com: domain of b@shop.example designates {IP} as permitted sender)  \
smtp.mailfrom=b@shop.example;
\tdmarc=pass(p=reject dis=none)  header.from=shop.example
Received: from mail.shop.example (mail.shop.example [{IP}]) by mx.zohomail.com
\twith SMTPS id 17; Sat, 21 Nov 2026 02:00:01 -0800 (PST)
"""
POSTFIX = f"""\
Return-Path: <b@shop.example>
Received: from localhost (localhost [127.0.0.1])
\tby mail.home.example (Postfix) with ESMTP id 1; Sat, 21 Nov 2026 11:00:02 +0100 (CET)
Authentication-Results: mail.home.example; dmarc=pass (p=reject dis=none) header.from=shop.example
Authentication-Results: mail.home.example;
\tdkim=pass (2048-bit key; unprotected) header.d=shop.example header.i=@shop.example \
header.a=rsa-sha256 header.s=s1 header.b=AbCd;
\tdkim-atps=neutral
Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip={IP}; helo=mail.shop.example; \
envelope-from=b@shop.example; receiver=<UNKNOWN>
Received: from mail.shop.example (unknown [{IP}])
\tby mail.home.example (Postfix) with ESMTPS id 2 for <anna@home.example>;
"""
TAIL = "From: Shop <news@shop.example>\nMessage-ID: <1@shop.example>\n"
NAMED, LOOSE = ("shop.example", "s1"), ("shop.example", "")
B = "b@shop.example"
HELO = "mail.shop.example"
IP7 = "192.0.2.7"

# source, receiver, spf, dkim, whose, dmarc, HELO, MAIL FROM
SHAPES = [
    pytest.param(GMAIL, "mx.google.com", "pass", "pass", NAMED, "pass", HELO, B, id="gmail"),
    pytest.param(OUTLOOK, "", "fail", "fail", LOOSE, "fail", HELO, "shop.example", id="outlook"),
    pytest.param(
        *(YAHOO, "atlas-production.v2-mail-prod1-gq1.omega.yahoo.com"),
        *("pass", "permerror", NAMED, "pass", HELO, B),
        id="yahoo",
    ),
    pytest.param(
        *(FASTMAIL, "mx3.messagingengine.com", "pass", "pass", NAMED, "pass", HELO, B),
        id="fastmail",
    ),
    pytest.param(PROTON, "mail.protonmail.ch", "pass", "pass", NAMED, "pass", HELO, B, id="proton"),
    pytest.param(GMX, "gmx.net", "", "pass", LOOSE, "", HELO, B, id="gmx"),
    pytest.param(ZOHO, "mx.zohomail.com", "pass", "pass", LOOSE, "pass", HELO, B, id="zoho"),
    pytest.param(
        POSTFIX, "mail.home.example", "pass", "pass", NAMED, "pass", HELO, B, id="postfix"
    ),
]


def told(source: str) -> reading.Reading:
    """Read a source."""
    return reading.read(message.parse(source.encode()))


@pytest.mark.parametrize(
    ("source", "server", "spf", "dkim", "whose", "dmarc", "helo", "mail_from"), SHAPES
)
def test_every_receivers_shape_is_read(
    *,
    source: str,
    server: str,
    spf: str,
    dkim: str,
    whose: tuple[str, str],
    dmarc: str,
    helo: str,
    mail_from: str,
) -> None:
    """Whatever the dialect: who says it, what of SPF, DKIM and DMARC, and who handed it over."""
    seen = told(source + TAIL)
    claims = seen.claims
    assert (claims.server, claims.spf, claims.dmarc) == (server, spf, dmarc)
    assert [(said.domain, said.selector, said.result) for said in claims.dkim] == [(*whose, dkim)]
    assert seen.connection == Connection(IP, helo, mail_from)
    assert (seen.domain, seen.message_id) == ("shop.example", "<1@shop.example>")


@pytest.mark.parametrize(
    ("value", "server", "words"),
    [
        ("example.net; none", "example.net", []),
        ("example.net 1; spf=pass smtp.mailfrom=a@b.example", "example.net", ["spf=pass"]),
        ("(a; b) example.net; dkim/1=pass (x; y=z)", "example.net", ["dkim=pass"]),
        ('example.net; dkim=pass reason="a; b" header.d=b.example', "example.net", ["dkim=pass"]),
        ("SPF=HardFail smtp.mailfrom=a.example", "", ["spf=fail"]),
        ("example.net; dkim = pass ; =; nonsense; spf=", "example.net", ["dkim=pass"]),
        ("", "", []),
        ("((((", "", []),
    ],
)
def test_the_grammar_of_results(value: str, server: str, words: list[str]) -> None:
    """Comments, quotation marks, versions and blanks stand where RFC 8601 lets them stand."""
    seen = results.statement(results.AUTHENTICATION, value)
    assert (seen.server, [f"{one.method}={one.result}" for one in seen.results]) == (server, words)


@pytest.mark.parametrize(
    ("client", "helo", "ip"),
    [
        ("from a.example (b.example [192.0.2.7])", "a.example", IP7),
        ("from a.example (b.example [IPv6:2001:db8::7])", "a.example", "2001:db8::7"),
        ("from [192.0.2.7] (helo=a.example)", "a.example", IP7),
        ("from [192.0.2.7] (port=25 helo=[10.0.0.9])", "10.0.0.9", IP7),
        ("from unknown (HELO a.example) (192.0.2.7)", "a.example", IP7),
        ("from a.example ([192.0.2.7]:4321)", "a.example", IP7),
        ("from a.example (10.0.0.9)", "a.example", "10.0.0.9"),
        ("from a.example", "a.example", ""),
        ("", "", ""),
    ],
)
def test_received_fields_of_many_servers(client: str, helo: str, ip: str) -> None:
    """Postfix, Exim, qmail, Exchange: who called himself what, from which address."""
    [hop] = trace.hops(message.parse(f"Received: {client} by c.example with ESMTP; Sat".encode()))
    assert (hop.helo, hop.ip, hop.by, hop.protocol) == (helo, ip, "c.example", "ESMTP")


def test_what_a_sender_wrote_himself_is_not_believed() -> None:
    """A result below the fields of other servers may be anybody's; one above it counts."""
    way = "".join(
        f"Received: from {source} ({source} [{ip}]) by {by} with ESMTPS id 1; Sat\n"
        for source, ip, by in (
            ("relay.sender.example", IP, "mx.home.example"),
            ("pc.elsewhere.example", "192.0.2.9", "relay.sender.example"),
        )
    )
    forged = "Authentication-Results: mx.google.com; dmarc=pass header.from=shop.example\n"
    seen = told(way + forged + TAIL)
    assert (seen.claims.dmarc, seen.claims.is_foreign) == ("", True)
    assert seen.connection.ip == IP
    own = forged.replace("mx.google.com", "mx.home.example").replace("=pass", "=fail")
    assert told(own + way + forged + TAIL).claims.dmarc == "fail"


def test_the_newest_seal_speaks_where_there_are_no_results() -> None:
    """Without Authentication-Results the receiver's ARC field counts, and only its own."""
    sealed = (
        "ARC-Authentication-Results: i=2; mx.home.example; dmarc=fail\n"
        "ARC-Authentication-Results: i=1; list.example; dmarc=pass\n"
    )
    claims = told(sealed + TAIL).claims
    assert (claims.server, claims.dmarc, claims.header) == (
        *("mx.home.example", "fail", "arc-authentication-results"),
    )


@pytest.mark.parametrize(
    "source",
    [
        f"Original Message\nMessage ID\t<1@x>\nSPF:\tPASS\n\nDownload\n\n{GMAIL}{TAIL}\nHello",
        "\r\n\r\n" + (GMAIL + TAIL).replace("\n", "\r\n") + "\r\nHello",
        "From anna Sat Nov 21 10:00:00 2026\n" + GMAIL + TAIL + "\nHello",
        (GMAIL + TAIL).replace("\n       ", "\n").replace("\n        ", "\n") + "\nHello",
    ],
)
def test_what_stands_around_a_copied_source_does_no_harm(source: str) -> None:
    """A page above it, empty lines, a mailbox separator, and lost blanks of folded lines."""
    seen = told(source)
    assert (seen.claims.dmarc, seen.domain, seen.has_body) == ("pass", "shop.example", True)


@pytest.mark.parametrize(
    ("value", "domain", "count"),
    [
        ('"Shop, Inc. <x@y.example>" <news@shop.example>', "shop.example", 1),
        ("news@shop.example (Shop <a@b.example>)", "shop.example", 1),
        ("=?utf-8?q?Shop?= <news@bücher.example>", "xn--bcher-kva.example", 1),
        ("<a@one.example>, b@two.example", "one.example", 2),
        ("Shop", "", 1),
        ("<@>", "", 1),
    ],
)
def test_the_author_is_found_in_every_spelling(value: str, domain: str, count: int) -> None:
    """Names, comments, other scripts, and more than one author."""
    seen = told(f"From: {value}\n")
    assert (seen.domain, seen.authors) == (domain, count)


def test_what_is_too_long_is_cut_and_said_to_be() -> None:
    """More fields, longer fields and longer messages than are read are noticed."""
    many = b"X-A: b\r\n" * (message.MOST_FIELDS + 1)
    assert len(message.parse(many).fields) == message.MOST_FIELDS
    long = b"X-A: " + b"b" * message.LONGEST_FIELD
    big = b"X-A: b\r\n\r\n" + b"b" * message.MOST_OCTETS
    assert all(message.parse(octets).is_cut for octets in (many, long, big))
    assert not message.parse(b"X-A: b").is_cut


def test_what_cannot_be_printed_is_shown_as_an_escape() -> None:
    """Neither a terminal nor a database meets a control character of a message."""
    seen = told("From: a@shop.example\nSubject: a\x00b\x1b[31m\u202e\n")
    assert seen.subject.isprintable()
    assert r"\x00" in seen.subject


NAMES = ("Authentication-Results", "Received", "Received-SPF", "DKIM-Signature", "From", "X-A")
FIELDS = st.tuples(st.sampled_from(NAMES), st.text(string.printable, max_size=120))


@given(st.binary(max_size=400) | st.lists(FIELDS, max_size=8).map(
    lambda rows: "".join(f"{name}: {value}\r\n" for name, value in rows).encode()
))  # fmt: skip
def test_no_octets_make_it_fail(octets: bytes) -> None:
    """Whatever is pasted: it is read, and all that is kept of it can be printed."""
    parsed = message.parse(octets)
    seen = reading.read(parsed)
    assert all(field.value.isprintable() for field in parsed.fields)
    assert all(isinstance(said, Said) for said in seen.claims.dkim)
    assert len(signatures.signatures(parsed)) <= signatures.MOST_SIGNATURES
