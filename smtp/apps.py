"""The app's name; nothing is registered by side effect."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmtpConfig(AppConfig):
    """Names the app."""

    name = "smtp"
    verbose_name = _("Mail")
