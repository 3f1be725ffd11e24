"""Door: what commands about a domain share: recipes as words, and rows by name."""

import argparse
from functools import partial

from django.core.management.base import CommandParser

from dnscheck.models import SendingDomain
from dnscheck.names import organizational_domain
from dnscheck.records import Recipe
from smtp import providers
from smtp.providers.base import Provider, Scope
from smtp.providers.inputs import clean_inputs
from tenants.management.sentences import SentenceCommand


class RecipeCommand(SentenceCommand):
    """A command about one domain: of providers named with it, or of the rows that have it."""

    instead = ", or name a --provider to do without it"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the domain, and the providers each with its inputs behind it."""
        recipe = partial(parser.add_argument, action="append", dest="recipe", default=[])
        parser.add_argument("name", metavar="NAME", help="the domain, such as example.com")
        recipe(
            "--provider",
            type=_provider,
            metavar="SLUG",
            help="a service that sends for the domain; may be given several times: "
            + ", ".join(slug for slug, _ in providers.choices()),
        )
        recipe(
            "--input",
            type=_input,
            metavar="K=V",
            help="a value of the provider named last before it; may be given several times",
        )

    def recipes(self, domain: str, given: list[tuple[str, str]]) -> list[Recipe]:
        """Return the recipes of a domain, and say how an input was read if that needs a word.

        `given` is what the parser collected. Raises `ValueError` with a sentence for each input
        that is bad or lacking, and for each provider if none of them has any records.
        """
        recipes, problems = [], []
        asked = [(providers.get(slug), inputs) for slug, inputs in _folded(given)]
        if not any(provider.recipe for provider, _ in asked):
            problems += [_without_records(provider) for provider, _ in asked]
        for provider, inputs in asked:
            values, wrong = self._cleaned(provider, inputs, domain)
            problems += wrong
            recipes.append(Recipe(provider.slug, values))
        if problems:
            raise ValueError(" ".join(dict.fromkeys(problems)))
        return recipes

    def rows(self, domain: str) -> list[SendingDomain]:
        """Return every tenant's row of this name; end the command if there is none."""
        rows = list(SendingDomain.objects.filter(name=domain).select_related("tenant"))
        if not rows:
            self.refuse(f"{domain} is not known here: name a --provider, or add it to a tenant.")
        return rows

    def _cleaned(
        self, provider: Provider, inputs: dict[str, str], domain: str
    ) -> tuple[dict[str, str], list[str]]:
        """Return the values of a provider's inputs, and a sentence for each that is no good."""
        known = [item.name for item in provider.inputs]
        takes = f"{provider.slug} takes {', '.join(known) or 'no input'}."
        problems = [f"--input {name}: {takes}" for name in inputs if name not in known]
        values: dict[str, str] = {}
        for scope in Scope:
            cleaned = clean_inputs(provider, scope, inputs, domain)
            problems += [f"--input {name}: {told}" for name, told in cleaned.errors.items()]
            values |= cleaned.values
            for note in cleaned.notes.values():
                self.stderr.write(note)
        return values, problems


def _without_records(provider: Provider) -> str:
    """Return that a provider sends for nobody's domain, and which ones do."""
    others = [other for other in providers.PROVIDERS if other.recipe]
    firm = organizational_domain(provider.host)
    akin = [other.slug for other in others if organizational_domain(other.host) == firm]
    slugs = ", ".join(akin or [other.slug for other in others])
    return (
        f"--provider {provider.slug}: {provider.name} has no DNS records to check, for it sends "
        f"for no domain of yours. Name one that does: {slugs}."
    )


def _provider(name: str) -> tuple[str, str]:
    try:
        return providers.get(name).slug, ""
    except KeyError:
        known = ", ".join(slug for slug, _ in providers.choices())
        raise argparse.ArgumentTypeError(f"there is no “{name}”; choose {known}") from None


def _input(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"“{text}” has no “=”; write NAME=VALUE")
    return f"{name.strip()}=", value


def _folded(given: list[tuple[str, str]]) -> list[tuple[str, dict[str, str]]]:
    """Return each provider with the inputs that follow it."""
    recipes: list[tuple[str, dict[str, str]]] = []
    for word, value in given:
        if not word.endswith("="):
            recipes.append((word, {}))
        elif not recipes:
            raise ValueError(f"--input {word.rstrip('=')}: name the --provider before its inputs.")
        else:
            recipes[-1][1][word.rstrip("=")] = value
    return recipes
