"""The words in which a DNS host is described: whom it is known by, and how its form behaves."""

import re
from dataclasses import dataclass
from enum import StrEnum

from smtp.providers.base import Confidence, Source


class Appends(StrEnum):
    """When a form adds the zone to the name that was typed."""

    ALWAYS = "always"  # even to a full name, which then ends in the zone twice
    UNLESS_ZONE = "unless-zone"  # unless the name ends in the zone already
    UNLESS_DOT = "unless-dot"  # unless the name ends with a dot, as in zone files


class Quotes(StrEnum):
    """Whether a TXT value is typed in double quotes."""

    NEVER = "never"
    OPTIONAL = "optional"  # the host adds them where they are missing
    REQUIRED = "required"


class Dot(StrEnum):
    """Whether the target of a CNAME or MX record is typed with a dot at its end."""

    NEVER = "never"
    OPTIONAL = "optional"
    REQUIRED = "required"  # without it the target is taken as relative to the zone


class Part(StrEnum):
    """A part of what is known of a form."""

    NAME = "name"  # the label of the name field, and when the zone is added
    APEX = "apex"
    QUOTES = "quotes"
    LONG = "long"  # what happens to a TXT value over 255 octets
    DOT = "dot"


SHORTEN = (
    "Ask the sending service for a shorter key, such as one of 1024 bits, or for a CNAME record "
    "in place of this one."
)


LONG_IS_UNSURE = "That the host splits values over 255 characters by itself is not confirmed."
FROM_NOTES = (
    "Taken from set-up notes of users, not from a page of the host; that it splits values over "
    "255 characters by itself is not confirmed."
)
_READ = "2026-11"
_NOTHING_READ = Source(
    url="",
    read="",
    confidence=Confidence.LOW,
    about="The DNS host is not recognised: names and values are shown the usual way.",
)


def page(url: str) -> Source:
    """Return a page that was read and says all that stands beside it."""
    return Source(url, _READ)


def partly(url: str, about: str) -> Source:
    """Return a page that says most of it, or no page where set-up notes of users agree."""
    return Source(url, _READ, Confidence.MEDIUM, about)


@dataclass(frozen=True)
class DnsHost:
    """A DNS host as data.

    `servers` are regular expressions for the whole name of its name servers, in lower case and
    without a trailing dot; `shared` are those of servers that other hosts use as well. `apex` is
    what is typed for the zone itself: `@`, empty, or a name with `{zone}` in it. `splits` says
    that a TXT value over 255 octets is split by the host itself. `most_txt` is how many octets a
    TXT value may have, without quotes; `too_long` says what to do beyond that. With
    `priority_in_value` the preference of an MX record is typed before the host, in one field.
    `ttl` is what to leave or choose, in words. `trap` is the mistake this host is known for, in
    one sentence. `proxy` says that a CNAME can be replaced by the host's own addresses.

    What `unsure` names is only what is usual: nothing that was read says so of this host.
    """

    slug: str
    name: str
    servers: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    name_label: str = "Name"
    apex: str = "@"
    appends: Appends = Appends.ALWAYS
    quotes: Quotes = Quotes.NEVER
    splits: bool = True
    most_txt: int | None = None
    too_long: str = SHORTEN
    dot: Dot = Dot.NEVER
    priority_in_value: bool = False
    ttl: str = ""
    trap: str = ""
    proxy: bool = False
    unsure: tuple[Part, ...] = tuple(Part)
    source: Source = _NOTHING_READ

    @property
    def confidence(self) -> Confidence:
        """How far all this can be trusted."""
        return self.source.confidence

    def runs(self, server: str) -> bool:
        """Whether a name server is certainly this host's."""
        return _matches(self.servers, server)

    def may_run(self, server: str) -> bool:
        """Whether a name server is this host's or another's that uses the same ones."""
        return _matches(self.shared, server)


def _matches(patterns: tuple[str, ...], server: str) -> bool:
    name = server.rstrip(".").lower()
    return any(re.fullmatch(pattern, name) for pattern in patterns)
