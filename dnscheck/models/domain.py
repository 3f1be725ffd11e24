"""State: the domains tenants send from, what must be published for them, and what was seen."""

from __future__ import annotations

from functools import cache

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dnscheck.causes import choices as cause_choices
from dnscheck.findings import RecordVerdict
from dnscheck.models.claims import DomainQuerySet
from dnscheck.names import display
from dnscheck.verdicts import News, Result, Standing, Verdict
from smtp.providers import choices as provider_choices
from tenants.cover import LONGEST
from tenants.models import Tenant


@cache  # to look it up for each of thousands that are told of takes its time
def _path() -> str:
    """Return the path of a domain's page, with 0 in place of its id."""
    return reverse("dnscheck:domain", args=[0])


class VerdictChoice(models.TextChoices):
    """`Verdict` with the words a person reads."""

    PENDING = Verdict.PENDING.value, _("Pending")
    VERIFIED = Verdict.VERIFIED.value, _("Verified")
    AT_RISK = Verdict.AT_RISK.value, _("At risk")
    FAILING = Verdict.FAILING.value, _("Failing")


class SendingDomain(models.Model):
    """A domain a tenant sends from. The row is also the job of checking it."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="domains")
    name = models.CharField(_("domain"), max_length=253)  # the A-label
    verdict = models.CharField(
        _("verdict"),
        max_length=10,
        choices=VerdictChoice.choices,
        default=Verdict.PENDING.value,
        db_index=True,
    )
    verdict_since = models.DateTimeField(_("since"), default=timezone.now)
    bad_since = models.DateTimeField(_("first bad check"), null=True, blank=True)
    unknown_since = models.DateTimeField(
        _("could not be asked since"), null=True, blank=True, db_index=True
    )
    # Until when all that is wrong is acknowledged; nothing if something is open.
    acknowledged_until = models.DateTimeField(null=True, blank=True, editable=False)
    failure_streak = models.PositiveIntegerField(default=0, editable=False)
    # What its people were told last, as long as it holds.
    told = models.CharField(max_length=10, default=News.NOTHING.value, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # Why it is not right, as the last check that could tell saw it: see `dnscheck.causes`.
    cause = models.CharField(_("cause"), max_length=300, blank=True, editable=False)
    cause_code = models.CharField(max_length=60, choices=cause_choices, blank=True, editable=False)
    created_at = models.DateTimeField(_("added"), default=timezone.now)
    last_checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)

    zone = models.CharField(_("zone"), max_length=253, blank=True, editable=False)
    name_servers = models.JSONField(_("name servers of the zone"), default=list, editable=False)
    # The registered domain that the name servers are in: who runs them.
    operator = models.CharField(max_length=253, blank=True, editable=False)
    dns_host = models.CharField(_("DNS host"), max_length=40, blank=True)  # as chosen by hand
    outlooks = models.JSONField(default=list, editable=False)  # on DMARC, one for each sender
    # The same in short, as `tenants.cover` packs it, and what the policy asks (`demand`): by these
    # very many domains are counted. Empty until the first check.
    senders = models.CharField(max_length=LONGEST, default="", blank=True, editable=False)
    dmarc_policy = models.CharField(max_length=10, default="", blank=True, editable=False)
    spf_forecasts = models.JSONField(default=dict, editable=False)  # by name of the SPF record

    next_check_at = models.DateTimeField(_("next check"), db_index=True)
    watched_since = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    claim_token = models.CharField(max_length=32, blank=True, editable=False)
    announced_until = models.DateTimeField(null=True, blank=True, editable=False)
    # Until then answers that stayed the same take the place of a full check.
    compare_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = DomainQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("sending domain")
        verbose_name_plural = _("sending domains")
        indexes = [
            models.Index(fields=["operator", "next_check_at"], name="due_by_operator"),
            models.Index(
                fields=["next_check_at"],
                condition=Q(compare_until__isnull=False),
                name="domains_to_compare",
            ),
            models.Index(
                fields=["tenant", "verdict", "senders", "dmarc_policy"], name="domains_by_standing"
            ),
            models.Index(fields=["name"], name="domains_by_name"),
            # For what a name begins with, whatever the database sorts by.
            models.Index(
                fields=["name"], name="domains_by_beginning", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["zone", "name"], name="domains_of_a_zone"),
            models.Index(
                fields=["cause_code", "verdict", "tenant", "bad_since"],
                condition=~Q(cause_code=""),
                name="domains_by_cause",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="one_domain_per_tenant"),
            models.CheckConstraint(
                condition=Q(verdict__in=VerdictChoice.values), name="known_domain_verdict"
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=[Verdict.AT_RISK.value, Verdict.FAILING.value])
                | Q(bad_since__isnull=False),
                name="bad_verdict_has_a_beginning",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the domain's page."""
        return _path().replace("/0/", f"/{self.pk}/")

    @property
    def display_name(self) -> str:
        """The name as people read it, with its own letters (U-labels)."""
        return display(self.name)

    @property
    def standing(self) -> Standing:
        """What is known of this domain, as the rules for verdicts want it."""
        return Standing(
            Verdict(self.verdict),
            self.verdict_since,
            self.bad_since,
            self.unknown_since,
            self.failure_streak,
        )


class Basis(models.Model):
    """What the verdict of a verified domain rests on, so that a look can tell that it still does.

    `expected` is the digest of what must be published (`dnscheck.watching.expected`), `answers`
    what the DNS said of it (`dnscheck.watching.wire.pack`).
    """

    domain = models.OneToOneField(
        SendingDomain, models.CASCADE, primary_key=True, related_name="basis"
    )
    expected = models.BinaryField(max_length=16)
    answers = models.BinaryField()


class DomainRecipe(models.Model):
    """A provider that sends for a domain, with what its console gave to the admin."""

    domain = models.ForeignKey(SendingDomain, models.CASCADE, related_name="recipes")
    provider = models.CharField(_("provider"), max_length=60, choices=provider_choices)
    setting = models.ForeignKey(
        "smtp.SmtpSetting", models.SET_NULL, null=True, blank=True, related_name="recipes"
    )
    inputs = models.JSONField(_("values from the provider"), default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("recipe")
        verbose_name_plural = _("recipes")
        indexes = [models.Index(fields=["provider", "domain"], name="recipes_of_a_provider")]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "provider", "setting"], name="one_recipe_per_setting"
            ),
            models.UniqueConstraint(
                fields=["domain", "provider"],
                condition=Q(setting=None),
                name="one_recipe_without_setting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain} · {self.provider}"


class AddedRecord(models.Model):
    """A record an admin wants checked besides those of the recipes."""

    class Type(models.TextChoices):
        """The types that can be checked."""

        TXT = "TXT"
        CNAME = "CNAME"
        MX = "MX"

    domain = models.ForeignKey(SendingDomain, models.CASCADE, related_name="added_records")
    name = models.CharField(_("name"), max_length=253, help_text=_("In full, or @ for the domain."))
    type = models.CharField(_("type"), max_length=5, choices=Type.choices)
    value = models.TextField(_("value"))
    note = models.CharField(_("what it is for"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("added record")
        verbose_name_plural = _("added records")
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=["TXT", "CNAME", "MX"]), name="known_record_type"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.type}"


class Check(models.Model):
    """One verification whose result differed from the one before."""

    class ResultChoice(models.TextChoices):
        """`Result` with the words a person reads."""

        GOOD = Result.GOOD.value, _("All required records are right")
        BAD = Result.BAD.value, _("A required record is wrong or missing")
        UNKNOWN = Result.UNKNOWN.value, _("Could not ask")

    domain = models.ForeignKey(SendingDomain, models.CASCADE, related_name="checks")
    at = models.DateTimeField(_("at"))
    result = models.CharField(_("result"), max_length=10, choices=ResultChoice.choices)
    verdict = models.CharField(_("verdict after it"), max_length=10, choices=VerdictChoice.choices)
    findings = models.JSONField(_("findings of the whole domain"), default=list)
    questions = models.PositiveIntegerField(_("questions asked"), default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        indexes = [models.Index(fields=["domain", "-id"], name="checks_of_a_domain")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=[result.value for result in Result]),
                name="known_check_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.at:%Y-%m-%d %H:%M}"


class RecordCheck(models.Model):
    """What one check saw at one required record, with its provenance."""

    VERDICTS = [(verdict.value, verdict.value) for verdict in RecordVerdict]

    parent = models.ForeignKey(Check, models.CASCADE, related_name="records")
    purpose = models.CharField(_("purpose"), max_length=20)
    name = models.CharField(_("name"), max_length=400)
    type = models.CharField(_("type"), max_length=5)
    expected = models.TextField(_("expected"))
    required = models.BooleanField(_("required"), default=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=VERDICTS)
    observed = models.JSONField(_("observed"), default=list)
    findings = models.JSONField(_("findings"), default=list)
    server = models.CharField(_("asked"), max_length=100, blank=True)
    ttl = models.PositiveIntegerField(_("TTL"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("record check")
        verbose_name_plural = _("record checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[verdict.value for verdict in RecordVerdict]),
                name="known_record_verdict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.type}"
