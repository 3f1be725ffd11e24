"""Mailjet: the public API key is the user name, its secret key the password; SPF is demanded."""

from collections.abc import Mapping

from smtp.providers.base import (
    Input,
    KnownError,
    Limit,
    Lint,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    HOST,
    PUBLIC_KEY,
    TRACKING,
    expected,
    never,
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
    sandbox="A new account may be held back until Mailjet has looked at it.",
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
            label="Ownership record name",
            help="Only what follows mailjet._ in the name of the TXT record, without the domain.",
            required=False,
            pattern=r"[A-Za-z0-9]{1,62}",
        ),
        Input(
            name="token",
            label="Ownership token",
            help="The value of that TXT record, as the console shows it.",
            required=False,
            pattern=r"[A-Za-z0-9_=-]+",
        ),
    ),
    recipe=(
        RecordTemplate(
            purpose=Purpose.SPF,
            type="TXT",
            host="@",
            value="v=spf1 include:spf.mailjet.com ~all",
            match=Match.SPF,
            mechanisms=("include:spf.mailjet.com",),
            why="Names Mailjet as a permitted sender; Mailjet's check of the domain wants it.",
            without="Mailjet shows SPF of the domain as faulty.",
            note="Older instructions end in ?all, which judges nobody; ~all is better.",
        ),
        RecordTemplate(
            purpose=Purpose.DKIM,
            type="TXT",
            host="mailjet._domainkey",
            value="k=rsa; p={public_key}",
            match=Match.DKIM_KEY,
            why="Holds the key Mailjet signs with.",
            without="Mail is not signed for your domain, and DMARC fails.",
            note="The selector is always mailjet; the key has 1024 or 2048 bits.",
        ),
        RecordTemplate(
            purpose=Purpose.RETURN_PATH,
            type="CNAME",
            host="bnc3",
            value="bnc3.mailjet.com",
            match=Match.CNAME,
            required=False,
            why="Puts bounces under your own domain, so that SPF aligns for DMARC.",
            without="Bounces go to bnc3.mailjet.com, and DMARC rests on DKIM alone.",
        ),
        DMARC,
        tracking("{tracking_target}", "Mailjet"),
        RecordTemplate(
            purpose=Purpose.CHALLENGE,
            type="TXT",
            host="mailjet._{hash}",
            value="{token}",
            match=Match.EXACT,
            required=False,
            why="Proves that the domain is yours.",
            without="Ownership has to be proven with a file on the domain's web site.",
            note="Mailjet's interface for programs gives the name with a dot at its end.",
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
        "Without the bnc3 record the envelope belongs to Mailjet, so that SPF never aligns.",
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
        never(
            "mailjet.username-is-address",
            "username",
            r"[^@]+@[^@]+",
            "Mailjet logs in with an API key, not with an e-mail address.",
        ),
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
    docs=_DOCS,
    source=Source(_DOCS, "2026-10"),
    further_sources=(
        Source("https://github.com/Domain-Connect/Templates", "2026-10"),
        Source(
            "https://cloud.google.com/compute/docs/tutorials/sending-mail/using-mailjet", "2026-10"
        ),
    ),
    check=_check,
)
