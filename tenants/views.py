"""Doors: the overview, a tenant's page, and adding a tenant."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenants.forms import OverviewFilter, TenantForm
from tenants.models import Tenant
from tenants.pages import fleet
from tenants.pages import overview as reading
from tenants.pages.attention import attention, last_attempts
from tenants.pages.bounded import BoundedPaginator
from tenants.pages.readiness import readiness
from tenants.people import PersonalRequest


@require_safe
def overview(request: PersonalRequest) -> HttpResponse:
    """Show what needs attention first, then the tenants this person may see."""
    form, now = OverviewFilter(request.GET, user=request.user), timezone.now()
    wanted, chosen = form.narrowing, form.tenants
    page = BoundedPaginator(wanted.tenants(chosen)).get_page(request.GET.get("page"))
    counts = reading.counts(page.object_list)
    told = attention(chosen, now, wanted)
    form.offer(told.causes)
    context = {
        "form": form,
        "attention": told,
        "fleet": None if wanted else fleet.picture(chosen, now),
        "tried": last_attempts(chosen, wanted, is_operator=request.user.is_staff),
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
