"""State: troubles of a mail server, or of our own connection, that concern many settings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant


class Incident(models.Model):
    """A server that many settings cannot log in to, from its opening to its end.

    Without a host it is this machine's own connection that is to blame. `settings` are those that
    it explains now, `affected` is the most there were at once. `tenant` is set when all of them
    belong to one: then it is told instead of the operators.
    """

    host = models.CharField(_("host"), max_length=253, blank=True)
    tenant = models.ForeignKey(
        Tenant, models.CASCADE, null=True, blank=True, related_name="incidents"
    )
    opened_at = models.DateTimeField(_("opened"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, db_index=True)
    hint = models.CharField(_("hint"), max_length=60, blank=True)
    cause = models.CharField(_("cause"), max_length=200, blank=True)  # the hint's title then
    affected = models.PositiveIntegerField(_("settings affected"), default=0)

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=Q(ended_at=None), name="one_open_incident_per_host"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What is the matter, in a few words."""
        if not self.host:
            return str(_("Relaydesk reaches no mail server"))
        return str(_("Logins at %(host)s fail")) % {"host": self.host}
