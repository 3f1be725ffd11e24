"""The record of a voluntary standard as it is published: at its name, or astray."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dnscheck.answers import Answer, Ask
from dnscheck.findings import Action, Edit, Finding
from dnscheck.records import RequiredRecord
from dnscheck.rules.host import edits_to, state
from dnscheck.rules.wildcards import is_wildcard
from dnscheck.together import together
from dnscheck.voluntary.slips import DEAD_ALIAS, HOSTED, MISPLACED, TWO_RECORDS, opinion
from dnscheck.voluntary.standard import Standard, value_of, with_value
from smtp.providers.base import Match, Purpose

MOST_CHARACTERS = 4_096  # no record of this kind comes near; a longer text is something else


@dataclass(frozen=True)
class Published:
    """What the DNS says at the name of a standard's record.

    `text` is the record as it was meant, and empty when there is none.
    """

    standard: Standard
    domain: str
    answer: Answer
    text: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def target(self) -> str:
        """Where a CNAME at the name leads to, if there is one."""
        return self.answer.chain[0] if self.answer.chain else ""


def at_name(standard: Standard, domain: str, answer: Answer) -> Published:
    """Return what the answer for a record's own name says."""
    here = Published(standard, domain, answer)
    texts = [text for text in answer.texts if len(text) <= MOST_CHARACTERS]
    records = sorted(filter(standard.is_record, texts))
    if len(records) > 1:
        return _several(here, records)
    meant = records or sorted(filter(standard.is_meant, texts))[:1]
    if not meant:
        return here
    return replace(here, text=_meant(standard, meant[0]), findings=tuple(_told(here, meant[0])))


async def dead_alias(here: Published, ask: Ask) -> tuple[Finding, ...]:
    """Return that the CNAME at the name leads to no record, unless it is that of a wildcard."""
    answer = here.answer
    if await is_wildcard(answer, ask) is not False:
        return ()
    gone = Edit(Action.DELETE, answer.name, "CNAME", before=here.target)
    return (_stated(DEAD_ALIAS, here, (gone,), (*answer.chain, *answer.texts)),)


async def astray(
    here: Published, apex: Answer, ask: Ask, *, everywhere: bool
) -> tuple[Finding, ...]:
    """Return where a record that is not at its name is instead: at the domain, or else nearby.

    What a wildcard answers is published at no such place.
    """
    standard, domain = here.standard, here.domain
    for text in apex.texts:
        if not apex.chain and standard.names_itself(text):
            return (_misplaced(here, domain, text),)
    if not everywhere:
        return ()
    nearby = [f"{label}.{domain}" for label in (*standard.astray, standard.at(domain))]
    answers = await together(*(ask(name, "TXT") for name in nearby))
    sightings = [
        (answer, text)
        for answer in answers
        for text in answer.texts
        if not answer.chain and standard.names_itself(text)
    ]
    covered = await together(*(is_wildcard(answer, ask) for answer, _ in sightings))
    for (answer, text), is_covered in zip(sightings, covered, strict=True):
        if is_covered is False:
            return (_misplaced(here, answer.name, text),)
    return ()


def _told(here: Published, text: str) -> Iterator[Finding]:
    """Yield what is wrong with a record; the edit is shown with all that it puts right."""
    found, after = opinion(here.standard, text)
    left, _ = opinion(here.standard, after)
    for finding in found:
        edits = () if finding in left else _edits(here, [text], after)
        yield _stated(finding, here, edits, (text, *here.answer.chain))


def _meant(standard: Standard, text: str) -> str:
    _, meant = opinion(standard, text)
    return meant


def _several(here: Published, records: Sequence[str]) -> Published:
    """Say to keep one record: the first that is right, with what the others list."""
    standard = here.standard
    meant = [_meant(standard, text) for text in records]
    right = [text for text in records if not opinion(standard, text)[0]]
    kept = right[0] if right else meant[0]
    for tag in standard.lists:
        kept = _with_listed(kept, meant, tag)
    found = _stated(TWO_RECORDS, here, _edits(here, records, kept), records)
    return replace(here, text=kept, findings=(found,))


def _with_listed(kept: str, records: Sequence[str], tag: str) -> str:
    """Return the record that is kept with what all of them list in a tag, each once."""
    listed = [
        part.strip()
        for text in (kept, *records)
        for part in (value_of(text, tag) or "").split(",")
        if part.strip()
    ]
    union = list(dict.fromkeys(listed))
    known = (value_of(kept, tag) or "").split(",")
    return with_value(kept, tag, lambda _: ",".join(union)) if len(union) > len(known) else kept


def _misplaced(here: Published, wrong: str, text: str) -> Finding:
    delete = Edit(Action.DELETE, wrong, "TXT", before=text)
    add = Edit(Action.ADD, here.answer.name, "TXT", after=_meant(here.standard, text))
    return _stated(MISPLACED, here, (delete, add), (text,), wrong)


def _edits(here: Published, published: Sequence[str], after: str) -> tuple[Edit, ...]:
    record = RequiredRecord(Purpose.ADDED, here.answer.name, "TXT", after, Match.EXACT)
    return edits_to(record, here.answer, published, after)


def _stated(
    finding: Finding,
    here: Published,
    edits: tuple[Edit, ...],
    evidence: Sequence[str],
    wrong: str = "",
) -> Finding:
    """Return a finding in the words of its standard; what is hosted is mended by the host."""
    is_hosted = bool(here.target) and any(edit.after for edit in edits)
    return state(
        replace(finding, fix=HOSTED) if is_hosted else finding,
        edits=edits,
        evidence=evidence,
        area=here.standard.area,
        what=here.standard.what,
        readers=here.standard.readers,
        version=here.standard.version,
        name=here.answer.name,
        domain=here.domain,
        target=here.target,
        wrong=wrong,
    )
