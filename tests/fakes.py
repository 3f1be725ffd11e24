"""A world to hand in: a DNS that is a dictionary, a clock that is set, a bell that counts."""

import datetime as dt
from dataclasses import dataclass, field

from dnscheck.answers import Answer, Ask, Reason, Status, Value

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def found(name: str, type: str, *texts: str) -> Answer:
    """Return an answer with these values; MX as `10 host`."""
    values = []
    for text in texts:
        preference, _, host = text.rpartition(" ") if type == "MX" else ("", "", text)
        values.append(Value(host, (text,), int(preference) if preference else None))
    return Answer(name, type, Status.FOUND, tuple(values), ttl=300, server="fake")


@dataclass
class FakeDns:
    """Answers from a dictionary of (name, type); a value that is a Reason cannot be asked.

    `others` answers in place of the zone's own name servers; without it they say the same.
    """

    records: dict[tuple[str, str], tuple[str, ...] | Reason] = field(default_factory=dict)
    others: "FakeDns | None" = None
    default: Reason | None = None
    questions: int = 0

    async def ask(self, name: str, type: str) -> Answer:
        """Answer one question."""
        self.questions += 1
        known = self.records.get((name, type), self.default)
        if isinstance(known, Reason):
            return Answer(name, type, Status.UNKNOWN, reason=known, server="fake")
        if known is not None:
            return found(name, type, *known)
        exists = any(owner == name or owner.endswith("." + name) for owner, _ in self.records)
        return Answer(name, type, Status.NO_RECORD if exists else Status.NO_NAME, server="fake")

    async def authorities(self, _domain: str) -> "FakeDns | None":
        """Return the zone's own name servers."""
        return self.others or self

    async def each_authority(self, _name: str) -> dict[str, tuple[Ask, ...]]:
        """Return how the zone's one name server is asked."""
        return {"ns.fake": ((self.others or self).ask,)}

    async def delegation(self, zone: str) -> Answer:
        """Return the NS records; the level above has the same."""
        return await self.ask(zone, "NS")


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return self.now

    def forward(self, **delta: float) -> dt.datetime:
        """Move on, such as `minutes=5`, and return the time."""
        self.now += dt.timedelta(**delta)
        return self.now


@dataclass
class Bell:
    """Remembers what it was rung for, or fails as a broker that is down."""

    rung: list[int] = field(default_factory=list)
    broken: bool = False

    def __call__(self, pk: int) -> None:
        """Ring."""
        if self.broken:
            raise ConnectionError("the broker is down")
        self.rung.append(pk)
