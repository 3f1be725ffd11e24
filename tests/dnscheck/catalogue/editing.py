"""Edits made in a zone by the letter, as a person at the DNS host makes them."""

from collections.abc import Iterable
from dataclasses import replace

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.zone
from dns.rdtypes.ANY.TXT import TXT

from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.survey import Survey
from tests.dnscheck.catalogue.mistake import text
from tests.dnscheck.catalogue_zones import HEAD

TTL = 300


def edits_of(seen: Survey) -> list[Edit]:
    """Return the edits shown first for each record, or else for the domain, each edit once."""
    of_each = [record.findings for record in seen.result.records]
    if not any(map(first, of_each)):
        of_each = [seen.result.findings]
    chosen = [finding for findings in of_each if (finding := first(findings))]
    return list(dict.fromkeys(edit for finding in chosen for edit in finding.edits))


def first(findings: Iterable[Finding]) -> Finding | None:
    """Return the worst finding that shows an edit."""
    order = list(Severity)
    mendable = [finding for finding in findings if finding.edits]
    return min(mendable, key=lambda finding: order.index(finding.severity), default=None)


def edited(origin: str, zone_text: str, edits: Iterable[Edit]) -> str:
    """Return the zone after the edits; only what is really there can be changed or deleted.

    Where two records are to stand in the place of one, the second is added.
    """
    zone, made = dns.zone.from_text(HEAD + zone_text, origin, relativize=False), set[Edit]()
    for edit in edits:
        name, kind = dns.name.from_text(edit.name), dns.rdatatype.from_text(edit.type)
        here = list(zone.find_rdataset(name, kind, create=True))
        gone = replace(edit, action=Action.DELETE, after="")
        if edit.action is not Action.ADD and gone not in made:
            [before] = [rdata for rdata in here if shown(rdata) == edit.before]
            here.remove(before)
            made.add(gone)
        if edit.action is not Action.DELETE:
            added = _typed(edit)
            assert added not in here, "the same record twice"
            here.append(added)
        zone.delete_rdataset(name, kind)
        if here:
            zone.replace_rdataset(name, dns.rdataset.from_rdata_list(TTL, here))
    written: str = zone.to_text()
    return written


def shown(rdata: dns.rdata.Rdata) -> str:
    """Return a record as the portal shows it."""
    if isinstance(rdata, TXT):
        octets = b"".join(rdata.strings)
        return "".join(chr(o) if 0x20 <= o < 0x7F else f"\\x{o:02x}" for o in octets)
    told = rdata.to_text().lower()
    return told if told.endswith(" .") else told.rstrip(".")


def _typed(edit: Edit) -> dns.rdata.Rdata:
    """Return the record of an edit; a name is typed with the dot at its end, as a zone has it."""
    if edit.type == "TXT":
        line = text("@", edit.after).partition(" TXT ")[2].strip()
    elif edit.type in ("A", "AAAA"):
        line = edit.after
    else:
        line = f"{edit.after.rstrip('.')}."
    return dns.rdata.from_text(dns.rdataclass.IN, edit.type, line)
