from django.apps import AppConfig

ACTS = {
    "tariffs.correct": "Grille tarifaire corrigée",
    "tariffs.draft": "Grille tarifaire préparée",
    "tariffs.price": "Prix d'un espace écrits",
    "tariffs.vote": "Tarifs déclarés votés",
    "tariffs.withdraw": "Brouillon de tarifs retiré",
}
WORDS = {
    "price_list": "grille tarifaire",
    "prices": "prix",
    "reference": "délibération",
    "space_kind": "espace",
}


class Tariffs(AppConfig):
    """What operators ask for their spaces."""

    name = "maillage.apps.tariffs"
    label = "tariffs"

    def ready(self) -> None:
        """Name its acts; show prices on the page of a site."""
        from maillage.apps.people import acts  # models are ready only now
        from maillage.apps.tariffs import on_site

        acts.also(ACTS, WORDS)
        on_site.declare()
