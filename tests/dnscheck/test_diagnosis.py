"""Adding up: bad before unknown before good; equal results have equal fingerprints."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from config.lab.nameserver import NameServer
from config.lab.zones import LAB_DOMAINS, LabDomain, write_zones
from dnscheck.answers import Reason
from dnscheck.diagnosis import DomainResult, as_json, diagnose, fingerprint
from dnscheck.findings import RecordVerdict, Severity
from dnscheck.records import Recipe, RequiredRecord, required_records
from dnscheck.resolver import Resolver
from dnscheck.survey import survey
from dnscheck.verdicts import Result
from smtp.providers.base import Match, Purpose
from tests.fakes import FakeDns

FIRST = RequiredRecord(Purpose.CHALLENGE, "shop.example", "TXT", "token=1", Match.EXACT)
SECOND = RequiredRecord(Purpose.CHALLENGE, "b.shop.example", "TXT", "token=2", Match.EXACT)
HERE, THERE = ("shop.example", "TXT"), ("b.shop.example", "TXT")
Zone = dict[tuple[str, str], tuple[str, ...] | Reason]
SOA: Zone = {("shop.example", "SOA"): ("soa",)}


def diagnosed(dns: FakeDns, *records: RequiredRecord) -> DomainResult:
    """Diagnose one domain."""
    return asyncio.run(diagnose("shop.example", records or (FIRST, SECOND), dns.ask))


def test_adding_up() -> None:
    """One bad record makes the domain bad, whatever could not be asked; silence is unknown."""
    good = {**SOA, HERE: ("token=1",), THERE: ("token=2",)}
    assert diagnosed(FakeDns(dict(good))).result is Result.GOOD
    assert diagnosed(FakeDns({**good, THERE: ("other",)})).result is Result.BAD
    assert diagnosed(FakeDns({**good, THERE: Reason.TIMEOUT})).result is Result.UNKNOWN
    mixed = FakeDns({**SOA, HERE: ("other",), THERE: Reason.TIMEOUT})
    assert diagnosed(mixed).result is Result.BAD
    optional = replace(SECOND, required=False)
    assert diagnosed(FakeDns({**SOA, HERE: ("token=1",)}), FIRST, optional).result is Result.GOOD
    assert diagnosed(FakeDns(dict(SOA)), optional).result is Result.UNKNOWN


@pytest.mark.parametrize("octets", ["x" * 64_000, "v=DMARC1;" + " " * 64_000, "," * 64_000])
def test_endless_values_are_judged_and_kept_in_part(octets: str) -> None:
    """A zone full of text neither holds a worker nor fills the database."""
    seen = diagnosed(FakeDns({**SOA, HERE: (octets,) * 60, THERE: ("token=2",)}))
    assert seen.result is Result.BAD
    [first, _] = seen.records
    assert (len(first.observed), len(first.observed[0])) == (50, 4_096)


def test_a_domain_that_does_not_exist_is_said_once() -> None:
    """The finding belongs to the domain."""
    seen = diagnosed(FakeDns())
    assert [finding.code for finding in seen.findings] == ["dns.no-such-domain"]
    assert diagnosed(FakeDns(default=Reason.SERVFAIL)).findings == ()


def test_fingerprints_tell_changes_and_nothing_else() -> None:
    """The order of values does not matter; a value, a verdict or silence does."""
    one = diagnosed(FakeDns({**SOA, HERE: ("token=1", "x"), THERE: ("token=2",)}))
    two = diagnosed(FakeDns({**SOA, HERE: ("x", "token=1"), THERE: ("token=2",)}))
    assert fingerprint(one) == fingerprint(two)
    others: list[Zone] = [
        {**SOA, HERE: ("token=1", "y"), THERE: ("token=2",)},
        {**SOA, HERE: ("token=1", "x")},
        {**SOA, HERE: ("token=1", "x"), THERE: Reason.TIMEOUT},
    ]
    prints = {fingerprint(diagnosed(FakeDns(dict(other)))) for other in others}
    assert len(prints | {fingerprint(one)}) == 4


def test_the_shape_other_programs_rely_on() -> None:
    """Keys are added, never changed."""
    shape = as_json(diagnosed(FakeDns(dict(SOA))), "failing", 3)
    assert set(shape) == {"domain", "verdict", "records", "findings", "questions"}
    record = shape["records"][0]
    keys = {"purpose", "name", "type", "expected", "verdict", "observed"}
    keys |= {"required", "findings"}
    assert set(record) == keys
    finding = record["findings"][0]
    assert {"code", "severity", "title", "why", "fix", "edits"} <= set(finding)
    assert set(finding["edits"][0]) == {"action", "name", "type", "from", "to"}


def patience(domain: LabDomain) -> float:
    """Return how long a question may take: a busy machine is no silent server."""
    return 0.3 if domain.mood == "silent" else 3.0


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DomainResult]:
    """Diagnose every domain of the lab, asking its real name server."""
    folder: Path = tmp_path_factory.mktemp("zones")
    write_zones(folder)

    async def one(lab: NameServer, domain: LabDomain) -> DomainResult:
        asking = Resolver(
            [("127.0.0.1", lab.port)],
            question_seconds=patience(domain),
            domain_seconds=7 * patience(domain),
        )
        recipes = [Recipe(slug, inputs) for slug, inputs in domain.recipes]
        seen = await survey(domain.name, required_records(domain.name, recipes), asking)
        return seen.result

    async def every(lab: NameServer) -> list[DomainResult]:
        return list(await asyncio.gather(*(one(lab, domain) for domain in LAB_DOMAINS)))

    with NameServer(folder) as lab:
        return {seen.domain: seen for seen in asyncio.run(every(lab))}


@pytest.mark.parametrize("domain", LAB_DOMAINS, ids=lambda domain: domain.name)
def test_each_zone_of_the_lab_ends_in_its_cause(
    results: dict[str, DomainResult], domain: LabDomain
) -> None:
    """Right result, right code, an edit to make; nothing is said against a good zone."""
    seen = results[domain.name]
    findings = [finding for record in seen.records for finding in record.findings]
    assert seen.result is domain.expected
    if domain.expected is not Result.UNKNOWN:
        around = [finding for finding in seen.findings if finding.severity is not Severity.INFO]
        assert [finding.code for finding in around] == []
    if domain.expected is Result.GOOD:
        assert [f for f in findings if f.severity is not Severity.INFO] == []
    if domain.expected is Result.BAD:
        [cause] = [f for f in findings if f.severity is Severity.ERROR]
        assert (cause.code, bool(cause.edits)) == (domain.code, True)
    if domain.expected is Result.UNKNOWN:
        assert {record.verdict for record in seen.records} == {RecordVerdict.UNKNOWN}
        assert {finding.code for finding in findings} == {domain.code}
