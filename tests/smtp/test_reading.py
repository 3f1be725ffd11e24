"""Reading: from what any program prints of a failed mail to its evidence and its cause."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtp.outcome import Failure, Reply, Security, Stage
from smtp.reading import LOOKED_AT, read, redacted

JAKARTA = """
2026-01-11 10:02:41 ERROR [org.keycloak.services] (executor-thread-1) Failed to send email
org.keycloak.email.EmailException: Error when attempting to send the email to the server.
\tat org.keycloak.email.DefaultEmailSenderProvider.send(DefaultEmailSenderProvider.java:151)
Caused by: jakarta.mail.AuthenticationFailedException: 535 5.7.8 Bad credentials
\tat org.eclipse.angus.mail.smtp.SMTPTransport$Authenticator.authenticate(SMTPTransport.java:947)
\t... 84 more
"""
NODEMAILER = """
Error: Invalid login: 535 5.7.0 Wrong user or password
    at SMTPConnection._formatError (/app/node_modules/nodemailer/lib/index.js:790:19) {
  code: 'EAUTH',
  response: '535 5.7.0 Wrong user or password',
  responseCode: 535,
  command: 'AUTH PLAIN'
}
"""
LARAVEL = """
local.ERROR: Expected response code "250" but got code "552", with message "552 5.3.4 Message is
too big" {"exception":"[object] (Symfony\\\\Component\\\\Mailer\\\\Exception)"}
#0 /srv/vendor/symfony/mailer/Transport/Smtp/SmtpTransport.php(197): assertResponseCode()
#1 /srv/vendor/symfony/mailer/Transport/Smtp/EsmtpTransport.php(118): executeCommand()
"""
PHPMAILER = """
CLIENT -> SERVER: EHLO web01.example.com
SERVER -> CLIENT: 250-mail.example.com
250-AUTH LOGIN PLAIN
250 STARTTLS
CLIENT -> SERVER: MAIL FROM:<shop@example.com>
SERVER -> CLIENT: 553 5.7.1 Sender address rejected: not owned by user api
SMTP Error: The following From address failed: shop@example.com
"""
PYTHON = """
Traceback (most recent call last):
  File "/usr/lib/python3.11/smtplib.py", line 450, in sendmail
    raise SMTPRecipientsRefused(senderrs)
smtplib.SMTPRecipientsRefused: {'kim@example.org': (550, b'5.1.1 No such user here')}
"""
RUBY = """
Net::SMTPFatalError (554 5.7.1 <kim@example.org>: Relay access denied
):
/usr/local/bundle/gems/net-smtp-0.5.1/lib/net/smtp.rb:1066:in `check_response'
"""
GO = 'level=error msg="mail not sent" error="gomail: could not send email 1: 530 5.7.0 Login first"'
DOTNET = """
System.Net.Mail.SmtpException: Transaction failed. The server response was: 5.7.1 Relay denied
   at System.Net.Mail.RecipientCommand.CheckResponse(SmtpStatusCode statusCode)
   bei System.Net.Mail.SmtpTransport.SendMail(MailAddress sender)
"""
LETTRE = "SMTP 5xx error: permanent error (535): 5.7.8 Wrong password - Authentication failed"
POSTFIX = (
    "Aug  3 10:02:11 mx postfix/smtp[812]: 4RrX: to=<a@example.org>, relay=mx.example.org"
    "[192.0.2.7]:25, dsn=5.7.26, status=bounced (host mx.example.org[192.0.2.7] said: 550-5.7.26 "
    "This mail does not pass DMARC (in reply to end of DATA command))"
)
EXIM = (
    "2026-02-17 17:59:47 1tk2b3-006 ** xx@example.org R=smarthost T=remote_smtp H=relay.example.net"
    " [192.0.2.8]: SMTP error from remote mail server after RCPT TO:<xx@example.org>: 550 Relay "
    "not permitted"
)
BOUNCE = """
Received: by mail.example.com (Postfix) id 96FB6CBA295; Thu, 11 May 2026 17:20:52 +0900
Received-SPF: fail (mail.example.com: domain does not designate 192.0.2.1)
Subject: Undelivered Mail Returned to Sender

This is the mail system at host mail.example.com.

--260A0D29197.1494490852/mail.example.com
Reporting-MTA: dns; mail.example.com
Final-Recipient: rfc822; kim@example.org
Action: failed
Status: 5.2.2
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 552 5.2.2 <kim@example.org> the mailbox
    is full

--260A0D29197.1494490852/mail.example.com
Content-Type: message/rfc822

Subject: Your relay access was denied because of spam
"""
SENDMAIL = """
   ----- The following addresses had permanent fatal errors -----
<kim@example.org>
    (reason: 550 User unknown)
   ----- Transcript of session follows -----
>>> RCPT To:<kim@example.org>
<<< 550 User unknown
554 5.0.0 Service unavailable
"""
QMAIL = (
    "delivery 7: failure: 203.0.113.9_does_not_like_recipient./Remote_host_said:_550_5.1.1_<kim@"
    "example.org>:_user_unknown/Giving_up_on_203.0.113.9./"
)
OPENSMTPD = """
mta: 0xea6710: MTA_INIT -> MTA_BANNER
mta: 0xea6710: <<< 554-mx.example.org Service not available
mta: 0xea6710: <<< 554-No SMTP service
mta: 0xea6710: <<< 554 Bad DNS PTR resource record.
smtp-out: Error on session c3ad904c53f19f93: Connection closed unexpectedly
"""
GREETED = (
    "MessagingException: Could not connect to SMTP host: mx.example.org, port: 25, response: 554"
)
DIALOGUE = """
C: EHLO web.example.com
S: 250 mail.example.com
C: MAIL FROM:<a@example.com>
S: 250 2.1.0 Ok
C: RCPT TO:<b@example.org>
S: 554 5.7.1 <b@example.org>: Relay access denied
C: DATA
S: 554 5.5.1 Error: no valid recipients
"""


@pytest.mark.parametrize(
    ("text", "code", "enhanced", "stage", "category"),
    [
        (JAKARTA, 535, "5.7.8", Stage.AUTH, "auth-bad-credentials"),
        (NODEMAILER, 535, "5.7.0", Stage.AUTH, "auth-bad-credentials"),
        (LARAVEL, 552, "5.3.4", None, "message-too-large"),
        (PHPMAILER, 553, "5.7.1", Stage.SENDER, "sender-not-owned"),
        (PYTHON, 550, "5.1.1", Stage.RECIPIENT, "recipient-unknown"),
        (RUBY, 554, "5.7.1", None, "relay-denied"),
        (GO, 530, "5.7.0", None, "auth-required"),
        (DOTNET, 550, "5.7.1", None, "relay-denied"),
        (LETTRE, 535, "5.7.8", None, "auth-bad-credentials"),
        (POSTFIX, 550, "5.7.26", Stage.DATA, "sender-auth-fail"),
        (EXIM, 550, "", Stage.RECIPIENT, "relay-denied"),
        (BOUNCE, 552, "5.2.2", None, "mailbox-full"),
        (SENDMAIL, 550, "", Stage.RECIPIENT, "recipient-unknown"),
        (QMAIL, 550, "5.1.1", Stage.RECIPIENT, "recipient-unknown"),
        (OPENSMTPD, 554, "", None, "ptr-missing"),
        (GREETED, 554, "", Stage.GREETING, "reputation-blocked"),
        (DIALOGUE, 554, "5.7.1", Stage.RECIPIENT, "relay-denied"),
    ],
)
def test_the_refusal_is_found_in_what_programs_print(
    text: str, code: int, enhanced: str, stage: Stage | None, category: str
) -> None:
    """Code, enhanced code and stage, wherever in a trace, a log or a bounce they stand."""
    found = read(text)
    reply = found.evidence.reply
    assert reply is not None
    assert (reply.code, reply.enhanced) == (code, enhanced)
    assert found.evidence.failure is Failure.REPLY
    assert found.evidence.stage is stage
    assert found.hints[0].category == category
    assert found.is_known


def test_a_reply_of_several_lines_is_put_together() -> None:
    """RFC 5321 section 4.2.1: the same code before each line; bounces fold them in addition."""
    lines = (
        "550-5.7.1 Your mail was refused\n550-5.7.1 because of its\n550 5.7.1 missing Date header"
    )
    found = read(lines)
    assert found.telling == tuple(lines.split("\n"))
    assert found.hints[0].category == "message-malformed"
    assert read(BOUNCE).evidence.reply == Reply(
        552, "5.2.2", "<kim@example.org> the mailbox is full"
    )


RUN_ON = (
    "SMTP -> FROM SERVER:421 Too many connections; please try again later. CLIENT -> SMTP: EHLO "
    "web SMTP -> FROM SERVER: SMTP -> ERROR: EHLO not accepted from server: CLIENT -> SMTP: HELO"
)


def test_a_dialogue_that_lost_its_ends_of_line_is_read() -> None:
    """A browser shows PHPMailer's debugging output on one line."""
    found = read(RUN_ON)
    assert found.evidence.reply is not None
    assert found.evidence.reply.text == "Too many connections; please try again later."
    assert found.hints[0].category == "rate-limited"


@pytest.mark.parametrize(
    "text",
    [
        "HTTP 500 Internal Server Error",
        "connected to smtp.example.com port 465 in 550 ms",
        "postfix/smtp[551]: statistics: 450 lines",
        "symfony/mailer v5.4.1 and activesupport-5.2.3 are installed",
        "at 10:02:41,535 in /srv/550/mail",
        "S: 250 2.0.0 Ok: queued as 451",
    ],
)
def test_not_every_number_is_a_refusal(text: str) -> None:
    """Ports, times, versions and statuses of other protocols are none."""
    assert read(text).evidence.reply is None


@pytest.mark.parametrize(
    ("text", "failure", "category"),
    [
        ("connect ECONNREFUSED 127.0.0.1:25", Failure.CONNECTION_REFUSED, "connection-refused"),
        ("{:error, :econnrefused}", Failure.CONNECTION_REFUSED, "connection-refused"),
        (
            "da der Zielcomputer die Verbindung verweigerte.",
            Failure.CONNECTION_REFUSED,
            "connection-refused",
        ),
        (
            "car l'ordinateur cible l’a expressément refusée",
            Failure.CONNECTION_REFUSED,
            "connection-refused",
        ),
        ("由于目标计算机积极拒绝，无法连接。", Failure.CONNECTION_REFUSED, "connection-refused"),
        ("Hôte inconnu.", Failure.NO_SUCH_HOST, "dns-host-not-found"),
        ("[Errno 11001] getaddrinfo failed", Failure.NO_SUCH_HOST, "dns-host-not-found"),
        ("getaddrinfo EAI_AGAIN smtp.example.com", Failure.RESOLVER_FAILED, "dns-temporary"),
        ("Connection error (os error 110)", Failure.TIMEOUT, "connection-timeout"),
        (
            "da die Gegenstelle nach einer bestimmten Zeitspanne nicht richtig reagiert hat",
            Failure.TIMEOUT,
            "connection-timeout",
        ),
        ("connect ENETUNREACH 2001:db8::1:587", Failure.UNREACHABLE, "network-unreachable"),
        ("La red es inaccesible", Failure.UNREACHABLE, "network-unreachable"),
        ("SocketException (10049): error", Failure.UNREACHABLE, "network-unreachable"),
        (
            "L'adresse demandée n'est pas valide dans son contexte",
            Failure.UNREACHABLE,
            "network-unreachable",
        ),
        ("connect EACCES 192.0.2.1:465", Failure.BLOCKED_LOCALLY, "blocked-locally"),
        ("read ECONNRESET", Failure.CLOSED, "session-interrupted"),
        (
            "Eine vorhandene Verbindung wurde vom Remotehost geschlossen",
            Failure.CLOSED,
            "session-interrupted",
        ),
        ("[SSL: WRONG_VERSION_NUMBER]", Failure.TLS_MODE, "tls-mode-mismatch"),
        ("[SSL: UNSUPPORTED_PROTOCOL]", Failure.TLS_PROTOCOL, "tls-protocol"),
        ("Error: CERT_HAS_EXPIRED", Failure.CERTIFICATE_EXPIRED, "cert-expired"),
        ("ERR_TLS_CERT_ALTNAME_INVALID", Failure.CERTIFICATE_HOSTNAME, "cert-hostname"),
        ("peer certificate: UnknownIssuer", Failure.CERTIFICATE_UNTRUSTED, "cert-untrusted"),
    ],
)
def test_symbols_and_translations_name_a_failure(
    text: str, failure: Failure, category: str
) -> None:
    """What a system says in its own language, and what no language changes."""
    found = read(text)
    assert found.evidence.failure is failure
    assert found.hints[0].category == category
    assert found.telling


def test_a_refusal_counts_more_than_what_happened_after_it() -> None:
    """The connection is often closed after the server has said why."""
    found = read("550 5.7.1 Relaying denied\nSocketError: read ECONNRESET")
    assert found.evidence.failure is Failure.REPLY
    assert found.hints[0].category == "relay-denied"


@pytest.mark.parametrize(
    ("text", "host", "port", "security", "provider"),
    [
        ("dial tcp: lookup smtp.gmial.com: no such host", "smtp.gmial.com", None, None, ""),
        (
            "Couldn't connect to host, port: smtp.office365.com, 587; timeout 5000",
            "smtp.office365.com",
            587,
            None,
            "microsoft365",
        ),
        (
            "unable to connect to ssl://email-smtp.eu-west-1.amazonaws.com:465 (Unknown error)",
            "email-smtp.eu-west-1.amazonaws.com",
            465,
            Security.TLS,
            "aws-ses",
        ),
        ('host: "mail.example.com",\n  port: 2525,', "mail.example.com", 2525, None, ""),
        ("relay=mx.example.org[192.0.2.3]:25, dsn=4.4.2", "mx.example.org", 25, None, ""),
        ("Unknown SMTP host: smpt.example.com", "smpt.example.com", None, None, ""),
        ("nothing of the kind, see mailer.py and port 99999", "", None, None, ""),
        ("smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error')", "", None, None, ""),
    ],
)
def test_the_way_is_read_where_it_is_named(
    text: str, host: str, port: int | None, security: Security | None, provider: str
) -> None:
    """Host, port and security as programs write them, and whose host it is."""
    known = read(text).evidence
    assert (known.host, known.port, known.security, known.provider) == (
        host,
        port,
        security,
        provider,
    )


def test_what_the_caller_knows_goes_first() -> None:
    """A form's fields are surer than words in a trace."""
    known = read(
        "connect ECONNREFUSED smtp.gmail.com:25", provider="elastx", port=25, security=Security.NONE
    ).evidence
    assert (known.provider, known.port, known.security) == ("elastx", 25, Security.NONE)


def test_context_decides_what_a_text_leaves_open() -> None:
    """The same refusal is another mistake at another service, or with another kind of key."""
    refused = "535 Authentication failed"
    ses = f"host: 'email-smtp.eu-west-1.amazonaws.com', {refused}"
    sendgrid = f'smtp.sendgrid.net: {refused} for user: "shop@example.com"'
    assert read(refused).hints[0].code == "auth-bad-credentials"
    assert read(ses).hints[0].code == "auth-wrong-credential-type.ses"
    assert read(f"{ses} pass: '{'k' * 40}'").hints[0].code == "auth-wrong-credential-type.ses-iam"
    assert read(sendgrid).hints[0].code == "auth-wrong-credential-type.user-name"


SECRET = "Tr0ub4dor&3x"


@pytest.mark.parametrize(
    "text",
    [
        f"smtp://shop:{SECRET}@smtp.example.com:587",
        f'{{"user": "shop", "password": "{SECRET}"}}',
        f"  pass: '{SECRET}',",
        f"SMTP_PASSWORD={SECRET}",
        f"client_secret = {SECRET}",
        f'server.login("shop", "{SECRET}")',
        f"AUTH PLAIN {base64.b64encode(SECRET.encode()).decode()}",
        f"S: 334 UGFzc3dvcmQ6\nC: {base64.b64encode(SECRET.encode()).decode()}",
        f"Authorization: Bearer {SECRET.replace('&', '.')}",
    ],
)
def test_secrets_are_hidden_before_anything_is_shown(text: str) -> None:
    """Places and shapes give them away; what remains still tells the cause."""
    found = read(f"{text}\n535 5.7.8 Error: authentication failed")
    shown = " ".join((found.text, *found.telling, str(found.evidence)))
    for form in (SECRET, SECRET.replace("&", "."), base64.b64encode(SECRET.encode()).decode()):
        assert form not in shown
    assert "[secret]" in found.text
    assert found.hints[0].category == "auth-bad-credentials"


@pytest.mark.parametrize(
    "text",
    [
        "Password command failed: 535 5.7.8 Wrong",
        "invalid password: authentication failed",
        "535 5.7.8 the token has expired",
    ],
)
def test_words_about_secrets_stay(text: str) -> None:
    """They tell the cause."""
    assert redacted(text) == text


def test_the_lines_that_tell_are_few_and_printable() -> None:
    """Nothing in them can command a terminal, and a long log does not bury them."""
    log = "\n".join(f"10:00:{second:02} info: sent message {second}" for second in range(60))
    found = read(f"{log}\n\x1b[31mcertificate has \x1b]0;expired\x07\x1b[0m\n{log}")
    assert found.telling == ("certificate has \\x1b]0;expired\\x07",)


def test_of_an_endless_text_both_ends_are_read() -> None:
    """The cause stands in the first line or in the last."""
    noise = "all is well. " * (LOOKED_AT // 10)
    assert read(f"550 5.7.1 Relay denied\n{noise}").hints[0].category == "relay-denied"
    assert read(f"{noise}\n550 5.7.1 Relay denied").hints[0].category == "relay-denied"
    assert len(read(noise).text) <= LOOKED_AT + LOOKED_AT // 500


def test_no_rest_of_a_secret_stands_where_a_text_is_cut() -> None:
    """Neither where lines are broken nor where the middle of an endless text is left out."""
    for before in range(990, 1001):
        assert SECRET[4:] not in read(f"{'x' * before} password='{SECRET}' end").text
    half = LOOKED_AT // 2
    for part in range(1, len(SECRET)):
        tail = f"{SECRET[part:]} {'y ' * half}"[: half - 1]
        assert SECRET[6:] not in read(f"{'x ' * LOOKED_AT}{SECRET[:part]}{tail}z").text


@pytest.mark.parametrize("text", ["", "   \n", "hello", "Lorem ipsum dolor sit amet.", "\x00\x01"])
def test_what_tells_nothing_is_answered_kindly(text: str) -> None:
    """The answer says what to paste instead."""
    found = read(text)
    assert not found.is_known
    assert [hint.code for hint in found.hints] == ["unknown.text"]
    assert any("Paste" in step for step in found.hints[0].steps)


NASTY = (
    *("auth", "550 ", "550-5.7.1 ", "5.7.1", "a@", "a.", "host ", "x=", "ssl://a:", "user "),
    *("sender ", "Caused by: ", "password=", "https://", "[", "((", "\n ", "\n", "'", '"', "é"),
    *("not ", "limit ", "per ", "AUTH PLAIN ", "at ", "login(", "=\n", "Received: x\n y", "{host}"),
)


def test_no_repetition_is_too_much() -> None:
    """A text made to keep patterns busy is read like any other."""
    each = LOOKED_AT // len(NASTY)
    assert read("\n".join(unit * (each // len(unit)) for unit in NASTY)).hints[0].steps


@given(st.lists(st.sampled_from(NASTY), max_size=60).map("".join) | st.text(max_size=400))
def test_any_text_has_a_next_step(text: str) -> None:
    """Never an error, never an empty answer, and a hint is always our own sentence."""
    found = read(text)
    assert 1 <= len(found.hints) <= 3
    assert all(hint.steps for hint in found.hints)
    assert all(line.isprintable() for line in found.telling)


@given(st.text("abcXYZ<>{}&;", min_size=12, max_size=40))
def test_no_hint_repeats_what_was_pasted(word: str) -> None:
    """A server cannot write into our advice."""
    for hint in read(f"550 5.7.1 Relay denied {word}\nspam {word}").hints:
        assert word not in " ".join((hint.title, hint.why, *hint.steps))
