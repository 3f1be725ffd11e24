"""Zones that are right: every provider's, in every way its page can be followed, are found good.

All are served by one name server of the lab and looked at in one run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import pytest

from config.lab.zones import KEY
from dnscheck.findings import Finding, Severity
from dnscheck.names import organizational_domain
from dnscheck.records import Recipe, required_records
from dnscheck.verdicts import Result
from tests.dnscheck import golden
from tests.dnscheck.catalogue_zones import (
    Case,
    Row,
    as_published,
    golden_case,
    looked_at,
    provider_side,
    told,
)
from tests.dnscheck.rounds import Looked

Change = Callable[[str, str, str], str]  # of type, value and domain, to another value


@dataclass(frozen=True)
class Variation:
    """Another way to publish the same records, which is as good."""

    about: str
    change: Change = lambda _type, value, _domain: value
    size: int = 200  # of the strings a text is split into
    before: str = ""  # text at the start of the zone
    capitals: bool = False  # in the names


@dataclass(frozen=True)
class Good:
    """A domain whose records are as they should be."""

    about: str
    case: Case
    rows: Sequence[Row]
    variation: Variation = Variation("as shown")

    def __str__(self) -> str:
        return self.about

    @property
    def zone_name(self) -> str:
        """The zone its domain is in."""
        return organizational_domain(self.case.domain)

    @property
    def needs_anything(self) -> bool:
        """Whether a provider requires a record."""
        return any(need == "required" for need, *_ in self.rows)

    @property
    def zone(self) -> str:
        """The records as zone-file text, and the address of a web site."""
        published = as_published(map(self._varied, self.rows), self.variation.size)
        return f"{self.variation.before}{self.case.domain}. A 192.0.2.80\n{published}"

    def _varied(self, row: Row) -> Row:
        need, kind, name, value = row
        after = self.variation.change(kind, value, self.case.domain)
        return need, kind, name.upper() if self.variation.capitals else name, after


def more_senders(_type: str, value: str, _domain: str) -> str:
    """Name other senders before the provider."""
    return value.replace(
        "v=spf1 ", "v=spf1 ip4:198.51.100.7 ip6:2001:db8::/32 include:_spf.google.com "
    )


def spf_in_capitals(_type: str, value: str, _domain: str) -> str:
    """SPF is the same in any case (RFC 7208 section 4.6.1)."""
    return value.upper() if value.startswith("v=spf1") else value


def targets_in_capitals(type: str, value: str, _domain: str) -> str:
    """Names are the same in any case (RFC 4343)."""
    return value.upper() if type in ("CNAME", "MX") else value


def other_tag_order(_type: str, value: str, _domain: str) -> str:
    """Only v has a place of its own (RFC 6376 section 3.6.1)."""
    return f"v=DKIM1; p={KEY}; s=email; h=sha256; n=by hand; k=rsa;" if KEY in value else value


def without_version(_type: str, value: str, _domain: str) -> str:
    """RFC 6376 section 3.6.1: the tags v and k may be left out."""
    return f"p={KEY}" if KEY in value else value


def strict_policy(_type: str, value: str, domain: str) -> str:
    """A policy of one's own counts as well as the one suggested."""
    own = f"v=DMARC1;p=reject;sp=reject;adkim=r;fo=1;rua=mailto:dmarc@{domain};"
    return own if value.startswith("v=DMARC1") else value


VARIATIONS = (
    Variation("more senders", more_senders),
    Variation("SPF in capitals", spf_in_capitals),
    Variation("targets in capitals", targets_in_capitals),
    Variation("names in capitals", capitals=True),
    Variation("DKIM tags in another order", other_tag_order),
    Variation("DKIM without a version", without_version),
    Variation("a policy of one's own", strict_policy),
    Variation("short strings", size=7),
    Variation("strings of 255", size=255),
    Variation("a long TTL", before="$TTL 604800\n"),
    Variation("no TTL", before="$TTL 0\n"),
    Variation("other texts", before='@ TXT "other-verification=1"\n@ TXT "v=other1 a mx"\n'),
)
SLUGS = [slug for slug in golden.slugs() if golden.read(slug)["cases"]]
AS_SHOWN = Variation("as shown")
VARIED = (("elastx", 0), ("aws-ses", 1), ("fastmail", 0), ("resend", 0))


def of_golden(slug: str, number: int, domain: str, variation: Variation = AS_SHOWN) -> Good:
    """Return a golden case at a domain of its own."""
    inputs, rows = golden_case(slug, number, domain)
    about = f"{slug}, {golden.read(slug)['cases'][number]['about']}, {variation.about}"
    return Good(f"{about}, at {domain}", Case(domain, ((slug, inputs),)), rows, variation)


def from_goldens() -> Iterator[Good]:
    """Yield each case of each provider at a registered domain and at a subdomain of it."""
    for slug in golden.slugs():
        for number, _ in enumerate(golden.read(slug)["cases"]):
            top = f"{slug}-{number}.example"
            yield of_golden(slug, number, top)
            yield of_golden(slug, number, f"mail.{top}")


def varied() -> Iterator[Good]:
    """Yield a few providers' records, published in each of the ways that are as good."""
    for (slug, number), (place, variation) in product(VARIED, enumerate(VARIATIONS)):
        yield of_golden(slug, number, f"{slug}-varied-{place}.example", variation)


def together() -> Iterator[Good]:
    """Yield each provider with the next one that needs nothing else at the same names.

    Published is what the portal shows for both.
    """
    for place, slug in enumerate(SLUGS):
        domain = f"{slug}-and-another.example"
        mine = golden_case(slug, 0, domain)
        for other in SLUGS[place + 1 :] + SLUGS[:place]:
            theirs = golden_case(other, 0, domain)
            if are_at_peace(mine[1], theirs[1]):
                recipes = ((slug, mine[0]), (other, theirs[0]))
                wanted = required_records(domain, [Recipe(*recipe) for recipe in recipes])
                rows = [golden.as_row(record) for record in wanted]
                yield Good(f"{slug} and {other}", Case(domain, recipes), rows)
                break


def are_at_peace(first: Sequence[Row], second: Sequence[Row]) -> bool:
    """Whether two providers share no name but for texts that can stand side by side."""
    shared = {row[2] for row in first} & {row[2] for row in second}
    kinds = {row[1] for row in (*first, *second) if row[2] in shared}
    return kinds <= {"TXT"} and not any("_domainkey" in name for name in shared)


GOOD = tuple(good for good in (*from_goldens(), *varied(), *together()) if good.needs_anything)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Looked]:
    """Look at every good domain."""
    zones: dict[str, str] = {}
    for good in GOOD:
        zones[good.zone_name] = zones.get(good.zone_name, "") + good.zone
    rows = [row for good in GOOD for row in good.rows]
    return looked_at(
        tmp_path_factory.mktemp("zones"),
        [good.case for good in GOOD],
        {**provider_side(rows, own=zones), **zones},
    )


def test_nothing_is_said_against_a_good_zone(seen: dict[str, Looked]) -> None:
    """The result is good, and no finding is more than a remark."""
    results = {good.about: seen[good.case.domain].survey.result.result for good in GOOD}
    assert results == dict.fromkeys(results, Result.GOOD)
    against = {good.about: said_against(seen[good.case.domain]) for good in GOOD}
    assert {about: said for about, said in against.items() if said} == {}


def said_against(looked: Looked) -> list[Finding]:
    """Return what is told beside remarks."""
    return [finding for finding in told(looked.survey) if finding.severity is not Severity.INFO]


def test_no_look_is_long(seen: dict[str, Looked]) -> None:
    """Each right zone, of one provider and of two, takes as few round trips as is promised."""
    assert [domain for domain, looked in seen.items() if not looked.is_short] == []


def test_there_are_enough_of_them() -> None:
    """Each provider with records is there by itself, at a subdomain, and with another one."""
    assert len(GOOD) >= 100
    assert {slug for good in GOOD for slug, _ in good.case.recipes} == set(SLUGS)
    assert sum(len(good.case.recipes) == 2 for good in GOOD) > len(SLUGS) / 2
