"""Page: marks what stays English in every language, and translates the titles of pure modules.

Pure modules write plain English and know no gettext. Where their sentences are shown, `lang` says
so, and they are read aloud as English.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

Choices = list[tuple[str, str]]

# The kinds of `smtp.providers.search` and the formats of `dnscheck.exports`, which translators have
# to see; `translated` and templates look them up.
TITLES = (
    gettext_noop("Transactional and bulk mail"),
    gettext_noop("Mailboxes that can send"),
    gettext_noop("Relays"),
    gettext_noop("Run by yourself"),
    gettext_noop("For testing"),
    gettext_noop("Anything else"),
    gettext_noop("Table"),
    gettext_noop("Zone file (BIND)"),
    gettext_noop("Terraform for Cloudflare"),
    gettext_noop("Terraform for Route 53"),
    gettext_noop("octoDNS"),
    gettext_noop("DNSControl"),
    gettext_noop("Domain Connect template"),
    gettext_noop("Spreadsheet (CSV)"),
    gettext_noop("Text for a mail"),
)


def english(text: str) -> SafeString:
    """Return a text of a pure module marked as English; an empty one stays empty."""
    return format_html('<span lang="en">{}</span>', text) if text else SafeString()


def translated(groups: Iterable[tuple[str, Choices]]) -> list[tuple[str, Choices]]:
    """Return groups of choices with their titles in the language of the reader."""
    return [(gettext(title), choices) for title, choices in groups]


class EnglishSelect(forms.Select):
    """A menu whose choices are English words of a pure module; the empty one is not."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return an option, marked as English if it stands for something."""
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = "en"
        return option
