"""Verb: see many failing settings as the one incident that they are, from its opening to its end.

Only the sweep opens and ends incidents; a worker that finds one open says less. Both changes are
conditional, so that of two sweeps one tells. What is to blame is judged by `smtp.watching.outages`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from smtp.models import Attempt, Incident, SettingHealth
from smtp.watching import outages
from smtp.watching.health import Health, Result
from smtp.watching.outages import LONG_AGO, Seen
from tenants.models import Tenant, Topic
from tenants.notices import tell


def review(now: dt.datetime) -> None:
    """Open what began, end what is over, and hurry the tries that will tell."""
    SettingHealth.objects.filter(incident__ended_at__isnull=False).update(incident=None)
    Incident.objects.filter(ended_at=None, opened_at__gt=now).update(opened_at=now)
    still_open = list(Incident.objects.filter(ended_at=None))
    recent = SettingHealth.objects.watched().current().bad()
    if not still_open and not recent.filter(bad_since__gte=now - outages.WINDOW).exists():
        return
    seen = _seen(now)
    wanted = outages.look_around(seen, now)
    for incident in still_open:
        wanted |= _follow(incident, _concerned(incident, seen), now)
    _open_what_began(seen, now)
    _hurry(wanted, now)


def end_all(now: dt.datetime) -> None:
    """End every incident without a word: nothing is watched any more."""
    if Incident.objects.filter(ended_at=None).update(ended_at=now):
        SettingHealth.objects.exclude(incident=None).update(incident=None)


def explaining(host: str, result: Result) -> Incident | None:
    """Return the open incident that explains why a setting of this host fails so."""
    if result is Result.UNFIT:
        return None
    hosts = [host, ""] if result is Result.SILENT else [host]
    return Incident.objects.filter(ended_at=None, host__in=hosts).order_by("-host").first()


def _seen(now: dt.datetime) -> list[Seen]:
    """Return every watched setting as it was seen last."""
    rows = SettingHealth.objects.watched().current().order_by("pk")
    columns = ("pk", "setting__host", "setting__tenant", "state", "result", "bad_since")
    return [
        Seen(
            key,
            host,
            tenant,
            Health(state),
            Result(result) if result else None,
            bad_since or LONG_AGO,
            # What was tried in the future was tried by a clock that was wrong.
            tried_at if tried_at and tried_at <= now else LONG_AGO,
            incident,
        )
        for key, host, tenant, state, result, bad_since, tried_at, incident in rows.values_list(
            *columns, "tried_at", "incident"
        )
    ]


def _concerned(incident: Incident, seen: Sequence[Seen]) -> list[Seen]:
    return [one for one in seen if incident.host in ("", one.host)]


def _open_what_began(seen: Sequence[Seen], now: dt.datetime) -> None:
    ours = [one for one in outages.at_us(seen, now) if one.incident is None]
    if ours:
        _open("", ours, seen, now)
        return
    for host in {one.host for one in seen if one.health is not Health.WORKING}:
        here = [one for one in seen if one.host == host]
        if failing := outages.at_host(here, now):
            _open(host, failing, here, now)


def _open(host: str, failing: Sequence[Seen], here: Sequence[Seen], now: dt.datetime) -> None:
    """Open an incident and tell of it, unless another sweep has just done so."""
    hint, cause = _commonest(failing)
    tenants = {one.tenant for one in here}
    with transaction.atomic():
        incident, is_new = Incident.objects.get_or_create(
            host=host,
            ended_at=None,
            defaults={
                "opened_at": now,
                "hint": hint,
                "cause": cause,
                "affected": len(failing),
                "tenant_id": tenants.pop() if host and len(tenants) == 1 else None,
            },
        )
        if is_new:
            _tell_beginning(incident, now)
    for one in failing:
        bad = SettingHealth.objects.filter(pk=one.key).bad()
        bad.filter(incident=None).update(incident=incident)


def _commonest(failing: Sequence[Seen]) -> tuple[str, str]:
    """Return hint and cause that most of these settings failed with."""
    attempts = Attempt.objects.filter(pk__in=_attempts_of(failing))
    counted = Counter(attempts.values_list("hint", "cause")).most_common(1)
    return counted[0][0] if counted else ("", "")


def _attempts_of(failing: Sequence[Seen]) -> list[int]:
    rows = SettingHealth.objects.filter(pk__in=[one.key for one in failing])
    return list(rows.exclude(attempt=None).values_list("attempt", flat=True))


def _follow(incident: Incident, here: Sequence[Seen], now: dt.datetime) -> set[int]:
    """End an incident that is over; return which of its settings to try now."""
    explained = {one.key for one in here if one.incident == incident.pk}
    if not outages.is_over(here, incident.pk, incident.opened_at, is_ours=not incident.host):
        if len(explained) > incident.affected:
            Incident.objects.filter(pk=incident.pk).update(affected=len(explained))
        return outages.probe(here, incident.pk, incident.opened_at, now)
    with transaction.atomic():
        if Incident.objects.filter(pk=incident.pk, ended_at=None).update(ended_at=now):
            _tell_end(incident, now)
    for key in explained:
        SettingHealth.objects.filter(pk=key, incident=incident).update(incident=None)
    return explained


def _hurry(wanted: set[int], now: dt.datetime) -> None:
    """Make these settings due now, one by one: locked together they could wait crosswise."""
    for key in sorted(wanted):
        SettingHealth.objects.filter(pk=key, next_try_at__gt=now).update(next_try_at=now)


def _tell_beginning(incident: Incident, now: dt.datetime) -> None:
    number, cause = incident.affected, incident.cause or _("The reason is not known")
    told = ngettext("%(number)s setting fails.", "%(number)s settings fail.", number)
    lines = [f"{cause}. {told % {'number': number}}", ""]
    if incident.tenant_id is None:
        lines.append(_("Their tenants are not told one by one; their pages say so."))
    lines.append(_("Some are tried again every ten minutes, and you are told when it is over."))
    _tell(incident, Topic.INCIDENT_OPENED, f"{incident.title}.", "\n".join(lines), now)


def _tell_end(incident: Incident, now: dt.datetime) -> None:
    if incident.host:
        title = _("Logins at %(host)s work again.") % {"host": incident.host}
    else:
        title = _("Mail servers answer Relaydesk again.")
    text = _("Settings that still fail are told of one by one from now on.")
    _tell(incident, Topic.INCIDENT_ENDED, title, text, now)


def _tell(incident: Incident, topic: Topic, title: str, text: str, now: dt.datetime) -> None:
    tenant = Tenant.objects.filter(pk=incident.tenant_id or 0).first()
    tell(
        tenant,
        topic,
        cause=f"incident {incident.pk}",
        subject=incident.host or _("all mail servers"),
        title=title,
        text=text,
        path=tenant.get_absolute_url() if tenant else reverse("tenants:overview"),
        now=now,
        since=incident.opened_at,
    )
