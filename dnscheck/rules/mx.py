"""MX records: the bounce domain, or the whole domain, leads where the provider wants it.

The preference is never compared: among the wanted hosts it changes nothing (RFC 5321 section 5.1).
"""

from collections.abc import Iterable

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Finding, Judgement, Severity
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
from smtp.providers.base import Match

WRONG_HOST = Finding(
    "mx.wrong-host",
    Severity.ERROR,
    "The MX record at {name} leads to another host",
    "Mail for {name} must reach {wanted}, and no MX record names that host.",
    "At {name}, save an MX record with the value shown.",
)
ZONE_APPENDED = Finding(
    "mx.zone-appended",
    Severity.ERROR,
    "The MX record at {name} has the domain at the end of its target",
    "The DNS host took the target for a name inside the zone and added the domain to it.",
    "At {name}, save the target with a dot at its end: {wanted}.",
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


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the MX records at the name. An optional one is content with any host that is real."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    wanted, hosts = _host(expected.value), [_host(text) for text in answer.texts]
    alone = expected.match is Match.MX_ONLY
    if answer.status is not Status.FOUND:
        return await missing(expected, answer, ask, lambda other: _leads_to(wanted, other))
    published = dict(zip(map(typed, answer.values), hosts, strict=True))
    right = [text for text, host in published.items() if host == wanted]
    if right and (not alone or len(right) == len(published)):
        return verdict_of()
    if right:
        return _wrong(EXTRA, expected, answer, published, right[0])
    if not any(hosts):
        return _wrong(NULL, expected, answer, published)
    if not expected.required and not alone:
        return verdict_of()
    longer = {f"{wanted}.{zone}" for zone in zones(expected.name)}
    appended = [text for text, host in published.items() if host in longer]
    if appended:
        return _wrong(ZONE_APPENDED, expected, answer, published if alone else appended)
    return _wrong(WRONG_HOST, expected, answer, published if alone else ())


def _host(text: str) -> str:
    return text.strip().rstrip(".").lower()


def _leads_to(wanted: str, answer: Answer) -> bool:
    return any(_host(text) == wanted for text in answer.texts)


def _wrong(
    finding: Finding,
    expected: RequiredRecord,
    answer: Answer,
    replaced: Iterable[str],
    after: str = "",
) -> Judgement:
    """Say what is wrong; `replaced` are the published records that must make way."""
    found = state(
        finding,
        edits=edits_to(expected, answer, replaced, after or wanted_text(expected)),
        evidence=map(typed, answer.values),
        name=expected.name,
        wanted=expected.value,
    )
    return verdict_of(found)
