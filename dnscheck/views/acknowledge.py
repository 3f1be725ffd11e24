"""Doors: letting a finding be for a reason and a time, and having it open again."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dnscheck import acknowledging
from dnscheck.forms.acknowledge import AcknowledgeForm
from dnscheck.models import SendingDomain
from dnscheck.pages import handout
from dnscheck.reopening import WHOLE_DOMAIN, FindingJson, Key, evidence_of


def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding and ask why and for how long it may stay; then fold it away."""
    domain, key = _editable(request, pk), _key(request)
    findings = acknowledging.found_in(domain.checks.first()).get(key)
    if not findings:
        raise Http404
    known = domain.acknowledgements.select_related("by")
    row = known.filter(place=key[0], code=key[1]).first()
    initial = {"evidence": evidence_of(findings), "reason": row.reason if row else ""}
    form = AcknowledgeForm(request.POST or None, initial=initial, back=domain.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        return _acknowledged(request, domain, key, form)
    context = {"form": form, "domain": domain, "findings": _told(domain, findings), "row": row}
    context["query"] = request.GET.urlencode()
    return render(request, "dnscheck/acknowledge.html", context)


def _acknowledged(
    request: HttpRequest, domain: SendingDomain, key: Key, form: AcknowledgeForm
) -> HttpResponse:
    now, told = timezone.now(), form.cleaned_data
    done = acknowledging.acknowledge(
        domain,
        key,
        told["evidence"],
        reason=told["reason"],
        until=form.until(now),
        by=request.user,
        now=now,
    )
    if not done:
        messages.warning(request, _("A check saw something else meanwhile, so it is still open."))
    else:
        messages.success(request, _("Acknowledged. It is folded away until it opens again."))
    return redirect(domain)


@require_POST
def unacknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a finding open again."""
    domain = _editable(request, pk)
    acknowledging.undo(domain, _key(request), timezone.now())
    messages.success(request, _("It is open again."))
    return redirect(domain)


def _editable(request: HttpRequest, pk: int) -> SendingDomain:
    rows = SendingDomain.objects.editable_by(request.user).select_related("tenant")
    return get_object_or_404(rows, pk=pk)


def _key(request: HttpRequest) -> Key:
    return request.GET.get("place", WHOLE_DOMAIN), request.GET.get("code", "")


def _told(domain: SendingDomain, findings: Sequence[FindingJson]) -> list[dict[str, Any]]:
    place = handout.place_of(domain)
    return [place.told(finding) for finding in findings]
