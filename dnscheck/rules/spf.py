"""SPF: one record, and the provider's mechanisms in it where receivers come to them (RFC 7208)."""

from collections.abc import Sequence
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Action, Edit, Finding, Judgement, RecordVerdict, Severity
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules.elsewhere import Holds
from dnscheck.rules.host import could_not_ask, edits_to, missing, verdict_of
from dnscheck.rules.spf_costs import Costs, faulty_last
from dnscheck.rules.spf_end import of_the_end
from dnscheck.rules.spf_record import judge_one, mechanisms, stated
from dnscheck.rules.spf_terms import Remark
from dnscheck.rules.spf_walk import Way
from dnscheck.spf.comparing import meaning
from dnscheck.spf.forecast import forecast
from dnscheck.spf.mending import as_include, mended
from dnscheck.spf.merging import is_mergeable
from dnscheck.spf.terms import (
    MEANT,
    NOT_PLAIN,
    Parts,
    is_all,
    is_record,
    parted,
    terms_of,
    terms_read,
    text_of,
)

TWO_RECORDS = Finding(
    "spf.two-records",
    Severity.ERROR,
    "There are several SPF records at {name}",
    "A domain may have one. With more, receivers report a permanent error and trust none of them.",
    "At {name}, keep one TXT record with the merged value shown and delete the others.",
)
VERSION = Finding(
    "spf.version",
    Severity.ERROR,
    "A record at {name} is meant as SPF but is not read as one",
    "An SPF record begins with v=spf1 and a blank, with nothing before them, and holds neither "
    "quotation marks nor special characters.",
    "Change the TXT record at {name} to the value shown.",
)
GLUED = Finding(
    "spf.glued",
    Severity.ERROR,
    "Another text is glued to the SPF record at {name}",
    "Without a record of its own neither counts: receivers stop with an error at {mechanisms}, and "
    "whoever looks for the other text does not find it.",
    "Change the TXT record at {name} to the value shown, and add the other text in a TXT record of "
    "its own.",
)
TOO_MUCH_TO_MERGE = (
    "At {name}, keep one TXT record that names every server that sends for the domain, and delete "
    "the others. There is too much in them to show it merged."
)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the SPF record at the name. More than is wanted is fine.

    What an alias leads to belongs to somebody else: it is right as it is, or it is not the record.
    """
    seen = await _judged(expected, answer, ask)
    if answer.chain and seen.verdict is RecordVerdict.WRONG:
        return await missing(expected, answer, ask, _holding(expected))
    if answer.chain and seen.verdict is RecordVerdict.OK:
        return verdict_of(*(told for told in seen.findings if not told.edits))
    return seen


async def _judged(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    records = [text for text in answer.texts if is_record(text)]
    if len(records) > 1:
        # Name servers change the order: the value shown must be the same each time.
        texts = sorted(records)
        return await _all_of(Remark(TWO_RECORDS, texts), expected, answer, texts, ask)
    for text in records or answer.texts:
        parts = parted(text)
        if parts[1]:
            remark = Remark(GLUED, parts[1:])
            return await _all_of(remark, expected, answer, [text], ask, parts)
    if records and not NOT_PLAIN.search(records[0]):
        return await judge_one(expected, answer, records[0], ask)
    for text in records or answer.texts:
        if MEANT.match(text):
            return await _all_of(Remark(VERSION, [text]), expected, answer, [text], ask)
    return await missing(expected, answer, ask, _holding(expected))


def _holding(expected: RequiredRecord) -> Holds:
    wanted = mechanisms(expected)
    return lambda other: _holds(wanted, other)


def _holds(wanted: Sequence[str], answer: Answer) -> bool:
    """Whether an answer holds a record with all that is wanted."""
    needed = [meaning(item, answer.name) for item in wanted]
    for text in filter(is_record, answer.texts):
        said = [meaning(term, answer.name) for term in terms_of(text)]
        if needed and all(any(one.covers(meant) for one in said) for meant in needed):
            return True
    return False


async def _all_of(
    remark: Remark,
    expected: RequiredRecord,
    answer: Answer,
    texts: Sequence[str],
    ask: Ask,
    parts: Parts = ("", ""),
) -> Judgement:
    """Judge texts none of which counts as it is; the value shown keeps what can be read of them.

    `parts` are the record and the other text in it, where one text is both.
    """
    record, other = parts
    written = [record] if record else texts
    if not is_mergeable(written):
        by_hand = replace(remark, finding=replace(remark.finding, fix=TOO_MUCH_TO_MERGE))
        return verdict_of(stated(by_hand, expected, texts))
    each = [mended(terms_read(text)) for text in written]
    terms = [as_include(term) for terms in each for term in terms if not is_all(term)]
    seen = await forecast(text_of(terms), answer.name, ask)
    costs = Costs.of(seen, Way(terms), mechanisms(expected), answer.name)
    merged = publishable(expected, written, dropped=[*costs.stops, *costs.empty])
    edits = edits_to(expected, answer, texts, faulty_last(merged, costs))
    if other and other not in answer.texts:
        edits += (Edit(Action.ADD, expected.name, expected.type, after=other),)
    ends = [end for terms in each if (end := of_the_end(expected, terms)).terms]
    return verdict_of(*(stated(one, expected, texts, edits) for one in (remark, *ends[:1])))
