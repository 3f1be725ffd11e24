"""Pasted values: every shape in which a console or a zone file hands them out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.providers import PROVIDERS, get
from smtp.providers.base import Scope
from smtp.providers.inputs import clean_inputs

KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDFh6+Hiqu9=="
PEM = f"-----BEGIN PUBLIC KEY-----\r\n{KEY[:30]}\r\n{KEY[30:]}\r\n-----END PUBLIC KEY-----\r\n"
PROJECT = "6a4c31e5-0f3b-4c8e-9d7a-2b1c0d9e8f70"


def cleaned(slug: str, name: str, value: str) -> str:
    """Return the clean value of one domain input that must be accepted."""
    values, errors = clean_inputs(get(slug), Scope.DOMAIN, {name: value})
    assert name not in errors
    return values[name]


def refused(slug: str, name: str, value: str, scope: Scope = Scope.DOMAIN) -> str:
    """Return the error of one input that must be refused."""
    values, errors = clean_inputs(get(slug), scope, {name: value})
    assert name not in values
    return errors[name]


@pytest.mark.parametrize(
    "pasted",
    [
        KEY,
        f"  {KEY}\n",
        f'"{KEY}"',
        f"{KEY[:20]}\n{KEY[20:40]}\n{KEY[40:]}",
        f"p={KEY}",
        f"v=DKIM1; k=rsa; p={KEY}",
        f"v=DKIM1;p={KEY};",
        f'"v=DKIM1; k=rsa; p={KEY[:25]}" "{KEY[25:]}"',
        f'mail._domainkey IN TXT ( "v=DKIM1; k=rsa; " "p={KEY[:9]}"\n "{KEY[9:]}" ) ; ----- DKIM',
        f"v=DKIM1\\; k=rsa\\; p={KEY}\\;",
        f"v=DKIM1; p = {KEY}; t=s",
        PEM,
    ],
)
def test_a_public_key_is_found_in_whatever_is_pasted(pasted: str) -> None:
    """Bare, in lines, quoted, as a record, as a zone-file line, as PEM: the same key."""
    assert cleaned("generic", "public_key", pasted) == KEY


@pytest.mark.parametrize(
    "pasted",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nMIICXAIBAAKBgQDFh6xHiqu9\n-----END RSA PRIVATE KEY-----",
        "MIICXAIBAAKBgQDFh6xHiqu9",  # PKCS#1
        "MIICdgIBADANBgkqhkiG9w0B",  # PKCS#8, 1024 bits
        "MIIEvQIBADANBgkqhkiG9w0B",  # PKCS#8, 2048 bits
        "MC4CAQAwBQYDK2VwBCIEIIyB",  # PKCS#8, Ed25519
        "v=DKIM1; k=rsa; p=MIIEvQIBADANBgkqhkiG9w0B",
    ],
)
def test_a_private_key_is_refused_and_never_repeated(pasted: str) -> None:
    """It is recognised with and without its armour, also inside a record."""
    error = refused("generic", "public_key", pasted)
    assert "private key" in error
    assert "MII" not in error
    assert "MC4C" not in error


@pytest.mark.parametrize("pasted", ["v=DKIM1; p=", "v=DKIM1; k=rsa", "not a key!", "MIIB…AQAB"])
def test_what_is_no_key_is_refused(pasted: str) -> None:
    """A revoked key, a record without one, and a key cut short by the console's display."""
    assert "p=" in refused("generic", "public_key", pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        "mail",
        " mail ",
        "mail._domainkey",
        "mail._domainkey.example.com.",
        "mail._DomainKey.example.com",
        "mail.",
    ],
)
def test_a_selector_is_taken_out_of_a_record_name(pasted: str) -> None:
    """Consoles show the whole name."""
    assert cleaned("generic", "selector", pasted) == "mail"


@pytest.mark.parametrize("pasted", ["abc123", "abc123._domainkey", "abc123.dkim.amazonses.com."])
def test_a_token_is_taken_out_of_name_or_target(pasted: str) -> None:
    """Both columns of the SES console hold the token."""
    assert cleaned("aws-ses", "token1", pasted) == "abc123"


def test_the_same_token_twice_is_an_error() -> None:
    """Three aliases that are two leave the domain unverified for ever."""
    raw = {"token1": "abc", "token2": "abc", "token3": "def"}
    values, errors = clean_inputs(get("aws-ses"), Scope.DOMAIN, raw)
    assert errors == {"token2": "This is the same as DKIM token 1; each one is different."}
    assert values == {"token1": "abc", "token3": "def", "mail_from": ""}


@pytest.mark.parametrize(
    ("slug", "name", "value"),
    [
        ("aws-ses", "mail_from", "bounce.example.com"),
        ("aws-ses", "token1", ""),
        ("aws-ses", "token1", "two words"),
        ("scaleway-tem", "project_id", "user@example.com"),
        ("scaleway-tem", "project_id", PROJECT[:-1]),
        ("scaleway-tem", "public_key", ""),
        ("elastx", "username", ""),
        ("generic", "mechanism", "+all"),
        ("generic", "mechanism", "include:a.example ip4:192.0.2.1"),
        ("generic", "mechanism", "redirect=example.com"),
        ("generic", "rua", "mailto:reports"),
        ("generic", "rua", "a@example.com,b@example.com"),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_with_a_sentence(
    slug: str, name: str, value: str
) -> None:
    """The sentence tells what to paste instead."""
    assert refused(slug, name, value).endswith(".")


@pytest.mark.parametrize(
    "value",
    [
        "include:_spf.example.net",
        "a",
        "mx",
        "a:mail.example.com",
        "mx/24",
        "ip4:192.0.2.0/24",
        "ip6:2001:db8::1",
        "ip6:2001:db8::/32",
        "a/24//64",
    ],
)
def test_every_mechanism_that_names_a_sender_is_taken(value: str) -> None:
    """RFC 7208 section 5, without those that name everybody or nobody."""
    assert cleaned("generic", "mechanism", value) == value


def test_a_region_has_a_default_and_a_list() -> None:
    """An empty region is the default, an unknown one is refused with the list."""
    ses = get("aws-ses")
    assert clean_inputs(ses, Scope.SETTING, {}) == ({"region": "eu-west-1"}, {})
    assert clean_inputs(ses, Scope.SETTING, {"region": "US-EAST-1"})[0] == {"region": "us-east-1"}
    assert "us-east-2" in refused("aws-ses", "region", "mars-1", Scope.SETTING)


def test_values_nobody_asked_for_are_passed_over() -> None:
    """A form may send more than the provider's inputs."""
    raw = {"project_id": PROJECT, "public_key": KEY, "host": "example.com", "region": "eu-west-1"}
    values, errors = clean_inputs(get("scaleway-tem"), Scope.DOMAIN, raw)
    assert (values, errors) == ({"project_id": PROJECT, "public_key": KEY}, {})


@given(slug=st.sampled_from([page.slug for page in PROVIDERS]), text=st.text(max_size=200))
def test_cleaning_accepts_or_refuses_but_never_fails(slug: str, text: str) -> None:
    """Whatever is pasted, each input ends up in exactly one of the two; values stay clean."""
    page = get(slug)
    names = {item.name for item in page.inputs_for(Scope.DOMAIN)}
    values, errors = clean_inputs(page, Scope.DOMAIN, dict.fromkeys(names, text))
    assert values.keys() | errors.keys() == names
    assert not values.keys() & errors.keys()
    again, _errors = clean_inputs(page, Scope.DOMAIN, values)
    assert again.items() >= values.items()
