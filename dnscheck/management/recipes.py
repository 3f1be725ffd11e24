"""Door: what commands about a domain share: recipes as words, rows by name, one-sentence errors."""

import argparse
import sys
from functools import partial
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from dnscheck.models import SendingDomain
from dnscheck.records import Recipe
from smtp import providers
from smtp.providers.base import Scope
from smtp.providers.inputs import clean_inputs

USAGE = 64  # EX_USAGE of sysexits.h
CANNOT_TELL = 2


class SentenceParser(CommandParser):
    """Answers bad usage with one sentence and status 64."""

    def error(self, message: str) -> NoReturn:
        """End the command."""
        if self.called_from_command_line:
            self.exit(USAGE, f"{message}\n")
        raise CommandError(message, returncode=USAGE)


class RecipeCommand(BaseCommand):
    """A command about one domain: of providers named with it, or of the rows that have it."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return Django's parser with our way to say what is wrong."""
        usual = super().create_parser(prog_name, subcommand, **kwargs)
        return SentenceParser(
            prog=usual.prog,
            description=usual.description,
            formatter_class=usual.formatter_class,
            parents=[usual],
            add_help=False,
            called_from_command_line=usual.called_from_command_line,
        )

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

        `given` is what the parser collected. Raises `ValueError` with a sentence for bad inputs.
        """
        return [self._checked(domain, slug, inputs) for slug, inputs in _folded(given)]

    def rows(self, domain: str) -> list[SendingDomain]:
        """Return every tenant's row of this name; end the command if there is none."""
        try:
            rows = list(SendingDomain.objects.filter(name=domain).select_related("tenant"))
        except DatabaseError as error:
            self.refuse(f"The database cannot be used: {error}.", CANNOT_TELL)
        if not rows:
            self.refuse(f"{domain} is not known here: name a --provider, or add it to a tenant.")
        return rows

    def refuse(self, sentence: str, status: int = USAGE) -> NoReturn:
        """End the command with a sentence and a status."""
        self.stderr.write(sentence)
        sys.exit(status)

    def _checked(self, domain: str, slug: str, inputs: dict[str, str]) -> Recipe:
        provider = providers.get(slug)
        known = [item.name for item in provider.inputs]
        values: dict[str, str] = {}
        for name in inputs:
            if name not in known:
                raise ValueError(f"--input {name}: {slug} takes {', '.join(known)}.")
        for scope in Scope:
            cleaned = clean_inputs(provider, scope, inputs, domain)
            for name, sentence in cleaned.errors.items():
                raise ValueError(f"--input {name}: {sentence}")
            for note in cleaned.notes.values():
                self.stderr.write(note)
            values |= cleaned.values
        return Recipe(slug, values)


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
