"""No look takes more than five round trips, be the zone right or wrong.

The distance to a resolver is what a look costs, so it is counted, not timed: each zone of the
catalogue and each good one, when nobody remembers anything of it.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dnscheck.findings import Severity
from dnscheck.records import Recipe, RequiredRecord, required_records
from dnscheck.resolver.run import MOST_QUESTIONS
from dnscheck.verdicts import Result
from tests.dnscheck.catalogue.mistake import Mistake
from tests.dnscheck.catalogue_zones import (
    HEAD,
    ROOT,
    Case,
    StillServer,
    golden_case,
    provider_side,
    told,
)
from tests.dnscheck.rounds import Looked, look_in_rounds
from tests.dnscheck.test_catalogue import MISTAKES, OWN
from tests.dnscheck.test_good_zones import AS_SHOWN, GOOD, Good

MOST_ROUNDS = 5
SHOWN = [good for good in GOOD if good.variation == AS_SHOWN]
TOGETHER = [good for good in SHOWN if len(good.case.recipes) > 1]
MANY = ("scaleway-tem", "sendgrid", "aws-ses", "mailgun-eu", "fastmail", "microsoft365")
# Those with the same causes take the same way.
KINDS = {mistake.codes: mistake for mistake in MISTAKES if not mistake.mood}


def records_of(case: Case) -> tuple[RequiredRecord, ...]:
    """Return what a domain needs."""
    return required_records(case.domain, [Recipe(*recipe) for recipe in case.recipes])


def shape(good: Good) -> frozenset[tuple[str, ...]]:
    """Return what the questions about a domain depend on: kinds of records, and how deep."""
    return frozenset(
        (record.type, record.match, record.name.removesuffix(good.zone_name).count(".") * "*")
        for record in records_of(good.case)
    )


SHAPES = {shape(good): good for good in SHOWN}


def serving(folder: Path, zones: Mapping[str, str]) -> StillServer:
    """Return a server of these zones and of the level above them; it only answers to `respond`."""
    for origin, text in {**ROOT, "example": "", **zones}.items():
        first = text.partition("\n")[0] if text.startswith("; mood:") else ""
        (folder / f"{origin}.zone").write_text(f"{first}\n{HEAD}{text}", encoding="utf-8")
    return StillServer(folder)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> StillServer:
    """Return the server of all zones with a mistake."""
    rows = [row for mistake in MISTAKES for row in mistake.golden_rows]
    zones = {**provider_side(rows, own=OWN), **OWN}
    return serving(tmp_path_factory.mktemp("wrong"), zones)


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


def is_short(looked: Looked) -> bool:
    """Whether a look had an end, and in time."""
    return looked.rounds <= MOST_ROUNDS and looked.questions < MOST_QUESTIONS


@pytest.mark.parametrize("good", SHAPES.values(), ids=str)
def test_a_right_zone_takes_five_rounds(right: StillServer, good: Good) -> None:
    """Of each provider and of two together, at a domain or a subdomain, of every shape."""
    looked = look_in_rounds(right, right, good.case.domain, records_of(good.case))
    assert [f for f in told(looked.survey) if f.severity is not Severity.INFO] == []
    assert is_short(looked)


@pytest.mark.parametrize("good", TOGETHER[::4], ids=str)
def test_a_zone_with_nothing_in_it_takes_five_rounds(bare: StillServer, good: Good) -> None:
    """All records are looked for in all the places they land by mistake."""
    looked = look_in_rounds(bare, bare, good.case.domain, records_of(good.case))
    assert looked.survey.result.result is Result.BAD
    assert is_short(looked)


@pytest.mark.parametrize("good", TOGETHER[::4], ids=str)
def test_a_change_that_caches_do_not_know_takes_five_rounds(
    bare: StillServer, right: StillServer, good: Good
) -> None:
    """The resolver has nothing yet, and the zone's own servers have it all."""
    looked = look_in_rounds(bare, right, good.case.domain, records_of(good.case))
    assert "view.caches-follow" in {finding.code for finding in told(looked.survey)}
    assert is_short(looked)


@pytest.mark.parametrize("mistake", KINDS.values(), ids=str)
def test_a_mistake_is_found_in_five_rounds(wrong: StillServer, mistake: Mistake) -> None:
    """Where servers answer at all; else it is time-outs that take the time."""
    looked = look_in_rounds(wrong, wrong, mistake.domain, records_of(mistake.case))
    assert looked.survey.result.result is mistake.result
    assert is_short(looked)


@pytest.mark.parametrize("known", [False, True], ids=["unconfigured", "cached"])
def test_many_providers_at_once_are_within_the_questions_of_a_look(
    bare: StillServer, right: StillServer, known: bool
) -> None:
    """Six of them, and nothing is published yet, or nothing is known of it."""
    domain = TOGETHER[0].case.domain
    recipes = tuple((slug, golden_case(slug, 0, domain)[0]) for slug in MANY)
    records = records_of(Case(domain, recipes))
    looked = look_in_rounds(bare, right if known else bare, domain, records)
    assert len(records) >= 25
    assert looked.rounds <= MOST_ROUNDS
    assert 2 * looked.questions < MOST_QUESTIONS
