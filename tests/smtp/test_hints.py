"""Hints: every failure ends in a cause and a next step, and where possible in one correction."""

import re
import string
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp import hints
from smtp.hints import Correction, Evidence, Hint, explain, get
from smtp.outcome import Failure, Reply, Security, Stage
from smtp.providers import PROVIDERS

NONE, STARTTLS, TLS = Security.NONE, Security.STARTTLS, Security.TLS
CODES = sorted(hints.CODES)


def first(
    failure: Failure | None = None,
    stage: Stage | None = None,
    reply: Reply | None = None,
    **known: object,
) -> Hint:
    """Return the best hint for what is known of a failure."""
    return explain(Evidence(failure=failure, stage=stage, reply=reply, **known))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stage", "failure", "code"),
    [
        (Stage.RESOLVE, Failure.TARGET_REFUSED, "target-refused"),
        (Stage.RESOLVE, Failure.NO_SUCH_HOST, "dns-host-not-found"),
        (Stage.RESOLVE, Failure.RESOLVER_FAILED, "dns-temporary"),
        (Stage.RESOLVE, Failure.PASSWORD_NEEDED, "password-needed"),
        (Stage.CONNECT, Failure.CONNECTION_REFUSED, "connection-refused"),
        (Stage.CONNECT, Failure.TIMEOUT, "connection-timeout"),
        (Stage.CONNECT, Failure.UNREACHABLE, "network-unreachable"),
        (Stage.CONNECT, Failure.BLOCKED_LOCALLY, "blocked-locally"),
        (Stage.GREETING, Failure.TIMEOUT, "session-interrupted.greeting"),
        (Stage.GREETING, Failure.CLOSED, "session-interrupted.greeting"),
        (Stage.GREETING, Failure.NOT_SMTP, "tls-mode-mismatch.not-smtp"),
        (Stage.GREETING, Failure.TOO_MUCH, "server-fault.too-much"),
        (Stage.GREETING, Failure.TLS_MODE, "tls-mode-mismatch"),
        (Stage.EHLO, Failure.TIMEOUT, "session-interrupted"),
        (Stage.STARTTLS, Failure.STARTTLS_MISSING, "starttls-unsupported"),
        (Stage.STARTTLS, Failure.STARTTLS_INJECTED, "starttls-injected"),
        (Stage.STARTTLS, Failure.CLOSED, "tls-interrupted"),
        (Stage.CERTIFICATE, Failure.TLS_PROTOCOL, "tls-protocol"),
        (Stage.CERTIFICATE, Failure.CERTIFICATE_EXPIRED, "cert-expired"),
        (Stage.CERTIFICATE, Failure.CERTIFICATE_HOSTNAME, "cert-hostname"),
        (Stage.CERTIFICATE, Failure.CERTIFICATE_UNTRUSTED, "cert-untrusted"),
        (Stage.AUTH, Failure.AUTH_MISSING, "auth-unsupported"),
        (Stage.AUTH, Failure.AUTH_MECHANISM, "auth-unsupported.mechanism"),
        (Stage.AUTH, Failure.PLAIN_PASSWORD, "plain-password"),
        (Stage.AUTH, Failure.CLOSED, "session-interrupted.login"),
        (Stage.DATA, Failure.CLOSED, "session-interrupted.after-data"),
        (Stage.DATA, Failure.TIMEOUT, "session-interrupted.after-data"),
        (Stage.DATA, Failure.LOST, "lost"),
    ],
)
def test_a_named_failure_has_its_hint(stage: Stage, failure: Failure, code: str) -> None:
    """What the client saw itself needs no words."""
    assert first(failure, stage, host="mail.example.com", port=587, security=STARTTLS).code == code


def test_no_failure_is_unknown_at_any_stage() -> None:
    """Also where it is not expected, a failure is told."""
    failures = [failure for failure in Failure if failure is not Failure.REPLY]
    kinds = {at: first(at[1], at[0]).category for at in product(Stage, failures)}
    assert [at for at, category in kinds.items() if category == "unknown"] == []


@pytest.mark.parametrize(
    ("stage", "code", "hint"),
    [
        (Stage.GREETING, 554, "greeting-refused"),
        (Stage.GREETING, 421, "server-fault"),
        (Stage.EHLO, 550, "helo-rejected"),
        (Stage.STARTTLS, 454, "starttls-unsupported"),
        (Stage.AUTH, 535, "auth-bad-credentials"),
        (Stage.AUTH, 550, "auth-bad-credentials"),
        (Stage.AUTH, 454, "auth-deferred"),
        (Stage.AUTH, 504, "auth-unsupported.mechanism"),
        (Stage.AUTH, 503, "auth-unsupported"),
        (Stage.SENDER, 530, "auth-required"),
        (Stage.SENDER, 550, "sender-refused"),
        (Stage.SENDER, 501, "address-syntax"),
        (Stage.SENDER, 451, "server-fault"),
        (Stage.RECIPIENT, 450, "deferred"),
        (Stage.RECIPIENT, 550, "recipient-refused"),
        (Stage.DATA, 552, "message-too-large"),
        (Stage.DATA, 554, "message-refused"),
        (Stage.DATA, 451, "server-fault"),
        (Stage.QUIT, 500, "refused"),
    ],
)
def test_a_bare_code_is_understood_by_its_stage(stage: Stage, code: int, hint: str) -> None:
    """Where the server says nothing but a number, the stage tells most."""
    assert first(Failure.REPLY, stage, Reply(code, "", "")).code == hint


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(550, "5.1.1", "No."), "recipient-unknown"),
        (Reply(452, "4.2.2", "No."), "mailbox-full"),
        (Reply(552, "5.3.4", "No."), "message-too-large"),
        (Reply(550, "5.7.26", "No."), "sender-auth-fail"),
        (Reply(550, "5.7.25", "No."), "ptr-missing"),
        (Reply(553, "5.1.8", "No."), "sender-domain-invalid"),
        (Reply(452, "4.5.3", "No."), "rate-limited"),
        (Reply(550, "5.4.5", "No."), "quota-exceeded"),
        (Reply(501, "5.1.7", "No."), "address-syntax"),
        (Reply(554, "5.4.6", "No."), "server-fault.loop"),
        (Reply(553, "5.6.7", "No."), "smtputf8-unsupported"),
        (Reply(502, "5.7.0", "No."), "account-suspended.not-activated"),
    ],
)
def test_an_enhanced_code_says_more_than_the_code(reply: Reply, code: str) -> None:
    """RFC 3463 and the registry of its codes."""
    assert first(Failure.REPLY, None, reply).code == code


def test_words_say_more_than_codes() -> None:
    """The same 550 5.7.1 is used for a dozen causes."""
    said = {
        "Relaying denied": "relay-denied",
        "Client host blocked using a blocklist": "reputation-blocked",
        "The sender's SPF does not pass": "sender-auth-fail",
        "Message rejected as spam": "content-rejected",
    }
    for text, code in said.items():
        assert first(Failure.REPLY, Stage.RECIPIENT, Reply(550, "5.7.1", text)).code == code


SES_REGION = "The following identities failed the check in region EU-WEST-1: a@example.com"


@pytest.mark.parametrize(
    ("provider", "host", "reply", "codes"),
    [
        (
            "aws-ses",
            "email-smtp.eu-west-1.amazonaws.com",
            Reply(535, "", "Authentication Credentials Invalid"),
            ["auth-wrong-credential-type.ses"],
        ),
        (
            "aws-ses",
            "email-smtp.eu-west-1.amazonaws.com",
            Reply(554, "", f"Message rejected: Email address is not verified. {SES_REGION}"),
            ["sender-not-verified.ses", "sandbox-restricted.ses"],
        ),
        (
            "aws-ses",
            "email-smtp.eu-west-1.amazonaws.com",
            Reply(
                554, "", "Access denied: User `u' is not authorized to perform `ses:SendRawEmail'"
            ),
            ["auth-wrong-credential-type.ses-policy"],
        ),
        (
            "scaleway-tem",
            "smtp.tem.scaleway.com",
            Reply(535, "5.7.8", "Error: authentication failed"),
            ["auth-wrong-credential-type.scaleway"],
        ),
        (
            "scaleway-tem",
            "smtp.tem.scaleway.com",
            Reply(550, "5.7.1", "DMARC policy failure"),
            ["sender-not-verified.scaleway"],
        ),
        (
            "elastx",
            "smtp.elastx.email",
            Reply(535, "5.7.8", "Error: authentication failed"),
            ["auth-bad-credentials.elastx"],
        ),
        (
            "elastx",
            "smtp.elastx.email",
            Reply(550, "5.7.1", "Sender domain has no valid challenge"),
            ["sender-not-verified.elastx"],
        ),
        (
            "generic",
            "smtp.gmail.com",
            Reply(535, "5.7.8", "Username and Password not accepted."),
            ["auth-app-password.gmail"],
        ),
        (
            "generic",
            "smtp.mail.yahoo.com",
            Reply(535, "5.7.0", "(#AUTH005) Too many bad auth attempts."),
            ["auth-app-password"],
        ),
        (
            "generic",
            "smtp.mail.me.com",
            Reply(535, "5.7.8", "Error: authentication failed:"),
            ["auth-app-password"],
        ),
        (
            "generic",
            "smtp.office365.com",
            Reply(535, "5.7.3", "Authentication unsuccessful [EXAMPLE.PROD.OUTLOOK.COM]"),
            ["auth-smtp-disabled.microsoft"],
        ),
        (
            "generic",
            "mail.example.com",
            Reply(535, "5.7.8", "Error: authentication failed:"),
            ["auth-bad-credentials"],
        ),
    ],
)
def test_the_service_is_known_by_page_or_host(
    provider: str, host: str, reply: Reply, codes: list[str]
) -> None:
    """The same refusal means another mistake at another service."""
    found = explain(Evidence(Stage.AUTH, Failure.REPLY, reply, provider, host))
    assert [hint.code for hint in found][: len(codes)] == codes


def test_a_recipients_refusal_is_not_blamed_on_the_relays_records() -> None:
    """The provider's own hints keep to what they are about."""
    reply = Reply(550, "5.1.1", "Recipient address rejected: domain of user unknown")
    for slug in ("elastx", "scaleway-tem"):
        assert first(Failure.REPLY, Stage.RECIPIENT, reply, provider=slug).category == (
            "recipient-unknown"
        )


def corrected(**known: object) -> tuple[str, str] | None:
    """Return field and value of the first hint's correction."""
    correction = first(**known).correction  # type: ignore[arg-type]
    return (correction.field, correction.value) if correction else None


@pytest.mark.parametrize(
    ("provider", "port", "security", "expected"),
    [
        ("scaleway-tem", 587, STARTTLS, ("port", "2587")),
        ("scaleway-tem", 465, TLS, ("port", "2465")),
        ("scaleway-tem", 2587, STARTTLS, ("port", "587")),
        ("aws-ses", 587, STARTTLS, ("port", "2587")),
        ("aws-ses", 25, STARTTLS, ("port", "2587")),
        ("elastx", 25, STARTTLS, ("port", "587")),
        ("elastx", 587, STARTTLS, None),
        ("generic", 587, STARTTLS, ("port", "2525")),
        ("generic", 25, STARTTLS, ("port", "2525")),
        ("generic", 465, TLS, None),
        ("not-a-page", 587, STARTTLS, ("port", "2525")),
    ],
)
@pytest.mark.parametrize("failure", [Failure.TIMEOUT, Failure.CONNECTION_REFUSED])
def test_a_port_without_an_answer_leads_to_another_documented_one(
    failure: Failure,
    provider: str,
    port: int,
    security: Security,
    expected: tuple[str, str] | None,
) -> None:
    """One change is enough: the other port is protected in the same way, and seldom blocked."""
    found = corrected(
        failure=failure, stage=Stage.CONNECT, provider=provider, port=port, security=security
    )
    assert found == expected


@pytest.mark.parametrize(
    ("failure", "stage", "port", "security", "expected"),
    [
        (Failure.TLS_MODE, Stage.CONNECT, 587, TLS, STARTTLS),
        (Failure.TLS_MODE, Stage.CONNECT, 25, TLS, STARTTLS),
        (Failure.TLS_MODE, Stage.CONNECT, 2587, TLS, STARTTLS),
        (Failure.TLS_MODE, Stage.GREETING, 465, STARTTLS, TLS),
        (Failure.TLS_MODE, Stage.GREETING, 2465, NONE, TLS),
        (Failure.TLS_MODE, Stage.GREETING, 10465, STARTTLS, TLS),
        (Failure.TLS_MODE, Stage.CONNECT, 465, TLS, STARTTLS),
        (Failure.TIMEOUT, Stage.GREETING, 465, STARTTLS, TLS),
        (Failure.TIMEOUT, Stage.GREETING, 465, NONE, TLS),
        (Failure.CLOSED, Stage.GREETING, 2465, STARTTLS, TLS),
        (Failure.AUTH_MISSING, Stage.AUTH, 587, NONE, STARTTLS),
        (Failure.AUTH_MISSING, Stage.AUTH, 465, NONE, TLS),
        (Failure.PLAIN_PASSWORD, Stage.AUTH, 25, NONE, STARTTLS),
    ],
)
def test_the_wrong_kind_of_encryption_is_corrected(
    failure: Failure, stage: Stage, port: int, security: Security, expected: Security
) -> None:
    """What the port wants; where that was tried in vain, the other kind."""
    found = corrected(failure=failure, stage=stage, port=port, security=security)
    assert found == ("security", expected.value)


def test_a_server_that_asks_for_starttls_gets_it() -> None:
    """530 5.7.0 and its relatives, on whichever port."""
    reply = Reply(530, "5.7.0", "Must issue a STARTTLS command first")
    found = first(Failure.REPLY, Stage.SENDER, reply, port=587, security=NONE)
    assert (found.code, found.field) == ("starttls-required", "security")
    assert found.correction == Correction("security", "starttls", "Use STARTTLS")
    assert first(Failure.REPLY, Stage.SENDER, reply, security=STARTTLS).correction is None


def test_a_name_with_a_typing_error_leads_to_the_documented_host() -> None:
    """Where the provider has one host for everybody."""
    found = corrected(
        failure=Failure.NO_SUCH_HOST, provider="elastx", host="smtp.elastx.mail", port=587
    )
    assert found == ("host", "smtp.elastx.email")
    assert corrected(failure=Failure.NO_SUCH_HOST, provider="generic", host="smtp.exmaple") is None


@pytest.mark.parametrize(
    ("host", "username", "expected"),
    [
        ("smtp.sendgrid.net", "shop@example.com", ("username", "apikey")),
        ("smtp.sendgrid.net", "apikey", None),
        ("smtp.resend.com", "shop", ("username", "resend")),
    ],
)
def test_a_fixed_user_name_is_offered(
    host: str, username: str, expected: tuple[str, str] | None
) -> None:
    """Some services have one user name for everybody."""
    reply = Reply(535, "", "Authentication failed: Bad username / password")
    found = corrected(
        failure=Failure.REPLY, stage=Stage.AUTH, reply=reply, host=host, username=username
    )
    assert found == expected


def test_other_ports_are_named_in_the_steps() -> None:
    """A blocked port of a cloud host ends in the ports that get through."""
    found = first(
        Failure.TIMEOUT,
        Stage.CONNECT,
        provider="scaleway-tem",
        host="smtp.tem.scaleway.com",
        port=587,
        security=STARTTLS,
    )
    assert found.title == ("No answer on port 587 of smtp.tem.scaleway.com: most likely a firewall")
    assert found.steps[0] == (
        "Try another port. Scaleway Transactional Email also answers on 2587 (STARTTLS), "
        "2465 (TLS from the start), 465 (TLS from the start), 25 (STARTTLS)."
    )
    known = {"failure": Failure.TIMEOUT, "stage": Stage.CONNECT, "port": 587}
    assert [hint.code for hint in explain(Evidence(**known))] == ["connection-timeout"]  # type: ignore[arg-type]
    unsaid = first(Failure.TIMEOUT, Stage.CONNECT, host="mail.example.com").steps[0]
    assert unsaid.startswith("Try another port. Ports in common use are 587 (STARTTLS), 465 (TLS")
    lone = first(Failure.TIMEOUT, Stage.CONNECT, provider="elastx", port=587, security=STARTTLS)
    assert "documents no other port" in lone.steps[0]


def test_quota_and_rate_are_told_apart() -> None:
    """One needs patience until tomorrow, the other a slower pace."""
    daily = Reply(454, "", "Throttling failure: Daily message quota exceeded.")
    fast = Reply(454, "", "Throttling failure: Maximum sending rate exceeded.")
    assert first(Failure.REPLY, Stage.DATA, daily, provider="aws-ses").code == "quota-exceeded"
    assert first(Failure.REPLY, Stage.DATA, fast, provider="aws-ses").code == "rate-limited"


def test_three_reasons_for_not_being_allowed_to_send() -> None:
    """The rest of the sentence decides between trial, unverified and stopped."""
    said = {
        "Domain a.example is not allowed to send": "account-suspended.domain",
        "Domain a.example is not allowed to send: free accounts are for test purposes only": (
            "sandbox-restricted"
        ),
        "Domain a.example is not allowed to send: the domain is unverified": "sender-not-verified",
    }
    for text, code in said.items():
        assert first(Failure.REPLY, Stage.DATA, Reply(421, "", text)).code == code


def test_an_unknown_failure_still_says_what_to_do() -> None:
    """No reply, no stage, no words."""
    assert [hint.code for hint in explain(Evidence())] == ["unknown"]
    assert [hint.code for hint in explain(Evidence(text="zzz"))] == ["unknown"]
    assert first(Failure.REPLY, None, Reply(599, "", "zzz")).code == "refused"


def test_hints_are_few_and_different() -> None:
    """At most three, none twice, and nothing far less likely than the first."""
    reply = Reply(550, "5.7.1", "SPF, DKIM, spam, relay access denied, blocklist, user unknown")
    found = explain(Evidence(reply=reply, text="Daily quota exceeded"))
    assert len(found) == 3
    assert len({hint.code for hint in found}) == 3


def test_the_middle_of_an_endless_text_is_passed_over() -> None:
    """A pasted log is read at its beginning and its end."""
    noise = "zzz " * 5000
    assert first(text=f"{noise}Relay access denied").code == "relay-denied"
    assert first(text=f"Relay access denied {noise}").code == "relay-denied"
    assert first(text=f"{noise}Relay access denied {noise}").code == "unknown"


@pytest.mark.parametrize("code", CODES)
def test_every_hint_is_complete(code: str) -> None:
    """Cause, next steps, and a field that exists; nothing left to fill in."""
    hint = get(code)
    fields = {"", "host", "port", "security", "username", "password", "from_address"}
    assert hint.code == code
    assert re.fullmatch(r"[a-z0-9.-]{2,60}", code)
    assert hint.title
    assert not hint.title.endswith(".")
    assert hint.why.endswith(".")
    assert hint.steps
    assert all(step.endswith((".", "!")) for step in hint.steps)
    assert hint.field in fields | {"extra_headers"}
    assert hint.link == "" or hint.link.startswith("https://")
    for text in (hint.title, hint.why, *hint.steps):
        assert not [name for _, name, _, _ in string.Formatter().parse(text) if name]


def test_an_unknown_code_is_an_error() -> None:
    """A page asks only for codes that were stored."""
    with pytest.raises(KeyError):
        get("nonsense")


REPLIES = st.builds(
    Reply,
    code=st.integers(400, 599),
    enhanced=st.sampled_from(["", "4.7.0", "5.7.1", "5.7.8", "odd"]),
    text=st.text(max_size=300),
)
EVIDENCE = st.builds(
    Evidence,
    stage=st.none() | st.sampled_from(Stage),
    failure=st.none() | st.sampled_from(Failure),
    reply=st.none() | REPLIES,
    provider=st.sampled_from(["", "nobody", *(page.slug for page in PROVIDERS)]),
    host=st.sampled_from(["", "mail.example.com", "smtp.gmail.com", "{oops}"]),
    port=st.none() | st.integers(1, 65535),
    security=st.none() | st.sampled_from(Security),
    username=st.none() | st.text(max_size=20),
    text=st.text(max_size=300),
)


@given(EVIDENCE)
def test_any_evidence_has_an_explanation(evidence: Evidence) -> None:
    """Never empty, never an error, and a correction always changes something."""
    found = explain(evidence)
    assert 1 <= len(found) <= 3
    for hint in found:
        correction = hint.correction
        if correction is not None and correction.field != "username":
            assert str(getattr(evidence, correction.field)) != correction.value


@given(st.sampled_from(["Relay denied", "blocked", "spam", "530", ""]), st.sampled_from(Stage))
def test_no_hint_repeats_what_a_server_said(words: str, stage: Stage) -> None:
    """A hint is advice of our own; a server cannot write into it."""
    reply = Reply(550, "5.7.1", f"{words} CANARY <b>click</b> {{host}} http://evil.example/")
    for hint in explain(Evidence(stage=stage, failure=Failure.REPLY, reply=reply, text="CANARY")):
        shown = " ".join((hint.title, hint.why, *hint.steps, hint.link))
        assert "CANARY" not in shown
        assert "evil" not in shown


@pytest.mark.parametrize(
    ("reply", "stage", "category"),
    [
        (
            Reply(554, "5.7.1", "<recipient@example.com>: Relay access denied"),
            Stage.RECIPIENT,
            "relay-denied",
        ),
        (
            Reply(535, "5.7.8", "Username and Password not accepted. For more information, go to"),
            Stage.AUTH,
            "auth-app-password",
        ),
    ],
)
def test_what_only_looks_like_another_cause(reply: Reply, stage: Stage, category: str) -> None:
    """Letters inside a word are no word, and one service's own sentence is known anywhere."""
    for text in ("", str(reply)):
        seen = Evidence(stage=stage, failure=Failure.REPLY, reply=reply, text=text)
        assert explain(seen)[0].category == category
