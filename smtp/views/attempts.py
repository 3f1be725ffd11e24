"""Doors: the pages of attempts: the list, one of them while it runs and after, its correction."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from smtp import tasks, trials
from smtp.forms.attempts import AttemptFilter
from smtp.models import Attempt
from smtp.pages import attempt as attempt_page
from smtp.pages.arrival import arrival_of
from smtp.pages.comparison import comparison_of
from tenants.models import Tenant
from tenants.pages.bounded import BoundedPaginator
from tenants.pages.first_mail import FirstMail, still_to_do
from tenants.people import PersonalRequest

NOTHING_NEW = 204  # htmx leaves the page as it is


def light_attempts(request: HttpRequest) -> Any:
    """Return the visible attempts without their large columns, and never with a password."""
    return (
        Attempt.objects.visible_to(request.user)
        .select_related("tenant", "setting__tenant")
        .defer("outcome", "server_text", "setting__password")
    )


@require_safe
def attempts(request: PersonalRequest) -> HttpResponse:
    """List the attempts this person may see."""
    form = AttemptFilter(request.GET, user=request.user)
    rows = form.filtered(light_attempts(request))
    page = BoundedPaginator(rows).get_page(request.GET.get("page"))
    return render(request, "smtp/attempts.html", {"form": form, "page": page})


@require_safe
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an attempt: the hint first, then what happened."""
    return render(request, "smtp/attempt.html", attempt_context(request, pk))


@require_safe
def attempt_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the story of a running attempt, or with nothing while it stands as seen."""
    context = attempt_context(request, pk)
    if context["attempt"].state == request.GET.get("seen"):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "smtp/_attempt.html", context)


@require_safe
def attempt_json(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer with all that is known of an attempt, for other programs; secrets are masked."""
    rows = Attempt.objects.visible_to(request.user).select_related("tenant", "setting")
    found = get_object_or_404(rows.defer("setting__password"), pk=pk)
    answer = JsonResponse(attempt_page.as_json(found), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="attempt-{found.pk}.json"'
    return answer


def attempt_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the story of an attempt is told from; 404 if it is not theirs to see."""
    rows = Attempt.objects.visible_to(request.user)
    rows = rows.select_related("tenant", "setting__tenant", "requested_by")
    found = get_object_or_404(rows.defer("setting__password"), pk=pk)
    may_edit = Tenant.objects.editable_by(request.user).filter(pk=found.tenant_id).exists()
    mine = Attempt.objects.visible_to(request.user)
    return {
        "attempt": found,
        **attempt_page.story(found, mine),
        "arrival": arrival_of(found),
        "comparison": comparison_of(found, mine),
        "may_edit": may_edit,
        "key": uuid.uuid4(),
        "way": _way(found) if may_edit else None,
        "in_form": request.GET.get("in") == "form",
    }


def _way(attempt: Attempt) -> FirstMail | None:
    went_well = attempt.succeeded and attempt.setting is not None
    return still_to_do(attempt.tenant, "attempt", attempt.pk) if went_well else None


@require_POST
def correct(request: PersonalRequest, pk: int) -> HttpResponse:
    """Make the change that an attempt's hint offers, and try again."""
    rows = Attempt.objects.filter(tenant__in=Tenant.objects.editable_by(request.user))
    tried = get_object_or_404(rows.select_related("setting__tenant"), pk=pk, setting__isnull=False)
    again = trials.correct_and_try(
        tried,
        attempt_page.correction_of(tried),
        user=request.user,
        ring=tasks.ring,
        now=timezone.now(),
    )
    if again is None:  # the form shows the change, and asks for what it needs
        return redirect(f"{reverse('smtp:edit', args=[tried.setting_id])}?attempt={pk}")
    return redirect(again)
