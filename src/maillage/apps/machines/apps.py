from django.apps import AppConfig


class Machines(AppConfig):
    """Certifications that machines need."""

    name = "maillage.apps.machines"
    label = "machines"

    def ready(self) -> None:
        """Tell the journal, the export and the erasure what is kept here."""
        from maillage.apps.machines import declared  # models are ready only now

        declared.declare()
