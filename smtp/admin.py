"""Door: settings and attempts in the admin. The password is written here and never shown."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from smtp import reach, tasks, trials
from smtp.forms.settings import SettingForm
from smtp.models import Attempt, Incident, SmtpSetting
from smtp.pages import presets
from smtp.providers.base import Scope
from tenants.people import PersonalRequest

_SENDER = ("from_address", "from_name", "reply_to", "extra_headers")
_USE = ("enabled", "watched", "priority", "debug", "sends_notices")


@admin.register(SmtpSetting)
class SmtpSettingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Settings, with the same form as the pages."""

    form = SettingForm
    list_display = (
        *("name", "tenant", "provider", "host", "port", "security", "enabled"),
        "health__state",
    )
    list_filter = (
        *("health__state", "provider", "enabled", "watched", "sends_notices", "has_password"),
        "security",
    )
    list_select_related = ("tenant", "health")
    search_fields = ("name", "tenant__name", "host", "from_address")
    autocomplete_fields = ("tenant",)
    actions = ("try_connection", "send_test_mail_to_me")

    def get_fieldsets(self, request: HttpRequest, obj: SmtpSetting | None = None) -> Any:
        """Return the fields of the form; to somebody who may only look, none about the password."""
        server: tuple[str, ...]
        login: tuple[str, ...]
        if obj and not self.has_change_permission(request, obj):
            server = ("inputs", "host", "port", "security")
            login = ("username", "login", "has_password")
        else:
            page = reach.page_of(_provider_slug(request, obj))
            inputs = (item.name for item in page.inputs_for(Scope.SETTING))
            server = (*inputs, "host", "port", "security")
            removal = ("remove_password",) if obj and obj.has_password else ()
            login = ("username", "password", *removal, "login")
        return (
            (None, {"fields": ("tenant", "name", "provider")}),
            (gettext_lazy("Server"), {"fields": server}),
            (gettext_lazy("Login"), {"fields": login}),
            (gettext_lazy("Sender"), {"fields": _SENDER}),
            (gettext_lazy("Use"), {"fields": _USE}),
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form for the model's own fields; it adds those of the provider itself."""
        kwargs["fields"] = ["tenant", "enabled", "sends_notices", *SettingForm.Meta.fields]
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the tenant: a stored password belongs to it."""
        return ("tenant",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in what the provider of `?provider=` fixes."""
        page = reach.page_of(request.GET.get("provider", ""))
        return {**presets.preset(page, {}), **super().get_changeform_initial_data(request)}

    @method_decorator(sensitive_post_parameters())
    @sensitive_variables()
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the password out of error reports."""
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the setting and say what is worth a look."""
        super().save_model(request, obj, form, change)
        for lint in form.warnings:
            messages.warning(request, lint.message)

    @admin.action(description=gettext_lazy("Try connection"), permissions=["change"])
    def try_connection(self, request: PersonalRequest, queryset: QuerySet[SmtpSetting]) -> None:
        """Ask for a connection test of each setting."""
        for setting in queryset:
            trials.try_connection(setting, user=request.user, ring=tasks.ring, now=timezone.now())
        self._say_asked(request, len(queryset))

    @admin.action(description=gettext_lazy("Send test mail to me"), permissions=["change"])
    def send_test_mail_to_me(
        self, request: PersonalRequest, queryset: QuerySet[SmtpSetting]
    ) -> None:
        """Ask for a test mail through each setting, to the operator's own address."""
        to, asked = request.user.email, 0
        if not to:
            messages.error(request, _("Your account has no e-mail address. Enter one first."))
            return
        for setting in queryset.select_related("tenant"):
            try:
                trials.send_test_email(
                    setting, to, user=request.user, ring=tasks.ring, now=timezone.now()
                )
                asked += 1
            except trials.TooManyTestMails:
                said = _("%(tenant)s has used up its test mails of this hour. Try again later.")
                messages.error(request, said % {"tenant": setting.tenant})
        self._say_asked(request, asked)

    def _say_asked(self, request: HttpRequest, number: int) -> None:
        said = ngettext(
            "%(number)s attempt was asked for. See how it goes under Attempts.",
            "%(number)s attempts were asked for. See how they go under Attempts.",
            number,
        )
        if number:
            messages.success(request, said % {"number": number})


def _provider_slug(request: HttpRequest, obj: SmtpSetting | None) -> str:
    """Return the provider whose fields the form shows: as the form itself decides it."""
    stored = obj.provider if obj else ""
    if request.method == "POST":
        return request.POST.get("provider") or stored
    return stored or request.GET.get("provider", "")


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What happened: to be read, never to be written."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """It happens by itself."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """What happened stays."""
        return False


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    """Servers that many settings could not log in to, and when."""

    list_display = ("title", "cause", "affected", "opened_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "opened_at")
    search_fields = ("host", "cause")
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An incident goes with its tenant, never alone."""
        place = request.resolver_match
        alone = place is None or (place.url_name or "").startswith("smtp_incident_")
        return not alone and super().has_delete_permission(request, obj)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """The history of attempts. They are asked for at a setting."""

    list_display = (
        "id",
        "setting",
        "kind",
        "recipient",
        "state",
        "succeeded",
        "hint",
        "created_at",
    )
    list_filter = ("kind", "state", "succeeded", "provider", "stage")
    list_select_related = ("setting",)
    search_fields = ("setting__name", "setting__tenant__name", "recipient", "hint")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        """Leave the password of the setting where it is."""
        rows: QuerySet[Attempt] = super().get_queryset(request)
        return rows.select_related("setting").defer("setting__password")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Attempts go with their setting, never alone."""
        place = request.resolver_match
        alone = place is None or (place.url_name or "").startswith("smtp_attempt_")
        return not alone and super().has_delete_permission(request, obj)
