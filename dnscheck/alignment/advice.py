"""Where the policy of a domain asks for more than its providers can keep so far."""

from collections.abc import Sequence
from dataclasses import replace

from dnscheck.alignment.ways import ProviderOutlook, outlook
from dnscheck.diagnosis import RecordResult
from dnscheck.dmarc import POLICIES, with_value
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.rules.dmarc_policy import How, Policy
from dnscheck.rules.host import state
from smtp import providers

TOO_STRICT_YET = Finding(
    "dmarc.too-strict-yet",
    Severity.ERROR,
    "The DMARC policy p={asks} is too strict for {domain} yet",
    "Mail through {providers} fails DMARC: neither a DKIM key nor a return path under {domain} is "
    "right. The policy at {there} then asks receivers to {act} it.",
    "Mend the DKIM records first. Until they are right, have the value shown at {name}, with "
    "p=none, and return to p={asks} afterwards.",
)
STRICT_ALIGNMENT = Finding(
    "dmarc.strict-alignment",
    Severity.WARNING,
    "The DMARC policy of {domain} does not accept its own subdomains",
    "{demands} at {there} demands exactly {domain}. Mail through {providers} is sent with a name "
    "below or above it, which therefore does not count.",
    "Have the value shown at {name}: relaxed alignment accepts all names of the same organization.",
)
ACTS = {"quarantine": "treat as spam", "reject": "refuse"}


def findings(
    domain: str, records: Sequence[RecordResult], policy: Policy | None
) -> tuple[Finding, ...]:
    """Return where the policy of a domain is too strict for what its records prove so far.

    Nothing is said of mail that passes by one way, however strict the policy is about the other.

    `policy` is what `dmarc_policy.policy_for` found for the domain. What could not be asked for
    is held against nobody.
    """
    if policy is None:
        return ()
    each = outlook(domain, records, policy)
    tight = [seen for seen in each if seen.too_strict and not seen.passes]
    failing = [seen for seen in each if seen.passes is False and not seen.too_strict]
    found = [_strict_alignment(domain, tight, policy)] if tight else []
    if failing and policy.asks != POLICIES[0]:
        found.append(_too_strict_yet(domain, failing, policy))
    return tuple(found)


def _too_strict_yet(domain: str, failing: Sequence[ProviderOutlook], policy: Policy) -> Finding:
    after = with_value(policy.as_own, "p", POLICIES[0])
    if domain == organizational_domain(domain) and "sp" not in policy.tags:
        after = f"{after.rstrip('; ')}; sp={policy.asks}"  # subdomains stay as they are
    severity = Severity.WARNING if policy.is_on_trial else Severity.ERROR
    return _stated(replace(TOO_STRICT_YET, severity=severity), domain, failing, policy, after)


def _strict_alignment(domain: str, tight: Sequence[ProviderOutlook], policy: Policy) -> Finding:
    names = sorted({tag for seen in tight for tag in seen.too_strict})
    after = policy.as_own
    for tag in names:
        after = with_value(after, tag, "r")
    breaks = policy.asks != POLICIES[0] and any(seen.passes is False for seen in tight)
    finding = replace(STRICT_ALIGNMENT, severity=Severity.ERROR) if breaks else STRICT_ALIGNMENT
    demands = " and ".join(f"{tag}=s" for tag in names)
    return _stated(finding, domain, tight, policy, after, demands=demands)


def _stated(
    finding: Finding,
    domain: str,
    about: Sequence[ProviderOutlook],
    policy: Policy,
    after: str,
    **words: str,
) -> Finding:
    return state(
        finding,
        edits=_edits(domain, policy, after),
        evidence=(policy.text, *(seen.sentence for seen in about)),
        domain=domain,
        name=f"_dmarc.{domain}",
        there=policy.name,
        asks=policy.asks,
        act=ACTS.get(policy.asks, ""),
        providers=" and ".join(dict.fromkeys(providers.get(seen.provider).name for seen in about)),
        **words,
    )


def _edits(domain: str, policy: Policy, after: str) -> tuple[Edit, ...]:
    """Return the edits that leave this record at the domain itself, whatever applies now."""
    name = f"_dmarc.{domain}"
    add = Edit(Action.ADD, name, "TXT", after=after)
    if policy.how is not How.OWN:
        return (add,)
    if policy.alias:
        return (Edit(Action.DELETE, name, "CNAME", before=policy.alias), add)
    return (Edit(Action.CHANGE, name, "TXT", policy.text, after),)
