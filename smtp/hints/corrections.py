"""Corrections that follow from what a provider documents and from what the wire showed."""

from smtp.hints.base import Correct, Correction, Evidence
from smtp.hints.ports import in_words, way_in_words, working
from smtp.lints import right_security
from smtp.outcome import Security
from smtp.providers import get
from smtp.providers.base import Port, Provider

_OFTEN_BLOCKED = frozenset((25, 465, 587))  # by cloud hosts and home networks
_NAMES = {
    Security.NONE: "no encryption",
    Security.STARTTLS: "STARTTLS",
    Security.TLS: "TLS from the start",
}


def page(evidence: Evidence) -> Provider:
    """Return the provider's page, or the generic one for a service that has none."""
    try:
        return get(evidence.provider)
    except KeyError:
        return get("generic")


def other_ports(evidence: Evidence) -> tuple[Port, ...]:
    """Return the other documented ports, those that firewalls seldom block first, 25 last.

    Where no port is known to fail, they keep the order of the page: the usual one first.
    """
    others = [port for port in page(evidence).ports if port.number != evidence.port]
    blocked = _OFTEN_BLOCKED if evidence.port else ()
    return tuple(sorted(others, key=lambda port: (port.number == 25, port.number in blocked)))


def ports_in_words(evidence: Evidence) -> str:
    """Return a sentence about the other ports: as found by trying, else as documented."""
    if evidence.probes:
        return in_words(evidence.probes)
    others = other_ports(evidence)
    name = page(evidence).name if page(evidence).host else "The service"
    if not others:
        return f"{name} documents no other port."
    listed = ", ".join(f"{port.number} ({_NAMES[port.security]})" for port in others)
    if page(evidence).host:
        return f"{name} {'also ' if evidence.port else ''}answers on {listed}."
    return f"{'Other ports' if evidence.port else 'Ports'} in common use are {listed}."


def other_port(evidence: Evidence) -> Correction | None:
    """Offer a port that was found to work, else another one with the same security."""
    if evidence.probes:
        return working_way(evidence)
    for port in other_ports(evidence):
        if port.security is evidence.security and port.number != 25:
            return Correction("port", str(port.number), f"Use port {port.number}")
    return None


def fitting_security(evidence: Evidence) -> Correction | None:
    """Offer the way that was found to work, else the security this port wants.

    If that one was tried, it is the other kind of TLS.
    """
    if evidence.probes:
        return working_way(evidence)
    if evidence.port is None or evidence.security is None:
        return None
    right = right_security(page(evidence), evidence.port)
    if right is None or right is evidence.security:
        tls = evidence.security is Security.TLS
        right = Security.STARTTLS if tls else Security.TLS
    return Correction("security", right.value, f"Use {_NAMES[right]}")


def working_way(evidence: Evidence) -> Correction | None:
    """Offer the port and the security that were found to work."""
    found = working(evidence.probes, evidence.port, login=evidence.username != "")
    if found is None:
        return None
    label = f"Use {way_in_words(found)}"
    if found.port == evidence.port:
        return Correction("security", found.security.value, label)
    return Correction("port", str(found.port), label, (("security", found.security.value),))


def encryption(evidence: Evidence) -> Correction | None:
    """Offer to encrypt, in the way this port wants it, where nothing is encrypted."""
    return fitting_security(evidence) if evidence.security is Security.NONE else None


def starttls(evidence: Evidence) -> Correction | None:
    """Offer STARTTLS, for a server that has asked for it."""
    if evidence.security in (None, Security.STARTTLS):
        return None
    return Correction("security", Security.STARTTLS.value, "Use STARTTLS")


def documented_host(evidence: Evidence) -> Correction | None:
    """Offer the host of the provider's page if another one was entered."""
    host = page(evidence).host
    if not host or "{" in host or host == evidence.host.lower():
        return None
    return Correction("host", host, f"Use {host}")


def fixed_username(name: str) -> Correct:
    """Return what offers the one user name a service has for everybody."""

    def correct(_evidence: Evidence) -> Correction:
        return Correction("username", name, f"Use the user name {name}")

    return correct
