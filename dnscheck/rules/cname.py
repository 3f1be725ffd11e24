"""CNAME records: the alias points where it should, and what it points to exists."""

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import could_not_ask, edits_to, missing, state, verdict_of, zones

WRONG_TARGET = Finding(
    "cname.wrong-target",
    Severity.ERROR,
    "The CNAME at {name} points to another target",
    "It must point to {wanted}. A target of another account or region does not count.",
    "At {name}, change the target of the CNAME to {wanted}.",
)
ZONE_APPENDED = Finding(
    "cname.zone-appended",
    Severity.ERROR,
    "The CNAME at {name} has the domain at the end of its target",
    "The DNS host took the target for a name inside the zone and added {zone} to it.",
    "At {name}, save the target with a dot at its end: {wanted}.",
)
IS_TXT = Finding(
    "cname.is-txt",
    Severity.ERROR,
    "The record at {name} has the type TXT instead of CNAME",
    "The right target is published at {name}, but as text. Text is not followed.",
    "Delete the TXT record at {name} and add a CNAME record with the target {wanted}.",
)
ADDRESSES = Finding(
    "cname.addresses",
    Severity.ERROR,
    "{name} answers with addresses instead of a CNAME",
    "Either the DNS host hides the CNAME behind its own addresses, as a proxy does, or an A "
    "record stands where the CNAME is needed.",
    "If the CNAME to {wanted} is already there, switch its proxy off (at Cloudflare: “DNS only”). "
    "Otherwise delete the A and AAAA records at {name} and add the CNAME.",
)
DANGLING = Finding(
    "cname.dangling",
    Severity.WARNING,
    "The CNAME at {name} is right, but its target does not exist yet",
    "{wanted} is not known in DNS. The provider publishes it, often minutes after the domain was "
    "added there, and removes it when the domain is removed.",
    "Wait for the provider. If this stays, see in its console that the domain is still set up, "
    "and copy the target again.",
)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the CNAME at the name; names are the same in any case and with a dot at the end."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    wanted = _host(expected.value)
    if _points_to(wanted, answer):
        return await _followed(expected, wanted, ask)
    if answer.status is Status.FOUND and answer.values:
        return _elsewhere(expected, wanted, answer)
    other = await _other_type(expected, wanted, ask) if answer.status is Status.NO_RECORD else None
    if other is not None:
        return verdict_of(other)
    return await missing(expected, answer, ask, lambda found: _points_to(wanted, found))


def _host(text: str) -> str:
    return text.strip().rstrip(".").lower()


def _points_to(wanted: str, answer: Answer) -> bool:
    return any(_host(text) == wanted for text in answer.texts)


async def _followed(expected: RequiredRecord, wanted: str, ask: Ask) -> Judgement:
    """Judge a right CNAME by its target. A target nobody could be asked for is not held against."""
    if (await ask(wanted, "TXT")).status is not Status.NO_NAME:
        return verdict_of()
    finding = state(DANGLING, evidence=(wanted,), name=expected.name, wanted=wanted)
    return Judgement(RecordVerdict.OK, (finding,))


def _elsewhere(expected: RequiredRecord, wanted: str, answer: Answer) -> Judgement:
    finding, found_zone = WRONG_TARGET, ""
    for zone in zones(expected.name):
        if _points_to(f"{wanted}.{zone}", answer):
            finding, found_zone = ZONE_APPENDED, zone
    edits = edits_to(expected, answer, answer.texts, expected.value)
    words = {"name": expected.name, "wanted": expected.value, "zone": found_zone}
    return verdict_of(state(finding, edits=edits, evidence=answer.texts, **words))


async def _other_type(expected: RequiredRecord, wanted: str, ask: Ask) -> Finding | None:
    """Say whether something of another type stands where the CNAME belongs."""
    words = {"name": expected.name, "wanted": expected.value}
    add = Edit(Action.ADD, expected.name, "CNAME", after=expected.value)
    saved = await ask(expected.name, "TXT")
    for text in saved.texts:
        if _host(text.replace('"', "")) == wanted:
            delete = Edit(Action.DELETE, expected.name, "TXT", before=text)
            return state(IS_TXT, edits=(delete, add), evidence=(text,), **words)
    answers = [await ask(expected.name, kind) for kind in ("A", "AAAA")]
    addresses = [
        Edit(Action.DELETE, expected.name, seen.type, before=text)
        for seen in answers
        for text in seen.texts
        if not seen.chain
    ]
    if not addresses:
        return None
    evidence = [edit.before for edit in addresses]
    return state(ADDRESSES, edits=(*addresses, add), evidence=evidence, **words)
