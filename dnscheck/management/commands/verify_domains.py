"""Door: the full check of very many domains, for an operator at a terminal or a program."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from dnscheck.management.running import RunCommand
from dnscheck.watching.bulk import Report, verify, waiting
from tenants.management.sentences import BAD, CANNOT_TELL


class Command(RunCommand):
    help = (
        "Checks in full, and together, all domains that are due for it: after many were imported, "
        "or after an upgrade. What is seen is written as after every other check. Exit status: 0 "
        "all are right, 1 of some a required record is wrong or missing, 2 some could not be "
        "asked about, 64 bad usage."
    )

    def handle(self, **options: Any) -> None:
        everything, limit = options["all"], options["limit"]
        tell = None
        if self.stderr.isatty():
            tell = self.progress(waiting(timezone.now(), everything=everything), limit)
        try:
            report = verify(clock=timezone.now, everything=everything, limit=limit, tell=tell)
        except ValueError as error:
            self.refuse(str(error))
        self.end_progress()
        self._print(report, as_json=options["json"])
        if report.bad or report.unknown:
            sys.exit(BAD if report.bad else CANNOT_TELL)

    def _print(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
            return
        rate = report.done / report.seconds if report.seconds else 0
        self.stdout.write(
            f"{report.domains:,} domains, {report.questions:,} questions in {report.seconds:.1f} "
            f"seconds ({rate:,.0f} domains a second)"
        )
        self.stdout.write(self.style.SUCCESS(f"{report.good:,} right"))
        self.stdout.write(
            f"{report.bad:,} wrong, {report.unknown:,} could not be asked about, "
            f"{report.passed:,} passed over"
        )
