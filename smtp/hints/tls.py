"""Hints: the connection cannot be encrypted, or not in the way that was chosen."""

from smtp.hints.base import Hint, Rule
from smtp.hints.corrections import (
    documented_host,
    fitting_security,
    other_port,
    starttls,
    working_way,
)
from smtp.outcome import Failure, Security, Stage

REQUIRED = Hint(
    code="starttls-required",
    category="starttls-required",
    title="The server wants encryption before anything else",
    why="It refuses to go on in plain text and asks for STARTTLS.",
    steps=("Choose STARTTLS for {port}.", "Try the connection again."),
    field="security",
)
UNSUPPORTED = Hint(
    code="starttls-unsupported",
    category="starttls-unsupported",
    title="The server does not offer STARTTLS on {port}",
    why="It may want TLS from the start on another port, or something on the way hides the offer, "
    "as some firewalls and antivirus programs do.",
    steps=(
        "Try another port. {ports}",
        "From another network see whether STARTTLS is offered there.",
        "Only for a relay in your own network: choose no encryption, and no login.",
    ),
    field="security",
)
INJECTED = Hint(
    code="starttls-injected",
    category="starttls-unsupported",
    title="Somebody put plain text between STARTTLS and the encryption",
    why="The server's consent must be the last thing before encryption. More text is a sign of a "
    "faulty server or of an attack, so the connection was ended before the login.",
    steps=(
        "Try TLS from the start on port 465, if the service offers it.",
        "Tell the operator of {host}; do not send over this network until it is clear.",
    ),
    field="security",
)
MODE = Hint(
    code="tls-mode-mismatch",
    category="tls-mode-mismatch",
    title="Port and security do not fit together",
    why="One side began with TLS and the other with plain text, so neither understood the other.",
    steps=(
        "Try the other kind. {ports}",
        "Port 465 and 2465 go with TLS from the start.",
        "Port 587, 2587, 2525 and 25 go with STARTTLS.",
    ),
    field="security",
)
SILENT = Hint(
    code="tls-mode-mismatch.silent",
    category="tls-mode-mismatch",
    title="The server on {port} waits for TLS, and nothing came from either side",
    why="On this port a server says nothing until the client has begun TLS.",
    steps=("Choose TLS from the start for {port}.", "Or use port 587 with STARTTLS."),
    field="security",
)
NOT_SMTP = Hint(
    code="tls-mode-mismatch.not-smtp",
    category="tls-mode-mismatch",
    title="What answers on {port} is not a mail server",
    why="Its first words are those of another protocol, such as HTTP, SSH or IMAP.",
    steps=(
        "Check the host name, and that the port is one for sending mail. {ports}",
        "If both are right, a proxy or firewall answers in its place.",
    ),
    field="port",
)
PROTOCOL = Hint(
    code="tls-protocol",
    category="tls-protocol",
    title="No common TLS version or cipher",
    why="One side is too old for the other: TLS 1.2 is the least that is accepted today.",
    steps=(
        "Ask the server's operator for TLS 1.2 or newer.",
        "For an old program or device, update its TLS library.",
        "Check that a proxy or antivirus does not answer in the server's place.",
    ),
    field="host",
)
EXPIRED = Hint(
    code="cert-expired",
    category="cert-expired",
    title="The server's certificate has expired",
    why="Its time is over, or not yet come, so nobody can tell whose server this is.",
    steps=(
        "If the server is yours, renew the certificate and reload the mail server.",
        "Otherwise tell its operator.",
        "Check the clock of this machine.",
    ),
    field="host",
)
HOSTNAME = Hint(
    code="cert-hostname",
    category="cert-hostname",
    title="The server's certificate is for another name than {host}",
    why="The host is an alias or an address, or something else answers in the server's place.",
    steps=(
        "Enter the name that stands in the certificate, usually the operator's own host name.",
        "If the server is yours, get a certificate that includes {host}.",
        "If the certificate is your hosting company's, it redirects outgoing mail: ask it to stop.",
    ),
    field="host",
)
UNTRUSTED = Hint(
    code="cert-untrusted",
    category="cert-untrusted",
    title="Nobody known has signed the server's certificate",
    why="It is self-signed, of a private authority, or sent without its intermediate certificate.",
    steps=(
        "If the server is yours, install the full chain or get a public certificate.",
        "For a private authority, add its certificate to those that the sending program trusts; "
        "for Relaydesk, ask its operator.",
        "Otherwise check that the host is right and nothing intercepts the connection.",
    ),
    field="host",
)
INTERRUPTED = Hint(
    code="tls-interrupted",
    category="session-interrupted",
    title="The connection ended while encryption was being set up",
    why="The server, or a firewall between, closed it in the middle of the handshake.",
    steps=(
        "Try another port. {ports}",
        "If that fails as well, try from another network.",
    ),
    field="port",
)

_EXPIRED = (
    r"cert\w*.{0,60}(?:expired|not yet valid)|expired cert",
    r"CertificateExpired|NotAfter|not within its validity",
)
_HOSTNAME = (
    r"altname|name ?mismatch|address mismatch",
    r"host ?name.{0,40}(?:not match|n't match|not verified|verification)",
    r"certificate is (?:not valid for|valid for)|\bIP SANs\b",
    r"no (?:alternative certificate )?subject.{0,40}match|did not match expected",
    r"name in the certificate|does not match target host",
)
_UNTRUSTED = (
    r"self[- _]?signed",
    r"unable[ _]to[ _](?:get|verify)",
    r"unknown (?:authority|ca\b|issuer)|partial ?chain|CertificateChainErrors",
    r"PKIX|not trusted|untrusted|revocation|\bCRL\b|system roots",
    r"certificate[ _]verif\w+[ _]failed|certificate is invalid|certificate not verified",
    r"\balert\b.{0,20}(?:(?:bad|unsupported)[_ ]cert|certificate[_ ]unknown|unknown[_ ]ca\b)",
    r"CertificateValidation|issuer certificate|fingerprint does not match|peer certificate",
)
_MODE = (
    r"wrong[ _]version[ _]number|unknown[ _]protocol|record overflow|record layer failure",
    r"plaintext connection|http request",
    r"unrecogni[sz]ed SSL|not an? (?:SSL|TLS) (?:record|message)",
    r"does not look like a TLS|unexpected packet format|not support SSL\b",
    r"frame size|corrupted frame|corrupt message|plain ?text \W?220",
    r"(?:packet|data) length too long|unexpected TLS packet|unexpected message",
)
_PROTOCOL = (
    r"(?:alert:?|unsupported|no appropriate|no supported) (?:protocol|version)",
    r"no protocols available|version too low|common algorithm",
    r"protocol version .{0,20}not (?:accept|support)",
    r"TLS ?v?1\.?[01]\b",
    r"handshake[ _]fail(?!ed with|ed due)|sslv3 alert(?! (?:\w+ )?cert)|fatal alert",
    r"unsupported protocol",
    r"\bno .{0,30}cipher|ciphers?\b.{0,40}(?:mismatch|not|fail|inappropriate|disabled|weak)",
    r"key too small|legacy (?:sigalg|renegotiation)",
)
_WANTED = (
    r"\b(?:issue|use|send|requires?|begin|need)\b.{0,20}(?:STARTTLS|\bTLS\b|encrypt)",
    r"(?:encryption|secure connection|TLS|STARTTLS)\b.{0,20}(?:is )?(?:required|needed|first)",
)
_NOT_OFFERED = (
    r"STARTTLS.{0,60}(?:not|n't) (?:support|offer|availab|advertis|implement|recogni|enabled)",
    r"\bTLS\b.{0,30}not (?:offered|advertised)|requested (?:SSL|TLS) level failed",
    r"(?:not|n't) (?:support|offer|advertise)\w* .{0,20}(?:STARTTLS|TLS|secure connection)",
    r"no STARTTLS|STARTTLS missing|TLS not available",
)
# How IMAP, POP3 and SSH greet.
_FOREIGN = (
    r"\* OK .{0,40}(?:CAPABILITY|IMAP|ready)|\bIMAP4rev\d",
    r"\+OK .{0,60}(?:POP|ready|dovecot)|\bSSH-[12]\.\d",
    r"(?:short|bad|invalid|unexpected|malformed) (?:server )?(?:response|greeting|reply)"
    r".{0,20}HTTP/\d|weird server reply",
)
_BROKEN = (r"(?:terminated|closed|during|end of file).{0,30}handshake",)
_SILENCE = (r"\bEOF\b", r"timed? ?out|greeting", r"unexpectedly closed|lost connection")

RULES = (
    Rule(hint=UNSUPPORTED, failures=(Failure.STARTTLS_MISSING,), correct=working_way),
    Rule(hint=UNSUPPORTED, stages=(Stage.STARTTLS,), codes=(4, 5), correct=working_way),
    Rule(hint=INJECTED, failures=(Failure.STARTTLS_INJECTED,)),
    Rule(hint=MODE, failures=(Failure.TLS_MODE,), correct=fitting_security),
    Rule(hint=MODE, says=_MODE, correct=fitting_security),
    Rule(hint=UNSUPPORTED, says=_NOT_OFFERED),
    Rule(
        hint=REQUIRED,
        says=_WANTED,
        unless=(
            r"client (?:was|is) not authenticated|client was not",
            r"TLS 1\.",
            r"does not support|not offered|extension|level failed",
        ),
        correct=starttls,
    ),
    Rule(hint=REQUIRED, codes=(538,), correct=starttls),
    Rule(
        hint=SILENT,
        failures=(Failure.TIMEOUT, Failure.CLOSED),
        stages=(Stage.GREETING,),
        ports=(465, 2465),
        securities=(Security.NONE, Security.STARTTLS),
        correct=fitting_security,
    ),
    Rule(
        hint=SILENT,
        says=_SILENCE,
        ports=(465, 2465),
        securities=(Security.NONE, Security.STARTTLS),
        correct=fitting_security,
    ),
    Rule(hint=NOT_SMTP, failures=(Failure.NOT_SMTP,), correct=working_way),
    Rule(hint=NOT_SMTP, says=_FOREIGN, correct=working_way),
    # PEAR's Net_SMTP, to which nobody said a word.
    Rule(
        hint=SILENT,
        says=(r"code: -1\b",),
        ports=(465, 2465),
        unless=(r"ssl|tls",),
    ),
    Rule(
        hint=INTERRUPTED,
        failures=(Failure.CLOSED, Failure.TIMEOUT),
        stages=(Stage.STARTTLS, Stage.CERTIFICATE),
        correct=other_port,
    ),
    Rule(hint=EXPIRED, failures=(Failure.CERTIFICATE_EXPIRED,)),
    Rule(hint=EXPIRED, says=_EXPIRED),
    Rule(hint=HOSTNAME, failures=(Failure.CERTIFICATE_HOSTNAME,), correct=documented_host),
    Rule(hint=HOSTNAME, says=_HOSTNAME, correct=documented_host),
    Rule(hint=UNTRUSTED, failures=(Failure.CERTIFICATE_UNTRUSTED,)),
    Rule(hint=UNTRUSTED, says=_UNTRUSTED),
    Rule(hint=PROTOCOL, failures=(Failure.TLS_PROTOCOL,)),
    Rule(hint=PROTOCOL, says=_PROTOCOL, unless=(r"unexpected packet|wrong version number",)),
    Rule(hint=INTERRUPTED, says=_BROKEN, correct=other_port),
)

# What remains when the server says nothing but a code of RFC 5248.
VAGUE_RULES = (Rule(hint=REQUIRED, enhanced=("x.7.10", "x.7.11"), correct=starttls),)
