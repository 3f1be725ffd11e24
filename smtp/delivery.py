"""Verbs: run what was asked for in `smtp.trials`, and find what a dead worker left.

The row is the job; the Celery message only rings the bell. A worker claims the row, talks to the
network outside any transaction, and writes the outcome only while it still holds the claim.
`sweep` rings again for what was missed.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction

from smtp import client, headers, hints, message, reach, vault
from smtp.lints import secret_shape
from smtp.models import Attempt, Kind, LoginChoice, SmtpSetting, State, outcome_columns
from smtp.outcome import Failure, Outcome, Security, Stage
from smtp.telling import turn
from smtp.watching import logins
from tenants.bells import Ring, ring_for

MAX_TRIES = 3
HOUR = dt.timedelta(hours=1)
SWEEP_LIMIT = 200
DRAFT_KEPT_FOR = dt.timedelta(hours=1)  # values that somebody tries before saving them


Clock = Callable[[], dt.datetime]


def _announced() -> dt.timedelta:
    return dt.timedelta(seconds=settings.ANNOUNCED_SECONDS)


def _lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.LEASE_SECONDS)


def run(pk: int, *, clock: Clock) -> bool:
    """Claim one attempt, make it, and write its outcome. Return whether it was ours to make."""
    token = Attempt.objects.claim(pk, clock(), _lease())
    if not token:
        return False
    attempt = Attempt.objects.select_related("tenant", "setting__tenant").get(pk=pk)
    way = attempt.way
    if way is None:
        return _finish(attempt, token, _forgotten(), clock())
    _note_way(attempt, way, token)
    outcome = _make(attempt, way, token, clock)
    return _finish(attempt, token, outcome, clock())


def _forgotten() -> Outcome:
    return Outcome(
        ok=False,
        stage=Stage.RESOLVE,
        failure=Failure.PASSWORD_NEEDED,
        message="The values that were to be tried are no longer kept.",
    )


def _note_way(attempt: Attempt, setting: SmtpSetting, token: str) -> None:
    """Write down the setting as it is now: it may have changed since it was asked."""
    names = ("provider", "host", "port", "security", "username")
    noted = {name: getattr(setting, name) for name in names}
    noted["secret_shape"] = _secret_shape(setting)
    for name, value in noted.items():
        setattr(attempt, name, value)
    Attempt.objects.held(attempt.pk, token).update(**noted)


def _secret_shape(setting: SmtpSetting) -> str:
    """Return what is suspicious about the look of the password, which itself is not kept."""
    if setting.login == LoginChoice.TOKEN:
        return ""
    try:
        secret = setting.open_password()
    except vault.Unbound:
        return ""
    return secret_shape(reach.page_of(setting.provider), setting.username, secret)


def _make(attempt: Attempt, setting: SmtpSetting, token: str, clock: Clock) -> Outcome:
    try:
        password = setting.open_password()
    except vault.Unbound:
        return Outcome(
            ok=False,
            stage=Stage.RESOLVE,
            failure=Failure.PASSWORD_NEEDED,
            message="The stored password belongs to another host, port, security or user name.",
        )
    way = client.Way(
        host=setting.host,
        port=setting.port,
        security=Security(setting.security),
        username=setting.username,
        password=password,
        helo=settings.SMTP_HELO,
        mechanism=reach.page_of(setting.provider).mechanism,
        has_token=setting.login == LoginChoice.TOKEN,
        allows_cram_md5=settings.SMTP_CRAM_MD5,
    )
    allowed = reach.policy(setting.provider, setting.host)
    ports = reach.ports_to_probe(setting.provider, setting.port)
    if attempt.kind in (Kind.CONNECT, Kind.HEALTH):
        return client.attempt(way, allowed, ports=ports)

    def about_to_send() -> bool:
        return _sends(attempt, token, clock())

    try:
        letter = turn.written(attempt, clock()) if attempt.kind == Kind.NOTICE else None
        envelope = client.Envelope(
            sender=message.ascii_address(setting.from_address),
            recipient=message.ascii_address(attempt.recipient),
            data=_compose(attempt, setting, letter, clock()),
            secrets=letter.secrets if letter else (),
        )
    except ValueError as error:
        return Outcome(
            ok=False, stage=Stage.RESOLVE, failure=Failure.UNSENDABLE, message=str(error)
        )
    return client.attempt(way, allowed, envelope, about_to_send, ports=ports)


def _sends(attempt: Attempt, token: str, now: dt.datetime) -> bool:
    """Note that DATA comes next; return whether it may: the claim holds, the mail is wanted."""
    held = Attempt.objects.held(attempt.pk, token)
    if attempt.kind == Kind.NOTICE:
        held = turn.wanted(held, now)
    return bool(held.update(state=State.SENDING, lease_until=now + _lease()))


def _compose(
    attempt: Attempt, setting: SmtpSetting, letter: turn.Written | None, now: dt.datetime
) -> bytes:
    head = message.Head(
        sender=setting.from_address,
        sender_name=setting.from_name,
        recipient=attempt.recipient,
        reply_to=(letter and letter.reply_to) or setting.reply_to,
        message_id=attempt.message_id,
        date=now,
        extra_headers=headers.parse(setting.extra_headers),
    )
    if letter is not None:
        return message.compose_notice(head, subject=letter.subject, text=letter.text)
    return message.compose(
        head, setting_name=setting.name, tenant_name=setting.tenant.name, token=attempt.mark
    )


def _finish(attempt: Attempt, token: str, outcome: Outcome, now: dt.datetime) -> bool:
    """Write the outcome if the claim still holds; a worker that came too late changes nothing."""
    state = State.UNCLEAR if outcome.unclear else State.DONE
    way = attempt.way
    kept = _kept(outcome, has_debug=way is not None and way.debug)
    hint = None if outcome.ok else hints.explain(evidence(attempt, outcome))[0]
    with transaction.atomic():
        written = Attempt.objects.held(attempt.pk, token).update(
            state=state,
            finished_at=now,
            lease_until=None,
            token="",
            **outcome_columns(kept, hint),
        )
        if written:
            logins.note(attempt, outcome, hint, now)
    return bool(written)


def evidence(attempt: Attempt, outcome: Outcome) -> hints.Evidence:
    """Return what is known of a failed attempt, as the hints want it."""
    way = attempt.way
    domain = _sender_domain(attempt, way)
    username = attempt.username
    if username is None and way is not None:
        username = way.username
    return hints.Evidence(
        stage=outcome.stage,
        failure=outcome.failure,
        reply=outcome.reply,
        provider=attempt.provider,
        host=attempt.host,
        port=attempt.port,
        security=Security(attempt.security),
        username=username,
        secret_shape=attempt.secret_shape,
        mechanism=outcome.mechanism,
        sender=way.from_address if way else "",
        recipient=attempt.recipient,
        domain_verdict=domain.verdict if domain else "",
        domain_page=domain.get_absolute_url() if domain else "",
        text="" if outcome.reply else outcome.message,
        probes=outcome.probes,
    )


def _sender_domain(attempt: Attempt, way: SmtpSetting | None) -> Any:
    """Return the row of the From domain if the tenant has it here, and it was checked."""
    name = message.domain_of(way.from_address) if way else ""
    checked = attempt.tenant.domains.filter(name=name, last_checked_at__isnull=False)
    return checked.only("verdict").first() if name else None


def _kept(outcome: Outcome, *, has_debug: bool) -> Outcome:
    """Return the outcome with the transcript to store: all of it in debug, else the end."""
    if has_debug or outcome.ok:
        return outcome if has_debug else replace(outcome, transcript=())
    last = max((i for i, line in enumerate(outcome.transcript) if line.startswith("C:")), default=0)
    return replace(outcome, transcript=outcome.transcript[last:])


def sweep(*, ring: Ring, now: dt.datetime) -> int:
    """Free what dead workers left, ring again for what waits; return how many were announced.

    What was lost before DATA is tried again, at most `MAX_TRIES` times. What was lost after it
    becomes unclear: nobody knows whether the server took the message, so it is never sent again.
    """
    old = Attempt.objects.filter(has_draft=True, created_at__lt=now - DRAFT_KEPT_FOR)
    old.update(draft="", has_draft=False)
    expired = Attempt.objects.expired(now)
    lost = _lost(Stage.DATA, unclear=True)
    expired.filter(state=State.SENDING).update(
        state=State.UNCLEAR, finished_at=now, token="", **outcome_columns(lost, hints.get("lost"))
    )
    running = expired.filter(state=State.RUNNING)
    running.filter(tries__gte=MAX_TRIES).update(
        state=State.DONE,
        finished_at=now,
        token="",
        **outcome_columns(_lost(Stage.RESOLVE, unclear=False), hints.get("lost")),
    )
    running.update(state=State.QUEUED, lease_until=None, token="", announced_until=None)
    waiting = Attempt.objects.due(now).order_by("pk").values_list("pk", flat=True)[:SWEEP_LIMIT]
    announced = [
        pk
        for pk in waiting
        if Attempt.objects.due(now).filter(pk=pk).update(announced_until=now + _announced())
    ]
    for pk in announced:
        ring_for(ring, "attempt", pk)
    return len(announced)


def _lost(stage: Stage, *, unclear: bool) -> Outcome:
    return Outcome(
        ok=False,
        stage=stage,
        failure=Failure.LOST,
        message="The worker was stopped in the middle of this attempt.",
        unclear=unclear,
    )
