"""Verbs: log in with the enabled settings on a schedule, and note what every attempt says of one.

A try is a row like any other attempt; the sweep asks for it by a conditional update of when the
setting is due, so that of two sweeps one asks. What it says is written in the transaction that
writes its outcome. History is kept of changes: a scheduled login that says what the attempt before
said is deleted when it ends, and the setting remembers when it was tried.
"""

import datetime as dt
from collections import Counter
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from smtp import trials
from smtp.hints import Hint
from smtp.models import Attempt, Kind, LoginChoice, SettingHealth, SmtpSetting
from smtp.outcome import Outcome
from smtp.watching import incidents
from smtp.watching.health import (
    BAD,
    HOUR,
    Health,
    Result,
    Standing,
    judge,
    latest,
    move,
    news,
    next_try,
)
from tenants.bells import Ring
from tenants.models import Topic
from tenants.notices import tell

SWEEP_LIMIT = 200
# Of a worker's eight threads, so that people's own tries find some free, and so that a server that
# answers nobody does not hold all that are left.
MOST_AT_ONCE = 6
MOST_AT_ONE_HOST = 4
SKEW = dt.timedelta(minutes=1)  # between the clocks of two machines
ASKED_AGAIN = HOUR  # if the try that was asked for never ended


def interval() -> dt.timedelta:
    """Return how often a working setting is tried; nothing if the operator wants none of it."""
    return dt.timedelta(hours=max(settings.HEALTH_HOURS, 0))


def sweep(*, ring: Ring, now: dt.datetime) -> int:
    """Ask for the tries that are due, follow incidents; return how many tries were asked for."""
    if not interval():
        incidents.end_all(now)
        return 0
    _enrol(now)
    _set_right(now)
    incidents.review(now)
    return _ask_for_due(ring, now)


def _enrol(now: dt.datetime) -> None:
    """Begin to watch what is enabled since the sweep before."""
    new = SmtpSetting.objects.filter(
        enabled=True, watched=True, login=LoginChoice.PASSWORD, health=None
    )
    rows = [
        SettingHealth(setting=one, way_since=one.way_since, next_try_at=_next(Standing(), one, now))
        for one in new[:SWEEP_LIMIT]
    ]
    SettingHealth.objects.bulk_create(rows, ignore_conflicts=True)


def _next(standing: Standing, setting: SmtpSetting, now: dt.datetime) -> dt.datetime:
    return next_try(standing, now, key=setting.pk, interval=interval() or dt.timedelta(days=1))


def _set_right(now: dt.datetime) -> None:
    """Begin anew where a way has changed, and where a clock that was ahead put the next try off."""
    ahead = Q(next_try_at__gt=latest(now, interval())) | Q(tried_at__gt=now + SKEW)
    wrong = SettingHealth.objects.outdated() | SettingHealth.objects.filter(ahead)
    for health in wrong.select_related("setting").defer("setting__password")[:SWEEP_LIMIT]:
        read = Q(way_since=health.way_since, next_try_at=health.next_try_at)
        standing, is_new_way = health.standing, health.way_since != health.setting.way_since
        health.take(standing, _next(standing, health.setting, now))
        fields = {name: getattr(health, name) for name in SettingHealth.TAKEN}
        if health.tried_at and health.tried_at > now:
            fields["tried_at"] = now
        if is_new_way:
            fields |= {"result": "", "tried_at": None, "attempt": None, "incident": None}
        SettingHealth.objects.filter(read, pk=health.pk).update(**fields)


def _ask_for_due(ring: Ring, now: dt.datetime) -> int:
    unfinished = Attempt.objects.filter(kind=Kind.HEALTH, finished_at=None)
    busy = Counter(unfinished.values_list("host", flat=True))
    full = [host for host, number in busy.items() if number >= MOST_AT_ONE_HOST]
    due = (
        SettingHealth.objects.watched()
        .filter(~Exists(unfinished.filter(setting=OuterRef("setting"))), next_try_at__lte=now)
        .exclude(setting__host__in=full)
        .select_related("setting")
        .defer("setting__password")
        .order_by("next_try_at")
    )
    asked = 0
    for health in due[:SWEEP_LIMIT]:
        if busy.total() >= MOST_AT_ONCE:
            break
        if busy[health.setting.host] < MOST_AT_ONE_HOST and _ask(health, ring, now):
            busy[health.setting.host] += 1
            asked += 1
    return asked


def _ask(health: SettingHealth, ring: Ring, now: dt.datetime) -> bool:
    """Ask for one try, unless another sweep has; return whether it was ours to ask for."""
    same = SettingHealth.objects.filter(pk=health.pk, next_try_at=health.next_try_at)
    with transaction.atomic():
        is_ours = bool(same.update(next_try_at=now + ASKED_AGAIN))
        if is_ours:
            trials.try_by_schedule(health.setting, ring=ring, now=now)
    return is_ours


def note(attempt: Attempt, outcome: Outcome, hint: Hint | None, now: dt.datetime) -> None:
    """Move the health of the setting that was tried; call it where the outcome is written.

    What was tried with a setting that has changed since says nothing of it.
    """
    tried = attempt.setting
    if tried is None:
        return
    setting = SmtpSetting.objects.filter(pk=tried.pk, way_since=tried.way_since)
    found = setting.select_related("tenant").first()
    kept = _kept(attempt)
    if found is None:
        return
    health, _new = SettingHealth.objects.select_for_update().get_or_create(
        setting=found, defaults={"way_since": found.way_since, "next_try_at": now}
    )
    health.setting = found
    _move(health, judge(outcome), kept, hint, now)


def _kept(attempt: Attempt) -> Attempt | None:
    """Return the attempt that tells this result: of the same twice on a schedule, the first.

    A notice is never the one: only operators may look at it. None if no other attempt tells this.
    """
    if attempt.kind not in (Kind.HEALTH, Kind.NOTICE) or attempt.setting is None:
        return attempt
    ended = attempt.setting.attempts.exclude(kind=Kind.NOTICE).filter(
        finished_at__isnull=False, created_at__gte=attempt.setting.way_since
    )
    before: Attempt | None = ended.exclude(pk=attempt.pk).order_by("-pk").first()
    row = Attempt.objects.filter(pk=attempt.pk)
    same = before and row.filter(succeeded=before.succeeded, hint=before.hint).exists()
    if attempt.kind == Kind.NOTICE:
        return before if same else None
    if same:
        row.delete()
        return before
    return attempt


def _move(
    health: SettingHealth, result: Result, kept: Attempt | None, hint: Hint | None, now: dt.datetime
) -> None:
    before = health.standing
    after = move(before, result, now)
    if after.health not in BAD:
        health.incident = None
    elif result is not Result.UNKNOWN:
        health.incident = incidents.explaining(health.setting.host, result)
    told = news(after, quiet=health.incident is not None or not health.setting.is_watched)
    if told:
        _tell(health.setting, told, hint, after.bad_since or before.bad_since, now)
        after = replace(after, told=told is Health.FAILING)
    if result is not Result.UNKNOWN or after.health not in BAD:
        health.attempt = kept  # where it fails, the attempt that says why
    health.result, health.tried_at = result.value, now
    health.take(after, _next(after, health.setting, now))
    health.save()


def _tell(
    setting: SmtpSetting,
    health: Health,
    hint: Hint | None,
    since: dt.datetime | None,
    now: dt.datetime,
) -> None:
    if health is Health.WORKING:
        topic, title = Topic.SETTING_WORKING, _("%(setting)s logs in again.")
        cause, text = "setting works", _("Nothing is left to do.")
    else:
        topic, title = Topic.SETTING_FAILING, _("%(setting)s cannot log in any more.")
        cause, text = hint.code if hint else "unknown", _in_words(hint)
    tell(
        setting.tenant,
        topic,
        cause=cause,
        subject=setting.name,
        title=title % {"setting": setting.name},
        text=text,
        path=setting.get_absolute_url(),
        now=now,
        since=since,
    )


def _in_words(hint: Hint | None) -> str:
    if hint is None:
        return _("The reason is not known.")
    steps = (f"{number}. {step}" for number, step in enumerate(hint.steps, start=1))
    return "\n".join((f"{hint.title}.", "", hint.why, "", *steps))
