"""CNAME records: the alias points where it should, and what it points to exists."""

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Finding, Judgement, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import cname_behind, cname_instead, cname_target
from dnscheck.rules.host import could_not_ask, edits_to, missing, state, verdict_of

TWO_TARGETS = Finding(
    "cname.two-targets",
    Severity.ERROR,
    "There are several CNAME records at {name}",
    "A name can have only one (RFC 2181 section 10.1). With several, resolvers take any of them, "
    "or refuse the name.",
    "At {name}, keep the CNAME to {wanted} and delete the others.",
)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the CNAME at the name; names are the same in any case and with a dot at the end."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    if cname_instead.is_registered(expected.name):
        return verdict_of(cname_instead.at_apex(expected))
    wanted = _host(expected.value)
    if len(answer.values) > 1:
        return verdict_of(_stated(TWO_TARGETS, expected, answer))
    if _points_to(wanted, answer):
        found = await cname_behind.objection(expected, wanted, ask)
        return verdict_of(found) if found else verdict_of()
    if answer.values:
        published = _host(answer.texts[0])
        finding, words = await cname_target.fault(_host(expected.name), wanted, published, ask)
        return verdict_of(_stated(finding, expected, answer, **words))
    if answer.status is Status.NO_RECORD:
        found = await cname_instead.objection(expected, wanted, ask)
        if found is not None:
            return verdict_of(found)
    return await missing(expected, answer, ask, lambda other: _points_to(wanted, other))


def _host(text: str) -> str:
    return text.strip().rstrip(".").lower()


def _points_to(wanted: str, answer: Answer) -> bool:
    return any(_host(text) == wanted for text in answer.texts)


def _stated(finding: Finding, expected: RequiredRecord, answer: Answer, **words: str) -> Finding:
    """Return the finding with the edits that leave one CNAME, to the target wanted."""
    texts = answer.texts
    right = [text for text in texts if _host(text) == _host(expected.value)]
    edits = edits_to(expected, answer, texts, right[0] if right else expected.value)
    name, wanted = expected.name, expected.value
    return state(finding, edits=edits, evidence=texts, name=name, wanted=wanted, **words)
