"""State: the recursive resolvers this portal asks, and how they answered the last time."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TRIED_EVERY = dt.timedelta(minutes=1)


class UpstreamQuerySet(models.QuerySet["Upstream"]):
    """Claims by conditional update, so that each resolver is tried once at a time."""

    def claim(self, server: str, now: dt.datetime) -> bool:
        """Take a resolver to try it, if it was not tried lately, or at a time yet to come."""
        self.get_or_create(server=server)
        due = Q(asked_at=None) | Q(asked_at__lte=now - TRIED_EVERY) | Q(asked_at__gt=now)
        return bool(self.filter(due, server=server).update(asked_at=now))


class Upstream(models.Model):
    """One resolver. `milliseconds` is how long its last answer took; silence leaves it empty."""

    server = models.CharField(_("resolver"), max_length=60, unique=True)
    asked_at = models.DateTimeField(_("asked"), null=True)
    milliseconds = models.PositiveIntegerField(_("answered in ms"), null=True)
    silent_since = models.DateTimeField(_("silent since"), null=True)
    told = models.BooleanField(default=False, editable=False)  # operators know of the silence
    trouble = models.CharField(_("trouble"), max_length=20, blank=True)  # a `Reason`

    objects = UpstreamQuerySet.as_manager()

    class Meta:
        ordering = ["server"]
        verbose_name = _("resolver")
        verbose_name_plural = _("resolvers")

    def __str__(self) -> str:
        return self.server
