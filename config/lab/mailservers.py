"""The lab's mail servers: real SMTP on loopback, each in a mood of its own."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from config.lab.certificates import Certificates
from config.lab.mailsessions import PASSWORD, Received, Session, Shared
from config.lab.mood import PATIENCE, USERNAME, Mood
from config.lab.moods import MOODS

__all__ = ["MOODS", "PASSWORD", "USERNAME", "MailServer", "Received"]


class MailServer:
    """Serves one mood, given whole or by its slug, from `start` to `stop` or in a `with` block.

    `port` 0 means any free one; after the start `port` tells which. Messages are kept in
    `messages` and, if a folder is given, there as a Maildir. `sessions` counts connections,
    `verbs` lists the commands heard, both in all sessions together.
    """

    def __init__(
        self,
        mood: Mood | str,
        certificates: Certificates,
        host: str = "127.0.0.1",
        port: int = 0,
        maildir: Path | None = None,
        password: str = PASSWORD,
    ) -> None:
        self.mood = MOODS[mood] if isinstance(mood, str) else mood
        self.host, self.port = host, port
        self.sessions = 0
        self._shared = Shared(
            self.mood, certificates.contexts[self.mood.identity], password, maildir
        )
        # For each session a second handle on its connection, to end it from outside: the
        # session's own is replaced when TLS begins.
        self._handles: dict[threading.Thread, socket.socket] = {}

    @property
    def messages(self) -> list[Received]:
        """The messages taken so far."""
        return self._shared.messages

    @property
    def verbs(self) -> list[str]:
        """The commands heard so far, without their arguments."""
        return self._shared.verbs

    def start(self) -> Self:
        """Listen, and serve in threads; return the server itself."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, self.port), family=family)
        self.port = self._listener.getsockname()[1]
        self._doorman = threading.Thread(target=self._welcome, daemon=True)
        self._doorman.start()
        return self

    def stop(self) -> None:
        """End every session at once, also those that stall, and wait for the threads."""
        self._shared.stopping.set()
        self._shared.released.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._doorman.join()
        self._listener.close()
        with self._shared.lock:
            handles = dict(self._handles)
            for handle in handles.values():
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)
        for thread in handles:
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def release(self) -> None:
        """Answer those who wait after the end of their message, now and from now on."""
        self._shared.released.set()

    def _welcome(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=[connection], daemon=True)
            with self._shared.lock:
                self.sessions += 1
                self._handles[thread] = connection.dup()
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session = Session(self._shared, connection)
        with suppress(OSError):  # the client went away, or TLS did not come about
            session.run()
        session.close()
        with self._shared.lock:
            self._handles.pop(threading.current_thread()).close()
