"""Doors: the overview, a tenant's page, and adding a tenant."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenants.forms import TenantForm
from tenants.models import Tenant
from tenants.pages import fleet
from tenants.pages import overview as reading
from tenants.pages.first_mail import first_mail
from tenants.pages.readiness import readiness

PAGE_SIZE = 50


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what needs attention first, then the tenants this person may see."""
    visible = Tenant.objects.visible_to(request.user)
    page = Paginator(visible, PAGE_SIZE).get_page(request.GET.get("page"))
    ready = readiness(page.object_list)
    context = {
        "attention": reading.attention(visible, timezone.now()),
        "fleet": fleet.picture(visible, timezone.now()),
        "mails_notices": Tenant.objects.mail_notices().exists(),
        "page": page,
        "rows": [(tenant, ready[tenant.pk]) for tenant in page],
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
        "memberships": found.memberships.select_related("user").order_by("user__username"),
        "way": first_mail(found, settings),
        "readiness": readiness([found])[found.pk],
    }
    return render(request, "tenants/tenant.html", context)


def add(request: HttpRequest) -> HttpResponse:
    """Let an operator add a tenant, then go on to its page."""
    if not request.user.is_staff:
        raise Http404
    form = TenantForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "tenants/add.html", {"form": form})
    tenant = form.save()
    messages.success(request, _("%(tenant)s was added.") % {"tenant": tenant})
    return redirect(tenant)
