"""From a failure pasted out of any program to its evidence and its explanation."""

from dataclasses import dataclass, replace
from itertools import islice

from smtp import hints
from smtp.hints import Evidence, Hint
from smtp.hints.corrections import page
from smtp.lints import secret_shape
from smtp.outcome import Failure, Security, Stage
from smtp.reading import dialogue, facts, failures, lines, redaction, replies, stages
from smtp.reading.lines import LOOKED_AT

__all__ = ["LOOKED_AT", "Reading", "read", "redacted"]

_SHOWN = 8  # telling lines
_LONG = 1500  # characters; of a longer text only the lines near a reply are read
_BEFORE, _AFTER = 3, 8
_MOST_LINES = 60  # that are read one by one
_UNKNOWN = "unknown"

Named = tuple[failures.Mark, str]  # a failure, and the line that names it


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
    hidden, secret = redaction.redact(lines.split(text))
    shown = lines.printable(hidden)
    spoken = dialogue.without_content(shown)
    said = lines.telling(spoken)
    told = facts.gather(shown)
    found = replies.find(said)
    named = None if found else failures.find(said)
    evidence = Evidence(
        stage=_stage(spoken, said, found, named),
        failure=_failure(found, named),
        reply=found.reply if found else None,
        provider=provider or told.provider,
        host=told.host,
        port=port or told.port,
        security=security or told.security,
        username=told.username,
        text=_around(said, found),
    )
    shape = secret_shape(page(evidence), told.username or "", secret)
    evidence = replace(evidence, secret_shape=shape)
    bare = replace(evidence, text=lines.without_summaries(evidence.text))
    if not _is_unknown(bare):
        evidence = bare
    elif not (found or named):
        named = dialogue.broken_off(spoken)
        if named:
            evidence = replace(evidence, failure=named[0].failure, stage=named[0].stage)
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


def _failure(found: replies.Found | None, named: Named | None) -> Failure | None:
    if found:
        return Failure.REPLY
    return named[0].failure if named else None


def _stage(
    spoken: list[str],
    said: list[str],
    found: replies.Found | None,
    named: Named | None,
) -> Stage | None:
    if named and named[0].stage:
        return named[0].stage
    if not found:
        return stages.stage_of(spoken, 0, 0)
    first = spoken.index(said[found.first])
    return stages.stage_of(spoken, first, first + found.end - found.first)


def _around(said: list[str], found: replies.Found | None) -> str:
    """Return what is read beside the reply: everything else, in a long text what stands near."""
    if found is None:
        return lines.without_phrases("\n".join(said))
    before, after = said[: found.first], said[found.end :]
    if sum(map(len, said)) > _LONG:
        before, after = before[-_BEFORE:], after[:_AFTER]
    return lines.without_phrases("\n".join([*before, found.before, *after]))


def _is_unknown(evidence: Evidence) -> bool:
    return hints.explain(evidence)[0].category == _UNKNOWN


def _explained(evidence: Evidence) -> tuple[Hint, ...]:
    explained = hints.explain(evidence)
    if explained[0].category == _UNKNOWN and evidence.reply is None:
        return (hints.get("unknown.text"),)
    return explained


def _telling(
    said: list[str],
    found: replies.Found | None,
    named: Named | None,
    hint: Hint,
) -> tuple[str, ...]:
    """Return the lines to show: the refusal, the named failure, or what speaks for the hint."""
    if found:
        speaking = said[found.first : found.end]
    elif named:
        speaking = [named[1]]
    elif hint.category == _UNKNOWN:
        speaking = []
    else:
        speaks = (line for line in said[:_MOST_LINES] if _category(line) == hint.category)
        speaking = list(islice(speaks, _SHOWN))
    return tuple(line.strip() for line in speaking[:_SHOWN])


def _category(line: str) -> str:
    return hints.explain(Evidence(text=line))[0].category
