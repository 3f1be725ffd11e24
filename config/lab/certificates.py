"""The lab's certificates: one authority of its own, and leaves with the usual faults.

`ca.pem` in the given folder is what a client has to trust (`Policy.ca_file`). The authority is
made once and kept, so that a portal that is already running goes on trusting the lab after a
restart; the leaves are new each time and never touch the disk.
"""

import datetime as dt
import os
import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import trustme

MARKUP = "<script>alert(1)</script>"
NAMES = ("localhost", "127.0.0.1", "::1")


class Identity(StrEnum):
    """How a server of the lab identifies itself."""

    GOOD = "good"
    EXPIRED = "expired"
    OTHER_NAME = "other-name"
    UNKNOWN_CA = "unknown-ca"
    SELF_SIGNED = "self-signed"
    MARKUP = "markup"  # its names are HTML, and nobody vouches for it
    OLD_TLS = "old-tls"  # speaks nothing newer than TLS 1.1


@dataclass(frozen=True)
class Certificates:
    """The authority's certificate as a file, and a server's TLS context for each identity."""

    ca_file: Path
    contexts: Mapping[Identity, ssl.SSLContext]


def make(folder: Path) -> Certificates:
    """Return certificates of the authority kept in this folder; make it if need be."""
    authority = authority_of(folder)
    leaves = {
        Identity.GOOD: authority.issue_cert(*NAMES),
        Identity.EXPIRED: authority.issue_cert(
            *NAMES,
            not_before=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
            not_after=dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
        ),
        Identity.OTHER_NAME: authority.issue_cert("mail.other.example"),
        Identity.UNKNOWN_CA: trustme.CA().issue_cert(*NAMES),
        Identity.MARKUP: trustme.CA(organization_name=MARKUP).issue_cert(
            *NAMES, common_name=MARKUP
        ),
        Identity.OLD_TLS: authority.issue_cert(*NAMES),
    }
    contexts = {identity: _server_context(leaf) for identity, leaf in leaves.items()}
    contexts[Identity.SELF_SIGNED] = _self_signed()
    _make_old(contexts[Identity.OLD_TLS])
    return Certificates(folder / "ca.pem", contexts)


def authority_of(folder: Path) -> trustme.CA:
    """Return the authority kept in this folder; make it if need be."""
    certificate, key = folder / "ca.pem", folder / "ca-key.pem"
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA()
    folder.mkdir(parents=True, exist_ok=True)
    with open(os.open(key, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(authority.private_key_pem.bytes())
    certificate.write_bytes(authority.cert_pem.bytes())
    return authority


def _self_signed() -> ssl.SSLContext:
    """Return the context of a server that shows a certificate signed by itself."""
    own = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with trustme.Blob(own.private_key_pem.bytes() + own.cert_pem.bytes()).tempfile() as file:
        context.load_cert_chain(file)
    return context


def _make_old(context: ssl.SSLContext) -> None:
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # which is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1


def _server_context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    leaf.configure_cert(context)
    return context
