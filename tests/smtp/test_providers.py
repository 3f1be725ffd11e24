"""Every provider page: complete, consistent, and found by what people call it.

What each page leads to is in the golden files (tests/dnscheck/test_golden.py).
"""

import re

import pytest

from smtp.outcome import Security
from smtp.providers import PROVIDERS, choices, get
from smtp.providers.base import (
    Category,
    Confidence,
    Match,
    Port,
    Provider,
    Purpose,
    Scope,
)
from smtp.providers.search import TITLES, found, grouped

each_page = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda page: str(page.slug))


def test_the_menu_lists_every_page_once() -> None:
    """Slugs are unique, each leads to its page, and the generic page comes last."""
    slugs = [slug for slug, _name in choices()]
    assert len(set(slugs)) == len(slugs)
    assert slugs[-1] == "generic"
    assert [get(slug).slug for slug in slugs] == slugs


def test_no_name_leads_to_two_pages() -> None:
    """An alias belongs to one page and is no other page's slug."""
    names = [name for page in PROVIDERS for name in (page.slug, *page.aliases)]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert all(name == name.lower() for name in names)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        *(("ses", "aws-ses"), ("mandrill", "mailchimp-transactional"), ("sendinblue", "brevo")),
        *(
            ("office365", "microsoft365"),
            ("generic-smtp", "generic"),
            ("acs", "azure-communication-services"),
        ),
    ],
)
def test_a_page_is_found_by_its_other_names(name: str, slug: str) -> None:
    """Other programs and older habits call a service otherwise."""
    assert get(name).slug == slug


def test_an_unknown_name_is_an_error() -> None:
    """A slug that no page has is a mistake of ours."""
    with pytest.raises(KeyError):
        get("nobody")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        *(("postmark", "postmark"), ("Mandrill", "mailchimp-transactional")),
        *(("office", "microsoft365"), ("zoho mail", "zoho-mail"), ("smtp.zoho.eu", "zoho-mail")),
        *(("smtp.resend.com", "resend"), ("amazon ses", "aws-ses"), ("  ELASTX ", "elastx")),
        *(("email-smtp.us-east-2.amazonaws.com:587", "aws-ses"), ("a@gmail.com", "gmail")),
    ],
)
def test_search_finds_a_page_by_name_alias_or_host(text: str, first: str) -> None:
    """The best hit comes first."""
    assert found(text)[0].slug == first


def test_search_finds_nothing_for_nonsense_and_all_for_nothing() -> None:
    """An empty search leaves the list as it is."""
    assert found("xyzzy") == []
    assert len(found("")) == len(PROVIDERS)


def test_every_page_is_in_one_group_with_a_title() -> None:
    """The catalogue shows pages by kind."""
    shown = [page.slug for _title, pages in grouped() for page in pages]
    assert sorted(shown) == sorted(page.slug for page in PROVIDERS)
    assert set(TITLES) == set(Category)


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


@pytest.mark.parametrize("typed", ["user@domain.com\n", " user@domain.com ", "user@domain.com\r\n"])
def test_the_challenge_never_covers_a_line_end(typed: str) -> None:
    """What a shell's echo adds would give another digest."""
    expected = get("elastx").compute({"username": "user@domain.com"})
    assert get("elastx").compute({"username": typed}) == expected


@each_page
def test_a_recipe_is_complete_and_consistent(provider: Provider) -> None:
    """Placeholders can be filled, every record says why it is there and what it depends on."""
    inputs = {item.name: item for item in provider.inputs}
    known = {*inputs, *provider.compute({}), "domain", "domain_dashes"}
    for template in provider.recipe:
        assert template.placeholders <= known
        assert template.why.endswith(".")
        assert template.without.endswith(".")
        assert not (template.required and template.optional)
        assert bool(template.mechanisms) is (template.match is Match.SPF)
        assert template.value.startswith("v=spf1 ") is (template.match is Match.SPF)
        assert (template.priority is not None) is (template.type == "MX")
        assert template.match is not Match.MX_ONLY or template.purpose is Purpose.RETURN_PATH
        for name, values in template.when.items():
            assert set(values) <= set(inputs[name].choices)


@each_page
def test_inputs_can_be_asked_for(provider: Provider) -> None:
    """Patterns compile and accept the defaults; choices have words; only a key has many lines."""
    inputs = {item.name: item for item in provider.inputs}
    assert len(inputs) == len(provider.inputs)
    for item in provider.inputs:
        assert item.label
        assert item.multiline is (item.name == "public_key")
        assert set(item.labels) <= set(item.choices)
        assert not item.choices or item.default in item.choices
        assert not item.default or item.choices or re.fullmatch(item.pattern, item.default)
        for name, values in item.when.items():
            assert set(values) <= set(inputs[name].choices)
        if not item.choices and item.scope is Scope.DOMAIN:
            assert item.help.endswith(".")


@each_page
def test_patterns_mean_ascii_digits_and_letters(provider: Provider) -> None:
    """The classes for digits and letters would take those of every alphabet."""
    patterns = [item.pattern for item in provider.inputs]
    patterns += [shape.pattern for shape in provider.shapes]
    assert [pattern for pattern in patterns if re.search(r"\\[dw]", pattern)] == []


@each_page
def test_the_words_of_a_page_are_whole_sentences(provider: Provider) -> None:
    """What people read ends as sentences do."""
    texts = (provider.summary, provider.username, provider.password, provider.sender)
    further = (
        *(limit.text for limit in provider.limits),
        *(shape.message for shape in provider.shapes),
    )
    errors = [text for error in provider.errors for text in (error.cause, error.fix)]
    given = (
        provider.notice,
        provider.sandbox,
        *provider.steps,
        *provider.pitfalls,
        *further,
        *errors,
    )
    assert [text for text in (*texts, *filter(None, given)) if not text.endswith(".")] == []
    assert provider.steps


@each_page
def test_every_fact_has_a_source_and_says_how_sure_it_is(provider: Provider) -> None:
    """A page that was read, or a sentence about where else it comes from."""
    own = [record.source for record in provider.recipe]
    own += [limit.source for limit in provider.limits]
    own += [error.source for error in provider.errors]
    own += [provider.activity, provider.suppressions]
    sources = [provider.source, *provider.further_sources, *filter(None, own)]
    for source in sources:
        assert re.fullmatch(r"20\d\d(-\d\d)?", source.read)
        assert source.url.startswith("https://") or (not source.url and source.about)
        assert source.confidence is Confidence.HIGH or source.about.endswith(".")
    assert provider.source.url


@each_page
def test_rules_about_values_can_be_applied(provider: Provider) -> None:
    """Codes are unique, patterns compile, fields are those of a setting."""
    codes = [shape.code for shape in provider.shapes]
    assert len(set(codes)) == len(codes)
    for shape in provider.shapes:
        assert re.compile(shape.pattern)
        assert shape.field in ("username", "password", "from_address")
        assert re.fullmatch(r"[a-z0-9-]+\.[a-z-]+", shape.code)


@each_page
def test_a_page_offers_encryption_on_every_port(provider: Provider) -> None:
    """Only a server that captures mail for tests is spoken to in plain text."""
    assert provider.recommended in provider.ports
    plain = [port.number for port in provider.ports if port.security is Security.NONE]
    assert plain == ([1025] if provider.slug == "local-capture" else [])
    known = {465: Security.TLS, 587: Security.STARTTLS, 25: Security.STARTTLS}
    testing = provider.category is Category.TESTING
    wrong = [
        port
        for port in provider.ports
        if known.get(port.number, port.security) is not port.security
    ]
    assert testing or not wrong


@each_page
def test_the_hosts_of_a_page_are_its_own(provider: Provider) -> None:
    """The lint about foreign hosts never speaks of the host the preset fills in."""
    host = provider.host_for({})
    assert not host or provider.is_own_host(host)
    assert not provider.is_own_host("smtp.elsewhere.example")


def test_scaleway_recommends_the_port_that_gets_through() -> None:
    """Cloud hosts block 587; 2587 is the same service."""
    assert get("scaleway-tem").recommended == Port(2587, Security.STARTTLS)


def test_how_deep_each_checker_looks_into_spf() -> None:
    """Scaleway refuses nested includes, Elastx takes one level."""
    nesting = {page.slug: page.spf_nesting for page in PROVIDERS if page.spf_nesting is not None}
    assert nesting == {"elastx": 1, "scaleway-tem": 0}


def test_azure_demands_a_hard_end() -> None:
    """Its verifier does not accept ~all."""
    assert {page.slug: page.spf_all for page in PROVIDERS if page.spf_all} == {
        "azure-communication-services": "-all"
    }
