"""Doors: what an operator types about a tenant, and what a list is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant, TenantQuerySet
from tenants.pages.fleet import WORDS
from tenants.pages.language import EnglishSelect
from tenants.pages.narrowing import Narrowing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tenants.models import Person

Rows = TypeVar("Rows", bound="QuerySet[Any]")

TAKEN_BY_PAGES = frozenset({"new"})  # tenants/new/ is a page of its own
MOST_CHOSEN = 1_000  # tenants that one text may mean
MOST_NAMED = 100  # tenants that are suggested; any other can be typed
ALL = ("", _("All"))


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


class ListFilter(forms.Form):
    """What to show of a list, kept in the address. What cannot be understood is passed over."""

    tenant = forms.CharField(
        label=_("Tenant"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "list": "tenants", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, user: Person) -> None:
        super().__init__(data)
        self.label_suffix = ""
        self.sees_all = bool(getattr(user, "is_staff", False))
        self.visible = Tenant.objects.visible_to(user)

    @property
    def tenant_names(self) -> list[str]:
        """The tenants to suggest."""
        return list(self.visible.values_list("name", flat=True)[:MOST_NAMED])

    @cached_property
    def ids(self) -> list[int] | None:
        """Of the tenants that are asked for; None where these are all, or too many to name.

        With the ids at hand a database knows by which index to go.
        """
        if self.sees_all and not self.asked("tenant"):
            return None
        found = list(self._meant.order_by().values_list("pk", flat=True)[: MOST_CHOSEN + 1])
        return found if len(found) <= MOST_CHOSEN else None

    @cached_property
    def tenants(self) -> TenantQuerySet:
        """The tenants that are asked for."""
        return self._meant if self.ids is None else Tenant.objects.filter(pk__in=self.ids)

    def of_tenants(self, rows: Rows) -> Rows:
        """Return those of the rows that belong to the tenants that are asked for."""
        if self.ids is not None:
            return rows.filter(tenant__in=self.ids)
        return rows.filter(tenant__in=self._meant) if self.asked("tenant") else rows

    @property
    def _meant(self) -> TenantQuerySet:
        text = self.asked("tenant")
        return self.visible.named(text) if text else self.visible

    @property
    def is_used(self) -> bool:
        """Whether anything is asked for."""
        return any(map(self.asked, self.fields))

    def asked(self, name: str) -> str:
        """Return what is asked for in one field."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()


class OverviewFilter(ListFilter):
    """What the overview is about. Other apps tell what there is by the choices of their columns."""

    provider = forms.ChoiceField(label=_("Provider"), required=False)
    verdict = forms.ChoiceField(label=_("Verdict"), required=False, choices=[ALL, *WORDS.items()])
    cause = forms.ChoiceField(label=_("Cause"), required=False, widget=EnglishSelect)

    def __init__(self, data: Any, *, user: Person) -> None:
        super().__init__(data, user=user)
        self._choose("provider", _choices("settings", "provider"))
        self._choose("cause", _choices("domains", "cause_code"))

    @property
    def narrowing(self) -> Narrowing:
        """What is asked for beside the tenant."""
        return Narrowing(*map(self.asked, ("provider", "verdict", "cause")))

    def offer(self, causes: Iterable[str]) -> None:
        """Offer no causes but these and the one that is asked for."""
        known = {*causes, self.asked("cause")}
        self._choose(
            "cause", [pair for pair in _choices("domains", "cause_code") if pair[0] in known]
        )

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = [ALL, *choices]  # type: ignore[attr-defined]


def _choices(relation: str, name: str) -> list[tuple[str, str]]:
    """Return the choices of a column of what tenants have, by the name of the relation."""
    model: Any = Tenant._meta.get_field(relation).related_model
    return list(model._meta.get_field(name).flatchoices)


def free_slug(name: str) -> str:
    """Return a short name for this name that no tenant and no page has."""
    first = slugify(name)[:50].strip("-") or "tenant"
    taken = set(Tenant.objects.filter(slug__startswith=first).values_list("slug", flat=True))
    taken |= TAKEN_BY_PAGES
    candidates = (first if number == 1 else f"{first}-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken)
