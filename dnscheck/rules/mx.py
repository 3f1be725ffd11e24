"""MX records: the bounce domain, or the whole domain, leads where the provider wants it.

The preference is never compared: among the wanted hosts it changes nothing (RFC 5321 section 5.1).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import (
    could_not_ask,
    edits_to,
    missing,
    state,
    typed,
    verdict_of,
    wanted_text,
    zones,
)
from dnscheck.rules.mx_hosts import (
    DEAD,
    MEANT,
    MISTYPED,
    OTHER_REGION,
    host,
    replaceable,
    services,
    siblings,
    slip_behind,
    slip_of,
    speaks_of_useless,
    wanted_at,
)
from dnscheck.together import together
from smtp.providers.base import Match

WRONG_HOST = Finding(
    "mx.wrong-host",
    Severity.ERROR,
    "The MX record at {name} leads to another host",
    "Mail for {name} must reach {wanted}, and no MX record names that host.",
    "At {name}, save an MX record with the value shown.",
)
EXTRA = Finding(
    "mx.extra",
    Severity.ERROR,
    "There are more MX records at {name} than the one wanted",
    "The provider accepts {wanted} only when it is the single MX host at this name.",
    "At {name}, delete the other MX records and keep the one for {wanted}.",
)
NULL = Finding(
    "mx.null",
    Severity.ERROR,
    "{name} says that it accepts no mail",
    "A single MX record with the target “.” is a null MX (RFC 7505): nobody can deliver there, "
    "and some receivers refuse mail from such a domain.",
    "At {name}, replace the MX record with the value shown.",
)
NULL_MIXED = Finding(
    "mx.null-mixed",
    Severity.ERROR,
    "{name} says that it accepts no mail, and names mail servers as well",
    "An MX record with the target “.” must be the only one (RFC 7505 section 3). Beside others, "
    "some senders deliver and some give up.",
    "At {name}, delete the MX record with the target “.” and keep the others.",
)
NULL_REPLACED = (
    "At {name}, replace the MX record with the target “.” by the one shown. The others stay."
)
OTHERS_THERE = (
    "Others are there as well, so most mail arrives. Senders that choose this one lose time or "
    "give up."
)
DEAD_HOST = Finding(
    "mx.dead-host",
    Severity.WARNING,
    "One of the MX records at {name} leads nowhere",
    OTHERS_THERE,
    "At {name}, delete the MX records listed. The others stay.",
)
TWO_SERVICES = Finding(
    "mx.two-services",
    Severity.WARNING,
    "Two mail services share the mail of {name}",
    "{order} Neither service passes on what is meant for the other.",
    "Look up where your mailboxes are: the account in a mail program names its server for incoming "
    "mail. Keep the MX records of that service and delete those of the other.{shown} To receive "
    "with both, use a subdomain for one of them.",
)
KEEPS = " What is shown here keeps {wanted}, which its provider demands."
IMPLICIT = Finding(
    "mx.implicit",
    Severity.ERROR,
    "There is no MX record at {name}, so senders try its web address",
    "Without an MX record mail goes to the address of the name itself (RFC 5321 section 5.1), and "
    "seldom does a mail server answer there. {without}",
    "At your DNS host, add the MX record at {name} with the value shown.",
)
NOWHERE = "There is no address either, so nothing sent to {name} can be delivered."

MOST_HOSTS = 3  # whose addresses are asked for

Slips = Mapping[str, Finding | None]
Published = Mapping[str, str]  # hosts by the records as they are typed; a null MX has none


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the MX records at the name. An optional one is content with any host that is real."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    if answer.status is not Status.FOUND:
        return await _none(expected, answer, ask)
    wanted = host(expected.value)
    published = dict(zip(map(typed, answer.values), map(host, answer.texts), strict=True))
    right = [text for text, name in published.items() if name == wanted]
    alone = expected.match is Match.MX_ONLY
    if len(right) == len(published):
        return verdict_of()
    if right and alone:
        return _wrong(EXTRA, expected, answer, published, right[0])
    slips = _slips(expected, published)
    others = _alive(slips) or set(siblings(expected)) & set(published.values())
    if right or (others and not expected.required and not alone):
        return verdict_of(*_beside(expected, answer, slips, published))
    replaced = replaceable(expected, published)
    if not replaced:
        return await _missing(expected, answer, ask)
    if not any(published.values()):
        return _wrong(NULL, expected, answer, replaced)
    return await _not_named(expected, answer, slips, replaced, ask)


async def _missing(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    wanted = host(expected.value)
    return await missing(
        expected, answer, ask, lambda other: any(host(text) == wanted for text in other.texts)
    )


async def _none(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge a name without MX records: there senders fall back on its address."""
    judgement = await _missing(expected, answer, ask)
    first = judgement.findings[0]
    if expected.optional or answer.chain or first.code != "mx.missing":
        return judgement
    answers = await together(*(ask(expected.name, kind) for kind in ("A", "AAAA")))
    if addresses := [text for seen in answers for text in seen.texts]:
        words = {"name": expected.name, "without": expected.without}
        told = state(IMPLICIT, edits=first.edits, evidence=addresses, **words)
        first = replace(told, severity=first.severity)
    elif all(seen.definitive for seen in answers):
        first = replace(first, why=f"{first.why} {NOWHERE.format(name=expected.name)}")
    return replace(judgement, findings=(first, *judgement.findings[1:]))


def _slips(expected: RequiredRecord, published: Published) -> Slips:
    """Return what is wrong with the hosts by their names alone.

    Those that are wanted are left out, and so are those mistyped for another that is.
    """
    wanted, others, around = host(expected.value), siblings(expected), zones(expected.name)
    slips: dict[str, Finding | None] = {}
    for text, name in published.items():
        slip = slip_of(name, wanted, around) if name else NULL_MIXED
        mistyped = any(slip_of(name, other, around) in MISTYPED for other in others)
        if name not in (wanted, *others) and (slip in MEANT or not mistyped):
            slips[text] = slip
    return slips


def _alive(slips: Slips) -> list[str]:
    return [text for text, slip in slips.items() if slip is not NULL_MIXED and slip not in DEAD]


def _beside(
    expected: RequiredRecord, answer: Answer, slips: Slips, published: Published
) -> Iterator[Finding]:
    """Say what is wrong with hosts beside the one wanted, or beside those that stand in for it.

    Of all hosts wanted at the name one says it. Whoever follows one finding's edits has mended
    what the others tell of useless hosts.
    """
    alive, name = _alive(slips), expected.name
    useless = {text: slip for text, slip in slips.items() if slip and text not in alive}
    edits = tuple(Edit(Action.DELETE, name, "MX", before=text) for text in useless)
    if answer.chain:
        edits = edits_to(expected, answer, (), wanted_text(expected))
    if speaks_of_useless(expected, published):
        yield from of_no_use(name, useless, edits)
    there = [other for other in wanted_at(expected) if other in published.values()]
    if host(expected.value) not in there:  # so others stand in for it
        for text in [text for text in alive if slips[text] is OTHER_REGION][:1]:
            change = edits_to(expected, answer, (text, *useless), wanted_text(expected))
            words = {"name": name, "wanted": expected.value}
            told = state(OTHER_REGION, edits=change, evidence=(text,), **words)
            yield replace(told, severity=Severity.WARNING)
    elif host(expected.value) == there[0]:
        yield from _shared(expected, answer)


def of_no_use(
    name: str, useless: Mapping[str, Finding], edits: tuple[Edit, ...]
) -> Iterator[Finding]:
    """Yield what is wrong with MX records of no use beside good ones, each kind of fault once."""
    for slip in dict.fromkeys(useless.values()):
        evidence = [text for text, its in useless.items() if its is slip]
        finding = DEAD_HOST if slip in MISTYPED else slip
        if finding not in (DEAD_HOST, NULL_MIXED):
            finding = replace(finding, why=f"{slip.why} {OTHERS_THERE}", fix=DEAD_HOST.fix)
        mild = finding if finding is NULL_MIXED else replace(finding, severity=Severity.WARNING)
        yield state(mild, edits=edits, evidence=evidence, name=name)


def _shared(expected: RequiredRecord, answer: Answer) -> Iterator[Finding]:
    """Say that two mail services share the mail, and in which order senders come to them."""
    wanted = host(expected.value)
    ours = services(wanted)
    others = {
        typed(value): value
        for value in answer.values
        if (theirs := services(host(value.text))) and not theirs & ours
    }
    if not ours or not others:
        return
    nearest = min(others.values(), key=lambda value: value.preference or 0)
    mine = min(value.preference or 0 for value in answer.values if host(value.text) == wanted)
    first, last = wanted, organizational_domain(host(nearest.text))
    order = f"Senders divide the mail between {first} and {last}."
    if mine != (nearest.preference or 0):
        first, last = (first, last) if mine < (nearest.preference or 0) else (last, first)
        order = f"Senders try {first} first, so {last} gets next to nothing."
    offers = expected.required and not answer.chain
    yield state(
        TWO_SERVICES,
        edits=tuple(Edit(Action.DELETE, expected.name, "MX", before=text) for text in others)
        if offers
        else (),
        evidence=map(typed, answer.values),
        name=expected.name,
        order=order,
        shown=KEEPS.format(wanted=wanted) if offers else "",
    )


async def _not_named(
    expected: RequiredRecord, answer: Answer, slips: Slips, published: Published, ask: Ask
) -> Judgement:
    """Judge MX records none of which is the one wanted: say what was meant, or what is wrong.

    `published` are those that it may take the place of.
    """
    wanted = host(expected.value)
    unclear = [text for text in published if slips[text] is None][:MOST_HOSTS]
    behind = [slip_behind(published[text], wanted, ask) for text in unclear]
    seen = dict(zip(unclear, await together(*behind), strict=True))
    found = {text: seen.get(text, slips[text]) for text in published}
    null = [text for text, slip in found.items() if slip is NULL_MIXED]
    for text, slip in found.items():
        if slip is not None and slip in MEANT:
            return _wrong(slip, expected, answer, (text, *null), all_of=published)
    first = next((slip for slip in found.values() if slip is not NULL_MIXED), NULL_MIXED)
    if first is None or None in found.values():
        return _wrong(WRONG_HOST, expected, answer, null, all_of=published)
    return _wrong(first, expected, answer, published)


def _wrong(
    finding: Finding,
    expected: RequiredRecord,
    answer: Answer,
    replaced: Iterable[str],
    after: str = "",
    all_of: Iterable[str] = (),
) -> Judgement:
    """Say what is wrong; `replaced` are the published records that must make way.

    All of them must where the one wanted is to stand alone. What is only recommended is no error.
    """
    making_way = all_of if all_of and expected.match is Match.MX_ONLY else replaced
    found = state(
        replace(finding, fix=NULL_REPLACED) if finding is NULL_MIXED else finding,
        edits=edits_to(expected, answer, making_way, after or wanted_text(expected)),
        evidence=map(typed, answer.values),
        name=expected.name,
        wanted=expected.value,
    )
    if expected.required or expected.match is Match.MX_ONLY:
        return verdict_of(found)
    mild = replace(found, severity=Severity.WARNING)
    return Judgement(RecordVerdict.WRONG, (mild,))
