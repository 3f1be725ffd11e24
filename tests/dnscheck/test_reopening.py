"""When an acknowledged finding is open again, and when all that is wrong is acknowledged."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from dnscheck.findings import Action, Edit, Finding, Severity
from dnscheck.reopening import (
    CHANGED,
    EXPIRED,
    FOREVER,
    WORSE,
    Acknowledged,
    Sight,
    by_key,
    calm_until,
    evidence_of,
    is_gone,
    reopened,
    worst,
)

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
EDIT = Edit(Action.CHANGE, "shop.example", "TXT", "old", "new")
SLIP = Finding("spf.x", Severity.WARNING, "Title", "Why.", "Fix.", (EDIT,), ("b", "a"))
HERE = ("shop.example TXT", "spf.x")


def known(*findings: Finding, until: dt.datetime | None = None) -> Acknowledged:
    """Return what was acknowledged when these findings were seen."""
    seen = [finding.as_json() for finding in findings]
    return Acknowledged(evidence_of(seen), worst(seen).value, until)


@pytest.mark.parametrize(
    ("now_seen", "until", "why"),
    [
        pytest.param(SLIP, None, "", id="as it was, without an end"),
        pytest.param(SLIP, NOW + DAY, "", id="as it was, before the end"),
        pytest.param(SLIP, NOW, EXPIRED, id="at the end"),
        pytest.param(replace(SLIP, evidence=("a", "b")), None, "", id="in another order"),
        pytest.param(replace(SLIP, why="Better words."), None, "", id="told in better words"),
        pytest.param(replace(SLIP, evidence=("a",)), None, CHANGED, id="other evidence"),
        pytest.param(replace(SLIP, title="Twice"), None, CHANGED, id="another title"),
        pytest.param(replace(SLIP, edits=()), None, CHANGED, id="another edit"),
        pytest.param(replace(SLIP, severity=Severity.ERROR), None, WORSE, id="worse"),
        pytest.param(replace(SLIP, severity=Severity.INFO), None, "", id="better"),
    ],
)
def test_what_opens_a_finding_again(now_seen: Finding, until: dt.datetime | None, why: str) -> None:
    """Its end, other evidence, a worse severity; not the order of an answer, nor our own words."""
    assert reopened(known(SLIP, until=until), [now_seen.as_json()], NOW) == why


def test_findings_of_one_place_and_code_are_acknowledged_together() -> None:
    """A second one that joins opens both."""
    second = replace(SLIP, evidence=("c",))
    place = Sight(HERE[0], [SLIP.as_json(), second.as_json()], "wrong")
    found = by_key([place])
    assert list(found) == [HERE]
    assert reopened(known(SLIP, second), found[HERE], NOW) == ""
    assert reopened(known(second, SLIP), found[HERE], NOW) == ""
    assert reopened(known(SLIP), found[HERE], NOW) == CHANGED


@pytest.mark.parametrize(
    ("sights", "gone"),
    [
        ([Sight(HERE[0], [SLIP.as_json()], "wrong")], False),
        ([Sight(HERE[0], [], "ok")], True),
        ([Sight(HERE[0], [], "unknown")], False),
        ([Sight(HERE[0], [], "ok"), Sight(HERE[0], [SLIP.as_json()], "wrong")], False),
        ([], True),
    ],
)
def test_only_certainty_ends_a_finding(sights: list[Sight], gone: bool) -> None:
    """A record that could not be asked has not been mended; one nobody wants has no findings."""
    assert is_gone(HERE, sights) == gone


def wrong(*findings: Finding, **fields: Any) -> Sight:
    """Return a required record that is wrong."""
    values = {"verdict": "wrong", "required": True, **fields}
    return Sight(HERE[0], [finding.as_json() for finding in findings], **values)


NOTE = replace(SLIP, code="spf.note", severity=Severity.INFO)
DOMAIN = Finding("dns.x", Severity.ERROR, "Title", "Why.", "Fix.")
WEEK, MONTH = NOW + 7 * DAY, NOW + 30 * DAY


@pytest.mark.parametrize(
    ("sights", "acknowledged", "until"),
    [
        pytest.param([wrong(SLIP)], {HERE: known(SLIP)}, FOREVER, id="without an end"),
        pytest.param([wrong(SLIP)], {HERE: known(SLIP, until=WEEK)}, WEEK, id="a week"),
        pytest.param([wrong(SLIP)], {}, None, id="nothing acknowledged"),
        pytest.param([wrong(SLIP)], {HERE: known(SLIP, until=NOW)}, None, id="expired"),
        pytest.param([wrong(SLIP)], {HERE: known(NOTE)}, None, id="seen otherwise"),
        pytest.param([wrong(SLIP, NOTE)], {HERE: known(SLIP)}, FOREVER, id="a note beside it"),
        pytest.param([wrong(SLIP, DOMAIN)], {HERE: known(SLIP)}, None, id="another beside it"),
        pytest.param([wrong(NOTE)], {HERE: known(SLIP)}, None, id="only a note, and open"),
        pytest.param([wrong()], {HERE: known(SLIP)}, None, id="wrong without a word"),
        pytest.param(
            [wrong(SLIP), wrong(DOMAIN, required=False)],
            {HERE: known(SLIP)},
            FOREVER,
            id="a recommended record may be open",
        ),
        pytest.param([wrong(SLIP, verdict="ok")], {HERE: known(SLIP)}, None, id="nothing wrong"),
        pytest.param(
            [Sight("", [DOMAIN.as_json()], "wrong"), wrong(SLIP)],
            {HERE: known(SLIP, until=WEEK)},
            None,
            id="an error of the whole domain",
        ),
        pytest.param(
            [Sight("", [DOMAIN.as_json()], "wrong"), wrong(SLIP)],
            {HERE: known(SLIP, until=MONTH), ("", "dns.x"): known(DOMAIN, until=WEEK)},
            WEEK,
            id="the first to end counts",
        ),
    ],
)
def test_a_domain_is_calm_while_all_that_is_wrong_is_acknowledged(
    sights: list[Sight], acknowledged: dict[tuple[str, str], Acknowledged], until: dt.datetime
) -> None:
    """What keeps it from being verified, and errors of the whole; notes do not count."""
    assert calm_until(sights, acknowledged, NOW) == until
