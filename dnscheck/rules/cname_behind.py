"""What a right CNAME leads to, which is the provider's to publish, and what stands beside it."""

from collections.abc import Sequence

from dnscheck.answers import Answer, Ask, Reason, Status
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim_tags
from dnscheck.rules.host import state, typed
from dnscheck.together import together
from smtp.providers.base import Purpose

BESIDE = Finding(
    "cname.beside-other-data",
    Severity.ERROR,
    "Other records stand beside the CNAME at {name}",
    "A name with a CNAME cannot hold anything else (RFC 2181 section 10.1). Some resolvers see the "
    "CNAME and some the rest.",
    "At {name}, delete the {types} records and keep the CNAME. If they were deleted a moment ago, "
    "wait until resolvers have forgotten them.",
)
DANGLING = Finding(
    "cname.dangling",
    Severity.WARNING,
    "The CNAME at {name} is right, but its target does not exist yet",
    "{end} is not known in DNS. The provider publishes it, often minutes after the domain was "
    "added there, and removes it when the domain is removed.",
    "Wait for the provider. If this stays, see in its console that the domain is still set up, "
    "and copy the target again.",
)
BROKEN_CHAIN = Finding(
    "cname.broken-chain",
    Severity.WARNING,
    "The CNAME at {name} is right, but a name it leads to does not exist",
    "Its target {wanted} leads on to {end}, and that is not known in DNS.",
    "Here nothing has to be changed. See in the provider's console that the domain is set up and "
    "enabled; if this stays, tell the provider of {end}.",
)
EMPTY_TARGET = Finding(
    "cname.empty-target",
    Severity.WARNING,
    "The CNAME at {name} is right, but there is nothing of use behind it",
    "{end} exists, but it has no {types} record. The provider has not published what belongs "
    "there.",
    "See in the provider's console that the domain is set up and this record enabled. In your DNS "
    "nothing has to be changed.",
)
REVOKED_TARGET = Finding(
    "cname.revoked-target",
    Severity.INFO,
    "The DKIM key behind the CNAME at {name} is switched off",
    "The provider publishes an empty key there, as it does for a selector that is not in use.",
    "With a second selector in use nothing needs to be done. Otherwise enable DKIM for the domain "
    "in the provider's console.",
)
TARGET_LOOP = Finding(
    "cname.target-loop",
    Severity.WARNING,
    "The CNAME at {name} is right, but its target leads in a circle or too far",
    "Resolvers give up following {wanted}, so nothing is found at this name.",
    "Tell the provider, to whom {wanted} belongs. In your DNS nothing has to be changed.",
)

MOST_LINKS = 8  # of a chain: what resolvers follow at the least

# What must be found behind a CNAME, by what it is for: one of these types.
NEEDED = {
    Purpose.DKIM: ("TXT",),
    Purpose.RETURN_PATH: ("MX", "TXT", "A"),
    Purpose.TRACKING: ("A", "AAAA"),
    Purpose.CLIENT: ("A", "AAAA"),
}


async def objection(expected: RequiredRecord, wanted: str, ask: Ask) -> Finding | None:
    """Return what is to be said of what a right CNAME leads to, if anything.

    What could not be asked for is not held against it.
    """
    kinds = NEEDED.get(expected.purpose, ("TXT",))
    answers = await together(*(ask(expected.name, kind) for kind in kinds))
    beside = [seen for seen in answers if await _is_own(seen, wanted, ask)]
    if beside:
        return _beside(expected, beside)
    finding = _found(expected, wanted, answers)
    if finding is None:
        return None
    chain = answers[0].chain
    return state(
        finding,
        evidence=answers[0].texts or chain,
        name=expected.name,
        wanted=wanted,
        end=chain[-1],
        types=" or ".join(kinds),
    )


def _found(expected: RequiredRecord, wanted: str, answers: Sequence[Answer]) -> Finding | None:
    """Return what is to be said of what was found by following the CNAME."""
    if any(map(_goes_round, answers)):
        return TARGET_LOOP
    if not all(seen.definitive and seen.chain for seen in answers):
        return None
    if all(seen.status is Status.NO_NAME for seen in answers):
        if expected.purpose is Purpose.CHALLENGE:
            return None  # such a CNAME is looked at, and never followed
        return DANGLING if answers[0].chain[-1] == wanted else BROKEN_CHAIN
    if expected.purpose in NEEDED and not any(seen.texts for seen in answers):
        return EMPTY_TARGET
    if expected.purpose is Purpose.DKIM and _is_revoked(answers[0]):
        return REVOKED_TARGET
    return None


def _goes_round(answer: Answer) -> bool:
    """Whether the names followed show that a CNAME leads in a circle or too far."""
    links = (answer.name, *answer.chain)
    shows = len(set(links)) < len(links) or len(links) > MOST_LINKS
    return answer.reason is Reason.LOOP and shows


async def _is_own(answer: Answer, wanted: str, ask: Ask) -> bool:
    """Whether data is the name's own: neither found behind the CNAME, nor a copy of that."""
    if answer.status is not Status.FOUND or answer.chain:
        return False
    behind = await ask(wanted, answer.type)
    return behind.definitive and set(behind.texts) != set(answer.texts)


def _beside(expected: RequiredRecord, answers: Sequence[Answer]) -> Finding:
    edits = tuple(
        Edit(Action.DELETE, expected.name, seen.type, before=typed(value))
        for seen in answers
        for value in seen.values
    )
    return state(
        BESIDE,
        edits=edits,
        evidence=(edit.before for edit in edits),
        name=expected.name,
        types=" and ".join(seen.type for seen in answers),
    )


def _is_revoked(answer: Answer) -> bool:
    keys = [tags for tags in map(dkim_tags.read, answer.texts) if "p" in tags.names]
    return bool(keys) and not any(tags.get("p") for tags in keys)
