"""Settings, all of them, read from the environment; docs/operating.md lists the variables."""

import hashlib
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from psycopg.conninfo import conninfo_to_dict

from maillage.web import static_version

WEB = Path(__file__).resolve().parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "oui", "yes"}


def _listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


DEBUG = _flag("MAILLAGE_DEBUG")
# a database of invented people, opened on this machine alone by one-time links
DEMONSTRATION = _flag("MAILLAGE_DEMONSTRATION")
BASE_URL = os.environ.get("MAILLAGE_URL", "http://127.0.0.1:8000").rstrip("/")
_IS_SECURE = BASE_URL.startswith("https://")

SECRET_KEY = os.environ.get("MAILLAGE_SECRET_KEY", "")
if not SECRET_KEY and (DEBUG or DEMONSTRATION):
    SECRET_KEY = "demonstration-only-" + hashlib.sha256(str(WEB).encode()).hexdigest()
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "MAILLAGE_SECRET_KEY est vide. Donnez-lui au moins 50 caractères tirés au hasard, "
        "voir docs/operating.md."
    )
SECRET_KEY_FALLBACKS = _listed("MAILLAGE_OLD_SECRET_KEYS")

ALLOWED_HOSTS = _listed("MAILLAGE_HOSTS", urlsplit(BASE_URL).hostname or "127.0.0.1")
if DEMONSTRATION:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# how many proxies stand in front and write X-Forwarded-For
TRUSTED_PROXIES = int(os.environ.get("MAILLAGE_PROXIES", "0"))
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "maillage.kit.apps.Kit",
    "maillage.apps.journal.apps.Journal",
    "maillage.apps.people.apps.People",
    "maillage.apps.territories.apps.Territories",
    "maillage.apps.premises.apps.PremisesConfig",
    "maillage.apps.webhooks.apps.Webhooks",
    "maillage.apps.ledger.apps.Ledger",
    "maillage.apps.sites.apps.Sites",
    "maillage.apps.tariffs.apps.Tariffs",
    "maillage.apps.memberships.apps.Memberships",
    "maillage.apps.machines.apps.Machines",
    "maillage.apps.bookings.apps.Bookings",
    "maillage.apps.presence.apps.Presence",
    "maillage.apps.contracts.apps.Contracts",
    "maillage.apps.billing.apps.Billing",
    "maillage.apps.collecting.apps.Collecting",
    "maillage.apps.accounts.apps.Accounts",
    "maillage.apps.settlement.apps.Settlement",
    "maillage.apps.studies.apps.Studies",
    "maillage.apps.scenarios.apps.Scenarios",
    "maillage.apps.programme.apps.Programme",
    "maillage.apps.dashboards.apps.Dashboards",
    "maillage.web.apps.Web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "maillage.web.reference.Reference",
    "maillage.web.problems.ApiProblems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "maillage.web.outage.Outage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.web.read_only.ReadOnly",
    "maillage.apps.people.sessions.SessionLimits",
    "maillage.apps.people.second_factor.SecondFactor",
    "maillage.web.caching.PrivatePages",
]

ROOT_URLCONF = "maillage.web.urls"
WSGI_APPLICATION = "maillage.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.web.context.of_every_page",
            ],
            "builtins": ["maillage.kit.templatetags.maillage"],
        },
    }
]


def database(url: str) -> dict[str, object]:
    """Django's settings for one PostgreSQL address."""
    parts = conninfo_to_dict(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    known |= {"port": "PORT"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(parts.pop(key)) for key, name in known.items() if key in parts},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **parts,
            "connect_timeout": 3,
            # a server that froze behind an open connection is given up too
            "tcp_user_timeout": 5_000,
            "keepalives_idle": 30,
            # a stuck statement, lock or transaction ends by itself
            "options": "-c statement_timeout=15s -c lock_timeout=5s "
            "-c idle_in_transaction_session_timeout=30s",
        },
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///maillage"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"

# --- accounts -------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "maillage.apps.people.passwords.NotTheProductsName"},
]
ACCOUNT_ADAPTER = "maillage.apps.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "maillage.apps.people.adapters.ProviderAdapter"
MFA_ADAPTER = "maillage.apps.people.adapters.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=15).total_seconds())
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "5/h/ip,5/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Maillage"
MFA_PASSKEY_LOGIN_ENABLED = False
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
_OIDC_SERVER = os.environ.get("MAILLAGE_OIDC_SERVER", "")
# an identity is its issuer and its number there: another issuer is another provider
OIDC_PROVIDER = f"agents-{hashlib.sha256(_OIDC_SERVER.encode()).hexdigest()[:8]}"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": os.environ.get("MAILLAGE_OIDC_NAME", "ProConnect"),
                "client_id": os.environ["MAILLAGE_OIDC_CLIENT_ID"],
                "secret": os.environ.get("MAILLAGE_OIDC_SECRET", ""),
                "settings": {
                    "server_url": _OIDC_SERVER,
                    "scope": ["openid", "given_name", "usual_name", "email", "siret"],
                },
            }
        ]
        if os.environ.get("MAILLAGE_OIDC_CLIENT_ID")
        else [],
    }
}

# --- sessions, cookies, content -------------------------------------------------------------
_HOST = "__Host-" if _IS_SECURE else ""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_HOST}maillage-session"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SECURE = _IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_HOST}maillage-csrf"
CSRF_COOKIE_SECURE = _IS_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "maillage.web.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "maillage-langue"
SECURE_SSL_REDIRECT = _IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if _IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _IS_SECURE
SECURE_HSTS_PRELOAD = _IS_SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    # browsers apply it to the redirect that follows a form: sign-in ends at the provider's
    "form-action": [CSP.SELF, *(["/".join(_OIDC_SERVER.split("/")[:3])] if _OIDC_SERVER else [])],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
# one shared store for the counters of libraries; ours are in kit.throttle
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# --- files, mail, jobs ----------------------------------------------------------------------
STATIC_URL = f"/static/{static_version.of(WEB / 'static')}/"
STATICFILES_DIRS = [WEB / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else int(timedelta(days=365).total_seconds())


def _is_immutable(_path: str, url: str) -> bool:
    return url.startswith(STATIC_URL)


WHITENOISE_IMMUTABLE_FILE_TEST = _is_immutable

# a folder, or s3://bucket/prefix for several machines
FILES = os.environ.get("MAILLAGE_FILES", "files")


def storage(address: str) -> dict[str, object]:
    """The store of documents: a folder of this machine or an S3-compatible service."""
    parts = urlsplit(address)
    if parts.scheme != "s3":
        return {
            "BACKEND": "maillage.kit.files.WholeFiles",
            "OPTIONS": {"location": str(Path(address).absolute())},
        }
    query = parse_qs(parts.query)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": unquote(query["endpoint"][0]) if "endpoint" in query else None,
            "default_acl": None,
            "file_overwrite": True,
            "querystring_auth": True,
        },
    }


STORAGES = {
    "default": storage(FILES),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# folder of official tables that `territories.load` may read; empty: the embedded one alone
DATA_FOLDER = os.environ.get("MAILLAGE_DATA", "")
# extracts of OpenStreetMap, or folders of them; empty: those of the folder of tables
ROADS = tuple(_listed("MAILLAGE_ROADS"))


def cache_folder(files: str) -> str:
    """Where streets already cut are kept by default: with the documents, when they are here."""
    if urlsplit(files).scheme == "s3":
        return str(Path(tempfile.gettempdir()) / "maillage-cache")
    return str(Path(files).absolute() / "cache")


# whether programs of the inner network, or of this machine, may be told what happens
WEBHOOKS_INSIDE = _flag("MAILLAGE_WEBHOOKS_INSIDE")


def providers(written: str, names: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Credentials of payment providers by SIREN: « 123456789=first|second, … »."""
    found = {}
    for part in written.split(","):
        siren, _equals, secrets = part.strip().partition("=")
        values = secrets.split("|")
        if siren and len(values) == len(names):
            found[siren.strip()] = dict(zip(names, values, strict=True))
    return found


# who may be paid online; an operator without a line is not, and its pages say so
PAYMENT_PROVIDERS = {
    "stripe": providers(os.environ.get("MAILLAGE_STRIPE", ""), ("key", "secret")),
    "payfip": providers(os.environ.get("MAILLAGE_PAYFIP", ""), ("client", "kind")),
}
STRIPE_URL = os.environ.get("MAILLAGE_STRIPE_URL", "https://api.stripe.com").rstrip("/")
PAYFIP_URL = os.environ.get(
    "MAILLAGE_PAYFIP_URL", "https://www.tipi.budget.gouv.fr/tpa/services/securite"
)
PAYFIP_PAGE = os.environ.get(
    "MAILLAGE_PAYFIP_PAGE", "https://www.payfip.gouv.fr/tpa/paiementws.web"
)

# may be emptied at any time
CACHE_FOLDER = os.environ.get("MAILLAGE_CACHE", "") or cache_folder(FILES)

DEFAULT_FROM_EMAIL = os.environ.get("MAILLAGE_MAIL_FROM", "maillage@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL


def mail(address: str) -> dict[str, object]:
    """smtp://user:password@host:port (smtps:// for TLS), or file:/folder."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": parts.path},
        }
    if parts.scheme in {"smtp", "smtps", "smtp+starttls"}:
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname,
                "port": parts.port or (465 if parts.scheme == "smtps" else 25),
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_ssl": parts.scheme == "smtps",
                "use_tls": parts.scheme == "smtp+starttls",
                "timeout": 10,
            },
        }
    return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}


MAILERS = {"default": mail(os.environ.get("MAILLAGE_MAIL", ""))}


# who publishes and hosts this site: /mentions-legales/ shows them, and says which are missing
PUBLISHER = {
    name: os.environ.get(f"MAILLAGE_{name.upper()}", "")
    for name in (
        "publisher",
        "publisher_address",
        "publisher_phone",
        "publisher_email",
        "publisher_siren",
        "publication_director",
        "host",
        "host_address",
        "host_phone",
    )
}

# --- language, time, logs -------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [WEB / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"reference": {"()": "maillage.web.reference.WithReference"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {reference} {name} {message}", "style": "{"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["reference"],
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("MAILLAGE_LOG", "WARNING")},
}
