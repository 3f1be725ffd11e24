"""Doors: the source of a received message, and what a person knows of who handed it over."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dnscheck.forms.domains import PLAIN_TEXT, helper_of
from dnscheck.received.message import MOST_OCTETS, parse
from dnscheck.received.reading import Connection

TOO_LONG = _("This is more than 2 MB. Paste the header alone: all up to the first empty line.")


class ConnectionForm(forms.Form):
    """Who handed the message over. What is empty is read from the message."""

    ip = forms.GenericIPAddressField(
        label=_("Address of the server that delivered it"), required=False
    )
    helo = forms.CharField(
        label=_("Its name in HELO or EHLO"),
        required=False,
        max_length=253,
        widget=forms.TextInput(attrs=PLAIN_TEXT),
    )
    mail_from = forms.CharField(
        label=_("Envelope sender (MAIL FROM)"),
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs=PLAIN_TEXT),
    )

    @property
    def connection(self) -> Connection:
        """What was entered."""
        told = self.cleaned_data
        return Connection(told["ip"], told["helo"], told["mail_from"].strip().strip("<>"))


class ReceivedForm(ConnectionForm):
    """A message as text or as a file."""

    source = forms.CharField(
        label=_("Source of the message"),
        required=False,
        strip=False,
        max_length=MOST_OCTETS,
        error_messages={"max_length": TOO_LONG},
        help_text=_("All of it, or only the header: everything up to the first empty line."),
        widget=forms.Textarea(attrs={**PLAIN_TEXT, "rows": 12, "class": "source"}),
    )
    file = forms.FileField(
        label=_("Or the message as a file"),
        required=False,
        help_text=_("Saved from the mail program, often as .eml. A file is exact to the letter."),
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fold = '<details class="fold-fields"><summary>{}</summary>'
        hint = HTML(format_html(fold, _("If you know who delivered it")))
        known = Div(hint, "ip", "helo", "mail_from", HTML("</details>"))
        self.helper = helper_of(_("Examine"), back, "source", "file", known)

    def clean_file(self) -> UploadedFile[bytes] | None:
        """Refuse a file that is too long before it is read."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MOST_OCTETS:
            raise ValidationError(TOO_LONG)
        return file

    def clean(self) -> dict[str, Any]:
        """Refuse what holds no header at all; a file counts before a text."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        file = cleaned["file"]
        cleaned["octets"] = file.read() if file else cleaned["source"].encode("utf-8", "replace")
        if not parse(cleaned["octets"]).fields:
            raise ValidationError(
                _(
                    "There is no header in this. Open the message where it arrived, choose “Show "
                    "original” or “View source”, and copy all of it."
                )
            )
        return cleaned
