"""Doors: the pages of settings and attempts. Nothing here goes to the network: verbs queue."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from smtp import attempt_page, catalogue, delivery, presets, providers, reach, tasks
from smtp.attempt_forms import AttemptFilter, SendForm
from smtp.forms import SettingForm
from smtp.models import Attempt, SecurityChoice, SmtpSetting
from smtp.providers.search import picker
from tenants.models import Tenant
from tenants.people import PersonalRequest

PAGE_SIZE = 50
RECENT = 10
LONGEST_PK = 18  # digits: what fits into a column
MOST_TENANTS = 20  # to choose from on a provider's page
NOTHING_NEW = 204  # htmx leaves the page as it is
TOO_MANY_REQUESTS = 429


def _editable(request: HttpRequest, pk: int) -> SmtpSetting:
    settings = SmtpSetting.objects.editable_by(request.user).select_related("tenant")
    return get_object_or_404(settings, pk=pk)


def _light_attempts(request: HttpRequest) -> Any:
    """Return the visible attempts without their large columns, and never with a password."""
    return (
        Attempt.objects.visible_to(request.user)
        .select_related("setting__tenant")
        .defer("outcome", "server_text", "setting__password")
    )


# --- Providers --------------------------------------------------------------------------------


@require_safe
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """List the known providers by kind, or those that fit what is searched for."""
    return render(request, "smtp/providers.html", picker(request.GET.get("q", "")))


@require_safe
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a provider: its guide, rules, records and pitfalls, and who uses it here."""
    try:
        page = providers.get(slug)
    except KeyError:
        raise Http404 from None
    if page.slug != slug:  # found by another of its names
        return redirect("smtp:provider", page.slug)
    mine = Tenant.objects.editable_by(request.user)[:MOST_TENANTS]
    context = {"entry": catalogue.entry(page, request.user), "mine": mine}
    return render(request, "smtp/provider.html", context)


# --- Settings ---------------------------------------------------------------------------------


@sensitive_post_parameters()
@sensitive_variables()
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a setting: first choose the provider, then fill in what it does not fix."""
    tenant = get_object_or_404(Tenant.objects.editable_by(request.user), slug=slug)
    chosen = request.GET.get("provider")
    if chosen is None and request.method != "POST":
        context = {"tenant": tenant, **picker(request.GET.get("q", ""))}
        return render(request, "smtp/pick.html", context)
    page = reach.page_of(chosen or "")
    new, back = presets.new_setting(tenant, page), tenant.get_absolute_url()
    return _form(request, new, back=back, initial=presets.preset(page, {}))


@sensitive_post_parameters()
@sensitive_variables()
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a setting. `?attempt=` fills in the correction that the attempt's hint offers."""
    setting = _editable(request, pk)
    initial = _correction(setting, request.GET.get("attempt", ""))
    return _form(request, setting, back=setting.get_absolute_url(), initial=initial)


def _correction(setting: SmtpSetting, attempt_pk: str) -> dict[str, str]:
    if not attempt_pk.isdecimal() or len(attempt_pk) > LONGEST_PK:
        return {}
    attempt = setting.attempts.filter(pk=attempt_pk).first()
    found = attempt_page.explained(attempt) if attempt else ()
    correction = found[0].correction if found else None
    return {correction.field: correction.value} if correction else {}


def _form(
    request: HttpRequest, setting: SmtpSetting, *, back: str, initial: dict[str, Any]
) -> HttpResponse:
    form = SettingForm(request.POST or None, instance=setting, back=back, initial=initial)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "tenant": setting.tenant, "back": back}
        return render(request, "smtp/setting_form.html", context)
    saved = form.save()
    messages.success(request, _("%(setting)s was saved.") % {"setting": saved})
    shown = {lint.code for lint in presets.remarks(saved)}
    for lint in form.warnings:
        if lint.code not in shown:  # the page shows the others, but cannot know the password
            messages.warning(request, lint.message)
    return redirect(saved)


@require_safe
def preset(request: HttpRequest) -> HttpResponse:
    """Answer with the fields that a provider fixes, filled for what was chosen."""
    page = reach.page_of(request.GET.get("provider", ""))
    asked = request.GET.dict()
    kept = {name: asked[name] for name in ("port", "security") if name in asked}
    form = SettingForm(initial={**presets.preset(page, asked), **kept})
    context = {"form": form, "changes_username": page.fixed_username or "fixed" in asked}
    return render(request, "smtp/_endpoint.html", context)


@require_safe
def setting(request: PersonalRequest, pk: int) -> HttpResponse:
    """Show a setting: what it is, what to mind, what was tried."""
    settings = SmtpSetting.objects.visible_to(request.user).select_related("tenant")
    found = get_object_or_404(settings, pk=pk)
    return _setting_page(request, found, SendForm(setting=found, user=request.user))


def _setting_page(
    request: PersonalRequest, setting: SmtpSetting, form: SendForm, status: int = 200
) -> HttpResponse:
    editable = Tenant.objects.editable_by(request.user).filter(pk=setting.tenant_id)
    context = {
        "setting": setting,
        "page": reach.page_of(setting.provider),
        "form": form,
        "may_edit": editable.exists(),
        "remarks": presets.remarks(setting),
        "attempts": _light_attempts(request).filter(setting=setting)[:RECENT],
    }
    return render(request, "smtp/setting.html", context, status=status)


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a setting with its attempts."""
    setting = _editable(request, pk)
    if request.method != "POST":
        return render(request, "smtp/delete.html", {"setting": setting})
    setting.delete()
    messages.success(request, _("%(setting)s was deleted.") % {"setting": setting})
    return redirect(setting.tenant)


@require_POST
def toggle(request: HttpRequest, pk: int) -> HttpResponse:
    """Enable or disable a setting: what is wanted is said, so that twice is once."""
    setting = _editable(request, pk)
    setting.enabled = request.POST.get("enabled") == "on"
    setting.save(update_fields=["enabled", "updated_at"])
    said = _("%(setting)s is enabled.") if setting.enabled else _("%(setting)s is not enabled.")
    messages.success(request, said % {"setting": setting})
    return redirect(setting)


@require_POST
def try_connection(request: PersonalRequest, pk: int) -> HttpResponse:
    """Ask for a connection test and show how it goes."""
    setting = _editable(request, pk)
    return redirect(
        delivery.try_connection(setting, user=request.user, ring=tasks.ring, now=timezone.now())
    )


@require_POST
def send(request: PersonalRequest, pk: int) -> HttpResponse:
    """Ask for a test mail and show how it goes."""
    setting = _editable(request, pk)
    form = SendForm(request.POST, setting=setting, user=request.user)
    if not form.is_valid():
        return _setting_page(request, setting, form)
    to, key, now = form.cleaned_data["recipient"], form.cleaned_data["key"], timezone.now()
    try:
        attempt = delivery.send_test_email(
            setting, to, user=request.user, ring=tasks.ring, now=now, idempotency_key=key
        )
    except delivery.TooManyTestMails:
        form.refuse_for_now()
        return _setting_page(request, setting, form, TOO_MANY_REQUESTS)
    return redirect(attempt)


# --- Attempts ---------------------------------------------------------------------------------


@require_safe
def attempts(request: PersonalRequest) -> HttpResponse:
    """List the attempts this person may see."""
    form = AttemptFilter(request.GET, user=request.user)
    rows = form.filtered(_light_attempts(request))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "smtp/attempts.html", {"form": form, "page": page})


@require_safe
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an attempt: the hint first, then what happened."""
    return render(request, "smtp/attempt.html", _attempt_context(request, pk))


@require_safe
def attempt_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the story of a running attempt, or with nothing while it stands as seen."""
    context = _attempt_context(request, pk)
    if context["attempt"].state == request.GET.get("seen"):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "smtp/_attempt.html", context)


def _attempt_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = Attempt.objects.visible_to(request.user)
    rows = rows.select_related("setting__tenant", "requested_by")
    found = get_object_or_404(rows.defer("setting__password"), pk=pk)
    editable = Tenant.objects.editable_by(request.user)
    return {
        "attempt": found,
        "outcome": found.result,
        "hints": attempt_page.explained(found),
        "bars": attempt_page.bars(found.result),
        "sentence": attempt_page.sentence(found),
        "security": SecurityChoice(found.security).label,
        "may_edit": editable.filter(pk=found.setting.tenant_id).exists(),
    }
