"""Doors: the pages on which a person has a received message examined. Nobody else sees them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from dnscheck import examination, tasks
from dnscheck.forms.received import ConnectionForm, ReceivedForm
from dnscheck.models import ReceivedMail
from dnscheck.pages import received as received_page
from tenants.people import PersonalRequest

MOST_LISTED = 20
NOTHING_NEW = 204  # htmx leaves the page as it is


@sensitive_post_parameters("source", "file")
def received(request: PersonalRequest) -> HttpResponse:
    """Ask for the source of a message, and list what this person had examined."""
    back = reverse("dnscheck:domains")
    form = ReceivedForm(request.POST or None, request.FILES or None, back=back)
    if request.method == "POST" and form.is_valid():
        row = _pasted(request, form)
        if row is not None:
            return redirect(row)
    mine = ReceivedMail.objects.of(request.user)[:MOST_LISTED]
    return render(request, "dnscheck/received.html", {"form": form, "mine": mine})


def _pasted(request: PersonalRequest, form: ReceivedForm) -> ReceivedMail | None:
    octets, given, now = form.cleaned_data["octets"], form.connection, timezone.now()
    try:
        return examination.paste(octets, given, user=request.user, ring=tasks.ring_mail, now=now)
    except examination.TooManyWaiting:
        text = _("Some of your messages still wait to be examined. Try again in a minute.")
        form.add_error(None, text)
        return None


@require_safe
def received_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the examination of a message brought up."""
    return render(request, "dnscheck/received_mail.html", _context(request, pk))


@require_safe
def received_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the report, or with nothing while there is none."""
    context = _context(request, pk)
    if context["mail"].examined_at is None:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "dnscheck/_received.html", context)


@require_POST
def received_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the DNS again, with what the person knows of who handed the message over."""
    row = _own(request, pk)
    form = ConnectionForm(request.POST)
    if not form.is_valid():
        context = {**_context(request, pk), "connection": form}
        return render(request, "dnscheck/received_mail.html", context)
    examination.again(row, form.connection, ring=tasks.ring_mail, now=timezone.now())
    return redirect(row)


@require_POST
def received_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a message and its report."""
    _own(request, pk).delete()
    messages.success(request, _("Forgotten."))
    return redirect("dnscheck:received")


def _own(request: HttpRequest, pk: int) -> ReceivedMail:
    return get_object_or_404(ReceivedMail.objects.of(request.user), pk=pk)


def _context(request: HttpRequest, pk: int) -> dict[str, Any]:
    row = _own(request, pk)
    page = received_page.shown(row, request.user)
    told = vars(page.report.reading.connection) if page else {}
    return {"mail": row, "page": page, "connection": ConnectionForm(initial=told)}
