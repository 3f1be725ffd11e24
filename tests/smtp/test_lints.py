"""Lints: contradictions are said at the field, right settings pass in silence."""

import pytest

from smtp.lints import lint, right_security, secret_shape, shape_in_words
from smtp.outcome import Security
from smtp.providers import get
from smtp.providers.base import Lint

PROJECT = "6a4c31e5-0f3b-4c8e-9d7a-2b1c0d9e8f70"
SECRET = "0b9e8d7c-6a5f-4e3d-8c2b-1a0f9e8d7c6b"
GOOD: dict[str, dict[str, str]] = {
    "aws-ses": {
        "host": "email-smtp.eu-west-1.amazonaws.com",
        "port": "587",
        "security": "starttls",
        "username": "AKIAIOSFODNN7EXAMPLE",
        "password": "B" + "x" * 43,
        "from_address": "shop@example.com",
        "region": "eu-west-1",
    },
    "elastx": {
        "host": "smtp.elastx.email",
        "port": "587",
        "security": "starttls",
        "username": "relay@customer.example",
        "password": "secret",
        "from_address": "shop@example.com",
    },
    "scaleway-tem": {
        "host": "smtp.tem.scaleway.com",
        "port": "2587",
        "security": "starttls",
        "username": PROJECT,
        "password": SECRET,
        "from_address": "shop@example.com",
    },
    "postmark": {"username": SECRET, "password": SECRET},
    "resend": {"username": "resend", "password": "re_abc123"},
    "sendgrid": {"username": "apikey", "password": f"SG.{'a' * 22}.{'b' * 43}"},
    "brevo": {"username": "1234567001@smtp-brevo.com", "password": f"xsmtpsib-{'a' * 64}-b1"},
    "mailersend": {"username": "MS_abc123@example.com", "password": "mssp.abc"},
    "gmail": {
        "username": "a@gmail.com",
        "password": "abcd efgh ijkl mnop",
        "from_address": "a@gmail.com",
    },
    "hostinger": {"username": "shop@example.com", "password": "secret"},
    "zoho-mail": {"username": "shop@example.com", "password": "secret"},
    "amazon-workmail": {"username": "shop@example.com", "password": "secret"},
    "generic": {
        "host": "mail.example.com",
        "port": "587",
        "security": "starttls",
        "username": "shop@example.com",
        "password": "secret",
        "from_address": "shop@example.com",
    },
}


def lints(slug: str, **changes: str) -> list[Lint]:
    """Return the lints of a good setting after these changes."""
    page = get(slug)
    preset = {
        "host": page.host_for({}),
        "port": str(page.recommended.number),
        "security": page.recommended.security.value,
        "from_address": "shop@example.com",
    }
    return lint(page, preset | GOOD[slug] | changes)


@pytest.mark.parametrize("slug", GOOD)
def test_a_good_setting_passes_in_silence(slug: str) -> None:
    """No provider's usual setting is remarked upon, other than that it is being retired."""
    assert [item for item in lints(slug) if item.code != "provider.notice"] == []


@pytest.mark.parametrize("slug", GOOD)
def test_every_documented_port_passes_with_its_own_security(slug: str) -> None:
    """The page and the lints never contradict each other."""
    for port in get(slug).ports:
        found = lints(slug, port=str(port.number), security=port.security.value)
        assert [item for item in found if item.code != "provider.notice"] == []


WRONG = [
    # provider, changes, code, field, blocking
    ("generic", {"port": "465"}, "port.security", "security", True),
    ("generic", {"port": "2465"}, "port.security", "security", True),
    ("generic", {"security": "tls"}, "port.security", "security", True),
    ("generic", {"port": "25", "security": "tls"}, "port.security", "security", True),
    ("generic", {"port": "2525", "security": "tls"}, "port.security", "security", True),
    ("generic", {"port": "2587", "security": "tls"}, "port.security", "security", True),
    ("generic", {"port": "465", "security": "none"}, "port.security", "security", True),
    ("generic", {"security": "none"}, "port.security", "security", False),
    ("generic", {"security": "none"}, "security.plain-password", "security", False),
    ("generic", {"port": "25", "security": "none"}, "security.plain-password", "security", False),
    ("scaleway-tem", {"port": "2465"}, "port.security", "security", True),
    ("scaleway-tem", {"security": "none"}, "security.mandatory", "security", True),
    ("aws-ses", {"port": "25", "security": "none"}, "security.mandatory", "security", True),
    ("elastx", {"port": "2525"}, "port.not-documented", "port", False),
    ("elastx", {"host": "smtp.example.com"}, "host.not-provider", "host", False),
    ("aws-ses", {"host": "email.eu-west-1.amazonaws.com"}, "host.not-provider", "host", False),
    ("generic", {"username": ""}, "username.missing", "username", True),
    ("generic", {"password": ""}, "password.missing", "password", False),
    ("generic", {"username": "shop "}, "username.blanks", "username", False),
    ("generic", {"password": " secret"}, "password.blanks", "password", False),
    ("generic", {"password": "secret\n"}, "password.blanks", "password", False),
    ("generic", {"from_address": "shop@GMail.com"}, "from.free-mail", "from_address", False),
    ("generic", {"from_address": "a@yahoo.co.jp"}, "from.free-mail", "from_address", False),
    ("generic", {"from_address": "a@hotmail.fr"}, "from.free-mail", "from_address", False),
    ("generic", {"from_address": "No-Reply@a.example"}, "from.no-reply", "from_address", False),
    ("generic", {"from_address": "donotreply@a.example"}, "from.no-reply", "from_address", False),
    ("aws-ses", {"password": "x" * 40}, "ses.iam-secret", "password", True),
    ("aws-ses", {"password": "B" + "x" * 39}, "ses.iam-secret", "password", True),
    ("aws-ses", {"password": "C" + "x" * 43}, "ses.password-shape", "password", False),
    ("aws-ses", {"password": "B" + "x" * 42}, "ses.password-shape", "password", False),
    ("aws-ses", {"username": "shop@example.com"}, "ses.username-shape", "username", False),
    ("aws-ses", {"username": "ASIAIOSFODNN7EXAMPLE"}, "ses.temporary-key", "username", True),
    ("aws-ses", {"region": "us-east-1"}, "host.other-choice", "region", True),
    ("elastx", {"username": "relay"}, "elastx.username-shape", "username", False),
    ("elastx", {"username": "SHOP@example.com"}, "elastx.username-is-from", "username", False),
    ("scaleway-tem", {"username": "a@b.example"}, "scaleway.username-is-address", "username", True),
    (
        "scaleway-tem",
        {"username": "SCW0123456789ABCDEFG"},
        "scaleway.username-is-access-key",
        "username",
        True,
    ),
    ("scaleway-tem", {"username": PROJECT[:-1]}, "scaleway.username-shape", "username", False),
    (
        "scaleway-tem",
        {"password": "SCW0123456789ABCDEFG"},
        "scaleway.password-is-access-key",
        "password",
        True,
    ),
    ("scaleway-tem", {"password": PROJECT}, "scaleway.password-is-project", "password", True),
    ("scaleway-tem", {"password": "hunter2"}, "scaleway.password-shape", "password", False),
    ("sendgrid", {"username": "me@example.com"}, "username.fixed", "username", True),
    ("resend", {"username": "api"}, "username.fixed", "username", True),
    ("resend", {"password": "hunter2"}, "resend.password-shape", "password", False),
    ("postmark", {"username": "me@example.com"}, "postmark.username-is-address", "username", True),
    ("postmark", {"host": "smtp-broadcasts.postmarkapp.com"}, "host.other-choice", "stream", True),
    ("zoho-mail", {"host": "smtppro.zoho.eu"}, "host.other-choice", "dc", True),
    ("gmail", {"from_address": "b@gmail.com"}, "from.not-login", "from_address", False),
    ("brevo", {"password": "xkeysib-" + "a" * 64}, "brevo.password-api-key", "password", True),
    ("amazon-workmail", {}, "provider.notice", "provider", False),
    ("generic", {"from_address": "a@gmail.com"}, "from.free-mail", "from_address", False),
]


@pytest.mark.parametrize(("slug", "changes", "code", "field", "blocking"), WRONG)
def test_a_mistake_is_said_at_its_field(
    slug: str, changes: dict[str, str], code: str, field: str, blocking: bool
) -> None:
    """Only what can never work blocks saving."""
    found = {item.code: item for item in lints(slug, **changes)}
    assert (found[code].field, found[code].blocking) == (field, blocking)
    assert found[code].message.endswith(".")


def test_mail_of_a_free_service_through_that_service_is_no_mistake() -> None:
    """Gmail itself sends for gmail.com."""
    assert lints("gmail") == []
    assert "from.free-mail" in [item.code for item in lints("resend", from_address="a@gmail.com")]


def test_a_contradiction_names_the_right_pair() -> None:
    """What the port wants, and which port goes with the chosen security."""
    [found] = lints("scaleway-tem", port="2465")
    assert found.message == (
        "Port 2465 goes with TLS from the start, not with STARTTLS. For STARTTLS use port 2587."
    )


def test_a_plain_relay_of_ones_own_network_passes() -> None:
    """Port 25 without encryption and without a login is how inner relays work."""
    changes = {"port": "25", "security": "none", "username": "", "password": ""}
    assert lints("generic", **changes) == []


def test_a_kept_password_counts_as_one() -> None:
    """An empty password field means keep, which is no missing password."""
    assert lints("generic", password="", has_password="yes") == []
    [found] = lints("generic", password="", username="", has_password="yes")
    assert found.code == "username.missing"


def test_the_region_may_be_left_to_its_default() -> None:
    """A setting without inputs is one of the default region."""
    assert lints("aws-ses", region="") == []
    changes = {"region": "us-east-1", "host": "email-smtp.us-east-1.amazonaws.com"}
    assert lints("aws-ses", **changes) == []


def test_missing_and_unreadable_values_are_no_lints() -> None:
    """A half-filled form is judged by its fields, not here."""
    assert lint(get("generic"), {}) == []
    assert lint(get("aws-ses"), {"port": "many", "security": "?", "host": ""}) == []


def test_no_lint_repeats_a_password() -> None:
    """Messages end up on pages and in logs."""
    for slug in GOOD:
        for password in ("x" * 40, "hunter2 ", "SCW0123456789ABCDEFG"):
            assert all(password not in item.message for item in lints(slug, password=password))


@pytest.mark.parametrize(
    ("port", "security"),
    [
        (587, Security.STARTTLS),
        (465, Security.TLS),
        (2465, Security.TLS),
        (2587, Security.STARTTLS),
        (26, None),
    ],
)
def test_what_a_port_wants(port: int, security: Security | None) -> None:
    """An unusual port of an unknown server wants nothing in particular."""
    assert right_security(get("generic"), port) is security


SES_SECRET = "B" + "p" * 43


@pytest.mark.parametrize(
    ("slug", "secret", "code"),
    [
        ("aws-ses", SES_SECRET, ""),
        ("aws-ses", "x" * 40, "ses.iam-secret"),
        ("aws-ses", SES_SECRET[:-1], "ses.password-shape"),
        ("aws-ses", f"{SES_SECRET}\n", "password.blanks"),
        ("aws-ses", f"'{SES_SECRET}'", "password.quotes"),
        ("gmail", "abcd efgh ijkl mnop", ""),
        ("gmail", "hunter2", "gmail.password-shape"),
        ("resend", "hunter2", "resend.password-shape"),
        ("mailjet", "a" * 32, "mailjet.password-is-key"),
        ("generic", 'a "quoted" word', ""),
        ("generic", '"hunter2"', "password.quotes"),
        ("generic", "“hunter2”", "password.quotes"),
        ("generic", "'", ""),
        ("generic", "", ""),
        ("generic", " ", "password.blanks"),
    ],
)
def test_the_look_of_a_secret_is_a_code_that_tells_nothing_of_it(
    slug: str, secret: str, code: str
) -> None:
    """It may be stored, and comes back as sentences."""
    assert secret_shape(get(slug), "a" * 32, secret) == code
    said = shape_in_words(get(slug), code)
    assert said.endswith(".")
    assert len(secret) < 7 or secret not in said
