"""Whoever cannot be asked, a verified domain stays verified: by table, and over real sockets."""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import dns.flags
import dns.rcode
import pytest

from config.lab.nameserver import Mood, NameServer
from config.lab.zones import SERIAL
from dnscheck import verification
from dnscheck.answers import Asker, Reason
from dnscheck.models import AddedRecord, RecordCheck, SendingDomain
from dnscheck.resolver import Resolver
from dnscheck.verdicts import Verdict
from tests.dnscheck.raw_dns import Handler, Query, RawDns, answer, asked, referred, told
from tests.factories import make_domain
from tests.fakes import NOW, Clock, FakeDns

pytestmark = pytest.mark.django_db

NAME, TOKEN = "shop.example", "_token.shop.example"
Records = dict[tuple[str, str], tuple[str, ...] | Reason]
START: Records = {
    (NAME, "SOA"): ("ns.fake. h.fake. 1 2 3 4 5",),
    (NAME, "NS"): ("ns.fake",),
}
GOOD: Records = {
    **START,
    (NAME, "TXT"): ("v=spf1 ip4:192.0.2.1 ~all",),
    (TOKEN, "TXT"): ("token=1",),
}
ROUNDS = 2  # checks, a day apart


def verified() -> tuple[SendingDomain, Clock]:
    """Make a domain that needs an SPF record and a token, and that was found good."""
    recipes = (("generic", {"mechanism": "ip4:192.0.2.1"}),)
    row = make_domain(
        name=NAME, recipes=recipes, next_check_at=NOW, created_at=NOW, verdict_since=NOW
    )
    AddedRecord.objects.create(domain=row, name="_token", type="TXT", value="token=1")
    clock = Clock()
    assert check(row, clock, FakeDns(dict(GOOD))).verdict == Verdict.VERIFIED
    return row, clock


def check(row: SendingDomain, clock: Clock, asker: Asker) -> SendingDomain:
    """Run one check, and return the row after it."""
    SendingDomain.objects.filter(pk=row.pk).update(next_check_at=clock.now)
    assert verification.verify_domain(row.pk, clock=clock, make_resolver=lambda: asker)
    return SendingDomain.objects.get(pk=row.pk)


def is_kept(make_asker: Callable[[], Asker]) -> bool:
    """Whether a verified domain stays as it was, check after check, and no record is accused."""
    row, clock = verified()
    for _ in range(ROUNDS):
        clock.forward(days=1)
        row = check(row, clock, make_asker())
    accused = RecordCheck.objects.filter(verdict__in=("missing", "wrong"), required=True)
    return (row.verdict, row.verdict_since, accused.count()) == (Verdict.VERIFIED, NOW, 0)


Situation = Callable[[Reason], FakeDns]
SITUATIONS: dict[str, Situation] = {
    "nobody can be asked for anything": lambda reason: FakeDns(default=reason),
    "the resolver cannot be asked": lambda reason: FakeDns(
        default=reason, others=FakeDns(dict(GOOD))
    ),
    "the resolver cannot be asked, and its servers have nothing": lambda reason: FakeDns(
        default=reason, others=FakeDns(dict(START))
    ),
    "the zone's servers cannot be asked": lambda reason: FakeDns(
        dict(GOOD), others=FakeDns(default=reason)
    ),
    "one record cannot be asked for": lambda reason: FakeDns({**GOOD, (TOKEN, "TXT"): reason}),
    "one record cannot be asked for at the resolver only": lambda reason: FakeDns(
        {**GOOD, (TOKEN, "TXT"): reason}, others=FakeDns(dict(GOOD))
    ),
    "one record is known to the resolver only": lambda reason: FakeDns(
        dict(GOOD), others=FakeDns({**GOOD, (TOKEN, "TXT"): reason})
    ),
    "the zone cannot be found": lambda reason: FakeDns(
        {**GOOD, (NAME, "SOA"): reason, (NAME, "NS"): reason}
    ),
    "only the records can be asked for": lambda reason: FakeDns(
        {key: GOOD[key] for key in GOOD if key not in START}, default=reason
    ),
}


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_no_failure_to_ask_moves_a_verdict(situation: Situation, reason: Reason) -> None:
    """Each reason, of everybody or of one, for everything or for one record."""
    assert is_kept(lambda: situation(reason))


def test_what_the_dns_says_does_move_it() -> None:
    """One record that is certainly gone is enough, or the table above proves nothing."""
    without = {key: GOOD[key] for key in GOOD if key != (TOKEN, "TXT")}
    assert not is_kept(lambda: FakeDns(dict(without)))


def resolver(port: int) -> Resolver:
    """Return a resolver that has little patience."""
    return Resolver([("127.0.0.1", port)], question_seconds=0.05, domain_seconds=0.4)


ZONE = """@ TXT "v=spf1 ip4:192.0.2.1 ~all"
_token TXT "token=1"
"""


@pytest.mark.parametrize("mood", [mood for mood in Mood if mood is not Mood.WELL])
def test_servers_in_a_bad_mood_move_no_verdict(tmp_path: Path, mood: Mood) -> None:
    """The lab's name server, as it is broken by its operator."""
    start = SERIAL.format(about=f"mood: {mood}") + "@ NS ns1.lab.example.\n"
    (tmp_path / f"{NAME}.zone").write_text(start + ZONE, encoding="utf-8")
    with NameServer(tmp_path) as lab:
        assert is_kept(lambda: resolver(lab.port))


def test_a_server_in_a_good_mood_that_lacks_a_record_does(tmp_path: Path) -> None:
    """The same server is heard when it answers."""
    start = SERIAL.format(about="mood: well") + "@ NS ns1.lab.example.\n"
    (tmp_path / f"{NAME}.zone").write_text(start, encoding="utf-8")
    with NameServer(tmp_path) as lab:
        assert not is_kept(lambda: resolver(lab.port))


WIRE = {
    (NAME, "SOA"): ("ns.host.example. h.host.example. 1 2 3 4 5",),
    (NAME, "NS"): ("ns.host.example.",),
    ("ns.host.example", "A"): ("127.0.0.1",),
    (NAME, "TXT"): ('"v=spf1 ip4:192.0.2.1 ~all"',),
    (TOKEN, "TXT"): ('"token=1"',),
}


def well(query: Query, tcp: bool) -> Iterable[bytes]:
    """Answer as a resolver and as the zone's own server."""
    is_resolver = query.flags & dns.flags.RD
    yield told(query, WIRE, 0 if is_resolver else int(dns.flags.AA))


def garbage(query: Query, tcp: bool) -> Iterable[bytes]:
    """Send a header with the right id, and nothing that can be read after it."""
    yield struct.pack("!HHHHHH", query.id, 0x8180, 1, 9, 9, 9) + b"\xff" * 20


FAILURES: dict[str, Handler] = {
    "lame": lambda query, tcp: [referred(query, "example", "ns.registry.example.")],
    "malformed": garbage,
    "does not know the question": lambda query, tcp: [answer(query, rcode=dns.rcode.NOTIMP)],
    "refused": lambda query, tcp: [answer(query, rcode=dns.rcode.REFUSED)],
    "fails": lambda query, tcp: [answer(query, rcode=dns.rcode.SERVFAIL)],
}


@dataclass(frozen=True)
class Failing:
    """A server of which only a part fails: what is asked by a resolver, by others, or of a name."""

    handler: Handler
    about: str

    def __call__(self, query: Query, tcp: bool) -> Iterable[bytes]:
        """Fail or answer."""
        is_recursive = bool(query.flags & dns.flags.RD)
        fails = {
            "everything": True,
            "the resolver": is_recursive and asked(query)[0].endswith(NAME),
            "the zone's servers": not is_recursive,
            "one record": asked(query) == (TOKEN, "TXT"),
        }
        return self.handler(query, tcp) if fails[self.about] else well(query, tcp)


@pytest.mark.parametrize(
    "about", ["everything", "the resolver", "the zone's servers", "one record"]
)
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_servers_that_fail_in_part_move_no_verdict(failure: Handler, about: str) -> None:
    """Over real sockets: everything, only one side, or only one record."""
    with RawDns(Failing(failure, about)) as server:
        assert is_kept(lambda: resolver(server.server[1]))


def test_the_same_server_proves_a_domain_when_it_is_well() -> None:
    """What fails above is not the world around it."""
    with RawDns(well) as server:
        row, clock = verified()
        clock.forward(days=1)
        checked = check(row, clock, resolver(server.server[1]))
    assert (checked.verdict, checked.unknown_since) == (Verdict.VERIFIED, None)
