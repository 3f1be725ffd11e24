"""DKIM keys: the key at the selector is whole, single and the one the provider signs with."""

import re

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import could_not_ask, edits_to, missing, state, verdict_of

REVOKED = Finding(
    "dkim.revoked",
    Severity.ERROR,
    "The DKIM key at {name} is revoked",
    "Its tag p is empty, which says that the key must not be used any more.",
    "Change the TXT record at {name} to the value shown.",
)
TRUNCATED = Finding(
    "dkim.truncated",
    Severity.ERROR,
    "The DKIM key at {name} is cut short",
    "The key begins right, but only {published} of {whole} characters are there. Often a form "
    "kept just the first 255.",
    "Change the TXT record at {name} to the whole value shown. If the form takes only 255 "
    "characters, type it as two quoted parts of that one record.",
)
KEY_DIFFERS = Finding(
    "dkim.key-differs",
    Severity.ERROR,
    "Another DKIM key is published at {name}",
    "Signatures are checked with the published key, and the provider signs with a different one. "
    "It may be an old key or that of another account.",
    "Change the TXT record at {name} to the value shown. If the published key is the newer "
    "one, correct the key given here instead.",
)
VERSION = Finding(
    "dkim.version",
    Severity.ERROR,
    "The tags of the DKIM record at {name} are not written as they must be",
    "Tag names are small letters, and v, when it is there, comes first and is exactly DKIM1. "
    "Receivers discard any other record.",
    "Change the TXT record at {name} to the value shown.",
)
TWO_KEYS = Finding(
    "dkim.two-keys",
    Severity.ERROR,
    "There are several DKIM keys at {name}",
    "A selector must have one TXT record. With several, receivers may pick any of them.",
    "At {name}, keep the record with the value shown and delete the others.",
)
SPLIT_RECORDS = Finding(
    "dkim.split-records",
    Severity.ERROR,
    "The DKIM key at {name} is spread over several TXT records",
    "The parts of a long key belong in one record. As separate records they are never joined.",
    "At {name}, delete the parts and save the whole value as one TXT record.",
)
ESCAPED_SEMICOLONS = Finding(
    "dkim.escaped-semicolons",
    Severity.ERROR,
    "The DKIM record at {name} contains backslashes",
    "Backslashes belong in zone files only. Typed into a form they become part of the "
    "value, and its tags cannot be read.",
    "Save the value at {name} again without backslashes.",
)
QUOTES_INSIDE = Finding(
    "dkim.quotes-inside",
    Severity.ERROR,
    "Quotation marks are part of the DKIM record at {name}",
    "The DNS host adds the quotation marks a zone file needs; the ones typed spoil the key.",
    "Save the value at {name} again without quotation marks.",
)
NO_TAGS = Finding(
    "dkim.no-tags",
    Severity.ERROR,
    "The key at {name} stands there without its tag p=",
    "A DKIM record is a list of tags, and the key belongs behind p=.",
    "Change the TXT record at {name} to the whole value shown, from its first letter on.",
)
WHITE_SPACE = Finding(
    "dkim.white-space",
    Severity.INFO,
    "There are blanks inside the DKIM key at {name}",
    "Receivers ignore them (RFC 6376 section 3.2), but a provider's own check may not.",
    "Nothing needs to be done. If the provider does not accept the record, save it without blanks.",
)

SHORTEST_PART = 16  # characters of base64 that are taken for a part of the key
NOT_VISIBLE = re.compile(r"\\x[0-9a-f]{2}|[\"'\\]", re.IGNORECASE)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the TXT records at the selector. Tags other than v and p are free, in any order."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    wanted = _key_of(expected.value)
    keys = [text for text in answer.texts if "p" in _meant(text)]
    parts = [text for text in answer.texts if text not in keys and _is_part(text, wanted)]
    whole = [text for text in keys if _is_right(text, wanted)]
    if parts and not whole:
        finding = SPLIT_RECORDS if len(keys) + len(parts) > 1 else NO_TAGS
        return _wrong(finding, expected, answer, keys + parts)
    if not keys:
        return await missing(expected, answer, ask, lambda other: _holds(wanted, other))
    if len(keys) > 1:
        kept = whole[0] if whole else expected.value
        return _wrong(TWO_KEYS, expected, answer, keys, kept)
    return _one(expected, answer, keys[0], wanted)


def _one(expected: RequiredRecord, answer: Answer, text: str, wanted: str) -> Judgement:
    """Judge the only key at the selector."""
    raw = _meant(text).get("p", "")
    published = _without_blanks(raw)
    start = published.rstrip(".")
    if _is_right(text, wanted):
        blanks = published != raw
        found = (state(WHITE_SPACE, evidence=(text,), name=expected.name),) if blanks else ()
        return Judgement(RecordVerdict.OK, found)
    if re.search(r"\\[^x]", text):
        finding = ESCAPED_SEMICOLONS
    elif '"' in text or "'" in text:
        finding = QUOTES_INSIDE
    elif published == wanted:
        finding = VERSION
    elif not published:
        finding = REVOKED
    elif start != wanted and wanted.startswith(start):
        finding = TRUNCATED
    else:
        finding = KEY_DIFFERS
    words = {"published": str(len(start)), "whole": str(len(wanted))}
    return _wrong(finding, expected, answer, [text], **words)


def _wrong(
    finding: Finding,
    expected: RequiredRecord,
    answer: Answer,
    texts: list[str],
    after: str = "",
    **words: str,
) -> Judgement:
    edits = edits_to(expected, answer, texts, after or expected.value)
    return verdict_of(state(finding, edits=edits, evidence=texts, name=expected.name, **words))


def _tags(text: str) -> dict[str, str]:
    """Return the tags of a tag list (RFC 6376 section 3.2), names and values trimmed."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def _meant(text: str) -> dict[str, str]:
    """Return the tags as they were meant, without what spoils them, names in small letters."""
    tags = _tags(NOT_VISIBLE.sub("", text))
    return {name.lower(): value for name, value in tags.items()}


def _key_of(text: str) -> str:
    return _without_blanks(_tags(text).get("p", text))


def _is_right(text: str, wanted: str) -> bool:
    """Whether this is a readable record with the key (RFC 6376 section 3.6.1 for v)."""
    tags = _tags(text)
    version = next(iter(tags)) == "v" and tags["v"] == "DKIM1" if "v" in tags else True
    return version and "p" in tags and _without_blanks(tags["p"]) == wanted


def _is_part(text: str, wanted: str) -> bool:
    """Whether a text without the tag p holds the key, or is a part of it."""
    part = _without_blanks(NOT_VISIBLE.sub("", text))
    return len(part) >= SHORTEST_PART and (part in wanted or (bool(wanted) and wanted in part))


def _holds(wanted: str, answer: Answer) -> bool:
    return any(_is_right(text, wanted) for text in answer.texts)
