"""State: where a tenant wants to be called, and the calls."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smtp import vault
from smtp.telling.place import Place
from tenants.models import Tenant

FAR = dt.timedelta(days=1)  # no try is put off that long: the clock was ahead when it was written


class Webhook(models.Model):
    """An address of a tenant's that is called when something happens.

    It is never changed: its secret belongs to the address. Another address is another webhook.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="webhooks")
    url = models.CharField(_("address"), max_length=500)
    secret = vault.EncryptedTextField(default="", editable=False)
    created_at = models.DateTimeField(_("added"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "url"], name="one_webhook_of_an_address")
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def place(self) -> Place:
        """The parts of the address."""
        return Place.read(self.url)

    @property
    def binding(self) -> vault.Binding:
        """What the secret is bound to."""
        place = self.place
        return vault.Binding(self.tenant_id, place.host, place.port, place.scheme, place.target)

    def set_secret(self, secret: str) -> None:
        """Seal the secret to this tenant and address."""
        self.secret = vault.seal(secret, self.binding)

    def open_secret(self) -> str:
        """Return the secret to sign with; raise `vault.Unbound` if there is none for here."""
        secret = vault.unseal(vault.read(self, "secret"), self.binding)
        if not secret:  # as after loading a dump, which holds no secret
            raise vault.Unbound
        return secret


class CallState(models.TextChoices):
    """Where a call is. The row is the job: a worker claims it, a message only rings."""

    WAITING = "waiting", _("Waiting")
    CALLING = "calling", _("Calling")
    TAKEN = "taken", _("Taken")
    GIVEN_UP = "given_up", _("Given up")


class CallQuerySet(models.QuerySet["Call"]):
    """Claims by conditional update, so that a row has one worker at a time."""

    def due(self, now: dt.datetime) -> CallQuerySet:
        """Return what may be tried now."""
        return self.filter(state=CallState.WAITING).filter(
            Q(due_at__lte=now) | Q(due_at__gt=now + FAR)
        )

    def claim(self, pk: int, now: dt.datetime, lease: dt.timedelta) -> str:
        """Take a due call; return the token of the claim, or nothing if it was taken."""
        token = uuid.uuid4().hex
        taken = (
            self.due(now)
            .filter(pk=pk)
            .update(
                state=CallState.CALLING,
                token=token,
                lease_until=now + lease,
                tries=F("tries") + 1,
            )
        )
        return token if taken else ""

    def expired(self, now: dt.datetime) -> CallQuerySet:
        """Return what a worker took and did not finish in time."""
        late = Q(lease_until__lt=now) | Q(lease_until__gt=now + FAR)
        return self.filter(late, state=CallState.CALLING)


class Call(models.Model):
    """One call of a webhook, with what came of its last try. All tries have key and body in common.

    A call may arrive twice, as when an answer is lost on its way; the key tells the receiver.
    """

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    batch = models.UUIDField(db_index=True, editable=False)
    body = models.TextField(editable=False)
    created_at = models.DateTimeField(_("asked"), default=timezone.now, db_index=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CallState.choices, default=CallState.WAITING
    )
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    announced_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    tried_at = models.DateTimeField(_("last try"), null=True)
    status = models.PositiveSmallIntegerField(_("status code"), null=True)
    failure = models.CharField(_("failure"), max_length=300, blank=True)
    excerpt = models.CharField(_("answer"), max_length=200, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes = [
            models.Index(fields=["state", "due_at"], name="calls_by_state"),
            models.Index(fields=["webhook", "-id"], name="calls_of_a_webhook"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CallState.values), name="known_state_of_call"
            ),
            models.CheckConstraint(
                condition=~Q(state=CallState.CALLING)
                | (~Q(token="") & Q(lease_until__isnull=False)),
                name="claimed_call_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.webhook} #{self.pk}"
