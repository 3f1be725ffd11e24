"""`manage.py up` on a fresh data folder: it answers, it refuses in one sentence, it ends."""

import os
import signal
import socket
from pathlib import Path

import pytest

from config import startup
from tests.processes import Installation, answers, free_port, installation, wait_for

pytestmark = pytest.mark.processes

SEALED = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_setting
make_setting(password="secret", username="u")
"""


def sentence(made: Installation, *arguments: str) -> str:
    """Return the single line with which a start is refused."""
    run = made.manage(*arguments)
    assert run.returncode == 1
    [line] = run.stderr.strip().splitlines()
    return line


def test_up_serves_restarts_and_ends_without_orphans(tmp_path: Path) -> None:
    """Fresh folder to log-in page; a killed worker comes back; Ctrl-C leaves nothing."""
    port = free_port()
    with installation(tmp_path / "data", SWEEP_SECONDS="1") as made:
        up = made.start("manage.py", "up", "--bind", f"127.0.0.1:{port}")
        assert wait_for(lambda: answers(port), 30), made.log.read_text()
        assert wait_for(lambda: (made.data / "pulse").exists(), 30), made.log.read_text()
        assert wait_for(lambda: "First operator: admin" in made.log.read_text(), 10)
        assert wait_for(lambda: "Relaydesk is at" in made.log.read_text(), 10)

        assert made.kill("worker") >= 1
        assert wait_for(lambda: len(made.processes("worker")) >= 1, 15)

        os.kill(up.pid, signal.SIGINT)
        up.wait(20)
        assert up.returncode == 0
        assert made.processes() == []

        made.start("manage.py", "up", "--bind", f"127.0.0.1:{port}")
        assert wait_for(lambda: answers(port), 30), made.log.read_text()
        assert made.log.read_text().count("First operator") == 1
        for process in made.processes("manage.py"):
            process.kill()
        assert wait_for(lambda: made.processes() == [], 10)


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    """The sentence names the port and another one to try."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = sentence(Installation(tmp_path), "up", "--bind", f"127.0.0.1:{port}")
    assert f"127.0.0.1:{port} cannot be used" in line
    assert "--bind" in line


def test_an_address_that_is_none_is_said_in_one_sentence(tmp_path: Path) -> None:
    """The sentence shows how to write it."""
    for bind in ("8000", "127.0.0.1:http", "127.0.0.1:0", "127.0.0.1:70000"):
        with pytest.raises(SystemExit, match=r"cannot start: .* Write it as 127\.0\.0\.1:8000\.$"):
            startup.parse_bind(bind)
    assert "127.0.0.1:8000" in sentence(Installation(tmp_path), "up", "--bind", "8000")


def test_keys_that_do_not_open_the_database_stop_the_start(tmp_path: Path) -> None:
    """The wrong key is said at the start and not as an error page later."""
    made = Installation(tmp_path, FERNET_KEYS="right")
    made.python(SEALED)
    made.env["FERNET_KEYS"] = "wrong"
    line = sentence(made, "up", "--bind", f"127.0.0.1:{free_port()}")
    assert "FERNET_KEYS do not open" in line


def test_a_database_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    """The sentence names DATABASE_URL."""
    made = Installation(tmp_path, DATABASE_URL=f"postgres://u:p@127.0.0.1:{free_port()}/d")
    line = sentence(made, "up", "--bind", f"127.0.0.1:{free_port()}")
    assert "DATABASE_URL" in line
