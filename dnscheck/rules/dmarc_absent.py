"""A name without a DMARC policy: it is somewhere else, or a policy further up applies.

A policy further up covers the domain (RFC 9989 section 4.10). That a record is required says that
a provider looks at the name itself, and then it is missing all the same.
"""

from dataclasses import replace

from dnscheck.answers import Answer, Ask
from dnscheck.dmarc import is_record
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules import dmarc_alias
from dnscheck.rules.dmarc_policy import How, Policy, older_policy_for, policy_for
from dnscheck.rules.host import edits_to, missing, split_label, state
from dnscheck.rules.wildcards import probe_name

AT_APEX = Finding(
    "dmarc.at-apex",
    Severity.ERROR,
    "The DMARC record is at {apex} instead of {name}",
    "Receivers look for it only at the name that begins with _dmarc.",
    "Delete the TXT record that begins with v=DMARC1 at {apex} and add it at {name}.",
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
    """Judge a name of which it is certain that no policy is there."""
    label, domain = split_label(expected.name)
    apex = await ask(domain, "TXT") if label else answer
    astray = next((text for text in apex.texts if is_record(text)), "")
    if astray and not await _is_everywhere(expected.name, apex, ask):
        found = _at_apex(expected, answer, domain, astray)
        return Judgement(RecordVerdict.MISSING, (found,))

    def holds(other: Answer) -> bool:
        """Whether a policy is there that is not at the domain itself, of which enough is known."""
        return any(is_record(text) and text not in apex.texts for text in other.texts)

    verdict = await missing(expected, answer, ask, holds, levels=False)
    first, *further = verdict.findings
    if first.code != "dmarc.missing":
        return verdict  # it was meant to be there and is in the wrong place
    above = await policy_for(domain, ask)
    if above is not None and above.how is not How.ORGANIZATION:
        above = None  # nobody knows, or it is that of a registry
    after = publishable(expected, [above.as_own] if above else [])
    first = replace(first, edits=edits_to(expected, answer, (), after))
    dead = (dmarc_alias.dead(expected, answer, after),) if answer.chain else ()
    said = (*(dead or (first,)), *further)
    if above is None:
        return replace(verdict, findings=said)
    older = await older_policy_for(domain, ask)
    inherited = _inherited(expected, above, older)
    if expected.required or older is None:
        return replace(verdict, findings=(*said, inherited))
    return Judgement(RecordVerdict.OK, (*dead, inherited))


async def _is_everywhere(name: str, apex: Answer, ask: Ask) -> bool:
    """Whether names that nobody publishes may say the same as the domain itself."""
    beside = await ask(probe_name(name), "TXT")
    return not beside.definitive or set(beside.texts) == set(apex.texts)


def _at_apex(expected: RequiredRecord, answer: Answer, apex: str, text: str) -> Finding:
    edits = (
        Edit(Action.DELETE, apex, "TXT", before=text),
        *edits_to(expected, answer, (), publishable(expected, [text])),
    )
    found = state(AT_APEX, edits=edits, evidence=(text,), name=expected.name, apex=apex)
    return found if expected.required else replace(found, severity=Severity.INFO)


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
