"""Door: what a provider's console gave for a domain. The fields are those the provider asks for."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from dnscheck.forms import PLAIN_TEXT, helper_of
from dnscheck.models import DomainRecipe
from dnscheck.records import Recipe, required_records
from dnscheck.verification import recipe_inputs
from smtp import providers
from smtp.providers.base import Input, Provider, Scope
from smtp.providers.inputs import PRIVATE_KEY, SECRET, Cleaned, clean_inputs


class RecipeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A provider for one domain. The instance must have its domain and provider.

    What the linked setting already says, such as the user name or the region, may stay empty
    here. Fields that belong to one choice among several appear with that choice. `notes` tell,
    after `is_valid`, how a pasted value was read.
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
        self._limit_settings()
        for item in _asked(self.provider, self._chosen()):
            self.fields[item.name] = self._field(item)
            self.initial.setdefault(item.name, self.instance.inputs.get(item.name, ""))
        submit = _("Save") if self.instance.pk else _("Add provider")
        self.helper = helper_of(submit, back, *self._layout())

    def _layout(self) -> list[Any]:
        """Return the fields, with those that are rarely of use folded away behind the others."""
        further = [
            item.name
            for item in self.provider.inputs
            if item.name in self.fields and not (item.required or item.choices or item.default)
        ]
        first = [name for name in self.fields if name not in further]
        if not first or not further:
            return list(self.fields)
        used = self.is_bound or any(self.initial.get(name) for name in further)
        fold = format_html(
            '<details class="fold"{}><summary>{}</summary>',
            mark_safe(" open") if used else "",
            _("Only if you use them"),
        )
        return [*first, HTML(fold), *further, HTML("</details>")]

    def _limit_settings(self) -> None:
        own = self.instance.domain.tenant.settings.filter(provider=self.provider.slug)
        if not own.exists():
            del self.fields["setting"]
            return
        self.fields["setting"].queryset = own  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.initial.setdefault("setting", own[0].pk)

    def _chosen(self) -> dict[str, str]:
        """Return the choices made so far, which decide what else is asked for."""
        known = {**self.instance.inputs, **{k: v for k, v in self.initial.items() if v}}
        if self.is_bound:
            known |= {item.name: self.data.get(item.name, "") for item in self.provider.inputs}
        return {item.name: str(known.get(item.name) or "") for item in self.provider.inputs}

    def _field(self, item: Input) -> forms.Field:
        """Return the form field of one input. Whether it may stay empty is judged with the rest."""
        words: dict[str, Any] = {"label": item.label, "help_text": item.help, "required": False}
        if not item.choices:
            shape = {"rows": 4} if item.multiline else {}
            widget = forms.Textarea if item.multiline else forms.TextInput
            attrs = {**PLAIN_TEXT, **shape, "hx-preserve": "true"}
            return forms.CharField(widget=widget(attrs=attrs), max_length=8000, **words)
        choices = [(choice, item.labels.get(choice, choice)) for choice in item.choices]
        if item.scope is Scope.SETTING:
            lent = _("As in the setting, else %(default)s")
            text = lent if "setting" in self.fields else _("Usual: %(default)s")
            default = item.labels.get(item.default, item.default)
            choices = [("", text % {"default": default}), *choices]
        elif not self.instance.inputs.get(item.name):
            self.initial.setdefault(item.name, item.default)
        field = forms.ChoiceField(choices=choices, **words)
        if any(item.name in other.when for other in self.provider.inputs):
            field.widget.attrs |= {
                "data-choice": "",
                "hx-get": "",
                "hx-include": "[data-choice]",
                "hx-target": "#recipe",
                "hx-select": "#recipe",
                "hx-swap": "outerHTML",
            }
        return field

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
            self.add_error(name if name in self.fields else None, sentence)
            if sentence.startswith((PRIVATE_KEY, SECRET)):  # it is not sent back in the page
                self.data = {key: self.data.get(key) for key in self.data if key != name}
        recipe.inputs = given.values
        wanted = required_records(domain, [Recipe(recipe.provider, recipe_inputs(recipe))])
        if not wanted and not given.errors:
            raise ValidationError(_("Fill in at least one value: without any, nothing is checked."))
        self._refuse_the_same_again(recipe)
        return cleaned

    def _refuse_the_same_again(self, recipe: DomainRecipe) -> None:
        same = self.instance.domain.recipes.filter(provider=recipe.provider, setting=recipe.setting)
        if same.exclude(pk=self.instance.pk).exists():
            text = _("%(provider)s is there already with this setting. Change that entry instead.")
            raise ValidationError(text, params={"provider": self.provider.name})


def _asked(provider: Provider, chosen: Mapping[str, str]) -> tuple[Input, ...]:
    """Return the inputs these choices call for, in the order of the page."""
    asked = {item.name for scope in Scope for item in provider.inputs_for(scope, chosen)}
    return tuple(item for item in provider.inputs if item.name in asked)


def checked_inputs(recipe: DomainRecipe, domain: str) -> Cleaned:
    """Return the recipe's own inputs as they are to be stored, with errors and notes."""
    provider = providers.get(recipe.provider)
    own = {name for name, value in recipe.inputs.items() if value}
    known = recipe_inputs(recipe)
    stored = Cleaned({}, {}, {})
    for scope in Scope:
        given = clean_inputs(provider, scope, known, domain)
        stored.values.update({name: text for name, text in given.values.items() if name in own})
        stored.errors.update(given.errors)
        stored.notes.update({name: text for name, text in given.notes.items() if name in own})
    return stored
