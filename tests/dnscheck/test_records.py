"""From recipes to the exact records, merged where only one may exist."""

import hashlib

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
from dnscheck.records import (
    Recipe,
    RequiredRecord,
    missing_inputs,
    publishable,
    required_records,
)
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


def test_what_is_published_by_mistake_is_known_with_its_cause() -> None:
    """The digest of `echo`, and those of other letters and of the sender; none is the right one."""
    account, sender = "User@domain.com", {"from_address": "news@shop.example"}
    slug, inputs = ELASTX
    wanted = required("shop.example", (slug, {**inputs, **sender, "username": account}))
    token = wanted["shop.example", "challenge"]
    causes = dict(token.slips)
    for text, cause in {
        f"{account}\n": "plain echo",
        account.lower(): "small letters",
        "news@shop.example": "From address",
    }.items():
        digest = hashlib.sha256(text.encode()).hexdigest()
        assert cause in causes[f"elastx-mrs={digest}"]
    in_small_letters = required("shop.example", ELASTX)["shop.example", "challenge"]
    assert token.value not in causes
    assert len(in_small_letters.slips) == len(token.slips) - 3  # without the sender's


def test_a_record_knows_the_settings_that_need_it() -> None:
    """Two accounts of one provider are told apart, also where they share a record."""
    slug, inputs = ELASTX
    recipes = [Recipe(slug, inputs, "7"), Recipe(slug, {**inputs, "username": "b@c.example"}, "8")]
    wanted = required_records("shop.example", recipes)
    senders = {record.purpose: record.senders for record in wanted}
    assert senders[Purpose.SPF] == (("elastx", "7"), ("elastx", "8"))
    tokens = [record.senders for record in wanted if record.purpose is Purpose.CHALLENGE]
    assert tokens == [(("elastx", "7"),), (("elastx", "8"),)]


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


def test_a_redirect_becomes_an_include_beside_a_second_provider() -> None:
    """Alone it stays as the provider writes it; with others it would count for nothing."""
    redirect = RequiredRecord(
        Purpose.SPF,
        "example.com",
        "TXT",
        "v=spf1 redirect=a.example",
        Match.SPF,
        mechanisms=("include:a.example",),
    )
    [alone] = required_records("example.com", [], [redirect])
    assert alone.value == redirect.value
    both = required_records("example.com", [Recipe(*ELASTX)], [redirect])
    [spf] = [record for record in both if record.match is Match.SPF]
    assert spf.value == "v=spf1 include:elastx.email include:a.example -all"
    assert spf.mechanisms == ("include:elastx.email", "include:a.example")


def test_the_end_a_provider_demands_wins() -> None:
    """Azure verifies only -all, whatever softer end stands beside it."""
    azure = RequiredRecord(
        Purpose.SPF,
        "example.com",
        "TXT",
        "v=spf1 include:spf.protection.outlook.com -all",
        Match.SPF,
        mechanisms=("include:spf.protection.outlook.com",),
        providers=("azure-communication-services",),
    )
    both = required_records("example.com", [Recipe(*GENERIC)], [azure])
    [spf] = [record for record in both if record.match is Match.SPF]
    assert spf.value == "v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com -all"
    published = ["v=spf1 include:spf.protection.outlook.com ~all"]
    assert publishable(azure, published) == azure.value


def test_every_address_for_reports_stays() -> None:
    """Two recipes, two mailboxes, one policy."""
    first = ("generic", {"rua": "a@example.com"})
    second = ("generic", {"rua": "b@example.com"})
    [dmarc] = required("example.com", first, second).values()
    assert dmarc.value == "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.com"


def test_other_records_are_published_as_wanted() -> None:
    """What stands at the name of a key or a token is not merged into it."""
    [key] = [
        record
        for record in required("example.com", ELASTX).values()
        if record.match is Match.DKIM_KEY
    ]
    assert publishable(key, ["v=DKIM1; p="]) == key.value


def test_what_is_missing_is_told_before_anything_is_published() -> None:
    """The inputs a console has to give yet."""
    missing = missing_inputs(Recipe("aws-ses", {"token1": "a"}))
    assert [item.name for item in missing] == ["token2", "token3"]
    assert missing_inputs(Recipe("elastx", dict(ELASTX[1]))) == ()


def test_an_unknown_provider_is_an_error() -> None:
    """A slug that no page has is a mistake of ours."""
    with pytest.raises(KeyError):
        required_records("example.com", [Recipe("nobody", {})])


def test_a_recommended_mechanism_does_not_become_required_by_merging() -> None:
    """WorkMail's include is advice: beside Hostinger it is in the value, and no fault if absent."""
    hostinger: tuple[str, Inputs] = ("hostinger", {})
    workmail = ("amazon-workmail", {"token": "x", "token1": "a", "token2": "b", "token3": "c"})
    spf = required("example.com", workmail, hostinger)["example.com", "spf"]
    assert "include:amazonses.com" in spf.value
    assert spf.mechanisms == ("include:_spf.mail.hostinger.com",)
