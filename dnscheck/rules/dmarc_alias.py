"""A CNAME at `_dmarc`: to a policy of others, to none at all, or saved as text."""

import re
from collections.abc import Iterable
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.dmarc import is_record
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import edits_to, state
from smtp.providers import PROVIDERS
from smtp.providers.base import Purpose

SHARED = Finding(
    "dmarc.shared-policy",
    Severity.WARNING,
    "The DMARC policy at {name} is one that others share",
    "The name is a CNAME to {target}. The policy there is not yours to change, and it asks for no "
    "reports to you.",
    "Delete the CNAME at {name} and add the TXT record with the value shown: a name with a CNAME "
    "cannot hold anything else.",
)
FAR = Finding(
    "dmarc.policy-elsewhere",
    Severity.INFO,
    "The DMARC policy at {name} is that of another domain",
    "The name is a CNAME to {target}. Whoever runs that domain sets the policy, which asks for no "
    "reports.",
    "Nothing needs to be done if that is meant. If not, delete the CNAME at {name} and add a TXT "
    "record with a policy of your own.",
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
NAMES_HOST = Finding(
    "dmarc.names-host",
    Severity.ERROR,
    "A host name is published at {name} where the DMARC record belongs",
    "It looks like the target of a CNAME, saved as text. Text is not followed, so receivers find "
    "no policy.",
    "Change the TXT record at {name} to the value shown. If a service has you publish a CNAME to "
    "{target} here, finish setting the domain up there, then add that in place of the TXT record.",
)
FOLLOWED = (
    "Delete the TXT record at {name} and add a CNAME record there with the target {target}, where "
    "there is a policy."
)

HOST = re.compile(
    r"\s*(?:_?dmarc|[a-z0-9_-]+\.[a-z0-9_-]+)(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*\.?\s*"
)
# Where providers have the customers' names lead that share a policy.
SHARED_HOSTS = tuple(
    re.compile(re.sub(r"\\{\w+\\}", "[a-z.]+", re.escape(template.value)))
    for provider in PROVIDERS
    for template in provider.recipe
    if template.purpose is Purpose.DMARC and template.type == "CNAME"
)


def standing(expected: RequiredRecord, answer: Answer) -> tuple[RequiredRecord, Answer]:
    """Return the record and the answer of the name at which a policy can be edited.

    That is where an alias ends, if it is in the same organization; else the record's own name.
    """
    end = answer.chain[-1] if answer.chain else expected.name
    if organizational_domain(end) != organizational_domain(expected.name):
        return expected, answer
    return replace(expected, name=end), replace(answer, name=end, chain=())


def of_others(
    expected: RequiredRecord, answer: Answer, text: str, edits: tuple[Edit, ...]
) -> Finding:
    """Return what to say of a policy at another organization, which asks for no reports."""
    target = answer.chain[0]
    is_shared = any(host.fullmatch(end) for host in SHARED_HOSTS for end in answer.chain)
    return state(
        SHARED if is_shared else FAR,
        edits=edits if is_shared else (),
        evidence=(target, text),
        name=expected.name,
        target=target,
    )


def dead(expected: RequiredRecord, answer: Answer, after: str) -> Finding:
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


def named_in(texts: Iterable[str]) -> str:
    """Return the first text that is the name of a host and nothing else, or nothing."""
    return next((text for text in texts if HOST.fullmatch(text.lower())), "")


async def as_text(
    expected: RequiredRecord, answer: Answer, text: str, after: str, ask: Ask
) -> Finding:
    """Return what to say of a host's name saved as text: the CNAME it should be, or a policy."""
    name, target = expected.name, text.strip().rstrip(".").lower()
    behind = await ask(target, "TXT")
    if answer.chain or len([text for text in behind.texts if is_record(text)]) != 1:
        edits, finding = edits_to(expected, answer, (text,), after), NAMES_HOST
    else:
        gone = (Edit(Action.DELETE, name, "TXT", before=other) for other in answer.texts)
        edits = (*gone, Edit(Action.ADD, name, "CNAME", after=target))
        finding = replace(NAMES_HOST, fix=FOLLOWED)
    return state(finding, edits=edits, evidence=(text,), name=name, target=target)
