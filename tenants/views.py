"""Doors: the overview, and a tenant's page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tenants.models import Tenant
from tenants.pages import fleet
from tenants.pages import overview as reading
from tenants.pages.readiness import readiness

PAGE_SIZE = 50


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what needs attention first, then the tenants this person may see."""
    visible = Tenant.objects.visible_to(request.user)
    page = Paginator(visible, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = reading.counts(page.object_list)
    context = {
        "attention": reading.attention(visible, timezone.now()),
        "fleet": fleet.picture(visible, timezone.now()),
        "mails_notices": Tenant.objects.mail_notices().exists(),
        "page": page,
        "rows": [(tenant, counts[tenant.pk]) for tenant in page],
    }
    return render(request, "tenants/overview.html", context)


@require_safe
def tenant(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a tenant: ways out, domains, members, and how far it has come."""
    found = get_object_or_404(Tenant.objects.visible_to(request.user), slug=slug)
    settings = list(reading.ways_out(found))
    context = {
        "tenant": found,
        "may_edit": Tenant.objects.editable_by(request.user).filter(pk=found.pk).exists(),
        "settings": settings,
        "domains": reading.domains_of(found),
        "counts": reading.counts([found])[found.pk],
        "memberships": found.memberships.select_related("user").order_by("user__username"),
        "readiness": readiness(found, settings),
    }
    return render(request, "tenants/tenant.html", context)
