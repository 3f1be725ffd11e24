"""Doors: the pages of notices: what was told, and how a tenant wants to be told."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from smtp.forms.notices import QuietHoursForm, TopicFilter, WebhookForm
from smtp.models import Call, Webhook
from smtp.pages import notices as notice_page
from smtp.telling import post, webhooks
from tenants.models import CHANGING_ROLES, Membership, Tenant, Topic
from tenants.notices import tell
from tenants.people import PersonalRequest

PAGE_SIZE = 50
TESTED_FOR = dt.timedelta(minutes=1)  # one test notice a tenant in this time
UNPROCESSABLE = 422


def _page(request: PersonalRequest, tenant: Tenant | None, **more: Any) -> HttpResponse:
    """Show the notices of a tenant, or of the operators; `more` is what belongs beside them."""
    form = TopicFilter(request.GET)
    found = notice_page.notices(tenant, form.chosen)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tenant": tenant,
        "form": form,
        "page": page,
        "rows": notice_page.rows(page),
        "sender": post.sender(),
        **more,
    }
    return render(request, "smtp/notices.html", context, status=more.get("status", 200))


@require_safe
def notices(request: PersonalRequest) -> HttpResponse:
    """Show what operators should know."""
    if not request.user.is_staff:
        raise Http404
    return _page(request, None)


@require_safe
def notices_of(request: PersonalRequest, slug: str) -> HttpResponse:
    """Show what was told to the people of a tenant, and how."""
    tenant = get_object_or_404(Tenant.objects.visible_to(request.user), slug=slug)
    return _tenant_page(request, tenant)


def _tenant_page(request: PersonalRequest, tenant: Tenant, **more: Any) -> HttpResponse:
    own = Membership.objects.filter(tenant=tenant, user=request.user)
    context = {
        "may_edit": Tenant.objects.editable_by(request.user).filter(pk=tenant.pk).exists(),
        "is_owner": Tenant.objects.owned_by(request.user).filter(pk=tenant.pk).exists(),
        "membership": own.filter(role__in=CHANGING_ROLES).first(),
        "quiet": QuietHoursForm(instance=Tenant.objects.get(pk=tenant.pk)),
        "adding": WebhookForm(),
        "webhooks": notice_page.webhooks(tenant, timezone.now()),
    }
    return _page(request, tenant, **{**context, **more})


def _editable(request: HttpRequest, slug: str) -> Tenant:
    return get_object_or_404(Tenant.objects.editable_by(request.user), slug=slug)


@require_POST
def mine(request: PersonalRequest, slug: str) -> HttpResponse:
    """Switch one's own mails on or off."""
    own = Membership.objects.filter(user=request.user, role__in=CHANGING_ROLES)
    membership = get_object_or_404(own, tenant__slug=slug)
    membership.notified = request.POST.get("notified") == "on"
    membership.save(update_fields=["notified"])
    if membership.notified:
        messages.success(request, _("You get mails about what happens."))
    else:
        messages.success(request, _("You get no more mails. What happens is told on this page."))
    return redirect("smtp:notices_of", slug)


@require_POST
def quiet_hours(request: PersonalRequest, slug: str) -> HttpResponse:
    """Store the hours in which no mail may disturb."""
    form = QuietHoursForm(request.POST, instance=_editable(request, slug))
    if not form.is_valid():
        tenant = _editable(request, slug)
        return _tenant_page(request, tenant, quiet=form, status=UNPROCESSABLE)
    post.look_again(form.save(), timezone.now())
    messages.success(request, _("The quiet hours were saved."))
    return redirect("smtp:notices_of", slug)


@require_POST
def test_notice(request: PersonalRequest, slug: str) -> HttpResponse:
    """Tell something harmless, the way everything else is told."""
    tenant, now = _editable(request, slug), timezone.now()
    if tenant.notices.filter(topic=Topic.TEST, created_at__gt=now - TESTED_FOR).exists():
        messages.warning(request, _("A test notice is on its way. Try again in a minute."))
        return redirect("smtp:notices_of", slug)
    _tell_test(tenant, request.user.get_username(), now)
    is_whole, said = _what_follows(tenant, now)
    level = messages.SUCCESS if is_whole else messages.WARNING
    messages.add_message(request, level, said)
    return redirect("smtp:notices_of", slug)


def _tell_test(tenant: Tenant, person: str, now: dt.datetime) -> None:
    said = _("%(person)s asked for it, to see whether notices arrive. Nothing is wrong.")
    tell(
        tenant,
        Topic.TEST,
        cause=f"test {uuid.uuid4()}",
        subject=tenant.name,
        title=_("This is a test notice."),
        text=said % {"person": person},
        path=reverse("smtp:notices_of", args=[tenant.slug]),
        now=now,
        at_once=True,
    )


def _what_follows(tenant: Tenant, now: dt.datetime) -> tuple[bool, str]:
    """Return whether mails go out at once, and what becomes of a notice that was just written."""
    obstacle, people = post.obstacle(tenant, now), len(post.receivers(tenant))
    said = [_("The test notice was written.")]
    if obstacle:
        said.append(obstacle.text)
    else:
        mails = ngettext(
            "A mail to one person follows", "Mails to %(number)s people follow", people
        )
        said.append(_("%(mails)s within seconds.") % {"mails": mails % {"number": people}})
    if hooks := tenant.webhooks.count():
        called = ngettext("One webhook is called", "%(number)s webhooks are called", hooks)
        said.append(_("%(called)s within seconds.") % {"called": called % {"number": hooks}})
    elif obstacle and obstacle.is_lasting:
        said.append(_("So nobody hears of it: it stands on this page alone."))
    return not obstacle, " ".join(said)


@require_POST
@sensitive_variables("secret", "context")
def add_webhook(request: PersonalRequest, slug: str) -> HttpResponse:
    """Add a webhook, and show its secret this once."""
    tenant = get_object_or_404(Tenant.objects.owned_by(request.user), slug=slug)
    form = WebhookForm(request.POST)
    if form.is_valid():
        url = form.cleaned_data["url"]
        try:
            webhook, secret = webhooks.add(tenant, url, user=request.user, now=timezone.now())
        except webhooks.Refused as refused:
            form.add_error("url", str(refused))
        else:
            context = {"tenant": tenant, "webhook": webhook, "secret": secret}
            answer = render(request, "smtp/webhook_added.html", context)
            answer["Cache-Control"] = "no-store"
            return answer
    return _tenant_page(request, tenant, adding=form, status=UNPROCESSABLE)


def _webhook(request: HttpRequest, pk: int) -> Webhook:
    owned = Webhook.objects.filter(tenant__in=Tenant.objects.owned_by(request.user))
    return get_object_or_404(owned.select_related("tenant").defer("secret"), pk=pk)


@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a webhook's calls went."""
    found = _webhook(request, pk)
    calls = Call.objects.filter(webhook=found).defer("body")
    page = Paginator(calls, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "smtp/webhook.html", {"webhook": found, "page": page})


def remove_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remove a webhook with what is known of its calls."""
    found = _webhook(request, pk)
    if request.method != "POST":
        return render(request, "smtp/webhook_remove.html", {"webhook": found})
    found.delete()
    messages.success(request, _("%(address)s is called no more.") % {"address": found.url})
    return redirect("smtp:notices_of", found.tenant.slug)
