"""Rarer moods of mail servers, and some in the words of one service; the demo leaves them out."""

from config.lab.certificates import Identity
from config.lab.mood import HANGS_UP, Manner, Mood, refuses
from smtp.outcome import Failure, Security, Stage

LOGIN = (
    Mood(
        "apikey",
        "Has one user name for everybody",
        "The user name is a fixed word: apikey.",
        username="apikey",
        bad_login="535 Authentication failed: Bad username / password",
        stage=Stage.AUTH,
        failure=Failure.REPLY,
        code=535,
    ),
    Mood(
        "smtp-credentials",
        "Does not take keys of its API",
        "The password is of another kind: create SMTP credentials.",
        username="AKIAIOSFODNN7EXAMPLE",
        bad_login="535 Authentication Credentials Invalid",
        stage=Stage.AUTH,
        failure=Failure.REPLY,
        code=535,
    ),
    refuses(
        "smtp-login-off",
        "Has switched the login off",
        "Sending with a password is switched off for this mailbox.",
        "AUTH",
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
        "Tenant. Visit https://support.example/smtp_auth_disabled for more information.",
    ),
    Mood(
        "token-expired",
        "Does not take the token any more",
        "The access token has expired.",
        mechanisms="XOAUTH2",
        # A refusal is a challenge, base64 of {"status":"401"}; the reply follows an empty line.
        replies={
            "AUTH": "334 eyJzdGF0dXMiOiI0MDEifQ==",
            "": "535-5.7.8 Username and Password not accepted. For more information, go to\n"
            "535 5.7.8  https://support.example/mail/?p=BadCredentials",
        },
        stage=Stage.AUTH,
        failure=Failure.AUTH_MECHANISM,  # with a password; with a token it is a reply
    ),
    refuses(
        "login-later",
        "Cannot check the login",
        "The login cannot be checked now: try again later.",
        "AUTH",
        "454 4.7.0 Temporary authentication failure",
    ),
    Mood(
        "hides-login",
        "Offers a login only after encryption",
        "Choose STARTTLS: before it, the server offers no login.",
        security=Security.NONE,
        stage=Stage.AUTH,
        failure=Failure.AUTH_MISSING,
    ),
    Mood(
        "no-login",
        "Offers no login at all",
        "This port is not meant for clients that log in.",
        mechanisms="",
        stage=Stage.AUTH,
        failure=Failure.AUTH_MISSING,
    ),
    Mood(
        "other-logins",
        "Offers logins of other kinds only",
        "None of the offered kinds of login can be used here.",
        mechanisms="GSSAPI NTLM",
        stage=Stage.AUTH,
        failure=Failure.AUTH_MECHANISM,
    ),
    refuses(
        "wants-login",
        "Wants a login",
        "The server takes mail only after a login.",
        "MAIL",
        "530 5.7.0 Authentication required",
        login=False,
    ),
    refuses(
        "wants-login-late",
        "Wants a login, and says so late",
        "The server takes mail only after a login.",
        "RCPT",
        "550 5.7.1 Client was not authenticated to send mail",
        login=False,
    ),
    Mood(
        "drops-login",
        "Hangs up during the login",
        "The server ends the connection in place of an answer to the login.",
        replies={"AUTH": HANGS_UP},
        stage=Stage.AUTH,
        failure=Failure.CLOSED,
    ),
)

TLS = (
    refuses(
        "starttls-later",
        "Refuses STARTTLS",
        "Encryption is not available now; nothing secret was sent.",
        "STARTTLS",
        "454 4.7.0 TLS not available due to temporary reason",
    ),
    Mood(
        "self-signed",
        "Certificate signed by itself",
        "Nobody vouches for the server; nothing secret was sent.",
        identity=Identity.SELF_SIGNED,
        stage=Stage.CERTIFICATE,
        failure=Failure.CERTIFICATE_UNTRUSTED,
    ),
    Mood(
        "markup-certificate",
        "Certificate with HTML for a name",
        "Nobody vouches for the server; its names are shown as text.",
        identity=Identity.MARKUP,
        stage=Stage.CERTIFICATE,
        failure=Failure.CERTIFICATE_UNTRUSTED,
    ),
    Mood(
        "old-tls",
        "Speaks an old TLS only",
        "TLS 1.2 is the least that is accepted.",
        identity=Identity.OLD_TLS,
        stage=Stage.CERTIFICATE,
        failure=Failure.TLS_PROTOCOL,
    ),
)

CONNECTION = (
    Mood(
        "busy",
        "Has too many connections",
        "There are too many connections: fewer at a time, or later.",
        greeting="421 4.7.0 Too many concurrent SMTP connections from this IP address",
        stage=Stage.GREETING,
        failure=Failure.REPLY,
        code=421,
    ),
    Mood(
        "pouring",
        "Answers EHLO for ever",
        "The server sends more than our limits allow.",
        manner=Manner.POURING,
        stage=Stage.EHLO,
        failure=Failure.TOO_MUCH,
    ),
    Mood(
        "out-of-turn",
        "Answers out of turn",
        "The server's answer belongs to another command.",
        replies={"MAIL": "354 Go ahead"},
        stage=Stage.SENDER,
        failure=Failure.REPLY,
        code=354,
    ),
    Mood(
        "drops-message",
        "Hangs up after the message",
        "Unclear: nobody knows whether the message was accepted. It is not sent again.",
        replies={".": HANGS_UP},
        stage=Stage.DATA,
        failure=Failure.CLOSED,
    ),
)

REFUSALS = (
    refuses(
        "sender-identity",
        "Sender not verified",
        "Verify the From address or its domain at the provider.",
        ".",
        "550 The from address does not match a verified Sender Identity. Mail cannot be sent until "
        "this error is resolved.",
    ),
    refuses(
        "spf-fails",
        "SPF does not pass",
        "The records of the From domain are not right.",
        ".",
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated: neither SPF "
        "nor DKIM passed for the domain of the From address",
    ),
    refuses(
        "sandbox",
        "Recipient not verified in the sandbox",
        "In the sandbox the recipient has to be verified as well.",
        ".",
        "554 Message rejected: Email address is not verified. The following identities failed "
        "the check in region EU-WEST-1: you@example.com",
    ),
    refuses(
        "too-large",
        "Message too large",
        "The message is larger than the server takes.",
        "MAIL",
        "552 5.3.4 Message size exceeds fixed limit",
    ),
    refuses(
        "greylist-early",
        "Greylisting, in other words",
        "Not now: the same mail is accepted some minutes later.",
        "RCPT",
        "450 4.2.0 <you@example.com>: Recipient address rejected: Greylisted, see postgrey",
    ),
    refuses(
        "spam",
        "Taken for spam",
        "A filter refused the content.",
        ".",
        "550 5.7.1 Message rejected due to content restrictions: considered spam",
    ),
    refuses(
        "odd-characters",
        "Sends characters that no reply may have",
        "The recipient is not known; what cannot be printed is escaped.",
        "RCPT",
        "550 5.1.1 No such\x00 user \x1b[31m\x9b \udcff\udcfe\u202e here<script>alert(1)</script>",
    ),
)

RARER = {mood.slug: mood for mood in (*LOGIN, *TLS, *CONNECTION, *REFUSALS)}
