"""All settings, for every place Relaydesk runs. The only reader of the environment."""

import ipaddress
import os
from typing import Any
from urllib.parse import urlsplit

from celery.schedules import schedule
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from config.env import BASE_DIR, certificates, data_folder, env, refuse, secret

os.umask(0o077)  # nothing Relaydesk writes is for other users of the machine
env.read_env(str(BASE_DIR / ".env"))

# --- Where things are -------------------------------------------------------------------------

DATA_DIR = data_folder()
DATABASE_SCHEMES = ("postgres", "postgresql", "sqlite")
DEFAULT_DATABASE = f"sqlite:///{DATA_DIR / 'relaydesk.sqlite3'}"
FIRST_RUN = not (DATA_DIR / "relaydesk.sqlite3").exists()
PULSE_FILE = DATA_DIR / "pulse"  # touched by each sweep; `manage.py up` watches it

# --- Secrets ----------------------------------------------------------------------------------

SECRET_KEY = secret("SECRET_KEY", DATA_DIR / "keys" / "secret_key", first_run=FIRST_RUN)
# The first key encrypts, all of them decrypt.
FERNET_KEYS = [
    key.strip()
    for key in secret("FERNET_KEYS", DATA_DIR / "keys" / "fernet", first_run=FIRST_RUN).split(",")
    if key.strip()
]

# --- The web ----------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
try:  # who may say in X-Forwarded-For whom a request is from
    TRUSTED_PROXIES = [
        ipaddress.ip_network(item) for item in env.list("TRUSTED_PROXIES", default=[])
    ]
except ValueError as error:
    refuse(f"TRUSTED_PROXIES cannot be understood: {error}.")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "relaydesk_session"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "relaydesk_csrf"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # config.urls has it look for what it shows
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "config",
    "tenants",
    "smtp",
    "dnscheck",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.content_security_policy",
    "config.middleware.time_zone_of_the_reader",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.session.LogInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.page_for_the_lost",
    "config.middleware.pace_of_log_ins",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTHENTICATION_BACKENDS = ["tenants.backends.PacedBackend"]
LOGIN_URL = "login"
CSRF_FAILURE_VIEW = "config.session.csrf_failure"
LOGIN_REDIRECT_URL = "tenants:overview"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.BootstrapFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- The database -----------------------------------------------------------------------------

if urlsplit(env.str("DATABASE_URL", default=DEFAULT_DATABASE)).scheme not in DATABASE_SCHEMES:
    refuse("DATABASE_URL must begin with postgres:// or sqlite:///.")
try:
    DATABASES = {"default": env.db("DATABASE_URL", default=DEFAULT_DATABASE)}
except ValueError as error:
    refuse(f"DATABASE_URL cannot be understood ({error}). Write a / in a password as %2F.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # All three together, or writers meet "database is locked": measured, see docs/operation.md.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# --- The worker -------------------------------------------------------------------------------

SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5.0)
COMPARE_SECONDS = env.float("COMPARE_SECONDS", default=30.0)
SWEEP_LONGEST_SECONDS = 120.0  # of one run: a broker takes what runs for minutes for lost
# How long a message may take to reach a worker before the bell is rung again.
ANNOUNCED_SECONDS = 4 * SWEEP_SECONDS
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost//")
# The sweep has a queue of its own: it must run although every thread waits for a slow server.
CELERY_TASK_QUEUES = (Queue("celery"), Queue("sweep"))
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_ROUTES = {"config.tasks.sweep": {"queue": "sweep"}}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
if urlsplit(CELERY_BROKER_URL).scheme == "filesystem":
    CELERY_BROKER_TRANSPORT = "config.bell:Transport"
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # one more queue to look through, and nobody asks
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(DATA_DIR / "queue"),
        "data_folder_out": str(DATA_DIR / "queue"),
        "control_folder": str(DATA_DIR / "control"),
        "polling_interval": 0.1,  # for what no bell announces; see config/bell.py
    }
else:
    # Without these a broker that accepts and never answers blocks every request for ever.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        "health_check_interval": 30,
    }
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "config.tasks.sweep",
        "schedule": schedule(SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS * 2},
    },
    "compare": {
        "task": "dnscheck.tasks.sweep",
        "schedule": schedule(COMPARE_SECONDS),
        "options": {"expires": COMPARE_SECONDS},
    },
}

# --- DNS --------------------------------------------------------------------------------------

# HOST:PORT of the recursive resolvers to ask; empty means those of the machine.
DNS_SERVERS = env.list("DNS_SERVERS", default=[])
DNS_QUESTION_SECONDS = env.float("DNS_QUESTION_SECONDS", default=2.0)
DNS_DOMAIN_SECONDS = env.float("DNS_DOMAIN_SECONDS", default=10.0)
# What the resolvers may be asked, by full checks and by sweeps each. If it is not set, one on this
# machine is asked as fast as it answers, and any other one 50 questions a second, 50 at a time.
DNS_QUESTIONS_PER_SECOND = env.float("DNS_QUESTIONS_PER_SECOND", default=None)  # 0: no limit
DNS_QUESTIONS_AT_ONCE = env.int("DNS_QUESTIONS_AT_ONCE", default=0)

# --- SMTP -------------------------------------------------------------------------------------

# Relays on private networks, such as 10.0.0.0/8. Loopback and link-local only if named exactly.
try:
    SMTP_NETWORKS = [ipaddress.ip_network(item) for item in env.list("SMTP_NETWORKS", default=[])]
    SMTP_PORTS_ARE_CHOSEN = bool(env.str("SMTP_PORTS", default=""))
    SMTP_PORTS = [
        int(item) for item in env.list("SMTP_PORTS", default=[25, 465, 587, 2465, 2525, 2587])
    ]
except ValueError as error:
    refuse(f"SMTP_NETWORKS or SMTP_PORTS cannot be understood: {error}.")
# An attempt ends after this long; each stage but the hand-over after half of it.
SMTP_TOTAL_SECONDS = env.float("SMTP_TOTAL_SECONDS", default=20.0)
WEBHOOK_SECONDS = env.float("WEBHOOK_SECONDS", default=10.0)  # for one call, everything together
# How long a worker may hold a row: longer than an attempt, a call, or a check with its
# confirmation may take. Work that a killed worker left is taken up when its lease ends.
LEASE_SECONDS = env.float(
    "LEASE_SECONDS",
    default=max(SMTP_TOTAL_SECONDS + 30, WEBHOOK_SECONDS + 30, DNS_DOMAIN_SECONDS * 3 + 5),
)
SMTP_CA_FILE = certificates("SMTP_CA_FILE")
SMTP_HELO = env.str("SMTP_HELO", default="")  # empty means this machine's name
# CRAM-MD5 proves a password with MD5, and the server must keep it in plain text: for old servers.
SMTP_CRAM_MD5 = env.bool("SMTP_CRAM_MD5", default=False)
# How often a working setting is tried by itself; 0 means never.
HEALTH_HOURS = env.float("HEALTH_HOURS", default=24.0)
TEST_MAILS_PER_HOUR = env.int("TEST_MAILS_PER_HOUR", default=30)  # per tenant

# Links to a DNS to-do that members of a tenant may have mailed in 24 hours; 0: none.
SHARE_MAILS_PER_DAY = env.int("SHARE_MAILS_PER_DAY", default=20)

# --- Notices ----------------------------------------------------------------------------------

# Where people open this portal, such as https://relaydesk.example.com, for links in mails.
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
if PUBLIC_URL and urlsplit(PUBLIC_URL).scheme not in ("http", "https"):
    refuse("PUBLIC_URL must begin with https:// or http://.")
# Webhooks on private networks; only there they may do without TLS. See SMTP_NETWORKS.
try:
    WEBHOOK_NETWORKS = [
        ipaddress.ip_network(item) for item in env.list("WEBHOOK_NETWORKS", default=[])
    ]
    WEBHOOK_PORTS = [int(item) for item in env.list("WEBHOOK_PORTS", default=[443, 8443])]
except ValueError as error:
    refuse(f"WEBHOOK_NETWORKS or WEBHOOK_PORTS cannot be understood: {error}.")

# --- Logging ----------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It would write addresses of webhooks, which may hold a secret, and what receivers answer.
    "loggers": {"urllib3": {"level": "CRITICAL"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
