"""The demo: every seeded thing shows what its name announces, and follows what is done to it."""

import shutil
import signal
from collections.abc import Iterator

import pytest

from config.lab.moods import MOODS
from config.lab.zones import LAB_DOMAINS
from tests.processes import Demo, demo_installation, wait_for

pytestmark = pytest.mark.processes

SEEN = """
import json
from dnscheck.models import SendingDomain
from smtp.models import Attempt
domains = {}
for domain in SendingDomain.objects.all():
    check = domain.checks.first()
    findings = list(check.findings) if check else []
    for record in check.records.all() if check else []:
        findings += record.findings
    codes = sorted({finding["code"] for finding in findings})
    domains[domain.name] = [domain.verdict, check.result if check else None, codes]
attempts = {a.setting.name: [a.state, a.stage, a.failure, a.reply_code, a.hint]
    for a in Attempt.objects.select_related("setting").filter(setting__tenant__slug="mail-clinic")
                            .order_by("pk")}
print(json.dumps({"domains": domains, "attempts": attempts}))
"""
# Logins on a schedule and mails about notices go on by themselves.
ATTEMPTS = "select * from smtp_attempt where kind = 'test' order by id"
LIFE = """
    select (select count(*) from smtp_settinghealth where state = 'failing'),
           (select count(*) from smtp_incident where ended_at is null),
           (select count(distinct topic) from tenants_notice),
           (select count(*) from smtp_letter where state = 'sent')
"""

Seen = dict[str, dict[str, list[object]]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start the demo."""
    with demo_installation(tmp_path_factory.mktemp("demo")) as started:
        yield started


@pytest.fixture(scope="module")
def seen(demo: Demo) -> Seen:
    """Return verdict, result and codes of each domain, and how the last attempts ended."""
    demo.settle()
    return dict(demo.json(SEEN))


def test_every_domain_shows_what_its_name_announces(seen: Seen) -> None:
    """Result and finding of each seeded domain are those of its zone; silence is never missing."""
    domains = seen["domains"]
    assert domains.keys() == {domain.name for domain in LAB_DOMAINS}
    for domain in LAB_DOMAINS:
        verdict, result, codes = domains[domain.name]
        assert result == domain.expected, domain.name
        if domain.code:
            assert domain.code in codes, domain.name  # type: ignore[operator]
        if domain.expected == "good":
            assert verdict == "verified", domain.name
        elif domain.starts_verified:
            assert verdict == ("verified" if result == "unknown" else "at_risk"), domain.name


def test_every_setting_shows_what_its_name_announces(seen: Seen) -> None:
    """Stage, failure and reply of each test mail are those of its server's mood."""
    attempts = seen["attempts"]
    assert len(attempts) == len(MOODS)
    for mood in MOODS.values():
        state, stage, failure, code, hint = attempts[mood.title]
        assert (stage, failure or None) == (mood.stage, mood.failure), mood.title
        assert mood.code is None or code == mood.code, mood.title
        assert bool(hint) is (mood.failure is not None), mood.title
        assert (state == "unclear") is (mood.slug == "stalls-after-data"), mood.title


def test_the_demo_comes_to_life_by_itself(demo: Demo) -> None:
    """A login fails, three settings make an incident, and notices of both are mailed."""

    def lives() -> bool:
        [(failing, incidents, topics, letters)] = demo.rows(LIFE)
        return (failing, incidents) == (1, 1) and topics >= 3 and letters >= 1

    assert wait_for(lives, 180), demo.rows(LIFE)


def test_the_verdict_follows_a_record_that_is_broken_and_mended(demo: Demo) -> None:
    """An edit of the zone file is seen at the next check."""
    name = "good-generic.example"
    [zone] = (demo.data / "lab" / "zones").glob(f"{name}*")
    good = zone.read_text()
    check = (
        "from django.utils import timezone; from dnscheck import tasks, verification\n"
        "from dnscheck.models import SendingDomain\n"
        f"row = SendingDomain.objects.get(name={name!r})\n"
        "verification.check_soon(row, ring=tasks.ring, now=timezone.now())"
    )

    def verdict_is(verdict: str) -> bool:
        query = f"select verdict from dnscheck_sendingdomain where name = '{name}'"  # noqa: S608
        return demo.rows(query) == [(verdict,)]

    assert wait_for(lambda: verdict_is("verified"), 30)
    zone.write_text(good.replace("v=spf1", "v=spf9"))
    demo.python(check)
    assert wait_for(lambda: verdict_is("at_risk"), 30)
    zone.write_text(good)
    demo.python(check)
    assert wait_for(lambda: verdict_is("verified"), 30)


def test_a_restart_keeps_everything(demo: Demo) -> None:
    """Killed at once and started again, nothing is asked or sent a second time."""
    before = demo.rows(ATTEMPTS)
    assert demo.kill() > 3
    shutil.rmtree(demo.data / "queue")
    demo.up()
    assert demo.rows(ATTEMPTS) == before
    [supervisor] = demo.processes("manage.py")
    supervisor.send_signal(signal.SIGTERM)
    assert wait_for(lambda: demo.processes() == [], 20)
