"""State: what the timetable did, hour by hour, for operators who wonder whether it keeps up."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

KEPT = dt.timedelta(hours=48)


class WorkQuerySet(models.QuerySet["Work"]):
    """Adds up by conditional update: two workers never lose each other's counts."""

    def note(self, now: dt.datetime, **counts: float) -> None:
        """Add to the counts of this hour; what is older than two days is forgotten."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        more = {name: F(name) + count for name, count in counts.items()}
        if not self.filter(hour=hour).update(**more):
            self.get_or_create(hour=hour)
            self.filter(hour=hour).update(**more)
            self.filter(hour__lt=hour - KEPT).delete()


class Work(models.Model):
    """What was done in one hour, which begins at `hour`.

    `compared` domains took `seconds` of sweeps: `changed` ones went to the full check, and so did
    `unknown` ones, which could not be told of. `checked` counts full checks.
    """

    hour = models.DateTimeField(_("hour"), unique=True)
    compared = models.PositiveIntegerField(_("compared"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unknown = models.PositiveIntegerField(_("could not be told of"), default=0)
    questions = models.PositiveIntegerField(_("questions"), default=0)
    seconds = models.FloatField(_("seconds of sweeps"), default=0)
    checked = models.PositiveIntegerField(_("full checks"), default=0)

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["-hour"]
        verbose_name = _("hour of work")
        verbose_name_plural = _("hours of work")

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:%M}"

    @property
    def rate(self) -> float | None:
        """Domains compared in a second of sweeps; None if there was none."""
        return self.compared / self.seconds if self.seconds else None
