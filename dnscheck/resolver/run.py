"""What one run may take: time, questions in all, and questions on their way at a time."""

import asyncio
import time

AT_ONCE = 150
MOST_QUESTIONS = 1000


class Run:
    """The allowance of one domain. Its time begins with the first question."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.questions = 0
        self.turn = asyncio.Semaphore(AT_ONCE)
        self._end = 0.0
        self._spare = seconds / 2

    def begin(self) -> bool:
        """Count a question, and return whether it may be asked."""
        self._end = self._end or time.monotonic() + self.seconds
        if self.questions >= MOST_QUESTIONS:
            return False
        self.questions += 1
        return True

    async def wait(self, seconds: float) -> None:
        """Let others ask first. Such time does not count, up to half of what a run may take."""
        given = min(seconds, self._spare)
        self._spare -= given
        self._end += given
        await asyncio.sleep(seconds)

    @property
    def left(self) -> float:
        """How many seconds are left; none or less when the time is up."""
        return self._end - time.monotonic()
