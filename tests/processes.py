"""Starts the product's own processes for a test, finds every one of them, and ends them."""

import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

if TYPE_CHECKING:
    from playwright.sync_api import Page  # costly, and only browser tests have one

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """Return a port of loopback that nobody listens on, and that no system gives to others."""
    while listens(port := 10_000 + secrets.randbelow(10_000)):
        pass
    return port


def free_block(size: int = 60) -> int:
    """Return the first of so many ports in a row that nobody listens on."""
    for first in range(20_000 + os.getpid() % 100 * size, 32_000, size):
        if not any(listens(port) for port in range(first, first + size)):
            return first
    raise RuntimeError("no free ports")


def listens(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(true: Callable[[], bool], seconds: float) -> bool:
    """Return whether something became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


class Installation:
    """A Relaydesk with a data folder of its own, started and killed at will."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        clean = {"PATH": os.environ["PATH"], "HOME": str(data), "RELAYDESK_DATA": str(data)}
        self.env = {**clean, "RELAYDESK_ADMIN_PASSWORD": "pw", **env}
        self.started: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
        )

    def python(self, code: str, before: str = "") -> str:
        """Run a few lines inside the product's settings; return what they print."""
        prelude = before + "import gc, django; django.setup(); gc.freeze()  # for a quick end\n"
        env = {"DJANGO_SETTINGS_MODULE": "config.settings", **self.env}
        run = subprocess.run(
            [sys.executable, "-c", prelude + code],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database from outside; cheap enough to ask again and again."""
        url = self.env.get("DATABASE_URL", "")
        if url:
            with psycopg.connect(url) as connection:
                return list(connection.execute(query.encode()).fetchall())
        file = f"file:{self.data / 'relaydesk.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            return list(connection.execute(query).fetchall())

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a Python of the product in the background; its words go to `log`."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def processes(self, word: str = "") -> list[psutil.Process]:
        """Return the living processes of this installation, by a word of their command line."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("RELAYDESK_DATA") == str(self.data)
                alive = process.status() != psutil.STATUS_ZOMBIE
                if mine and alive and word in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def kill(self, word: str = "") -> int:
        """Kill these processes with SIGKILL; return how many there were."""
        found = self.processes(word)
        for process in found:
            process.kill()
        psutil.wait_procs(found, timeout=5)
        return len(found)

    def end(self) -> None:
        """Leave no process behind, however many start while they are killed."""
        while self.kill():
            pass
        for process in self.started:
            process.wait()


def answers(port: int) -> bool:
    """Whether the log-in page is served."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=2) as page:
            return bool(page.status == 200)
    except OSError:
        return False


@contextmanager
def installation(data: Path, **env: str) -> Iterator[Installation]:
    """Give an installation and leave no process of it behind."""
    made = Installation(data, **env)
    try:
        yield made
    finally:
        made.end()


WAITING = """
    select (select count(*) from dnscheck_sendingdomain where last_checked_at is null),
           (select count(*) from smtp_attempt where state not in ('done', 'unclear'))
"""


class Demo(Installation):
    """A demo with its laboratory, on ports of its own."""

    def __init__(self, data: Path, **env: str) -> None:
        lab = free_block()
        super().__init__(
            data,
            RELAYDESK_DEMO_DATA=str(data),
            RELAYDESK_LAB_PORT=str(lab),
            SMTP_TOTAL_SECONDS="4",
            SWEEP_SECONDS="1",
            **env,
        )
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Start it, and wait for the log-in page and the first sweep."""
        self.start("manage.py", "demo", "--bind", f"127.0.0.1:{self.port}")
        assert wait_for(lambda: answers(self.port), 40), self.log.read_text()
        assert wait_for(lambda: (self.data / "pulse").exists(), 30), self.log.read_text()

    def settle(self) -> None:
        """Wait until every seeded domain was checked and every seeded attempt has ended."""
        assert wait_for(lambda: self.rows(WAITING) == [(0, 0)], 120), self.rows(WAITING)

    def json(self, code: str) -> Any:
        """Return what a few lines print as JSON."""
        return json.loads(self.python(code))

    def log_in(self, page: "Page", name: str = "demo") -> None:
        """Log a browser's page in."""
        page.goto(f"{self.url}/login/")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill("relaydesk-demo")
        page.locator("main button").click()
        page.wait_for_url(f"{self.url}/")

    def python(self, code: str, before: str = "") -> str:
        """Run a few lines with the settings of the demo."""
        inside = "import os; from config.lab import ports; os.environ.update(ports.environment())\n"
        return super().python(code, before + inside)


@contextmanager
def demo_installation(folder: Path, **env: str) -> Iterator[Demo]:
    """Give a demo that runs, and leave no process of it behind."""
    made = Demo(folder / "data", **env)
    try:
        made.up()
        yield made
    finally:
        made.end()
