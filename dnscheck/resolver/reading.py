"""From a DNS message to an Answer."""

from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from dnscheck.answers import Answer, Reason, Status, Value
from dnscheck.resolver.servers import Server, shown

MOST_VALUES = 500
MOST_LINKS = 8  # of a CNAME chain
RCODES = {dns.rcode.SERVFAIL: Reason.SERVFAIL, dns.rcode.REFUSED: Reason.REFUSED}


def read(
    response: dns.message.Message, question: dns.name.Name, name: str, type: str, server: Server
) -> Answer:
    """Return what a server said to one question; `name` and `type` are those of the question."""
    rcode = response.rcode()
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return unknown(name, type, RCODES.get(rcode, Reason.MALFORMED), server)
    rdtype = dns.rdatatype.from_text(type)
    owner, links = _followed(response, question, rdtype)
    found = _rrset(response, owner, rdtype)
    if found is None and not links and _is_referral(response):
        return unknown(name, type, Reason.LAME, server)
    if found is not None and len(found) > MOST_VALUES:  # a part of them would be a wrong answer
        return unknown(name, type, Reason.TRUNCATED, server)
    ttls = [link.ttl for link in links]
    if found is not None:
        status, ttls = Status.FOUND, [*ttls, found.ttl]
    else:
        status = Status.NO_NAME if rcode == dns.rcode.NXDOMAIN else Status.NO_RECORD
        denial = _denial_ttl(response)
        ttls += [] if denial is None else [denial]
    return Answer(
        name,
        type,
        status,
        values=tuple(_value(rdata) for rdata in found or ()),
        ttl=min(ttls, default=None),
        server=shown(server),
        chain=tuple(_host(link[0].target) for link in links),
        authenticated=bool(response.flags & dns.flags.AD),
    )


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


def unknown(name: str, type: str, reason: Reason, server: Server | None = None) -> Answer:
    """Return the answer that is none, and why."""
    return Answer(name, type, Status.UNKNOWN, reason=reason, server=shown(server) if server else "")


def _rrset(
    response: dns.message.Message, owner: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    for rrset in response.answer:
        if rrset.name == owner and rrset.rdtype == rdtype and len(rrset):
            return rrset
    return None


def _is_referral(response: dns.message.Message) -> bool:
    """Whether a server only points elsewhere: it is neither the zone's own nor recursive."""
    types = {rrset.rdtype for rrset in response.authority}
    answers_itself = response.flags & (dns.flags.AA | dns.flags.RA)
    return not answers_itself and dns.rdatatype.SOA not in types


def _denial_ttl(response: dns.message.Message) -> int | None:
    """Return how long the denial may be kept (RFC 2308 section 5)."""
    for rrset in response.authority:
        if rrset.rdtype == dns.rdatatype.SOA and len(rrset):
            return min(rrset.ttl, int(rrset[0].minimum))
    return None


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _value(rdata: Any) -> Value:
    if rdata.rdtype == dns.rdatatype.TXT:
        strings = tuple(_text(string) for string in rdata.strings)
        return Value("".join(strings), strings)
    if rdata.rdtype == dns.rdatatype.MX:
        return Value(_host(rdata.exchange), preference=rdata.preference)
    if rdata.rdtype in (dns.rdatatype.CNAME, dns.rdatatype.NS):
        return Value(_host(rdata.target))
    return Value(rdata.to_text())


def _text(octets: bytes) -> str:
    """Return ASCII text; what cannot be printed is shown as `\\xNN`."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else f"\\x{octet:02x}" for octet in octets)
