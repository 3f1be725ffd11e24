"""Doors: the pages of domains, of the providers that send for them, and of their records."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dnscheck import exports, hosts, required, tasks, verification
from dnscheck.forms.domains import (
    AddedRecordForm,
    NewDomainForm,
    publishing_providers,
)
from dnscheck.forms.lists import DomainFilter, ManyForm
from dnscheck.forms.recipes import RecipeForm
from dnscheck.models import AddedRecord, DomainRecipe, SendingDomain
from dnscheck.names import is_mixed_script
from dnscheck.pages import handout, history, timeline
from dnscheck.records import Recipe, missing_inputs
from smtp import providers
from smtp.providers.search import picker
from tenants.models import Tenant
from tenants.pages import first_mail
from tenants.pages.bounded import BoundedPaginator
from tenants.pages.language import english


@require_safe
def domains(request: HttpRequest) -> HttpResponse:
    """List the domains this person may see."""
    visible = SendingDomain.objects.visible_to(request.user)
    form = DomainFilter(request.GET, user=request.user, rows=visible)
    rows = form.filtered.select_related("tenant")
    rows = rows.defer("name_servers", "spf_forecasts", "outlooks")
    page = BoundedPaginator(rows).get_page(request.GET.get("page"))
    context = {"form": form, "many": ManyForm(), "page": page, "now": timezone.now()}
    context["may_edit"] = Tenant.objects.editable_by(request.user).exists()
    return render(request, "dnscheck/domains.html", context)


def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a domain to a tenant, then go on to the provider that sends for it."""
    tenant = get_object_or_404(Tenant.objects.editable_by(request.user), slug=slug)
    new = SendingDomain(tenant=tenant)
    form = NewDomainForm(
        request.POST or None,
        instance=new,
        initial={name: request.GET.get(name, "") for name in ("name", "provider")},
        back=tenant.get_absolute_url(),
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "dnscheck/add.html", {"form": form, "tenant": tenant})
    domain = form.save()
    _say_added(request, domain)
    if slug := form.cleaned_data["provider"]:
        return redirect(f"{reverse('dnscheck:recipe_add', args=[domain.pk])}?provider={slug}")
    return redirect(domain)


def _say_added(request: HttpRequest, domain: SendingDomain) -> None:
    messages.success(request, _("%(domain)s was added.") % {"domain": domain.display_name})
    if is_mixed_script(domain.name):
        text = _("This name mixes letters of different alphabets. In the DNS it is %(name)s.")
        messages.warning(request, text % {"name": domain.name})


@require_safe
def domain(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a domain: its verdict, each record with what the world sees, and what changed when."""
    row, may_edit, now = _visible(request, pk), _may_edit(request, pk), timezone.now()
    recipes = row.recipes.select_related("setting").defer("setting__password")
    context = {
        "domain": row,
        "recipes": [_told(recipe) for recipe in recipes],
        "added": row.added_records.all(),
        "may_edit": may_edit,
        "page": history.page_of(row, required.records_of(row), now, may_edit=may_edit),
        "way": _way(row) if may_edit else None,
        "hosts": hosts.choices(),
    }
    return render(request, "dnscheck/domain.html", context)


def _way(row: SendingDomain) -> first_mail.FirstMail | None:
    return first_mail.still_to_do(row.tenant, first_mail.DOMAIN, row.pk)


def _told(recipe: DomainRecipe) -> dict[str, Any]:
    """Return a recipe with its own values in words, and what it still needs."""
    asked = {item.name: item for item in providers.get(recipe.provider).inputs}
    inputs = required.recipe_inputs(recipe)
    stored = [(asked[name], value) for name, value in recipe.inputs.items() if name in asked]
    return {
        "recipe": recipe,
        "facts": [(item.label, item.labels.get(value, value)) for item, value in stored],
        "missing": missing_inputs(Recipe(recipe.provider, inputs)),
    }


@require_safe
def domain_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Return what is new for a domain's page, or nothing while it is as the page has it."""
    row, now = _visible(request, pk), timezone.now()
    if request.GET.get("stamp") == history.stamp(row, now):
        return HttpResponse(status=204)
    may_edit = _may_edit(request, pk)
    page = history.page_of(row, required.records_of(row), now, may_edit=may_edit)
    known = request.GET.get("check", "")
    saw_more = page.latest is not None and str(page.latest.pk) != known
    way = _way(row) if may_edit else None
    context = {"page": page, "way": way, "is_news": True, "saw_more": saw_more}
    return render(request, "dnscheck/_live.html", context)


@require_safe
def domain_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that checks of a domain saw change."""
    row = _visible(request, pk)
    page, moments = timeline.pages_of(row, request.GET.get("page"))
    context = {"domain": row, "page": page, "moments": moments}
    return render(request, "dnscheck/history.html", context)


@require_POST
def host(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the records worded for another DNS host than the one recognised."""
    row = _editable(request, pk)
    slug = request.POST.get("dns_host", "")
    if slug and slug not in dict(hosts.choices()):
        raise Http404
    SendingDomain.objects.filter(pk=pk).update(dns_host=slug)
    return redirect(f"{row.get_absolute_url()}#place")


@require_safe
def export(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show a domain's records as another tool wants them, or hand them out as a file."""
    row = _visible(request, pk)
    try:
        format = exports.get(slug)
    except KeyError:
        raise Http404 from None
    data = handout.export_of(row, required.records_of(row))
    text = format.render(data) if data.records else ""
    if text and "download" in request.GET:
        name = f"{row.name}-{format.slug}{format.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(text, content_type=format.content_type, headers=headers)
    context = {"domain": row, "format": format, "formats": exports.FORMATS, "text": text}
    return render(request, "dnscheck/export.html", {**context, "cautions": data.cautions})


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a domain checked now."""
    row = _editable(request, pk)
    _check_soon(row)
    return redirect(row)


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then forget a domain with all its history."""
    row = _editable(request, pk)
    if request.method != "POST":
        return render(request, "dnscheck/delete.html", {"domain": row})
    row.delete()
    messages.success(request, _("%(domain)s was deleted.") % {"domain": row.display_name})
    return redirect("dnscheck:domains")


def recipe_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a provider send for a domain: choose it, then enter what its console shows."""
    row, slug = _editable(request, pk), request.GET.get("provider", "")
    if slug not in {"", *dict(providers.choices())}:
        raise Http404
    if not slug or not providers.get(slug).recipe:
        context = {"domain": row, **picker(request.GET.get("q", ""), publishing_providers())}
        return render(request, "dnscheck/choose.html", context)
    return _recipe_page(request, DomainRecipe(domain=row, provider=slug))


def recipe_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a provider's console gave."""
    return _recipe_page(request, _recipe(request, pk))


def _recipe_page(request: HttpRequest, recipe: DomainRecipe) -> HttpResponse:
    row = recipe.domain
    form = RecipeForm(
        request.POST or None,
        instance=recipe,
        initial=request.GET.dict(),
        back=row.get_absolute_url(),
    )
    if request.method != "POST" or not form.is_valid():
        outlooks = [] if recipe.pk else handout.outlooks_of(row, form.provider)
        context = {"form": form, "domain": row, "outlooks": outlooks}
        return render(request, "dnscheck/recipe.html", context)
    form.save()
    _check_soon(row)
    if form.notes:
        messages.info(request, english(" ".join(form.notes)))
    messages.success(request, _("Saved. The domain is being checked."))
    return redirect(row)


def recipe_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then no longer expect a provider's records."""
    recipe = _recipe(request, pk)
    if request.method != "POST":
        context = {"domain": recipe.domain, "what": recipe.get_provider_display()}
        return render(request, "dnscheck/remove.html", context)
    recipe.delete()
    _check_soon(recipe.domain)
    return redirect(recipe.domain)


def record_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a record to watch besides those of the providers."""
    row = _editable(request, pk)
    new = AddedRecord(domain=row)
    form = AddedRecordForm(request.POST or None, instance=new, back=row.get_absolute_url())
    if request.method != "POST" or not form.is_valid():
        return render(request, "dnscheck/record.html", {"form": form, "domain": row})
    form.save()
    _check_soon(row)
    messages.success(request, _("Added. The domain is being checked."))
    return redirect(row)


def record_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then no longer expect a record."""
    mine = AddedRecord.objects.filter(domain__in=SendingDomain.objects.editable_by(request.user))
    record = get_object_or_404(mine.select_related("domain__tenant"), pk=pk)
    if request.method != "POST":
        context = {"domain": record.domain, "what": f"{record.name} {record.type}"}
        return render(request, "dnscheck/remove.html", context)
    record.delete()
    _check_soon(record.domain)
    return redirect(record.domain)


def _visible(request: HttpRequest, pk: int) -> SendingDomain:
    rows = SendingDomain.objects.visible_to(request.user).select_related("tenant")
    return get_object_or_404(rows, pk=pk)


def _may_edit(request: HttpRequest, pk: int) -> bool:
    return SendingDomain.objects.editable_by(request.user).filter(pk=pk).exists()


def _editable(request: HttpRequest, pk: int) -> SendingDomain:
    rows = SendingDomain.objects.editable_by(request.user).select_related("tenant")
    return get_object_or_404(rows, pk=pk)


def _recipe(request: HttpRequest, pk: int) -> DomainRecipe:
    mine = DomainRecipe.objects.filter(domain__in=SendingDomain.objects.editable_by(request.user))
    return get_object_or_404(mine.select_related("domain__tenant"), pk=pk)


def _check_soon(row: SendingDomain) -> None:
    verification.check_soon(row, ring=tasks.ring, now=timezone.now())
