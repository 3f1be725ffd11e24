"""Doors: making links to a domain's DNS to-do, and that page, which needs no account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dnscheck import required, tasks, verification
from dnscheck.forms.sharing import ShareForm
from dnscheck.models import SendingDomain, Share
from dnscheck.pages import history, sharing
from dnscheck.verdicts import is_watched

GONE = 410


def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """List the links of a domain, and make another one."""
    rows = SendingDomain.objects.editable_by(request.user).select_related("tenant")
    domain, now = get_object_or_404(rows, pk=pk), timezone.now()
    form = ShareForm(request.POST or None, back=domain.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        share = form.save(commit=False)
        share.domain, share.by = domain, request.user
        share.created_at, share.expires_at = now, form.until(now)
        share.save()
        messages.success(request, _("The link is made: copy it, or send it by mail."))
        return redirect("dnscheck:shares", domain.pk)
    links = sharing.links_of(domain, request.build_absolute_uri("/"), now)
    return render(request, "dnscheck/shares.html", {"domain": domain, "form": form, "links": links})


@require_POST
def unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back: it stops to work at once."""
    mine = Share.objects.filter(domain__in=SendingDomain.objects.editable_by(request.user))
    share = get_object_or_404(mine, pk=pk)
    mine.filter(pk=pk).revoke(timezone.now())
    messages.success(request, _("The link does not work any more."))
    return redirect("dnscheck:shares", share.domain_id)


@login_not_required
@never_cache
@require_safe
def todo(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever has the link what is to be published, and what is there already."""
    share, now = _shared(token), timezone.now()
    if not Share.objects.usable(now).filter(pk=share.pk).exists():
        return render(request, "dnscheck/todo_over.html", status=GONE)
    Share.objects.filter(pk=share.pk).note_view(now)
    return render(request, "dnscheck/todo.html", _context(share))


@login_not_required
@never_cache
@require_safe
def todo_live(request: HttpRequest, token: str) -> HttpResponse:
    """Return the page's state anew, or nothing while it is as the page has it."""
    share, now = _usable(token), timezone.now()
    if request.GET.get("stamp") == history.stamp(share.domain, now):
        return HttpResponse(status=204)
    return render(request, "dnscheck/_todo.html", _context(share))


@login_not_required
@require_POST
def todo_check(_request: HttpRequest, token: str) -> HttpResponse:
    """Have the domain checked often for a while, because its records were published."""
    share, now = _usable(token), timezone.now()
    if not is_watched(share.domain.watched_since, now):
        verification.check_soon(share.domain, ring=tasks.ring, now=now)
    return redirect(share)


def _shared(token: str) -> Share:
    return get_object_or_404(Share.objects.of_token(token).select_related("domain__tenant"))


def _usable(token: str) -> Share:
    share = _shared(token)
    if not Share.objects.usable(timezone.now()).filter(pk=share.pk).exists():
        raise Http404
    return share


def _context(share: Share) -> dict[str, Any]:
    now, records = timezone.now(), required.records_of(share.domain)
    page = history.page_of(share.domain, records, now, for_outsiders=True)
    return {"share": share, "page": page, "is_watched": is_watched(share.domain.watched_since, now)}
