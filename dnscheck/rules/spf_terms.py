"""What is wrong with an SPF record as it is written, wherever it leads (RFC 7208)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dnscheck.answers import Answer
from dnscheck.findings import Finding, Severity
from dnscheck.records import RequiredRecord, demanded_end
from dnscheck.spf.comparing import meaning
from dnscheck.spf.mending import Slip, mended, read, respaced
from dnscheck.spf.terms import (
    is_all,
    is_exp,
    is_modifier,
    is_redirect,
    lookup_of,
    terms_of,
)

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
    "Change the TXT record at {name} to the value shown. If a term is missing there, add it again "
    "in its right form.",
)
BAD_TERM = Finding(
    "spf.bad-term",
    Severity.ERROR,
    "The SPF record at {name} has a term that cannot be read",
    "Receivers stop with an error at {mechanisms} and trust nothing in the record.",
    "Change the TXT record at {name} to the value shown. If the term named a sender, add it again "
    "in its right form.",
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
AFTER_ALL = Finding(
    "spf.after-all",
    Severity.ERROR,
    "The SPF record at {name} goes on after “all”",
    "Receivers stop at “all” and never come to {mechanisms}.",
    "Change the TXT record at {name} to the value shown, with “all” behind the mechanisms.",
)
REDIRECT_IGNORED = Finding(
    "spf.redirect-ignored",
    Severity.ERROR,
    "The SPF record at {name} has a redirect beside “all”",
    "Beside “all” receivers ignore a redirect (RFC 7208 section 6.1), so nobody passes through "
    "{mechanisms}.",
    "Change the TXT record at {name} to the value shown, which includes the same name.",
)
PASS_ALL = Finding(
    "spf.pass-all",
    Severity.ERROR,
    "The SPF record at {name} lets everybody send",
    "“all” without a sign, or with a plus sign, passes any server in the world.",
    "Change the TXT record at {name} to the value shown, whose end leaves others out.",
)
END_DEMANDED = Finding(
    "spf.end-not-accepted",
    Severity.ERROR,
    "The SPF record at {name} does not end as the provider demands",
    "The provider's own check accepts the record only with {mechanisms} at its end.",
    "Before you change the end, make sure that every server that sends for the domain is named in "
    "the record: all others will be refused. Then change the TXT record at {name} to the value "
    "shown.",
)
NEUTRAL_ALL = Finding(
    "spf.neutral-all",
    Severity.WARNING,
    "The SPF record at {name} says nothing of other senders",
    "At its end stands {mechanisms}, so mail from any other server counts as if there were no SPF "
    "record.",
    "Once every server that sends for the domain is named in the record, change the TXT record at "
    "{name} to the value shown.",
)
DUPLICATE = Finding(
    "spf.duplicate",
    Severity.WARNING,
    "The SPF record at {name} says the same thing twice",
    "{mechanisms} stands there more than once. A repeated include costs its DNS look-ups again, "
    "and only ten are allowed.",
    "Change the TXT record at {name} to the value shown.",
)
PTR = Finding(
    "spf.ptr",
    Severity.WARNING,
    "The SPF record at {name} uses ptr",
    "It is slow, it fails where reverse names cannot be asked for, and RFC 7208 section 5.5 "
    "advises against it.",
    "In the TXT record at {name}, put the addresses of the servers in place of {mechanisms}, such "
    "as ip4:192.0.2.1.",
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


def of_the_terms(expected: RequiredRecord, answer: Answer, record: str) -> list[Remark]:
    """Return what is to be said of a record as it is written."""
    published = terms_of(record)
    terms = respaced(published)
    return [
        remark
        for remark in (
            Remark(BLANKS, _without(published, terms)),
            *_slips(terms),
            Remark(MODIFIER_TWICE, _twice(terms)),
            Remark(AFTER_ALL, _after_all(terms)),
            *_about_all(expected, terms),
            Remark(DUPLICATE, _repeated(terms, answer.name)),
            Remark(PTR, [term for term in terms if _is_ptr(term)], by_hand=True),
        )
        if remark.terms
    ]


def of_the_end(expected: RequiredRecord, terms: Sequence[str]) -> Remark:
    """Return what is to be said where a provider demands another end than these terms have."""
    end = demanded_end(expected.providers)
    is_there = any(term.lower() == end for term in terms)
    return Remark(END_DEMANDED, [end] if end and not is_there else [])


def _slips(terms: Sequence[str]) -> Iterator[Remark]:
    slips = [(term, read(term)[1]) for term in terms]
    for slip, finding in SLIPS.items():
        yield Remark(finding, [term for term, wrong in slips if wrong is slip])


def _about_all(expected: RequiredRecord, terms: Sequence[str]) -> Iterator[Remark]:
    ends = [term for term in terms if is_all(term)]
    yield Remark(REDIRECT_IGNORED, [term for term in terms if ends and is_redirect(term)])
    yield Remark(PASS_ALL, [term for term in ends if term.lower() in ("all", "+all")])
    demanded = of_the_end(expected, terms)
    yield demanded
    is_meant = bool(demanded.terms) or expected.value.endswith("?all")
    yield Remark(NEUTRAL_ALL, [end for end in ends[:1] if end.startswith("?") and not is_meant])


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


def _after_all(terms: Sequence[str]) -> list[str]:
    """Return the mechanisms after `all`; a modifier may stand there."""
    place = next((at for at, term in enumerate(terms) if is_all(term)), len(terms))
    return [term for term in terms[place + 1 :] if not is_modifier(term) and not is_all(term)]


def _repeated(terms: Sequence[str], name: str) -> list[str]:
    """Return the mechanisms that say what one before them has said."""
    mechanisms = [term for term in mended(terms) if not is_modifier(term)]
    counts = Counter(meaning(term, name).text for term in mechanisms)
    return [said for said, count in counts.items() if count > 1]


def _is_ptr(term: str) -> bool:
    kind, _ = lookup_of(term) or ("", "")
    return kind == "ptr"
