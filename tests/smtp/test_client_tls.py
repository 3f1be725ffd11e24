"""What it means when TLS does not come about, at servers that the laboratory does not have."""

import datetime as dt
import ssl
from pathlib import Path

import pytest
import trustme

from config.lab.certificates import Certificates, Identity
from config.lab.mailservers import MailServer
from smtp.client import Way, attempt, tls
from smtp.client.stop import Stop
from smtp.outcome import Failure, Outcome, Security, Stage
from tests.smtp.wires import policy


def meet(folder: Path, authority: trustme.CA, context: ssl.SSLContext) -> Outcome:
    """Make an attempt at a server with this TLS context, trusting this authority."""
    bundle = folder / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    with MailServer("accepts-tls", Certificates(bundle, {Identity.GOOD: context})) as server:
        allowed = policy(server.port, ca_file=str(bundle))
        return attempt(Way("localhost", server.port, Security.TLS), allowed)


def test_a_certificate_of_the_future_counts_as_expired(tmp_path: Path) -> None:
    """Outside its time is outside its time; often it is the clock that is wrong."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    begin, end = dt.datetime(2900, 1, 1, tzinfo=dt.UTC), dt.datetime(2901, 1, 1, tzinfo=dt.UTC)
    authority.issue_cert("localhost", not_before=begin, not_after=end).configure_cert(context)
    outcome = meet(tmp_path, authority, context)
    assert (outcome.stage, outcome.failure) == (Stage.CERTIFICATE, Failure.CERTIFICATE_EXPIRED)
    assert "not yet valid" in outcome.message


def test_a_missing_intermediate_is_untrusted(tmp_path: Path) -> None:
    """The usual fault of a chain put together by hand."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf = authority.create_child_ca().issue_cert("localhost")
    alone = tmp_path / "alone.pem"
    alone.write_bytes(leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes())
    context.load_cert_chain(alone)
    outcome = meet(tmp_path, authority, context)
    assert (outcome.stage, outcome.failure) == (Stage.CERTIFICATE, Failure.CERTIFICATE_UNTRUSTED)


def test_no_common_cipher_is_a_matter_of_the_protocol(tmp_path: Path) -> None:
    """A server that insists on an RSA key exchange without having an RSA key agrees with nobody."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256")
    authority.issue_cert("localhost").configure_cert(context)
    outcome = meet(tmp_path, authority, context)
    assert (outcome.stage, outcome.failure) == (Stage.CERTIFICATE, Failure.TLS_PROTOCOL)


def test_a_bundle_that_was_mended_counts_at_once(
    tmp_path: Path, certificates: Certificates
) -> None:
    """That it could not be read is not remembered."""
    bundle = tmp_path / "ca.pem"
    for broken in (None, b"", b"no certificate"):
        if broken is not None:
            bundle.write_bytes(broken)
        with pytest.raises(Stop, match="own bundle of trusted certificates cannot be read"):
            tls.context(str(bundle))
    bundle.write_bytes(certificates.ca_file.read_bytes())
    assert tls.context(str(bundle)).cert_store_stats()["x509_ca"] > 0


def named(reason: str) -> ssl.SSLError:
    """Return an error as OpenSSL's binding makes it."""
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (named("WRONG_VERSION_NUMBER"), Failure.TLS_MODE),
        (named("RECORD_LAYER_FAILURE"), Failure.TLS_MODE),
        (named("HTTP_REQUEST"), Failure.TLS_MODE),
        (named("UNSUPPORTED_PROTOCOL"), Failure.TLS_PROTOCOL),
        (named("TLSV1_ALERT_PROTOCOL_VERSION"), Failure.TLS_PROTOCOL),
        (named("SSLV3_ALERT_HANDSHAKE_FAILURE"), Failure.TLS_PROTOCOL),
        (named("DH_KEY_TOO_SMALL"), Failure.TLS_PROTOCOL),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), Failure.CLOSED),
        (ssl.SSLZeroReturnError(6, "closed"), Failure.CLOSED),
        (ConnectionResetError(104, "Connection reset by peer"), Failure.CLOSED),
        (OSError(113, "No route to host"), Failure.CLOSED),
    ],
)
def test_an_error_of_the_handshake_has_a_meaning(error: OSError, failure: Failure) -> None:
    """Another language, no common version, or nobody there any more."""
    stop = tls.refusal(error)
    assert stop.failure is failure
    assert stop.message.endswith(".")
