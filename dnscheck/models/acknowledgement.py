"""State: findings that somebody has seen and lets be."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dnscheck.reopening import Acknowledged, Key


class Acknowledgement(models.Model):
    """Somebody has seen a finding and lets it be, for a reason and until a day.

    It is of what was seen then: `place` is a record's name and type, or empty for the whole domain;
    `evidence` is that of `reopening`.
    """

    domain = models.ForeignKey(
        "dnscheck.SendingDomain", models.CASCADE, related_name="acknowledgements"
    )
    code = models.CharField(_("finding"), max_length=60)
    place = models.CharField(_("record"), max_length=410, blank=True)
    severity = models.CharField(_("severity"), max_length=10, default="info")
    evidence = models.CharField(max_length=64, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(_("acknowledged"))

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "place", "code"], name="one_acknowledgement_per_place_and_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.code}"

    @property
    def key(self) -> Key:
        """Of which finding it is."""
        return self.place, self.code

    @property
    def known(self) -> Acknowledged:
        """What was acknowledged, as the rules for reopening want it."""
        return Acknowledged(self.evidence, self.severity, self.until)
