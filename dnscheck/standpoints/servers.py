"""Judges a zone's name servers by how they answered, and by who names them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from dnscheck.answers import SIGNATURE_EXPIRED, Answer, Reason, Status
from dnscheck.findings import Finding, Severity
from dnscheck.rules.host import state
from dnscheck.standpoints.records import named
from dnscheck.zone import Zone

NO_SERVER = Finding(
    "view.no-server",
    Severity.ERROR,
    "None of the name servers of {zone} serves it",
    "Of no use: {servers}. So nobody sees any record of the domain.",
    "At the registrar, enter the name servers that your DNS host gives. If they are entered, have "
    "the zone set up on them again.",
)
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
NO_TCP = Finding(
    "view.no-tcp",
    Severity.WARNING,
    "A large answer about {zone} does not get through",
    "It is too large for UDP, and over TCP nothing came from {servers}. Some receivers see it and "
    "some do not.",
    "Delete TXT records nobody needs any more at the name it is about, or have the DNS host let "
    "its name servers answer on TCP port 53.",
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
}
SILENCE = (Reason.TIMEOUT, Reason.UNREACHABLE)

# By host name, one answer for each of its addresses; none for a host that has no address.
Answers = Mapping[str, tuple[Answer, ...]]


def useless(
    zone: str, asked: Iterable[Answers], at_resolver: Collection[Answer]
) -> tuple[Finding, ...]:
    """Say which name servers do not serve the zone, and which do not answer at all.

    Where none of them does, but the resolver got something from them, it is the way from here
    that is barred: then nothing is said.
    """
    hosts: dict[str, list[Answer]] = {}
    for answers in asked:
        for host, given in answers.items():
            hosts.setdefault(host, []).extend(given)
    every = [answer for given in hosts.values() for answer in given]
    is_served = any(answer.definitive for answer in every)
    if not is_served and any(answer.definitive for answer in at_resolver):
        return ()
    knows = any(_is_start(zone, answer) and answer.status is Status.FOUND for answer in every)
    has_six = any(_is_six(answer) and _came_back(answer) for answer in every)
    lame = {host: list(_lame(host, given, zone if knows else "")) for host, given in hosts.items()}
    silent = [host for host, given in hosts.items() if _is_silent(given, has_six=has_six)]
    cut = _cut_off(hosts, at_resolver)
    causes = [text for texts in lame.values() for text in texts]
    if causes and all(lame[host] or host in silent or host in cut for host in hosts):
        causes += [f"{host} is silent" for host in silent if not lame[host]]
        return (state(NO_SERVER, evidence=causes, zone=zone, servers=named(causes)),)
    return tuple(
        state(finding, evidence=servers, zone=zone, servers=named(servers))
        for finding, servers in ((LAME_SERVER, causes), (SILENT_SERVER, silent), (NO_TCP, cut))
        if servers
    )


def _is_start(zone: str, answer: Answer) -> bool:
    return answer.type == "SOA" and answer.name == zone


def _is_six(answer: Answer) -> bool:
    return answer.server.startswith("[")


def _came_back(answer: Answer) -> bool:
    return answer.definitive or answer.reason in FAILURES


def _lame(host: str, given: Sequence[Answer], zone: str) -> Iterator[str]:
    """Yield what is wrong with each address of a host none of whose answers is one.

    If the `zone` is known to have a start, a server that says that there is none has another one.
    """
    if not given:
        yield f"{host} has no public address"
    for server in dict.fromkeys(answer.server for answer in given):
        here = [answer for answer in given if answer.server == server]
        reasons = [answer.reason for answer in here]
        failed = [FAILURES[reason] for reason in reasons if reason in FAILURES]
        if any(_is_start(zone, a) and a.definitive and a.status is not Status.FOUND for a in here):
            yield f"{host} ({server}) {FAILURES[Reason.LAME]}"
        elif failed and all(reason in FAILURES or reason in SILENCE for reason in reasons):
            yield f"{host} ({server}) {failed[0]}"


def _is_silent(given: Sequence[Answer], *, has_six: bool) -> bool:
    """Whether nothing came back from a host. That this machine has no IPv6 is not its fault."""
    reached = [answer for answer in given if has_six or not _is_six(answer)]
    return bool(reached) and all(answer.reason in SILENCE for answer in given)


def _cut_off(hosts: Mapping[str, Sequence[Answer]], at_resolver: Iterable[Answer]) -> list[str]:
    """Return the hosts whose large answers do not arrive, unless TCP may be barred from here."""
    every = [answer for given in hosts.values() for answer in given]
    if all(answer.definitive for answer in at_resolver) and not any(
        "TC" in answer.flags for answer in every
    ):
        return []
    return [
        host
        for host, given in hosts.items()
        if any(answer.reason is Reason.TRUNCATED for answer in given)
    ]


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
