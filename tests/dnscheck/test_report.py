"""A check as text for a terminal."""

from dataclasses import replace
from typing import Any

from dnscheck.diagnosis import NO_SUCH_DOMAIN
from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.report import lines, printable
from dnscheck.rules.host import state

LONG = "p=" + "A" * 400
SLIP = Finding("dkim.x", Severity.ERROR, "Title", "Why.", "Fix.")


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
    return list(
        lines({"domain": "shop.example", "findings": [], "records": records, "spf": {}}, 60)
    )


def test_a_right_record_is_one_line() -> None:
    """Nothing is to be done, so nothing more is said."""
    assert told(record("ok", [LONG])) == ["ok       dkim        TXT   s._domainkey.shop.example"]


def test_a_record_nobody_misses_is_called_optional() -> None:
    """What is of use in one situation only is not asked for; its value is told all the same."""
    stand_in = {**record("missing", []), "required": False}
    assert told(stand_in) == [
        "optional dkim        TXT   s._domainkey.shop.example",
        f"         value   {LONG}",
    ]


def test_a_record_that_is_only_recommended_says_that_it_stops_nothing() -> None:
    """A verified domain may have an error there, so the line of the record explains it."""
    for verdict in ("wrong", "missing", "unknown"):
        seen = record(verdict, [], SLIP)
        line, *_ = told({**seen, "required": False})
        assert line.startswith(f"{verdict:<8} dkim        TXT   s._domainkey.shop.example ")
        assert line.endswith("(recommended, does not stop verification)")
        assert told(seen)[0].endswith("s._domainkey.shop.example")


def test_the_cost_of_spf_stands_at_the_end() -> None:
    """Look-ups against the limit, and whether there may be more."""
    spf = {"shop.example": {"lookups": 12, "complete": False}}
    shown = list(lines({"domain": "shop.example", "findings": [], "records": [], "spf": spf}, 60))
    assert shown == ["SPF at shop.example: at least 12 of 10 DNS look-ups"]


def test_silence_and_absence_are_told_apart() -> None:
    """Nothing seen is one thing, not having been able to ask another."""
    assert told(record("missing", []))[-1].strip() == "seen    (no TXT record)"
    assert told(record("unknown", []))[-1].strip() == "seen    (could not ask)"


def test_one_value_is_told_the_final_one() -> None:
    """What the edit leaves keeps the admin's own terms, so it and not the bare wish is wanted."""
    edits = (
        Edit(Action.DELETE, "s._domainkey.shop.example", "CNAME", "elsewhere.example"),
        Edit(Action.CHANGE, "elsewhere.example", "TXT", "p=old", "p=other"),
        Edit(Action.CHANGE, "s._domainkey.shop.example", "TXT", "p=old", "p=new; t=s"),
    )
    said = told(record("wrong", ["p=old"], replace(SLIP, edits=edits)))
    assert [line for line in said if "wanted" in line] == ["         wanted  p=new; t=s"]
    gone = (replace(edits[2], action=Action.DELETE, after=""),)
    assert f"         wanted  {LONG}" in told(record("wrong", [], replace(SLIP, edits=gone)))


def test_what_was_seen_instead_of_the_record_is_told() -> None:
    """There may be no CNAME at a name and addresses all the same; nothing is told twice."""
    edits = (Edit(Action.DELETE, "s.example", "A", "192.0.2.3"),)
    finding = replace(SLIP, evidence=("192.0.2.1", "192.0.2.2", "192.0.2.3"), edits=edits)
    said = told(record("wrong", ["192.0.2.1"], finding))
    assert [line.strip() for line in said if "found" in line] == ["found   192.0.2.2"]


def test_a_name_saved_in_its_own_letters_is_written_like_that() -> None:
    """As in the sentence, with the form that the DNS needs beside it; not in octets."""
    edit = Edit(Action.DELETE, "s._domainkey.b\\195\\188ro.example", "TXT", "p=x")
    said = told(record("missing", [], replace(SLIP, edits=(edit,))))
    names = "s._domainkey.büro.example (not s._domainkey.shop.example)"
    assert f"         delete TXT {names}" in said
    broken = replace(edit, name="\\255\\027[31m.example")
    said = told(record("missing", [], replace(SLIP, edits=(broken,))))
    assert any("delete TXT \ufffd\\x1b[31m.example (not" in line for line in said)


def test_nothing_is_to_be_added_to_a_domain_that_does_not_exist() -> None:
    """There is no DNS host to add it at: what is wanted later is told, without any edit."""
    edit = Edit(Action.ADD, "s._domainkey.shop.example", "TXT", after=LONG)
    missing = record("missing", [], replace(SLIP, edits=(edit,), fix="Add it."))
    gone = state(NO_SUCH_DOMAIN, domain="shop.example").as_json()
    said = list(
        lines({"domain": "shop.example", "findings": [gone], "records": [missing], "spf": {}}, 60)
    )
    assert "shop.example does not exist" in said[0]
    assert said[-2:] == [
        "missing  dkim        TXT   s._domainkey.shop.example",
        f"         wanted  {LONG}",
    ]
    assert "Add it." not in " ".join(said)


def test_what_was_seen_is_told_also_where_something_behind_it_was_not() -> None:
    """A record can be seen while what it includes cannot be asked for."""
    said = told(record("unknown", ["v=spf1 include:silent.example -all"], SLIP))
    assert [line.strip() for line in said if "seen" in line] == [
        "seen    v=spf1 include:silent.example -all"
    ]


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
    said = list(
        lines({"domain": "shop.example", "findings": [finding], "records": [], "spf": {}}, 60)
    )
    assert "No such domain" in said[0]


def test_what_would_command_a_terminal_is_written_out() -> None:
    """Escape sequences, bells, line ends and marks that turn the text around are made visible."""
    assert printable("a\x1b[31m\x07\nb\u202e") == "a\\x1b[31m\\x07\\x0ab\\x202e"
