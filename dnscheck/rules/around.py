"""Judges a record with what is around it: a wildcard that answers for it, a domain nobody owns.

A wildcard's answer is worth as much as any other to whoever asks for the record, a provider or a
receiver, so where it is right the record is there, and nothing more is asked. Where it is not
right it says nothing of the record: then the name is judged as the empty one it is, because no
edit can change or delete what is not published there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status, Value
from dnscheck.findings import Action, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import AREAS, WORDS, state
from dnscheck.rules.wildcards import is_wildcard
from smtp.providers import PROVIDERS

WILDCARD = Finding(
    "host.wildcard",
    Severity.ERROR,
    "A wildcard answers in place of the {what} at {name}",
    "Nothing is published at {name} itself. A record whose name begins with * answers for every "
    "name that has none, and what it says is not what is wanted here. {without}",
    "At your DNS host, add the {type} record at {name} with the value shown. The wildcard may "
    "stay: it no longer answers for a name with a record of its own (RFC 4592).",
)
SHARED = Finding(
    "host.shared-domain",
    Severity.ERROR,
    "{domain} is shared by many, so its mail cannot be set up here",
    "Only the company behind {domain} can publish DNS records there, and it lets nobody else's "
    "servers send under that name.",
    "Send from a domain of your own, and set that one up in place of this one.",
)

# Mail services and site builders whose users get a name, but no DNS records of their choice.
SHARED_DOMAINS = frozenset(
    (
        *(domain for provider in PROVIDERS for domain in provider.sends_for),
        *("aol.com", "gmx.com", "gmx.de", "gmx.net", "hotmail.com", "icloud.com", "live.com"),
        *("mail.com", "mail.ru", "me.com", "outlook.com", "proton.me", "protonmail.com"),
        *("qq.com", "t-online.de", "web.de", "yahoo.com", "ymail.com"),
        *("azurewebsites.net", "blogspot.com", "firebaseapp.com", "github.io", "gitlab.io"),
        *("herokuapp.com", "myshopify.com", "netlify.app", "onmicrosoft.com", "pages.dev"),
        *("vercel.app", "web.app", "wixsite.com", "wordpress.com", "workers.dev"),
    )
)
BAD = (RecordVerdict.WRONG, RecordVerdict.MISSING)

Judge = Callable[[RequiredRecord, Answer, Ask], Awaitable[Judgement]]


async def judged(judge: Judge, expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Return what a judge says of a record, once it is sure that the answer is of that record."""
    judgement = await judge(expected, answer, ask)
    if judgement.verdict not in BAD:
        return judgement
    domain = _shared(expected.name)
    if domain:
        return Judgement(judgement.verdict, (state(SHARED, domain=domain),))
    if not await is_wildcard(answer, ask):
        return await _mended(judge, expected, judgement, ask)

    async def ask_past(name: str, type: str) -> Answer:
        hidden = name.lower() == expected.name.lower()
        return Answer(name, type, Status.NO_NAME) if hidden else await ask(name, type)

    empty = await ask_past(expected.name, expected.type)
    alone = await judge(expected, empty, ask_past)
    return _told(expected, answer, await _mended(judge, expected, alone, ask_past))


async def _mended(
    judge: Judge, expected: RequiredRecord, judgement: Judgement, ask: Ask
) -> Judgement:
    """Return a judgement that mends a text as well, where it says to move one to its place."""
    first, *further = judgement.findings
    to = (Action.ADD, expected.name, "TXT")
    moved = [edit for edit in first.edits if (edit.action, edit.name, edit.type) == to]
    if not first.code.startswith("host.") or len(moved) != 1:
        return judgement
    text = moved[0].after
    there = Answer(expected.name, "TXT", Status.FOUND, (Value(text),))
    said = (await judge(expected, there, ask)).findings
    changes = [edit for finding in said for edit in finding.edits if edit.before == text]
    if not changes or not changes[0].after:
        return judgement
    better = replace(moved[0], after=changes[0].after)
    edits = tuple(better if edit == moved[0] else edit for edit in first.edits)
    return replace(judgement, findings=(replace(first, edits=edits), *further))


def _shared(name: str) -> str:
    """Return the shared domain a name is in, or nothing."""
    labels = name.lower().split(".")
    above = (".".join(labels[start:]) for start in range(len(labels)))
    return next((domain for domain in above if domain in SHARED_DOMAINS), "")


def _told(expected: RequiredRecord, wildcard: Answer, judgement: Judgement) -> Judgement:
    """Return a judgement of the empty name that says what answered in its place."""
    area = AREAS[expected.match]
    first, *further = judgement.findings or (None,)
    if first is None or first.code != f"{area}.missing":
        return judgement  # the record was found elsewhere, or is not needed
    found = state(
        WILDCARD,
        edits=first.edits,
        evidence=wildcard.texts or wildcard.chain,
        name=expected.name,
        type=expected.type,
        what=WORDS[area],
        without=expected.without,
    )
    told = replace(found, severity=first.severity)
    return Judgement(judgement.verdict, (told, *further))
