"""Mailjet: the public API key is the user name, its secret key the password; SPF is required."""

from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Input,
    KnownError,
    Limit,
    Lint,
    Provider,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    DOMAIN_CONNECT,
    HOST,
    PUBLIC_KEY,
    TRACKING,
    dkim_key,
    expected,
    not_an_address,
    ownership,
    return_path,
    spf,
    starttls,
    tls,
    tracking,
)

_DOCS = "https://dev.mailjet.com/smtp-relay/configuration/"
_KEY = r"[0-9a-f]{32}"


def _check(values: Mapping[str, str]) -> list[Lint]:
    username, password = values.get("username", "").strip(), values.get("password", "").strip()
    if not password or password.lower() != username.lower():
        return []
    message = "This is the API key again. The password is the secret key of the same pair."
    return [Lint("mailjet.password-is-key", "password", message, blocking=True)]


PROVIDER = Provider(
    slug="mailjet",
    name="Mailjet (Sinch)",
    summary="Transactional and marketing mail from a European service, now part of Sinch.",
    host="in-v3.mailjet.com",
    ports=(*starttls(587, 25, 588, 2525, 80), *tls(465)),
    recommended=starttls(587)[0],
    username="The API key, the public half of a key pair: 32 hexadecimal digits.",
    password=(  # noqa: S106 - the rule in words
        "The secret key of the same pair, 32 hexadecimal digits as well. Not the account "
        "password, and not the API key a second time."
    ),
    sender="An address validated in Mailjet, or any address of a validated domain.",
    sandbox="A new account may be held back until Mailjet has reviewed it.",
    limits=(Limit("Free plan: 200 messages a day, 6,000 a month.", year="2025"),),
    inputs=(
        PUBLIC_KEY,
        TRACKING,
        Input(
            name="tracking_target",
            label="Tracking target",
            help="The host name under mailjet.com that the console shows for this record.",
            required=False,
            pattern=HOST,
        ),
        Input(
            name="hash",
            label="Host record (ownership)",
            help="Only what follows mailjet._ in the name of the TXT record, without your domain.",
            required=False,
            pattern=r"[A-Za-z0-9]{1,62}",
        ),
        Input(
            name="token",
            label="Value (ownership)",
            help="The value of that TXT record, as the console shows it.",
            required=False,
            pattern=r"[A-Za-z0-9_=-]+",
        ),
    ),
    recipe=(
        replace(
            spf("include:spf.mailjet.com", "Mailjet"),
            without="Mailjet shows the SPF record of the domain as wrong.",
        ),
        dkim_key(
            "mailjet",
            "k=rsa; p={public_key}",
            "Mailjet",
            "Mail is not signed for your domain, and DMARC fails.",
            "The selector is always mailjet; the key has 1024 or 2048 bits.",
        ),
        replace(
            return_path(
                "bnc3",
                "bnc3.mailjet.com",
                "Bounces go to bnc3.mailjet.com, and DMARC depends on DKIM alone.",
            ),
            required=False,
        ),
        DMARC,
        tracking("{tracking_target}", "Mailjet"),
        replace(
            ownership(
                "{token}",
                "Mailjet",
                "Ownership has to be proven with a file on the domain's web site.",
                "Mailjet's API gives the name with a dot at its end.",
            ),
            host="mailjet._{hash}",
            required=False,
        ),
    ),
    steps=(
        "In Mailjet add the domain to the sender domains and open its authentication page.",
        "Copy the DKIM key here, and name and value of the ownership record if one is shown.",
        "Publish the records and let Mailjet check the domain again.",
        "Create or reveal a key pair: the API key is the user name, the secret key the password.",
        "Use port 587; the others are for networks that block it.",
    ),
    pitfalls=(
        "Some mail libraries still list in.mailjet.com; the host is in-v3.mailjet.com.",
        "The keys of a sub-account have their own list of senders: validate the domain there too.",
        "Without the bnc3 record the return path belongs to Mailjet, so that SPF never aligns.",
        "Older instructions end the SPF record in ?all, which is neutral; ~all is better.",
    ),
    errors=(
        KnownError(
            "535 5.7.8 Authentication failed",
            "The secret key is wrong, or API key and secret key are swapped.",
            "Use the API key as user name and the secret key as password.",
        ),
        KnownError(
            "550 Sender not allowed",
            "The From address is not validated in the account the keys belong to.",
            "Validate its domain, or the address, in that account.",
        ),
        KnownError(
            "5.7.1 Unauthorized sender",
            "The From address is not validated in the account the keys belong to.",
            "Validate its domain, or the address, in that account.",
        ),
    ),
    headers=(
        *("X-MJ-CustomID", "X-MJ-EventPayload", "X-Mailjet-Campaign"),
        *("X-Mailjet-TrackOpen", "X-Mailjet-TrackClick"),
    ),
    shapes=(
        not_an_address("mailjet", "Mailjet logs in with an API key, not with an e-mail address."),
        expected(
            "mailjet.username-shape",
            "username",
            _KEY,
            "An API key has 32 hexadecimal digits. Check that it was copied whole.",
        ),
        expected(
            "mailjet.password-shape",
            "password",
            _KEY,
            (
                "A secret key has 32 hexadecimal digits. Check that it was copied whole and is "
                "not the account password."
            ),
        ),
    ),
    domain_connect=("mailjet.com/domain-auth", "mailjet.com/domain-validation"),
    bounces="bnc3.mailjet.com",
    docs=_DOCS,
    activity=Source("https://documentation.mailjet.com/hc/en-us/articles/360043102273", "2026-11"),
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        DOMAIN_CONNECT,
        Source(
            "https://cloud.google.com/compute/docs/tutorials/sending-mail/using-mailjet", "2026-10"
        ),
    ),
    check=_check,
)
