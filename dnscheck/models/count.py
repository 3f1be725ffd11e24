"""State: how many domains of a tenant stood how at the end of each day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant


class DailyCount(models.Model):
    """A tenant's domains at the end of a day, each counted once.

    `unknown` are those that could not be asked about, whatever their last known verdict, but for
    those that were never verified. The day is one of the installation's time zone. A day after
    which nothing ran has no row.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="daily_counts")
    day = models.DateField(_("day"), db_index=True)
    verified = models.PositiveIntegerField(_("verified"), default=0)
    at_risk = models.PositiveIntegerField(_("at risk"), default=0)
    failing = models.PositiveIntegerField(_("failing"), default=0)
    pending = models.PositiveIntegerField(_("pending"), default=0)
    unknown = models.PositiveIntegerField(_("could not ask"), default=0)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("daily count")
        verbose_name_plural = _("daily counts")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "day"], name="one_count_per_tenant_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} {self.day}"
