"""What stands at a name where a CNAME belongs: its target as text, a key, addresses, a zone."""

import re
from collections.abc import Iterable
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim_tags
from dnscheck.rules.cdn import CLOUDFLARE, network_of
from dnscheck.rules.host import state, typed
from dnscheck.rules.wildcards import is_wildcard
from dnscheck.together import together
from smtp.providers.base import Purpose

APEX = Finding(
    "cname.apex",
    Severity.ERROR,
    "A CNAME cannot stand at {name}, the top of a zone",
    "The top of a zone holds its name servers, and a CNAME allows no other record beside it (RFC "
    "1034 section 3.6.2).",
    "Choose a name below it in the provider's console. Where the DNS host has them, a record of "
    "the type ALIAS or ANAME may do in place of the CNAME.",
)
IS_TXT = Finding(
    "cname.is-txt",
    Severity.ERROR,
    "The record at {name} has the type TXT instead of CNAME",
    "The right target is published at {name}, but as text. Text is not followed.",
    "Delete the TXT record at {name} and add a CNAME record with the target {wanted}.",
)
KEY_INSTEAD = Finding(
    "cname.key-instead",
    Severity.ERROR,
    "A DKIM key stands at {name} in place of the CNAME",
    "The provider keeps the key behind the CNAME and renews it there. A copy, or a key from "
    "before, does not follow, and beside it the CNAME cannot be added.",
    "Delete the TXT record at {name} and add a CNAME record with the target {wanted}.",
)
PROXIED = Finding(
    "cname.proxied",
    Severity.ERROR,
    "{name} is hidden behind Cloudflare's proxy",
    "It answers with addresses of Cloudflare and without the CNAME, so nobody can follow it.",
    "At Cloudflare, edit the record at {name} and switch its proxy status (the orange cloud) to "
    "“DNS only”. If it is no CNAME to {wanted}, delete it and add the CNAME.",
)
FLATTENED = Finding(
    "cname.flattened",
    Severity.ERROR,
    "{name} answers with the addresses of the target instead of a CNAME",
    "The DNS host follows the CNAME itself and shows only where it ends, or the addresses were "
    "copied by hand. Nothing but addresses gets through, and those may change.",
    "If the CNAME to {wanted} is there, switch flattening off for it; if the record is of the type "
    "ALIAS or ANAME, or holds the addresses, replace it by the CNAME.",
)
ADDRESSES = Finding(
    "cname.addresses",
    Severity.ERROR,
    "{name} answers with addresses instead of a CNAME",
    "Either an A or AAAA record stands where the CNAME is needed, or the DNS host hides the CNAME "
    "behind its own addresses, as a proxy or a redirect does.",
    "If the CNAME to {wanted} is already there, switch its proxy off. Otherwise delete the "
    "A and AAAA records at {name} and add the CNAME. If something still needs them, choose "
    "another name in the provider's console.",
)

KINDS = ("TXT", "MX", "A", "AAAA")


def is_registered(name: str) -> bool:
    """Whether a name is a registered domain itself, which is always the top of a zone."""
    return organizational_domain(name) == name


def at_apex(expected: RequiredRecord) -> Finding:
    """Say that a CNAME can never stand at this name."""
    return state(APEX, name=expected.name)


async def objection(expected: RequiredRecord, wanted: str, ask: Ask) -> Finding | None:
    """Return what is to be said of other data at a name without the CNAME, if anything.

    What a wildcard answers is no data of the name.
    """
    servers = await ask(expected.name, "NS")
    if servers.status is Status.FOUND and not servers.chain:
        return at_apex(expected)
    answers = await together(*(ask(expected.name, kind) for kind in KINDS))
    own = [seen for seen in answers if await _is_own(seen, ask)]
    texts = _texts(seen for seen in own if seen.type == "TXT")
    addresses = [seen for seen in own if seen.type in ("A", "AAAA")]
    if any(_names(wanted, text) for text in texts):
        return _stated(IS_TXT, expected, own)
    if expected.purpose is Purpose.DKIM and any(map(_is_key, texts)):
        return _stated(KEY_INSTEAD, expected, own)
    if not addresses:
        return None
    if own == addresses and await _are_of(wanted, addresses, ask):
        return _stated(FLATTENED, expected, addresses)
    if own == addresses and set(map(network_of, _texts(addresses))) == {CLOUDFLARE}:
        return replace(_stated(PROXIED, expected, addresses), edits=())  # a switch, no record
    return _stated(ADDRESSES, expected, own)


async def _is_own(answer: Answer, ask: Ask) -> bool:
    found = answer.status is Status.FOUND and not answer.chain
    return found and await is_wildcard(answer, ask) is False


async def _are_of(wanted: str, own: list[Answer], ask: Ask) -> bool:
    """Whether addresses are those of the target."""
    behind = await together(*(ask(wanted, seen.type) for seen in own))
    return set(_texts(own)) <= set(_texts(behind))


def _texts(answers: Iterable[Answer]) -> list[str]:
    return [text for seen in answers for text in seen.texts]


def _names(wanted: str, text: str) -> bool:
    """Whether a text holds the target, alone or in a line of a zone file."""
    words = re.split(r"[\s\"']+", text.lower())
    return any(word.rstrip(".") == wanted for word in words)


def _is_key(text: str) -> bool:
    tags = dkim_tags.read(text)
    return "p" in tags.names and tags.get("v", "DKIM1").upper() == "DKIM1"


def _stated(finding: Finding, expected: RequiredRecord, own: list[Answer]) -> Finding:
    """Return the finding with what must be deleted before the CNAME can be added."""
    gone = [
        Edit(Action.DELETE, expected.name, seen.type, before=typed(value))
        for seen in own
        for value in seen.values
    ]
    add = Edit(Action.ADD, expected.name, "CNAME", after=expected.value)
    return state(
        finding,
        edits=(*gone, add),
        evidence=(edit.before for edit in gone),
        name=expected.name,
        wanted=expected.value,
    )
