"""The app's name; nothing is registered by side effect."""

from django.apps import AppConfig


class DnscheckConfig(AppConfig):
    """Names the app."""

    name = "dnscheck"
