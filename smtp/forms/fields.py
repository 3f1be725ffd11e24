"""Door: the fields of a setting's form, and the sentences that they refuse with."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from smtp import headers
from smtp.message import ascii_address
from smtp.providers.base import Input
from tenants.pages.language import EnglishSelect, english

# As typed, not as a phone or a password manager would have it.
PLAIN_TEXT = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


# Says that the user name came with the provider, so that it goes with it. The name itself is never
# sent to the preset: some services have a secret there.
FIXED = (
    "{% if form.page.fixed_username %}"
    '<input type="hidden" name="fixed" value="1" data-preset>{% endif %}'
)


def ports_sentence(ports: Iterable[int]) -> str:
    """Return why a port was refused."""
    listed = ", ".join(str(port) for port in sorted(ports))
    return _("This port cannot be used here. Choose one of %(ports)s.") % {"ports": listed}


def printable(text: str) -> None:
    """Refuse what cannot be shown, and what would be decoded later."""
    if not text.isprintable():
        raise ValidationError(_("There is a character that cannot be printed; type it anew."))
    if headers.ENCODED_WORD.search(text):
        raise ValidationError(_("Write the text itself; Relaydesk encodes it (no =?…?=)."))


def halves(*names: str) -> Row:
    """Return fields side by side."""
    return Row(*(Column(name, css_class="col-md-6") for name in names))


def preset_attrs(included: str) -> dict[str, Any]:
    """Return what makes a menu fetch the provider's values. Never the whole form: see password."""
    return {
        "hx-get": reverse_lazy("smtp:preset"),
        "hx-include": included,
        "hx-target": "#endpoint",
        "hx-swap": "outerHTML",
        "hx-select-oob": "#div_id_username",  # in the answer where it is the same for everybody
    }


def input_field(item: Input) -> forms.Field:
    """Return the field of a value that a provider asks for."""
    words: dict[str, Any] = {
        "label": english(item.label),
        "help_text": english(item.help),
        "required": False,
    }
    if item.choices:
        choices = [(choice, item.labels.get(choice, choice)) for choice in item.choices]
        return forms.ChoiceField(choices=choices, widget=EnglishSelect, **words)
    widget = forms.TextInput(attrs=PLAIN_TEXT)
    return forms.CharField(max_length=1000, widget=widget, **words)


def address(text: str) -> str:
    """Return an address as it goes on the wire; nothing stays nothing."""
    try:
        return ascii_address(text) if text else ""
    except ValueError as error:
        raise ValidationError(english(str(error))) from error
