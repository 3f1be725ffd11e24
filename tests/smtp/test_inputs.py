"""Pasted values: every shape in which a console or a zone file hands them out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.providers import PROVIDERS, get
from smtp.providers.base import Scope
from smtp.providers.inputs import clean_inputs
from smtp.providers.keys import PublicKey, read_key

KEY = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0BJmLpPt9SbYV0sz3GFwmlhPHBiqvbnoqT8lWdOuxEjrNmOYSYxMs"
    "uShZ+GMYyKE7eqZPWSBxfzg2TTxIWsHiq0jyf5Wb8gz6mvi/pGMfsPZa9Y+VGlS7YOJTqdMeI8Lrnn06fGUZbM33lZwI"
    "1MeDuPdOR4o5sTmq3T4dSpZRnQIDAQAB"
)
PEM = f"-----BEGIN PUBLIC KEY-----\r\n{KEY[:64]}\r\n{KEY[64:]}\r\n-----END PUBLIC KEY-----\r\n"
PROJECT = "6a4c31e5-0f3b-4c8e-9d7a-2b1c0d9e8f70"
CODE = "0123456789abcdef" * 2
DKIM = "_domainkey.mail.example.com"
TOKEN = "q7vkd3dfxkf5a5yq2zqcmwo6x2ymk7hb"


def cleaned(slug: str, name: str, value: str, domain: str = "", **others: str) -> str:
    """Return the clean value of one domain input that must be accepted."""
    given = clean_inputs(get(slug), Scope.DOMAIN, {**others, name: value}, domain)
    assert name not in given.errors
    return given.values[name]


def refused(slug: str, name: str, value: str, scope: Scope = Scope.DOMAIN, domain: str = "") -> str:
    """Return the error of one input that must be refused."""
    given = clean_inputs(get(slug), scope, {name: value}, domain)
    assert name not in given.values
    return given.errors[name]


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
    error = refused("generic", "public_key", pasted)
    assert "p=" in error or "abbreviated" in error


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
    given = clean_inputs(get("aws-ses"), Scope.DOMAIN, raw)
    assert given.errors == {"token2": "This is the same as DKIM token 1; each one is different."}
    assert given.values["token1"] == "abc"
    assert "token2" not in given.values


@pytest.mark.parametrize(
    ("slug", "name", "value"),
    [
        ("aws-ses", "mail_from", "bounce path"),
        ("aws-ses", "token1", ""),
        ("aws-ses", "token1", "two words"),
        ("scaleway-tem", "project_id", "user@example.com"),
        ("scaleway-tem", "project_id", PROJECT[:-1]),
        ("scaleway-tem", "public_key", ""),
        ("elastx", "username", ""),
        ("generic", "mechanism", "+all"),
        ("generic", "mechanism", "include:a.example -all"),
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
        "include:a.example ip4:192.0.2.1",
    ],
)
def test_every_mechanism_that_names_a_sender_is_taken(value: str) -> None:
    """RFC 7208 section 5, without those that name everybody or nobody."""
    assert cleaned("generic", "mechanism", value) == value


def test_a_region_has_a_default_and_a_list() -> None:
    """An empty region is the default, an unknown one is refused with the list."""
    ses = get("aws-ses")
    assert clean_inputs(ses, Scope.SETTING, {}) == ({"region": "eu-west-1"}, {}, {})
    given = clean_inputs(ses, Scope.SETTING, {"region": "US-EAST-1"})
    assert given.values == {"region": "us-east-1"}
    assert "us-east-2" in refused("aws-ses", "region", "mars-1", Scope.SETTING)


def test_values_nobody_asked_for_are_passed_over() -> None:
    """A form may send more than the provider's inputs."""
    raw = {"project_id": PROJECT, "public_key": KEY, "host": "example.com", "region": "eu-west-1"}
    given = clean_inputs(get("scaleway-tem"), Scope.DOMAIN, raw)
    assert given.errors == {}
    assert {name for name, value in given.values.items() if value} == {"project_id", "public_key"}


@given(
    slug=st.sampled_from([page.slug for page in PROVIDERS]),
    text=st.text(max_size=200)
    | st.sampled_from(["s1._domainkey", "a.b.", "x IN TXT y", '"p=MIG"', "sel._domainkey.test.io"]),
)
def test_cleaning_accepts_or_refuses_but_never_fails(slug: str, text: str) -> None:
    """Whatever is pasted, each input ends up in exactly one of the two; values stay clean."""
    page = get(slug)
    raw = {item.name: text for item in page.inputs_for(Scope.DOMAIN) if not item.choices}
    values, errors, notes = clean_inputs(page, Scope.DOMAIN, raw, "example.com")
    asked = {item.name for item in page.inputs_for(Scope.DOMAIN, {})}
    assert values.keys() | errors.keys() == asked
    assert not values.keys() & errors.keys()
    assert notes.keys() <= values.keys()
    again = clean_inputs(page, Scope.DOMAIN, values, "example.com")
    assert {name: again.values[name] for name in values if values[name]} == {
        name: value for name, value in values.items() if value
    }


@pytest.mark.parametrize(
    ("slug", "name", "pasted", "value"),
    [
        (
            "postmark",
            "selector",
            '2026pm._domainkey.mail.example.com. 3600 IN TXT "k=rsa;p=MI"',
            "2026pm",
        ),
        ("postmark", "selector", "2026pm._domainkey.mail", "2026pm"),
        ("postmark", "return_path", "pm-bounces.mail.example.com", "pm-bounces"),
        ("postmark", "return_path", "pm-bounces IN CNAME pm.mtasv.net.", "pm-bounces"),
        (
            "aws-ses",
            "token1",
            f"{TOKEN}.{DKIM} CNAME x.dkim.amazonses.com",
            TOKEN,
        ),
        ("aws-ses", "token1", f"{TOKEN}.dkim.amazonses.com", TOKEN),
        (
            "aws-ses",
            "mail_from",
            "bounce.mail.example.com. 300 MX 10 feedback-smtp.x.",
            "bounce",
        ),
        ("brevo", "token", f"brevo-code:{CODE}", CODE),
        (
            "brevo",
            "token",
            '@ TXT "brevo-code:0123456789abcdef0123456789abcdef"',
            "0123456789abcdef" * 2,
        ),
        ("resend", "token", "“resend-domain-verification=abc”", "abc"),
        ("resend", "tracking_id", "abc123.resend-dns.com.", "abc123"),
    ],
)
def test_a_value_is_taken_out_of_name_value_or_line(
    slug: str, name: str, pasted: str, value: str
) -> None:
    """What the console shows in either column, or as a zone file, leads to the one value."""
    given = clean_inputs(get(slug), Scope.DOMAIN, {name: pasted}, "mail.example.com")
    assert given.values[name] == value
    assert value in given.notes[name]


def test_what_was_typed_as_it_should_be_needs_no_word() -> None:
    """A note is for values that were read, not for those taken as they are."""
    given = clean_inputs(get("postmark"), Scope.DOMAIN, {"selector": "2026pm", "public_key": KEY})
    assert given.notes == {}


@pytest.mark.parametrize(
    ("slug", "name", "pasted"),
    [
        ("postmark", "selector", "2026pm._domainkey.other.example"),
        ("postmark", "selector", '2026pm._domainkey.other.example. IN TXT "k=rsa;p=MI"'),
        ("aws-ses", "token1", f"{TOKEN}._domainkey.other.example"),
        ("aws-ses", "mail_from", "bounce.other.example"),
    ],
)
def test_a_record_of_another_domain_is_refused(slug: str, name: str, pasted: str) -> None:
    """The sentence names both domains."""
    error = refused(slug, name, pasted, domain="example.com")
    assert "belongs to other.example, not to example.com" in error


@pytest.mark.parametrize(
    ("name", "secret", "what"),
    [
        ("token1", "AKIAIOSFODNN7EXAMPLE", "AWS access key"),
        ("token1", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12", "AWS secret access key"),
        ("selector", "key-0123456789abcdef0123456789abcdef", "Mailgun"),
        ("selector", "re_0123456789abcdefABCDEF_12", "Resend"),
        ("selector", "xkeysib-0123456789abcdef0123456789", "Brevo"),
    ],
)
def test_a_secret_in_place_of_a_dns_value_is_refused(name: str, secret: str, what: str) -> None:
    """It would be published for all the world; the sentence does not repeat it."""
    slug = "aws-ses" if name == "token1" else "postmark"
    error = refused(slug, name, secret)
    assert what in error
    assert secret not in error


RSA_512 = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfR"
    "YC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="
)
PKCS1 = (
    "MIGJAoGBALQEmYuk+31JthXSzPcYXCaWE8cGKq9ueipPyVZ067ESOs2Y5hJjEyy5KFn4YxjIoTt6pk9ZIHF/ODZNPEhawe"
    "KrSPJ/lZvyDPqa+L+kYx+w9lr1j5UaVLtg4lOp0x4jwuuefTp8ZRlszfeVnAjUx4O4905HijmxOardPh1KllGdAgMBAAE="
)
ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8463 appendix A.2


@pytest.mark.parametrize(
    ("key", "kind", "bits"), [(KEY, "rsa", 1024), (PKCS1, "rsa", 1024), (ED25519, "ed25519", 256)]
)
def test_a_key_is_decoded(key: str, kind: str, bits: int) -> None:
    """RSA as SubjectPublicKeyInfo or bare (RFC 6376), Ed25519 as its 32 octets (RFC 8463)."""
    assert read_key(key) == PublicKey(kind, bits)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (RSA_512, "512 bits"),
        (KEY[:100], "cut short"),
        (KEY[:-4], "cut short"),
        (KEY[:-1], "does not fit"),
        (KEY + "AAAA", "follows the end"),
        ("AAAA" * 30, "no public key"),
        (
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp"
            "/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
            "another kind",
        ),
    ],
)
def test_a_key_nobody_can_verify_with_is_refused(key: str, told: str) -> None:
    """Too weak, cut, with something behind it, or of a kind DKIM does not know."""
    assert told in refused("generic", "public_key", f"v=DKIM1; k=rsa; p={key}")


def test_a_key_beside_the_choice_it_does_not_belong_to_is_passed_over() -> None:
    """With Easy DKIM nobody asks for a key, and with a key of one's own nobody for tokens."""
    easy = clean_inputs(get("aws-ses"), Scope.DOMAIN, {"selector": "x", "public_key": "no"})
    assert not {"selector", "public_key"} & (easy.values.keys() | easy.errors.keys())
    own = clean_inputs(get("aws-ses"), Scope.DOMAIN, {"dkim": "byodkim"})
    assert own.errors.keys() == {"selector", "public_key"}


@pytest.mark.parametrize(
    ("slug", "name", "pasted", "told"),
    [
        ("sendgrid", "target", "a\nb", "one record at a time"),
        ("aws-ses", "mail_from", "example.com", "the domain itself"),
        ("aws-ses", "mail_from", "bounce@example.com", "e-mail address"),
        ("postmark", "selector", PROJECT, "API token"),
        ("resend", "public_key", "resend._domainkey.other.example. IN TXT p=MI", "other.example"),
        ("postmark", "public_key", ED25519, "signs with RSA"),
    ],
)
def test_what_was_pasted_by_mistake_is_named(slug: str, name: str, pasted: str, told: str) -> None:
    """The sentence says what it is, so that nobody looks for a typing error."""
    assert told in refused(slug, name, pasted, domain="example.com")


def test_an_ed25519_key_is_taken_where_the_record_can_say_so() -> None:
    """A server of one's own may sign with either kind; tag k tells which."""
    assert cleaned("generic", "public_key", ED25519, selector="ed") == ED25519
    assert get("generic").filled({"public_key": ED25519})["key_type"] == "ed25519"
    assert get("generic").filled({"public_key": KEY})["key_type"] == "rsa"


def test_halves_of_one_record_belong_together() -> None:
    """A key without its selector would make no record, and nobody would notice."""
    given = clean_inputs(get("generic"), Scope.DOMAIN, {"mechanism": "mx", "selector": "mail"})
    assert "“DKIM selector”" in given.errors["public_key"]
    assert clean_inputs(get("generic"), Scope.DOMAIN, {"mechanism": "mx"}).errors == {}


@pytest.mark.parametrize(
    "row",
    [
        f"CNAME\t{TOKEN}.{DKIM}\t{TOKEN}.dkim.amazonses.com",
        f"{TOKEN}.{DKIM},CNAME,{TOKEN}.dkim.amazonses.com",
        f"CNAME;{TOKEN}.{DKIM};{TOKEN}.dkim.amazonses.com",
    ],
)
def test_a_row_of_a_table_is_read(row: str) -> None:
    """Consoles put the type first, or commas between the columns."""
    assert cleaned("aws-ses", "token1", row, domain="mail.example.com") == TOKEN


def test_the_choice_made_is_part_of_what_is_read_backwards() -> None:
    """The old Brevo code is not taken for the new one."""
    assert "look like" in refused("brevo", "token", f"sendinblue-code:{CODE}")
