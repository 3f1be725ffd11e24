"""Door: the page that tells operators how the portal itself is doing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dnscheck.pages import operation


@require_safe
def operation_page(request: HttpRequest) -> HttpResponse:
    """Show queues, resolvers and silent name servers to operators."""
    if not request.user.is_staff:
        raise Http404
    now = timezone.now()
    context = {"state": operation.state(now), "now": now}
    return render(request, "dnscheck/operation.html", context)
