"""DMARC: one policy that can be read (RFC 9989; older receivers follow RFC 7489).

Which policy it is stays the domain's own choice: the expected value is a suggestion.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.dmarc import MEANT, addresses_in, is_plain, is_record, mended, tags
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules.dmarc_policy import How, Policy, older_policy_for, policy_for
from dnscheck.rules.dmarc_reports import destinations
from dnscheck.rules.dmarc_tags import (
    NO_REPORTS,
    SAMPLED,
    SEMICOLON,
    is_sampled,
    remarks,
    slips,
    still_testing,
)
from dnscheck.rules.host import (
    could_not_ask,
    edits_to,
    missing,
    split_label,
    state,
    verdict_of,
)

TWO_RECORDS = Finding(
    "dmarc.two-records",
    Severity.ERROR,
    "There are several DMARC records at {name}",
    "Receivers that find more than one use none of them.",
    "At {name}, keep the record with the value shown and delete the others.",
)
VERSION = Finding(
    "dmarc.version",
    Severity.ERROR,
    "The DMARC record at {name} is not read as one",
    "It must begin with v=DMARC1, in exactly these letters, and hold only plain characters. "
    "Receivers ignore any other record.",
    "Change the TXT record at {name} to the value shown.",
)
ESCAPED_SEMICOLONS = Finding(
    "dmarc.escaped-semicolons",
    Severity.ERROR,
    "The DMARC record at {name} contains backslashes",
    "Backslashes belong in zone files only. Typed into a form they become part of the "
    "value, and its tags cannot be read.",
    "Save the value at {name} again without backslashes.",
)
QUOTES_INSIDE = Finding(
    "dmarc.quotes-inside",
    Severity.ERROR,
    "Quotation marks are part of the DMARC record at {name}",
    "The DNS host adds the quotation marks a zone file needs; the ones typed became part of the "
    "value, and its tags cannot be read.",
    "Save the value at {name} again without quotation marks.",
)
AT_APEX = Finding(
    "dmarc.at-apex",
    Severity.ERROR,
    "The DMARC record is at {apex} instead of {name}",
    "Receivers look for it only at the name that begins with _dmarc.",
    "Delete the TXT record that begins with v=DMARC1 at {apex} and add it at {name}.",
)
UNRELATED = Finding(
    "dmarc.unrelated-text",
    Severity.WARNING,
    "Something else stands beside the DMARC record at {name}",
    "Only the policy belongs at this name. Receivers skip other text, but the checks of some "
    "providers then refuse the record.",
    "At {name}, delete the TXT records listed. A token of some service belongs at the name that "
    "the service shows.",
)
DEAD_ALIAS = Finding(
    "dmarc.dead-alias",
    Severity.ERROR,
    "The CNAME at {name} leads to no DMARC record",
    "It points to {target}, and {lacking}. Such an alias is often left behind by a service that "
    "was cancelled.",
    "At your DNS host, delete the CNAME at {name}, then add the TXT record there with the value "
    "shown. If the service is still in use, ask it for the right target instead.",
)
SHARED = Finding(
    "dmarc.shared-policy",
    Severity.WARNING,
    "The DMARC policy at {name} is one that others share",
    "The name is a CNAME to {target}. The policy there is not yours to change, and it asks for no "
    "reports to you.",
    "Delete the CNAME at {name} and add the TXT record with the value shown: a name with a CNAME "
    "cannot hold anything else.",
)
INHERITED = Finding(
    "dmarc.inherited",
    Severity.INFO,
    "The DMARC policy of {parent} applies",
    "{name} has no DMARC record of its own, so receivers use the one at {parent}, which asks for "
    "{policy} here.{older}",
    "Nothing needs to be done. Add a record at {name} only if it should differ.",
)
OLDER_DIFFER = (
    " Older receivers (RFC 7489) look only at the domain itself and at {top}, and find {there}."
)
FOR_OLDER = "Add the record shown at {name}, so that older receivers find a policy as well."
DEMANDED = (
    "Receivers are content with it, but the provider looks at {name} itself. The record to add "
    "there says the same."
)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at `_dmarc`: any single valid policy will do."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    policies = _policies(answer)
    if len(policies) > 1:
        edits = edits_to(expected, answer, policies, publishable(expected, policies))
        return verdict_of(state(TWO_RECORDS, edits=edits, evidence=policies, name=expected.name))
    if policies:
        return await _one(expected, answer, policies[0], ask)
    for text in answer.texts:
        if MEANT.match(text):
            return _unreadable(expected, answer, text)
    return await _none(expected, answer, ask)


def _policies(answer: Answer) -> list[str]:
    return [text for text in answer.texts if is_record(text)]


async def _one(expected: RequiredRecord, answer: Answer, text: str, ask: Ask) -> Judgement:
    """Judge the only record that begins right. Every edit shows the value that mends all."""
    if not is_plain(text):
        return _unreadable(expected, answer, text)
    domain = split_label(expected.name)[1]
    found = tags(mended(text)) or {}
    after = publishable(expected, [text])
    after = still_testing(after) if is_sampled(found) else after
    edits = edits_to(expected, answer, (text,), after)
    words = {"name": expected.name, "domain": domain}
    said = [
        state(finding, edits=edits, evidence=(text,), tags=named, **words)
        for finding, named in slips(text)
    ]
    for finding, named in remarks(found, domain, tags(expected.value) or {}):
        if finding is NO_REPORTS and answer.chain:
            continue  # said of the shared policy
        helps = finding is SAMPLED or (finding is NO_REPORTS and _has_reports(after))
        shown = edits if helps else ()
        said.append(state(finding, edits=shown, evidence=(text,), tags=named, **words))
    around = _around(expected, answer, text, edits)
    return verdict_of(*said, *around, *await destinations(expected.name, domain, found, ask))


def _has_reports(text: str) -> bool:
    return bool(addresses_in((tags(text) or {}).get("rua", "")))


def _around(
    expected: RequiredRecord, answer: Answer, text: str, edits: tuple[Edit, ...]
) -> Iterator[Finding]:
    """Yield what is wrong around a single record: a policy that others share, or other text."""
    name, others = expected.name, [other for other in answer.texts if other != text]
    if answer.chain and not _has_reports(text):
        target = answer.chain[0]
        yield state(SHARED, edits=edits, evidence=(target, text), name=name, target=target)
    elif others and not answer.chain:
        deleted = (Edit(Action.DELETE, name, "TXT", before=other) for other in others)
        yield state(UNRELATED, edits=(*edits, *deleted), evidence=others, name=name)


def _unreadable(expected: RequiredRecord, answer: Answer, text: str) -> Judgement:
    """Judge a record that was meant to be DMARC and is not read as one."""
    if re.search(r"\\[^x]", text):
        finding = ESCAPED_SEMICOLONS
    elif '"' in text or "'" in text:
        finding = QUOTES_INSIDE
    elif re.match(r"[vV]\s*=\s*DMARC1[\s,]", text):
        finding = SEMICOLON
    else:
        finding = VERSION
    edits = edits_to(expected, answer, (text,), publishable(expected, [text]))
    return verdict_of(state(finding, edits=edits, evidence=(text,), name=expected.name))


async def _none(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge a name without any policy: look one label up, then at the policy that applies.

    A policy further up covers the domain (RFC 9989 section 4.10). Required says that a provider
    looks at the name itself, and then the record is missing all the same.
    """
    label, domain = split_label(expected.name)
    apex = await ask(domain, "TXT") if label else answer
    for text in _policies(apex):
        return Judgement(RecordVerdict.MISSING, (_at_apex(expected, answer, domain, text),))
    verdict = await missing(
        expected, answer, ask, lambda other: bool(_policies(other)), levels=False
    )
    first, *further = verdict.findings
    if first.code != "dmarc.missing":
        return verdict  # it was meant to be there and is in the wrong place
    above = await policy_for(domain, ask)
    if above is not None and above.how is not How.ORGANIZATION:
        above = None  # nobody knows, or it is that of a registry
    after = publishable(expected, [above.as_own] if above else [])
    first = replace(first, edits=edits_to(expected, answer, (), after))
    dead = (_dead_alias(expected, answer, after),) if answer.chain else ()
    said = (*(dead or (first,)), *further)
    if above is None:
        return replace(verdict, findings=said)
    older = await older_policy_for(domain, ask)
    inherited = _inherited(expected, above, older)
    if expected.required or older is None:
        return replace(verdict, findings=(*said, inherited))
    return Judgement(RecordVerdict.OK, (*dead, inherited))


def _at_apex(expected: RequiredRecord, answer: Answer, apex: str, text: str) -> Finding:
    edits = (
        Edit(Action.DELETE, apex, "TXT", before=text),
        *edits_to(expected, answer, (), publishable(expected, [text])),
    )
    found = state(AT_APEX, edits=edits, evidence=(text,), name=expected.name, apex=apex)
    return found if expected.required else replace(found, severity=Severity.INFO)


def _dead_alias(expected: RequiredRecord, answer: Answer, after: str) -> Finding:
    """Return what to say of a CNAME with nothing behind it: the link of the chain that is gone."""
    last = answer.chain[-1]
    lacking = {
        Status.NO_NAME: f"there is no name {last} in the DNS",
        Status.NO_RECORD: f"{last} has no TXT record",
    }.get(answer.status, f"the text at {last} is no DMARC record")
    found = state(
        DEAD_ALIAS,
        edits=edits_to(expected, answer, (), after),
        evidence=(*answer.chain, *answer.texts),
        name=expected.name,
        target=answer.chain[0],
        lacking=lacking,
    )
    return found if expected.required else replace(found, severity=Severity.WARNING)


def _inherited(expected: RequiredRecord, above: Policy, older: Policy | None) -> Finding:
    """Return which policy applies to a name without its own, and what older receivers find."""
    top = f"_dmarc.{organizational_domain(above.domain)}"
    there = "none" if older is None else f"p={older.asks}"
    differ = older is None or (older.how is not How.UNKNOWN and older.domain != above.domain)
    fix = DEMANDED if expected.required else FOR_OLDER if older is None else INHERITED.fix
    return state(
        replace(INHERITED, fix=fix),
        evidence=(above.text,),
        name=expected.name,
        parent=above.name,
        policy=f"p={above.asks}",
        older=OLDER_DIFFER.format(top=top, there=there) if differ else "",
    )
