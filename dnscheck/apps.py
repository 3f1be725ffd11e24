"""The app's name; nothing is registered by side effect."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DnscheckConfig(AppConfig):
    """Names the app."""

    name = "dnscheck"
    verbose_name = _("Domains")
