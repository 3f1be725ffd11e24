"""Records as the DNS host wants them, and as other tools want them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.lab.zones import KEY
from dnscheck import required, verification
from dnscheck.answers import Reason
from dnscheck.exports import FORMATS
from dnscheck.models import SendingDomain
from dnscheck.pages.budgets import budgets_of
from dnscheck.pages.handout import place_of
from dnscheck.spf.forecast import Forecast, Problem, Step
from tests.factories import make_domain, make_setting, make_tenant, make_user
from tests.fakes import NOW, Clock, FakeDns

pytestmark = pytest.mark.django_db(transaction=True)

NAME, ZONE = "news.example.co.uk", "example.co.uk"
POSTMARK = (("postmark", {"selector": "20260519pm", "public_key": KEY}),)
SCALEWAY = (("generic", {"mechanism": "include:_spf.one.example"}),)
PORKBUN = ("curitiba.ns.porkbun.com", "maceio.ns.porkbun.com")
CLOUDFLARE = ("ada.ns.cloudflare.com", "bob.ns.cloudflare.com")


def zone(*servers: str, **further: tuple[str, ...]) -> FakeDns:
    """Return a DNS in which the zone has these name servers; more TXT by name."""
    records: dict[tuple[str, str], Any] = {
        (ZONE, "SOA"): ("ns.host.example. hostmaster.host.example. 1 3600 600 86400 60",),
        (ZONE, "NS"): servers,
        (NAME, "A"): ("192.0.2.80",),
    }
    records |= {(name, "TXT"): texts for name, texts in further.items()}
    return FakeDns(records)


def checked(dns: FakeDns, recipes: Any = POSTMARK, **fields: Any) -> SendingDomain:
    """Make a domain, check it once and return its row."""
    row = make_domain(name=NAME, recipes=recipes, next_check_at=NOW, **fields)
    assert verification.verify_domain(row.pk, clock=Clock(), make_resolver=lambda: dns)
    return SendingDomain.objects.get(pk=row.pk)


@pytest.fixture
def owner() -> User:
    """Return the owner of the tenant."""
    return make_user()


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    """Return a browser in which the owner is logged in."""
    client.force_login(owner)
    return client


def test_a_check_finds_the_zone_and_its_host() -> None:
    """The zone is found by its SOA record, the host by the zone's name servers."""
    place = place_of(checked(zone(*PORKBUN)))
    assert (place.zone, place.host.name, place.is_known) == (ZONE, "Porkbun", True)
    assert not place.recognised.is_mixed


def test_before_any_check_the_zone_is_what_is_usual() -> None:
    """The registered domain, and no host."""
    place = place_of(make_domain(name=NAME))
    assert (place.zone, place.host.slug, place.is_known) == (ZONE, "other", False)


def test_a_zone_that_cannot_be_asked_for_is_not_forgotten() -> None:
    """Silence says nothing about the zone."""
    row = checked(zone(*PORKBUN))
    SendingDomain.objects.filter(pk=row.pk).update(next_check_at=NOW)
    silent = FakeDns(default=Reason.TIMEOUT)
    assert verification.verify_domain(row.pk, clock=Clock(), make_resolver=lambda: silent)
    assert place_of(SendingDomain.objects.get(pk=row.pk)).host.name == "Porkbun"


def test_two_hosts_at_once_are_reported(browser: Client, owner: User) -> None:
    """A half finished move shows, and nobody is told that one of them is the host."""
    row = checked(zone(PORKBUN[0], CLOUDFLARE[0]), tenant=make_tenant(owner=owner))
    assert place_of(row).recognised.is_mixed
    assert place_of(row).host.slug == "other"
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "served by more than one company" in page


def test_names_are_typed_relative_to_the_zone(browser: Client, owner: User) -> None:
    """Not to the sending domain; the host's own word stands before the field, with its trap."""
    row = checked(zone(*PORKBUN), tenant=make_tenant(owner=owner))
    page = browser.get(row.get_absolute_url()).content.decode()
    assert 'data-copy="20260519pm._domainkey.news"' in page
    assert "In full: 20260519pm._domainkey.news.example.co.uk" in page
    assert place_of(row).host.trap in page.replace("&#x27;", "'")


def test_another_host_can_be_chosen_and_left_again(browser: Client, owner: User) -> None:
    """The choice by hand wins over what the name servers say; nonsense is not found."""
    row = checked(zone(*PORKBUN), tenant=make_tenant(owner=owner))
    there = reverse("dnscheck:host", args=[row.pk])
    browser.post(there, {"dns_host": "route53"})
    assert place_of(SendingDomain.objects.get(pk=row.pk)).host.slug == "route53"
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "as chosen here" in page
    assert "&quot;k=rsa;p=" in page  # Route 53 wants quotes
    assert browser.post(there, {"dns_host": "nobody"}).status_code == 404
    browser.post(there, {"dns_host": ""})
    assert place_of(SendingDomain.objects.get(pk=row.pk)).host.slug == "porkbun"


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: str(format.slug))
def test_every_format_is_shown_and_handed_out(browser: Client, owner: User, format: Any) -> None:
    """As a page with a copy button and as a file that no browser runs."""
    row = checked(zone(*PORKBUN), tenant=make_tenant(owner=owner))
    there = reverse("dnscheck:export", args=[row.pk, format.slug])
    assert "20260519pm._domainkey" in browser.get(there).content.decode()
    file = browser.get(there, {"download": ""})
    assert (
        file["Content-Disposition"] == f'attachment; filename="{NAME}-{format.slug}{format.suffix}"'
    )
    assert "javascript" not in file["Content-Type"]
    assert "html" not in file["Content-Type"]
    assert "20260519pm._domainkey" in file.content.decode()


def test_an_unknown_format_is_not_found(browser: Client, owner: User) -> None:
    """There is no such page."""
    row = make_domain(make_tenant(owner=owner), recipes=POSTMARK)
    assert browser.get(reverse("dnscheck:export", args=[row.pk, "word"])).status_code == 404


def test_an_export_keeps_what_is_published(browser: Client, owner: User) -> None:
    """The one SPF record is the published one with the provider's mechanism in it."""
    dns = zone(
        *PORKBUN, **{NAME: ("v=spf1 mx include:old.example -all",), "old.example": ("v=spf1 -all",)}
    )
    row = checked(dns, SCALEWAY, tenant=make_tenant(owner=owner))
    text = browser.get(reverse("dnscheck:export", args=[row.pk, "bind"]), {"download": ""})
    assert "v=spf1 mx include:old.example include:_spf.one.example -all" in text.content.decode()


def exported(browser: Client, row: SendingDomain) -> str:
    """Return the zone file of a domain's records."""
    there = reverse("dnscheck:export", args=[row.pk, "bind"])
    return browser.get(there, {"download": ""}).content.decode()


def again(row: SendingDomain, dns: FakeDns) -> None:
    """Check a domain once more."""
    SendingDomain.objects.filter(pk=row.pk).update(next_check_at=NOW)
    assert verification.verify_domain(row.pk, clock=Clock(), make_resolver=lambda: dns)


def test_silence_does_not_make_an_export_forget(browser: Client, owner: User) -> None:
    """What was published when it was last seen is kept, also while nothing can be asked."""
    published = {NAME: ("v=spf1 mx -all",), f"_dmarc.{NAME}": ("v=DMARC1; p=reject",)}
    recipes = (("generic", {"mechanism": "mx", "rua": "a@news.example.co.uk"}),)
    row = checked(zone(*PORKBUN, **published), recipes, tenant=make_tenant(owner=owner))
    again(row, FakeDns(default=Reason.TIMEOUT))
    assert '"v=spf1 mx -all"' in exported(browser, row)
    assert "p=reject" in exported(browser, row)


def test_a_second_provider_does_not_make_an_export_forget(browser: Client, owner: User) -> None:
    """Before the next check, too, the record now published is kept beside the new include."""
    row = checked(
        zone(*PORKBUN, **{NAME: ("v=spf1 mx ip4:192.0.2.9 -all",)}),
        (("generic", {"mechanism": "mx"}),),
        tenant=make_tenant(owner=owner),
    )
    row.recipes.create(provider="mailjet", inputs={"public_key": KEY})
    assert "v=spf1 mx ip4:192.0.2.9 include:spf.mailjet.com -all" in exported(browser, row)


def test_a_domain_whose_values_are_not_all_known_is_not_verified() -> None:
    """Records that cannot be told are not there to be checked, so nothing is proven by the rest."""
    dns = zone(*PORKBUN, **{NAME: ("v=spf1 include:spf.mailjet.com ~all",)})
    row = checked(dns, (("mailjet", {}),))
    assert row.verdict == "pending"
    assert [finding["code"] for finding in row.checks.get().findings] == ["recipe.incomplete"]


def test_a_setting_that_went_over_to_another_provider_lends_nothing() -> None:
    """Its region and user name belong to the other service."""
    row = make_domain(name=NAME)
    setting = make_setting(row.tenant, provider="sparkpost", inputs={"region": "eu"})
    recipe = row.recipes.create(provider="aws-ses", setting=setting, inputs={})
    assert required.recipe_inputs(recipe) == {}


def test_an_alias_beside_other_records_is_a_conflict(browser: Client, owner: User) -> None:
    """Two providers that want one name are told apart before a zone refuses to load."""
    resend = ("resend", {"public_key": KEY, "send": "send"})
    mailersend = ("mailersend", {"return_path": "send"})
    row = checked(zone(*PORKBUN), (resend, mailersend), tenant=make_tenant(owner=owner))
    seen = row.checks.get().records.filter(name=f"send.{NAME}")
    codes = [finding["code"] for record in seen for finding in record.findings]
    assert codes == ["recipe.two-kinds"] * len(codes)
    assert codes
    assert "only one kind can be there" in exported(browser, row).replace("\n; ", " ")


def test_many_values_at_one_name_neither_flap_nor_hide_the_policy() -> None:
    """Servers change the order: what is kept is the same each time, and the SPF record is in it."""
    texts = tuple(f"token={number}" for number in range(60))
    spf = "v=spf1 include:_spf.one.example -all"
    one = {"_spf.one.example": ("v=spf1 ip4:192.0.2.1 -all",)}
    row = checked(zone(*PORKBUN, **{NAME: (*texts, spf)}, **one), SCALEWAY)
    again(row, zone(*PORKBUN, **{NAME: (spf, *reversed(texts))}, **one))
    check = row.checks.get()
    assert spf in check.records.get().observed


def test_the_cost_of_spf_is_told_before_anything_is_published(browser: Client, owner: User) -> None:
    """The record that would be published is walked, and too many look-ups are warned of."""
    many = " ".join(f"include:n{number}.one.example" for number in range(10))
    further = {f"n{number}.one.example": ("v=spf1 ip4:192.0.2.1 -all",) for number in range(10)}
    dns = zone(*PORKBUN, **{"_spf.one.example": (f"v=spf1 {many} -all",), **further})
    row = checked(dns, SCALEWAY, tenant=make_tenant(owner=owner))
    [budget] = budgets_of(row)
    assert (budget.cost.lookups, budget.cost.complete, budget.status) == (11, True, "wrong")
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "11 of 10" in page
    codes = [finding["code"] for finding in row.checks.get().records.get().findings]
    assert "spf.forecast-too-many-lookups" in codes


def test_the_tree_behind_spf_is_shown_whole(browser: Client, owner: User) -> None:
    """Every term as written, at its depth, with its look-ups, those that find nothing, and why."""
    further = {
        "_spf.one.example": ("v=spf1 a:gone.example include:two.example ip4:192.0.2.1 -all",),
        "two.example": ("v=spf1 include:nowhere.example include:%{i}.two.example -all",),
    }
    row = checked(zone(*PORKBUN, **further), SCALEWAY, tenant=make_tenant(owner=owner))
    page = browser.get(row.get_absolute_url()).content.decode()
    tree = page[page.index('<ul class="tree">') :]
    order = ["_spf.one.example", "a:gone.example", "include:two.example", "include:nowhere.example"]
    assert [tree.index(f"{term}</code>") for term in order] == sorted(
        tree.index(f"{term}</code>") for term in order
    )
    assert tree.count('<ul class="tree">') == 3
    assert tree.count("<details open>") == 2  # there is something to see in either
    for said in (
        "5 look-ups, 4 of them behind it, 2 find nothing",
        "1 look-up, finds nothing",
        "3 look-ups, 2 of them behind it, 1 finds nothing",
        "No such name: receivers stop here with an error.",
        "Depends on each mail, so what is behind it cannot be counted.",
    ):
        assert said in tree
    assert "at least 5 of 10" in page


def test_a_branch_without_trouble_is_folded(browser: Client, owner: User) -> None:
    """What costs look-ups and nothing else is a click away."""
    further = {"_spf.one.example": ("v=spf1 include:two.example -all",), "two.example": ("v=spf1",)}
    row = checked(zone(*PORKBUN, **further), SCALEWAY, tenant=make_tenant(owner=owner))
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "2 look-ups, 1 of them behind it" in page
    assert "<details><summary>" in page[page.index('<ul class="tree">') :]
    assert "find nothing" not in page


def hostile(depth: int) -> Step:
    """Return a term that leads to others, down to a depth, each with all that can be wrong."""
    term = "include:" + "a" * 292
    ends = tuple(Step(term, 1, 1, problem) for problem in Problem)
    behind = (*(() if depth == 0 else (hostile(depth - 1),)), *ends)
    return Step(term, 1 + sum(step.lookups for step in behind), 1, Problem.NONE, behind)


def test_a_hostile_tree_is_folded_and_bounded(browser: Client, owner: User) -> None:
    """Ten deep, hundreds of terms of 300 characters: all is there, and nothing of it is open."""
    steps = (hostile(10), *(Step("a:" + "b" * 298, voids=1) for _ in range(100)))
    cost = Forecast("v=spf1 " + "x" * 4_000, 299, 100, steps, complete=False)
    row = make_domain(
        make_tenant(owner=owner), NAME, POSTMARK, spf_forecasts={NAME: cost.as_json()}
    )
    page = browser.get(row.get_absolute_url()).content.decode()
    card = page[page.index('<section class="card on-screen budget">') :]
    assert card.count("<code>include:aaa") == 11 * (1 + len(Problem))
    assert card.count("<code>a:bbb") == 100
    assert "<details open>" not in card
    assert "The record, 4007 characters" in card
    assert "at least 299 of 10" in card
    assert len(page) < 300_000


def test_a_term_with_markup_is_text(browser: Client, owner: User) -> None:
    """What somebody else's record says is shown, not obeyed."""
    cost = Forecast("v=spf1 a:<b>", 1, 0, (Step("a:<script>", 1),), complete=True)
    row = make_domain(
        make_tenant(owner=owner), NAME, POSTMARK, spf_forecasts={NAME: cost.as_json()}
    )
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "<code>a:&lt;script&gt;</code>" in page
    assert "<b>" not in page


def test_a_record_that_could_not_be_read_has_no_known_cost(browser: Client, owner: User) -> None:
    """The look-ups of what is published may come on top, so nothing is called good."""
    row = checked(
        FakeDns(default=Reason.TIMEOUT),
        (("generic", {"mechanism": "ip4:192.0.2.1"}),),
        tenant=make_tenant(owner=owner),
    )
    shown = browser.get(row.get_absolute_url())
    [budget] = shown.context["page"].budgets
    assert (budget.cost.lookups, budget.is_exact, budget.status) == (0, False, "unknown")
    assert "What it holds besides comes on top." in shown.content.decode()


def test_a_new_provider_says_what_it_adds_to_spf(browser: Client, owner: User) -> None:
    """Before it is added, the page adds its include to what the record costs now."""
    one = {"_spf.one.example": ("v=spf1 include:two.example -all",), "two.example": ("v=spf1",)}
    row = checked(zone(*PORKBUN, **one), SCALEWAY, tenant=make_tenant(owner=owner))
    there = reverse("dnscheck:recipe_add", args=[row.pk])
    page = browser.get(there, {"provider": "mailjet"}).content.decode()
    assert "include:spf.mailjet.com" in page
    assert "takes 2 of 10 DNS look-ups now, and would take at least 3" in page
    other = browser.get(there, {"provider": "postmark"}).content.decode()
    assert "What it adds to SPF" not in other


def test_an_optional_record_that_is_not_there_is_no_finding() -> None:
    """Scaleway's stand-in for a mail server is missed by nobody."""
    inputs = {"project_id": "0a1b2c3d-1111-4222-8333-444455556666", "public_key": KEY}
    row = checked(zone(*PORKBUN), (("scaleway-tem", inputs),))
    [stand_in] = row.checks.get().records.filter(type="MX")
    assert (stand_in.verdict, stand_in.findings) == ("missing", [])


def test_a_zone_at_another_host_than_was_named_is_told() -> None:
    """Edits at a host that does not serve the zone are seen by nobody."""
    row = checked(zone(*PORKBUN), dns_host="cloudflare")
    codes = [finding["code"] for finding in row.checks.get().findings]
    assert "view.other-host" in codes
