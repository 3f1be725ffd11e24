"""DNS messages as octets: what a verdict rests on, kept small enough to compare by the million.

Of each question that was put to a resolver two digests of the reply are kept. One covers all of its
octets but the id and the TTLs. The other covers what the reply says, for resolvers give records in
any order: response code, records in one order, names in full and in small letters.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

Exchange = tuple[bytes, bytes]  # a question and the reply to it, each a whole message
Owner = TypeVar("Owner")
# A question without its id, the shape of its reply, the digests of octets and of meaning; whose.
Entry = tuple[bytes, bytes, bytes, bytes, Owner]

DIGEST = 16  # octets: nobody makes a second reply with the same one
MOST_RECORDS = 300  # of a reply, as in `resolver.reading`
MOST_QUESTIONS = 100  # of a domain
MOST_LABELS = 127  # of a name (RFC 1035 section 2.3.4)
HEADER = struct.Struct("!HHHHHH")  # RFC 1035 section 4.1.1
RECORD = struct.Struct("!HHIH")  # type, class, TTL, octets of the data
NAME = HEADER.size  # where the question's name begins; two octets earlier without the id
KIND = 4  # octets of a question's type and class
POINTER = 0xC0  # a label that is one (RFC 1035 section 4.1.4)
ENTRY = struct.Struct(f"!HH{DIGEST}s{DIGEST}s")  # octets of the question and of the shape
PART = struct.Struct("!I")
QR, TC = 0x8000, 0x0200
TELLING = 0x7C8F  # the flags that matter: opcode, AA, RA and the response code
OUTCOME = 0x780F  # the flags that say what became of it: opcode and response code
DEFINITIVE = (0, 3)  # a plain query, and NOERROR or NXDOMAIN
A, NS, CNAME, PTR, MX, TXT, AAAA, OPT, IN = 1, 2, 5, 12, 15, 16, 28, 41, 1
PLAIN = (A, TXT, AAAA)  # no names in their data
ANSWER, AUTHORITY = 0, 1


def shape_of(reply: bytes) -> bytes:
    """Return the length of a reply and where its TTLs are, two octets each.

    Raises `ValueError`, `IndexError` or `struct.error` if it is no message.
    """
    places = [at + 4 for _, _, at in _records(reply) if RECORD.unpack_from(reply, at)[0] != OPT]
    return struct.pack(f"!{len(places) + 1}H", len(reply), *places)


@lru_cache(maxsize=10_000)
def _cutter(shape: bytes) -> Callable[[bytes], tuple[bytes, ...]]:
    """Return what cuts a reply of this shape into what is between id, TTLs and end."""
    length, *places = struct.unpack(f"!{len(shape) // 2}H", shape)
    starts, ends = [2, *(place + 4 for place in places)], [*places, length]
    pieces = (f"{end - start}s" for start, end in zip(starts, ends, strict=True))
    return struct.Struct("2x" + "4x".join(pieces)).unpack


def digest(reply: bytes, shape: bytes) -> bytes:
    """Return the digest of a reply without id and TTLs; nothing if it has another length."""
    try:
        return blake2b(b"".join(_cutter(shape)(reply)), digest_size=DIGEST).digest()
    except struct.error:
        return b""


def meaning(reply: bytes) -> bytes:
    """Return the digest of what a reply says; nothing if it is cut, a failure or unusual."""
    try:
        told = _told(reply)
    except (ValueError, IndexError, struct.error):
        return b""
    return blake2b(repr(told).encode(), digest_size=DIGEST).digest()


def is_reply(reply: bytes, question: bytes) -> bool:
    """Whether octets that have the right id answer this question (which is without its id)."""
    end = _after_name(question, NAME - 2) + KIND
    asked = question[NAME - 2 : end]
    if len(reply) < end + 2 or not reply[2] & 0x80 or reply[4:6] != b"\0\1":
        return False
    return reply[NAME : end + 2].lower() == asked.lower()


def is_failure(reply: bytes) -> bool:
    """Whether a reply says nothing of the zone: any response code but NOERROR and NXDOMAIN."""
    return reply[3] & 0x0F not in (0, 3)


def pack(domain: str, exchanges: Iterable[Exchange]) -> bytes:
    """Return what to keep of all exchanges a verdict rests on; nothing if they cannot be compared.

    Questions outside of the domain stand apart, because other domains ask the same.
    """
    replies = {question[2:]: reply for question, reply in exchanges}
    inside, outside = list[bytes](), list[bytes]()
    for question, reply in sorted(replies.items()):
        is_in = _is_in(domain, question)
        packed = _packed(question, reply) if is_in else _packed_again(question, reply)
        if not packed or len(replies) > MOST_QUESTIONS:
            return b""
        part = inside if is_in else outside
        part.append(packed)
    others = b"".join(outside)
    return PART.pack(len(others)) + others + b"".join(inside) if replies else b""


def _packed(question: bytes, reply: bytes) -> bytes:
    """Return what to keep of one exchange; nothing if it cannot be compared."""
    if not (says := meaning(reply)):
        return b""
    shape = shape_of(reply)
    return ENTRY.pack(len(question), len(shape), digest(reply, shape), says) + shape + question


_packed_again = lru_cache(maxsize=1024)(_packed)  # the same reply goes for many domains


def parts(kept: bytes) -> tuple[bytes, bytes]:
    """Return the two parts of what was packed: of questions outside of the domain, and inside."""
    start = PART.size + int(PART.unpack_from(kept)[0])
    return kept[PART.size : start], kept[start:]


def entries(part: bytes, owner: Owner) -> list[Entry[Owner]]:
    """Return a part, question by question, each with its owner."""
    found, at, end = [], 0, len(part)
    while at < end:
        asked, shaped, octets, says = ENTRY.unpack_from(part, at)
        start = at + ENTRY.size + shaped
        at, shape = start + asked, part[start - shaped : start]
        found.append((part[start:at], shape, octets, says, owner))
    return found


def _is_in(domain: str, question: bytes) -> bool:
    labels, above = _labels(question, NAME - 2)[0], domain.encode().lower().split(b".")
    return list(labels[-len(above) :]) == above


def _told(reply: bytes) -> tuple[object, ...]:
    """Return what a reply says, the same for each order of its records.

    Raises `ValueError` for what it does not know well enough to call two of them the same.
    """
    flags = HEADER.unpack_from(reply)[1]
    if not flags & QR or flags & TC or flags & OUTCOME not in DEFINITIVE:
        raise ValueError("no answer, or only a part of one")
    name, at = _labels(reply, NAME)
    answers, authority, options = [], set(), []
    for section, owner_at, start in _records(reply):
        kind, family, version, length = RECORD.unpack_from(reply, start)
        owner, data = _labels(reply, owner_at)[0], start + RECORD.size
        if kind == OPT:  # with the upper bits of the response code, or extended errors (RFC 8914)
            options.append((version >> 16, reply[data : data + length]))
        elif section == ANSWER and family == IN:
            answers.append((owner, kind, _data(reply, kind, data, length)))
        elif section == AUTHORITY:
            authority.add((owner, kind))
        elif section == ANSWER:
            raise ValueError("another family than that of the internet")
    aliases = [owner for owner, kind, _ in answers if kind == CNAME]
    if len(set(aliases)) < len(aliases):
        raise ValueError("two aliases at one name: the first one of them counts")
    asked = (flags & TELLING, name, reply[at : at + KIND])
    told = [option for option in options if option != (0, b"")]
    return (*asked, sorted(answers), sorted(authority), told)


def _data(reply: bytes, kind: int, at: int, length: int) -> tuple[object, ...]:
    """Return the data of a record, with names in full and in small letters."""
    if kind in PLAIN:
        return (reply[at : at + length],)
    head = {NS: 0, CNAME: 0, PTR: 0, MX: 2}.get(kind)
    if head is None:
        raise ValueError("a type that is seldom asked for")
    return (reply[at : at + head], *_labels(reply, at + head)[0])


def _records(reply: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each record's section, and where its owner and its type begin."""
    _, _, questions, *counts = HEADER.unpack_from(reply)
    if questions != 1 or sum(counts) > MOST_RECORDS:
        raise ValueError("no reply to one question")
    at = _after_name(reply, NAME) + KIND
    for section, count in enumerate(counts):
        for _ in range(count):
            start = _after_name(reply, at)
            yield section, at, start
            at = start + RECORD.size + int(RECORD.unpack_from(reply, start)[3])
    if at != len(reply):
        raise ValueError("octets that belong to no record")


def _after_name(octets: bytes, at: int) -> int:
    """Return where a name ends."""
    while length := octets[at]:
        if length >= POINTER:
            return at + 2
        at += length + 1
    return at + 1


def _labels(octets: bytes, at: int) -> tuple[tuple[bytes, ...], int]:
    """Return a name label by label, in small letters, and where it ends."""
    end, found = _after_name(octets, at), list[bytes]()
    while length := octets[at]:
        if length >= POINTER:
            target = (length & 0x3F) << 8 | octets[at + 1]
            if target >= at:
                raise ValueError("a pointer that does not lead back")
            at = target
            continue
        found.append(octets[at + 1 : at + 1 + length].lower())
        at += length + 1
        if length >= 64 or len(found) > MOST_LABELS:
            raise ValueError("no name")
    return tuple(found), end
