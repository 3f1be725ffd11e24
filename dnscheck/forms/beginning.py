"""Door: the three things a new tenant is asked: who sends, through which provider, from where."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dnscheck.forms.domains import PLAIN_TEXT
from dnscheck.models import DomainRecipe, SendingDomain
from dnscheck.names import clean_domain
from dnscheck.records import Recipe, required_records
from smtp import providers
from smtp.lints import is_free_mail
from smtp.message import ascii_address
from smtp.providers.search import grouped_choices
from tenants.forms import TenantForm
from tenants.models import Tenant
from tenants.pages.language import english, translated


class BeginForm(TenantForm):
    """A new tenant with what its first setting and its first domain are to be made of."""

    provider = forms.ChoiceField(
        label=_("Which provider"),
        required=False,
        choices=lambda: [("", _("Decide later")), *translated(grouped_choices())],
        help_text=_("The service or server that its mail goes through."),
    )
    from_address = forms.CharField(
        label=_("Which From address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs=PLAIN_TEXT),
        help_text=_("The sender of its mail, such as news@example.com. May follow later."),
    )

    class Meta(TenantForm.Meta):
        labels = {"name": _("Who sends")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = reverse_lazy("tenants:overview")
        cancel = format_html('<a class="btn btn-quiet" href="{}">{}</a>', back, _("Cancel"))
        self.helper = FormHelper()
        buttons = Div(Submit("save", _("Add tenant")), HTML(cancel), css_class="actions")
        self.helper.layout = Layout("name", "provider", "from_address", buttons)

    def clean_from_address(self) -> str:
        """Return the address as it goes on the wire; its domain must be one of the public DNS."""
        typed: str = self.cleaned_data["from_address"]
        if not typed:
            return ""
        try:
            clean = ascii_address(typed)
            clean_domain(clean.rpartition("@")[2])
        except ValueError as error:
            raise ValidationError(english(str(error))) from error
        return clean

    @transaction.atomic
    def save(self, commit: bool = True) -> Tenant:
        """Store the tenant and its domain, with the provider's records if they ask for nothing."""
        self.instance.planned_provider = self.cleaned_data["provider"]
        self.instance.planned_from = self.cleaned_data["from_address"]
        tenant = super().save(commit)
        if tenant.planned_from:
            _add_domain(tenant)
        return tenant


def _add_domain(tenant: Tenant) -> None:
    name = clean_domain(tenant.planned_from.rpartition("@")[2])
    if is_free_mail(name):
        return
    domain = SendingDomain.objects.create(tenant=tenant, name=name, next_check_at=timezone.now())
    if _asks_for_nothing(tenant.planned_provider, name):
        DomainRecipe.objects.create(domain=domain, provider=tenant.planned_provider)


def _asks_for_nothing(slug: str, domain: str) -> bool:
    """Whether a provider's records are the same for everybody, so that they are known at once."""
    asked = providers.get(slug).inputs if slug else ()
    if any(item.required or item.choices for item in asked):
        return False
    return bool(slug and required_records(domain, [Recipe(slug, {})]))
