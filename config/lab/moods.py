"""The moods of the demo's mail servers: what each does, and what a person should see of it."""

from config.lab.certificates import Identity
from config.lab.mood import PATIENCE, Manner, Mood, refuses
from smtp.outcome import Failure, Security, Stage

__all__ = ["MOODS", "PATIENCE", "Manner", "Mood"]

GOOD = (
    Mood("accepts", "Accepts mail (STARTTLS)", "The test mail is accepted."),
    Mood(
        "accepts-tls",
        "Accepts mail (TLS from the start)",
        "The test mail is accepted.",
        security=Security.TLS,
        speaks=Security.TLS,
    ),
    Mood(
        "accepts-plain",
        "Accepts mail (no encryption, no login)",
        "The test mail is accepted, as at an internal relay.",
        security=Security.NONE,
        speaks=Security.NONE,
        login=False,
        mechanisms="",
    ),
    Mood(
        "accepts-slowly",
        "Accepts mail, but takes its time",
        "The test mail is accepted; the waterfall shows where the time went.",
        security=Security.NONE,
        speaks=Security.NONE,
        after_data_seconds=0.4,
    ),
)

LOGIN = (
    refuses(
        "refuses-login",
        "Refuses the login",
        "User name or password is wrong.",
        "AUTH",
        "535 Authentication failed",
    ),
    refuses(
        "app-password",
        "Wants an app password",
        "The account's own password is not taken: create an app password.",
        "AUTH",
        "535-5.7.8 Username and Password not accepted. For more information, go to\n"
        "535 5.7.8  https://support.example/mail/?p=BadCredentials",
    ),
    refuses(
        "echoes-secret",
        "Repeats the password in its refusal",
        "The login is refused; where the password stood, the transcript says [secret].",
        "AUTH",
        "535 5.7.8 Authentication failed for: {line}",
    ),
    refuses(
        "not-activated",
        "Account not activated",
        "The account has to be activated at the provider first.",
        "MAIL",
        "502 5.7.0 Your SMTP account is not yet activated",
    ),
)

TLS = (
    Mood(
        "wants-starttls",
        "Wants STARTTLS",
        "Nothing is accepted before STARTTLS: choose STARTTLS as security.",
        security=Security.NONE,
        login=False,
        stage=Stage.SENDER,
        failure=Failure.REPLY,
        code=530,
    ),
    Mood(
        "no-starttls",
        "Does not offer STARTTLS",
        "The server offers no STARTTLS; nothing secret was sent.",
        speaks=Security.NONE,
        stage=Stage.STARTTLS,
        failure=Failure.STARTTLS_MISSING,
    ),
    Mood(
        "tls-on-starttls-port",
        "Speaks TLS where STARTTLS is expected",
        "Wrong mode: this port wants TLS from the start.",
        speaks=Security.TLS,
        stage=Stage.GREETING,
        failure=Failure.TLS_MODE,
    ),
    Mood(
        "plain-on-tls-port",
        "Does not speak TLS where it is expected",
        "Wrong mode: this port wants STARTTLS.",
        security=Security.TLS,
        stage=Stage.CERTIFICATE,
        failure=Failure.TLS_MODE,
    ),
    Mood(
        "expired-certificate",
        "Certificate has expired",
        "The server's certificate has expired; nothing secret was sent.",
        identity=Identity.EXPIRED,
        stage=Stage.CERTIFICATE,
        failure=Failure.CERTIFICATE_EXPIRED,
    ),
    Mood(
        "other-name",
        "Certificate of another name",
        "The certificate belongs to mail.other.example; nothing secret was sent.",
        identity=Identity.OTHER_NAME,
        stage=Stage.CERTIFICATE,
        failure=Failure.CERTIFICATE_HOSTNAME,
    ),
    Mood(
        "unknown-ca",
        "Certificate of an unknown authority",
        "Nobody we trust vouches for the server; nothing secret was sent.",
        identity=Identity.UNKNOWN_CA,
        stage=Stage.CERTIFICATE,
        failure=Failure.CERTIFICATE_UNTRUSTED,
    ),
    Mood(
        "injects",
        "Slips text in before TLS",
        "Somebody between us and the server meddles; nothing secret was sent.",
        replies={"STARTTLS": "220 2.0.0 Ready to start TLS\n250 AUTH PLAIN"},
        stage=Stage.STARTTLS,
        failure=Failure.STARTTLS_INJECTED,
    ),
)

CONNECTION = (
    Mood(
        "stalls",
        "Says nothing",
        "Connected, but the server never greets.",
        manner=Manner.SILENT,
        stage=Stage.GREETING,
        failure=Failure.TIMEOUT,
    ),
    Mood(
        "stalls-after-data",
        "Takes the message and says nothing",
        "Unclear: nobody knows whether the message was accepted. It is not sent again.",
        after_data_seconds=PATIENCE,
        stage=Stage.DATA,
        failure=Failure.TIMEOUT,
    ),
    Mood(
        "drops",
        "Hangs up",
        "The server ends the connection before it greets.",
        manner=Manner.DROPS,
        stage=Stage.GREETING,
        failure=Failure.CLOSED,
    ),
    Mood(
        "greets-http",
        "Is a web server",
        "What answers at this port is no mail server.",
        greeting="HTTP/1.1 400 Bad Request",
        stage=Stage.GREETING,
        failure=Failure.NOT_SMTP,
    ),
    Mood(
        "endless-banner",
        "Greets for ever",
        "The server sends more than our limits allow.",
        manner=Manner.ENDLESS,
        stage=Stage.GREETING,
        failure=Failure.TOO_MUCH,
    ),
    Mood(
        "slow",
        "Sends one letter a second",
        "The server is too slow to greet in time.",
        manner=Manner.SLOW,
        stage=Stage.GREETING,
        failure=Failure.TIMEOUT,
    ),
)

REFUSALS = (
    refuses(
        "domain-not-verified",
        "Sending domain not verified",
        "Verify the domain of the From address at the provider.",
        "MAIL",
        "450 The lab.example domain is not verified. Please, add and verify your domain",
    ),
    refuses(
        "identity-not-verified",
        "Identity not verified in this region",
        "Verify the address or its domain in the region that the reply names.",
        ".",
        "554 Message rejected: Email address is not verified. The following identities failed "
        "the check in region EU-WEST-1: sender@lab.example",
    ),
    refuses(
        "not-allowed",
        "Domain not allowed to send",
        "A test account sends to authorised recipients only.",
        "RCPT",
        "421 Domain lab.example is not allowed to send: Free accounts are for test purposes only. "
        "Please upgrade or add the address to authorized recipients",
    ),
    refuses(
        "relay-denied",
        "Relaying denied",
        "The server does not pass mail on for us.",
        "RCPT",
        "554 5.7.1 <recipient@example.com>: Relay access denied",
    ),
    refuses(
        "quota",
        "Quota used up",
        "Today's allowance is used up: wait, or raise the plan.",
        ".",
        "454 4.7.0 Throttling failure: Daily message quota exceeded",
    ),
    refuses(
        "greylist",
        "Greylisting",
        "Not now: the same mail is accepted some minutes later.",
        "RCPT",
        "451 4.7.1 Greylisting in action, please come back later",
    ),
)

MOODS = {mood.slug: mood for mood in (*GOOD, *LOGIN, *TLS, *CONNECTION, *REFUSALS)}
