"""State: links by which somebody without an account sees what is to be published for a domain."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant

# A link cannot be guessed or made up by who reads the database alone, and its row ends it.
SIGNER = Signer(salt="dnscheck.share", sep=".")


def _nonce() -> str:
    return uuid.uuid4().hex


class ShareQuerySet(models.QuerySet["Share"]):
    """Finds links, and counts by update so that no view is lost."""

    def usable(self, now: dt.datetime) -> ShareQuerySet:
        """Return the links that are neither over nor taken back."""
        return self.filter(revoked_at=None, expires_at__gt=now)

    def of_token(self, token: str) -> ShareQuerySet:
        """Return the link with this token, usable or not; nothing for a token nobody signed."""
        try:
            pk, nonce = SIGNER.unsign(token).split("-")
            return self.filter(pk=int(pk), nonce=nonce)
        except (BadSignature, ValueError):
            return self.none()

    def note_view(self, now: dt.datetime) -> None:
        """Count one more time that the page was opened."""
        self.update(views=F("views") + 1, viewed_at=now)

    def revoke(self, now: dt.datetime) -> int:
        """Take links back; return how many of them were not yet."""
        return self.filter(revoked_at=None).update(revoked_at=now)


class Share(models.Model):
    """A link to the DNS to-do of one domain, for whoever runs its zone."""

    domain = models.ForeignKey("dnscheck.SendingDomain", models.CASCADE, related_name="shares")
    label = models.CharField(_("for whom"), max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    nonce = models.CharField(max_length=32, default=_nonce, editable=False)
    views = models.PositiveIntegerField(_("opened"), default=0)
    viewed_at = models.DateTimeField(_("last opened"), null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("DNS to-do link")
        verbose_name_plural = _("DNS to-do links")

    def __str__(self) -> str:
        return f"{self.domain} {self.label}"

    def get_absolute_url(self) -> str:
        """Return the page for whoever has the link."""
        return reverse("dnscheck:todo", args=[self.token])

    @property
    def token(self) -> str:
        """What the link ends with: which row it is, signed with the key of this installation.

        A row that a backup or a new database puts at the same id has another nonce.
        """
        return SIGNER.sign(f"{self.pk}-{self.nonce}")


class ShareMail(models.Model):
    """One mail with a link that a member asked for; the letter tells to whom, and its fate.

    It outlives its link for a day, because it counts for what a tenant may send.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    share = models.ForeignKey(Share, models.SET_NULL, null=True, related_name="mails")
    letter = models.OneToOneField("smtp.Letter", models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["tenant", "at"], name="link_mails_of_a_tenant")]

    def __str__(self) -> str:
        return f"#{self.pk}"
