"""SPF: one record, and the provider's mechanisms in it where receivers come to them (RFC 7208)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dnscheck.answers import Answer, Ask, Reason, Status
from dnscheck.findings import Finding, Judgement, Severity
from dnscheck.records import RequiredRecord, demanded_end, publishable
from dnscheck.rules.host import could_not_ask, edits_to, missing, state, verdict_of
from dnscheck.spf.terms import (
    EQUALS_SIGN,
    MEANT,
    NOT_PLAIN,
    covers,
    effective,
    is_all,
    is_modifier,
    is_record,
    is_redirect,
    is_term,
    mended,
    plain,
    references,
    respaced,
    terms_of,
    terms_read,
)
from smtp.providers import PROVIDERS

TWO_RECORDS = Finding(
    "spf.two-records",
    Severity.ERROR,
    "There are several SPF records at {name}",
    "A domain may have one. With more, receivers report a permanent error and trust none of them.",
    "At {name}, keep one TXT record with the merged value shown and delete the others.",
)
VERSION = Finding(
    "spf.version",
    Severity.ERROR,
    "A record at {name} is meant as SPF but is not read as one",
    "An SPF record begins with v=spf1 and a blank, with nothing before them, and holds neither "
    "quotation marks nor special characters.",
    "Change the TXT record at {name} to the value shown.",
)
MECHANISM_MISSING = Finding(
    "spf.mechanism-missing",
    Severity.ERROR,
    "The SPF record at {name} does not name the provider",
    "It must contain {mechanisms}. Without it, receivers may treat the mail as forged.",
    "Change the TXT record at {name} to the value shown, which keeps the other senders.",
)
NESTED = Finding(
    "spf.nested",
    Severity.ERROR,
    "The SPF record at {name} names the provider only behind another include",
    "Receivers find {mechanisms} there, but the provider's own check does not look that deep.",
    "Change the TXT record at {name} to the value shown.",
)
EQUALS_FOR_COLON = Finding(
    "spf.equals-sign",
    Severity.ERROR,
    "The SPF record at {name} has an equals sign where a colon belongs",
    "Receivers skip {mechanisms} without a word: with an equals sign it is no mechanism.",
    "Change the TXT record at {name} to the value shown, with a colon.",
)
BLANKS = Finding(
    "spf.blanks",
    Severity.ERROR,
    "Blanks are missing or misplaced in the SPF record at {name}",
    "One blank parts two terms; there is none inside a term, and there are no commas. Receivers "
    "stop with an error at {mechanisms}.",
    "Change the TXT record at {name} to the value shown.",
)
BAD_TERM = Finding(
    "spf.bad-term",
    Severity.ERROR,
    "The SPF record at {name} has a term that cannot be read",
    "Receivers stop with an error at {mechanisms} and trust nothing in the record.",
    "Change the TXT record at {name} to the value shown. If the term named a sender, add it again "
    "in its right form.",
)
AFTER_ALL = Finding(
    "spf.after-all",
    Severity.ERROR,
    "The SPF record at {name} goes on after “all”",
    "Receivers stop at “all” and never come to {mechanisms}.",
    "Change the TXT record at {name} to the value shown, with “all” behind the mechanisms.",
)
PASS_ALL = Finding(
    "spf.pass-all",
    Severity.ERROR,
    "The SPF record at {name} lets everybody send",
    "“all” without a sign, or with a plus sign, passes any server in the world.",
    "Change the TXT record at {name} to the value shown, whose end leaves others out.",
)

DEAD_INCLUDE = Finding(
    "spf.dead-include",
    Severity.ERROR,
    "The SPF record at {name} leads to a dead end",
    "There is no SPF record behind {mechanisms}. Receivers that come to it stop with a permanent "
    "error (RFC 7208 section 5.2).",
    "Change the TXT record at {name} to the value shown, without it. If somebody still sends "
    "through it, ask them for the right name.",
)
END_DEMANDED = Finding(
    "spf.end-not-accepted",
    Severity.ERROR,
    "The SPF record at {name} does not end as the provider demands",
    "The provider's own check accepts the record only with {mechanisms} at its end.",
    "Change the TXT record at {name} to the value shown.",
)

MOST_TERMS = 20  # of a record that are followed
MOST_LOOKUPS = 10  # RFC 7208 section 4.6.4


@dataclass
class Walk:
    """What following includes and redirects brought up."""

    depths: dict[str, int] = field(default_factory=dict)  # where each mechanism was found
    unknown: Answer | None = None  # a name on the way that could not be asked for


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the SPF record at the name. More than is wanted is fine."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    wanted = mechanisms(expected)
    records = [text for text in answer.texts if is_record(text)]
    if len(records) > 1:
        # Name servers change the order: the value shown must be the same each time.
        return await _all_of(TWO_RECORDS, expected, answer, sorted(records), ask)
    if records and not NOT_PLAIN.search(records[0]):
        return await _one(expected, answer, records[0], wanted, ask)
    for text in records or answer.texts:
        if MEANT.match(text):
            return await _all_of(VERSION, expected, answer, [text], ask)
    return await missing(expected, answer, ask, lambda other: _holds(wanted, other))


def mechanisms(expected: RequiredRecord) -> list[str]:
    """Return the mechanisms a record must contain; a redirect is as good as its include."""
    if expected.mechanisms:
        return list(expected.mechanisms)
    terms = [term for term in terms_of(expected.value) if not is_all(term)]
    return [
        "include:" + term.partition("=")[2] if is_redirect(term) else term
        for term in terms
        if is_redirect(term) or not is_modifier(term)
    ]


def _holds(wanted: list[str], answer: Answer) -> bool:
    records = [text for text in answer.texts if is_record(text)]
    return bool(wanted) and any(not _absent(terms_of(text), wanted, answer) for text in records)


def _absent(terms: list[str], wanted: list[str], answer: Answer) -> list[str]:
    """Return the wanted mechanisms these terms do not name."""
    name = answer.name
    return [item for item in wanted if not covers(terms, plain(item, name), name)]


async def _all_of(
    finding: Finding, expected: RequiredRecord, answer: Answer, texts: list[str], ask: Ask
) -> Judgement:
    """Judge texts none of which counts as it is; the value shown keeps what can be read of them."""
    terms = [term for text in texts for term in mended(terms_read(text))]
    dead = await dead_ends(terms, mechanisms(expected), answer.name, ask)
    edits = edits_to(expected, answer, texts, publishable(expected, texts, dropped=dead))
    return verdict_of(state(finding, edits=edits, evidence=texts, name=expected.name))


async def _one(
    expected: RequiredRecord, answer: Answer, record: str, wanted: list[str], ask: Ask
) -> Judgement:
    """Judge the only SPF record. Every finding shows the one value that mends them all."""
    published = terms_of(record)
    terms = respaced(published)
    absent = _absent(effective(mended(terms)), wanted, answer)
    walk = await follow(terms, absent, answer.name, ask) if absent else Walk()
    lost = [item for item in absent if item not in walk.depths]
    if lost and walk.unknown is not None:
        return could_not_ask(walk.unknown)
    deep = [item for item in absent if walk.depths.get(item, 0) > _deepest(expected, item)]
    better = mended(terms)
    dead = await dead_ends(better, wanted, answer.name, ask)
    reached = [term for term in dead if term in effective(better)]
    after = publishable(expected, [record], lost + deep, dead)
    edits = edits_to(expected, answer, (record,), after)
    end = demanded_end(expected.providers)
    findings = [
        (BLANKS, [term for term in published if term not in terms]),
        (BAD_TERM, [t for t in terms if not is_term(t) and not EQUALS_SIGN.match(t)]),
        (EQUALS_FOR_COLON, [term for term in terms if EQUALS_SIGN.match(term)]),
        (AFTER_ALL, _after_all(terms)),
        (PASS_ALL, [term for term in terms if term.lower() in ("all", "+all")]),
        (NESTED, deep),
        (MECHANISM_MISSING, lost),
        (_placed(DEAD_INCLUDE, dead, better, wanted), reached),
        (END_DEMANDED, [end] if end and not any(map(_is(end), terms)) else []),
    ]
    return verdict_of(
        *(
            state(
                finding,
                edits=edits,
                evidence=(record,),
                name=expected.name,
                mechanisms=" ".join(named),
            )
            for finding, named in findings
            if named
        )
    )


def _is(end: str) -> Callable[[str], bool]:
    return lambda term: term.lower() == end


def _placed(finding: Finding, dead: list[str], terms: list[str], wanted: list[str]) -> Finding:
    """Return a finding about dead ends: only a warning where our mail has passed before them."""
    ours = [at for at, term in enumerate(terms) if term.lower() in wanted]
    first = min((terms.index(term) for term in dead), default=len(terms))
    behind = bool(ours) and max(ours) < first
    return replace(finding, severity=Severity.WARNING) if behind else finding


async def dead_ends(terms: list[str], wanted: list[str], name: str, ask: Ask) -> list[str]:
    """Return the terms that lead to a name without an SPF record, other than those wanted."""
    kept = {plain(item, name) for item in wanted}
    leading = [
        (term, target)
        for term in terms[:MOST_TERMS]
        for target in references([term])
        if plain(term, name) not in kept
    ]
    answers = await asyncio.gather(*(ask(target, "TXT") for _, target in leading))
    return [
        term
        for (term, _), found in zip(leading, answers, strict=True)
        if found.definitive and not any(map(is_record, found.texts))
    ]


def _after_all(terms: list[str]) -> list[str]:
    """Return the mechanisms after `all`; a modifier may stand there."""
    place = next((at for at, term in enumerate(terms) if is_all(term)), len(terms))
    return [term for term in terms[place + 1 :] if not is_modifier(term) and not is_all(term)]


def _deepest(expected: RequiredRecord, mechanism: str) -> int:
    """Return how many includes deep the providers that want a mechanism look for it."""
    depths = [
        provider.spf_nesting
        for provider in PROVIDERS
        if provider.slug in expected.providers
        and provider.spf_nesting is not None
        and any(mechanism in template.mechanisms for template in provider.recipe)
    ]
    return min(depths, default=MOST_LOOKUPS)


async def follow(terms: list[str], wanted: list[str], name: str, ask: Ask) -> Walk:
    """Look for mechanisms behind includes and redirects, nearest first, each name once."""
    walk, seen = Walk(), {name.lower()}
    queue = [(target, 1) for target in references(terms)]
    while queue and len(seen) <= MOST_LOOKUPS and len(walk.depths) < len(wanted):
        target, depth = queue.pop(0)
        if target in seen:
            continue
        seen.add(target)
        answer = await ask(target, "TXT")
        # A name that is not possible is no answer to wait for: nothing can ever be there.
        if answer.status is Status.UNKNOWN and answer.reason is not Reason.BAD_NAME:
            walk.unknown = walk.unknown or answer
        records = [text for text in answer.texts if is_record(text)]
        if len(records) != 1:
            continue
        inner = terms_of(records[0])
        for item in wanted:
            if covers(effective(inner), plain(item, name), target):
                walk.depths.setdefault(item, depth)
        queue += [(further, depth + 1) for further in references(inner)]
    return walk
