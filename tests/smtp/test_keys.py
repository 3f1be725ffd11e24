"""DKIM keys as octets: one key in two forms is one key, and whatever is no key says why."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lab.zones import KEY, OTHER_KEY
from smtp.providers.keys import Form, PublicKey, decode, is_private

CURVE = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8463 appendix A.2
SPKI_OCTETS = 24  # of the header around a bare RSA key of 2048 bits


def in_base64(octets: bytes) -> str:
    """Return octets as base64."""
    return base64.b64encode(octets).decode()


BARE = in_base64(base64.b64decode(KEY)[SPKI_OCTETS:])
WRAPPED = in_base64(bytes.fromhex("302a300506032b6570032100") + base64.b64decode(CURVE))
RSA, EDWARDS = PublicKey("rsa", 2048), PublicKey("ed25519", 256)


@pytest.mark.parametrize(
    ("text", "form", "key", "published"),
    [
        (KEY, Form.SPKI, RSA, KEY),
        (BARE, Form.PKCS1, RSA, KEY),
        (CURVE, Form.RAW, EDWARDS, CURVE),
        (WRAPPED, Form.SPKI, EDWARDS, CURVE),
    ],
)
def test_a_key_has_one_form_in_which_it_is_published(
    text: str, form: Form, key: PublicKey, published: str
) -> None:
    """RSA with its header (RFC 5280), Ed25519 without (RFC 8463), whatever form it came in."""
    decoded = decode(text)
    assert (decoded.form, decoded.key, decoded.published) == (form, key, published)


def test_other_keys_are_other_keys() -> None:
    """Two keys of one size and form are told apart."""
    assert decode(KEY).key == decode(OTHER_KEY).key
    assert decode(KEY).published != decode(OTHER_KEY).published


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"", "no public key"),
        (b"\x30", "no public key"),
        (b"\x30\x85\x01\x01\x01\x01\x01", "no public key"),
        (b"\x30\x81", "cut short"),
        (b"\x30\x80", "cannot be read"),
        (b"\x30\x00", "cannot be read"),
        (b"\x30\x00\x00", "follows the end"),
        (b"\x30\x03\x02\x01\x05", "cannot be read"),
    ],
)
def test_what_is_no_key_says_why(octets: bytes, told: str) -> None:
    """Also octets that only begin as a key does, or claim to be endless."""
    with pytest.raises(ValueError, match=told):
        decode(in_base64(octets))


def test_letters_beyond_ascii_are_no_key() -> None:
    """They get the sentence that any text gets which is not base64."""
    with pytest.raises(ValueError, match="does not fit"):
        decode("schlüssel")


CUTS = st.builds(
    lambda at, more: base64.b64decode(KEY)[:at] + more, st.integers(0, 60), st.binary()
)


@given(st.one_of(st.text(), CUTS.map(in_base64), st.binary().map(in_base64)))
def test_no_text_makes_it_stumble(text: str) -> None:
    """It is a key, or a sentence says why not."""
    is_private(text)
    try:
        assert decode(decode(text).published).published == decode(text).published
    except ValueError as problem:
        assert str(problem).endswith(".")  # noqa: PT017 - any text may be a key or none
