"""Doors: what every server answers for a domain's records, and having them all asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dnscheck import required, tasks, touring
from dnscheck.models import SendingDomain
from dnscheck.pages import servers as servers_page

NOTHING_NEW = 204  # htmx leaves the page as it is


@require_safe
def servers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what every server answered when they were asked last."""
    return render(request, "dnscheck/servers.html", _context(request, pk))


@require_safe
def servers_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with what was seen, or with nothing while it is waited for."""
    context = _context(request, pk)
    if context["page"].poll:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "dnscheck/_servers.html", context)


@require_POST
def servers_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Have every server asked now."""
    rows = SendingDomain.objects.editable_by(request.user)
    domain = get_object_or_404(rows, pk=pk)
    try:
        touring.ask_soon(domain, ring=tasks.ring_tour, now=timezone.now())
    except touring.NotNow:
        said = _("Servers were asked a moment ago, or other domains wait. Try again in a minute.")
        messages.info(request, said)
    return redirect("dnscheck:servers", pk)


def _context(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = SendingDomain.objects.visible_to(request.user).select_related("tenant")
    domain = get_object_or_404(rows, pk=pk)
    page = servers_page.page_of(domain, required.records_of(domain), timezone.now())
    may_edit = SendingDomain.objects.editable_by(request.user).filter(pk=pk).exists()
    return {"domain": domain, "page": page, "may_edit": may_edit}
