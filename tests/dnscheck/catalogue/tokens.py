"""Challenge tokens that the provider does not accept."""

import hashlib

from config.lab.zones import ACCOUNT, CHALLENGE
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    AZURE,
    BREVO,
    ELASTX,
    GOOD,
    YANDEX,
    ZOHO,
    Base,
    Mistake,
    mistake,
    text,
)

MICROSOFT_TOKEN: Base = ("microsoft365", 0)
POSTAL: Base = ("postal", 0)
POSTAL_CODE = "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z"
SCALEWAY_LOGO: Base = ("scaleway-tem", 1)
FROM_ADDRESS = "News@shop.example"
DOMAIN_OF_DIGEST = "a-digest-of-the-domain.example"
BREVO_CODE = "3fd388604a1b2c3d4e5f60718293a4b5"


def token(about: str, base: Base, value: str, code: str) -> Mistake:
    """Return another text in place of the token."""
    return mistake(about, base, Purpose.CHALLENGE, text("@", value), code)


def digest(about: str, account: str, cause: str, code: str = "token.made-wrong") -> Mistake:
    """Return a token that is the digest of something else than the account."""
    value = f"elastx-mrs={hashlib.sha256(account.encode()).hexdigest()}"
    sender = {"from_address": FROM_ADDRESS}
    zone = text("@", value)
    return Mistake(about, ELASTX, (Purpose.CHALLENGE,), zone, (code,), inputs=sender, says=cause)


MISTAKES = (
    token("a token without its prefix", BREVO, BREVO_CODE, "token.prefix"),
    token("a token after a colon", ELASTX, CHALLENGE.replace("=", ":"), "token.prefix"),
    token(
        "a token without its blank", YANDEX, "yandex-verification:0123456789abcdef", "token.prefix"
    ),
    token("a token after another word", BREVO, f"sendinblue-code:{BREVO_CODE}", "token.prefix"),
    digest("a digest of the account and a line end", f"{ACCOUNT}\n", "a plain echo adds one"),
    digest("a digest of the account in capitals", ACCOUNT.upper(), "in capitals"),
    digest("a digest of the From address", FROM_ADDRESS, "made from the From address"),
    digest("a digest of a line from Windows", f"{ACCOUNT}\r\n", "as Windows writes it"),
    digest("a digest of the domain", DOMAIN_OF_DIGEST, "made from the domain"),
    digest("a digest of another account", "x@y.example", "mistyped", "token.other-digest"),
    Mistake(
        "a token that replaced the SPF record",
        ELASTX,
        (Purpose.SPF,),
        "",
        ("spf.missing",),
    ),
    mistake(
        "a token as an alias",
        ZOHO,
        Purpose.CHALLENGE,
        "zb12345678 CNAME zmverify.zoho.com.\n",
        "token.missing",
    ),
    mistake(
        "a token that was removed after it was verified",
        ELASTX,
        Purpose.CHALLENGE,
        "",
        "token.missing",
    ),
    Mistake(
        "the logo of before beside the provider's",
        SCALEWAY_LOGO,
        (Purpose.BIMI,),
        text("default._bimi", "v=BIMI1; l=https://example.net/old.svg;"),
        ("token.other-record",),
        GOOD,
    ),
    Mistake(
        "the provider's logo without blanks",
        SCALEWAY_LOGO,
        (Purpose.BIMI,),
        text(
            "default._bimi", "v=BIMI1;l=https://example.net/logo.svg;a=https://example.net/vmc.pem;"
        ),
        (),
        GOOD,
    ),
    token("a token in capitals", BREVO, f"brevo-code:{BREVO_CODE}".upper(), "token.case"),
    token("a token cut short", ELASTX, CHALLENGE[:40], "token.cut-short"),
    token("a token in quotation marks", ELASTX, f'"{CHALLENGE}"', "token.quoted"),
    token(
        "a token with a blank that cannot be seen", ELASTX, f"{CHALLENGE}\u200b", "token.invisible"
    ),
    token("a token of small letters in capitals", MICROSOFT_TOKEN, "ms=MS32110376", "token.case"),
    token(
        "a token with two blanks", POSTAL, f"postal-verification  {POSTAL_CODE}", "token.invisible"
    ),
    token("a token without the word before it", POSTAL, POSTAL_CODE, "token.prefix"),
    token(
        "a name without the provider's word",
        ZOHO,
        "zb12345678.zmverify.zoho.com",
        "token.prefix",
    ),
    token(
        "the form of a token for another domain of the service",
        ZOHO,
        "zoho-verification=zb12345678.zmverify.zoho.eu",
        "token.missing",
    ),
    token(
        "a token in the quotation marks of a letter",
        AZURE,
        "“ms-domain-verification=0a1b2c3d-1111-4222-8333-444455556666”",
        "token.typographic",
    ),
    token(
        "a token with long dashes",
        AZURE,
        "ms-domain-verification=0a1b2c3d–1111–4222–8333–444455556666",
        "token.typographic",
    ),
    token("the account in place of its digest", ELASTX, f"elastx-mrs={ACCOUNT}", "token.missing"),
)
