"""What a recorded conversation between client and server tells beside the server's replies."""

import re

from smtp.outcome import Failure, Stage
from smtp.reading.failures import Mark
from smtp.reading.lines import COMMAND, SERVER
from smtp.reading.stages import COMMANDS

_GO_AHEAD = re.compile(r"\b354[ -]")  # RFC 5321 section 4.1.1.4
_END = re.compile(r"(?:.{0,60}[\s:>])?\.(?:[\"'\s]{0,3}|\\r|\\n)*$")
_SILENT = re.compile(rf"(?:.{{0,60}}\s)?{SERVER}\s?:?\s{{0,3}}$")
_READY = re.compile(r"\b220[ -]")
_GAVE_UP = re.compile(r"\berror|exception|fail|could not|unable", re.IGNORECASE)

_GAVE_UP_ON_TLS = Mark(Failure.CERTIFICATE_UNTRUSTED, Stage.CERTIFICATE, "")


def without_content(lines: list[str]) -> list[str]:
    """Return the lines without the message that was handed over: it is the client's own text.

    It stands between the server's 354 and a line with nothing but a dot. Without such a line
    nothing is left out.
    """
    ends = [at for at, line in enumerate(lines) if _END.match(line)]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        kept.append(lines[at])
        is_start = bool(ends) and _GO_AHEAD.search(lines[at]) is not None
        while is_start and ends and ends[0] <= at:
            ends.pop(0)
        at = ends[0] if is_start and ends else at + 1
    return kept


def broken_off(lines: list[str]) -> tuple[Mark, str] | None:
    """Return how the conversation broke off, and the line that shows it.

    The server's answer is empty: the connection is gone. Or the client stopped after it had been
    told to begin TLS: it did not like the certificate, which is the commonest reason.
    """
    stage: Stage | None = None
    for line in lines:
        command = COMMAND.match(line)
        if command:
            stage = COMMANDS[command[command.lastindex or 0].upper()]
        elif stage is Stage.STARTTLS and _READY.search(line):
            stage = Stage.CERTIFICATE
        elif _GO_AHEAD.search(line):
            stage = Stage.DATA
        elif stage is Stage.CERTIFICATE and _GAVE_UP.search(line):
            return _GAVE_UP_ON_TLS, line
        elif _SILENT.match(line):
            return Mark(Failure.CLOSED, stage, ""), line
    return None
