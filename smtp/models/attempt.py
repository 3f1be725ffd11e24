"""State: everything that was tried with a way out."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smtp import vault
from smtp.hints import Hint
from smtp.models.setting import SmtpSetting
from smtp.outcome import Failure, Outcome, Stage
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.models import Person

FAR = dt.timedelta(hours=1)  # no lease is that long: the clock was ahead when it was written


class Kind(models.TextChoices):
    """What an attempt is for."""

    CONNECT = "connect", _("Connection test")
    TEST = "test", _("Test mail")
    NOTICE = "notice", _("Notice")  # see Letter
    HEALTH = "health", _("Scheduled login")  # what a connection test does, asked for by nobody


class State(models.TextChoices):
    """Where an attempt is. The row is the job: a worker claims it, a message only rings."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SENDING = "sending", _("Handing over")  # DATA was sent: from here on never tried again
    DONE = "done", _("Done")
    UNCLEAR = "unclear", _("Unclear")  # lost after DATA: nobody knows whether it was accepted


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Claims by conditional update, so that a row has one worker at a time."""

    def visible_to(self, user: Person) -> AttemptQuerySet:
        """Return the attempts of the tenants this person may look at.

        A notice goes to people of any tenant by way of one: only operators see whom it went to.
        """
        rows = self.filter(tenant__in=Tenant.objects.visible_to(user))
        if getattr(user, "is_staff", False) and user.is_active:
            return rows
        return rows.exclude(kind=Kind.NOTICE)

    def drafts_of(self, user: Person) -> AttemptQuerySet:
        """Return this person's attempts with values that are not saved, while these are kept."""
        own = self.filter(requested_by_id=user.pk, has_draft=True)
        return own.filter(tenant__in=Tenant.objects.editable_by(user))

    def due(self, now: dt.datetime) -> AttemptQuerySet:
        """Return what waits and was not announced lately."""
        return self.filter(state=State.QUEUED).filter(
            Q(announced_until=None) | Q(announced_until__lte=now) | Q(announced_until__gt=now + FAR)
        )

    def claim(self, pk: int, now: dt.datetime, lease: dt.timedelta) -> str:
        """Take a waiting attempt; return the token of the claim, or nothing if it was taken."""
        token = uuid.uuid4().hex
        taken = self.filter(pk=pk, state=State.QUEUED).update(
            state=State.RUNNING,
            token=token,
            lease_until=now + lease,
            started_at=now,
            tries=F("tries") + 1,
        )
        return token if taken else ""

    def held(self, pk: int, token: str) -> AttemptQuerySet:
        """Return the attempt while this claim holds it, else nothing."""
        return self.filter(pk=pk, token=token, state__in=[State.RUNNING, State.SENDING])

    def expired(self, now: dt.datetime) -> AttemptQuerySet:
        """Return what a worker took and did not finish in time."""
        claimed = self.filter(state__in=[State.RUNNING, State.SENDING])
        return claimed.filter(Q(lease_until__lt=now) | Q(lease_until__gt=now + FAR))


class AttemptManager(models.Manager.from_queryset(AttemptQuerySet)):  # type: ignore[misc]
    """Leaves values that are not saved in the database unless somebody asks for them by name."""

    def get_queryset(self) -> AttemptQuerySet:
        """Return attempts without their drafts."""
        rows: AttemptQuerySet = super().get_queryset().defer("draft")
        return rows


class Attempt(models.Model):
    """One try to connect or to send, with its stages, its outcome and a hint.

    It is made with a stored setting, or with values that somebody is about to save: those are its
    draft, sealed and kept for a short while.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="attempts")
    setting = models.ForeignKey(
        SmtpSetting, models.CASCADE, null=True, blank=True, related_name="attempts"
    )
    draft = vault.EncryptedTextField(default="", blank=True, editable=False)
    has_draft = models.BooleanField(_("values not saved"), default=False, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    recipient = models.EmailField(_("recipient"), blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="attempts"
    )
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField(_("Message-ID"), max_length=400, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.QUEUED, db_index=True
    )
    token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    announced_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    # What the setting was when it was tried, so that a page explains the past truly.
    provider = models.CharField(_("provider"), max_length=60)
    host = models.CharField(_("host"), max_length=253)
    port = models.PositiveIntegerField(_("port"))
    security = models.CharField(_("security"), max_length=10)
    # NULL is unknown, as in rows of earlier releases; empty is no login.
    username = models.CharField(_("user name"), max_length=255, null=True, blank=True)  # noqa: DJ001
    # What is suspicious about the look of the password: a code of `smtp.lints.secret_shape`.
    secret_shape = models.CharField(max_length=60, blank=True, editable=False)

    succeeded = models.BooleanField(_("succeeded"), null=True)
    stage = models.CharField(_("stage"), max_length=12, blank=True)
    failure = models.CharField(_("failure"), max_length=24, blank=True)
    reply_code = models.PositiveSmallIntegerField(_("reply code"), null=True, blank=True)
    enhanced_code = models.CharField(_("enhanced code"), max_length=12, blank=True)
    server_text = models.TextField(_("server's words"), blank=True)
    hint = models.CharField(_("hint"), max_length=60, blank=True, db_index=True)
    cause = models.CharField(_("cause"), max_length=200, blank=True)  # the hint's title then
    outcome = models.JSONField(_("outcome"), null=True, blank=True)

    objects = AttemptManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-pk"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="known_kind"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="known_state"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DONE, State.UNCLEAR]) | Q(finished_at__isnull=False),
                name="ended_attempt_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RUNNING, State.SENDING])
                | (~Q(token="") & Q(lease_until__isnull=False)),
                name="claimed_attempt_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.TEST) | ~Q(recipient=""), name="test_mail_has_a_recipient"
            ),
            models.UniqueConstraint(
                fields=["setting"],
                condition=Q(kind=Kind.HEALTH, finished_at=None),
                name="one_scheduled_login_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["setting", "-id"], name="attempts_of_a_setting"),
            models.Index(fields=["tenant", "-id"], name="attempts_of_a_tenant"),
        ]

    ended: ClassVar = (State.DONE, State.UNCLEAR)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        """Return the attempt's page."""
        return reverse("smtp:attempt", args=[self.pk])

    @property
    def way(self) -> SmtpSetting | None:
        """The setting, or the values that were tried unsaved; None once these are forgotten."""
        if self.setting is not None or not self.has_draft:
            return self.setting
        try:
            return SmtpSetting.from_draft(vault.read(self, "draft"), self.tenant)
        except vault.Unbound:
            return None

    @property
    def mark(self) -> str:
        """What a test mail is marked with, so that it can be found again."""
        return self.idempotency_key.hex[:12]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to this attempt."""
        return self.state in self.ended

    @property
    def result(self) -> Outcome | None:
        """The stored Outcome, if the attempt came to one."""
        return Outcome.from_json(self.outcome) if self.outcome else None


def outcome_columns(outcome: Outcome, hint: Hint | None) -> dict[str, Any]:
    """Return the columns of an Attempt that tell this outcome and its first hint."""
    reply = outcome.reply
    return {
        "succeeded": None if outcome.unclear else outcome.ok,
        "stage": Stage(outcome.stage).value,
        "failure": Failure(outcome.failure).value if outcome.failure else "",
        "reply_code": reply.code if reply else None,
        "enhanced_code": reply.enhanced[:12] if reply else "",
        "server_text": reply.text if reply else outcome.message,
        "hint": hint.code if hint else "",
        "cause": hint.title[:200] if hint else "",
        "outcome": outcome.as_json(),
    }
