"""Door: what a provider's console gave for a domain. The fields are those the provider asks for."""

import json
from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from dnscheck.forms.domains import PLAIN_TEXT, helper_of
from dnscheck.models import DomainRecipe
from dnscheck.records import Recipe, required_records
from dnscheck.required import recipe_inputs
from smtp import providers
from smtp.providers.base import Input, Scope
from smtp.providers.inputs import Cleaned, clean_inputs, completed, is_secret
from tenants.pages.language import EnglishSelect, english

MARKED = '{}<span class="asteriskField">*</span>'  # as crispy marks what is required


class RecipeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A provider for one domain. The instance must have its domain and provider.

    What the linked setting already says, such as the user name or the region, may stay empty
    here. Fields that belong to one choice among several are shown with that choice; what was typed
    in the others is kept while the form is open. `notes` tell, after `is_valid`, how a pasted
    value was read.
    """

    class Meta:
        model = DomainRecipe
        fields = ["setting"]
        labels = {"setting": _("SMTP setting")}
        help_texts = {
            "setting": _("The setting that sends for this domain; it lends what it knows already.")
        }

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []
        self.provider = providers.get(self.instance.provider)
        choices = {item.name for item in self.provider.inputs if item.choices}
        self.initial = {
            name: text for name, text in self.initial.items() if name in choices | {"setting"}
        }
        self._limit_settings()
        for item in self.provider.inputs:
            self.fields[item.name] = self._field(item)
            self.initial.setdefault(item.name, self.instance.inputs.get(item.name, ""))
        submit = _("Save") if self.instance.pk else _("Add provider")
        self.helper = helper_of(submit, back, *self._layout())

    def _layout(self) -> list[Any]:
        """Return the fields, with those that are rarely of use folded away behind the others."""
        rare = [
            item.name
            for item in self.provider.inputs
            if not (item.required or item.choices or item.default)
        ]
        first = [name for name in self.fields if name not in rare]
        if not rare or not set(first) - {"setting"}:
            return [self._shown(name) for name in self.fields]
        used = self.is_bound or any(self.initial.get(name) for name in rare)
        fold = format_html(
            '<details class="fold fold-fields"{}><summary>{}</summary>',
            mark_safe(" open") if used else "",
            _("Optional records and features"),
        )
        further = [self._shown(name) for name in rare]
        return [*map(self._shown, first), HTML(fold), *further, HTML("</details>")]

    def _shown(self, name: str) -> Any:
        """Return a field; one that belongs to certain choices is shown with them only."""
        when = next((item.when for item in self.provider.inputs if item.name == name), {})
        if not when:
            return name
        chosen = self._chosen()
        attrs = {"data-when": json.dumps({key: list(values) for key, values in when.items()})}
        if not all(chosen[key] in values for key, values in when.items()):
            attrs["hidden"] = "hidden"
        return Div(name, **attrs)

    def _limit_settings(self) -> None:
        own = self.instance.domain.tenant.settings.filter(provider=self.provider.slug)
        if not own.exists():
            del self.fields["setting"]
            self.instance.setting = None  # it has gone over to another provider
            return
        self.fields["setting"].queryset = own  # type: ignore[attr-defined]
        if self.instance.pk is None and not self.initial.get("setting"):
            self.initial["setting"] = own[0].pk

    def _chosen(self) -> dict[str, str]:
        """Return the choices made so far, which decide what else is asked for."""
        known = {**self.initial, **({} if not self.is_bound else dict(self.data.items()))}
        return self.provider.filled(
            {item.name: str(known.get(item.name) or "") for item in self.provider.inputs}
        )

    def _field(self, item: Input) -> forms.Field:
        """Return the form field of one input. Whether it may stay empty is judged with the rest."""
        name, about = english(item.label), english(item.help)
        label = format_html(MARKED, name) if item.required else name
        words: dict[str, Any] = {"label": label, "help_text": about, "required": False}
        if not item.choices:
            shape = {"rows": 4} if item.multiline else {}
            widget = forms.Textarea if item.multiline else forms.TextInput
            attrs = {**PLAIN_TEXT, **shape}
            return forms.CharField(widget=widget(attrs=attrs), max_length=8000, **words)
        choices = [(choice, item.labels.get(choice, choice)) for choice in item.choices]
        if item.scope is Scope.SETTING:
            lent = _("As in the setting, else %(default)s")
            text = lent if "setting" in self.fields else _("Usual: %(default)s")
            default = item.labels.get(item.default, item.default)
            choices = [("", text % {"default": default}), *choices]
        elif not self.instance.inputs.get(item.name):
            self.initial.setdefault(item.name, item.default)
        return forms.ChoiceField(choices=choices, widget=EnglishSelect, **words)

    def clean(self) -> dict[str, Any]:
        """Check the inputs by the provider's rules, together with what the setting says."""
        cleaned = super().clean() or {}
        typed = {item.name: cleaned.get(item.name, "") for item in self.provider.inputs}
        recipe = DomainRecipe(
            provider=self.provider.slug, setting=cleaned.get("setting"), inputs=typed
        )
        domain = self.instance.domain.name
        given = checked_inputs(recipe, domain)
        self.instance.inputs, self.notes = given.values, list(given.notes.values())
        for name, sentence in given.errors.items():
            self.add_error(name if name in self.fields else None, english(sentence))
        asked = self.provider.inputs
        for item in asked:
            if item.help and item.help in given.errors.get(item.name, ""):
                self.fields[item.name].help_text = ""  # it would be said twice
        secret = {item.name for item in asked if is_secret(self.data.get(item.name, ""), item)}
        if secret:  # it is not sent back in the page
            self.data = {key: self.data.get(key) for key in self.data if key not in secret}
        recipe.inputs = given.values
        wanted = required_records(domain, [Recipe(recipe.provider, recipe_inputs(recipe))])
        if not wanted and not given.errors:
            raise ValidationError(_("Fill in at least one value: without any, nothing is checked."))
        self._refuse_the_same_again(recipe)
        return cleaned

    def _refuse_the_same_again(self, recipe: DomainRecipe) -> None:
        same = self.instance.domain.recipes.filter(provider=recipe.provider, setting=recipe.setting)
        if same.exclude(pk=self.instance.pk).exists():
            text = _("%(provider)s is in the list already. Change that entry instead.")
            raise ValidationError(text, params={"provider": self.provider.name})


def checked_inputs(recipe: DomainRecipe, domain: str) -> Cleaned:
    """Return the recipe's own inputs as they are to be stored, with errors and notes."""
    provider = providers.get(recipe.provider)
    recipe.inputs = completed(recipe.inputs)
    own = {name for name, value in recipe.inputs.items() if value}
    known = recipe_inputs(recipe)
    stored = Cleaned({}, {}, {})
    for scope in Scope:
        given = clean_inputs(provider, scope, known, domain)
        stored.values.update({name: text for name, text in given.values.items() if name in own})
        stored.errors.update(given.errors)
        stored.notes.update({name: text for name, text in given.notes.items() if name in own})
    return stored
