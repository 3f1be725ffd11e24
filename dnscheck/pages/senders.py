"""Page: what receivers will say (DMARC) of the mail of each setting that sends from a domain."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from dnscheck.models import SendingDomain
from dnscheck.names import clean_domain
from smtp import providers
from smtp.providers.base import Category

STATUS = {True: "ok", False: "wrong", None: "unknown"}
PAGES = {page.slug: page for page in providers.PROVIDERS}
NO_RECIPE = _(
    "Nothing proves the mail of this setting: no records of %(provider)s are expected here. "
    "Add the provider to this domain."
)
NO_RECORDS = _(
    "Nothing can prove the mail of this setting: %(provider)s has no records for your own domain."
)
OF_ANOTHER = _(
    "Nobody knows if the records of %(provider)s hold for this setting too: they are those of "
    "another one. Add the provider once more, for this setting."
)
Row = Mapping[str, Any]


def outlooks_told(domain: SendingDomain) -> list[dict[str, Any]]:
    """Return a line for each provider and setting that sends from a domain, in two queries.

    A line has the `name` of the provider, the `setting` by its name if one is known, a `status`
    and a `sentence`. First comes what the last check found, then the settings with a From address
    in the domain whose mail nothing here proves.
    """
    settings = list(domain.tenant.settings.values("pk", "name", "provider", "from_address"))
    recipes = list(domain.recipes.values_list("provider", "setting_id"))
    linked = {setting for _slug, setting in recipes}
    unlinked = [
        row
        for row in settings
        if row["pk"] not in linked and _domain_of(row["from_address"]) == domain.name
    ]
    return [
        *(line for told in domain.outlooks for line in _found(told, settings, unlinked)),
        *_unproven(unlinked, recipes),
    ]


def _found(told: Row, settings: Sequence[Row], unlinked: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield what a check found for a recipe, once for each setting it is of."""
    slug, key = told["provider"], told.get("setting", "")
    named = [row["name"] for row in settings if str(row["pk"]) == key]
    if not key:
        named = [row["name"] for row in unlinked if row["provider"] == slug]
    for name in named or [""]:
        yield {**told, "name": _name(slug), "setting": name, "status": STATUS[told["passes"]]}


def _unproven(
    unlinked: Sequence[Row], recipes: Sequence[tuple[str, int | None]]
) -> Iterator[dict[str, Any]]:
    """Yield the settings for which no records are expected, and why nothing speaks for them."""
    for row in unlinked:
        slug = row["provider"]
        page = PAGES.get(slug)
        is_covered = (slug, None) in recipes
        if page is None or is_covered or page.category is Category.TESTING:
            continue
        text = NO_RECIPE if page.recipe else NO_RECORDS
        if slug in dict(recipes):
            text = OF_ANOTHER
        sentence = text % {"provider": page.name}
        line = {"name": page.name, "setting": row["name"]}
        yield {**line, "status": "warning", "sentence": sentence}


def _name(slug: str) -> str:
    return PAGES[slug].name if slug in PAGES else slug


def _domain_of(address: str) -> str:
    """Return the domain of an address as domains are stored, or nothing if it is none."""
    try:
        return clean_domain(address.rpartition("@")[2], laboratory=True)
    except ValueError:
        return ""
