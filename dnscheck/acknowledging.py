"""Verbs: let a finding be as it was seen, undo that, and know whether all that is wrong is known.

What was acknowledged and what a check saw meet in `acknowledged_until` of the domain, which is
written while the domain's row is held, so that no check comes between.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from dnscheck.findings import RecordVerdict
from dnscheck.models import Acknowledgement, Check, SendingDomain
from dnscheck.reopening import (
    WHOLE_DOMAIN,
    FindingJson,
    Key,
    Sight,
    by_key,
    calm_until,
    evidence_of,
    is_gone,
    place_of,
    worst,
)
from dnscheck.verdicts import Result

if TYPE_CHECKING:
    from tenants.models import Person


def found_in(check: Check | None) -> dict[Key, list[FindingJson]]:
    """Return what a check found, by place and code."""
    return by_key(_sights(check)) if check else {}


def acknowledge(
    domain: SendingDomain,
    key: Key,
    evidence: str,
    *,
    reason: str,
    until: dt.datetime | None,
    by: Person,
    now: dt.datetime,
) -> bool:
    """Let a finding of the last check be. Return whether it was still the one with the evidence."""
    place, code = key
    with transaction.atomic():
        held = SendingDomain.objects.select_for_update().get(pk=domain.pk)
        findings = found_in(held.checks.first()).get(key, [])
        if not findings or evidence_of(findings) != evidence:
            return False
        Acknowledgement.objects.update_or_create(
            domain=held,
            place=place,
            code=code,
            defaults={
                "severity": worst(findings).value,
                "evidence": evidence,
                "reason": reason,
                "until": until,
                "by_id": by.pk,
                "created_at": now,
            },
        )
        settle(held, now)
    return True


def undo(domain: SendingDomain, key: Key, now: dt.datetime) -> None:
    """Have a finding open again."""
    place, code = key
    with transaction.atomic():
        held = SendingDomain.objects.select_for_update().get(pk=domain.pk)
        held.acknowledgements.filter(place=place, code=code).delete()
        settle(held, now)


def settle(domain: SendingDomain, now: dt.datetime) -> None:
    """Bring a domain's `acknowledged_until` up to date after a check or an acknowledgement.

    Forgets acknowledgements of what is mended, so that it is not let be when it comes back. Silence
    changes nothing. To be called while the domain's row is held.
    """
    known = {row.key: row for row in domain.acknowledgements.all()}
    last = domain.checks.first() if known else None
    sights = _sights(last) if last else []
    gone = {key for key in known if is_gone(key, sights)}
    if gone:
        rows = [known[key].pk for key in gone]
        Acknowledgement.objects.filter(pk__in=rows).delete()
    left = {key: row.known for key, row in known.items() if key not in gone}
    if last and last.result == Result.UNKNOWN:
        certain = domain.checks.exclude(result=Result.UNKNOWN.value).first()
        sights = _sights(certain) if certain else []
    until = calm_until(sights, left, now) if left else None
    SendingDomain.objects.filter(pk=domain.pk).exclude(acknowledged_until=until).update(
        acknowledged_until=until
    )


def _sights(check: Check) -> list[Sight]:
    rows = [
        Sight(place_of(row.name, row.type), row.findings, row.verdict, row.required)
        for row in check.records.all()
    ]
    is_certain = check.result != Result.UNKNOWN
    verdict = RecordVerdict.WRONG if is_certain else RecordVerdict.UNKNOWN
    return [Sight(WHOLE_DOMAIN, check.findings, verdict.value), *rows]
