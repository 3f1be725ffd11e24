"""One SPF record out of what is published and what providers ask for (RFC 7208).

A name may have one record (section 4.5), so providers share it. What its owner wrote keeps its
place and its end; what is new follows.
"""

from collections.abc import Iterable, Mapping, Sequence

from dnscheck.spf.comparing import Said, meaning
from dnscheck.spf.mending import as_include, mended, respaced
from dnscheck.spf.terms import (
    DEFAULT_ALL,
    ended,
    is_all,
    is_exp,
    is_redirect,
    is_refusing,
    terms_read,
    text_of,
)

KEPT_ENDS = ("-all", "?all")  # which say more, or less, than the usual one
# Nobody sends by more. Whoever publishes more wants to keep a reader busy.
MOST_RECORDS, MOST_TERMS = 5, 200  # of all records together
MOST_CHARACTERS = 4_095  # longer texts are handed on without their ends


def is_mergeable(published: Sequence[str]) -> bool:
    """Whether these records are few and short enough to be made one."""
    if len(published) > MOST_RECORDS or any(len(text) > MOST_CHARACTERS for text in published):
        return False
    return sum(len(respaced(terms_read(text))) for text in published) <= MOST_TERMS


def merged_spf(
    wanted: Sequence[str],
    published: Sequence[str] = (),
    *,
    name: str = "",
    end: str = "",
    replaced: Mapping[str, str] | None = None,
) -> str:
    """Return the one record that says what is published and what is wanted.

    `wanted` and `published` are whole records or bare mechanisms. `name` is where the record
    belongs, so that `mx` and `mx:name` are known as one. `end` is the `all` a provider demands.
    `replaced` maps mechanisms to what took their place, or to nothing. Terms that cannot be read
    are left out, since receivers stop with an error at them. What is not mergeable is left alone:
    the first record comes back as it is published.
    """
    if not is_mergeable(published):
        return published[0]
    asked = [mended(terms_read(text)) for text in wanted]
    owned = [
        _unrefused(_renewed(mended(terms_read(text)), replaced or {}), asked, name)
        for text in published
    ]
    terms = _union([*owned, *asked], name)
    if not end and _redirects(terms, owned or asked, name):
        return text_of(terms)
    return text_of(ended([as_include(term) for term in terms], end or _end(owned, asked)))


def _renewed(terms: Iterable[str], replaced: Mapping[str, str]) -> list[str]:
    """Return the terms with what took the place of old mechanisms."""
    renewed = {meaning(old, "").text: new for old, new in replaced.items()}
    return [new for term in terms for new in renewed.get(meaning(term, "").text, term).split()]


def _unrefused(terms: Iterable[str], asked: Iterable[list[str]], name: str) -> list[str]:
    """Return the terms so that none refuses what is wanted: the first match decides (4.6.2).

    What refuses the very thing makes way; a network around it comes behind what is wanted.
    """
    wanted = [(term, meaning(term, name)) for terms_asked in asked for term in terms_asked]
    kept: list[str] = []
    for term in terms:
        if is_refusing(term):
            refused = meaning(term[1:], name)
            inside = [(own, meant) for own, meant in wanted if refused.covers(meant)]
            if any(meant == refused for _, meant in inside):
                continue
            kept += [own for own, _ in inside]
        kept.append(term)
    return kept


def _union(records: Iterable[list[str]], name: str) -> list[str]:
    """Return each term once, in order and without `all`; `exp` may stand once (section 6)."""
    union: list[str] = []
    said, is_explained = Said(), False
    for term in (term for terms in records for term in terms if not is_all(term)):
        meant = meaning(term, name)
        if said.covers(meant) or (is_exp(term) and is_explained):
            continue
        is_explained = is_explained or is_exp(term)
        said.add(meant)
        union.append(term)
    return union


def _redirects(terms: list[str], records: Iterable[list[str]], name: str) -> bool:
    """Whether there is a redirect that counts: nothing was added, and no `all` stands beside it.

    Beside `all` a redirect is ignored (section 6.1).
    """
    return any(map(is_redirect, terms)) and any(
        _union([record], name) == terms and not any(map(is_all, record)) for record in records
    )


def _end(owned: Sequence[list[str]], asked: Sequence[list[str]]) -> str:
    """Return the end of every record that decides if all have the same, else ~all.

    A published record without `all`, or one that lets everybody pass, refused nobody so far.
    """
    ends = [next(filter(is_all, terms), "").lower() for terms in owned or asked]
    decisive = ends if owned else [end for end in ends if end]
    same = decisive[0] if len(set(decisive)) == 1 and (owned or decisive[0] == "-all") else ""
    return same if same in KEPT_ENDS else DEFAULT_ALL
