"""The pages of attempts: what happened, why, and what to do next."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from smtp import hints
from smtp.hints import own
from smtp.models import Attempt, Kind, SmtpSetting, State, outcome_columns
from smtp.outcome import Failure, Outcome, Reply, Stage, StageResult
from smtp.pages import attempt as attempt_page
from tenants.models import Tenant
from tests.factories import make_attempt, make_setting

REFUSED = Outcome(
    ok=False,
    stage=Stage.AUTH,
    failure=Failure.REPLY,
    reply=Reply(535, "5.7.8", "<script>alert(1)</script> no"),
    stages=(
        StageResult(Stage.CONNECT, 30.0, True, "203.0.113.9"),
        StageResult(Stage.AUTH, 70.0, False),
    ),
    transcript=("C: AUTH PLAIN [secret]", "S: 535 <b>no</b>"),
    peer="203.0.113.9",
    tls="TLSv1.3",
)


@pytest.fixture
def setting(tenant: Tenant) -> SmtpSetting:
    """Return a setting of the tenant."""
    return make_setting(tenant, host="smtp.example.com", port=587, security="starttls")


def ended(setting: SmtpSetting, outcome: Outcome, hint: str = "", **fields: Any) -> Attempt:
    """Return an attempt that came to this outcome."""
    state = State.UNCLEAR if outcome.unclear else State.DONE
    columns = {
        **outcome_columns(outcome, hints.get(hint) if hint else None),
        "state": state,
        "finished_at": timezone.now(),
    }
    return make_attempt(setting, **{**columns, **fields})


def test_the_hint_stands_before_everything_else(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """Cause and next step come first, then the server's words, escaped."""
    attempt = ended(setting, REFUSED)
    client.force_login(owner)
    answer = client.get(f"/attempts/{attempt.pk}/")
    text = answer.content.decode()
    hint = answer.context["hints"][0]
    assert text.index('id="hint"') < text.index('id="result"')
    assert hint.steps
    assert "It ended at this stage: Log in." in text
    assert "535 5.7.8 &lt;script&gt;alert(1)&lt;/script&gt; no" in text
    assert "<script>alert" not in text
    assert "C: AUTH PLAIN [secret]" in text


def test_a_viewer_reads_the_hint_without_its_buttons(
    client: Client, setting: SmtpSetting, viewer: User
) -> None:
    """Somebody who may not change the setting is not led to its form."""
    attempt = ended(setting, REFUSED)
    client.force_login(viewer)
    text = client.get(f"/attempts/{attempt.pk}/").content.decode()
    assert 'id="hint"' in text
    assert "/edit/" not in text
    assert "/try/" not in text


def test_a_success_is_told_without_a_hint(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """An accepted mail is accepted, not delivered: the page says where to look."""
    good = Outcome(ok=True, stage=Stage.QUIT)
    attempt = ended(setting, good, kind=Kind.TEST, recipient="olga@example.com")
    client.force_login(owner)
    answer = client.get(f"/attempts/{attempt.pk}/")
    assert answer.context["hints"] == ()
    assert b"accepted the mail for olga@example.com" in answer.content


AGAIN = re.compile(r'name="recipient" value="(.*?)"><input type="hidden" name="key" value="(.*?)"')


def test_a_test_mail_is_sent_again_by_one_button(
    client: Client, setting: SmtpSetting, owner: User, viewer: User
) -> None:
    """To the same recipient, once for a double click, and not by somebody who may only look."""
    mail = {"kind": Kind.TEST, "recipient": owner.email}
    path = ended(setting, REFUSED, **mail).get_absolute_url()
    client.force_login(viewer)
    assert "Send the test mail again" not in client.get(path).content.decode()
    client.force_login(owner)
    text = client.get(path).content.decode()
    assert f'action="/settings/{setting.pk}/send/"' in text
    ((recipient, key),) = AGAIN.findall(text)
    typed = {"recipient": recipient, "key": key}
    places = {client.post(f"/settings/{setting.pk}/send/", typed)["Location"] for _ in range(2)}
    again = Attempt.objects.first()
    assert again is not None
    assert places == {again.get_absolute_url()} != {path}
    assert (again.kind, again.recipient) == (Kind.TEST, owner.email)
    assert AGAIN.findall(client.get(path).content.decode()) != [(recipient, key)]


def test_only_a_test_mail_is_sent_again(client: Client, setting: SmtpSetting, owner: User) -> None:
    """What sent nothing has nothing to send again."""
    path = ended(setting, REFUSED).get_absolute_url()
    client.force_login(owner)
    assert "Send the test mail again" not in client.get(path).content.decode()


def test_an_unclear_attempt_is_called_so(client: Client, setting: SmtpSetting, owner: User) -> None:
    """Neither a success nor a failure is claimed, and it is not sent again."""
    lost = Outcome(ok=False, stage=Stage.DATA, failure=Failure.CLOSED, unclear=True)
    attempt = ended(setting, lost, kind=Kind.TEST, recipient="olga@example.com")
    client.force_login(owner)
    text = client.get(f"/attempts/{attempt.pk}/").content.decode()
    assert "nobody knows whether it was accepted" in text
    assert "status-warn" in text


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("state", State.values)
def test_every_state_has_a_page(
    client: Client, setting: SmtpSetting, staff: User, kind: str, state: str
) -> None:
    """Whatever an attempt is and wherever it stands, its page and its row open."""
    over = state in (State.DONE, State.UNCLEAR)
    attempt = make_attempt(
        setting,
        kind=kind,
        state=state,
        recipient="olga@example.com",
        token="t",
        lease_until=timezone.now(),
        finished_at=timezone.now() if over else None,
    )
    client.force_login(staff)
    text = client.get(f"/attempts/{attempt.pk}/").content.decode()
    assert ("hx-trigger" in text) is not over
    assert attempt.get_kind_display() in client.get("/attempts/").content.decode()


def test_a_running_attempt_is_asked_for_news(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """Nothing new is answered with nothing, a new state with the story, the end without polling."""
    attempt = make_attempt(setting)
    client.force_login(owner)
    path = f"/attempts/{attempt.pk}/live/"
    assert f'hx-get="{path}?seen=queued"' in client.get(f"/attempts/{attempt.pk}/").content.decode()
    assert client.get(f"{path}?seen=queued").status_code == 204
    columns = {**outcome_columns(REFUSED, None), "state": State.DONE, "finished_at": timezone.now()}
    Attempt.objects.filter(pk=attempt.pk).update(**columns)
    news = client.get(f"{path}?seen=queued")
    assert news.status_code == 200
    assert b"hx-get" not in news.content
    assert b"<html" not in news.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {1, 2, 3, 4}),
        ("?kind=test", {2, 3}),
        ("?kind=connect", {1, 4}),
        ("?result=succeeded", {2}),
        ("?result=failed", {1}),
        ("?result=unclear", {3}),
        ("?result=open", {4}),
        ("?kind=test&result=succeeded", {2}),
        ("?tenant=acme", {1, 2, 3, 4}),
        ("?tenant=acm&provider=generic", {1, 2, 3, 4}),
        ("?tenant=elsewhere", set()),
        ("?provider=aws-ses", set()),
        ("?cause=made.up", {1, 2, 3, 4}),
        ("?kind=nonsense&result=nonsense&page=nonsense", {1, 2, 3, 4}),
    ],
)
def test_the_list_is_filtered(
    client: Client, setting: SmtpSetting, stranger: User, owner: User, query: str, found: set[int]
) -> None:
    """Filters choose; what cannot be understood is passed over, and nothing of others is shown."""
    lost = Outcome(ok=False, stage=Stage.DATA, failure=Failure.CLOSED, unclear=True)
    to: dict[str, Any] = {"kind": Kind.TEST, "recipient": "olga@example.com"}
    rows = [
        ended(setting, REFUSED),
        ended(setting, Outcome(ok=True, stage=Stage.QUIT), **to),
        ended(setting, lost, **to),
        make_attempt(setting),
    ]
    client.force_login(owner)
    shown = {row.pk for row in client.get(f"/attempts/{query}").context["page"]}
    assert shown == {row.pk for number, row in enumerate(rows, start=1) if number in found}


def test_the_list_is_filtered_by_cause(client: Client, setting: SmtpSetting, owner: User) -> None:
    """The first hint of an attempt is its cause, chosen by its words."""
    tried = make_attempt(setting, hint=own.UNKNOWN.code)
    make_attempt(setting)
    client.force_login(owner)
    page = client.get(f"/attempts/?cause={own.UNKNOWN.code}").context["page"]
    assert [row.pk for row in page] == [tried.pk]


def test_attempts_are_paged_with_their_filter(
    client: Client, setting: SmtpSetting, owner: User
) -> None:
    """Fifty stand on a page, and the way to the next keeps the filter."""
    for _number in range(51):
        make_attempt(setting)
    client.force_login(owner)
    text = client.get("/attempts/?result=open").content.decode()
    assert "Page 1 of 2" in text
    assert "?result=open&amp;page=2" in text
    assert len(client.get("/attempts/?result=open&page=2").context["page"]) == 1


def test_bars_follow_each_other_to_scale() -> None:
    """A stage begins where the one before it ended; a short one can still be seen."""
    quick = StageResult(Stage.QUIT, 0.0, True)
    bars = attempt_page.bars(Outcome(ok=True, stage=Stage.QUIT, stages=(*REFUSED.stages, quick)))
    assert [(bar.start, bar.width) for bar in bars[:2]] == [(0, 300), (300, 700)]
    assert bars[2].start + bars[2].width == attempt_page.FULL
    assert bars[2].width > 0
    assert attempt_page.bars(None) == []


def test_every_stage_has_a_name() -> None:
    """The drawing can show whatever the client reports."""
    assert set(attempt_page.STAGES) == set(Stage)
