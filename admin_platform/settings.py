"""Settings of the platform; what differs between installations comes from the environment."""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from celery.schedules import crontab

from admin_platform.environment import (
    database_settings,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_str,
    kept_secret,
)

# Makes Django's generic classes subscriptable at run time too.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_str("VAR_DIR", str(BASE_DIR / "var"))).resolve()

DEBUG = env_bool("DEBUG")
SECRET_KEY = kept_secret("SECRET_KEY", VAR_DIR / "secret_key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],.localhost")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "webmail",
    "apps_center",
    "migration",
    "notifications",
    "mailing_lists",
    "analytics",
    "mail_server",
    "security",
    "accounts",
    "orgs",
    "admin_platform",
    "admin_platform.staff_site.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_prose_editor",
    "django_tables2",
    "mptt",
    "template_partials",
]

MIDDLEWARE = [
    "admin_platform.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "admin_platform.middleware.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "security.middleware.SessionCookieMiddleware",
    "admin_platform.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "security.middleware.SessionLimitsMiddleware",
    "security.middleware.NetworkMiddleware",
    "accounts.middleware.OperatorMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "security.middleware.FirstPasswordMiddleware",
    "security.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mail_server.middleware.StoreMiddleware",
]

ROOT_URLCONF = "admin_platform.urls"
WSGI_APPLICATION = "admin_platform.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "admin_platform.context_processors.frame",
            ],
        },
    }
]

# The embedded database writes its address where every later command finds it.
_database_url_file = VAR_DIR / "database_url"
DATABASE_URL = env_str("DATABASE_URL") or (
    _database_url_file.read_text().strip()
    if _database_url_file.exists()
    else "postgresql://postgres@127.0.0.1:5432/platform"
)
DATABASES = {"default": database_settings(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_str("REDIS_URL")
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "django_cache",
        }
    )
}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["security.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.MailArgon2PasswordHasher",
    "accounts.hashers.GeneratedPasswordHasher",
]
# The organization's own rules (manual, 9.1.2).
AUTH_PASSWORD_VALIDATORS = [{"NAME": "security.password_validation.OrganizationRules"}]
# Where people reach the platform; letters link there.
BASE_URL = env_str("BASE_URL", f"http://localhost:{env_int('HTTP_PORT', 8000)}").rstrip("/")
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/mail/"

# A session knows whose it is, and can be listed and ended; organizations set how long it lasts.
SESSION_ENGINE = "security.session_store"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS_ONLY = env_bool("HTTPS_ONLY")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS_ONLY else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY") else None
# Proxies (addresses or networks) whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env_list("TRUSTED_PROXIES")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# The second has Django's own texts where the console says them better.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "django"]
USE_I18N = True
TIME_ZONE = env_str("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["admin_platform.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "uploads"
WHITENOISE_USE_FINDERS = True
# Uploads above this size go to a temporary file instead of memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "admin_platform.forms.ConsoleFormRenderer"
SILENCED_SYSTEM_CHECKS: list[str] = []

# Celery: Redis where there is one, else files below var/. No result backend:
# the state of work lives in Job rows.
QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    # A page must not wait for a broker that is away; the sweeper makes up for the call.
    {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}
    if REDIS_URL
    else {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "take up jobs whose worker is gone": {
        "task": "admin_platform.tasks.sweep_jobs",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "check the administrator log": {
        "task": "admin_platform.tasks.check_audit",
        "schedule": crontab(hour=3, minute=40),
    },
    "seal the administrator log": {
        "task": "admin_platform.tasks.seal_audit",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "drop the secrets of imports": {
        "task": "accounts.tasks.tidy_imports",
        "schedule": 1800.0,
    },
    "disable accounts whose freeze is over": {
        "task": "accounts.tasks.disable_thawed_accounts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "remove accounts that were deleted a week ago": {
        "task": "accounts.tasks.purge_deleted_accounts",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "warn of passwords that expire": {
        "task": "security.tasks.warn_of_expiry",
        "schedule": 3600.0,
    },
    "end mail clients' sessions that are refused by now": {
        "task": "mail_server.tasks.end_refused_sessions",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "make the months of the message events": {
        "task": "mail_server.tasks.make_partitions",
        "schedule": crontab(hour=3, minute=20),
    },
    "forget what Rspamd found long ago": {
        "task": "mail_server.tasks.drop_old_scans",
        "schedule": crontab(hour=3, minute=50),
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# Mail. Ports of the embedded mail server; a smart host only where one is set.
MAIL_HOST_NAME = env_str("MAIL_HOST_NAME", "mail.localhost")
SMTP_HOST = env_str("SMTP_HOST", "127.0.0.1")
SMTP_PORT = env_int("SMTP_PORT", 2525)
SUBMISSION_PORT = env_int("SUBMISSION_PORT", 2587)
MAIL_STORE_DIR = Path(env_str("MAIL_STORE_DIR", str(VAR_DIR / "mail")))
# "maildir": below MAIL_STORE_DIR; "dovecot": there too, by way of the real mail servers.
MAIL_STORE = env_choice("MAIL_STORE", "maildir", "dovecot")
MAIL_MESSAGE_MAX_BYTES = env_int("MAIL_MESSAGE_MAX_BYTES", 50 * 1024 * 1024)
# Of the senders of mail that is sent on to the outside; its MX is the mail server.
MAIL_SRS_DOMAIN = env_str("MAIL_SRS_DOMAIN", MAIL_HOST_NAME).lower()
# Certificate and key (PEM files) for STARTTLS; without them there is none.
SMTP_TLS_CERT = env_str("SMTP_TLS_CERT")
SMTP_TLS_KEY = env_str("SMTP_TLS_KEY")
SMART_HOST = env_str("SMART_HOST")  # host:port; empty keeps outside mail in the outbox
SMART_HOST_USER = env_str("SMART_HOST_USER")
SMART_HOST_PASSWORD = env_str("SMART_HOST_PASSWORD")
SMART_HOST_TLS = env_bool("SMART_HOST_TLS")

# The real mail servers (manage.py mail_config): where they listen, and what is theirs.
MAIL_PLANE_LISTEN = env_str("MAIL_PLANE_LISTEN")  # empty for all addresses
# One host has everything, unless these say otherwise: where it finds the others, its own
# address among them, and from which ones the console comes to Dovecot.
MAIL_PLANE_POLICY_HOST = env_str("MAIL_PLANE_POLICY_HOST", "127.0.0.1")
MAIL_PLANE_DOVECOT_HOST = env_str("MAIL_PLANE_DOVECOT_HOST", "127.0.0.1")
MAIL_PLANE_RSPAMD_HOST = env_str("MAIL_PLANE_RSPAMD_HOST", "127.0.0.1")
MAIL_PLANE_INSIDE = env_str("MAIL_PLANE_INSIDE", "127.0.0.1")
MAIL_PLANE_CONSOLES = env_list("MAIL_PLANE_CONSOLES", "127.0.0.1")
MAIL_PLANE_STATE_DIR = Path(env_str("MAIL_PLANE_STATE_DIR", "/var/lib/mail-plane"))
MAIL_PLANE_UID = env_int("MAIL_PLANE_UID", 5000)  # whose the mail store is
MAIL_PLANE_ROLE_PREFIX = env_str("MAIL_PLANE_ROLE_PREFIX", "mp")
MAIL_PLANE_FAILURE_DELAY = env_str("MAIL_PLANE_FAILURE_DELAY", "2 secs")
# Whom Rspamd asks (host:port, separated by commas), and what tells it where a domain ends;
# without, the system's nameservers and the list of Debian's package.
MAIL_PLANE_NAMESERVERS = env_list("MAIL_PLANE_NAMESERVERS")
MAIL_PLANE_PUBLIC_SUFFIXES = env_str("MAIL_PLANE_PUBLIC_SUFFIXES")
MAIL_PLANE_RULES_EVERY = env_str("MAIL_PLANE_RULES_EVERY", "5s")  # Rspamd asks for them
MAIL_PLANE_VIRUS_SIGNATURES = env_str("MAIL_PLANE_VIRUS_SIGNATURES", "/var/lib/clamav")
MAIL_PLANE_PORTS = {
    name: env_int(f"MAIL_PLANE_{name.upper()}_PORT", default)
    for name, default in {
        "smtp": 25,
        "submission": 587,
        "imap": 143,
        "imaps": 993,
        "pop3": 110,
        "pop3s": 995,
        # Between the servers.
        "lmtp": 20024,
        "sign_in": 20025,
        "forward": 20026,
        "senders": 20027,
        "doveadm": 20028,
        "policy": 20031,
        "quota": 20033,
        "sasl": 20034,
        "milter": 11332,
        "rspamd": 11334,
        "clamav": 3310,
    }.items()
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # aiosmtpd tells every command.
    # Refusals are answers, not faults; with their traces they would hide those.
    "loggers": {"mail.log": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
}
