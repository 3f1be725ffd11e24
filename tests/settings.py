"""Settings for the tests: the product's own, with fixed keys and a fast password hasher."""

import os
import tempfile

# Set before the product's settings are read, so that no test touches a person's data folder.
_FOLDER = tempfile.TemporaryDirectory(prefix="relaydesk-tests-", ignore_cleanup_errors=True)
os.environ["RELAYDESK_DATA"] = _FOLDER.name
os.environ["SECRET_KEY"] = "a key for tests only, with more than fifty characters in it"
os.environ["FERNET_KEYS"] = "a second key for tests only"

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DNS_SERVERS = ["127.0.0.1:9"]  # nobody answers: a test that asks brings its own server
