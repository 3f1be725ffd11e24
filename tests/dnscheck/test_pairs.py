"""What is known of the mail of one setting from one domain, and how."""

from typing import Any

import pytest

from dnscheck.alignment.pairs import Pair, Recipe, Why, pair
from tenants.cover import Setting


def told(setting: str = "", *, passes: bool | None = True, **fields: Any) -> dict[str, Any]:
    """Return what a check found of Postmark, as a domain's row has it."""
    found = {"provider": "postmark", "setting": setting, "passes": passes, "sentence": "So."}
    return {**found, "dkim": "ok", "spf": "ok", "too_strict": [], **fields}


MAIN = Setting(1, "Main", "postmark")
OWN: Recipe = ("postmark", 1)
SHARED: Recipe = ("postmark", None)


@pytest.mark.parametrize(
    ("setting", "outlooks", "recipes", "passes", "why"),
    [
        (MAIN, [told("1")], [OWN], True, Why.FOUND),
        (MAIN, [told("1", passes=False)], [OWN], False, Why.FOUND),
        (MAIN, [told("1", passes=None)], [OWN], None, Why.FOUND),
        (MAIN, [told()], [SHARED], True, Why.FOUND),
        (MAIN, [told(), told("1", passes=False)], [SHARED, OWN], False, Why.FOUND),
        (MAIN, [told("2")], [("postmark", 2)], None, Why.OF_ANOTHER),
        (MAIN, [], [OWN], None, Why.UNCHECKED),
        (MAIN, [told()], [OWN], None, Why.UNCHECKED),
        (MAIN, [told("1")], [], False, Why.NOT_EXPECTED),  # no longer, since the check
        (MAIN, [told("1")], [("aws-ses", 1)], False, Why.NOT_EXPECTED),  # of its provider before
        (Setting(1, "Main", "gmail"), [], [], False, Why.NO_RECORDS),
        (Setting(1, "Main", "gone"), [], [], False, Why.NO_RECORDS),
        (Setting(1, "A", "generic", servers=2), [], [("generic", None)], None, Why.WHOSE),
        (Setting(1, "A", "generic", servers=1), [], [("generic", None)], None, Why.UNCHECKED),
    ],
)
def test_a_pair_is_told_by_whose_records_are_expected(
    setting: Setting,
    outlooks: list[dict[str, Any]],
    recipes: list[Recipe],
    passes: bool | None,
    why: Why,
) -> None:
    """What could not be asked, what was never asked for and what fails are told apart."""
    known = pair(setting, outlooks, recipes)
    assert (known.passes, known.why) == (passes, why)
    assert (known.outlook is None) is (why is not Why.FOUND)


def test_what_was_found_before_settings_were_told_apart_counts() -> None:
    """An older row has no setting with what was found."""
    old = {"provider": "postmark", "passes": True, "sentence": "So."}
    assert pair(MAIN, [old], [SHARED]).passes is True


@pytest.mark.parametrize(
    ("fields", "ways", "in_doubt"),
    [
        ({}, ("SPF", "DKIM"), False),
        ({"spf": "missing"}, ("DKIM",), False),
        ({"dkim": "wrong"}, ("SPF",), False),
        ({"spf": "unknown"}, ("DKIM",), True),
        ({"too_strict": ["aspf"]}, ("DKIM",), False),
        ({"too_strict": ["adkim", "aspf"]}, (), False),
    ],
)
def test_the_ways_are_those_that_are_right_and_align(
    fields: dict[str, Any], ways: tuple[str, ...], in_doubt: bool
) -> None:
    """A record that is right under a name that does not align proves nothing."""
    known = Pair(True, Why.FOUND, told("1", **fields))
    assert (known.ways, known.is_in_doubt) == (ways, in_doubt)
