"""Every setting, from the environment and the newsroom file; the names are in docs/settings.md."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from environs import Env, validate

from dateline.lib import languages, newsroom

env = Env()

# --- the data folder: everything a newsroom is, in one place ---------------------------------
DATA = Path(env.str("DATELINE_DATA", "var/data")).absolute()
DATA.mkdir(mode=0o750, parents=True, exist_ok=True)
NEWSROOM_FILE = Path(env.str("DATELINE_NEWSROOM", str(DATA / "newsroom.toml")))
NEWSROOM = newsroom.load(NEWSROOM_FILE)


def _secret_key() -> str:
    """The key from the environment, else one made once and kept readable by its owner alone."""
    path = DATA / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = env.str("DATELINE_SECRET_KEY", "") or _secret_key()
# Keys of before: what was signed or encrypted with them is still understood.
SECRET_KEY_FALLBACKS: list[str] = env.list("DATELINE_SECRET_KEYS_BEFORE", [])
DEBUG = env.bool("DATELINE_DEBUG", False)

# --- where the site is reached ----------------------------------------------------------------
ORIGIN = env.str("DATELINE_ORIGIN", "http://localhost:8000").rstrip("/")
SECURE = ORIGIN.startswith("https://")
ALLOWED_HOSTS = env.list(
    "DATELINE_HOSTS", [urlsplit(ORIGIN).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [ORIGIN]
TRUST_PROXY = env.bool("DATELINE_TRUST_PROXY", False)
PROXIES = max(1, env.int("DATELINE_PROXIES", 1))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SECURE_SSL_REDIRECT = False  # the proxy in front does it; redirecting here breaks its health checks
SECURE_HSTS_SECONDS = env.int("DATELINE_HSTS_SECONDS", 31536000 if SECURE else 0)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
X_FRAME_OPTIONS = "SAMEORIGIN"

INSTALLED_APPS = [
    "dateline.website",
    "dateline.feeds",
    "dateline.exports",
    "dateline.api",
    "dateline.webhooks",
    "dateline.alerts",
    "dateline.embargo",
    "dateline.desk",
    "dateline.archive",
    "dateline.importing",
    "dateline.people",
    "dateline.publishing",
    "dateline.stories",
    "dateline.vocabularies",
    "dateline.operations",
    "dateline.demonstration",
    "wagtail.locales",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "dateline.desk.rights.apps.PeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dateline.desk.policy.desk_policy",
    "dateline.website.middleware.revalidating",
    "dateline.website.middleware.reader",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dateline.desk.rights.guard.Guard",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "dateline.urls"
WSGI_APPLICATION = "dateline.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- the store --------------------------------------------------------------------------------
DATABASES = {
    "default": env.dj_db_url("DATELINE_DATABASE_URL", f"sqlite:///{DATA / 'dateline.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write takes the lock at its start and waits for it,
        # instead of failing half-way when another writer was faster.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000; PRAGMA foreign_keys=ON;",
    }
    # Opening the file anew, pragmas and all, would cost each request more than its queries.
    DATABASES["default"]["CONN_MAX_AGE"] = 600
else:
    # PgBouncer in transaction mode gives each transaction another connection: a cursor of the
    # server's would not be found again.
    DATABASES["default"].update(
        CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True, DISABLE_SERVER_SIDE_CURSORS=True
    )
if env.str("DATELINE_DATABASE_REPLICA_URL", ""):
    # Readers' requests go there while it keeps up (dateline.operations.standby).
    DATABASES["standby"] = env.dj_db_url("DATELINE_DATABASE_REPLICA_URL")
    DATABASES["standby"].update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    DATABASES["standby"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    DATABASE_ROUTERS = ["dateline.operations.standby.Router"]
    MIDDLEWARE.insert(0, "dateline.operations.standby.Reading")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SEARCH = env.str("DATELINE_SEARCH", "")
ARCHIVE_FILE = Path(env.str("DATELINE_ARCHIVE", str(DATA / "archive.sqlite3"))).absolute()

# --- languages and time -----------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "dateline.desk.formats"
TIME_ZONE = NEWSROOM.time_zone
LANGUAGE_CODE = NEWSROOM.languages[0]
_known = dict.fromkeys((*NEWSROOM.languages, *NEWSROOM.interface_languages))
LANGUAGES = [(tag, languages.endonym(tag)) for tag in _known]
WAGTAIL_CONTENT_LANGUAGES = [(tag, languages.endonym(tag)) for tag in NEWSROOM.languages]
WAGTAILADMIN_PERMITTED_LANGUAGES = [
    (tag, languages.endonym(tag)) for tag in NEWSROOM.interface_languages
]
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [Path(__file__).parent / "locale"]

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("DATELINE_STATIC", str(DATA / "static"))).absolute()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Pictures and documents may belong to stories that are not public: no address serves this folder.
# Readers get them through the story that shows them, the desk through its own guarded address.
MEDIA_ROOT = Path(env.str("DATELINE_MEDIA", str(DATA / "media"))).absolute()
MEDIA_URL = "/desk/media/"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- the desk ---------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = newsroom.say(NEWSROOM.name, "en")
WAGTAILADMIN_BASE_URL = ORIGIN
WAGTAILIMAGES_IMAGE_MODEL = "stories.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "dateline.desk.pictures.PictureForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# One clock for all: an embargo typed in another zone than the newsroom's is an embargo broken.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# There are no pages that an address could be turned into.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = ""
# Stories are found through the archive; Wagtail's own index would only cost (docs/decisions).
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
}
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "dateline.desk.rights.backend.Memberships",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- signing in -------------------------------------------------------------------------------
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "dateline.desk.signin.adapters.Account"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_FORMS = {"login": "dateline.desk.signin.forms.LoginForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are the administrators' to write down
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Who is signed in and may not work here is told so on that page; sent on they would go in circles.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
MFA_ADAPTER = "dateline.desk.signin.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers hold security keys to https anyway
SECOND_FACTOR = env.str(
    "DATELINE_SECOND_FACTOR", "offered", validate=validate.OneOf(["offered", "required"])
)
# Another's sign-in: the organisation's own provider, by OpenID Connect.
SOCIALACCOUNT_ADAPTER = "dateline.desk.signin.adapters.Elsewhere"
# A link: a form would have to name all hosts the provider leads over (the policy's form-action).
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_SERVER = env.str("DATELINE_OIDC_SERVER", "")
# Not allauth's SOCIALACCOUNT_ONLY, which takes the second factors away as well.
PASSWORDS = not OIDC_SERVER or env.bool("DATELINE_PASSWORDS", True)
if OIDC_SERVER:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "organisation",
                    "name": env.str("DATELINE_OIDC_NAME", "") or urlsplit(OIDC_SERVER).hostname,
                    "client_id": env.str("DATELINE_OIDC_CLIENT"),
                    "secret": env.str("DATELINE_OIDC_SECRET"),
                    "settings": {"server_url": OIDC_SERVER},
                }
            ],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
    # Who could change their address could become the person the provider knows by it.
    WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = PASSWORDS

# --- what a page may load: nothing but its own site, no inline script or style ------------------
# Players of videos, loaded when a reader asks for one and not before (website/pages/video.py).
PLAYERS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "frame-src": PLAYERS,
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
    "EXCLUDE_URL_PREFIXES": ["/desk/"],
}
# Wagtail's admin cannot run without inline styles and scripts (wagtail #1288); see DeskPolicy.
DESK_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
}

# --- e-mail, logging --------------------------------------------------------------------------
_mail = env.dj_email_url("DATELINE_EMAIL_URL", "console://")
for _name, _setting in _mail.items():
    globals()[_name] = _setting
WAGTAIL_FINISH_WORKFLOW_ACTION = "dateline.desk.workflow.finish.approved"
DEFAULT_FROM_EMAIL = env.str("DATELINE_EMAIL_FROM", "newsroom@localhost")
ALARM_ADDRESSES: list[str] = env.list("DATELINE_ALARM_ADDRESSES", default=[])
DKIM_KEY = env.str("DATELINE_DKIM_KEY", "")
DKIM_SELECTOR = env.str("DATELINE_DKIM_SELECTOR", "dateline")
DKIM_DOMAIN = env.str("DATELINE_DKIM_DOMAIN", "")
if _mail["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "dateline.alerts.smtp.EmailBackend"  # the same, and signs where there is a key
    EMAIL_TIMEOUT = _mail.get("EMAIL_TIMEOUT") or 30
# A mail service instead, through django-anymail; what it needs to know comes as JSON.
EMAIL_SERVICE = env.str("DATELINE_EMAIL_SERVICE", "")
if EMAIL_SERVICE:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_SERVICE}.EmailBackend"
    ANYMAIL = env.json("DATELINE_EMAIL_SERVICE_OPTIONS", {})
ALERTS_HOLD = env.int("DATELINE_ALERTS_HOLD", 60)
ALERTS_RATE = env.float("DATELINE_ALERTS_RATE", 0)
ALERTS_KEPT_DAYS = env.int("DATELINE_ALERTS_KEPT_DAYS", 365)

# --- whether other sites are asked if the links to them are dead ---------------------------------
LINK_CHECKS = env.bool("DATELINE_LINK_CHECKS", True)

# --- what the desk's log keeps ------------------------------------------------------------------
AUDIT_KEPT_DAYS = env.int("DATELINE_AUDIT_KEPT_DAYS", 0)
ADDRESSES_KEPT_DAYS = env.int("DATELINE_ADDRESSES_KEPT_DAYS", 365)

# --- the API: requests a minute from one address, 0 for no limit --------------------------------
API_LIMIT = env.int("DATELINE_API_LIMIT", 600)

# --- caches in front of the site ----------------------------------------------------------------
# Caches that are told of changes keep answers for longer (dateline.archive.caching).
PURGE_URLS: list[str] = env.list("DATELINE_PURGE_URLS", [])

# --- feeds ------------------------------------------------------------------------------------
WEBSUB_HUB = env.str("DATELINE_WEBSUB_HUB", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("DATELINE_LOG_LEVEL", "INFO")},
    "loggers": {
        # A missing page is the reader's news, not the administrator's.
        "django.request": {"level": "ERROR"},
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        # It warns of each HEAD request, whose body it rightly leaves out.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
