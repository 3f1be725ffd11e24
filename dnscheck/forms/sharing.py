"""Doors: for whom a DNS to-do link is, how long it works, and to whom it is mailed."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dnscheck.forms.domains import PLAIN_TEXT, helper_of
from dnscheck.models import Share
from smtp.telling import outbox
from tenants.pages.language import english

LASTING = {"7": _("1 week"), "14": _("2 weeks"), "30": _("1 month"), "90": _("3 months")}


class RecipientField(forms.EmailField):
    """The address of whoever runs a zone; clean, it is as it goes on the wire."""

    widget = forms.EmailInput(attrs=PLAIN_TEXT)

    def clean(self, value: Any) -> str:
        """Return the address with its domain as A-labels; what no mail can carry is refused."""
        text = str(super().clean(value) or "")
        try:
            return outbox.address(text) if text else ""
        except ValueError as error:
            raise ValidationError(english(str(error))) from error


class ShareForm(forms.ModelForm):  # type: ignore[type-arg]
    """For whom, for how many days, and where the portal mails it; without a way out it mails none.

    `can_mail` says that there is one.
    """

    class Meta:
        model = Share
        fields = ["label"]
        labels = {"label": _("For whom")}
        help_texts = {"label": _("Only for your list, such as the name of the DNS person.")}

    lasting = forms.ChoiceField(label=_("Works for"), choices=[*LASTING.items()], initial="14")
    email = RecipientField(
        label=_("Mail it to"),
        required=False,
        help_text=_(
            "An e-mail address; empty if you send the link yourself. Answers go to your own."
        ),
    )

    def __init__(self, *args: Any, back: str, can_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = ["label", "lasting"]
        if can_mail:
            fields.append("email")
        else:
            del self.fields["email"]
        self.helper = helper_of(_("Make a link"), back, *fields)

    @property
    def recipient(self) -> str:
        """Where to mail the link, or nothing."""
        return str(self.cleaned_data.get("email", ""))

    def until(self, now: dt.datetime) -> dt.datetime:
        """Return when the link ends."""
        return now + dt.timedelta(days=int(self.cleaned_data["lasting"]))


class MailForm(forms.Form):
    """To whom a link is mailed that there is already."""

    email = RecipientField(label=_("E-mail address"))

    def __init__(self, data: Any = None, *, share: Share) -> None:
        super().__init__(data, auto_id=f"mail-{share.pk}-%s")
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
