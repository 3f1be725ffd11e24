"""Refuses every dial beyond loopback, in whatever library it happens.

An audit hook sees each `connect`, `sendto` and name look-up of the process before it happens.
"""

import ipaddress
import sys
from typing import Any

LOCAL_NAMES = {"localhost", "", None}


class DialRefused(RuntimeError):
    """A test tried to reach something outside this machine."""


def _is_local(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise DialRefused(f"{event} to {address!r}: tests stay on loopback")
    elif event == "socket.getaddrinfo" and not _is_local(args[0]):
        try:
            ipaddress.ip_address(str(args[0]).split("%")[0])  # a literal needs no resolver
        except ValueError:
            raise DialRefused(f"look-up of {args[0]!r}: tests stay on loopback") from None


def install() -> None:
    """Watch from now on. There is no way back, which is the point."""
    sys.addaudithook(_watch)
