"""The way back to a sending domain: what is said of it, and that the edits mend it."""

import asyncio

import pytest

from dnscheck.answers import Answer, Reason, Status, Value
from dnscheck.findings import Action, Finding, Severity
from dnscheck.records import RequiredRecord
from dnscheck.rules import from_domain, from_domain_hosts
from smtp.providers.base import Match, Purpose
from tests.dnscheck.judging import Published, Zone, check_texts, codes_in, edited

TOP, NEWS, MAIL = "shop.example", "news.shop.example", "mail.shop.example"
SERVER, WEB = "192.0.2.25", "192.0.2.80"
MX = RequiredRecord(Purpose.MX, TOP, "MX", "mx1.mail.example", Match.MX, priority=10)
STAND_IN = RequiredRecord(
    Purpose.MX, TOP, "MX", "hole.mail.example", Match.MX, required=False, optional=True, priority=5
)
BRAND = RequiredRecord(Purpose.TRACKING, MAIL, "CNAME", "brand.mail.example", Match.CNAME)


def mx_at(*values: str, name: str = TOP) -> Published:
    """Return MX records, with a mail server behind a name of one's own."""
    return {(name, "MX"): values, (MAIL, "A"): (SERVER,)}


def said(published: Published, *records: RequiredRecord, domain: str = TOP) -> list[Finding]:
    """Return what is said of a sending domain."""
    dns = Zone(dict(published))
    return list(asyncio.run(from_domain.way_back(domain, records, dns.ask)))


SILENT: dict[str, Published] = {
    "a mail server of one's own": mx_at(f"10 {MAIL}"),
    "in capitals": {**mx_at(f"10 {MAIL.upper()}."), (MAIL, "A"): (SERVER,)},
    "several, of both kinds": {
        **mx_at(f"10 {MAIL}", "20 b.example"),
        ("b.example", "AAAA"): ("2001:db8::25",),
    },
    "a provider's own host": mx_at("1 SMTP.google.com."),
    "an address alone": {(TOP, "A"): (WEB,)},
    "an address of the other kind alone": {(TOP, "AAAA"): ("2001:db8::80",)},
    "a domain that does not exist": {},
    "the MX records were not said": {(TOP, "TXT"): ("x",), (TOP, "MX"): Reason.TIMEOUT},
    "one kind of address was not said": {(TOP, "TXT"): ("x",), (TOP, "AAAA"): Reason.SERVFAIL},
    "a host that was not said": {(TOP, "MX"): ("10 a.example",), ("a.example", "A"): Reason.LAME},
}
TOLD: dict[str, tuple[Published, tuple[str, ...]]] = {
    "neither MX nor address": ({(TOP, "TXT"): ("v=spf1 -all",)}, ("mx.no-way-back",)),
    "an empty place above other names": ({(NEWS, "A"): (WEB,)}, ("mx.no-way-back",)),
    "no mail is accepted": (mx_at("0 ."), ("mx.null-sender",)),
    "no mail is accepted, and some is": (mx_at("0 .", f"10 {MAIL}"), ("mx.null-mixed",)),
    "an address as the target": (mx_at("10 192.0.2.5"), ("mx.all-dead",)),
    "an address with the zone": (mx_at(f"10 192.0.2.5.{TOP}"), ("mx.all-dead",)),
    "this machine": (mx_at("10 localhost"), ("mx.all-dead",)),
    "a host without an address": (mx_at("10 mial.shop.example"), ("mx.all-dead",)),
    "a private address": (
        {(TOP, "MX"): (f"10 {MAIL}",), (MAIL, "A"): ("10.0.0.5",)},
        ("mx.all-dead",),
    ),
    "nothing of use at all": (mx_at("0 .", "10 localhost"), ("mx.all-dead",)),
    "a useless host beside a good one": (mx_at("5 192.0.2.5", f"10 {MAIL}"), ("mx.address",)),
    "a misspelt host beside a good one": (
        mx_at("5 mial.example", f"10 {MAIL}"),
        ("mx.no-address",),
    ),
    "two useless hosts of one kind beside a good one": (
        mx_at("5 192.0.2.5", "6 192.0.2.6", f"10 {MAIL}"),
        ("mx.address",),
    ),
    "useless hosts of both kinds": (
        mx_at("0 .", "5 localhost", f"10 {MAIL}"),
        ("mx.null-mixed", "mx.local"),
    ),
    "a host that is an alias": (
        {
            (TOP, "MX"): ("10 mx.shop.example",),
            ("mx.shop.example", "CNAME"): ("host.example",),
            ("host.example", "A"): (SERVER,),
        },
        ("mx.host-alias",),
    ),
    "an alias at the top": (
        {
            (TOP, "CNAME"): ("host.example",),
            ("host.example", "A"): (WEB,),
            ("host.example", "AAAA"): ("2001:db8::80",),
        },
        ("dns.apex-alias",),
    ),
    "an alias at the top to a domain with mail": (
        {(TOP, "CNAME"): ("host.example",), ("host.example", "MX"): ("10 a.host.example",)},
        ("dns.apex-alias",),
    ),
}


@pytest.mark.parametrize("about", SILENT)
def test_nothing_is_said_of_a_domain_that_can_be_answered(about: str) -> None:
    """Nor of one that could not be asked for, or does not exist."""
    assert said(SILENT[about]) == []


@pytest.mark.parametrize("about", TOLD)
def test_what_is_said_of_a_domain_that_nobody_can_answer(about: str) -> None:
    """The codes, in whole sentences, and none of them an error but for the top of the zone."""
    published, codes = TOLD[about]
    found = said(published)
    assert tuple(finding.code for finding in found) == codes
    for finding in found:
        check_texts(finding)
        is_error = finding.severity is Severity.ERROR
        assert is_error == (finding.code == "dns.apex-alias")


@pytest.mark.parametrize("about", TOLD)
def test_the_edits_mend_the_way_back(about: str) -> None:
    """Made by the letter, they leave nothing of the kind to say."""
    published, _ = TOLD[about]
    for finding in said(published):
        if finding.edits:
            left = {other.code for other in said(edited(published, finding.edits))}
            assert finding.code not in left


def test_the_web_site_stays_when_the_alias_at_the_top_goes() -> None:
    """Its addresses of today stand there instead."""
    published, _ = TOLD["an alias at the top"]
    [finding] = said(published)
    after = edited(published, finding.edits)
    assert after == {
        **{key: values for key, values in published.items() if key != (TOP, "CNAME")},
        (TOP, "A"): (WEB,),
        (TOP, "AAAA"): ("2001:db8::80",),
    }
    assert [other.code for other in said(after)] == []


def test_a_mail_server_known_by_its_address_is_given_a_name() -> None:
    """Where the name is free; what cannot be reached from outside is given none."""
    for target, kind in (("192.0.2.5", "A"), (f"192.0.2.5.{TOP}", "A"), ("2001:db8::5", "AAAA")):
        zone: Published = {(TOP, "MX"): (f"10 {target}", "20 localhost")}
        [finding] = said(zone)
        after = edited(zone, finding.edits)
        address = target.removesuffix(f".{TOP}")
        assert after == {(TOP, "MX"): (f"10 {MAIL}",), (MAIL, kind): (address,)}
        assert said(after) == []
        check_texts(finding)
    taken: Published = {(TOP, "MX"): ("10 192.0.2.5",), (MAIL, "TXT"): ("x",)}
    silent: Published = {(TOP, "MX"): ("10 192.0.2.5",), (MAIL, "A"): Reason.TIMEOUT}
    for unsure in (taken, silent, {(TOP, "MX"): ("10 10.0.0.5",)}):
        [finding] = said(unsure)
        assert (finding.code, finding.edits) == ("mx.all-dead", ())
        assert "“MX record”" in finding.fix


def test_an_alias_below_the_top_is_no_mistake() -> None:
    """A sending subdomain may be one, and what is behind it is somebody else's."""
    for behind in ("10 localhost", "0 ."):
        zone: Published = {(NEWS, "CNAME"): ("host.example",), ("host.example", "MX"): (behind,)}
        assert said(zone, domain=NEWS) == []


@pytest.mark.parametrize("kind", ["SOA", "NS"])
def test_a_subdomain_that_is_a_zone_has_a_top_as_well(kind: str) -> None:
    """It was delegated, so its top holds name servers too; what the alias has says nothing."""
    web: Published = {(NEWS, "CNAME"): ("host.example",), ("host.example", "A"): (WEB,)}

    class Delegated(Zone):
        async def ask(self, name: str, type: str) -> Answer:
            if (name, type) == (NEWS, kind):
                return Answer(name, type, Status.FOUND, (Value("ns1.dns.example"),))
            return await super().ask(name, type)

    [finding] = asyncio.run(from_domain.way_back(NEWS, (), Delegated(dict(web)).ask))
    assert (finding.code, finding.severity) == ("dns.apex-alias", Severity.ERROR)
    assert [(edit.action, edit.type) for edit in finding.edits] == [
        (Action.DELETE, "CNAME"),
        (Action.ADD, "A"),
    ]
    check_texts(finding)
    assert said({**web, ("host.example", kind): ("ns1.host.example",)}, domain=NEWS) == []


def test_a_wanted_host_has_a_judge_of_its_own() -> None:
    """What that says is not said twice; what it does not look at is."""
    for values in (("0 .",), ("10 localhost",), ("0 .", f"10 {MAIL}")):
        assert said(mx_at(*values), MX) == []
        assert said(mx_at(*values), STAND_IN) == []
    nothing: Published = {(TOP, "TXT"): ("x",)}
    assert said(nothing, MX) == []
    [finding] = said(nothing, STAND_IN)
    assert [edit.after for edit in finding.edits] == ["5 hole.mail.example"]
    hole = {("hole.mail.example", "A"): (SERVER,)}
    assert said({**edited(nothing, finding.edits), **hole}) == []
    assert [f.code for f in said(mx_at("10 mial.example"), STAND_IN)] == ["mx.all-dead"]


def test_a_branded_name_must_not_be_that_of_the_mail_server() -> None:
    """There the edit is not at the DNS host: another name has to be chosen."""
    zone: Published = {
        (TOP, "MX"): (f"10 {MAIL}",),
        (MAIL, "CNAME"): (BRAND.value,),
        (BRAND.value, "A"): (WEB,),
    }
    [finding] = said(zone, BRAND)
    assert (finding.code, finding.severity, finding.edits) == ("mx.host-taken", Severity.ERROR, ())
    check_texts(finding)
    assert [f.code for f in said(zone)] == ["mx.host-alias"]


def test_every_code_has_a_row() -> None:
    """No words without a domain that brings them up."""
    written = codes_in(from_domain) | codes_in(from_domain_hosts)
    assert {code for _, codes in TOLD.values() for code in codes} | {"mx.host-taken"} >= written
