"""State: which domains somebody may see, which of them are due, and who holds them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dnscheck.verdicts import Verdict
from tenants.models import Tenant

if TYPE_CHECKING:
    from dnscheck.models import SendingDomain  # noqa: F401 - in quotation marks below
    from tenants.models import Person

# Further ahead than any lease or interval: the clock was ahead when it was written.
FAR = dt.timedelta(hours=1)
LONGEST_INTERVAL = dt.timedelta(days=9)
LONGEST_COMPARED = dt.timedelta(days=1) + FAR  # without a full check
OVERDUE = dt.timedelta(minutes=15)  # then it is checked in full, for nobody seems to compare
FEW = 20_000  # domains
FEW_TRIES = 2  # by workers that died with it, before a domain is checked by itself


class DomainQuerySet(models.QuerySet["SendingDomain"]):
    """Claims by conditional update, so that a domain has one worker at a time."""

    def visible_to(self, user: Person) -> DomainQuerySet:
        """Return the domains of the tenants this person may look at."""
        return self.filter(tenant__in=Tenant.objects.visible_to(user))

    def editable_by(self, user: Person) -> DomainQuerySet:
        """Return the domains this person may change."""
        return self.filter(tenant__in=Tenant.objects.editable_by(user))

    def are_few(self, most: int = FEW) -> bool:
        """Whether a part of a name can be looked for in each of these, by a page."""
        return not self.order_by()[most : most + 1].exists()

    def due(self, now: dt.datetime) -> DomainQuerySet:
        """Return what is to be checked in full, is in nobody's hands and was not announced."""
        return self.claimable(now).filter(
            Q(announced_until=None)
            | Q(announced_until__lte=now)
            | Q(announced_until__gt=now + FAR),
            Q(compare_until=None)
            | Q(compare_until__lte=now)
            | Q(compare_until__gt=now + LONGEST_COMPARED)
            | Q(next_check_at__lte=now - OVERDUE)
            | Q(tries__gte=FEW_TRIES),
        )

    def checkable(self, now: dt.datetime, *, everything: bool = False) -> DomainQuerySet:
        """Return what is to be checked in full, or all, and can be together with many others.

        That is not what ended its worker before.
        """
        rows = self.filter(_unclaimed(now)) if everything else self.due(now)
        return rows.filter(tries__lt=FEW_TRIES)

    def claimable(self, now: dt.datetime) -> DomainQuerySet:
        """Return what is to be checked and is in nobody's hands."""
        return self.filter(
            Q(next_check_at__lte=now) | Q(next_check_at__gt=now + LONGEST_INTERVAL),
            _unclaimed(now),
        )

    def claim(self, pk: int, now: dt.datetime, lease: dt.timedelta) -> str:
        """Take a due domain; return the token of the claim, or nothing if it was taken."""
        token = uuid.uuid4().hex
        return token if self.filter(pk=pk).claimable(now).take(token, now + lease) else ""

    def in_hand(self, now: dt.datetime) -> DomainQuerySet:
        """Return what is being checked, or was announced and waits for a worker."""
        return self.filter(
            Q(claimed_until__gt=now, claimed_until__lte=now + FAR)
            | Q(announced_until__gt=now, announced_until__lte=now + FAR)
        )

    def held(self, pk: int, token: str) -> DomainQuerySet:
        """Return the domain while this claim holds it, else nothing."""
        return self.filter(pk=pk, claim_token=token)

    def comparable(self, now: dt.datetime, *, everything: bool = False) -> DomainQuerySet:
        """Return what is due, or not yet, and can be compared with its last full check."""
        rows = self.filter(
            _unclaimed(now),
            verdict=Verdict.VERIFIED.value,
            compare_until__gt=now,
            compare_until__lte=now + LONGEST_COMPARED,
            tries__lt=FEW_TRIES,
        )
        return rows if everything else rows.filter(next_check_at__lte=now)

    def take(self, token: str, until: dt.datetime) -> int:
        """Claim what is in the hands of nobody; return how many they were.

        The condition for that has to be in this very query: it is checked again for each row.
        """
        return self.update(claim_token=token, claimed_until=until, tries=F("tries") + 1)


def _unclaimed(now: dt.datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + FAR)
