"""Door: a command that says what is wrong in one sentence, with a status for it."""

import os
import signal
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

USAGE = 64  # EX_USAGE of sysexits.h
BAD, CANNOT_TELL = 1, 2
NOBODY_READS = 128 + signal.SIGPIPE  # as a shell tells it of a program that a signal ended


class SentenceParser(CommandParser):
    """Answers bad usage with one sentence and status 64."""

    def error(self, message: str) -> NoReturn:
        """End the command."""
        if self.called_from_command_line:
            self.exit(USAGE, f"{message}\n")
        raise CommandError(message, returncode=USAGE)


class SentenceCommand(BaseCommand):
    """A command without a traceback. `instead` is how it is used without a database, if it is."""

    instead = ""

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

    def run_from_argv(self, argv: list[str]) -> None:
        """Run the command, and end quietly when its reader has seen enough, as `head` has."""
        try:
            try:
                super().run_from_argv(argv)
            finally:
                self.stdout.flush()
        except BrokenPipeError:
            # Python flushes what is left at its end, and would complain then.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())
            sys.exit(NOBODY_READS)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; end it with one sentence if the database cannot be used."""
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0].rstrip(".")
            self.refuse(
                f"The database cannot be used ({reason}). Run `make run` first, which brings it up "
                f"to date{self.instead}.",
                CANNOT_TELL,
            )

    def refuse(self, sentence: str, status: int = USAGE) -> NoReturn:
        """End the command with a sentence and a status."""
        self.stderr.write(sentence)
        sys.exit(status)
