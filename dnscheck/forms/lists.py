"""Doors: which domains a list shows, and which of them something is done with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dnscheck import exports
from dnscheck.asked import asked_for
from dnscheck.causes import choices as cause_choices
from dnscheck.forms.domains import PLAIN_TEXT
from dnscheck.models import DomainRecipe, SendingDomain, VerdictChoice
from smtp.providers.search import grouped_choices
from tenants.forms import ALL, ListFilter
from tenants.pages.bounded import MOST
from tenants.pages.language import EnglishSelect, translated

if TYPE_CHECKING:
    from dnscheck.models import DomainQuerySet
    from tenants.models import Person

UNKNOWN = "unknown"
LONGEST_PK = 18  # digits: what fits into a column
ANYWHERE = "*"  # before what may stand anywhere in a name


class DomainFilter(ListFilter):
    """What to show of the list of domains."""

    q = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=253,
        widget=forms.TextInput(attrs={**PLAIN_TEXT, "type": "search"}),
    )
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        required=False,
        choices=[ALL, *VerdictChoice.choices, (UNKNOWN, _("Could not ask"))],
    )
    provider = forms.ChoiceField(
        label=_("Provider"), required=False, choices=lambda: [ALL, *translated(grouped_choices())]
    )
    cause = forms.ChoiceField(
        label=_("Cause"),
        required=False,
        choices=lambda: [ALL, *cause_choices()],
        widget=EnglishSelect,
    )
    field_order = ("q", "verdict", "cause", "provider", "tenant")

    def __init__(self, data: Any, *, user: Person, rows: DomainQuerySet) -> None:
        super().__init__(data, user=user)
        in_use = rows.exclude(cause_code="").order_by().values_list("cause_code", flat=True)
        known = {*in_use.distinct(), self.asked("cause")}
        offered = [pair for pair in cause_choices() if pair[0] in known]
        self.fields["cause"].choices = [ALL, *offered]  # type: ignore[attr-defined]
        self.rows, self.are_few = rows, rows.are_few()
        if not self.are_few:
            self.fields["q"].label = _("Name begins with (*: holds)")

    @property
    def filtered(self) -> DomainQuerySet:
        """The rows that are asked for."""
        rows, verdict = self.rows, self.asked("verdict")
        if verdict == UNKNOWN:
            rows = rows.filter(unknown_since__isnull=False)
        elif verdict:
            rows = rows.filter(verdict=verdict)
        if cause := self.asked("cause"):
            rows = rows.exclude(cause_code="").filter(cause_code=cause)
        if provider := self.asked("provider"):
            same = DomainRecipe.objects.filter(domain=OuterRef("pk"), provider=provider)
            rows = rows.filter(Exists(same))
        return _named(self.of_tenants(rows), self.asked("q"), anywhere=self.are_few)


class ManyForm(forms.Form):
    """What to do with which domains of a list.

    `chosen` are the ids that were ticked, `shown` those of the page, `query` is what the list was
    narrowed to.
    """

    which = forms.ChoiceField(
        label=_("Which"),
        choices=[
            ("chosen", _("The ticked ones")),
            ("shown", _("All on this page")),
            ("all", _("All that fit the filter")),
        ],
    )
    format = forms.ChoiceField(
        label=_("As"), choices=[(format.slug, _(format.label)) for format in exports.FOR_MANY]
    )

    def rows(self, user: Person) -> DomainQuerySet:
        """Return the domains that are meant, as far as this person may see them."""
        visible, which = SendingDomain.objects.visible_to(user), self.data.get("which")
        if which == "all":
            query = QueryDict(self.data.get("query", ""))
            return DomainFilter(query, user=user, rows=visible).filtered
        data: Any = self.data
        ticked = data.getlist("shown" if which == "shown" else "chosen")
        ids = {int(text) for text in ticked if text.isdecimal() and len(text) <= LONGEST_PK}
        return visible.filter(pk__in=ids)


def _named(rows: DomainQuerySet, text: str, *, anywhere: bool) -> DomainQuerySet:
    """Return the rows with a text in their name, or that begin with it or lie in that zone."""
    if not text:
        return rows
    asked = asked_for(text.lstrip(ANYWHERE))
    name = asked.name or asked.text
    if anywhere or text.startswith(ANYWHERE):
        return rows.filter(name__contains=name)
    # Found first and put in order then: there may be many between the first name and this one.
    found = rows.filter(Q(name__startswith=name) | Q(zone=name)).order_by()
    return SendingDomain.objects.filter(pk__in=found.values("pk")[: MOST + 1])
