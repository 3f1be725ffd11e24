"""From recipes to the exact records, merged where only one may exist."""

import pytest

from config.lab.zones import (
    CHALLENGE,
    ELASTX,
    GENERIC,
    KEY,
    PROJECT,
    SCALEWAY,
    SES,
    TOKENS,
    Inputs,
)
from dnscheck.records import Recipe, RequiredRecord, missing_inputs, required_records
from smtp.providers.base import Match, Purpose

NAMES = ["example.com", "mail.example.co.uk"]


def required(domain: str, *recipes: tuple[str, Inputs]) -> dict[tuple[str, str], RequiredRecord]:
    """Return the records of these recipes by name and purpose."""
    wanted = required_records(domain, [Recipe(slug, inputs) for slug, inputs in recipes])
    return {(record.name, record.purpose.value): record for record in wanted}


@pytest.mark.parametrize("domain", NAMES)
def test_elastx(domain: str) -> None:
    """Challenge from the account name, SPF, DKIM; DMARC as advice."""
    seen = required(domain, ELASTX)
    assert {key: record.value for key, record in seen.items()} == {
        (domain, "challenge"): CHALLENGE,
        (domain, "spf"): "v=spf1 include:elastx.email -all",
        (f"elastx._domainkey.{domain}", "dkim"): f"v=DKIM1; p={KEY}",
        (f"_dmarc.{domain}", "dmarc"): "v=DMARC1; p=quarantine; adkim=r; aspf=r;",
    }
    assert not seen[f"_dmarc.{domain}", "dmarc"].required


@pytest.mark.parametrize("domain", NAMES)
def test_scaleway(domain: str) -> None:
    """SPF, DKIM under the project's id, DMARC required."""
    seen = required(domain, SCALEWAY)
    assert seen[domain, "spf"].mechanisms == ("include:_spf.tem.scaleway.com",)
    dkim = seen[f"{PROJECT}._domainkey.{domain}", "dkim"]
    assert dkim.value == f"v=DKIM1; h=sha256; k=rsa; p={KEY}"
    assert seen[f"_dmarc.{domain}", "dmarc"].required


@pytest.mark.parametrize("domain", NAMES)
def test_ses(domain: str) -> None:
    """Three aliases; with a MAIL FROM subdomain its MX and SPF, and nothing at the apex."""
    seen = required(domain, SES)
    for token in TOKENS:
        alias = seen[f"{token}._domainkey.{domain}", "dkim"]
        assert (alias.type, alias.value) == ("CNAME", f"{token}.dkim.amazonses.com")
    bounce = seen[f"bounce.{domain}", "return_path"]
    assert (bounce.value, bounce.match) == ("feedback-smtp.eu-west-1.amazonses.com", Match.MX_ONLY)
    assert seen[f"bounce.{domain}", "spf"].value == "v=spf1 include:amazonses.com ~all"
    assert (domain, "spf") not in seen
    without = required(domain, ("aws-ses", {**SES[1], "mail_from": ""}))
    assert {record.purpose for record in without.values()} == {Purpose.DKIM, Purpose.DMARC}


def test_a_region_with_a_zone_of_its_own_gets_it() -> None:
    """Easy DKIM's targets are regional in some regions."""
    seen = required("example.com", ("aws-ses", {**SES[1], "region": "ap-northeast-3"}))
    alias = seen[f"{TOKENS[0]}._domainkey.example.com", "dkim"]
    assert alias.value == f"{TOKENS[0]}.dkim.ap-northeast-3.amazonses.com"


def test_generic_asks_only_for_what_was_given() -> None:
    """Nothing given, nothing required."""
    assert required("example.com", ("generic", {})) == {}
    only_spf = required("example.com", ("generic", {"mechanism": "mx"}))
    assert [record.value for record in only_spf.values()] == ["v=spf1 mx ~all"]


def test_two_providers_share_one_spf_and_one_dmarc_record() -> None:
    """Order kept, nothing twice, the softer end, the policy that only watches."""
    seen = required("example.com", ELASTX, SCALEWAY, GENERIC, ELASTX)
    spf = seen["example.com", "spf"]
    assert spf.value == (
        "v=spf1 include:elastx.email include:_spf.tem.scaleway.com ip4:192.0.2.1 ~all"
    )
    assert spf.mechanisms == (
        "include:elastx.email",
        "include:_spf.tem.scaleway.com",
        "ip4:192.0.2.1",
    )
    assert spf.providers == ("elastx", "scaleway-tem", "generic")
    dmarc = seen["_dmarc.example.com", "dmarc"]
    assert (dmarc.value, dmarc.required) == ("v=DMARC1; p=none", True)


def test_what_is_missing_is_told_before_anything_is_published() -> None:
    """The inputs a console has to give yet."""
    missing = missing_inputs(Recipe("aws-ses", {"token1": "a"}))
    assert [item.name for item in missing] == ["token2", "token3"]
    assert missing_inputs(Recipe("elastx", dict(ELASTX[1]))) == ()


def test_an_unknown_provider_is_an_error() -> None:
    """A slug that no page has is a mistake of ours."""
    with pytest.raises(KeyError):
        required_records("example.com", [Recipe("nobody", {})])
