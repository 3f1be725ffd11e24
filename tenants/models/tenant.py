"""State: who things belong to: tenants, the people in them, and the one guarded way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Person = AbstractBaseUser | AnonymousUser


class Role(models.TextChoices):
    """What a member may do. Each role may do what the ones after it may."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


CHANGING_ROLES = (Role.OWNER, Role.EDITOR)


class TenantQuerySet(models.QuerySet["Tenant"]):
    """The only way to a tenant, and through it to everything a tenant has."""

    def visible_to(self, user: Person) -> TenantQuerySet:
        """Return the tenants this person may look at: operators see all, members their own."""
        if getattr(user, "is_staff", False) and user.is_active:
            return self
        return self.filter(memberships__user_id=user.pk).distinct() if user.pk else self.none()

    def editable_by(self, user: Person) -> TenantQuerySet:
        """Return the tenants whose settings and domains this person may change."""
        if getattr(user, "is_staff", False) and user.is_active:
            return self
        if not user.pk:
            return self.none()
        return self.filter(
            memberships__user_id=user.pk, memberships__role__in=CHANGING_ROLES
        ).distinct()

    def owned_by(self, user: Person) -> TenantQuerySet:
        """Return the tenants whose webhooks this person may change."""
        if getattr(user, "is_staff", False) and user.is_active:
            return self
        if not user.pk:
            return self.none()
        return self.filter(memberships__user_id=user.pk, memberships__role=Role.OWNER).distinct()

    def named(self, text: str) -> TenantQuerySet:
        """Return the tenants of this name or short name, else those with it in their name."""
        same = self.filter(models.Q(slug=text.lower()) | models.Q(name__iexact=text))
        return same if same.exists() else self.filter(name__icontains=text)

    def mail_notices(self) -> TenantQuerySet:
        """Return the tenants, one at most, by whose setting the portal mails its notices."""
        return self.filter(settings__sends_notices=True, settings__enabled=True)


class Tenant(models.Model):
    """A customer, an app or a community whose mail is looked after here."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # What was said when it was added, for its first setting.
    planned_provider = models.CharField(max_length=60, blank=True, editable=False)
    planned_from = models.EmailField(blank=True, editable=False)
    # The allowance of test mails: how many were asked for since when.
    test_mails = models.PositiveIntegerField(default=0, editable=False)
    test_mails_since = models.DateTimeField(null=True, editable=False)
    # When no mail about what happened may disturb: from and to on the clock of the zone.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True)
    quiet_zone = models.CharField(_("time zone"), max_length=60, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the tenant's page."""
        return reverse("tenants:tenant", args=[self.slug])


class Membership(models.Model):
    """One person in one tenant, with a role."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.VIEWER)
    notified = models.BooleanField(
        _("mails about what happens"),
        default=True,
        help_text=_("Only owners and editors with an e-mail address get any."),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
