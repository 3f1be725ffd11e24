"""The hosts that answers to a sending domain go to, where no provider wants any of its own."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Value
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import state, typed, zones
from dnscheck.rules.mx import DEAD_HOST, NULL_MIXED
from dnscheck.rules.mx_hosts import RECEIVERS, behind, dead_by_name, host

NULL_SENDER = Finding(
    "mx.null-sender",
    Severity.WARNING,
    "{domain} sends mail and says that it accepts none",
    "A single MX record with the target “.” is a null MX. Receivers may refuse mail from a domain "
    "that has one (RFC 7505 section 4.2), for neither answers nor bounces can be delivered.",
    "At {domain}, replace the MX record by one that names the host of your mailboxes.",
)
ALL_DEAD = Finding(
    "mx.all-dead",
    Severity.WARNING,
    "No MX record at {domain} leads to a mail server",
    "Their targets are addresses, local names, or names without an address, so answers and bounces "
    "have nowhere to go. Many receivers refuse mail from such a domain.",
    "At {domain}, replace the MX records listed by one that names the host of your mailboxes.",
)
HOST_ALIAS = Finding(
    "mx.host-alias",
    Severity.WARNING,
    "The mail of {domain} goes to {host}, which is a CNAME",
    "The target of an MX record may not be an alias (RFC 2181 section 10.3), and some senders "
    "refuse to follow.",
    "At {domain}, change the target of the MX record to the name that the CNAME leads to.",
)
HOST_TAKEN = Finding(
    "mx.host-taken",
    Severity.ERROR,
    "A CNAME has taken the name of the mail server of {domain}: {host}",
    "The MX record at {domain} leads to {host}, and a provider wants a CNAME at that very name. "
    "Mail for the domain goes where the CNAME leads to.",
    "Choose another name than {host} in the provider's console and here. Then delete the CNAME and "
    "give {host} its addresses back.",
)
MOST_HOSTS = 4  # that are looked at, the most preferred first


async def of_the_hosts(
    domain: str, mx: Answer, records: Sequence[RequiredRecord], ask: Ask
) -> tuple[Finding, ...]:
    """Return what is wrong with the hosts in the MX records of a sending domain.

    Where a host is wanted as well, its judge has said what the names of the others tell.
    """
    is_judged = any((record.name, record.type) == (domain, "MX") for record in records)
    around = zones(domain)
    values = sorted(mx.values, key=lambda value: (value.preference or 0, value.text))
    useless = [value for value in values if _is_useless(value, around)]
    if is_judged and useless:
        return ()
    if not any(map(host, mx.texts)):
        return (state(NULL_SENDER, evidence=map(typed, values), domain=domain),)
    named = [value for value in values if value not in useless and _is_unknown(value)][:MOST_HOSTS]
    answers = await asyncio.gather(*(behind(host(value.text), ask) for value in named))
    useless += [value for value, (_, fault) in zip(named, answers, strict=True) if fault]
    if len(useless) == len(values):
        return (state(ALL_DEAD, evidence=map(typed, useless), domain=domain),)
    chains = {
        value: chain
        for value, (chain, _) in zip(named, answers, strict=True)
        if chain and value not in useless
    }
    return (*_beside(domain, useless), *_aliased(domain, chains, records))


def _is_useless(value: Value, around: Iterable[str]) -> bool:
    name = host(value.text)
    return not name or dead_by_name(name, around) is not None


def _is_unknown(value: Value) -> bool:
    """Whether a host is none of those at which a provider receives mail for many."""
    return host(value.text) not in dict(RECEIVERS)


def _beside(domain: str, useless: Sequence[Value]) -> Iterator[Finding]:
    """Yield what is to be said of useless records beside others."""
    texts = [typed(value) for value in useless]
    edits = tuple(Edit(Action.DELETE, domain, "MX", before=text) for text in texts)
    for finding, is_there in (
        (NULL_MIXED, any(not host(value.text) for value in useless)),
        (DEAD_HOST, any(host(value.text) for value in useless)),
    ):
        if is_there:
            mild = replace(finding, severity=Severity.WARNING)
            yield state(mild, edits=edits, evidence=texts, name=domain)


def _aliased(
    domain: str, chains: Mapping[Value, Sequence[str]], records: Sequence[RequiredRecord]
) -> Iterator[Finding]:
    """Yield what is to be said of hosts that are CNAMEs, with the names those lead to."""
    wanted = {record.name for record in records if record.type == "CNAME"}
    for value, chain in chains.items():
        name = host(value.text)
        if name in wanted:
            yield state(HOST_TAKEN, evidence=chain, domain=domain, host=name)
            continue
        after = typed(replace(value, text=chain[-1]))
        change = Edit(Action.CHANGE, domain, "MX", typed(value), after)
        yield state(HOST_ALIAS, edits=(change,), evidence=chain, domain=domain, host=name)
