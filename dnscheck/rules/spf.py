"""SPF: one record, and the provider's mechanisms in it where receivers come to them (RFC 7208)."""

from collections.abc import Sequence
from dataclasses import replace

from dnscheck.answers import Answer, Ask, Status
from dnscheck.findings import Finding, Judgement, Severity
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules.host import could_not_ask, edits_to, missing, verdict_of
from dnscheck.rules.spf_costs import Costs, faulty_last
from dnscheck.rules.spf_record import judge_one, mechanisms, stated
from dnscheck.rules.spf_terms import Remark, of_the_end
from dnscheck.rules.spf_walk import Way
from dnscheck.spf.comparing import meaning
from dnscheck.spf.forecast import forecast
from dnscheck.spf.mending import as_include, mended
from dnscheck.spf.merging import is_mergeable
from dnscheck.spf.terms import (
    MEANT,
    NOT_PLAIN,
    is_all,
    is_record,
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
TOO_MUCH_TO_MERGE = (
    "At {name}, keep one TXT record that names every server that sends for the domain, and delete "
    "the others. There is too much in them to show it merged."
)


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the SPF record at the name. More than is wanted is fine."""
    if answer.status is Status.UNKNOWN:
        return could_not_ask(answer)
    records = [text for text in answer.texts if is_record(text)]
    if len(records) > 1:
        # Name servers change the order: the value shown must be the same each time.
        return await _all_of(TWO_RECORDS, expected, answer, sorted(records), ask)
    if records and not NOT_PLAIN.search(records[0]):
        return await judge_one(expected, answer, records[0], ask)
    for text in records or answer.texts:
        if MEANT.match(text):
            return await _all_of(VERSION, expected, answer, [text], ask)
    wanted = mechanisms(expected)
    return await missing(expected, answer, ask, lambda other: _holds(wanted, other))


def _holds(wanted: Sequence[str], answer: Answer) -> bool:
    """Whether an answer holds a record with all that is wanted."""
    needed = [meaning(item, answer.name) for item in wanted]
    for text in filter(is_record, answer.texts):
        said = [meaning(term, answer.name) for term in terms_of(text)]
        if needed and all(any(one.covers(meant) for one in said) for meant in needed):
            return True
    return False


async def _all_of(
    finding: Finding, expected: RequiredRecord, answer: Answer, texts: Sequence[str], ask: Ask
) -> Judgement:
    """Judge texts none of which counts as it is; the value shown keeps what can be read of them."""
    if not is_mergeable(texts):
        by_hand = Remark(replace(finding, fix=TOO_MUCH_TO_MERGE), texts)
        return verdict_of(stated(by_hand, expected, texts))
    each = [mended(terms_read(text)) for text in texts]
    terms = [as_include(term) for terms in each for term in terms if not is_all(term)]
    seen = await forecast(text_of(terms), answer.name, ask)
    costs = Costs.of(seen, Way(terms), mechanisms(expected), answer.name)
    merged = publishable(expected, texts, dropped=[*costs.stops, *costs.empty])
    edits = edits_to(expected, answer, texts, faulty_last(merged, costs))
    ends = [remark for terms in each if (remark := of_the_end(expected, terms)).terms]
    remarks = [Remark(finding, texts), *ends[:1]]
    return verdict_of(*(stated(remark, expected, texts, edits) for remark in remarks))
