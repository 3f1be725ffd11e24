"""Everything killed, the broker's folder deleted: each piece of work is still done exactly once."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest

from config.lab.certificates import make
from config.lab.mailservers import MailServer
from config.lab.moods import MOODS
from config.lab.nameserver import NameServer
from config.lab.zones import write_zones
from tests import services
from tests.processes import Installation, installation, wait_for

pytestmark = pytest.mark.processes

SEED = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_attempt, make_domain, make_setting, make_tenant
tenant = make_tenant("Chaos")
way = make_setting(tenant, host="localhost", port={port}, security="starttls",
                   from_address="mail@good-generic.example")
for number in range({mails}):
    make_attempt(way, kind="test", recipient="mail@good-generic.example",
                 message_id=f"<{{number}}@chaos.example>")
for number in range({domains}):
    make_domain(tenant, f"d{{number}}.good-generic.example",
                recipes=(("generic", {{"mechanism": "ip4:192.0.2.1"}}),))
"""
STATE = """
    select 'done', count(*) from smtp_attempt where state = 'done' union all
    select 'unclear', count(*) from smtp_attempt where state = 'unclear' union all
    select 'open', count(*) from smtp_attempt where state not in ('done', 'unclear') union all
    select 'unchecked', count(*) from dnscheck_sendingdomain where last_checked_at is null union all
    select 'checks', count(*) from dnscheck_check
"""
MAILS, DOMAINS, THREADS = 24, 24, 4
BROKERS = ["embedded", "grown-up"]


@contextmanager
def world(kind: str, folder: Path) -> Iterator[tuple[Installation, MailServer]]:
    """Give an installation beside a slow mail server and a name server."""
    with ExitStack() as stack:
        env = {}
        if kind == "grown-up":
            env["DATABASE_URL"] = stack.enter_context(services.postgres())
            env["CELERY_BROKER_URL"] = stack.enter_context(services.redis(folder))
        zones = folder / "zones"
        write_zones(zones)
        names = stack.enter_context(NameServer(zones))
        certificates = make(folder / "certificates")
        mail = stack.enter_context(MailServer(MOODS["stalls-after-data"], certificates))
        made = stack.enter_context(
            installation(
                folder / "data",
                DNS_SERVERS=f"127.0.0.1:{names.port}",
                SMTP_NETWORKS="127.0.0.1/32,::1/128",
                SMTP_PORTS=str(mail.port),
                SMTP_CA_FILE=str(certificates.ca_file),
                LEASE_SECONDS="3",
                SWEEP_SECONDS="1",
                **env,
            )
        )
        yield made, mail


def workers(made: Installation, number: int) -> None:
    """Start this many workers, each with a timetable of its own."""
    for each in range(number):
        name = f"w{each}@test"
        celery = ("-m", "celery", "-A", "config")
        pool = ("-P", "threads", "-c", str(THREADS))
        made.start(*celery, "worker", *pool, "-l", "warning", "-n", name)
        made.start(*celery, "beat", "--pidfile=", "-s", str(made.data / f"timetable{each}"))


def state(made: Installation) -> dict[str, int]:
    """Return how many attempts and domains are where."""
    return dict(made.rows(STATE))


@pytest.mark.parametrize("kind", BROKERS)
def test_each_piece_is_done_once_after_everything_was_killed(kind: str, tmp_path: Path) -> None:
    """SIGKILL in the middle, broker emptied, then two workers and two timetables."""
    with world(kind, tmp_path) as (made, mail):
        made.python(SEED.format(port=mail.port, mails=MAILS, domains=DOMAINS))

        workers(made, 1)
        stuck = THREADS  # each thread holds a message the server took and did not answer for
        assert wait_for(lambda: len(mail.messages) == stuck, 20), made.log.read_text()
        assert made.kill() >= 2
        for folder in ("queue", "control"):
            shutil.rmtree(made.data / folder)
        mail.release()

        workers(made, 2)
        expected = {"done": MAILS - stuck, "unclear": stuck, "open": 0, "unchecked": 0}
        expected["checks"] = DOMAINS
        assert wait_for(lambda: state(made) == expected, 40), (
            f"{state(made)} {made.log.read_text()}"
        )
        ids = Counter(message_from_bytes(message.data)["Message-ID"] for message in mail.messages)
        assert len(ids) == MAILS
        assert set(ids.values()) == {1}
