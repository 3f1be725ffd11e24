"""Records that rule one another out: named once, and no edit that undoes another one."""

import asyncio

import pytest

from config.lab.zones import KEY, OTHER_KEY
from dnscheck.conflicts import conflicts, with_conflicts
from dnscheck.diagnosis import diagnose
from dnscheck.records import Recipe, required_records
from tests.fakes import FakeDns

DOMAIN = "shop.example"
RESEND = Recipe("resend", {"public_key": KEY, "tracking": "links"})
GENERIC = Recipe("generic", {"selector": "mail", "public_key": KEY})
OTHER = Recipe("generic", {"selector": "mail", "public_key": OTHER_KEY})


def kinds(*recipes: Recipe) -> dict[str, str]:
    """Return the codes of the conflicts by name."""
    found = conflicts(required_records(DOMAIN, recipes, ()))
    return {name: finding.code for name, finding in found.items()}


@pytest.mark.parametrize(
    ("first", "second", "name", "code"),
    [
        (
            Recipe("resend", {"public_key": KEY, "send": "send"}),
            Recipe("mailersend", {"return_path": "send"}),
            "send.shop.example",
            "recipe.two-kinds",
        ),
        (
            GENERIC,
            OTHER,
            "mail._domainkey.shop.example",
            "recipe.two-values",
        ),
    ],
)
def test_what_rules_out_another_is_named(
    first: Recipe, second: Recipe, name: str, code: str
) -> None:
    """In either order."""
    assert kinds(first, second).get(name) == code
    assert kinds(second, first).get(name) == code


def test_the_same_record_wanted_twice_is_no_conflict() -> None:
    """Two providers may share what is equal."""
    assert kinds(RESEND, RESEND) == {}


def test_no_edit_is_shown_where_another_would_undo_it() -> None:
    """Made by the letter, one after the other, they would delete each other for ever."""
    one = GENERIC
    two = OTHER
    records = required_records(DOMAIN, [one, two], ())
    name = "mail._domainkey.shop.example"
    dns = FakeDns({(name, "TXT"): (f"v=DKIM1; k=rsa; p={KEY}",)})
    result = with_conflicts(asyncio.run(diagnose(DOMAIN, records, dns.ask)))
    here = [seen for seen in result.records if seen.record.name == name]
    assert len(here) == 2
    assert [edit for seen in here for finding in seen.findings for edit in finding.edits] == []
    assert "recipe.two-values" in [finding.code for seen in here for finding in seen.findings]
