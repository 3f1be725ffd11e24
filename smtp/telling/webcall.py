"""Edge: the only place that speaks HTTP. `post` always returns what came of a call.

The host is looked up once, every address is checked, and one of the checked addresses is dialled:
between the check and the connection nobody can put another one in its place. No redirect is
followed, no proxy of the environment is used, and the answer is limited in octets and in time.
"""

import functools
import http.client
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from smtp.client import tls
from smtp.client.dial import resolve
from smtp.client.lookup import Lookup, system_lookup
from smtp.client.stop import Stop
from smtp.client.wire import Deadline
from smtp.outcome import Failure
from smtp.targets import Policy, is_opened
from smtp.telling.place import Place

EXCERPT = 200  # characters of an answer that are kept
MOST_OCTETS = 2000  # of an answer's body that are read
REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class Called:
    """What came of a call: a status code, or why there is none; the begin of what was answered."""

    status: int | None
    failure: str = ""
    excerpt: str = ""
    milliseconds: float = 0

    @property
    def ok(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


def post(
    place: Place,
    body: bytes,
    headers: Mapping[str, str],
    policy: Policy,
    lookup: Lookup = system_lookup,
) -> Called:
    """Send the body to the place and return what came of it; no failure raises.

    `policy` is the one of relays, with the ports and networks of webhooks; what is not encrypted
    goes only to networks that it opens.
    """
    began = time.monotonic()
    try:
        status, excerpt = _post(place, body, headers, policy, lookup)
    except Stop as stop:
        return Called(None, stop.message, milliseconds=_since(began))
    return Called(status, _why(status), excerpt, _since(began))


def _since(began: float) -> float:
    return round((time.monotonic() - began) * 1000, 1)


def _why(status: int) -> str:
    """Return what is wrong with a status, or nothing for one that says that it was taken."""
    if 200 <= status < 300:
        return ""
    if status in REDIRECTS:
        return f"The server answered {status}: it points elsewhere, and redirects are not followed."
    return f"The server answered {status} instead of 200."


def _post(
    place: Place, body: bytes, headers: Mapping[str, str], policy: Policy, lookup: Lookup
) -> tuple[int, str]:
    deadline = Deadline(policy.total_seconds)
    addresses = resolve(place.host, place.port, policy, deadline, lookup)
    if place.scheme != "https" and not all(is_opened(one, policy) for one in addresses):
        text = "What is not encrypted goes only to networks that the operator opened: use https://."
        raise Stop(Failure.TARGET_REFUSED, text)
    with closing(_connected(place, addresses, policy, deadline)) as connection:
        return _talk_in_time(connection, place, body, headers, deadline)


def _talk_in_time(
    connection: HTTPConnection,
    place: Place,
    body: bytes,
    headers: Mapping[str, str],
    deadline: Deadline,
) -> tuple[int, str]:
    over = threading.Event()
    # The library limits each read; a server that sends an octet now and then would hold us.
    watch = threading.Timer(deadline.left(), _hang_up, [connection.sock, over])
    watch.start()
    try:
        return _talk(connection, place, body, headers, over)
    except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or over.is_set():
            raise _late() from error
        raise Stop(Failure.CLOSED, "The server broke off, or does not speak HTTP.") from error
    finally:
        watch.cancel()


def _late() -> Stop:
    return Stop(Failure.TIMEOUT, "The server gave no answer in time.")


def _connected(
    place: Place, addresses: list[str], policy: Policy, deadline: Deadline
) -> HTTPConnection:
    """Connect to the first address that answers."""
    said = []
    for address in addresses:
        seconds = min(policy.connect_seconds, deadline.left())
        connection = _connection(place, address, seconds, policy)
        try:
            connection.connect()
        except NewConnectionError as error:  # which is a ConnectTimeoutError as well
            reason = getattr(error.__cause__, "strerror", None) or "failed"
            said.append(f"{address}: {str(reason).lower()}")
        except ConnectTimeoutError:
            said.append(f"{address}: timed out")
        except TimeoutError as error:  # the connection is there, the handshake does not end
            connection.close()
            raise _late() from error
        except OSError as error:
            connection.close()
            raise tls.refusal(error) from error
        else:
            return connection
    raise Stop(Failure.UNREACHABLE, f"No connection to port {place.port}: {'; '.join(said)}.")


def _connection(place: Place, address: str, seconds: float, policy: Policy) -> HTTPConnection:
    if place.scheme != "https":
        return HTTPConnection(address, place.port, timeout=seconds)
    # The certificate must be for the name; the address is the one that was checked.
    return HTTPSConnection(
        address,
        place.port,
        timeout=seconds,
        server_hostname=place.host,
        ssl_context=_context(policy.ca_file),
    )


@functools.lru_cache(maxsize=8)
def _context(ca_file: str) -> ssl.SSLContext:
    """Return how receivers are verified. Not the one of relays: the library writes in it.

    Raises `Stop` when the bundle cannot be read; that is not remembered.
    """
    made = create_urllib3_context()
    made.load_default_certs()
    tls.trust(made, ca_file)
    return made


def _hang_up(sock: Any, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):
        sock.shutdown(2)  # both ways; whoever reads from it wakes up


def _talk(
    connection: HTTPConnection,
    place: Place,
    body: bytes,
    headers: Mapping[str, str],
    over: threading.Event,
) -> tuple[int, str]:
    """Send the request; return the status and the begin of the answer as printable text."""
    named = {"Host": place.authority, "Accept-Encoding": "identity", "Connection": "close"}
    connection.request(
        "POST",
        place.target,
        body=body,
        headers={**named, **headers},
        preload_content=False,
        decode_content=False,
    )
    answer = connection.getresponse()
    if over.is_set():  # the end of the connection would pass for the end of the head
        raise _late()
    text = ""
    with suppress(OSError, HTTPError, ValueError):  # the status says it all
        text = answer.read(MOST_OCTETS).decode("utf-8", "replace")
    answer.close()
    printable = "".join(one if one.isprintable() else " " for one in text)
    return answer.status, " ".join(printable.split())[:EXCERPT]
