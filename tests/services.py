"""PostgreSQL and Redis for the tests that need them: private, on loopback, thrown away.

Without the programs such a test is skipped with one line that says how to get them; with
`RELAYDESK_SKIP_NOTHING` set it fails instead.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import free_port, wait_for


def missing(what: str, package: str) -> None:
    """Skip the test, or fail it where nothing may be skipped."""
    sentence = f"{what} is not installed; on Debian: apt-get install {package}"
    if os.environ.get("RELAYDESK_SKIP_NOTHING"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def listens(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


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
def postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL of our own; give the URL of an empty database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        missing("PostgreSQL", "postgresql")
    data, port = folder / "postgres", free_port()
    data.mkdir()
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "postgres"
        shutil.chown(data, user)
        for parent in data.parents:  # let that user pass through pytest's private folders
            if parent.owner() == "root" and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    subprocess.run(
        [programs[-1] / "initdb", "-D", data, "-U", "relaydesk", "-A", "trust", "-N"],
        user=user,
        cwd=data,
        check=True,
        capture_output=True,
    )
    options = f"-h 127.0.0.1 -p {port} -k {data} -F"
    command = [str(programs[-1] / "postgres"), "-D", str(data), *options.split()]
    with subprocess.Popen(command, user=user, cwd=data, stderr=subprocess.DEVNULL) as server:
        try:
            assert wait_for(lambda: listens(port), 20)
            yield f"postgres://relaydesk@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
