"""Door: the operator's view of domains, what is expected of them, and their history."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dnscheck import mailing, tasks, verification
from dnscheck.forms.domains import AddedRecordForm, DomainForm
from dnscheck.models import (
    Acknowledgement,
    AddedRecord,
    Check,
    DomainRecipe,
    RecordCheck,
    SendingDomain,
    Share,
)

STANDING = (
    *("verdict", "verdict_since", "bad_since", "unknown_since"),
    *("created_at", "last_checked_at", "next_check_at"),
)
# Where an operator deletes what these rows belong to; Django asks for them there as well.
DELETING_PARENTS = {
    f"{parent}_{page}"
    for parent in ("dnscheck_sendingdomain", "tenants_tenant")
    for page in ("delete", "changelist")
}


class ReadOnly:
    """Rows that only the product writes."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Let nobody add."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Let nobody change."""
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Let nobody delete such a row alone; it may go with its domain or its tenant."""
        place = request.resolver_match
        return bool(place and place.url_name in DELETING_PARENTS)


class RecipeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The providers of a domain. They are changed on the domain's page, which knows their rules."""

    model = DomainRecipe
    fields = ("provider", "setting", "values", "change")
    readonly_fields = ("values", "change")

    @admin.display(description=_("values from the provider"))
    def values(self, recipe: DomainRecipe) -> str:
        """Return the beginning of each value."""
        return "; ".join(
            f"{name}: {Truncator(value).chars(40)}" for name, value in recipe.inputs.items()
        )

    @admin.display(description=_("change"))
    def change(self, recipe: DomainRecipe) -> str:
        """Link to the page that asks for the provider's values."""
        return format_html(
            '<a href="{}">{}</a>', reverse("dnscheck:recipe_edit", args=[recipe.pk]), _("Open")
        )


class AddedRecordInline(admin.TabularInline):  # type: ignore[type-arg]
    """The records added by hand."""

    model = AddedRecord
    form = AddedRecordForm
    extra = 0


@admin.register(SendingDomain)
class SendingDomainAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Domains of all tenants. What a domain is called and whose it is stays as it was added."""

    form = DomainForm
    list_display = ("display_name", "verdict", "tenant", "last_checked_at", "next_check_at")
    list_filter = ("verdict", ("unknown_since", admin.EmptyFieldListFilter))
    list_select_related = ("tenant",)
    search_fields = ("name", "tenant__name")
    autocomplete_fields = ("tenant",)
    show_full_result_count = False
    actions = ("check_now",)

    def get_fields(self, _request: HttpRequest, obj: SendingDomain | None = None) -> Any:
        """Ask for tenant and name of a new domain; show how a known one stands."""
        return ("tenant", "name", *STANDING) if obj else ("tenant", "name")

    def get_readonly_fields(self, _request: HttpRequest, obj: SendingDomain | None = None) -> Any:
        """Let nobody move a domain or its verdict by hand."""
        return ("tenant", "name", *STANDING) if obj else ()

    def get_inlines(self, _request: HttpRequest, obj: SendingDomain | None) -> Any:
        """Show what is expected once there is a domain to expect it of."""
        return [RecipeInline, AddedRecordInline] if obj else []

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Check anew, because other records may be expected now."""
        super().save_related(request, form, formsets, change)
        verification.check_soon(form.instance, ring=tasks.ring, now=timezone.now())

    @admin.action(description=_("Check now"), permissions=["change"])
    def check_now(self, request: HttpRequest, domains: QuerySet[SendingDomain]) -> None:
        """Have the chosen domains checked."""
        chosen = list(domains)
        for domain in chosen:
            verification.check_soon(domain, ring=tasks.ring, now=timezone.now())
        text = ngettext("%d domain is being checked.", "%d domains are being checked.", len(chosen))
        self.message_user(request, text % len(chosen))


@admin.register(DomainRecipe)
class DomainRecipeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Which provider sends for which domain; changed on the domain's page."""

    list_display = ("domain", "provider", "setting")
    list_filter = ("provider",)
    search_fields = ("domain__name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DomainRecipe]:
        """Leave the password of the setting where it is."""
        rows: QuerySet[DomainRecipe] = super().get_queryset(request)
        return rows.select_related("domain", "setting").defer("setting__password")


class RecordCheckInline(ReadOnly, admin.StackedInline):  # type: ignore[type-arg]
    """What a check saw at each record."""

    model = RecordCheck


@admin.register(Check)
class CheckAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """The history of all domains."""

    list_display = ("domain", "at", "result", "verdict", "questions")
    list_filter = ("result", "verdict")
    list_select_related = ("domain",)
    search_fields = ("domain__name",)
    show_full_result_count = False
    inlines = (RecordCheckInline,)


@admin.register(Acknowledgement)
class AcknowledgementAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Findings that somebody lets be; done and undone on the domain's page, where they are seen."""

    list_display = ("domain", "code", "place", "until", "by")
    list_select_related = ("domain", "by")
    search_fields = ("domain__name", "code")


@admin.register(Share)
class ShareAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Links for whoever runs a zone; made on the domain's page, and taken back here as well."""

    list_display = ("domain", "label", "by", "created_at", "expires_at", "revoked_at", "views")
    list_select_related = ("domain", "by")
    search_fields = ("domain__name", "label")
    actions = ("take_back",)

    @admin.action(description=_("Take back: the link stops to work"))
    def take_back(self, request: HttpRequest, rows: QuerySet[Share]) -> None:
        """End links at once."""
        number = mailing.revoke(rows, timezone.now())
        self.message_user(request, _("Taken back: %(number)s.") % {"number": number})
