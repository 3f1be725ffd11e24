"""Elastx Mail Relay: a digest of the user account, published in DNS, opens a domain for sending."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from smtp.providers.base import (
    Category,
    Input,
    Limit,
    Lint,
    Provider,
    Source,
)
from smtp.providers.parts import DMARC, PUBLIC_KEY, dkim_key, ownership, spf, starttls

_PORTS = starttls(587)
_SIGNED = {"dkim": ("elastx",)}


# Digests that never match, each with what it was made from.
_SLIPS = {
    "with_line_end": "It covers a line end behind the user account, as a plain echo adds one.",
    "with_windows_line_end": "It covers a line end behind the user account, as Windows writes it.",
    "of_small_letters": "It was made from the user account in small letters.",
    "of_capitals": "It was made from the user account in capitals.",
    "of_from_address": "It was made from the From address, and not from the user account.",
    "of_from_line": "It was made from the From address, and covers a line end as well.",
    "of_domain": "It was made from the domain, and not from the user account.",
}


def _computed(values: Mapping[str, str]) -> dict[str, str]:
    """Return `challenge`, the SHA-256 of the user account in hexadecimal, or empty without one.

    A digest made in a shell often covers a trailing newline as well and never matches; here
    outer blanks and line ends are removed first. Such digests are returned too, by their names in
    `_SLIPS`; the From address is known only of a linked setting.
    """
    username, sender = (values.get(name, "").strip() for name in ("username", "from_address"))
    texts = {
        "challenge": username,
        "with_line_end": username and f"{username}\n",
        "with_windows_line_end": username and f"{username}\r\n",
        "of_small_letters": username.lower(),
        "of_capitals": username.upper(),
        "of_from_address": sender,
        "of_from_line": sender and f"{sender}\n",
        "of_domain": values.get("domain", ""),
    }
    return {
        name: hashlib.sha256(text.encode()).hexdigest() if text else ""
        for name, text in texts.items()
    }


def _check(values: Mapping[str, str]) -> list[Lint]:
    username = values.get("username", "").strip()
    if not username:
        return []
    if "@" not in username:
        message = (
            "An Elastx user account looks like an e-mail address. "
            "Use the SMTP account Elastx support gave you, not a portal login."
        )
        return [Lint("elastx.username-shape", "username", message)]
    if username.lower() == values.get("from_address", "").strip().lower():
        message = (
            "User account and From address are the same, which is rare at Elastx. Check that this "
            "is the account support gave you: the challenge record is made from it."
        )
        return [Lint("elastx.username-is-from", "username", message)]
    return []


PROVIDER = Provider(
    slug="elastx",
    name="Elastx Mail Relay",
    summary="A Swedish relay for outgoing mail. Each sender domain is opened by a DNS challenge.",
    host="smtp.elastx.email",
    ports=_PORTS,
    recommended=_PORTS[0],
    category=Category.RELAY,
    username=(
        "The user account issued by Elastx support. It looks like an e-mail address but has "
        "nothing to do with the From address."
    ),
    password=(  # noqa: S106 - the rule in words
        "The password issued with that account. Not the password of the Elastx portal or OpenStack."
    ),
    sender="Any address of a domain that publishes the challenge of this user account.",
    sandbox=(
        "Elastx support opens the account on request. There is no trial period: it can send as "
        "soon as the DNS records are right."
    ),
    limits=(Limit("About 10 messages a second are recommended.", year="2025"),),
    inputs=(
        Input(
            name="username",
            label="SMTP user account",
            help=(
                "Taken from the linked setting; enter it only if no setting is linked. "
                "The challenge record is made from it, letter for letter."
            ),
            pattern=r"\S+",
        ),
        Input(
            name="dkim",
            label="Who signs the mail",
            help="The relay signs with a key from Elastx support, unless your own server does.",
            choices=("elastx", "own"),
            labels={"elastx": "The relay", "own": "My own server"},
            default="elastx",
        ),
        replace(
            PUBLIC_KEY,
            help="The key from Elastx support; the whole record may be pasted.",
            when=_SIGNED,
        ),
    ),
    recipe=(
        replace(
            ownership(
                "elastx-mrs={challenge}",
                "Elastx",
                "The relay refuses every sender address of the domain.",
            ),
            slips=tuple((f"elastx-mrs={{{name}}}", cause) for name, cause in _SLIPS.items()),
            why="Shows that this user account may send for the domain.",
            note=(
                "One for each user account and sender domain; several may stand at one name. "
                "A From address in a subdomain needs it at that subdomain."
            ),
        ),
        replace(
            spf("include:elastx.email", "the relay", "-all"),
            without="The relay refuses mail from the domain.",
        ),
        replace(
            dkim_key(
                "elastx",
                "v=DKIM1; p={public_key}",
                "the relay",
                "Since April 2025 the relay refuses domains without DKIM.",
                "The key has 2048 bits, so the record is longer than one string of 255 octets.",
            ),
            when=_SIGNED,
        ),
        replace(
            DMARC,
            value="v=DMARC1; p=quarantine; adkim=r; aspf=r;",
            note="Any valid policy will do.",
            without="Elastx still sends, but large mailbox providers may refuse bulk mail.",
        ),
    ),
    steps=(
        "Ask Elastx support for a mail relay account; you get a user account, a password and a "
        "DKIM key.",
        "Enter account and password in the setting, and the key at each sender domain.",
        "Publish the challenge, SPF and DKIM records at every domain that appears in From.",
        "Wait until the page of the domain shows them as found, then send a test mail.",
    ),
    pitfalls=(
        "A digest made by hand with a plain echo covers a line end and never matches.",
        "The challenge record is made from the user account, not from the From address.",
        "Each subdomain that appears in From is a sender domain of its own.",
        "On Elastx PaaS outgoing port 25 is blocked; use 587.",
    ),
    spf_nesting=1,
    docs="https://docs.elastx.cloud/docs/mail-relay/getting-started/",
    source=Source("https://docs.elastx.cloud/docs/mail-relay/getting-started/", "2025-02"),
    check=_check,
    compute=_computed,
)
