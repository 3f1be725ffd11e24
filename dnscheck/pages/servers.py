"""Page: what every server answers for each record of a domain, in words."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dnscheck import touring
from dnscheck.answers import Barred, Reason
from dnscheck.models import SendingDomain, Tour
from dnscheck.pages.shown import PURPOSES
from dnscheck.records import RequiredRecord
from dnscheck.standpoints.tour import Cell, Column, Line, Says, Sights, columns_of
from smtp.providers.base import Purpose

MOST_COLUMNS = 7  # of one table: more cannot be read side by side
OF_ZONE = 2  # columns that are about the zone itself stand first
POLL = 1  # seconds
SHORT: dict[Purpose, str | Promise] = {
    **{Purpose.SPF: "SPF", Purpose.DKIM: "DKIM", Purpose.DMARC: "DMARC", Purpose.MX: "MX"},
    **{Purpose.BIMI: "BIMI", Purpose.RETURN_PATH: gettext_lazy("Return path")},
}
ZONE_COLUMNS = {"SOA": gettext_lazy("Serial number"), "NS": gettext_lazy("Name servers")}
NO_WAY_TO_SIX = gettext_lazy(
    "From here there is no way to IPv6 addresses. That is no fault of the server."
)
WHY: dict[str, str | Promise] = {
    Reason.TIMEOUT: gettext_lazy("Nothing came back, although it was asked twice."),
    Reason.UNREACHABLE: gettext_lazy("There is no way to it from here, or nobody listens there."),
    Reason.REFUSED: gettext_lazy("It refuses to answer about this zone."),
    Reason.LAME: gettext_lazy("It does not know the zone, and points elsewhere."),
    Reason.SERVFAIL: gettext_lazy("It says that it failed (SERVFAIL)."),
    Reason.BOGUS: gettext_lazy("The DNSSEC signatures do not validate."),
    Reason.TRUNCATED: gettext_lazy("The answer is too large for UDP, and TCP did not work."),
    Reason.LOOP: gettext_lazy("Aliases lead in a circle."),
    Reason.MALFORMED: gettext_lazy("What it sends cannot be understood."),
    Reason.BAD_NAME: gettext_lazy("The name is too long to be asked for."),
    Reason.BUDGET: gettext_lazy("The time was used up before its turn came."),
    Barred.PRIVATE: gettext_lazy(
        "This is no address of the public internet, so receivers cannot reach it either."
    ),
    Barred.NO_ADDRESS: gettext_lazy("It has no address in the DNS, so nobody can ask it."),
    Barred.NO_LOOKUP: gettext_lazy("Its addresses could not be found out from here."),
    Barred.MANY: gettext_lazy("There are more servers than are asked at a time."),
}
NOT_ASKED = {*Barred, Reason.BUDGET}
NAMED = {
    "zone": gettext_lazy("named by the zone itself, but not by the level above"),
    "above": gettext_lazy("named by the level above, but not by the zone itself"),
}
WORDS: dict[str, tuple[str, str | Promise]] = {  # of records: status and word by what is said
    Says.SAME: ("ok", gettext_lazy("As wanted")),
    Says.OTHER: ("wrong", gettext_lazy("Another value")),
    Says.ABSENT: ("missing", gettext_lazy("No record")),
    Says.UNSURE: ("unknown", gettext_lazy("Could not tell")),
    Says.NOTHING: ("unknown", gettext_lazy("No answer")),
    "barred": ("unknown", gettext_lazy("Not asked")),
}
ZONE_WORDS: dict[str, dict[str, tuple[str, str | Promise]]] = {
    "SOA": {Says.SAME: ("ok", gettext_lazy("Newest")), Says.OTHER: ("info", gettext_lazy("Older"))},
    "NS": {
        Says.SAME: ("ok", gettext_lazy("The same")),
        Says.OTHER: ("warning", gettext_lazy("Other servers")),
    },
}


@dataclass(frozen=True)
class ShownCell:
    """One answer in words. `forgotten_at` is when a resolver will have forgotten it, or nothing."""

    label: str
    status: str
    word: str | Promise
    text: str
    note: str | Promise
    forgotten_at: dt.datetime | None


@dataclass(frozen=True)
class ShownLine:
    """One server. One that says nothing has no cells, but `status`, `word` and a `note`."""

    host: str
    address: str
    named: str | Promise
    status: str
    word: str | Promise
    note: str | Promise
    cells: Sequence[ShownCell]


@dataclass(frozen=True)
class Head:
    """What a column is about; `wanted` is empty where only the servers are compared."""

    title: str | Promise
    name: str
    type: str
    wanted: str


@dataclass(frozen=True)
class Table:
    """So many columns as can be read side by side, with all servers."""

    heads: Sequence[Head]
    lines: Sequence[ShownLine]


@dataclass(frozen=True)
class Page:
    """What is known of a domain's servers. `poll` is in seconds, 0 is not at all.

    `sentence` sums it up, with its `status`. `is_outdated` says that other records are wanted by
    now than were asked for.
    """

    tour: Tour | None
    sights: Sights | None
    tables: Sequence[Table]
    status: str
    sentence: str
    forgotten_at: dt.datetime | None
    is_outdated: bool
    poll: int


def page_of(domain: SendingDomain, records: Iterable[RequiredRecord], now: dt.datetime) -> Page:
    """Read the last tour of a domain, in one query."""
    row = Tour.objects.filter(domain=domain).first()
    sights = Sights.from_json(row.seen) if row and row.seen else None
    tables: list[Table] = []
    status, sentence = "", ""
    if row and sights and row.seen_at:
        tables = _tables(domain, sights, row.seen_at)
        status, sentence = _summary(sights)
    later = [
        cell.forgotten_at
        for table in tables
        for line in table.lines
        for cell in line.cells
        if cell.forgotten_at and cell.forgotten_at > now
    ]
    return Page(
        tour=row,
        sights=sights,
        tables=tables,
        status=status,
        sentence=sentence,
        forgotten_at=max(later, default=None),
        is_outdated=sights is not None and sights.columns[OF_ZONE:] != columns_of(records),
        poll=POLL if touring.is_waiting(row, now) else 0,
    )


def _tables(domain: SendingDomain, sights: Sights, seen_at: dt.datetime) -> list[Table]:
    """Return the columns in as few tables as can be read, of about the same width."""
    number = -(-len(sights.columns) // MOST_COLUMNS)
    width = -(-len(sights.columns) // number)
    heads = [_head(column, domain.name) for column in sights.columns]
    lines = (*sights.resolvers, *sights.servers)
    has_six = any(":" in line.address and line.cells for line in sights.servers)
    tables = []
    for first in range(0, len(heads), width):
        part = range(first, min(first + width, len(heads)))
        shown = [_line(line, part, heads, sights, seen_at, has_six=has_six) for line in lines]
        tables.append(Table([heads[at] for at in part], shown))
    return tables


def _head(column: Column, domain: str) -> Head:
    if not column.purpose:
        return Head(ZONE_COLUMNS[column.type], "", column.type, "")
    purpose = Purpose(column.purpose)
    name = "@" if column.name == domain else column.name.removesuffix(f".{domain}")
    title: str | Promise = SHORT.get(purpose) or PURPOSES[purpose]
    return Head(title, name, column.type, column.wanted)


def _line(
    line: Line,
    part: range,
    heads: Sequence[Head],
    sights: Sights,
    seen_at: dt.datetime,
    *,
    has_six: bool,
) -> ShownLine:
    note: str | Promise = WHY.get(line.why, "")
    if line.why == Reason.UNREACHABLE and ":" in line.address and line.host and not has_six:
        note = NO_WAY_TO_SIX
    cells = [
        _cell(heads[at], line.cells[at], _forgotten_at(line, at, sights, seen_at))
        for at in part
        if line.cells
    ]
    status, word = WORDS["barred" if line.why in NOT_ASKED else Says.NOTHING]
    named = NAMED.get(line.named, "")
    return ShownLine(line.host, line.address, named, status, word, note, cells)


def _cell(head: Head, cell: Cell, forgotten_at: dt.datetime | None) -> ShownCell:
    words: Mapping[str, tuple[str, str | Promise]] = WORDS
    if not head.wanted:
        words = {**WORDS, **ZONE_WORDS.get(head.type, {})}
    status, word = words["barred" if cell.why in NOT_ASKED else cell.says]
    note = WHY.get(cell.why, "")
    if cell.says == Says.UNSURE:
        note = _("What it leads to could not be asked for.")
    is_told = head.type == "SOA" or cell.says != Says.SAME
    label = str(head.title)
    if head.name:
        label = _("%(record)s %(name)s") % {"record": head.title, "name": head.name}
    return ShownCell(label, status, word, cell.text if is_told else "", note, forgotten_at)


def _forgotten_at(line: Line, at: int, sights: Sights, seen_at: dt.datetime) -> dt.datetime | None:
    """Return the full minute by which a resolver has forgotten what the zone does not say (now)."""
    cell = line.cells[at]
    told = {(other.cells[at].says, other.cells[at].text) for other in sights.servers if other.cells}
    differs = any(
        says != Says.NOTHING and (says, text) != (cell.says, cell.text) for says, text in told
    )
    is_old = cell.says in (Says.OTHER, Says.ABSENT) and sights.columns[at].type != "SOA"
    if line.host or not (is_old and differs) or cell.ttl is None:
        return None
    forgotten = seen_at + dt.timedelta(seconds=cell.ttl)
    return forgotten.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)


def _summary(sights: Sights) -> tuple[str, str]:
    """Return the whole in one sentence, with its status."""
    told = [line for line in sights.servers if line.cells]
    behind = [line for line in told if _differs(line)]
    if not sights.zone:
        return "unknown", _(
            "The zone's name servers could not be found from here: only the resolver was asked. "
            "If the domain is new, see that it is registered and has name servers."
        )
    if not told:
        return "unknown", _(
            "None of the zone's name servers answered from here. That says nothing of the records."
        )
    if len(sights.columns) == OF_ZONE:
        return "info", _("No record is wanted of this domain yet. These are its zone's servers.")
    if len(behind) == len(told):
        return "bad", _(
            "No name server has all records as wanted. Make the edits on the domain's page at the "
            "DNS host that serves the zone, and see that they are saved there."
        )
    if behind:
        said = ngettext(
            "%(behind)d of %(all)d name servers that answered does not have all records as wanted. "
            "Give the DNS host some minutes to bring its servers in line, then ask again.",
            "%(behind)d of %(all)d name servers that answered do not have all records as wanted. "
            "Give the DNS host some minutes to bring its servers in line, then ask again.",
            _hosts(behind),
        )
        return "warning", said % {"behind": _hosts(behind), "all": _hosts(told)}
    return _summary_of_right(sights, told)


def _summary_of_right(sights: Sights, told: Sequence[Line]) -> tuple[str, str]:
    """Sum up where no name server has anything else than what is wanted."""
    if any(cell.says != Says.SAME for line in told for cell in line.cells[OF_ZONE:]):
        return "unknown", _(
            "No name server has anything else than what is wanted, but not all could tell."
        )
    if any(_differs(line) for line in sights.resolvers):
        return "pending", _(
            "Every name server that answered has all records as wanted. A resolver still remembers "
            "what was there before: wait until it has forgotten."
        )
    return "good", _("Every server that answered has all records as wanted.")


def _differs(line: Line) -> bool:
    return any(cell.says in (Says.OTHER, Says.ABSENT) for cell in line.cells[OF_ZONE:])


def _hosts(lines: Iterable[Line]) -> int:
    return len({line.host for line in lines})
