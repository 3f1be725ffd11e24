"""Zones that somebody else holds than the admin believes: told by the names of their servers."""

import asyncio

import pytest

from dnscheck.records import RequiredRecord
from dnscheck.standpoints import holders
from dnscheck.standpoints.holders import held_elsewhere
from dnscheck.survey import survey
from dnscheck.zone import Zone
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import check_texts, codes_in
from tests.fakes import FakeDns

ZONE = "shop.example"
CLOUDFLARE = ("ada.ns.cloudflare.com", "rob.ns.cloudflare.com")
GODADDY = ("ns51.domaincontrol.com", "ns52.domaincontrol.com")
HELD, OTHER = "view.held-zone", "view.other-host"
ROWS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "no host was chosen": (CLOUDFLARE, "", ""),
    "the host that was chosen": (CLOUDFLARE, "cloudflare", ""),
    "another host": (CLOUDFLARE, "godaddy", OTHER),
    "half moved": ((*CLOUDFLARE, *GODADDY), "godaddy", ""),
    "servers that are nobody's for certain": (("ns1.shop.example",), "godaddy", ""),
    "servers that the chosen host shares": (
        ("dns1.p01.nsone.net", "ada.ns.cloudflare.com"),
        "netlify",
        "",
    ),
    "a host that no server gives away": (CLOUDFLARE, "cpanel", ""),
    "a host that is no longer known": (CLOUDFLARE, "gone", ""),
    "no server is known": ((), "godaddy", ""),
    "a lapsed registration": (("ns1.pendingrenewaldeletion.com",), "", HELD),
    "a lapsed registration, whoever was chosen": (("ns1.renewyourname.net",), "godaddy", HELD),
    "a name that only ends alike": (("ns1.notbodis.com",), "", ""),
    "one server of two": (("ns1.bodis.com", *GODADDY[:1]), "", ""),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_who_holds_a_zone_is_told_if_it_is_certain(row: tuple[tuple[str, ...], str, str]) -> None:
    """Expired and unused domains, and a host other than the one that was chosen."""
    servers, chosen, code = row
    findings = held_elsewhere(Zone(ZONE, servers), chosen)
    assert [finding.code for finding in findings] == ([code] if code else [])
    for finding in findings:
        check_texts(finding)
        assert finding.evidence == servers


def test_every_code_is_shown() -> None:
    """Nothing can be said that no row shows."""
    assert codes_in(holders) == {code for _, _, code in ROWS.values() if code}


@pytest.mark.parametrize(("published", "told"), [("token=1", False), ("token=0", True)])
def test_it_is_told_only_where_records_are_not_right(published: str, told: bool) -> None:
    """Whoever serves a domain that is fine, it is not the admin's concern now."""
    record = RequiredRecord(Purpose.CHALLENGE, ZONE, "TXT", "token=1", Match.EXACT)
    asker = FakeDns(
        {
            (ZONE, "SOA"): ("a. h. 1 2 3 4 5",),
            (ZONE, "NS"): CLOUDFLARE,
            (ZONE, "TXT"): (published,),
        }
    )
    seen = asyncio.run(survey(ZONE, [record], asker, dns_host="godaddy"))
    codes = [finding.code for finding in seen.result.findings]
    assert (OTHER in codes) is told
