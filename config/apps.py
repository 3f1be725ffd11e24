"""The app of the wiring: it brings the commands `up` and `demo`."""

from django.apps import AppConfig


class ConfigAppConfig(AppConfig):
    """Names the app."""

    name = "config"
