"""Exports of required records, read back by the grammar of the tool each is for."""

import json
import re
from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config.lab.zones import KEY
from dnscheck.exports import FORMATS, Export, get, render
from dnscheck.exports.base import PURPOSES
from dnscheck.records import Recipe, RequiredRecord, required_records
from smtp import providers
from smtp.providers.base import Match, Purpose
from tests.dnscheck import golden
from tests.dnscheck.export_readers import READERS, Row, terraform_blocks

ZONE = "example.com"
COMMENTED = ("bind", "terraform-cloudflare", "terraform-route53", "octodns", "dnscontrol")
TERRAFORM = {
    "terraform-cloudflare": "cloudflare_dns_record",
    "terraform-route53": "aws_route53_record",
}
# Its reader is slow: each of both reads every case, but of one domain.
TERRAFORM_READS = dict(zip(TERRAFORM, golden.DOMAINS, strict=True))
LINE_ENDS = "\n\r\x0b\x0c\x1e\x85\u2028\u2029\x00"  # of some tool or other
NASTY = [
    '"',
    "\\",
    "\\\\",
    '\\"',
    'a "quoted" word',
    '"quoted"',
    '" "',
    '" " "',
    'one" "two',
    '\\" "',
    "a;b; c\\;d ;",
    "\\;",
    "${var.zone_id}",
    "%{ if true }",
    "$${x} $$${ %%{ %%%{ $ % {",
    '$"{',
    "`id` $(id) $1 '",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1+1",
    "''",
    " outer blanks ",
    "#1 // 2 /* 3 */ ; 4",
    "- a: b",
    "{{ x }} !include &a *a",
    "null",
    "\\032 \\u0041 \\n",
    "x" * 255,
    "x" * 256,
    "x" * 254 + '"' + "y" * 300,
    "x" * 254 + "\\" + "y",
    "\\" * 600,
    '"' * 600,
    'a,b"",c',
]


def wanted(value: str, name: str = ZONE, type: str = "TXT", **more: object) -> RequiredRecord:
    """Return a required record with this value."""
    record = RequiredRecord(Purpose.ADDED, name, type, value, Match.EXACT, why="Proves it.")
    return replace(record, **more)  # type: ignore[arg-type]


def rows(records: tuple[RequiredRecord, ...]) -> list[Row]:
    """Return the records as the readers tell them; an MX without a priority gets the usual one."""
    usual = {"MX": 10}
    return sorted(
        (r.name, r.type, usual.get(r.type) if r.priority is None else r.priority, r.value)
        for r in records
    )


def read_back(slug: str, export: Export) -> list[Row]:
    """Return what a tool makes of an export."""
    return sorted(READERS[slug](render(slug, export), export.zone))


def softened(record: RequiredRecord) -> RequiredRecord:
    """Return the record as Domain Connect leaves it: the host ends SPF with a soft failure."""
    if record.match is not Match.SPF:
        return record
    rules = re.sub(r" [-+~?]?all$", "", record.value).replace("redirect=", "include:")
    return replace(record, value=f"{rules} ~all")


def assert_survives(slug: str, export: Export) -> None:
    """Fail if a tool reads something else than what was to be written."""
    meant = export.wanted
    if slug == "domain-connect":
        meant = tuple(softened(record) for record in meant)
    assert read_back(slug, export) == rows(meant)


def whole(*records: RequiredRecord) -> Export:
    """Return an export of these records for the zone of the tests."""
    return Export(zone=ZONE, domain=ZONE, records=records)


def test_every_format_can_be_read_back() -> None:
    """No format is without a reader here, and each is found by its slug."""
    assert [format.slug for format in FORMATS] == list(READERS)
    assert all(get(format.slug) is format for format in FORMATS)
    assert len({format.label for format in FORMATS}) == len(FORMATS)
    with pytest.raises(KeyError):
        get("carrier-pigeon")


def test_every_purpose_has_words() -> None:
    """No record is exported without saying what it is for."""
    assert set(PURPOSES) == set(Purpose)


@pytest.mark.parametrize("slug", READERS)
def test_nasty_values_survive(slug: str) -> None:
    """Quotes, backslashes, templates, formulas and long values come back as they were."""
    names = (f"n{number}.{ZONE}" for number in range(len(NASTY)))
    records = [wanted(value, name) for value, name in zip(NASTY, names, strict=True)]
    assert_survives(slug, whole(*records))


@pytest.mark.parametrize(
    ("slug", "between"),
    [("bind", '" "'), ("terraform-cloudflare", '\\" \\"'), ("terraform-route53", '\\"\\"')],
)
def test_a_long_value_is_split_as_its_tool_wants_it(slug: str, between: str) -> None:
    """One string ends after 255 octets; readers are lenient about what is between two."""
    assert "x" * 255 + between + "x" * 45 in render(slug, whole(wanted("x" * 300)))


@pytest.mark.parametrize("slug", READERS)
@given(
    values=st.lists(
        st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=600),
        min_size=1,
        max_size=3,
        unique=True,
    )
)
def test_any_printable_values_survive(slug: str, values: list[str]) -> None:
    """Whatever TXT values stand side by side at one name, all of them come back."""
    assume(slug != "domain-connect" or "@" not in values)  # it means the domain there
    assert_survives(slug, whole(*(wanted(value) for value in values)))


@pytest.mark.parametrize("slug", READERS)
def test_records_of_one_name_and_type_stand_side_by_side(slug: str) -> None:
    """Several TXT and MX values of one name survive, at the zone itself and below it."""
    records = [
        wanted(value, name, purpose=Purpose.CHALLENGE)
        for name in (
            ZONE,
            f"a.b.{ZONE}",
            f"a_b.{ZONE}",
            f"_dmarc.{ZONE}",
            f"10.{ZONE}",
            f"9.{ZONE}",
        )
        for value in ("one", "two", "three")
    ]
    records += [
        wanted("mx3.example.net", f"in.{ZONE}", "MX", priority=0, match=Match.MX_ONLY),
        wanted("mx.example.net", f"in.{ZONE}", "MX", priority=10, match=Match.MX),
        wanted("mx.example.net", f"in.{ZONE}", "MX", priority=20, match=Match.MX),
        wanted("mx2.example.net", f"in.{ZONE}", "MX", match=Match.MX),
        wanted("target.example.net", f"x1.{ZONE}", "CNAME", match=Match.CNAME),
        wanted("target.example.net", f"x-1.{ZONE}", "CNAME", match=Match.CNAME),
    ]
    assert_survives(slug, whole(*records))


@pytest.mark.parametrize("provider", golden.slugs())
def test_the_records_of_every_provider_survive(provider: str) -> None:
    """What the golden files ask of two domains, one below its zone, is read back the same."""
    for case, domain in product(golden.read(provider)["cases"], golden.DOMAINS):
        records = required_records(domain, [Recipe(provider, case["inputs"])])
        export = Export(zone=domain.removeprefix("mail."), domain=domain, records=records)
        for slug in READERS:
            if domain == TERRAFORM_READS.get(slug, domain):
                assert_survives(slug, export)


@pytest.mark.parametrize("slug", READERS)
def test_an_optional_record_is_never_exported(slug: str) -> None:
    """An MX that would divert all mail is left out, and named wherever a remark can be made."""
    diverting = wanted(
        "mx.example.net", ZONE, "MX", match=Match.MX, optional=True, why="Takes all incoming mail."
    )
    export = whole(wanted("kept"), diverting)
    assert read_back(slug, export) == rows((wanted("kept"),))
    if slug != "csv":
        assert "MX example.com 10 mx.example.net: Takes all incoming mail." in render(slug, export)


@pytest.mark.parametrize("slug", READERS)
def test_nothing_wanted_is_still_a_file(slug: str) -> None:
    """Without records there is nothing to read, and no tool stumbles."""
    assert read_back(slug, whole()) == []


@pytest.mark.parametrize("slug", COMMENTED)
def test_a_remark_cannot_become_a_record(slug: str) -> None:
    """A note with a line end stays a comment, in whatever way a tool ends its lines."""
    evil = f'evil.{ZONE}. 60 IN A 192.0.2.1|),|resource "x" "y" {{}}|x: y'
    note = "".join(evil.replace("|", end) + end for end in LINE_ENDS)
    export = whole(wanted("kept", why=note), wanted("left", optional=True, why=note))
    assert_survives(slug, export)
    assert not set(LINE_ENDS) - {"\n"} & set(render(slug, export))


@pytest.mark.parametrize("slug", TERRAFORM)
def test_resources_keep_their_names(slug: str) -> None:
    """Terraform would remove and add again what it finds under another name."""
    apart = [wanted(value, purpose=Purpose.CHALLENGE) for value in ("one", "two", "three")]
    spf = wanted("v=spf1 mx ~all", match=Match.SPF, purpose=Purpose.SPF)

    def names(*records: RequiredRecord) -> dict[str, str]:
        blocks = terraform_blocks(render(slug, whole(*records)), TERRAFORM[slug])
        return {name: json.dumps(block) for name, block in blocks.items()}

    every = names(*apart, spf)
    assert all(re.fullmatch("[a-z_][a-z0-9_-]*", name) for name in every)
    for order in permutations([*apart, spf]):
        assert set(names(*order)) == set(every)
        assert set(names(*order[:2])) <= set(every)
    changed = replace(spf, value="v=spf1 mx a ~all")
    assert set(names(*apart, changed)) == set(every)


def test_terraform_names_can_be_read() -> None:
    """A resource is called after type, name and purpose."""
    dkim = wanted("k", f"s1._domainkey.{ZONE}", match=Match.DKIM_KEY, purpose=Purpose.DKIM)
    text = render("terraform-cloudflare", whole(dkim))
    assert 'resource "cloudflare_dns_record" "txt_s1__domainkey_example_com_dkim" {' in text


def test_octodns_names_are_in_its_natural_order() -> None:
    """octoDNS refuses a file whose names are not sorted as people count."""
    names = ["s10", "s9", "_dmarc", "s10.a", "a", "10", "9a"]
    text = render("octodns", whole(*(wanted("x", f"{name}.{ZONE}") for name in names)))
    found = re.findall(r'^"(.*)":$', text, re.MULTILINE)
    assert found == ["9a", "10", "_dmarc", "a", "s9", "s10", "s10.a"]


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@x", "\t=1", "'=1"])
def test_no_cell_is_a_formula(value: str) -> None:
    """A cell that a spreadsheet would compute is text behind an apostrophe."""
    assert f',"\'{value}",' in render("csv", whole(wanted(value)))


def test_spf_is_merged_by_domain_connect() -> None:
    """The template gives the terms alone: the host sets version and end, once for all services."""
    spf = wanted("v=spf1 include:a.example ip4:192.0.2.1 -all", match=Match.SPF)
    (record,) = json.loads(render("domain-connect", whole(spf)))["records"]
    assert record == {"type": "SPFM", "host": "@", "spfRules": "include:a.example ip4:192.0.2.1"}
    alone = wanted("v=spf1 -all", match=Match.SPF)
    (record,) = json.loads(render("domain-connect", whole(alone)))["records"]
    assert (record["type"], record["data"]) == ("TXT", "v=spf1 -all")
    assert record["txtConflictMatchingPrefix"] == "v=spf1"
    explained = wanted("v=spf1 mx -all exp=why.example.com x-note=a.b", match=Match.SPF)
    (record,) = json.loads(render("domain-connect", whole(explained)))["records"]
    assert record["spfRules"] == "mx exp=why.example.com x-note=a.b"
    redirected = wanted("v=spf1 redirect=a.example", match=Match.SPF)
    (record,) = json.loads(render("domain-connect", whole(redirected)))["records"]
    assert record["spfRules"] == "include:a.example"


def test_the_mail_says_all_that_is_needed() -> None:
    """Who sends, which zone, names both ways, how much depends on it, and what to do about SPF."""
    domain = "mail.example.co.uk"
    recipes = [Recipe("scaleway-tem", {"project_id": "p" * 8, "public_key": KEY})]
    records = required_records(domain, recipes)
    text = render("mail", Export(zone="example.co.uk", domain=domain, records=records))
    for said in (
        f"{providers.get('scaleway-tem').name} will send mail from {domain}",
        "the DNS zone example.co.uk",
        "1. TXT record, required",
        f"Name:        _dmarc.{domain}",
        "In the zone: _dmarc.mail",
        "change that one and do not add a second",
        "255 characters",
    ):
        assert said in " ".join(text.split("\n")), said
    assert "://" not in text
    own = required_records(ZONE, [Recipe("generic", {"mechanism": "mx"})])
    assert "\n\nWe send mail from example.com. Please" in render("mail", whole(*own))


@pytest.mark.parametrize("slug", [*COMMENTED, "table", "mail"])
def test_an_existing_spf_record_is_not_doubled(slug: str) -> None:
    """Wherever there is room for a remark, it is said before a second SPF record is made."""
    spf = wanted("v=spf1 mx ~all", match=Match.SPF, mechanisms=("mx",))
    assert re.search("second", render(slug, whole(spf)))
    assert not re.search("second[^s]", render(slug, whole(wanted("x"))))


@pytest.mark.parametrize("domain", ["example.org", "badexample.com", "com"])
def test_a_domain_of_another_zone_is_refused(domain: str) -> None:
    """A name would be doubled or lost, so nothing is written at all."""
    with pytest.raises(ValueError, match=r"not in the zone example\.com\.$"):
        Export(zone=ZONE, domain=domain, records=())
