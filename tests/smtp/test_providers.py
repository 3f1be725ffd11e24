"""Every provider page: what it asks for, and the very records it leads to for example.com."""

import re
import string
from collections.abc import Mapping

import pytest

from smtp.outcome import Security
from smtp.providers import PROVIDERS, choices, get
from smtp.providers.base import Match, Port, Provider, Purpose, RecordTemplate, Scope

KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3XUCvNvR"
PROJECT = "6a4c31e5-0f3b-4c8e-9d7a-2b1c0d9e8f70"
GIVEN: dict[str, dict[str, str]] = {
    "aws-ses": {
        "region": "eu-west-1",
        "token1": "aaa111",
        "token2": "bbb222",
        "token3": "ccc333",
        "mail_from": "bounce",
    },
    "elastx": {"username": "user@domain.com", "public_key": KEY},
    "scaleway-tem": {"project_id": PROJECT, "public_key": KEY},
    "generic": {
        "mechanism": "ip4:192.0.2.1",
        "selector": "mail",
        "public_key": KEY,
        "rua": "reports@example.com",
    },
}


def placeholders(template: RecordTemplate) -> set[str]:
    """Return the names in braces."""
    texts = (template.host, template.value, *template.mechanisms)
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def published(provider: Provider, inputs: Mapping[str, str]) -> list[tuple[str, str, str, bool]]:
    """Return host, type, value and whether it is required of each record these inputs lead to."""
    values = {item.name: item.default for item in provider.inputs} | dict(inputs)
    values |= {**provider.compute(values), "domain": "example.com"}
    return [
        (
            template.host.format_map(values),
            template.type,
            template.value.format_map(values),
            template.required,
        )
        for template in provider.recipe
        if all(values[name] for name in placeholders(template))
    ]


def test_the_menu_lists_every_page_once() -> None:
    """Slugs are unique, and the generic page comes last."""
    slugs = [slug for slug, _name in choices()]
    assert slugs == ["aws-ses", "elastx", "scaleway-tem", "generic"]
    assert [get(slug).slug for slug in slugs] == slugs


def test_ses_asks_for_these_records() -> None:
    """Three aliases, the return path with its own SPF, and a DMARC suggestion."""
    assert published(get("aws-ses"), GIVEN["aws-ses"]) == [
        ("aaa111._domainkey", "CNAME", "aaa111.dkim.amazonses.com", True),
        ("bbb222._domainkey", "CNAME", "bbb222.dkim.amazonses.com", True),
        ("ccc333._domainkey", "CNAME", "ccc333.dkim.amazonses.com", True),
        ("bounce", "MX", "feedback-smtp.eu-west-1.amazonses.com", True),
        ("bounce", "TXT", "v=spf1 include:amazonses.com ~all", True),
        ("_dmarc", "TXT", "v=DMARC1; p=none;", False),
    ]


def test_ses_without_a_mail_from_domain_wants_no_return_path() -> None:
    """SPF and MX belong to the MAIL FROM subdomain and to nothing else."""
    records = published(get("aws-ses"), GIVEN["aws-ses"] | {"mail_from": ""})
    assert [kind for _host, kind, _value, _required in records] == ["CNAME"] * 3 + ["TXT"]


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("eu-west-1", "dkim.amazonses.com"),
        ("us-east-1", "dkim.amazonses.com"),
        ("us-gov-east-1", "dkim.us-gov-east-1.amazonses.com"),
        ("ap-northeast-3", "dkim.ap-northeast-3.amazonses.com"),
        ("", "dkim.amazonses.com"),
    ],
)
def test_some_regions_have_a_dkim_zone_of_their_own(region: str, zone: str) -> None:
    """The alias of a region with its own zone points there, that of all others does not."""
    assert get("aws-ses").compute({"region": region}) == {"dkim_zone": zone}


def test_elastx_asks_for_these_records() -> None:
    """The challenge is the digest of the account, letter for letter."""
    challenge = "f7ee5ec7312165148b69fcca1d29075b14b8aef0b5048a332b18b88d09069fb7"
    assert published(get("elastx"), GIVEN["elastx"]) == [
        ("@", "TXT", f"elastx-mrs={challenge}", True),
        ("@", "TXT", "v=spf1 include:elastx.email -all", True),
        ("elastx._domainkey", "TXT", f"v=DKIM1; p={KEY}", True),
        ("_dmarc", "TXT", "v=DMARC1; p=quarantine; adkim=r; aspf=r;", False),
    ]


@pytest.mark.parametrize("typed", ["user@domain.com\n", " user@domain.com ", "user@domain.com\r\n"])
def test_the_challenge_never_covers_a_line_end(typed: str) -> None:
    """What a shell's echo adds would give another digest."""
    expected = get("elastx").compute({"username": "user@domain.com"})
    assert get("elastx").compute({"username": typed}) == expected


def test_there_is_no_challenge_without_an_account() -> None:
    """The digest of nothing must not be published."""
    records = published(get("elastx"), {"username": "", "public_key": ""})
    assert [value for _host, _kind, value, _required in records] == [
        "v=spf1 include:elastx.email -all",
        "v=DMARC1; p=quarantine; adkim=r; aspf=r;",
    ]


def test_scaleway_asks_for_these_records() -> None:
    """SPF, DKIM and DMARC are wanted; the MX is only a stand-in."""
    assert published(get("scaleway-tem"), GIVEN["scaleway-tem"]) == [
        ("@", "TXT", "v=spf1 include:_spf.tem.scaleway.com -all", True),
        (f"{PROJECT}._domainkey", "TXT", f"v=DKIM1; h=sha256; k=rsa; p={KEY}", True),
        ("_dmarc", "TXT", "v=DMARC1; p=none", True),
        ("@", "MX", "blackhole.tem.scaleway.com", False),
    ]


def test_a_generic_server_asks_for_what_was_given() -> None:
    """Each record appears with the inputs it needs, and not before."""
    assert published(get("generic"), GIVEN["generic"]) == [
        ("@", "TXT", "v=spf1 ip4:192.0.2.1 ~all", True),
        ("mail._domainkey", "TXT", f"v=DKIM1; k=rsa; p={KEY}", True),
        ("_dmarc", "TXT", "v=DMARC1; p=none; rua=mailto:reports@example.com", False),
    ]
    assert published(get("generic"), {"selector": "mail"}) == []


@pytest.mark.parametrize(
    ("slug", "inputs", "host"),
    [
        ("aws-ses", {}, "email-smtp.eu-west-1.amazonaws.com"),
        ("aws-ses", {"region": "us-east-2"}, "email-smtp.us-east-2.amazonaws.com"),
        ("elastx", {}, "smtp.elastx.email"),
        ("scaleway-tem", {}, "smtp.tem.scaleway.com"),
        ("generic", {}, ""),
    ],
)
def test_the_host_follows_from_the_inputs(slug: str, inputs: dict[str, str], host: str) -> None:
    """Only SES has a host for each region; a generic server's host is typed."""
    assert get(slug).host_for(inputs) == host


@pytest.mark.parametrize(
    ("slug", "scope", "required", "optional"),
    [
        ("aws-ses", Scope.SETTING, ["region"], []),
        ("aws-ses", Scope.DOMAIN, ["token1", "token2", "token3"], ["mail_from"]),
        ("elastx", Scope.SETTING, [], []),
        ("elastx", Scope.DOMAIN, ["username"], ["public_key"]),
        ("scaleway-tem", Scope.DOMAIN, ["project_id", "public_key"], []),
        ("generic", Scope.DOMAIN, [], ["mechanism", "selector", "public_key", "rua"]),
    ],
)
def test_each_page_asks_for_these_inputs(
    slug: str, scope: Scope, required: list[str], optional: list[str]
) -> None:
    """Forms are built from this list."""
    asked = get(slug).inputs_for(scope)
    assert [item.name for item in asked if item.required] == required
    assert [item.name for item in asked if not item.required] == optional


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: str(provider.slug))
def test_a_page_is_complete_and_consistent(provider: Provider) -> None:
    """Placeholders can be filled, patterns compile, every record says why it is there."""
    known = {item.name for item in provider.inputs} | {"domain"}
    known |= set(provider.compute(GIVEN[provider.slug]))
    for template in provider.recipe:
        assert placeholders(template) <= known
        assert template.why
        assert template.without
        assert bool(template.mechanisms) is (template.match is Match.SPF)
        assert (template.priority is not None) is (template.type == "MX")
    for item in provider.inputs:
        assert item.label
        assert re.compile(item.pattern)
        assert item.default in ("", *item.choices)
        assert item.multiline is (item.name == "public_key")
    assert provider.recommended in provider.ports
    texts = (provider.summary, provider.username, provider.password, provider.sender)
    assert all(text.endswith(".") for text in (*texts, *provider.steps, *provider.pitfalls))
    assert provider.source.url.startswith("https://")


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: str(provider.slug))
def test_a_page_offers_encryption_on_every_port(provider: Provider) -> None:
    """No page leads anybody to send in plain text, and ports 465 and 2465 are TLS."""
    for port in provider.ports:
        expected = Security.TLS if port.number in (465, 2465) else Security.STARTTLS
        assert port == Port(port.number, expected)


def test_scaleway_recommends_the_port_that_gets_through() -> None:
    """Cloud hosts block 587; 2587 is the same service."""
    assert get("scaleway-tem").recommended == Port(2587, Security.STARTTLS)


def test_only_scaleway_refuses_nested_includes() -> None:
    """How deep each provider's own checker looks into SPF."""
    nesting = {provider.slug: provider.spf_nesting for provider in PROVIDERS}
    assert nesting == {"aws-ses": None, "elastx": 1, "scaleway-tem": 0, "generic": None}


def test_the_return_path_has_one_mail_server_only() -> None:
    """A second MX record at the MAIL FROM domain makes SES give up."""
    paths = [item for item in get("aws-ses").recipe if item.purpose is Purpose.RETURN_PATH]
    assert [item.match for item in paths] == [Match.MX_ONLY]
