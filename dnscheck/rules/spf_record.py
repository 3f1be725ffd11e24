"""Judges the one SPF record at a name: readable, within its limits, the provider in reach."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dnscheck.answers import Answer, Ask
from dnscheck.findings import Edit, Finding, Judgement, Severity
from dnscheck.records import RequiredRecord, publishable
from dnscheck.rules.host import could_not_ask, edits_to, state, verdict_of
from dnscheck.rules.spf_costs import STOPS, Costs, faulty_last, of_the_ends, of_the_limits
from dnscheck.rules.spf_end import (
    NEUTRAL_ALL,
    ignored,
    lets_everybody_pass,
    of_the_redirect,
    of_the_rest,
)
from dnscheck.rules.spf_proxied import of_the_networks, proxied
from dnscheck.rules.spf_terms import MOST_OF_A_TERM, Remark, is_ptr, meant_by, of_the_terms
from dnscheck.rules.spf_walk import MOST_NAMES, Way, find_way
from dnscheck.spf.forecast import LIMIT, VOID_LIMIT, Forecast, every, forecast
from dnscheck.spf.mending import as_include, mended, read, respaced
from dnscheck.spf.merging import MOST_CHARACTERS, is_mergeable
from dnscheck.spf.terms import QUALIFIERS, is_all, is_modifier, is_redirect, terms_of, text_of
from dnscheck.together import together
from smtp.providers import PROVIDERS

MECHANISM_MISSING = Finding(
    "spf.mechanism-missing",
    Severity.ERROR,
    "The SPF record at {name} does not name the provider",
    "It must contain {mechanisms}.{seen} Without it, receivers may treat the mail as forged.",
    "Change the TXT record at {name} to the value shown, which keeps the other senders.",
)
REFUSED = Finding(
    "spf.refused",
    Severity.ERROR,
    "The SPF record at {name} refuses the provider",
    "A mechanism that begins with -, ~ or ? matches {mechanisms}, and receivers stop at the first "
    "match.",
    "Change the TXT record at {name} to the value shown, where the provider passes first.",
)
NESTED = Finding(
    "spf.nested",
    Severity.ERROR,
    "The SPF record at {name} names the provider only behind another name",
    "Receivers find {mechanisms} there, but the provider's own check does not look that deep.",
    "Change the TXT record at {name} to the value shown.",
)
TOO_LONG = Finding(
    "spf.too-long",
    Severity.INFO,
    "The SPF record at {name} is too long",
    "It has {number} characters. RFC 7208 section 3.4 advises to let the whole answer fit into 512 "
    "octets. A longer one takes receivers more time, and is asked for again over TCP.",
    "Take out of the TXT record at {name} what nobody sends through any more, and write "
    "neighbouring addresses as one network.",
)
ANSWER_TOO_LONG = Finding(
    "spf.answer-too-long",
    Severity.INFO,
    "The TXT records at {name} are too long together",
    "With the SPF record they make an answer of {number} octets. One over 1,232 is asked for again "
    "over TCP, which all but a few receivers do. Over 4,096, more of them fail.",
    "Delete the TXT records at {name} that nobody needs any more, such as tokens of services you "
    "have left.",
)
TOO_MUCH = Finding(
    "spf.too-much",
    Severity.ERROR,
    "There is too much in the SPF record at {name}",
    "No receiver makes sense of so many terms, and {mechanisms} is not among those that count.",
    "Take out of the TXT record at {name} what nobody sends through any more, see that it names "
    "{mechanisms}, then check again.",
)

MOST_OF_A_RECORD, MOST_OF_AN_ANSWER = 450, 1_200  # octets
# The size that resolvers took over UDP for twenty years; what is larger has always needed TCP.
MOST_THAT_FITS = 4_096
OF_A_VALUE = 12  # octets around each record of an answer (RFC 1035 section 4.1.3)
MOST_NAMED = 3  # of the terms in a sentence


async def judge_one(expected: RequiredRecord, answer: Answer, record: str, ask: Ask) -> Judgement:
    """Judge the only SPF record. The findings that can be mended show the one value that does."""
    if not is_mergeable([record]):
        return await _judge_too_much(expected, answer, record, ask)
    name, wanted = answer.name, mechanisms(expected)
    terms, more = respaced(terms_of(record)), ignored(respaced(terms_of(record)))
    # A sign that stands alone must not come to stand before another term than it does.
    counting = [term for term in terms if term not in more and term not in [*QUALIFIERS]]
    looks = await together(
        *(_look(each, expected, name, ask) for each in ([counting, terms] if more else [terms]))
    )
    now, all_in = looks[0], looks[-1]
    is_ours = len(all_in.way.lost) < len(now.way.lost)
    look = all_in if is_ours else now
    way, costs = look.way, Costs.of(look.seen, look.way, wanted, name)
    useless = [*look.behind, *filter(is_ptr, way.terms)]
    if not is_ours and (_is_over(all_in.seen) or all_in.stops_at(map(as_include, more))):
        useless += map(as_include, more)
    after = _value(expected, record, way, costs, useless)
    later = look.seen
    if _is_over(look.seen) and after != record:
        later = await forecast(after, name, ask)
    missing, told = _missing(record, way, costs)
    remarks = [
        *of_the_terms(name, record, way),
        *of_the_rest(expected, record, way),
        of_the_redirect(record, after, is_ours=is_ours),
        *_of_the_way(expected, way),
        missing,
        *of_the_ends(costs, told),
        *of_the_limits(costs, later),
        of_the_networks(look.behind),
        *_of_the_length(answer, record),
    ]
    said = sorted((remark for remark in remarks if remark.terms), key=_mildness)
    if way.lost and way.unknown is not None and all(map(_is_mild, said)):
        return could_not_ask(way.unknown)
    if any(remark.finding.severity is not Severity.INFO for remark in said):
        said = [remark for remark in said if remark.finding.code != NEUTRAL_ALL.code]
    edits = edits_to(expected, answer, (record,), after)
    return verdict_of(*(stated(remark, expected, (record,), edits) for remark in said))


@dataclass(frozen=True)
class _Look:
    """What terms lead to, and which of them stand for a delivery network."""

    way: Way
    seen: Forecast
    behind: Mapping[str, str]

    def stops_at(self, terms: Iterable[str]) -> bool:
        """Whether receivers do not get past one of these terms."""
        here = set(terms)
        steps = [step for step in self.seen.steps if step.term in here]
        return any(step.problem in STOPS for step in every(steps))


async def _look(written: Sequence[str], expected: RequiredRecord, name: str, ask: Ask) -> _Look:
    terms, wanted = mended(written), mechanisms(expected)
    return _Look(
        *await together(
            find_way(terms, wanted, name, ask),
            forecast(text_of(terms), name, ask),
            proxied(terms, [*wanted, *terms_of(expected.value)], name, ask),
        )
    )


def _missing(record: str, way: Way, costs: Costs) -> tuple[Remark, list[str]]:
    """Return what is to be said of wanted mechanisms that are not there, and the terms it tells of.

    One that cannot be read is told of for itself; where everybody passes, nobody is missing.
    """
    unread = [term for term in respaced(terms_of(record)) if not read(term)[0]]
    lost = [] if way.unknown is not None or lets_everybody_pass(record) else way.lost
    spelt = {
        item
        for item in lost
        for term in unread
        if meant_by(term, [item]) or term.lower().startswith((f"{item}/", f"{item}-"))
    }
    near = [term for term in costs.stops if meant_by(term, lost)]
    seen = f" {near[0][:MOST_OF_A_TERM]} is not that, and leads nowhere." if near else ""
    left = [item for item in lost if item not in spelt]
    return Remark(MECHANISM_MISSING, left, words={"seen": seen}), near if left else []


async def _judge_too_much(
    expected: RequiredRecord, answer: Answer, record: str, ask: Ask
) -> Judgement:
    """Judge a record that nobody publishes in earnest: no more than whether it does its work."""
    whole = record.rpartition(" ")[0] if len(record) > MOST_CHARACTERS else record
    way = await find_way(terms_of(whole), mechanisms(expected), answer.name, ask)
    if way.lost and way.unknown is not None:
        return could_not_ask(way.unknown)
    remarks = [Remark(TOO_MUCH, [*way.lost, *way.refused]), *_of_the_length(answer, record)]
    return verdict_of(*(stated(remark, expected, (record,)) for remark in remarks if remark.terms))


def mechanisms(expected: RequiredRecord) -> list[str]:
    """Return the mechanisms a record must contain; a redirect is as good as its include."""
    if expected.mechanisms:
        return list(expected.mechanisms)
    terms = [term for term in terms_of(expected.value) if not is_all(term)]
    return [as_include(term) for term in terms if is_redirect(term) or not is_modifier(term)]


def stated(
    remark: Remark,
    expected: RequiredRecord,
    published: Sequence[str],
    edits: tuple[Edit, ...] = (),
) -> Finding:
    """Return a remark on what is published as a finding."""
    return state(
        remark.finding,
        edits=() if remark.by_hand else edits,
        evidence=remark.evidence or published,
        name=expected.name,
        mechanisms=_named(remark.terms),
        **remark.words,
    )


def _named(terms: Sequence[str]) -> str:
    return ", ".join(term[:MOST_OF_A_TERM] for term in terms[:MOST_NAMED])


def _is_mild(remark: Remark) -> bool:
    return remark.finding.severity is not Severity.ERROR


def _mildness(remark: Remark) -> int:
    return list(Severity).index(remark.finding.severity)


def _is_over(seen: Forecast) -> bool:
    return seen.lookups > LIMIT or seen.voids > VOID_LIMIT


def _value(
    expected: RequiredRecord, record: str, way: Way, costs: Costs, useless: Iterable[str]
) -> str:
    """Return the value that mends a record: what is wanted is in reach, what stops is not there."""
    leaving = [*costs.stops, *costs.empty, *useless]
    by_it = [item for item, at in way.places.items() if "".join(way.terms[at : at + 1]) in leaving]
    added = [*way.lost, *way.refused, *_too_deep(expected, way), *by_it]
    after = publishable(expected, [record], added, leaving)
    if added or costs.come_before(costs.faulty):
        return faulty_last(after, costs)
    return after


def _of_the_way(expected: RequiredRecord, way: Way) -> Iterator[Remark]:
    """Yield what is to be said of where the wanted mechanisms are."""
    yield Remark(NESTED, _too_deep(expected, way))
    yield Remark(REFUSED, way.refused)


def _too_deep(expected: RequiredRecord, way: Way) -> list[str]:
    return [item for item, depth in way.depths.items() if depth > _deepest(expected, item)]


def _deepest(expected: RequiredRecord, mechanism: str) -> int:
    """Return how many includes deep the providers that want a mechanism look for it."""
    depths = [
        provider.spf_nesting
        for provider in PROVIDERS
        if provider.slug in expected.providers
        and provider.spf_nesting is not None
        and any(mechanism in template.mechanisms for template in provider.recipe)
    ]
    return min(depths, default=MOST_NAMES)


def _of_the_length(answer: Answer, record: str) -> Iterator[Remark]:
    """Yield what is to be said of the size of the record, and of the answer it comes in."""
    sizes = [len(text) + len(text) // 255 + 1 + OF_A_VALUE for text in answer.texts]
    others = sum(sizes) - len(record)
    severity = Severity.WARNING if sum(sizes) > MOST_THAT_FITS else Severity.INFO
    if len(record) > MOST_OF_A_RECORD:
        finding, words = replace(TOO_LONG, severity=severity), {"number": str(len(record))}
        yield Remark(finding, [record], by_hand=True, words=words)
    if sum(sizes) > MOST_OF_AN_ANSWER and others > MOST_OF_AN_ANSWER - MOST_OF_A_RECORD:
        longest = sorted(answer.texts, key=len, reverse=True)
        finding, words = replace(ANSWER_TOO_LONG, severity=severity), {"number": str(sum(sizes))}
        yield Remark(finding, longest, by_hand=True, evidence=longest, words=words)
