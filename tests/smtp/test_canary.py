"""A password that a server gives back in every spelling is found nowhere afterwards.

Neither in the database, nor on a page, in a download, in a log or in an exception; and the search
for it is shown to find it wherever it is put.
"""

import base64
import datetime as dt
import html
import json
import logging
import quopri
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from config.lab.certificates import Certificates
from config.lab.mailservers import MOODS, MailServer
from smtp import delivery, tasks, trials
from smtp.models import Attempt, LoginChoice, SmtpSetting
from smtp.outcome import Failure, Outcome, Stage
from tenants.models import Tenant
from tests.factories import make_attempt, make_setting
from tests.fakes import NOW, Bell
from tests.smtp.wires import LOOPBACK, scripted

pytestmark = pytest.mark.django_db

USERNAME = "alice@example.com"
PASSWORD = "Kän\"ary 'zq' 93%\\<w>&Ω+vx77="
WINDOW, STEP = 8, 3  # ten characters of a spelling in a row are a leak, wherever they begin
OCTETS = PASSWORD.encode()
BASE64 = base64.b64encode(OCTETS).decode()
PLAIN = base64.b64encode(b"\0" + USERNAME.encode() + b"\0" + OCTETS).decode()
XOAUTH2 = base64.b64encode(f"user={USERNAME}\1auth=Bearer {PASSWORD}\1\1".encode()).decode()


def halves(text: str) -> tuple[str, str]:
    """Return a text in two pieces."""
    middle = len(text) // 2
    return text[:middle], text[middle:]


# What a server may make of what it was sent: each the lines of a reply.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "plain": (PASSWORD,),
    "upper case": (PASSWORD.upper(),),
    "base64": (BASE64,),
    "base64 for addresses": (base64.urlsafe_b64encode(OCTETS).decode(),),
    "base64, one later": (base64.b64encode(b"x" + OCTETS + b"x").decode(),),
    "base64, two later": (base64.b64encode(b"xx" + OCTETS + b"yy").decode(),),
    "AUTH PLAIN": (f"AUTH PLAIN {PLAIN}",),
    "XOAUTH2": (f"AUTH XOAUTH2 {XOAUTH2}",),
    "percent-encoded": (quote(PASSWORD),),
    "of a form": (quote_plus(PASSWORD),),
    "percent-encoded, every octet": ("".join(f"%{octet:02x}" for octet in OCTETS),),
    "quoted-printable": (quopri.encodestring(OCTETS).decode().replace("=\n", ""),),
    "JSON": (json.dumps(PASSWORD),),
    "JSON in UTF-8": (json.dumps(PASSWORD, ensure_ascii=False),),
    "Python": (repr(PASSWORD),),
    "Python octets": (repr(OCTETS),),
    "HTML": (html.escape(PASSWORD),),
    "HTML references": ("".join(f"&#{ord(character)};" for character in PASSWORD),),
    "hexadecimal": (OCTETS.hex(),),
    "HEXADECIMAL": (OCTETS.hex().upper(),),
    "base64 in the other case": (BASE64.swapcase(),),
    "AUTH PLAIN in the other case": (PLAIN.swapcase(),),
    "XOAUTH2 in capitals": (XOAUTH2.upper(),),
    "plain in two lines": halves(PASSWORD),
    "base64 in two lines": halves(BASE64),
    "base64 in the other case in two lines": halves(BASE64.swapcase()),
    "AUTH PLAIN in two lines": halves(PLAIN),
    "hexadecimal in three lines": (OCTETS.hex()[:9], OCTETS.hex()[9:20], OCTETS.hex()[20:]),
}


KNOWN = (  # the beginning of a login that the user name alone makes
    (PLAIN, b"\0" + USERNAME.encode() + b"\0"),
    (XOAUTH2, f"user={USERNAME}\1auth=Bearer ".encode()),
)


def pieces(line: str) -> Iterator[str]:
    """Yield what must not be seen of a line: pieces of it that overlap."""
    text = line.rpartition(" ")[2] if line.startswith("AUTH ") else line
    for blob, known in KNOWN:
        if blob.lower().startswith(text.lower()):  # from the first character that tells anything
            text = text[-(-len(known) * 8 // 6) :]
    for at in range(0, len(text) - WINDOW + 1, STEP):
        yield text[at : at + WINDOW].lower()


def unquoted(text: str) -> str:
    """Return what a text in JSON or of Python's repr says."""
    said = text.replace("\\\\", "\\").replace('\\"', '"')
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), said).lower()


def leaks(text: str) -> list[str]:
    """Return the spellings of which a piece stands in a text, also if that was escaped."""
    plainly = text.lower()
    once = unquoted(plainly)
    read = {plainly, once, unquoted(once), html.unescape(plainly), html.unescape(once)}
    return [
        name
        for name, lines in SPELLINGS.items()
        if any(piece in told for line in lines for piece in pieces(line) for told in read)
    ]


SPREAD = {name: lines for name, lines in SPELLINGS.items() if len(lines) > 1}
REPLIES = {"all": tuple(line for lines in SPELLINGS.values() if len(lines) == 1 for line in lines)}
REPLIES |= SPREAD
CHALLENGE = "334 " + base64.b64encode(b"<1@lab.example>").decode()
QUESTIONS = {
    "PLAIN": (),
    "LOGIN": ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"),
    "CRAM-MD5": (CHALLENGE,),
    "XOAUTH2": ("334 eyJzdGF0dXMiOiI0MDEifQ==",),
}


def told(code: str, lines: Sequence[str]) -> str:
    """Return lines as a reply."""
    *before, last = lines
    return "".join(f"{code}-{line}\r\n" for line in before) + f"{code} {last}"


def way(tenant: Tenant, port: int, *, saved: bool = True, **fields: Any) -> SmtpSetting:
    """Make a setting whose password must never be seen; debug is on."""
    values = {"tenant": tenant, "name": "Canary", "provider": "generic", "host": "127.0.0.1"}
    values |= {"port": port, "security": "none", "from_address": "mail@example.com"}
    setting = SmtpSetting(**{**values, "username": USERNAME, "debug": True, **fields})
    setting.set_password(PASSWORD)
    if saved:
        setting.save()
    return setting


@pytest.fixture(autouse=True)
def everything_is_logged(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Write all logs, let every kind of login happen, and dial loopback only."""
    caplog.set_level(logging.DEBUG)
    settings.SMTP_NETWORKS, settings.SMTP_CRAM_MD5 = LOOPBACK, True
    settings.SMTP_TOTAL_SECONDS = 1


def tried(setting: SmtpSetting, settings: Settings) -> tuple[Attempt, str]:
    """Let a worker's task try a setting; return the row after it and what the task left behind."""
    settings.SMTP_PORTS = [setting.port]
    asked = trials.try_connection(setting, user=None, ring=Bell(), now=timezone.now())
    done = tasks.run_attempt.apply(args=(asked.pk,))
    found: Attempt = Attempt.objects.get(pk=asked.pk)
    return found, f"{done.traceback} {done.result!r}"


def stored() -> str:
    """Return the whole database: the rows of every table."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows += [repr(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def stored_file() -> str:
    """Return the database file as it is, freed pages too; PostgreSQL's are out of reach."""
    is_sqlite = connection.vendor == "sqlite"
    return connection.connection.serialize().decode("utf-8", "replace") if is_sqlite else ""


def shown(client: Client, tenant: Tenant, attempt: Attempt) -> str:
    """Return all pages, downloads and admin pages that tell of an attempt or its setting."""
    paths = [
        *("/", "/attempts/", f"/attempts/{attempt.pk}/", attempt_file(attempt)),
        *("/admin/smtp/attempt/", f"/admin/smtp/attempt/{attempt.pk}/change/"),
        *("/admin/smtp/smtpsetting/", tenant.get_absolute_url()),
    ]
    if attempt.setting_id:
        setting = SmtpSetting.objects.get(pk=attempt.setting_id)
        paths += [setting.get_absolute_url(), reverse("smtp:edit", args=[setting.pk])]
        paths += [f"/admin/smtp/smtpsetting/{setting.pk}/change/"]
    answers = [client.get(path) for path in paths]
    assert [(path, answer.status_code) for path, answer in zip(paths, answers, strict=True)] == [
        (path, 200) for path in paths
    ]
    return "\n".join(answer.content.decode() for answer in answers)


def attempt_file(attempt: Attempt) -> str:
    """Return where an attempt can be had as JSON."""
    return reverse("smtp:attempt_json", args=[attempt.pk])


@pytest.mark.parametrize(
    ("mechanism", "reply"),
    [*product(QUESTIONS, ["all"]), *product(["PLAIN", "LOGIN"], SPREAD)],
)
def test_a_password_that_is_given_back_is_found_nowhere(
    mechanism: str,
    reply: str,
    tenant: Tenant,
    staff: User,
    client: Client,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In no column, page, download or log; the user name, which is no secret, can be read."""
    answers = (f"250-peer\r\n250 AUTH {mechanism}", *QUESTIONS[mechanism])
    login = LoginChoice.TOKEN if mechanism == "XOAUTH2" else LoginChoice.PASSWORD
    with scripted("220 peer", *answers, told("535", ["no:", *REPLIES[reply]])) as peer:
        attempt, left = tried(way(tenant, peer.port, login=login), settings)
    assert (attempt.stage, attempt.reply_code) == (Stage.AUTH, 535)
    assert attempt.result is not None
    assert attempt.result.mechanism == mechanism
    assert "[secret]" in attempt.server_text
    client.force_login(staff)
    pages = shown(client, tenant, attempt)
    assert USERNAME in pages
    assert leaks(pages) == []
    assert leaks(stored()) == []
    assert leaks(caplog.text + left) == []


PLACES: dict[str, Callable[[str], tuple[str, ...]]] = {
    "greeting": lambda said: (f"220-x\r\n220 {said}", "250-x\r\n250 AUTH PLAIN", "535 no"),
    "refused greeting": lambda said: (f"554 {said}",),
    "EHLO": lambda said: ("220 x", f"250-x\r\n250-{said}\r\n250 AUTH PLAIN", "535 no"),
    "no reply": lambda said: ("220 x", "250-x\r\n250 AUTH PLAIN", said),
    "kinds of login": lambda said: ("220 x", f"250-x\r\n250 AUTH {said}"),
    "consent": lambda said: ("220 x", "250-x\r\n250 AUTH PLAIN", f"235 {said}", f"221 {said}"),
    "question": lambda said: ("220 x", "250-x\r\n250 AUTH PLAIN", f"334 {said}", f"334 {said}"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", ["plain", "base64 in the other case"])
def test_a_server_that_knows_the_password_cannot_say_it_anywhere(
    place: str, spelling: str, tenant: Tenant, staff: User, client: Client, settings: Settings
) -> None:
    """It has seen it before, and says it in its greeting, its offers or in no reply at all."""
    [line] = SPELLINGS[spelling]
    with scripted(*PLACES[place](line)) as peer:
        attempt, left = tried(way(tenant, peer.port), settings)
    client.force_login(staff)
    assert leaks(stored() + left + shown(client, tenant, attempt)) == []


@pytest.mark.parametrize("spelling", ["base64", "hexadecimal"])
def test_what_other_ports_answer_holds_no_password_either(
    spelling: str, tenant: Tenant, certificates: Certificates, settings: Settings
) -> None:
    """The ports are tried without a login, and may answer with what was said there before."""
    [line] = SPELLINGS[spelling]
    mood = replace(MOODS["no-starttls"], replies={"EHLO": f"250-x\n250 AUTH PLAIN {line}"})
    with MailServer(mood, certificates) as server:
        attempt, _ = tried(way(tenant, server.port, security="starttls"), settings)
    assert attempt.failure == Failure.STARTTLS_MISSING
    assert attempt.result is not None
    assert attempt.result.probes
    assert leaks(stored()) == []


def test_values_that_were_not_saved_are_forgotten_and_leave_nothing(
    tenant: Tenant, staff: User, client: Client, settings: Settings
) -> None:
    """While they are kept they are sealed; afterwards there are none."""
    refusal = told("535", REPLIES["all"])
    with scripted("220 x", "250-x\r\n250 AUTH PLAIN", refusal) as peer:
        attempt, left = tried(way(tenant, peer.port, saved=False), settings)
    assert attempt.has_draft
    client.force_login(staff)
    assert leaks(stored() + left + shown(client, tenant, attempt)) == []
    delivery.sweep(ring=Bell(), now=timezone.now() + dt.timedelta(hours=2))
    forgotten = Attempt.objects.get(pk=attempt.pk)
    assert (forgotten.has_draft, forgotten.way) == (False, None)
    assert leaks(stored() + stored_file() + shown(client, tenant, forgotten)) == []


def test_a_worker_that_fails_in_the_middle_tells_nothing(
    tenant: Tenant, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """The traceback that Celery logs has no values in it."""
    settings.SMTP_HELO = ["not", "a", "name"]
    with scripted("220 x", "250 x") as peer:
        _, left = tried(way(tenant, peer.port), settings)
    assert "TypeError" in left
    assert "TypeError" in caplog.text
    assert leaks(stored() + left + caplog.text) == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_search_finds_what_is_planted(
    spelling: str, tenant: Tenant, staff: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """In the database, on a page, in a download and in a log: a test that cannot fail is none."""
    *_, line = SPELLINGS[spelling]
    outcome = Outcome(ok=False, stage=Stage.AUTH, failure=Failure.CLOSED, message=line)
    setting = make_setting(tenant)
    attempt = make_attempt(
        setting, state="done", finished_at=NOW, succeeded=False, outcome=outcome.as_json()
    )
    client.force_login(staff)
    logging.getLogger("relaydesk").debug("%s", line)
    page, file = attempt.get_absolute_url(), attempt_file(attempt)
    places = (
        stored(),
        stored_file() or line,  # there is none of PostgreSQL
        caplog.text,
        *(client.get(at).content.decode() for at in (page, file)),
    )
    assert [spelling in leaks(place) for place in places] == [True] * 5


def test_the_library_for_webhooks_writes_no_log() -> None:
    """It would tell the whole address, which may hold a secret, and what the receiver wrote."""
    assert not logging.getLogger("urllib3.connection").isEnabledFor(logging.ERROR)
