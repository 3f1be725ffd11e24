"""Judges a zone's name servers by how they answered, and by who names them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dnscheck.answers import SIGNATURE_EXPIRED, Answer, Reason, Status
from dnscheck.findings import Finding, Severity
from dnscheck.rules.host import state
from dnscheck.standpoints.records import named
from dnscheck.zone import Zone

LAME_SERVER = Finding(
    "view.lame-server",
    Severity.WARNING,
    "Not all name servers named for {zone} serve it",
    "Of no use: {servers}. Receivers that come there ask again elsewhere, or give up.",
    "At the registrar, take out the name servers that are not your DNS host's, or have the zone "
    "set up on them.",
)
SILENT_SERVER = Finding(
    "view.silent-server",
    Severity.WARNING,
    "Not all name servers of {zone} answer",
    "Nothing came back from {servers}. Receivers that come there wait, and ask again elsewhere.",
    "If it stays, tell your DNS host. If they are its servers no longer, take them out at the "
    "registrar and in the zone's NS records.",
)
PARENT_DIFFERS = Finding(
    "view.parent-differs",
    Severity.WARNING,
    "{zone} and the zone above it name different name servers",
    "Resolvers begin with those named above and go on with those the zone names itself.{only}",
    "Make the name servers at the registrar and the NS records in the zone the same: those your "
    "DNS host gives.",
)
DNSSEC_BOGUS = Finding(
    "view.dnssec-bogus",
    Severity.ERROR,
    "The DNSSEC signatures of {domain} do not validate",
    "Resolvers that check them, as those of many receivers do, see none of its records. Often the "
    "DS record at the registrar is still that of a former DNS host.",
    "At the registrar, replace the DS record by the one your DNS host shows, or delete it: without "
    "one there is no DNSSEC, and the domain works.",
)
DNSSEC_EXPIRED = Finding(
    "view.dnssec-expired",
    Severity.ERROR,
    "The DNSSEC signatures of {domain} have expired",
    "Resolvers that check them, as those of many receivers do, see none of its records.",
    "Have your DNS host sign the zone again. If it cannot, delete the DS record at the registrar.",
)
FAILURES = {
    Reason.REFUSED: "refuses",
    Reason.LAME: "does not know the zone",
    Reason.SERVFAIL: "fails",
    Reason.MALFORMED: "sends what cannot be read",
    Reason.TRUNCATED: "cuts its answers off",
}
SILENCE = (Reason.TIMEOUT, Reason.UNREACHABLE)

# By host name, one answer for each of its addresses; none for a host that has no address.
Answers = Mapping[str, tuple[Answer, ...]]


def useless(
    zone: str, asked: Iterable[Answers], at_resolver: Iterable[Answer]
) -> tuple[Finding, ...]:
    """Say which name servers do not serve the zone, and which do not answer at all.

    Where none of them does, but the resolver got something from them, it is the way from here
    that is barred: then nothing is said.
    """
    hosts: dict[str, list[Answer]] = {}
    for answers in asked:
        for host, given in answers.items():
            hosts.setdefault(host, []).extend(given)
    barred = not any(answer.definitive for given in hosts.values() for answer in given)
    if barred and all(answer.definitive for answer in at_resolver):
        return ()
    lame = [text for host, given in hosts.items() for text in _lame(host, given)]
    silent = [host for host, given in hosts.items() if _is_silent(given)]
    return tuple(
        state(finding, evidence=servers, zone=zone, servers=named(servers))
        for finding, servers in ((LAME_SERVER, lame), (SILENT_SERVER, silent))
        if servers
    )


def _lame(host: str, given: Sequence[Answer]) -> Iterator[str]:
    """Yield what is wrong with each address of a host none of whose answers is one."""
    if not given:
        yield f"{host} has no public address"
    for server in dict.fromkeys(answer.server for answer in given):
        reasons = [answer.reason for answer in given if answer.server == server]
        failed = [FAILURES[reason] for reason in reasons if reason in FAILURES]
        if failed and all(reason in FAILURES or reason in SILENCE for reason in reasons):
            yield f"{host} ({server}) {failed[0]}"


def _is_silent(given: Sequence[Answer]) -> bool:
    """Whether nothing came back from a host. That this machine has no IPv6 is not its fault."""
    reached = [
        answer
        for answer in given
        if answer.reason is not Reason.UNREACHABLE or not answer.server.startswith("[")
    ]
    return bool(reached) and all(answer.reason in SILENCE for answer in given)


def parent_differs(zone: Zone, above: Answer) -> tuple[Finding, ...]:
    """Compare the name servers a zone names with those that the level above names for it."""
    names_above, names_here = set(above.texts), set(zone.servers)
    if above.status is not Status.FOUND or not names_here or names_above == names_here:
        return ()
    only = (
        ("above", sorted(names_above - names_here)),
        ("in the zone", sorted(names_here - names_above)),
    )
    words = "".join(f" Only {where}: {named(names)}." for where, names in only if names)
    evidence = (f"{where}: {name}" for where, names in only for name in names)
    return (state(PARENT_DIFFERS, evidence=evidence, zone=zone.name, only=words),)


def dnssec(domain: str, at_resolver: Iterable[Answer]) -> tuple[Finding, ...]:
    """Say that validation fails, if the resolver said so of any record."""
    details = [answer.detail for answer in at_resolver if answer.reason is Reason.BOGUS]
    if not details:
        return ()
    expired = any(SIGNATURE_EXPIRED in detail for detail in details)
    finding = DNSSEC_EXPIRED if expired else DNSSEC_BOGUS
    return (state(finding, evidence=filter(None, dict.fromkeys(details)), domain=domain),)
