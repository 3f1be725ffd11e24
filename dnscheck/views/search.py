"""Door: the search over everything."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dnscheck.pages.searching import found
from tenants.people import PersonalRequest


@require_safe
def search(request: PersonalRequest) -> HttpResponse:
    """Show what fits, of what this person may see."""
    text = request.GET.get("q", "")
    return render(request, "dnscheck/search.html", {"found": found(text, request.user)})
