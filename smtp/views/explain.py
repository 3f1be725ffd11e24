"""Doors: the page that explains a failure of any application. Nothing pasted is stored."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from smtp.forms.explain import ExplainForm
from tenants.people import PersonalRequest


@sensitive_post_parameters("text")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: PersonalRequest) -> HttpResponse:
    """Ask for a failure, and explain it."""
    form = ExplainForm(request.POST.dict() if request.method == "POST" else None)
    reading = form.read() if form.is_valid() else None
    return render(request, "smtp/explain.html", {"form": form, "reading": reading})
