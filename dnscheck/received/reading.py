"""What a message tells of itself: its author, its receiver's words, and who handed it over.

Everybody can write header fields. The receiver's words are those above the first field of another
organization, or those in its own name, which receivers take out of arriving mail (RFC 8601
section 5).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dnscheck.names import clean_domain, organizational_domain
from dnscheck.received.message import Message, without_comments
from dnscheck.received.results import (
    AUTHENTICATION,
    SEALED,
    SPF_ALONE,
    Result,
    Statement,
    address_in,
    spoken,
    statements,
)
from dnscheck.received.trace import Hop, handover, hops

MOST_TEXT = 300  # characters of a field that are kept
MOST_SAID = 10  # signatures a receiver speaks of
_KINDS = (AUTHENTICATION, SEALED, SPF_ALONE)  # the best first
_METHODS = ("dmarc", "dkim", "spf")
_FORWARDING = ("x-forwarded-to", "x-forwarded-for", "resent-from", "x-ms-exchange-forwardingloop")
_REWRITTEN = re.compile(r"^SRS[01][=+-]|\+caf_=", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ADDRESS = re.compile(r"[^\s<>,;:@]+@[^\s<>,;:@]+")


@dataclass(frozen=True)
class Connection:
    """Who handed the message over, as SPF wants it; what is not known is empty."""

    ip: str = ""
    helo: str = ""
    mail_from: str = ""


@dataclass(frozen=True)
class Said:
    """What the receiver says of one signature, or with an empty domain of none in particular."""

    domain: str
    selector: str
    result: str
    comment: str


@dataclass(frozen=True)
class Claims:
    """What the receiver says. `server` is its name; `header` is the kind of field, or empty.

    `spf` and `dmarc` are words such as pass, and empty when nothing is said. `is_foreign` says that
    there are such fields, but only where everybody may have written them.
    """

    server: str = ""
    header: str = ""
    spf: str = ""
    spf_comment: str = ""
    dkim: tuple[Said, ...] = ()
    dmarc: str = ""
    dmarc_comment: str = ""
    is_foreign: bool = False


@dataclass(frozen=True)
class Reading:
    """What a message tells of itself.

    `domain` is that of the From address, as A-labels; `authors` counts the addresses and fields.
    """

    author: str
    domain: str
    authors: int
    subject: str
    message_id: str
    claims: Claims
    connection: Connection
    hops: tuple[Hop, ...]
    is_list: bool
    is_forwarded: bool
    has_body: bool
    lost_folds: bool
    is_cut: bool


def read(message: Message) -> Reading:
    """Return what a message tells; nothing in it makes this fail."""
    way = hops(message)
    heard = statements(message)
    trusted = _trusted(heard, way)
    senders = [_addresses(value) for value in message.values("from")]
    author = next((address for found in senders for address in found), "")
    ip, hop = handover(way, trusted)
    connection = Connection(ip, _helo(trusted, hop), _mail_from(trusted, message))
    is_list = bool(message.first("list-post"))
    return Reading(
        author=author[:MOST_TEXT],
        domain=_domain(author),
        authors=max(len(senders), sum(map(len, senders))),
        subject=message.first("subject")[:MOST_TEXT],
        message_id=message.first("message-id")[:MOST_TEXT],
        claims=_claims(trusted, heard),
        connection=connection,
        hops=way,
        is_list=is_list,
        is_forwarded=is_list or _is_forwarded(message, connection.mail_from),
        has_body=message.body is not None,
        lost_folds=message.lost_folds,
        is_cut=message.is_cut,
    )


def _trusted(heard: Sequence[Statement], way: Sequence[Hop]) -> list[Statement]:
    """Return the receiver's own statements, of each kind those of one server alone."""
    _, hop = handover(way, ())
    below = [other.position for other in way if hop and other.position > hop.position]
    limit = min(below, default=None)
    own = {_organization(other.by) for other in (*way[:1], hop) if other and other.by}
    mine = [
        said
        for said in heard
        if limit is None or said.position < limit or _organization(said.server) in own
    ]
    results = [said for said in mine if said.header == AUTHENTICATION]
    sealed = [said for said in mine if said.header == SEALED]
    newest = max((said.instance for said in sealed), default=0)
    return [
        *(said for said in results if said.server == results[0].server),
        *(said for said in sealed if said.instance == newest),
        *[said for said in mine if said.header == SPF_ALONE][:1],
    ]


def _claims(trusted: Sequence[Statement], heard: Sequence[Statement]) -> Claims:
    """Return what is said, of the best kind of field that says anything."""
    kinds = [spoken([said for said in trusted if said.header == kind]) for kind in _KINDS]
    said = next((one for one in kinds if one and any(map(one.all, _METHODS))), None)
    if said is None:
        return Claims(is_foreign=bool(heard))
    spf = next(filter(None, (one.one("spf") for one in kinds if one)), None)
    dmarc = said.one("dmarc")
    return Claims(
        server=said.server,
        header=said.header,
        spf=spf.result if spf else "",
        spf_comment=spf.comment if spf else "",
        dkim=tuple(map(_said, said.all("dkim")[:MOST_SAID])),
        dmarc=dmarc.result if dmarc else "",
        dmarc_comment=dmarc.comment if dmarc else "",
    )


def _said(result: Result) -> Said:
    domain = result.get("header.d") or result.get("header.i").rpartition("@")[2]
    return Said(domain.lower(), result.get("header.s").lower(), result.result, result.comment)


def _is_forwarded(message: Message, mail_from: str) -> bool:
    """Whether a mailbox passed the message on: by its fields, or by a rewritten envelope sender."""
    named = any(map(message.first, _FORWARDING))
    return named or _REWRITTEN.search(mail_from) is not None


def _helo(trusted: Sequence[Statement], hop: Hop | None) -> str:
    told = (result.get("smtp.helo") for said in trusted for result in said.all("spf"))
    return (next(filter(None, told), "") or (hop.helo if hop else ""))[:MOST_TEXT]


def _mail_from(trusted: Sequence[Statement], message: Message) -> str:
    """Return the envelope sender: as a whole address if it is known."""
    told = [result.get("smtp.mailfrom") for said in trusted for result in said.all("spf")]
    path = _addresses(message.first("return-path"))
    known = [*(text for text in told if "@" in text.strip("@")), *path, *filter(None, told)]
    return known[0].strip("<>@")[:MOST_TEXT] if known else ""


def _addresses(value: str) -> list[str]:
    """Return the addresses in a field, without names and comments."""
    return _ADDRESS.findall(_QUOTED.sub("q", without_comments(value)))


def _domain(address: str) -> str:
    """Return the domain of an address as the DNS has it, or in small letters if it is odd."""
    written = address.rpartition("@")[2]
    try:
        return clean_domain(written, laboratory=True)
    except ValueError:
        return written.lower()[:253]


def _organization(name: str) -> str:
    """Return the organization of a host, or nothing for an address and for a bare word."""
    return organizational_domain(name) if "." in name and not address_in(name) else ""
