"""All settings. Everything a deployment may change comes from the environment (table in README)."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from aftersales.admin_theme import UNFOLD  # noqa: F401 -- a setting
from aftersales.api.documentation import SPECTACULAR_SETTINGS  # noqa: F401 -- the same
from aftersales.database import data_dir, database_config
from aftersales.environment import (
    env,
    env_bool,
    env_choice,
    env_int,
    env_log_level,
    env_rate,
    env_time_zone,
    env_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = env_bool("DESK_DEMO")
DEBUG = env_bool("DESK_DEBUG")
DATA_DIR = data_dir()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def local_secret() -> str:
    """A random key of this installation for demo and development, kept in the data folder."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        with NamedTemporaryFile("w", dir=DATA_DIR) as made:  # readable by its owner alone
            made.write(secrets.token_urlsafe(50))
            made.flush()
            with suppress(FileExistsError):  # another process was first
                os.link(made.name, path)
    return path.read_text()


SECRET_KEY = env.str("DESK_SECRET_KEY", "") or local_secret()
# Earlier keys: what they signed (links, mail ids, sessions, jobs) is taken, nothing new is signed.
SECRET_KEY_FALLBACKS = env.list("DESK_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list("DESK_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
PUBLIC_URL = env_url("DESK_PUBLIC_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
BEHIND_PROXY = env_bool("DESK_BEHIND_PROXY")

INSTALLED_APPS = [
    # Before the admin, whose templates it replaces.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "aftersales.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "pgtrigger",
    "django_q",
    "import_export",
    "axes",
    "csp",
    "compliance",
    "simple_history",  # after compliance, whose commands replace its own
    "clocks",
    "staff",
    "customers",
    "tickets",
    "returns",
    "handoffs",
    "aftersales.apps.DeskConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "aftersales.middleware.LanguageMiddleware",
    "aftersales.middleware.PlainTextMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "aftersales.middleware.AuditContextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

if BEHIND_PROXY:
    MIDDLEWARE.insert(0, "aftersales.middleware.ProxyMiddleware")

ROOT_URLCONF = "aftersales.urls"
WSGI_APPLICATION = "aftersales.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Unfold's tag library is replaced on purpose (aftersales/admin_labels.py).
SILENCED_SYSTEM_CHECKS = ["templates.W003"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["aftersales.kernel.template_filters"],
            "libraries": {"unfold_list": "aftersales.admin_labels"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

DATABASES = {"default": database_config()}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
# A page joins up to eight small tables by key: trying every order costs 10 ms, the query 0.5 ms.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c join_collapse_limit=4 -c jit=off"
# Of statements in a `prepared()` block, those seen this often on a connection keep their plan.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 3
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "staff.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Ten failures of one login name from one address rest for a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
# Failures are for the auditor; above its limit axes would drop the newest ones.
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 1_000_000
# So many failures from one address, whatever the names, rest it for the same time.
SIGN_IN_FAILURES_PER_ADDRESS = 100

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
FORMAT_MODULE_PATH = "aftersales.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env_time_zone("DESK_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
# Scripts import each other by their plain names; a storage that adds digests would break them.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "files"
ATTACHMENT_MAX_BYTES = env_int("DESK_ATTACHMENT_MB", 20, 1, 100) * 1024 * 1024
MAIL_MAX_BYTES = env_int("DESK_MAIL_MB", 40, 1, 100) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# The demo keeps mails as files and shows them on a page; otherwise SMTP from the environment.
MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if DEMO:
    EMAIL_BACKEND = "aftersales.demo.mailbox.FolderBackend"
EMAIL_HOST = env.str("DESK_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env_int("DESK_SMTP_PORT", 25, 1, 65535)
EMAIL_HOST_USER = env.str("DESK_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.str("DESK_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env_bool("DESK_SMTP_TLS")
EMAIL_TIMEOUT = 20
MAIL_DOMAIN = env.str("DESK_MAIL_DOMAIN", "desk.example")
DEFAULT_FROM_EMAIL = env.str("DESK_FROM_MAIL", f"support@{MAIL_DOMAIN}")

# Chat groups on this machine over plain HTTP; nowhere but in tests.
CHAT_LOOPBACK = False

# Reopening and surveys; what is promised when is data (clocks.models.ClockRule).
UNDO_SECONDS = env_int("DESK_UNDO_SECONDS", 15, 0, 120)
REOPEN_DAYS = env_int("DESK_REOPEN_DAYS", 7, 1, 90)
CLOSE_AFTER_DAYS = env_int("DESK_CLOSE_AFTER_DAYS", 3, 1, 90)
SURVEY_COOLDOWN_DAYS = env_int("DESK_SURVEY_COOLDOWN_DAYS", 30, 0, 365)
# A process sees a rule of time changed by another one after at most so long.
CLOCK_RULES_SECONDS = 2
STATUS_LINK_DAYS = env_int("DESK_STATUS_LINK_DAYS", 90, 1, 400)
PARTY_LINK_DAYS = env_int("DESK_PARTY_LINK_DAYS", 30, 1, 400)

# Where refunds go: «manual» (finance transfers by hand) or «sandbox» (manage.py sandbox_gateway).
REFUND_GATEWAY = env_choice("DESK_REFUND_GATEWAY", "manual", ("manual", "sandbox"))
SANDBOX_GATEWAY_URL = env_url("DESK_SANDBOX_URL", "http://127.0.0.1:8901")
SANDBOX_GATEWAY_SECRET = env.str("DESK_SANDBOX_SECRET", "") or SECRET_KEY
GATEWAY_TIMEOUT_SECONDS = 10.0

WORKERS = env_int("DESK_WORKERS", 2, 1, 16)
# Precautions of reference/reliability.md 5.1; aftersales.checks refuses unsafe values.
Q_CLUSTER = {
    "name": "desk",
    "orm": "default",
    "workers": WORKERS,
    "bulk": 1,
    "queue_limit": WORKERS,
    "timeout": 60,
    "retry": 240,
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": -1,
    "poll": 1,
    "label": "Jobs",
    "compress": False,
    "max_rss": 300_000,
}
CANARY_SECONDS = 30
CANARY_SILENCE_SECONDS = 120

SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_DATE_INDEX = False
PGTRIGGER_MODEL_META = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "aftersales.api.auth.DeskTokens",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "aftersales.kernel.bodies.BoundedJsonParser",
    ],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "aftersales.api.schema.DeskSchema",
    "DEFAULT_THROTTLE_CLASSES": ["aftersales.api.throttles.WindowThrottle"],
    "NUM_PROXIES": 0,  # ProxyMiddleware has looked at the header already
    "DEFAULT_THROTTLE_RATES": {
        "user": env_rate("DESK_API_RATE", "20000/min"),
        "login": "10/min",
    },
    "EXCEPTION_HANDLER": "aftersales.api.errors.handle",
    "DEFAULT_VERSIONING_CLASS": None,
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}

SECURE_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "aftersales.sessions"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Alpine, which the theme uses, evaluates expressions and sets styles; nothing of ours is inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, "'unsafe-eval'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "aftersales.logs.IndentedFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # Both would write the address of a chat group, which is its key.
    "loggers": {
        "apprise": {"handlers": ["nowhere"], "propagate": False},
        "urllib3": {"level": "INFO"},
    },
    "root": {"handlers": ["console"], "level": env_log_level("DESK_LOG_LEVEL", "WARNING")},
}

DESK_NAME = _("After-sales desk")
