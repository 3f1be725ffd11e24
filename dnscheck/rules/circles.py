"""Aliases that lead back to themselves: the zone says so itself, so this is no failure to ask."""

from dnscheck.answers import Answer, Reason
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules.host import state

CIRCLE = Finding(
    "host.alias-circle",
    Severity.ERROR,
    "{name} is an alias that leads back to itself",
    "Its CNAME records go in a circle ({way}), so nobody gets any record at this name.",
    "Delete the CNAME record at {name} and add the record itself.",
)
SHOWN = 4  # names of the circle


def judged(expected: RequiredRecord, answer: Answer) -> Judgement | None:
    """Return that a record is out of reach behind a circle of aliases, or None if it is not.

    An alias that was wanted itself is left to its own judge, and a long row of aliases that may
    end somewhere is no circle.
    """
    if answer.reason is not Reason.LOOP or expected.type == "CNAME" or not answer.chain:
        return None
    met = [expected.name, *answer.chain]
    if len(set(met)) == len(met):
        return None
    edits = [Edit(Action.DELETE, expected.name, "CNAME", before=answer.chain[0])]
    if not expected.optional:
        priority = "" if expected.priority is None else f"{expected.priority} "
        value = f"{priority}{publishable(expected, ())}"
        edits.append(Edit(Action.ADD, expected.name, expected.type, after=value))
    way = " → ".join(met[:SHOWN])
    finding = state(CIRCLE, edits=tuple(edits), evidence=answer.chain, name=expected.name, way=way)
    return Judgement(RecordVerdict.WRONG, (finding,))
