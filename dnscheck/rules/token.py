"""A challenge token: the text a provider gave, letter for letter, in a TXT record of its own."""

import re
from collections.abc import Callable
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import could_not_ask, edits_to, missing, state, verdict_of, wanted_text
from dnscheck.rules.likeness import (
    TYPOGRAPHIC,
    as_letters,
    is_typographic,
    nearly,
    squeezed,
    unquoted,
)

CASE = Finding(
    "token.case",
    Severity.ERROR,
    "Capital and small letters differ in the token at {name}",
    "The published text has the right letters, but not in the right case.",
    "Copy the value again and save it at {name} exactly as shown.",
)
QUOTED = Finding(
    "token.quoted",
    Severity.ERROR,
    "Quotation marks are part of the token at {name}",
    "The DNS host adds the quotation marks a zone file needs; the ones typed became part of the "
    "value.",
    "Save the value at {name} again without quotation marks.",
)
TYPOGRAPHIC_SIGNS = Finding(
    "token.typographic",
    Severity.ERROR,
    "The token at {name} holds typographic quotation marks or dashes",
    "A word processor or a chat program changed plain characters into nicer ones on the way.",
    "Copy the value from here, not from a document, and save it at {name}.",
)
INVISIBLE = Finding(
    "token.invisible",
    Severity.ERROR,
    "There are blanks or invisible characters in the token at {name}",
    "Its letters are right, but a blank, a line end or a character that cannot be seen is among "
    "them, and the provider compares every one.",
    "Delete the value at {name} in the form and save the value shown, without anything around it.",
)
PREFIX = Finding(
    "token.prefix",
    Severity.ERROR,
    "The token at {name} has lost or changed its beginning",
    "The token itself is there, but what stands before it is not as the provider wants it.",
    "Replace the value at {name} with the whole text shown, from its first letter to its last.",
)
NOT_ALONE = Finding(
    "token.not-alone",
    Severity.ERROR,
    "The token at {name} shares a record with other text",
    "The provider looks for a TXT record that holds the token and nothing else.",
    "At {name}, save the token in a TXT record of its own, exactly as shown.",
)
CUT_SHORT = Finding(
    "token.cut-short",
    Severity.ERROR,
    "The token at {name} is cut short",
    "The published text begins right, but {published} of {whole} characters are all there is.",
    "Copy the value again and save it at {name} from its first letter to its last.",
)
TYPO = Finding(
    "token.typo",
    Severity.ERROR,
    "A text at {name} is nearly the token, but not quite",
    "One or two letters differ. The provider compares every one.",
    "Copy the value shown and add it at {name}. Delete the text with the slip if it was meant to "
    "be this token.",
)
MADE_WRONG = Finding(
    "token.made-wrong",
    Severity.ERROR,
    "The token at {name} was made in the wrong way",
    "{cause} It has the right form, but the provider expects another one.",
    "Change the TXT record at {name} to the value shown.",
)
OTHER_DIGEST = Finding(
    "token.other-digest",
    Severity.ERROR,
    "The token at {name} was made from something else",
    "A token of this kind is there, but with another digest. It may be that of another account, "
    "or the account was mistyped where the digest was made.",
    "Add the value shown at {name}. Keep the other one only if another account needs it.",
)

OTHER_RECORD = Finding(
    "token.other-record",
    Severity.ERROR,
    "Another {version} record stands at {name}",
    "There can be one {version} record at a name, and the one published differs from the one that "
    "is wanted. With two, receivers take neither.",
    "Change the TXT record at {name} to the value shown. If the one published is the right one, "
    "correct what was given here instead.",
)

SHORTEST_TOKEN = 8  # characters; anything shorter could be there by chance
SHORTEST_NEARLY = 10  # of two texts that are taken for one with a slip
MOST_STROKES = 2
DIGEST = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")  # MD5, SHA-1, SHA-256
# What a zone file or a provider's page has around a value: owner, TTL, class, type, punctuation.
ZONE_FILE = re.compile(
    r"(?:[\w.@*-]+\s+)?(?:\d+\s+)?(?:IN\s+)?(?:TXT|value:?)?[\s\"'();,.]*", re.IGNORECASE
)

# How a record such as that of BIMI begins.
VERSION = re.compile(r"\s*v\s*=\s*([A-Za-z0-9]{1,20})\s*;", re.IGNORECASE)

Mistaken = Callable[[str, str], bool]  # of a published text and the one wanted


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at the name: one of them is the token, or says what went wrong."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    wanted = expected.value.strip()
    if _is_there(wanted, answer):
        return verdict_of()
    version = _version(wanted)
    rivals = [text for text in answer.texts if version and _version(text) == version]
    if rivals:
        return _judge_rivals(expected, answer, rivals)
    slip = _slip(expected, answer)
    return verdict_of(slip) if slip else await _missing(expected, answer, ask)


def _slip(expected: RequiredRecord, answer: Answer) -> Finding | None:
    """Return what went wrong with a text that was meant to be the token, if there is one."""
    for slip, cause in expected.slips:
        for text in answer.texts:
            if text.strip().lower() == slip.lower():
                return _nearly_right(MADE_WRONG, expected, answer, text, cause)
    for finding, mistaken in MISTAKES:
        for text in answer.texts:
            if mistaken(text, expected.value.strip()):
                return _nearly_right(finding, expected, answer, text)
    return None


async def _missing(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    wanted = expected.value.strip()
    seen = await missing(expected, answer, ask, lambda other: _is_there(wanted, other))
    others = [text for text in answer.texts if _is_other_digest(text, wanted)]
    first = seen.findings[0]
    if not others or first.code != "token.missing":
        return seen
    told = state(OTHER_DIGEST, edits=first.edits, evidence=others, name=expected.name)
    told = replace(told, severity=first.severity)
    return replace(seen, findings=(told, *seen.findings[1:]))


def _judge_rivals(expected: RequiredRecord, answer: Answer, rivals: list[str]) -> Judgement:
    """Judge records of which there can be one at a name, and none is letter for letter right."""
    if len(rivals) == 1 and _tags(rivals[0]) == _tags(expected.value):
        return verdict_of()
    edits = edits_to(expected, answer, rivals, expected.value)
    words = {"name": expected.name, "version": _version(expected.value)}
    found = state(OTHER_RECORD, edits=edits, evidence=rivals, **words)
    mild = found if expected.required else replace(found, severity=Severity.INFO)
    return Judgement(RecordVerdict.WRONG, (mild,))


def _version(text: str) -> str:
    """Return what a tagged record says it is, such as BIMI1, or nothing for any other text."""
    found = VERSION.match(text)
    return found[1].upper() if found else ""


def _tags(text: str) -> list[str]:
    parts = (re.sub(r"\s*=\s*", "=", part.strip(), count=1) for part in text.split(";"))
    return [part for part in parts if part]


def _nearly_right(
    finding: Finding, expected: RequiredRecord, answer: Answer, text: str, cause: str = ""
) -> Finding:
    wanted = wanted_text(expected)
    edits = edits_to(expected, answer, (text,), wanted)
    if finding is TYPO:  # two accounts may well have tokens that differ little
        edits = edits_to(expected, answer, (), wanted)
    elif finding is NOT_ALONE and not answer.chain:
        edits = _parted(expected, answer, text)
    words = {"published": str(len(text)), "whole": str(len(wanted)), "cause": cause}
    return state(finding, edits=edits, evidence=(text,), name=expected.name, **words)


def _parted(expected: RequiredRecord, answer: Answer, text: str) -> tuple[Edit, ...]:
    """Return the edits that give the token a record of its own and keep what stood beside it."""
    rest = " ".join(_alone(expected.value.strip()).sub(" ", text).split())
    if ZONE_FILE.fullmatch(rest):
        return edits_to(expected, answer, (text,), expected.value)
    name, kind = expected.name, expected.type
    kept = Edit(Action.CHANGE, name, kind, text, rest)
    if rest in answer.texts:
        kept = Edit(Action.DELETE, name, kind, before=text)
    return kept, Edit(Action.ADD, name, kind, after=expected.value)


def _is_there(wanted: str, answer: Answer) -> bool:
    return any(text.strip() == wanted for text in answer.texts)


def _is_quoted(text: str, wanted: str) -> bool:
    return unquoted(text) == wanted


def _has_typographic_signs(text: str, wanted: str) -> bool:
    letters = as_letters(text)
    return is_typographic(letters) and unquoted(letters.translate(TYPOGRAPHIC)) == wanted


def _has_invisible(text: str, wanted: str) -> bool:
    plain = unquoted(as_letters(text).translate(TYPOGRAPHIC))
    return bool(squeezed(wanted)) and squeezed(plain) == squeezed(wanted)


def _has_other_case(text: str, wanted: str) -> bool:
    return text.strip().lower() == wanted.lower()


def _has_other_prefix(text: str, wanted: str) -> bool:
    """Whether two texts end in one token, with `name=` or the like before it or without."""
    bare, text = _bare(wanted), text.strip()
    if len(text) >= SHORTEST_TOKEN and re.search(rf"[=:.\s]\s*{re.escape(text)}$", wanted):
        return True
    return len(bare) >= SHORTEST_TOKEN and bare == _bare(text)


def _bare(text: str) -> str:
    """Return what stands after a leading `name=` or `name:`; padding at the end is no prefix."""
    return re.sub(r"^[\w.-]+\s*[=:]\s*(?=[^=\s])", "", text, count=1)


def _is_not_alone(text: str, wanted: str) -> bool:
    return len(wanted) >= SHORTEST_TOKEN and _alone(wanted).search(text) is not None


def _alone(wanted: str) -> re.Pattern[str]:
    """Return the token as a pattern that does not match a part of a longer one."""
    return re.compile(rf"(?<![\w=-]){re.escape(wanted)}(?![\w=-])")


def _is_cut(text: str, wanted: str) -> bool:
    """Whether a text begins as the token does and then stops, or goes on in dots."""
    start = as_letters(text).strip().rstrip(".…")
    prefix = len(wanted) - len(_bare(wanted))
    long_enough = len(start) - prefix >= SHORTEST_TOKEN // 2 and len(start) >= SHORTEST_TOKEN
    return long_enough and start != wanted and wanted.startswith(start)


def _is_nearly(text: str, wanted: str) -> bool:
    long_enough = len(_bare(wanted)) >= SHORTEST_NEARLY
    return long_enough and nearly(text.strip(), wanted, MOST_STROKES)


def _is_other_digest(text: str, wanted: str) -> bool:
    """Whether a text is of the kind that is wanted, a digest after the same prefix."""
    digest, text = _bare(wanted), text.strip()
    prefix = wanted.removesuffix(digest)
    is_digest = DIGEST.fullmatch(digest) and DIGEST.fullmatch(text[len(prefix) :])
    same_kind = bool(prefix) and text.startswith(prefix) and len(text) == len(wanted)
    return bool(is_digest) and same_kind


# The surest first: what is nearly right in two ways is told by the one that explains it all.
MISTAKES: tuple[tuple[Finding, Mistaken], ...] = (
    (QUOTED, _is_quoted),
    (TYPOGRAPHIC_SIGNS, _has_typographic_signs),
    (CASE, _has_other_case),
    (PREFIX, _has_other_prefix),
    (INVISIBLE, _has_invisible),
    (NOT_ALONE, _is_not_alone),
    (CUT_SHORT, _is_cut),
    (TYPO, _is_nearly),
)
