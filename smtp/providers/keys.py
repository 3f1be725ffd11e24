"""Public DKIM keys as text: decoded, so that a cut or weak key is noticed in time."""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

FEWEST_BITS = 1024  # receivers must not accept shorter RSA keys (RFC 8301 section 3.2)
_ED25519_OCTETS = 32  # the bare key, as RFC 8463 section 4.2 has it in tag p
_SEQUENCE, _INTEGER = 0x30, 0x02


@dataclass(frozen=True)
class PublicKey:
    """What a tag p holds: `kind` is the value of tag k, `bits` the size of the modulus or key."""

    kind: str
    bits: int


def read_key(text: str) -> PublicKey:
    """Return the key that the base64 of a tag p holds (RFC 6376 section 3.6.1, RFC 8463).

    Raises `ValueError` with a sentence for the person who pasted it.
    """
    try:
        octets = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(
            "This is no whole key: the number of characters does not fit. Copy it again."
        ) from None
    if len(octets) == _ED25519_OCTETS:
        return PublicKey("ed25519", 256)
    _refuse_cut(octets)
    try:
        key = load_der_public_key(_spki(octets))
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("This cannot be read as a public key. Copy it again, whole.") from None
    if isinstance(key, ed25519.Ed25519PublicKey):
        raise ValueError(
            "This Ed25519 key is wrapped as in a file. In DNS stands the bare key of 44 characters."
        )
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("DKIM knows RSA and Ed25519 keys; this is of another kind.")
    if key.key_size < FEWEST_BITS:
        raise ValueError(
            f"This key has {key.key_size} bits; receivers ignore RSA keys under {FEWEST_BITS}. "
            "Make a new one with 2048 bits."
        )
    return PublicKey("rsa", key.key_size)


def is_private(text: str) -> bool:
    """Return whether this base64 begins as a private key does: a SEQUENCE, then a small INTEGER.

    That is the version number of RFC 8017 section A.1.2, RFC 5958 section 2 and RFC 5915
    section 3. In a public key comes another SEQUENCE, or the large modulus.
    """
    try:
        head = base64.b64decode(text[:16], validate=True)
    except ValueError:
        return False
    if len(head) < 12 or head[0] != _SEQUENCE:
        return False
    content, _ = _header(head)
    return head[content : content + 2] == bytes((_INTEGER, 1))


def _header(octets: bytes) -> tuple[int, int]:
    """Return where the content of a DER value begins, and how long it says it is (X.690)."""
    first = octets[1]
    if first < 0x80:
        return 2, first
    size = first & 0x7F
    return 2 + size, int.from_bytes(octets[2 : 2 + size])


def _refuse_cut(octets: bytes) -> None:
    if len(octets) < 2 or octets[0] != _SEQUENCE:
        raise ValueError("This is no public key. Copy what follows p= in the DKIM record.")
    begins, length = _header(octets)
    if len(octets) < begins + length:
        raise ValueError(
            f"This key was cut short: {len(octets)} of its {begins + length} octets are here. "
            "Copy it again, whole; some consoles show only its beginning."
        )
    if len(octets) > begins + length:
        raise ValueError("Something follows the end of this key. Copy it again, and it alone.")


def _spki(octets: bytes) -> bytes:
    """Return the key as SubjectPublicKeyInfo; a bare RSAPublicKey (RFC 8017) is wrapped."""
    begins, _ = _header(octets)
    if octets[begins : begins + 1] != bytes((_INTEGER,)):
        return octets
    # AlgorithmIdentifier of rsaEncryption, then a BIT STRING without unused bits (RFC 3279).
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    bits = _der(0x03, b"\0" + octets)
    return _der(_SEQUENCE, algorithm + bits)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content
