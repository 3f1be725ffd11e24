"""Reads the usual reply quickly. Whatever is unusual about one is left to `reading.read`.

It says the same as `reading.read`, or nothing; never does it raise.
"""

import ipaddress
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from dnscheck.answers import Answer, Status, Value

HEADER = struct.Struct("!HHHHHH")  # RFC 1035 section 4.1.1
RECORD = struct.Struct("!HHIH")  # type, class, TTL, octets of the data
TIMES = struct.Struct("!IIIII")  # of an SOA record
QR, AA, AD, RA = 0x8000, 0x0400, 0x0020, 0x0080
UNUSUAL = 0x7A4C  # opcode, TC, a bit that must be zero, and response codes above 3
RCODES = {0: "NOERROR", 3: "NXDOMAIN"}
A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, OPT, IN = 1, 2, 5, 6, 12, 15, 16, 28, 41, 1
TYPES = {"A": A, "NS": NS, "CNAME": CNAME, "SOA": SOA, "PTR": PTR, "MX": MX, "TXT": TXT}
TYPES |= {"AAAA": AAAA, "DS": 43}
HOSTS = (NS, CNAME, PTR)
ADDRESSES = {A: 4, AAAA: 16}
POINTER = 0xC0
LONGEST_NAME, LONGEST_LABEL = 255, 63  # octets (RFC 1035 section 2.3.4)
LONGEST_TTL = (1 << 31) - 1
MOST_RECORDS, MOST_VALUES, MOST_LINKS = 300, 250, 8  # as `reading` has it
NAME = re.compile(rb"[A-Za-z0-9_*/+-]+")  # a label that needs no escape
FOREIGN = re.compile(rb"[^\x20-\x7e]")


class _UnusualError(Exception):
    """There is something that only a whole library knows."""


@dataclass(slots=True)
class _Record:
    owner: str
    kind: int
    ttl: int
    value: Value
    minimum: int = 0  # of an SOA record


def question(name: str, type: str) -> bytes:
    """Return a question as octets. Raises `KeyError` or `ValueError` for an unusual one."""
    octets = bytearray()
    for label in name.encode("ascii").split(b"."):
        if len(label) > LONGEST_LABEL or not NAME.fullmatch(label):
            raise ValueError(f"{name!r} is no usual name")
        octets.append(len(label))
        octets += label
    if len(octets) >= LONGEST_NAME:
        raise ValueError(f"{name!r} is too long")
    return bytes(octets) + struct.pack("!BHH", 0, TYPES[type], IN)


def read(
    octets: bytes, asked: bytes, name: str, type: str, *, recursive: bool, server: str
) -> Answer | None:
    """Return what a reply to a question, `asked` as octets, says.

    None if it is too unusual to be read here.
    """
    try:
        return _read(octets, asked, name, type, recursive, server)
    except (_UnusualError, struct.error, IndexError):
        return None


def _read(
    octets: bytes, question: bytes, name: str, type: str, recursive: bool, server: str
) -> Answer | None:
    _, flags, questions, *counts = HEADER.unpack_from(octets)
    rcode = flags & 0xF
    if not flags & QR or flags & UNUSUAL or rcode not in RCODES or questions != 1:
        return None
    if sum(counts) > MOST_RECORDS:
        return None
    asked, start = _name(octets, HEADER.size)
    if asked.lower() != name or struct.unpack_from("!HH", octets, start) != (TYPES[type], IN):
        return None
    records = _records(octets, start + 4, counts, name)
    answers = [next(records) for _ in range(counts[0])]
    authority = [next(records) for _ in range(counts[1])]
    for _ in records:
        pass  # the rest is checked as well
    if not _is_entitled(flags, name, answers, authority, recursive):
        return None
    values, links = _followed(name, TYPES[type], answers)
    starts = [] if values else [record for record in authority if record.kind == SOA]
    if (rcode and values) or (answers and not links and not values) or len(starts) > 1:
        return None
    status = Status.FOUND if values else Status.NO_NAME if rcode else Status.NO_RECORD
    ttls = [record.ttl for record in (*links, *values, *starts)]
    ttls += [record.minimum for record in starts]
    return Answer(
        name,
        type,
        status,
        values=tuple(record.value for record in values),
        ttl=min(ttls, default=None),
        server=server,
        chain=tuple(link.value.text for link in links),
        rcode=RCODES[rcode],
        flags=tuple(word for word, bit in (("AA", AA), ("AD", AD)) if flags & bit),
        minimum=starts[0].minimum if starts else None,
        zone=starts[0].owner if starts else "",
        exchanges=((question, octets),),
    )


def _is_entitled(
    flags: int, name: str, answers: list[_Record], authority: list[_Record], recursive: bool
) -> bool:
    """Whether a server speaks for the zone, and not of another one: as in `reading`."""
    if flags & AA:
        return True
    if not recursive:
        return False
    if any(record.owner == name for record in answers):
        return True
    kinds = {record.kind for record in authority}
    return SOA in kinds or (bool(flags & RA) and NS not in kinds)


def _followed(name: str, kind: int, answers: list[_Record]) -> tuple[list[_Record], list[_Record]]:
    """Return the records asked for, and the aliases on the way to them."""
    aliases = {record.owner: record for record in answers if record.kind == CNAME}
    if len(aliases) < sum(record.kind == CNAME for record in answers):
        raise _UnusualError
    links: list[_Record] = []
    while kind != CNAME and name in aliases:
        links.append(aliases[name])
        name = aliases[name].value.text
        if len(links) > MOST_LINKS:
            raise _UnusualError
    values = [record for record in answers if record.kind == kind and record.owner == name]
    if len({record.value for record in values}) < len(values) or len(values) > MOST_VALUES:
        raise _UnusualError
    if kind == SOA and len(values) > 1:
        raise _UnusualError
    return values, links


def _records(octets: bytes, at: int, counts: list[int], name: str) -> Iterator[_Record]:
    """Yield the records of all sections."""
    for section, count in enumerate(counts):
        for _ in range(count):
            if octets[at] == POINTER and octets[at + 1] == HEADER.size:
                owner, at = name, at + 2
            elif not octets[at]:
                owner, at = "", at + 1
            else:
                owner, at = _name(octets, at)
                owner = owner.lower()
            kind, family, ttl, length = RECORD.unpack_from(octets, at)
            at += RECORD.size
            end = at + length
            if end > len(octets):
                raise _UnusualError
            if kind == OPT:
                if section < 2 or owner or ttl & 0xFFFF0000 or length:
                    raise _UnusualError
                owner = "."
            elif family != IN or ttl > LONGEST_TTL or not owner:
                raise _UnusualError
            yield _record(octets, owner, kind, ttl, at, end)
            at = end


def _record(octets: bytes, owner: str, kind: int, ttl: int, at: int, end: int) -> _Record:
    if kind == TXT:
        strings = tuple(_strings(octets, at, end))
        return _Record(owner, kind, ttl, Value("".join(strings), strings))
    if kind in ADDRESSES and end - at == ADDRESSES[kind]:
        return _Record(owner, kind, ttl, Value(_address(octets[at:end])))
    if kind == MX:
        (preference,) = struct.unpack_from("!H", octets, at)
        host = _last_name(octets, at + 2, end)
        return _Record(owner, kind, ttl, Value(host.lower(), preference=preference))
    if kind in HOSTS:
        return _Record(owner, kind, ttl, Value(_last_name(octets, at, end).lower()))
    if kind == SOA:
        server, at = _name(octets, at)
        mailbox, at = _name(octets, at)
        times = TIMES.unpack_from(octets, at)
        if at + TIMES.size != end or not server or not mailbox or times[4] > LONGEST_TTL:
            raise _UnusualError
        text = " ".join([f"{server}.", f"{mailbox}.", *map(str, times)])
        return _Record(owner, kind, ttl, Value(text), times[4])
    if kind == OPT:
        return _Record(owner, kind, 0, Value(""))
    raise _UnusualError


def _address(octets: bytes) -> str:
    if len(octets) == ADDRESSES[A]:
        return ".".join(map(str, octets))
    address = ipaddress.IPv6Address(octets)
    if address.ipv4_mapped is not None or address.packed[:12] == bytes(12):
        raise _UnusualError  # there is more than one way to write it
    return str(address)


def _strings(octets: bytes, at: int, end: int) -> Iterator[str]:
    if at == end:
        raise _UnusualError
    while at < end:
        start, at = at + 1, at + 1 + octets[at]
        if at > end:
            raise _UnusualError
        text = octets[start:at]
        if FOREIGN.search(text):
            raise _UnusualError
        yield text.decode("ascii")


def _last_name(octets: bytes, at: int, end: int) -> str:
    """Return a name that ends where its record ends, and is not the root."""
    name, after = _name(octets, at)
    if after != end or not name:
        raise _UnusualError
    return name


def _name(octets: bytes, at: int) -> tuple[str, int]:
    """Return a name without its trailing dot, as it is written, and where it ends."""
    labels: list[bytes] = []
    end, before, size = 0, at, 1
    while length := octets[at]:
        if length >= POINTER:
            target = (length & 0x3F) << 8 | octets[at + 1]
            if target >= before:
                raise _UnusualError
            end = end or at + 2
            at = before = target
            continue
        size += length + 1
        if length > LONGEST_LABEL or size > LONGEST_NAME:
            raise _UnusualError
        labels.append(octets[at + 1 : at + 1 + length])
        at += length + 1
    if labels and not NAME.fullmatch(b"".join(labels)):
        raise _UnusualError
    return b".".join(labels).decode("ascii"), end or at + 1
