"""Door: the likely cause of a pasted failure, for an operator or a program."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandParser

from smtp import reading
from smtp.hints import Hint
from smtp.outcome import Security
from smtp.reading import Reading
from tenants.management.sentences import CANNOT_TELL, SentenceCommand

MOST = 4 * 1024 * 1024  # octets of a text, or of a line of JSON


class Command(SentenceCommand):
    help = (
        "Explains a failed mail: reads an error message, a stack trace, log lines or a bounce and "
        "says why and what to do. Nothing is stored. Exit status: 0 explained (with --jsonl: every "
        "line answered), 2 the text names no failure known here, 64 bad usage."
    )
    requires_system_checks = ()
    stealth_options = ("stdin",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, metavar="FILE", help="where to read; else standard input"
        )
        parser.add_argument("--provider", default="", metavar="SLUG", help="who sends the mail")
        parser.add_argument("--port", type=_port, metavar="N", help="the port that was tried")
        parser.add_argument("--security", type=_security, metavar="S", help="none, starttls or tls")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="answer with one JSON object")
        form.add_argument(
            "--jsonl",
            action="store_true",
            help="read JSON lines with id, raw, provider, port and security, and answer each with "
            "one; what a line does not say is taken from the options",
        )

    def handle(self, **options: Any) -> None:
        given = {name: options[name] for name in ("provider", "port", "security")}
        source = options.get("stdin") or sys.stdin.buffer
        status = 0
        try:
            with _opened(options["file"], source) as stream:
                if options["jsonl"]:
                    self._answer_lines(stream, given)
                else:
                    status = self._answer(stream, given, as_json=options["json"])
        except BrokenPipeError:
            raise
        except OSError as error:
            self.refuse(f"{options['file']} cannot be read: {error.strerror}.")
        if status:
            sys.exit(status)

    def _answer(self, stream: IO[bytes], given: dict[str, Any], *, as_json: bool) -> int:
        found = reading.read(stream.read(MOST).decode("utf-8", "replace"), **given)
        if as_json:
            self.stdout.write(json.dumps(_as_json(None, found)))
        else:
            for line in _words(found):
                self.stdout.write(line)
        self.stdout.flush()
        return 0 if found.is_known else CANNOT_TELL

    def _answer_lines(self, stream: IO[bytes], given: dict[str, Any]) -> None:
        for line in iter(lambda: stream.readline(MOST), b""):
            if line.strip():
                self.stdout.write(json.dumps(_answered(line, given)))
                self.stdout.flush()


def _opened(path: Path | None, source: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(source) if path is None else path.open("rb")


def _answered(line: bytes, given: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one line of JSON, or what is wrong with it."""
    ident = None
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("a line must be a JSON object")
        ident = row.get("id")
        if not isinstance(row.get("raw"), str):
            raise ValueError("raw must be a text")
        known = dict(given)
        known |= {name: read(row[name]) for name, read in _READ.items() if row.get(name)}
    except (ValueError, argparse.ArgumentTypeError, RecursionError) as error:
        return {"id": ident, "error": str(error)}
    return _as_json(ident, reading.read(row["raw"], **known))


def _as_json(ident: Any, found: Reading) -> dict[str, Any]:
    first, *others = map(_hint_as_json, found.hints)
    return {"id": ident, **first, "others": others}


def _hint_as_json(hint: Hint) -> dict[str, Any]:
    correction = hint.correction
    return {
        **{name: getattr(hint, name) for name in ("code", "category", "title", "why")},
        "steps": list(hint.steps),
        "field": hint.field,
        "correction": {**asdict(correction), "further": dict(correction.further)}
        if correction
        else None,
    }


def _words(found: Reading) -> Iterator[str]:
    """Yield what a person reads: the hint, what gave it away, what else it may be."""
    first, *others = found.hints
    yield first.title
    yield first.why
    yield from _numbered(first.steps)
    if first.correction:
        yield f"The change that most likely helps: {first.correction.label}."
    if found.telling:
        yield "What gave it away:"
        yield from (f"  {line.strip()}" for line in found.telling)
    if others:
        yield f"If it is not that: {'; '.join(hint.title for hint in others)}."


def _numbered(steps: Iterable[str]) -> Iterator[str]:
    return (f"  {number}. {step}" for number, step in enumerate(steps, 1))


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text[:20]}” is no port: give a number from 1 to 65535")


def _security(text: str) -> Security:
    try:
        return Security(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{str(text)[:20]}” is no kind of security: give none, starttls or tls"
        ) from None


_READ: dict[str, Callable[[Any], Any]] = {
    "provider": str,
    "port": lambda value: _port(str(value)),
    "security": _security,
}
