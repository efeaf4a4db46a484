"""How this installation is put together. What differs between two desks is a row, not a setting.

Read from the environment (docs/how-to/configure.md tells more):

- `BALIE_DATA`: the data folder; `DATABASE_URL`: your own PostgreSQL instead of the embedded one
- `BALIE_URL`: the address that people type, for links in mail; https makes the cookies secure
- `BALIE_SMTP_URL`: `smtp://user:password@host:587` or `smtps://…`; without it mail stays in the mail folder
- `BALIE_PROXIES`: how many proxies of your own stand before Balie, so that limits by address count the visitor's
- `BALIE_SECRET`: instead of the secret in the data folder, for several machines
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from balie.config import data_folder

PACKAGE = Path(__file__).resolve().parents[1]
DATA_FOLDER = data_folder.data_folder()
FILES_FOLDER = DATA_FOLDER / "files"

SECRET_KEY = os.environ.get("BALIE_SECRET") or data_folder.secret_key(DATA_FOLDER)
DEBUG = False

BALIE_URL = os.environ.get("BALIE_URL", "http://127.0.0.1:8000").rstrip("/")
_address = urlsplit(BALIE_URL)
if _address.scheme not in {"http", "https"} or not _address.hostname:
    raise ImproperlyConfigured(
        f"BALIE_URL is {BALIE_URL!r}; set it to the address of the desk, such as https://desk.example.org."
    )
IS_SECURE = _address.scheme == "https"
ALLOWED_HOSTS = [_address.hostname, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]
SMTP_URL = os.environ.get("BALIE_SMTP_URL", "")


def _database(url: str) -> dict[str, Any]:
    """Django's settings of the database at `url` (a libpq connection string)."""
    parts = conninfo_to_dict(url)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings: dict[str, Any] = {key: parts.pop(name, "") for key, name in named.items()}
    return settings | {
        "ENGINE": "balie.config.database",
        "CONN_MAX_AGE": None if os.environ.get("BALIE_PROCESS") in {"web", "worker"} else 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": f"balie {os.environ.get('BALIE_PROCESS', 'command')}",
            "prepare_threshold": 5,  # what a page asks word for word each time is planned once
            **parts,
        },
        "TEST": {"TEMPLATE": os.environ.get("BALIE_TEST_TEMPLATE")},
    }


DATABASES = {"default": _database(data_folder.database_url(DATA_FOLDER))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "balie.web",
    "balie.live",
    "balie.files",
    "balie.audit",
    "balie.desk",
    "balie.accounts",
    "balie.customers",
    "balie.contracts",
    "balie.tickets",
    "balie.mail",
    "balie.phone",
    "balie.backups",
    "balie.knowledge",
    "balie.privacy",
    "balie.workspace",
    "balie.portal",
    "balie.administration",
    "balie.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "balie.config.administration_app.AdministrationConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "balie.web.security.ContentSecurityPolicy",
    "balie.api.middleware.ExchangesFirst",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "balie.desk.middleware.AtTheDesk",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "balie.accounts.second_step.SecondStep",
    "balie.web.refusals.RefusalAnswers",
]

ROOT_URLCONF = "balie.config.urls"
ASGI_APPLICATION = "balie.config.asgi.application"

TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / app / "pages" for app in ("web", "workspace", "portal", "mail", "api")],
        "OPTIONS": {
            "environment": "balie.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "balie.web.context.page",
                "balie.workspace.telephone.on_every_page",
            ],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "balie.web.context.page",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["balie.config.accounts.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_ADAPTER = "balie.config.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "balie.portal.login.Login", "signup": "balie.portal.sign_up.SignUp"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/m/ip,60/h/ip",
    "confirm_email": "1/10s/key,10/h/key",
    "request_login_code": "20/m/ip,3/m/key,20/h/key",
    "reset_password": "20/m/ip,5/m/key,20/h/key",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("BALIE_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "balie.config.accounts.MFAAdapter"
MFA_TOTP_TOLERANCE = 1

SESSION_ENGINE = "balie.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "balie.web.uploads.UpToTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "balie.config.static_files.VersionedStorage"},
}

EMAIL_BACKEND = "balie.mail.outbox.Outbox"
DEFAULT_FROM_EMAIL = f"balie@{_address.hostname}"

PROCRASTINATE_ON_APP_READY = None
# Pages leave jobs by name; only who does them loads what does them, and with it everything that reads mail.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "" if os.environ.get("BALIE_PROCESS") == "web" else "tasks"
PROCRASTINATE_READONLY_MODELS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {  # a wrong Host is answered with 400; a stranger must not fill the log with it
        "django.security.DisallowedHost": {"handlers": [], "propagate": False}
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("BALIE_LOG_LEVEL", "WARNING")},
}
