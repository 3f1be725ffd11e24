"""Page: what the examination of a received message brought up, beside what the portal knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dnscheck.findings import Finding, RecordVerdict
from dnscheck.models import ReceivedMail, SendingDomain
from dnscheck.pages.senders import outlooks_told
from dnscheck.received.checking import Report
from dnscheck.received.differences import Portal, findings
from dnscheck.received.summary import Cell, Line, headline, lines
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.models import Person

WORST_FIRST = ("missing", "wrong", "unknown", "ok")
GOOD = {"pass", "bestguesspass", RecordVerdict.OK.value}
BAD = {
    *("fail", "softfail", "permerror", "policy", "invalid"),
    *(RecordVerdict.WRONG.value, RecordVerdict.MISSING.value),
}
VERDICTS = {
    RecordVerdict.OK.value: _("OK"),
    RecordVerdict.WRONG.value: _("Wrong"),
    RecordVerdict.MISSING.value: _("Missing"),
    RecordVerdict.UNKNOWN.value: _("Could not ask"),
}


@dataclass(frozen=True)
class ShownCell:
    """What one side says: the word with its status, and a note; without a word it is silent."""

    label: str | Promise
    word: str | Promise
    status: str
    note: str

    @property
    def is_result(self) -> bool:
        """Whether the word is one of RFC 8601, such as pass, which no language changes."""
        return isinstance(self.word, str)


@dataclass(frozen=True)
class ShownLine:
    """One line of the comparison: receiver, today, portal."""

    label: str
    about: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class Shown:
    """What the page of an examined message tells.

    `verdict` is pass, fail or unknown. `domain` is the one of the From address if this person may
    see it here, `sent` the test mail it was, as id and name of its setting.
    """

    report: Report
    verdict: str
    sentence: str
    lines: Sequence[ShownLine]
    findings: Sequence[Finding]
    domain: SendingDomain | None
    sent: Mapping[str, Any] | None


def shown(row: ReceivedMail, user: Person) -> Shown | None:
    """Return what is to be shown of a message; None while or if there is no report."""
    if row.report is None:
        return None
    report = Report.from_json(row.report)
    domain = _domain(report.reading.domain, user)
    portal = _portal(domain) if domain else None
    verdict, sentence = headline(report)
    return Shown(
        report=report,
        verdict=verdict,
        sentence=sentence,
        lines=[_line(line) for line in lines(report, portal)],
        findings=findings(report, portal),
        domain=domain,
        sent=_sent(report.reading.message_id, user),
    )


def _line(line: Line) -> ShownLine:
    portal = _cell(_("Portal's DNS check"), line.portal)
    portal = replace(portal, word=VERDICTS.get(line.portal.word, line.portal.word))
    today = _cell(_("By today's DNS"), line.today)
    cells = (_cell(_("Receiver said"), line.said), today, portal)
    return ShownLine(line.label, line.about, cells)


def _cell(label: str | Promise, cell: Cell) -> ShownCell:
    is_open = cell.word in ("unknown", "temperror")
    status = "good" if cell.word in GOOD else "bad" if cell.word in BAD else "info"
    word = _("not known") if cell.word == "unknown" else cell.word
    return ShownCell(label, word, "unknown" if is_open else status, cell.note)


def _domain(name: str, user: Person) -> SendingDomain | None:
    rows = SendingDomain.objects.visible_to(user).filter(name=name).select_related("tenant")
    return rows.order_by("pk").first() if name else None


def _portal(domain: SendingDomain) -> Portal:
    """Return what the last check saw, the worst verdict where one name has several records."""
    check = domain.checks.order_by("-pk").first()
    seen = check.records.values_list("name", "purpose", "verdict") if check else []
    worst: dict[tuple[str, str], str] = {}
    for name, purpose, verdict in sorted(seen, key=lambda one: -WORST_FIRST.index(one[2])):
        worst[name, purpose] = verdict
    told = [str(line["sentence"]) for line in outlooks_told(domain)]
    outlooks = tuple(dict.fromkeys(told))  # settings of one provider have the same to say
    return Portal(domain.name, domain.verdict, worst, outlooks)


def _sent(message_id: str, user: Person) -> Mapping[str, Any] | None:
    """Return the test mail with this Message-ID, if this person may see it."""
    if not message_id:
        return None
    mine = Tenant.objects.visible_to(user).filter(attempts__message_id=message_id)
    found: Mapping[str, Any] | None = mine.values("attempts__pk", "attempts__setting__name").first()
    return found
