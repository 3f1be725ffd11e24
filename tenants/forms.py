"""Door: what an operator types about a tenant."""

from itertools import count

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant

TAKEN_BY_PAGES = frozenset({"new"})  # tenants/new/ is a page of its own


class TenantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tenant, for the first run and the admin. The short name is made once and then stays."""

    class Meta:
        model = Tenant
        fields = ["name"]
        help_texts = {"name": _("The customer, app or community whose mail is looked after.")}

    def clean_name(self) -> str:
        """Refuse what cannot be printed: the name is written into test mails."""
        name: str = self.cleaned_data["name"]
        if not name.isprintable():
            raise ValidationError(_("There is a character that cannot be printed; type it anew."))
        return name

    def save(self, commit: bool = True) -> Tenant:
        """Store the tenant; a new one gets a short name for its address."""
        if not self.instance.slug:
            self.instance.slug = free_slug(self.instance.name)
        saved: Tenant = super().save(commit)
        return saved


def free_slug(name: str) -> str:
    """Return a short name for this name that no tenant and no page has."""
    first = slugify(name)[:50].strip("-") or "tenant"
    taken = set(Tenant.objects.filter(slug__startswith=first).values_list("slug", flat=True))
    taken |= TAKEN_BY_PAGES
    candidates = (first if number == 1 else f"{first}-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken)
