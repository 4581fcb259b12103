"""Who publishes and hosts this site, from the settings."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from maillage.kit.components import Text

LABELS: dict[str, Text] = {
    "publisher": _("Éditeur du site"),
    "publisher_address": _("Adresse"),
    "publisher_phone": _("Téléphone"),
    "publisher_email": _("Adresse électronique"),
    "publisher_siren": _("Numéro SIREN"),
    "publication_director": _("Direction de la publication"),
    "host": _("Hébergeur"),
    "host_address": _("Adresse de l’hébergeur"),
    "host_phone": _("Téléphone de l’hébergeur"),
}


@dataclass(frozen=True)
class Line:
    """One compulsory mention; `variable` is the setting that would fill it."""

    label: Text
    value: str
    variable: str


def lines() -> list[Line]:
    """The mentions in the order of the page, empty ones included."""
    return [
        Line(label, settings.PUBLISHER[name], f"MAILLAGE_{name.upper()}")
        for name, label in LABELS.items()
    ]


def missing() -> list[str]:
    """The settings that a site open to the public must still give."""
    return [line.variable for line in lines() if not line.value]


def email() -> str:
    """Where to write to those who publish the site; empty until it is set."""
    return settings.PUBLISHER["publisher_email"]
