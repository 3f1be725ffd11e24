"""The embedded broker wakes who waits, and never shows half a message."""

import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest
from kombu import Connection, Queue
from kombu.exceptions import ChannelError
from kombu.message import Message

from config import bell

LONG = 3600.0  # seconds: a test that had to wait for the interval would not end
PATIENCE = 10.0


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """Return the folders of a broker of one's own."""
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    folder = str(tmp_path / "queue")
    control = str(tmp_path / "control")
    return {"data_folder_in": folder, "data_folder_out": folder, "control_folder": control}


@pytest.fixture
def broker(folders: dict[str, str]) -> Iterator[Connection]:
    """Yield a connection that looks into its folder once an hour."""
    with connection(folders) as made:
        yield made


def connection(folders: dict[str, str]) -> Connection:
    """Return a connection as the product's settings make it."""
    return Connection(
        "filesystem://localhost//",
        transport="config.bell:Transport",
        transport_options={**folders, "polling_interval": LONG},
    )


def put(made: Connection, body: str, queue: str = "bells") -> None:
    """Put a message into a queue."""
    with made.Producer(serializer="json") as producer:
        producer.maybe_declare(Queue(queue))
        producer.publish(body, routing_key=queue)


def hears(made: Connection, count: int) -> Iterator[str]:
    """Take so many messages in a thread; yield each as it comes, or fail."""
    heard: SimpleQueue[str] = SimpleQueue()
    listening = threading.Event()

    def take(body: str, message: Message) -> None:
        message.ack()
        heard.put(body)

    def listen() -> None:
        with made.Consumer(Queue("bells"), callbacks=[take]):
            listening.set()
            for _ in range(count):
                made.drain_events()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert listening.wait(PATIENCE)
    return (heard.get(timeout=PATIENCE) for _ in range(count))


def test_a_message_wakes_who_waits(folders: dict[str, str], broker: Connection) -> None:
    """Long before the folder would be looked at again, and each time."""
    heard = hears(broker, count=10)
    with connection(folders) as web:
        for number in range(10):
            put(web, f"number {number}")
            assert next(heard) == f"number {number}"


def test_what_was_put_before_anybody_listened_is_found(broker: Connection) -> None:
    """A bell that nobody hears loses nothing."""
    put(broker, "early")
    assert list(hears(broker, count=1)) == ["early"]


def test_each_queue_has_its_own_bell(folders: dict[str, str], broker: Connection) -> None:
    """A message of another queue is left alone."""
    heard = hears(broker, count=1)
    with connection(folders) as web:
        put(web, "not mine", queue="others")
        put(web, "mine")
    assert list(heard) == ["mine"]
    assert [name.split(".")[1] for name in os.listdir(folders["data_folder_in"])] == ["others"]


def test_nobody_waits_longer_than_asked(broker: Connection) -> None:
    """The worker looks after itself between two messages."""
    with broker.Consumer(Queue("bells")), pytest.raises(TimeoutError):
        broker.drain_events(timeout=0.01)


def test_a_message_is_never_seen_half_written(folders: dict[str, str], broker: Connection) -> None:
    """A worker that takes half a message dies of it."""
    folder, ended = Path(folders["data_folder_in"]), threading.Event()
    sizes: set[int] = set()

    def watch() -> None:
        while not ended.is_set():
            sizes.update(file.stat().st_size for file in folder.iterdir())

    thread = threading.Thread(target=watch)
    thread.start()
    for _ in range(3):
        put(broker, "x" * 4_000_000)
    ended.set()
    thread.join()
    sizes.update(file.stat().st_size for file in folder.iterdir())
    assert len(sizes) == 1


def test_a_folder_that_takes_no_message_is_an_error(
    folders: dict[str, str], broker: Connection
) -> None:
    """Who asked hears of it, and the sweep rings again."""
    with broker.Producer() as producer:
        producer.maybe_declare(Queue("bells"))
        Path(folders["data_folder_in"]).rmdir()
        with pytest.raises(ChannelError):
            producer.publish("lost", routing_key="bells")


def test_a_bell_that_is_rung_too_often_stops_nobody(tmp_path: Path) -> None:
    """A worker that hangs does not make the pages wait."""
    path = tmp_path / "deaf.bell"
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    size = fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
    for _ in range(size + 1):
        bell.ring(path)
    assert len(os.read(pipe, size + 1)) == size
    os.close(pipe)


def test_where_there_are_no_pipes_messages_still_come(
    folders: dict[str, str], broker: Connection
) -> None:
    """The bell is a file that cannot be a pipe: then the interval counts."""
    (Path(folders["control_folder"]) / "bells.bell").mkdir()
    put(broker, "early")
    assert list(hears(broker, count=1)) == ["early"]


def test_an_ended_connection_leaves_no_pipe_open(folders: dict[str, str]) -> None:
    """A worker that connects again and again does not run out of files."""
    before = os.listdir("/proc/self/fd")
    with connection(folders) as made, made.Consumer(Queue("bells")):
        assert len(os.listdir("/proc/self/fd")) > len(before)
    assert len(os.listdir("/proc/self/fd")) == len(before)
