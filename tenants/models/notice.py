"""State: what is to be told, each a row. The rows are the outbox: nothing else is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.models.tenant import Tenant

if TYPE_CHECKING:
    from tenants.models.tenant import Person


class Topic(models.TextChoices):
    """What kind of thing happened. What stands before the dot is the kind of thing it is about."""

    SETTING_FAILING = "setting.failing", _("An SMTP setting fails")
    SETTING_WORKING = "setting.working", _("An SMTP setting works again")
    INCIDENT_OPENED = "incident.opened", _("A shared trouble began")
    INCIDENT_ENDED = "incident.ended", _("A shared trouble ended")
    DOMAIN_FAILING = "domain.failing", _("A domain fails")
    DOMAIN_VERIFIED = "domain.verified", _("A domain is verified")
    DOMAIN_UNKNOWN = "domain.unknown", _("A domain cannot be checked")
    DOMAIN_LAPSED = "domain.lapsed", _("A domain is gone from the DNS")
    PROVIDER_CHANGED = "provider.changed", _("A provider changed its records")
    RESOLVER = "resolver.silent", _("A resolver is silent, or answers again")
    TEST = "notice.test", _("Test notice")


def topic_choices() -> list[tuple[str, str]]:
    """Return the topics with their words; a function, so that a new one needs no migration."""
    return [(topic.value, str(topic.label)) for topic in Topic]


class NoticeQuerySet(models.QuerySet["Notice"]):
    """The one way to what was told."""

    def visible_to(self, user: Person) -> NoticeQuerySet:
        """Return the notices of the tenants this person may look at; to operators, all."""
        if getattr(user, "is_staff", False) and user.is_active:
            return self
        return self.filter(tenant__in=Tenant.objects.visible_to(user))


class Notice(models.Model):
    """One thing that somebody should know. Without a tenant it is for the operators."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, related_name="notices")
    topic = models.CharField(_("topic"), max_length=40, choices=topic_choices)
    thing = models.CharField(max_length=20, editable=False)  # the topic up to its dot
    cause = models.CharField(_("cause"), max_length=200)
    subject = models.CharField(_("about"), max_length=253)
    title = models.CharField(_("title"), max_length=250)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    path = models.CharField(_("page"), max_length=500)
    changes = models.JSONField(_("changes"), default=list)  # see notices.Change
    since = models.DateTimeField(_("since"), null=True)  # when the trouble began
    created_at = models.DateTimeField(_("told"), default=timezone.now, db_index=True)

    # Mails and calls of webhooks go out on their own: not before when, and in which batch. A batch
    # without letters or calls was passed over.
    mail_after = models.DateTimeField(default=timezone.now, editable=False)
    mail_batch = models.UUIDField(null=True, editable=False, db_index=True)
    call_after = models.DateTimeField(default=timezone.now, editable=False)
    call_batch = models.UUIDField(null=True, editable=False, db_index=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["tenant", "-id"], name="notices_of_a_tenant"),
            models.Index(
                fields=["tenant", "thing", "subject"],
                condition=models.Q(mail_batch=None),
                name="notices_to_mail",
            ),
            models.Index(
                fields=["tenant", "cause"],
                condition=models.Q(call_batch=None),
                name="notices_to_call",
            ),
        ]

    def __str__(self) -> str:
        return self.title
