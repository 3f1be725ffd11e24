"""Runs several processes as one: restarts what dies, ends all of them with itself.

Needs nothing but the standard library and Linux' parent-death signal, with which no process
outlives this one even when it is killed with SIGKILL.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

PR_SET_PDEATHSIG = 1  # prctl(2)
_LIBC = ctypes.CDLL(None, use_errno=True)
STEADY_SECONDS = 60.0  # a process that ran this long starts again without waiting
LONGEST_PAUSE = 30.0


class Out(Protocol):
    """Where lines for a person go."""

    def write(self, text: str, /) -> object:
        """Write text."""

    def flush(self) -> None:
        """Write it now."""


@dataclass
class Child:
    """One process to keep running.

    `grace` is how many seconds it gets to end after SIGTERM; `death_signal` what it gets when the
    supervisor itself is gone. `stalled`, if given, says that the process runs but does no work.
    """

    name: str
    argv: Sequence[str]
    grace: float = 5.0
    death_signal: signal.Signals = signal.SIGKILL
    env: Mapping[str, str] = field(default_factory=dict)
    stalled: Callable[[float], bool] | None = None
    process: "subprocess.Popen[str] | None" = None
    started: float = 0.0
    failures: int = 0
    restart_at: float = 0.0

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def start(self, out: Out) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches only the supervisor."""
        parent = os.getpid()

        def in_child() -> None:
            _LIBC.prctl(PR_SET_PDEATHSIG, self.death_signal)
            if os.getppid() != parent:  # the supervisor died before prctl
                os._exit(1)

        self.process = subprocess.Popen(  # noqa: S603 - our own argument list
            self.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **self.env},
            start_new_session=True,
            preexec_fn=in_child,
        )
        self.started, self.restart_at = time.monotonic(), 0.0
        threading.Thread(target=self._pump, args=(self.process, out), daemon=True).start()

    def _pump(self, process: "subprocess.Popen[str]", out: Out) -> None:
        for line in process.stdout or ():
            out.write(f"{self.name:7}| {line}")
            out.flush()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and everything it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


class Pulse:
    """Tells that the timetable stands still: a file that each sweep touches has not changed.

    Seconds are those of a monotonic clock, because a timetable stalls just when the clock of the
    machine is set back.
    """

    def __init__(self, file: Path, patience: float) -> None:
        self.file, self.patience = file, patience
        self.seen, self.changed = self._stamp(), time.monotonic()

    def _stamp(self) -> int:
        return self.file.stat().st_mtime_ns if self.file.exists() else 0

    def stalled(self, running_for: float) -> bool:
        """Whether nothing was swept for too long although the process has been running."""
        stamp, now = self._stamp(), time.monotonic()
        if stamp != self.seen or running_for < self.patience:
            self.seen, self.changed = stamp, now
        return now - self.changed > self.patience


def supervise(children: Sequence[Child], on_start: Callable[[], None], out: Out) -> None:
    """Keep the children running until SIGINT or SIGTERM, then end them in reverse order."""
    stop, signals = threading.Event(), []

    def told_to_stop(number: int, _frame: object) -> None:
        signals.append(number)
        stop.set()
        if len(signals) > 1:  # asked twice: no more grace
            for child in children:
                child.signal(signal.SIGKILL)

    signal.signal(signal.SIGINT, told_to_stop)
    signal.signal(signal.SIGTERM, told_to_stop)
    for child in children:
        child.start(out)
    threading.Thread(target=on_start, daemon=True).start()
    while not stop.wait(0.2):
        for child in children:
            _look_after(child, out)
    _end(children, out)


def _look_after(child: Child, out: Out) -> None:
    now = time.monotonic()
    if child.running:
        if child.stalled is not None and child.stalled(now - child.started):
            _say(out, f"{child.name} does nothing any more; it is started again")
            child.signal(signal.SIGKILL)
        return
    if not child.restart_at:
        lived = now - child.started
        child.failures = 0 if lived > STEADY_SECONDS else child.failures + 1
        pause = min(LONGEST_PAUSE, 2.0 ** min(child.failures, 5) - 1)
        child.restart_at = now + pause
        code = child.process.returncode if child.process else None
        _say(out, f"{child.name} ended with status {code}; it starts again in {pause:.0f} s")
    elif now >= child.restart_at:
        child.signal(signal.SIGKILL)  # what a killed process left of its group
        child.start(out)


def _end(children: Sequence[Child], out: Out) -> None:
    began = time.monotonic()
    for child in reversed(children):
        if child.running and child.process is not None:
            child.process.send_signal(signal.SIGTERM)
    for child in reversed(children):
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, child.grace - (time.monotonic() - began)))
        except subprocess.TimeoutExpired:
            _say(out, f"{child.name} did not end in time and was killed; its work is not lost")
        child.signal(signal.SIGKILL)
        child.process.wait()
    _say(out, "stopped")


def _say(out: Out, sentence: str) -> None:
    out.write(f"up     | {sentence}\n")
    out.flush()


def python(*arguments: str) -> list[str]:
    """Return a command line for this very Python."""
    return [sys.executable, *arguments]
