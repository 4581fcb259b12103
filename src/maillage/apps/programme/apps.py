from django.apps import AppConfig


class Programme(AppConfig):
    """The programme of a study: phases, deliverables, the contractor's commission."""

    name = "maillage.apps.programme"
    label = "programme"
