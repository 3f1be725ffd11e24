"""The catalogue of mistakes: each zone ends in its cause, with the right result, and in no other.

All zones are served by one name server of the lab and looked at in one run.
"""

from collections import Counter

import pytest

from dnscheck.findings import Severity
from dnscheck.survey import Survey
from tests.dnscheck.catalogue import dkim, dmarc, infrastructure, mx, names, spf, tokens, voluntary
from tests.dnscheck.catalogue.editing import edited, edits_of
from tests.dnscheck.catalogue.mistake import BAD, GOOD, Mistake
from tests.dnscheck.catalogue_zones import looked_at, looked_at_over_sockets, provider_side, told
from tests.dnscheck.rounds import Looked

AREAS = (names, spf, dkim, dmarc, mx, tokens, voluntary, infrastructure)
MISTAKES = tuple(mistake for area in AREAS for mistake in area.MISTAKES)


OWN = dict(zone for mistake in MISTAKES for zone in mistake.zones())
BY_HAND = (
    *("spf.too-many-lookups", "spf.too-many-voids", "dkim.weak-key", "cname.apex"),
    *("dkim.no-key-behind", "host.name-too-long", "cname.proxied"),
    *("dns.no-such-domain", "host.shared-domain"),
)


@pytest.fixture(scope="module")
def provided() -> dict[str, str]:
    """Return the zones that the records of the golden cases lead to."""
    rows = [row for mistake in MISTAKES for row in mistake.golden_rows]
    return provider_side(rows, own=OWN)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, provided: dict[str, str]) -> dict[str, Survey]:
    """Look at every domain with a mistake, over real sockets."""
    cases = [mistake.case for mistake in MISTAKES]
    return looked_at_over_sockets(tmp_path_factory.mktemp("zones"), cases, {**provided, **OWN})


@pytest.fixture(scope="module")
def mended(
    tmp_path_factory: pytest.TempPathFactory, provided: dict[str, str], seen: dict[str, Survey]
) -> dict[str, Looked]:
    """Make the edits shown in every zone, and look again."""
    zones = dict(OWN)
    for mistake in MISTAKES:
        origin = mistake.domain if mistake.cut else mistake.top
        if origin in zones and (edits := edits_of(seen[mistake.domain])):
            zones[origin] = edited(origin, zones[origin], edits)
    cases = [mistake.case for mistake in MISTAKES if edits_of(seen[mistake.domain])]
    return looked_at(tmp_path_factory.mktemp("mended"), cases, {**provided, **zones})


def test_each_mistake_has_a_domain_of_its_own() -> None:
    """No zone is written over by another."""
    counted = Counter(mistake.top for mistake in MISTAKES)
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_named_and_nothing_else_is(seen: dict[str, Survey], mistake: Mistake) -> None:
    """The result is right, and what is said is the cause, to whoever reads it."""
    found = told(seen[mistake.domain])
    codes = {f.code for f in found if f.severity is not Severity.INFO or f.code in mistake.codes}
    assert codes == set(mistake.codes)
    assert seen[mistake.domain].result.result is mistake.result
    assert mistake.says in " ".join(f"{f.title} {f.why} {f.fix}" for f in found)


def test_no_look_is_long(mended: dict[str, Looked]) -> None:
    """Where servers answer at all; else it is time-outs that take the time."""
    answered = {mistake.domain for mistake in MISTAKES if not mistake.mood}
    assert [domain for domain in answered & set(mended) if not mended[domain].is_short] == []


@pytest.mark.parametrize("mistake", [m for m in MISTAKES if m.result is BAD], ids=str)
def test_the_edits_shown_end_in_a_good_domain(
    seen: dict[str, Survey], mended: dict[str, Looked], mistake: Mistake
) -> None:
    """Made by the letter. Where there are none, the mistake is not one in the zone."""
    codes = {finding.code for finding in told(seen[mistake.domain]) if finding.edits}
    if codes and not set(BY_HAND) & set(mistake.codes):
        after = mended[mistake.domain]
        assert after.survey.result.result is GOOD
        assert codes & {finding.code for finding in told(after.survey)} == set()
    else:
        assert set(BY_HAND) & set(mistake.codes)


def test_what_is_warned_of_can_be_mended_too(
    seen: dict[str, Survey], mended: dict[str, Looked]
) -> None:
    """After the edits shown, nothing is said any more of what had them."""
    left = {}
    for domain, after in mended.items():
        before = {finding.code for finding in told(seen[domain]) if finding.edits}
        left[domain] = before & {finding.code for finding in told(after.survey)}
    tolerated = [m.domain for m in MISTAKES if m.result is GOOD and m.domain in mended]
    assert len(tolerated) > 20
    assert {domain: left[domain] for domain in tolerated if left[domain]} == {}
