"""State: a tenant's SMTP settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smtp import vault
from smtp.outcome import Security
from smtp.providers import choices as provider_choices
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.models import Person

# What a password is bound to (DESIGN: nobody can read a stored secret by pointing the setting at
# a server of their own). The tenant is part of it as well, but never changes.
BOUND_FIELDS = ("host", "port", "security", "username")
# What an attempt must know of values that are not saved.
DRAFT_FIELDS = (
    *("name", "provider", "inputs", "host", "port", "security", "username", "login"),
    *("password", "has_password", "from_address", "from_name", "reply_to", "extra_headers"),
    "debug",
)


class SecurityChoice(models.TextChoices):
    """`Security` with the words a person chooses by."""

    STARTTLS = Security.STARTTLS.value, _("STARTTLS (usual on port 587)")
    TLS = Security.TLS.value, _("TLS from the start (usual on port 465)")
    NONE = Security.NONE.value, _("None: nothing is encrypted")


class LoginChoice(models.TextChoices):
    """How a server is convinced who logs in."""

    PASSWORD = "password", _("with a password")
    TOKEN = "token", _("with an access token (XOAUTH2)")


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
    watched = models.BooleanField(
        _("watched"),
        default=True,
        help_text=_(
            "While the setting is enabled, log in regularly without sending anything, and say "
            "when that stops working."
        ),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_(
            "1 is tried first; when it fails, the next follows. Equal priorities go by name."
        ),
    )
    host = models.CharField(_("host"), max_length=253)
    port = models.PositiveIntegerField(
        _("port"), validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(_("security"), max_length=10, choices=SecurityChoice.choices)
    username = models.CharField(_("user name"), max_length=255, blank=True)
    login = models.CharField(
        _("login"),
        max_length=10,
        choices=LoginChoice.choices,
        default=LoginChoice.PASSWORD,
        help_text=_(
            "A token is entered in place of the password. It is not renewed, so it serves for "
            "trying: most are valid for an hour."
        ),
    )
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
    sends_notices = models.BooleanField(
        _("the portal's own notices go out by this setting"),
        default=False,
        help_text=_(
            "One setting at most, and it must be enabled. Whoever may edit its tenant could read "
            "these mails: choose one of a tenant of your own."
        ),
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
            models.UniqueConstraint(
                fields=["sends_notices"],
                condition=Q(sends_notices=True),
                name="one_setting_sends_notices",
                violation_error_message=_(
                    "Another setting sends the notices already. Take the mark from that one first."
                ),
            ),
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="port_in_range"),
            models.CheckConstraint(condition=Q(priority__gte=1), name="priority_from_one"),
            models.CheckConstraint(condition=Q(login__in=LoginChoice.values), name="known_login"),
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
    def is_watched(self) -> bool:
        """Whether it is tried by itself; see `HealthQuerySet.watched`."""
        return self.enabled and self.watched and self.login == LoginChoice.PASSWORD

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

    def as_draft(self) -> str:
        """Return the values as they are, saved or not, the password sealed; see `from_draft`."""
        return json.dumps({name: getattr(self, name) for name in DRAFT_FIELDS})

    @classmethod
    def from_draft(cls, draft: str, tenant: Tenant) -> SmtpSetting:
        """Return an unsaved setting with the values that `as_draft` returned."""
        return cls(tenant=tenant, **json.loads(draft))

    def open_password(self) -> str:
        """Return the password for use on the wire; raise `vault.Unbound` if it is not for here."""
        secret = vault.unseal(vault.read(self, "password"), self.binding)
        if self.has_password and not secret:  # as after loading a dump, which holds no secret
            raise vault.Unbound
        return secret
