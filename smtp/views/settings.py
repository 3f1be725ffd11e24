"""Doors: the pages of providers and settings. Nothing here goes to the network: verbs queue."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from smtp import providers, reach, tasks, trials
from smtp.forms.attempts import SendForm
from smtp.forms.settings import SettingForm
from smtp.models import Attempt, SmtpSetting
from smtp.pages import attempt as attempt_page
from smtp.pages import catalogue, presets
from smtp.pages import health as health_page
from smtp.providers.search import picker
from smtp.views.attempts import attempt_context, light_attempts
from tenants.models import Tenant
from tenants.pages import first_mail
from tenants.people import PersonalRequest

PAGE_SIZE = 50
RECENT = 10
LONGEST_PK = 18  # digits: what fits into a column
MOST_TENANTS = 20  # to choose from on a provider's page
TRIALS = ("try", "correct", "look")  # what the form can do without saving
NOTHING_NEW = 204  # htmx leaves the page as it is
TOO_MANY_REQUESTS = 429


def _editable(request: HttpRequest, pk: int) -> SmtpSetting:
    settings = SmtpSetting.objects.editable_by(request.user).select_related("tenant")
    return get_object_or_404(settings, pk=pk)


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
def add(request: PersonalRequest, slug: str) -> HttpResponse:
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
def edit(request: PersonalRequest, pk: int) -> HttpResponse:
    """Change a setting. `?attempt=` fills in the correction that the attempt's hint offers."""
    setting = _editable(request, pk)
    initial = _correction(setting, request.GET.get("attempt", ""))
    return _form(request, setting, back=setting.get_absolute_url(), initial=initial)


def _correction(setting: SmtpSetting, attempt_pk: str) -> dict[str, str]:
    attempt = setting.attempts.filter(pk=_pk(attempt_pk)).first()
    correction = attempt_page.correction_of(attempt) if attempt else None
    return correction.changes if correction else {}


def _pk(text: str) -> int:
    """Return an id, or 0, which no row has."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_PK else 0


def _form(
    request: PersonalRequest, setting: SmtpSetting, *, back: str, initial: dict[str, Any]
) -> HttpResponse:
    drafts = Attempt.objects.drafts_of(request.user)
    form = SettingForm(
        request.POST or None, instance=setting, back=back, initial=initial, drafts=drafts
    )
    if any(action in request.POST for action in TRIALS):
        return _trial(request, form)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, None)
    saved = form.save()
    messages.success(request, _("%(setting)s was saved.") % {"setting": saved})
    shown = {lint.code for lint in presets.remarks(saved)}
    for lint in form.warnings:
        if lint.code not in shown:  # the page shows the others, but cannot know the password
            messages.warning(request, lint.message)
    return redirect(saved)


def _form_page(
    request: PersonalRequest, form: SettingForm, tried: Attempt | None, to: SendForm | None = None
) -> HttpResponse:
    """Show the form, with the attempt that was made with what is typed in it."""
    context = {
        "form": form,
        "tenant": form.instance.tenant,
        "back": form.back,
        "to": to or SendForm(setting=form.instance, user=request.user, alone=False),
        **(attempt_context(request, tried.pk) if tried else {}),
    }
    return render(request, "smtp/setting_form.html", {**context, "in_form": True})


def _trial(request: PersonalRequest, form: SettingForm) -> HttpResponse:
    """Try what is typed before it is saved; nothing of it is lost, nor is the password."""
    before = form.drafts.filter(pk=_pk(request.POST.get("draft", ""))).first()
    if "look" in request.POST:
        return _form_page(request, form, before)
    if "correct" in request.POST and before is not None:
        form.apply(attempt_page.correction_of(before))
    to = None
    if request.POST.get("try") == "mail":
        to = SendForm(request.POST, setting=form.instance, user=request.user, alone=False)
    if not form.is_valid() or (to is not None and not to.is_valid()):
        return _form_page(request, form, None, to)
    tried = _ask(request, form.unsaved(), to)
    if tried is not None:
        form.keep(tried)
    return _form_page(request, form, tried, to)


def _ask(request: PersonalRequest, setting: SmtpSetting, to: SendForm | None) -> Attempt | None:
    """Ask for a connection test, or for a mail if there is somebody to send it to."""
    now = timezone.now()
    if to is None:
        return trials.try_connection(setting, user=request.user, ring=tasks.ring, now=now)
    recipient, key = to.cleaned_data["recipient"], to.cleaned_data["key"]
    try:
        return trials.send_test_email(
            setting, recipient, user=request.user, ring=tasks.ring, now=now, idempotency_key=key
        )
    except trials.TooManyTestMails:
        to.refuse_for_now()
        return None


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
    may_edit = editable.exists()
    context = {
        "setting": setting,
        "page": reach.page_of(setting.provider),
        "form": form,
        "may_edit": may_edit,
        "way": first_mail.still_to_do(setting.tenant, first_mail.SETTING, setting.pk)
        if may_edit
        else None,
        "remarks": presets.remarks(setting),
        "health": health_page.told(setting, timezone.now()),
        "attempts": light_attempts(request).filter(setting=setting)[:RECENT],
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
        trials.try_connection(setting, user=request.user, ring=tasks.ring, now=timezone.now())
    )


@require_POST
def try_all(request: PersonalRequest, slug: str) -> HttpResponse:
    """Ask for a connection test of every setting of a tenant and show how they go."""
    tenant = get_object_or_404(Tenant.objects.editable_by(request.user), slug=slug)
    count, left = trials.try_connections(
        tenant, user=request.user, ring=tasks.ring, now=timezone.now()
    )
    told = ngettext("%(n)d connection is tried now.", "%(n)d connections are tried now.", count)
    texts = [told % {"n": count}]
    if left:
        more = ngettext(
            "%(n)d more setting was left out.", "%(n)d more settings were left out.", left
        )
        texts.append(more % {"n": left})
    messages.success(request, " ".join(texts))
    return redirect(f"{reverse('smtp:attempts')}?{urlencode({'tenant': tenant.slug})}")


@require_POST
def send(request: PersonalRequest, pk: int) -> HttpResponse:
    """Ask for a test mail and show how it goes."""
    setting = _editable(request, pk)
    form = SendForm(request.POST, setting=setting, user=request.user)
    if not form.is_valid():
        return _setting_page(request, setting, form)
    asked = _ask(request, setting, form)
    if asked is None:
        return _setting_page(request, setting, form, TOO_MANY_REQUESTS)
    return redirect(asked)
