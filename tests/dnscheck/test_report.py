"""A check as text for a terminal."""

from typing import Any

from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.report import lines, printable

LONG = "p=" + "A" * 400


def record(verdict: str, observed: list[str], *findings: Finding) -> dict[str, Any]:
    """Return a record of a check as JSON."""
    return {
        "purpose": "dkim",
        "name": "s._domainkey.shop.example",
        "type": "TXT",
        "required": True,
        "expected": LONG,
        "verdict": verdict,
        "observed": observed,
        "findings": [finding.as_json() for finding in findings],
    }


def told(*records: dict[str, Any]) -> list[str]:
    """Return the lines for a narrow terminal."""
    return list(lines({"findings": [], "records": records, "spf": {}}, 60))


def test_a_right_record_is_one_line() -> None:
    """Nothing is to be done, so nothing more is said."""
    assert told(record("ok", [LONG])) == ["ok       dkim        TXT   s._domainkey.shop.example"]


def test_a_record_nobody_misses_is_one_line() -> None:
    """What is of use in one situation only is not asked for."""
    stand_in = {**record("missing", []), "required": False}
    assert told(stand_in) == ["missing  dkim        TXT   s._domainkey.shop.example"]


def test_the_cost_of_spf_stands_at_the_end() -> None:
    """Look-ups against the limit, and whether there may be more."""
    spf = {"shop.example": {"lookups": 12, "complete": False}}
    shown = list(lines({"findings": [], "records": [], "spf": spf}, 60))
    assert shown == ["SPF at shop.example: at least 12 of 10 DNS look-ups"]


def test_silence_and_absence_are_told_apart() -> None:
    """Nothing seen is one thing, not having been able to ask another."""
    assert told(record("missing", []))[-1].strip() == "seen    (nothing)"
    assert told(record("unknown", []))[-1].strip() == "seen    (could not ask)"


def test_values_stay_whole_and_prose_is_wrapped() -> None:
    """A key can be copied from one line; sentences keep to the terminal's width."""
    edit = Edit(Action.CHANGE, "s._domainkey.shop.example", "TXT", "p=old", LONG)
    prose = "Many words that go on and on. " * 5
    finding = Finding("dkim.x", Severity.ERROR, "Title", prose, "Do it.", (edit,))
    said = told(record("wrong", ["p=old"], finding))
    assert [line.strip() for line in said if LONG in line] == [f"wanted  {LONG}", f"to    {LONG}"]
    assert all(len(line) <= 60 for line in said if LONG not in line)
    assert "         error: Title [dkim.x]" in said


def test_findings_of_the_whole_domain_come_first() -> None:
    """What concerns every record is said before them."""
    finding = Finding("dns.x", Severity.ERROR, "No such domain", "Why.", "Fix.").as_json()
    said = list(lines({"findings": [finding], "records": [], "spf": {}}, 60))
    assert "No such domain" in said[0]


def test_what_would_command_a_terminal_is_written_out() -> None:
    """Escape sequences, bells, line ends and marks that turn the text around are made visible."""
    assert printable("a\x1b[31m\x07\nb\u202e") == "a\\x1b[31m\\x07\\x0ab\\x202e"
