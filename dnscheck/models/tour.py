"""State: what every server of a domain's zone answered when somebody last wanted to know."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q

from dnscheck.models.domain import SendingDomain

FAR = dt.timedelta(hours=1)  # no lease is that long: the clock was ahead when it was written


class TourQuerySet(models.QuerySet["Tour"]):
    """Claims by conditional update, so that a tour has one worker at a time."""

    def claimable(self, now: dt.datetime) -> TourQuerySet:
        """Return what is wanted and in nobody's hands."""
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + FAR),
            wanted_at__isnull=False,
        )

    def due(self, now: dt.datetime) -> TourQuerySet:
        """Return what is wanted, in nobody's hands, and was not announced lately."""
        return self.claimable(now).filter(
            Q(announced_until=None) | Q(announced_until__lte=now) | Q(announced_until__gt=now + FAR)
        )

    def claim(self, pk: int, now: dt.datetime, lease: dt.timedelta) -> str:
        """Take a wanted tour; return the token of the claim, or nothing if it was taken."""
        token = uuid.uuid4().hex
        wanted = self.filter(pk=pk).claimable(now)
        taken = wanted.update(claim_token=token, claimed_until=now + lease, tries=F("tries") + 1)
        return token if taken else ""

    def held(self, pk: int, token: str) -> TourQuerySet:
        """Return the tour while this claim holds it, else nothing."""
        return self.filter(pk=pk, claim_token=token)


class Tour(models.Model):
    """The last tour of a domain's servers; the row is also the job of making the next one.

    `wanted_at` is set while somebody waits for it, `was_lost` once that was given up. `seen` holds
    what was seen (`dnscheck.standpoints.tour.Sights`) at `seen_at`, until it is seen anew.
    """

    domain = models.OneToOneField(
        SendingDomain, models.CASCADE, primary_key=True, related_name="tour"
    )
    wanted_at = models.DateTimeField(null=True, editable=False)
    was_lost = models.BooleanField(default=False, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    seen = models.JSONField(null=True, editable=False)

    claimed_until = models.DateTimeField(null=True, editable=False)
    claim_token = models.CharField(max_length=32, blank=True, editable=False)
    announced_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TourQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["wanted_at"], condition=Q(wanted_at__isnull=False), name="tours_wanted"
            )
        ]

    def __str__(self) -> str:
        return str(self.domain)
