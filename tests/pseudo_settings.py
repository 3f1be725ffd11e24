"""The product in a language that nobody speaks: each translated text stands in brackets."""

import os

from django.utils.translation import gettext_lazy as _

from config.settings import *  # noqa: F403

LOCALE_PATHS = [os.environ["RELAYDESK_PSEUDO_LOCALE"]]
LANGUAGE_CODE = "en-xa"
LANGUAGES = [("en-xa", _("Pseudo"))]
