from django.apps import AppConfig


class PremisesConfig(AppConfig):
    """Premises of a territory: described, scored, fitted out."""

    name = "maillage.apps.premises"
    label = "premises"
