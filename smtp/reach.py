"""Verb: what the operator lets a connection reach, and the page that knows the provider's ports."""

import ipaddress

from django.conf import settings

from smtp import providers, targets
from smtp.lints import right_security
from smtp.outcome import Security
from smtp.providers.base import Port, Provider
from smtp.targets import Policy

USUAL_PORTS = (587, 465, 2525, 2587, 25)


def page_of(slug: str) -> Provider:
    """Return a provider's page; the generic one for a slug nobody knows."""
    return providers.get(slug if slug in dict(providers.choices()) else "generic")


def usable_ports(provider: str, host: str) -> frozenset[int]:
    """Return the ports that may be dialled: the operator's.

    Unless the operator listed them, a provider's own hosts may also be dialled at the ports the
    provider documents, some of which are no usual ones for mail.
    """
    page = page_of(provider)
    usual = frozenset(settings.SMTP_PORTS)
    if settings.SMTP_PORTS_ARE_CHOSEN or not page.host or not page.is_own_host(host):
        return usual
    return usual | {port.number for port in page.ports}


def ports_to_probe(provider: str, port: int) -> tuple[Port, ...]:
    """Return what to try when a port failed: it, the provider's ports and those in common use."""
    page = page_of(provider)
    numbers = dict.fromkeys((port, *(item.number for item in page.ports), *USUAL_PORTS))
    return tuple(
        Port(number, right_security(page, number) or Security.STARTTLS) for number in numbers
    )


def policy(provider: str = "", host: str = "") -> Policy:
    """Return what the operator allows a connection to do, here to a provider's host."""
    return Policy(
        networks=tuple(settings.SMTP_NETWORKS),
        ports=usable_ports(provider, host),
        ca_file=settings.SMTP_CA_FILE,
        total_seconds=settings.SMTP_TOTAL_SECONDS,
        stage_seconds=settings.SMTP_TOTAL_SECONDS / 2,
    )


def may_be_dialled(host: str) -> bool:
    """Whether nothing speaks against this host yet: an address is judged, a name when dialled."""
    is_here = host == "localhost" or host.endswith(".localhost")  # RFC 6761 section 6.3
    try:
        address = ipaddress.ip_address("127.0.0.1" if is_here else host)
    except ValueError:
        return True
    return targets.may_dial(str(address), policy())
