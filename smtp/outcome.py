"""What happened when a setting was tried: the stages of an attempt and its Outcome."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
class Dialled:
    """One address that was dialled, and in a word what came of it, such as `connected`."""

    address: str
    milliseconds: float
    result: str


@dataclass(frozen=True)
class Certificate:
    """What a server showed to prove its name (RFC 5280).

    `names` are those it is valid for, `valid_from` and `valid_until` days as `2026-11-21`.
    `fault` is why it is not trusted, in the words of the TLS library, or empty.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    valid_from: str
    valid_until: str
    fault: str = ""


@dataclass(frozen=True)
class Probe:
    """What one port answered when it was tried without a login, after an attempt had failed.

    `security` is the way that came furthest; with `failure` None it works, and `certificate` is
    good. `mechanisms` are the kinds of AUTH that were offered in the end.
    """

    port: int
    security: Security
    milliseconds: float
    failure: Failure | None = None
    mechanisms: tuple[str, ...] = ()
    certificate: Certificate | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a Probe from its part of what `Outcome.as_json` returned."""
        failure = data["failure"]
        return cls(
            **{
                **data,
                "security": Security(data["security"]),
                "failure": Failure(failure) if failure else None,
                "mechanisms": tuple(data["mechanisms"]),
                "certificate": _certificate(data["certificate"]),
            }
        )


def _certificate(data: Mapping[str, Any] | None) -> Certificate | None:
    return Certificate(**{**data, "names": tuple(data["names"])}) if data else None


@dataclass(frozen=True)
class Outcome:
    """The whole story of one attempt. An edge always returns one, also when all went wrong.

    `stage` is the last stage entered; `message` one line for a log; `transcript` the
    conversation with secrets masked; `unclear` is true when the connection was lost after the
    message was handed over, so nobody can say whether it was accepted. `capabilities` are the
    EHLO keywords seen last, `clear_capabilities` those from before TLS. `mechanism` is the kind
    of AUTH that was tried last, `probes` what other ports answered where the way had failed.
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
    capabilities: tuple[str, ...] = ()
    clear_capabilities: tuple[str, ...] = ()
    mechanism: str = ""
    dialled: tuple[Dialled, ...] = ()
    certificate: Certificate | None = None
    probes: tuple[Probe, ...] = ()

    @property
    def size_limit(self) -> int | None:
        """How many octets a message may have, if the server said so (RFC 1870)."""
        for line in self.capabilities:
            words = line.upper().split()
            if len(words) == 2 and words[0] == "SIZE" and words[1].isdecimal():
                return int(words[1][:15]) or None  # 0: no fixed limit
        return None

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
            # What follows is not in rows of earlier releases.
            clear_capabilities=tuple(data.get("clear_capabilities", ())),
            mechanism=data.get("mechanism", ""),
            dialled=tuple(Dialled(**one) for one in data.get("dialled", ())),
            certificate=_certificate(data.get("certificate")),
            probes=tuple(Probe.from_json(one) for one in data.get("probes", ())),
        )
