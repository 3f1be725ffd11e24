"""The app's name; nothing is registered by side effect."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Names the app."""

    name = "tenants"
    verbose_name = _("Tenants")
