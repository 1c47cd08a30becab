"""Settings, from the environment alone. A missing secret is a loud error, never a default.

``manage.py`` and ``make`` fill the environment from ``.local/env`` when no ``DATABASE_URL`` is set
(the embedded servers, see ``config.local_services``); production sets every variable itself.
``.env.example`` lists them all.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from config.beat import schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# -- who we are, and what must stay secret
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
# Who answers for the personal data on this site, and how to reach them: shown on the privacy page (PIPL art. 17).
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_CONTACT = env.str("OPERATOR_CONTACT", default="")
# "id:base64 of 32 bytes", newest first; every listed key decrypts, the first one encrypts. Or a file with one a line,
# read again when it changes.
PERSON_KEYS_FILE = env.str("PERSON_KEYS_FILE", default="")
PERSON_KEYS = [] if PERSON_KEYS_FILE else env.list("PERSON_KEYS")
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY")
# How many sealed fields one person may look at in a day, and how long the second person has to agree to a look.
REVEALS_PER_DAY = env.int("REVEALS_PER_DAY", default=50)
REVEAL_REQUEST_HOURS = env.int("REVEAL_REQUEST_HOURS", default=24)
# The root of our jurisdiction: what a petition without a known place belongs to.
JURISDICTION_CODE = env.str("JURISDICTION_CODE", default="")
# how residents are asked: "page" (everything on one page) or "questions" (place and contact on pages of their own)
FILING_STEPS = env.str("FILING_STEPS", default="page")

# A map to set a point on (docs/adr/0024); none of it appears while MAP_TILES is empty. The address of the tiles with
# {z}, {x} and {y}; who drew them and under which approval number; south,west,north,east in WGS-84; the tiles' datum.
MAP_TILES = env.str("MAP_TILES", default="")
MAP_ATTRIBUTION = env.str("MAP_ATTRIBUTION", default="")
MAP_BOUNDS = env.str("MAP_BOUNDS", default="")
MAP_DATUM = env.str("MAP_DATUM", default="WGS-84")
MAP_CLOSEST = env.int("MAP_CLOSEST", default=18)

# -- apps, highest layer first
INSTALLED_APPS = [
    "config.apps.LinliConfig",
    "gateway",
    "volunteers",
    "parties",
    "fieldwork",
    "petitions",
    "deadlines",
    "grids",
    "notifications",
    "people",
    "config.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "import_export",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "pghistory.admin",
    "django_celery_beat",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.OutboxMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.SessionEndMiddleware",
    "people.middleware.PasswordChangeMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.FormsOnlyMiddleware",
    "config.middleware.ZeroByteMiddleware",
    "config.middleware.SwitchMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns what the views say into the page of a lock-out
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "staff_home"
LOGOUT_REDIRECT_URL = "login"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "grids.backends.PostBackend",  # no door: what the post of system administrator opens
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# -- database: two roles (architecture.md 7). ``LINLI_DB_ROLE=owner`` is set by manage.py for migrate and imports.
_database = env.str("DATABASE_URL")
DATABASE_APP_ROLE = env.db_url_config(_database)["USER"]
if env.str("LINLI_DB_ROLE", default="app") == "owner":
    _database = env.str("DATABASE_OWNER_URL", default=_database)
DATABASES = {"default": env.db_url_config(_database, engine="django.db.backends.postgresql")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["TEST"] = {"TEMPLATE": env.str("TEST_DATABASE_TEMPLATE", default="") or None}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# What nearly every request asks is planned once a connection (people.prepared); 0 behind a pooler that cannot keep it.
if env.bool("DATABASE_PREPARES", default=True):
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 5

# -- broker, cache, Celery: losing them loses nothing, the database is the truth
BROKER_URL = env.str("BROKER_URL")


def _cache_beside(broker: str) -> str:
    """Return database 1 of the broker's server: emptying the cache must not empty the broker."""
    if broker.startswith("redis+socket://"):
        return f"unix://{broker.removeprefix('redis+socket://').partition('?')[0]}?db=1"
    return urlsplit(broker)._replace(path="/1").geturl()


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=_cache_beside(BROKER_URL)),
        "KEY_PREFIX": "linli",
    },
    # parts of pages that are the same for everybody, kept in the process until it ends (ADR 23)
    "parts": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "parts",
        "TIMEOUT": 3600,
    },
}
SESSION_ENGINE = "people.sessions"
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=10)
# How long an urgent escalation waits for "I have seen it" before one level up is told as well.
ANSWER_MINUTES = env.int("ANSWER_MINUTES", default=15)
# The figures of a month are published on this day of the next (1 to 28); thresholds of "worth a look", by name.
FIGURES_PUBLISHED_ON_DAY = env.int("FIGURES_PUBLISHED_ON_DAY", default=5)
PATTERN_LIMITS = env.json("PATTERN_LIMITS", default={})
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "queue_order_strategy": "priority",
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULE = schedule(sweep_seconds=SWEEP_SECONDS)

# -- language and time: Chinese by default, instants in UTC, civil dates in Shanghai
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
ELDER_COOKIE_NAME = "elder"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- files
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_BACKEND", default="whitenoise.storage.CompressedManifestStaticFilesStorage"),
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# -- mail
EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="linli@localhost")

# -- SMS gateway and group chats (docs/adr/0005): off while unset
SMS_URL = env.str("SMS_URL", default="")
SMS_SECRET = env.str("SMS_SECRET", default="")
# Signs for every group chat that has no secret of its own.
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", default="")
# Plain HTTP and private addresses, for a gateway in one's own network.
NOTIFY_ALLOW_PRIVATE = env.bool("NOTIFY_ALLOW_PRIVATE", default=False)

# What one address may send is multiplied by this where a whole town comes from one (petitions.throttle).
ADDRESS_LIMITS_TIMES = env.int("ADDRESS_LIMITS_TIMES", default=1)

# -- sign-in (docs/adr/0012)
# Wrong passwords before the door closes: for one account from one place, and for one place whoever is tried.
SIGN_IN_TRIES = env.int("SIGN_IN_TRIES", default=5)
SIGN_IN_TRIES_PER_ADDRESS = env.int("SIGN_IN_TRIES_PER_ADDRESS", default=50)
SIGN_IN_COOL_OFF_MINUTES = env.int("SIGN_IN_COOL_OFF_MINUTES", default=15)
AXES_FAILURE_LIMIT = SIGN_IN_TRIES
AXES_COOLOFF_TIME = timedelta(minutes=SIGN_IN_COOL_OFF_MINUTES)
AXES_HANDLER = "people.lockout.DoorHandler"
AXES_LOCKOUT_PARAMETERS = "people.lockout.counted_by"
AXES_USERNAME_CALLABLE = "people.lockout.name_tried"
AXES_CLIENT_IP_CALLABLE = "people.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "people.views.signin.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "next", "csrfmiddlewaretoken"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time we named on the page holds
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Who needs a second factor, by kind of post; superusers always. 0 asks nobody who has not set one up himself.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=True)
SECOND_FACTOR_POSTS = env.list(
    "SECOND_FACTOR_POSTS",
    default=[
        "community_secretary", "dispatcher", "street_leader", "supervisor", "department_head", "district_command",
        "system_administrator",
    ],
)  # fmt: skip
# A session of staff ends after so long without a page, and after so long in any case.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=120)
SESSION_HOURS = min(env.int("SESSION_HOURS", default=12), 24)
# The government's identity provider (OpenID Connect); off while OIDC_ISSUER is empty.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_SCOPE = env.str("OIDC_SCOPE", default="openid")
# The claim that names the person, and what of the account it must equal: "identity" or "username".
OIDC_CLAIM = env.str("OIDC_CLAIM", default="sub")
OIDC_ACCOUNT_FIELD = env.str("OIDC_ACCOUNT_FIELD", default="identity")
OIDC_NAME = env.str("OIDC_NAME", default="")
# 1 where the provider asks for a second factor itself: then we ask for none after it.
OIDC_IS_SECOND_FACTOR = env.bool("OIDC_IS_SECOND_FACTOR", default=False)
# Where the provider's pages stand, if not at its issuer's address: the browser may be sent there.
_issuer = urlsplit(OIDC_ISSUER)
OIDC_ORIGIN = env.str("OIDC_ORIGIN", default="") or (f"{_issuer.scheme}://{_issuer.netloc}" if OIDC_ISSUER else "")

# -- audit log (docs/adr/0015): a file outside the database that gets the newest digest once a day; kept how long
_heads = env.str("AUDIT_HEADS_FILE", default="")
AUDIT_HEADS_FILE = Path(_heads) if _heads else None
AUDIT_MONTHS = env.int("AUDIT_MONTHS", default=12)

# -- protection
TLS = env.bool("TLS", default=PUBLIC_URL.startswith("https://"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked by the machine itself, in the clear
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
# The browsers' own list is a promise of the whole domain, which is seldom ours to give.
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        # The buttons that lead to the identity provider are forms, and browsers hold a form's redirects to this too.
        "form-action": [SELF, *filter(None, [OIDC_ORIGIN])],
        "frame-ancestors": ["'none'"],
    },
}
PGHISTORY_APPEND_ONLY = True
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = False
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # Not by user name and password in a header: that would be a way past the second factor.
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "gateway.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Linli",
    "DESCRIPTION": "Neighbouring systems file petitions, read those in their sight and act on them.",
    "VERSION": "1",
    "SERVE_PUBLIC": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "gateway.schema.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {"StatusEnum": "petitions.enums.Status", "EventEnum": "petitions.enums.EventCode"},
}

# -- logs: to the standard error, never personal data (requests are logged by number, not by words)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.logs.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
