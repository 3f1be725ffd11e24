"""TLS-RPT: where senders report that they could not encrypt mail to a domain (RFC 8460)."""

import re
from collections.abc import Iterator

from dnscheck.dmarc import addresses_in, as_uri, joined
from dnscheck.findings import Finding, Severity
from dnscheck.voluntary.standard import Standard, adopted, value_of, with_value

NO_ADDRESS = Finding(
    "tlsrpt.no-address",
    Severity.WARNING,
    "The TLS-RPT record at {name} names no address for reports",
    "The tag rua says where reports go (RFC 8460 section 3). Without it nobody sends any.",
    "Put your address into the record at {name}, as in rua=mailto:tls-reports@{domain}.",
)
SEPARATOR = Finding(
    "tlsrpt.rua-separator",
    Severity.WARNING,
    "Addresses for TLS reports at {name} are not separated by commas",
    "A semicolon ends the list, and a blank spoils it: not every address gets its reports.",
    "Change the TXT record at {name} to the value shown, with a comma between two addresses.",
)
SCHEME = Finding(
    "tlsrpt.rua-scheme",
    Severity.WARNING,
    "An address for TLS reports at {name} begins with neither mailto: nor https:",
    "Every address in rua is a URI of one of these two kinds (RFC 8460 section 3). No report is "
    "sent to any other.",
    "Change the address in the record at {name}: a mailbox after mailto:, or a web address after "
    "https://.",
)
ADDRESS = Finding(
    "tlsrpt.rua-address",
    Severity.WARNING,
    "An address for TLS reports at {name} cannot be read",
    "It must be written as in mailto:tls-reports@{domain}, without brackets and without a limit "
    "of size behind it. No report is sent there.",
    "Correct the address in the record at {name}, and see that it is yours.",
)

_SCHEME = re.compile(r"mailto:|https://", re.IGNORECASE)
_PLAIN_WEB = re.compile(r"http://", re.IGNORECASE)
_LIMIT = re.compile(r"!\d*[kmgt]?$", re.IGNORECASE)  # a habit of DMARC


def _addressed(text: str) -> str:
    return adopted(text, "rua", _is_address) if value_of(text, "rua") is None else text


def _is_address(part: str) -> bool:
    return bool(_SCHEME.match(part)) or ("@" in part and "=" not in part)


def _listed(text: str) -> str:
    """Return a record with one comma between two addresses, and none around them."""

    def written(value: str) -> str:
        parts = [part.strip() for part in value.split(",")]
        return value if all(parts) else ",".join(filter(None, parts))

    return with_value(joined(text), "rua", written)


def _with_schemes(text: str) -> str:
    def written(value: str) -> str:
        return re.sub(r"[^\s,]+", lambda address: _with_scheme(address[0]), value)

    return with_value(text, "rua", written)


def _with_scheme(address: str) -> str:
    is_mailbox = "@" in address and ":" not in address
    return f"mailto:{address}" if is_mailbox else _PLAIN_WEB.sub("https://", address, count=1)


def _readable(text: str) -> str:
    """Return a record without what spoils its addresses, and without those that are none."""

    def written(value: str) -> str:
        addresses = addresses_in(value)
        uris = list(filter(None, map(_as_uri, addresses)))
        return value if uris == addresses else ",".join(uris) or value

    return with_value(text, "rua", written)


def _as_uri(address: str) -> str:
    """Return an address as the URI it must be; empty if it can be none."""
    uri = as_uri(_LIMIT.sub("", address))
    return uri if _SCHEME.match(uri) else ""


def _faults(text: str) -> Iterator[Finding]:
    addresses = addresses_in(value_of(text, "rua") or "")
    if not addresses:
        yield NO_ADDRESS
    for address in addresses:
        if _as_uri(address) != address:
            yield ADDRESS if _SCHEME.match(address) else SCHEME


STANDARD = Standard(
    area="tlsrpt",
    what="TLS-RPT",
    readers="Senders",
    label="_smtp._tls",
    version="TLSRPTv1",
    likeness=r"(?:smtp)?[-_ ]?tls[-_ ]?rpt",
    tags=("rua",),
    astray=("_tls", "smtp._tls", "_smtp.tls", "smtp.tls", "_smtp-tls", "_tls._smtp", "_tlsrpt"),
    slips=(
        (NO_ADDRESS, _addressed),
        (SEPARATOR, _listed),
        (SCHEME, _with_schemes),
        (ADDRESS, _readable),
    ),
    faults=_faults,
    lists=("rua",),
)
