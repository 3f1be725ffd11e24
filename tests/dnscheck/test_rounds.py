"""No look takes more than five round trips, be the zone right or wrong.

The distance to a resolver is what a look costs, so it is counted, not timed. The catalogue of
mistakes and the good zones count it as well; here are the domains of which nothing is known yet.
"""

import pytest

from dnscheck.resolver.run import MOST_QUESTIONS
from dnscheck.verdicts import Result
from tests.dnscheck.catalogue_zones import (
    Case,
    StillServer,
    golden_case,
    provider_side,
    serving,
    told,
)
from tests.dnscheck.rounds import MOST_ROUNDS, look_in_rounds
from tests.dnscheck.test_good_zones import AS_SHOWN, GOOD, Good

SHOWN = [good for good in GOOD if good.variation == AS_SHOWN]
TOGETHER = [good for good in SHOWN if len(good.case.recipes) > 1]
MANY = ("scaleway-tem", "sendgrid", "aws-ses", "mailgun-eu", "fastmail", "microsoft365")


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> StillServer:
    """Return the server of all good zones."""
    zones: dict[str, str] = {}
    for good in SHOWN:
        zones[good.zone_name] = zones.get(good.zone_name, "") + good.zone
    return serving(tmp_path_factory.mktemp("right"), {**of_providers(), **zones})


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> StillServer:
    """Return the server of the same zones without any record of theirs."""
    zones = dict.fromkeys([good.zone_name for good in SHOWN], "")
    return serving(tmp_path_factory.mktemp("bare"), {**of_providers(), **zones})


def of_providers() -> dict[str, str]:
    """Return the zones that the records of good zones lead to."""
    own = {good.zone_name for good in SHOWN}
    return provider_side([row for good in SHOWN for row in good.rows], own=own)


@pytest.mark.parametrize("good", TOGETHER[::4], ids=str)
def test_a_zone_with_nothing_in_it_takes_five_rounds(bare: StillServer, good: Good) -> None:
    """All records are looked for in all the places they land by mistake."""
    looked = look_in_rounds(bare, bare, good.case.domain, good.case.records)
    assert looked.survey.result.result is Result.BAD
    assert looked.is_short


@pytest.mark.parametrize("good", TOGETHER[::4], ids=str)
def test_a_change_that_caches_do_not_know_takes_five_rounds(
    bare: StillServer, right: StillServer, good: Good
) -> None:
    """The resolver has nothing yet, and the zone's own servers have it all."""
    looked = look_in_rounds(bare, right, good.case.domain, good.case.records)
    assert "view.caches-follow" in {finding.code for finding in told(looked.survey)}
    assert looked.is_short


@pytest.mark.parametrize("known", [False, True], ids=["unconfigured", "cached"])
def test_many_providers_at_once_are_within_the_questions_of_a_look(
    bare: StillServer, right: StillServer, known: bool
) -> None:
    """Six of them, and nothing is published yet, or nothing is known of it."""
    domain = TOGETHER[0].case.domain
    recipes = tuple((slug, golden_case(slug, 0, domain)[0]) for slug in MANY)
    records = Case(domain, recipes).records
    looked = look_in_rounds(bare, right if known else bare, domain, records)
    assert len(records) >= 25
    assert looked.rounds <= MOST_ROUNDS
    assert 2 * looked.questions < MOST_QUESTIONS
