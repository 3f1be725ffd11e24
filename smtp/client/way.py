"""What the client is given: the way to a server, and what to hand over there."""

from dataclasses import dataclass, field

from smtp.message import ascii_address
from smtp.outcome import Security


@dataclass(frozen=True)
class Way:
    """A server and how to be let in. An empty `username` means no login.

    An empty `helo` means this machine's own name, or its address when it has no full name.
    `mechanism` is the kind of AUTH to try first, if the server offers it. With `has_token` the
    password is an access token for XOAUTH2.
    """

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    helo: str = ""
    mechanism: str = ""
    has_token: bool = False
    allows_cram_md5: bool = False


@dataclass(frozen=True)
class Envelope:
    """One message for one recipient. `data` is 7-bit, as `smtp.message.compose` writes it.

    `secrets` are texts in it that are hidden where a server gives them back, as a password is.
    Raises `ValueError` for an address that cannot stand in a command.
    """

    sender: str
    recipient: str
    data: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        ascii_address(self.sender)
        ascii_address(self.recipient)
