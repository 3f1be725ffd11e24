"""Receivers of webhooks on loopback: HTTP with or without TLS, behaving as they are told."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Speak = Callable[[socket.socket], None]


@dataclass
class Receiver:
    """Where it listens and what came in: paths, heads and bodies; `statuses` are used up in turn.

    The last status goes on.
    """

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    answer: bytes = b"thank you"
    paths: list[str] = field(default_factory=list)
    heads: list[Message] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@contextmanager
def receiving(context: ssl.SSLContext | None = None, **behaviour: object) -> Iterator[Receiver]:
    """Serve until the block ends."""
    receiver = Receiver(**behaviour)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.paths.append(self.path)
            receiver.heads.append(self.headers)
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            statuses = receiver.statuses
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            with suppress(OSError):  # the client reads no more than it wants
                self.wfile.write(receiver.answer)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def speaking(speak: Speak) -> Iterator[int]:
    """Take one connection and do with it what is wanted; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_take, args=[listener, speak])
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _take(listener: socket.socket, speak: Speak) -> None:
    with suppress(OSError):
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            connection.recv(65_536)
            speak(connection)
