from django.apps import AppConfig


class Kit(AppConfig):
    """The few things that all apps share."""

    name = "maillage.kit"
    label = "kit"
