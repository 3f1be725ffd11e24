"""The end of an SPF record: what `all` says of other senders, and what stands behind it."""

from collections.abc import Sequence
from dataclasses import replace

from dnscheck.findings import Finding, Severity
from dnscheck.records import RequiredRecord, demanded_end
from dnscheck.rules.spf_terms import Remark
from dnscheck.rules.spf_walk import Way
from dnscheck.spf.mending import as_include, read, respaced
from dnscheck.spf.record import parse
from dnscheck.spf.terms import DEFAULT_ALL, is_all, is_modifier, is_redirect, terms_of

AFTER_ALL = Finding(
    "spf.after-all",
    Severity.WARNING,
    "The SPF record at {name} goes on after “all”",
    "Receivers stop at “all” and never come to {mechanisms}.",
    "Change the TXT record at {name} to the value shown, with “all” behind the mechanisms.",
)
REDIRECT_IGNORED = Finding(
    "spf.redirect-ignored",
    Severity.WARNING,
    "The SPF record at {name} has a redirect beside “all”",
    "Beside “all” receivers ignore a redirect (RFC 7208 section 6.1), so nobody passes through "
    "{mechanisms}.",
    "Change the TXT record at {name} to the value shown, {instead}.",
)
PASS_ALL = Finding(
    "spf.pass-all",
    Severity.ERROR,
    "The SPF record at {name} lets everybody send",
    "“all” without a sign, or with a plus sign, passes any server in the world.",
    "Change the TXT record at {name} to the value shown, which names the provider and leaves "
    "others out. First see that every other server that sends for the domain is in it.",
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
    Severity.INFO,
    "The SPF record at {name} says nothing of other senders",
    "{end}, so mail from any other server counts as if there were no SPF record.",
    "Once every server that sends for the domain is named in the record, let it end in ~all.",
)


def of_the_rest(expected: RequiredRecord, record: str, way: Way) -> list[Remark]:
    """Return what is to be said of the end of a record, given where mail passes in it."""
    terms = respaced(terms_of(record))
    open_ends = [term for term in terms if term.lower() in ("all", "+all")]
    is_open = lets_everybody_pass(record)
    return [
        _of_what_is_behind(terms, () if is_open else way.used),
        Remark(PASS_ALL, open_ends if is_open else []),
        of_the_end(expected, terms),
        _of_a_neutral_end(expected, terms),
    ]


def of_the_redirect(record: str, after: str, *, is_ours: bool) -> Remark:
    """Return what is to be said of a redirect beside `all`.

    `after` is the value shown. It is an error if what is wanted lies behind the redirect alone.
    """
    there = ignored(respaced(terms_of(record)))
    kept = {as_include(term) for term in there}.intersection(terms_of(after))
    instead = "which includes the same name" if kept else "without it"
    finding = replace(REDIRECT_IGNORED, severity=Severity.ERROR) if is_ours else REDIRECT_IGNORED
    return Remark(finding, there, words={"instead": instead})


def ignored(terms: Sequence[str]) -> list[str]:
    """Return the redirects that receivers ignore, because `all` stands beside them."""
    return [term for term in terms if is_redirect(term)] if any(map(is_all, terms)) else []


def of_the_end(expected: RequiredRecord, terms: Sequence[str]) -> Remark:
    """Return what is to be said where a provider demands another end than these terms have."""
    end = demanded_end(expected.providers)
    is_there = any(term.lower() == end for term in terms)
    return Remark(END_DEMANDED, [end] if end and not is_there else [])


def lets_everybody_pass(record: str) -> bool:
    """Whether a record passes whoever is not refused: it can be read, and its end is `+all`."""
    end = next(filter(is_all, terms_of(record)), "")
    if end.lower() not in ("all", "+all"):
        return False
    try:
        parse(record)
    except ValueError:
        return False
    return True


def _of_what_is_behind(terms: Sequence[str], used: Sequence[str]) -> Remark:
    """Return what is to be said of mechanisms behind `all`; a modifier may stand there.

    It is an error where mail is to pass by one of them, and by none before.
    """
    place = next((at for at, term in enumerate(terms) if is_all(term)), len(terms))
    behind = [term for term in terms[place:] if not is_modifier(term) and not is_all(term)]
    before = {read(term)[0] for term in terms[:place]}
    needed = {read(term)[0] for term in behind}.difference(before).intersection(used)
    finding = replace(AFTER_ALL, severity=Severity.ERROR) if needed else AFTER_ALL
    return Remark(finding, behind)


def _of_a_neutral_end(expected: RequiredRecord, terms: Sequence[str]) -> Remark:
    """Return what is to be said of `?all`, and of no end at all, which is the same to receivers."""
    wanted = [term for term in terms_of(expected.value) if is_all(term) or is_redirect(term)]
    is_meant = wanted in ([], ["?all"]) or bool(of_the_end(expected, terms).terms)
    ends = [term for term in terms if is_all(term)]
    if is_meant or any(map(is_redirect, terms)) or (ends and not ends[0].startswith("?")):
        return Remark(NEUTRAL_ALL)
    end = f"At its end stands {ends[0]}" if ends else "It has no “all” at its end"
    return Remark(NEUTRAL_ALL, [*ends, DEFAULT_ALL][:1], by_hand=True, words={"end": end})
