"""Doors: what a person types about a domain and about extra records."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dnscheck.added import clean_record_name, clean_record_value
from dnscheck.models import AddedRecord, SendingDomain
from dnscheck.names import clean_domain
from smtp.providers import PROVIDERS
from smtp.providers.base import Provider
from smtp.providers.search import grouped_choices
from tenants.pages.language import english, translated

PLAIN_TEXT = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def helper_of(submit: Any, back: str, *fields: Any) -> FormHelper:
    """Return a layout of these fields with the button and the way back below them."""
    cancel = format_html('<a class="btn btn-quiet" href="{}">{}</a>', back, _("Cancel"))
    helper = FormHelper()
    helper.layout = Layout(*fields, Div(Submit("save", submit), HTML(cancel), css_class="actions"))
    return helper


def publishing_providers() -> list[Provider]:
    """Return the providers that want something in the DNS."""
    return [page for page in PROVIDERS if page.recipe]


class DomainForm(forms.ModelForm):  # type: ignore[type-arg]
    """A domain to send from. A page gives the tenant with the instance, the admin in a field."""

    name = forms.CharField(
        label=_("Domain"),
        max_length=300,
        help_text=_("What stands after the @ of your From addresses, such as example.com."),
        widget=forms.TextInput(attrs={**PLAIN_TEXT, "inputmode": "url"}),
    )

    class Meta:
        model = SendingDomain
        fields = ["name"]

    def clean_name(self) -> str:
        """Return the A-label."""
        try:
            return clean_domain(self.cleaned_data["name"])
        except ValueError as error:
            raise ValidationError(english(str(error))) from error

    def clean(self) -> dict[str, Any]:
        """Refuse a domain this tenant already has. What other tenants have is no matter."""
        cleaned = super().clean() or {}
        tenant = cleaned["tenant"].pk if "tenant" in cleaned else self.instance.tenant_id
        same = SendingDomain.objects.filter(tenant=tenant, name=cleaned.get("name", ""))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("This tenant has this domain already: look in its list."))
        return cleaned

    def save(self, commit: bool = True) -> SendingDomain:
        """Store the domain; a new one is due at once."""
        if self.instance.pk is None:
            self.instance.next_check_at = timezone.now()
        saved: SendingDomain = super().save(commit)
        return saved


class NewDomainForm(DomainForm):
    """A new domain on a tenant's page, with the provider to go on with."""

    provider = forms.ChoiceField(
        label=_("Who sends for it"),
        required=False,
        choices=lambda: [
            ("", _("Decide later")),
            *translated(grouped_choices(publishing_providers())),
        ],
        help_text=_("Several services may send for one domain: you can add more later."),
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_of(_("Add domain"), back, "name", "provider")


class AddedRecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """A record to watch besides those of the recipes. The instance must have its domain."""

    class Meta:
        model = AddedRecord
        fields = ["name", "type", "value", "note"]
        widgets = {
            "name": forms.TextInput(attrs=PLAIN_TEXT),
            "value": forms.Textarea(attrs={**PLAIN_TEXT, "rows": 3}),
        }
        help_texts = {
            "name": _("In full, or only what stands before the domain; @ is the domain itself."),
            "value": _(
                "In one piece. For MX such as 10 mail.example.com; the number may be left out."
            ),
            "note": _("Shown beside the record."),
        }

    def __init__(self, *args: Any, back: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [BLANK_CHOICE_DASH[0], *((name, name) for name in AddedRecord.Type.values)]
        self.fields["type"].choices = types  # type: ignore[attr-defined]
        self.helper = helper_of(_("Add record"), back, *self.Meta.fields)

    def clean_name(self) -> str:
        """Return the absolute name."""
        try:
            return clean_record_name(self.cleaned_data["name"], self.instance.domain.name)
        except ValueError as error:
            raise ValidationError(english(str(error))) from error

    def clean_value(self) -> str:
        """Return the value as the DNS would show it."""
        try:
            return clean_record_value(self.cleaned_data.get("type", ""), self.cleaned_data["value"])
        except ValueError as error:
            raise ValidationError(english(str(error))) from error

    def clean(self) -> dict[str, Any]:
        """Refuse the same record twice."""
        cleaned = super().clean() or {}
        same = {name: cleaned.get(name, "") for name in ("name", "type", "value")}
        others = AddedRecord.objects.filter(domain=self.instance.domain_id, **same)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This record is in the list already."))
        return cleaned
