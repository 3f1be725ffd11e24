"""The sweep of verified domains: what it takes, finds, hands over, and never does."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import pytest
from django.test import override_settings
from django.utils import timezone

from dnscheck import verification
from dnscheck.asking import AT_ONCE, PER_SECOND
from dnscheck.management.commands.sweep import Command
from dnscheck.models import AddedRecord, Basis, Check, SendingDomain
from dnscheck.resolver.reading import Question
from dnscheck.resolver.sweeping import Sweep
from dnscheck.verdicts import Verdict
from dnscheck.watching import basis, expected, timetable, wire
from dnscheck.watching.sweep import (
    AGAIN_AFTER,
    MOST_SILENT,
    Report,
    make_asker,
    sweep,
)
from dnscheck.writing import FULL_CHECK_EVERY
from tests.dnscheck.raw_dns import Query, RawDns, answer, asked, told
from tests.factories import make_domain, make_setting
from tests.fakes import NOW, Bell, Clock

pytestmark = pytest.mark.django_db(transaction=True)

INCLUDED = "_spf.sender.example"
RECIPE = (("generic", {"mechanism": f"include:{INCLUDED}"}),)
HOUR = dt.timedelta(hours=1)


@dataclass
class Dns:
    """A resolver that knows some records; what is in `moods` it answers in another way."""

    records: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    moods: dict[str, Callable[[Query, bool], list[bytes]]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def __call__(self, query: Query, tcp: bool) -> list[bytes]:
        """Answer a query."""
        name = asked(query)[0]
        self.names.append(name)
        return self.moods[name](query, tcp) if name in self.moods else [told(query, self.records)]


@pytest.fixture
def world() -> Iterator[tuple[Dns, RawDns]]:
    """Return a DNS with one SPF record that others include, and its server."""
    dns = Dns({(INCLUDED, "TXT"): ('"v=spf1 ip4:192.0.2.0/24 -all"',)})
    with RawDns(dns) as server:
        yield dns, server


World = tuple[Dns, RawDns]


def verified(world: World, clock: Clock, name: str = "shop.example", **fields: Any) -> int:
    """Return the id of a domain that was checked in full and is due again."""
    dns, server = world
    dns.records[name, "TXT"] = (f'"v=spf1 include:{INCLUDED} ~all"', '"token"')
    row = make_domain(
        name=name, recipes=RECIPE, next_check_at=NOW, created_at=NOW, verdict_since=NOW, **fields
    )
    assert check(row.pk, server, clock)
    SendingDomain.objects.filter(pk=row.pk).update(next_check_at=NOW)
    return row.pk


def remembered(world: World, name: str) -> int:
    """Return the id of a domain as it is after a full check, without making one."""
    records = world[0].records
    records[name, "TXT"] = (f'"v=spf1 include:{INCLUDED} ~all"',)
    row = make_domain(
        name=name,
        recipes=RECIPE,
        next_check_at=NOW,
        verdict=Verdict.VERIFIED,
        compare_until=NOW + HOUR,
    )
    queries = [Question(each, "TXT").message() for each in (name, INCLUDED)]
    answers = wire.pack(name, [(query.to_wire(), told(query, records)) for query in queries])
    basis.keep([Basis(domain=row, expected=expected.digest_of(row.pk), answers=answers)])
    return row.pk


def check(pk: int, server: RawDns, clock: Clock) -> bool:
    """Check a domain in full."""
    servers = [f"127.0.0.1:{server.server[1]}"]
    return verification.verify_domain(
        pk, clock=clock, make_resolver=lambda: verification.resolver(servers)
    )


def run(world: World, clock: Callable[[], dt.datetime], **options: Any) -> Report:
    """Sweep, without waiting long for anybody."""
    asker = Sweep([world[1].server], at_once=50, resend_after=0.3, patience=1)
    return sweep(clock=clock, asker=asker, **options)


def counts(report: Report) -> tuple[int, int, int, int]:
    """Return how many domains there were: in all, unchanged, changed, unknown."""
    return report.domains, report.unchanged, report.changed, report.unknown


def row(pk: int) -> SendingDomain:
    """Return a domain as it is stored now."""
    return SendingDomain.objects.get(pk=pk)


def test_an_unchanged_domain_counts_as_checked(world: World) -> None:
    """It is due again in an hour or a little more; nothing else of it is written."""
    clock = Clock()
    pk = verified(world, clock)
    before = row(pk)
    now = clock.forward(hours=1)
    world[0].names.clear()
    report = run(world, clock)
    assert counts(report) == (1, 1, 0, 0)
    assert sorted(world[0].names) == [INCLUDED, "shop.example"]
    assert report.questions == 2
    after = row(pk)
    assert after.last_checked_at == now
    assert HOUR <= after.next_check_at - now <= 1.2 * HOUR
    assert (after.claim_token, after.claimed_until, after.tries) == ("", None, 0)
    assert (after.verdict, after.verdict_since) == (before.verdict, before.verdict_since)
    assert after.compare_until == before.compare_until
    assert Check.objects.count() == 1


@pytest.mark.parametrize("name", ["shop.example", INCLUDED])
def test_a_changed_record_goes_to_the_full_check(name: str, world: World) -> None:
    """Also one of the provider's; the sweep itself moves no verdict."""
    clock = Clock()
    pk, other = verified(world, clock), verified(world, clock, "other.example")
    world[0].records[name, "TXT"] = ('"v=spf1 redirect=gone.example"',)
    clock.forward(minutes=1)
    changed = 2 if name == INCLUDED else 1
    assert counts(run(world, clock)) == (2, 2 - changed, changed, 0)
    after = row(pk)
    assert (after.verdict, after.next_check_at) == (Verdict.VERIFIED, clock.now)
    assert (after.compare_until, after.claim_token) == (None, "")
    bell = Bell()
    timetable.sweep(ring=bell, now=clock.now)
    assert bell.rung == [pk, other][:changed]
    assert check(pk, world[1], clock)
    assert row(pk).last_checked_at == clock.now


def test_exactly_those_that_changed_are_found(world: World) -> None:
    """Three of forty, and the include that all of them have is asked for once."""
    clock = Clock()
    pks = [remembered(world, f"d{number}.example") for number in range(40)]
    for number in (3, 14, 15):
        world[0].records[f"d{number}.example", "TXT"] = ('"v=spf1 -all"',)
    world[0].names.clear()
    assert counts(run(world, clock)) == (40, 37, 3, 0)
    handed_over = SendingDomain.objects.filter(compare_until=None).order_by("pk")
    assert [each.pk for each in handed_over] == [pks[3], pks[14], pks[15]]
    assert world[0].names.count(INCLUDED) == 1
    assert len(world[0].names) == 41


def test_silence_moves_nothing_and_goes_to_the_full_check(world: World) -> None:
    """The sweep could not tell, and does not hold up the others."""
    clock = Clock()
    pk, other = verified(world, clock), verified(world, clock, "other.example")
    world[0].moods["shop.example"] = lambda query, tcp: []
    assert counts(run(world, clock)) == (2, 1, 0, 1)
    assert (row(pk).verdict, row(pk).compare_until) == (Verdict.VERIFIED, None)
    assert row(other).compare_until is not None


def change_recipe(pk: int) -> None:
    """Change an input behind the model's back."""
    SendingDomain.objects.get(pk=pk).recipes.update(inputs={"mechanism": "ip4:192.0.2.9"})


def add_record(pk: int) -> None:
    """Add a record as an import would."""
    AddedRecord.objects.bulk_create(
        [AddedRecord(domain_id=pk, name="@", type="TXT", value="token")]
    )


def link_setting(pk: int) -> None:
    """Link a setting that lends its values."""
    domain = SendingDomain.objects.get(pk=pk)
    setting = make_setting(domain.tenant, inputs={"mx": "mx.shop.example"})
    domain.recipes.update(setting=setting)


def rename(pk: int) -> None:
    """Give the domain another name."""
    SendingDomain.objects.filter(pk=pk).update(name="new.example")


def judge_otherwise(pk: int) -> None:
    """Have it verified by another version of the rules."""
    Basis.objects.filter(pk=pk).update(expected=b"an earlier one..")


def lose_basis(pk: int) -> None:
    """Delete what the verdict rests on."""
    Basis.objects.filter(pk=pk).delete()


@pytest.mark.parametrize(
    "change", [change_recipe, add_record, link_setting, rename, judge_otherwise, lose_basis]
)
def test_what_was_judged_by_other_rules_is_not_compared(
    change: Callable[[int], None], world: World
) -> None:
    """Whoever changed what must be published, and however: the full check has to look."""
    clock = Clock()
    pk = verified(world, clock)
    change(pk)
    world[0].names.clear()
    assert counts(run(world, clock)) == (1, 0, 0, 1)
    assert world[0].names == []
    assert (row(pk).compare_until, row(pk).next_check_at) == (None, clock.now)


def test_only_what_is_verified_and_not_watched_takes_part(world: World) -> None:
    """Not what was never checked, nor what a person looks at: that is checked in full."""
    clock = Clock()
    make_domain(name="pending.example", recipes=RECIPE, next_check_at=NOW)
    verified(world, clock, "watched.example", watched_since=NOW)
    assert counts(run(world, clock)) == (0, 0, 0, 0)
    assert Basis.objects.count() == 0


def test_what_does_not_fit_into_a_datagram_is_not_compared(world: World) -> None:
    """It came over TCP, and the sweep would never see it."""
    clock, name = Clock(), "large.example"

    def large(query: Query, tcp: bool) -> list[bytes]:
        """Say that the answer does not fit, then give it over TCP."""
        return [told(query, world[0].records) if tcp else answer(query, flags=dns.flags.TC)]

    world[0].moods[name] = large
    pk = verified(world, clock, name)
    assert (row(pk).verdict, row(pk).compare_until) == (Verdict.VERIFIED, None)


def test_a_bad_check_ends_the_comparing(world: World) -> None:
    """Until the domain is right again, all of it is looked at."""
    clock = Clock()
    pk = verified(world, clock)
    good = world[0].records.pop(("shop.example", "TXT"))
    assert check(pk, world[1], clock)
    assert (row(pk).verdict, row(pk).compare_until) == (Verdict.AT_RISK, None)
    world[0].records["shop.example", "TXT"] = good
    SendingDomain.objects.update(next_check_at=clock.now)
    assert check(pk, world[1], clock)
    assert row(pk).compare_until == clock.now + FULL_CHECK_EVERY


def test_what_is_not_due_is_left_alone_unless_all_are_wanted(world: World) -> None:
    """And no more than the limit."""
    clock = Clock()
    for number in range(5):
        remembered(world, f"d{number}.example")
    SendingDomain.objects.update(next_check_at=NOW + HOUR)
    assert counts(run(world, clock)) == (0, 0, 0, 0)
    assert counts(run(world, clock, everything=True, limit=2)) == (2, 2, 0, 0)
    assert counts(run(world, clock, everything=True)) == (5, 5, 0, 0)


def test_two_workers_share_the_domains(world: World) -> None:
    """While one worker is about to claim, another one takes them all: each is asked for once."""
    clock = Clock()
    for number in range(20):
        remembered(world, f"d{number}.example")
    world[0].names.clear()
    other: list[Report] = []
    calls: list[None] = []

    def late() -> dt.datetime:
        """Give the time; at the claim itself somebody else has been faster."""
        calls.append(None)
        if len(calls) == 2:
            other.append(run(world, clock))
        return clock.now

    assert counts(run(world, late)) == (0, 0, 0, 0)
    assert [counts(report) for report in other] == [(20, 20, 0, 0)]
    assert len(world[0].names) == 21


def test_what_somebody_else_wrote_in_between_stays(world: World) -> None:
    """A person edits one domain, a full check takes over another: the sweep writes to neither."""
    clock = Clock()
    edited, taken = verified(world, clock), verified(world, clock, "other.example")

    def meanwhile(query: Query, tcp: bool) -> list[bytes]:
        """Answer late: by now somebody has been here."""
        verification.check_soon(row(edited), ring=Bell(), now=NOW)
        SendingDomain.objects.filter(pk=taken).update(claim_token="a full check")
        return [told(query, world[0].records)]

    world[0].moods["shop.example"] = meanwhile
    clock.forward(minutes=5)
    run(world, clock)
    assert (row(edited).next_check_at, row(edited).last_checked_at) == (NOW, NOW)
    assert row(edited).compare_until is None
    assert (row(taken).claim_token, row(taken).last_checked_at) == ("a full check", NOW)


def test_what_a_dead_worker_held_is_compared_again_once(world: World) -> None:
    """When its lease ends; after a second death the domain is checked by itself."""
    clock = Clock()
    pk = verified(world, clock)
    lease = dt.timedelta(seconds=30)
    rows = SendingDomain.objects.filter(pk=pk)
    assert rows.comparable(clock.now).take("dead", clock.now + lease) == 1
    assert rows.comparable(clock.now).take("later", clock.now + lease) == 0
    assert counts(run(world, clock)) == (0, 0, 0, 0)
    clock.forward(seconds=31)
    assert rows.comparable(clock.now).take("dead too", clock.now + lease) == 1
    clock.forward(seconds=31)
    assert counts(run(world, clock)) == (0, 0, 0, 0)
    bell = Bell()
    assert timetable.sweep(ring=bell, now=clock.now) == 1


def test_the_bell_is_not_rung_for_what_a_sweep_will_take(world: World) -> None:
    """Unless no sweep came for long, or the last full check is a day ago."""
    clock, bell = Clock(), Bell()
    pk = verified(world, clock)
    assert timetable.sweep(ring=bell, now=clock.now) == 0
    assert timetable.sweep(ring=bell, now=clock.forward(minutes=15)) == 1
    SendingDomain.objects.update(next_check_at=NOW + dt.timedelta(days=1), announced_until=None)
    clock.forward(hours=23, minutes=45)
    assert counts(run(world, clock)) == (0, 0, 0, 0)
    assert timetable.sweep(ring=bell, now=clock.now) == 1
    assert bell.rung == [pk, pk]


def test_a_clock_that_was_ahead_ends_no_full_checks(world: World) -> None:
    """What may be compared for years was stored by a wrong clock."""
    clock = Clock()
    verified(world, clock)
    SendingDomain.objects.update(compare_until=NOW + dt.timedelta(days=400))
    assert counts(run(world, clock)) == (0, 0, 0, 0)
    assert timetable.sweep(ring=Bell(), now=clock.now) == 1


def test_a_silent_resolver_leaves_the_rest_as_it_was(world: World) -> None:
    """What was claimed and not asked any more is free again, and still due."""
    clock = Clock()
    names = [f"d{number}.example" for number in range(80)]
    for name in names:
        remembered(world, name)
    world[0].moods = dict.fromkeys((*names, INCLUDED), lambda query, tcp: [])
    asker = Sweep([world[1].server], at_once=3, resend_after=0.1, patience=0.1)
    report = sweep(clock=clock, asker=asker)
    assert (report.unchanged, report.changed, report.questions) == (0, 0, 3)
    rest = SendingDomain.objects.comparable(clock.now).filter(next_check_at=NOW, tries=0)
    assert rest.count() == 80 - report.unknown > 0


def test_few_domains_with_a_silent_provider_go_to_the_full_check(world: World) -> None:
    """The rest keep what they rest on and are compared again soon, until their day is over."""
    clock = Clock()
    pks = [remembered(world, f"d{number}.example") for number in range(MOST_SILENT + 10)]
    world[0].moods = {INCLUDED: lambda query, tcp: []}
    assert counts(run(world, clock)) == (len(pks), 0, 0, len(pks))
    rows = SendingDomain.objects.filter(pk__in=pks)
    assert rows.filter(compare_until=None, next_check_at=NOW).count() == MOST_SILENT
    waiting = rows.filter(compare_until=NOW + HOUR, next_check_at=NOW + AGAIN_AFTER)
    assert waiting.filter(claim_token="", tries=0).count() == 10
    world[0].moods = {}
    clock.forward(minutes=5)
    assert counts(run(world, clock)) == (10, 10, 0, 0)


def test_time_ends_a_run(world: World) -> None:
    """With none of it left nothing is begun."""
    clock = Clock()
    verified(world, clock)
    assert counts(run(world, clock, seconds=0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("servers", "per_second", "at_once", "expected"),
    [
        (["127.0.0.1:5353"], None, 0, (0, 3000)),
        (["[::1]:53"], None, 0, (0, 3000)),
        (["9.9.9.9"], None, 0, (PER_SECOND, AT_ONCE)),
        (["127.0.0.1", "9.9.9.9"], None, 0, (PER_SECOND, AT_ONCE)),
        (["127.0.0.53"], None, 0, (PER_SECOND, AT_ONCE)),
        (["9.9.9.9"], 0.0, 900, (0, 900)),
    ],
)
def test_only_a_resolver_of_our_own_is_asked_as_fast_as_it_answers(
    servers: list[str], per_second: float | None, at_once: int, expected: tuple[float, int]
) -> None:
    """Anybody else's is spared unless the settings say otherwise, also behind a forwarder."""
    with override_settings(
        DNS_SERVERS=servers,
        DNS_QUESTIONS_PER_SECOND=per_second,
        DNS_QUESTIONS_AT_ONCE=at_once,
    ):
        asker = make_asker()
    assert (asker.per_second, asker.at_once) == expected


def command(world: World, capsys: Any, *words: str) -> tuple[int, str, str]:
    """Run the command as from a shell; return its status and what it wrote."""
    status: Any = 0
    with override_settings(DNS_SERVERS=[f"127.0.0.1:{world[1].server[1]}"]):
        try:
            Command().run_from_argv(["manage.py", "sweep", *words])
        except SystemExit as end:
            status = end.code
    written = capsys.readouterr()
    return int(status), written.out, written.err


def test_the_command_tells_what_it_did(world: World, capsys: Any) -> None:
    """In one JSON object or in words, with a status: good, bad, could not tell, bad usage."""
    pks = [remembered(world, f"d{number}.example") for number in range(3)]
    now = timezone.now()
    SendingDomain.objects.update(compare_until=now + HOUR, next_check_at=now + HOUR)
    status, out, err = command(world, capsys, "--all", "--limit", "2", "--json")
    report = json.loads(out)
    assert report.pop("seconds") >= 0
    assert report == {"domains": 2, "unchanged": 2, "changed": 0, "unknown": 0, "questions": 3}
    assert (status, err) == (0, "")
    world[0].records["d1.example", "TXT"] = ('"v=spf1 -all"',)
    Basis.objects.filter(pk=pks[0]).delete()
    status, out, err = command(world, capsys, "--all")
    assert (status, err) == (1, "")
    assert "1 unchanged" in out
    assert "1 changed, 1 could not be told of" in out
    status, out, _ = command(world, capsys)
    assert (status, out.partition(",")[0]) == (0, "0 domains")


@pytest.mark.parametrize(
    ("words", "status"), [(("--limit", "0"), 64), (("--limit", "x"), 64), (("what",), 64)]
)
def test_the_command_refuses_in_a_sentence(
    words: tuple[str, ...], status: int, world: World, capsys: Any
) -> None:
    """Bad usage has a status of its own."""
    ended, out, err = command(world, capsys, *words)
    assert (ended, out, len(err.splitlines())) == (status, "", 1)


def test_the_command_could_not_tell(world: World, capsys: Any) -> None:
    """Silence, or other rules, are neither good nor bad."""
    pk = remembered(world, "d.example")
    SendingDomain.objects.update(compare_until=timezone.now() + HOUR)
    Basis.objects.filter(pk=pk).delete()
    assert command(world, capsys, "--all", "--json")[0] == 2
