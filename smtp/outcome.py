"""What happened when a setting was tried: the stages of an attempt and its Outcome."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Security(StrEnum):
    """How the connection is protected. Three values, matched completely everywhere."""

    NONE = "none"
    STARTTLS = "starttls"  # RFC 3207: plain first, then upgraded
    TLS = "tls"  # RFC 8314 section 3: TLS from the first octet


class Stage(StrEnum):
    """The steps of an attempt, in the order in which they happen."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    CERTIFICATE = "certificate"
    AUTH = "auth"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    QUIT = "quit"


class Failure(StrEnum):
    """The kind of thing that went wrong. What to do about it is chosen by `smtp.hints`."""

    TARGET_REFUSED = "target-refused"  # our own rules forbid this address or port
    NO_SUCH_HOST = "no-such-host"
    RESOLVER_FAILED = "resolver-failed"
    CONNECTION_REFUSED = "connection-refused"
    TIMEOUT = "timeout"  # at stage connect: no TCP connection; later: the server fell silent
    UNREACHABLE = "unreachable"
    BLOCKED_LOCALLY = "blocked-locally"
    CLOSED = "closed"  # the server ended an established connection (EOF or reset)
    NOT_SMTP = "not-smtp"  # something answered, in another language
    TOO_MUCH = "too-much"  # the server sent more than our limits allow
    REPLY = "reply"  # the server answered with a refusal: see `Outcome.reply`
    STARTTLS_MISSING = "starttls-missing"
    STARTTLS_INJECTED = "starttls-injected"  # plain text after the consent, RFC 3207 section 6
    TLS_MODE = "tls-mode"  # the peer does not speak TLS here, or speaks nothing but TLS
    TLS_PROTOCOL = "tls-protocol"  # no common version or cipher
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_HOSTNAME = "certificate-hostname"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    AUTH_MISSING = "auth-missing"  # a login is wanted, the server offers none
    AUTH_MECHANISM = "auth-mechanism"  # none of the offered mechanisms is one of ours
    PLAIN_PASSWORD = "plain-password"  # noqa: S105 - refused by us: it would go unencrypted
    PASSWORD_NEEDED = "password-needed"  # noqa: S105 - the stored password belongs to other values
    UNSENDABLE = "unsendable"  # no correct message can be written from this setting
    LOST = "lost"  # our own worker died while the message was on its way


@dataclass(frozen=True)
class Reply:
    """A server's reply (RFC 5321 section 4.2); `enhanced` as in RFC 3463, or empty."""

    code: int
    enhanced: str
    text: str

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.code), self.enhanced, self.text) if part)


@dataclass(frozen=True)
class StageResult:
    """One stage: how long it took in milliseconds, whether it went well, a short remark."""

    stage: Stage
    milliseconds: float
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class Outcome:
    """The whole story of one attempt. An edge always returns one, also when all went wrong.

    `stage` is the last stage entered; `message` one line for a log; `transcript` the
    conversation with secrets masked; `unclear` is true when the connection was lost after the
    message was handed over, so nobody can say whether it was accepted.
    """

    ok: bool
    stage: Stage
    failure: Failure | None = None
    reply: Reply | None = None
    message: str = ""
    stages: tuple[StageResult, ...] = ()
    transcript: tuple[str, ...] = ()
    unclear: bool = False
    peer: str = ""  # the address really used
    tls: str = ""  # negotiated version and cipher
    capabilities: tuple[str, ...] = field(default=())  # EHLO keywords seen last

    def as_json(self) -> dict[str, Any]:
        """Return plain values that JSON can hold; `from_json` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild an Outcome from what `as_json` returned."""
        failure, reply = data.get("failure"), data.get("reply")
        return cls(
            ok=data["ok"],
            stage=Stage(data["stage"]),
            failure=Failure(failure) if failure else None,
            reply=Reply(**reply) if reply else None,
            message=data["message"],
            stages=tuple(
                StageResult(**{**stage, "stage": Stage(stage["stage"])}) for stage in data["stages"]
            ),
            transcript=tuple(data["transcript"]),
            unclear=data["unclear"],
            peer=data["peer"],
            tls=data["tls"],
            capabilities=tuple(data["capabilities"]),
        )
