"""What a voluntary standard is: one TXT record at a name of its own, a version and then tags."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dnscheck.findings import Finding

Mend = Callable[[str], str]  # returns a text that has nothing to mend as it is
Slip = tuple[Finding, Mend]

_TAB = "\\x09"  # as an answer shows it; between tags it is a blank like any other
_PASTED = re.compile(r"\\x[0-9a-f]{2}|[\\\"'`]")  # what a pasted value brings along
_OTHERS = re.compile(r"v\s*=\s*(?:spf|dmarc|dkim|tlsrpt|sts|bimi)", re.IGNORECASE)


def _no_faults(_text: str) -> Iterable[Finding]:
    return ()


@dataclass(frozen=True)
class Standard:
    """One standard, and how its record is written.

    `area` begins the codes of its findings, `what` is its name, and `readers` are those who look
    for the record. `likeness` is a pattern of what is written in place of the version. `tags` are
    its own tags, and those in `lists` hold several values, with commas. `astray` are the labels
    it is published under by mistake. `blanks` says that blanks may stand around an equals sign.
    """

    area: str
    what: str
    readers: str
    label: str
    version: str
    likeness: str
    tags: tuple[str, ...]
    astray: tuple[str, ...]
    slips: tuple[Slip, ...]  # of this standard alone, in the order they are taken back
    # What nobody but the owner can put right.
    faults: Callable[[str], Iterable[Finding]] = _no_faults
    lists: tuple[str, ...] = ()
    blanks: bool = False

    def at(self, domain: str) -> str:
        """Return the name its record has for a domain."""
        return f"{self.label}.{domain}"

    def is_record(self, text: str) -> bool:
        """Whether readers take a text for a record: all others are discarded."""
        equals = r"\s*=\s*" if self.blanks else "="
        return re.match(rf"v{equals}{self.version}\s*(?:;|$)", as_blanks(text)) is not None

    def is_meant(self, text: str) -> bool:
        """Whether a text at the record's own name was meant to be the record."""
        plain = _PASTED.sub("", text).strip()
        if re.match(rf"(?:v[\s=:]*)?(?:{self.likeness})", plain, re.IGNORECASE):
            return True
        own = rf"(?:^|[;,\s])(?:{'|'.join(self.tags)})\s*[=:]"
        return not _OTHERS.match(plain) and re.search(own, plain, re.IGNORECASE) is not None

    def names_itself(self, text: str) -> bool:
        """Whether a text is the record wherever it stands, whatever was pasted along with it."""
        if "v" not in text and "V" not in text:
            return False
        plain = _PASTED.sub("", text).strip()
        return re.match(rf"v\s*=\s*{self.version}\b", plain, re.IGNORECASE) is not None


def as_blanks(text: str) -> str:
    """Return a published text with its tabs as blanks."""
    return text.replace(_TAB, " ")


def pairs(text: str) -> list[tuple[str, str]]:
    """Return the tags of a text as name and value; what has no equals sign is none."""
    parts = [part.partition("=") for part in as_blanks(text).split(";")]
    return [(name.strip(), value.strip()) for name, equals, value in parts if equals]


def value_of(text: str, tag: str) -> str | None:
    """Return the value of the first tag of this name, or None without one."""
    return next((value for name, value in pairs(text) if name == tag), None)


def with_value(text: str, tag: str, change: Mend) -> str:
    """Return a text with another value for a tag, all else by the letter."""
    parts = text.split(";")
    for place, part in enumerate(parts):
        name, equals, value = part.partition("=")
        after = change(value.strip()) if equals and name.strip() == tag else value.strip()
        if after != value.strip():
            parts[place] = f"{name}={after}"
    return ";".join(parts)


def adopted(text: str, tag: str, is_value: Callable[[str], bool]) -> str:
    """Return a text in which a value that stands there without its tag has it."""
    parts = text.split(";")
    for place, part in enumerate(parts):
        if is_value(part.strip()):
            parts[place] = f" {tag}={part.strip()}"
            return ";".join(parts)
    return text
