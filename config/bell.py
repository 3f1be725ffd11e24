"""The embedded broker: kombu's folder of messages, with a bell that wakes the worker at once.

kombu looks into the folder at an interval, and may take a message that is still being written,
which ends the worker. Here a message appears in one step, and a named pipe beside the folder says
so. A bell that nobody hears delays a message until the next look.
"""

import math
import os
import select
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps
from kombu.utils.scheduling import FairCycle

MOST_RINGS = 4096  # octets of a pipe that are read at once; each is one ring


class Channel(filesystem.Channel):
    """Puts messages into the folder and listens for those of its queues."""

    connection: "Transport"

    def _put(  # type: ignore[override]  # as kombu's own
        self, queue: str, payload: Any, **_options: Any
    ) -> None:
        name = f"{time.monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        part = self.control_folder / name
        try:
            part.write_bytes(dumps(payload).encode())
            part.replace(Path(self.data_folder_out) / name)
        except OSError as error:
            raise ChannelError(f"Cannot add {name} to the queue") from error
        ring(_bell(self, queue))

    def basic_consume(self, queue: str, *args: Any, **options: Any) -> Any:
        """Begin to take messages from a queue."""
        self.connection.listen(_bell(self, queue))
        return super().basic_consume(queue, *args, **options)


class Transport(filesystem.Transport):
    """Waits for a bell, at most for the polling interval, where kombu's transport sleeps."""

    Channel = Channel
    cycle: FairCycle
    polling_interval: float

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self._bells: list[int] = []  # open pipes

    def listen(self, bell: Path) -> None:
        """Wait for this bell, too. Where a file system has no pipes, the interval remains."""
        with suppress(OSError):
            with suppress(FileExistsError):
                os.mkfifo(bell, 0o600)
            # Also for writing: a pipe without a writer would never be silent again.
            self._bells.append(os.open(bell, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC))

    def drain_events(  # type: ignore[override]  # as kombu's own
        self, _connection: Any, timeout: float | None = None
    ) -> None:
        """Deliver the next message; raise `TimeoutError` if none comes in so many seconds."""
        end = time.monotonic() + (math.inf if timeout is None else timeout)
        while True:
            with suppress(Empty):
                return self.cycle.get(self._deliver)
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._wait(min(left, self.polling_interval))

    def _wait(self, seconds: float) -> None:
        """Wait for a ring; it is taken before the folder is looked at, so none goes unheard."""
        rung, _, _ = select.select(self._bells, [], [], seconds)
        for bell in rung:
            with suppress(BlockingIOError):  # another worker heard it first
                os.read(bell, MOST_RINGS)

    def close_connection(self, connection: Any) -> None:
        """Stop listening."""
        while self._bells:
            os.close(self._bells.pop())
        super().close_connection(connection)


def _bell(channel: filesystem.Channel, queue: str) -> Path:
    return Path(channel.control_folder, f"{queue}.bell")


def ring(bell: Path) -> None:
    """Wake who listens to a bell; without a listener nothing happens."""
    with suppress(OSError):
        pipe = os.open(bell, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(pipe, b"!")
        finally:
            os.close(pipe)
