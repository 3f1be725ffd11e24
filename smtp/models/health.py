"""State: what is known of a setting's log-in, and when it is tried next."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from smtp.models.attempt import Attempt
from smtp.models.incident import Incident
from smtp.models.setting import LoginChoice, SmtpSetting
from smtp.watching.health import BAD, Health, Result, Standing


class HealthChoice(models.TextChoices):
    """`Health` with the words a person reads."""

    UNTRIED = Health.UNTRIED.value, _("Not tried")
    WORKING = Health.WORKING.value, _("Logs in")
    DOUBTED = Health.DOUBTED.value, _("In doubt")
    FAILING = Health.FAILING.value, _("Failing")


class HealthQuerySet(models.QuerySet["SettingHealth"]):
    """What is watched, what is due, and what still speaks of the setting as it is."""

    def watched(self) -> HealthQuerySet:
        """Return the health of the settings that are tried by themselves.

        A token is not among them: it ends within the hour, and that is no news.
        """
        return self.filter(
            setting__enabled=True,
            setting__watched=True,
            setting__login=LoginChoice.PASSWORD,
        )

    def current(self) -> HealthQuerySet:
        """Return what was learnt of the way as it is: before a change proves nothing."""
        return self.filter(way_since=F("setting__way_since"))

    def outdated(self) -> HealthQuerySet:
        """Return what was learnt of a way that has changed since."""
        return self.exclude(way_since=F("setting__way_since"))

    def bad(self) -> HealthQuerySet:
        """Return what is doubted or failing."""
        return self.filter(state__in=[health.value for health in BAD])


class SettingHealth(models.Model):
    """The health of one setting, apart from it, so that no form writes over what a worker learnt.

    It speaks of the way that the setting was since `way_since`.
    """

    setting = models.OneToOneField(
        SmtpSetting, models.CASCADE, primary_key=True, related_name="health"
    )
    way_since = models.DateTimeField(editable=False)
    state = models.CharField(
        _("health"),
        max_length=10,
        choices=HealthChoice.choices,
        default=Health.UNTRIED.value,
        db_index=True,
    )
    since = models.DateTimeField(_("since"), null=True, blank=True)
    bad_since = models.DateTimeField(_("first bad try"), null=True, blank=True, db_index=True)
    unknown_since = models.DateTimeField(_("could not be tried since"), null=True, blank=True)
    streak = models.PositiveIntegerField(default=0, editable=False)
    told = models.BooleanField(default=False, editable=False)
    result = models.CharField(max_length=10, default="", blank=True, editable=False)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try"), db_index=True)
    # The attempt that tells what the state says, and the incident that is to blame for it.
    attempt = models.ForeignKey(Attempt, models.SET_NULL, null=True, blank=True, related_name="+")
    incident = models.ForeignKey(
        Incident, models.SET_NULL, null=True, blank=True, related_name="settings"
    )

    objects = HealthQuerySet.as_manager()

    # What `take` sets.
    TAKEN: ClassVar = (
        *("way_since", "state", "since", "bad_since", "unknown_since", "streak", "told"),
        "next_try_at",
    )

    class Meta:
        verbose_name = _("health of a setting")
        verbose_name_plural = _("health of settings")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HealthChoice.values), name="known_health"),
            models.CheckConstraint(
                condition=Q(result__in=["", *(result.value for result in Result)]),
                name="known_health_result",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[health.value for health in BAD])
                | Q(bad_since__isnull=False),
                name="bad_health_has_a_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.setting}: {self.get_state_display()}"

    @property
    def standing(self) -> Standing:
        """What is known, as the rules want it; nothing is known of a way that has changed."""
        if self.way_since != self.setting.way_since:
            return Standing(told=self.told)
        return Standing(
            Health(self.state),
            self.since,
            self.bad_since,
            self.unknown_since,
            self.streak,
            self.told,
        )

    def take(self, standing: Standing, next_try_at: dt.datetime) -> None:
        """Make the columns say this of the setting as it is; nothing is saved."""
        self.way_since = self.setting.way_since
        self.state = standing.health.value
        self.since, self.bad_since = standing.since, standing.bad_since
        self.unknown_since, self.streak = standing.unknown_since, standing.streak
        self.told, self.next_try_at = standing.told, next_try_at
