from django.apps import AppConfig


class Territories(AppConfig):
    """Intercommunalities and what the official tables say of them."""

    name = "maillage.apps.territories"
    label = "territories"
