"""State: the circuit breakers between this portal and whoever serves zones.

A provider of name servers that is silent for several domains in a row is left alone for a while,
so that the time spent waiting for it never delays the domains of others. One domain asked again
and again trips nothing: its own checks grow rarer by themselves.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

TROUBLED = 2  # domains in a row: from then on only a share of the slots is given
TRIPS = 4  # domains in a row: from then on there is a pause
PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(minutes=10)


class CircuitQuerySet(models.QuerySet["Circuit"]):
    """Counts by conditional update: two workers never lose each other's counts."""

    def troubled(self) -> CircuitQuerySet:
        """Return those that did not answer for several domains in a row."""
        return self.filter(failures__gte=TROUBLED)

    def resting(self, now: dt.datetime) -> CircuitQuerySet:
        """Return those that are left alone now; a pause from a clock that was ahead is over."""
        return self.filter(open_until__gt=now, open_until__lte=now + LONGEST_PAUSE)

    def note_silence(self, operator: str, domain: int, now: dt.datetime) -> None:
        """Count one more domain, by its id, that could not be asked about."""
        if not operator:
            return
        self.get_or_create(operator=operator, defaults={"since": now})
        circuit = self.filter(operator=operator)
        if not circuit.exclude(last_domain=domain).update(
            failures=F("failures") + 1, last_domain=domain
        ):
            return
        for failures in circuit.filter(failures__gte=TRIPS).values_list("failures", flat=True):
            pause = min(PAUSE * (1 << min(failures - TRIPS, 10)), LONGEST_PAUSE)
            circuit.update(open_until=now + pause)

    def note_answer(self, operator: str) -> None:
        """Forget the silence: there was an answer."""
        self.filter(operator=operator).delete()


class Circuit(models.Model):
    """Name servers of one operator that were silent lately. Without silence there is no row."""

    operator = models.CharField(_("name servers of"), max_length=253, unique=True)
    since = models.DateTimeField(_("silent since"))
    failures = models.PositiveIntegerField(_("domains in a row"), default=0)
    last_domain = models.BigIntegerField(default=0, editable=False)
    open_until = models.DateTimeField(_("left alone until"), null=True, blank=True)

    objects = CircuitQuerySet.as_manager()

    class Meta:
        ordering = ["since"]
        verbose_name = _("silent name servers")
        verbose_name_plural = _("silent name servers")
        indexes = [
            models.Index(
                fields=["failures"], condition=Q(failures__gte=TROUBLED), name="troubled_circuits"
            )
        ]

    def __str__(self) -> str:
        return self.operator
