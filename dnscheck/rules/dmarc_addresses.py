"""The addresses for reports in a DMARC record: written so that receivers can send there."""

from collections.abc import Iterator, Mapping

from dnscheck.dmarc import REPORTS, addresses_in, are_uris, as_uri, closed, is_mailbox, joined, tags
from dnscheck.findings import Finding, Severity

SCHEME = Finding(
    "dmarc.rua-scheme",
    Severity.WARNING,
    "An address for DMARC reports at {name} lacks mailto:",
    "Every address in rua and ruf is a URI. Without mailto: no report is sent there.",
    "Change the TXT record at {name} to the value shown.",
)
SEPARATOR = Finding(
    "dmarc.rua-separator",
    Severity.WARNING,
    "Addresses for DMARC reports at {name} are not separated by commas",
    "A semicolon ends the list, and a blank spoils it: not every address gets its reports.",
    "Change the TXT record at {name} to the value shown, with a comma between two addresses.",
)
UNREADABLE = Finding(
    "dmarc.rua-address",
    Severity.WARNING,
    "An address for DMARC reports at {name} cannot be read",
    "It must be written as in mailto:dmarc@{domain}, without blanks or brackets. No report is sent "
    "there.",
    "Change the TXT record at {name} to the value shown, and see that your address is in it.",
)
NO_MAIL = Finding(
    "dmarc.rua-no-mail",
    Severity.WARNING,
    "DMARC reports of {domain} are to go to a web address",
    "Receivers send reports by mail only, so none will come.",
    "In the TXT record at {name}, name a mailbox in rua, such as rua=mailto:dmarc@{domain}.",
)


def slips(text: str) -> Iterator[Finding]:
    """Yield what is written wrong in the lists of addresses of a record."""
    whole = closed(text)
    if joined(whole) != whole:
        yield SEPARATOR
    found = tags(joined(whole)) or {}
    values = [found.get(name, "") for name in REPORTS]
    if not all(map(are_uris, values)):
        yield SCHEME
    addresses = [address for value in values for address in addresses_in(value)]
    is_odd = any(as_uri(address) not in (address, f"mailto:{address}") for address in addresses)
    if is_odd or whole != text:
        yield UNREADABLE


def goes_nowhere(found: Mapping[str, str]) -> bool:
    """Whether all addresses for reports in a record are such that no report is sent there."""
    uris = [uri for address in addresses_in(found.get("rua", "")) if (uri := as_uri(address))]
    return bool(uris) and not any(map(is_mailbox, uris))
