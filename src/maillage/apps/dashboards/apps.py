from django.apps import AppConfig


class Dashboards(AppConfig):
    """Every site of a network on one page."""

    name = "maillage.apps.dashboards"
    label = "dashboards"
