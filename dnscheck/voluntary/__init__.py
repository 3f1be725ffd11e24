"""Standards that no provider requires and many domains publish: TLS-RPT, MTA-STS and BIMI.

Nothing is said where nothing is published, nor where what is published is right. What is wrong
with it never moves a verdict.
"""

from dnscheck.answers import Ask
from dnscheck.dmarc import POLICIES
from dnscheck.findings import Finding
from dnscheck.rules.dmarc_policy import policy_for
from dnscheck.together import together
from dnscheck.voluntary import bimi, mtasts, tlsrpt
from dnscheck.voluntary.published import Published, astray, at_name, dead_alias
from dnscheck.voluntary.standard import Standard

__all__ = ["STANDARDS", "findings"]

STANDARDS = (tlsrpt.STANDARD, mtasts.STANDARD, bimi.STANDARD)


async def findings(domain: str, ask: Ask) -> tuple[Finding, ...]:
    """Return what is wrong with the records of these standards at a domain.

    Three questions, then those for its texts and its DMARC policy, which others ask as well, and
    more only where something is published. What could not be asked for is held against nobody.
    """
    answers = await together(*(ask(one.at(domain), "TXT") for one in STANDARDS))
    here = [at_name(one, domain, answer) for one, answer in zip(STANDARDS, answers, strict=True)]
    is_used = any(seen.text for seen in here)
    further = await together(*(_further(seen, ask, is_used=is_used) for seen in here))
    return tuple(
        finding
        for seen, more in zip(here, further, strict=True)
        for finding in (*seen.findings, *more)
    )


async def _further(seen: Published, ask: Ask, *, is_used: bool) -> tuple[Finding, ...]:
    """Return what else a record needs, or where it is if it is not at its name."""
    standard, domain = seen.standard, seen.domain
    if seen.text and standard is mtasts.STANDARD:
        return await mtasts.around(domain, ask)
    if seen.text and standard is bimi.STANDARD:
        return await bimi.around(domain, seen.text, ask)
    if seen.text or not seen.answer.definitive:
        return ()
    if seen.answer.chain:
        return await dead_alias(seen, ask)
    apex = await ask(domain, "TXT")
    everywhere = is_used or _names_any(apex.texts) or await _may_have(standard, domain, ask)
    return await astray(seen, apex, ask, everywhere=everywhere)


def _names_any(texts: tuple[str, ...]) -> bool:
    return any(standard.names_itself(text) for standard in STANDARDS for text in texts)


async def _may_have(standard: Standard, domain: str, ask: Ask) -> bool:
    """Whether a domain is one that can show a logo, by its DMARC policy."""
    if standard is not bimi.STANDARD:
        return False
    policy = await policy_for(domain, ask)
    return policy is not None and policy.asks in POLICIES[1:]
