"""From the octets of a DNS message to an Answer. Whatever they are, nothing here raises."""

import datetime as dt
import struct
import time
from dataclasses import dataclass, replace
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from dnscheck.answers import SIGNATURE_EXPIRED, Answer, Reason, Status, Value
from dnscheck.resolver.servers import Server, shown

EDNS_PAYLOAD = 1232  # octets: what no path fragments (DNS flag day 2020)
MOST_VALUES = 250
MOST_RECORDS = 300  # of a message that is read at all: its names may be costly to unpack
MOST_LINKS = 8  # of a CNAME chain
LONGEST_DETAIL = 200
LONGEST_TTL = (1 << 31) - 1  # seconds; RFC 2181 section 8: what is longer is 0
HEADER = struct.Struct("!HHHHHH")  # RFC 1035 section 4.1.1
RCODES = {
    dns.rcode.SERVFAIL: Reason.SERVFAIL,
    dns.rcode.REFUSED: Reason.REFUSED,
    dns.rcode.NOTAUTH: Reason.LAME,
}
NO_EDNS = ("FORMERR", "NOTIMP", "BADVERS")  # how a server says that it does not know it
FLAGS = (dns.flags.AA, dns.flags.AD)
# RFC 8914: what a validating resolver says of signatures, and what a filtering one says of a name
# that it does not want to be asked for. The answer of the latter is none of the zone's.
BOGUS_CODES = range(dns.edns.EDECode.DNSSEC_BOGUS, dns.edns.EDECode.NSEC_MISSING + 1)
FILTER_CODES = (
    dns.edns.EDECode.FORGED_ANSWER,
    *range(dns.edns.EDECode.BLOCKED, dns.edns.EDECode.PROHIBITED + 1),
)


@dataclass(frozen=True)
class Question:
    """One question to one server.

    It goes to a resolver, or else to one of a zone's own servers; it is `checked` with DNSSEC by
    the former; and it is asked with EDNS unless the server does not know that (RFC 6891).
    """

    name: str
    type: str
    recursive: bool = True
    checked: bool = True
    edns: bool = True

    def message(self) -> dns.message.QueryMessage:
        """Return what is sent. Raises `DNSException` or `UnicodeError` for an impossible name."""
        signed = self.recursive and not self.checked
        query = dns.message.make_query(
            dns.name.from_text(self.name + "."),
            self.type,
            use_edns=0 if self.edns else False,
            payload=EDNS_PAYLOAD,
            want_dnssec=signed,
        )
        if self.recursive:
            query.flags |= dns.flags.AD  # RFC 6840 section 5.7: please tell whether it is secure
        else:
            query.flags &= ~dns.flags.RD
        if signed:
            query.flags |= dns.flags.CD
        return query


def unknown(name: str, type: str, reason: Reason, server: Server | None = None) -> Answer:
    """Return the answer that is none, and why."""
    return Answer(name, type, Status.UNKNOWN, reason=reason, server=shown(server) if server else "")


def read(
    octets: bytes, query: dns.message.QueryMessage, question: Question, server: Server
) -> Answer | None:
    """Return what octets say to a question, or None if they are no reply to it at all."""
    if len(octets) < HEADER.size:
        return None
    id, flags, _, *counts = HEADER.unpack_from(octets)
    if id != query.id or not flags & dns.flags.QR:
        return None
    nothing = unknown(question.name, question.type, Reason.MALFORMED, server)
    if flags & dns.flags.TC or sum(counts) > MOST_RECORDS:  # a part would be a wrong answer
        return replace(nothing, reason=Reason.TRUNCATED)
    try:
        response = dns.message.from_wire(octets, ignore_trailing=True)
        if not query.is_response(response):
            return None
        answer = _read(response, question, nothing)
    except (dns.exception.DNSException, ValueError):
        return nothing
    return replace(
        answer,
        rcode=dns.rcode.to_text(response.rcode()),
        flags=tuple(flag.name or "" for flag in FLAGS if response.flags & flag),
        detail=_detail(response),
    )


def _read(response: dns.message.Message, question: Question, nothing: Answer) -> Answer:
    """Return what a message says. `nothing` is the answer when it says nothing."""
    rcode = response.rcode()
    extended = [option.code for option in response.extended_errors()]
    if rcode == dns.rcode.SERVFAIL and any(code in BOGUS_CODES for code in extended):
        return replace(nothing, reason=Reason.BOGUS)
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return replace(nothing, reason=RCODES.get(rcode, Reason.MALFORMED))
    if any(code in FILTER_CODES for code in extended):
        return replace(nothing, reason=Reason.REFUSED)
    if not _is_entitled(response, question):
        return _pointed(response, nothing)
    return _said(response, nothing)


def _is_entitled(response: dns.message.Message, question: Question) -> bool:
    """Whether a server speaks for the zone, be it as its own or as a resolver.

    A resolver that only points elsewhere, with name servers and without an SOA record (RFC 2308
    section 2.1), does not.
    """
    if response.flags & dns.flags.AA:
        return True
    if not question.recursive:
        return False
    asked = response.question[0].name
    if any(rrset.name == asked for rrset in response.answer):
        return True
    types = {rrset.rdtype for rrset in response.authority}
    if dns.rdatatype.SOA in types:
        return True
    return bool(response.flags & dns.flags.RA) and dns.rdatatype.NS not in types


def _pointed(response: dns.message.Message, nothing: Answer) -> Answer:
    """Return what a server says that only points elsewhere.

    Asked for the name servers of a zone right below its own, it has answered by that.
    """
    for rrset in response.authority:
        if rrset.rdtype != dns.rdatatype.NS or not len(rrset):
            continue
        zone = _host(rrset.name)
        if nothing.type == "NS" and zone == nothing.name:
            return _found(replace(nothing, zone=zone), rrset, [])
        return replace(nothing, reason=Reason.LAME, zone=zone)
    return replace(nothing, reason=Reason.LAME)


def _said(response: dns.message.Message, nothing: Answer) -> Answer:
    rdtype = dns.rdatatype.from_text(nothing.type)
    owner, links = _followed(response, dns.name.from_text(nothing.name + "."), rdtype)
    rrset = _rrset(response, owner, rdtype)
    is_denied = response.rcode() == dns.rcode.NXDOMAIN
    if rrset is None:
        return _denied(response, nothing, links, is_denied)
    if is_denied:  # there is no such name, and here is its record
        return nothing
    if len(rrset) > MOST_VALUES:
        return replace(nothing, reason=Reason.TRUNCATED)
    return _found(nothing, rrset, links)


def _found(nothing: Answer, rrset: dns.rrset.RRset, links: list[dns.rrset.RRset]) -> Answer:
    return replace(
        nothing,
        status=Status.FOUND,
        reason=None,
        values=tuple(map(_value, rrset)),
        ttl=_shortest([rrset.ttl, *(link.ttl for link in links)]),
        chain=_targets(links),
    )


def _denied(
    response: dns.message.Message,
    nothing: Answer,
    links: list[dns.rrset.RRset],
    is_denied: bool,
) -> Answer:
    """Return a denial, with how long it may be kept (RFC 2308 section 5) if that is told.

    Its answer section is empty, or begins an alias at the name asked for (RFC 2308 section 2):
    records of other names or types deny nothing.
    """
    if response.answer and not links:
        return nothing
    ttls = [link.ttl for link in links]
    zone, minimum = "", None
    for rrset in response.authority:
        if rrset.rdtype == dns.rdatatype.SOA and len(rrset):
            zone, minimum = _host(rrset.name), _shortest([rrset[0].minimum])
            ttls += [rrset.ttl, rrset[0].minimum]
            break
    return replace(
        nothing,
        status=Status.NO_NAME if is_denied else Status.NO_RECORD,
        reason=None,
        ttl=_shortest(ttls),
        chain=_targets(links),
        zone=zone,
        minimum=minimum,
    )


def _shortest(ttls: list[int]) -> int | None:
    """Return the shortest time in seconds; one that is no positive number is none at all."""
    return min((ttl if ttl <= LONGEST_TTL else 0 for ttl in ttls), default=None)


def _followed(
    response: dns.message.Message, owner: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> tuple[dns.name.Name, list[dns.rrset.RRset]]:
    """Return where the aliases of an answer lead to, and the aliases."""
    links: list[dns.rrset.RRset] = []
    while rdtype != dns.rdatatype.CNAME and len(links) <= MOST_LINKS:
        link = _rrset(response, owner, dns.rdatatype.CNAME)
        if link is None:
            break
        links.append(link)
        owner = link[0].target
    return owner, links


def _rrset(
    response: dns.message.Message, owner: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    for rrset in response.answer:
        if rrset.name == owner and rrset.rdtype == rdtype and len(rrset):
            return rrset
    return None


def _detail(response: dns.message.Message) -> str:
    """Return the first extended error in words, else the day by which signatures had expired."""
    for option in response.extended_errors():
        return option.to_text().removeprefix("EDE ")[:LONGEST_DETAIL]
    ends = [
        record.expiration
        for rrset in (*response.answer, *response.authority)
        if rrset.rdtype == dns.rdatatype.RRSIG
        for record in rrset
    ]
    if not ends or min(ends) > time.time():
        return ""
    return f"{SIGNATURE_EXPIRED}: {dt.datetime.fromtimestamp(min(ends), dt.UTC):%Y-%m-%d}"


def _targets(links: list[dns.rrset.RRset]) -> tuple[str, ...]:
    return tuple(_host(link[0].target) for link in links)


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _value(rdata: Any) -> Value:
    if rdata.rdtype == dns.rdatatype.TXT:
        strings = tuple(_text(string) for string in rdata.strings)
        return Value("".join(strings), strings)
    if rdata.rdtype == dns.rdatatype.MX:
        return Value(_host(rdata.exchange), preference=rdata.preference)
    if rdata.rdtype in (dns.rdatatype.CNAME, dns.rdatatype.NS, dns.rdatatype.PTR):
        return Value(_host(rdata.target))
    return Value(rdata.to_text())


def _text(octets: bytes) -> str:
    """Return ASCII text; what cannot be printed is shown as `\\xNN`."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else f"\\x{octet:02x}" for octet in octets)
