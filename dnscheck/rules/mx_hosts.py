"""What can be told of an MX host: from its name alone, or from what it leads to."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import product

from dnscheck.answers import Ask
from dnscheck.findings import Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import RequiredRecord
from dnscheck.rules.places import zones
from dnscheck.together import together
from smtp.providers import PROVIDERS

ZONE_APPENDED = Finding(
    "mx.zone-appended",
    Severity.ERROR,
    "The MX record at {name} has the domain at the end of its target",
    "The DNS host took the target for a name inside the zone and added the domain to it.",
    "At {name}, save the target with a dot at its end: {wanted}.",
)

PRIORITY_INSIDE = Finding(
    "mx.priority-inside",
    Severity.ERROR,
    "The priority is part of the host in the MX record at {name}",
    "The form has a field of its own for the priority, so the number typed before the host became "
    "part of its name.",
    "At {name}, save the host alone, {wanted}, and the number in the field for the priority.",
)

OTHER_REGION = Finding(
    "mx.other-region",
    Severity.ERROR,
    "The MX record at {name} leads to another region of the service",
    "Your account is in the region of {wanted}. The hosts of other regions know nothing of it.",
    "At {name}, save the MX record with the value shown. If the other region is the right one, "
    "correct the region given here instead.",
)

ALIAS = Finding(
    "mx.alias",
    Severity.ERROR,
    "The MX record at {name} leads to {wanted} by way of a CNAME",
    "The target of an MX record may not be an alias (RFC 2181 section 10.3). The provider looks "
    "for its own host, and some senders refuse to follow.",
    "At {name}, change the target of the MX record to {wanted} itself.",
)

ADDRESS = Finding(
    "mx.address",
    Severity.ERROR,
    "The MX record at {name} leads to an IP address",
    "The target must be the name of a host (RFC 5321 section 5.1). Senders take the address for a "
    "name that does not exist.",
    "At {name}, save the MX record with the value shown.",
)

LOCAL = Finding(
    "mx.local",
    Severity.ERROR,
    "The MX record at {name} leads to a host that nobody outside can reach",
    "Its target is local: the name or the address means something inside a network only.",
    "At {name}, save the MX record with the value shown.",
)

SUBMISSION = Finding(
    "mx.submission-host",
    Severity.ERROR,
    "The MX record at {name} leads to a host for sending, not for receiving",
    "Its target is where mail programs hand in mail with a password. It takes no mail for {name}.",
    "At {name}, save the MX record with the value shown.",
)

NO_ADDRESS = Finding(
    "mx.no-address",
    Severity.ERROR,
    "The MX record at {name} leads to a host without an address",
    "The target has neither an A nor an AAAA record, so nothing can be delivered there.",
    "At {name}, save the MX record with the value shown.",
)

# Slips on the way to the host wanted, and hosts at which nothing can be delivered.
MISTYPED = (ZONE_APPENDED, PRIORITY_INSIDE)
MEANT = (*MISTYPED, OTHER_REGION, ALIAS)
DEAD = (*MISTYPED, ADDRESS, LOCAL, SUBMISSION)

# RFC 6761, RFC 6762 and RFC 8375, and what home routers and Windows domains use.
LOCAL_NAMES = (".localhost", ".localdomain", ".local", ".lan", ".internal", ".home.arpa")
# RFC 6890: not to be reached from outside. Addresses for documentation are left out.
LOCAL_NETWORKS = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.168.0.0/16", "::/128", "::1/128", "fc00::/7", "fe80::/10"),
        ),
    )
)
_NUMBERED = re.compile(r"\d{1,5}(?:\\032|[\s.])+(.+)")


def _receivers() -> Iterator[tuple[str, str]]:
    """Yield the hosts that receive mail for customers, and the provider whose they are.

    They come once for each choice among a provider's inputs. What only the customer knows stays
    in braces, and is never the end of a name.
    """
    for provider in PROVIDERS:
        choices = [{item.name: choice} for item in provider.inputs for choice in item.choices]
        templates = [template for template in provider.recipe if template.type == "MX"]
        for chosen, template in product([{}, *choices], templates):
            known = provider.filled(chosen)
            words = {name: known.get(name) or f"{{{name}}}" for name in template.placeholders}
            name = template.value.format_map(words)
            if not name.endswith("}"):
                yield name, provider.slug


RECEIVERS = tuple(dict.fromkeys(_receivers()))


def host(text: str) -> str:
    """Return a host name as it is compared."""
    return text.strip().rstrip(".").lower()


def slip_of(name: str, wanted: str, around: Iterable[str]) -> Finding | None:
    """Return what is wrong with a host by its name alone. A zone around may have been added."""
    typed = _as_typed(name, around)
    numbered = (_NUMBERED.fullmatch(text) for text in typed)
    if wanted in typed:
        return ZONE_APPENDED
    if wanted in {found[1] for found in numbered if found}:
        return PRIORITY_INSIDE
    if organizational_domain(wanted) not in around and is_other_region(name, wanted):
        return OTHER_REGION
    return dead_by_name(name, around)


def dead_by_name(name: str, around: Iterable[str]) -> Finding | None:
    """Return why nothing can be delivered at a host, if its name alone tells."""
    if address_in(name, around):
        return ADDRESS
    if "localhost" in _as_typed(name, around) or _is_local(name):
        return LOCAL
    return SUBMISSION if _is_submission(name) else None


@lru_cache(maxsize=4096)  # hostile zones name hundreds of hosts, again and again
def _is_submission(name: str) -> bool:
    own = any(provider.is_own_host(name) for provider in PROVIDERS)
    return own and name not in dict(RECEIVERS)


def wanted_at(expected: RequiredRecord) -> list[str]:
    """Return all hosts wanted at the name, in the order in which they are needed."""
    return list(map(host, expected.hosts)) or [host(expected.value)]


def siblings(expected: RequiredRecord) -> list[str]:
    """Return the other hosts wanted at the name."""
    return [name for name in wanted_at(expected) if name != host(expected.value)]


def speaks_of_useless(expected: RequiredRecord, published: Mapping[str, str]) -> bool:
    """Whether, of all hosts wanted at the name, this one has the records of no use to itself.

    One host has: the first that is not there, so that it may take their place, but for those that
    have a record to mend; or else the first that is there.
    """
    hosts, around = wanted_at(expected), zones(expected.name)

    def is_mistyped(wanted: str) -> bool:
        return any(slip_of(name, wanted, around) in MEANT for name in published.values())

    there = [name for name in hosts if name in published.values()]
    absent = [name for name in hosts if name not in there]
    free = [name for name in absent if not is_mistyped(name)]
    return (free or there or absent)[0] == host(expected.value)


def replaceable(expected: RequiredRecord, published: Mapping[str, str]) -> dict[str, str]:
    """Return the published records a wanted one may take the place of, of those with their hosts.

    Where several hosts are wanted at the name, each may take the place of the record that was
    meant for it, one of them that of records of no use, and the first that of all others while
    none of the wanted ones is there.
    """
    wanted, around = host(expected.value), zones(expected.name)
    others = siblings(expected)
    is_first = wanted_at(expected)[0] == wanted and not set(others) & set(published.values())
    takes_useless = speaks_of_useless(expected, published)

    def may_be_replaced(name: str) -> bool:
        if slip_of(name, wanted, around) in MEANT:
            return True
        if name in others or any(slip_of(name, other, around) in MEANT for other in others):
            return False
        is_useless = not name or dead_by_name(name, around) is not None
        return takes_useless if is_useless else is_first

    return {text: name for text, name in published.items() if may_be_replaced(name)}


async def slip_behind(name: str, wanted: str, ask: Ask) -> Finding | None:
    """Return what is wrong with what a host leads to, as far as everything could be asked."""
    chain, dead = await behind(name, ask)
    return ALIAS if wanted in chain else dead


async def behind(name: str, ask: Ask) -> tuple[list[str], Finding | None]:
    """Return the names a host is an alias of, and why nothing can be delivered there, if so."""
    answers = await together(ask(name, "A"), ask(name, "AAAA"))
    chain = list(dict.fromkeys(host(text) for answer in answers for text in answer.chain))
    addresses = [text for answer in answers for text in answer.texts]
    if not all(answer.definitive for answer in answers):
        return chain, None
    if not addresses:
        return chain, NO_ADDRESS
    return chain, LOCAL if all(map(is_local_address, addresses)) else None


def services(name: str) -> set[str]:
    """Return the providers that receive mail at hosts of the same domain."""
    return set(_receiving_in().get(organizational_domain(name), ()))


@cache
def _receiving_in() -> dict[str, set[str]]:
    """Return the providers that receive mail at hosts of a domain, by domain."""
    found: dict[str, set[str]] = {}
    for value, slug in RECEIVERS:
        found.setdefault(organizational_domain(value), set()).add(slug)
    return found


def is_other_region(name: str, wanted: str) -> bool:
    """Whether a host is called like the wanted one, elsewhere in the same service's domain.

    Some services have a domain for each region, such as mx.zoho.com and mx.zoho.eu.
    """
    domain = organizational_domain(wanted)
    first = wanted.removesuffix(domain).partition(".")[0]
    if name == wanted or not name.startswith(f"{first}."):
        return False
    shared = {slug for host, slug in RECEIVERS if host == name} & services(wanted)
    return name.endswith(f".{domain}") or bool(shared)


@lru_cache(maxsize=4096)
def is_address(text: str) -> bool:
    """Whether a text is an IP address where a name belongs (RFC 5321 section 5.1)."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def address_in(name: str, around: Iterable[str]) -> str:
    """Return the IP address that stands where a host belongs, or nothing."""
    return next((text.strip("[]") for text in _as_typed(name, around) if is_address(text)), "")


def _as_typed(name: str, around: Iterable[str]) -> set[str]:
    return {name, *(name.removesuffix(f".{zone}") for zone in around)}


def _is_local(name: str) -> bool:
    return "." not in name or name.endswith(LOCAL_NAMES)


def is_local_address(text: str) -> bool:
    """Whether an address is not to be reached from outside."""
    if not is_address(text):
        return False
    address = ipaddress.ip_address(text.strip("[]"))
    return any(address in network for network in LOCAL_NETWORKS)
