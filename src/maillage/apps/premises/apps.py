from django.apps import AppConfig

ACTS = {
    "premises.correct": "Local corrigé",
    "premises.describe": "Local décrit",
    "premises.import": "Liste de locaux importée",
    "premises.keep_rooms": "Aménagement d'un local enregistré",
    "premises.put_back": "Local rétabli",
    "premises.remove": "Local retiré",
    "premises.undo_import": "Import de locaux annulé",
    "premises.weigh": "Poids des critères changés",
    "premises.weigh_as_shipped": "Poids des critères remis à ceux de Maillage",
}
WORDS = {
    "added": "ajoutés",
    "changed": "modifiés",
    "premises": "local",
    "premises_import": "liste de locaux",
    "rooms": "lignes de pièces",
    "territory": "territoire",
    "weights": "poids",
}


class PremisesConfig(AppConfig):
    """Premises of a territory: described, scored, fitted out."""

    name = "maillage.apps.premises"
    label = "premises"

    def ready(self) -> None:
        """Name its acts, tell the hand-over dossier what is described and what is not."""
        from maillage.apps.people import acts  # models are ready only now
        from maillage.apps.premises import handing_over

        acts.also(ACTS, WORDS)
        handing_over.declare()
