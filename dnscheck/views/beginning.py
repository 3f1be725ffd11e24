"""Door: the first run of a new tenant."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dnscheck.forms.beginning import BeginForm


def begin(request: HttpRequest) -> HttpResponse:
    """Let an operator add a tenant, then go on to its page, which tells what is left to do."""
    if not request.user.is_staff:
        raise Http404
    form = BeginForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "dnscheck/begin.html", {"form": form})
    tenant = form.save()
    messages.success(request, _("%(tenant)s was added.") % {"tenant": tenant})
    return redirect(tenant)
