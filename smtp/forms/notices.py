"""Doors: which notices to show, when to be quiet, and where to call."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant, topic_choices


class TopicFilter(forms.Form):
    """What to show of the list. What cannot be understood is passed over."""

    topic = forms.ChoiceField(
        label=_("What happened"), required=False, choices=[("", _("All")), *topic_choices()]
    )

    @property
    def chosen(self) -> str:
        """The topic that was asked for, or nothing."""
        return str(self.cleaned_data["topic"]) if self.is_valid() else ""


class QuietHoursForm(forms.ModelForm):  # type: ignore[type-arg]
    """When no mail may disturb. Both times empty: mails go at any time."""

    class Meta:
        model = Tenant
        fields = ["quiet_from", "quiet_to", "quiet_zone"]
        labels = {"quiet_from": _("From"), "quiet_to": _("Until")}
        help_texts = {"quiet_zone": _("Such as Europe/Berlin or America/New_York.")}
        widgets = {
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_to": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.initial.get("quiet_zone"):
            self.initial["quiet_zone"] = settings.TIME_ZONE

    def clean_quiet_zone(self) -> str:
        """Refuse a zone that no clock is set to."""
        name: str = self.cleaned_data["quiet_zone"].strip()
        if name and name not in zoneinfo.available_timezones():
            raise ValidationError(
                _("There is no such time zone. Write continent and city, such as Europe/Berlin.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse hours that have one end, or none of which is left."""
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("quiet_from"), values.get("quiet_to")
        if not self.errors and (start is None) != (end is None):
            raise ValidationError(_("Enter both times, or none: then mails go at any time."))
        if start is not None and start == end:
            raise ValidationError(_("From and until are the same. Leave both empty for no hours."))
        return values


class WebhookForm(forms.Form):
    """The address to call."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://hooks.example.com/relaydesk"}),
        help_text=_("It begins with https://. Redirects are not followed."),
    )
