"""Door: what a person says who lets a finding be."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dnscheck.forms.domains import helper_of
from dnscheck.models import Acknowledgement

FOR_GOOD = ""
LASTING = {"7": _("1 week"), "30": _("1 month"), "90": _("3 months")}


class AcknowledgeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Why a finding is let be, and for how many days. `evidence` is that of what the page shows."""

    class Meta:
        model = Acknowledgement
        fields = ["reason"]
        labels = {"reason": _("Why it may stay as it is")}
        help_texts = {"reason": _("For whoever reads this next: a sentence is enough.")}

    lasting = forms.ChoiceField(
        label=_("For how long"),
        choices=[*LASTING.items(), (FOR_GOOD, _("Until it changes"))],
        required=False,
        initial="30",
    )
    evidence = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_of(_("Acknowledge"), back, "reason", "lasting", "evidence")

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the finding is to be open again; nothing for only when it changes."""
        days = self.cleaned_data["lasting"]
        return now + dt.timedelta(days=int(days)) if days else None
