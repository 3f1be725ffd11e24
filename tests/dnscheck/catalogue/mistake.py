"""A mistake: a good zone of a golden case in which something else stands in one place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dnscheck.records import Recipe, required_records
from dnscheck.verdicts import Result
from smtp.providers.base import Purpose
from tests.dnscheck.catalogue_zones import Case, Row, as_published, golden_case

GOOD, BAD, UNKNOWN = Result.GOOD, Result.BAD, Result.UNKNOWN
Base = tuple[str, int]  # a provider and the number of its golden case

AZURE: Base = ("azure-communication-services", 0)
BREVO: Base = ("brevo", 0)
ELASTX: Base = ("elastx", 0)
FASTMAIL: Base = ("fastmail", 0)
GENERIC: Base = ("generic", 0)
GOOGLE: Base = ("google-workspace", 0)
HOSTINGER: Base = ("hostinger", 0)
IONOS: Base = ("ionos", 0)
MAILGUN_EU: Base = ("mailgun-eu", 0)
MICROSOFT: Base = ("microsoft365", 1)
MIGADU: Base = ("migadu", 0)
PROTON: Base = ("proton", 0)
RESEND: Base = ("resend", 0)
SCALEWAY: Base = ("scaleway-tem", 0)
SENDGRID: Base = ("sendgrid", 0)
SES: Base = ("aws-ses", 2)
SES_OWN_KEY: Base = ("aws-ses", 3)
YANDEX: Base = ("yandex360", 0)
ZOHO: Base = ("zoho-mail", 0)


@dataclass(frozen=True)
class Mistake:
    """A good zone with one mistake, and all that is to be said of it.

    `zone` stands in place of the records of the purposes `gone`, in names relative to the domain.
    In it and in `others`, more zones by origin, `{domain}` and `{top}` mean the sending domain
    and the one registered. `codes` are all findings above a remark, and those remarks that matter;
    `says` are words that must be among them. The sending domain is the registered one, or
    `below` it; with `cut` it is a zone of its own, and the mistake stands in the zone above.
    """

    about: str
    base: Base
    gone: tuple[Purpose, ...]
    zone: str
    codes: tuple[str, ...]
    result: Result = BAD
    below: str = ""
    cut: bool = False
    inputs: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    name: str = ""  # of the zone, where the mistake is in it
    mood: str = ""  # of its servers
    unserved: bool = False  # there is no such zone

    def __str__(self) -> str:
        return self.about

    @property
    def top(self) -> str:
        """The registered domain."""
        words = re.sub(r"[^a-z0-9]+", "-", self.about.lower()).strip("-")
        return self.name or f"{words[:60].strip('-')}.example"

    @property
    def domain(self) -> str:
        """The sending domain."""
        return f"{self.below}.{self.top}" if self.below else self.top

    @property
    def case(self) -> Case:
        """The domain to look at."""
        return Case(self.domain, ((self.base[0], self._golden()[0]),))

    @property
    def golden_rows(self) -> list[Row]:
        """All records of the golden case."""
        return self._golden()[1]

    @property
    def rows(self) -> list[Row]:
        """The records of the golden case that are as they should be."""
        inputs, rows = self._golden()
        wanted = required_records(self.domain, [Recipe(self.base[0], inputs)])
        by_name = {(record.name, record.type, record.value): record.purpose for record in wanted}
        return [row for row in rows if by_name.get(_key(row)) not in (*self.gone, None)]

    def zones(self) -> Iterator[tuple[str, str]]:
        """Yield the domain's zones, and those beside it, as origin and text."""
        good = f"{self.domain}. A 192.0.2.80\n" + as_published(self.rows)
        slip = f"$ORIGIN {self.domain}.\n{self._filled(self.zone)}"
        if self.cut:
            yield self.domain, good
            yield self.top, slip
        elif not self.unserved:
            yield self.top, f"; mood: {self.mood or 'well'}\n{good}{slip}"
        for origin, text in self.others.items():
            yield self._filled(origin), self._filled(text)

    def _golden(self) -> tuple[Mapping[str, str], list[Row]]:
        inputs, rows = golden_case(*self.base, self.domain)
        return {**inputs, **self.inputs}, rows

    def _filled(self, text: str) -> str:
        return text.replace("{domain}", self.domain).replace("{top}", self.top)


def _key(row: Row) -> tuple[str, str, str]:
    _, kind, name, value = row
    return name, kind, value.rpartition(" ")[2] if kind == "MX" else value


def mistake(
    about: str,
    base: Base,
    purpose: Purpose,
    zone: str,
    *codes: str,
    result: Result = BAD,
    below: str = "",
    says: str = "",
) -> Mistake:
    """Return a mistake of the usual kind: what stands there, and what is said of it."""
    return Mistake(about, base, (purpose,), zone, codes, result, below, says=says)


def text(name: str, value: str, size: int = 200) -> str:
    """Return a TXT record of zone-file text that publishes just this value, whatever is in it."""
    octets = value.encode()
    parts = [octets[start : start + size] for start in range(0, len(octets), size)]
    return strings(name, *parts)


def strings(name: str, *parts: bytes) -> str:
    """Return a TXT record of these strings (RFC 1035 section 5.1)."""
    return f"{name} TXT " + " ".join(f'"{"".join(map(_escaped, part))}"' for part in parts) + "\n"


def _escaped(octet: int) -> str:
    is_plain = 0x20 <= octet <= 0x7E and octet not in b'"\\'
    return chr(octet) if is_plain else f"\\{octet:03d}"
