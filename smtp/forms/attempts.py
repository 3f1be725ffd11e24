"""Doors: whom a test mail may go to, and which attempts a list shows."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from smtp import hints
from smtp.message import ascii_address
from smtp.models import Attempt, Kind, SmtpSetting, State
from smtp.providers.search import grouped_choices
from tenants.forms import ALL, ListFilter
from tenants.pages.language import EnglishSelect, english, translated


class SendForm(forms.Form):
    """Whom to send a test mail. The key makes one mail of a double click."""

    recipient = forms.EmailField(label=_("Recipient"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, setting: SmtpSetting, user: User, alone: bool = True
    ) -> None:
        first = {"recipient": user.email, "key": uuid.uuid4()}
        # Beside other fields it must not keep the browser from sending those.
        super().__init__(data, initial=first, use_required_attribute=alone)
        self.setting, self.user = setting, user
        if not user.is_staff:
            self.fields["recipient"].help_text = _(
                "Your own address, or one in a verified domain of this tenant."
            )

    def clean_recipient(self) -> str:
        """Return the one address; members cannot write to just anybody."""
        try:
            address = ascii_address(self.cleaned_data["recipient"])
        except ValueError as error:
            raise ValidationError(english(str(error))) from error
        if not (self.user.is_staff or address.lower() == self.user.email.lower()):
            raise ValidationError(
                _(
                    "Test mails go to your own address (%(own)s). An operator can send to any "
                    "address."
                ),
                params={"own": self.user.email or "–"},
            )
        return address

    def refuse_for_now(self) -> None:
        """Say that this hour's allowance is used up."""
        sentence = _(
            "This tenant has used up its %(number)s test mails of this hour. Try again later, or "
            "try the connection: that sends nothing and is not counted."
        )
        self.add_error("recipient", sentence % {"number": settings.TEST_MAILS_PER_HOUR})


class AttemptFilter(ListFilter):
    """What to show of the list of attempts."""

    RESULTS: dict[str, dict[str, Any]] = {
        "succeeded": {"succeeded": True},
        "failed": {"succeeded": False},
        "unclear": {"state": State.UNCLEAR},
        "open": {"finished_at": None},
    }
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *Kind.choices])
    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[
            ALL,
            ("succeeded", _("Went well")),
            ("failed", _("Failed")),
            ("unclear", _("Unclear")),
            ("open", _("Not finished")),
        ],
    )
    cause = forms.ChoiceField(label=_("Cause"), required=False, widget=EnglishSelect)
    provider = forms.ChoiceField(
        label=_("Provider"), required=False, choices=lambda: [ALL, *translated(grouped_choices())]
    )
    field_order = ("result", "kind", "cause", "provider", "tenant")

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["cause"].choices = [ALL, *_causes()]  # type: ignore[attr-defined]

    def filtered(self, rows: QuerySet[Attempt]) -> QuerySet[Attempt]:
        """Return the rows that are asked for."""
        columns = {"kind": "kind", "cause": "hint", "provider": "provider"}
        wanted = {column: self.asked(name) for name, column in columns.items() if self.asked(name)}
        rows = rows.filter(**wanted, **self.RESULTS.get(self.asked("result"), {}))
        return self.of_tenants(rows)


def _causes() -> list[tuple[str, str]]:
    """Return the hints that any attempt may have, with their words."""
    return sorted(((code, hints.get(code).title) for code in hints.CODES), key=lambda pair: pair[1])
