"""Pure: reads the address of a webhook into the parts that are dialled and asked for."""

import re
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from smtp.targets import clean_host

MOST_CHARACTERS = 500
PORTS = {"https": 443, "http": 80}
TARGET = re.compile(r"[!-~]*")  # RFC 3986: anything else is percent-encoded


class Place(NamedTuple):
    """Where a webhook is: `target` is its path with the query."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def read(cls, url: str) -> Self:
        """Read an address; raise `ValueError` with a sentence for the person who typed it."""
        url = url.strip()
        if len(url) > MOST_CHARACTERS:
            raise ValueError(f"This is too long: at most {MOST_CHARACTERS} characters fit.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError("This is not a complete address: check host and port.") from error
        if parts.scheme not in PORTS:
            raise ValueError("Enter an address that begins with https://.")
        if "@" in parts.netloc:
            raise ValueError(
                "Leave out what stands before the “@”: calls are signed, so they need no login."
            )
        if parts.fragment:
            raise ValueError(f"Leave out “#{parts.fragment[:80]}”: it is never sent to a server.")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not TARGET.fullmatch(target):
            raise ValueError("Write letters outside ASCII and blanks in the path as %XX.")
        return cls(
            parts.scheme, clean_host(parts.hostname or ""), _port(parts.scheme, port), target
        )

    @property
    def authority(self) -> str:
        """Host and port as the Host header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address in its one form."""
        return f"{self.scheme}://{self.authority}{self.target}"


def _port(scheme: str, port: int | None) -> int:
    if port == 0:
        raise ValueError("There is no port 0.")
    return port or PORTS[scheme]
