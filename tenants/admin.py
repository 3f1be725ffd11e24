"""Door: tenants and their members in the admin, and who may touch accounts."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from tenants.forms import TenantForm
from tenants.models import Membership, Notice, Tenant


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """The people of a tenant."""

    model = Membership
    extra = 0

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search among accounts where that is allowed; others get a plain list."""
        return ("user",) if request.user.is_superuser else ()


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tenants with their members. The short name is part of addresses, so it stays."""

    form = TenantForm
    fields = ("name", "slug", "created_at")
    readonly_fields = ("slug", "created_at")
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    inlines = (MembershipInline,)


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What was told: to be read, never to be written."""

    list_display = ("title", "tenant", "topic", "subject", "created_at")
    list_filter = ("topic",)
    list_select_related = ("tenant",)
    search_fields = ("tenant__name", "subject", "title", "cause")
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Notices come from what happens."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """What was told stays."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Notices go with their tenant, or with age."""
        place = request.resolver_match
        alone = place is None or (place.url_name or "").startswith("tenants_notice_")
        return not alone and super().has_delete_permission(request, obj)


class SuperusersOnly:
    """Whoever may edit accounts can make superusers: so plain staff may not even look."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Hide the section from everybody else."""
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, *_args: Any, **_options: Any) -> bool:
        """Let superusers look."""
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers add."""
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, *_args: Any, **_options: Any) -> bool:
        """Let superusers change."""
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, *_args: Any, **_options: Any) -> bool:
        """Let superusers delete."""
        return self._allowed(request)

    def _allowed(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)


admin.site.site_header = admin.site.site_title = "Relaydesk"
admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(SuperusersOnly, UserAdmin):  # type: ignore[type-arg]
    """Django's own page for accounts, for superusers; whoever adds members may find a name."""

    def has_view_permission(self, request: HttpRequest, *args: Any, **options: Any) -> bool:
        """Let superusers look, and operators search for the account of a new member."""
        match = request.resolver_match
        is_search = match is not None and match.view_name == "admin:autocomplete"
        return is_search or super().has_view_permission(request, *args, **options)


@admin.register(Group)
class PermissionGroupAdmin(SuperusersOnly, GroupAdmin):
    """Django's own page for groups, for superusers."""
