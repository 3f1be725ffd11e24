"""From a failure pasted out of any program to its evidence and its explanation."""

from dataclasses import dataclass

from smtp import hints
from smtp.hints import Evidence, Hint
from smtp.outcome import Failure, Security, Stage
from smtp.reading import facts, failures, lines, redaction, replies, stages
from smtp.reading.lines import LOOKED_AT

__all__ = ["LOOKED_AT", "Reading", "read", "redacted"]

_SHOWN = 8  # telling lines
_LONG = 1500  # characters; of a longer text only the lines near a reply are read
_BEFORE, _AFTER = 3, 8
_MOST_LINES = 60  # that are read one by one
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reading:
    """What was made of a text. `text` is the text as it may be shown again, without secrets.

    `telling` are the lines that led to the first hint; `is_known` is false if none was found.
    """

    evidence: Evidence
    hints: tuple[Hint, ...]
    telling: tuple[str, ...]
    text: str

    @property
    def is_known(self) -> bool:
        """Whether the failure could be told."""
        return self.hints[0].category != _UNKNOWN


def read(
    text: str, *, provider: str = "", port: int | None = None, security: Security | None = None
) -> Reading:
    """Read a failure. What the caller knows goes before what the text tells.

    At most `smtp.reading.lines.LOOKED_AT` characters are looked at. Never raises.
    """
    hidden, secret_length = redaction.redact(lines.split(text))
    shown = lines.printable(hidden)
    said = lines.telling(shown)
    told = facts.gather(shown)
    found = replies.find(said)
    named = None if found else failures.find(said)
    evidence = Evidence(
        stage=_stage(shown, said, found, named),
        failure=_failure(found, named),
        reply=found.reply if found else None,
        provider=provider or told.provider,
        host=told.host,
        port=port or told.port,
        security=security or told.security,
        username=told.username,
        secret_length=secret_length,
        text=_around(said, found),
    )
    explained = _explained(evidence)
    return Reading(
        evidence=evidence,
        hints=explained,
        telling=_telling(said, found, named, explained[0]),
        text="\n".join(shown),
    )


def redacted(text: str) -> str:
    """Return a text as it may be shown again: bounded, printable, without secrets."""
    return "\n".join(lines.printable(redaction.redact(lines.split(text))[0]))


def _failure(
    found: replies.Found | None, named: tuple[failures.Mark, int] | None
) -> Failure | None:
    if found:
        return Failure.REPLY
    return named[0].failure if named else None


def _stage(
    shown: list[str],
    said: list[str],
    found: replies.Found | None,
    named: tuple[failures.Mark, int] | None,
) -> Stage | None:
    if named and named[0].stage:
        return named[0].stage
    if not found:
        return stages.stage_of(shown, 0, 0)
    first = shown.index(said[found.first])
    return stages.stage_of(shown, first, first + found.end - found.first)


def _around(said: list[str], found: replies.Found | None) -> str:
    """Return what is read beside the reply: everything else, in a long text what stands near."""
    if found is None:
        return "\n".join(said)
    before, after = said[: found.first], said[found.end :]
    if sum(map(len, said)) > _LONG:
        before, after = before[-_BEFORE:], after[:_AFTER]
    return "\n".join([*before, found.before, *after])


def _explained(evidence: Evidence) -> tuple[Hint, ...]:
    explained = hints.explain(evidence)
    if explained[0].category == _UNKNOWN and evidence.reply is None:
        return (hints.get("unknown.text"),)
    return explained


def _telling(
    said: list[str],
    found: replies.Found | None,
    named: tuple[failures.Mark, int] | None,
    hint: Hint,
) -> tuple[str, ...]:
    """Return the lines to show: the refusal, the named failure, or what speaks for the hint."""
    if found:
        speaking = said[found.first : found.end]
    elif named:
        speaking = [said[named[1]]]
    elif hint.category == _UNKNOWN:
        speaking = []
    else:
        speaking = [line for line in said[:_MOST_LINES] if _category(line) == hint.category]
    return tuple(line.strip() for line in speaking[:_SHOWN])


def _category(line: str) -> str:
    return hints.explain(Evidence(text=line))[0].category
