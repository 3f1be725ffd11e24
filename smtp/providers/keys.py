"""Public DKIM keys as text: decoded, so that a cut, weak or strangely wrapped key is noticed."""

import base64
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

FEWEST_BITS = 1024  # receivers must not accept shorter RSA keys (RFC 8301 section 3.2)
_ED25519_OCTETS = 32  # the bare key, as RFC 8463 section 4.2 has it in tag p
_SEQUENCE, _INTEGER = 0x30, 0x02
_LENGTH_OCTETS = 4  # more than the length of any key takes


class Form(StrEnum):
    """How octets hold a public key."""

    RAW = "raw"  # the 32 octets of an Ed25519 key (RFC 8463 section 4.2)
    SPKI = "spki"  # SubjectPublicKeyInfo (RFC 5280 section 4.1), as everybody publishes RSA keys
    PKCS1 = "pkcs1"  # RSAPublicKey (RFC 8017 section A.1.1), as RFC 6376 has it by the letter


@dataclass(frozen=True)
class PublicKey:
    """What a tag p holds: `kind` is the value of tag k, `bits` the size of the modulus or key."""

    kind: str
    bits: int


@dataclass(frozen=True)
class Decoded:
    """A public key with the form it has. `published` is the base64 that belongs in a tag p.

    Two texts hold the same key exactly when their `published` is the same.
    """

    key: PublicKey
    form: Form
    published: str


@lru_cache(maxsize=256)  # the key of a record is looked at from several sides
def decode(text: str) -> Decoded:
    """Return the key that the base64 of a tag p holds, of any size and form.

    Raises `ValueError` with a sentence for the person who pasted it.
    """
    try:
        octets = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(
            "This is no whole key: the number of characters does not fit. Copy it again."
        ) from None
    if len(octets) == _ED25519_OCTETS:
        return Decoded(PublicKey("ed25519", 256), Form.RAW, _base64(octets))
    _refuse_cut(octets)
    is_bare = _is_rsa_alone(octets)
    try:
        key = load_der_public_key(_wrapped(octets) if is_bare else octets)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("This cannot be read as a public key. Copy it again, whole.") from None
    if isinstance(key, ed25519.Ed25519PublicKey):
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Decoded(PublicKey("ed25519", 256), Form.SPKI, _base64(raw))
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("DKIM knows RSA and Ed25519 keys; this is of another kind.")
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    form = Form.PKCS1 if is_bare else Form.SPKI
    return Decoded(PublicKey("rsa", key.key_size), form, _base64(spki))


def read_key(text: str) -> PublicKey:
    """Return the key that the base64 of a tag p holds (RFC 6376 section 3.6.1, RFC 8463).

    Raises `ValueError` with a sentence for the person who pasted it, also for a key that
    receivers ignore.
    """
    decoded = decode(text)
    key = decoded.key
    if key.kind == "ed25519" and decoded.form is not Form.RAW:
        raise ValueError(
            "This Ed25519 key is wrapped as in a file. In DNS stands the bare key of 44 characters."
        )
    if key.kind == "rsa" and key.bits < FEWEST_BITS:
        raise ValueError(
            f"This key has {key.bits} bits; receivers ignore RSA keys under {FEWEST_BITS}. "
            "Make a new one with 2048 bits."
        )
    return key


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


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _header(octets: bytes) -> tuple[int, int]:
    """Return where the content of a DER value begins, and how long it says it is (X.690)."""
    first = octets[1]
    if first < 0x80:
        return 2, first
    size = first & 0x7F
    return 2 + size, int.from_bytes(octets[2 : 2 + size])


def _refuse_cut(octets: bytes) -> None:
    is_value = len(octets) >= 2 and octets[0] == _SEQUENCE
    if not is_value or octets[1] > 0x80 + _LENGTH_OCTETS:
        raise ValueError("This is no public key. Copy what follows p= in the DKIM record.")
    begins, length = _header(octets)
    if len(octets) < begins + length:
        raise ValueError(
            f"This key was cut short: {len(octets)} of its {begins + length} octets are here. "
            "Copy it again, whole; some consoles show only its beginning."
        )
    if len(octets) > begins + length:
        raise ValueError("Something follows the end of this key. Copy it again, and it alone.")


def _is_rsa_alone(octets: bytes) -> bool:
    """Whether this is a bare RSAPublicKey, which begins with its modulus (RFC 8017)."""
    begins, _ = _header(octets)
    return octets[begins : begins + 1] == bytes((_INTEGER,))


def _wrapped(octets: bytes) -> bytes:
    """Return a bare RSAPublicKey as SubjectPublicKeyInfo."""
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
