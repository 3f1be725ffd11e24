"""What the DNS can say: found, no such name, no such record, or that it could not be asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Protocol


class Status(StrEnum):
    """The four kinds of answer. The last one is no statement about the zone at all."""

    FOUND = "found"
    NO_NAME = "no-name"  # NXDOMAIN (RFC 2308 section 2.1)
    NO_RECORD = "no-record"  # NODATA: the name exists with other types (RFC 2308 section 2.2)
    UNKNOWN = "unknown"  # could not ask


class Reason(StrEnum):
    """Why it could not be asked."""

    TIMEOUT = "timeout"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    LAME = "lame"  # the server knows nothing of the zone and only points elsewhere
    BOGUS = "bogus"  # DNSSEC does not validate
    TRUNCATED = "truncated"  # the answer did not fit and TCP did not work
    LOOP = "loop"  # CNAMEs that go in a circle or too deep
    MALFORMED = "malformed"  # FORMERR, NOTIMP, or octets that are no DNS message
    BAD_NAME = "bad-name"  # a label over 63 or a name over 253 octets (RFC 1035 section 2.3.4)
    UNREACHABLE = "unreachable"  # no resolver could be reached
    BUDGET = "budget"  # the time or the questions allowed for one domain were used up


@dataclass(frozen=True)
class Value:
    """One record of an answer.

    `text` is what a person compares: TXT strings joined without a separator (RFC 7208 section
    3.3) with octets beyond ASCII as `\\xNN`; a host name in lower case without its trailing dot.
    `strings` keeps the TXT strings as published, `preference` the number of an MX record.
    """

    text: str
    strings: tuple[str, ...] = ()
    preference: int | None = None


SIGNATURE_EXPIRED = "Signature Expired"  # RFC 8914 section 4.8


@dataclass(frozen=True)
class Answer:
    """The answer to one question, with where it came from.

    `ttl` is in seconds: of the records when found, of the denial (RFC 2308) otherwise, and None
    when nothing said so; of a resolver it is what is left. `chain` lists the CNAME targets
    followed, in order. `server` is an address with its port. `rcode` is the server's response
    code as a word, such as NXDOMAIN, and empty when nothing came back. `flags` are those of AA,
    AD and TC that were set; with TC the answer came over TCP. `zone` is the zone that a denial or
    a referral speaks of, and `minimum` how long that zone lets a denial be kept, in seconds.
    `detail` is what a resolver says of a failure: the name of its extended error (RFC 8914), and
    its text. `exchanges` are the messages sent and received over UDP, of all links of a chain.
    """

    name: str
    type: str
    status: Status
    values: tuple[Value, ...] = ()
    ttl: int | None = None
    server: str = ""
    reason: Reason | None = None
    chain: tuple[str, ...] = ()
    rcode: str = ""
    flags: tuple[str, ...] = ()
    minimum: int | None = None
    zone: str = ""
    detail: str = ""
    exchanges: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False, compare=False)

    @property
    def definitive(self) -> bool:
        """Whether this says something about the zone."""
        return self.status is not Status.UNKNOWN

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The values as text."""
        return tuple(value.text for value in self.values)


# How a rule asks for more: absolute name without trailing dot, and type. Never raises.
Ask = Callable[[str, str], Awaitable[Answer]]


class Asker(Protocol):
    """Who asks the DNS during one run, of which everything is remembered."""

    @property
    def questions(self) -> int:
        """How many questions were asked."""

    async def ask(self, name: str, type: str, /) -> Answer:
        """Ask one question; never raises."""

    async def authorities(self, name: str, /) -> "Asker | None":
        """Return who asks the name servers of the zone a name is in; None if it is not known."""

    async def each_authority(self, name: str, /) -> Mapping[str, tuple[Ask, ...]]:
        """Return how each name server of the zone a name is in is asked, by host name.

        There is one way for each of its addresses, and none for a host without any. Empty if the
        zone is not known.
        """

    async def delegation(self, zone: str, /) -> Answer:
        """Return the NS records that the level above has for a zone."""


class Barred(StrEnum):
    """Why a name server is not asked."""

    NO_ADDRESS = "no-address"
    NO_LOOKUP = "no-lookup"  # nobody could be asked for its addresses
    PRIVATE = "private"  # names in a zone must not lead into the operator's network
    MANY = "many"  # the zone has more servers than are asked at a time


@dataclass(frozen=True)
class NameServer:
    """One address of a name server, and how it is asked by itself; or why it is not asked.

    `address` is empty where none is known. `named` says who names the host: `zone` or `above` if
    only the zone itself does, or only the level above; else it is empty.
    """

    host: str
    named: str = ""
    address: str = ""
    ask: Ask | None = None
    barred: Barred | None = None


@dataclass(frozen=True)
class Servers:
    """A zone, and each address of each of its name servers."""

    zone: str
    servers: tuple[NameServer, ...]


class TouringAsker(Asker, Protocol):
    """Who asks, besides, every server there is by itself, within the same run."""

    def each_resolver(self) -> Mapping[str, Ask]:
        """Return how each resolver is asked by itself, by its address with its port."""

    async def every_server(self, name: str, /) -> Servers | None:
        """Return the servers of the zone a name is in, also those only the level above names.

        None if the zone is not known.
        """
