"""Door: for whom a DNS to-do link is, and how long it works."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dnscheck.forms.domains import helper_of
from dnscheck.models import Share

LASTING = {"7": _("1 week"), "14": _("2 weeks"), "30": _("1 month"), "90": _("3 months")}


class ShareForm(forms.ModelForm):  # type: ignore[type-arg]
    """For whom, and for how many days."""

    class Meta:
        model = Share
        fields = ["label"]
        labels = {"label": _("For whom")}
        help_texts = {"label": _("Only for your list, such as the name of the DNS person.")}

    lasting = forms.ChoiceField(label=_("Works for"), choices=[*LASTING.items()], initial="14")

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_of(_("Make a link"), back, "label", "lasting")

    def until(self, now: dt.datetime) -> dt.datetime:
        """Return when the link ends."""
        return now + dt.timedelta(days=int(self.cleaned_data["lasting"]))
