"""How the tables of published records are judged: a zone, a row, and edits made by the letter."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType

from dnscheck.answers import Answer, Reason
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import judge
from tests.fakes import FakeDns

Published = Mapping[tuple[str, str], tuple[str, ...] | Reason]

OK, WRONG = RecordVerdict.OK, RecordVerdict.WRONG
MISSING, UNKNOWN = RecordVerdict.MISSING, RecordVerdict.UNKNOWN


class Zone(FakeDns):
    """A fake DNS that follows a CNAME, one step, as a resolver does."""

    async def ask(self, name: str, type: str) -> Answer:
        """Answer one question."""
        alias = self.records.get((name, "CNAME"))
        if type == "CNAME" or not isinstance(alias, tuple):
            return await super().ask(name, type)
        return replace(await super().ask(alias[0], type), name=name, chain=(alias[0],))


@dataclass(frozen=True)
class Row:
    """What is published, and what is to be said of it. A row without codes is a good one."""

    about: str
    expected: RequiredRecord
    published: Published
    codes: tuple[str, ...] = ()
    verdict: RecordVerdict = WRONG
    says: tuple[str, ...] = field(default=())  # words the admin must read in the first finding

    def __str__(self) -> str:
        return self.about


def good(about: str, expected: RequiredRecord, *texts: str) -> Row:
    """Return a row of values that are right at the record's own name."""
    return Row(about, expected, {(expected.name, expected.type): texts}, verdict=OK)


def judged(expected: RequiredRecord, published: Published) -> Judgement:
    """Judge a record in a zone."""
    dns = Zone(dict(published))

    async def one() -> Judgement:
        return await judge(expected, await dns.ask(expected.name, expected.type), dns.ask)

    return asyncio.run(one())


def edited(published: Published, edits: Iterable[Edit]) -> Published:
    """Make the edits as a person at the DNS host would, who only finds what is really there."""
    records = dict(published)
    for edit in edits:
        key = (edit.name, edit.type)
        known = records.pop(key, ())
        assert isinstance(known, tuple)
        values = list(known)
        if edit.action is not Action.ADD:
            values.remove(edit.before)
        if edit.action is not Action.DELETE:
            assert edit.after not in values, "the same record twice"
            values.append(edit.after)
        if values:
            records[key] = tuple(values)
        beside = [kind for name, kind in records if name == edit.name and kind != "CNAME"]
        assert not beside or (edit.name, "CNAME") not in records or edit.action is Action.DELETE
    return records


def check(row: Row) -> None:
    """Hold a row's judgement against what the row says."""
    seen = judged(row.expected, row.published)
    codes = tuple(finding.code for finding in seen.findings)
    assert (seen.verdict, codes) == (row.verdict, row.codes), (seen.verdict, codes)
    for finding in seen.findings:
        check_texts(finding)
    for words in row.says:
        first = seen.findings[0]
        assert words in f"{first.title} {first.why} {first.fix}"


def check_texts(finding: Finding) -> None:
    """Every text is filled in and says something."""
    for text in (finding.title, finding.why, finding.fix):
        assert text == text.strip()
        assert text
        assert "{" not in text
        assert "  " not in text
    assert not finding.title.endswith(".")
    assert finding.why.endswith((".", "?"))
    assert finding.fix.endswith(".")


def check_edits(row: Row) -> None:
    """Each finding's edits, made by the letter, leave nothing to complain about."""
    for finding in judged(row.expected, row.published).findings:
        if not finding.edits:
            assert finding.severity is not Severity.ERROR
            continue
        after = judged(row.expected, edited(row.published, finding.edits))
        assert after.verdict is OK, finding.edits
        assert finding.code not in {other.code for other in after.findings}


def codes_in(module: ModuleType) -> set[str]:
    """Return the codes of all findings a rule's module has words for."""
    return {value.code for value in vars(module).values() if isinstance(value, Finding)}


def codes_of(rows: Iterable[Row]) -> set[str]:
    """Return the codes the rows expect."""
    return {code for row in rows for code in row.codes}
