"""A report at a glance: one sentence, and a line for each of SPF, DKIM and DMARC."""

from collections.abc import Iterator
from dataclasses import dataclass

from dnscheck.received.checking import FAIL, OPEN, PASS, Report
from dnscheck.received.differences import Portal, said_of
from dnscheck.received.signatures import Checked, Fit, Key
from smtp.providers.base import Purpose

_KEYS = {
    Key.MISSING: "There is no such key.",
    Key.REVOKED: "The key is revoked.",
    Key.WEAK: "The key is too short.",
    Key.BROKEN: "The key cannot be read.",
    Key.UNKNOWN: "The key could not be asked for.",
}
_FITS = {
    (Fit.YES, Fit.YES): "Header and text are as they were signed.",
    (Fit.YES, Fit.UNKNOWN): "The header is as it was signed; the text was not pasted.",
    (Fit.YES, Fit.NO): "The header is as it was signed, the text is not.",
    (Fit.NO, Fit.YES): "The text is as it was signed, the header or the key is not.",
    (Fit.NO, Fit.NO): "Neither header nor text is as it was signed.",
    (Fit.NO, Fit.UNKNOWN): "The header or the key is not as it was signed.",
}


@dataclass(frozen=True)
class Cell:
    """What one side says: a word such as pass, empty if it says nothing, and a note."""

    word: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the comparison: what it is about, and what each side says."""

    label: str
    about: str
    said: Cell
    today: Cell
    portal: Cell


def headline(report: Report) -> tuple[str, str]:
    """Return pass, fail or unknown, and the one sentence to read first.

    What passed on arrival and would fail today is neither.
    """
    claims, dmarc = report.reading.claims, report.dmarc
    if not report.reading.domain:
        return OPEN, "There is no From address in what was pasted, so nothing can be said."
    where = f"at {claims.server}" if claims.server else "at the receiver"
    today = _today(report)
    if claims.dmarc == PASS:
        verdict = OPEN if dmarc.result == FAIL else PASS
        return verdict, f"The message arrived authenticated: DMARC passed {where}. {today}"
    if claims.dmarc in (FAIL, "permerror"):
        return FAIL, f"The message did not arrive authenticated: DMARC failed {where}. {today}"
    if claims.dmarc:
        return dmarc.result, f"The receiver says dmarc={claims.dmarc}. {today}"
    return dmarc.result, f"The receiver's word on DMARC is not in what was pasted. {today}"


def _today(report: Report) -> str:
    if report.dmarc.result == PASS:
        return f"By today's DNS it passes through {' and '.join(report.dmarc.through)}."
    if report.dmarc.result == FAIL:
        return f"By today's DNS it fails: neither DKIM nor SPF proves {report.reading.domain}."
    return "What today's DNS says of it cannot be told for sure."


def lines(report: Report, portal: Portal | None) -> list[Line]:
    """Return the comparison: SPF, each signature, DMARC."""
    return [_spf(report, portal), *_dkim(report, portal), _dmarc(report, portal)]


def _spf(report: Report, portal: Portal | None) -> Line:
    claims, spf = report.reading.claims, report.spf
    ip = report.reading.connection.ip
    about = f"{spf.domain or 'no sender'}, from {ip or 'an unknown address'}"
    matched = f"{spf.mechanism} matches." if spf.mechanism else ""
    beside = "" if spf.is_aligned or not spf.domain else "Another domain than that of From."
    note = " ".join(filter(None, (spf.problem or matched, beside)))
    expected = Cell(portal.spf_at(spf.domain)) if portal else Cell()
    return Line(
        "SPF", about, Cell(claims.spf, claims.spf_comment), Cell(spf.result, note), expected
    )


def _dkim(report: Report, portal: Portal | None) -> Iterator[Line]:
    for one in report.signatures:
        said = said_of(report, one)
        name = f"{one.selector}._domainkey.{one.domain}" if one.domain else "a signature"
        yield Line(
            "DKIM",
            name,
            Cell(said.result, said.comment) if said else Cell(),
            _signature(one, is_aligned=one.domain in report.dmarc.aligned),
            Cell(portal.records.get((name, Purpose.DKIM), "")) if portal else Cell(),
        )
    if not report.signatures:
        said = next(iter(report.reading.claims.dkim), None)
        heard = Cell(said.result, said.comment) if said else Cell()
        yield Line("DKIM", "no signature", heard, Cell("none"), Cell())


def _signature(one: Checked, *, is_aligned: bool) -> Cell:
    word = {True: PASS, False: FAIL, None: OPEN}[one.passes]
    note = one.problem or _KEYS.get(one.key) or _FITS.get((one.header, one.body), "")
    other = "" if is_aligned or not one.domain else "Another domain than that of From."
    return Cell(word, " ".join(filter(None, (note, other))))


def _dmarc(report: Report, portal: Portal | None) -> Line:
    claims, dmarc = report.reading.claims, report.dmarc
    through = f"Through {' and '.join(dmarc.through)}." if dmarc.through else ""
    policy = f"The policy is p={dmarc.asks}." if dmarc.asks else "There is no policy."
    note = " ".join(filter(None, (through, policy if dmarc.could_ask else "")))
    return Line(
        "DMARC",
        report.reading.domain,
        Cell(claims.dmarc, claims.dmarc_comment),
        Cell(dmarc.result, note),
        Cell(portal.dmarc, " ".join(portal.outlooks)) if portal else Cell(),
    )
