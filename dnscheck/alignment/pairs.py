"""Whether mail from one domain through one setting passes DMARC, and how that is known.

It is told by what the last check found of the domain's senders, and by whose records are expected.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dnscheck.findings import RecordVerdict
from smtp import providers
from tenants.cover import Setting, speaker

PAGES = {page.slug: page for page in providers.PROVIDERS}

Outlook = Mapping[str, Any]  # a `ProviderOutlook` as a domain's row has it
Recipe = tuple[str, int | None]  # a provider, and the setting whose records these are


class Why(StrEnum):
    """How it is known what becomes of the mail, or why nobody knows."""

    FOUND = "found"  # the last check told
    UNCHECKED = "unchecked"  # records are expected, and no check judged them yet
    OF_ANOTHER = "of-another"  # the records expected are those of another setting
    WHOSE = "whose"  # they may be those of another server: they name no setting
    NOT_EXPECTED = "not-expected"  # no records of the provider are expected here
    NO_RECORDS = "no-records"  # the provider has none for a domain of one's own


@dataclass(frozen=True)
class Pair:
    """What is known of a domain and a setting. `passes` is None when nobody knows."""

    passes: bool | None
    why: Why
    outlook: Outlook | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """By which ways mail passes for sure."""
        told = self.outlook or {}
        strict = told.get("too_strict", ())
        each = (("SPF", "spf", "aspf"), ("DKIM", "dkim", "adkim"))
        return tuple(
            word
            for word, column, tag in each
            if told.get(column) == RecordVerdict.OK and tag not in strict
        )

    @property
    def is_in_doubt(self) -> bool:
        """Whether one of the two ways is not known."""
        told = self.outlook or {}
        return RecordVerdict.UNKNOWN in (told.get("spf"), told.get("dkim"))


def pair(setting: Setting, outlooks: Iterable[Outlook], recipes: Collection[Recipe]) -> Pair:
    """Return what is known of the mail of a setting from a domain, of which the rest is told.

    What a check found counts as long as the records are still expected.
    """
    named = {str(key or "") for slug, key in recipes if slug == setting.provider}
    if not named:
        page = PAGES.get(setting.provider)
        return Pair(False, Why.NOT_EXPECTED if page and page.recipe else Why.NO_RECORDS)
    key = speaker(setting, named)
    if key is None:
        return Pair(None, Why.WHOSE if "" in named else Why.OF_ANOTHER)
    for told in outlooks:
        if (told["provider"], told.get("setting", "")) == (setting.provider, key):
            return Pair(told["passes"], Why.FOUND, told)
    return Pair(None, Why.UNCHECKED)
