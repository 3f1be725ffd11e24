"""Tells an answer of a name's own records from that of a wildcard, which answers for every name."""

from hashlib import blake2b

from dnscheck.answers import Answer, Ask
from dnscheck.names import organizational_domain


def probe_name(name: str) -> str:
    """Return a name beside another that nobody publishes, always the same one."""
    digest = blake2b(name.encode(errors="replace"), digest_size=4).hexdigest()
    return f"relaydesk-probe-{digest}.{name.partition('.')[2]}"


async def is_wildcard(answer: Answer, ask: Ask) -> bool | None:
    """Whether a wildcard gave an answer, or None if that could not be asked.

    A wildcard that covers a name which does not exist covers every such name beside it (RFC 4592
    section 3.3.1), so a name that nobody publishes then has the same answer. The registered domain
    always exists and is never covered.
    """
    says_nothing = not answer.values and not answer.chain
    if says_nothing or organizational_domain(answer.name) == answer.name:
        return False
    beside = await ask(probe_name(answer.name), answer.type)
    return _told(beside) == _told(answer) if beside.definitive else None


def _told(answer: Answer) -> tuple[object, ...]:
    values = frozenset((value.text, value.preference) for value in answer.values)
    return answer.status, values, answer.chain
