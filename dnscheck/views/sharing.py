"""Doors: making links to a domain's DNS to-do, and that page, which needs no account."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dnscheck import mailing, required, tasks, verification
from dnscheck.forms.sharing import MailForm, ShareForm
from dnscheck.models import SendingDomain, Share
from dnscheck.pages import history, sharing
from dnscheck.verdicts import is_watched
from tenants.people import PersonalRequest

GONE = 410


def shares(request: PersonalRequest, pk: int) -> HttpResponse:
    """List the links of a domain, and make another one."""
    rows = SendingDomain.objects.editable_by(request.user).select_related("tenant")
    domain, now = get_object_or_404(rows, pk=pk), timezone.now()
    back, can_mail = domain.get_absolute_url(), mailing.is_open()
    form = ShareForm(request.POST or None, back=back, can_mail=can_mail)
    if request.method != "POST" or not form.is_valid():
        return _page(request, domain, form)
    share = form.save(commit=False)
    share.domain, share.by = domain, request.user
    share.created_at, share.expires_at = now, form.until(now)
    share.save()
    _say_made(request, share, form.recipient)
    return redirect("dnscheck:shares", domain.pk)


def _say_made(request: PersonalRequest, share: Share, recipient: str) -> None:
    """Mail a new link if that is wanted, and say what comes next."""
    if not recipient:
        messages.success(request, _("The link is made: copy it, or send it by mail."))
        return
    if refused := _refused(request, share, recipient):
        said = _("The link is made, and was not mailed. %(why)s")
        messages.warning(request, said % {"why": refused})


def _refused(request: PersonalRequest, share: Share, recipient: str) -> str:
    """Have a link mailed, or return why it is not."""
    home = settings.PUBLIC_URL or request.build_absolute_uri("/")
    try:
        mailing.send(share, recipient, by=request.user, home=home, now=timezone.now())
    except mailing.Refused as error:
        return str(error)
    messages.success(request, _("The link is mailed to %(to)s.") % {"to": recipient})
    return ""


@require_POST
def share_mail(request: PersonalRequest, pk: int) -> HttpResponse:
    """Mail a link that there is already."""
    share = _editable(request, pk)
    form = MailForm(request.POST, share=share)
    if form.is_valid():
        refused = _refused(request, share, form.cleaned_data["email"])
        if not refused:
            return redirect("dnscheck:shares", share.domain_id)
        form.add_error("email", refused)
    back = share.domain.get_absolute_url()
    new = ShareForm(back=back, can_mail=mailing.is_open())
    return _page(request, share.domain, new, {share.pk: form})


@require_POST
def unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back: it stops to work at once, and is mailed no more."""
    share = _editable(request, pk)
    mailing.revoke(Share.objects.filter(pk=pk), timezone.now())
    messages.success(request, _("The link does not work any more."))
    return redirect("dnscheck:shares", share.domain_id)


def _editable(request: HttpRequest, pk: int) -> Share:
    mine = Share.objects.filter(domain__in=SendingDomain.objects.editable_by(request.user))
    return get_object_or_404(mine.select_related("domain__tenant"), pk=pk)


def _page(
    request: HttpRequest,
    domain: SendingDomain,
    form: ShareForm,
    filled: Mapping[int, MailForm] = MappingProxyType({}),
) -> HttpResponse:
    """Show the links of a domain; `filled` has forms for mails that were refused."""
    now = timezone.now()
    links = sharing.links_of(domain, settings.PUBLIC_URL or request.build_absolute_uri("/"), now)
    rows = [(link, filled.get(link.share.pk) or MailForm(share=link.share)) for link in links]
    context = {"domain": domain, "form": form, "rows": rows, "can_mail": "email" in form.fields}
    context["is_allowed"] = mailing.is_allowed()
    return render(request, "dnscheck/shares.html", context)


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
