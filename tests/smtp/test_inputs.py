"""Pasted values: every shape in which a console or a zone file hands them out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.providers import PROVIDERS, get
from smtp.providers.base import Input, Provider, Scope
from smtp.providers.inputs import clean_inputs, completed, is_secret
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
        ("generic", "rua", "mailto:reports"),
        ("generic", "rua", "a@example.com,b@example.com"),
        ("generic", "rua", "a..b@example..com"),
        ("generic", "target", "192.0.2.1"),
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
        "a:mail.example.com/32//128",
        "include:a.example ip4:192.0.2.1",
        "a mx include:a.example",
        "mx include:a.example ip4:192.0.2.1",
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


SECRETS = {
    "AKIAIOSFODNN7EXAMPLE": "an AWS access key",
    "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12": "an AWS secret access key",
    f"BEr8{'i8rSsV2u/+' * 4}": "an SES SMTP password",
    f"SG.abcdefghijklmnopqrstuv.{'Ab0-_' * 8}xyz": "a SendGrid API key",
    "xkeysib-0123456789abcdef0123456789": "a Brevo key",
    "xsmtpsib-0123456789abcdef0123456789": "a Brevo key",
    "re_0123456789abcdefABCDEF_12": "a Resend API key",
    "key-0123456789abcdef0123456789abcdef": "a Mailgun API key",
    f"{CODE}-01234567-89abcdef": "a Mailgun API key",
    f"mlsn.{CODE * 2}": "a MailerSend API token",
    "md-abcdefghijklmnopqrst-1": "a Mailchimp Transactional API key",
    f"api-{CODE.upper()}": "an SMTP2GO API key",
    PROJECT: "an API token",
}
FREE = [(page, item) for page in PROVIDERS for item in page.inputs if not item.choices]


def given_alone(slug: str, item: Input, text: str, domain: str = "") -> tuple[str, str]:
    """Return value and error of one input that is asked for with the choices it belongs to."""
    raw = {**{name: values[0] for name, values in item.when.items()}, item.name: text}
    given = clean_inputs(get(slug), item.scope, raw, domain)
    return given.values.get(item.name, ""), given.errors.get(item.name, "")


@pytest.mark.parametrize(("secret", "what"), SECRETS.items())
def test_a_secret_in_place_of_a_dns_value_is_refused(secret: str, what: str) -> None:
    """Whichever field of whichever provider: it is neither stored nor repeated."""
    for page, item in FREE:
        if secret == PROJECT and item.name in ("project_id", "guid"):
            continue  # these are of the same shape, and public
        for pasted in (secret, f" “{secret}”\n"):
            value, error = given_alone(page.slug, item, pasted, "shop.example")
            assert not value
            assert error == f"This looks like {what}. It is not for the DNS: keep it secret."
            assert is_secret(pasted, item)


@pytest.mark.parametrize(
    "pasted",
    [
        "Bearer SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789abcdefg",
        "x TXT wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12",
        "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12.",
        "\u200bre_0123456789abcdefABCDEF_12",
        "x TXT SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789abcdefg.",
        "key-0123456789abcdef0123456789abcdef._domainkey.shop.example",
        "password=re_0123456789abcdefABCDEF_12",
        "s._domainkey TXT p=MIIEvQIBADANBgkqhkiG9w0B",
        "MII\nEvQIBADANBgkqhkiG9w0BAQEF",
        "-----BEGIN PRIVATE KEY-----",
    ],
)
def test_a_secret_among_other_words_is_refused(pasted: str) -> None:
    """With a name, a type or a word before it, it is the same secret."""
    for page, item in FREE:
        value, error = given_alone(page.slug, item, pasted, "shop.example")
        assert (value, "secret" in error or "private key" in error) == ("", True)
        assert is_secret(pasted, item)


def test_what_only_resembles_a_secret_is_no_secret() -> None:
    """A UUID before ._domainkey, a public key in pieces of forty, a place called sg."""
    assert cleaned("scaleway-tem", "project_id", PROJECT) == PROJECT
    assert not is_secret(PROJECT)
    pieces = " ".join(KEY[begin : begin + 40] for begin in range(0, len(KEY), 40))
    assert cleaned("generic", "public_key", pieces, selector="s") == KEY
    assert cleaned("postmark", "return_path", "sg.shop.example", "shop.example") == "sg"


@given(
    place=st.sampled_from(FREE),
    secret=st.sampled_from([*SECRETS, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "PRIVATE KEY"]),
    frame=st.tuples(*2 * [st.text(alphabet=" \t\n\"'“.,;:()\\@\u00a0\u200b\ufeff", max_size=4)]),
    words=st.sampled_from(["{}", "{}", "x TXT {}", "TXT x {}", "ab{}é1"]),
)
def test_no_secret_is_kept_and_what_is_refused_as_one_is_known_as_one(
    place: tuple[Provider, Input], secret: str, frame: tuple[str, str], words: str
) -> None:
    """What a form does not send back is everything that the cleaning calls secret or private."""
    page, item = place
    text = words.format(f"{frame[0]}{secret}{frame[1]}")
    value, error = given_alone(page.slug, item, text, "shop.example")
    assert ("keep it secret" in error or "private key" in error) is is_secret(text, item)
    public = ("project_id", "guid", "username")  # of the last one a digest is published
    assert secret not in value or item.name in public


@pytest.mark.parametrize(
    ("pasted", "named"),
    [
        ("bounce.other-shop.example", "other-shop.example"),
        ("bounce.xn--80ansd.xn--p1ai", "xn--80ansd.xn--p1ai"),
        ("XX.abcdefghijklmnop.abcdef0123456789", "another domain"),
        ("bounce.other", "another domain"),
        ("bounce.a_b.example", "another domain"),
        ("bounce.<b>.example", "another domain"),
        (f"bounce.{'a' * 80}.example", "another domain"),
    ],
)
def test_only_what_looks_like_a_domain_is_repeated(pasted: str, named: str) -> None:
    """A secret of a shape nobody knows here has dots as well."""
    error = refused("postmark", "return_path", pasted, domain="shop.example")
    assert error == (
        f"This record belongs to {named}, not to shop.example. Copy the one for shop.example."
    )


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


ODD = ["\x1b[31m", "\x07", "\x00", "\x7f", "\u202e", "\u200b", "\u2028", "é", "\u0661"]
LOOKALIKE = ["\u017f", "\u212a"]  # which count as s and k when case is ignored
UNSAFE = ['"', "\\", ";", "`", "<b>", "${x}"]


@pytest.mark.parametrize("sign", [*ODD, *LOOKALIKE, *UNSAFE])
def test_no_sign_that_a_record_cannot_hold_gets_through(sign: str) -> None:
    """Neither in the middle of a value that is right, nor in place of one."""
    right = {"rua": "a{}b@example.com", "prefix": "a{}b", "number": "1{}2", "uid": "1{}2"}
    right |= {"logo_url": "https://example.com/a{}b", "vmc_url": "https://example.com/a{}b"}
    right |= {"target1": "1{}2.ac", "mechanism": "ip4:19{}2.0.2.1", "username": "a{}b"}
    for page, item in FREE:
        if item.name == "username" and sign in UNSAFE:
            continue  # it is never published, only a digest of it
        for pasted in (right.get(item.name, "a{}b").format(sign), sign):
            value, error = given_alone(page.slug, item, pasted)
            assert (page.slug, item.name, value) == (page.slug, item.name, "")
            assert (
                error.endswith(".")
                or (item.name == "public_key" and "p=" in error)
                or (
                    not item.required and pasted == sign  # a blank, which leaves the field empty
                )
            )


def test_a_sign_that_is_not_ascii_is_said_to_be_the_fault() -> None:
    """It may be invisible, or look like the letter it should be."""
    assert "plain ASCII" in refused("generic", "rua", "a\u202eb@example.com")
    assert "xn--" in refused("generic", "target", "mail.exämple.de")
    assert "mailbox" in refused("generic", "rua", "a;b@example.com")
    assert "e-mail address" not in refused("generic", "rua", "a;b@example.com")


@pytest.mark.parametrize(
    "value",
    ["https://example.com/logo.svg", "https://cdn.example.com:8443/a/" + "b" * 90 + ".svg?v=1&w=2"],
)
def test_the_address_of_a_logo_is_taken(value: str) -> None:
    """Its path may be longer than a part of a name."""
    assert cleaned("scaleway-tem", "logo_url", value) == value


@pytest.mark.parametrize(
    "value", ["http://example.com/a.svg", "https://example", "https://a b.example/", "https:///a"]
)
def test_other_addresses_of_a_logo_are_refused(value: str) -> None:
    """BIMI wants https and a host."""
    assert refused("scaleway-tem", "logo_url", value).endswith(".")


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("_spf.example.net", "Write include:_spf.example.net, a:_spf.example.net or mx:_spf."),
        ("192.0.2.1", "Write ip4:192.0.2.1."),
        ("192.0.2.0/24", "Write ip4:192.0.2.0/24."),
        ("2001:DB8::1", "Write ip6:2001:db8::1."),
        ("a:192.0.2.1", "Write ip4:192.0.2.1."),
        ("include:192.0.2.1", "Write ip4:192.0.2.1."),
        ("ip:192.0.2.1", "Write ip4:192.0.2.1."),
        ("ip4:2001:db8::1", "Write ip6:2001:db8::1."),
        ("ip6:192.0.2.1", "Write ip4:192.0.2.1."),
        ("ip4:999.1.1.1", "four numbers from 0 to 255"),
        ("ip4:192.0.2", "four numbers from 0 to 255"),
        ("ip4:192.0.2.01", "four numbers from 0 to 255"),
        ("ip6:2001:db8", "no IPv6 address"),
        ("ip6:::::", "no IPv6 address"),
        ("ip6:fe80::1%eth0", "no IPv6 address"),
        ("ip4:192.0.2.1/33", "from 1 to 32"),
        ("ip4:192.0.2.1/08", "from 1 to 32"),
        ("ip4:192.0.2.1/", "from 1 to 32"),
        ("ip6:2001:db8::/129", "from 1 to 128"),
        ("a/99", "from 1 to 32"),
        ("mx//129", "from 1 to 128"),
        ("ip4:0.0.0.0/0", "everybody"),
        ("a//0", "everybody"),
        ("all", "everybody"),
        ("+all", "everybody"),
        ("v=spf1 mx +ALL", "everybody"),
        ("include:a.example -all", "Leave out -all"),
        ("?include:a.example", "-, ~ or ?"),
        ("v=spf1 -mx ~all", "-, ~ or ?"),
        ("redirect=example.com", "include:"),
        ("ptr", "ptr"),
        ("ptr:example.com", "ptr"),
        ("v=spf1 -all", "names no sender"),
        ("v=spf1", "names no sender"),
        ("example.com", "cannot include itself"),
        ("include:example.com", "cannot include itself"),
        ("include:localhost", "does not look like"),
        ("include:" + "a" * 64 + ".example", "does not look like"),
        ("include:a..example", "does not look like"),
        ("hello", "does not look like"),
        ("exists:%{i}.example.net", "does not look like"),
    ],
)
def test_a_mechanism_that_names_no_sender_is_refused_with_what_to_write(
    pasted: str, told: str
) -> None:
    """RFC 7208 section 5: the sentence tells what is wrong, or the mechanism that was meant."""
    assert told in refused("generic", "mechanism", pasted, domain="example.com")


@pytest.mark.parametrize(
    ("pasted", "value"),
    [
        ("v=spf1 include:_spf.example.net a mx ~all", "include:_spf.example.net a mx"),
        ("V=SPF1 +a +mx ip4:192.0.2.1 -ALL", "a mx ip4:192.0.2.1"),
        ('example.com. 300 IN TXT "v=spf1 mx inc" "lude:a.example ~all"', "mx include:a.example"),
        ("TXT\t@\tv=spf1 mx ?all", "mx"),
        ("INCLUDE:_spf.Example.net.", "include:_spf.example.net"),
        ("mx\tmx  a", "mx a"),
    ],
)
def test_mechanisms_are_taken_out_of_a_whole_record(pasted: str, value: str) -> None:
    """The version and the end are no mechanisms; a note tells what was read."""
    given = clean_inputs(get("generic"), Scope.DOMAIN, {"mechanism": pasted}, "example.com")
    assert given.values["mechanism"] == value
    assert value in given.notes["mechanism"]


def test_a_text_that_is_far_too_long_is_not_taken_apart() -> None:
    """A key may have 4,000 characters, everything else 600; a private key is told as one."""
    for page, item in FREE:
        most = 4_000 if item.name == "public_key" else 600
        assert given_alone(page.slug, item, "a" * (most + 1))[1] == (
            "This is too long for one value."
        )
        assert "too long" not in given_alone(page.slug, item, "a" * most)[1]
        assert "private key" in given_alone(page.slug, item, "PRIVATE KEY " * 600)[1]


@pytest.mark.parametrize(
    "pasted", ['@ TXT "brevo-code:' + CODE, '@ TXT "brevo-code:' + CODE + "\\"]
)
def test_a_string_that_was_not_closed_is_read_to_its_end(pasted: str) -> None:
    """Who marks text with the mouse loses the last sign."""
    assert cleaned("brevo", "token", pasted) == CODE


RESEND = "feedback-smtp.eu-west-1.amazonses.com"


@pytest.mark.parametrize(
    ("slug", "name", "pasted", "told"),
    [
        ("resend", "send", f"send IN MX 10 {RESEND}", "“Region: eu-west-1”"),
        ("resend", "send", f"MX\tsend.shop.example\t10 {RESEND}.", "“Region: eu-west-1”"),
        ("aws-ses", "tracking", "l CNAME r.us-east-1.awstrack.me", "“Region: us-east-1”"),
        (
            "aws-ses",
            "token1",
            f"{TOKEN}._domainkey CNAME {TOKEN}.dkim.ap-northeast-3.amazonses.com",
            "“Region: ap-northeast-3”",
        ),
        (
            "zoho-mail",
            "number",
            '@ TXT "zoho-verification=zb123.zmverify.zoho.eu"',
            "“Data centre: ",
        ),
        ("zeptomail", "cluster", "bounce CNAME cluster89.zeptomail.eu", "“Data centre: "),
        ("brevo", "token", f"@ TXT sendinblue-code:{CODE}", "sendinblue-code"),
        ("sendgrid", "return_path", "em1 MX 10 mx.sendgrid.net", "“Automated security: Off"),
    ],
)
def test_a_line_of_another_choice_is_refused_with_the_choice(
    slug: str, name: str, pasted: str, told: str
) -> None:
    """Name and data belong together: taking the name alone would publish the wrong target."""
    error = refused(slug, name, pasted, domain="shop.example")
    assert told in error
    assert error.startswith("The pasted record is for “")


def test_a_line_that_fits_several_other_choices_names_none() -> None:
    """Many regions share a zone; only that it is not the chosen one is certain."""
    pasted = f"{TOKEN}._domainkey CNAME {TOKEN}.dkim.amazonses.com"
    raw = {"token1": pasted, "region": "ap-northeast-3"}
    error = clean_inputs(get("aws-ses"), Scope.DOMAIN, raw).errors["token1"]
    assert error == (
        "The pasted record is for another choice of “Region”. "
        "Change the choice, or paste the record for it."
    )
    raw["region"] = "us-east-1"
    assert clean_inputs(get("aws-ses"), Scope.DOMAIN, raw).values["token1"] == TOKEN


@pytest.mark.parametrize(
    ("slug", "name", "pasted", "value"),
    [
        ("resend", "send", "send IN MX 10 feedback-smtp.us-east-1.amazonses.com", "send"),
        ("resend", "send", "send IN MX 10 old.example.net", "send"),
        ("resend", "send", 'send TXT "v=spf1 include:amazonses.com ~all"', "send"),
        ("sendgrid", "target", "em1 CNAME u1.wl2.sendgrid.net", "u1.wl2.sendgrid.net"),
    ],
)
def test_other_lines_are_read_as_before(slug: str, name: str, pasted: str, value: str) -> None:
    """A line of the choice made, or of no choice at all, is no reason to stop."""
    assert cleaned(slug, name, pasted) == value


@pytest.mark.parametrize(
    ("selector", "key", "wanted"),
    [
        ("", 'lab._domainkey.shop.example. 300 IN TXT "v=DKIM1; p=abc"', "lab"),
        ("", 'lab._domainkey TXT "v=DKIM1; p=abc"', "lab"),
        ("other", 'lab._domainkey TXT "v=DKIM1; p=abc"', "other"),
        ("", "v=DKIM1; p=abc", ""),
        ("", 'www.shop.example. IN TXT "p=abc"', ""),
    ],
)
def test_a_whole_record_names_its_selector(selector: str, key: str, wanted: str) -> None:
    """What was typed goes first; a key alone names none."""
    given = completed({"selector": selector, "public_key": key})["selector"]
    assert given.partition("._domainkey")[0] == wanted


def test_a_provider_without_selectors_is_given_none() -> None:
    """Only what is asked for is filled."""
    typed = {"public_key": 'lab._domainkey TXT "p=abc"'}
    assert completed(typed) == typed
