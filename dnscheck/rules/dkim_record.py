"""One published text as a DKIM record: read by the letter, read as it was meant, and judged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dnscheck.findings import Finding, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import dkim_key, dkim_pasted, dkim_tags, dkim_terms
from dnscheck.rules.dkim_key import WantedKey
from dnscheck.rules.dkim_tags import TagList
from smtp.providers.keys import is_private

SYNTAX = Finding(
    "dkim.syntax",
    Severity.ERROR,
    "The DKIM record at {name} is no list of tags",
    "The key is in it, but something beside it is not of the form name=value, and receivers "
    "discard such a record.",
    "Change the TXT record at {name} to the value shown.",
)
REPEATED_TAG = Finding(
    "dkim.repeated-tag",
    Severity.ERROR,
    "A tag comes twice in the DKIM record at {name}",
    "The tag {tag} may come only once. Receivers discard such a record (RFC 6376 section 3.2).",
    "Change the TXT record at {name} to the value shown.",
)

_OTHER_RECORD = re.compile(r"\s*v\s*=\s*(?!\W*dkim)\w", re.IGNORECASE)  # such as SPF or DMARC


@dataclass(frozen=True)
class Reading:
    """One published text: its tags by the letter, and text and tags as they were meant."""

    text: str
    tags: TagList
    meant: str
    meant_tags: TagList

    def is_key(self, wanted: WantedKey) -> bool:
        """Whether this is a DKIM record with tag p, perhaps a spoilt one."""
        if "p" not in self.meant_tags.names:
            return False
        return not _OTHER_RECORD.match(self.meant) or wanted.is_in(self.meant_tags)

    def is_secret(self, wanted: WantedKey) -> bool:
        """Whether this is a private key, or holds one, perhaps cut short."""
        if dkim_pasted.says_private(self.text):
            return True
        keys = {dkim_tags.without_blanks(text) for text in (self.meant, self.meant_tags.get("p"))}
        return any(is_private(key) and not wanted.is_same(key) for key in keys)


@dataclass(frozen=True)
class Opinion:
    """What is to be said of one record, the words for it, and the tags of it that may be kept."""

    findings: tuple[Finding, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    kept: TagList | None = None

    @property
    def is_good(self) -> bool:
        """Whether receivers can check signatures with the record."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def reading(text: str) -> Reading:
    """Return a published text, read in both ways."""
    meant = dkim_pasted.meant(text)
    return Reading(text, dkim_tags.read(text), meant, dkim_tags.read(meant))


def opinion(expected: RequiredRecord, seen: Reading, wanted: WantedKey) -> Opinion:
    """Return what is to be said of a record, the worst first.

    A slip is what is wrong when the record is good without it.
    """
    opinions = list(_opinions(expected, seen, wanted))
    good = next((number for number, (_, said) in enumerate(opinions) if said.is_good), 0)
    if opinions:
        slip, said = opinions[good]
        return Opinion((slip,), kept=said.kept) if slip else said
    if wanted.is_in(seen.meant_tags):
        return _unsound(seen.meant_tags)
    published = dkim_tags.without_blanks(seen.meant_tags.get("p"))
    finding, words = dkim_key.mismatch(published, wanted)
    return Opinion((finding,), words)


def _opinions(
    expected: RequiredRecord, seen: Reading, wanted: WantedKey
) -> Iterator[tuple[Finding | None, Opinion]]:
    """Yield what is to be said of each sound way to read the key, after the slip taken back."""
    for slip, text in ((None, seen.text), *dkim_pasted.mends(seen.text)):
        tags = dkim_tags.read(text)
        if tags.is_sound and wanted.is_in(tags):
            objections, words = dkim_terms.objections(expected, tags, wanted)
            found = [*dkim_key.remarks(text, tags), *objections]
            yield slip, Opinion(tuple(sorted(found, key=_mildness)), words, tags)


def _unsound(tags: TagList) -> Opinion:
    if tags.repeated:
        return Opinion((REPEATED_TAG,), {"tag": dkim_tags.shown(min(tags.repeated))}, tags)
    return Opinion((SYNTAX,), kept=tags)


def _mildness(finding: Finding) -> int:
    return list(Severity).index(finding.severity)
