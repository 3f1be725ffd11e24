"""The page of failover: which settings a domain's mail passes through, and what breaks."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.lab.zones import KEY
from dnscheck import verification
from dnscheck.alignment.pairs import Pair, Why
from dnscheck.models import DomainRecipe, SendingDomain
from dnscheck.pages.failover import MOST_COLUMNS
from dnscheck.pages.gaps import cover_of, gap_of
from tenants.cover import Sender, Setting, packed
from tenants.models import Tenant
from tenants.pages.readiness import readiness
from tests.factories import make_domain, make_health, make_setting, make_tenant, make_user
from tests.fakes import NOW, Clock, FakeDns

pytestmark = pytest.mark.django_db

LATER = timezone.now() + dt.timedelta(days=1)


def way(tenant: Tenant, name: str, provider: str, state: str = "working", **fields: Any) -> Any:
    """Make an enabled setting of which this is known."""
    found = make_setting(tenant, name=name, provider=provider, **{"enabled": True, **fields})
    if state:
        bad = {} if state == "working" else {"bad_since": timezone.now()}
        make_health(found, state=state, **bad)
    return found


def judged(tenant: Tenant, name: str, *found: tuple[Any, bool | None], **fields: Any) -> Any:
    """Make a domain as a check leaves it that found this of the mail of settings."""
    told = [
        {
            **{"provider": one.provider, "setting": str(one.pk), "passes": passes},
            **{"dkim": "ok" if passes else "missing", "spf": "missing", "too_strict": []},
            "sentence": f"So it is with {one.name}.",
        }
        for one, passes in found
    ]
    senders = packed(Sender(one.provider, str(one.pk), passes) for one, passes in found)
    values = {"dmarc_policy": "reject", "verdict": "verified", "next_check_at": LATER, **fields}
    domain = make_domain(tenant, name, outlooks=told, senders=senders, **values)
    for one, _passes in found:
        DomainRecipe.objects.create(domain=domain, provider=one.provider, setting=one)
    return domain


def page(client: Client, tenant: Tenant, query: str = "") -> Any:
    """Open the page of a tenant."""
    return client.get(reverse("dnscheck:failover", args=[tenant.slug]) + query)


@pytest.fixture
def as_editor(client: Client, editor: User, tenant: Tenant) -> Client:
    """Return a browser in which the editor is logged in."""
    client.force_login(editor)
    return client


def text_of(answer: Any) -> str:
    """Return the words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


PASSES, FAILS = (
    Pair(True, Why.FOUND, {"sentence": "Passes."}),
    Pair(False, Why.FOUND, {"sentence": "Bad."}),
)
OPEN = Pair(None, Why.FOUND, {"sentence": "Could not ask."})
NONE, OTHER = Pair(False, Why.NOT_EXPECTED), Pair(None, Why.OF_ANOTHER)
BARE, WAITING = Pair(False, Why.NO_RECORDS), Pair(None, Why.UNCHECKED)
MAIN = Setting(1, "Main", "postmark", logs_in=True)
SPARE = Setting(2, "Spare", "aws-ses", logs_in=True)
UNTRIED = Setting(2, "Spare", "aws-ses")
DOWN = Setting(2, "Spare", "aws-ses", logs_in=False)
OFF = Setting(2, "Spare", "aws-ses", enabled=False)
TEST = Setting(2, "Spare", "local-capture", logs_in=True)


@pytest.mark.parametrize(
    ("pairs", "cover", "text", "url"),
    [
        ([(MAIN, PASSES), (SPARE, PASSES)], True, None, None),
        (
            [(MAIN, PASSES), (SPARE, NONE)],
            False,
            "If Main fails, mail from shop.example through Spare is refused.",
            "/domains/7/recipes/new/?provider=aws-ses&setting=2",
        ),
        (
            [(MAIN, PASSES), (SPARE, FAILS)],
            False,
            "If Main fails, mail from shop.example through Spare is refused.",
            "/domains/7/",
        ),
        (
            [(MAIN, PASSES), (SPARE, OPEN)],
            None,
            "If Main fails, it is open whether mail from shop.example through Spare passes.",
            "/domains/7/",
        ),
        (
            [(MAIN, PASSES), (SPARE, OTHER)],
            None,
            "If Main fails, it is open whether mail from shop.example through Spare passes.",
            "/domains/7/recipes/new/?provider=aws-ses&setting=2",
        ),
        (
            [(MAIN, PASSES), (DOWN, PASSES)],
            False,
            "If Main fails, mail from shop.example would pass through Spare, but that cannot log "
            "in now.",
            "/settings/2/",
        ),
        (
            [(MAIN, PASSES), (OFF, PASSES)],
            False,
            "If Main fails, mail from shop.example would pass through Spare, but that is not "
            "enabled.",
            "/settings/2/",
        ),
        (
            [(MAIN, PASSES), (UNTRIED, PASSES)],
            None,
            "If Main fails, mail from shop.example would pass through Spare, if it logs in: try "
            "it.",
            "/settings/2/",
        ),
        (
            [(MAIN, NONE), (SPARE, PASSES)],
            False,
            "If Spare fails, mail from shop.example through Main is refused.",
            "/domains/7/recipes/new/?provider=postmark&setting=1",
        ),
        (
            [(MAIN, FAILS), (SPARE, NONE)],
            False,
            "Mail from shop.example through Main is refused.",
            "/domains/7/",
        ),
        (
            [(MAIN, WAITING), (SPARE, BARE)],
            False,
            "It is open whether mail from shop.example through Main passes.",
            "/domains/7/",
        ),
        (
            [(MAIN, PASSES), (SPARE, BARE)],
            False,
            "If Main fails, mail from shop.example through Spare is refused.",
            "",
        ),
        ([(MAIN, PASSES)], False, None, None),
        ([(MAIN, PASSES), (TEST, NONE)], False, None, None),
        ([], False, None, None),
    ],
)
def test_a_gap_says_what_breaks_and_where_it_is_mended(
    pairs: list[tuple[Setting, Pair]], cover: bool | None, text: str | None, url: str | None
) -> None:
    """It speaks of the setting that lacks the least; nothing is said where mail goes on."""
    domain = SendingDomain(pk=7, name="shop.example", dmarc_policy="reject")
    gap = gap_of(domain, pairs)
    assert cover_of(pairs) is cover
    assert (gap and gap.text, gap and gap.url) == (text, url)


@pytest.mark.parametrize(
    ("policy", "fate"),
    [
        ("reject", "is refused"),
        ("quarantine", "lands in spam"),
        ("none", "may land in spam"),
        ("absent", "may land in spam"),
        ("unknown", "may be refused or land in spam"),
        ("", "may be refused or land in spam"),
    ],
)
def test_the_policy_says_what_becomes_of_mail_that_fails(policy: str, fate: str) -> None:
    """What nobody asked is left open."""
    domain = SendingDomain(pk=7, name="shop.example", dmarc_policy=policy)
    gap = gap_of(domain, [(MAIN, PASSES), (SPARE, FAILS)])
    assert gap is not None
    assert gap.text == f"If Main fails, mail from shop.example through Spare {fate}."
    assert gap.why == "Bad."


def test_of_several_spares_the_one_is_named_that_lacks_the_least() -> None:
    """Enabling a setting takes less than mending records, and that less than new ones."""
    domain = SendingDomain(pk=7, name="shop.example")
    third = Setting(3, "Third", "mailgun", logs_in=True)
    for spares, named in (
        ([(SPARE, NONE), (third, FAILS)], "Third"),
        ([(SPARE, FAILS), (third, OPEN)], "Third"),
        ([(OFF, PASSES), (third, OPEN)], "Spare"),
        ([(OFF, NONE), (third, NONE)], "Third"),
        ([(DOWN, PASSES), (Setting(3, "Third", "mailgun"), PASSES)], "Third"),
    ):
        gap = gap_of(domain, [(MAIN, PASSES), *spares])
        assert gap is not None
        assert f"through {named}" in gap.text


def test_each_pair_has_its_word(as_editor: Client, tenant: Tenant) -> None:
    """The worst domain stands first, and its gap leads to the form with provider and setting."""
    main, spare = way(tenant, "Main", "postmark"), way(tenant, "Spare", "aws-ses", priority=2)
    judged(tenant, "a.example", (main, True), (spare, True))
    gap = judged(tenant, "b.example", (main, True), dmarc_policy="quarantine")
    judged(tenant, "c.example", (main, None), (spare, False))
    answer = page(as_editor, tenant)
    rows = {row.domain.name: row for row in answer.context["told"].rows}
    assert list(rows) == ["b.example", "c.example", "a.example"]
    words = {name: [(cell.word, cell.ways) for cell in row.cells] for name, row in rows.items()}
    assert words == {
        "a.example": [("Passes", "DKIM only"), ("Passes", "DKIM only")],
        "b.example": [("Passes", "DKIM only"), ("Provider not added", "")],
        "c.example": [("Nobody knows", ""), ("Fails", "")],
    }
    assert [row.cover for row in rows.values()] == ["wrong", "wrong", "ok"]
    words_of_page = text_of(answer)
    assert "If Main fails, mail from b.example through Spare lands in spam." in words_of_page
    assert "Add Amazon SES to this domain" in words_of_page
    there = reverse("dnscheck:recipe_add", args=[gap.pk])
    form = as_editor.get(f"{there}?provider=aws-ses&setting={spare.pk}").context["form"]
    assert str(form.initial["setting"]) == str(spare.pk)


def test_what_a_check_finds_is_on_the_page_and_in_the_figure(tenant: Tenant) -> None:
    """From the DNS to the words: the columns that are counted say the same as the cells."""
    main = way(tenant, "Main", "postmark", from_address="a@shop.example")
    spare = way(tenant, "Spare", "postmark", priority=2)
    domain = make_domain(tenant, "shop.example", next_check_at=NOW)
    for selector, one in (("first", main), ("second", spare)):
        inputs = {"selector": selector, "public_key": KEY}
        DomainRecipe.objects.create(domain=domain, provider="postmark", setting=one, inputs=inputs)
    keys: dict[tuple[str, str], Any] = {
        (f"{selector}._domainkey.shop.example", "TXT"): (f"k=rsa; p={KEY}",)
        for selector in ("first", "second")
    }
    policy = {("_dmarc.shop.example", "TXT"): ("v=DMARC1; p=reject",)}
    dns = FakeDns({("shop.example", "SOA"): ("soa",), **keys, **policy})
    assert verification.verify_domain(domain.pk, clock=Clock(), make_resolver=lambda: dns)
    domain.refresh_from_db()
    assert (domain.senders, domain.dmarc_policy) == (
        f"+postmark:{main.pk} +postmark:{spare.pk}",
        "reject",
    )
    told = {reason.name: reason.status for reason in readiness([tenant])[tenant.pk].reasons}
    assert (told["aligned"], told["policy"], told["covered"]) == ("ok", "ok", "ok")


def test_settings_of_equal_priority_go_by_name(as_editor: Client, tenant: Tenant) -> None:
    """The page says so, and keeps to it."""
    for name, priority in (("Zeta", 1), ("Alpha", 1), ("Beta", 2), ("Aa", 2)):
        last = way(tenant, name, "postmark", priority=priority)
    judged(tenant, "a.example", (last, True))
    answer = page(as_editor, tenant)
    names = [head.setting.name for head in answer.context["told"].heads]
    assert names == ["Alpha", "Zeta", "Aa", "Beta"]
    assert "by priority, those of equal priority by name." in text_of(answer)


def test_a_provider_that_was_not_added_contradicts_no_figure(
    as_editor: Client, tenant: Tenant
) -> None:
    """The figure and the tab speak of the providers added to a domain; the gap says it is none."""
    main = way(tenant, "Main", "postmark")
    way(tenant, "Spare", "aws-ses", priority=2)
    judged(tenant, "a.example", (main, True))
    reason = next(one for one in readiness([tenant])[tenant.pk].reasons if one.name == "aligned")
    assert (reason.title, reason.status) == ("Added providers pass DMARC", "ok")
    assert reason.text == "At 1 of 1 domain, all mail of the providers added there passes."
    words = text_of(page(as_editor, tenant))
    assert "Added provider not proven (0)" in words
    assert "this setting: Amazon SES is not added to this domain." in words


def test_settings_that_are_no_help_say_why(as_editor: Client, tenant: Tenant) -> None:
    """Health counts, and so does enabling; what delivers nothing is named apart."""
    main = way(tenant, "Main", "postmark")
    down = way(tenant, "Down", "aws-ses", "failing", priority=2)
    way(tenant, "Off", "mailgun", "", priority=3, enabled=False)
    way(tenant, "New", "brevo", "", priority=4)
    way(tenant, "Capture", "local-capture", priority=5)
    judged(tenant, "a.example", (main, True), (down, True))
    answer = page(as_editor, tenant)
    told = answer.context["told"]
    assert [(head.setting.name, head.word) for head in told.heads] == [
        ("Main", "Logs in"),
        ("Down", "Login fails"),
        ("Off", "Not enabled"),
        ("New", "Not tried"),
    ]
    assert told.rows[0].cover == "wrong"
    labels = [cell.setting for cell in told.rows[0].cells]
    assert labels == ["Main", "Down (Login fails)", "Off (Not enabled)", "New (Not tried)"]
    assert "Left out, since they deliver nothing: Capture" in text_of(answer)


@pytest.mark.parametrize(
    ("enabled", "expected"),
    [
        ((True,), "No spare setting: if No. 0 fails, no mail goes out. Add a second setting"),
        ((True, False), "if No. 0 fails, no mail goes out. Try No. 1 and enable it"),
        ((False,), "No setting is enabled"),
    ],
)
def test_a_tenant_without_a_spare_is_told_so_once(
    as_editor: Client, tenant: Tenant, enabled: tuple[bool, ...], expected: str
) -> None:
    """Above the domains, with what to do."""
    settings = [
        way(tenant, f"No. {number}", "postmark", enabled=on, priority=number + 1)
        for number, on in enumerate(enabled)
    ]
    judged(tenant, "a.example", (settings[0], True))
    assert expected in text_of(page(as_editor, tenant))


def test_more_settings_than_there_is_room_for_are_a_click_away(
    as_editor: Client, tenant: Tenant
) -> None:
    """The first by priority are shown; what breaks is judged by all of them."""
    settings = [way(tenant, f"No. {n}", "postmark", priority=n) for n in range(1, MOST_COLUMNS + 5)]
    judged(tenant, "a.example", (settings[0], True), (settings[-1], True))
    answer = page(as_editor, tenant)
    told = answer.context["told"]
    assert [head.setting.name for head in told.heads] == [
        f"No. {n}" for n in range(1, MOST_COLUMNS + 1)
    ]
    assert "and 4 more" in text_of(answer)
    assert told.rows[0].cover == "ok"
    rest = page(as_editor, tenant, "?settings=2").context["told"]
    assert [head.setting.pk for head in rest.heads] == [one.pk for one in settings[MOST_COLUMNS:]]
    assert len(rest.rows[0].cells) == 4


def test_domains_are_chosen_by_what_is_left_to_do(as_editor: Client, tenant: Tenant) -> None:
    """Each reason of the figure leads to its domains; a name finds one among all."""
    main, spare = way(tenant, "Main", "postmark"), way(tenant, "Spare", "aws-ses", priority=2)
    judged(tenant, "all.example", (main, True), (spare, True))
    judged(tenant, "alone.example", (main, True))
    judged(tenant, "weak.example", (main, True), (spare, True), dmarc_policy="none")
    judged(tenant, "bad.example", (main, True), (spare, False))
    make_domain(tenant, "new.example", next_check_at=LATER)
    make_domain(make_tenant(), "foreign.example", next_check_at=LATER)
    assert "DMARC policy: asks for no action (p=none)" in text_of(page(as_editor, tenant))
    for query, names in (
        ("?show=cover", ["alone", "bad", "new"]),
        ("?show=dmarc", ["bad", "new"]),
        ("?show=policy", ["new", "weak"]),
        ("?q=al", ["all", "alone"]),
        ("?q=Alone.Example", ["alone"]),
        ("?q=nothing", []),
        ("?q=no%20name", []),
        ("?q=/", []),
        ("?show=nonsense", ["alone", "bad", "new", "all", "weak"]),
    ):
        told = page(as_editor, tenant, query).context["told"]
        assert [row.domain.name.removesuffix(".example") for row in told.rows] == names, query
        tabs = {tab.show: tab.number for tab in told.tabs}
        assert tabs == {"": 5, "cover": 3, "dmarc": 2, "policy": 2}


def test_fifty_stand_on_a_page_and_none_is_lost(as_editor: Client, tenant: Tenant) -> None:
    """Over the border between the worst and the rest."""
    main, spare = way(tenant, "Main", "postmark"), way(tenant, "Spare", "aws-ses", priority=2)
    for number in range(30):
        judged(tenant, f"bad{number:02}.example", (main, True))
        judged(tenant, f"all{number:02}.example", (main, True), (spare, True))
    told = [page(as_editor, tenant, f"?page={number}").context["told"] for number in (1, 2)]
    names = [[row.domain.name for row in one.rows] for one in told]
    assert [len(some) for some in names] == [50, 10]
    worst, rest = ([f"{kind}{n:02}.example" for n in range(30)] for kind in ("bad", "all"))
    assert names[0] + names[1] == worst + rest
    answer = page(as_editor, tenant, "?q=example")
    assert [row.domain.name for row in answer.context["told"].rows] == (rest + worst)[:50]
    assert "There may be more" in text_of(answer)


def test_thirty_take_as_many_queries_as_one(
    as_editor: Client, tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However many domains, settings and recipes there are; and no password is read."""
    main, spare = way(tenant, "Main", "postmark"), way(tenant, "Spare", "mailgun", priority=2)
    for start, end in ((0, 1), (1, 30)):
        for number in range(start, end):
            one = way(tenant, f"No. {number}", "aws-ses", priority=number + 3)
            judged(tenant, f"d{number}.example", (one, True))
            judged(tenant, f"e{number}.example", (main, True), (spare, True))
        with django_assert_num_queries(10) as queries:
            assert page(as_editor, tenant).status_code == 200
        assert not any('"password"' in query["sql"] for query in queries if "smtp_" in query["sql"])


def test_an_empty_page_says_what_to_do_next(as_editor: Client, tenant: Tenant) -> None:
    """First a setting, then a domain, then nothing is left."""
    assert (
        f'href="/tenants/{tenant.slug}/settings/new/"' in page(as_editor, tenant).content.decode()
    )
    main, spare = way(tenant, "Main", "postmark"), way(tenant, "Spare", "aws-ses", priority=2)
    assert f'href="/tenants/{tenant.slug}/domains/new/"' in page(as_editor, tenant).content.decode()
    judged(tenant, "a.example", (main, True), (spare, True))
    assert "Nothing is to be done" in text_of(page(as_editor, tenant, "?show=cover"))
    assert "No domain fits" in text_of(page(as_editor, tenant, "?q=zzz"))


def test_a_viewer_reads_the_gap_and_is_offered_no_form(
    client: Client, tenant: Tenant, viewer: User
) -> None:
    """What a person may not do is no link."""
    main = way(tenant, "Main", "postmark")
    way(tenant, "Spare", "aws-ses", priority=2)
    judged(tenant, "a.example", (main, True))
    client.force_login(viewer)
    answer = page(client, tenant)
    assert "If Main fails" in text_of(answer)
    assert "/recipes/new/" not in answer.content.decode()


def test_the_table_has_heads_for_rows_and_columns(as_editor: Client, tenant: Tenant) -> None:
    """A cell is told with its domain and its setting, also where tables become blocks."""
    main = way(tenant, "Main", "postmark")
    way(tenant, "Spare", "aws-ses", priority=2)
    judged(tenant, "a.example", (main, True))
    html = page(as_editor, tenant).content.decode()
    assert html.count('scope="col"') == 4
    assert html.count('scope="rowgroup" rowspan="2"') == 1
    assert 'data-label="Spare"' in html


def test_the_tenants_page_leads_there(client: Client) -> None:
    """By a button, and by the reasons of the figure."""
    owner = make_user()
    tenant = make_tenant("Acme", owner=owner)
    judged(tenant, "a.example", (way(tenant, "Main", "postmark"), True))
    client.force_login(owner)
    html = client.get(tenant.get_absolute_url()).content.decode()
    for show in ("", "?show=cover", "?show=dmarc", "?show=policy"):
        assert f'href="/tenants/acme/failover/{show}"' in html
