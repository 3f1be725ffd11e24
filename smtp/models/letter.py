"""State: the mails that tell people what happened, and those that a person asked for."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smtp import vault
from smtp.models.attempt import Attempt
from tenants.models import Tenant

LINK = "{link}"  # stands in a text where the link does


class LetterState(models.TextChoices):
    """Where a mail is."""

    WAITING = "waiting", _("Waiting")
    TRYING = "trying", _("On its way")
    SENT = "sent", _("Sent")
    UNCLEAR = "unclear", _("Unclear")  # lost after DATA: never sent again
    GIVEN_UP = "given_up", _("Given up")
    WITHDRAWN = "withdrawn", _("Withdrawn")  # not to be sent any more


class Letter(models.Model):
    """One mail to one person; each try of it is an attempt.

    It is about the notices of one batch, or a person `asked_for` it: then it waits for no quiet
    hours. `link` is an address that opens a page without an account: it is stored apart from the
    text, encrypted, and only until the letter has ended. After `until` it is not sent any more.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, related_name="letters")
    batch = models.UUIDField(db_index=True, editable=False)
    cause = models.CharField(_("cause"), max_length=200)
    recipient = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    link = vault.EncryptedTextField(default="", blank=True, editable=False)
    reply_to = models.EmailField(_("Reply-To address"), blank=True)
    asked_for = models.BooleanField(default=False, editable=False)
    until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_index=True)
    state = models.CharField(
        _("state"), max_length=10, choices=LetterState.choices, default=LetterState.WAITING
    )
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # The last try. The setting it was made with may go, and the attempt with it.
    attempt = models.OneToOneField(Attempt, models.SET_NULL, null=True, related_name="letter")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mail about notices")
        verbose_name_plural = _("mails about notices")
        indexes = [
            models.Index(fields=["state", "due_at"], name="letters_by_state"),
            models.Index(fields=["tenant", "cause", "-id"], name="letters_of_a_cause"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LetterState.values), name="known_state_of_letter"
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def is_wanted(self, now: dt.datetime) -> bool:
        """Whether it may be sent now that its turn has come."""
        is_over = self.until is not None and self.until <= now
        return self.state == LetterState.TRYING and not is_over
