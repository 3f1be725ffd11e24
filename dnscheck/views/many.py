"""Doors: what is done with many domains of a list at once."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from dnscheck import exports
from dnscheck.forms.lists import ManyForm
from dnscheck.many import MOST_CHECKED, check_many
from dnscheck.models import DomainQuerySet, SendingDomain
from dnscheck.pages.bundle import MOST_EXPORTED, bundle
from dnscheck.pages.progress import progress_of
from tenants.models import Tenant
from tenants.people import PersonalRequest

CHECKED = "checked"  # in the session: which domains this person had checked last, and when
MOST_DELETED = 100  # at a time: they are named before
MOST_COUNTED = 10_000  # of what may only be looked at


@require_POST
def many(request: PersonalRequest) -> HttpResponse:
    """Check or export the chosen domains, or ask once more before they are deleted."""
    rows = ManyForm(request.POST).rows(request.user)
    if not rows.exists():
        messages.warning(request, _("Tick the domains first, or choose all on this page."))
        return _back(request)
    if "export" in request.POST:
        return _export(request, rows)
    return _ask(request, rows) if "delete" in request.POST else _check(request, rows)


@require_POST
def delete_many(request: PersonalRequest) -> HttpResponse:
    """Forget the domains that were named on the page before, with all their history."""
    rows = ManyForm(request.POST).rows(request.user)
    mine = list(_editable(request, rows)[:MOST_DELETED])
    left_out = _left_out(request, rows)
    SendingDomain.objects.filter(pk__in=[row.pk for row in mine]).delete()
    count = len(mine)
    told = ngettext("%(n)d domain was deleted.", "%(n)d domains were deleted.", count)
    messages.success(request, " ".join((told % {"n": count}, left_out)).strip())
    return _back(request)


def _check(request: PersonalRequest, rows: DomainQuerySet) -> HttpResponse:
    now = timezone.now()
    ids = check_many(_editable(request, rows), now=now)
    count = len(ids)
    request.session[CHECKED] = {"ids": ids, "at": now.isoformat()}
    told = ngettext("%(n)d domain is checked now.", "%(n)d domains are checked now.", count)
    texts = [told % {"n": count}, _left_out(request, rows)]
    if count == MOST_CHECKED:
        texts.append(_("That is the most at a time: do it again for the next ones."))
    messages.success(request, " ".join(filter(None, texts)))
    return redirect("dnscheck:progress")


@require_safe
def progress(request: PersonalRequest) -> HttpResponse:
    """Show how far the checks are that this person asked for last."""
    asked = request.session.get(CHECKED, {"ids": [], "at": timezone.now().isoformat()})
    visible = SendingDomain.objects.visible_to(request.user)
    asked_at = dt.datetime.fromisoformat(asked["at"])
    told = progress_of(visible, asked["ids"], asked_at, timezone.now())
    if not told.number:
        return redirect("dnscheck:domains")
    page = "_progress" if "HX-Request" in request.headers else "progress"
    return render(request, f"dnscheck/{page}.html", {"progress": told, "asked_at": asked_at})


def _export(request: PersonalRequest, rows: DomainQuerySet) -> HttpResponse:
    format = next(
        (one for one in exports.FOR_MANY if one.slug == request.POST.get("format")),
        exports.FOR_MANY[0],
    )
    if rows[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        told = _("At most %(n)d domains go into one file: choose fewer, or narrow the filter.")
        messages.warning(request, told % {"n": MOST_EXPORTED})
        return _back(request)
    text = bundle(rows, format.slug)
    if not text:
        messages.warning(request, _("Nothing is to be published for these domains yet."))
        return _back(request)
    headers = {"Content-Disposition": f'attachment; filename="domains{format.suffix}"'}
    return HttpResponse(text, content_type=format.content_type, headers=headers)


def _ask(request: PersonalRequest, rows: DomainQuerySet) -> HttpResponse:
    mine = _editable(request, rows).select_related("tenant").order_by("name")
    named = list(mine[: MOST_DELETED + 1])
    if len(named) > MOST_DELETED or not named:
        told = _("Choose at most %(n)d domains to delete, all of tenants that you may change.")
        messages.warning(request, told % {"n": MOST_DELETED})
        return _back(request)
    query = request.POST.get("query", "")
    context = {"domains": named, "left_out": _left_out(request, rows), "query": query}
    return render(request, "dnscheck/delete_many.html", context)


def _editable(request: PersonalRequest, rows: DomainQuerySet) -> DomainQuerySet:
    return rows.filter(tenant__in=Tenant.objects.editable_by(request.user))


def _left_out(request: PersonalRequest, rows: DomainQuerySet) -> str:
    """Return how many of these this person may only look at, in words; nothing for none."""
    if request.user.is_staff:
        return ""
    mine = Tenant.objects.editable_by(request.user)
    count = rows.exclude(tenant__in=mine)[:MOST_COUNTED].count()
    told = ngettext(
        "%(n)d was left out: you may only look at it.",
        "%(n)d were left out: you may only look at them.",
        count,
    )
    return told % {"n": count} if count else ""


def _back(request: PersonalRequest) -> HttpResponse:
    """Lead back to the list, narrowed as it was."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return redirect(f"{reverse('dnscheck:domains')}{'?' if query else ''}{query}")
