"""Challenge tokens that the provider does not accept."""

import hashlib

from config.lab.zones import ACCOUNT, CHALLENGE
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    BREVO,
    ELASTX,
    YANDEX,
    ZOHO,
    Base,
    Mistake,
    mistake,
    text,
)

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
    token("a token in capitals", BREVO, f"brevo-code:{BREVO_CODE}".upper(), "token.case"),
    token("a token cut short", ELASTX, CHALLENGE[:40], "token.cut-short"),
    token("a token in quotation marks", ELASTX, f'"{CHALLENGE}"', "token.quoted"),
    token(
        "a token with a blank that cannot be seen", ELASTX, f"{CHALLENGE}\u200b", "token.invisible"
    ),
)
