"""The sending domain itself: whether an answer or a bounce finds a way back to it.

Receivers look up where mail claims to come from, and many refuse it where nothing can be sent to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules.from_domain_hosts import of_the_hosts
from dnscheck.rules.host import state, wanted_text
from dnscheck.together import together

NO_WAY_BACK = Finding(
    "mx.no-way-back",
    Severity.WARNING,
    "Nobody can answer mail from {domain}",
    "It has neither an MX record nor an address (A or AAAA), so answers and bounces have nowhere "
    "to go. Many receivers refuse mail from such a domain.",
    "At {domain}, add an MX record that names the host of your mailboxes. If nobody is to answer, "
    "name any mail server you run all the same.",
)
APEX_ALIAS = Finding(
    "dns.apex-alias",
    Severity.ERROR,
    "A CNAME stands at {domain}, the top of its zone",
    "The top of a zone holds its name servers, and a CNAME allows no other record beside it (RFC "
    "1034 section 3.6.2). Resolvers that know it find none of the domain's own records.",
    "At {domain}, delete the CNAME. For the web site, add a record of the type ALIAS or ANAME with "
    "the same target if the DNS host has them, otherwise the addresses shown.",
)

WITH_ONE_SHOWN = (
    "At {domain}, add an MX record that names the host of your mailboxes. If there are none, add "
    "the one shown."
)


async def way_back(domain: str, records: Sequence[RequiredRecord], ask: Ask) -> tuple[Finding, ...]:
    """Return what is wrong with the way back to a sending domain, and with a CNAME at its top.

    What the judge of a wanted MX record says is not said again, and what could not be asked for
    is not held against the domain.
    """
    mx, *addresses = await together(*(ask(domain, kind) for kind in ("MX", "A", "AAAA")))
    alias = await _at_the_top(domain, mx, addresses, ask)
    wanted = [record for record in records if (record.name, record.type) == (domain, "MX")]
    if any(record.required for record in wanted):
        return alias
    if mx.status is Status.FOUND and not mx.chain:
        return (*alias, *await of_the_hosts(domain, mx, records, ask))
    if all(seen.status is Status.NO_RECORD for seen in (mx, *addresses)):
        return (*alias, _no_way_back(domain, wanted))
    return alias


def _no_way_back(domain: str, wanted: Sequence[RequiredRecord]) -> Finding:
    edits = (Edit(Action.ADD, domain, "MX", after=wanted_text(record)) for record in wanted)
    finding = replace(NO_WAY_BACK, fix=WITH_ONE_SHOWN) if wanted else NO_WAY_BACK
    return state(finding, edits=tuple(edits), domain=domain)


async def _at_the_top(
    domain: str, mx: Answer, addresses: Iterable[Answer], ask: Ask
) -> tuple[Finding, ...]:
    """Say that a CNAME stands at the top of a zone, if one does."""
    if not mx.chain or not await _is_top(domain, ask):
        return ()
    there = [(answer.type, text) for answer in addresses for text in answer.texts]
    edits = (
        Edit(Action.DELETE, domain, "CNAME", before=mx.chain[0]),
        *(Edit(Action.ADD, domain, kind, after=text) for kind, text in there),
    )
    return (state(APEX_ALIAS, edits=edits, evidence=mx.chain, domain=domain),)


async def _is_top(domain: str, ask: Ask) -> bool:
    """Whether a domain is the top of a zone: one that was registered, or was given its own."""
    if organizational_domain(domain) == domain:
        return True
    answers = await together(*(ask(domain, kind) for kind in ("SOA", "NS")))
    return any(seen.status is Status.FOUND and not seen.chain for seen in answers)
