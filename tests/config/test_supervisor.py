"""The supervisor: restarts what dies, ends what it started, leaves no orphan."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config.supervisor import Pulse

PROGRAM = """
    import sys
    sys.path.insert(0, {root!r})
    from config.supervisor import Child, supervise
    children = [
        Child("sleeper", [sys.executable, "-c", {sleeper!r}], grace=2),
        Child("parent", [sys.executable, "-c", {parent!r}], grace=0.5),
    ]
    supervise(children, lambda: print("started", flush=True), sys.stdout)
"""
SLEEPER = "import time; time.sleep(60)"
# Ignores SIGTERM and has a child of its own, as a web server has.
PARENT = (
    "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    f"subprocess.run([sys.executable, '-c', {SLEEPER!r}])"
)


def wait_for(true: Callable[[], bool], seconds: float = 10) -> bool:
    """Return whether something became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[psutil.Process]:
    """Start a supervisor with two children and one grandchild."""
    root = str(Path(__file__).parents[2])
    program = textwrap.dedent(PROGRAM).format(root=root, sleeper=SLEEPER, parent=PARENT)
    with (
        (tmp_path / "out").open("w") as out,
        subprocess.Popen([sys.executable, "-c", program], stdout=out, stderr=out) as started,
    ):
        process = psutil.Process(started.pid)
        assert wait_for(lambda: len(process.children(recursive=True)) == 3)
        yield process
        family = process.children(recursive=True) if process.is_running() else []
        for member in [process, *family]:
            if member.is_running():
                member.kill()


def test_a_child_that_dies_is_started_again(supervisor: psutil.Process) -> None:
    """A killed process is back within seconds, under another number."""
    victim = next(child for child in supervisor.children() if not child.children())
    victim.kill()
    assert wait_for(lambda: victim.pid not in {c.pid for c in supervisor.children()})
    assert wait_for(lambda: len(supervisor.children(recursive=True)) == 3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_supervisor(supervisor: psutil.Process, number: int) -> None:
    """However it ends, no child is left; not even one that ignores SIGTERM."""
    children = supervisor.children()
    os.kill(supervisor.pid, number)
    assert wait_for(lambda: not any(_alive(child) for child in children))


def _alive(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def test_ctrl_c_also_ends_grandchildren(supervisor: psutil.Process) -> None:
    """A whole group ends, so no port stays taken."""
    family = supervisor.children(recursive=True)
    os.kill(supervisor.pid, signal.SIGINT)
    assert wait_for(lambda: not any(_alive(member) for member in family))


def test_a_pulse_that_stops_is_noticed(tmp_path: Path) -> None:
    """A timetable that runs without sweeping counts as stalled; one that sweeps does not."""
    file = tmp_path / "pulse"
    pulse = Pulse(file, patience=0.2)
    assert not pulse.stalled(running_for=0.1)
    for _ in range(3):
        time.sleep(0.1)
        os.utime(file) if file.exists() else file.touch()
        assert not pulse.stalled(running_for=9)
    time.sleep(0.25)
    assert pulse.stalled(running_for=9)
    assert not pulse.stalled(running_for=0.1)
