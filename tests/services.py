"""PostgreSQL and Redis for the tests that need them: private, on loopback, thrown away.

Without the programs such a test is skipped with one line that says how to get them; with
`RELAYDESK_SKIP_NOTHING` set it fails instead.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import free_port, listens, wait_for


def missing(what: str, package: str) -> None:
    """Skip the test, or fail it where nothing may be skipped."""
    sentence = f"{what} is not installed; on Debian: apt-get install {package}"
    if os.environ.get("RELAYDESK_SKIP_NOTHING"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis of our own; give its URL."""
    program = shutil.which("redis-server")
    if not program:
        missing("Redis", "redis-server")
    port = free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with subprocess.Popen([str(program), *options], stdout=subprocess.DEVNULL) as server:
        try:
            assert wait_for(lambda: listens(port), 10)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL of our own; give the URL of an empty database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        missing("PostgreSQL", "postgresql")
    port = free_port()
    # PostgreSQL refuses to run as root, and pytest's own folders are closed to everybody else.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="relaydesk-postgres-") as folder:
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        make = [f"{programs[-1]}/initdb", "-D", data, "-U", "relaydesk", "-A", "trust", "-N"]
        subprocess.run(make, user=user, cwd=folder, check=True, capture_output=True)
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F"]
        run = [f"{programs[-1]}/postgres", "-D", data, *options]
        with subprocess.Popen(run, user=user, cwd=folder, stderr=subprocess.DEVNULL) as server:
            try:
                assert wait_for(lambda: listens(port), 20)
                yield f"postgres://relaydesk@127.0.0.1:{port}/postgres"
            finally:
                server.send_signal(signal.SIGINT)  # fast: open connections do not hold it up
