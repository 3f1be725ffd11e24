"""Page: what receivers will say (DMARC) of the mail of each setting that sends from a domain."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from dnscheck.alignment.pairs import PAGES, Outlook, Pair, Why, pair
from dnscheck.models import SendingDomain
from dnscheck.names import clean_domain
from tenants.cover import Setting
from tenants.pages.standing import settings_of

STATUS = {True: "ok", False: "wrong", None: "unknown"}
REASONS = {  # while no check told
    Why.UNCHECKED: _(
        "The records of %(provider)s are expected here, but no check has judged them yet."
    ),
    Why.OF_ANOTHER: _(
        "The records of %(provider)s are those of another setting: nobody knows if they hold for "
        "this one too."
    ),
    Why.WHOSE: _(
        "There are several servers, and the records name no setting: nobody knows whose they are."
    ),
    Why.NOT_EXPECTED: _(
        "Nothing proves the mail of this setting: %(provider)s is not added to this domain."
    ),
    Why.NO_RECORDS: _(
        "Nothing can prove the mail of this setting: %(provider)s has no records for your own "
        "domain."
    ),
}
ADVICE = {
    Why.OF_ANOTHER: _("Add the provider once more, for this setting."),
    Why.WHOSE: _("Say which setting sends, where the provider stands on this page."),
    Why.NOT_EXPECTED: _("Add the provider to this domain."),
}
Told = tuple[Setting, Pair]


def outlooks_told(domain: SendingDomain) -> list[dict[str, Any]]:
    """Return a line for each provider and setting that sends from a domain, in two queries.

    A line has the `name` of the provider, the `setting` by its name if one is known, a `status`
    and a `sentence`. First comes what the last check found, then the settings with a From address
    in the domain whose mail nothing here proves.
    """
    settings = settings_of([domain.tenant])[domain.tenant_id]
    recipes = list(domain.recipes.values_list("provider", "setting_id"))
    linked = {setting for _slug, setting in recipes}
    sending = {one.pk for one in settings if _domain_of(one.from_address) == domain.name}
    pairs = [
        (one, pair(one, domain.outlooks, recipes)) for one in settings if one.pk in linked | sending
    ]
    return [
        *(line for told in domain.outlooks for line in _found(told, pairs)),
        *_unproven(told for told in pairs if told[0].pk in sending),
    ]


def sentence(setting: Setting, told: Pair) -> str:
    """Return how it is known what becomes of the mail of a setting, or why nobody knows."""
    if told.outlook is not None:
        return str(told.outlook["sentence"])
    return REASONS[told.why] % {"provider": provider_name(setting.provider)}


def provider_name(slug: str) -> str:
    """Return the name of a provider; of one that is gone, what was stored."""
    return PAGES[slug].name if slug in PAGES else slug


def _found(told: Outlook, pairs: Iterable[Told]) -> Iterator[dict[str, Any]]:
    """Yield what a check found of a sender, once for each setting of which it speaks."""
    named = [setting.name for setting, known in pairs if known.outlook is told]
    name, status = provider_name(told["provider"]), STATUS[told["passes"]]
    for setting in named or [""]:
        yield {**told, "name": name, "setting": setting, "status": status}


def _unproven(pairs: Iterable[Told]) -> Iterator[dict[str, Any]]:
    """Yield the settings of which no check can tell, and why."""
    for setting, told in pairs:
        is_waiting = told.outlook is not None or told.why is Why.UNCHECKED
        if not is_waiting and setting.delivers and setting.provider in PAGES:
            line = {"name": provider_name(setting.provider), "setting": setting.name}
            words = [
                sentence(setting, told),
                *(str(ADVICE[why]) for why in ADVICE if why is told.why),
            ]
            yield {**line, "status": "warning", "sentence": " ".join(words)}


def _domain_of(address: str) -> str:
    """Return the domain of an address as domains are stored, or nothing if it is none."""
    try:
        return clean_domain(address.rpartition("@")[2], laboratory=True)
    except ValueError:
        return ""
