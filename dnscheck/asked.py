"""What a person means by what was typed or pasted into a search."""

import re
from dataclasses import dataclass

from dnscheck.names import to_ascii

LONGEST = 300  # characters that are looked at
_SCHEME = re.compile(r"^(?:mailto:|[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_PORT = re.compile(r":([0-9]*)$")
_NUMBER = re.compile(r"[0-9]{2,5}")
_IN_BRACKETS = re.compile(r"([^<>]*)<([^<>\s]+@[^<>\s]+)>")


@dataclass(frozen=True)
class Asked:
    """What is looked for. What it cannot be is empty.

    `text` is as typed. `name` is a host name or the beginning of one, as A-labels in lower case,
    out of an address or a URL. `address` is a mail address. `message_id` has its angle brackets;
    what stands in them may be an address as well. `port` is that of a server, 0 if none was said.
    """

    text: str
    name: str = ""
    address: str = ""
    message_id: str = ""
    port: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the name may be a whole one."""
        return "." in self.name.strip(".")

    @property
    def above(self) -> list[str]:
        """The name with those that it lies in, down to two labels."""
        labels = self.name.split(".")
        return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def asked_for(typed: str) -> Asked:
    """Return what is meant by a text."""
    text = " ".join(typed.replace("\0", " ").split())[:LONGEST].strip()
    found = _IN_BRACKETS.fullmatch(text)
    before, target = (found[1].strip().lower(), found[2]) if found else ("", text)
    message_id = f"<{target}>" if found and before in ("", "message-id:") else ""
    if message_id and before:
        return Asked(text, message_id=message_id)
    inside = re.split(r"[/?#]", _SCHEME.sub("", target))[0]
    is_address = re.fullmatch(r"[^@\s]+@[^@\s]+", inside) is not None
    place = inside.rpartition("@")[2]
    host = _PORT.sub("", place).removeprefix("*.").strip(".")
    if not host or " " in host:
        return Asked(text, message_id=message_id)
    address = f"{inside.rpartition('@')[0]}@{_name(host)}".lower() if is_address else ""
    return Asked(text, _name(host), address, message_id, _port(place))


def _port(place: str) -> int:
    """Return the port of `host:port`, or of a number that stands alone."""
    said = _PORT.search(place)
    number = said[1] if said else place
    return int(number) if _NUMBER.fullmatch(number) else 0


def _name(host: str) -> str:
    try:
        return to_ascii(host)
    except ValueError:  # such as a beginning that is no label yet
        return host.lower()
