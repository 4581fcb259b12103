from django.apps import AppConfig


class Scenarios(AppConfig):
    """Scenarios of a study: tried, saved, compared, proposed, retained."""

    name = "maillage.apps.scenarios"
    label = "scenarios"

    def ready(self) -> None:
        """Name our acts in the journal; tell the hand-over dossier what waits for a decision."""
        from maillage.apps.scenarios import declared  # models are ready only now

        declared.declare()
