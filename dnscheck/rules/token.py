"""A challenge token: the text a provider gave, letter for letter, in a TXT record of its own."""

import re

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Finding, Judgement, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import could_not_ask, edits_to, missing, state, verdict_of, wanted_text

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
PREFIX = Finding(
    "token.prefix",
    Severity.ERROR,
    "The token at {name} has lost or changed its beginning",
    "The token itself is there, but what stands before it is not as the provider wants it.",
    "Replace the value at {name} with the whole text shown, from its first letter to its last.",
)

SHORTEST_TOKEN = 8  # characters; anything shorter could be there by chance


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at the name: one of them is the token, or says what went wrong."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    wanted = expected.value.strip()
    if _is_there(wanted, answer):
        return verdict_of()
    for finding, mistaken in (
        (QUOTED, lambda text: _unquoted(text) == wanted),
        (CASE, lambda text: text.strip().lower() == wanted.lower()),
        (PREFIX, lambda text: _same_token(text.strip(), wanted)),
    ):
        for text in answer.texts:
            if mistaken(text):
                edits = edits_to(expected, answer, (text,), wanted_text(expected))
                return verdict_of(state(finding, edits=edits, evidence=(text,), name=expected.name))
    return await missing(expected, answer, ask, lambda other: _is_there(wanted, other))


def _is_there(wanted: str, answer: Answer) -> bool:
    return any(text.strip() == wanted for text in answer.texts)


def _unquoted(text: str) -> str:
    return text.replace("\\", "").replace('"', "").strip()


def _same_token(text: str, wanted: str) -> bool:
    """Whether two texts end in one token, with `name=` or `name:` before it or without."""
    token, published = _bare(wanted), _bare(text)
    return len(token) >= SHORTEST_TOKEN and token == published


def _bare(text: str) -> str:
    """Return what stands after a leading `name=` or `name:`; padding at the end is no prefix."""
    return re.sub(r"^[\w.-]+[=:]\s*(?=[^=\s])", "", text, count=1)
