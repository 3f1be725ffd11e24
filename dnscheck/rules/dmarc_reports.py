"""Where DMARC reports go: whether the other side has agreed to it, and takes mail.

RFC 9990, “Verifying External Destinations”; RFC 7489 section 7.1 says the same.
"""

import re
from collections.abc import Mapping

from dnscheck.answers import Answer, Ask, Status
from dnscheck.dmarc import REPORTS, addresses_in, as_uri, is_record
from dnscheck.findings import Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.rules.host import state
from dnscheck.together import together

NOT_AUTHORISED = Finding(
    "dmarc.reports-not-authorised",
    Severity.WARNING,
    "{host} does not say that it takes DMARC reports for {domain}",
    "Receivers send reports to another organisation only if it publishes v=DMARC1 at {report}, in "
    "its own zone.{misplaced}",
    "Ask whoever runs {host} to add the TXT record {report} with the value v=DMARC1, or choose a "
    "mailbox at {domain}.",
)
MISPLACED = (
    " That record is in your own zone instead, at {wrong}, where nobody looks for it: delete it."
)
NO_MAILBOX = Finding(
    "dmarc.reports-no-mailbox",
    Severity.WARNING,
    "Nobody takes mail at {host}, where DMARC reports of {domain} are to go",
    "{host} has {without}, so every report bounces.",
    "Change the address in the record at {name} to a mailbox that exists.",
)

HOST = re.compile(r"(?=.{4,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9-]{1,63})+")
MOST_HOSTS = 4  # of one record that are asked about, at up to six questions each


async def destinations(
    name: str, domain: str, found: Mapping[str, str], ask: Ask
) -> tuple[Finding, ...]:
    """Return what is wrong where the reports of a record go. Silence is held against nobody.

    `name` is that of the record, `domain` the one it is for, and `found` its tags.
    """
    hosts = _hosts(found)[:MOST_HOSTS]
    said = await together(*(_at_host(name, domain, host, ask) for host in hosts))
    return tuple(finding for finding in said if finding is not None)


async def _at_host(name: str, domain: str, host: str, ask: Ask) -> Finding | None:
    """Return what is wrong at one host: its consent is of no use while it takes no mail."""
    unreached = _reached(name, domain, host, ask)
    if not _is_elsewhere(domain, host):
        return await unreached
    bounces, stranger = await together(unreached, _agreed(domain, host, ask))
    return bounces or stranger


def _hosts(found: Mapping[str, str]) -> list[str]:
    """Return the hosts of the mailboxes in a record, each once, as they come."""
    addresses = [text for name in REPORTS for text in addresses_in(found.get(name, ""))]
    mailboxes = [uri for uri in map(as_uri, addresses) if uri.lower().startswith("mailto:")]
    hosts = [re.split(r"[!?]", uri.rpartition("@")[2].lower())[0] for uri in mailboxes]
    return [host for host in dict.fromkeys(hosts) if HOST.fullmatch(host)]


def _is_elsewhere(domain: str, host: str) -> bool:
    return organizational_domain(host) != organizational_domain(domain)


async def _agreed(domain: str, host: str, ask: Ask) -> Finding | None:
    """Return a finding if the host has certainly not agreed to take reports for the domain.

    A wildcard is asked for by its own name too: the plain name may still be denied by a cache.
    """
    report, wildcard = f"{domain}._report._dmarc.{host}", f"*._report._dmarc.{host}"
    for name in (report, wildcard):
        answer = await ask(name, "TXT")
        if not answer.definitive or any(map(is_record, answer.texts)):
            return None
    wrong = f"{report}.{domain}"
    astray = any(map(is_record, (await ask(wrong, "TXT")).texts))
    return state(
        NOT_AUTHORISED,
        evidence=(wrong,) if astray else (),
        host=host,
        domain=domain,
        report=report,
        misplaced=MISPLACED.format(wrong=wrong) if astray else "",
    )


async def _reached(name: str, domain: str, host: str, ask: Ask) -> Finding | None:
    """Return a finding if the host certainly takes no mail (RFC 5321 section 5.1, RFC 7505)."""
    servers = await ask(host, "MX")
    if servers.status is Status.FOUND:
        without = "a null MX record, which refuses all mail" if _is_null(servers) else ""
    elif servers.status is Status.NO_NAME:
        without = "no entry in the DNS at all"
    else:
        addresses = [await ask(host, kind) for kind in ("A", "AAAA")]
        denied = servers.definitive and all(
            seen.definitive and not seen.values for seen in addresses
        )
        without = "neither an MX record nor an address" if denied else ""
    if not without:
        return None
    evidence = servers.texts
    return state(
        NO_MAILBOX, evidence=evidence, name=name, host=host, domain=domain, without=without
    )


def _is_null(servers: Answer) -> bool:
    return all(text.strip(".") == "" for text in servers.texts)
