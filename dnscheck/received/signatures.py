"""DKIM signatures of a message, checked with the keys that are in the DNS today (RFC 6376).

The signature over the header and the hash of the body are judged apart from each other: which of
them fails tells what was changed on the way. What is signed with RSA or Ed25519 is left to dkimpy,
which is given the key and so asks nobody; what would keep it busy for long is not given to it.
"""

import base64
import hmac
import logging
import re
from dataclasses import dataclass
from enum import StrEnum

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from dnscheck.answers import Answer, Status
from dnscheck.received.message import Field, Message
from dnscheck.rules import dkim_tags
from smtp.providers.keys import FEWEST_BITS, decode

SIGNATURE = "dkim-signature"
MOST_SIGNATURES = 10
LONGEST_SIGNATURE = 8_000  # octets
LONGEST_KEY = 4096  # bits; receivers need not check with more (RFC 8301 section 3.2)
_BLANKS = re.compile(rb"[ \t]+")
_SPACE = re.compile(rb"\s+")
_GAP = re.compile(rb"\s{200}")  # dkimpy takes very long over longer ones
_PLAIN = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,250}[a-z0-9_])?")
_QUIET = logging.Logger("dkim", logging.CRITICAL + 1)  # what it has to say is in the result
_TIMES = (b"t", b"x")  # they mattered when the message arrived

Tags = dict[bytes, bytes]


class Key(StrEnum):
    """What there is of a key today."""

    GOOD = "good"
    MISSING = "missing"
    REVOKED = "revoked"
    WEAK = "weak"
    BROKEN = "broken"
    UNKNOWN = "unknown"  # could not ask


class Fit(StrEnum):
    """Whether a part of the message still is what was signed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # not pasted, no usable key, or a kind of signature that nobody checks


@dataclass(frozen=True)
class Signature:
    """One DKIM-Signature field: whose it is, which key it asks for, and how it was made.

    `position` counts the signatures from the top. `problem` is a sentence when it cannot be read.
    """

    domain: str
    selector: str
    algorithm: str
    position: int
    problem: str = ""

    @property
    def key_name(self) -> str:
        """The name of the TXT record with its key."""
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True)
class Checked:
    """What one signature is worth today. `key` tells of the record, the others of the message."""

    domain: str
    selector: str
    algorithm: str
    key: Key
    header: Fit
    body: Fit
    problem: str = ""

    @property
    def passes(self) -> bool | None:
        """Whether it verifies; None if that cannot be told. A body that is missing is let pass."""
        if Fit.NO in (self.header, self.body):
            return False
        if self.header is Fit.YES:
            return True
        return None if self.key in (Key.GOOD, Key.UNKNOWN) else False


def signatures(message: Message) -> tuple[Signature, ...]:
    """Return the signatures of a message from the top."""
    fields = _signing(message)[:MOST_SIGNATURES]
    return tuple(_signature(field, position) for position, field in enumerate(fields))


def check(message: Message, signature: Signature, answer: Answer) -> Checked:
    """Check one signature of a message with the answer for its `key_name`."""
    key, record = _key(answer)
    header = body = Fit.UNKNOWN
    if not signature.problem:
        tags = _tags(_signing(message)[signature.position])
        body = _body_fit(message, tags)
        if key is Key.GOOD:
            header = _header_fit(message, signature, tags, record)
    return Checked(
        *(signature.domain, signature.selector, signature.algorithm),
        key=key,
        header=header,
        body=body,
        problem=signature.problem,
    )


def _signing(message: Message) -> list[Field]:
    return [field for field in message.fields if field.name == SIGNATURE]


def _signature(field: Field, position: int) -> Signature:
    try:
        tags = _tags(field)
    except InvalidTagValueList:
        return Signature("", "", "", position, "This signature is no list of tags.")
    domain, selector, algorithm = (
        tags.get(name, b"").decode("ascii", "replace").strip().lower()
        for name in (b"d", b"s", b"a")
    )
    if len(field.octets) > LONGEST_SIGNATURE or _GAP.search(field.octets):
        problem = "This signature is too long to be checked here."
    elif not (_PLAIN.fullmatch(domain) and _PLAIN.fullmatch(selector)):
        problem = "This signature does not name its domain and selector as it should."
    else:
        problem = _objection({name: text for name, text in tags.items() if name not in _TIMES})
    return Signature(domain[:253], selector[:253], algorithm[:40], position, problem)


def _objection(tags: Tags) -> str:
    try:
        dkim.validate_signature_fields(tags)
    except (dkim.ValidationError, ValueError, IndexError):
        return "This signature lacks a tag, or has one that cannot be read."
    if tags[b"a"] == b"rsa-sha1":
        return "This signature is made with SHA-1, which receivers no longer accept (RFC 8301)."
    return ""


def _tags(field: Field) -> Tags:
    """Return the tags of a signature; raises what dkimpy does for what is no list of tags."""
    tags: Tags = parse_tag_value(field.octets.partition(b":")[2])
    return tags


def _body_fit(message: Message, tags: Tags) -> Fit:
    """Whether the body has the hash that was signed (RFC 6376 section 3.7)."""
    if message.body is None:
        return Fit.UNKNOWN
    try:
        policy = dkim.CanonicalizationPolicy.from_c_value(tags.get(b"c", b"simple/simple"))
        wanted = base64.b64decode(_SPACE.sub(b"", tags[b"bh"]))
    except (dkim.canonicalization.InvalidCanonicalizationPolicyError, ValueError):
        return Fit.UNKNOWN
    is_relaxed = policy.body_algorithm is dkim.canonicalization.Relaxed
    # Runs of blanks count as one; dkimpy takes very long over long ones.
    body = _BLANKS.sub(b" ", message.body) if is_relaxed else message.body
    hashed = policy.canonicalize_body(body)
    length = tags.get(b"l")
    digest = dkim.HASH_ALGORITHMS[tags[b"a"]](hashed[: int(length)] if length else hashed).digest()
    return Fit.YES if hmac.compare_digest(digest, wanted) else Fit.NO


def _header_fit(message: Message, signature: Signature, tags: Tags, record: bytes) -> Fit:
    """Whether the header fields are those that were signed with this key."""
    named = [name.strip().lower() for name in tags[b"h"].split(b":")]
    wanted = {name.decode("ascii", "replace") for name in named} | {SIGNATURE}
    source = b"".join(one.octets + b"\r\n" for one in message.fields if one.name in wanted)
    # Without its hash of the body dkimpy looks at the header alone.
    parts = {name: value for name, value in tags.items() if name != b"bh"}
    try:
        signer = dkim.DKIM(source, logger=_QUIET)
        own = [one for one in signer.headers if one[0].lower() == SIGNATURE.encode()]
        field = own[signature.position]
        is_good = signer.verify_sig(parts, named, field, lambda *_name, **_timeout: record)
    except Exception:  # a foreign library on hostile octets: whatever it says, nothing is proven
        return Fit.UNKNOWN
    return Fit.YES if is_good else Fit.NO


def _key(answer: Answer) -> tuple[Key, bytes]:
    """Return what there is of a key, and the plain record that dkimpy is given for it."""
    if not answer.definitive:
        return Key.UNKNOWN, b""
    if answer.status is not Status.FOUND:
        return Key.MISSING, b""
    read = map(dkim_tags.read, answer.texts)
    tags = next((one for one in read if "p" in one.names), None)
    if tags is None or not tags.is_sound or tags.get("v", "DKIM1") != "DKIM1":
        return Key.BROKEN, b""
    text = dkim_tags.without_blanks(tags.get("p"))
    if not text:
        return Key.REVOKED, b""
    try:
        decoded = decode(text)
    except ValueError:
        return Key.BROKEN, b""
    key = decoded.key
    if tags.get("k", "rsa") != key.kind or key.bits > LONGEST_KEY:
        return Key.BROKEN, b""
    if key.kind == "rsa" and key.bits < FEWEST_BITS:
        return Key.WEAK, b""
    return Key.GOOD, f"k={key.kind}; p={decoded.published}".encode()
