"""Door: the full check of a domain, for an operator at a terminal or a program."""

import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dnscheck import diagnosis, report, verification
from dnscheck.answers import Asker
from dnscheck.management.recipes import RecipeCommand
from dnscheck.names import clean_domain
from dnscheck.pages import handout, history
from dnscheck.records import Recipe, required_records
from dnscheck.verdicts import Result
from tenants.management.sentences import CANNOT_TELL

STATUS = {Result.GOOD: 0, Result.BAD: 1, Result.UNKNOWN: CANNOT_TELL}
# Without rows there is no past, so a bad check is all there is to go by.
VERDICTS = {Result.GOOD: "verified", Result.BAD: "failing", Result.UNKNOWN: "unknown"}
WORST_FIRST = (Result.BAD, Result.UNKNOWN, Result.GOOD)
WIDEST = 100  # characters of a line of prose

MakeAsker = Callable[[], Asker]
Report = tuple[Result, dict[str, Any]]


class Command(RecipeCommand):
    help = (
        "Checks a domain's DNS records in full. With --provider nothing needs to be stored and "
        "nothing is written. Without, the domain must be known here; what is seen is then written "
        "as after every other check. Exit status: 0 all required records are right, 1 one is "
        "wrong or missing, 2 the DNS could not be asked, 64 bad usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
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
            recipes = self.recipes(name, options["recipe"])
        except ValueError as error:
            self.refuse(str(error))
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
        rows = self.rows(name)
        for row in rows:
            verification.check_soon(row, ring=_nobody, now=timezone.now())
            ours = verification.verify_domain(
                row.pk, clock=timezone.now, make_resolver=make_resolver
            )
            if not ours:
                self.stderr.write("A worker is checking it right now; this is what was last seen.")
            row.refresh_from_db()
        return [history.as_report(row) for row in rows]

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


def _look(name: str, recipes: list[Recipe], asker: Asker) -> Report:
    """Check without rows."""
    seen = verification.look(name, required_records(name, recipes), asker)
    verdict = VERDICTS[seen.result.result]
    check = diagnosis.as_json(seen.result, verdict, seen.questions)
    return seen.result.result, {**check, **handout.as_json(seen.survey.columns)}
