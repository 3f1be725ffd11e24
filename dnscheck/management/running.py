"""What the commands for very many domains have in common: their options and their progress bar."""

import argparse
from functools import partial
from typing import Protocol

from django.core.management.base import CommandParser

from tenants.management.sentences import SentenceCommand

WIDTH = 30  # of the progress bar


class Progress(Protocol):
    """What was done so far."""

    @property
    def done(self) -> int:
        """How many domains a run is through with."""


class RunCommand(SentenceCommand):
    """A command that goes through many domains."""

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many domains, and how to tell of them."""
        parser.add_argument(
            "--all", action="store_true", help="also domains that are not due for a check yet"
        )
        parser.add_argument("--limit", type=_number, metavar="N", help="at most so many domains")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def progress(self, most: int, limit: int | None) -> "partial[None] | None":
        """Return what shows how far a run has come, on a terminal."""
        return partial(self._show, most if limit is None else min(most, limit))

    def _show(self, most: int, report: Progress) -> None:
        done = report.done
        filled = WIDTH * done // max(done, most, 1)
        bar = "#" * filled + "." * (WIDTH - filled)
        self.stderr.write(f"\r[{bar}] {done:,} of {most:,} domains", ending="")
        self.stderr.flush()

    def end_progress(self) -> None:
        """End the line of the progress bar, if there is one."""
        if self.stderr.isatty():
            self.stderr.write("")


def _number(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of domains")
    return int(text)
