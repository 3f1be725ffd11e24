"""Doors: the failure somebody pastes, and what they know of the way it took."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from smtp import providers, reading
from smtp.models import SecurityChoice
from smtp.outcome import Security
from smtp.reading import Reading

_EXAMPLE = "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed')"


class ExplainForm(forms.Form):
    """A text to read. The form keeps the paste to itself and shows it again without secrets."""

    text = forms.CharField(
        label=_("What went wrong"),
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 12,
                "class": "source",
                "spellcheck": "false",
                "autocomplete": "off",
                "placeholder": _EXAMPLE,
            }
        ),
        help_text=_(
            "An error message, a stack trace, lines of a mail log, or a mail that came back. "
            "Passwords in it are hidden before anything is shown."
        ),
        error_messages={"required": _("Paste the error here: the server's answer, or all of it.")},
    )
    provider = forms.ChoiceField(label=_("Provider"), required=False)
    port = forms.IntegerField(label=_("Port"), required=False, min_value=1, max_value=65535)
    security = forms.ChoiceField(
        label=_("Security"), required=False, choices=[("", _("Not known")), *SecurityChoice.choices]
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self.pasted = str(data.get("text", "")) if data else ""
        super().__init__({**data, "text": reading.redacted(self.pasted)} if data else None)
        self.fields["provider"].choices = [  # type: ignore[attr-defined]
            ("", _("Not known, or none of these")),
            *providers.choices(),
        ]

    def clean_text(self) -> str:
        """Return the paste as it came in; a text nobody can read to its end is refused."""
        if len(self.pasted) > reading.LOOKED_AT:
            raise ValidationError(
                _(
                    "This is longer than %(most)s characters. Paste the part around the error: "
                    "the line with the server's answer and some lines before and after it."
                )
                % {"most": f"{reading.LOOKED_AT:,}"}
            )
        return self.pasted

    def read(self) -> Reading:
        """Return what is made of a valid form."""
        known = self.cleaned_data
        security = Security(known["security"]) if known["security"] else None
        return reading.read(
            known["text"], provider=known["provider"], port=known["port"], security=security
        )

    @property
    def helper(self) -> FormHelper:
        """Return the layout: the text, below it what is known besides."""
        helper = FormHelper()
        helper.layout = Layout(
            "text",
            Row(
                Column("provider", css_class="col-md-6"),
                Column("port", css_class="col-md-2"),
                Column("security", css_class="col-md-4"),
            ),
            Submit("explain", _("Explain")),
        )
        return helper
