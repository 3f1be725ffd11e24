"""Who is told what of a domain: once, with what changed, and only who can do something."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from config.lab.zones import KEY
from dnscheck import required, verification
from dnscheck.answers import Answer, Reason
from dnscheck.models import Check, SendingDomain
from tenants.models import Notice
from tests.factories import make_domain, make_tenant
from tests.fakes import NOW, Clock, FakeDns

pytestmark = pytest.mark.django_db(transaction=True)

RECIPE = (("generic", {"mechanism": "ip4:192.0.2.1"}),)
RIGHT = "v=spf1 ip4:192.0.2.1 ~all"


def right(row: SendingDomain) -> FakeDns:
    """Return a DNS in which all is right."""
    return FakeDns({(row.name, "TXT"): (RIGHT,)})


def wrong(row: SendingDomain) -> FakeDns:
    """Return a DNS with an SPF record that names somebody else."""
    return FakeDns({(row.name, "TXT"): ("v=spf1 ip4:203.0.113.9 -all",)})


SILENT = FakeDns(default=Reason.TIMEOUT)


def make(**fields: Any) -> SendingDomain:
    """Make a domain that needs one SPF record."""
    return make_domain(recipes=RECIPE, created_at=NOW, verdict_since=NOW, **fields)


def check(row: SendingDomain, clock: Clock, dns: FakeDns, times: int = 1) -> list[str]:
    """Check so often, ten minutes apart, and return the topics of the notices that came."""
    before = Notice.objects.count()
    for _ in range(times):
        SendingDomain.objects.filter(pk=row.pk).update(next_check_at=clock.now)
        assert verification.verify_domain(row.pk, clock=clock, make_resolver=lambda: dns)
        clock.forward(minutes=10)
    return list(Notice.objects.order_by("pk").values_list("topic", flat=True)[before:])


def test_a_domain_that_fails_and_recovers_is_told_twice() -> None:
    """Not at the first bad check, not again at the tenth; with the old value and the edit."""
    row, clock = make(), Clock()
    assert check(row, clock, right(row), 3) == ["domain.verified"]
    assert check(row, clock, wrong(row)) == []
    assert check(row, clock, wrong(row), 10) == ["domain.failing"]
    told = Notice.objects.get(topic="domain.failing")
    assert (told.tenant, told.subject, told.path) == (row.tenant, row.name, row.get_absolute_url())
    (change,) = told.changes
    assert (change["name"], change["old"]) == (f"{row.name} TXT", RIGHT)
    assert change["new"] == "v=spf1 ip4:203.0.113.9 -all"
    assert "change TXT" in change["edit"]
    assert check(row, clock, right(row), 3) == ["domain.verified"]
    assert "again" in Notice.objects.latest("pk").title


def test_a_hiccup_is_told_to_nobody() -> None:
    """One bad check between good ones is no news."""
    row, clock = make(), Clock()
    check(row, clock, right(row))
    assert check(row, clock, wrong(row)) == []
    assert check(row, clock, right(row), 2) == []


def test_a_day_of_silence_is_told_once_and_its_end_too() -> None:
    """The verdict stays; the notice says that nobody could ask."""
    row, clock = make(), Clock()
    check(row, clock, right(row))
    assert check(row, clock, SILENT, 6 * 24) == []
    assert check(row, clock, SILENT, 20) == ["domain.unknown"]
    assert SendingDomain.objects.get().verdict == "verified"
    assert check(row, clock, right(row), 2) == ["domain.verified"]


def test_silence_of_nearly_all_domains_is_told_to_the_operators_alone() -> None:
    """Then it is the portal's own resolver, and tenants can do nothing about it."""
    row, clock = make(zone="one.example"), Clock()
    check(row, clock, right(row))
    for number in range(4):
        make(zone=f"{number}.example", unknown_since=NOW, last_checked_at=NOW)
    check(row, clock, SILENT, 6 * 24 + 10)
    told = Notice.objects.get(topic="domain.unknown")
    assert told.tenant is None


def test_a_domain_that_is_gone_is_told_apart_from_a_missing_record() -> None:
    """A registration that lapsed is mended at the registrar, not in the zone."""
    row, clock = make(name="lapsed.com"), Clock()
    check(row, clock, right(row))
    assert check(row, clock, FakeDns(), 5) == ["domain.lapsed"]
    assert "Renew it there first" in Notice.objects.latest("pk").text


def test_a_provider_that_changes_its_include_is_told_to_the_operators_under_one_cause() -> None:
    """Ten tenants whose records are as they were hear nothing; operators get one cause."""
    include, clock = "spf.mail.example", Clock()
    recipe = (("generic", {"mechanism": f"include:{include}"}),)
    rows = [make_domain(make_tenant(), recipes=recipe, created_at=NOW) for _ in range(3)]
    own = {(row.name, "TXT"): (f"v=spf1 include:{include} ~all",) for row in rows}
    good = FakeDns({**own, (include, "TXT"): ("v=spf1 ip4:192.0.2.0/24 -all",)})
    for row in rows:
        check(row, clock, good)
    Notice.objects.all().delete()
    for row in rows:
        check(row, clock, FakeDns(dict(own)), 3)
    told = Notice.objects.get()
    assert (told.tenant, told.topic, told.subject) == (
        None,
        "provider.changed",
        f"include:{include}",
    )


def test_a_target_that_vanished_behind_an_alias_is_told_once() -> None:
    """The verdict stays, for the record is right; but the tenant can do something about it."""
    row, clock = make_domain(recipes=(("fastmail", {}),), created_at=NOW), Clock()
    world = published(row)
    assert check(row, clock, Following(world)) == ["domain.verified"]
    assert world.pop((f"fm1.{row.name}.dkim.fmhosted.com", "TXT"))
    assert check(row, clock, Following(world), 4) == ["provider.changed"]
    assert {told.tenant for told in Notice.objects.all()} == {row.tenant}


def published(row: SendingDomain) -> dict[tuple[str, str], tuple[str, ...] | Reason]:
    """Return all that a domain needs, with what stands at the provider."""
    own: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in required.records_of(row):
        value = f"{one.priority} {one.value}" if one.type == "MX" else one.value
        own[one.name, one.type] = (*own.get((one.name, one.type), ()), value)
    targets = [text.split()[-1] for texts in own.values() for text in texts]
    keys = {(place, "TXT"): (f"v=DKIM1; k=rsa; p={KEY}",) for place in targets if "dkim" in place}
    hosts = {(place, "A"): ("192.0.2.7",) for place in targets if "dkim" not in place}
    include = {("spf.messagingengine.com", "TXT"): ("v=spf1 ip4:192.0.2.0/24 -all",)}
    return {**own, **keys, **hosts, **include}


class Following(FakeDns):
    """A DNS that follows aliases, as a resolver does."""

    async def ask(self, name: str, type: str) -> Answer:
        """Answer for the name that an alias leads to."""
        alias = self.records.get((name, "CNAME"))
        if type == "CNAME" or not isinstance(alias, tuple):
            return await super().ask(name, type)
        behind = await super().ask(alias[0], type)
        return replace(behind, name=name, chain=alias)


def test_what_is_told_and_what_is_seen_are_written_together() -> None:
    """A worker that lost its claim tells nobody."""
    row, clock = make(), Clock()
    check(row, clock, right(row))
    SendingDomain.objects.update(verdict="at_risk", bad_since=NOW - dt.timedelta(hours=1))

    class Stolen(FakeDns):
        """A DNS during whose first answer somebody else takes the domain."""

        async def ask(self, name: str, type: str) -> Answer:
            """Answer, and let the claim be lost."""
            if not self.questions:
                self.questions = 1
                await SendingDomain.objects.filter(pk=row.pk).aupdate(claim_token="another")
            return await super().ask(name, type)

    SendingDomain.objects.update(next_check_at=clock.now)
    checks = Check.objects.count()
    assert not verification.verify_domain(row.pk, clock=clock, make_resolver=lambda: Stolen())
    assert (Notice.objects.filter(topic="domain.failing").count(), checks) == (
        0,
        Check.objects.count(),
    )
