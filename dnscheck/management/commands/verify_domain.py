"""Door: the full check of a domain, for an operator at a terminal or a program."""

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from dnscheck import diagnosis, history, report, verification
from dnscheck.models import SendingDomain
from dnscheck.names import clean_domain
from dnscheck.records import Recipe, required_records
from dnscheck.verdicts import Result
from smtp import providers
from smtp.providers.base import Scope
from smtp.providers.inputs import clean_inputs

USAGE = 64  # EX_USAGE of sysexits.h
STATUS = {Result.GOOD: 0, Result.BAD: 1, Result.UNKNOWN: 2}
# Without rows there is no past, so a bad check is all there is to go by.
VERDICTS = {Result.GOOD: "verified", Result.BAD: "failing", Result.UNKNOWN: "unknown"}
WORST_FIRST = (Result.BAD, Result.UNKNOWN, Result.GOOD)
WIDEST = 100  # characters of a line of prose

MakeAsker = Callable[[], verification.Asker]
Report = tuple[Result, dict[str, Any]]


class SentenceParser(CommandParser):
    """Answers bad usage with one sentence and status 64."""

    def error(self, message: str) -> NoReturn:
        """End the command."""
        if self.called_from_command_line:
            self.exit(USAGE, f"{message}\n")
        raise CommandError(message, returncode=USAGE)


class Command(BaseCommand):
    help = (
        "Checks a domain's DNS records in full. With --provider nothing needs to be stored and "
        "nothing is written. Without, the domain must be known here; what is seen is then written "
        "as after every other check. Exit status: 0 all required records are right, 1 one is "
        "wrong or missing, 2 the DNS could not be asked, 64 bad usage."
    )

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
        parser.add_argument(
            "--nameserver",
            action="append",
            default=[],
            metavar="HOST:PORT",
            help="ask this server, and the zone's own servers at the same port",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object for each row")

    def handle(self, **options: Any) -> None:
        try:
            name = clean_domain(options["name"], laboratory=bool(options["nameserver"]))
            make_resolver = partial(verification.resolver, options["nameserver"])
            asker = make_resolver()
            recipes = [_checked(slug, inputs) for slug, inputs in _folded(options["recipe"])]
        except ValueError as error:
            self._refuse(str(error))
        if recipes:
            reports = [_look(name, recipes, asker)]
        else:
            reports = self._check_rows(name, make_resolver)
        for result, check in reports:
            self._print(result, check, as_json=options["json"])
        results = {result for result, _ in reports}
        worst = next(result for result in WORST_FIRST if result in results)
        if worst is not Result.GOOD:
            sys.exit(STATUS[worst])

    def _check_rows(self, name: str, make_resolver: MakeAsker) -> list[Report]:
        """Check every tenant's row of this name and write what is seen."""
        try:
            rows = list(SendingDomain.objects.filter(name=name).select_related("tenant"))
        except DatabaseError as error:
            self._refuse(f"The database cannot be used: {error}.", STATUS[Result.UNKNOWN])
        if not rows:
            self._refuse(f"{name} is not known here: name a --provider, or add it to a tenant.")
        for row in rows:
            verification.check_soon(row, ring=_nobody, now=timezone.now())
            ours = verification.verify_domain(
                row.pk, clock=timezone.now, make_resolver=make_resolver
            )
            if not ours:
                self.stderr.write("A worker is checking it right now; this is what was last seen.")
            row.refresh_from_db()
        return [history.as_report(row) for row in rows]

    def _refuse(self, sentence: str, status: int = USAGE) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(status)

    def _print(self, result: Result, check: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(check))
            return
        styles = {Result.GOOD: self.style.SUCCESS, Result.BAD: self.style.ERROR}
        style = styles.get(result, self.style.WARNING)
        tenant = f" ({check['tenant']})" if "tenant" in check else ""
        known = check.get("last_known", check["verdict"])
        verdict = check["verdict"] + (f", was {known}" if known != check["verdict"] else "")
        self.stdout.write(style(f"{check['domain']}{tenant}: {verdict}"))
        if not check["records"]:
            self.stdout.write("Nothing is required of it yet: choose who sends for it.")
        for line in report.lines(check, min(shutil.get_terminal_size().columns, WIDEST)):
            self.stdout.write(line)


def _nobody(_pk: int) -> None:
    """Ring for nobody: the command makes the check itself."""


def _provider(slug: str) -> tuple[str, str]:
    known = [known for known, _ in providers.choices()]
    if slug not in known:
        raise argparse.ArgumentTypeError(f"there is no “{slug}”; choose {', '.join(known)}")
    return slug, ""


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


def _checked(slug: str, inputs: dict[str, str]) -> Recipe:
    """Return the recipe with clean inputs; raise `ValueError` with a sentence for a bad one."""
    provider = providers.get(slug)
    known = [item.name for item in provider.inputs]
    values: dict[str, str] = {}
    for name in inputs:
        if name not in known:
            raise ValueError(f"--input {name}: {slug} takes {', '.join(known)}.")
    for scope in Scope:
        clean, errors = clean_inputs(provider, scope, inputs)
        for name, sentence in errors.items():
            raise ValueError(f"--input {name}: {sentence}")
        values |= clean
    return Recipe(slug, values)


def _look(name: str, recipes: list[Recipe], asker: verification.Asker) -> Report:
    """Check without rows."""
    seen = verification.look(name, required_records(name, recipes), asker)
    verdict = VERDICTS[seen.result.result]
    return seen.result.result, diagnosis.as_json(seen.result, verdict, seen.questions)
