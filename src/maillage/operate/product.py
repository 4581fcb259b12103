"""The web product, opened in this process for a command."""

import os

import django
from django.core.exceptions import ImproperlyConfigured

from maillage.operate.refused import Refused

SETTINGS = "maillage.web.settings"


def open_product() -> None:
    """Load the settings and the models, or say what is missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from error
