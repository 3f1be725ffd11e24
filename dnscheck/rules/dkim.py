"""DKIM keys: the key at the selector is whole, single and the one the provider signs with."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Judgement, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim_key, dkim_pasted, dkim_tags
from dnscheck.rules.dkim_key import WantedKey
from dnscheck.rules.dkim_record import Reading, opinion, reading
from dnscheck.rules.host import could_not_ask, edits_to, missing, state, verdict_of
from dnscheck.rules.wildcards import is_wildcard
from dnscheck.together import together

PRIVATE_KEY = Finding(
    "dkim.private-key",
    Severity.ERROR,
    "A private key is published at {name}",
    "Anybody can read it there and sign mail in the name of the domain. Taking it away does not "
    "undo that: it may have been copied.",
    "Change the TXT record at {name} to the value shown at once. Then have the provider make a new "
    "pair of keys with a new selector, and revoke the pair this key belongs to.",
)
TWO_KEYS = Finding(
    "dkim.two-keys",
    Severity.ERROR,
    "There are several DKIM keys at {name}",
    "A selector must have one TXT record. With several, receivers may pick any of them.",
    "At {name}, keep the record with the value shown and delete the others.",
)
SPLIT_RECORDS = Finding(
    "dkim.split-records",
    Severity.ERROR,
    "The DKIM key at {name} is spread over several TXT records",
    "The parts of a long key belong in one record. As separate records they are never joined.",
    "At {name}, delete the parts and save the whole value as one TXT record.",
)
NO_TAGS = Finding(
    "dkim.no-tags",
    Severity.ERROR,
    "The key at {name} stands there without its tag p=",
    "A DKIM record is a list of tags, and the key belongs behind p=.",
    "Change the TXT record at {name} to the whole value shown, from its first letter on.",
)
NO_KEY = Finding(
    "dkim.no-key",
    Severity.ERROR,
    "The DKIM record at {name} holds no key",
    "It begins as a DKIM record does, but the tag p with the key is not in it.",
    "Change the TXT record at {name} to the whole value shown, to its last character.",
)
NAMES_HOST = Finding(
    "dkim.names-host",
    Severity.ERROR,
    "A host name is published at {name} where the DKIM key belongs",
    "It looks like the target of a CNAME, saved as text. Text is not followed, and here the key "
    "itself is wanted.",
    "Change the TXT record at {name} to the value shown. If the provider's console shows a CNAME "
    "now, correct what was given here instead.",
)
IS_CNAME = Finding(
    "dkim.is-cname",
    Severity.ERROR,
    "The DKIM record at {name} has the type CNAME instead of TXT",
    "The key was saved as the target of a CNAME, and so it is taken for the name of a host.",
    "Delete the CNAME at {name} and add a TXT record with the value shown.",
)
OTHER_TEXT = Finding(
    "dkim.other-text",
    Severity.WARNING,
    "Something that is no DKIM key is published at {name} too",
    "With several TXT records at a selector, receivers may pick the wrong one (RFC 6376 section "
    "3.6.2.2).",
    "At {place}, delete the TXT records that are not the key.",
)
OTHER_SELECTOR = Finding(
    "dkim.other-selector",
    Severity.ERROR,
    "The DKIM key is at {wrong} instead of {name}",
    "The provider signs with the selector {selector}, so receivers look for the key at {name}.",
    "Add the TXT record at {name} with the value shown. Delete the one at {wrong} if nothing else "
    "signs with it.",
)

NO_SELECTOR = Finding(
    "dkim.no-selector",
    Severity.ERROR,
    "The DKIM key is at {wrong}, without its selector",
    "The selector {selector} was left out of the name, so receivers, who look at {name}, find no "
    "key.",
    "Delete the TXT record at {wrong} and add it at {name}.",
)
IN_PLACE = "At {name}, save the value shown in place of the text there, which is no DKIM key."

# Where a key is put that was published under a name of one's own or of another guide.
SELECTORS = ("default", "dkim", "mail", "s1", "k1", "key1", "selector1", "google")
_DKIM_RECORD = re.compile(r"\W*(?:v\s*=\s*dkim|[kp]\s*=)", re.IGNORECASE)
_KEY_AS_NAME = re.compile(r"\W*(?:v=dkim1\b|k=(?:rsa|ed25519)\b|p=mi)", re.IGNORECASE)
_HOST = re.compile(r"\s*[a-z0-9_-]+(?:\.[a-z0-9_-]+){2,}\.?\s*", re.IGNORECASE)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at the selector by RFC 6376 section 3.6.1."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    wanted = dkim_key.wanted_key(expected.value)
    seen = [reading(text) for text in answer.texts]
    secrets = [one for one in seen if one.is_secret(wanted)]
    keys = [one for one in seen if one.is_key(wanted) and one not in secrets]
    rest = [one for one in seen if one not in (*secrets, *keys)]
    parts = [one for one in rest if wanted.is_part(one.meant)]
    good = [one for one in keys if opinion(expected, one, wanted).is_good]
    if secrets:
        return _replaced(PRIVATE_KEY, expected, answer, [*secrets, *keys, *parts])
    if parts and not good:
        return _in_parts(expected, answer, keys, parts)
    if len(keys) > 1:
        return _replaced(TWO_KEYS, expected, answer, keys, after=good[0].text if good else "")
    if keys:
        return _one(expected, answer, keys[0], wanted)
    return _something_else(expected, answer, rest) or await _missing(expected, answer, ask, wanted)


def _one(expected: RequiredRecord, answer: Answer, seen: Reading, wanted: WantedKey) -> Judgement:
    """Judge the only key at the selector, and what is published beside it."""
    said = opinion(expected, seen, wanted)
    after = dkim_key.written(expected.value, wanted)
    if said.kept is not None:
        after = dkim_tags.completed(after, said.kept)
    findings = [
        _stated(finding, expected, answer, [seen.text], after, **said.words)
        for finding in said.findings
    ]
    others = [text for text in answer.texts if text != seen.text]
    if others and said.is_good:
        findings.append(_beside(expected, answer, others))
    return verdict_of(*findings)


def _beside(expected: RequiredRecord, answer: Answer, others: list[str]) -> Finding:
    """Say that other texts at a selector are in the way; behind an alias they are not ours."""
    mine = [] if answer.chain else others
    deletes = tuple(Edit(Action.DELETE, expected.name, "TXT", before=text) for text in mine)
    return replace(_stated(OTHER_TEXT, expected, answer, others), edits=deletes)


def _in_parts(
    expected: RequiredRecord, answer: Answer, keys: list[Reading], parts: list[Reading]
) -> Judgement:
    """Judge texts without the tag p that are the key, or parts of it."""
    if len(keys) + len(parts) > 1:
        return _replaced(SPLIT_RECORDS, expected, answer, [*keys, *parts])
    wanted = dkim_key.wanted_key(expected.value)
    part = dkim_tags.without_blanks(parts[0].meant)
    slips = [slip for slip, _ in dkim_pasted.mends(parts[0].text)]
    if dkim_pasted.PEM_ARMOUR in slips:
        return _replaced(dkim_pasted.PEM_ARMOUR, expected, answer, parts)
    if wanted.text in part:
        return _replaced(NO_TAGS, expected, answer, parts)
    finding, words = dkim_key.mismatch(part, wanted)
    return _replaced(finding, expected, answer, parts, **words)


def _something_else(
    expected: RequiredRecord, answer: Answer, seen: list[Reading]
) -> Judgement | None:
    """Judge what is no key but was meant to be one, or None if there is nothing of the kind."""
    if answer.chain and _KEY_AS_NAME.match(answer.chain[0]):
        return _replaced(IS_CNAME, expected, answer, [])
    for finding, shape in ((NO_KEY, _DKIM_RECORD.match), (NAMES_HOST, _HOST.fullmatch)):
        for one in seen:
            if shape(one.meant):
                return _replaced(finding, expected, answer, [one])
    return None


async def _missing(
    expected: RequiredRecord, answer: Answer, ask: Ask, wanted: WantedKey
) -> Judgement:
    """Judge a selector without any key: it may be in another place, or at another selector."""

    def is_good(text: str) -> bool:
        return opinion(expected, reading(text), wanted).is_good

    def holds(other: Answer) -> bool:
        return any(map(is_good, other.texts))

    judgement = await missing(expected, answer, ask, holds)
    selector, mark, domain = expected.name.partition("._domainkey.")
    told, *further = judgement.findings
    if told.code != "dkim.missing":
        return judgement
    if answer.texts and not answer.chain:
        told = _in_place_of(expected, answer, told)
    if mark and not expected.optional:
        other = await _at_another(selector, domain, ask, holds)
        if other is not None:
            text = next(filter(is_good, other.texts))
            return replace(judgement, findings=(_astray(expected, other, text, told),))
    return replace(judgement, findings=(told, *further))


def _astray(expected: RequiredRecord, other: Answer, text: str, told: Finding) -> Finding:
    """Return where a key is instead; one without a selector is of no use there, so it is moved."""
    selector, _, domain = expected.name.partition("._domainkey.")
    is_bare = other.name == f"_domainkey.{domain}"
    delete = Edit(Action.DELETE, other.name, "TXT", before=text)
    found = state(
        NO_SELECTOR if is_bare else OTHER_SELECTOR,
        edits=(delete, *told.edits) if is_bare and not other.chain else told.edits,
        evidence=other.texts,
        name=expected.name,
        wrong=other.name,
        selector=selector,
    )
    return replace(found, severity=told.severity)


def _in_place_of(expected: RequiredRecord, answer: Answer, told: Finding) -> Finding:
    """Return that a key is missing, and have it take the place of what nobody looks for there."""
    [add] = told.edits
    edits = edits_to(expected, answer, answer.texts, add.after)
    return replace(told, edits=edits, fix=IN_PLACE.format(name=expected.name))


async def _at_another(
    selector: str, domain: str, ask: Ask, holds: Callable[[Answer], bool]
) -> Answer | None:
    """Return the answer with the key at one of the usual selectors of a domain, or at none.

    What a wildcard answers is published at no selector.
    """
    bare = await ask(f"_domainkey.{domain}", "TXT")
    if bare.status is Status.NO_NAME:
        return None  # then there is no selector at all (RFC 8020)
    names = [f"{other}._domainkey.{domain}" for other in SELECTORS if other != selector]
    answers = (bare, *await together(*(ask(name, "TXT") for name in names)))
    found = next((other for other in answers if holds(other)), None)
    return found if found and await is_wildcard(found, ask) is False else None


def _replaced(
    finding: Finding,
    expected: RequiredRecord,
    answer: Answer,
    seen: Sequence[Reading],
    after: str = "",
    **words: str,
) -> Judgement:
    """Say what is wrong; one record, `after` or the one wanted, takes the place of all read."""
    texts = [one.text for one in seen]
    value = after or dkim_key.written(expected.value, dkim_key.wanted_key(expected.value))
    return verdict_of(_stated(finding, expected, answer, texts, value, **words))


def _stated(
    finding: Finding,
    expected: RequiredRecord,
    answer: Answer,
    texts: Sequence[str],
    after: str = "",
    **words: str,
) -> Finding:
    """Return the finding with words, evidence and, where there is an `after`, edits.

    Behind an alias is somebody else's record: no warning is worth replacing that by one's own.
    No edit makes a weak key strong.
    """
    is_mild = finding.severity is Severity.INFO or (
        bool(answer.chain) and finding.severity is Severity.WARNING
    )
    mends = after and not is_mild and finding is not dkim_key.WEAK
    return state(
        finding,
        edits=edits_to(expected, answer, texts, after) if mends else (),
        evidence=texts,
        name=expected.name,
        place=answer.chain[-1] if answer.chain else expected.name,
        **words,
    )
