"""How often resolvers may be asked: a public one is nobody's to flood."""

import threading
import time
from collections.abc import Callable

BURST = 50  # questions that may be asked at once after a silence: about those of one domain


class Pace:
    """So many questions a second for all threads of a process; 0 means any number."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._next = 0.0  # when the next question would be asked if all were spread evenly
        self._lock = threading.Lock()

    def turn(self) -> float:
        """Take a turn, and return in how many seconds it comes."""
        if not self._gap:
            return 0.0
        with self._lock:
            now = self._clock()
            self._next = max(self._next, now - BURST * self._gap) + self._gap
            return max(self._next - now, 0.0)
