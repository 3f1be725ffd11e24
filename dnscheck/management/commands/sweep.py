"""Door: the sweep of verified domains, for an operator at a terminal or a program."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from dnscheck.management.running import RunCommand
from dnscheck.watching.sweep import Report, due, make_asker, sweep
from tenants.management.sentences import BAD, CANNOT_TELL


class Command(RunCommand):
    help = (
        "Asks the resolver again what the last full checks of verified domains asked it. Where "
        "everything is as before the domain counts as checked; any other one will be checked in "
        "full by the worker. Exit status: 0 nothing changed, 1 something did, 2 of some domains it "
        "could not tell, 64 bad usage."
    )

    def handle(self, **options: Any) -> None:
        everything, limit = options["all"], options["limit"]
        tell = None
        if self.stderr.isatty():
            tell = self.progress(due(timezone.now(), everything=everything), limit)
        try:
            asker = make_asker()
        except ValueError as error:
            self.refuse(str(error))
        report = sweep(
            clock=timezone.now, asker=asker, everything=everything, limit=limit, tell=tell
        )
        self.end_progress()
        self._print(report, as_json=options["json"])
        if report.changed or report.unknown:
            sys.exit(BAD if report.changed else CANNOT_TELL)

    def _print(self, report: Report, *, as_json: bool) -> None:
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
