"""Sets Django up for the pages, in code: nothing is read from the environment, and there is no file of settings."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from parley.store.office import prepare_django
from parley.web.served import Served

HERE: Final = Path(__file__).parent
MOST_UPLOAD: Final = 64 << 20
"""Bytes of the largest request: a list of 100,000 people as a spreadsheet is a tenth of it. It never touches a disk."""
MOST_FIELDS: Final = 2_000
LOCAL: Final = ("127.0.0.1", "localhost")


def dress(served: Served) -> None:
    """Add to Django's settings what the pages of this desk need; the office's data share the same settings."""
    prepare_django()
    for name, value in _settings(served).items():
        setattr(settings, name, value)


def _settings(served: Served) -> dict[str, Any]:
    secure = any(host not in LOCAL for host in served.hosts)
    return {
        "PARLEY": served,
        "DEBUG": False,
        "SECRET_KEY": secrets.token_urlsafe(32),
        "ALLOWED_HOSTS": [*LOCAL, *served.hosts],
        "ROOT_URLCONF": "parley.web.urls",
        "APPEND_SLASH": False,
        "MIDDLEWARE": [
            "parley.web.guards.headers",
            "parley.web.guards.who_asks",
            "django.middleware.csrf.CsrfViewMiddleware",
            "parley.web.guards.troubles",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(HERE / "templates")],
                "APP_DIRS": False,
                "OPTIONS": {
                    "builtins": ["parley.web.showing"],
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.template.context_processors.csrf",
                        "parley.web.showing.around",
                    ],
                },
            }
        ],
        "CSRF_COOKIE_NAME": f"parley_{served.name}_form",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_AGE": None,
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_FAILURE_VIEW": "parley.web.guards.forged",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": MOST_UPLOAD,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": MOST_UPLOAD,  # no name ever stands in a temporary file
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": MOST_FIELDS,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 20,
        "LOGGING_CONFIG": None,
        "USE_TZ": True,
        "USE_I18N": False,
    }
