"""The hosts that answers to a sending domain go to, where no provider wants any of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status, Value
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import state, typed, zones
from dnscheck.rules.mx import NULL_MIXED, of_no_use
from dnscheck.rules.mx_hosts import (
    RECEIVERS,
    address_in,
    behind,
    dead_by_name,
    host,
    is_local_address,
)
from dnscheck.together import together

LOOK_UP = (
    "The help pages of whoever runs those say which host, under “MX record”; on a server of your "
    "own it is the name that its administrator gave it."
)
NULL_SENDER = Finding(
    "mx.null-sender",
    Severity.WARNING,
    "{domain} sends mail and says that it accepts none",
    "A single MX record with the target “.” is a null MX. Receivers may refuse mail from a domain "
    "that has one (RFC 7505 section 4.2), for neither answers nor bounces can be delivered.",
    "At {domain}, replace the MX record by one that names the host of your mailboxes. " + LOOK_UP,
)
ALL_DEAD = Finding(
    "mx.all-dead",
    Severity.WARNING,
    "No MX record at {domain} leads to a mail server",
    "Their targets are addresses, local names, or names without an address, so answers and bounces "
    "have nowhere to go. Many receivers refuse mail from such a domain.",
    "At {domain}, replace the MX records listed by one that names the host of your mailboxes. "
    + LOOK_UP,
)
NAME_IT = (
    "If the mail server has the address {address}, give it a name: add the record shown at {host}, "
    "and let the MX record at {domain} name {host}. Otherwise let it name the host of your "
    "mailboxes."
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
    "Choose another name than {host} in the provider's console and here. Then delete the CNAME at "
    "{host} and add its A record again: the address of your mail server, which the control panel "
    "of that server shows.",
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
    found = {value: _by_name(value, around) for value in values}
    if is_judged and any(found.values()):
        return ()
    if not any(map(host, mx.texts)):
        return (state(NULL_SENDER, evidence=map(typed, values), domain=domain),)
    named = [value for value in values if not found[value] and _is_unknown(value)][:MOST_HOSTS]
    answers = await together(*(behind(host(value.text), ask) for value in named))
    found |= {value: fault for value, (_, fault) in zip(named, answers, strict=True)}
    useless = {typed(value): fault for value, fault in found.items() if fault}
    if len(useless) == len(values):
        return (await _all_dead(domain, useless, ask),)
    edits = tuple(Edit(Action.DELETE, domain, "MX", before=text) for text in useless)
    chains = {
        value: chain
        for value, (chain, fault) in zip(named, answers, strict=True)
        if chain and not fault
    }
    beside = of_no_use(domain, useless, edits)
    mild = (replace(finding, severity=Severity.WARNING) for finding in beside)
    return (*mild, *_aliased(domain, chains, records))


async def _all_dead(domain: str, useless: Mapping[str, Finding], ask: Ask) -> Finding:
    """Say that no record leads to a mail server; one known by its address can be given a name."""
    first, *others = useless
    preference, _, name = first.partition(" ")
    address, mail = address_in(host(name), zones(domain)), f"mail.{domain}"
    if not address or is_local_address(address):
        return state(ALL_DEAD, evidence=useless, domain=domain)
    kind = "AAAA" if ":" in address else "A"
    there = await ask(mail, kind)
    if there.status is not Status.NO_NAME:
        return state(ALL_DEAD, evidence=useless, domain=domain)
    edits = (
        Edit(Action.ADD, mail, kind, after=address),
        Edit(Action.CHANGE, domain, "MX", first, f"{preference} {mail}"),
        *(Edit(Action.DELETE, domain, "MX", before=text) for text in others),
    )
    words = {"domain": domain, "host": mail, "address": address}
    return state(replace(ALL_DEAD, fix=NAME_IT), edits=edits, evidence=useless, **words)


def _by_name(value: Value, around: Iterable[str]) -> Finding | None:
    """Return why nothing can be delivered at a host, if its name alone tells."""
    name = host(value.text)
    return dead_by_name(name, around) if name else NULL_MIXED


def _is_unknown(value: Value) -> bool:
    """Whether a host is none of those at which a provider receives mail for many."""
    return host(value.text) not in dict(RECEIVERS)


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
