"""Hints: a login is wanted or not offered, or the server does not serve this client."""

from smtp.hints.base import Hint, Rule
from smtp.hints.corrections import encryption
from smtp.outcome import Failure, Security, Stage

REQUIRED = Hint(
    code="auth-required",
    category="auth-required",
    title="The server wants a login",
    why="It does not take mail from a client that has not logged in.",
    steps=(
        "Enter user name and password.",
        "If they are entered, choose STARTTLS or TLS: some servers offer no login without.",
    ),
    field="username",
)
UNSUPPORTED = Hint(
    code="auth-unsupported",
    category="auth-unsupported",
    title="The server offers no login here",
    why="On this port the server takes mail without a login, or is not meant for clients.",
    steps=(
        "For an open relay in your own network leave user name and password empty.",
        "Otherwise use the port for submission, usually 587 or 465. {ports}",
    ),
    field="port",
)
HIDDEN = Hint(
    code="starttls-required.hidden-login",
    category="starttls-required",
    title="The server offers a login only after encryption",
    why="Nothing is encrypted now, and most servers do not offer a login until it is.",
    steps=("Choose STARTTLS on port 587, or TLS on port 465.", "Try the connection again."),
    field="security",
)
MECHANISM = Hint(
    code="auth-unsupported.mechanism",
    category="auth-unsupported",
    title="The server offers only kinds of login that cannot be used here",
    why="Relaydesk logs in with PLAIN, LOGIN or CRAM-MD5, and the server wants something else, "
    "such as OAuth or Windows sign-in.",
    steps=(
        "Ask the service for a password login, or an app password.",
        "Check that encryption is on: before it, some servers hide the usual kinds.",
    ),
    field="security",
)
CLIENT_IP = Hint(
    code="client-ip-not-allowed",
    category="client-ip-not-allowed",
    title="The service does not know the IP address this server sends from",
    why="It accepts the account only from registered addresses.",
    steps=(
        "Find the public address of this server, for IPv4 and for IPv6.",
        "Register both with the service, or lift the restriction there.",
    ),
)
RELAY = Hint(
    code="relay-denied",
    category="relay-denied",
    title="The server will not pass mail on to other domains",
    why="It sees a client that has not logged in, or that may not send for this domain.",
    steps=(
        "Enter user name and password, or check that they belong to this very server.",
        "Check that the From domain is one the server may send for.",
        "Use the port for submission, 587 or 465, not the one for incoming mail.",
    ),
    field="username",
)

_WANTED = (
    r"auth\w* (?:is )?(?:required|needed|first)",
    r"requires? (?:\w+ )?auth|send auth\w*\b.{0,10} first",
    r"(?:must|need to|have to) (?:first )?(?:be )?(?:auth|log)|log-?in (?:is )?(?:required|needed)",
    r"(?:not|isn't|un) ?(?:been )?authenticated(?! mail| e)|unauthenticated senders?",
    r"not logged in|log ?in first",
    r"(?:turn|switch) on smtp auth",
    r"please (?:authenticate|log ?in)(?! via)",
    r"pop before smtp|anonymous (?:mail|sender)|authentication turned on|don't authenticate",
    r"(?:necess[aá]ria|requer\w*|requise|richiesta|erforderlich|需要|必须).{0,30}"
    r"(?:autentica\w*|authenti\w*|anmeld\w*|认证|验证|登录)",
    r"(?:autentica\w*|authenti\w*|anmeld\w*|认证|验证).{0,30}"
    r"(?:necess[aá]ria|requer\w*|requise|obbligatoria|erforderlich)",
    r"Client wurde nicht authenti|client n'(?:[ée]tait|est) pas authenti|cliente no se autentic",
    r"cliente n[aã]o foi autentic|客户端未通过身份验证|подлинность клиента не",
)
_NOT_OFFERED = (
    r"auth\w*.{0,20}not (?:supported|available|implemented|enabled|advertised)",
    r"(?:not|n't) (?:support|offer|advertise|provide)\w* (?:the )?(?:SMTP )?auth|offers:? no auth",
    r"unrecogni[sz]ed.{0,60}\bAUTH\b",
)
_NOT_REGISTERED = (
    r"(?:unauthori[sz]ed|not authori[sz]ed|not allowed|not permitted).{0,40}\bip\b",
    r"not (?:registered|white\w+|listed|in the allow\w*).{0,40}\bip\b",
    r"\bip\b.{0,60}(?:isn't|not|doesn't match).{0,20}(?:registered|authori[sz]ed|allowed|domain)",
    r"\bip\b.{0,60}(?:isn't|not|doesn't) (?:white|permitted|match)",
    r"credentials for relay",
    r"ip (?:address )?restriction",
)
_NO_RELAY = (
    r"relay(?:ing)?\b.{0,30}not (?:permitted|allowed|possible|authori[sz]ed)",
    r"relay(?:ing)?\b.{0,30}(?:denied|prohibited|rejected|disabled|refused)",
    r"(?:not (?:permitted|allowed|configured)|unable|refus\w+|won't|cannot|do not) (?:to )?relay",
    r"relaying disallowed(?! as)",
    r"allowed rcpthost|no relay|open relay|(?:mail|as a) relay\b|relaying mail|not a gateway",
    r"(?:cannot|can't|won't|don't|not) (?:deliver|handle|accept|take) (?:e-?)?mail for",
    r"not local host|local users? only|domain is not allowed",
    r"not (?:allowed|permitted|authori[sz]ed) to send e?-?mail\b(?! (?:from|as|to))",
)

RULES = (
    Rule(
        hint=CLIENT_IP,
        says=_NOT_REGISTERED,
        unless=(r"\bspf\b|dkim|dmarc", r"directly to our|reputation|\bPTR\b"),
    ),
    Rule(hint=CLIENT_IP, codes=(525,), enhanced=("5.7.1",)),
    # Microsoft knows its tenants by the addresses or certificates of their connectors.
    Rule(hint=CLIENT_IP, says=(r"tenant ?attribution",), enhanced=("5.7.64", "4.7.64")),
    Rule(hint=RELAY, says=_NO_RELAY, unless=(r"relaying disallowed as",)),
    # Postfix, of a client that has no right to write to any foreign domain.
    Rule(
        hint=RELAY,
        says=(r"recipient address rejected: access denied",),
        codes=(554,),
        enhanced=("5.7.1",),
    ),
    Rule(
        hint=REQUIRED,
        says=_WANTED,
        unless=(r"RESOLVER\.RST", r"dmarc|dkim|\bspf\b", r"must issue|web ?browser"),
    ),
    Rule(hint=REQUIRED, codes=(530,), unless=(r"tls|secure|encrypt",)),
    Rule(hint=REQUIRED, enhanced=("5.7.57",)),
    Rule(
        hint=HIDDEN,
        failures=(Failure.AUTH_MISSING,),
        securities=(Security.NONE,),
        correct=encryption,
    ),
    Rule(hint=UNSUPPORTED, failures=(Failure.AUTH_MISSING,)),
    Rule(hint=MECHANISM, failures=(Failure.AUTH_MECHANISM,)),
    Rule(
        hint=MECHANISM,
        says=(
            r"(?:unrecogni[sz]ed|unsupported|unknown) auth(?!ority)\w*",
            r"no (?:form|kind) of auth",
            r"\bno (?:\w+ )?auth\w* (?:method|mechanism|type)s?",
            r"(?:no|not|failed to) find .{0,20}authenticator",
            r"auth\w* (?:type|method|mechanism).{0,20}not supported",
            r"(?:cannot|can't|could not) find .{0,20}auth\w* (?:method|mechanism)",
            r"no worthy mechs?|no mechanism available|supported auth mechanisms",
        ),
        unless=(r"no authentication type succeeded",),
    ),
    Rule(hint=MECHANISM, stages=(Stage.AUTH,), codes=(504,)),
    Rule(hint=HIDDEN, says=_NOT_OFFERED, securities=(Security.NONE,), correct=encryption),
    Rule(hint=HIDDEN, says=(r"\bunencrypted connection",), correct=encryption),  # Go's net/smtp
    Rule(hint=UNSUPPORTED, says=_NOT_OFFERED, unless=(r"basic auth",)),
    Rule(hint=UNSUPPORTED, stages=(Stage.AUTH,), codes=(500, 502, 503)),
)
