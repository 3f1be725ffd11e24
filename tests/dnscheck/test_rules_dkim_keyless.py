"""Aliases of one sender together: without any key no mail can be signed, beside one all is well."""

import asyncio

import pytest

from config.lab.zones import KEY
from dnscheck.answers import Reason
from dnscheck.diagnosis import DomainResult, diagnose
from dnscheck.findings import RecordVerdict, Severity
from dnscheck.records import Recipe, required_records
from dnscheck.verdicts import Result
from smtp.providers.base import Purpose
from tests.dnscheck.judging import Published, Zone, check_texts

DOMAIN = "shop.example"
S1, S2 = "s1._domainkey.shop.example", "s2._domainkey.shop.example"
OK, WRONG, UNKNOWN = RecordVerdict.OK, RecordVerdict.WRONG, RecordVerdict.UNKNOWN
KEYLESS, DANGLING, REVOKED = "dkim.no-key-behind", "cname.dangling", "cname.revoked-target"
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
THERE, EMPTY, GONE, SILENT = (f"p={KEY}",), ("p=",), (), Reason.TIMEOUT


def sendgrid(target: str, selector: str = "", setting: str = "") -> Recipe:
    """Return a recipe with two aliases that are required."""
    inputs = {"return_path": f"em{selector}", "target": target}
    return Recipe("sendgrid", inputs | ({"selector": selector} if selector else {}), setting)


def seen(recipes: list[Recipe], behind: Published) -> DomainResult:
    """Diagnose a domain whose aliases are right and lead to this."""
    wanted = required_records(DOMAIN, recipes)
    aliases = {(record.name, record.type): (record.value,) for record in wanted}
    targets = {(f"x{place}.example", "TXT"): ("v=spf1 -all",) for place in (1, 2)}
    dns = Zone({(DOMAIN, "SOA"): ("soa",), **targets, **aliases, **behind})
    return asyncio.run(diagnose(DOMAIN, wanted, dns.ask))


def told(result: DomainResult) -> dict[str, tuple[RecordVerdict, str, Severity | None]]:
    """Return verdict, code and severity of each alias to a key, by its first label."""
    keys = [one for one in result.records if one.record.purpose is Purpose.DKIM]
    return {
        one.record.name.partition(".")[0]: (
            one.verdict,
            one.findings[0].code if one.findings else "",
            one.findings[0].severity if one.findings else None,
        )
        for one in keys
    }


GOOD = (OK, "", None)
# What is behind the two aliases, and what is said of each.
PAIRS = [
    (THERE, THERE, GOOD, GOOD),
    (THERE, GONE, GOOD, (OK, DANGLING, INFO)),
    (EMPTY, THERE, (OK, REVOKED, INFO), GOOD),
    (GONE, GONE, (WRONG, KEYLESS, ERROR), (WRONG, KEYLESS, ERROR)),
    (GONE, EMPTY, (WRONG, KEYLESS, ERROR), (WRONG, KEYLESS, ERROR)),
    (GONE, SILENT, (OK, DANGLING, INFO), GOOD),
]


@pytest.mark.parametrize(("first", "second", "says_first", "says_second"), PAIRS)
def test_two_aliases_together(
    first: tuple[str, ...] | Reason,
    second: tuple[str, ...] | Reason,
    says_first: tuple[RecordVerdict, str, Severity | None],
    says_second: tuple[RecordVerdict, str, Severity | None],
) -> None:
    """Only when it is certain that neither leads to a key are both wrong.

    An alias whose target could not be asked for is as good as any.
    """
    behind = {("s1.domainkey.x1.example", "TXT"): first, ("s2.domainkey.x1.example", "TXT"): second}
    result = seen([sendgrid("x1.example")], {key: what for key, what in behind.items() if what})
    assert told(result) == {"s1": says_first, "s2": says_second}
    assert result.result is (Result.BAD if WRONG in says_first else Result.GOOD)
    for one in result.records:
        for finding in one.findings:
            check_texts(finding)


def test_each_account_is_looked_at_by_itself() -> None:
    """The keys of one setting sign nothing for another."""
    recipes = [sendgrid("x1.example", setting="1"), sendgrid("x2.example", "abc", "2")]
    behind = {("s1.domainkey.x1.example", "TXT"): THERE}
    result = told(seen(recipes, behind))
    assert result == {
        "s1": GOOD,
        "s2": (OK, DANGLING, INFO),
        "abc": (WRONG, KEYLESS, ERROR),
        "abc2": (WRONG, KEYLESS, ERROR),
    }


def test_what_is_only_recommended_stays_a_warning() -> None:
    """Microsoft publishes the keys once signing is switched on."""
    target = "selector1-shop-example._domainkey.shop.onmicrosoft.com"
    result = told(seen([Recipe("microsoft365", {"target": target})], {}))
    assert set(result.values()) == {(OK, DANGLING, WARNING)}


def test_one_alias_alone_is_told_as_such() -> None:
    """Nothing is said of others where there are none."""
    [only] = [
        finding
        for one in seen([Recipe("smtp2go", {"number": "1"})], {}).records
        for finding in one.findings
        if finding.code == KEYLESS
    ]
    assert "It is the only record for a key of SMTP2GO." in only.why
