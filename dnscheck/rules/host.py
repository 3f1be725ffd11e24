"""What any record can suffer: not there, in the wrong place, or could not be asked for.

The judges share this page. A record is called missing only when the DNS itself said so.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Reason, Status, Value
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from smtp.providers.base import Match

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
    "shown. A name with a CNAME cannot hold anything else."
)
DOUBLED = Finding(
    "host.doubled",
    Severity.ERROR,
    "The domain is in the name twice: {wrong}",
    "The record is published at {wrong} and is needed at {name}. The DNS host adds {zone} to "
    "every name by itself.",
    "Delete the {type} record at {wrong} and add it again with the name {typed}, leaving out "
    "{zone}.",
)
WRONG_LEVEL = Finding(
    "host.wrong-level",
    Severity.ERROR,
    "The record is at {wrong} instead of {name}",
    "It was found higher up, at {wrong}. There it counts for another domain.",
    "Add the {type} record at {name} with the value shown. Keep the one at {wrong} only if it is "
    "needed there too.",
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
MOST_DOUBLED, MOST_LEVELS = 4, 3  # extra questions one missing record may cost
MOST_EVIDENCE = 10

Holds = Callable[[Answer], bool]  # whether an answer holds the record looked for


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
        title=finding.title.format(**words),
        why=finding.why.format(**words).strip(),
        fix=finding.fix.format(**words),
        edits=edits,
        evidence=tuple(evidence)[:MOST_EVIDENCE],
    )


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
    at. An answer of unknown never gets here as anything but unknown.
    """
    if not answer.definitive:
        return could_not_ask(answer)
    found = await _doubled(expected, answer, ask, holds)
    if found is None and levels:
        found = await _wrong_level(expected, answer, ask, holds)
    finding = found or _not_there(expected, answer)
    if not expected.required:
        finding = replace(finding, severity=Severity.INFO)
    return Judgement(RecordVerdict.MISSING, (finding,))


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


def zones(name: str) -> list[str]:
    """Return the suffixes of a name that may be a zone, longest first.

    They have two labels or more, none of which begins with an underscore.
    """
    labels = split_label(name)[1].split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _holding(other: Answer, holds: Holds) -> str | None:
    """Return the one value that is the record looked for, as it is typed."""
    values = (value for value in other.values if holds(replace(other, values=(value,))))
    return next(map(typed, values), None)


async def _doubled(
    expected: RequiredRecord, answer: Answer, ask: Ask, holds: Holds
) -> Finding | None:
    for zone in zones(expected.name)[:MOST_DOUBLED]:
        wrong = f"{expected.name}.{zone}"
        text = _holding(await ask(wrong, expected.type), holds)
        if text is not None:
            return state(
                DOUBLED,
                edits=(
                    Edit(Action.DELETE, wrong, expected.type, before=text),
                    *edits_to(expected, answer, (), text),
                ),
                evidence=(text,),
                type=expected.type,
                wrong=wrong,
                name=expected.name,
                zone=zone,
                typed=expected.name.removesuffix(zone).rstrip(".") or "@",
            )
    return None


async def _wrong_level(
    expected: RequiredRecord, answer: Answer, ask: Ask, holds: Holds
) -> Finding | None:
    label, domain = split_label(expected.name)
    for parent in zones(domain)[1 : MOST_LEVELS + 1]:
        wrong = f"{label}.{parent}" if label else parent
        text = _holding(await ask(wrong, expected.type), holds)
        if text is not None:
            return state(
                WRONG_LEVEL,
                edits=edits_to(expected, answer, (), wanted_text(expected)),
                evidence=(text,),
                wrong=wrong,
                name=expected.name,
                type=expected.type,
            )
    return None


def split_label(name: str) -> tuple[str, str]:
    """Split `s._domainkey.mail.example.com` into `s._domainkey` and `mail.example.com`.

    A name without an underscore label is a domain as a whole.
    """
    labels = name.split(".")
    last = max((i for i, label in enumerate(labels) if label.startswith("_")), default=-1)
    return ".".join(labels[: last + 1]), ".".join(labels[last + 1 :])
