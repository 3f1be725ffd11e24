"""Doors: the overview, and a tenant's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tenants.forms import OverviewFilter
from tenants.models import Tenant
from tenants.pages import fleet
from tenants.pages import overview as reading
from tenants.pages.attention import attention, last_attempts
from tenants.pages.bounded import BoundedPaginator
from tenants.pages.first_mail import first_mail
from tenants.pages.readiness import readiness
from tenants.people import PersonalRequest

A_YEAR = 365 * 24 * 3600  # seconds
# What each key does, as the templates have it in `data-key`; j and k are those of site.js.
KEYS = (
    ("/", gettext_lazy("go to the search")),
    ("g o", gettext_lazy("go to the overview")),
    ("g d", gettext_lazy("go to the domains")),
    ("g a", gettext_lazy("go to the attempts")),
    ("g p", gettext_lazy("go to the providers")),
    ("g e", gettext_lazy("go to where errors are explained")),
    ("j", gettext_lazy("go to the next row of a list; Enter opens it")),
    ("k", gettext_lazy("go to the row before")),
    ("x", gettext_lazy("tick the row of a list, or untick it")),
    ("c", gettext_lazy("check the domain of this page now")),
    ("?", gettext_lazy("show this list")),
)


@require_safe
def overview(request: PersonalRequest) -> HttpResponse:
    """Show what needs attention first, then the tenants this person may see."""
    form, now = OverviewFilter(request.GET, user=request.user), timezone.now()
    wanted, chosen = form.narrowing, form.tenants
    page = BoundedPaginator(wanted.tenants(chosen)).get_page(request.GET.get("page"))
    ready = readiness(page.object_list)
    told = attention(chosen, now, wanted)
    form.offer(told.causes)
    context = {
        "form": form,
        "attention": told,
        "fleet": None if wanted else fleet.picture(chosen, now),
        "tried": last_attempts(chosen, wanted),
        "mails_notices": Tenant.objects.mail_notices().exists(),
        "page": page,
        "rows": [(tenant, ready[tenant.pk]) for tenant in page],
    }
    return render(request, "tenants/overview.html", context)


@require_safe
def tenant(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a tenant: settings, domains, members, and how far it has come."""
    found = get_object_or_404(Tenant.objects.visible_to(request.user), slug=slug)
    settings = list(reading.settings_of(found))
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


@require_http_methods(["GET", "HEAD", "POST"])
def shortcuts(request: HttpRequest) -> HttpResponse:
    """List the keys that do something, and let the person switch them off or on again."""
    if request.method != "POST":
        return render(request, "tenants/shortcuts.html", {"keys": KEYS})
    is_on = request.POST.get("shortcuts") == "on"
    told = _("Keyboard shortcuts are on.") if is_on else _("Keyboard shortcuts are off.")
    messages.success(request, told)
    answer = redirect("tenants:shortcuts")
    answer.set_cookie("shortcuts", "on" if is_on else "off", max_age=A_YEAR, samesite="Lax")
    return answer
