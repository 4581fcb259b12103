from django.apps import AppConfig


class Studies(AppConfig):
    """Studies of a territory, their runs and published reports."""

    name = "maillage.apps.studies"
    label = "studies"

    def ready(self) -> None:
        """Tell the hand-over dossier what is under way here."""
        from maillage.apps.studies import handing_over  # models are ready only now

        handing_over.declare()
