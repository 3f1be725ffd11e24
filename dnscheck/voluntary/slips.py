"""What can go wrong with the record of any voluntary standard, and how it is taken back.

The findings are said of each standard, with its own words in the braces.
"""

import re
from collections.abc import Iterator

from dnscheck.findings import Finding, Severity
from dnscheck.rules.likeness import TYPOGRAPHIC, as_letters
from dnscheck.voluntary.standard import Slip, Standard, as_blanks, pairs

TWO_RECORDS = Finding(
    "{area}.two-records",
    Severity.WARNING,
    "There are several {what} records at {name}",
    "{readers} that find more than one use none of them.",
    "At {name}, keep one record, with the value shown, and delete the others.",
)
ESCAPED_SEMICOLONS = Finding(
    "{area}.escaped-semicolons",
    Severity.WARNING,
    "The {what} record at {name} contains backslashes",
    "Backslashes belong in zone files only. Typed into a form they become part of the value, and "
    "its tags cannot be read.",
    "Save the value at {name} again without backslashes.",
)
QUOTES_INSIDE = Finding(
    "{area}.quotes-inside",
    Severity.WARNING,
    "Quotation marks are part of the {what} record at {name}",
    "The DNS host adds the quotation marks a zone file needs; the ones typed became part of the "
    "value, and its tags cannot be read.",
    "Save the value at {name} again without quotation marks.",
)
ODD_CHARACTERS = Finding(
    "{area}.odd-characters",
    Severity.WARNING,
    "The {what} record at {name} contains characters that do not belong there",
    "It may hold plain (ASCII) characters only. Invisible blanks, typographic signs or letters "
    "with accents make it unreadable.",
    "Change the TXT record at {name} to plain characters, copied with the button beside the value "
    "shown. A host with accents must be written in its xn-- form.",
)
SEPARATORS = Finding(
    "{area}.separators",
    Severity.WARNING,
    "The tags of the {what} record at {name} are not separated as they must be",
    "A tag is a name, an equals sign and a value, and a semicolon stands between two of them. With "
    "other signs the tags cannot be told apart.",
    "Change the TXT record at {name} to the value shown.",
)
SPELLING = Finding(
    "{area}.spelling",
    Severity.WARNING,
    "A tag of the {what} record at {name} is not written as it must be",
    "Names of tags are small letters, with no blank that the standard does not allow around their "
    "equals sign. {readers} need not read anything else.",
    "Change the TXT record at {name} to the value shown.",
)
VERSION = Finding(
    "{area}.version",
    Severity.WARNING,
    "The {what} record at {name} does not begin with v={version}",
    "It must begin with just these letters, capital and small, and a semicolon. {readers} ignore "
    "any other record.",
    "Change the TXT record at {name} to the value shown.",
)
STRAY_TEXT = Finding(
    "{area}.stray-text",
    Severity.WARNING,
    "The {what} record at {name} holds text that is no tag",
    "Only tags of the form name=value may stand in it. {readers} may ignore a record with anything "
    "else.",
    "Change the TXT record at {name} to the value shown, which leaves that text out.",
)
REPEATED_TAG = Finding(
    "{area}.repeated-tag",
    Severity.WARNING,
    "A tag comes twice in the {what} record at {name}",
    "Each tag may stand there once. {readers} take the first, the last, or ignore the record.",
    "Change the TXT record at {name} to the value shown, and see that it says what you mean.",
)
MISPLACED = Finding(
    "{area}.misplaced",
    Severity.WARNING,
    "The {what} record is at {wrong} instead of {name}",
    "{readers} look for it at {name} only, so it has no effect where it is.",
    "Delete the TXT record at {wrong} and add it at {name} with the value shown.",
)
DEAD_ALIAS = Finding(
    "{area}.dead-alias",
    Severity.WARNING,
    "The CNAME at {name} leads to no {what} record",
    "It points to {target}, and no such record is found there. Such an alias is often left behind "
    "by a service that was cancelled.",
    "If the service is still in use, ask it for the right target. If not, delete the CNAME at "
    "{name}.",
)
HOSTED = (
    "{name} is a CNAME, so the record is kept at {target}: ask whoever runs that to correct it. To "
    "keep it yourself, delete the CNAME and add a TXT record at {name} with the value shown."
)

_BACKSLASH = re.compile(r"\\(?!x[0-9a-f]{2})")
_MARKS = ("'", '"')


def opinion(standard: Standard, text: str) -> tuple[list[Finding], str]:
    """Return what is to be said of a text that was meant as the record, and what was meant.

    What only its owner can put right is left as it is.
    """
    mended, found = as_blanks(text), []
    for finding, mend in (*_before(standard), *standard.slips, *_after(standard)):
        after = mend(mended)
        if after != mended:
            found.append(finding)
            mended = after
    found += [finding for finding in standard.faults(mended) if finding not in found]
    return found, text if _has_letters(text) or not found else mended


def _before(standard: Standard) -> Iterator[Slip]:
    """Yield what has to be taken back before the tags can be read."""
    yield ESCAPED_SEMICOLONS, lambda text: _BACKSLASH.sub("", text)
    yield QUOTES_INSIDE, _unquoted
    yield ODD_CHARACTERS, _plain
    yield SEPARATORS, lambda text: _separated(standard, text)
    yield SPELLING, lambda text: _spelt(standard, text)
    yield VERSION, lambda text: _begun(standard, text)


def _after(standard: Standard) -> Iterator[Slip]:
    """Yield what is looked at once every value has found its tag."""
    yield STRAY_TEXT, _without_stray_text
    yield REPEATED_TAG, lambda text: _once(standard, text)


def _unquoted(text: str) -> str:
    """Return a text without quotation marks; an apostrophe within an address is none."""
    plain = text.replace('"', "")
    bare = plain.strip().strip("'`")
    return plain if bare == plain.strip() else bare


def _plain(text: str) -> str:
    """Return a text without what cannot be typed on an English keyboard."""
    return "".join(map(_typeable, as_letters(text)))


def _typeable(letter: str) -> str:
    """Return what was meant by a letter; nothing for a quotation mark of a word processor."""
    plain = " " if letter.isspace() else letter.translate(TYPOGRAPHIC)
    is_mark = plain != letter and plain in _MARKS
    return plain if plain.isascii() and plain.isprintable() and not is_mark else ""


def _has_letters(text: str) -> bool:
    """Whether a text holds letters beyond ASCII, which cannot simply be left out."""
    return any(not letter.isascii() and letter.isalnum() for letter in as_letters(text))


def _separated(standard: Standard, text: str) -> str:
    names = "|".join(("v", *standard.tags))
    parted = re.sub(rf"(?<=[^;\s,])[\s,]+(?=(?:{names})\s*[=:])", "; ", text, flags=re.IGNORECASE)
    return re.sub(rf"((?:^|;)\s*(?:{names})\s*):", r"\1=", parted, flags=re.IGNORECASE)


def _spelt(standard: Standard, text: str) -> str:
    names = "|".join(("v", *standard.tags))

    def written(tag: re.Match[str]) -> str:
        return tag[1] + tag[2].lower() + (tag[3] if standard.blanks else "=")

    return re.sub(rf"((?:^|;)\s*)({names})(\s*=\s*)", written, text, flags=re.IGNORECASE)


def _begun(standard: Standard, text: str) -> str:
    """Return a text that begins with the version and has it nowhere else."""
    if standard.is_record(text):
        return text
    like = re.compile(rf"v\s*=|(?:{standard.likeness})[-_ ]?v?\d*$", re.IGNORECASE)
    parts = [part.strip() for part in text.split(";")]
    return "; ".join(
        [f"v={standard.version}", *(part for part in parts if part and not like.match(part))]
    )


def _without_stray_text(text: str) -> str:
    parts = text.split(";")
    return ";".join(part for part in parts if "=" in part or not part.strip())


def _once(standard: Standard, text: str) -> str:
    """Return a text with each tag once: with all values of a list, else the first there is."""
    found: dict[str, str] = {}
    for name, value in pairs(text):
        if found.get(name) and name in standard.lists and value:
            found[name] += f",{value}"
        elif not found.get(name):
            found[name] = value
    if len(found) == len(pairs(text)):
        return text
    return "; ".join(f"{name}={value}" for name, value in found.items())
