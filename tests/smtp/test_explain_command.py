"""`manage.py explain`: a failure read from a file or standard input, told in words or as JSON."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tenants.management.sentences import NOBODY_READS

ROOT = Path(__file__).parents[2]
REFUSED = "535 5.7.8 Error: authentication failed"


def run(text: str | bytes, *args: str) -> tuple[str, int]:
    """Return what the command prints for a text on standard input, and its exit status."""
    out = io.StringIO()
    given = text.encode() if isinstance(text, str) else text
    try:
        call_command("explain", *args, stdin=io.BytesIO(given), stdout=out, stderr=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def answers(lines: str | bytes, *args: str) -> list[dict[str, Any]]:
    """Return the answers to JSON lines."""
    out, status = run(lines, "--jsonl", *args)
    assert status == 0
    return [json.loads(line) for line in out.splitlines()]


def test_a_failure_is_told_in_words() -> None:
    """Title, reason, numbered steps, and the line that gave it away."""
    out, status = run(f"Traceback\nsmtplib.SMTPAuthenticationError: {REFUSED}")
    assert status == 0
    assert out.startswith("The server does not accept this user name and password\n")
    assert "  1. Enter the password again" in out
    assert f"  smtplib.SMTPAuthenticationError: {REFUSED}" in out


def test_it_is_told_to_programs() -> None:
    """One JSON object with the keys other programs rely on."""
    out, status = run("connect ECONNREFUSED", "--json", "--provider=aws-ses", "--port=587")
    told = json.loads(out)
    assert status == 0
    assert {"id", "category", "title", "why", "steps", "field", "correction", "others"} <= set(told)
    assert (told["id"], told["category"], told["field"]) == (None, "connection-refused", "port")
    assert told["others"] == []
    out, _ = run(
        "connect ECONNREFUSED", "--json", "--provider=aws-ses", "--port=587", "--security=starttls"
    )
    assert json.loads(out)["correction"] == {
        "field": "port",
        "value": "2587",
        "label": "Use port 2587",
        "further": {},
    }


def test_a_text_without_a_failure_has_a_status_of_its_own() -> None:
    """And still says what to do."""
    out, status = run("all is well")
    assert status == 2
    assert "Paste the line with the server's answer" in out


def test_a_file_can_be_read(tmp_path: Path) -> None:
    """Also one that is not in UTF-8."""
    path = tmp_path / "mail.log"
    path.write_bytes(b"535 Error: \xc7\xeb authentication failed")
    assert run("", str(path))[1] == 0


def test_lines_of_json_are_answered_one_by_one() -> None:
    """The same id comes back; what a line does not say is taken from the options."""
    lines = [
        {"id": "a", "raw": REFUSED, "provider": "gmail", "port": 587, "security": "starttls"},
        {"id": 2, "raw": REFUSED, "provider": None, "port": None, "security": ""},
        {"raw": "all is well"},
    ]
    found = answers("\n".join(map(json.dumps, lines)), "--provider=qq")
    assert [one["id"] for one in found] == ["a", 2, None]
    assert [one["category"] for one in found] == ["auth-app-password"] * 2 + ["unknown"]


@pytest.mark.parametrize(
    ("line", "ident"),
    [
        ("no json", None),
        ("[1]", None),
        ('{"id": "x"}', "x"),
        ('{"id": "x", "raw": 5}', "x"),
        ('{"id": "x", "raw": "", "port": "many"}', "x"),
        ('{"id": "x", "raw": "", "security": ["tls"]}', "x"),
        ("[" * 100_000, None),
    ],
)
def test_a_bad_line_is_an_answer_too(line: str, ident: str | None) -> None:
    """Those after it are read."""
    bad, good = answers(f'{line}\n\n{{"id": "y", "raw": "{REFUSED}"}}')
    assert bad["id"] == ident
    assert bad["error"]
    assert good["category"] == "auth-bad-credentials"


@pytest.mark.parametrize(
    "args",
    [("--port=smtp",), ("--security=ssl",), ("--json", "--jsonl"), ("--what",), ("--port=70000",)],
)
def test_bad_usage_is_one_sentence(args: tuple[str, ...]) -> None:
    """Status 64, as in sysexits.h."""
    with pytest.raises(CommandError) as refused:
        run("", *args)
    assert refused.value.returncode == 64


def test_a_file_that_is_not_there_is_bad_usage() -> None:
    """Told in a sentence, without a trace."""
    out, status = run("", "/nowhere/mail.log")
    assert status == 64
    assert out == "/nowhere/mail.log cannot be read: No such file or directory.\n"


def test_a_reader_who_has_seen_enough_ends_it_quietly() -> None:
    """As in `manage.py explain --jsonl | head -1`."""
    command = [sys.executable, "manage.py", "explain", "--jsonl"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.close()
        process.stdin.write(json.dumps({"id": 1, "raw": REFUSED}).encode())
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == NOBODY_READS
