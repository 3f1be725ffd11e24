"""A CNAME to the DMARC policy that a provider shares, for which one's own policy does as well."""

from dataclasses import replace

from dnscheck.answers import Answer, Ask
from dnscheck.dmarc import published_among
from dnscheck.findings import Judgement
from dnscheck.records import RequiredRecord
from dnscheck.rules import cname, dmarc
from dnscheck.rules.around import judged
from dnscheck.rules.dmarc_policy import How, policy_for
from dnscheck.rules.host import could_not_ask, split_label
from smtp.providers.base import Match

SUGGESTED = "v=DMARC1; p=none"


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the CNAME that a provider wants, or else the policy that applies without it.

    Nobody is told to give up a policy of his own, or one of his organization, for a shared one.
    """
    wanted = expected.value.rstrip(".").lower()
    if wanted in [text.rstrip(".").lower() for text in answer.texts]:
        return await cname.judge(expected, answer, ask)
    found = await ask(expected.name, "TXT")
    if not found.definitive:
        return could_not_ask(found)
    if published_among(found.texts) or await _is_covered(expected, ask):
        own = replace(expected, type="TXT", match=Match.DMARC, value=SUGGESTED)
        return await judged(dmarc.judge, own, found, ask)
    return await cname.judge(expected, answer, ask)


async def _is_covered(expected: RequiredRecord, ask: Ask) -> bool:
    """Whether a policy of the domain's organization applies."""
    policy = await policy_for(split_label(expected.name)[1], ask)
    return policy is not None and policy.how is How.ORGANIZATION
