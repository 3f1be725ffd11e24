"""The judges: one file per kind of record, each a function of what is expected and what is said.

Nothing here knows where an answer comes from: `ask` is handed in.
"""

from dataclasses import replace

from dnscheck.answers import Answer, Ask, Value
from dnscheck.findings import Judgement
from dnscheck.records import RequiredRecord
from dnscheck.rules import circles, cname, dkim, dmarc, dmarc_shared, lengths, mx, spf, token
from dnscheck.rules.around import Judge, judged
from smtp.providers.base import Match, Purpose

JUDGES: dict[Match, Judge] = {
    Match.EXACT: token.judge,
    Match.SPF: spf.judge,
    Match.DKIM_KEY: dkim.judge,
    Match.DMARC: dmarc.judge,
    Match.CNAME: cname.judge,
    Match.MX: mx.judge,
    Match.MX_ONLY: mx.judge,
}
# Where what a record is for says more than how it is compared.
JUDGES_OF: dict[tuple[Purpose, Match], Judge] = {
    (Purpose.DMARC, Match.CNAME): dmarc_shared.judge,
}

MOST_CHARACTERS = 4_096  # of one value that are looked at: far more than any mail record has


async def judge(expected: RequiredRecord, answer: Answer, ask: Ask) -> Judgement:
    """Judge the answer for one required record.

    `answer` is what was said of the record's own name and type; `ask` is for what else a judge
    must know, such as an SPF include. A judge never raises for anything the DNS may say.
    """

    async def ask_briefly(name: str, type: str) -> Answer:
        return _shortened(await ask(name, type))

    barred = lengths.judged(expected) or circles.judged(expected, answer)
    if barred is not None:
        return barred
    judge_of = JUDGES_OF.get((expected.purpose, expected.match), JUDGES[expected.match])
    return await judged(judge_of, expected, _shortened(answer), ask_briefly)


def _shortened(answer: Answer) -> Answer:
    """Return the answer in one order, whatever the server's, without the ends of endless texts."""
    values = tuple(sorted(map(_cut, answer.values), key=_rank))
    return answer if values == answer.values else replace(answer, values=values)


def _cut(value: Value) -> Value:
    if len(value.text) <= MOST_CHARACTERS:
        return value
    return replace(value, text=value.text[:MOST_CHARACTERS])


def _rank(value: Value) -> tuple[int, str]:
    return value.preference or 0, value.text
