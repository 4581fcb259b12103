from django.apps import AppConfig


class Journal(AppConfig):
    """Who did what, when."""

    name = "maillage.apps.journal"
    label = "journal"
