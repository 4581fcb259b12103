from django.apps import AppConfig


class Scenarios(AppConfig):
    """Scenarios of a study: tried, saved, compared, proposed, retained."""

    name = "maillage.apps.scenarios"
    label = "scenarios"
