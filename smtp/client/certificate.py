"""Reads what a server's certificate says, whoever made it."""

import functools
from dataclasses import replace

from cryptography import x509
from cryptography.x509.oid import NameOID

from smtp.masking import Mask
from smtp.outcome import Certificate

MOST_NAMES = 20
LONGEST = 253  # characters of one name, which is the most a host name has


@functools.lru_cache(maxsize=64)  # settings of one provider are shown the same one
def read(octets: bytes) -> Certificate | None:
    """Return what a certificate in DER (RFC 5280) says, or None if it cannot be read."""
    try:
        found = x509.load_der_x509_certificate(octets)
        return Certificate(
            subject=_common_name(found.subject),
            issuer=_common_name(found.issuer),
            names=_names(found),
            valid_from=f"{found.not_valid_before_utc:%Y-%m-%d}",
            valid_until=f"{found.not_valid_after_utc:%Y-%m-%d}",
        )
    except (ValueError, TypeError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return None


def _common_name(name: x509.Name) -> str:
    """Return what a person calls the holder: the common name, else the organisation."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return _clean(attribute.value)
    return ""


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    hosts = names.get_values_for_type(x509.DNSName)
    addresses = map(str, names.get_values_for_type(x509.IPAddress))
    return tuple(map(_clean, [*hosts, *addresses][:MOST_NAMES]))


def _clean(text: str | bytes) -> str:
    """Return printable text; whoever made the certificate wrote what he wanted."""
    plain = text if isinstance(text, str) else text.decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else "?" for sign in plain)[:LONGEST]


def without_secrets(shown: Certificate | None, mask: Mask) -> Certificate | None:
    """Return what a certificate says without secrets: a server may write anything into it."""
    if shown is None:
        return None
    return replace(
        shown,
        subject=mask.hide(shown.subject),
        issuer=mask.hide(shown.issuer),
        names=tuple(map(mask.hide, shown.names)),
    )
