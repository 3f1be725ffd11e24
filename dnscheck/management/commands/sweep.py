"""Door: the sweep of verified domains, for an operator at a terminal or a program."""

import argparse
import json
import sys
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dnscheck.management.sentences import BAD, CANNOT_TELL, SentenceCommand
from dnscheck.watching.sweep import Report, due, make_asker, sweep

WIDTH = 30  # of the progress bar


class Command(SentenceCommand):
    help = (
        "Asks the resolver again what the last full checks of verified domains asked it. Where "
        "everything is as before the domain counts as checked; any other one will be checked in "
        "full by the worker. Exit status: 0 nothing changed, 1 something did, 2 of some domains it "
        "could not tell, 64 bad usage."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="also domains that are not due for a check yet"
        )
        parser.add_argument("--limit", type=_number, metavar="N", help="at most so many domains")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, **options: Any) -> None:
        everything, limit = options["all"], options["limit"]
        tell = None
        if self.stderr.isatty():
            most = due(timezone.now(), everything=everything)
            tell = partial(self._progress, most if limit is None else min(most, limit))
        try:
            asker = make_asker()
        except ValueError as error:
            self.refuse(str(error))
        report = sweep(
            clock=timezone.now, asker=asker, everything=everything, limit=limit, tell=tell
        )
        self._print(report, as_json=options["json"])
        if report.changed or report.unknown:
            sys.exit(BAD if report.changed else CANNOT_TELL)

    def _progress(self, most: int, report: Report) -> None:
        done = report.unchanged + report.changed + report.unknown
        filled = WIDTH * done // max(done, most)
        bar = "#" * filled + "." * (WIDTH - filled)
        self.stderr.write(f"\r[{bar}] {done:,} of {most:,} domains", ending="")
        self.stderr.flush()

    def _print(self, report: Report, *, as_json: bool) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
            return
        rate = report.domains / report.seconds if report.seconds else 0
        self.stdout.write(
            f"{report.domains:,} domains, {report.questions:,} questions in {report.seconds:.1f} "
            f"seconds ({rate:,.0f} domains a second)"
        )
        self.stdout.write(self.style.SUCCESS(f"{report.unchanged:,} unchanged"))
        self.stdout.write(f"{report.changed:,} changed, {report.unknown:,} could not be told of")


def _number(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of domains")
    return int(text)
