"""Which DMARC policy applies to a domain: its own, or one further up the tree.

RFC 9989 section 4.10 walks the DNS tree upwards; RFC 7489 section 6.6.3 knows two places only, the
domain and its organizational domain by the public suffix list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dnscheck.answers import Answer, Ask
from dnscheck.dmarc import (
    INHERITED,
    POLICIES,
    addresses_in,
    as_uri,
    is_record,
    is_valid,
    tags,
    text_of,
)
from dnscheck.names import organizational_domain
from dnscheck.together import together

MOST_QUESTIONS = 8  # RFC 9989 section 4.10
ABSENT, UNASKED = "absent", "unknown"
OF_ONE_PLACE = ("sp", "np", "psd")  # what a record says only where it stands


class How(StrEnum):
    """How a policy comes to apply to a domain."""

    OWN = "own"
    ORGANIZATION = "organization"  # it is that of the organizational domain
    SUFFIX = "suffix"  # it is that of the registry above (psd=y)
    UNKNOWN = "unknown"  # could not ask: nobody knows whether there is one


@dataclass(frozen=True)
class Policy:
    """The policy that applies to mail from a domain, which is taken to exist.

    It stands at `_dmarc` below `domain`. `alias` is where a CNAME there leads to, if one does.
    If it could not be asked for, there are no text and no tags.
    """

    how: How
    domain: str
    text: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    alias: str = ""

    @property
    def name(self) -> str:
        """The name of its record."""
        return f"_dmarc.{self.domain}"

    @property
    def asks(self) -> str:
        """What receivers are asked to do with mail that fails: none, quarantine or reject.

        It is empty if the policy could not be asked for.
        """
        if self.how is How.UNKNOWN:
            return ""
        if not _is_valid(self.tags):
            return POLICIES[0]
        own = self.tags["p"]
        return (own if self.how is How.OWN else self.tags.get("sp", own)).lower()

    @property
    def is_on_trial(self) -> bool:
        """Whether newer receivers are asked to act one step more gently (tag t)."""
        return self.tags.get("t", "").lower() == "y"

    @property
    def as_own(self) -> str:
        """The record a domain would publish itself to say the same."""
        if self.how is How.OWN:
            return self.text
        kept = {name: value for name, value in self.tags.items() if name not in OF_ONE_PLACE}
        return text_of({**kept, "v": "DMARC1", "p": self.asks})


def demand(policy: Policy | None) -> str:
    """Return what receivers are asked to do with mail that fails, in a word to keep.

    It is none, quarantine or reject as far as receivers are to act now: on trial one step more
    gently (RFC 9989, tag t). It is `ABSENT` if no policy applies, and `UNASKED` if nobody knows.
    """
    if policy is None:
        return ABSENT
    if not policy.asks:
        return UNASKED
    step = POLICIES.index(policy.asks) - policy.is_on_trial
    return POLICIES[max(step, 0)]


async def policy_for(domain: str, ask: Ask) -> Policy | None:
    """Return the policy that applies by RFC 9989; None if the DNS says that none does."""
    names = _walked(domain)
    own = await ask(f"_dmarc.{domain}", "TXT")
    if not own.definitive:
        return Policy(How.UNKNOWN, domain)
    if len(_records(own)) == 1:
        return _usable(_policy(How.OWN, domain, own))
    answers = await together(*(ask(f"_dmarc.{name}", "TXT") for name in names[1:]))
    found: dict[str, Policy] = {}
    for name, answer in zip(names[1:], answers, strict=True):
        if not answer.definitive:
            return Policy(How.UNKNOWN, name)
        if len(_records(answer)) == 1:
            found[name] = _policy(How.ORGANIZATION, name, answer)
            if found[name].tags.get("psd", "").lower() in ("y", "n"):
                break
    return _usable(_chosen(names, found))


async def older_policy_for(domain: str, ask: Ask) -> Policy | None:
    """Return the policy that applies by RFC 7489; None if the DNS says that none does."""
    own = await ask(f"_dmarc.{domain}", "TXT")
    if not own.definitive:
        return Policy(How.UNKNOWN, domain)
    top = organizational_domain(domain)
    if _records(own) or top == domain:
        return _usable(_policy(How.OWN, domain, own)) if len(_records(own)) == 1 else None
    above = await ask(f"_dmarc.{top}", "TXT")
    if not above.definitive:
        return Policy(How.UNKNOWN, top)
    single = len(_records(above)) == 1
    return _usable(_policy(How.ORGANIZATION, top, above)) if single else None


def _walked(domain: str) -> list[str]:
    """Return the domains a tree walk asks at: eight at most, whatever the domain's length."""
    labels = domain.split(".")
    first = min(len(labels), MOST_QUESTIONS) - 1
    return [domain, *(".".join(labels[-count:]) for count in range(first, 0, -1))]


def _records(answer: Answer) -> list[str]:
    return [text for text in answer.texts if is_record(text)]


def _policy(how: How, domain: str, answer: Answer) -> Policy:
    [text] = _records(answer)
    return Policy(how, domain, text, tags(text) or {}, answer.chain[0] if answer.chain else "")


def _chosen(names: list[str], found: Mapping[str, Policy]) -> Policy | None:
    """Return the policy among those found above a domain, longest name first.

    It is that of the organizational domain: the one below a registry (psd=y), else the shortest.
    """
    if not found:
        return None
    last = list(found.values())[-1]
    if last.tags.get("psd", "").lower() != "y":
        return last
    below = names[names.index(last.domain) - 1]
    return found.get(below, Policy(How.SUFFIX, last.domain, last.text, last.tags, last.alias))


def _usable(policy: Policy | None) -> Policy | None:
    """Return a policy, unless receivers apply none because they cannot read it.

    With an address for reports it counts as p=none (RFC 9989 section 4.10.1).
    """
    if policy is None or _is_valid(policy.tags):
        return policy
    reports = map(as_uri, addresses_in(policy.tags.get("rua", "")))
    return policy if any(reports) else None


def _is_valid(found: Mapping[str, str]) -> bool:
    return "p" in found and all(is_valid(name, found[name]) for name in INHERITED if name in found)
