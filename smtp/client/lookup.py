"""Looks host names up in threads: getaddrinfo knows no time limit, an attempt has one."""

import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

# Takes a host name and returns its addresses as literals, or raises `OSError`.
Lookup = Callable[[str], Sequence[str]]
Answers = queue.SimpleQueue[Sequence[str] | Exception]

MOST_SPARE = 8
FRESH_SECONDS, MOST_FRESH = 2.0, 256


def system_lookup(host: str) -> Sequence[str]:
    """Ask the system's resolver for all addresses of a host, each once, in its order."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def ask(host: str, lookup: Lookup, seconds: float) -> Sequence[str] | Exception:
    """Return what a look-up returns or raises; raise `TimeoutError` after so many seconds.

    A look-up that hangs keeps its thread and holds no other up. Addresses found a moment ago are
    not looked up again: many settings share one host, and are tried together.
    """
    asked_at, addresses = _fresh.get((lookup, host), (-FRESH_SECONDS, ()))
    if time.monotonic() - asked_at < FRESH_SECONDS:
        return addresses
    answers: Answers = queue.SimpleQueue()
    _spare_thread().jobs.put((host, lookup, answers))
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise TimeoutError from error
    if not isinstance(answer, Exception):
        if len(_fresh) >= MOST_FRESH:
            _fresh.clear()
        _fresh[lookup, host] = time.monotonic(), answer
    return answer


class _Thread(threading.Thread):
    """Does one look-up after another: to start a thread takes longer than most look-ups."""

    def __init__(self) -> None:
        super().__init__(name="look up", daemon=True)
        self.jobs: queue.SimpleQueue[tuple[str, Lookup, Answers]] = queue.SimpleQueue()

    def run(self) -> None:
        """Wait for look-ups until enough others wait."""
        while self._done(*self.jobs.get()):
            pass

    def _done(self, host: str, lookup: Lookup, answers: Answers) -> bool:
        """Do one look-up; return whether to wait for another."""
        answer: Sequence[str] | Exception
        try:
            answer = lookup(host)
        except Exception as error:  # any other would end the thread without an answer
            answer = error
        is_wanted = len(_spare) < MOST_SPARE
        if is_wanted:
            _spare.append(self)
        answers.put(answer)
        return is_wanted


_spare: list[_Thread] = []  # those that wait
_fresh: dict[tuple[Lookup, str], tuple[float, Sequence[str]]] = {}


def _spare_thread() -> _Thread:
    with suppress(IndexError):
        while not (thread := _spare.pop()).is_alive():
            pass  # it waits in the process that this one was forked from
        return thread
    thread = _Thread()
    thread.start()
    return thread
