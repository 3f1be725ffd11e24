"""State: what every server of a domain's zone answered when somebody last wanted to know."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dnscheck.models.domain import SendingDomain
from dnscheck.models.jobs import JobQuerySet


class TourQuerySet(JobQuerySet["Tour"]):
    """Tours, each in the hands of one worker at a time."""

    waiting = Q(wanted_at__isnull=False)


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
