from django.apps import AppConfig


class Webhooks(AppConfig):
    """Programs that are told what happens."""

    name = "maillage.apps.webhooks"
    label = "webhooks"
