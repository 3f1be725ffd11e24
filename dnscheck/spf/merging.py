"""One SPF record out of what is published and what providers ask for (RFC 7208).

A name may have one record (section 4.5), so providers share it. What its owner wrote keeps its
place and its end; what is new follows.
"""

from collections.abc import Iterable, Mapping, Sequence

from dnscheck.spf.terms import (
    DEFAULT_ALL,
    covers,
    ended,
    is_all,
    is_redirect,
    mended,
    plain,
    terms_read,
    text_of,
)

FAIL_ALL = "-all"
REFUSING = "-~?"


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
    are left out, since receivers stop with an error at them.
    """
    asked = [mended(terms_read(text)) for text in wanted]
    owned = [
        _unrefused(_renewed(mended(terms_read(text)), replaced or {}), asked, name)
        for text in published
    ]
    terms = _union([*owned, *asked], name)
    first = owned or asked
    if not end and _redirects(terms, first, name):
        return text_of(terms)
    included = ["include:" + t.partition("=")[2] if is_redirect(t) else t for t in terms]
    return text_of(ended(included, end or _end(owned, asked)))


def _renewed(terms: Iterable[str], replaced: Mapping[str, str]) -> list[str]:
    """Return the terms with what took the place of old mechanisms."""
    renewed = {plain(old, ""): new for old, new in replaced.items()}
    return [new for term in terms for new in renewed.get(plain(term, ""), term).split()]


def _unrefused(terms: Iterable[str], asked: Iterable[list[str]], name: str) -> list[str]:
    """Leave out what refuses a wanted mechanism: the first match decides (section 4.6.2)."""
    wanted = {plain(term, name) for terms_asked in asked for term in terms_asked}
    return [
        term
        for term in terms
        if is_all(term) or term[0] not in REFUSING or plain(term[1:], name) not in wanted
    ]


def _union(records: Iterable[list[str]], name: str) -> list[str]:
    """Return each term once, in order and without `all`; `exp` may stand once (section 6)."""
    union: list[str] = []
    for term in (term for terms in records for term in terms if not is_all(term)):
        explained = _is_exp(term) and any(_is_exp(known) for known in union)
        if not explained and not covers(union, plain(term, name), name):
            union.append(term)
    return union


def _is_exp(term: str) -> bool:
    return term.lower().startswith("exp=")


def _redirects(terms: list[str], records: Iterable[list[str]], name: str) -> bool:
    """Whether there is a redirect that counts: nothing was added, and no `all` stands beside it.

    Beside `all` a redirect is ignored (section 6.1).
    """
    return any(map(is_redirect, terms)) and any(
        _union([record], name) == terms and not any(map(is_all, record)) for record in records
    )


def _end(owned: Sequence[list[str]], asked: Sequence[list[str]]) -> str:
    """Return -all if every record that decides ends so, else ~all.

    A published record without `all`, or one that lets everybody pass, refused nobody so far.
    """
    ends = [next(filter(is_all, terms), "").lower() for terms in owned or asked]
    decisive = ends if owned else [end for end in ends if end]
    return FAIL_ALL if decisive and set(decisive) == {FAIL_ALL} else DEFAULT_ALL
