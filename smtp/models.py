"""State: a tenant's ways out (SmtpSetting) and everything that was tried with them (Attempt)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smtp import vault
from smtp.hints import Hint
from smtp.outcome import Failure, Outcome, Security, Stage
from smtp.providers import choices as provider_choices
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.models import Person

FAR = dt.timedelta(hours=1)  # no lease is that long: the clock was ahead when it was written
# What a password is bound to (DESIGN: nobody can read a stored secret by pointing the setting at
# a server of their own). The tenant is part of it as well, but never changes.
BOUND_FIELDS = ("host", "port", "security", "username")


class SecurityChoice(models.TextChoices):
    """`Security` with the words a person chooses by."""

    STARTTLS = Security.STARTTLS.value, _("STARTTLS (usual on port 587)")
    TLS = Security.TLS.value, _("TLS from the start (usual on port 465)")
    NONE = Security.NONE.value, _("None: nothing is encrypted")


class SettingManager(models.Manager["SmtpSetting"]):
    """Leaves the sealed password in the database unless somebody asks for it by name."""

    def get_queryset(self) -> models.QuerySet[SmtpSetting]:
        """Return settings without their password column."""
        return super().get_queryset().defer("password")

    def visible_to(self, user: Person) -> models.QuerySet[SmtpSetting]:
        """Return the settings of the tenants this person may look at."""
        return self.filter(tenant__in=Tenant.objects.visible_to(user))

    def editable_by(self, user: Person) -> models.QuerySet[SmtpSetting]:
        """Return the settings this person may change."""
        return self.filter(tenant__in=Tenant.objects.editable_by(user))


class SmtpSetting(models.Model):
    """One way out for one tenant."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="settings")
    name = models.CharField(_("name"), max_length=100)
    provider = models.CharField(_("provider"), max_length=60, choices=provider_choices)
    inputs = models.JSONField(_("provider's own values"), default=dict, blank=True)
    enabled = models.BooleanField(
        _("enabled"),
        default=False,
        help_text=_("Try it first: only enabled settings are used to deliver mail."),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("1 is tried first; the next one follows when the way fails."),
    )
    host = models.CharField(_("host"), max_length=253)
    port = models.PositiveIntegerField(
        _("port"), validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(_("security"), max_length=10, choices=SecurityChoice.choices)
    username = models.CharField(_("user name"), max_length=255, blank=True)
    password = vault.EncryptedTextField(_("password"), default="", blank=True, editable=False)
    has_password = models.BooleanField(_("password stored"), default=False, editable=False)
    from_address = models.EmailField(_("From address"))
    from_name = models.CharField(_("From name"), max_length=100, blank=True)
    reply_to = models.EmailField(_("Reply-To address"), blank=True)
    extra_headers = models.TextField(
        _("extra headers"), blank=True, help_text=_("One X-Name=Value a line.")
    )
    debug = models.BooleanField(
        _("debug"),
        default=False,
        help_text=_("Keep the whole conversation of each attempt. Secrets are masked."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # Since when host, port, security, user name and password are as they are: what was tried
    # before proves nothing.
    way_since = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SettingManager()

    class Meta:
        base_manager_name = "objects"  # relations, too, leave the password where it is
        ordering = ["priority", "name"]
        verbose_name = _("SMTP setting")
        verbose_name_plural = _("SMTP settings")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="one_setting_of_a_name"),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="port_in_range"),
            models.CheckConstraint(condition=Q(priority__gte=1), name="priority_from_one"),
            models.CheckConstraint(
                condition=Q(security__in=[item.value for item in Security]), name="known_security"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the setting's page."""
        return reverse("smtp:setting", args=[self.pk])

    @property
    def binding(self) -> vault.Binding:
        """What this setting's password is bound to."""
        return vault.Binding(
            self.tenant_id, self.host.lower(), self.port, self.security, self.username
        )

    def set_password(self, secret: str) -> None:
        """Seal a new password to this setting's host, port, security and user name."""
        self.password = vault.seal(secret, self.binding)
        self.has_password = bool(secret)

    def open_password(self) -> str:
        """Return the password for use on the wire; raise `vault.Unbound` if it is not for here."""
        secret = vault.unseal(vault.read(self, "password"), self.binding)
        if self.has_password and not secret:  # as after loading a dump, which holds no secret
            raise vault.Unbound
        return secret


class Kind(models.TextChoices):
    """What an attempt is for."""

    CONNECT = "connect", _("Connection test")
    TEST = "test", _("Test mail")


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
        """Return the attempts of the tenants this person may look at."""
        return self.filter(setting__tenant__in=Tenant.objects.visible_to(user))

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


class Attempt(models.Model):
    """One try to connect or to send, with its stages, its outcome and a hint."""

    setting = models.ForeignKey(SmtpSetting, models.CASCADE, related_name="attempts")
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

    succeeded = models.BooleanField(_("succeeded"), null=True)
    stage = models.CharField(_("stage"), max_length=12, blank=True)
    failure = models.CharField(_("failure"), max_length=24, blank=True)
    reply_code = models.PositiveSmallIntegerField(_("reply code"), null=True, blank=True)
    enhanced_code = models.CharField(_("enhanced code"), max_length=12, blank=True)
    server_text = models.TextField(_("server's words"), blank=True)
    hint = models.CharField(_("hint"), max_length=60, blank=True, db_index=True)
    cause = models.CharField(_("cause"), max_length=200, blank=True)  # the hint's title then
    outcome = models.JSONField(_("outcome"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
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
        ]
        indexes = [
            models.Index(fields=["setting", "-id"], name="attempts_of_a_setting"),
        ]

    ended: ClassVar = (State.DONE, State.UNCLEAR)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        """Return the attempt's page."""
        return reverse("smtp:attempt", args=[self.pk])

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
