"""Asking every server because somebody pressed a button: claims, dead workers, and the page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import dns.flags
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from config.tasks import sweep as timetable
from dnscheck import touring
from dnscheck.answers import Barred, Reason
from dnscheck.models import AddedRecord, SendingDomain, Tour
from dnscheck.pages import servers as servers_page
from dnscheck.required import records_of
from dnscheck.standpoints.tour import Cell, Column, Line, Sights, columns_of
from tenants.models import Tenant
from tests.dnscheck.raw_dns import Query, RawDns, Records, told
from tests.factories import make_domain
from tests.fakes import NOW, Bell, Clock

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "shop.example"
RECIPE = (("generic", {"mechanism": "ip4:192.0.2.1"}),)
LEASE = dt.timedelta(seconds=30)
ZONE: Records = {
    (NAME, "SOA"): ("ns1.host.example. h.host.example. 7 2 3 4 30",),
    (NAME, "NS"): ("ns1.host.example.",),
    (NAME, "TXT"): ('"v=spf1 ip4:192.0.2.1 ~all"',),
    ("ns1.host.example", "A"): ("127.0.0.1",),
}
SPF = Column(NAME, "TXT", "spf", "v=spf1 ip4:192.0.2.1 ~all")
OF_ZONE = (Column(NAME, "SOA"), Column(NAME, "NS"))
FINE = Cell("same", "7"), Cell("same", "ns1.host.example")
SAME, OTHER = Cell("same", ttl=60), Cell("other", "v=spf1 -all", 300)
ABSENT, SILENT = Cell("absent", ttl=300), Cell("nothing", why="servfail")


@pytest.fixture
def domain(tenant: Tenant) -> SendingDomain:
    """Return a domain that needs an SPF record, and is not due for a check."""
    never = timezone.now() + dt.timedelta(days=1)
    return make_domain(tenant, NAME, recipes=RECIPE, next_check_at=never)


def stored(domain: SendingDomain) -> Tour:
    """Return the row as it is now."""
    return Tour.objects.get(pk=domain.pk)


def ask(domain: SendingDomain, now: dt.datetime = NOW) -> list[int]:
    """Press the button, and return what was rung for."""
    bell = Bell()
    touring.ask_soon(domain, ring=bell, now=now)
    return bell.rung


def serve(query: Query, tcp: bool) -> Iterable[bytes]:
    """Be the resolver, and the one server of the zone."""
    return [told(query, ZONE, 0 if query.flags & dns.flags.RD else int(dns.flags.AA))]


def run(domain: SendingDomain, clock: Clock, settings: Settings) -> bool:
    """Let a worker make the tour, with the settings of the portal."""
    with RawDns(serve) as server:
        settings.DNS_SERVERS = [f"127.0.0.1:{server.server[1]}"]
        return touring.run(domain.pk, clock=clock)


def test_a_tour_is_made_once_and_takes_the_place_of_the_last_one(
    domain: SendingDomain, settings: Settings
) -> None:
    """A second bell finds nothing to do; the next tour writes over the same row."""
    clock = Clock()
    assert ask(domain) == [domain.pk]
    assert run(domain, clock, settings)
    assert not run(domain, clock, settings)
    row = stored(domain)
    assert (row.seen_at, row.wanted_at, row.claim_token, row.tries) == (NOW, None, "", 0)
    [line] = Sights.from_json(row.seen or {}).servers
    assert [cell.says for cell in line.cells[:3]] == ["same"] * 3
    assert ask(domain, clock.forward(minutes=1)) == [domain.pk]
    assert stored(domain).seen == row.seen
    assert run(domain, clock, settings)
    assert (Tour.objects.count(), stored(domain).seen_at) == (1, clock())


def test_who_presses_again_waits_for_the_same_tour(domain: SendingDomain) -> None:
    """Nothing is asked twice."""
    assert (ask(domain), ask(domain)) == ([domain.pk], [])


def test_a_killed_worker_loses_nothing(domain: SendingDomain, settings: Settings) -> None:
    """The sweep rings again once the lease is over."""
    ask(domain)
    clock, bell = Clock(), Bell()
    assert Tour.objects.claim(domain.pk, NOW, LEASE)
    assert not run(domain, clock, settings)
    assert touring.sweep(ring=bell, now=clock.forward(seconds=29)) == 0
    assert touring.sweep(ring=bell, now=clock.forward(seconds=1)) == 1
    assert touring.sweep(ring=bell, now=clock()) == 0
    assert bell.rung == [domain.pk]
    assert run(domain, clock, settings)


def test_a_lost_bell_is_rung_again(domain: SendingDomain) -> None:
    """A broker that is down delays a tour, and undoes nothing."""
    touring.ask_soon(domain, ring=Bell(broken=True), now=NOW)
    clock, bell = Clock(), Bell()
    assert touring.sweep(ring=Bell(broken=True), now=clock.forward(seconds=20)) == 1
    assert touring.sweep(ring=bell, now=clock.forward(seconds=20)) == 1
    assert bell.rung == [domain.pk]


def test_a_worker_that_lost_its_claim_writes_nothing(
    domain: SendingDomain, settings: Settings
) -> None:
    """Somebody else holds the newer token by the time it is done."""
    ask(domain)
    times = iter([NOW, NOW])

    def clock() -> dt.datetime:
        Tour.objects.exclude(claim_token="").update(claim_token="another")
        return next(times)

    with RawDns(serve) as server:
        settings.DNS_SERVERS = [f"127.0.0.1:{server.server[1]}"]
        assert not touring.run(domain.pk, clock=clock)
    assert stored(domain).seen is None


@pytest.mark.parametrize("seconds", [1, 200, -200])
def test_what_breaks_its_worker_or_is_too_late_is_given_up(
    domain: SendingDomain, seconds: int
) -> None:
    """After three tries, after three minutes, or when the clock was ahead; then one asks anew."""
    ask(domain)
    clock = Clock()
    for _ in range(touring.MAX_TRIES if seconds == 1 else 0):
        assert Tour.objects.claim(domain.pk, clock(), dt.timedelta(seconds=1))
        clock.forward(seconds=1)
    touring.sweep(ring=Bell(), now=clock.forward(seconds=seconds))
    row = stored(domain)
    assert (row.wanted_at, row.was_lost, row.seen) == (None, True, None)
    assert ask(domain, clock()) == [domain.pk]
    assert not stored(domain).was_lost


def test_other_peoples_servers_are_spared(domain: SendingDomain, tenant: Tenant) -> None:
    """Half a minute lies between two tours; and few domains of a tenant wait at a time."""
    Tour.objects.create(domain=domain, seen_at=NOW, seen={})
    with pytest.raises(touring.NotNow):
        ask(domain, NOW + dt.timedelta(seconds=29))
    for _ in range(touring.MOST_WAITING):
        ask(make_domain(tenant))
    with pytest.raises(touring.NotNow):
        ask(make_domain(tenant))
    assert ask(make_domain())


def test_the_timetable_gives_up_what_nobody_waits_for(domain: SendingDomain) -> None:
    """Its sweep is one of the timetable's steps."""
    ask(domain, NOW - dt.timedelta(days=400))
    timetable()
    assert stored(domain).was_lost


# --- The page ---------------------------------------------------------------------------------


def show(domain: SendingDomain, *lines: Line, columns: tuple[Column, ...] = (SPF,)) -> None:
    """Store what was seen just now."""
    resolvers = tuple(line for line in lines if not line.host)
    servers = tuple(line for line in lines if line.host)
    seen = Sights(NAME, (*OF_ZONE, *columns), resolvers, servers)
    fields = {"seen": seen.as_json(), "seen_at": timezone.now(), "wanted_at": None}
    Tour.objects.update_or_create(domain=domain, defaults=fields)


def here(*cells: Cell) -> Line:
    """Return what the resolver says."""
    return Line("", "127.0.0.1:53", cells=(*FINE, *cells))


def there(number: int, *cells: Cell, why: str = "", address: str = "192.0.2.7") -> Line:
    """Return what a name server says."""
    return Line(f"ns{number}.host.example", address, "", why, (*FINE, *cells) if cells else ())


def text_of(client: Client, domain: SendingDomain) -> str:
    """Return the page."""
    return client.get(reverse("dnscheck:servers", args=[domain.pk])).content.decode()


@pytest.fixture
def as_editor(client: Client, editor: User, tenant: Tenant) -> Client:
    """Return a browser in which the editor is logged in."""
    client.force_login(editor)
    return client


SUMMARIES: tuple[tuple[str, tuple[Line, ...], str], ...] = (
    ("all is well", (here(SAME), there(1, SAME), there(2, SAME)), "Every server that answered has"),
    ("caches", (here(OTHER), there(1, SAME)), "A resolver still remembers"),
    ("one is behind", (here(SAME), there(1, SAME), there(2, OTHER)), "1 of 2 name servers"),
    ("one has none", (here(SAME), there(1, SAME), there(2, ABSENT)), "1 of 2 name servers"),
    ("none has it", (here(OTHER), there(1, OTHER)), "No name server has all records"),
    ("all silent", (here(SAME), there(1, why="timeout")), "None of the zone&#x27;s name servers"),
    ("one cannot tell", (here(SAME), there(1, SILENT)), "but not all could tell"),
    ("nobody known", (here(ABSENT),), "None of the zone&#x27;s name servers"),
)


@pytest.mark.parametrize(
    ("about", "lines", "sentence"), SUMMARIES, ids=[row[0] for row in SUMMARIES]
)
def test_the_whole_is_told_in_a_sentence(
    about: str, lines: tuple[Line, ...], sentence: str, domain: SendingDomain, as_editor: Client
) -> None:
    """By what the zone's own servers say; who is silent never speaks against a record."""
    show(domain, *lines)
    assert sentence in text_of(as_editor, domain)


WHYS = (
    ("timeout", "192.0.2.7", "No answer", "asked twice"),
    ("unreachable", "192.0.2.7", "No answer", "nobody listens there"),
    ("unreachable", "2001:db8::7", "No answer", "no way to IPv6 addresses"),
    ("refused", "192.0.2.7", "No answer", "refuses to answer"),
    ("lame", "192.0.2.7", "No answer", "does not know the zone"),
    ("private", "10.0.0.1", "Not asked", "no address of the public internet"),
    ("no-address", "", "Not asked", "no address in the DNS"),
    ("no-lookup", "", "Not asked", "could not be found out"),
    ("many", "192.0.2.7", "Not asked", "more servers than are asked"),
    ("budget", "192.0.2.7", "Not asked", "time was used up"),
)


@pytest.mark.parametrize(("why", "address", "word", "words"), WHYS)
def test_who_could_not_be_asked_is_never_shown_as_without_the_record(
    why: str, address: str, word: str, words: str, domain: SendingDomain, as_editor: Client
) -> None:
    """The page names the server, and says in words why."""
    show(domain, here(SAME), there(1, SAME), there(2, why=why, address=address))
    page = text_of(as_editor, domain)
    for part in ("ns2.host.example", address, word, words):
        assert part in page
    assert "No record" not in page


def test_every_reason_has_words(domain: SendingDomain) -> None:
    """Whatever keeps a server from answering."""
    assert set(servers_page.WHY) == {*Reason, *Barred}


def test_a_resolver_tells_when_it_will_have_forgotten(
    domain: SendingDomain, as_editor: Client
) -> None:
    """Only where the zone's own servers have something else by now."""
    show(domain, here(OTHER), there(1, SAME))
    seen_at = stored(domain).seen_at
    assert seen_at is not None
    page = servers_page.page_of(domain, records_of(domain), seen_at)
    due = (seen_at + dt.timedelta(seconds=300)).replace(second=0, microsecond=0)
    assert page.forgotten_at == due + dt.timedelta(minutes=1)
    assert "will have forgotten its old answer by" in text_of(as_editor, domain)
    assert "v=spf1 -all" in text_of(as_editor, domain)
    late = servers_page.page_of(domain, records_of(domain), seen_at + dt.timedelta(hours=1))
    assert late.forgotten_at is None
    show(domain, here(OTHER), there(1, OTHER))
    assert "forgotten" not in text_of(as_editor, domain)


def test_other_records_than_were_asked_for_are_said(
    domain: SendingDomain, as_editor: Client
) -> None:
    """What was seen stays, and the page says that it is about the past."""
    show(domain, here(SAME), there(1, SAME), columns=columns_of(records_of(domain)))
    assert "ask again." not in text_of(as_editor, domain)
    AddedRecord.objects.create(domain=domain, name="www", type="CNAME", value="a.example")
    assert "Other records are wanted by now" in text_of(as_editor, domain)


def test_many_records_stand_in_several_tables(domain: SendingDomain, as_editor: Client) -> None:
    """So that none of them scrolls sideways."""
    many = tuple(replace(SPF, name=f"n{number}.{NAME}") for number in range(12))
    show(domain, here(*[SAME] * 12), there(1, *[OTHER] * 12), columns=many)
    tables = servers_page.page_of(domain, records_of(domain), timezone.now()).tables
    assert [len(table.heads) for table in tables] == [7, 7]
    assert {len(line.cells) for table in tables for line in table.lines} == {7}
    assert text_of(as_editor, domain).count("<table") == 2


def test_the_page_waits_for_its_worker_and_then_stops(
    domain: SendingDomain, as_editor: Client, settings: Settings
) -> None:
    """It asks each second while a tour is wanted; it ends with the result, or when it is lost."""
    live = reverse("dnscheck:servers_live", args=[domain.pk])
    assert "were not asked yet" in text_of(as_editor, domain)
    assert as_editor.post(reverse("dnscheck:servers_ask", args=[domain.pk])).status_code == 302
    assert 'hx-trigger="every 1s"' in text_of(as_editor, domain)
    assert as_editor.get(live).status_code == 204
    assert run(domain, Clock(timezone.now()), settings)
    page = as_editor.get(live).content.decode()
    assert "ns1.host.example" in page
    assert "hx-trigger" not in page
    Tour.objects.update(wanted_at=timezone.now() - touring.WAITS_FOR)
    page = as_editor.get(live).content.decode()
    assert "no worker finished it" in page
    assert "hx-trigger" not in page


def test_who_presses_too_often_is_told(domain: SendingDomain, as_editor: Client) -> None:
    """And nothing is asked."""
    show(domain, here(SAME), there(1, SAME))
    there_it_is = reverse("dnscheck:servers_ask", args=[domain.pk])
    page = as_editor.post(there_it_is, follow=True).content.decode()
    assert "asked a moment ago" in page
    assert stored(domain).wanted_at is None


def test_a_viewer_sees_it_and_asks_nobody(
    domain: SendingDomain, client: Client, viewer: User
) -> None:
    """The button is for those who may change the domain."""
    client.force_login(viewer)
    page = text_of(client, domain)
    assert "An owner or editor of the tenant can have them asked." in page
    assert reverse("dnscheck:servers_ask", args=[domain.pk]) not in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_is_constant(
    count: int,
    domain: SendingDomain,
    as_editor: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """However many servers and records there are; and no page asks the DNS."""
    many: Any = tuple(replace(SPF, name=f"n{number}.{NAME}") for number in range(count))
    lines = [there(number, *[SAME] * count) for number in range(count)]
    show(domain, here(*[SAME] * count), *lines, columns=many)
    for number in range(count):
        AddedRecord.objects.create(domain=domain, name=f"a{number}", type="TXT", value="x")
    for name in ("servers", "servers_live"):
        with django_assert_num_queries(7):
            as_editor.get(reverse(f"dnscheck:{name}", args=[domain.pk]))
