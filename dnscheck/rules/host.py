"""What any record can suffer: not there, in the wrong place, or could not be asked for.

The judges share this page. A record is called missing only when the DNS itself said so.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from dnscheck.answers import Answer, Ask, Reason, Status, Value
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules.elsewhere import Holds, Sighting, delegation, find
from dnscheck.rules.places import relative, split_label, zones
from dnscheck.rules.wildcards import is_wildcard
from dnscheck.together import together
from smtp.providers.base import Match

__all__ = [
    "could_not_ask",
    "edits_to",
    "missing",
    "split_label",
    "state",
    "typed",
    "verdict_of",
    "wanted_text",
    "zones",
]

COULD_NOT_ASK = Finding(
    "dns.could-not-ask",
    Severity.WARNING,
    "{name} could not be asked for",
    "{because} So nobody knows whether the record is there.",
    "{advice}",
)
NOT_THERE = Finding(
    "{area}.missing",
    Severity.ERROR,
    "The {what} at {name} is missing",
    "{seen} {without}",
    "At your DNS host, add the {type} record at {name} with the value shown.",
)
BEHIND_ALIAS = (
    "At your DNS host, delete the CNAME at {name}, then add the {type} record there with the value "
    "shown. A name with a CNAME cannot hold anything else. What is reached through it, such as a "
    "web site, goes with it: if that is needed, choose another name in the provider's console."
)
IN_THE_WAY = Finding(
    "host.in-the-way",
    Severity.ERROR,
    "Other records stand at {name}, where the CNAME belongs",
    "A name with a CNAME cannot hold anything else (RFC 2181 section 10.1), so the CNAME cannot be "
    "added beside them. {without}",
    "At your DNS host, delete the records listed and add the CNAME. If something still needs "
    "them, choose another name in the provider's console.",
)
DELEGATED = Finding(
    "host.delegated",
    Severity.INFO,
    "{zone} has name servers of its own",
    "Only what they publish counts for {name}. What the zone above holds for it is never seen.",
    "Make the edit at the DNS host that serves {zone}. Its name servers are shown here.",
)

AREAS = {
    Match.EXACT: "token",
    Match.SPF: "spf",
    Match.DKIM_KEY: "dkim",
    Match.DMARC: "dmarc",
    Match.CNAME: "cname",
    Match.MX: "mx",
    Match.MX_ONLY: "mx",
}
WORDS = {
    "token": "token",
    "spf": "SPF record",
    "dkim": "DKIM key",
    "dmarc": "DMARC record",
    "cname": "CNAME",
    "mx": "MX record",
}
WAIT = "Nothing needs to be changed yet. The check is repeated by itself."
REASONS = {
    Reason.TIMEOUT: ("The name servers did not answer in time.", WAIT),
    Reason.SERVFAIL: (
        "The resolver reported a failure (SERVFAIL).",
        "The check is repeated by itself. If it stays, ask your DNS host to look at the zone.",
    ),
    Reason.REFUSED: (
        "The name server refused the question.",
        "If it stays, see that the zone is set up at every name server the registrar lists.",
    ),
    Reason.LAME: (
        "The name server the domain points to does not know the zone.",
        "Correct the name servers at the registrar, or set the zone up at the server listed.",
    ),
    Reason.BOGUS: (
        "The answer failed its DNSSEC check.",
        "Compare the DS record at the registrar with the key at your DNS host, or remove the DS.",
    ),
    Reason.TRUNCATED: (
        "The answer was too large for UDP and could not be fetched over TCP.",
        "Remove TXT records nobody needs any more, or let the name servers answer on TCP port 53.",
    ),
    Reason.LOOP: (
        "Its CNAME records lead in a circle or too far.",
        "Point the first CNAME straight at its final name.",
    ),
    Reason.MALFORMED: ("The name server sent an answer that cannot be read.", WAIT),
    Reason.BAD_NAME: (
        "The name is not possible in DNS: a label is over 63 characters or empty, or the whole "
        "name is over 253.",
        "Correct the name, or use a shorter selector or subdomain.",
    ),
    Reason.UNREACHABLE: (
        "No resolver could be reached.",
        "See that this server can reach its DNS resolver on port 53.",
    ),
    Reason.BUDGET: ("The time allowed for checking one domain was used up.", WAIT),
}
MOST_EVIDENCE, LONGEST_EVIDENCE, LONGEST_TITLE = 10, 1_000, 300
BLOCKING = ("TXT", "MX")  # addresses where a CNAME belongs have words of their own


def state(
    finding: Finding,
    *,
    edits: tuple[Edit, ...] = (),
    evidence: Iterable[str] = (),
    **words: str,
) -> Finding:
    """Return the finding with its words filled in. Published text belongs in the evidence."""
    return replace(
        finding,
        code=finding.code.format(**words),
        title=_cut(finding.title.format(**words), LONGEST_TITLE),
        why=finding.why.format(**words).strip(),
        fix=finding.fix.format(**words),
        edits=edits,
        evidence=tuple(_cut(text, LONGEST_EVIDENCE) for text in islice(evidence, MOST_EVIDENCE)),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def verdict_of(*findings: Finding) -> Judgement:
    """Return wrong when a finding is an error, and ok otherwise."""
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    return Judgement(RecordVerdict.WRONG if wrong else RecordVerdict.OK, findings)


def typed(value: Value) -> str:
    """Return a published value as it is typed; for MX the preference stands before the host."""
    return value.text if value.preference is None else f"{value.preference} {value.text or '.'}"


def wanted_text(expected: RequiredRecord) -> str:
    """Return the value wanted as it is typed; for MX the priority stands before the host."""
    if expected.type == "MX" and expected.priority is not None:
        return f"{expected.priority} {expected.value}"
    return expected.value


def edits_to(
    expected: RequiredRecord, answer: Answer, published: Iterable[str], after: str
) -> tuple[Edit, ...]:
    """Return the edits that leave one record, `after`, in place of those published.

    What an alias leads to is somebody else's, so there the alias itself makes way (RFC 1034
    section 3.6.2: no other data beside a CNAME).
    """
    name, kind = expected.name, expected.type
    if answer.chain and kind != "CNAME":
        alias = Edit(Action.DELETE, name, "CNAME", before=answer.chain[0])
        return (alias, Edit(Action.ADD, name, kind, after=after))
    before = list(published)
    if not before:
        return (Edit(Action.ADD, name, kind, after=after),)
    kept = after if after in before else before[0]
    before.remove(kept)
    change = (Edit(Action.CHANGE, name, kind, kept, after),) if kept != after else ()
    return change + tuple(Edit(Action.DELETE, name, kind, before=text) for text in before)


def could_not_ask(answer: Answer) -> Judgement:
    """Judge a question nobody answered: unknown, whatever the reason."""
    because, advice = REASONS[answer.reason or Reason.MALFORMED]
    finding = state(COULD_NOT_ASK, name=answer.name, because=because, advice=advice)
    return Judgement(RecordVerdict.UNKNOWN, (finding,))


async def missing(
    expected: RequiredRecord, answer: Answer, ask: Ask, holds: Holds, *, levels: bool = True
) -> Judgement:
    """Judge a record that is not at its name: say where it is instead, or that it is missing.

    `holds` recognises the record in another answer. Without `levels` the parents are not looked
    at. An answer of unknown never gets here as anything but unknown. Nobody is told why an
    optional record is not there, so for one no question is asked.
    """
    if not answer.definitive:
        return could_not_ask(answer)
    findings = () if expected.optional else await _causes(expected, answer, ask, holds, levels)
    first, *further = findings or (_not_there(expected, answer),)
    if not expected.required:
        first = replace(first, severity=Severity.INFO)
    return Judgement(RecordVerdict.MISSING, (first, *further))


async def _causes(
    expected: RequiredRecord, answer: Answer, ask: Ask, holds: Holds, levels: bool
) -> tuple[Finding, ...]:
    """Return why a record is not there, or nothing when that cannot be told."""
    blocked, sighting, delegated = await together(
        _in_the_way(expected, answer, ask),
        find(expected, ask, holds, levels=levels),
        delegation(expected.name, ask),
    )
    if blocked is not None:
        return (blocked,)
    if sighting is not None:
        return (_misplaced(expected, answer, sighting),)
    if delegated is None:
        return ()
    servers = delegated.texts
    there = state(DELEGATED, evidence=servers, zone=delegated.name, name=expected.name)
    return (_not_there(expected, answer), there)


def _not_there(expected: RequiredRecord, answer: Answer) -> Finding:
    seen = {
        Status.NO_NAME: "Nothing at all is published at this name.",
        Status.NO_RECORD: f"The name exists, but it has no {expected.type} record.",
    }.get(answer.status, f"There are {expected.type} records at this name, but not this one.")
    aliased = bool(answer.chain) and expected.type != "CNAME"
    if aliased:
        seen = f"The name is a CNAME to {answer.chain[0]}, and the record is not there."
    return state(
        replace(NOT_THERE, fix=BEHIND_ALIAS) if aliased else NOT_THERE,
        edits=edits_to(expected, answer, (), wanted_text(expected)),
        evidence=answer.texts,
        area=AREAS[expected.match],
        what=WORDS[AREAS[expected.match]],
        type=expected.type,
        name=expected.name,
        seen=seen,
        without=expected.without,
    )


async def _in_the_way(expected: RequiredRecord, answer: Answer, ask: Ask) -> Finding | None:
    """Say what must go before a CNAME can be added."""
    if expected.type != "CNAME" or answer.status is not Status.NO_RECORD:
        return None
    answers = await together(*(ask(expected.name, kind) for kind in BLOCKING))
    own = [seen for seen in answers if await is_wildcard(seen, ask) is False]
    blocking = [(seen.type, typed(value)) for seen in own for value in seen.values]
    if not blocking:
        return None
    deleted = [Edit(Action.DELETE, expected.name, kind, before=text) for kind, text in blocking]
    return state(
        IN_THE_WAY,
        edits=(*deleted, Edit(Action.ADD, expected.name, "CNAME", after=expected.value)),
        evidence=(text for _, text in blocking),
        name=expected.name,
        without=expected.without,
    )


def _misplaced(expected: RequiredRecord, answer: Answer, seen: Sighting) -> Finding:
    """Say where a record is instead, and move it; what may be needed there too stays."""
    place, after = seen.place, wanted_text(expected)
    kind, before = ("CNAME", seen.alias) if seen.alias else (place.type, typed(seen.published))
    delete = Edit(Action.DELETE, place.name, kind, before=before)
    if expected.match in (Match.SPF, Match.DMARC) and not place.stays:
        after = publishable(expected, [typed(seen.value)])
    elif expected.type == place.type and not (place.stays or place.whatever):
        after = typed(seen.value).strip()  # as it is: there may be more in it than was asked for
    return state(
        place.finding,
        edits=(*(() if place.stays else (delete,)), *edits_to(expected, answer, (), after)),
        evidence=(before,),
        type=expected.type,
        found=place.type,
        name=expected.name,
        wrong=place.name,
        shown=place.shown,
        zone=place.zone,
        typed=relative(expected.name, place.zone),
    )
