"""Who things belong to: tenants, the people in them, and the one guarded way in."""

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


class Tenant(models.Model):
    """A customer, an app or a community whose mail is looked after here."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # The allowance of test mails: how many were asked for since when.
    test_mails = models.PositiveIntegerField(default=0, editable=False)
    test_mails_since = models.DateTimeField(null=True, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")

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

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
