"""From a host name to a connected socket: one look-up, every address checked, then dialled."""

import errno
import itertools
import socket
import time
from collections.abc import Sequence

from smtp.client.lookup import Lookup, ask
from smtp.client.stop import Stop
from smtp.client.wire import Deadline
from smtp.outcome import Dialled, Failure
from smtp.targets import Policy, may_dial

MAX_ADDRESSES = 4
CONNECTED = "connected"

NO_SUCH_HOST = {socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_ADDRFAMILY}
FAILURES = {
    errno.ECONNREFUSED: Failure.CONNECTION_REFUSED,
    errno.ETIMEDOUT: Failure.TIMEOUT,
    errno.ECONNRESET: Failure.CLOSED,
    errno.ENETUNREACH: Failure.UNREACHABLE,
    errno.EHOSTUNREACH: Failure.UNREACHABLE,
    errno.ENETDOWN: Failure.UNREACHABLE,
    errno.EADDRNOTAVAIL: Failure.UNREACHABLE,
    errno.EAFNOSUPPORT: Failure.UNREACHABLE,
}
# When the addresses of a host fail in different ways, the first of these says most.
TELLING = (
    Failure.CONNECTION_REFUSED,
    Failure.TIMEOUT,
    Failure.CLOSED,
    Failure.BLOCKED_LOCALLY,
    Failure.UNREACHABLE,
)


def resolve(host: str, port: int, policy: Policy, deadline: Deadline, lookup: Lookup) -> list[str]:
    """Return up to four addresses to try, IPv6 and IPv4 in turn; raise `Stop` if there are none.

    One address that may not be dialled refuses the host as a whole, always in the same words, so
    that nobody learns from a test what is inside the operator's network.
    """
    if port not in policy.ports:
        raise _refused()
    addresses = _ask(host, deadline, lookup)
    if not addresses:
        raise Stop(Failure.NO_SUCH_HOST, f"{host} has no address.")
    if not all(may_dial(address, policy) for address in addresses):
        raise _refused()
    return _in_turn(addresses)[:MAX_ADDRESSES]


def _refused() -> Stop:
    text = "Relaydesk may not connect to this server: its address or port is not allowed here."
    return Stop(Failure.TARGET_REFUSED, text)


def _ask(host: str, deadline: Deadline, lookup: Lookup) -> Sequence[str]:
    try:
        answer = ask(host, lookup, deadline.left())
    except TimeoutError as error:
        text = f"The resolver of this machine did not answer for {host} in time."
        raise Stop(Failure.RESOLVER_FAILED, text) from error
    if isinstance(answer, Exception):
        raise _not_found(host, answer) from answer
    return answer


def _not_found(host: str, error: Exception) -> Stop:
    unknown = isinstance(error, socket.gaierror) and error.errno in NO_SUCH_HOST
    if unknown or isinstance(error, ValueError):  # a label that no name server could be asked for
        return Stop(Failure.NO_SUCH_HOST, f"There is no host named {host}.")
    reason = getattr(error, "strerror", None) or type(error).__name__
    return Stop(Failure.RESOLVER_FAILED, f"The look-up of {host} failed: {reason}.")


def _in_turn(addresses: Sequence[str]) -> list[str]:
    """Alternate the families, beginning with the resolver's favourite (RFC 8305 section 4)."""
    first_is_v6 = ":" in addresses[0]
    favoured = [address for address in addresses if (":" in address) == first_is_v6]
    others = [address for address in addresses if (":" in address) != first_is_v6]
    pairs = itertools.zip_longest(favoured, others)
    return [address for pair in pairs for address in pair if address]


def connect(
    addresses: Sequence[str], port: int, policy: Policy, deadline: Deadline, heard: list[Dialled]
) -> socket.socket:
    """Connect to the first address that answers; return the socket.

    What each address said is added to `heard`. Raises `Stop` with the most telling failure when
    none answers.
    """
    failures: list[Failure] = []
    for address in addresses:
        began, result = time.monotonic(), CONNECTED
        try:
            return _dial(address, port, min(policy.connect_seconds, deadline.left()))
        except OSError as error:
            failures.append(failure_of(error))
            result = _reason(error)
        finally:
            milliseconds = round((time.monotonic() - began) * 1000, 1)
            heard.append(Dialled(address, milliseconds, result))
    raise Stop(min(failures, key=TELLING.index), f"No connection to port {port}: {told(heard)}.")


def told(heard: Sequence[Dialled]) -> str:
    """Return what the addresses said as part of a sentence."""
    return "; ".join(f"{one.address}: {one.result}" for one in heard)


def _dial(address: str, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect((address, port))
        # The end of a message is a packet of its own; it must not wait for an acknowledgement.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        sock.close()
        raise
    return sock


def failure_of(error: OSError) -> Failure:
    """Return what it means that a connection could not be made."""
    if isinstance(error, TimeoutError):
        return Failure.TIMEOUT
    # What is left is this machine saying no: a local filter, or no file descriptor to spare.
    return FAILURES.get(error.errno or 0, Failure.BLOCKED_LOCALLY)


def _reason(error: OSError) -> str:
    return "timed out" if isinstance(error, TimeoutError) else (error.strerror or "failed").lower()
