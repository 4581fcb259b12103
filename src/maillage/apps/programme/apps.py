from django.apps import AppConfig


class Programme(AppConfig):
    """The programme of a study: phases, deliverables, the contractor's commission."""

    name = "maillage.apps.programme"
    label = "programme"

    def ready(self) -> None:
        """Tell the dossier, the journal and the export what is kept here."""
        # models are ready only now
        from maillage.apps.programme import declared, handing_over

        handing_over.declare()
        declared.declare()
