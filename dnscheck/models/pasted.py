"""State: messages that people pasted to have them examined. The row is also the job of doing so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dnscheck.models.jobs import JobQuerySet
from smtp import vault

if TYPE_CHECKING:
    from tenants.models import Person


class ReceivedMailQuerySet(JobQuerySet["ReceivedMail"]):
    """Pasted messages, each in the hands of one worker at a time."""

    waiting = Q(examined_at=None)

    def of(self, user: Person) -> ReceivedMailQuerySet:
        """Return what this person pasted, without the messages; nobody else may see it."""
        return self.filter(pasted_by_id=user.pk).defer("source")


class ReceivedMail(models.Model):
    """One pasted message: encrypted until it was examined, then only its report, for a day.

    `source` holds its octets as Latin-1. `ip`, `helo` and `mail_from` are what the person knows
    better than the message. Without a report an examined message could not be read.
    """

    pasted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="received_mails"
    )
    pasted_at = models.DateTimeField(_("pasted"), default=timezone.now, db_index=True)
    source = vault.EncryptedTextField(default="", blank=True, editable=False)
    ip = models.GenericIPAddressField(_("address of the server that delivered"), null=True)
    helo = models.CharField(_("its name in HELO or EHLO"), max_length=253, blank=True)
    mail_from = models.CharField(_("envelope sender (MAIL FROM)"), max_length=320, blank=True)
    report = models.JSONField(_("report"), null=True, blank=True)
    examined_at = models.DateTimeField(_("examined"), null=True, blank=True)

    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    claim_token = models.CharField(max_length=32, blank=True, editable=False)
    announced_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ReceivedMailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("received mail")
        verbose_name_plural = _("received mails")

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """Return the page of its report."""
        return reverse("dnscheck:received_mail", args=[self.pk])
