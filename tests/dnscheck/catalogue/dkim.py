"""DKIM keys that receivers cannot use, and CNAME records that lead to none."""

import base64

from config.lab.zones import KEY, OTHER_KEY, PROJECT
from dnscheck.verdicts import Result
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    BAD,
    GENERIC,
    GOOD,
    HOSTINGER,
    MAILGUN_EU,
    MICROSOFT,
    MIGADU,
    PROTON,
    RESEND,
    SCALEWAY,
    SENDGRID,
    SES,
    Mistake,
    mistake,
    strings,
    text,
)

SELECTOR = "mail2026._domainkey"
RIGHT = f"v=DKIM1; k=rsa; p={KEY}"
SPKI_OCTETS = 24  # of the header around a bare RSA key of 2048 bits
CURVE = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8463 appendix A.2
WEAK_KEY = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfR"
    "YC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="
)
PRIVATE = base64.b64encode(bytes.fromhex("308204a40201000282010100") + b"\x01" * 200).decode()
WRAPPED = base64.b64encode(
    bytes.fromhex("302a300506032b6570032100") + base64.b64decode(CURVE)
).decode()
PKCS1 = base64.b64encode(base64.b64decode(KEY)[SPKI_OCTETS:]).decode()
S2 = "s2._domainkey CNAME s2.domainkey.u7654321.wl123.sendgrid.net.\n"


def published(about: str, value: str, *codes: str, size: int = 200) -> Mistake:
    """Return what stands at the selector in place of the right key, and breaks it."""
    return mistake(about, GENERIC, Purpose.DKIM, text(SELECTOR, value, size), *codes)


def tolerated(about: str, value: str, code: str) -> Mistake:
    """Return what stands at the selector and works at most receivers."""
    return mistake(about, GENERIC, Purpose.DKIM, text(SELECTOR, value), code, result=GOOD)


def given(about: str, key: str, value: str, *codes: str) -> Mistake:
    """Return a key that is published as it was given."""
    zone = text(SELECTOR, value)
    return Mistake(about, GENERIC, (Purpose.DKIM,), zone, codes, inputs={"public_key": key})


def first_alias(about: str, target: str, *codes: str) -> Mistake:
    """Return what stands at the first of two aliases."""
    zone = f"s1._domainkey {target}\n{S2}"
    return mistake(about, SENDGRID, Purpose.DKIM, zone, *codes)


def elsewhere(about: str, zone: str, code: str, result: Result = GOOD) -> Mistake:
    """Return two right aliases to a provider that publishes this."""
    target = f"wl.{about.replace(' ', '-')}-there.example"
    return Mistake(
        about,
        SENDGRID,
        (Purpose.DKIM, Purpose.RETURN_PATH),
        f"em1234 CNAME {target}.\n"
        f"s1._domainkey CNAME s1.domainkey.{target}.\n"
        f"s2._domainkey CNAME s2.domainkey.{target}.\n",
        (code,),
        result,
        inputs={"target": target},
        others={target.removeprefix("wl."): f"wl A 192.0.2.80\n{zone}"},
    )


MISTAKES = (
    mistake(
        "the key at another selector",
        GENERIC,
        Purpose.DKIM,
        text("default._domainkey", RIGHT),
        "dkim.other-selector",
    ),
    mistake(
        "the key without its selector",
        GENERIC,
        Purpose.DKIM,
        text("_domainkey", RIGHT),
        "dkim.no-selector",
    ),
    mistake(
        "only the second string of the key",
        GENERIC,
        Purpose.DKIM,
        text(SELECTOR, RIGHT[200:]),
        "dkim.truncated",
        says="Its beginning is missing",
    ),
    mistake(
        "a policy at the selector",
        GENERIC,
        Purpose.DKIM,
        text(SELECTOR, "v=DMARC1; p=none"),
        "dkim.missing",
        says="in place of the text there",
    ),
    tolerated("a folded record", RIGHT.replace("; ", ";\r\n "), "dkim.folded"),
    mistake("no key at all", GENERIC, Purpose.DKIM, "", "dkim.missing"),
    published("a revoked key", "v=DKIM1; k=rsa; p=", "dkim.revoked"),
    published("another account's key", f"v=DKIM1; k=rsa; p={OTHER_KEY}", "dkim.key-differs"),
    published("a key cut at 255 characters", RIGHT[:255], "dkim.truncated"),
    published("a key copied from an abbreviated display", f"{RIGHT[:60]}...", "dkim.truncated"),
    published("a key that ends in an ellipsis", f"{RIGHT[:60]}…", "dkim.truncated"),
    mistake(
        "the second string of the key lost",
        GENERIC,
        Purpose.DKIM,
        strings(SELECTOR, RIGHT[:200].encode()),
        "dkim.truncated",
    ),
    mistake(
        "the key in two TXT records",
        GENERIC,
        Purpose.DKIM,
        text(SELECTOR, RIGHT[:200]) + text(SELECTOR, RIGHT[200:]),
        "dkim.split-records",
    ),
    mistake(
        "an old key beside the new one",
        GENERIC,
        Purpose.DKIM,
        text(SELECTOR, RIGHT) + text(SELECTOR, f"v=DKIM1; k=rsa; p={OTHER_KEY}"),
        "dkim.two-keys",
    ),
    tolerated("blanks in the key", f"v=DKIM1; k=rsa; p={KEY[:70]}  {KEY[70:]}", "dkim.white-space"),
    tolerated("line ends in the key", f"{RIGHT[:90]}\r\n{RIGHT[90:]}", "dkim.line-breaks"),
    mistake(
        "a blank where the key is split",
        GENERIC,
        Purpose.DKIM,
        strings(SELECTOR, f"{RIGHT[:200]} ".encode(), RIGHT[200:].encode()),
        "dkim.white-space",
        result=GOOD,
    ),
    published("quotation marks in the key", f'{RIGHT[:200]}" "{RIGHT[200:]}', "dkim.quotes-inside"),
    published("semicolons with backslashes", RIGHT.replace(";", "\\;"), "dkim.escaped-semicolons"),
    mistake(
        "no version where the provider demands it",
        SCALEWAY,
        Purpose.DKIM,
        text(f"{PROJECT}._domainkey", f"k=rsa; p={KEY}"),
        "dkim.version-wanted",
    ),
    published(
        "a line of a zone file as the value",
        f'mail._domainkey IN TXT ( "{RIGHT[:200]}" "{RIGHT[200:]}" )',
        "dkim.zone-file-text",
    ),
    published(
        "the lines around a PEM file",
        f"v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----{KEY}-----END PUBLIC KEY-----",
        "dkim.pem-armour",
    ),
    published("a private key", f"v=DKIM1; k=rsa; p={PRIVATE}", "dkim.private-key"),
    given("a key of 512 bits", WEAK_KEY, f"v=DKIM1; k=rsa; p={WEAK_KEY}", "dkim.weak-key"),
    tolerated("a bare RSA key", f"v=DKIM1; k=rsa; p={PKCS1}", "dkim.pkcs1"),
    given(
        "an Ed25519 key with its wrapping",
        CURVE,
        f"v=DKIM1; k=ed25519; p={WRAPPED}",
        *("dkim.ed25519-wrapped", "dkim.ed25519"),
    ),
    Mistake(
        "an Ed25519 key and no other",
        GENERIC,
        (Purpose.DKIM,),
        text(SELECTOR, f"v=DKIM1; k=ed25519; p={CURVE}"),
        ("dkim.ed25519",),
        GOOD,
        inputs={"public_key": CURVE},
    ),
    published("the key of another service", f"v=DKIM1; s=tlsrpt; p={KEY}", "dkim.service"),
    published("another kind of key named", f"v=DKIM1; k=ed25519; p={KEY}", "dkim.key-type"),
    published("a tag twice", f"v=DKIM1; k=rsa; k=rsa; p={KEY}", "dkim.repeated-tag"),
    published("a key without its tag", KEY, "dkim.no-tags"),
    published("a key in small letters", f"v=DKIM1; k=rsa; p={KEY.lower()}", "dkim.case"),
    published("typographic quotation marks", f"“{RIGHT}”", "dkim.odd-characters"),
    published("a line for each tag", RIGHT.replace("; ", "\n"), "dkim.separators"),
    tolerated("the tag of other times", f"v=DKIM1; g=; p={KEY}", "dkim.granularity"),
    published("only SHA-1 allowed", f"v=DKIM1; h=sha1; k=rsa; p={KEY}", "dkim.hash"),
    tolerated("a key in test mode", f"v=DKIM1; k=rsa; t=y; p={KEY}", "dkim.test-mode"),
    first_alias(
        "the target of an alias as text",
        'TXT "s1.domainkey.u7654321.wl123.sendgrid.net"',
        "cname.is-txt",
    ),
    Mistake(
        "aliases to targets that the provider has not published",
        SENDGRID,
        (Purpose.DKIM,),
        "em1234 CNAME u2222222.wl123.sendgrid.net.\n"
        "s1._domainkey CNAME s1.domainkey.u2222222.wl123.sendgrid.net.\n"
        "s2._domainkey CNAME s2.domainkey.u2222222.wl123.sendgrid.net.\n",
        ("cname.dangling", "dkim.no-key-behind"),
        inputs={"target": "u2222222.wl123.sendgrid.net"},
        says="No other record for a key of Twilio SendGrid leads to one either.",
    ),
    elsewhere(
        "an alias to a key that is switched off and one to nothing",
        text("s1.domainkey.wl", "v=DKIM1; k=rsa; p="),
        "dkim.no-key-behind",
        result=BAD,
    ),
    elsewhere(
        "aliases to names that hold no key",
        "s1.domainkey.wl A 192.0.2.80\ns2.domainkey.wl CNAME nowhere\n",
        "dkim.no-key-behind",
        result=BAD,
    ),
    elsewhere(
        "an alias to a key that is there and one to nothing",
        text("s1.domainkey.wl", RIGHT),
        "cname.dangling",
    ),
    Mistake(
        "a second Microsoft key not there yet",
        MICROSOFT,
        (Purpose.DKIM,),
        "".join(
            f"selector{number}._domainkey CNAME selector{number}-corp3._domainkey.corp3.example.\n"
            for number in (1, 2)
        ),
        ("cname.dangling",),
        GOOD,
        inputs={
            f"target{number}": f"selector{number or 1}-corp3._domainkey.corp3.example"
            for number in ("", 2)
        },
        others={"corp3.example": text("selector1-corp3._domainkey", RIGHT)},
    ),
    first_alias(
        "an alias to another account",
        "CNAME s1.domainkey.u1111111.wl123.sendgrid.net.",
        "cname.wrong-target",
    ),
    mistake(
        "aliases to another region",
        MAILGUN_EU,
        Purpose.DKIM,
        "pdk1._domainkey CNAME pdk1._domainkey.50bf8.dkim1.us.mgsend.org.\n"
        "pdk2._domainkey CNAME pdk2._domainkey.50bf8.dkim1.us.mgsend.org.\n",
        "cname.wrong-target",
        says="“us” stands where “eu” belongs",
    ),
    mistake(
        "all aliases to one target",
        HOSTINGER,
        Purpose.DKIM,
        "".join(
            f"hostingermail-{letter}._domainkey CNAME dkim.mail.hostinger.com.\n"
            for letter in "abc"
        ),
        "cname.wrong-target",
    ),
    mistake(
        "each alias with the target of the other",
        SENDGRID,
        Purpose.DKIM,
        "s1._domainkey CNAME s2.domainkey.u7654321.wl123.sendgrid.net.\n"
        "s2._domainkey CNAME s1.domainkey.u7654321.wl123.sendgrid.net.\n",
        "cname.sibling-target",
    ),
    mistake(
        "an underscore too many in the target",
        PROTON,
        Purpose.DKIM,
        "".join(
            f"protonmail{number}._domainkey CNAME protonmail{number}._domainkey.dabcdefghij234567"
            "klmnopqrst234567uvwxyzabcd234567efgh.domains.proton.ch.\n"
            for number in ("", "2", "3")
        ),
        "cname.punctuation",
    ),
    mistake(
        "the labels of the target in another order",
        MIGADU,
        Purpose.DKIM,
        "".join(
            f"key{number}._domainkey CNAME key{number}._domainkey.{{domain}}.migadu.com.\n"
            for number in (1, 2, 3)
        ),
        "cname.label-order",
    ),
    first_alias(
        "the zone at the end of an alias",
        "CNAME s1.domainkey.u7654321.wl123.sendgrid.net",
        "cname.zone-appended",
    ),
    first_alias("an old text where the alias belongs", 'TXT "unused"', "host.in-the-way"),
    first_alias("an alias behind a proxy", "A 104.16.0.7", "cname.proxied"),
    mistake(
        "a flattened return path",
        SENDGRID,
        Purpose.RETURN_PATH,
        "em1234 A 192.0.2.80\n",
        "cname.flattened",
    ),
    mistake(
        "a selector overwritten with another provider's key",
        RESEND,
        Purpose.DKIM,
        text("resend._domainkey", f"v=DKIM1; k=rsa; p={OTHER_KEY}"),
        "dkim.key-differs",
    ),
    mistake(
        "an alias that leads in a circle",
        SES,
        Purpose.DKIM,
        "3frqe7jn4obp._domainkey CNAME one\none CNAME 3frqe7jn4obp._domainkey\n"
        "g2hxs5jktcwn._domainkey CNAME g2hxs5jktcwn.dkim.amazonses.com.\n"
        "wlsdmrsu6xyy._domainkey CNAME wlsdmrsu6xyy.dkim.amazonses.com.\n",
        "cname.loop",
    ),
)
