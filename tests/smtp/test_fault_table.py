"""Every kind of failing server an admin meets, tried for real: what is told, offered and cured.

Each row goes the whole way: a stored setting, a test mail that is asked for, the worker's attempt
over a socket of loopback, the stored hint, the page, and the change that one button makes.
"""

import json
import os
import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import escape
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Any

import pytest
import trustme
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from config.lab.certificates import Certificates, Identity
from config.lab.mailservers import MOODS, PASSWORD, USERNAME, MailServer
from config.lab.mood import Mood
from config.lab.rarer import RARER
from smtp import delivery, hints, trials
from smtp.models import Attempt, SmtpSetting
from smtp.outcome import Failure, Stage
from smtp.pages import attempt as attempt_page
from tenants.models import Tenant
from tests.factories import make_domain, make_setting, make_tenant
from tests.fakes import NOW, Bell, Clock

pytestmark = pytest.mark.django_db

YOU = "you@example.com"
LOOPBACK = [ip_network("127.0.0.1/32"), ip_network("::1/128")]
BRIEF = 0.8  # seconds for a whole attempt, where the server is silent
KEPT = 60_000  # octets of JSON: the most that a row may keep of a conversation


@dataclass(frozen=True)
class Row:
    """What a failure comes to: kind and code of the first hint, the change it offers.

    With `cured` the same server takes the mail once the change is made; `fields` are those of
    the setting, `seconds` what an attempt may take.
    """

    category: str
    code: str
    changes: dict[str, str] = field(default_factory=dict)
    cured: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    seconds: float = 10


TABLE = {
    # Login
    "refuses-login": Row("auth-bad-credentials", "auth-bad-credentials"),
    "echoes-secret": Row("auth-bad-credentials", "auth-bad-credentials"),
    "app-password": Row(
        "auth-app-password", "auth-app-password.gmail", fields={"provider": "gmail"}
    ),
    "apikey": Row(
        "auth-wrong-credential-type",
        "auth-wrong-credential-type.user-name",
        {"username": "apikey"},
        cured=True,
        fields={"provider": "sendgrid"},
    ),
    "smtp-credentials": Row(
        "auth-wrong-credential-type",
        "auth-wrong-credential-type.look",
        fields={"provider": "aws-ses"},
    ),
    "smtp-login-off": Row("auth-smtp-disabled", "auth-smtp-disabled.microsoft"),
    "login-later": Row("server-fault", "auth-deferred"),
    "hides-login": Row(
        "starttls-required", "starttls-required.hidden-login", {"security": "starttls"}, cured=True
    ),
    "no-login": Row("auth-unsupported", "auth-unsupported"),
    "other-logins": Row("auth-unsupported", "auth-unsupported.mechanism"),
    "wants-login": Row("auth-required", "auth-required"),
    "wants-login-late": Row("auth-required", "auth-required"),
    "drops-login": Row("session-interrupted", "session-interrupted.login"),
    "not-activated": Row("account-suspended", "account-suspended.not-activated"),
    # Encryption
    "wants-starttls": Row(
        "starttls-required", "starttls-required", {"security": "starttls"}, cured=True
    ),
    "no-starttls": Row("starttls-unsupported", "starttls-unsupported"),
    "starttls-later": Row("starttls-unsupported", "starttls-unsupported"),
    "injects": Row("starttls-unsupported", "starttls-injected"),
    "tls-on-starttls-port": Row(
        "tls-mode-mismatch", "tls-mode-mismatch", {"security": "tls"}, cured=True, seconds=2
    ),
    "plain-on-tls-port": Row(
        "tls-mode-mismatch", "tls-mode-mismatch", {"security": "starttls"}, cured=True
    ),
    "old-tls": Row("tls-protocol", "tls-protocol"),
    "expired-certificate": Row("cert-expired", "cert-expired"),
    "other-name": Row("cert-hostname", "cert-hostname"),
    "unknown-ca": Row("cert-untrusted", "cert-untrusted"),
    "self-signed": Row("cert-untrusted", "cert-untrusted"),
    "markup-certificate": Row("cert-untrusted", "cert-untrusted"),
    # Connection
    "stalls": Row("session-interrupted", "session-interrupted.greeting", seconds=BRIEF),
    "slow": Row("session-interrupted", "session-interrupted.greeting", seconds=BRIEF),
    "drops": Row("session-interrupted", "session-interrupted.greeting"),
    "greets-http": Row("tls-mode-mismatch", "tls-mode-mismatch.not-smtp"),
    "busy": Row("rate-limited", "rate-limited"),
    "endless-banner": Row("server-fault", "server-fault.too-much"),
    "pouring": Row("server-fault", "server-fault.too-much"),
    "out-of-turn": Row("server-fault", "server-fault.out-of-turn"),
    "drops-message": Row("session-interrupted", "session-interrupted.after-data"),
    "stalls-after-data": Row(
        "session-interrupted", "session-interrupted.after-data", seconds=BRIEF
    ),
    # Sender, recipient, message
    "domain-not-verified": Row("sender-not-verified", "sender-not-verified"),
    "identity-not-verified": Row(
        "sender-not-verified",
        "sender-not-verified.ses",
        fields={"provider": "aws-ses", "from_address": "sender@lab.example"},
    ),
    "sender-identity": Row(
        "sender-not-verified", "sender-not-verified", fields={"provider": "sendgrid"}
    ),
    "spf-fails": Row("sender-auth-fail", "sender-auth-fail"),
    "sandbox": Row("sandbox-restricted", "sandbox-restricted.ses", fields={"provider": "aws-ses"}),
    "not-allowed": Row("sandbox-restricted", "sandbox-restricted"),
    "relay-denied": Row("relay-denied", "relay-denied"),
    "quota": Row("quota-exceeded", "quota-exceeded", fields={"provider": "aws-ses"}),
    "greylist": Row("greylisted", "greylisted"),
    "greylist-early": Row("greylisted", "greylisted"),
    "too-large": Row("message-too-large", "message-too-large"),
    "spam": Row("content-rejected", "content-rejected"),
    "odd-characters": Row("recipient-unknown", "recipient-unknown"),
}
EVERY_MOOD = MOODS | RARER
FAILING = {slug: mood for slug, mood in EVERY_MOOD.items() if mood.failure}
OF_THEIR_OWN = {"token-expired"}  # below


@contextmanager
def listening(mood: Mood, certificates: Certificates, settings: Settings) -> Iterator[MailServer]:
    """Serve a mood, and let Relaydesk dial it and nothing else."""
    with MailServer(mood, certificates) as server:
        settings.SMTP_NETWORKS = LOOPBACK
        settings.SMTP_PORTS = [server.port]
        settings.SMTP_CA_FILE = str(certificates.ca_file)
        yield server


def way_to(server: MailServer, tenant: Tenant, **fields: Any) -> SmtpSetting:
    """Make a setting for a server of the laboratory, as its mood expects it to be."""
    mood = server.mood
    values: dict[str, Any] = {"host": "localhost", "port": server.port, "security": mood.security}
    if mood.login:
        values |= {"username": USERNAME, "password": PASSWORD}
    return make_setting(tenant, debug=True, **{**values, **fields})


def ended(asked: Attempt | None) -> Attempt:
    """Run an attempt and return the row after it."""
    assert asked is not None
    assert delivery.run(asked.pk, clock=Clock())
    found: Attempt = Attempt.objects.select_related("setting__tenant").get(pk=asked.pk)
    return found


def sent(setting: SmtpSetting) -> Attempt:
    """Send a test mail, and return how that ended."""
    return ended(trials.send_test_email(setting, YOU, user=None, ring=Bell(), now=NOW))


def told(attempt: Attempt) -> tuple[str, str, dict[str, str]]:
    """Return kind and code of the hint that is stored, and the changes that are offered."""
    correction = attempt_page.correction_of(attempt)
    changes = correction.changes if correction else {}
    return hints.get(attempt.hint).category, attempt.hint, changes


def test_the_table_has_a_row_for_every_failing_server() -> None:
    """A new mood of the laboratory needs one."""
    assert TABLE.keys() | OF_THEIR_OWN == FAILING.keys()
    assert len(TABLE) > 40


@pytest.mark.parametrize(("slug", "row"), TABLE.items(), ids=TABLE)
def test_a_failing_server_is_told_explained_and_cured(
    slug: str,
    row: Row,
    tenant: Tenant,
    owner: User,
    client: Client,
    certificates: Certificates,
    settings: Settings,
) -> None:
    """Stage, failure, reply, hint and change; after the change the mail is taken."""
    mood = EVERY_MOOD[slug]
    settings.SMTP_TOTAL_SECONDS = row.seconds
    with listening(mood, certificates, settings) as server:
        attempt = sent(way_to(server, tenant, **row.fields))
        found = (attempt.stage, attempt.failure, attempt.reply_code)
        assert found == (mood.stage, mood.failure, mood.code)
        assert told(attempt) == (row.category, row.code, row.changes)
        assert attempt.succeeded is (
            None if attempt.stage == Stage.DATA and not mood.code else False
        )
        assert is_bounded(attempt, row.seconds)
        if row.cured:
            correction = attempt_page.correction_of(attempt)
            again = trials.correct_and_try(attempt, correction, user=owner, ring=Bell(), now=NOW)
            assert ended(again).succeeded
    client.force_login(owner)
    page = client.get(attempt.get_absolute_url()).content.decode()
    assert escape(attempt.cause) in page
    assert "<script>alert" not in page


def is_bounded(attempt: Attempt, seconds: float) -> bool:
    """Whether an attempt kept to its time, and keeps little; every character can be printed."""
    result = attempt.result
    assert result is not None
    milliseconds = sum(stage.milliseconds for stage in result.stages)
    stored = json.dumps(attempt.outcome, ensure_ascii=False)
    assert stored.isprintable()
    assert attempt.server_text.isprintable()
    return milliseconds < seconds * 1000 + 2000 and len(stored) < KEPT


@pytest.mark.parametrize("slug", ["endless-banner", "pouring"])
def test_a_server_that_never_stops_costs_little_memory(
    slug: str, tenant: Tenant, certificates: Certificates, settings: Settings
) -> None:
    """Of 100 MB only what a session may hold is ever read."""
    with listening(EVERY_MOOD[slug], certificates, settings) as server:
        setting = way_to(server, tenant)
        tracemalloc.start()
        try:
            assert sent(setting).failure == Failure.TOO_MUCH
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 8_000_000


SENDGRID_KEY = "SG." + "k" * 22 + "." + "k" * 43
SES_PASSWORD = "B" + "p" * 43
TOKEN = {"provider": "google-workspace", "login": "token", "password": "ya29.expired"}


@pytest.mark.parametrize(
    ("slug", "fields", "shape", "code"),
    [
        (
            "smtp-credentials",
            {"provider": "aws-ses", "password": "x" * 40},
            "ses.iam-secret",
            "auth-wrong-credential-type.ses-iam",
        ),
        (
            "smtp-credentials",
            {"provider": "aws-ses", "password": SES_PASSWORD},
            "",
            "auth-wrong-credential-type.ses",
        ),
        (
            "smtp-credentials",
            {"provider": "aws-ses", "password": f" {SES_PASSWORD}"},
            "password.blanks",
            "auth-bad-credentials.blanks",
        ),
        (
            "apikey",
            {"provider": "sendgrid", "username": "apikey", "password": "kkkkkkkkkk"},
            "sendgrid.password-shape",
            "auth-wrong-credential-type.look",
        ),
        (
            "apikey",
            {"provider": "sendgrid", "username": "apikey", "password": SENDGRID_KEY},
            "",
            "auth-bad-credentials",
        ),
        (
            "apikey",
            {"provider": "sendgrid", "username": "apikey", "password": f'"{SENDGRID_KEY}"'},
            "password.quotes",
            "auth-bad-credentials.quotes",
        ),
        (
            "app-password",
            {"provider": "gmail", "password": "abcd efgh ijkl mnop"},
            "",
            "auth-app-password.gmail",
        ),
        (
            "app-password",
            {"provider": "gmail", "password": "hunter2"},
            "gmail.password-shape",
            "auth-app-password.gmail",
        ),
        (
            "smtp-login-off",
            {"provider": "microsoft365", "password": " hunter2 "},
            "password.blanks",
            "auth-smtp-disabled.microsoft",
        ),
        ("token-expired", TOKEN, "", "auth-oauth.token"),
    ],
)
def test_the_look_of_the_password_tells_the_cause(
    slug: str,
    fields: dict[str, Any],
    shape: str,
    code: str,
    tenant: Tenant,
    certificates: Certificates,
    settings: Settings,
) -> None:
    """The same 535 has another cause with another password; what the server says goes first."""
    with listening(EVERY_MOOD[slug], certificates, settings) as server:
        attempt = sent(way_to(server, tenant, **fields))
    assert (attempt.stage, attempt.reply_code) == (Stage.AUTH, 535)
    assert (attempt.secret_shape, attempt.hint) == (shape, code)
    first = attempt_page.explained(attempt)[0]
    assert (first.code, first.title) == (code, attempt.cause)
    assert fields["password"] not in str(first)


@pytest.mark.parametrize(
    ("slug", "provider", "verdict", "code"),
    [
        ("spf-fails", "generic", "failing", "sender-auth-fail.domain"),
        ("spf-fails", "generic", "at_risk", "sender-auth-fail.domain"),
        ("spf-fails", "generic", "verified", "sender-auth-fail"),
        ("sender-identity", "sendgrid", "pending", "sender-not-verified.domain"),
        ("identity-not-verified", "aws-ses", "failing", "sender-not-verified.domain"),
        ("identity-not-verified", "aws-ses", "verified", "sender-not-verified.ses"),
        ("sandbox", "aws-ses", "failing", "sandbox-restricted.ses"),
        ("relay-denied", "generic", "failing", "relay-denied"),
    ],
)
def test_what_relaydesk_itself_sees_of_the_from_domain_goes_first(
    slug: str,
    provider: str,
    verdict: str,
    code: str,
    tenant: Tenant,
    certificates: Certificates,
    settings: Settings,
) -> None:
    """A refusal of the sender leads to the page of a domain whose records are not right."""
    since: dict[str, Any] = {"last_checked_at": NOW, "bad_since": NOW}
    domain = make_domain(tenant, "lab.example", verdict=verdict, **since)
    make_domain(make_tenant(), "lab.example", verdict="failing", **since)
    with listening(EVERY_MOOD[slug], certificates, settings) as server:
        fields = {"provider": provider, "from_address": "sender@Lab.example"}
        attempt = sent(way_to(server, tenant, **fields))
    assert attempt.hint == code
    first = attempt_page.explained(attempt)[0]
    assert (first.link == domain.get_absolute_url()) is code.endswith(".domain")


def test_a_domain_that_was_never_checked_says_nothing(
    tenant: Tenant, certificates: Certificates, settings: Settings
) -> None:
    """Pending alone is no finding."""
    make_domain(tenant, "lab.example", verdict="pending")
    with listening(EVERY_MOOD["spf-fails"], certificates, settings) as server:
        attempt = sent(way_to(server, tenant, from_address="sender@lab.example"))
    assert attempt.hint == "sender-auth-fail"


def test_a_silent_port_leads_to_one_that_answers(
    tenant: Tenant, owner: User, certificates: Certificates, settings: Settings
) -> None:
    """The other ports are tried, the button offers the one that works, and that one does."""
    host = own_loopback_address()
    known = certificates_for(host, certificates)
    settings.SMTP_TOTAL_SECONDS = 1
    settings.SMTP_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.SMTP_PORTS = [2525, 2587]
    settings.SMTP_CA_FILE = str(certificates.ca_file)
    with (
        MailServer("stalls", known, host=host, port=2525) as silent,
        MailServer("accepts", known, host=host, port=2587),
    ):
        attempt = sent(way_to(silent, tenant, host=host))
        assert told(attempt) == (
            "session-interrupted",
            "session-interrupted.greeting",
            {"port": "2587", "security": "starttls"},
        )
        correction = attempt_page.correction_of(attempt)
        again = trials.correct_and_try(attempt, correction, user=owner, ring=Bell(), now=NOW)
        assert ended(again).succeeded


def own_loopback_address() -> str:
    """Return an address of this machine that no other test run listens at."""
    number = os.getpid() % 2**22 + 2**16
    return str(ip_address("127.0.0.0") + number)


def certificates_for(host: str, known: Certificates) -> Certificates:
    """Return a good identity for one more address, of the laboratory's authority."""
    folder = known.ca_file.parent
    files = (folder / "ca.pem", folder / "ca-key.pem")
    authority = trustme.CA.from_pem(*(file.read_bytes() for file in files))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(host).configure_cert(context)
    return replace(known, contexts={Identity.GOOD: context})


@pytest.mark.parametrize(
    ("host", "networks", "stage", "failure", "code"),
    [
        ("smtp,example.com", LOOPBACK, Stage.RESOLVE, Failure.NO_SUCH_HOST, "dns-host-not-found"),
        ("127.0.0.1", LOOPBACK, Stage.CONNECT, Failure.CONNECTION_REFUSED, "connection-refused"),
        ("localhost", LOOPBACK, Stage.CONNECT, Failure.CONNECTION_REFUSED, "connection-refused"),
        ("127.0.0.1", [], Stage.RESOLVE, Failure.TARGET_REFUSED, "target-refused"),
        ("169.254.169.254", LOOPBACK, Stage.RESOLVE, Failure.TARGET_REFUSED, "target-refused"),
    ],
)
def test_where_no_server_is(
    host: str,
    networks: list[IPv4Network],
    stage: Stage,
    failure: Failure,
    code: str,
    tenant: Tenant,
    settings: Settings,
) -> None:
    """No such host, a closed port, and what may not be dialled at all."""
    with socket.create_server(("127.0.0.1", 0)) as was_here:
        port = was_here.getsockname()[1]
    settings.SMTP_NETWORKS, settings.SMTP_PORTS = networks, [port]
    attempt = sent(make_setting(tenant, host=host, port=port))
    assert (attempt.stage, attempt.failure) == (stage, failure)
    assert told(attempt) == (code, code, {})
    assert is_bounded(attempt, settings.SMTP_TOTAL_SECONDS)
