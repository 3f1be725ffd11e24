"""Door: through which settings of a tenant the mail of its domains passes, and which may fail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dnscheck.asked import asked_for
from dnscheck.pages import failover as reading
from tenants.models import Tenant


@require_safe
def failover(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the domains of a tenant beside its settings."""
    tenant = get_object_or_404(Tenant.objects.visible_to(request.user), slug=slug)
    show, asked = request.GET.get("show", ""), asked_for(request.GET.get("q", ""))
    told = reading.failover(
        tenant,
        show=show if show in reading.TABS else reading.ALL,
        search=asked.name or asked.text,
        page=request.GET.get("page"),
        columns=request.GET.get("settings"),
    )
    may_edit = Tenant.objects.editable_by(request.user).filter(pk=tenant.pk).exists()
    context = {"tenant": tenant, "told": told, "show": show, "q": asked.text, "may_edit": may_edit}
    return render(request, "dnscheck/failover.html", context)
