"""Tells by the names of a zone's servers when somebody else holds it than the admin believes."""

from dnscheck import hosts
from dnscheck.findings import Finding, Severity
from dnscheck.rules.host import state
from dnscheck.zone import Zone

HELD = Finding(
    "view.held-zone",
    Severity.ERROR,
    "{zone} is served by name servers for expired or unused domains",
    "{servers} hold domains that were not renewed, not confirmed or not set up. Records made at "
    "another DNS host are seen by nobody.",
    "At the registrar, see that the domain is paid for and its contact address confirmed. Then "
    "enter the name servers of your DNS host there.",
)
OTHER_HOST = Finding(
    "view.other-host",
    Severity.WARNING,
    "The DNS of {zone} is at {found}, not at {chosen}",
    "Its name servers are those of {found}. What is edited at {chosen} is seen by nobody.",
    "Make the edits at {found}, and choose it here as the DNS host. If the DNS is to be at "
    "{chosen}, enter its name servers at the registrar.",
)
# What registrars put in place of the name servers of a domain that expired, or whose holder did
# not confirm an address; then those of companies that show advertising or sell domains.
HOLDERS = (
    *("pendingrenewaldeletion.com", "renewyourname.net", "onamae-expired.com"),
    *("expirens3.hichina.com", "expirens4.hichina.com", "suspended-domain.com"),
    *("expired1.namebrightdns.com", "expired2.namebrightdns.com"),
    *("failed-whois-verification.namecheap.com", "verify-contact-details.namecheap.com"),
    *("above.com", "afternic.com", "bodis.com", "cashparking.com", "dan.com"),
    *("dsredirection.com", "parkingcrew.net", "parklogic.com", "sedoparking.com"),
    "undeveloped.com",
)


def held_elsewhere(zone: Zone, chosen: str = "") -> tuple[Finding, ...]:
    """Say who has the zone if that explains why records are not right.

    `chosen` is the slug of the DNS host that a person named, or empty. Nothing is said of name
    servers that are nobody's for certain: they may be the chosen host's under a customer's name.
    """
    if zone.servers and all(map(_is_holder, zone.servers)):
        return (
            state(HELD, evidence=zone.servers, zone=zone.name, servers=", ".join(zone.servers)),
        )
    known = {host.slug: host for host in hosts.HOSTS if host.servers or host.shared}
    found = hosts.recognise(zone.servers).hosts
    if chosen not in known or not found:
        return ()
    host = known[chosen]
    if any(host.runs(server) or host.may_run(server) for server in zone.servers):
        return ()
    names = " and ".join(other.name for other in found)
    told = state(
        OTHER_HOST,
        evidence=zone.servers,
        zone=zone.name,
        found=names,
        chosen=host.name,
    )
    return (told,)


def _is_holder(server: str) -> bool:
    return any(server == holder or server.endswith(f".{holder}") for holder in HOLDERS)
