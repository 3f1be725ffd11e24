"""Finds provider pages by what people call a service, and sorts them by kind."""

import re
from collections.abc import Iterable
from typing import Any

from smtp.providers import PROVIDERS
from smtp.providers.base import Category, Provider

TITLES = {
    Category.TRANSACTIONAL: "Transactional and bulk mail",
    Category.MAILBOX: "Mailboxes that can send",
    Category.RELAY: "Relays",
    Category.SELF_HOSTED: "Run by yourself",
    Category.TESTING: "For testing",
    Category.GENERIC: "Anything else",
}

Group = tuple[str, list[Provider]]


def found(text: str, pages: Iterable[Provider] = PROVIDERS) -> list[Provider]:
    """Return the pages whose name, alias, host or summary holds every word, best first."""
    words = [_bare(word) for word in text.lower().split()]
    ranked = [
        (_rank(page, words), " ".join(words) not in page.name.lower(), page) for page in pages
    ]
    hits = sorted(ranked, key=lambda item: item[:2])
    return [page for rank, _, page in hits if rank < _NOT_FOUND]


def grouped(pages: Iterable[Provider] = PROVIDERS) -> list[Group]:
    """Return pages by kind, each group with its title, by name within."""
    groups: dict[Category, list[Provider]] = {category: [] for category in Category}
    for page in pages:
        groups[page.category].append(page)
    return [
        (TITLES[category], sorted(own, key=lambda page: page.name.lower()))
        for category, own in groups.items()
        if own
    ]


def picker(text: str, pages: Iterable[Provider] = PROVIDERS) -> dict[str, Any]:
    """Return what a page needs to let somebody search and pick a provider."""
    hits = found(text, pages)
    groups = [("", hits)] if text.strip() else grouped(hits)
    return {"q": text, "groups": groups, "count": len(hits)}


def grouped_choices(
    pages: Iterable[Provider] = PROVIDERS,
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return slug and name of each page as a form's choices, by kind."""
    return [(title, [(page.slug, page.name) for page in own]) for title, own in grouped(pages)]


_NOT_FOUND = 3


def _bare(word: str) -> str:
    """Return a host without its port, or the domain of an address."""
    return re.sub(r":[0-9]+$", "", word.rpartition("@")[2])


def _rank(page: Provider, words: list[str]) -> int:
    """Return how well a page fits: 0 by name, 1 by alias or slug, 2 by host or summary."""
    levels = (
        page.name,
        " ".join((page.slug, *page.aliases)),
        f"{' '.join(page.hosts())} {page.summary}",
    )
    seen = ""
    for rank, text in enumerate(levels):
        seen = f"{seen} {text.lower()}"
        if all(word in seen for word in words):
            return rank
    return _NOT_FOUND
