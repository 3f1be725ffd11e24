"""Door: what a person types about a setting. What is asked of attempts is in `forms.attempts`."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from smtp import adopting, headers, reach, targets, trials
from smtp.forms.fields import (
    FIXED,
    PLAIN_TEXT,
    address,
    halves,
    input_field,
    ports_sentence,
    preset_attrs,
    printable,
)
from smtp.hints import Correction
from smtp.models import BOUND_FIELDS, Attempt, LoginChoice, SmtpSetting
from smtp.pages.presets import LINTED, judge
from smtp.providers.base import Input, Lint, Provider, Scope
from smtp.providers.inputs import clean_inputs
from smtp.providers.search import grouped_choices
from tenants.pages.language import english, translated


def _inputs(page: Provider) -> tuple[Input, ...]:
    return page.inputs_for(Scope.SETTING)


class SettingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A setting, for the pages and the admin. The instance of a page has its tenant.

    The password is written and never shown: an empty one keeps what is stored, and what is stored
    belongs to host, port, security and user name. `warnings` are lints that do not block.
    """

    host = forms.CharField(label=_("Host"), widget=forms.TextInput({**PLAIN_TEXT, "size": 50}))
    port = forms.IntegerField(label=_("Port"))
    username = forms.CharField(
        label=_("User name"),
        max_length=255,
        required=False,
        validators=[printable],
        widget=forms.TextInput(attrs=PLAIN_TEXT),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        required=False,
        strip=False,
        error_messages={"max_length": _("This is too long: at most 1024 characters are kept.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    remove_password = forms.BooleanField(label=_("Remove the stored password"), required=False)
    # The attempt that these values were tried with; it keeps the password meanwhile.
    draft = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SmtpSetting
        fields = [
            *("name", "provider", "host", "port", "security", "username", "login"),
            *("from_address", "from_name", "reply_to", "extra_headers", "priority", "watched"),
            "debug",
        ]
        labels = {"login": _("How to log in")}

    def __init__(
        self, *args: Any, back: str = "", drafts: QuerySet[Attempt] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.back = back
        self.drafts = Attempt.objects.none() if drafts is None else drafts
        self.correction: Correction | None = None  # one that was applied to what was typed
        self.warnings: list[Lint] = []
        self.inputs: dict[str, str] = {}
        chosen = self.data.get(self.add_prefix("provider")) if self.is_bound else None
        self.page = reach.page_of(chosen or self.initial.get("provider") or "")
        for item in _inputs(self.page):
            self.fields[item.name] = input_field(item)
            self.initial.setdefault(item.name, self.instance.inputs.get(item.name, item.default))
        self._prepare()

    def _prepare(self) -> None:
        if "provider" not in self.fields:
            return  # an admin who may only look
        usable = reach.usable_ports(self.page.slug, self.page.host_for({}))
        self.fields["port"].error_messages["invalid"] = ports_sentence(usable)
        groups = translated(grouped_choices())
        self.fields["provider"].choices = groups  # type: ignore[attr-defined]
        self.fields["provider"].widget.attrs |= preset_attrs("[name=provider], [data-preset]")
        for item in _inputs(self.page):
            included = "[name=provider], [name=port], [name=security], [data-preset]"
            self.fields[item.name].widget.attrs |= preset_attrs(included) | {"data-preset": ""}
        self.fields["extra_headers"].widget.attrs |= {"rows": 4, "cols": 60, **PLAIN_TEXT}
        self.fields["login"].required = False
        for name in ("name", "from_name"):
            self.fields[name].validators.append(printable)
        if self.instance.has_password:
            self.fields["password"].help_text = _("One is stored. Leave this empty to keep it.")
        else:
            del self.fields["remove_password"]

    @property
    def endpoint(self) -> Div:
        """The fields a provider fixes: what `smtp:preset` answers with."""
        own = [Column(item.name, css_class="col-md-6") for item in _inputs(self.page)]
        return Div(
            HTML('{% include "smtp/_provider.html" with page=form.page only %}'),
            HTML(FIXED),
            Row(*own),
            Row(
                Column("host", css_class="col-md-6"),
                Column("port", css_class="col-md-6"),
                Column("security", css_class="col-md-6"),
            ),
            css_id="endpoint",
        )

    @property
    def endpoint_helper(self) -> FormHelper:
        """The layout of the endpoint alone."""
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        helper.layout = Layout(self.endpoint)
        return helper

    @property
    def helper(self) -> FormHelper:
        """The layout of the whole form."""
        cancel = format_html('<a class="btn btn-quiet" href="{}">{}</a>', self.back, _("Cancel"))
        removal = ["remove_password"] if "remove_password" in self.fields else []
        helper = FormHelper()
        helper.form_id = "setting-form"
        helper.layout = Layout(
            Fieldset(_("Server"), halves("name", "provider"), self.endpoint),
            Fieldset(_("Login"), halves("username", "password"), *removal, "login", "draft"),
            Fieldset(_("Sender"), halves("from_address", "from_name"), "reply_to"),
            Fieldset(_("More"), "extra_headers", "priority", "watched", "debug"),
            HTML('{% include "smtp/_try_unsaved.html" %}'),
            Div(Submit("save", _("Save")), HTML(cancel), css_class="actions"),
        )
        return helper

    def clean_host(self) -> str:
        """Return the host in its stored form; refuse an address that may not be dialled."""
        try:
            host = targets.clean_host(self.cleaned_data["host"])
        except ValueError as error:
            raise ValidationError(english(str(error))) from error
        if not reach.may_be_dialled(host):
            sentence = _("Relaydesk may not connect there. Operators allow it by SMTP_NETWORKS.")
            raise ValidationError(sentence)
        return host

    def clean_port(self) -> int:
        """Refuse a port that is not for mail, whatever is there."""
        port: int = self.cleaned_data["port"]
        usable = reach.usable_ports(self.page.slug, self.cleaned_data.get("host", ""))
        if port not in usable:
            raise ValidationError(ports_sentence(usable))
        return port

    def clean_login(self) -> str:
        """Take a password for what is not said."""
        return self.cleaned_data["login"] or LoginChoice.PASSWORD

    def clean_password(self) -> str:
        """Refuse control characters, which no server takes; keep everything else as typed."""
        password: str = self.cleaned_data["password"]
        if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in password):
            raise ValidationError(_("There is a line break or another control character in it."))
        return password

    def clean_from_address(self) -> str:
        """Return the address as it goes on the wire."""
        return address(self.cleaned_data["from_address"])

    def clean_reply_to(self) -> str:
        """Return the address as it goes on the wire, or nothing."""
        return address(self.cleaned_data["reply_to"])

    def clean_extra_headers(self) -> str:
        """Refuse lines that cannot become headers."""
        text: str = self.cleaned_data["extra_headers"]
        try:
            headers.parse(text)
        except headers.HeaderError as error:
            raise ValidationError(english(str(error))) from error
        return text.replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Judge the fields together: inputs, name, what the password belongs to, lints."""
        cleaned = super().clean() or {}
        typed = {item.name: cleaned.get(item.name) or "" for item in _inputs(self.page)}
        given = clean_inputs(self.page, Scope.SETTING, typed)
        self.inputs = given.values
        for name, sentence in given.errors.items():
            self.add_error(name, english(sentence))
        self._refuse_second_of_a_name(cleaned)
        self._recall_password(cleaned)
        self._ask_for_password_again(cleaned)
        self._lint(cleaned)
        return cleaned

    def _refuse_second_of_a_name(self, cleaned: dict[str, Any]) -> None:
        tenant = cleaned.get("tenant") or self.instance.tenant_id
        same = SmtpSetting.objects.filter(tenant=tenant, name=cleaned.get("name"))
        if tenant and same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("This tenant has a setting of this name. Choose another."))

    def _recall_password(self, cleaned: dict[str, Any]) -> None:
        """Take the password of the try before, if nothing was typed and the rest is the same."""
        asked = self._tried(cleaned)
        missing = set(BOUND_FIELDS) - set(cleaned)
        if asked is None or missing or cleaned.get("password") or cleaned.get("remove_password"):
            return
        wanted = SmtpSetting(tenant_id=self.instance.tenant_id)
        for name in BOUND_FIELDS:
            setattr(wanted, name, cleaned[name])
        cleaned["password"] = trials.draft_secret(asked, wanted, self.correction)

    def _tried(self, cleaned: dict[str, Any]) -> Attempt | None:
        return self.drafts.filter(pk=cleaned.get("draft") or 0).first()

    def _ask_for_password_again(self, cleaned: dict[str, Any]) -> None:
        """Nobody may point a stored password at a server of their own."""
        typed, removed = cleaned.get("password"), cleaned.get("remove_password")
        if typed and removed:
            self.add_error("remove_password", _("Enter a new password or remove it, not both."))
        if typed or removed or not self.instance.has_password or "password" in self.errors:
            return
        stored = {name: getattr(self.instance, name) for name in BOUND_FIELDS}
        if any(name in cleaned and cleaned[name] != stored[name] for name in BOUND_FIELDS):
            sentence = _(
                "The stored password belongs to the old host, port, security and user name. "
                "Enter it again, or remove it."
            )
            self.add_error("password", sentence)
            self.fields["password"].help_text = ""  # it says that the stored one may be kept

    def _lint(self, cleaned: dict[str, Any]) -> None:
        keeps = self.instance.has_password and not cleaned.get("remove_password")
        values = {name: cleaned.get(name) for name in (*LINTED, "password")} | self.inputs
        for lint in judge(self.page, values, has_password=bool(keeps)):
            if not lint.blocking:
                self.warnings.append(lint)
            elif lint.field not in self.errors:
                self.add_error(lint.field if lint.field in self.fields else None, lint.message)

    def apply(self, correction: Correction | None) -> None:
        """Put what a hint offers in place of what was typed."""
        self.correction = correction
        self._type(correction.changes if correction else {})

    def keep(self, tried: Attempt) -> None:
        """Remember the attempt that was made with these values: it has the password."""
        self._type({"draft": str(tried.pk)})

    def _type(self, values: Mapping[str, str]) -> None:
        """Change what was typed, as if the person had."""
        typed = {self.add_prefix(name): value for name, value in values.items()}
        self.data = {**{name: self.data.get(name) for name in self.data}, **typed}

    def unsaved(self) -> SmtpSetting:
        """Return what was typed as a setting of its own, for trying it before it is saved."""
        typed = self.cleaned_data["password"]
        keeps = self.instance.has_password and not self.cleaned_data.get("remove_password")
        # From the database: to load a deferred column puts the others back as they were.
        stored = SmtpSetting.objects.get(pk=self.instance.pk) if keeps and not typed else None
        secret = stored.open_password() if stored else typed
        values: SmtpSetting = copy(self.instance)
        values.pk, values.inputs = None, self.inputs
        values.set_password(secret)
        return values

    def save(self, commit: bool = True) -> SmtpSetting:
        """Store the setting; seal a new password, and leave the stored one alone otherwise."""
        self.instance.inputs = self.inputs
        typed = self.cleaned_data["password"]
        if typed or self.cleaned_data.get("remove_password"):
            self.instance.set_password(typed)
        if typed or {"remove_password", *BOUND_FIELDS}.intersection(self.changed_data):
            self.instance.way_since = timezone.now()
        is_new = self.instance.pk is None
        saved: SmtpSetting = super().save(commit)
        tried = self._tried(self.cleaned_data) if is_new and commit else None
        if tried is not None:
            adopting.adopt(tried, saved)
        return saved
