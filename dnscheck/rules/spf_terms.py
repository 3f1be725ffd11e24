"""What is wrong with an SPF record as it is written, wherever it leads (RFC 7208)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dnscheck.findings import Finding, Severity
from dnscheck.rules.likeness import nearly
from dnscheck.rules.spf_walk import Way
from dnscheck.spf.comparing import meaning
from dnscheck.spf.mending import Slip, mended, read, respaced
from dnscheck.spf.terms import (
    QUALIFIERS,
    is_all,
    is_exp,
    is_modifier,
    is_redirect,
    is_refusing,
    lookup_of,
    terms_of,
)

MOST_OF_A_TERM, MOST_LEFT_OUT = 80, 5  # characters, and terms, in a sentence
MOST_STROKES = 2  # between a term and what was meant

EQUALS_FOR_COLON = Finding(
    "spf.equals-sign",
    Severity.ERROR,
    "The SPF record at {name} has an equals sign where a colon belongs",
    "Receivers skip {mechanisms} without a word: with an equals sign it is no mechanism.",
    "Change the TXT record at {name} to the value shown, with a colon.",
)
COLON_FOR_EQUALS = Finding(
    "spf.colon",
    Severity.ERROR,
    "The SPF record at {name} has a colon where an equals sign belongs",
    "Receivers stop with an error at {mechanisms} and trust nothing in the record.",
    "Change the TXT record at {name} to the value shown, with an equals sign.",
)
ADDRESS_KIND = Finding(
    "spf.address-kind",
    Severity.ERROR,
    "An address in the SPF record at {name} is not introduced as its kind is",
    "Before an IPv4 address stands ip4: and before an IPv6 address ip6:, with nothing but the "
    "length of a prefix after it. Receivers stop with an error at {mechanisms}.",
    "Change the TXT record at {name} to the value shown.",
)
NOT_A_NAME = Finding(
    "spf.not-a-name",
    Severity.ERROR,
    "The SPF record at {name} holds more than a name where a name belongs",
    "A web or mail address is not the name of an SPF record. Receivers stop with an error at "
    "{mechanisms}.",
    "Change the TXT record at {name} to the value shown, with the name alone.",
)
MACRO = Finding(
    "spf.macro",
    Severity.ERROR,
    "The SPF record at {name} has a percent sign that begins no macro",
    "A macro is a percent sign with a letter in braces (RFC 7208 section 7). Receivers stop with "
    "an error at anything else and trust nothing in the record.",
    "Change the TXT record at {name} to the value shown.{left_out}",
)
BAD_TERM = Finding(
    "spf.bad-term",
    Severity.ERROR,
    "The SPF record at {name} has a term that cannot be read",
    "Receivers stop with an error at {mechanisms} and trust nothing in the record.",
    "Change the TXT record at {name} to the value shown.{left_out}",
)
BLANKS = Finding(
    "spf.blanks",
    Severity.ERROR,
    "Blanks are missing or misplaced in the SPF record at {name}",
    "One blank parts two terms; there is none inside a term, and there are no commas. Receivers "
    "stop with an error at {mechanisms}.",
    "Change the TXT record at {name} to the value shown.",
)
MODIFIER_TWICE = Finding(
    "spf.modifier-twice",
    Severity.ERROR,
    "The SPF record at {name} says redirect= or exp= more than once",
    "Each may stand there once (RFC 7208 section 6). Receivers stop with an error at {mechanisms}.",
    "Change the TXT record at {name} to the value shown.",
)
DUPLICATE = Finding(
    "spf.duplicate",
    Severity.WARNING,
    "The SPF record at {name} says the same thing twice",
    "{mechanisms} stands there more than once. {cost}",
    "Change the TXT record at {name} to the value shown.",
)
PTR = Finding(
    "spf.ptr",
    Severity.WARNING,
    "The SPF record at {name} uses ptr",
    "It is slow, it fails where reverse names cannot be asked for, and RFC 7208 section 5.5 "
    "advises against it.",
    "Change the TXT record at {name} to the value shown, without {mechanisms}. {before}",
)
TWICE_THE_COST = "Each time costs its DNS look-ups again, and only ten are allowed."
BEFORE_PTR = (
    "If a server of yours is named in no other way, add its address too, such as ip4:192.0.2.1."
)
ONLY_PTR = (
    "Nothing else in the record passes a server of yours: add the address of each one that sends, "
    "such as ip4:192.0.2.1, or its mail passes no longer."
)
LEFT_OUT = (
    " It leaves out {terms}, because nobody can tell what was meant: if that named a server that "
    "sends for you, add it too, in its right form, such as ip4:192.0.2.1 or ip4:192.0.2.0/24."
)

SLIPS: Mapping[Slip, Finding] = {
    Slip.UNREADABLE: BAD_TERM,
    Slip.MACRO: MACRO,
    Slip.ADDRESS: ADDRESS_KIND,
    Slip.NAME: NOT_A_NAME,
    Slip.EQUALS: EQUALS_FOR_COLON,
    Slip.COLON: COLON_FOR_EQUALS,
}


@dataclass(frozen=True)
class Remark:
    """A finding, the terms it is about, and further words to fill in.

    The value shown mends it, unless it is one to mend by hand. Without `evidence` the record
    itself is shown.
    """

    finding: Finding
    terms: Sequence[str] = ()
    by_hand: bool = False
    evidence: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)


def of_the_terms(name: str, record: str, way: Way) -> list[Remark]:
    """Return what is to be said of a record as it is written, given where mail passes in it."""
    published = terms_of(record)
    terms = respaced(published)
    return [
        remark
        for remark in (
            Remark(BLANKS, _without(published, terms)),
            *_slips(terms, way),
            Remark(MODIFIER_TWICE, _twice(terms)),
            _about_twice(terms, name),
            _about_ptr(terms, way),
        )
        if remark.terms
    ]


def meant_by(term: str, wanted: Iterable[str]) -> str:
    """Return which of the wanted mechanisms a term was to be, or nothing: it is nearly that."""
    text = term.lower().lstrip(QUALIFIERS)
    for item in wanted:
        if text == item.partition(":")[2] or nearly(text, item, MOST_STROKES):
            return item
    return ""


def _slips(terms: Sequence[str], way: Way) -> Iterator[Remark]:
    slips = [(term, *read(term)) for term in terms]
    for slip, finding in SLIPS.items():
        here = [(term, meant) for term, meant, wrong in slips if wrong is slip]
        lost = [term for term, meant in here if not (meant or meant_by(term, way.lost))]
        shown = ", ".join(term[:MOST_OF_A_TERM] for term in lost[:MOST_LEFT_OUT])
        if "{" in shown:
            shown = "the term with the percent sign"  # a sentence holds no macro
        words = {"left_out": LEFT_OUT.format(terms=shown) if lost else ""}
        yield Remark(finding, [term for term, _ in here], words=words)


def _about_twice(terms: Sequence[str], name: str) -> Remark:
    """Return what is to be said of mechanisms that stand there twice; only some cost look-ups."""
    repeated = _repeated(terms, name)
    if dear := [said for said in repeated if lookup_of(said)]:
        return Remark(DUPLICATE, dear, words={"cost": TWICE_THE_COST})
    harmless = replace(DUPLICATE, severity=Severity.INFO)
    return Remark(harmless, repeated, words={"cost": "It costs nothing and changes nothing."})


def _about_ptr(terms: Sequence[str], way: Way) -> Remark:
    others = [
        term
        for term in way.terms
        if not (is_ptr(term) or is_all(term) or is_refusing(term) or is_exp(term))
        and term not in way.used
        and (not is_modifier(term) or is_redirect(term))
    ]
    words = {"before": BEFORE_PTR if others else ONLY_PTR}
    return Remark(PTR, [term for term in terms if is_ptr(term)], words=words)


def _without(terms: Sequence[str], others: Sequence[str]) -> list[str]:
    known = set(others)
    return [term for term in terms if term not in known]


def _twice(terms: Sequence[str]) -> list[str]:
    """Return the redirects if there are several, and the explanations."""
    redirects, explained = (
        [term for term in terms if is_redirect(term)],
        [term for term in terms if is_exp(term)],
    )
    return [*(redirects if len(redirects) > 1 else ()), *(explained if len(explained) > 1 else ())]


def _repeated(terms: Sequence[str], name: str) -> list[str]:
    """Return the mechanisms that say what one before them has said."""
    mechanisms = [term for term in mended(terms) if not is_modifier(term)]
    counts = Counter(meaning(term, name).text for term in mechanisms)
    return [said for said, count in counts.items() if count > 1]


def is_ptr(term: str) -> bool:
    """Whether a term is the mechanism ptr, whatever its sign and name."""
    kind, _ = lookup_of(term) or ("", "")
    return kind == "ptr"
