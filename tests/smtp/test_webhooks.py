"""Webhooks: signed calls that are made until they are taken, and places they never go to."""

import datetime as dt
import hashlib
import hmac
import inspect
import json
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.db import connection
from pytest_django.fixtures import Settings

from smtp.models import Call, CallState, Webhook
from smtp.telling import webhooks
from tenants.models import Notice, Tenant, Topic
from tenants.notices import tell
from tests.factories import make_tenant
from tests.fakes import NOW, Bell, Clock
from tests.processes import ROOT
from tests.smtp.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """Run a receiver on loopback, which the operator opened to webhooks."""
    with receiving() as started:
        settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
        settings.WEBHOOK_PORTS = [443, started.port]
        yield started


def hook(tenant: Tenant, user: User, port: int = 443, path: str = "/hook") -> tuple[Webhook, str]:
    """Add a webhook that leads to a receiver."""
    url = f"http://127.0.0.1:{port}{path}"
    return webhooks.add(tenant, url, user=user, now=NOW)


def happens(tenant: Tenant | None, subject: str = "Main", **fields: Any) -> None:
    """Tell that something fails."""
    values: dict[str, Any] = {
        "cause": "password-refused",
        "title": f"{subject} fails.",
        "text": "",
        "path": "/settings/1/",
        "now": NOW,
    }
    tell(tenant, Topic.SETTING_FAILING, **{**values, **fields}, subject=subject)


def swept(now: dt.datetime = NOW + MINUTE) -> list[int]:
    """Sweep, and return the calls that were rung for."""
    bell = Bell()
    webhooks.sweep(ring=bell, now=now)
    return bell.rung


def is_ours(secret: str, header: str, body: bytes) -> bool:
    """Verify a signature as docs/notices.md says it."""
    parts = dict(part.split("=", 1) for part in header.split(","))
    signed = parts["t"].encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"])


def test_the_documentation_verifies_as_the_tests_do() -> None:
    """The lines that receivers copy are those that these tests run."""
    head, _docstring, *lines = inspect.getsource(is_ours).splitlines()
    shown = (ROOT / "docs" / "notices.md").read_text()
    assert "\n".join([head, *lines]) in shown


def test_a_call_is_signed_and_says_what_happened(
    receiver: Receiver, tenant: Tenant, owner: User
) -> None:
    """The receiver verifies time, body and secret; id and JSON belong together."""
    _webhook, secret = hook(tenant, owner, receiver.port)
    happens(tenant)
    happens(tenant, "Second")
    [pk] = swept()
    assert webhooks.run(pk, clock=Clock(NOW + MINUTE))
    [head], [body] = receiver.heads, receiver.bodies
    assert is_ours(secret, head["Relaydesk-Signature"], body)
    assert not is_ours(secret, head["Relaydesk-Signature"], body + b" ")
    assert not is_ours("another", head["Relaydesk-Signature"], body)
    assert head["Relaydesk-Signature"].startswith(f"t={int((NOW + MINUTE).timestamp())},v1=")
    assert head["Content-Type"] == "application/json"
    said = json.loads(body)
    assert said["id"] == head["Relaydesk-Id"]
    assert [notice["subject"] for notice in said["notices"]] == ["Main", "Second"]
    call = Call.objects.get()
    assert (call.state, call.status, call.tries) == (CallState.TAKEN, 200, 1)
    assert call.excerpt == "thank you"


def test_all_tries_of_a_call_have_one_id_and_body(
    receiver: Receiver, tenant: Tenant, owner: User
) -> None:
    """So that the receiver knows them for one; the signature has the time of the try."""
    receiver.statuses = [500, 503, 200]
    hook(tenant, owner, receiver.port)
    happens(tenant)
    now = NOW + MINUTE
    for _try in range(3):
        [pk] = swept(now)
        assert webhooks.run(pk, clock=Clock(now))
        now = Call.objects.get().due_at
    assert len({head["Relaydesk-Id"] for head in receiver.heads}) == 1
    assert len(set(receiver.bodies)) == 1
    assert len({head["Relaydesk-Signature"] for head in receiver.heads}) == 3
    assert Call.objects.get().state == CallState.TAKEN


def test_a_call_is_given_up_after_a_day(tenant: Tenant, owner: User, receiver: Receiver) -> None:
    """Each try is told with its failure, and the next one comes later and later."""
    receiver.statuses = [500]
    hook(tenant, owner, receiver.port)
    happens(tenant)
    now, pauses = NOW + MINUTE, []
    while True:
        [pk] = swept(now)
        webhooks.run(pk, clock=Clock(now))
        call = Call.objects.get()
        if call.state != CallState.WAITING:
            break
        pauses.append((call.due_at - now) // MINUTE)
        now = call.due_at
    assert pauses == [1, 2, 5, 15, 30, 60, 120, *[240] * 6]
    assert (call.state, call.status) == (CallState.GIVEN_UP, 500)
    assert call.failure == "The server answered 500 instead of 200."


def test_webhooks_know_no_quiet_hours(tenant: Tenant, owner: User, receiver: Receiver) -> None:
    """A machine does not sleep."""
    Tenant.objects.filter(pk=tenant.pk).update(
        quiet_from=dt.time(12), quiet_to=dt.time(14), quiet_zone="UTC"
    )
    hook(tenant, owner, receiver.port)
    happens(tenant)
    assert len(swept()) == 1


def test_every_webhook_of_the_tenant_is_called_and_no_other(
    receiver: Receiver, tenant: Tenant, owner: User, stranger: User
) -> None:
    """What happens to one tenant is not told to another, nor what is for the operators."""
    hook(tenant, owner, receiver.port, "/a")
    hook(tenant, owner, receiver.port, "/b")
    hook(Tenant.objects.get(name="Elsewhere"), stranger, receiver.port, "/c")
    happens(tenant)
    happens(None)
    for pk in swept():
        webhooks.run(pk, clock=Clock(NOW + MINUTE))
    assert sorted(receiver.paths) == ["/a", "/b"]
    assert not Notice.objects.filter(call_batch=None).exists()


def test_a_message_that_comes_twice_calls_once(
    tenant: Tenant, owner: User, receiver: Receiver
) -> None:
    """The second worker finds the call taken, and one that failed not due yet."""
    receiver.statuses = [500]
    hook(tenant, owner, receiver.port)
    happens(tenant)
    [pk] = swept()
    clock = Clock(NOW + MINUTE)
    assert [webhooks.run(pk, clock=clock) for _ in range(3)] == [True, False, False]
    assert len(receiver.bodies) == 1


def test_two_timetables_write_one_call(tenant: Tenant, owner: User, receiver: Receiver) -> None:
    """A second sweep in the middle of the first finds nothing left."""
    hook(tenant, owner, receiver.port, "/a")
    hook(tenant, owner, receiver.port, "/b")
    happens(tenant)
    rung: list[int] = []

    def ring(pk: int) -> None:
        rung.append(pk)
        webhooks.sweep(ring=rung.append, now=NOW + MINUTE)

    webhooks.sweep(ring=ring, now=NOW + MINUTE)
    assert len(rung) == len(set(rung)) == Call.objects.count() == 2


def test_what_a_dead_worker_left_is_called_again(
    tenant: Tenant, owner: User, receiver: Receiver, settings: Settings
) -> None:
    """After its lease it is due anew, and the late worker's result is not written."""
    hook(tenant, owner, receiver.port)
    happens(tenant)
    [pk] = swept()
    lease = dt.timedelta(seconds=settings.LEASE_SECONDS)
    assert Call.objects.claim(pk, NOW + MINUTE, lease)
    assert swept(NOW + MINUTE + lease) == []
    assert swept(NOW + 2 * MINUTE + lease) == [pk]
    assert webhooks.run(pk, clock=Clock(NOW + 2 * MINUTE + lease))
    assert Call.objects.get().tries == 2


def test_calls_leave_threads_for_others(
    tenant: Tenant, owner: User, stranger: User, receiver: Receiver
) -> None:
    """Two calls of one webhook at a time, four in all; the next ones follow when these are done."""
    other = Tenant.objects.get(name="Elsewhere")
    hook(tenant, owner, receiver.port, "/a")
    for path in ("/b", "/c"):
        hook(other, stranger, receiver.port, path)
    for number in range(9):
        happens(tenant, cause=f"cause {number}")
    for number in range(3):
        happens(other, cause=f"cause {number}")
    first = swept()
    asked = Call.objects.filter(pk__in=first)
    of_webhooks = Counter(asked.values_list("webhook__url", flat=True))
    assert of_webhooks[f"http://127.0.0.1:{receiver.port}/a"] == 2
    assert len(first) == 4
    assert Call.objects.claim(first[0], NOW + MINUTE, MINUTE)
    assert swept() == []
    assert webhooks.run(first[1], clock=Clock(NOW + MINUTE))
    [pk] = swept()
    assert Call.objects.get(pk=pk).webhook.tenant == tenant


def test_a_call_that_no_worker_survives_is_given_up_after_a_day(
    tenant: Tenant, owner: User, receiver: Receiver
) -> None:
    """It does not wait for ever, and says why."""
    hook(tenant, owner, receiver.port)
    happens(tenant)
    [pk] = swept()
    day = dt.timedelta(days=1)
    assert Call.objects.claim(pk, NOW + day, MINUTE)
    assert swept(NOW + day + 2 * MINUTE) == []
    call = Call.objects.get()
    assert (call.state, call.token) == (CallState.GIVEN_UP, "")
    assert call.failure == "The worker that made the call was lost."


def test_a_broker_that_is_down_only_delays(tenant: Tenant, owner: User, receiver: Receiver) -> None:
    """The next sweeps ring again."""
    hook(tenant, owner, receiver.port)
    happens(tenant)
    webhooks.sweep(ring=Bell(broken=True), now=NOW + MINUTE)
    assert len(swept(NOW + 2 * MINUTE)) == 1


def test_a_webhook_that_was_removed_is_not_called(
    tenant: Tenant, owner: User, receiver: Receiver
) -> None:
    """Its calls go with it."""
    webhook, _secret = hook(tenant, owner, receiver.port)
    happens(tenant)
    [pk] = swept()
    webhook.delete()
    assert not webhooks.run(pk, clock=Clock(NOW + MINUTE))
    assert receiver.bodies == []


# --- The secret -------------------------------------------------------------------------------


def test_the_secret_is_stored_sealed(tenant: Tenant, owner: User, receiver: Receiver) -> None:
    """Neither the database nor a dump shows it."""
    webhook, secret = hook(tenant, owner, receiver.port)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM smtp_webhook")
        assert secret not in str(cursor.fetchall())
    assert secret not in serializers.serialize("json", Webhook.objects.all())
    assert Webhook.objects.get(pk=webhook.pk).open_secret() == secret


@pytest.mark.parametrize("change", ["url", "secret"])
def test_a_secret_signs_for_its_own_address_only(
    tenant: Tenant, owner: User, receiver: Receiver, change: str
) -> None:
    """A row that was changed by hand calls nobody, and says what to do."""
    hook(tenant, owner, receiver.port)
    other = f"http://127.0.0.1:{receiver.port}/other"
    Webhook.objects.update(**{change: other if change == "url" else ""})
    happens(tenant)
    [pk] = swept()
    webhooks.run(pk, clock=Clock(NOW + MINUTE))
    assert receiver.bodies == []
    assert Call.objects.get().failure.startswith("The secret cannot be read.")


# --- Places -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://169.254.169.254/latest/meta-data/", "not a public one"),
        ("https://127.0.0.1/", "not a public one"),
        ("https://localhost/", "not a public one"),
        ("https://app.localhost/", "not a public one"),
        ("https://[::1]/", "not a public one"),
        ("https://[::ffff:127.0.0.1]/", "not a public one"),
        ("https://10.0.0.1/", "not a public one"),
        ("https://[fd00:ec2::254]/", "not a public one"),
        ("http://hooks.example.com/", "begins with https://"),
        ("https://hooks.example.com:22/", "Port 22 is not open to webhooks here."),
        ("https://2130706433/", "four decimal numbers"),
        ("gopher://hooks.example.com/", "begins with https://"),
    ],
)
def test_an_address_inside_cannot_be_added(
    tenant: Tenant, owner: User, url: str, said: str
) -> None:
    """What is refused when it is called is refused when it is typed, where it can be known."""
    with pytest.raises(webhooks.Refused, match=said):
        webhooks.add(tenant, url, user=owner, now=NOW)
    assert not tenant.webhooks.exists()


def test_a_name_that_leads_inside_is_refused_when_it_is_called(
    tenant: Tenant, owner: User, receiver: Receiver, settings: Settings
) -> None:
    """The operator closed the network again: the call fails in words, nothing is dialled."""
    hook(tenant, owner, receiver.port)
    settings.WEBHOOK_NETWORKS = []
    happens(tenant)
    [pk] = swept()
    webhooks.run(pk, clock=Clock(NOW + MINUTE))
    assert receiver.bodies == []
    assert "its address or port is not allowed here" in Call.objects.get().failure


def test_an_address_is_added_once_and_five_at_most(owner: User) -> None:
    """A double click makes one webhook; the sixth is refused."""
    tenant = make_tenant("Acme", owner=owner)
    for number in range(5):
        webhooks.add(tenant, f"https://a.example/{number}", user=owner, now=NOW)
    for url, said in (("https://A.example/0", "already"), ("https://a.example/6", "at most 5")):
        with pytest.raises(webhooks.Refused, match=said):
            webhooks.add(tenant, url, user=owner, now=NOW)


def test_opened_networks_may_do_without_encryption(
    tenant: Tenant, owner: User, receiver: Receiver
) -> None:
    """A public address wants https all the same."""
    assert hook(tenant, owner, receiver.port)[0].url == f"http://127.0.0.1:{receiver.port}/hook"
    with pytest.raises(webhooks.Refused, match="begins with https://"):
        webhooks.add(tenant, "http://93.184.215.14:443/", user=owner, now=NOW)


def test_old_calls_are_forgotten(tenant: Tenant, owner: User, receiver: Receiver) -> None:
    """After 90 days they go."""
    hook(tenant, owner, receiver.port)
    happens(tenant)
    swept()
    webhooks.sweep(ring=Bell(), now=NOW + dt.timedelta(days=91))
    assert not Call.objects.exists()
