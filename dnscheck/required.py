"""Verb: what must be published for a domain, from the rows of its recipes and added records."""

from collections.abc import Iterable

from dnscheck.models import AddedRecord, DomainRecipe, SendingDomain
from dnscheck.names import absolute
from dnscheck.records import Recipe, RequiredRecord, required_records
from smtp.providers.base import Match, Purpose

# How the recipes of a domain are loaded: never with a password.
RECIPES = DomainRecipe.objects.select_related("setting").defer("setting__password")


def recipes_of(domain: SendingDomain) -> list[DomainRecipe]:
    """Return the recipes of a domain with the settings they are linked with."""
    return list(RECIPES.filter(domain=domain))


def records_of(
    domain: SendingDomain, recipes: Iterable[DomainRecipe] | None = None
) -> tuple[RequiredRecord, ...]:
    """Return everything that must be published for a domain, whose recipes may be at hand."""
    wanted = [
        Recipe(recipe.provider, recipe_inputs(recipe), str(recipe.setting_id or ""))
        for recipe in (recipes_of(domain) if recipes is None else recipes)
    ]
    added = [_added(record, domain.name) for record in domain.added_records.all()]
    return required_records(domain.name, wanted, added)


def recipe_inputs(recipe: DomainRecipe) -> dict[str, str]:
    """Return a recipe's inputs: those of the linked setting of the same provider, then its own."""
    setting = recipe.setting
    lends = setting is not None and setting.provider == recipe.provider
    own = {"username": setting.username, "from_address": setting.from_address} if setting else {}
    from_setting = {**own, **setting.inputs} if setting and lends else {}
    return {**from_setting, **{name: value for name, value in recipe.inputs.items() if value}}


def _added(record: AddedRecord, domain: str) -> RequiredRecord:
    match = {"TXT": Match.EXACT, "CNAME": Match.CNAME, "MX": Match.MX}[record.type]
    preference, _, host = record.value.rpartition(" ") if record.type == "MX" else ("", "", "")
    return RequiredRecord(
        purpose=Purpose.ADDED,
        name=absolute(record.name, domain),
        type=record.type,
        value=host or record.value,
        match=match,
        priority=int(preference) if preference.isdigit() else None,
        why=record.note or "Added by hand.",
    )
