"""What is trusted, and what it means when TLS does not come about."""

import functools
import ssl
from typing import NamedTuple

from smtp.client import certificate
from smtp.client.stop import Stop
from smtp.outcome import Certificate, Failure

# The peer answered in something that is not TLS, or complained that we did (OpenSSL's words).
OTHER_LANGUAGE = {
    "WRONG_VERSION_NUMBER",
    "RECORD_LAYER_FAILURE",
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
}
# From OpenSSL's x509_vfy.h.
NOT_NOW = {9, 10}  # not yet valid, expired
OTHER_NAME = {62, 64}  # host name mismatch, IP address mismatch


class Session(NamedTuple):
    """What was agreed: version and cipher, and the certificate that was shown."""

    agreed: str
    certificate: Certificate | None


@functools.lru_cache(maxsize=8)
def context(ca_file: str) -> ssl.SSLContext:
    """Return how peers are verified: against the system's roots and this bundle's.

    Made once for a bundle, because reading the roots takes longer than a whole session. Raises
    `Stop` when the bundle cannot be read.
    """
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996 ends what came before
    trust(made, ca_file)
    return made


def trust(made: ssl.SSLContext, ca_file: str) -> None:
    """Trust the certificates of a bundle as well, if there is one; raise `Stop` as `context`."""
    if not ca_file:
        return
    try:
        made.load_verify_locations(cafile=ca_file)
    except OSError as error:
        text = "Relaydesk's own bundle of trusted certificates cannot be read."
        raise Stop(Failure.CERTIFICATE_UNTRUSTED, text) from error


@functools.lru_cache(maxsize=1)
def blind_context() -> ssl.SSLContext:
    """Return how a certificate is read that is not trusted. Nothing secret may pass here."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def describe(sock: ssl.SSLSocket) -> Session:
    """Return what a finished handshake agreed on."""
    cipher, shown = sock.cipher(), sock.getpeercert(binary_form=True)
    agreed = " ".join([sock.version() or "TLS", cipher[0] if cipher else ""]).strip()
    return Session(agreed, certificate.read(shown) if shown else None)


def refusal(error: OSError) -> Stop:
    """Return why there was no handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _bad_certificate(error)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
        return Stop(Failure.CLOSED, "The server closed the connection during the TLS handshake.")
    if not isinstance(error, ssl.SSLError):
        reason = error.strerror or type(error).__name__
        return Stop(Failure.CLOSED, f"The connection was lost during the TLS handshake: {reason}.")
    reason = error.reason or str(error)
    if reason in OTHER_LANGUAGE:
        return Stop(Failure.TLS_MODE, f"The server does not speak TLS here ({_words(reason)}).")
    return Stop(Failure.TLS_PROTOCOL, f"TLS could not be agreed on ({_words(reason)}).")


def _bad_certificate(error: ssl.SSLCertVerificationError) -> Stop:
    if error.verify_code in NOT_NOW:
        failure = Failure.CERTIFICATE_EXPIRED
    elif error.verify_code in OTHER_NAME:
        failure = Failure.CERTIFICATE_HOSTNAME
    else:
        failure = Failure.CERTIFICATE_UNTRUSTED
    return Stop(failure, f"Certificate verify failed: {error.verify_message}")


def _words(reason: str) -> str:
    return reason.replace("_", " ").lower()
